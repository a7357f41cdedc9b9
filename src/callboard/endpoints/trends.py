"""How much is held: by day or month, and by hour of the week."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from callboard.contract.features import Feature
from callboard.contract.trends import UsageDays, UsageHours
from callboard.contract.wire import Columns
from callboard.endpoints.held import HELD, HELD_IDS, held, settled
from callboard.endpoints.listing import IN_GROUP
from callboard.endpoints.params import Range, Window, window
from callboard.endpoints.people import groups_of
from callboard.endpoints.registry import Answer, Context, endpoint
from callboard.store.tables import PARTICIPANTS


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"there is no time zone {name!r}") from None
    return name


TimeZone = Annotated[str, AfterValidator(_zone)]

WANTED: Final = f"""
  SELECT uuid, kind, host, begun, ended FROM ({HELD} {{groups}}) AS held
  WHERE ({{kind:String}} = '' OR kind = {{kind:String}}) AND ({{department:String}} = '' OR host IN (
    SELECT user_id FROM people WHERE account_id = {{account:String}}
    GROUP BY user_id HAVING max(dept).2 = {{department:String}}))"""
"""What was held that a question is about."""
STAYS: Final = f"""
  SELECT uuid, {PARTICIPANTS["join_time"].merged} AS joined, {PARTICIPANTS["leave_time"].merged} AS gone,
         coalesce(nullIf(max(participant_user_id), ''), lower(nullIf(max(email), '')), max(name).2, user_id) AS person
  FROM participants WHERE account_id = {{account:String}} AND {HELD_IDS}
  GROUP BY uuid, user_id HAVING bitAnd(groupBitOr(features), {Feature.JOINED:d}) != 0"""
"""The joins of them: into the meeting itself, not into its waiting or breakout rooms."""
STAYED: Final = f"""
  SELECT begun, person, toUnixTimestamp(ifNull(joined, fromUnixTimestamp(begun))) AS came,
         greatest(came, ifNull(toUnixTimestamp(gone), ifNull(ended, came))) AS went
  FROM ({STAYS}) AS stays INNER JOIN ({WANTED}) AS wanted USING (uuid)"""
"""Their spans in Unix seconds: who is not known to have left stayed to the end."""


def _most(begin: str, end: str) -> str:
    """SQL of how many spans went on at once at the most; one that ends when another begins is over."""
    edges = f"arraySort(groupArrayArray([({begin}, 1), ({end}, -1)]))"
    return f"arrayMax(arrayCumSum(arrayMap(edge -> edge.2, {edges})))"


INSTANCES: Final = f"""
-- trends.instances: how many were held in each period, for how long, and how many at once; the row of all has no period
SELECT {{period}} AS period, countIf(kind = 'meeting'), countIf(kind = 'webinar'),
       round(sum(over - begun) / 3600, 2), {_most("begun", "over")}
