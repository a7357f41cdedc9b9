"""Zoom's API, read: a page of an answer becomes fact rows. Pure: no clock, no store, no network.

The rows are those that webhooks of the same account make, with the same keys, so both may tell of one meeting.
"""

from __future__ import annotations

from typing import Final

from callboard.ingest.zoom_sync import account, forms, meetings, participants, rooms
from callboard.ingest.zoom_sync.asked import Asked, Facts, Joined

__all__ = ["FACTS", "Asked", "Facts", "Joined"]

_OF_KIND: Final[dict[str, Facts]] = {
    "list_{kind}s": meetings.listed,
    "report_{kind}s": meetings.reported,
    "list_user_{kind}s": account.planned,
    "report_{kind}_polls": forms.polls,
    "report_{kind}_qa": forms.questions,
    "report_{kind}_survey": forms.survey,
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
    "list_users": account.users,
    "get_user": account.user,
    "report_activities": account.signed,
    "report_operationlogs": account.operated,
    "list_chat": account.chat,
    "list_im": account.im,
    "report_telephone": account.called,
    "get_crc": account.ports,
    "report_cloud_recording": account.storage,
    "list_zoomrooms": rooms.rooms,
    "list_issues_of_zoomroom": rooms.issues,
    **{f"list_user_{kind}s previous": meetings.hosted for kind in ("meeting", "webinar")},
}
"""By name of the endpoint in our registry (and what is asked of it, where that matters): what becomes of a page of its answer."""
