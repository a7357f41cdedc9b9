"""A day in the rooms: who booked them, who came, what the sensors said, and what failed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from typing import Final

import numpy as np

from callboard.sim import names
from callboard.sim.agenda import at_work, drawn, moment, picked
from callboard.sim.attendance import MAIN
from callboard.sim.day import Day, day_of
from callboard.sim.ids import token
from callboard.sim.organisation import ROOM, Ints, Organisation
from callboard.sim.presence import OFFICE_WIFI, whereabouts

OPENS, CLOSES = time(8), time(18, 30)
IN_PERSON: Final = 4.0
"""Bookings a room and day of people who meet without a meeting on line."""
NO_SHOW: Final = 0.35
"""Share of those where nobody comes."""
RELEASES: Final = 0.6
"""Share of no-shows where the room is released after a while."""
GRACE: Final = 15 * 60
LENGTHS: Final = (30, 45, 60, 90)
LENGTH_EDGES: Final = np.cumsum((0.4, 0.15, 0.35, 0.1))
KEEPS: Final = 0.35
"""Share of bookings kept until their end though the people left."""
INSTANT: Final = 1


@dataclass(frozen=True, slots=True)
class Booking:
    """A room taken for some time; times are epoch seconds, 0 for what did not happen.

    `came` to `went` is when people were in it, `out` when they checked out, `released` when it was given back unused.
    `online` is the row of the day's meeting that it was for, -1 without one.
    """

    id: str
    room: int
    person: int
    topic: str
    begin: int
    end: int
    made: int
    people: int
    came: int = 0
    went: int = 0
    out: int = 0
    released: int = 0
    online: int = -1


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a room from `at` to `cleared` (0: nobody ever says that it is over)."""

    room: int
    issue: str
    alert_type: int
    component: int
    at: int
    cleared: int


OFFLINE: Final = "Zoom room is offline"
FAULTS: Final = (
    # issue, alert type, component, share, minutes until it is cleared, share of those never cleared
    (OFFLINE, 3, 1, 0.22, (4, 170), 0.0),
    ("Room Controller disconnected", 1, 2, 0.34, (2, 90), 0.0),
    ("Scheduling Display disconnected", 1, 3, 0.16, (5, 300), 0.0),
    ("Selected camera has disconnected", 1, 4, 0.12, (2, 60), 0.0),
    ("High CPU usage is detected", 1, 1, 0.08, (1, 25), 0.0),
    ("Untrusted certificate is detected", 2, 1, 0.04, (60, 600), 0.4),
    ("Incorrect room passcode entry detected", 2, 2, 0.04, (1, 5), 0.6),
)
FAILS: Final = 0.07
FAILS_OFTEN: Final = 1.4
"""Faults a day of a room, and of the frail one."""


@lru_cache(maxsize=24)
def bookings(org: Organisation, day: date) -> tuple[Booking, ...]:
    """The day's bookings of all rooms, each room's one after the other."""
    rng, made = org.dice("bookings", day), day_of(org, day)
    found, in_office = list(_for_meetings(made, rng)), whereabouts(org, day) <= OFFICE_WIFI
    for room in range(len(org.rooms)):
        if at_work(day)[org.rooms[room].site] and day.weekday() < 5:
            at_office = np.flatnonzero((org.roster.site == org.rooms[room].site) & in_office)
            found += _in_person(org, day, room, [b for b in found if b.room == room], at_office, rng)
    return tuple(sorted(found, key=lambda b: (b.room, b.begin)))


