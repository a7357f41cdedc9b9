"""Meetings and webinars looked through: filters, orders, pages; and what a list holds, summed up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo

import numpy as np
from pydantic import AfterValidator, BeforeValidator, Field

from callboard.contract.browse import BrowsedMeetings, BrowsedWebinars, Summary
from callboard.contract.paging import page_count
from callboard.contract.wire import Columns
from callboard.endpoints import minutes
from callboard.endpoints.browsing import Call, calls, live_calls, share_of
from callboard.endpoints.daily import DAY
from callboard.endpoints.pages import PAGE_COLUMNS, resume, token
from callboard.endpoints.params import Paged, Range, Typed, Window, instant, window
from callboard.endpoints.registry import Answer, Context, Kind, endpoint
from callboard.endpoints.summed import BANDS, SUMS, Numbers, bands, numbers, some, summed
from callboard.endpoints.trends import TimeZone
from callboard.endpoints.usage import FEATURES

NOT_JUDGED: Final = "none"


def _some_of(*allowed: str) -> AfterValidator:
    """Validates several values with commas between."""

    def check(text: str) -> str:
        for value in _values(text):
            if value not in allowed:
                raise ValueError(f"{value!r} is none of {', '.join(allowed)}")
        return text

    return AfterValidator(check)


def _values(text: str) -> list[str]:
    return [value.strip() for value in text.split(",") if value.strip()]


class Filters(Typed, Range):
    """Which instances are looked at; a comma separates values any of which will do."""

    type: Annotated[Literal["live", "past", "pastOne"], BeforeValidator(lambda value: value or "past")] = Field(
        "past", description="`past` (default): two people or more; `pastOne`; or `live`."
    )
    timezone: TimeZone = Field("UTC", description="Whose weekdays, hours and days are meant.")
    q: str = Field("", max_length=200, description="Letters of the topic, of the host's name or mail address; or number or uuid.")
    host: str = Field("", description="Hosts (user ids).")
    department: str = Field("", description="Departments of hosts.")
    site: str = Field("", description="Sites, of anyone who joined.")
    platform: str = Field("", description="Platforms.")
    quality: Annotated[str, _some_of(*BANDS[:4], NOT_JUDGED)] = Field(
        "", description="Bands: `good`, `fair`, `poor`, `bad`; `none` for not judged."
    )
    feature: Annotated[str, _some_of(*FEATURES)] = Field("", description="Features, all of which must have been used.")
    min_participants: int = Field(0, ge=0, description="Joins at least.")
    max_participants: int = Field(0, ge=0, description="Joins at most; 0 for any number.")
    min_minutes: int = Field(0, ge=0, description="Minutes that it went on at least.")
    max_minutes: int = Field(0, ge=0, description="Minutes at most; 0 for any number.")
    min_bad: float = Field(0, ge=0, le=1, description="Share of bad minutes at least, 0 to 1.")
    person: str = Field("", description="Someone who joined (user id).")
    weekday: int = Field(0, ge=0, le=7, description="1 Monday to 7 Sunday; 0 for any.")
    hour: int = Field(-1, ge=-1, le=23, description="Hour that it began in; -1 for any.")
    profile: str = Field("", description="How minutes are judged; by default as the setting `quality_profile` says.")


Test = Callable[[Call], bool]


def _tests(context: Context, params: Filters) -> list[Test]:
    """One test for each filter that was asked for."""
    tests: list[Test] = []

    def add(asked: Any, test: Test) -> None:
        if asked:
            tests.append(test)

    letters = params.q.strip().lower()
    digits = letters.replace(" ", "").replace("-", "")
    hosts, departments, sites = set(_values(params.host)), set(_values(params.department)), set(_values(params.site))
    platforms, bands = set(_values(params.platform)), {"" if v == NOT_JUDGED else v for v in _values(params.quality)}
    masks = [FEATURES[name] for name in _values(params.feature)]
    add(
        letters,
        lambda c: (
            letters in f"{c.topic}\n{c.host_name}\n{c.host_email}".lower()
            or str(c.number).startswith(digits)
            or c.uuid == params.q.strip()
        ),
    )
    add(hosts, lambda c: c.host_id in hosts)
    add(departments, lambda c: c.department in departments)
    add(sites, lambda c: not sites.isdisjoint(c.sites))
    add(platforms, lambda c: c.platform in platforms)
    add(bands, lambda c: c.band in bands)
    add(masks, lambda c: all(c.features & mask for mask in masks))
    add(params.min_participants, lambda c: c.joins >= params.min_participants)
    add(params.max_participants, lambda c: c.joins <= params.max_participants)
    add(params.min_minutes, lambda c: c.seconds(context.now) >= params.min_minutes * 60)
    add(params.max_minutes, lambda c: c.seconds(context.now) <= params.max_minutes * 60)
    add(params.min_bad, lambda c: c.judged > 0 and c.bad / c.judged >= params.min_bad)
    add(params.weekday, lambda c: _at(c, params.timezone).isoweekday() == params.weekday)
    add(params.hour >= 0, lambda c: _at(c, params.timezone).hour == params.hour)
    if params.person:
        there = _joined_by(context, params.person)
        tests.append(lambda c: c.uuid in there)
    return tests


def _at(call: Call, zone: str) -> datetime:
    return datetime.fromtimestamp(call.begun, ZoneInfo(zone))


JOINED_BY: Final = """
-- browse.joined_by: what someone joined
SELECT DISTINCT uuid FROM participants
WHERE account_id = {account:String} AND ifNull(participant_user_id, '') = {person:String}
"""


def _joined_by(context: Context, person: str) -> set[str]:
    asked = {"account": context.caller.account_id, "person": person}
    return {uuid for (uuid,) in context.store.ask(JOINED_BY, asked).rows}


def _in_state(context: Context, state: str) -> Test:
    if state == "live":
        return lambda c: c.live(context)
    return lambda c: bool(c.solo) == (state == "pastOne") and not c.live(context)


def _found(context: Context, kind: Kind, params: Filters, begin: int, end: int) -> list[Call]:
    """The wanted instances that began in `[begin, end)`, those that go on with `type=live`."""
    profile = minutes.profile_named(params.profile, context.settings)
    of_state = _in_state(context, params.type)
    tests = [of_state, *_tests(context, params)]
    live = params.type == "live"
    all_ = live_calls(context, kind, profile) if live else calls(context, kind, profile, begin, end)
    return [call for call in all_ if all(test(call) for test in tests)]


def _span(context: Context, params: Filters) -> Window:
    if params.type == "live":
        return Window(context.live_since, context.now, params.from_, params.to)
    return window(params, "open")


# The list

SORTS: Final[dict[str, Callable[[Call, int], Any]]] = {
    "start": lambda c, now: c.begun,
    "duration": lambda c, now: c.seconds(now),
    "participants": lambda c, now: c.joins,
    "bad": lambda c, now: c.bad / c.judged if c.judged else -1,
    "topic": lambda c, now: c.topic.lower(),
    "host": lambda c, now: (c.host_name or c.host_id).lower(),
}


class BrowseParams(Paged, Filters):
    """Parameters of the list."""

    sort: Annotated[
        Literal["start", "duration", "participants", "bad", "topic", "host"], BeforeValidator(lambda value: value or "start")
    ] = Field("start", description="By what it is ordered; `bad` is the share of bad minutes.")
    order: Literal["desc", "asc"] = Field("desc", description="Which way.")


ROW: Final[Columns] = (
    *("uuid", "kind", "number", "topic", "host_id", "host_name", "host_email", "department", "platform", "sites"),
    *("start_time", "end_time", "seconds", "live", "participants", "people", "person_seconds", "features"),
    *("judged_minutes", "bad_minutes", "people_hit", "share_bad", "band"),
)


def _row(context: Context, call: Call) -> list[Any]:
    used = [name for name, mask in FEATURES.items() if call.features & mask]
    return [
        *(call.uuid, call.kind, call.number, call.topic, call.host_id, call.host_name, call.host_email, call.department),
        *(call.platform, call.sites, instant(call.begun), instant(call.ended), call.seconds(context.now), call.live(context)),
        *(call.joins, call.people, call.person_seconds(context.now), used, call.judged, call.bad, call.hit),
        *(share_of(call.judged, call.bad), call.band),
    ]


LISTS: Final[dict[Kind, Any]] = {"meeting": BrowsedMeetings, "webinar": BrowsedWebinars}


@endpoint("/{kind}s", name="browse_{kind}s", granular="list_{kind}s", rate="complex", response=LISTS, version="v1")
def browse_instances(context: Context, kind: Kind, params: BrowseParams) -> Answer:
    """Look through the account's {kind}s: with filters and orders, people, sites, features and bad minutes."""
    params, cursor = resume(context, f"browse_{kind}s", params)
    asked, value, down = _span(context, params), SORTS[params.sort], params.order == "desc"

    def key(call: Call) -> list[Any]:
        return [value(call, context.now), call.begun, call.uuid]

    found = sorted(_found(context, kind, params, asked.begin, asked.end), key=key, reverse=down)
    total = cursor.total if cursor else len(found)
    after = cursor.last if cursor else None
    rest = found[params.offset :] if after is None else [c for c in found if (key(c) < after if down else key(c) > after)]
    page = rest[: params.size]
    next_token = token(context, f"browse_{kind}s", params, key(page[-1]), total) if len(rest) > params.size else ""
    envelope = [next_token, page_count(total, params.size), params.size, total]
    columns: Columns = ("from", "to", *PAGE_COLUMNS, (f"{kind}s", ROW))
    return Answer(LISTS[kind], columns, [asked.from_, asked.to, *envelope, [_row(context, call) for call in page]])


