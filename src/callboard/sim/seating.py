"""Who sits together: colleagues of one office in one meeting take a room, and the room joins as well."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Final

import numpy as np

from callboard.sim.agenda import awake
from callboard.sim.organisation import ROOM, Ints, Organisation
from callboard.sim.places import SITES
from callboard.sim.presence import OFFICE_WIFI, OFFICE_WIRED, Frame

TAKES_A_ROOM: Final = 0.6
LEAVES_BY: Final = 60
"""Seconds after the planned end when a room has left."""
GAP: Final = 300
"""Seconds between two bookings of a room."""


def seats(org: Organisation, day: date, meetings: Frame, joins: Frame) -> Frame:
    """The joins that rooms make: where two or more of an office are in it, and a room of theirs is free."""
    rng = org.dice("seats", day)
    free_from: dict[int, int] = defaultdict(int)
    taken: list[tuple[int, int]] = []
    crowds = _crowds(org, joins)
    for meeting in np.argsort(meetings["planned"], kind="stable").tolist():
        begin = int(meetings["planned"][meeting])
        by_day = awake(begin)
        for site, size in crowds.get(meeting, ()):
            room = _free(org, site, size, begin, free_from) if rng.random() < TAKES_A_ROOM and by_day[site] else -1
            if room >= 0 and meetings["kind"][meeting] == 0:
                free_from[room] = begin + int(meetings["minutes"][meeting]) * 60 + GAP
                taken.append((meeting, room))
    rows = np.array(taken, np.int64).reshape(-1, 2)
    return _frame(rows[:, 0], rows[:, 1] + org.people)


def _crowds(org: Organisation, joins: Frame) -> dict[int, list[tuple[int, int]]]:
    """By meeting, the sites of which at least two are in it at the office, and how many."""
    person = joins["person"]
    there = (person >= 0) & (joins["place"] <= OFFICE_WIFI) & (joins["device"] < ROOM)
    key = joins["meeting"][there] * len(SITES) + org.roster.site[person[there]]
    keys, sizes = np.unique(key, return_counts=True)
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for pair, size in zip(keys.tolist(), sizes.tolist(), strict=True):
        if size > 1:
            found[pair // len(SITES)].append((pair % len(SITES), size))
    return found


def _free(org: Organisation, site: int, size: int, begin: int, free_from: dict[int, int]) -> int:
    """The smallest room of a site that is free and has the seats; -1 if none is."""
    fits = [(r.capacity, n) for n, r in enumerate(org.rooms) if r.site == site and r.capacity >= size and free_from[n] <= begin]
    return min(fits)[1] if fits else -1


def _frame(meeting: Ints, person: Ints) -> Frame:
    count = len(meeting)
    return {
        "meeting": meeting,
        "person": person,
        "guest": np.full(count, -1),
        "place": np.full(count, OFFICE_WIRED),
        "device": np.full(count, ROOM),
        "video": np.ones(count, bool),
    }
