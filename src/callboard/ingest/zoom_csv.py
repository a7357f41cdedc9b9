"""The CSVs that Zoom's dashboard and report pages download, known by their heads.

Such a file names no instance by uuid and no join by its id, says times without their zone, and comes in several tables one
under the other. What identifies is made up so that the same meeting and the same join in two files are the same:
docs/files.md says how, and which heads are a guess.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, Final, Literal, NamedTuple

from callboard.contract.features import Feature
from callboard.contract.units import read_number, read_resolution
from callboard.ingest.facts import Fact, Row, known, latest, person_hash
from callboard.store.tables import MEDIA, QOS_MINUTES

Part = Literal["meeting", "join", "minute"]

MEETING: Final = {
    "number": ("meeting id", "webinar id", "id"),
    "topic": ("topic", "meeting topic", "webinar topic"),
    "host_name": ("user name", "host", "host name"),
    "host_email": ("user email", "host email", "email"),
    "start": ("start time", "actual start time"),
    "end": ("end time", "actual end time"),
    "minutes": ("duration (minutes)", "duration", "actual duration (minutes)"),
    "voip": ("voip",),
    "pstn": ("pstn", "telephone", "telephony"),
    "sip": ("sip/h.323", "sip", "h.323"),
    "third_party_audio": ("3rd party audio",),
    "video": ("video",),
    "share_other": ("screen sharing", "screen share", "sharing"),
    "recording": ("recording",),
    "room": ("has zoom rooms", "zoom rooms"),
}
"""The heads of a meeting's columns, in lower case, without `?`."""

JOIN: Final = {
    "name": ("name (original name)", "user name (original name)", "participant", "participant name", "name", "user name"),
    "email": ("user email", "email", "participant email"),
    "join": ("join time",),
    "leave": ("leave time",),
    "waiting": ("in waiting room",),
    "device": ("device", "device type"),
    "os": ("os", "operating system"),
    "version": ("version", "client version"),
    "ip_address": ("ip address", "ip"),
    "location": ("location",),
    "network_type": ("network type",),
    "connection_type": ("connection type",),
    "data_center": ("data center",),
    "microphone": ("microphone",),
    "speaker": ("speaker",),
    "camera": ("camera",),
    "domain": ("domain",),
    "pc_name": ("pc name", "computer name"),
    "mac_addr": ("mac addr", "mac address"),
    "harddisk_id": ("harddisk id", "hard disk id"),
    "leave_reason": ("leave reason",),
}
"""The heads of a participant's columns."""

MINUTE: Final = {"minute": ("time", "date time", "minute"), "name": JOIN["name"], "email": JOIN["email"]}
"""The heads of a minute's columns, beside those of its metrics (`metric_of`)."""

PREFACES: Final = ("attendee report", "attendee details", "host details", "panelist details", "meeting report")
"""Titles that a report may begin with."""

YES: Final = ("yes", "true", "1", "on", "y", "√")


def plain(head: str) -> str:
    """A head without what differs from download to download."""
    return " ".join(head.casefold().replace("?", "").split())


def metric_of(head: str) -> str | None:
    """The column of `qos_minutes` that a head such as `Audio (Sending) Bitrate` or `Screen Sharing Receiving Latency` names."""
    words = set(re.findall(r"[a-z]+", head))
    medium = "audio" if "audio" in words else "video" if "video" in words else "as" if words & {"screen", "sharing", "as"} else ""
    way = "input" if words & {"receiving", "received", "input"} else "output" if words & {"sending", "sent", "output"} else ""
    metric = next((m for m, named in METRICS if named <= words), "")
    name = f"{medium}_{way}_{metric}"
    return name if medium and way and (name in QOS_MINUTES or metric == "resolution") else None


METRICS: Final = (
    ("bitrate", {"bitrate"}),
    ("latency", {"latency"}),
    ("jitter", {"jitter"}),
    ("max_loss", {"loss", "max"}),
    ("avg_loss", {"loss"}),
    ("resolution", {"resolution"}),
    ("frame_rate", {"frame"}),
)
"""A metric, and the words that name it."""


# Heads


class Heads(NamedTuple):
    """What the cells of a table mean: for each part of a row, its fields and the cells that hold them."""

    parts: dict[Part, dict[str, int]]


def heads_of(record: list[str]) -> Heads | None:
    """What a record means, if it is the heads of a table of Zoom's."""
    named = [plain(cell) for cell in record]
    minute = _fields(named, MINUTE) | {m: at for at, head in enumerate(named) if (m := metric_of(head))}
    if "minute" in minute and len(minute) > 2 and {"name", "email"} & set(minute):
        return Heads({"minute": minute})
    split = next((at for at, head in enumerate(named) if head in JOIN["name"][:4]), None)
    if split is None and "join time" in named:
        split = 0
    right = _fields(named[split:], JOIN, split) if split is not None else {}
    left = _fields(named[:split], MEETING)
    parts: dict[Part, dict[str, int]] = {}
    if {"number", "start"} <= set(left) and ("topic" in left or "end" in left):
        parts["meeting"] = left
    if "name" in right and ("join" in right or any("duration" in head for head in named)):
        parts["join"] = right
    return Heads(parts) if parts else None


