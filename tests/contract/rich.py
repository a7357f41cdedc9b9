"""A meeting (or webinar) in which everything happens that Zoom's webhooks can tell of."""

from __future__ import annotations

from typing import Any

from tests.helpers import instance, participant

HOST = {"user_name": "Ines Duarte", "participant_user_id": "person-host", "email": "ines@example.com"}
GUEST = {"user_name": "Teo Lindqvist", "participant_uuid": "0000-GUEST", "customer_key": "key-7", "registrant_id": "registrant-9"}
PHONE = {"user_name": "15550100", "phone_number": "15550100"}
LATE = {"user_name": "Noor Haddad", "participant_uuid": "0000-LATE"}

AUDIO = {"bitrate": "63.4 kbps", "latency": "47 ms", "jitter": "6 ms", "avg_loss": "0.1%", "max_loss": "1.4%"}
VIDEO = AUDIO | {"resolution": "1280*720", "frame_rate": "24 fps"}
CPU = {"zoom_min_cpu_usage": "2%", "zoom_avg_cpu_usage": "7%", "zoom_max_cpu_usage": "19%", "system_max_cpu_usage": "63%"}
PRESSURE = {f"system_{end}_cpu_pressure_level": word for end, word in (("min", "low"), ("avg", "low"), ("max", "high"))}
RSSI = {"min_rssi": -71, "avg_rssi": -60, "max_rssi": -52, "rssi_unit": "dBm"}
STREAMS = [f"{medium}_{way}" for medium in ("audio", "video", "as") for way in ("input", "output")]
GATEWAYS = [f"{m}_device_{way}_{leg}" for m in ("audio", "video", "as") for way in ("from", "to") for leg in ("crc", "rwg")]

DEVICE = {
    "device": "WIN",
    "device_detail": "Example Book 14",
    "client": "Zoom Workplace",
    "os": "Windows",
    "os_version": "11",
    "browser_name": "Chrome",
    "browser_version": "140",
    "location": "Lisbon (PT)",
    "network_type": "Wifi",
    "microphone": "Desk Mic",
    "speaker": "Desk Speaker",
    "camera": "HD Webcam",
    "data_center": "Germany (FR Top)",
    "connection_type": "UDP",
    "pc_name": "OPS-WS-7",
    "domain": "corp.example.com",
    "mac_addr": "02:00:5e:10:4a:80",
    "harddisk_id": "disk-4",
    "version": "6.2.5.48876",
    "signaling_ip_address": "203.0.113.9",
    "signaling_internal_ip_address": "10.20.4.18",
    "audio_internal_ip_address": "10.20.4.18",
}


def details(type_: str) -> dict[str, Any]:
    """What one minute says of a stream."""
    return AUDIO if type_.startswith("audio") else VIDEO


def summed(type_: str) -> dict[str, str]:
    """What a summary says of a stream."""
    said = {f"{end}_{metric}": f"{value} {unit}" for metric, unit in (("bitrate", "kbps"), ("latency", "ms"), ("jitter", "ms"))
            for end, value in (("min", 4), ("avg", 5), ("max", 6))}  # fmt: skip
    said |= {"min_loss": "0%", "avg_loss": "0.1%", "max_loss": "1.4%"}
    if not type_.startswith("audio"):
        said |= {"resolution": "1280*720", "min_frame_rate": "12 fps", "avg_frame_rate": "24 fps", "max_frame_rate": "28 fps"}
    return said


def minute(at: str) -> list[dict[str, Any]]:
    """Everything that can be said of one minute."""
    said = [(type_, details(type_)) for type_ in (*STREAMS, *GATEWAYS)]
    said += [("cpu_usage", CPU | PRESSURE), ("wifi_rssi", RSSI), ("audio_quality", {"quality": "good", "quality_score": "4.4"})]
    return [{"date_time": at, "type": type_, "details": what} for type_, what in said]


def summary() -> list[dict[str, Any]]:
    """Everything that can be said of a whole join."""
    said: list[tuple[str, dict[str, Any]]] = [(type_, summed(type_)) for type_ in (*STREAMS, *GATEWAYS)]
    said += [("cpu_usage", CPU | PRESSURE)]
    said += [(f"{medium}_quality", {"quality": "good", "quality_score": "4.4"}) for medium in ("audio", "video", "as")]
    return [{"type": type_, "details": what} for type_, what in said]


