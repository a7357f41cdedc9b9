"""Zoom's webhooks: a body becomes fact rows. Pure: no clock, no store, no network.

Every event is kept raw; those in `EVENTS` become facts as well. An event says what it knows and nothing more, so
events may come twice, late, in any order and from several sources: the rows merge (store/tables.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from callboard.contract.features import Feature
from callboard.contract.units import read_number, read_resolution
from callboard.ingest.facts import Fact, Row, known, latest, person_hash, seconds

SOURCE: Final = "zoom"
WEBINAR_TYPES: Final = {5, 6, 9}
MOST: Final = 2**63 - 1


class NotUnderstood(Exception):
    """The body is JSON, but no event that we know how to hold: the text says why. It is kept raw all the same.

    `account_id` and `at` are what it said of itself.
    """

    def __init__(self, why: str, account_id: str = "", at: float = 0.0) -> None:
        super().__init__(why)
        self.account_id, self.at = account_id, at


@dataclass
class Event:
    """One event on its way to facts. `at` is when it happened, Unix seconds with milliseconds."""

    name: str
    account_id: str
    at: float
    object: dict[str, Any]
    facts: list[Fact] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Meeting or webinar."""
        if self.name.startswith("webinar."):
            return "webinar"
        return "webinar" if read_number(self.object.get("type")) in WEBINAR_TYPES else "meeting"

    @property
    def uuid(self) -> str:
        """The instance."""
        return _text(self.object.get("uuid"))

    @property
    def participant(self) -> dict[str, Any]:
        """The participant it is about."""
        return _dict(self.object.get("participant"))

    def add(self, table: str, **row: Any) -> Row:
        """Add a fact row of this account, to be filled further."""
        made: Row = {"account_id": self.account_id, **row}
        self.facts.append((table, made))
        return made

    def join(self, participant: dict[str, Any] | None = None) -> Row | None:
        """The row of the participant's join; None when the event does not say which join."""
        said = self.participant if participant is None else participant
        user_id = _text(said.get("user_id")) or _text(said.get("participant_id"))
        if not self.uuid or not user_id:
            return None
        return self.add("participants", uuid=self.uuid, user_id=user_id)

    def meeting(self) -> Row | None:
        """The row of the instance; None when the event does not say when it began."""
        said = self.object
        start = seconds(said.get("start_time"))
        if start is None or not self.uuid:
            return None
        row = self.add("meetings", kind=self.kind, start_time=start, uuid=self.uuid)
        known(
            row,
            platform=SOURCE,
            number=read_number(_text(said.get("id")).replace(" ", ""), most=MOST),
            type=read_number(said.get("type"), most=255),
            host_id=_text(said.get("host_id")),
            timezone=_text(said.get("timezone")),
            scheduled_minutes=read_number(said.get("duration"), most=2**32 - 1),
        )
        latest(row, self.at, topic=_text(said.get("topic")))
        return row


def _text(value: Any) -> str:
    """Ids may be strings or integers; anything else is no id."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def _identity(row: Row, event: Event, said: dict[str, Any]) -> str:
    """Fill in who it is; returns the person's user id, empty when not signed in."""
    user = _text(said.get("participant_user_id")) or _text(said.get("id"))
    known(
        row,
        participant_uuid=_text(said.get("participant_uuid")),
        participant_user_id=user,
        email=_text(said.get("email")),
        registrant_id=_text(said.get("registrant_id")),
        customer_key=_text(said.get("customer_key")),
        phone_number=_text(said.get("phone_number")),
        parent_user_id=_text(said.get("parent_user_id")),
        bo_mtg_id=_text(event.object.get("breakout_room_uuid")),
    )
    latest(row, event.at, name=_text(said.get("user_name")))
    return user


def instance(event: Event) -> None:
    """An instance began, ended or was changed."""
    row = event.meeting()
    if row is not None:
        known(row, end_time=seconds(event.object.get("end_time")))


