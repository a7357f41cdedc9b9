"""Every fact table and column, declared once: type, how rows of one key merge, unit, and whether it is personal.

A fact is a row with a key and some columns filled. Rows of one key merge column by column, in any order and any
number of times, to the same answer, so nothing reads before it writes. The engine merges in the background
(`AggregatingMergeTree`); a query that may meet unmerged rows groups by the key and takes `Column.merged`, which is
the same function. See docs/decisions/0001-merging.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from callboard.contract.features import SHARE, Feature

__all__ = ["SHARE", "TABLES", "Column", "Feature", "Merge", "Table"]


class Merge(Enum):
    """How the values of one column, in rows of one key, become one value."""

    KEY = "key"
    """Part of the key: equal in all rows that merge."""
    KNOWN = "known"
    """Never changes once known; NULL until then. Should sources disagree, the greatest value wins, whatever came last."""
    EARLIEST = "earliest"
    """The smallest value seen."""
    GREATEST = "greatest"
    """The largest value seen."""
    LATEST = "latest"
    """May be changed: the value with the latest event time, whatever came last. Written as `[event time, value]`."""
    FLAGS = "flags"
    """Bits that are only ever set (see `Feature`)."""


@dataclass(frozen=True)
class Column:
    """One column of a fact table.

    `type` is the ClickHouse type of the value itself; the stored type follows from `merge`.
    `personal` marks what masking and clearing must touch. `codec` is for numbers that pay for it.
    """

    name: str
    type: str
    merge: Merge
    sentence: str
    personal: bool = False
    codec: str = ""

    @property
    def stored_type(self) -> str:
        """The column's type in the table."""
        match self.merge:
            case Merge.KEY:
                return self.type
            case Merge.EARLIEST:
                return f"SimpleAggregateFunction(min, {nullable(self.type)})"
            case Merge.KNOWN | Merge.GREATEST:
                return f"SimpleAggregateFunction(max, {nullable(self.type)})"
            case Merge.LATEST:
                plain = self.type.replace(WORD, "String")  # the engine takes no LowCardinality inside a merged tuple
                return f"SimpleAggregateFunction(max, Tuple(DateTime64(3, 'UTC'), {plain}))"
            case Merge.FLAGS:
                return f"SimpleAggregateFunction(groupBitOr, {self.type})"

    @property
    def plain_type(self) -> str:
        """The type of the merged value."""
        return self.type if self.merge in (Merge.KEY, Merge.LATEST, Merge.FLAGS) else nullable(self.type)

    @property
    def ddl(self) -> str:
        """The column's line in CREATE TABLE."""
        return f"`{self.name}` {self.stored_type}" + (f" CODEC({self.codec})" if self.codec else "")

    @property
    def merged(self) -> str:
        """The SQL expression for the merged value in a query that groups by the table's key."""
        match self.merge:
            case Merge.KEY:
                return self.name
            case Merge.EARLIEST:
                return f"min({self.name})"
            case Merge.KNOWN | Merge.GREATEST:
                return f"max({self.name})"
            case Merge.LATEST:
                return f"max({self.name}).2"
            case Merge.FLAGS:
                return f"groupBitOr({self.name})"


def nullable(type_: str) -> str:
    """`T` as a type that can be NULL."""
    if type_.startswith("LowCardinality("):
        return f"LowCardinality(Nullable({type_[len('LowCardinality(') : -1]}))"
    return f"Nullable({type_})"


@dataclass(frozen=True)
class Table:
    """One fact table: its columns, the order its rows are kept in, and how long they are kept.

    `family` names the metric family (retention, freshness); `time` the column that retention and months go by, and
    `born` the expression that retention goes by where a row of the table may lack its time.
    """

    name: str
    sentence: str
    family: str
    time: str
    columns: tuple[Column, ...]
    granularity: int = 8192
    settings: dict[str, int] = field(default_factory=dict)
    born: str = ""

    @property
    def age(self) -> str:
        """The SQL expression of the time that retention counts from; empty for tables that are kept."""
        return self.born or (f"toDateTime({self.time})" if "64" in self[self.time].type else self.time if self.time else "")

    @property
    def key(self) -> tuple[str, ...]:
        """The key's columns, in sorting order."""
        return tuple(c.name for c in self.columns if c.merge is Merge.KEY)

    def __getitem__(self, name: str) -> Column:
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    @property
    def _by_name(self) -> dict[str, Column]:
        cached = _COLUMNS.get(self.name)
        if cached is None:
            cached = _COLUMNS[self.name] = {c.name: c for c in self.columns}
        return cached

    def merged(self, *names: str) -> str:
        """A select list of merged values, each under its own name."""
        return ", ".join(f"{self[n].merged} AS {n}" if self[n].merge is not Merge.KEY else n for n in names)

    def create(self) -> str:
        """The CREATE TABLE statement."""
        columns = ",\n  ".join(c.ddl for c in self.columns)
        settings = {"index_granularity": self.granularity, "fsync_after_insert": 1, "fsync_part_directory": 1}
        listed = ", ".join(f"{k} = {v}" for k, v in (settings | self.settings).items())
        partition = f"PARTITION BY toYYYYMM({self.time})\n" if self.time else ""
        return (
            f"CREATE TABLE IF NOT EXISTS {self.name} (\n  {columns}\n)\nENGINE = AggregatingMergeTree\n"
            f"{partition}ORDER BY ({', '.join(self.key)})\nSETTINGS {listed}"
        )


