"""Examples of events about meetings, webinars, their quality, and users."""

from __future__ import annotations

from typing import Any, Final

from callboard.ingest.zoom_webhook.meetings import SHARES
from callboard.ingest.zoom_webhook.qos import DEVICE_FEATURES, LEGS, SCORES
from callboard.store.tables import STREAMS

Body = dict[str, Any]

TIME: Final = "2026-03-02T10:00:00Z"
HOST: Final = "host-1"
UUID: Final = {"uuid": "AAAAAAAAAAAAAAAAAAAAAA=="}
INSTANCE: Final = UUID | {
    "id": "84512036771",
    "host_id": HOST,
    "topic": "Weekly",
    "type": 8,
    "start_time": TIME,
    "timezone": "Europe/Berlin",
    "duration": 60,
}
PERSON: Final = {"participant_user_id": HOST, "email": "mara@example.com"}
NAMED: Final = {"user_id": "16778240", "user_name": "Mara Okafor", "id": HOST}
SIGNED: Final = NAMED | PERSON | {"participant_uuid": "5D0C1F9E", "registrant_id": "registration-1"}
JOIN: Final = SIGNED | {"customer_key": "key-1", "phone_number": "+4930***0001"}
AUDIO: Final = {"bitrate": "63 kbps", "latency": "47 ms", "jitter": "6 ms", "avg_loss": "0.1%", "max_loss": "1.4%"}
PICTURE: Final = AUDIO | {"resolution": "1280*720", "frame_rate": "24 fps"}
LOAD: Final = dict.fromkeys(("zoom_min_cpu_usage", "zoom_avg_cpu_usage", "zoom_max_cpu_usage", "system_max_cpu_usage"), "7%")
SIGNAL: Final = {"min_rssi": -60, "avg_rssi": -55, "max_rssi": -50, "rssi_unit": "dBm"}
GOOD: Final = {"quality": "good", "quality_score": "4.21"}
SPANS: Final = {"bitrate": "63 kbps", "latency": "47 ms", "jitter": "6 ms", "loss": "0.1%", "frame_rate": "24 fps"}
SUMMARY: Final = {f"{end}_{name}": text for name, text in SPANS.items() for end in ("min", "avg", "max")} | {
    "resolution": "1280*720"
}
NETWORK: Final = {
    "location": "Berlin (DE)",
    "network_type": "Wired",
    "microphone": "Desk microphone",
    "speaker": "Desk speaker",
    "camera": "Desk camera",
    "data_center": "Germany (FR Top)",
    "connection_type": "UDP",
    "pc_name": "PC-7",
    "domain": "corp.example.com",
    "mac_addr": "02:00:5e:10:4a:7f",
    "harddisk_id": "disk-1",
    "version": "6.2.5",
    "signaling_ip_address": "203.0.113.7",
    "signaling_internal_ip_address": "10.20.4.17",
}
CHANGED: Final = {"id": HOST, "email": "mara@example.com"}
USER: Final = CHANGED | {"first_name": "Mara", "last_name": "Okafor", "type": 2}
UNDOCUMENTED: Final[dict[str, Body]] = {
    "data": dict.fromkeys(("os", "os_version", "client", "browser_name", "browser_version", "device_detail"), "Some"),
    "load": dict.fromkeys(("min", "avg", "max"), "LOW"),
    "user": {"display_name": "Mara Okafor", "dept": "Sales", "group_ids": ["group-1"], "location": "Berlin", "timezone": "UTC"},
}
"""Keys that are read where they come, by the block that they come in."""

ADMINISTRATOR: Final = {"operator": "admin@example.com", "operator_id": "admin-1"}
PRESSURE: Final = {f"system_{end}_cpu_pressure_level": word for end, word in UNDOCUMENTED["load"].items()}


def _about(who: Body = JOIN, **participant: Any) -> list[Body]:
    return [INSTANCE | {"participant": who | participant}]


def _in_room(**participant: Any) -> list[Body]:
    return [INSTANCE | {"breakout_room_uuid": "room-1", "participant": JOIN | {"parent_user_id": "16777216"} | participant}]


