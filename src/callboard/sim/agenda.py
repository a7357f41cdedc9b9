"""What is planned: recurring series, and what one day adds to them. Nobody has joined anything yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np

from callboard.sim import names
from callboard.sim.organisation import Flags, Ints, Organisation
from callboard.sim.places import SITES

MEETING, WEBINAR = 0, 1
OPEN, WAITING, HOST_FIRST = 0, 1, 2
"""How one gets in: before the host, through the waiting room, or only once the host is there."""

RHYTHM: Final = (1.0, 1.1, 1.06, 1.06, 0.74, 0.03, 0.02)
"""How busy each weekday is, Monday first."""
AD_HOC_PER_PERSON: Final = 1.03
WEBINARS_PER_PERSON: Final = 0.022
ALONE: Final = 0.035
WATCH_PEOPLE, WATCH_SIZE, WATCH_MINUTES = 200, 4, 66
"""From how many people on there is a watch, how many keep it, and for how long: shifts overlap by some minutes."""
SLOTS: Final = np.arange(8 * 4, 18 * 4)
"""Starts of unplanned meetings: quarter hours of the local day."""
SLOT_WEIGHTS: Final = np.interp(SLOTS / 4, (8, 9, 10, 11.5, 12.5, 13.5, 15, 16.5, 18), (1, 6, 10, 9, 3, 8, 10, 7, 1))
SLOT_EDGES: Final = np.cumsum(SLOT_WEIGHTS / SLOT_WEIGHTS.sum())
SIZES: Final = (2, 3, 4, 5, 6, 8, 11, 16)
SIZE_EDGES: Final = np.cumsum((0.11, 0.13, 0.14, 0.14, 0.14, 0.16, 0.11, 0.07))
LENGTHS: Final = (15, 30, 45, 60, 90)
LENGTH_EDGES: Final = np.cumsum((0.1, 0.42, 0.16, 0.27, 0.05))
DOORS: Final = (OPEN, WAITING, HOST_FIRST)
DOOR_EDGES: Final = (np.cumsum((0.68, 0.06, 0.26)), np.cumsum((0.2, 0.6, 0.2)))
"""Of meetings among colleagues, and of those with guests."""


@dataclass(frozen=True)
class Series:
    """A recurring meeting: `weekdays` of every week, or of every second one that has this `parity`."""

    number: int
    topic: str
    host: int
    members: tuple[int, ...]
    weekdays: tuple[int, ...]
    clock: time
    minutes: int
    door: int
    records: bool
    parity: int | None = None
    guests: int = 0

    def falls_on(self, day: date) -> bool:
        """Whether an instance is planned on this day."""
        return day.weekday() in self.weekdays and self.parity in (None, day.isocalendar().week % 2)


@dataclass(frozen=True)
class Plan:
    """One planned instance: `start` in epoch seconds, `invited` and `host` index the staff, host included."""

    kind: int
    number: int
    topic: str
    type: int
    host: int
    invited: Ints
    guests: int
    start: int
    minutes: int
    door: int
    records: bool


@lru_cache(maxsize=40)
def agenda(org: Organisation, day: date) -> tuple[Plan, ...]:
    """Everything planned for a day, by the clocks of the sites, earliest first."""
    rng = org.dice("agenda", day)
    working = at_work(day)
    plans = [_instance(org, s, day) for s in series(org) if s.falls_on(day) and working[org.roster.site[s.host]]]
    plans += _ad_hoc(org, day, rng, working)
    plans += _webinars(org, day, rng, working)
    plans += _watch(org, day)
    return tuple(sorted(plans, key=lambda plan: (plan.start, plan.number)))


def at_work(day: date) -> list[bool]:
    """Whether each site works on a day, holidays considered (a weekend is merely quiet)."""
    return [(day.month, day.day) not in site.holidays for site in SITES]


def moment(day: date, clock: time, site: int) -> int:
    """A site's wall clock as epoch seconds."""
    return int(datetime.combine(day, clock, ZoneInfo(SITES[site].timezone)).timestamp())


def drawn(rng: np.random.Generator, values: Any, edges: Any) -> Any:
    """One of some values; `edges` are their shares, summed up. Many times faster than numpy's own choice of one."""
    return values[min(int(np.searchsorted(edges, rng.random(), side="right")), len(values) - 1)]


