"""What an account's own API does not tell, so that a mirror can't have it: tests hold the mirror to this list, docs show it."""

from __future__ import annotations

import re
from typing import Final, NamedTuple


class Untold(NamedTuple):
    """Fields of an endpoint that may differ in a mirror, why, and the pattern that such differences fit."""

    endpoint: str
    fields: str
    reason: str
    pattern: str = ".*"


SCORES: Final = "Minutes are told without the scores that quality webhooks have: they are judged by Callboard's own formula."
LEFT: Final = "A leave that nobody reported is told as the end of the meeting, and is kept as a leave."
CHAT: Final = "Messages in meetings are told without their meeting and id; that there were some is told."
ROOMS: Final = "Seats, sensors, devices, places and bookings of rooms are not told."
CLEARED: Final = "When an issue of a room was cleared is not told, but of `Zoom room is offline` the last time."
REGISTERED: Final = "Who registered is not told by the endpoints that are mirrored."
PAST: Final = "Of a series only the occurrences to come are told, or the last."
FILES: Final = "Files of recordings are not told; the storage that they use is."

ENGAGED: Final = f"{REGISTERED} {CHAT} Reactions are not told."
OWN: Final = "It is about the server that is asked."
GONE: Final = "Plans that were deleted are not told."
EVENTS: Final = r"meeting_activity_logs: .*"
PLANS: Final = r"(meetings|webinars|page_count|total_records)"

KINDS: Final = ("meeting", "webinar")
JUDGING: Final = (
    *("browse_meetings", "browse_webinars", "summarise_meetings", "summarise_webinars", "get_person", "list_meetings_of_person"),
    *("get_quality_days", "get_usage_departments", "get_usage_hosts"),
)
JUDGED: Final = r".*(bad_minutes|share_bad|band|people_hit|bad_calls)"
VERDICTS: Final = r".*(bad_minutes|share_bad|band|worst|audio|video|sharing|cause|evidence)"
FOUND: Final = r"(bad_minutes|share_bad|band|people_hit|people_fine|sentence|findings)"
REACTED: Final = r".*features: missing '(reactions|raised_hands)'"

UNTOLD: Final = (
    *(Untold(name, "all figures", SCORES) for name in ("get_quality_split", "get_meeting_quality", "get_webinar_quality")),
    Untold("get_webinar_stream_quality", "all figures", f"{SCORES} Alerts in live meetings are told by webhooks only."),
    Untold("bulk_qos", "the scores", SCORES),
    *(Untold(name, "bad minutes and bands", SCORES, JUDGED) for name in JUDGING),
    *(Untold(f"get_{kind}_lanes", "the verdicts", SCORES, VERDICTS) for kind in KINDS),
    *(Untold(f"get_{kind}_lanes", "recordings", FILES, "recordings") for kind in KINDS),
    *(Untold(f"get_{kind}_participant_minutes", "the verdicts", SCORES, VERDICTS) for kind in KINDS),
    *(Untold(f"get_{kind}_findings", "all but who was there", SCORES, FOUND) for kind in KINDS),
    *(Untold(f"browse_{kind}s", "reactions, raised hands", "Each of them is not told.", REACTED) for kind in KINDS),
    *(
        Untold(f"summarise_{kind}s", "reactions, raised hands", "Each of them is not told.", r"features\[1[23]\]")
        for kind in KINDS
    ),
    Untold("get_now", "the moment, and how good it is", f"{SCORES} {OWN}", r"(at|hour|stale|quality|usual|meetings)"),
    Untold("get_sources", "all", OWN),
    Untold("list_recordings", "all", FILES),
    Untold("report_meeting_activities", "`In-Meeting Chat`", CHAT, EVENTS + "'In-Meeting Chat'"),
    Untold("report_meeting_activities", "`User Left`", LEFT, EVENTS + "'User Left'"),
    Untold("report_meeting_activities", "`Meeting Created`", GONE, EVENTS + "'Meeting Created'"),
    Untold("report_history_meetings", "`create_time`", GONE, r".*create_time"),
    Untold("report_user_meetings", "`schedule_time`", PAST, r".*schedule_time"),
    Untold(
        "report_user_meetings", "`join_waiting_room_time`", "Told person by person, and only here.", r".*join_waiting_room_time"
    ),
    Untold("report_user_meetings", "`session_key` of webinars", "Lists of webinars have no session keys.", r".*session_key"),
    Untold("list_user_meetings", "a range in the past", PAST, PLANS),
    Untold("list_user_webinars", "a range in the past", PAST, PLANS),
    Untold("report_daily", "`new_users`", "When users were made who were deleted since is not told.", r".*new_users"),
    Untold("get_feature_usage", "reactions, raised hands", "Each of them is not told.", r".*features\[1[23]\]"),
    Untold("get_webinar_engagement", "registrations, messages, reactions", ENGAGED),
    Untold("list_webinar_engagement", "registrations, messages, reactions", ENGAGED),
    Untold("get_webinar_host_analytics", "registrations, messages, reactions", ENGAGED),
    Untold(
        "get_room_utilisation",
        "seats, sensors",
        ROOMS,
        r"rooms\[\d+\]\.(capacity|peak_people|mean_people|efficiency|location_id)",
    ),
    Untold("get_room_bookings", "all", ROOMS),
    Untold("get_room_health", "devices", ROOMS, r"rooms\[\d+\]\.(devices|location_id)"),
    Untold("get_room_health", "how long issues lasted", CLEARED, r"rooms\[\d+\]\.(share|offline|longest)"),
    Untold("get_crc", "`recording_usage`", FILES, r"recording_usage"),
    Untold("report_cloud_recording", "with `group_id`", f"{FILES} So the storage of single groups can't be told apart.", "never"),
    Untold("get_freshness", "all", OWN),
    Untold("get_sync", "all", OWN),
)


def reason(endpoint: str, difference: str) -> str:
    """Why a difference, told as a path and two values, may be; empty when it may not."""
    found = (row.reason for row in UNTOLD if row.endpoint == endpoint and re.match(row.pattern, difference))
    return next(found, "")


def table() -> str:
    """The list as a table for people."""
    rows = "".join(f"| `{row.endpoint}` | {row.fields} | {row.reason} |\n" for row in UNTOLD)
    return f"| Endpoint | What | Why |\n| --- | --- | --- |\n{rows}"
