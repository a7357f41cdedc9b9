"""When rooms were in meetings, and what was wrong with them: the questions that all figures of rooms are made from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from callboard.contract.wire import Columns
from callboard.endpoints.daily import DAY, by_day, of_tables
from callboard.endpoints.figures import SLOT
from callboard.endpoints.held import HELD_IDS, IN_RANGE, held
from callboard.endpoints.listing import MARGIN
from callboard.endpoints.registry import Context
from callboard.store.tables import LAST_SECOND, ROOMS

OFFLINE: Final = "Zoom room is offline"
NOBODY: Final = " "
"""Stands in for an empty list of ids or mail addresses: no room's."""

SAID: Final = (
    "room_name",
    "calendar_name",
    "email",
    "account_type",
    "status",
    "location",
    "location_id",
    "capacity",
    "device_ip",
    "camera",
    "microphone",
    "speaker",
)


class Room(NamedTuple):
    """A room, as last heard of."""

    room_id: str
    room_name: str
    calendar_name: str
    email: str
    account_type: str
    status: str
    location: str
    location_id: str
    capacity: int
    device_ip: str
    camera: str
    microphone: str
    speaker: str
    place: str

    @property
    def key(self) -> list[str]:
        """What rooms are listed by."""
        return [self.room_name.lower(), self.room_id]


ALL_ROOMS: Final = f"""
-- room_stays.all_rooms: the rooms that are not deleted, with the names of their places
SELECT room_id, {", ".join(SAID)}, place
FROM (
  SELECT room_id, {ROOMS.merged(*SAID)} FROM rooms WHERE account_id = {{account:String}}
  GROUP BY room_id HAVING {ROOMS["deleted"].merged} = 0) AS known
LEFT JOIN (
  SELECT location_id, max(name).2 AS place FROM locations WHERE account_id = {{account:String}} GROUP BY location_id) AS places
USING (location_id)
"""


def all_rooms(context: Context, room_id: str = "") -> list[Room]:
    """The rooms of the account that are not deleted, by name; with `room_id`, only that one."""
    account = context.caller.account_id

    def ask() -> list[Room]:
        rows = context.store.ask(ALL_ROOMS, {"account": account}).rows
        return sorted((Room(*row) for row in rows), key=lambda room: room.key)

    known: list[Room] = context.remembered("rooms", of_tables(account, "rooms", "locations"), ask, each=1_500)
    return [room for room in known if room_id in ("", room.room_id)]


PLACES: Final = """
-- room_stays.within: the places that are in a place
SELECT location_id, max(parent_id).2 FROM locations WHERE account_id = {account:String} GROUP BY location_id
"""


def within(context: Context, rooms: list[Room], location_id: str) -> list[Room]:
    """Those of the rooms that are in a place, or in a place that is in it."""
    parents = dict(context.store.ask(PLACES, {"account": context.caller.account_id}).rows)

    def inside(place: str) -> bool:
        met: set[str] = set()
        while place and place != location_id and place not in met:
            met.add(place)
            place = parents.get(place, "")
        return place == location_id

    return [room for room in rooms if inside(room.location_id)]


# Joins of rooms

JOINS: Final = f"""
-- room_stays.joins: joins of rooms, by the day that their meeting began on
SELECT intDiv(begun, {DAY}) AS day, room_id, uuid, begun, came, gone, ended, seen
FROM (
  SELECT uuid, user_id,
         transform(ifNull(max(participant_user_id), ''), {{ids:Array(String)}}, {{ids:Array(String)}},
           transform(lower(ifNull(max(email), '')), {{mails:Array(String)}}, {{owners:Array(String)}}, '')) AS room_id,
         toUnixTimestamp(assumeNotNull(coalesce(min(join_time), min(first_minute)))) AS came,
         toUnixTimestamp(max(leave_time)) AS gone, toUnixTimestamp(max(last_minute)) AS seen
  FROM participants WHERE account_id = {{account:String}} AND {HELD_IDS}
    AND (participant_user_id IN {{ids:Array(String)}} OR lower(email) IN {{mails:Array(String)}}
      OR isNull(participant_user_id) OR isNull(email))
  GROUP BY uuid, user_id HAVING room_id != '' AND isNotNull(coalesce(min(join_time), min(first_minute)))) AS joins
INNER JOIN (
  SELECT uuid, toUnixTimestamp(min(start_time)) AS begun, toUnixTimestamp(max(end_time)) AS ended
  FROM meetings WHERE {IN_RANGE} GROUP BY uuid HAVING begun >= {{begin:UInt32}} AND begun < {{end:UInt32}}) AS held
USING (uuid)
"""
"""A room's join has its id as user id, or its mail address. Of the rows of one join some may not say who it is, so
these are looked at too."""
BYTES: Final = 500
"""About what a join takes that is remembered."""