def joined(event: Event) -> None:
    """A participant joined the meeting."""
    said, meeting, row = event.participant, event.meeting(), event.join()
    if row is None:
        return
    user = _identity(row, event, said)
    known(row, join_time=seconds(said.get("join_time")))
    row["features"] = Feature.JOINED | (Feature.PSTN if row.get("phone_number") else 0)
    is_host = bool(user) and user == _text(event.object.get("host_id"))
    if is_host:
        latest(row, event.at, role="host")
    if meeting is not None:
        person = person_hash(user or row.get("email", "") or _text(said.get("user_name")))
        meeting |= {"first_person": person, "last_person": person}
        if is_host:
            latest(meeting, event.at, host_name=_text(said.get("user_name")), host_email=row.get("email"))


_REASON: Final = "Reason: "


def left(event: Event) -> None:
    """A participant left the meeting or a breakout room."""
    event.meeting()
    row = event.join()
    if row is not None:
        said = event.participant
        _identity(row, event, said)
        reason = _text(said.get("leave_reason"))
        known(row, leave_time=seconds(said.get("leave_time")))
        latest(row, event.at, leave_reason=reason.partition(_REASON)[2] or reason)


def breakout_joined(event: Event) -> None:
    """A participant joined a breakout room: a join of its own."""
    event.meeting()
    row = event.join()
    if row is not None:
        _identity(row, event, event.participant)
        known(row, join_time=seconds(event.participant.get("join_time")))
        row["features"] = int(Feature.BREAKOUT)


def waiting(event: Event) -> None:
    """A participant came to the waiting room."""
    _waiting(event, "waiting_from")


def waited(event: Event) -> None:
    """A participant left the waiting room or was admitted."""
    _waiting(event, "waiting_to")


def _waiting(event: Event, column: str) -> None:
    event.meeting()
    row = event.join()
    if row is not None:
        _identity(row, event, event.participant)
        known(row, **{column: seconds(event.participant.get("date_time"))})
        row["features"] = int(Feature.WAITING_ROOM)


ROLES: Final = ("host", "attendee", "panelist")


def role_changed(event: Event) -> None:
    """A participant became host, panelist or attendee."""
    event.meeting()
    row = event.join()
    if row is not None:
        _identity(row, event, event.participant)
        role = _text(event.participant.get("new_role")).lower()
        latest(row, event.at, role=role if role in ROLES else None)


def before_host(event: Event) -> None:
    """Someone waits for, or joined before, the host: no join is named, so it tells of the instance only."""
    event.meeting()


SHARES: Final = {
    "desktop": Feature.SHARE_DESKTOP,
    "application": Feature.SHARE_APPLICATION,
    "whiteboard": Feature.SHARE_WHITEBOARD,
}


def sharing(event: Event) -> None:
    """A participant began or ended to share."""
    event.meeting()
    row = event.join()
    if row is None:
        return
    _identity(row, event, event.participant)
    details = _dict(event.participant.get("sharing_details"))
    content = _text(details.get("content")) or "unknown"
    row["features"] = int(SHARES.get(content, Feature.SHARE_OTHER))
    at = seconds(details.get("date_time"))
    if at is not None:
        edge = "start" if event.name.endswith("started") else "end"
        share = event.add("sharing", uuid=event.uuid, user_id=row["user_id"], at=at, edge=edge, content=content)
        known(share, source=_text(details.get("source")))


def recording(event: Event) -> None:
    """The meeting is or was recorded."""
    row = event.meeting()
    if row is not None:
        row["features"] = int(Feature.RECORDING)


def live_stream(event: Event) -> None:
    """The meeting is streamed live."""
    row = event.meeting()
    if row is not None:
        row["features"] = int(Feature.LIVE_STREAM)


def alert(event: Event) -> None:
    """Zoom saw issues in a live meeting."""
    event.meeting()
    issues = event.object.get("issues")
    for issue in issues if isinstance(issues, list) else []:
        if event.uuid and _text(issue):
            event.add("alerts", uuid=event.uuid, at=int(event.at), issue=_text(issue), kind=event.kind)