def picked(rng: np.random.Generator, words: tuple[str, ...]) -> str:
    """One of some words."""
    return words[int(rng.integers(0, len(words)))]


@lru_cache(maxsize=1024)
def awake(start: int) -> Flags:
    """The sites where an instant falls between 8:00 and 18:30."""
    local = [datetime.fromtimestamp(start, ZoneInfo(site.timezone)).time() for site in SITES]
    return np.array([time(8) <= clock <= time(18, 30) for clock in local])


@lru_cache(maxsize=8)
def series(org: Organisation) -> tuple[Series, ...]:
    """The recurring meetings: stand-ups, team and department meetings, one-to-ones, projects across sites."""
    rng = org.dice("series")
    return (*_stand_ups(org, rng), *_weeklies(org, rng), *_one_to_ones(org, rng), *_projects(org, rng))


def meeting_number(rng: np.random.Generator) -> int:
    """A number to dial: mostly 11 digits, some 10."""
    long = rng.random() < 0.85
    return int(rng.integers(81_000_000_000, 90_000_000_000) if long else rng.integers(3_000_000_000, 9_900_000_000))


def _stand_ups(org: Organisation, rng: np.random.Generator) -> Iterator[Series]:
    for team in org.teams:
        if len(team.members) > 2:
            clock = time(int(rng.choice((9, 9, 10))), int(rng.choice((0, 15, 30, 45))))
            yield _series(rng, f"{team.name} stand-up", team.members[0], team.members, (0, 1, 2, 3, 4), clock, 15, OPEN)


def _weeklies(org: Organisation, rng: np.random.Generator) -> Iterator[Series]:
    for team in org.teams:
        if len(team.members) > 2:
            weekday, clock = int(rng.integers(0, 5)), time(int(rng.choice((11, 13, 14, 15))))
            yield _series(rng, f"{team.name} weekly", team.members[0], team.members, (weekday,), clock, 60, HOST_FIRST)


def _one_to_ones(org: Organisation, rng: np.random.Generator) -> Iterator[Series]:
    for team in org.teams:
        lead, *others = team.members
        for member in others:
            pair = f"{org.staff[lead].first} / {org.staff[member].first} 1:1"
            weekday, clock = int(rng.integers(0, 5)), time(int(rng.integers(9, 17)), int(rng.choice((0, 30))))
            yield _series(rng, pair, lead, (lead, member), (weekday,), clock, 30, OPEN, parity=int(rng.integers(0, 2)))


