"""What the contract's tests need of this family: what happens, what is loaded, and what is asked."""

from __future__ import annotations

import time
from typing import Any

from tests.helpers import instance

ROOM = {"id": "room-1", "room_name": "Boardroom", "calendar_name": "boardroom@example.com", "email": "boardroom@example.com"}
SAMPLED = "rX4mNs8yQJ6tVbW2kLpE0g"
"""The room of Zoom's own sample, where an issue was raised on 2024-11-12."""


def said(event: str, at: str, **object_: Any) -> dict[str, Any]:
    """An event about a room."""
    stamp = int(time.mktime(time.strptime(at, "%Y-%m-%dT%H:%M:%SZ")) - time.timezone) * 1000
    return {"event": event, "event_ts": stamp, "payload": {"object": object_}}


def joined(uuid: str, start: str, **participant: Any) -> dict[str, Any]:
    """The room joins an instance that others are in."""
    who = {"user_id": "2001", "user_name": "Boardroom", "participant_user_id": "room-1", "email": ROOM["email"]}
    about = {"id": "84500011122", "host_id": "person-host", "participant": who | participant}
    return instance("meeting.participant_joined", uuid, start, **about)


HOUR = time.strftime("%Y-%m-%dT%H", time.gmtime(time.time() - 3600))
OFFLINE = {"issue": "Zoom room is offline", "alert_type": 3, "component": 1}

EVENTS: list[dict[str, Any]] = [
    said("zoomroom.created", "2026-03-01T08:00:00Z", id="room-1", room_name="Boardroom"),
    said("zoomroom.alert", "2026-03-02T08:00:00Z", **ROOM, **OFFLINE, alert_kind=1),
    said("zoomroom.alert", "2026-03-02T08:10:00Z", **ROOM, **OFFLINE, alert_kind=2),
    said("zoomroom.alert", "2026-03-02T09:00:00Z", **ROOM, issue="Untrusted certificate is detected", alert_kind=1),
    joined("past/meeting==", "2026-03-02T10:00:00Z", join_time="2026-03-02T10:00:30Z"),
    joined("live/meeting==", f"{HOUR}:00:00Z", join_time=f"{HOUR}:00:30Z"),
]
"""Webhooks that happen in the account."""

ROWS: dict[str, list[dict[str, Any]]] = {
    "rooms": [
        {
            "room_id": "room-1",
            "account_type": "Work Email",
            "location": "HQ",
            "location_id": "floor-4",
            "device_ip": "Computer : 10.20.30.41; Controller : 10.20.30.42",
            "camera": "Room PTZ Cam",
            "microphone": "Ceiling Array",
            "speaker": "Room Bar",
            "capacity": 8,
        }
    ],
}
"""Rows that are loaded, by table: what no webhook tells."""

DAYS = {"from": "2024-11-01", "to": "2026-12-31"}

REQUESTS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "list_zoomrooms": [("/v2/metrics/zoomrooms", {}), ("/v2/metrics/zoomrooms", DAYS)],
    "get_zoomroom": [("/v2/metrics/zoomrooms/room-1", DAYS), (f"/v2/metrics/zoomrooms/{SAMPLED}", DAYS)],
    "list_zoomroom_issues": [("/v2/metrics/zoomrooms/issues", DAYS)],
    "list_zoomrooms_with_issues": [("/v2/metrics/issues/zoomrooms", DAYS)],
    "list_issues_of_zoomroom": [("/v2/metrics/issues/zoomrooms/room-1", DAYS)],
}
"""By endpoint: paths and parameters that together show all that it can say."""

OF_ZOOMS_OWN_MEETINGS = (
    *("audio_quality", "video_quality", "screen_share_quality", "has_poll", "has_qa", "has_survey"),
    *("session_key", "tracking_fields", "avg_jointime_cost"),
)
"""What the lists of meetings tell of a meeting, and Zoom leaves out where it tells of a room's."""
MEETINGS = ("live_meeting.", "past_meetings.meetings[].")

ADDED: dict[str, set[str]] = {
    "list_zoomrooms": {
        *("from", "to"),
        *(f"zoom_rooms[].{name}" for name in ("meetings_count", "used_minutes", "share_of_working_hours")),
    },
    "get_zoomroom": {f"{where}{name}" for where in MEETINGS for name in OF_ZOOMS_OWN_MEETINGS},
}
"""By endpoint: fields that we send and Zoom does not document."""

UNTOLD: dict[str, set[str]] = {
    "list_zoomrooms": {"next_page_token"},
    "get_zoomroom": {
        "past_meetings.next_page_token",
        "live_meeting.end_time",
        *(
            f"{where}{name}"
            for where in MEETINGS
            for name in (
                *("has_3rd_party_audio", "has_archiving", "has_automated_captions", "has_manual_captions"),
                *("in_room_participants", "custom_keys", "custom_keys[].key", "custom_keys[].value"),
            )
        ),
    },
}
"""By endpoint: fields that stay empty, for nothing tells of them."""