_COLUMNS: dict[str, dict[str, Column]] = {}


K, KNOWN, EARLIEST, GREATEST, LATEST, FLAGS = Merge
TIME: Final = "DateTime('UTC')"
WORD: Final = "LowCardinality(String)"

LATER: Final = "toDateTime('2100-01-01 00:00:00', 'UTC')"

_ACCOUNT: Final = Column("account_id", WORD, K, "Account the fact belongs to.")
_UUID: Final = Column("uuid", "String", K, "Instance of a meeting or webinar, as its platform names it.")
_USER: Final = Column("user_id", "String", K, "One join of one participant; a rejoin has another.")

MEETINGS: Final = Table(
    "meetings",
    "An instance of a meeting or webinar.",
    family="meetings",
    time="start_time",
    granularity=1024,
    columns=(
        _ACCOUNT,
        Column("kind", "Enum8('meeting' = 1, 'webinar' = 2)", K, "Meeting or webinar."),
        Column("start_time", TIME, K, "When the instance began.", codec="DoubleDelta, ZSTD"),
        _UUID,
        Column("platform", WORD, KNOWN, "Where it was held: `zoom`, or what its source says."),
        Column("number", "UInt64", KNOWN, "The meeting number that people dial; shared by a series' instances."),
        Column("topic", "String", LATEST, "Its title."),
        Column("type", "UInt8", KNOWN, "Zoom's meeting type (1 instant, 2 scheduled, 3 or 8 recurring, 5, 6 or 9 webinar)."),
        Column("host_id", "String", KNOWN, "The host's user id."),
        Column("host_name", "String", LATEST, "The host's name, as its join said.", personal=True),
        Column("host_email", "String", LATEST, "The host's mail, as its join said.", personal=True),
        Column("timezone", WORD, KNOWN, "The time zone it was planned in."),
        Column("scheduled_minutes", "UInt32", KNOWN, "Planned length in minutes."),
        Column("end_time", TIME, GREATEST, "When it ended; NULL while it is live."),
        Column("features", "UInt32", FLAGS, "What was used, as bits of `Feature`."),
        Column(
            "first_person",
            "UInt64",
            EARLIEST,
            "Smallest hash of the people who joined: with `last_person` it tells one from many.",
        ),
        Column("last_person", "UInt64", GREATEST, "Largest hash of the people who joined."),
        Column("session_key", "String", KNOWN, "The session key of a Video SDK session."),
        Column("custom_keys", "Array(Tuple(String, String))", LATEST, "Keys and values that an app set."),
        Column("tracking_fields", "Array(Tuple(String, String))", LATEST, "Tracking fields and values that the host set."),
    ),
)

MEETING_IDS: Final = Table(
    "meeting_ids",
    "Where an instance is: a row by its uuid and one by its number. Filled from `meetings` by a materialized view.",
    family="meetings",
    time="start_time",
    granularity=256,
    columns=(
        _ACCOUNT,
        Column("id", "String", K, "The uuid, or the number in digits."),
        Column("start_time", TIME, K, "A start that some source gave.", codec="DoubleDelta, ZSTD"),
        Column("kind", "Enum8('meeting' = 1, 'webinar' = 2)", K, "Meeting or webinar."),
        _UUID,
        Column("number", "UInt64", KNOWN, "The meeting number."),
        Column("end_time", TIME, GREATEST, "When it ended."),
    ),
)

