"""How rooms are used, how well they work, and how bookings compare with use."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable
from functools import cache
from itertools import chain
from typing import Annotated, Any, Final, NamedTuple
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field

from callboard.contract.paging import Cursor
from callboard.contract.rooms import RoomBookingsPage, RoomHealthPage, RoomUsePage
from callboard.contract.wire import Columns
from callboard.endpoints.attendance import together
from callboard.endpoints.daily import DAY, of_days, of_table_parts, of_tables
from callboard.endpoints.held import by_day
from callboard.endpoints.pages import PAGE_COLUMNS, Cut, cut, resume
from callboard.endpoints.params import Paged, Range, Window, instant, window
from callboard.endpoints.registry import Answer, Context, endpoint
from callboard.endpoints.room_bookings import BOOKING_COLUMNS, booked_against_used, bookings, by_hour
from callboard.endpoints.room_stays import (
    NAME,
    OF_ROOMS,
    OFFLINE,
    Calendar,
    HourTime,
    Room,
    RoomTime,
    all_rooms,
    name_of,
    of_rooms,
    share,
    spans,
    use,
    within,
)
from callboard.endpoints.rooms import health, use_row, whole_account
from callboard.store.tables import LAST_SECOND, ROOM_DEVICES


@cache
def _zones() -> frozenset[str]:
    return frozenset(name for name in available_timezones() if name == "UTC" or re.fullmatch(r"[A-Z]\w+/[\w/+-]+", name))


def _zone(name: str) -> str:
    if name not in _zones():
        raise ValueError("no time zone of this name, such as Europe/Berlin or UTC")
    return name


class RoomsInRange(Paged, Range):
    """Parameters of a list of rooms with figures of a date range."""

    location_id: str = Field("", description="Only rooms in this place, or in a place that is in it.")


class ZonedRooms(RoomsInRange):
    """The same, with figures by hour of the day."""

    timezone: Annotated[str, AfterValidator(_zone)] = Field(
        "UTC", description="Time zone of hours and weekdays, by its IANA name."
    )


ENVELOPE: Final[Columns] = ("from", "to", *PAGE_COLUMNS)


def _page(context: Context, name: str, params: RoomsInRange, cursor: Cursor | None) -> tuple[list[Room], list[Room], Cut]:
    """The rooms that are meant, those of the page, and the page."""
    known = all_rooms(context)
    if params.location_id:
        known = within(context, known, params.location_id)
    page = cut(context, name, params, cursor, [list(room) for room in known], lambda row: Room(*row).key)
    return known, [Room(*row) for row in page.rows], page


def _depends(context: Context, span: Window, *tables: str) -> tuple[Hashable, ...] | None:
    """What figures of the meetings of a range follow from; None while one of these may be live."""
    if span.end + DAY >= context.live_since:
        return None
    account = context.caller.account_id
    return (*of_days(account, max(0, span.begin - 2 * DAY), span.end), *of_tables(account, "rooms", "locations", *tables))


# Utilisation


PEOPLE: Final = f"""
-- room_use.people: what people counters of rooms said each day
SELECT intDiv(toUnixTimestamp(at), {DAY}) AS day, room_id, max(people), sumIf(people, people > 0), countIf(people > 0)
FROM (
  SELECT room_id, at, sensor, device_id, max(value) AS people FROM room_samples
  WHERE account_id = {{account:String}} AND at >= {{begin:UInt32}} AND at < {{end:UInt32}}
    AND positionCaseInsensitive(sensor, 'people_count') > 0
  GROUP BY room_id, at, sensor, device_id)
