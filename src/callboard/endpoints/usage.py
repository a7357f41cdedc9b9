"""Which features meetings use, over time and by department."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, Literal

from pydantic import Field

from callboard.contract.feature_usage import FeatureUsage
from callboard.contract.features import SHARE, Feature
from callboard.contract.wire import Columns
from callboard.endpoints.daily import of_tables
from callboard.endpoints.held import HELD, HELD_IDS, by_day, held, settled
from callboard.endpoints.listing import DAY, IN_GROUP
from callboard.endpoints.params import Range, window
from callboard.endpoints.people import groups_of
from callboard.endpoints.registry import Answer, Context, endpoint

FEATURES: Final[dict[str, Feature]] = {
    "sharing": SHARE,
    "whiteboard": Feature.SHARE_WHITEBOARD,
    "recording": Feature.RECORDING,
    "breakout_rooms": Feature.BREAKOUT,
    "video": Feature.VIDEO,
    "computer_audio": Feature.VOIP,
    "phone": Feature.PSTN,
    "room_systems": Feature.SIP | Feature.ROOM,
    "chat": Feature.CHAT,
    "polls": Feature.POLL,
    "surveys": Feature.SURVEY,
    "qa": Feature.QA,
    "reactions": Feature.REACTION,
    "raised_hands": Feature.RAISE_HAND,
    "registration": Feature.REGISTRATION,
    "waiting_room": Feature.WAITING_ROOM,
    "live_stream": Feature.LIVE_STREAM,
    "captions": Feature.MANUAL_CAPTIONS | Feature.AUTOMATED_CAPTIONS,
    "summary": Feature.SUMMARY,
    "archiving": Feature.ARCHIVING,
    "remote_control": Feature.REMOTE_CONTROL,
}
"""Features by the name that they are reported under: a meeting used one when any of its bits is set."""

USED: Final = f"""
  SELECT uuid, groupBitOr(bits) AS used FROM (
    SELECT account_id, uuid, features AS bits FROM participants
    UNION ALL SELECT account_id, uuid, toUInt32({Feature.CHAT:d}) FROM meeting_messages
    UNION ALL SELECT account_id, uuid, toUInt32(if(form = 'poll', {Feature.POLL:d}, {Feature.SURVEY:d})) FROM answers
    UNION ALL SELECT account_id, uuid, toUInt32({Feature.QA:d}) FROM questions
    UNION ALL SELECT account_id, uuid, toUInt32(if(reaction = 'hand', {Feature.RAISE_HAND:d}, {Feature.REACTION:d}))
    FROM reactions)
  WHERE account_id = {{account:String}} AND {HELD_IDS}
  GROUP BY uuid"""
REGISTERED: Final = f"""if(dialled IN (SELECT number FROM registrants WHERE account_id = {{account:String}}),
           toUInt32({Feature.REGISTRATION:d}), toUInt32(0))"""
COUNTED: Final = f"""
-- usage.counted: how many meetings used each feature, by day, kind and department
SELECT intDiv(begun, {DAY}) AS day, kind, dept, count() AS meetings,
       [{", ".join(f"countIf(bitAnd(bits, {mask:d}) != 0)" for mask in FEATURES.values())}] AS counts
FROM (
  SELECT begun, toString(kind) AS kind, host, bitOr(bitOr(said, ifNull(used, 0)), {REGISTERED}) AS bits
  FROM ({HELD} {{groups}}) AS held LEFT JOIN ({USED}) AS used USING (uuid)) AS meeting
LEFT JOIN (
  SELECT user_id AS host, max(dept).2 AS dept FROM people WHERE account_id = {{account:String}} GROUP BY user_id) AS person
USING (host)
GROUP BY day, kind, dept
"""
BESIDE: Final = """
-- usage.beside: numbers that change when someone moves to another department, or a meeting gets its first registration
SELECT groupBitXor(cityHash64(user_id, moved)) FROM (
  SELECT user_id, max(dept).2 AS moved FROM people WHERE account_id = {account:String} GROUP BY user_id)