def feedback(event: Event) -> None:
    """A participant said whether the meeting was good."""
    said = event.participant
    join = _text(said.get("participant_uuid"))
    if not event.uuid or not join:
        return
    given = _dict(said.get("feedback"))
    row = event.add("feedback", uuid=event.uuid, participant_uuid=join, at=int(event.at))
    known(row, participant_user_id=_text(said.get("participant_user_id")))
    latest(
        row,
        event.at,
        name=_text(said.get("user_name")),
        satisfied=int(bool(given.get("satisfied"))),
        comments=_text(given.get("comments")),
        details=[[_text(d.get("id")), _text(d.get("name"))] for d in _dicts(given.get("feedback_details"))],
    )


# Quality of service

LEGS: Final = {
    f"{medium}_device_{way}_{leg}": (f"{medium}_{stream}", leg)
    for medium in ("audio", "video", "as")
    for way, stream in (("from", "input"), ("to", "output"))
    for leg in ("crc", "rwg")
}
"""Where a gateway's stream is kept: what comes from the gateway is the leg's input, what goes to it the output."""

PERCENT_KEYS: Final = ("zoom_min_cpu_usage", "zoom_avg_cpu_usage", "zoom_max_cpu_usage", "system_max_cpu_usage")
WORD_KEYS: Final = ("system_min_cpu_pressure_level", "system_avg_cpu_pressure_level", "system_max_cpu_pressure_level")
RSSI_KEYS: Final = ("min_rssi", "avg_rssi", "max_rssi")
SCALES: Final = {
    "bitrate": (100, 2**32 - 1),
    "latency": (1, 65_535),
    "jitter": (1, 65_535),
    "avg_loss": (100, 65_535),
    "max_loss": (100, 65_535),
    "frame_rate": (1, 65_535),
}
"""By key of a stream's details: what it is multiplied by, and the most that its column holds."""
STREAM_FIELDS: Final = {
    stream: tuple(
        (key, f"{stream}_{key}", scale, most)
        for key, (scale, most) in SCALES.items()
        if key != "frame_rate" or not stream.startswith("audio")
    )
    for stream in (f"{medium}_{way}" for medium in ("audio", "video", "as") for way in ("input", "output"))
}
SUMMARISED: Final = {*STREAM_FIELDS, *LEGS, "cpu_usage"}
"""What Zoom sums up over a join."""
SCORES: Final = {"audio_quality": "audio_score", "video_quality": "video_score", "as_quality": "as_score"}
WORD_SCORES: Final = {"good": 450, "fair": 350, "poor": 250, "bad": 150}
"""The middle of each band, for a quality that comes as a word without a score."""


def score(details: dict[str, Any]) -> int | None:
    """A quality score in 0.01 of a point."""
    number = read_number(details.get("quality_score"), 100)
    return number if number is not None else WORD_SCORES.get(_text(details.get("quality")).lower())


def _fill_processor(row: Row, details: dict[str, Any]) -> None:
    known(row, **{key: read_number(details.get(key), 100) for key in PERCENT_KEYS})
    known(row, **{key: _text(details.get(key)) for key in WORD_KEYS})


def fill_minute(row: Row, type_: str, details: dict[str, Any]) -> None:
    """Put what one `{type, details}` of a minute says into its row of `qos_minutes`."""
    if type_ == "cpu_usage":
        _fill_processor(row, details)
    elif type_ in SCORES:
        known(row, **{SCORES[type_]: score(details)})
    elif "avg_rssi" in details:
        known(row, **{key: read_number(details.get(key), least=-32_768, most=32_767) for key in RSSI_KEYS})
    elif type_ in STREAM_FIELDS:
        for key, column, scale, most in STREAM_FIELDS[type_]:
            number = read_number(details.get(key), scale, most=most)
            if number is not None:
                row[column] = number
        size = read_resolution(details.get("resolution"))
        if size and not type_.startswith("audio"):
            row[f"{type_}_width"], row[f"{type_}_height"] = size


def minute(event: Event) -> None:
    """A minute of quality data of one participant."""
    join = event.join()
    if join is None:
        return
    known(
        join, participant_user_id=_text(event.participant.get("participant_user_id")), email=_text(event.participant.get("email"))
    )
    rows: dict[tuple[int, str], Row] = {}
    for sample in _dicts(event.participant.get("qos")):
        type_, leg = LEGS.get(_text(sample.get("type")), (_text(sample.get("type")), "cloud"))
        at = (seconds(sample.get("date_time")) or int(event.at)) // 60 * 60
        row = rows.get((at, leg))
        if row is None:
            row = event.add("qos_minutes", uuid=event.uuid, user_id=join["user_id"], minute=at, leg=leg)
            rows[at, leg] = row
        fill_minute(row, type_, _dict(sample.get("details")))
    if rows:
        _tell_join(join, rows)


