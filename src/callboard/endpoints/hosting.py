"""Who hosts how much, and how good it was: by host, by department, and the quality of days."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field

from callboard.contract.trends import QualityDays, UsageDepartments, UsageHosts
from callboard.contract.wire import Columns
from callboard.endpoints import minutes
from callboard.endpoints.browsing import band_of, calls, share_of
from callboard.endpoints.daily import DAY, by_day, of_days
from callboard.endpoints.figures import date, days_window
from callboard.endpoints.held import settled
from callboard.endpoints.pages import PAGE_COLUMNS, cut, resume
from callboard.endpoints.params import Paged, Range, Window, window
from callboard.endpoints.registry import Answer, Context, endpoint
from callboard.quality import Profile


class HostedParams(Range):
    """Parameters of what people hosted."""

    kind: Literal["", "meeting", "webinar"] = Field("", description="Meetings or webinars only; empty for both.")
    profile: str = Field("", description="How minutes are judged; by default as the setting `quality_profile` says.")


def _hosted(context: Context, params: HostedParams, asked: Window) -> dict[str, list[Any]]:
    """By host: name, mail, department, then past instances, seconds, joins, participant minutes, judged and bad minutes."""
    profile = minutes.profile_named(params.profile, context.settings)
    hosts: dict[str, list[Any]] = {}
    for call in calls(context, params.kind or None, profile, asked.begin, asked.end):
        if call.solo or call.live(context):
            continue
        said = hosts.setdefault(call.host_id, [call.host_name, call.host_email, call.department, 0, 0, 0, 0, 0, 0])
        stayed = round(call.person_seconds(context.now) / 60)
        figures = (1, call.seconds(context.now), call.joins, stayed, call.judged, call.bad)
        said[3:] = [a + b for a, b in zip(said[3:], figures, strict=True)]
    return hosts


SORTS: Final = {"meetings": 4, "hours": 5, "people": 7, "bad": 10}
HOST: Final[Columns] = (
    *("host_id", "host_name", "host_email", "department", "meetings", "hours", "joins", "people"),
    *("judged_minutes", "bad_minutes", "share_bad", "band"),
)


def _host(host: str, said: list[Any]) -> list[Any]:
    """A row of `HOST`."""
    name, mail, dept, count, seconds, joins, _, judged, bad = said
    hours, each = round(seconds / 3600, 2), round(joins / count, 2)
    return [host, name, mail, dept, count, hours, joins, each, judged, bad, share_of(judged, bad), band_of(judged, bad)]


def _empty_is_default(value: Any) -> Any:
    return value or "meetings"


class HostsParams(Paged, HostedParams):
    """Parameters of the list of hosts."""

    department: str = Field("", description="Only hosts of this department.")
    q: str = Field("", description="Only hosts with these letters in name or mail address.")
    sort: Annotated[Literal["meetings", "hours", "people", "bad"], BeforeValidator(_empty_is_default)] = Field(
        "meetings", description="By what they are ordered; `bad` is the share of bad minutes."
    )
    order: Literal["desc", "asc"] = Field("desc", description="Which way.")


@endpoint(
    "/usage/hosts", name="get_usage_hosts", families=("meetings", "webinars"), granular="list_meetings",
    rate="complex", response=UsageHosts, version="v1",
)  # fmt: skip
def get_usage_hosts(context: Context, params: HostsParams) -> Answer:
    """List hosts with what they held and how good it was."""
    params, cursor = resume(context, "get_usage_hosts", params)
    asked = window(params, "open")
    letters = params.q.lower()
    rows: list[list[Any]] = [
        _host(host, said)
        for host, said in _hosted(context, params, asked).items()
        if params.department in ("", said[2]) and letters in f"{said[0]} {said[1]}".lower()
    ]
    by, way = SORTS[params.sort], -1 if params.order == "desc" else 1

    def key(row: list[Any]) -> list[Any]:
        return [row[by] is None, way * (row[by] or 0), row[0]]

    page = cut(context, "get_usage_hosts", params, cursor, sorted(rows, key=key), key)
    columns: Columns = ("from", "to", *PAGE_COLUMNS, ("hosts", HOST))
    said = [asked.from_, asked.to, *page.envelope, page.rows]
    return Answer(UsageHosts, columns, said, settled(context, asked.begin, asked.end))


DEPARTMENT: Final[Columns] = (
    *("department", "hosts", "meetings", "hours", "joins", "participant_minutes"),
    *("judged_minutes", "bad_minutes", "share_bad"),
)


@endpoint(
    "/usage/departments", name="get_usage_departments", families=("meetings", "webinars"), granular="list_meetings",
    rate="complex", response=UsageDepartments, version="v1",
)  # fmt: skip
def get_usage_departments(context: Context, params: HostedParams) -> Answer:
    """Get what the people of each department hosted, and how good it was."""
    asked = window(params, "open")
    departments: dict[str, list[int]] = {}
    for _, _, dept, *figures in _hosted(context, params, asked).values():
        before = departments.setdefault(dept, [0] * 7)
        before[:] = [before[0] + 1, *(a + b for a, b in zip(before[1:], figures, strict=True))]
    rows: list[list[Any]] = [
        [dept, hosts, count, round(seconds / 3600, 2), joins, stayed, judged, bad, share_of(judged, bad)]
        for dept, (hosts, count, seconds, joins, stayed, judged, bad) in departments.items()
    ]
    rows.sort(key=lambda row: (-row[2], row[0]))
    columns: Columns = ("from", "to", ("departments", DEPARTMENT))
    return Answer(UsageDepartments, columns, [asked.from_, asked.to, rows], settled(context, asked.begin, asked.end))


# Quality of days

JUDGED: Final = f"""
-- hosting.judged: minutes of each day, and bad ones among them
WITH instances AS ({{instances}})
SELECT intDiv(i.begun, {DAY}) AS day, countIf(v > 0), countIf(v >= {minutes.POOR})
FROM (SELECT uuid, {{medium}} AS v FROM ({{judged}})) AS q INNER JOIN instances AS i ON i.uuid = q.uuid
GROUP BY day
"""
WEEKS: Final = 8
LEAST_DAYS: Final = 3
WEEKDAY: Final = 7


class QualityDaysParams(HostedParams):
    """Parameters of the quality of days."""

    medium: Literal["all", "audio", "video", "sharing"] = Field("all", description="Which streams; `all` takes the worst.")


def _judged(context: Context, params: QualityDaysParams, profile: Profile, days: range) -> dict[int, tuple[int, int]]:
    if params.medium == "all":
        return _judged_calls(context, params, profile, days)
    sql = JUDGED.replace("{instances}", minutes.instances(context, params.kind)).replace("{judged}", minutes.judged(profile))
    sql = sql.replace("{medium}", params.medium)

    def count(begin: int, end: int) -> dict[int, Any]:
        rows = context.store.ask(sql, minutes.asked(context, params.kind, begin, end), wide=True).rows
        return {day: (judged, bad) for day, judged, bad in rows}

    groups = " ".join(sorted(context.caller.groups))
    name = f"judged {profile.name} {params.medium} {params.kind} {groups}"
    return by_day(context, name, days.start * DAY, days.stop * DAY, count, ("people", context.caller.account_id))


def _judged_calls(context: Context, params: QualityDaysParams, profile: Profile, days: range) -> dict[int, tuple[int, int]]:
    figures: dict[int, tuple[int, int]] = {}
    for call in calls(context, params.kind or None, profile, days.start * DAY, days.stop * DAY):
        judged, bad = figures.get(call.begun // DAY, (0, 0))
        figures[call.begun // DAY] = (judged + call.judged, bad + call.bad)
    return figures


def percentile(values: list[float], share: float) -> float:
    """The exact percentile of a few values, between two of them in proportion."""
    ordered = sorted(values)
    at = share * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return round(ordered[low] + (ordered[high] - ordered[low]) * (at - low), 4)


def _usual(figures: dict[int, tuple[int, int]], day: int) -> list[float | None]:
    before = [figures.get(day - WEEKDAY * week, (0, 0)) for week in range(1, WEEKS + 1)]
    shares = [bad / judged for judged, bad in before if judged]
    return [percentile(shares, share) if len(shares) >= LEAST_DAYS else None for share in (0.1, 0.5, 0.9)]


@endpoint(
    "/quality/days", name="get_quality_days", families=("home",), granular="meeting_quality_score",
    rate="report", response=QualityDays, version="v1",
)  # fmt: skip
def get_quality_days(context: Context, params: QualityDaysParams) -> Answer:
    """Get the share of bad minutes day by day, beside what is usual on its weekday."""
    profile = minutes.profile_named(params.profile, context.settings)
    asked, touched = days_window(context, params)
    figures = _judged(context, params, profile, range(max(1, touched.start - WEEKS * WEEKDAY), touched.stop))
    here = [(day, *figures.get(day, (0, 0))) for day in touched]
    rows = [
        [date(day), (day + 3) % WEEKDAY + 1, judged, bad, share_of(judged, bad), *_usual(figures, day)]
        for day, judged, bad in here
    ]
    judged, bad = sum(row[1] for row in here), sum(row[2] for row in here)
    figures_: Columns = ("judged_minutes", "bad_minutes", "share_bad")
    day_: Columns = ("day", "weekday", *figures_, "usual_low", "usual_middle", "usual_high")
    columns: Columns = ("from", "to", "profile", ("days", day_), *(f"total_{name}" for name in figures_))
    said = [asked.from_, asked.to, profile.name, rows, judged, bad, share_of(judged, bad)]
    account = context.caller.account_id
    since = max(0, asked.begin - WEEKS * WEEKDAY * DAY)
    depends = (*of_days(account, since, asked.end), ("people", account)) if asked.end + DAY < context.live_since else None
    return Answer(QualityDays, columns, said, depends)
