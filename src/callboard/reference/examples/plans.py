"""Examples of events: planned meetings and webinars, and who registered for them."""

from __future__ import annotations

from typing import Any, Final

EXAMPLES: Final[dict[str, list[dict[str, Any]]]] = {}