PARTICIPANTS: Final = Table(
    "participants",
    "One join of one participant, to the meeting, its waiting room or a breakout room.",
    family="meetings",
    time="",
    granularity=256,
    settings={"min_compress_block_size": 8192},
    born=f"coalesce(leave_time, last_minute, waiting_to, join_time, first_minute, waiting_from, {LATER})",
    columns=(
        _ACCOUNT,
        _UUID,
        _USER,
        Column("features", "UInt32", FLAGS, "What this join used, as bits of `Feature`."),
        Column("participant_uuid", "String", KNOWN, "Another name of the same join."),
        Column("participant_user_id", "String", KNOWN, "The person's user id; NULL when not signed in."),
        Column("name", "String", LATEST, "Name shown in the meeting.", personal=True),
        Column("email", "String", KNOWN, "Mail address.", personal=True),
        Column("registrant_id", "String", KNOWN, "Registration that the person joined with."),
        Column("customer_key", "String", KNOWN, "Key that the embedding application gave."),
        Column("phone_number", "String", KNOWN, "Telephone number of a phone join.", personal=True),
        Column("role", WORD, LATEST, "`host`, `attendee` or `panelist`."),
        Column("join_time", TIME, EARLIEST, "When it joined."),
        Column("leave_time", TIME, GREATEST, "When it left; NULL while it is there."),
        Column("leave_reason", "String", LATEST, "Why it left, a sentence.", personal=True),
        Column("waiting_from", TIME, EARLIEST, "When it came to the waiting room."),
        Column("waiting_to", TIME, GREATEST, "When it left the waiting room or was admitted."),
        Column("first_minute", TIME, EARLIEST, "First minute with quality data: stands in for a join nobody reported."),
        Column("last_minute", TIME, GREATEST, "Last minute with quality data."),
        Column("parent_user_id", "String", KNOWN, "In a breakout room: the join of the main meeting."),
        Column("bo_mtg_id", "String", KNOWN, "The breakout room's uuid."),
        Column("device", WORD, KNOWN, "Kind of device: `Windows`, `Mac`, `iOS`, `Android`, `Phone`, `H.323/SIP`, ..."),
        Column("os", WORD, KNOWN, "Operating system."),
        Column("os_version", WORD, KNOWN, "Its version."),
        Column("device_name", WORD, KNOWN, "The device's model."),
        Column("client", WORD, KNOWN, "Kind of client."),
        Column("version", WORD, KNOWN, "The client's version."),
        Column("browser_name", WORD, KNOWN, "Browser of a web join."),
        Column("browser_version", WORD, KNOWN, "Its version."),
        Column("microphone", WORD, LATEST, "Microphone in use."),
        Column("speaker", WORD, LATEST, "Speaker in use."),
        Column("camera", WORD, LATEST, "Camera in use."),
        Column("network_type", WORD, LATEST, "`Wired`, `Wifi`, `PPP`, `Cellular` or `Others`."),
        Column("connection_type", WORD, LATEST, "Transport of audio: `UDP`, `TCP`, `SSL+Proxy`, ..."),
        Column("video_connection_type", WORD, LATEST, "Transport of video."),
        Column("as_connection_type", WORD, LATEST, "Transport of sharing."),
        Column("data_center", WORD, LATEST, "Data centre that served the join."),
        Column("full_data_center", WORD, LATEST, "All data centres that did, each with a semicolon."),
        Column("location", WORD, LATEST, "City and country."),
        Column("ip_address", "String", LATEST, "Address seen from outside.", personal=True),
        Column("internal_ip_addresses", "Array(String)", LATEST, "Addresses of the device.", personal=True),
        Column("domain", WORD, KNOWN, "Domain of the device."),
        Column("pc_name", "String", KNOWN, "Name of the device.", personal=True),
        Column("mac_addr", "String", KNOWN, "Hardware address.", personal=True),
        Column("harddisk_id", "String", KNOWN, "Disk's serial number.", personal=True),
        Column("sip_uri", "String", KNOWN, "SIP address of the device.", personal=True),
        Column("from_sip_uri", "String", KNOWN, "SIP address of the caller.", personal=True),
        Column("group_id", WORD, LATEST, "The person's group."),
        Column("audio_score", "UInt16", KNOWN, "Quality of audio over the whole join, 0.01 of a point (1 to 5)."),
        Column("video_score", "UInt16", KNOWN, "Quality of video over the whole join, 0.01 of a point."),
        Column("as_score", "UInt16", KNOWN, "Quality of sharing over the whole join, 0.01 of a point."),
    ),
)

MEDIA: Final = ("audio", "video", "as")
WAYS: Final = ("input", "output")
STREAMS: Final = tuple(f"{medium}_{way}" for medium in MEDIA for way in WAYS)