WHERE isNotNull(people) GROUP BY day, room_id
"""
USE_COLUMNS: Final[Columns] = (
    *NAME,
    "meetings",
    "used_minutes",
    "share_of_working_hours",
    "capacity",
    "peak_people",
    "mean_people",
    "efficiency",
)
HOUR_COLUMNS: Final[Columns] = ("weekday", "hour", "meetings", "used_minutes", "mean_rooms")


@endpoint(
    "/rooms/utilisation",
    families=("zoomrooms",),
    granular="list_zoomrooms",
    rate="complex",
    response=RoomUsePage,
    version="v1",
)
def get_room_utilisation(context: Context, params: ZonedRooms) -> Answer:
    """Get how much rooms were used in a date range, how full they were, and in which hours of the week."""
    params, cursor = resume(context, "get_room_utilisation", params)
    span = window(params, context.settings.profile)
    whole_account(context)
    known, rooms, page = _page(context, "get_room_utilisation", params, cursor)
    people = context.store.beside(_people, context, span)
    calendar = Calendar(span.begin, min(span.end, context.now), params.timezone)
    by_room, week = use(context, known, calendar.begin, calendar.end, params.timezone)
    working, counted = calendar.working_seconds, people()
    made = [_used(room, by_room.get(room.room_id, RoomTime()), working, *counted.get(room.room_id, (0, 0.0))) for room in rooms]
    hours = [_hour(calendar, hour) for hour in week]
    busiest = max(hours, key=lambda hour: hour[4], default=[0, 0, 0, 0, 0.0])
    peak = [busiest[0], busiest[1], busiest[4]]
    columns: Columns = (
        *ENVELOPE,
        *("timezone", "working_minutes", "rooms_total", "peak_weekday", "peak_hour", "peak_mean_rooms"),
        ("hours", HOUR_COLUMNS),
        ("rooms", USE_COLUMNS),
    )
    about = [params.timezone, working // 60, len(known), *peak]
    row = [span.from_, span.to, *page.envelope, *about, hours, made]
    return Answer(RoomUsePage, columns, row, _depends(context, span, "room_samples"))


def _people(context: Context, span: Window) -> dict[str, tuple[int, float]]:
    """The most and the mean people that were counted, by room."""
    account = context.caller.account_id

    def count(begin: int, end: int) -> dict[int, Any]:
        found: dict[int, Any] = defaultdict(list)
        for day, *counted in context.store.ask(PEOPLE, {"account": account, "begin": begin, "end": min(end, LAST_SECOND)}).rows:
            found[day].append(counted)
        return found

    of_rooms: dict[str, list[list[Any]]] = defaultdict(list)
    depends = of_table_parts(account, "room_samples")
    days = by_day(context, "people in rooms", span.begin, span.end, count, depends=depends, each=250)
    for room, *counted in chain.from_iterable(days.values()):
        of_rooms[room].append(counted)
    return {room: _peak_and_mean(found) for room, found in of_rooms.items()}


def _peak_and_mean(counted: list[list[Any]]) -> tuple[int, float]:
    """Of rows of the most, the sum and how many were counted when anyone was there; on a day when nobody was there is no sum."""
    peaks, sums, counts = zip(*counted, strict=True)
    return round(max(peaks)), round(sum(filter(None, sums)) / max(1, sum(counts)), 2)


def _used(room: Room, time: RoomTime, working_seconds: int, peak: int, mean: float) -> list[Any]:
    used = use_row(time, working_seconds)
    return [*name_of(room), *used, room.capacity, peak, mean, share(mean, room.capacity)]


def _hour(calendar: Calendar, hour: HourTime) -> list[Any]:
    """A row of `HOUR_COLUMNS`."""
    mean = hour.seconds / 3600 / max(1, calendar.weekdays(hour.weekday))
    return [hour.weekday, hour.hour, hour.meetings, hour.seconds // 60, round(mean, 2)]


# Health


OPEN_IN: Final = f"""
-- room_use.open_in: issues of rooms that were open in a range, or are open now
SELECT room_id, issue, raised, cleared FROM ({spans(OF_ROOMS)})
WHERE isNull(cleared) OR cleared > {{begin:UInt32}} ORDER BY room_id, raised, issue
"""
DEVICES: Final = f"""
-- room_use.devices: the devices of rooms
SELECT room_id, device_id, {ROOM_DEVICES.merged("type", "name", "version", "system", "status")} FROM room_devices
WHERE account_id = {{account:String}} AND room_id IN {{ids:Array(String)}}
GROUP BY room_id, device_id HAVING {ROOM_DEVICES["deleted"].merged} = 0
ORDER BY room_id, {ROOM_DEVICES["type"].merged}, device_id
"""
DEVICE_COLUMNS: Final[Columns] = ("device_id", "type", "name", "version", "system", "status")
HEALTH_COLUMNS: Final[Columns] = (
    *NAME,
    "health",
    ("open_issues", ("issue", "since")),
    "issues_raised",
    "share_with_issue",
    "offline_minutes",
    "times_offline",
    "longest_offline_minutes",
    "share_online",
    "devices_offline",
    ("devices", DEVICE_COLUMNS),
)


class Issue(NamedTuple):
    """An issue of a room, in Unix seconds; `cleared` is None while it is open."""

    issue: str
    raised: int
    cleared: int | None

    def inside(self, begin: int, end: int) -> tuple[int, int]:
        """The part of it in `[begin, end)`."""
        return max(self.raised, begin), min(end, self.cleared if self.cleared is not None else end)


@endpoint(
    "/rooms/health",
    families=("zoomrooms",),
    granular="issues_zoomroom",
    rate="complex",
    response=RoomHealthPage,
    version="v1",
)
def get_room_health(context: Context, params: RoomsInRange) -> Answer:
    """Get what was wrong with rooms in a date range, what is wrong now, and their devices."""
    params, cursor = resume(context, "get_room_health", params)
    span = window(params, context.settings.profile)
    _, rooms, page = _page(context, "get_room_health", params, cursor)
    about = of_rooms(context, rooms, span.begin, max(span.end, context.now + 1))
    devices: dict[str, list[list[Any]]] = defaultdict(list)
    issues: dict[str, list[Issue]] = defaultdict(list)
    if rooms:
        found = context.store.beside(context.store.ask, DEVICES, about)
        for room, *issue in context.store.ask(OPEN_IN, about).rows:
            issues[room].append(Issue(*issue))
        for room, *device in found().rows:
            devices[room].append(device)
    until = min(span.end, context.now)
    made = [_healthy(room, issues[room.room_id], devices[room.room_id], span.begin, until) for room in rooms]
    columns: Columns = (*ENVELOPE, ("rooms", HEALTH_COLUMNS))
    tables = of_tables(context.caller.account_id, "rooms", "locations", "room_issues", "room_devices")
    return Answer(
        RoomHealthPage, columns, [span.from_, span.to, *page.envelope, made], tables if span.end <= context.now else None
    )


def _healthy(room: Room, issues: list[Issue], devices: list[list[Any]], begin: int, end: int) -> list[Any]:
    """A row of `HEALTH_COLUMNS`."""
    here = [part for part in (issue.inside(begin, end) for issue in issues) if part[0] < part[1]]
    offline = [part for part in (i.inside(begin, end) for i in issues if i.issue == OFFLINE) if part[0] < part[1]]
    raised = [issue for issue in issues if begin <= issue.raised < end]
    now = [issue for issue in issues if issue.cleared is None]
    length = max(0, end - begin)
    return [
        *name_of(room),
        health([issue.issue for issue in now]),
        [[issue.issue, instant(issue.raised)] for issue in now],
        len(raised),
        share(together(sorted(here)), length),
        together(offline) // 60,
        sum(1 for issue in raised if issue.issue == OFFLINE),
        max((after - before for before, after in offline), default=0) // 60,
        share(length - together(offline), length),
        sum(1 for device in devices if str(device[-1]).lower() == "offline"),
        devices,
    ]


# Bookings


@endpoint(
    "/rooms/bookings",
    families=("zoomrooms",),
    granular="list_zoomrooms",
    rate="complex",
    response=RoomBookingsPage,
    version="v1",
)
def get_room_bookings(context: Context, params: ZonedRooms) -> Answer:
    """Get how rooms and workspaces were booked in a date range, and how these bookings were used."""
    params, cursor = resume(context, "get_room_bookings", params)
    span = window(params, context.settings.profile)
    whole_account(context)
    known, rooms, page = _page(context, "get_room_bookings", params, cursor)
    booked = bookings(context, span)
    hours, made = by_hour(booked, known, span, params.timezone), booked_against_used(context, booked, rooms, span)
    columns: Columns = (
        *ENVELOPE,
        "timezone",
        ("hours", ("weekday", "hour", "bookings", "cancelled")),
        ("rooms", BOOKING_COLUMNS),
    )
    row = [span.from_, span.to, *page.envelope, params.timezone, hours, made]
    return Answer(RoomBookingsPage, columns, row, _depends(context, span, "bookings"))
