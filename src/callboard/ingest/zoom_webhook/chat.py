"""Team chat, and chat in meetings."""

from __future__ import annotations

from typing import Final

from callboard.ingest.zoom_webhook.event import Handler

EVENTS: Final[dict[str, Handler]] = {}
