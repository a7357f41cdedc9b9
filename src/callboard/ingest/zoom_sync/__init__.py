"""Zoom's API, read: a page of an answer becomes fact rows. Pure: no clock, no store, no network.

The rows are those that webhooks of the same account make, with the same keys, so both may tell of one meeting.
"""

from __future__ import annotations

from typing import Final

from callboard.ingest.zoom_sync import meetings, participants
from callboard.ingest.zoom_sync.asked import Asked, Facts, Joined

__all__ = ["FACTS", "Asked", "Facts", "Joined"]

_OF_KIND: Final[dict[str, Facts]] = {
    "list_{kind}s": meetings.listed,
    "report_{kind}s": meetings.reported,
    "list_user_{kind}s": meetings.hosted,
    "list_{kind}_participants": participants.joined,
    "list_{kind}_participants_qos": participants.minutes,
    "list_{kind}_participants_qos_summary": participants.summaries,
    "list_{kind}_participants_sharing": participants.shared,
    "list_{kind}_participants_satisfaction": participants.opinions,
}

FACTS: Final[dict[str, Facts]] = {
    **{name.format(kind=kind): read for name, read in _OF_KIND.items() for kind in ("meeting", "webinar")},
    "report_webinar_participants": participants.reported,
    "report_history_meetings": meetings.held,
    "get_past_meeting": meetings.past,
}
"""By name of the endpoint in our registry: what becomes of a page of its answer."""