def rich(kind: str, uuid: str, day: str, *, live: bool = False) -> list[dict[str, Any]]:
    """All events of an instance of that day (`2026-03-02T10`, the hour it began); without its end when it is `live`."""
    about = {"start": f"{day}:00:00Z", "id": "95500011122" if kind == "webinar" else "84500011122"}
    about |= {"type": 5 if kind == "webinar" else 8, "host_id": "person-host"}

    def happened(event: str, **said: Any) -> dict[str, Any]:
        return instance(f"{kind}.{event}", uuid, **about | said)

    def did(event: str, user_id: str, who: dict[str, Any], **said: Any) -> dict[str, Any]:
        extra = {"breakout_room_uuid": said.pop("room")} if "room" in said else {}
        return happened(event, participant=participant("", user_id, **who | said)["payload"]["object"]["participant"], **extra)

    def shared(edge: str, user_id: str, who: dict[str, Any], content: str, at: str) -> dict[str, Any]:
        return did(f"sharing_{edge}", user_id, who, sharing_details={"content": content, "date_time": at, "source": "Zoom"})

    events = [
        happened("started"),
        did("participant_joined", "1001", HOST, join_time=f"{day}:00:05Z"),
        did("participant_joined", "1002", GUEST, join_time=f"{day}:01:00Z"),
        did("participant_joined", "1003", PHONE, join_time=f"{day}:02:00Z"),
        did("participant_joined_waiting_room", "1004", LATE, date_time=f"{day}:03:00Z"),
        did("participant_admitted", "1004", LATE, date_time=f"{day}:04:00Z"),
        did("participant_joined", "1004", LATE, join_time=f"{day}:04:02Z"),
        did("participant_joined_waiting_room", "1005", LATE, date_time=f"{day}:05:00Z"),
        did("participant_joined_breakout_room", "1006", GUEST, join_time=f"{day}:05:10Z", parent_user_id="1002", room="room-1=="),
        did("participant_left_breakout_room", "1006", GUEST, leave_time=f"{day}:09:00Z", parent_user_id="1002", room="room-1=="),
        did("participant_role_changed", "1002", GUEST, date_time=f"{day}:05:00Z", old_role="attendee", new_role="host"),
        did("participant_data", "1002", {}, data=[DEVICE]),
        did("participant_data", "1003", {}, data=[DEVICE | {"device": "Phone"}]),
        did("participant_data", "1004", {}, data=[DEVICE | {"device": "H.323/SIP", "data_center": "Canada (TR Top)"}]),
        did("participant_qos", "1002", {}, qos=[*minute(f"{day}:03:00Z"), *minute(f"{day}:04:00Z")]),
        shared("started", "1001", HOST, "desktop", f"{day}:10:00Z"),
        shared("ended", "1001", HOST, "desktop", f"{day}:12:00Z"),
        shared("started", "1001", HOST, "application", f"{day}:13:00Z"),
        shared("started", "1002", GUEST, "application", f"{day}:13:30Z"),
        shared("started", "1002", GUEST, "whiteboard", f"{day}:14:00Z"),
        happened("alert", issues=["Unstable audio quality"]),
        {**happened("", participant={}), "event": "recording.started"},
    ]
    if live:
        return events
    return [
        *events,
        did("participant_qos_summary", "", {}, participant_id="1002", user_name="Teo Lindqvist", qos=summary()),
        did("participant_left", "1002", GUEST, leave_time=f"{day}:20:00Z", leave_reason="left the meeting.<br>Reason: Left."),
        did("participant_left", "1001", HOST, leave_time=f"{day}:40:00Z", leave_reason="Host ended the meeting."),
        did("participant_feedback", "1002", GUEST, feedback={"satisfied": True, "feedback_details": [], "comments": "Fine"}),
        happened("ended", end_time=f"{day}:40:30Z"),
    ]


PERSON = {
    "event": "user.updated",
    "event_ts": 1772445600000,
    "payload": {
        "object": {
            "id": "person-host",
            "display_name": "Ines Duarte",
            "email": "ines@example.com",
            "dept": "Operations",
            "type": 2,
            "group_ids": ["group-a"],
        }
    },
}