FROM (SELECT kind, begun, greatest(begun, ifNull(ended, begun)) AS over FROM ({WANTED}))
GROUP BY GROUPING SETS ((period), ()) ORDER BY period
"""
JOINS: Final = f"""
-- trends.joins: who joined what was held in each period, for how long, and how many at once
SELECT {{period}} AS period, count(), uniqExact(person), intDiv(sum(went - came) + 30, 60), {_most("came", "went")}
FROM ({STAYED}) GROUP BY GROUPING SETS ((period), ()) ORDER BY period
"""
PERIODS: Final = {
    "day": "toString(toDate(toDateTime(begun, {timezone:String})))",
    "month": "toString(toStartOfMonth(toDateTime(begun, {timezone:String})))",
}
USE: Final[Columns] = (
    *("meetings", "webinars", "hours", "joins", "people", "participant_minutes", "peak_meetings", "peak_people"),
)


class TrendParams(Range):
    """Parameters of what is held over time."""

    timezone: TimeZone = Field("UTC", description="Whose days and hours are meant, such as `Europe/Berlin`.")
    kind: Literal["", "meeting", "webinar"] = Field("", description="Meetings or webinars only; empty for both.")
    department: str = Field("", description="Only what people of this department hosted.")
    group_id: str = Field("", description="Only what people of this group hosted.")


class DaysParams(TrendParams):
    """Parameters of what is held by day or month."""

    by: Literal["day", "month"] = Field("day", description="How long a period is.")


def _asked(context: Context, params: TrendParams, asked: Window, groups: tuple[str, ...]) -> dict[str, Any]:
    about = held(context, asked.begin, asked.end, groups)
    return about | {"timezone": params.timezone, "kind": params.kind, "department": params.department}


def _ask(context: Context, params: TrendParams, asked: Window, *questions: str) -> list[dict[Any, list[Any]]]:
    """The rows of questions that are asked at the same time, by their first column."""
    groups = groups_of(context, params.group_id)
    about = _asked(context, params, asked, groups)
    filled = [sql.replace("{groups}", f"AND {IN_GROUP}" if groups else "") for sql in questions]
    asking = [context.store.beside(context.store.ask, sql, about, True) for sql in filled]
    return [{key: row for key, *row in ask().rows} for ask in asking]


@endpoint(
    "/usage/days", name="get_usage_days", families=("meetings", "webinars"), granular="list_meetings",
    rate="complex", response=UsageDays, version="v1",
)  # fmt: skip
def get_usage_days(context: Context, params: DaysParams) -> Answer:
    """Get what was held by day or month: instances, hours, joins, people, and the most at once."""
    asked = window(params, "open")
    period = PERIODS[params.by]
    instances, joins = _ask(context, params, asked, INSTANCES.replace("{period}", period), JOINS.replace("{period}", period))
    rows = {
        begin: [*held_[:3], *stayed[:3], held_[3], stayed[3]]
        for begin, held_ in instances.items()
        for stayed in [joins.get(begin, [0, 0, 0, 0])]
    }
    total = rows.pop("", [0] * len(USE))
    columns: Columns = ("from", "to", "timezone", "by", ("periods", ("begin", *USE)), *(f"total_{name}" for name in USE))
    periods = [[begin, *row] for begin, row in rows.items()]
    said = [asked.from_, asked.to, params.timezone, params.by, periods, *total]
    return Answer(UsageDays, columns, said, settled(context, asked.begin, asked.end))


HOURS: Final = f"""
-- trends.hours: what began in each hour of the week
SELECT toDayOfWeek(at) * 100 + toHour(at) AS hour, count()
FROM (SELECT toDateTime(begun, {{timezone:String}}) AS at FROM ({WANTED})) GROUP BY hour
"""
HOURS_JOINED: Final = f"""
-- trends.hours_joined: joins of what began in each hour of the week
SELECT toDayOfWeek(at) * 100 + toHour(at) AS hour, count(), intDiv(sum(went - came) + 30, 60)
FROM (SELECT toDateTime(begun, {{timezone:String}}) AS at, came, went FROM ({STAYED})) GROUP BY hour
"""
WEEK: Final = 7 * 86_400


@endpoint(
    "/usage/hours", name="get_usage_hours", families=("meetings", "webinars"), granular="list_meetings",
    rate="complex", response=UsageHours, version="v1",
)  # fmt: skip
def get_usage_hours(context: Context, params: TrendParams) -> Answer:
    """Get what was held by hour of the week."""
    asked = window(params, "open")
    began, joined = _ask(context, params, asked, HOURS, HOURS_JOINED)
    weeks = max(1 / 7, (min(asked.end, context.now) - asked.begin) / WEEK)
    rows = []
    for at in ((weekday, hour) for weekday in range(1, 8) for hour in range(24)):
        key = at[0] * 100 + at[1]
        (meetings,), (joins, minutes) = began.get(key, [0]), joined.get(key, [0, 0])
        rows.append([*at, meetings, joins, minutes, round(meetings / weeks, 2)])
    hour: Columns = ("weekday", "hour", "meetings", "joins", "minutes", "mean_meetings")
    said = [asked.from_, asked.to, params.timezone, round(weeks, 2), rows]
    columns: Columns = ("from", "to", "timezone", "weeks", ("hours", hour))
    return Answer(UsageHours, columns, said, settled(context, asked.begin, asked.end))
