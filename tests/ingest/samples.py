"""One sample of each event that carries facts, with every key that the parser looks at."""

from __future__ import annotations

from typing import Any

from callboard.ingest.zoom_webhook import EVENTS

WHO = {
    "user_id": "16778240",
    "participant_user_id": "p1",
    "participant_uuid": "P1",
    "user_name": "Mara Okafor",
    "email": "mara@example.com",
    "registrant_id": "r1",
    "customer_key": "c1",
    "phone_number": "+4712345678",
    "parent_user_id": "16777216",
    "join_time": "2026-03-02T10:01:10Z",
    "leave_time": "2026-03-02T10:40:00Z",
    "leave_reason": "left the meeting. Reason: done",
    "date_time": "2026-03-02T10:02:00Z",
    "new_role": "host",
    "sharing_details": {"content": "desktop", "date_time": "2026-03-02T10:05:00Z", "source": "dropbox"},
    "feedback": {"satisfied": False, "comments": "echo", "feedback_details": [{"id": "1", "name": "Audio"}]},
    "data": [
        {
            "device": "WIN",
            "device_detail": "X1",
            "location": "Oslo (NO)",
            "data_center": "EU",
            "signaling_ip_address": "192.0.2.1",
            "audio_internal_ip_address": "10.0.0.1",
            "mac_addr": "00:00",
        }
    ],
}
NUMBERS = {"bitrate": "63.5 kbps", "latency": "56 ms", "jitter": "1 ms", "avg_loss": "0.03%", "max_loss": "1%"}
QOS = [
    {"type": "audio_input", "date_time": "2026-03-02T10:03:00Z", "details": NUMBERS},
    {
        "type": "video_device_from_crc",
        "date_time": "2026-03-02T10:03:00Z",
        "details": NUMBERS | {"frame_rate": "25 fps", "resolution": "1280*720"},
    },
    {
        "type": "cpu_usage",
        "date_time": "2026-03-02T10:03:00Z",
        "details": {"zoom_min_cpu_usage": "5%", "system_min_cpu_pressure_level": "low"},
    },
    {"type": "audio_quality", "details": {"quality_score": "4.41", "quality": "good"}},
    {"type": "wifi_rssi", "details": {"min_rssi": -70, "avg_rssi": -60, "max_rssi": -55}},
]
SUMMARY = [
    {"type": "audio_input", "details": {"min_bitrate": "3 kbps", "avg_loss": "0.5%", "max_jitter": "9 ms"}},
    {"type": "video_output", "details": {"resolution": "640*360", "avg_frame_rate": "24 fps"}},
    {"type": "cpu_usage", "details": {"zoom_avg_cpu_usage": "6%", "system_max_cpu_pressure_level": "high"}},
    {"type": "video_quality", "details": {"quality_score": "3.1"}},
]
INSTANCE = {
    "id": "84512036771",
    "uuid": "AAAAAAAAAAAAAAAAAAAAAA==",
    "host_id": "p1",
    "topic": "Weekly",
    "type": 8,
    "start_time": "2026-03-02T10:00:00Z",
    "end_time": "2026-03-02T10:40:30Z",
    "timezone": "Europe/Oslo",
    "duration": 60,
    "breakout_room_uuid": "BBBB",
    "issues": ["Unstable audio quality"],
}
PERSON = {
    "id": "p1",
    "first_name": "Mara",
    "last_name": "Okafor",
    "display_name": "Mara Okafor",
    "email": "mara@example.com",
    "dept": "Sales",
    "type": 2,
    "group_ids": ["g1"],
    "location": "Oslo",
    "timezone": "Europe/Oslo",
}


def sample(event: str) -> dict[str, Any]:
    """A whole event of this name."""
    about = (
        PERSON if event.startswith("user.") else INSTANCE | {"participant": WHO | {"qos": SUMMARY if "summary" in event else QOS}}
    )
    return {"event": event, "event_ts": 1772445600123, "payload": {"account_id": "", "object": about}}


NAMES = sorted(EVENTS)
