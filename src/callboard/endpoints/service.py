"""Callboard's own endpoints: how fresh the facts are, and all quality minutes of a window at once."""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import Field

from callboard.contract.errors import RoleForbids
from callboard.contract.service import Freshness
from callboard.contract.wire import Columns
from callboard.endpoints.params import Params, Range, instant, unix, window
from callboard.endpoints.registry import Answer, Context, Stream, endpoint
from callboard.export import parquet
from callboard.store.tables import LAST_SECOND, QOS_MINUTES, minutes_between

NEWEST: Final = {
    "events": "toDateTime(max(received_at), 'UTC') FROM raw_events WHERE event_time > {since:UInt32}",
    "meetings": "max(greatest(start_time, ifNull(end_time, start_time))) FROM meetings WHERE start_time > {since:UInt32}",
    "qos": f"max(minute) FROM qos_minutes WHERE {minutes_between('{since:UInt32} + 1', str(LAST_SECOND))}",
}
"""By family: SQL of the time of its newest fact after `since`."""
LOOK_BACK_DAYS: Final = (2, 400)
OLDEST: Final = """
-- service.oldest: the oldest fact of each family; 0 where there is none
SELECT 'meetings' AS family, toUnixTimestamp(min(start_time)) FROM meetings WHERE account_id = {account:String}
UNION ALL SELECT 'qos', toUnixTimestamp(min(minute)) FROM qos_minutes WHERE account_id = {account:String} AND toDate(minute) = (
  SELECT toDate(minute) FROM qos_minutes WHERE account_id = {account:String} ORDER BY toDate(minute) LIMIT 1)
UNION ALL SELECT 'events', toUnixTimestamp(toDateTime(min(received_at), 'UTC'))
FROM raw_events WHERE account_id = {account:String}
"""
RETENTION: Final = "retention_"
PROMISED: Final = {"meetings": 900, "qos": 900, "events": 900}
"""The requirements promise 15 minutes."""


class NoParams(Params):
    """No parameters."""


@endpoint("/freshness", name="get_freshness", families=(), rate="own", response=Freshness, version="v1")
def get_freshness(context: Context, params: NoParams) -> Answer:
    """Get how old the newest fact of each family is, and how far back facts go."""
    return Answer(Freshness, (("families", FRESHNESS), ("kept", KEPT)), [freshness(context), _kept(context)])


def _kept(context: Context) -> list[list[Any]]:
    """How far back each family goes that has a setting: rows of `KEPT`."""
    oldest = dict(context.store.ask(OLDEST, {"account": context.caller.account_id}, wide=True).rows)
    kept = {name: value for name, value in context.settings if name.startswith(RETENTION)}
    rows = [(name.removeprefix(RETENTION).removesuffix("_days"), value) for name, value in kept.items()]
    return [[family, None if days == "forever" else days, instant(oldest.get(family) or None)] for family, days in rows]


def freshness(context: Context) -> list[list[Any]]:
    """How old the newest fact of each family is: rows of `FRESHNESS`."""
    found = [context.store.beside(_newest, context, family) for family in NEWEST]
    return [_freshness(context.now, family, newest()) for family, newest in zip(NEWEST, found, strict=True)]


def _newest(context: Context, family: str) -> int:
    sql = f"-- service.newest: the newest fact of a family\nSELECT {NEWEST[family]} AND account_id = {{account:String}}"
    for days in LOOK_BACK_DAYS:  # mostly there is something new, and a look at all of it would be in vain
        asked = {"account": context.caller.account_id, "since": max(0, context.now - days * 86_400)}
        ((newest,),) = context.store.ask(sql, asked).rows
        if newest and unix(newest):
            return unix(newest)
    return 0


KEPT: Final[Columns] = ("family", "days", "oldest")
FRESHNESS: Final[Columns] = ("family", "newest", "age_seconds", "promised_seconds")


def _freshness(now: int, family: str, newest: int) -> list[Any]:
    age = max(0, now - newest) if newest else -1
    return [family, instant(newest or None), age, PROMISED[family]]


class BulkParams(Range):
    """Parameters of the bulk stream."""

    format: Literal["ndjson", "parquet"] = Field("ndjson", description="Lines of JSON, or one Parquet file.")


BULK_COLUMNS: Final = tuple(c.name for c in QOS_MINUTES.columns if c.name != "account_id")
BULK_FROM: Final = f"""FROM qos_minutes FINAL
WHERE account_id = {{account:String}} AND {minutes_between("{begin:UInt32}", "{end:UInt32}")}"""
BULK_AS: Final = {"minute": "toDateTime64(minute, 0, 'UTC') AS minute", "leg": "toString(leg) AS leg"}
"""What Arrow would show as bare numbers."""
BULK: Final = f"""
-- service.bulk_qos: every quality minute of a window, merged, in the order they are kept
SELECT {", ".join(BULK_AS.get(name, name) for name in BULK_COLUMNS)} {BULK_FROM}
"""
BULK_TYPE: Final = ", ".join(f"{c.name} {c.plain_type}" for c in QOS_MINUTES.columns if c.name in BULK_COLUMNS)
BULK_LINES: Final = f"""
-- service.bulk_qos: the same as lines of JSON, values that are not there left out: five times as fast as JSONEachRow
SELECT toJSONString(tuple({", ".join(BULK_COLUMNS)})::Tuple({BULK_TYPE})) {BULK_FROM}
"""


@endpoint(
    "/bulk/qos", name="bulk_qos", families=("meetings", "webinars"), granular="list_meeting_participants_qos",
    rate="qos", response=None, version="v1",
)  # fmt: skip
def bulk_qos(context: Context, params: BulkParams) -> Stream:
    """Stream all quality minutes of a window as numbers: no pages, no limit."""
    if context.caller.groups:
        raise RoleForbids("Your role covers single groups: the bulk stream covers all.")
    asked = window(params, "open")
    about = {"account": context.caller.account_id, "begin": asked.begin, "end": asked.end}
    if params.format == "parquet":
        return Stream(parquet(context.store.engine.batches(BULK, about)), "application/vnd.apache.parquet", BULK_COLUMNS)
    return Stream(context.store.stream(BULK_LINES, about, "TSVRaw"), "application/x-ndjson", BULK_COLUMNS)
