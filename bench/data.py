"""Meetings, joins and quality minutes made by SQL, so that ten million of them take minutes rather than hours.

Every scale has two databases of the same facts in one folder: `<scale>_parts`, inserted in a dozen slices that each
cover the whole half-year, with merges stopped (the worst case: a page meets every part, and one key in ten lies in two
of them), and `<scale>_merged`, the same parts after `OPTIMIZE ... FINAL`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from callboard.settings import Settings
from callboard.store.embedded import EmbeddedEngine
from callboard.store.store import prepare
from callboard.store.tables import CPU, RSSI, STREAMS

ACCOUNTS: Final = 50
DAYS: Final = 180
BEGIN: Final = 1_777_593_600
"""2026-05-01."""
SLICES: Final = 12
QOS_EVERY: Final = 500
"""One meeting in so many has 10 participants with 60 quality minutes each; they all are in the first account."""
FILLED: Final = ("people", "meetings", "participants", "qos_minutes")
NO_MERGES: Final = "max_bytes_to_merge_at_max_space_in_pool = 1, parts_to_throw_insert = 100000, parts_to_delay_insert = 100000"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Scale:
    """How many meetings, and what that is called."""

    name: str
    meetings: int

    @property
    def minutes(self) -> int:
        return self.meetings // QOS_EVERY * 600

    @property
    def unmerged(self) -> str:
        return f"s_{self.name}_parts"

    @property
    def merged(self) -> str:
        return f"s_{self.name}_merged"


SCALES: Final = {
    s.name: s for s in (Scale("toy", 20_000), Scale("0_1m", 100_000), Scale("1m", 1_000_000), Scale("10m", 10_000_000))
}


def account(number: int) -> str:
    """The name of an account, from 0."""
    return f"acc{number:02d}"


# One meeting is one `number`; `half` is 0 for a meeting in one row, else which of its two rows this is.

ABOUT: Final = """
  cityHash64(number, 7) AS h, number % {every} = 0 AS measured,
  concat('acc', leftPad(toString(number % {accounts}), 2, '0')) AS account,
  toDateTime({begin} + intDiv(number * {span}, {meetings}), 'UTC') AS began,
  base64Encode(reinterpretAsString(sipHash128(number))) AS id,
  if(measured, 3600, 300 + h % 5400) AS seconds,
  if(measured, 10, 1 + h % 5) AS joins,
  toDateTime64(began, 3, 'UTC') AS said_at,
  toUInt64(h % 400) AS host"""

SOURCE: Final = """
FROM (SELECT number, arrayJoin(if(number % 10 = 3, [1, 2], [0])) AS half FROM numbers({meetings}))
WHERE (number + (half = 2)) % {slices} = {slice}"""
WHOLE: Final = """
FROM (SELECT number, 0 AS half FROM numbers({meetings}))"""

MEETINGS: Final = (
    "account_id, kind, start_time, uuid, platform, number, topic, type, host_id, host_name, host_email, timezone, "
    "scheduled_minutes, end_time, features, first_person, last_person",
    """
SELECT account, if(number % 40 = 7, 'webinar', 'meeting'), began, id, 'zoom', 80000000000 + h % 1000000,
  if(half = 2, (toDateTime64(0, 3, 'UTC'), ''), (said_at, concat('Topic ', toString(h % 5000)))), 2,
  if(half = 2, NULL, concat(account, 'host', toString(host))),
  if(half = 2, (toDateTime64(0, 3, 'UTC'), ''), (said_at, concat('Host ', toString(host)))),
  if(half = 2, (toDateTime64(0, 3, 'UTC'), ''), (said_at, concat('host', toString(host), '@', account, '.example'))),
  if(half = 2, NULL, 'UTC'), if(half = 2, NULL, 30 + h % 4 * 30), if(half = 1, NULL, began + seconds),
  if(half = 1, 0, bitShiftLeft(h % 2, 10)), cityHash64(id), cityHash64(id) + (joins > 1)""",
)

PARTICIPANTS: Final = (
    "account_id, uuid, user_id, features, participant_user_id, name, email, role, join_time, leave_time, device, "
    "network_type, location, ip_address, audio_score, video_score",
    """
