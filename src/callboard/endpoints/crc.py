"""Room connector ports, hour by hour, and recordings beside them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any, Final

from callboard.contract.errors import RoleForbids
from callboard.contract.features import Feature
from callboard.contract.usage import CrcUsage
from callboard.contract.wire import Columns
from callboard.endpoints.daily import DAY, by_day, of_days, of_tables
from callboard.endpoints.figures import date, days_window
from callboard.endpoints.listing import MARGIN
from callboard.endpoints.params import Range
from callboard.endpoints.registry import Answer, Context, endpoint
from callboard.endpoints.storage import storage
from callboard.store.tables import CRC_HOURS, PARTICIPANTS

HOUR: Final = 3600
JOINS: Final = f"""
-- crc.joins: joins of H.323 and SIP devices, by the day that their instance began
SELECT intDiv(begun, {DAY}) AS day, came, went
FROM (
  SELECT uuid, toUnixTimestamp(coalesce(min(join_time), min(first_minute))) AS came,
         toUnixTimestamp(max(leave_time)) AS gone, toUnixTimestamp(max(last_minute)) + 60 AS heard
  FROM participants
  WHERE account_id = {{account:String}} AND uuid IN (
    SELECT uuid FROM meetings
    WHERE account_id = {{account:String}} AND start_time >= {{from:UInt32}} AND start_time < {{until:UInt32}})
  GROUP BY account_id, uuid, user_id
  HAVING (bitAnd(groupBitOr(features), {int(Feature.SIP)}) != 0 OR {PARTICIPANTS["device"].merged} = 'H.323/SIP')
    AND bitAnd(groupBitOr(features), {int(Feature.BREAKOUT)}) = 0 AND isNotNull(came)) AS joins
INNER JOIN (
  SELECT uuid, toUnixTimestamp(min(start_time)) AS begun, toUnixTimestamp(max(end_time)) AS ended
  FROM meetings
  WHERE account_id = {{account:String}} AND start_time >= {{from:UInt32}} AND start_time < {{until:UInt32}}
  GROUP BY uuid HAVING begun >= {{begin:UInt32}} AND begun < {{end:UInt32}}) AS instances USING uuid
ARRAY JOIN [greatest(came + 1, coalesce(
  gone, ended, if(begun >= {{live_since:UInt32}}, {{now:UInt32}}, NULL), heard, came + 1))] AS went
"""


def joins(context: Context, begin: int, end: int) -> list[tuple[int, int]]:
    """When H.323 and SIP devices came and went, of instances that began in `[begin, end)`: Unix seconds.

    Who was not heard to leave left when the meeting ended; where nobody said that either, a live one is there now, and
    another is taken to have gone after its last minute with quality data. A breakout room is the same connection.
    """
    account = context.caller.account_id

    def count(begin: int, end: int) -> dict[int, Any]:
        asked = {"account": account, "begin": begin, "end": end, "from": max(0, begin - MARGIN), "until": end + MARGIN}
        asked |= {"live_since": context.live_since, "now": context.now}
        found: dict[int, Any] = {}
        for day, *span in context.store.ask(JOINS, asked).rows:
            found.setdefault(day, []).append(span)
        return found

    return [(came, went) for spans in by_day(context, "crc", begin, end, count).values() for came, went in spans]


def ports(spans: Iterable[tuple[int, int]], begin: int, end: int) -> tuple[list[int], list[int]]:
    """For each hour of `[begin, end)`: the most spans at the same second, and how many touch the hour.

    A span `(came, went)` holds the second `came` and no longer `went`: who comes as another goes needs one port.
    """
    hours = (end - begin) // HOUR
    most, total = [0] * hours, [0] * hours
    edges = []
    for came, went in spans:
        came, went = max(came, begin), min(went, end)
        if came < went:
            edges += [(came, 1), (went, -1)]
            for hour in range((came - begin) // HOUR, (went - 1 - begin) // HOUR + 1):
                total[hour] += 1
    active = hour = 0
    for at, step in sorted(edges):
        reached = (at - begin - (step < 0)) // HOUR
        while hour < reached:
            hour += 1
            most[hour] = active
        active += step
        most[hour] = max(most[hour], active)
    return most, total


TOLD: Final = f"""
-- crc.told: hours of ports that a source told
SELECT toUnixTimestamp(hour), {CRC_HOURS["max_usage"].merged}, {CRC_HOURS["total_usage"].merged}
FROM crc_hours WHERE account_id = {{account:String}} AND hour >= {{begin:UInt32}} AND hour < {{end:UInt32}}
GROUP BY hour
"""


def _ports(context: Context, touched: range) -> list[list[Any]]:
    begin, end = touched.start * DAY, touched.stop * DAY
    asked = {"account": context.caller.account_id, "begin": begin, "end": end}
    told = context.store.beside(context.store.ask, TOLD, asked)
    most, total = ports(joins(context, _since(context, begin), end), begin, end)
    for at, *said in told().rows:
        for counted, value in zip((most, total), said, strict=True):
            if value is not None:
                counted[(at - begin) // HOUR] = value
    hours = [[f"{n % 24:02d}", *both] for n, both in enumerate(zip(most, total, strict=True))]
    return [[date(day), hours[24 * n : 24 * n + 24]] for n, day in enumerate(touched)]


def _since(context: Context, begin: int) -> int:
    """The day from whose meetings someone may still be there at `begin`."""
    return max(0, begin - context.settings.live_max_hours * HOUR) // DAY * DAY


def _recordings(context: Context, touched: range) -> list[list[Any]]:
    found = zip(touched, storage(context, touched), strict=True)
    return [[date(day), one.recordings, one.files, one.total_size, one.used] for day, one in found]


class CrcParams(Range):
    """Parameters of the hourly use of ports: whole UTC days, at most 366 of them."""


PORTS: Final[Columns] = ("date_time", ("crc_ports_hour_usage", ("hour", "max_usage", "total_usage")))
RECORDING: Final[Columns] = ("date_time", "recordings", "files", "total_size", "storage_used")
COLUMNS: Final[Columns] = ("from", "to", ("crc_ports_usage", PORTS), ("recording_usage", RECORDING))


@endpoint(
    "/metrics/crc",
    granular="crc_port_usage",
    families=("crc",),
    rate="report",
    response=CrcUsage,
    operation="dashboardCRC",
)
def get_crc(context: Context, params: CrcParams) -> Answer:
    """Get how many room connector ports were used in each hour, and what was recorded each day."""
    if context.caller.groups:
        raise RoleForbids("Your role covers single groups: room connector ports are the account's.")
    asked, touched = days_window(context, params)
    if not touched:
        return Answer(CrcUsage, COLUMNS, [asked.from_, asked.to, [], []])
    recorded = context.store.beside(_recordings, context, touched)
    days = _ports(context, touched)
    return Answer(CrcUsage, COLUMNS, [asked.from_, asked.to, days, recorded()], _depends(context, touched))


def _depends(context: Context, touched: range) -> tuple[Hashable, ...] | None:
    end, account = touched.stop * DAY, context.caller.account_id
    if end + DAY >= context.live_since:
        return None
    begin = _since(context, touched.start * DAY)
    return (*of_days(account, begin, end), *of_tables(account, "crc_hours", "recordings", "storage_days"))
