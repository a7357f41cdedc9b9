"""Bookings of rooms, and how much of them was used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from callboard.contract.wire import Columns
from callboard.endpoints.attendance import together
from callboard.endpoints.params import Window
from callboard.endpoints.registry import Context
from callboard.endpoints.room_stays import MOST, NAME, Room, name_of, of_rooms, share, stays
from callboard.store.tables import BOOKINGS

BOOKED: Final = f"""
SELECT room_id, booking_id, nullIf(toUnixTimestamp({BOOKINGS["start_time"].merged}), 0) AS starts,
       nullIf(toUnixTimestamp({BOOKINGS["end_time"].merged}), 0) AS ends,
       toUnixTimestamp(min(checked_in)) AS came, toUnixTimestamp(max(checked_out)) AS went,
       toUnixTimestamp(min(booked_at)) AS made, toUnixTimestamp(toDateTime(max(deleted).1, 'UTC')) AS dropped_at,
       assumeNotNull(coalesce(starts, came, went)) AS begun, greatest(begun, coalesce(ends, went, begun)) AS planned,
       {BOOKINGS["deleted"].merged} = 1 AND dropped_at > begun AND dropped_at < planned AS released,
       {BOOKINGS["deleted"].merged} = 1 AND NOT released AS gone, if(released, dropped_at, planned) AS over
FROM bookings WHERE account_id = {{account:String}} AND room_id IN {{ids:Array(String)}}
GROUP BY room_id, booking_id HAVING isNotNull(coalesce(starts, came, went))"""
"""Bookings; one that is called off between its start and end was released: it ends then, and was no less booked."""
OF_ROOM: Final = f"""
-- room_use.bookings: bookings of rooms that touch a range
SELECT room_id, begun, over, came, went, made, gone FROM ({BOOKED})
WHERE begun < {{end:UInt32}} AND (over > {{begin:UInt32}} OR begun >= {{begin:UInt32}}) ORDER BY room_id, begun, over, booking_id
"""
BY_HOUR: Final = f"""
-- room_use.by_hour: bookings by the hour of the week in which they begin
SELECT toDayOfWeek(toDateTime(begun), 0, {{zone:String}}) AS weekday, toHour(toDateTime(begun), {{zone:String}}) AS hour,
       countIf(gone = 0) AS bookings, countIf(gone = 1) AS cancelled
FROM ({BOOKED}) WHERE begun >= {{begin:UInt32}} AND begun < {{end:UInt32}}
GROUP BY weekday, hour ORDER BY weekday, hour
"""
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
    """A booking of a room, in Unix seconds."""

    begun: int
    over: int
    came: int | None
    went: int | None
    made: int | None
    cancelled: int

    @property
    def checked_in(self) -> Stretch:
        """The part of it in which someone was checked in."""
        if self.came is None:
            return self.begun, self.begun
        return max(self.came, self.begun), min(self.over, self.over if self.went is None else self.went)


def by_hour(context: Context, rooms: list[Room], span: Window, zone: str) -> list[list[Any]]:
    """A row of weekday, hour, bookings and cancelled ones for each hour of the week in which bookings begin."""
    return context.store.ask(BY_HOUR, of_rooms(context, rooms, span.begin, span.end) | {"zone": zone}).rows if rooms else []


def booked_against_used(context: Context, rooms: list[Room], span: Window) -> list[list[Any]]:
    """A row of `BOOKING_COLUMNS` for each room."""
    if not rooms:
        return []
    used = context.store.beside(_used_by_room, context, rooms, span)
    booked: dict[str, list[Booking]] = defaultdict(list)
    for room_id, *booking in context.store.ask(OF_ROOM, of_rooms(context, rooms, span.begin, span.end)).rows:
        booked[room_id].append(Booking(*booking))
    stays_of = used()
    return [_booked(room, booked[room.room_id], stays_of[room.room_id], span, context.now) for room in rooms]


def _used_by_room(context: Context, rooms: list[Room], span: Window) -> dict[str, list[Stretch]]:
    """When each room was in meetings, earliest first."""
    made: dict[str, list[Stretch]] = defaultdict(list)
    for stay in stays(context, rooms, span.begin, min(span.end, context.now)):
        made[stay.room_id].append((stay.came, stay.went))
    return made


def _booked(room: Room, all_: list[Booking], used: list[Stretch], span: Window, now: int) -> list[Any]:
    """A row of `BOOKING_COLUMNS`."""
    end = min(span.end, MOST)
    kept = [booking for booking in all_ if not booking.cancelled]
    mine = [booking for booking in kept if booking.begun >= span.begin]
    over = [booking for booking in mine if booking.over <= now]
    absent = [b for b in over if b.came is None and not overlap([(b.begun, max(b.over, b.begun + 1))], used)]
    booked = union(clipped(((b.begun, b.over) for b in kept), span.begin, end))
    in_meetings = union(clipped(used, span.begin, min(end, now)))
    there = union([*in_meetings, *clipped((b.checked_in for b in kept), span.begin, min(end, now))])
    used_booked, booked_seconds = overlap(booked, there), together(booked)
    leads = [b.begun - b.made for b in mine if b.made is not None and b.made <= b.begun]
    return [
        *name_of(room),
        len(mine),
        sum(1 for booking in all_ if booking.cancelled and booking.begun >= span.begin),
        len(absent),
        share(len(absent), len(over)),
        booked_seconds // 60,
        used_booked // 60,
        (together(in_meetings) - overlap(booked, in_meetings)) // 60,
        share(used_booked, booked_seconds),
        round(sum(leads) / len(leads) / 60) if leads else 0,
    ]


def clipped(stretches: Iterable[Stretch], begin: int, end: int) -> list[Stretch]:
    """The parts of stretches in `[begin, end)`."""
    cut_ = ((max(since, begin), min(until, end)) for since, until in stretches)
    return [(since, until) for since, until in cut_ if since < until]


def union(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same time in stretches that don't touch, earliest first."""
    made: list[Stretch] = []
    for since, until in sorted(stretches):
        if made and since <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], until))
        else:
            made.append((since, until))
    return made


def overlap(some: list[Stretch], others: list[Stretch]) -> int:
    """Seconds that are in both of two unions."""
    total, at = 0, 0
    ahead = union(others)
    for since, until in some:
        while at < len(ahead) and ahead[at][1] <= since:
            at += 1
        for began, ended in ahead[at:]:
            if began >= until:
                break
            total += min(until, ended) - max(since, began)
    return total