def _tell_join(join: Row, rows: dict[tuple[int, str], Row]) -> None:
    features = 0
    for (_, leg), row in rows.items():
        if leg != "cloud":
            features |= Feature.GATEWAY
        if row.get("audio_input_bitrate") or row.get("audio_output_bitrate"):
            features |= Feature.VOIP
        if row.get("video_output_bitrate"):
            features |= Feature.VIDEO
    minutes = [at for at, _ in rows]
    join |= {"features": int(features), "first_minute": min(minutes), "last_minute": max(minutes)}


def summary(event: Event) -> None:
    """Zoom's summary of one join's streams."""
    join = event.join()
    if join is None:
        return
    _identity(join, event, event.participant)
    for sample in _dicts(event.participant.get("qos")):
        type_, details = _text(sample.get("type")), _dict(sample.get("details"))
        if type_ in SCORES:
            known(join, **{SCORES[type_]: score(details)})
        elif type_ in SUMMARISED:
            row = event.add("qos_summaries", uuid=event.uuid, user_id=join["user_id"], type=type_, ended_at=int(event.at))
            _fill_summary(row, details)


def _fill_summary(row: Row, details: dict[str, Any]) -> None:
    for metric, scale in (("bitrate", 100), ("latency", 1), ("jitter", 1), ("loss", 100), ("frame_rate", 1)):
        keys = [f"{end}_{metric}" for end in ("min", "avg", "max")]
        known(row, **{key: read_number(details.get(key), scale, most=2**32 - 1) for key in keys})
    size = read_resolution(details.get("resolution"))
    if size:
        row["width"], row["height"] = size
    _fill_processor(row, details)


DEVICES: Final = {"WIN": "Windows", "MAC": "Mac", "IOS": "iOS", "ANDROID": "Android", "LINUX": "Linux"}
"""Zoom's short codes in webhooks, and its words elsewhere."""
DEVICE_FEATURES: Final = {"Phone": Feature.PSTN, "H.323/SIP": Feature.SIP}
DATA_KNOWN: Final = (
    "pc_name",
    "domain",
    "mac_addr",
    "harddisk_id",
    "version",
    "client",
    "os",
    "os_version",
    "browser_name",
    "browser_version",
)
DATA_LATEST: Final = ("location", "network_type", "microphone", "speaker", "camera", "data_center", "connection_type")
DATA_ADDRESSES: Final = ("signaling", "audio", "video", "as")


def data(event: Event) -> None:
    """Device and network of one participant."""
    row = event.join()
    if row is None:
        return
    said = event.participant
    known(row, participant_user_id=_text(said.get("participant_user_id")), email=_text(said.get("email")))
    for entry in _dicts(said.get("data")):
        device = _text(entry.get("device"))
        device = DEVICES.get(device.upper(), device)
        known(row, device=device, device_name=_text(entry.get("device_detail")), **{k: _text(entry.get(k)) for k in DATA_KNOWN})
        latest(
            row, event.at, ip_address=_text(entry.get("signaling_ip_address")), **{k: _text(entry.get(k)) for k in DATA_LATEST}
        )
        inside = {_text(entry.get(f"{part}_internal_ip_address")) for part in DATA_ADDRESSES} - {""}
        latest(row, event.at, internal_ip_addresses=sorted(inside))
        if row.get("data_center"):
            latest(row, event.at, full_data_center=_text(entry.get("data_center")) + ";")
        if device in DEVICE_FEATURES:
            row["features"] = int(DEVICE_FEATURES[device])