# Summed up

class SummaryParams(Filters):
    """Parameters of the summary of a list."""

    compare: Annotated[Literal["previous", "week", "none"], BeforeValidator(lambda value: value or "previous")] = Field(
        "previous", description="With the period of the same length just before, with the same days a week before, or not."
    )
    before_from: str = Field("", description="Beginning of a period to compare with instead.")
    before_to: str = Field("", description="Its end.")


def _before(params: SummaryParams, asked: Window) -> Window | None:
    """The period compared with, as days where days were asked for."""
    if params.type == "live" or params.compare == "none":
        return None
    if params.before_from:
        return window(Range.model_validate({"from": params.before_from, "to": params.before_to}), "open")
    back = asked.end - asked.begin if params.compare == "previous" else 7 * DAY * -(-(asked.end - asked.begin) // (7 * DAY))
    begin, end = max(DAY, asked.begin - back), max(DAY + 1, asked.end - back)
    if len(asked.from_) > 10 or len(asked.to) > 10:
        return Window(begin, end, str(instant(begin)), str(instant(end - 1)))
    first, last = (datetime.fromtimestamp(at, UTC) for at in (begin, end - 1))
    return Window(begin, end, f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}")


def _days(context: Context, params: SummaryParams, asked: Window, found: Numbers) -> list[list[Any]]:
    """A row for each day of the range that has begun, the days of a year at the most."""
    zone = ZoneInfo(params.timezone)
    last = datetime.fromtimestamp(min(asked.end - 1, context.now), zone).date()
    first = max(datetime.fromtimestamp(asked.begin, zone).date(), last - timedelta(days=366))
    dates = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    begins = [datetime.combine(date, time(), zone).timestamp() for date in dates]
    order = np.argsort(found["begun"], kind="stable")
    ends = np.searchsorted(found["begun"][order], begins)
    each = np.split(order, ends)[1:]  # before the first of them are none that count
    return [[f"{date:%Y-%m-%d}", *summed(some(found, where))] for date, where in zip(dates, each, strict=True)]


@endpoint("/{kind}s/summary", name="summarise_{kind}s", granular="list_{kind}s", rate="complex", response=Summary, version="v1")
def summarise_instances(context: Context, kind: Kind, params: SummaryParams) -> Answer:
    """Sum up what a list of {kind}s holds, beside another period: by default the one before."""
    asked = _span(context, params)
    found = numbers(_found(context, kind, params, asked.begin, asked.end), context.now)
    before = _before(params, asked)
    earlier = numbers(_found(context, kind, params, before.begin, before.end) if before else [], context.now)
    counts = np.bincount(bands(found), minlength=len(BANDS)).tolist()
    by_band = [list(pair) for pair in zip(BANDS, counts, strict=True)]
    used = [[name, int(((found["features"] & int(mask)) != 0).sum())] for name, mask in FEATURES.items()]
    columns: Columns = (
        *(
            "from",
            "to",
            "before_from",
            "before_to",
            "timezone",
            *(f"total_{name}" for name in SUMS),
            *(f"before_{name}" for name in SUMS),
        ),
        *(("days", ("day", *SUMS)), ("bands", ("band", "count")), ("features", ("feature", "count"))),
    )
    said = [asked.from_, asked.to, before.from_ if before else "", before.to if before else "", params.timezone]
    made = [*said, *summed(found), *summed(earlier), _days(context, params, asked, found), by_band, used]
    return Answer(Summary, columns, made)
