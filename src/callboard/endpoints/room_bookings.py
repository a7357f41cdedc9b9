"""Bookings of rooms, and how much of them was used."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from callboard.contract.wire import Columns
from callboard.endpoints.attendance import together
from callboard.endpoints.daily import of_tables
from callboard.endpoints.figures import SLOT
from callboard.endpoints.params import Window
from callboard.endpoints.registry import Context
from callboard.endpoints.room_stays import NAME, Room, hour_of_week, name_of, share, stays
from callboard.store.tables import BOOKINGS, LAST_SECOND

BOOKED: Final = f"""
-- room_bookings.booked: bookings of rooms that touch a range
SELECT room_id, begun, over, if(isNull(came), NULL, greatest(begun, came)), least(over, ifNull(went, over)), made, gone FROM (
  SELECT room_id, booking_id, nullIf(toUnixTimestamp({BOOKINGS["start_time"].merged}), 0) AS starts,
         nullIf(toUnixTimestamp({BOOKINGS["end_time"].merged}), 0) AS ends,
         toUnixTimestamp(min(checked_in)) AS came, toUnixTimestamp(max(checked_out)) AS went,
         toUnixTimestamp(min(booked_at)) AS made, toUnixTimestamp(toDateTime(max(deleted).1, 'UTC')) AS dropped_at,
         assumeNotNull(coalesce(starts, came, went)) AS begun, greatest(begun, coalesce(ends, went, begun)) AS planned,
         {BOOKINGS["deleted"].merged} = 1 AND dropped_at > begun AND dropped_at < planned AS released,
         {BOOKINGS["deleted"].merged} = 1 AND NOT released AS gone, if(released, dropped_at, planned) AS over
  FROM bookings WHERE account_id = {{account:String}}
  GROUP BY room_id, booking_id HAVING isNotNull(coalesce(starts, came, went)))
WHERE begun < {{end:UInt32}} AND (over > {{begin:UInt32}} OR begun >= {{begin:UInt32}}) ORDER BY begun, over, booking_id
"""
"""Bookings; one that is called off between its start and end was released: it ends then, and was no less booked."""
BYTES: Final = 450
"""About what a booking takes that is remembered."""
BOOKING_COLUMNS: Final[Columns] = (
    *NAME,
    "bookings",
    "cancelled",
    "no_shows",
    "share_no_shows",
    "booked_minutes",
    "used_booked_minutes",
    "used_unbooked_minutes",
    "share_of_booked_used",
    "mean_lead_minutes",
)

Stretch = tuple[int, int]
"""From when until when, Unix seconds."""


class Booking(NamedTuple):
    """A booking of a room, in Unix seconds; `came` and `went` say when in it someone was checked in, if anyone was."""

    room_id: str
    begun: int
    over: int
    came: int | None
    went: int
    made: int | None
    cancelled: int


def bookings(context: Context, span: Window) -> list[Booking]:
    """The bookings of all rooms that touch a range, earliest first."""
    account, begin, end = context.caller.account_id, span.begin, min(span.end, LAST_SECOND)

    def ask() -> list[Booking]:
        rows = context.store.ask(BOOKED, {"account": account, "begin": begin, "end": end}).rows
        return [Booking(*row) for row in rows]

    made: list[Booking] = context.remembered(("bookings", begin, end), of_tables(account, "bookings"), ask, each=BYTES)
    return made


def by_hour(booked: list[Booking], rooms: list[Room], span: Window, zone: str) -> list[list[Any]]:
    """A row of weekday, hour, bookings and cancelled ones for each hour of the week in which bookings begin."""
    ids = {room.room_id for room in rooms}
    counts: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for booking in booked:
        if booking.room_id in ids and booking.begun >= span.begin:
            counts[hour_of_week(booking.begun // SLOT, zone)][booking.cancelled] += 1
    return [[*hour, *count] for hour, count in sorted(counts.items())]


def booked_against_used(context: Context, booked: list[Booking], rooms: list[Room], span: Window) -> list[list[Any]]:
    """A row of `BOOKING_COLUMNS` for each room."""
    of_rooms: dict[str, list[Booking]] = defaultdict(list)
    for booking in booked:
        of_rooms[booking.room_id].append(booking)
    used = _used_by_room(context, rooms, span)
    return [_booked(room, of_rooms[room.room_id], used[room.room_id], span, context.now) for room in rooms]


def _used_by_room(context: Context, rooms: list[Room], span: Window) -> dict[str, list[Stretch]]:
    """When each room was in meetings, as a union."""
    made: dict[str, list[Stretch]] = defaultdict(list)
    for stay in stays(context, rooms, span.begin, min(span.end, context.now)):
        if stay.came < stay.went:
            made[stay.room_id].append((stay.came, stay.went))
    return defaultdict(list, {room_id: union(stretches) for room_id, stretches in made.items()})


def _booked(room: Room, all_: list[Booking], used: list[Stretch], span: Window, now: int) -> list[Any]:
    """A row of `BOOKING_COLUMNS`."""
    end = min(span.end, LAST_SECOND)
    kept = [booking for booking in all_ if not booking.cancelled]
    mine = [booking for booking in kept if booking.begun >= span.begin]
    over = [booking for booking in mine if booking.over <= now]
    absent = _untouched([(b.begun, max(b.over, b.begun + 1)) for b in over if b.came is None], used)
    booked = union(clipped(((b.begun, b.over) for b in kept), span.begin, end))
    in_meetings = clipped(used, span.begin, min(end, now))
    checked_in = clipped(((b.came, b.went) for b in kept if b.came is not None), span.begin, min(end, now))
    used_booked, booked_seconds = overlap(booked, union([*in_meetings, *checked_in])), together(booked)
    leads = [b.begun - b.made for b in mine if b.made is not None and b.made <= b.begun]
    return [
        *name_of(room),
        len(mine),
        sum(1 for booking in all_ if booking.cancelled and booking.begun >= span.begin),
        absent,
        share(absent, len(over)),
        booked_seconds // 60,
        used_booked // 60,
        (together(in_meetings) - overlap(booked, in_meetings)) // 60,
        share(used_booked, booked_seconds),
        round(sum(leads) / len(leads) / 60) if leads else 0,
    ]


def _untouched(stretches: list[Stretch], used: list[Stretch]) -> int:
    """How many stretches have no time in common with a union."""
    ends = [went for _, went in used]
    after = [(until, bisect_right(ends, since)) for since, until in stretches]
    return sum(1 for until, at in after if at == len(used) or used[at][0] >= until)


def clipped(stretches: Iterable[Stretch], begin: int, end: int) -> list[Stretch]:
    """The parts of stretches in `[begin, end)`."""
    made = []
    for since, until in stretches:
        if since < begin or until > end:  # few do
            since, until = max(since, begin), min(until, end)
        if since < until:
            made.append((since, until))
    return made


def union(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same time in stretches that don't touch, earliest first."""
    made: list[Stretch] = []
    began = ended = -1
    for since, until in sorted(stretches):
        if since > ended:
            began, ended = since, until
            made.append((since, until))
        elif until > ended:
            ended = until
            made[-1] = (began, until)
    return made


def overlap(some: list[Stretch], others: list[Stretch]) -> int:
    """Seconds that are in both of two unions."""
    total = one = other = 0
    while one < len(some) and other < len(others):
        (since, until), (began, ended) = some[one], others[other]
        if since < ended and began < until:
            total += min(until, ended) - max(since, began)
        if until < ended:
            one += 1
        else:
            other += 1
    return total