def person(event: Event) -> None:
    """A user of the account was made or changed."""
    said = event.object
    user = _text(said.get("id"))
    if not user:
        return
    row = event.add("people", user_id=user)
    full = " ".join(filter(None, (_text(said.get("first_name")), _text(said.get("last_name")))))
    groups = said.get("group_ids")
    if isinstance(groups, list):  # an empty list says something too: the person was taken out of all groups
        row["group_ids"] = [event.at, [_text(group) for group in groups]]
    latest(
        row,
        event.at,
        name=_text(said.get("display_name")) or full,
        email=_text(said.get("email")),
        dept=_text(said.get("dept")),
        user_type=read_number(said.get("type"), most=255),
        location=_text(said.get("location")),
        timezone=_text(said.get("timezone")),
    )


def _both(*names: str) -> tuple[str, ...]:
    return tuple(f"{kind}.{name}" for kind in ("meeting", "webinar") for name in names)


Handler = Callable[[Event], None]

EVENTS: Final[dict[str, Handler]] = {
    name: handler
    for handler, names in (
        (instance, _both("started", "ended")),
        (joined, _both("participant_joined")),
        (left, _both("participant_left", "participant_left_breakout_room")),
        (breakout_joined, _both("participant_joined_breakout_room")),
        (waiting, _both("participant_joined_waiting_room", "participant_put_in_waiting_room")),
        (waited, _both("participant_left_waiting_room", "participant_admitted")),
        (role_changed, _both("participant_role_changed")),
        (before_host, _both("participant_jbh_waiting", "participant_jbh_joined", "participant_jbh_waiting_left")),
        (sharing, _both("sharing_started", "sharing_ended", "breakout_room_sharing_started", "breakout_room_sharing_ended")),
        (alert, _both("alert")),
        (feedback, _both("participant_feedback")),
        (live_stream, _both("live_streaming_started", "live_streaming_stopped")),
        (recording, tuple(f"recording.{name}" for name in ("started", "paused", "resumed", "stopped", "completed"))),
        (minute, _both("participant_qos")),
        (summary, _both("participant_qos_summary")),
        (data, _both("participant_data", "participant_data_summary")),
        (person, ("user.created", "user.updated", "user.activated", "user.invitation_accepted")),
    )
    for name in names
}
"""What becomes of each event that carries facts. All others are kept raw."""


def parse(body: Any, received_at: float, account_id: str = "") -> Event:
    """The facts of one event.

    `body` is the parsed JSON, `received_at` Unix seconds, used when the event does not say when it happened, and
    `account_id` the account to use when it does not say whose it is.
    Raises `NotUnderstood` for JSON that is no event. Values that can't be read are left out; nothing else is lost.
    """
    if not isinstance(body, dict) or not isinstance(body.get("event"), str):
        raise NotUnderstood("no event name", account_id, received_at)
    payload = _dict(body.get("payload"))
    event = Event(
        name=body["event"],
        account_id=_text(payload.get("account_id")) or account_id,
        at=_event_time(body, payload, received_at),
        object=_dict(payload.get("object")),
    )
    handler = EVENTS.get(event.name)
    if handler is None:
        return event
    if not event.account_id:
        raise NotUnderstood("no account_id", "", event.at)
    handler(event)
    if not event.facts:
        raise NotUnderstood("no uuid, start_time or participant to hold on to", event.account_id, event.at)
    return event


def _event_time(body: dict[str, Any], payload: dict[str, Any], received_at: float) -> float:
    """`event_ts` in Unix seconds. It is in milliseconds, may be quoted, and is missing in old payloads."""
    for said in (body.get("event_ts"), payload.get("time_stamp")):
        number = read_number(said, most=MOST)
        if number:
            moment = number / 1000 if number > 100_000_000_000 else float(number)
            if moment < 2**32:  # what the engine's times hold
                return moment
    return received_at


def raw(body: bytes, account_id: str, name: str, at: float, received_at: float, verdict: str, reason: str = "") -> Fact:
    """The row that keeps the body itself. The same bytes at the same event time are the same row."""
    row: Row = {
        "account_id": account_id,
        "event_time": round(at, 3),
        "digest": hashlib.sha256(body).hexdigest()[:32],
        "source": SOURCE,
        "event": name,
        "received_at": round(received_at, 3),
        "verdict": [round(received_at, 3), verdict],
        "body": body.decode("utf-8", "replace"),
    }
    if reason:
        row["reason"] = [round(received_at, 3), reason]
    return ("raw_events", row)