def _shares(name: str) -> list[Body]:
    room = {"breakout_room_uuid": "room-1"} if "breakout" in name else {}
    who = NAMED | ({"parent_user_id": "16777216"} if room else {})
    return [
        INSTANCE | room | {"participant": who | {"sharing_details": {"content": what, "source": "in_meeting", "date_time": TIME}}}
        for what in (*SHARES, "unknown")
    ]


def _feedback() -> list[Body]:
    given = {"satisfied": False, "feedback_details": [{"id": "1", "name": "Poor audio"}], "comments": "It stuttered."}
    who = {"participant_uuid": "5D0C1F9E", "participant_user_id": HOST, "user_name": "Mara Okafor"}
    return [UUID | {"id": "84512036771", "participant": who | {"feedback": given}}]


def _sampled(key: str, samples: dict[str, Body]) -> list[Body]:
    live = key == "user_id"
    said = [{"type": type_, "details": details} | ({"date_time": TIME} if live else {}) for type_, details in samples.items()]
    who = PERSON if live else {"user_name": "Mara Okafor", "id": HOST, "email": "mara@example.com"}
    return [UUID | {"participant": who | {key: "16778240", "qos": said}}]


def _minutes(documented: bool) -> list[Body]:
    streams = {type_: AUDIO if type_.startswith("audio") else PICTURE for type_ in (*STREAMS, *LEGS)}
    load = LOAD if documented else LOAD | PRESSURE
    return _sampled("user_id", streams | dict.fromkeys(SCORES, GOOD) | {"cpu_usage": load, "wifi_rssi": SIGNAL})


def _summaries(documented: bool) -> list[Body]:
    load = LOAD if documented else LOAD | PRESSURE
    return _sampled("participant_id", dict.fromkeys(STREAMS, SUMMARY) | dict.fromkeys(SCORES, GOOD) | {"cpu_usage": load})


def _data(documented: bool, **more: str) -> list[Body]:
    entry = NETWORK | more | ({} if documented else UNDOCUMENTED["data"])
    return [
        UUID | {"participant": PERSON | {"participant_id": "16778240", "data": [entry | {"device": device}]}}
        for device in ("WIN", *DEVICE_FEATURES)
    ]


def _users(name: str, documented: bool) -> list[Body]:
    said = CHANGED if name == "user.updated" else USER
    named = {"display_name": "Mara Okafor"} if name == "user.created" else {}
    by = {"_payload": ADMINISTRATOR} if name != "user.invitation_accepted" else {}
    return [said | named | by | ({} if documented else USER | UNDOCUMENTED["user"])]


def objects(name: str, documented: bool = True) -> list[Body]:
    """Example objects of an event, a few where its content decides what it fills."""
    match name.partition(".")[2]:
        case "ended":
            return [INSTANCE | {"end_time": TIME}]
        case "alert":
            return [INSTANCE | {"issues": ["Unstable audio quality"]}]
        case "participant_joined":
            return _about(join_time=TIME)
        case "participant_left":
            return _about(leave_time=TIME, leave_reason="Mara left the meeting.<br>Reason: Host ended the meeting.")
        case "participant_joined_breakout_room":
            return _in_room(join_time=TIME)
        case "participant_left_breakout_room":
            return _in_room(leave_time=TIME, leave_reason="Mara left the room.<br>Reason: Left.")
        case "participant_role_changed":
            return _about(SIGNED, date_time=TIME, old_role="attendee", new_role="host")
        case "participant_feedback":
            return _feedback()
        case "participant_qos":
            return _minutes(documented)
        case "participant_qos_summary":
            return _summaries(documented)
        case "participant_data_summary" if name.startswith("meeting."):
            return _data(documented, device_detail="Model 7", client="Zoom Workplace")
        case "participant_data" | "participant_data_summary":
            return _data(documented)
        case rest if "sharing" in rest:
            return _shares(rest)
        case rest if "jbh" in rest:
            return [INSTANCE | {"participant": {"id": HOST, "user_name": "Mara Okafor"}}]
        case rest if rest.startswith("participant_"):
            return _about(date_time=TIME)
        case _ if name.startswith("user."):
            return _users(name, documented)
        case _:
            return [INSTANCE]