def _projects(org: Organisation, rng: np.random.Generator) -> Iterator[Series]:
    for number in range(max(1, org.people // 5)):
        members = rng.choice(org.people, size=min(org.people, int(rng.integers(4, 12))), replace=False)
        form, project = divmod(number, len(names.PROJECTS))
        topic = names.PROJECTS[project] + names.PROJECT_FORMS[form % len(names.PROJECT_FORMS)]
        # Across the Atlantic only late European afternoons suit, so these crowd there.
        clock = time(int(rng.choice((15, 16, 17))) if org.roster.site[members[0]] < 2 else int(rng.choice((9, 10, 11))))
        door = int(rng.choice((OPEN, WAITING, HOST_FIRST), p=(0.5, 0.3, 0.2)))
        weekday, minutes = int(rng.integers(0, 5)), int(rng.choice((30, 45, 60)))
        guests = int(rng.integers(1, 4)) if door == WAITING else 0
        yield _series(rng, topic, int(members[0]), tuple(map(int, members)), (weekday,), clock, minutes, door, guests=guests)


def _series(
    rng: np.random.Generator,
    topic: str,
    host: int,
    members: tuple[int, ...],
    weekdays: tuple[int, ...],
    clock: time,
    minutes: int,
    door: int,
    parity: int | None = None,
    guests: int = 0,
) -> Series:
    records = bool(rng.random() < 0.12)
    return Series(meeting_number(rng), topic, host, members, weekdays, clock, minutes, door, records, parity, guests)


def _instance(org: Organisation, s: Series, day: date) -> Plan:
    site = int(org.roster.site[s.host])
    start = moment(day, s.clock, site)
    members = np.array(s.members)
    invited = members[awake(start)[org.roster.site[members]]]
    return Plan(MEETING, s.number, s.topic, 8, s.host, invited, s.guests, start, s.minutes, s.door, s.records)


def _ad_hoc(org: Organisation, day: date, rng: np.random.Generator, working: list[bool]) -> Iterator[Plan]:
    hosts = _hosts(org, working, rng, rng.poisson(org.people * AD_HOC_PER_PERSON * RHYTHM[day.weekday()]))
    for host in hosts:
        slot = int(drawn(rng, SLOTS, SLOT_EDGES))
        start = moment(day, time(slot // 4, slot % 4 * 15), int(org.roster.site[host]))
        instant = rng.random() < 0.3
        start += int(rng.integers(0, 700)) if instant else 0
        invited = _circle(org, rng, int(host), start)
        guests = int(rng.integers(1, 4)) if rng.random() < 0.14 and len(invited) > 1 else 0
        door, minutes = drawn(rng, DOORS, DOOR_EDGES[guests > 0]), drawn(rng, LENGTHS, LENGTH_EDGES)
        topic = f"{org.staff[host].name}'s Zoom Meeting" if instant else picked(rng, names.AD_HOC)
        records = bool(rng.random() < 0.07)
        yield Plan(
            MEETING, meeting_number(rng), topic, 1 if instant else 2, int(host), invited, guests, start, minutes, door, records
        )


def _hosts(org: Organisation, working: list[bool], rng: np.random.Generator, count: int) -> Ints:
    there = np.flatnonzero(np.array(working)[org.roster.site])
    return rng.choice(there, size=count) if len(there) else there


def _circle(org: Organisation, rng: np.random.Generator, host: int, start: int) -> Ints:
    """The host and whom they would ask at this hour: the department, or anyone; or nobody."""
    if rng.random() < ALONE:
        return np.array([host])
    roster = org.roster
    near = awake(start)[roster.site]
    pool = near & (roster.department == roster.department[host]) if rng.random() < 0.7 else near
    others = np.flatnonzero(pool)
    others = others[others != host]
    size = min(len(others), drawn(rng, SIZES, SIZE_EDGES) - 1)
    return np.concatenate(([host], rng.choice(others, size=size, replace=False)))


def _webinars(org: Organisation, day: date, rng: np.random.Generator, working: list[bool]) -> Iterator[Plan]:
    for host in _hosts(org, working, rng, rng.poisson(org.people * WEBINARS_PER_PERSON * RHYTHM[day.weekday()])):
        start = moment(day, time(int(rng.choice((10, 11, 14, 15, 16)))), int(org.roster.site[host]))
        size = int(np.clip(rng.lognormal(4.45, 0.4), 40, 170))
        internal = rng.permutation(np.flatnonzero(awake(start)[org.roster.site]))[: int(size * rng.uniform(0.2, 0.7))]
        invited = np.concatenate(([host], internal[internal != host]))
        minutes, number = int(rng.choice((30, 45, 60))), int(rng.integers(91_000_000_000, 99_900_000_000))
        topic, records = str(rng.choice(names.WEBINARS)), bool(rng.random() < 0.6)
        yield Plan(WEBINAR, number, topic, 5, int(host), invited, size - len(invited) + 1, start, minutes, HOST_FIRST, records)


def _watch(org: Organisation, day: date) -> Iterator[Plan]:
    """The operations watch of a large organisation, an hour a shift around the clock: something is always live."""
    if org.people < WATCH_PEOPLE:
        return
    number, rng = meeting_number(org.dice("watch")), org.dice("watch", day)
    for hour in range(24):
        shift = rng.choice(org.people, size=WATCH_SIZE, replace=False)
        start, host = midnight(day) + hour * 3600, int(shift[0])
        yield Plan(MEETING, number, "Operations watch", 8, host, shift, 0, start, WATCH_MINUTES, OPEN, False)


def midnight(day: date) -> int:
    """A UTC day's beginning in epoch seconds."""
    return int(datetime.combine(day, time(), UTC).timestamp())


@lru_cache(maxsize=65_536)
def iso(seconds: int) -> str:
    """Epoch seconds as Zoom writes them: `2024-11-12T14:00:07Z`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