def _fields(named: list[str], table: dict[str, tuple[str, ...]], offset: int = 0) -> dict[str, int]:
    found = {}
    for name, heads in table.items():
        at = next((named.index(head) for head in heads if head in named), None)
        if at is not None:
            found[name] = at + offset
    return found


def is_report(first: list[str]) -> bool:
    """Whether a file that begins with this record is one of Zoom's."""
    return bool(first) and (plain(first[0]) in PREFACES or heads_of(first) is not None)


# Rows

Said = dict[str, Any]


def rows(records: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, Said | list[str], str]]:
    """The rows of a report: line, what each part of the row says, and what is wrong with it.

    A participants' table under one meeting's is of that meeting.
    """
    heads: Heads | None = None
    above: dict[str, str] = {}
    for number, record in records:
        if len([cell for cell in record if cell.strip()]) < 2:  # nothing, or the title of what follows
            heads = None
            continue
        found = heads_of(record)
        if found is not None:
            heads = found
        elif heads is None:
            yield from () if _loose(record) else [(number, record, "under no heads that are known")]
        else:
            said: Said = {part: _cells(record, places) for part, places in heads.parts.items()}
            above = said.get("meeting", above)
            yield number, ({"meeting": above, **said} if above else said), ""


def _loose(record: list[str]) -> bool:
    """Whether a record is a title, or a word with a value: `Report Generated: | date`."""
    return len([cell for cell in record if cell.strip()]) <= 2


HOST: Final = re.compile(r"(.*?)\s*\(([^()\s]+@[^()\s]+)\)")
"""A host as one cell says it: `Mara (mara@example.com)`."""


def _cells(record: list[str], places: dict[str, int]) -> dict[str, str]:
    said = _filled(record, places)
    host = HOST.fullmatch(said.get("host_name", ""))
    return {"host_email": host[2]} | said | {"host_name": host[1]} if host else said


def _filled(record: list[str], places: dict[str, int]) -> dict[str, str]:
    return {
        name: record[at].strip() for name, at in places.items() if at < len(record) and record[at].strip() not in ("", "-", "--")
    }


# Facts


class Instance(NamedTuple):
    """An instance as the store knows it, or as a file makes it up."""

    uuid: str
    kind: str
    start: int
    joined: bool = False
    """Whether joins of it came from elsewhere: those of a file would double them."""


@dataclass
class Reading:
    """How reports are read: what they leave out, and where to ask about what is known already."""

    account_id: str
    zone: tzinfo = UTC
    day_first: bool = False
    kind: str = "meeting"
    meeting: str = ""
    find: Callable[[int, int], Instance | None] = lambda number, start: None
    by_uuid: Callable[[str], Instance | None] = lambda uuid: None
    join_of: Callable[[str, str, int], str | None] = lambda uuid, person, at: None


class BadReportRow(Exception):
    """A row of a report that can't be one of a fact table; the text says why."""


TIMES: Final = ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M")
NAMED_TIMES: Final = ("%b %d, %Y %I:%M:%S %p", "%b %d, %Y %I:%M %p", "%b %d, %Y %H:%M:%S", "%b %d, %Y %H:%M")


def moment(text: str, reading: Reading) -> int:
    """Unix seconds of a report's time. Raises `BadReportRow`."""
    numbers = tuple(f.replace("%m/%d", "%d/%m") for f in TIMES) if reading.day_first else TIMES
    for form in ("", *NAMED_TIMES, *numbers):
        try:
            said = datetime.strptime(text, form) if form else datetime.fromisoformat(text)
        except ValueError:
            continue
        at = (said if said.tzinfo else said.replace(tzinfo=reading.zone)).timestamp()
        if 0 <= at < 2**32:
            return int(at)
    raise BadReportRow(f"{text!r} is not a time" + ("" if reading.day_first else ": with the day first, say --day-first"))


def facts(said: Said, reading: Reading) -> list[Fact]:
    """The facts of one row of a report. Raises `BadReportRow`."""
    instance, found = _instance(said.get("meeting"), reading)
    if "join" in said:
        found += _join(said["join"], said.get("meeting", {}), instance, reading)
    if "minute" in said:
        found += _minute(said["minute"], instance, reading)
    return found