def _for_meetings(day: Day, rng: np.random.Generator) -> Iterator[Booking]:
    """A booking for each meeting that a room was in."""
    joins, meetings, org = day.joins, day.meetings, day.org
    first = np.searchsorted(joins.meeting, np.arange(len(meetings.host) + 1))
    inside = (joins.person >= 0) & (joins.place <= OFFICE_WIFI) & (joins.device < ROOM) & (joins.stage == MAIN)
    rows = np.flatnonzero((joins.device == ROOM) & (joins.stage == MAIN))
    for m, room in sorted({(int(joins.meeting[row]), int(joins.person[row]) - org.people) for row in rows}):
        own = rows[(joins.meeting[rows] == m) & (joins.person[rows] == room + org.people)]
        near = first[m] + np.flatnonzero(inside[first[m] : first[m + 1]])
        people = sorted({p for p in joins.person[near].tolist() if org.staff[p].site == org.rooms[room].site})
        begin = int(meetings.planned[m])
        end = begin + int(meetings.minutes[m]) * 60
        came, went = int(joins.join[own].min()), int(joins.leave[own].max())
        made = begin - (60 if meetings.type[m] == INSTANT else _lead(rng))
        out = end if rng.random() < KEEPS and end > went else went + int(rng.integers(5, 60))
        who = people[0] if people else int(meetings.host[m])
        count = max(1, min(len(people), org.rooms[room].capacity))
        yield Booking(token(rng), room, who, meetings.topic[m], begin, end, made, count, came, went, out, online=m)


def _lead(rng: np.random.Generator) -> int:
    """How long before a room is booked, seconds: minutes to three days."""
    return int(np.clip(rng.lognormal(9.3, 1.4), 120, 2.9 * 86_400))


def _in_person(
    org: Organisation, day: date, room: int, taken: list[Booking], at_office: Ints, rng: np.random.Generator
) -> Iterator[Booking]:
    site, capacity = org.rooms[room].site, org.rooms[room].capacity
    busy = [(b.begin - 300, b.end + 300) for b in taken]
    for _ in range(int(rng.poisson(IN_PERSON)) if len(at_office) else 0):
        slot, minutes = int(rng.integers(8 * 4, 17 * 4 + 1)), drawn(rng, LENGTHS, LENGTH_EDGES)
        begin = moment(day, time(slot // 4, slot % 4 * 15), site)
        end = begin + minutes * 60
        if any(begin < until and end > since for since, until in busy):
            continue
        busy.append((begin, end))
        size = min(int(rng.integers(2, 7)), capacity, len(at_office))
        booking = (token(rng), room, int(rng.choice(at_office)), picked(rng, names.AD_HOC), begin, end, begin - _lead(rng))
        yield _visited(booking, max(size, 1), rng)


def _visited(booking: tuple[str, int, int, str, int, int, int], size: int, rng: np.random.Generator) -> Booking:
    begin, end = booking[4], booking[5]
    if rng.random() < NO_SHOW:
        return Booking(*booking, people=0, released=begin + GRACE if rng.random() < RELEASES else 0)
    came = begin + int(rng.integers(-120, 300))
    went = min(begin + int((end - begin) * rng.uniform(0.55, 1.02)), end + 60)
    out = end if rng.random() < KEEPS and end > went else went + int(rng.integers(5, 60))
    return Booking(*booking, people=size, came=came, went=went, out=out)


@lru_cache(maxsize=8)
def faults(org: Organisation, day: date) -> tuple[Fault, ...]:
    """What fails in the rooms on a day, one after the other in each; a room in a meeting does not go offline."""
    rng, found = org.dice("faults", day), []
    shares = np.array([fault[3] for fault in FAULTS])
    for room, it in enumerate(org.rooms):
        opens, free_from = moment(day, OPENS, it.site), 0
        moments = rng.integers(-3600, 11 * 3600, rng.poisson(FAILS_OFTEN if it.frail else FAILS))
        for at in (opens + np.sort(moments)).tolist():
            issue, kind, component, _, minutes, never = FAULTS[int(rng.choice(len(FAULTS), p=shares / shares.sum()))]
            until = at + int(rng.integers(minutes[0] * 60, minutes[1] * 60))
            cleared = 0 if rng.random() < never else until
            if at > free_from and not (issue == OFFLINE and _used(org, day, room, at, until)):
                found.append(Fault(room, issue, kind, component, at, cleared))
                free_from = until
    return tuple(found)


def _used(org: Organisation, day: date, room: int, since: int, until: int) -> bool:
    return any(b.room == room and b.came and b.came < until and b.out > since for b in bookings(org, day))