SELECT account, id, toString(16778240 + j * 1024),
  if(half = 2, 0, 1 + 2 * (h % 3 > 0) + 4 * (h % 3 = 0) + 32 * (j % 2) + 64 * (j = 0)),
  if(half = 2 OR person % 3 = 0, NULL, concat(account, 'host', toString(person))),
  if(half = 2, (toDateTime64(0, 3, 'UTC'), ''), (said_at, concat('Person ', toString(person)))),
  if(half = 2 OR person % 3 = 0, NULL, concat('host', toString(person), '@', account, '.example')),
  if(half = 2, (toDateTime64(0, 3, 'UTC'), ''), (said_at, if(j = 0, 'host', 'attendee'))),
  if(half = 2, NULL, began + j), if(half = 1, NULL, began + seconds),
  if(half = 2, NULL, ['Windows', 'Mac', 'iOS', 'Android'][1 + person % 4]),
  if(half = 2, (toDateTime64(0, 3, 'UTC'), ''), (said_at, ['Wifi', 'Wired', 'Cellular'][1 + person % 3])),
  if(half = 2, (toDateTime64(0, 3, 'UTC'), ''),
    (said_at, ['Oslo (NO)', 'Lyon (FR)', 'Austin (US)', 'Pune (IN)'][1 + person % 4])),
  if(half = 2, (toDateTime64(0, 3, 'UTC'), ''), (said_at, concat('198.51.', toString(person % 100), '.', toString(h % 250)))),
  if(half = 1, NULL, 250 + cityHash64(h, j) % 250), if(half = 1 OR j % 2 = 0, NULL, 250 + cityHash64(j, h) % 250)""",
)


def rows_of(table: str, scale: Scale, slice_: int | None = None) -> tuple[str, str]:
    """The columns of one slice of a table's rows, and the SELECT that makes them; without a slice: all, one row a key."""
    if table == "people":
        return PEOPLE
    if table == "qos_minutes":
        return _minutes(scale, slice_)
    columns, select = MEETINGS if table == "meetings" else PARTICIPANTS
    joins = ", arrayJoin(range(toUInt64(joins))) AS j, (h + j * 37) % 400 AS person" if table == "participants" else ""
    words = {
        "every": QOS_EVERY,
        "accounts": ACCOUNTS,
        "begin": BEGIN,
        "span": DAYS * 86_400,
        "meetings": scale.meetings,
        "slices": SLICES,
        "slice": slice_,
    }
    return columns, f"WITH {ABOUT}{joins}{select}{WHOLE if slice_ is None else SOURCE}".format(**words)


def _minutes(scale: Scale, slice_: int | None) -> tuple[str, str]:
    """Numbers that differ from minute to minute, as measured ones do; a quarter of the joins share a screen."""
    shape = {"bitrate": (3000, 1023), "latency": (20, 63), "jitter": (2, 15), "avg_loss": (0, 31), "max_loss": (10, 127)}
    names, values = [], []
    for at, stream in enumerate(STREAMS):
        made = [
            (metric, f"{least} + bitAnd(bitShiftRight(h, {(at * 7 + n) % 50}), {mask})")
            for n, (metric, (least, mask)) in enumerate(shape.items())
        ]
        if not stream.startswith("audio"):
            made += [("width", "1280"), ("height", "720"), ("frame_rate", "24 + bitAnd(h, 7)")]
        names += [f"{stream}_{metric}" for metric, _ in made]
        values += [f"if(j % 4 = 1, {value}, NULL)" if stream.startswith("as") else value for _, value in made]
    names += [*CPU, *RSSI, "audio_score", "video_score"]
    values += ["200 + h % 64", "400 + h % 128", "800 + h % 256", "2000 + h % 512"]
    values += [f"if(j % 3 = 0, {least} + toInt16(h % 8), NULL)" for least in (-70, -60, -50)]
    values += ["430 + h % 32", "400 + h % 64"]
    where = "" if slice_ is None else f" WHERE intDiv(number, 600) % {SLICES} = {slice_}"
    return (
        f"account_id, uuid, user_id, minute, leg, {', '.join(names)}",
        f"""
WITH intDiv(number, 600) * {QOS_EVERY} AS meeting, intDiv(number % 600, 60) AS j, cityHash64(number) AS h,
  toDateTime({BEGIN} + intDiv(meeting * {DAYS * 86_400}, {scale.meetings}), 'UTC') AS began
SELECT '{account(0)}', base64Encode(reinterpretAsString(sipHash128(meeting))), toString(16778240 + j * 1024),
  toStartOfMinute(began) + number % 60 * 60, 'cloud', {", ".join(values)}
FROM numbers({scale.minutes}){where}""",
    )


PEOPLE: Final = (
    "account_id, user_id, name, email, dept, user_type",
    f"""
WITH concat('acc', leftPad(toString(intDiv(number, 400)), 2, '0')) AS account, toDateTime64({BEGIN}, 3, 'UTC') AS at
SELECT account, concat(account, 'host', toString(number % 400)), (at, concat('Host ', toString(number % 400))),
  (at, concat('host', toString(number % 400), '@', account, '.example')), (at, concat('Dept ', toString(number % 12))), (at, 2)
FROM numbers({ACCOUNTS * 400})""",
)