UNION ALL
SELECT groupBitXor(cityHash64(number)) FROM (SELECT DISTINCT number FROM registrants WHERE account_id = {account:String})
"""


class UsageParams(Range):
    """Parameters of the use of features."""

    by: Literal["day", "week", "month"] = Field("day", description="How long a period is.")
    kind: Literal["", "meeting", "webinar"] = Field("", description="Meetings or webinars only; empty for both.")
    department: str = Field("", description="Only what people of this department hosted.")
    group_id: str = Field("", description="Only what people of this group hosted.")


USE: Final[Columns] = ("meetings", ("features", ("feature", "meetings", "share")))
COLUMNS: Final[Columns] = ("from", "to", "by", *USE, ("periods", ("begin", *USE)), ("departments", ("department", *USE)))


@endpoint(
    "/usage/features",
    name="get_feature_usage",
    families=("meetings", "webinars"),
    granular="list_meetings",
    rate="complex",
    response=FeatureUsage,
    version="v1",
)
def get_feature_usage(context: Context, params: UsageParams) -> Answer:
    """Get how many meetings used each feature, over time and by department of the host."""
    asked = window(params, context.settings.profile)
    rows = [
        (day, dept, [meetings, *counts])
        for day, found in _by_day(context, asked.begin, asked.end, groups_of(context, params.group_id)).items()
        for kind, dept, meetings, counts in found
        if params.kind in ("", kind) and params.department in ("", dept)
    ]
    first = FIRST_DAYS[params.by]
    periods = [[_date(day), *_use(sums)] for day, sums in _sums(rows, lambda row: first(row[0]))]
    departments = [[dept, *_use(sums)] for dept, sums in _sums(rows, lambda row: row[1])]
    whole = _added(sums for _, _, sums in rows)
    said = [asked.from_, asked.to, params.by, *_use(whole), periods, departments]
    also = of_tables(context.caller.account_id, "registrants")
    return Answer(FeatureUsage, COLUMNS, said, settled(context, asked.begin, asked.end, *also))


def _by_day(context: Context, begin: int, end: int, groups: tuple[str, ...]) -> dict[int, Any]:
    """Rows `[kind, department, meetings, counts]` of each day.

    They are remembered under a name that says who is in which department: people are told of often, and seldom move.
    """
    account = context.caller.account_id
    beside = " ".join(str(number) for (number,) in context.store.ask(BESIDE, {"account": account}).rows)
    also = (("people", account),) if groups else ()
    return by_day(context, f"usage {beside} {' '.join(groups)}", begin, end, partial(_counted, context, groups), *also)


def _counted(context: Context, groups: tuple[str, ...], begin: int, end: int) -> dict[int, Any]:
    sql = COUNTED.replace("{groups}", f"AND {IN_GROUP}" if groups else "")
    days: dict[int, Any] = defaultdict(list)
    for day, *figures in context.store.ask(sql, held(context, begin, end, groups)).rows:
        days[day].append(figures)
    return days


def _date(day: int) -> str:
    return f"{datetime.fromtimestamp(day * DAY, UTC):%Y-%m-%d}"


FIRST_DAYS: Final[dict[str, Callable[[int], int]]] = {
    "day": lambda day: day,
    "week": lambda day: day - (day + 3) % 7,
    "month": lambda day: day - datetime.fromtimestamp(day * DAY, UTC).day + 1,
}
"""The first day of the period that a day is in; days since 1970, which began on a Thursday."""


def _sums(rows: list[Any], key: Callable[[Any], Any]) -> list[tuple[Any, list[int]]]:
    """Rows added up by key, in its order."""
    together: dict[Any, list[list[int]]] = defaultdict(list)
    for row in rows:
        together[key(row)].append(row[2])
    return [(name, _added(sums)) for name, sums in sorted(together.items())]


def _added(rows: Any) -> list[int]:
    return [sum(column) for column in zip(*rows, strict=True)] or [0] * (len(FEATURES) + 1)


def _use(sums: list[int]) -> list[Any]:
    """The values of `USE`."""
    meetings, *counts = sums
    return [
        meetings,
        [[name, n, round(n / meetings, 4) if meetings else 0.0] for name, n in zip(FEATURES, counts, strict=True)],
    ]