def stream_metrics(stream: str) -> tuple[tuple[str, str, str], ...]:
    """`(metric, type, sentence)` of one stream, in the order the contract names them."""
    common = (
        ("bitrate", "UInt32", "0.01 kbit/s"),
        ("latency", "UInt16", "ms"),
        ("jitter", "UInt16", "ms"),
        ("avg_loss", "UInt16", "0.01 %"),
        ("max_loss", "UInt16", "0.01 %"),
    )
    picture = (("width", "UInt16", "pixels"), ("height", "UInt16", "pixels"), ("frame_rate", "UInt16", "frames/s"))
    return common if stream.startswith("audio") else common + picture


WHOLE: Final = "GCD, T64, ZSTD"
"""For hundredths that are mostly whole: 26 bytes a minute instead of 31."""

CPU: Final = ("zoom_min_cpu_usage", "zoom_avg_cpu_usage", "zoom_max_cpu_usage", "system_max_cpu_usage")
PRESSURE: Final = ("system_min_cpu_pressure_level", "system_avg_cpu_pressure_level", "system_max_cpu_pressure_level")
RSSI: Final = ("min_rssi", "avg_rssi", "max_rssi")


def _minute_metrics() -> tuple[Column, ...]:
    numbers = [
        Column(
            f"{stream}_{metric}",
            type_,
            GREATEST,
            f"{stream.replace('_', ' ')}: {metric} in {unit}.",
            codec=WHOLE if metric == "bitrate" else "T64, ZSTD",
        )
        for stream in STREAMS
        for metric, type_, unit in stream_metrics(stream)
    ]
    numbers += [Column(name, "UInt16", GREATEST, "Processor load in 0.01 %.", codec=WHOLE) for name in CPU]
    numbers += [Column(name, WORD, GREATEST, "Processor pressure, a word.") for name in PRESSURE]
    numbers += [Column(name, "Int16", GREATEST, "Wi-Fi signal strength in dBm.", codec="T64, ZSTD") for name in RSSI]
    numbers += [
        Column(f"{medium}_score", "UInt16", GREATEST, f"Quality of {medium} in this minute, 0.01 of a point.", codec="T64, ZSTD")
        for medium in MEDIA
    ]
    return tuple(numbers)


QOS_MINUTES: Final = Table(
    "qos_minutes",
    "One participant, one minute, all streams. Samples of one minute merge to the largest value of each metric.",
    family="qos",
    time="minute",
    granularity=1024,
    columns=(
        _ACCOUNT,
        _UUID,
        _USER,
        Column("minute", TIME, K, "The minute's beginning.", codec="DoubleDelta, ZSTD"),
        Column(
            "leg",
            "Enum8('cloud' = 0, 'crc' = 1, 'rwg' = 2)",
            K,
            "Which leg: device and cloud, or behind a room connector (`crc`) or web gateway (`rwg`), "
            "where input is what comes from the gateway and output what goes to it.",
        ),
        *_minute_metrics(),
    ),
)

SUMMARY_METRICS: Final = tuple(
    f"{end}_{metric}" for metric in ("bitrate", "latency", "jitter", "loss", "frame_rate") for end in ("min", "avg", "max")
)

QOS_SUMMARIES: Final = Table(
    "qos_summaries",
    "One stream of one join, summed up by Zoom when the participant left.",
    family="qos",
    time="",
    born=f"coalesce(ended_at, {LATER})",
    granularity=1024,
    columns=(
        _ACCOUNT,
        _UUID,
        _USER,
        Column("type", WORD, K, "Stream, or `cpu_usage`."),
        Column("ended_at", TIME, GREATEST, "When the summary was made: retention goes by it."),
        *(Column(name, "UInt32", KNOWN, "In the unit of the minute's metric.", codec="T64, ZSTD") for name in SUMMARY_METRICS),
        Column("width", "UInt16", KNOWN, "pixels"),
        Column("height", "UInt16", KNOWN, "pixels"),
        *(Column(name, "UInt16", KNOWN, "Processor load in 0.01 %.") for name in CPU),
        *(Column(name, WORD, KNOWN, "Processor pressure, a word.") for name in PRESSURE),
    ),
)

SHARING: Final = Table(
    "sharing",
    "A share or recording began or ended. Spans are paired when they are read, so edges may come in any order.",
    family="meetings",
    time="",
    born="at",
    granularity=1024,
    columns=(
        _ACCOUNT,
        _UUID,
        _USER,
        Column("at", "DateTime('UTC')", K, "When it began or ended."),
        Column("edge", "Enum8('end' = 0, 'start' = 1)", K, "Began or ended."),
        Column("content", WORD, K, "What was shared: `desktop`, `application`, `whiteboard`, ..."),
        Column("source", WORD, KNOWN, "Where a shared file came from."),
    ),
)