# Building


def settings_of(folder: object, **more: object) -> Settings:
    """Settings that keep every fact, limit nobody and remember no answers."""
    kept = {f"retention_{family}_days": "forever" for family in ("meetings", "qos", "events")}
    return Settings(data_dir=folder, rate_policy="unlimited", port=0, token_seconds=86_400, **(kept | {"cache_mb": 0} | more))  # type: ignore[arg-type]


def lines(engine: EmbeddedEngine, sql: str) -> list[list[str]]:
    """Rows of a statement, as text."""
    return [line.split("\t") for line in engine.run(sql).decode().splitlines()]


def build(folder: object, scale: Scale, say: Say) -> None:
    """Make both databases of a scale, unless they are there."""
    parts = EmbeddedEngine(folder, scale.unmerged)  # type: ignore[arg-type]
    try:
        _build_parts(parts, folder, scale, say)
    finally:
        parts.close()
    merged = EmbeddedEngine(folder, scale.merged)  # type: ignore[arg-type]
    try:
        _build_merged(merged, folder, scale, say)
    finally:
        merged.close()


def _marked(engine: EmbeddedEngine) -> bool:
    return bool(lines(engine, "EXISTS TABLE done") == [["1"]])


def fresh(engine: EmbeddedEngine, folder: object) -> None:
    for (table,) in lines(
        engine, "SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY engine != 'MaterializedView'"
    ):
        engine.run(f"DROP TABLE IF EXISTS {table} SYNC")
    prepare(engine, settings_of(folder))


def _build_parts(engine: EmbeddedEngine, folder: object, scale: Scale, say: Say) -> None:
    if _marked(engine):
        return
    fresh(engine, folder)
    for table in (*FILLED, "meeting_ids"):
        engine.run(f"ALTER TABLE {table} MODIFY SETTING {NO_MERGES}, fsync_after_insert = 0, fsync_part_directory = 0")
    # Rows of one key are in different parts anyhow, and looking for them in each block takes longer than writing it.
    engine.run("SET max_insert_threads = 2, max_partitions_per_insert_block = 1000, optimize_on_insert = 0")
    for table in FILLED:
        began, slices = time.monotonic(), 1 if table == "people" else SLICES
        for slice_ in range(slices):
            columns, select = rows_of(table, scale, slice_)
            engine.run(f"INSERT INTO {table} ({columns}) {select}")
            say(f"{scale.name}: {table} {slice_ + 1} of {slices}, {time.monotonic() - began:.0f} s")
    engine.run("CREATE TABLE done (a UInt8) ENGINE = Log")


def _build_merged(engine: EmbeddedEngine, folder: object, scale: Scale, say: Say) -> None:
    if _marked(engine):
        return
    fresh(engine, folder)
    for table in (*FILLED, "meeting_ids"):
        began = time.monotonic()
        _take_parts(engine, table, scale.unmerged)
        engine.run(f"OPTIMIZE TABLE {table} FINAL")
        say(f"{scale.name}: {table} merged in {time.monotonic() - began:.0f} s")
    engine.run("CREATE TABLE done (a UInt8) ENGINE = Log")


def _take_parts(engine: EmbeddedEngine, table: str, source: str) -> None:
    """The parts of the same table in another database, by hard links."""
    there = f"FROM system.parts WHERE active AND database = '{source}' AND table = '{table}'"
    for (partition,) in lines(engine, f"SELECT DISTINCT partition_id {there}"):
        engine.run(f"ALTER TABLE {table} ATTACH PARTITION ID '{partition}' FROM {source}.{table}")


def clone(folder: object, scale: Scale, say: Say) -> None:
    """Put the merged facts of a scale where `callboard serve` looks for them."""
    engine = EmbeddedEngine(folder)  # type: ignore[arg-type]
    try:
        say(f"{scale.name}: for callboard serve")
        fresh(engine, folder)
        for table in (*FILLED, "meeting_ids"):
            _take_parts(engine, table, scale.merged)
    finally:
        engine.close()


def shape(engine: EmbeddedEngine) -> dict[str, tuple[int, int, int]]:
    """Parts, rows and bytes of each table of the engine's database."""
    found = lines(
        engine,
        "SELECT table, count(), sum(rows), sum(bytes_on_disk) FROM system.parts "
        "WHERE active AND database = currentDatabase() GROUP BY table",
    )
    return {table: (int(parts), int(rows), int(size)) for table, parts, rows, size in found}
