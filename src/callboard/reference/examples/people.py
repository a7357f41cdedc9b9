"""Examples of events: sign-ins, and what administrators do."""

from __future__ import annotations

from typing import Any, Final

EXAMPLES: Final[dict[str, list[dict[str, Any]]]] = {}
