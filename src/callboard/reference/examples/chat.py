"""Examples of events: team chat, and chat in meetings."""

from __future__ import annotations

from typing import Any, Final

EXAMPLES: Final[dict[str, list[dict[str, Any]]]] = {}