def _instance(said: dict[str, str] | None, reading: Reading) -> tuple[Instance, list[Fact]]:
    if not said:
        known_ = reading.by_uuid(reading.meeting) if reading.meeting else None
        if known_ is None:
            raise BadReportRow("of which meeting? Say --meeting UUID of one that is known")
        return known_, []
    number = int(re.sub(r"\D", "", said.get("number", "")) or 0)
    start = moment(said.get("start", ""), reading)
    if not 0 < number < 2**63:
        raise BadReportRow(f"{said.get('number', '')!r} is not a meeting number")
    minute = datetime.fromtimestamp(start - start % 60, UTC)
    made = Instance(f"csv:{number}:{minute:%Y-%m-%dT%H:%MZ}", reading.kind, start)
    instance = reading.find(number, start) or made
    return instance, [("meetings", _meeting(said, instance, number, reading))]


def _meeting(said: dict[str, str], instance: Instance, number: int, reading: Reading) -> Row:
    minutes = read_number(said.get("minutes"), most=100_000)
    end = moment(said["end"], reading) if "end" in said else instance.start + 60 * minutes if minutes else None
    used = (Feature[name.upper()] for name in MEETING if name.upper() in Feature.__members__ and _yes(said.get(name)))
    row: Row = {
        "account_id": reading.account_id,
        "kind": instance.kind,
        "start_time": instance.start,
        "uuid": instance.uuid,
        "platform": "zoom",
        "number": number,
        "features": int(sum(used)),
    }
    known(row, end_time=end)
    latest(
        row, end or instance.start, topic=said.get("topic"), host_name=said.get("host_name"), host_email=said.get("host_email")
    )
    return row


def _yes(text: str | None) -> bool:
    return (text or "").casefold() in YES


PLAIN: Final = ("device", "os", "version", "domain", "pc_name", "mac_addr", "harddisk_id")
CHANGING: Final = (
    "ip_address", "location", "network_type", "connection_type", "data_center", "microphone", "speaker", "camera", "leave_reason",
)  # fmt: skip


def _join(said: dict[str, str], meeting: dict[str, str], instance: Instance, reading: Reading) -> list[Fact]:
    if "join" not in said:
        raise BadReportRow("no join time: download the report without `Show unique users`")
    if instance.joined:
        raise BadReportRow("the joins of this meeting are known already, with ids that this file lacks")
    name, email = said.get("name", ""), said.get("email", "")
    join = moment(said["join"], reading)
    leave = moment(said["leave"], reading) if "leave" in said else None
    row: Row = {"account_id": reading.account_id, "uuid": instance.uuid, "user_id": join_id(name, email, join)}
    waited = _yes(said.get("waiting"))
    row["features"] = int(Feature.WAITING_ROOM if waited else Feature.JOINED)
    known(
        row, email=email, **({"waiting_from": join, "waiting_to": leave} if waited else {"join_time": join, "leave_time": leave})
    )
    known(row, **{column: said.get(column) for column in PLAIN})
    at = leave or join
    host = bool(email) and email.casefold() == meeting.get("host_email", "").casefold()
    latest(row, at, name=name, role="host" if host else None, **{column: said.get(column) for column in CHANGING})
    person = person_hash(email or name)
    about: Row = {"account_id": reading.account_id, "kind": instance.kind, "start_time": instance.start, "uuid": instance.uuid}
    return [("participants", row)] + ([] if waited else [("meetings", about | {"first_person": person, "last_person": person})])


def join_id(name: str, email: str, join: int) -> str:
    """The id of a join that a report tells of without one: the same in every file."""
    return "csv-" + hashlib.blake2b(f"{(email or name).casefold()}\n{join}".encode(), digest_size=8).hexdigest()


SCALES: Final = {"bitrate": 100, "avg_loss": 100, "max_loss": 100}


def _minute(said: dict[str, str], instance: Instance, reading: Reading) -> list[Fact]:
    at = moment(said.get("minute", ""), reading)
    person = said.get("email") or said.get("name", "")
    user = reading.join_of(instance.uuid, person, at)
    if user is None:
        raise BadReportRow(f"no join of {person} is known at that time: import the participants first")
    row: Row = {"account_id": reading.account_id, "uuid": instance.uuid, "user_id": user, "minute": at - at % 60, "leg": "cloud"}
    for column, text in said.items():
        if column.endswith("_resolution"):
            size = read_resolution(text.replace("x", "*"))
            known(row, **dict(zip((column.replace("resolution", s) for s in ("width", "height")), size or (), strict=False)))
        elif column.partition("_")[0] in MEDIA:
            metric = column.split("_", 2)[2]
            most = 2**32 - 1 if metric == "bitrate" else 65_535
            known(row, **{column: read_number(text, SCALES.get(metric, 1), most=most)})
    return [("qos_minutes", row)]