class Join(NamedTuple):
    """One join of a room as it was told, in Unix seconds; None: not heard."""

    room_id: str
    uuid: str
    begun: int
    came: int
    gone: int | None
    ended: int | None
    seen: int | None


class Stay(NamedTuple):
    """One join of a room as it counts at the time asked, in Unix seconds."""

    came: int
    went: int
    uuid: str
    room_id: str
    live: bool


def _joins(context: Context, begin: int, end: int) -> Iterator[Join]:
    """The joins of all rooms in the meetings that began on the days of `[begin, end)`."""
    known = all_rooms(context)
    mails = {room.email.lower(): room.room_id for room in reversed(known) if room.email}
    whose = {"ids": [room.room_id for room in known], "mails": [*mails] or [NOBODY], "owners": [*mails.values()] or [NOBODY]}

    def count(begin: int, end: int) -> dict[int, Any]:
        found: dict[int, list[Join]] = defaultdict(list)
        for day, *join in context.store.ask(JOINS, held(context, begin, end) | whose).rows:
            found[day].append(Join(*join))
        return found

    if known:
        name = ("rooms", hash((*whose["ids"], NOBODY, *mails.items())))
        for joins in by_day(context, name, begin, end, count, each=BYTES).values():
            yield from joins


def stays(context: Context, rooms: list[Room], begin: int, end: int) -> list[Stay]:
    """The joins of some rooms that touch `[begin, end)`, earliest first.

    One that nobody heard leave lasts until the meeting's end; while the meeting is live until now, else until it was
    last seen.
    """
    now, live_since, wanted = context.now, context.live_since, {room.room_id for room in rooms}
    first = max(0, begin - (now - live_since) - MARGIN)  # a meeting lasts no longer than one counts as live
    found = []
    for room_id, uuid, begun, came, gone, ended, seen in _joins(context, first, min(end + MARGIN, LAST_SECOND)):
        if room_id not in wanted or came >= end or begun < first:
            continue
        live = gone is None and ended is None and begun >= live_since
        until = gone if gone is not None else ended if ended is not None else now if live else seen
        went = max(came, until or 0)
        if went > begin:
            found.append(Stay(came, went, uuid, room_id, live))
    return sorted(found)


def live_stays(context: Context, rooms: list[Room]) -> list[Stay]:
    """The joins of some rooms that last now."""
    return [stay for stay in stays(context, rooms, context.now - 1, context.now + 1) if stay.live]


# Use by hour

WORKING: Final = frozenset((day, hour) for day in range(1, 6) for hour in range(8, 18))
"""Monday to Friday, 8 to 18."""


class RoomTime(NamedTuple):
    """What a room was used for in a range."""

    meetings: int = 0
    seconds: int = 0
    working_seconds: int = 0


class HourTime(NamedTuple):
    """What all rooms were used for in one hour of the week."""

    weekday: int
    hour: int
    meetings: int
    seconds: int


@lru_cache(16_384)
def hour_of_week(slot: int, zone: str) -> tuple[int, int]:
    """Weekday, 1 Monday to 7 Sunday, and hour of a slot, counted from 1970."""
    at = datetime.fromtimestamp(slot * SLOT, ZoneInfo(zone))
    return at.isoweekday(), at.hour


@lru_cache(16_384)
def _hour_from(slot: int, zone: str) -> tuple[tuple[int, int], int]:
    """The hour of the week of a slot, and until when it lasts, Unix seconds."""
    hour, after = hour_of_week(slot, zone), slot + 1
    while hour_of_week(after, zone) == hour:
        after += 1
    return hour, after * SLOT


