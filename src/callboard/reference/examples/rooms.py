"""Examples of events: zoom Rooms: alerts, check-ins, sensors, locations, and reservations."""

from __future__ import annotations

from typing import Any, Final

EXAMPLES: Final[dict[str, list[dict[str, Any]]]] = {}