PEOPLE: Final = Table(
    "people",
    "A user of the account, as last heard of.",
    family="people",
    time="",
    granularity=1024,
    columns=(
        _ACCOUNT,
        Column("user_id", "String", K, "The person's user id."),
        Column("name", "String", LATEST, "Display name.", personal=True),
        Column("email", "String", LATEST, "Mail address.", personal=True),
        Column("dept", WORD, LATEST, "Department."),
        Column("user_type", "UInt8", LATEST, "1 Basic, 2 Licensed, 3 On-prem."),
        Column("group_ids", "Array(String)", LATEST, "Groups the person is in."),
        Column("location", WORD, LATEST, "Site."),
        Column("timezone", WORD, LATEST, "Time zone."),
    ),
)

FEEDBACK: Final = Table(
    "feedback",
    "What one participant said of a meeting when it ended.",
    family="meetings",
    time="",
    born=f"coalesce(at, {LATER})",
    granularity=1024,
    columns=(
        _ACCOUNT,
        _UUID,
        Column("participant_uuid", "String", K, "The join that said it."),
        Column("at", TIME, GREATEST, "When."),
        Column("participant_user_id", "String", KNOWN, "The person's user id."),
        Column("name", "String", LATEST, "Name shown in the meeting.", personal=True),
        Column("satisfied", "UInt8", LATEST, "1 thumb up, 0 thumb down."),
        Column("details", "Array(Tuple(String, String))", LATEST, "Reasons chosen: id and name."),
        Column("comments", "String", LATEST, "Free text.", personal=True),
    ),
)

ALERTS: Final = Table(
    "alerts",
    "An issue that Zoom saw in a live meeting.",
    family="meetings",
    time="at",
    granularity=1024,
    columns=(
        _ACCOUNT,
        _UUID,
        Column("at", TIME, K, "When it was raised."),
        Column("issue", WORD, K, "The issue, in Zoom's words."),
        Column("kind", "Enum8('meeting' = 1, 'webinar' = 2)", KNOWN, "Meeting or webinar."),
    ),
)

RAW_EVENTS: Final = Table(
    "raw_events",
    "Every body as it was received, with its verdict. One body delivered twice is one row.",
    family="events",
    time="event_time",
    granularity=1024,
    columns=(
        _ACCOUNT,
        Column("event_time", "DateTime64(3, 'UTC')", K, "When the source says it happened; when received, if it does not say."),
        Column("digest", "FixedString(32)", K, "SHA-256 of the body, first half in hex."),
        Column("source", WORD, KNOWN, "The door it came through, such as `zoom`."),
        Column("event", WORD, KNOWN, "The event's name."),
        Column("received_at", "DateTime64(3, 'UTC')", EARLIEST, "When it was first received."),
        Column("verdict", WORD, LATEST, "`applied`, `kept` (carries no fact we know) or `refused`."),
        Column("reason", "String", LATEST, "Why it was refused."),
        Column("body", "String", KNOWN, "The bytes.", personal=True, codec="ZSTD(3)"),
    ),
)

TABLES: Final[dict[str, Table]] = {
    t.name: t
    for t in (
        MEETINGS,
        MEETING_IDS,
        PARTICIPANTS,
        QOS_MINUTES,
        QOS_SUMMARIES,
        SHARING,
        PEOPLE,
        FEEDBACK,
        ALERTS,
        RAW_EVENTS,
    )
}


@dataclass(frozen=True)
class View:
    """A materialized view: what each insert into a table adds to `target`."""

    name: str
    target: Table
    select: str

    def create(self) -> str:
        """The CREATE statement."""
        return f"CREATE MATERIALIZED VIEW {self.name} TO {self.target.name} AS {self.select}"

    def refill(self) -> str:
        """Add what all rows so far would have added: the target merges what it has already."""
        return f"INSERT INTO {self.target.name} ({', '.join(c.name for c in self.target.columns)}) {self.select}"


VIEWS: Final = (
    View(
        "meeting_ids_filler",
        MEETING_IDS,
        f"""
        SELECT account_id, arrayJoin(if(isNull(number), [uuid], [uuid, toString(assumeNotNull(number))])) AS id,
               start_time, kind, uuid, number, end_time
        FROM {MEETINGS.name}""",
    ),
)

PERSONAL: Final = {(t.name, c.name) for t in TABLES.values() for c in t.columns if c.personal}
