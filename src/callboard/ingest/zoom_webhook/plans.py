"""Planned meetings and webinars, and who registered for them."""

from __future__ import annotations

from typing import Final

from callboard.ingest.zoom_webhook.event import Handler

EVENTS: Final[dict[str, Handler]] = {}
