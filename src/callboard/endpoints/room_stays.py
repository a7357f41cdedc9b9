"""When rooms were in meetings, and what was wrong with them: the questions that all figures of rooms are made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from callboard.contract.wire import Columns
from callboard.endpoints.daily import of_tables
from callboard.endpoints.held import live_uuids
from callboard.endpoints.listing import MARGIN
from callboard.endpoints.registry import Context
from callboard.store.tables import ROOMS

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

    known: list[Room] = context.remembered("rooms", of_tables(account, "rooms", "locations"), ask, 50_000)
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

HELD: Final = """FROM meetings
  WHERE account_id = {account:String}
    AND (start_time >= {from:UInt32} AND start_time < {until:UInt32} OR start_time >= {live_since:UInt32})"""
LIVE: Final = "uuid IN {uuids:Array(String)}"
BY_INDEX: Final = """uuid IN (
    SELECT uuid FROM participants WHERE account_id = {account:String}
      AND (ifNull(participant_user_id, '') IN {ids:Array(String)} OR lower(ifNull(email, '')) IN {mails:Array(String)}))"""
BY_SCAN: Final = """(participant_user_id IN {ids:Array(String)} OR lower(email) IN {mails:Array(String)}
    OR isNull(participant_user_id) OR isNull(email))"""
"""Which joins are looked at. Of the rows of one join some may not say who it is, so these are taken along: by instance
where the skip indexes find the few of one room, and by themselves where there are many rooms."""
WHOSE: Final = """transform(ifNull(max(participant_user_id), ''), {ids:Array(String)}, {ids:Array(String)},
           transform(lower(ifNull(max(email), '')), {mails:Array(String)}, {owners:Array(String)}, ''))"""
STAYS: Final = f"""
SELECT room_id, uuid, came, isNull(gone) AND isNull(ended) AND begun >= {{live_since:UInt32}} AS live,
       greatest(came, coalesce(gone, ended, if(live, {{now:UInt32}}, seen), came)) AS went
FROM (
  SELECT uuid, user_id, {WHOSE} AS room_id,
         toUnixTimestamp(assumeNotNull(coalesce(min(join_time), min(first_minute)))) AS came,
         toUnixTimestamp(max(leave_time)) AS gone, toUnixTimestamp(max(last_minute)) AS seen
  FROM participants WHERE account_id = {{account:String}} AND {{which}}
  GROUP BY uuid, user_id HAVING room_id != '' AND isNotNull(coalesce(min(join_time), min(first_minute)))) AS joins
INNER JOIN (
  SELECT uuid, toUnixTimestamp(min(start_time)) AS begun, toUnixTimestamp(max(end_time)) AS ended {HELD} GROUP BY uuid
) AS held USING (uuid)
WHERE came < {{end:UInt32}} AND went > {{begin:UInt32}}"""
"""The joins of rooms in a range. A room's join has its id as user id, or its mail address; one that nobody heard leave
lasts until the meeting's end, and while the meeting is live until now."""

MOST: Final = 2**32 - 1


def asked(context: Context, rooms: list[Room], begin: int, end: int) -> dict[str, Any]:
    """What questions about the joins of rooms from `begin` to `end` are asked with."""
    mails: dict[str, str] = {}
    for room in rooms:
        if room.email:
            mails.setdefault(room.email.lower(), room.room_id)
    return {
        "account": context.caller.account_id,
        "ids": [room.room_id for room in rooms] or [NOBODY],
        "mails": list(mails) or [NOBODY],
        "owners": list(mails.values()) or [NOBODY],
        "now": context.now,
        "live_since": context.live_since,
        "begin": begin,
        "end": min(end, MOST),
        # A meeting lasts no longer than one counts as live.
        "from": max(0, begin - (context.now - context.live_since) - MARGIN),
        "until": min(end + MARGIN, MOST),
    }


class Stay(NamedTuple):
    """One join of a room, in Unix seconds."""

    room_id: str
    uuid: str
    came: int
    live: int
    went: int


def _which(rooms: list[Room]) -> str:
    return BY_INDEX if len(rooms) == 1 else BY_SCAN


def live_rooms(context: Context, rooms: list[Room]) -> set[str]:
    """Those of the rooms that are in a live meeting."""
    uuids = live_uuids(context)
    if not uuids:
        return set()
    sql = "-- room_stays.live_rooms: joins of rooms that last" + STAYS.replace("{which}", LIVE) + " AND live"
    about = asked(context, rooms, context.now - 1, context.now + 1) | {"uuids": uuids}
    return {row[0] for row in context.store.ask(sql, about).rows}


def stays(context: Context, rooms: list[Room], begin: int, end: int, *, and_live: bool = False) -> list[Stay]:
    """The joins of some rooms that touch `[begin, end)`, earliest first; with `and_live` those too that last now."""
    sql = "-- room_stays.stays: joins of rooms" + STAYS.replace("{which}", _which(rooms)) + "\nORDER BY came, went, uuid"
    about = asked(context, rooms, begin, end)
    if and_live:
        about["end"] = max(about["end"], context.now + 1)
    return [Stay(*row) for row in context.store.ask(sql, about).rows]


# Use by hour

SLOT: Final = 900
"""Seconds of a slot: no time zone's hours begin within one."""
USE: Final = f"""
-- room_stays.use: time of rooms in meetings, by room and by hour of the week
SELECT room_id, weekday, hour, uniqExact(uuid) AS met, uniqExactIf(uuid, used > 0) AS met_then, sum(used) AS seconds,
       sumIf(used, weekday <= 5 AND hour >= 8 AND hour < 18) AS working
FROM (
  SELECT room_id, uuid, toDayOfWeek(toDateTime(slot), 0, {{zone:String}}) AS weekday,
         toHour(toDateTime(slot), {{zone:String}}) AS hour,
         if(fresh < until, least(until, slot + {SLOT}) - greatest(fresh, slot), 0) AS used
  FROM (
    SELECT room_id, uuid, greatest(since, covered) AS fresh, until,
           arrayMap(n -> n * {SLOT}, if(fresh < until, range(intDiv(fresh, {SLOT}), intDiv(until - 1, {SLOT}) + 1), [])) AS slots
    FROM (
      SELECT room_id, uuid, toInt64(greatest(came, {{begin:UInt32}})) AS since, toInt64(least(went, {{end:UInt32}})) AS until,
             max(until) OVER (PARTITION BY room_id ORDER BY since, until, uuid
                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered
      FROM ({STAYS})))
  LEFT ARRAY JOIN slots AS slot)
GROUP BY GROUPING SETS ((room_id), (weekday, hour))
"""
"""Of joins that overlap, the time counts once: each adds what none before it covered, cut into slots."""


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


def use(
    context: Context, rooms: list[Room], begin: int, end: int, zone: str = "UTC"
) -> tuple[dict[str, RoomTime], list[HourTime]]:
    """The use of each of some rooms in a range, and that of all of them by hour of the week, Monday first."""
    sql = USE.replace("{which}", _which(rooms))
    rows = context.store.ask(sql, asked(context, rooms, begin, end) | {"zone": zone}).rows
    of_rooms = {room: RoomTime(met, seconds, working) for room, _, _, met, _, seconds, working in rows if room}
    hours = [HourTime(day, hour, met, seconds) for room, day, hour, _, met, seconds, _ in rows if not room and seconds]
    return of_rooms, sorted(hours)


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
    return {"account": context.caller.account_id, "ids": ids, "begin": begin, "end": min(end, MOST)}
