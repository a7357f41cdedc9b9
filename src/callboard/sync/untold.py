"""What an account's own API does not tell, so that a mirror can't have it: tests hold the mirror to this list, docs show it."""

from __future__ import annotations

import re
from typing import Final, NamedTuple


class Untold(NamedTuple):
    """Fields of an endpoint (a pattern of paths) that may differ in a mirror, and why."""

    endpoint: str
    fields: str
    reason: str


SCORES: Final = "Minutes are told without the scores that quality webhooks have: they are judged by Callboard's own formula."
LEFT: Final = "A leave that nobody reported is told as the end of the meeting, and is kept as a leave."
CHAT: Final = "Messages in meetings are told without their meeting and id; that there were some is told."
ROOMS: Final = "Seats, sensors, devices, places and bookings of rooms are not told."
CLEARED: Final = "When an issue of a room was cleared is not told, but of `Zoom room is offline` the last time."
REGISTERED: Final = "Who registered is not told by the endpoints that are mirrored."
FILES: Final = "Files of recordings are not told; the storage that they use is."

UNTOLD: Final = (
    Untold("get_quality_split", r".*", SCORES),
    Untold("get_meeting_quality", r".*", SCORES),
    Untold("get_webinar_quality", r".*", SCORES),
    Untold("get_webinar_stream_quality", r".*", f"{SCORES} Alerts in live meetings are told by webhooks only."),
    Untold("report_meeting_activities", r"meeting_activity_logs.*'In-Meeting Chat'.*", CHAT),
    Untold("report_meeting_activities", r"meeting_activity_logs.*'User Left'.*", LEFT),
    Untold("report_meeting_activities", r"meeting_activity_logs.*'Meeting Created'.*", "Plans that were deleted are not told."),
    Untold("report_history_meetings", r".*create_time.*", "Plans that were deleted are not told."),
    Untold("report_user_meetings", r"meetings\[\d+\]\.join_waiting_room_time.*", "Told person by person, and only here."),
    Untold("report_user_meetings", r"meetings\[\d+\]\.schedule_time.*", "Of series, past occurrences are told only here."),
    Untold("report_user_meetings", r"meetings\[\d+\]\.session_key.*", "Lists of webinars have no session keys."),
    Untold("report_daily", r"dates\[\d+\]\.new_users.*", "When users were made who were deleted since is not told."),
    Untold("get_feature_usage", r".*features\[12\].*", "Reactions that were loaded one by one are not told."),
    Untold("get_room_utilisation", r"rooms\[\d+\]\.(capacity|peak_people|mean_people|efficiency|location_id).*", ROOMS),
    Untold("get_room_bookings", r".*", ROOMS),
    Untold("get_room_health", r"rooms\[\d+\]\.(devices|location_id).*", ROOMS),
    Untold("get_room_health", r"rooms\[\d+\]\.(share|offline|longest).*", CLEARED),
    Untold("get_webinar_engagement", r".*", f"{REGISTERED} {CHAT} Reactions are not told."),
    Untold("list_webinar_engagement", r".*", f"{REGISTERED} {CHAT} Reactions are not told."),
    Untold("get_webinar_host_analytics", r".*", f"{REGISTERED} {CHAT} Reactions are not told."),
    Untold("get_crc", r"recording_usage.*", FILES),
    Untold("report_cloud_recording", r"group_id", f"{FILES} So the storage of single groups can't be told apart."),
    Untold("get_freshness", r".*", "It is about the server that is asked."),
    Untold("get_sync", r".*", "It is about the server that is asked."),
    Untold("bulk_qos", r".*_score", SCORES),
)


def reason(endpoint: str, field: str) -> str:
    """Why a field may differ; empty when it may not."""
    found = (row.reason for row in UNTOLD if row.endpoint == endpoint and re.match(row.fields, field))
    return next(found, "")