def use(
    context: Context, rooms: list[Room], begin: int, end: int, zone: str = "UTC"
) -> tuple[dict[str, RoomTime], list[HourTime]]:
    """The use of each of some rooms in a range, and that of all of them by hour of the week, Monday first.

    Of joins of a room that overlap, the time counts once: each adds what none before it covered.
    """
    of_rooms: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for came, went, uuid, room_id, _ in stays(context, rooms, begin, end):
        of_rooms[room_id].append((max(came, begin), min(went, end), uuid))
    spent: dict[tuple[int, int], int] = defaultdict(int)
    met: dict[tuple[int, int], set[str]] = defaultdict(set)
    made = {}
    for room_id, spans in of_rooms.items():
        covered = used = working = 0
        for since, until, uuid in sorted(spans):
            at = max(since, covered)
            while at < until:
                hour, after = _hour_from(at // SLOT, zone)
                seconds = min(after, until) - at
                spent[hour] += seconds
                met[hour].add(uuid)
                used += seconds
                working += seconds if hour in WORKING else 0
                at = after
            covered = max(covered, until)
        made[room_id] = RoomTime(len({uuid for _, _, uuid in spans}), used, working)
    return made, sorted(HourTime(*hour, len(met[hour]), seconds) for hour, seconds in spent.items())


@dataclass(frozen=True)
class Calendar:
    """The days of a range in a time zone; `end` is cut to now by who makes it."""

    begin: int
    end: int
    zone: str

    @cached_property
    def days(self) -> list[tuple[datetime, datetime]]:
        """The first and the last local day that the range touches, as midnights."""
        zone = ZoneInfo(self.zone)
        first, last = (datetime.fromtimestamp(at, zone) for at in (self.begin, max(self.begin, self.end - 1)))
        return [(day.replace(hour=0, minute=0, second=0), day) for day in (first, last)]

    def weekdays(self, weekday: int) -> int:
        """How often a weekday (1 Monday to 7 Sunday) is among the days that the range touches."""
        first, last = (day.date() for day, _ in self.days)
        ahead = (weekday - 1 - first.weekday()) % 7
        return max(0, ((last - first).days - ahead) // 7 + 1) if self.begin < self.end else 0

    @property
    def working_seconds(self) -> int:
        """Seconds of the range that are Monday to Friday, 8 to 18."""
        if self.begin >= self.end:
            return 0
        whole = 36_000 * sum(self.weekdays(day) for day in range(1, 6))
        first, last = (day for day, _ in self.days)
        before = _working(first, int(first.timestamp()), self.begin)
        after = _working(last, self.end, int((last + timedelta(days=1)).timestamp()))
        return whole - before - after


def _working(midnight: datetime, begin: int, end: int) -> int:
    """Working seconds of one local day between two Unix times."""
    if midnight.weekday() > 4:
        return 0
    opens, closes = (int(midnight.replace(hour=hour).timestamp()) for hour in (8, 18))
    return max(0, min(end, closes) - max(begin, opens))


# Issues

SPANS: Final = """
SELECT room_id, issue, toUnixTimestamp(at) AS raised, toUnixTimestamp(next_clear) AS cleared
FROM (
  SELECT room_id, issue, at, edge,
         lagInFrame(toInt8(edge)) OVER (
           PARTITION BY room_id, issue ORDER BY at, edge DESC
           ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS before,
         min(if(edge = 'cleared', at, NULL)) OVER (
           PARTITION BY room_id, issue ORDER BY at, edge DESC
           ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS next_clear
  FROM room_issues WHERE account_id = {account:String} AND at < {end:UInt32} AND {which})
WHERE edge = 'raised' AND before = 0"""
"""Issues from when they were raised until they were cleared (NULL: open), as far as it was told before `end`.

Raised again while it is open is no new one: so the immediate and the delayed alert are one. Raised and cleared within a
second is over.
"""
OF_ROOMS: Final = "room_id IN {ids:Array(String)}"
NOT_DELETED: Final = """room_id NOT IN (
    SELECT room_id FROM rooms WHERE account_id = {account:String} GROUP BY room_id HAVING max(deleted).2 = 1)"""


def spans(which: str) -> str:
    """The SQL of the issues of some rooms: `OF_ROOMS` or `NOT_DELETED`."""
    return SPANS.replace("{which}", which)


# What lists of rooms have in common


NAME: Final[Columns] = ("room_id", "room_name", "location_id")


def name_of(room: Room) -> list[Any]:
    """A row of `NAME`."""
    return [room.room_id, room.room_name, room.location_id]


def share(part: float, whole: float) -> float:
    """A part of a whole, 0 to 1; 0 of nothing."""
    return round(part / whole, 4) if whole else 0.0


def of_rooms(context: Context, rooms: list[Room], begin: int, end: int) -> dict[str, Any]:
    """What questions about some rooms in a range are asked with."""
    ids = [room.room_id for room in rooms] or [NOBODY]
    return {"account": context.caller.account_id, "ids": ids, "begin": begin, "end": min(end, LAST_SECOND)}
