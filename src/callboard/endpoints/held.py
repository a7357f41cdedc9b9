"""What was held in a range: past meetings and webinars of two or more people, with their joins and minutes added up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable
from typing import Any, Final

from callboard.contract.features import Feature
from callboard.endpoints import daily
from callboard.endpoints.listing import DAY, IN_GROUP, SOLO, STATES, near
from callboard.endpoints.registry import Context
from callboard.store.tables import PARTICIPANTS

IN_RANGE: Final = "account_id = {account:String} AND start_time >= {from:UInt32} AND start_time < {until:UInt32}"
HELD: Final = f"""
  SELECT uuid, kind, toUnixTimestamp(min(start_time)) AS begun, toUnixTimestamp(max(end_time)) AS ended, {SOLO} AS solo,
         ifNull(max(host_id), '') AS host, max(host_name) AS named, max(host_email) AS mailed, max(number) AS dialled,
         groupBitOr(features) AS said
  FROM meetings WHERE {IN_RANGE}
  GROUP BY uuid, kind
  HAVING {STATES["past"]} AND begun >= {{begin:UInt32}} AND begun < {{end:UInt32}}"""
"""Past meetings and webinars of two or more people that began in a range; more tests may follow."""
HELD_IDS: Final = f"uuid IN (SELECT uuid FROM meetings WHERE {IN_RANGE})"
PERSON: Final = "coalesce(nullIf(max(participant_user_id), ''), lower(nullIf(max(email), '')), max(name).2, user_id)"
"""SQL of who a join is of, as far as it says."""
LIVE: Final = """FROM meetings WHERE account_id = {account:String} AND start_time >= {live_since:UInt32}
GROUP BY uuid HAVING isNull(max(end_time)) AND toUnixTimestamp(min(start_time)) >= {live_since:UInt32}"""
"""What goes on; more tests may follow."""


def held(context: Context, begin: int, end: int, groups: tuple[str, ...] = ()) -> dict[str, Any]:
    """What questions about what was held in `[begin, end)` are asked with."""
    return {
        "account": context.caller.account_id,
        "begin": begin,
        "end": end,
        **near(begin, end),
        "live_since": context.live_since,
        "groups": list(groups),
    }


LIVE_UUIDS: Final = f"-- held.live_uuids: what goes on\nSELECT uuid {LIVE}"


def live_uuids(context: Context) -> list[str]:
    """The instances of the account that go on."""
    asked = {"account": context.caller.account_id, "live_since": context.live_since}
    return [uuid for (uuid,) in context.store.ask(LIVE_UUIDS, asked).rows]


def settled(context: Context, begin: int, end: int, *also: Hashable) -> tuple[Hashable, ...] | None:
    """What an answer about what was held in `[begin, end)` follows from; None while some of it may still go on."""
    account = context.caller.account_id
    over = end + DAY < context.live_since
    return (*daily.of_days(account, begin, end), ("people", account), *also) if over else None


JOINED: Final = f"""
  SELECT uuid, countIf(main) AS joins, sumIf(dateDiff('second', joined, gone), timed AND gone > joined) AS left_seconds,
         countIf(timed AND isNull(gone)) AS stayed, sumIf(toUnixTimestamp(joined), timed AND isNull(gone)) AS stayed_since
  FROM (
    SELECT uuid, user_id, bitAnd(groupBitOr(features), {Feature.JOINED:d}) != 0 AS main,
           {PARTICIPANTS["join_time"].merged} AS joined, {PARTICIPANTS["leave_time"].merged} AS gone,
           main AND isNotNull(joined) AS timed
    FROM participants WHERE account_id = {{account:String}} AND {HELD_IDS}
    GROUP BY uuid, user_id)
  GROUP BY uuid"""
FIGURES: Final = f"""
SELECT intDiv(begun, {DAY}) AS day, {{by}}count() AS meetings, sum(joins) AS participants, sum(minutes) AS meeting_minutes
FROM (
  SELECT begun, host, named, mailed, joins,
         intDiv(ifNull(left_seconds, 0) + if(isNull(ended), 0,
           greatest(0, toInt64(stayed) * assumeNotNull(ended) - ifNull(stayed_since, 0))) + 59, 60) AS minutes
  FROM ({HELD} {{groups}}) AS held LEFT JOIN ({JOINED}) AS joined USING (uuid))
GROUP BY day"""


def of_days(context: Context, groups: tuple[str, ...], begin: int, end: int) -> dict[int, Any]:
    """Meetings, joins and minutes of each day."""
    sql = "-- held.of_days: what was held on each day" + FIGURES.replace("{by}", "")
    sql = sql.replace("{groups}", f"AND {IN_GROUP}" if groups else "")
    rows = context.store.ask(sql, held(context, begin, end, groups)).rows
    return {day: figures for day, *figures in rows}


def of_hosts(context: Context, begin: int, end: int) -> dict[int, Any]:
    """Rows `[host, name, mail, meetings, joins, minutes]` of each day."""
    by = "host, max(named).2 AS name, max(mailed).2 AS mail, "
    sql = "-- held.of_hosts: what each host held on each day" + FIGURES.replace("{by}", by).replace("{groups}", "") + ", host"
    days: dict[int, Any] = defaultdict(list)
    for day, *figures in context.store.ask(sql, held(context, begin, end)).rows:
        days[day].append(figures)
    return days


Count = Callable[[int, int], dict[int, Any]]


def by_day(context: Context, name: str, begin: int, end: int, count: Count, *also: Hashable, **about: Any) -> dict[int, Any]:
    """Figures by day, of whole days remembered; a range that cuts a day is counted as it is."""
    whole = begin % DAY == 0 and end % DAY == 0
    return daily.by_day(context, name, begin, end, count, *also, **about) if whole else count(begin, end)
