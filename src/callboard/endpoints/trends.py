"""How much is held: by day or month, and by hour of the week."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo

import numpy as np
from pydantic import AfterValidator, Field

from callboard.contract.trends import UsageDays, UsageHours
from callboard.contract.wire import Columns
from callboard.endpoints.held import settled
from callboard.endpoints.params import Range, Window, window
from callboard.endpoints.people import groups_of
from callboard.endpoints.registry import Answer, Context, endpoint
from callboard.endpoints.spans import Spans, local, most, spans


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"there is no time zone {name!r}") from None
    return name


TimeZone = Annotated[str, AfterValidator(_zone)]

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


def _spans(context: Context, params: TrendParams, asked: Window) -> Spans:
    groups = groups_of(context, params.group_id)
    return spans(context, asked.begin, asked.end, kind=params.kind, department=params.department, groups=groups)


def _use(found: Spans) -> list[Any]:
    """A row of `USE`."""
    webinars = int((found.kind == "webinar").sum())
    hours = round(int((found.over - found.begun).sum()) / 3600, 2)
    joins = [len(found.of), len(np.unique(found.person)), (int((found.went - found.came).sum()) + 30) // 60]
    return [len(found) - webinars, webinars, hours, *joins, most(found.begun, found.over), most(found.came, found.went)]


@endpoint(
    "/usage/days", name="get_usage_days", families=("meetings", "webinars"), granular="list_meetings",
    rate="complex", response=UsageDays, version="v1",
)  # fmt: skip
def get_usage_days(context: Context, params: DaysParams) -> Answer:
    """Get what was held by day or month: instances, hours, joins, people, and the most at once."""
    asked = window(params, "open")
    found = _spans(context, params, asked)
    begins = local(found.begun, params.timezone, lambda at: f"{at:%Y-%m-%d}" if params.by == "day" else f"{at:%Y-%m}-01")
    periods = [[str(begin), *_use(found.only(begins == begin))] for begin in np.unique(begins)]
    columns: Columns = ("from", "to", "timezone", "by", ("periods", ("begin", *USE)), *(f"total_{name}" for name in USE))
    said = [asked.from_, asked.to, params.timezone, params.by, periods, *_use(found)]
    return Answer(UsageDays, columns, said, settled(context, asked.begin, asked.end))


WEEK: Final = 7 * 86_400
HOURS: Final = 7 * 24


@endpoint(
    "/usage/hours", name="get_usage_hours", families=("meetings", "webinars"), granular="list_meetings",
    rate="complex", response=UsageHours, version="v1",
)  # fmt: skip
def get_usage_hours(context: Context, params: TrendParams) -> Answer:
    """Get what was held by hour of the week."""
    asked = window(params, "open")
    found = _spans(context, params, asked)
    hour_of = local(found.begun, params.timezone, lambda at: at.weekday() * 24 + at.hour).astype(np.int64)
    meetings, joins = np.bincount(hour_of, minlength=HOURS), np.bincount(hour_of[found.of], minlength=HOURS)
    stayed = np.bincount(hour_of[found.of], found.went - found.came, HOURS).astype(np.int64)
    weeks = max(1 / 7, (min(asked.end, context.now) - asked.begin) / WEEK)
    counts = zip(meetings.tolist(), joins.tolist(), ((stayed + 30) // 60).tolist(), strict=True)
    rows = [[n // 24 + 1, n % 24, *count, round(count[0] / weeks, 2)] for n, count in enumerate(counts)]
    hour: Columns = ("weekday", "hour", "meetings", "joins", "minutes", "mean_meetings")
    said = [asked.from_, asked.to, params.timezone, round(weeks, 2), rows]
    columns: Columns = ("from", "to", "timezone", "weeks", ("hours", hour))
    return Answer(UsageHours, columns, said, settled(context, asked.begin, asked.end))
