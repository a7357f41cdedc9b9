"""Who is in the organisation: people, their teams, devices and habits, and its rooms. All of it follows from the seed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from callboard.sim import names, premises
from callboard.sim.ids import token
from callboard.sim.places import SITES, Site
from callboard.sim.premises import Location, Room

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Texts = NDArray[np.object_]

DEVICES: Final = ("Windows", "Mac", "iOS", "Android", "Phone", "H.323/SIP", premises.DEVICE)
WINDOWS, MAC, IOS, ANDROID, PHONE, SIP, ROOM = range(len(DEVICES))


@dataclass(frozen=True)
class Person:
    """Someone with an account; `site`, `department` and `device` index `SITES`, `names.DEPARTMENTS` and `DEVICES`."""

    user_id: str
    first: str
    last: str
    email: str
    department: int
    site: int
    user_type: int
    device: int
    mobile: int
    kit: int
    pc_name: str
    mac_addr: str
    mobile_mac: str
    address: str
    home_address: str
    home_wired: bool
    office_wired: bool
    update_lag: float
    """From 0 to 1: how late the client updates itself."""
    shyness: float
    """From 0 to 1: how often the camera stays off."""

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"

    @property
    def dept(self) -> str:
        """The department's name."""
        return names.DEPARTMENTS[self.department][0]


@dataclass(frozen=True)
class Team:
    """People of one department at one site, the manager first; `members` index `Organisation.staff`."""

    name: str
    site: int
    department: int
    members: tuple[int, ...]


@dataclass(frozen=True)
class Roster:
    """What vectorised code needs of `staff`, a column each, in the same order."""

    user_id: Texts
    name: Texts
    email: Texts
    site: Ints
    device: Ints
    mobile: Ints
    kit: Ints
    pc_name: Texts
    mac_addr: Texts
    mobile_mac: Texts
    address: Texts
    home_address: Texts
    home_wired: Flags
    office_wired: Flags
    update_lag: Floats
    shyness: Floats
    department: Ints

    @classmethod
    def of(cls, staff: Sequence[Person | Room]) -> Roster:
        """The columns of some people."""
        return cls(**{field: _column([getattr(p, field) for p in staff]) for field in cls.__dataclass_fields__})


def _column(values: list[Any]) -> NDArray[Any]:
    if values and isinstance(values[0], str):
        column = np.empty(len(values), object)
        column[:] = values
        return column
    return np.array(values)


@dataclass(frozen=True)
class Organisation:
    """A company of `people` people. Two with equal fields are the same company, to the last packet."""

    seed: int = 1
    people: int = 500
    account_id: str = "Jt8sFqW3S2mYbXe0LzUv5g"
    began: datetime = datetime(2020, 1, 1, tzinfo=UTC)

    def dice(self, purpose: str, day: date | None = None) -> np.random.Generator:
        """Random numbers for one purpose (on one day), the same whatever else was drawn."""
        text = f"{self.seed}/{self.people}/{self.account_id}/{purpose}/{day}"
        seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=16).digest(), "big")
        return np.random.Generator(np.random.SFC64(seed))

    @property
    def sites(self) -> tuple[Site, ...]:
        """The offices."""
        return SITES

    @cached_property
    def group_ids(self) -> tuple[str, ...]:
        """A group for each department, in the order of `names.DEPARTMENTS`."""
        rng = self.dice("groups")
        return tuple(token(rng) for _ in names.DEPARTMENTS)

    @cached_property
    def staff(self) -> tuple[Person, ...]:
        """Everyone, team by team."""
        rng = self.dice("staff")
        taken: set[str] = set()
        where = sorted(zip(_shared([s.share for s in SITES], self.people, rng), _departments(self.people, rng), strict=True))
        return tuple(_person(rng, site, department, taken) for site, department in where)

    @cached_property
    def roster(self) -> Roster:
        """`staff` as columns."""
        return Roster.of(self.staff)

    @cached_property
    def locations(self) -> tuple[Location, ...]:
        """Campuses, buildings and floors of the sites that have people."""
        return premises.locations(self.dice("locations"), sorted({p.site for p in self.staff}))

    @cached_property
    def rooms(self) -> tuple[Room, ...]:
        """The Zoom Rooms, site by site."""
        counts = [sum(p.site == site for p in self.staff) for site in range(len(SITES))]
        return premises.rooms(self.dice("rooms"), counts, self.locations, ROOM)

    @cached_property
    def everyone(self) -> tuple[Person | Room, ...]:
        """All that may join a meeting with an account of theirs: the staff, then the rooms."""
        return (*self.staff, *self.rooms)

    @cached_property
    def cast(self) -> Roster:
        """`everyone` as columns."""
        return Roster.of(self.everyone)

    @cached_property
    def teams(self) -> tuple[Team, ...]:
        """Groups of five to nine (fewer where a site is small) who meet every day."""
        found: list[Team] = []
        for members in self._desks():
            first = self.staff[members[0]]
            nth = sum(team.department == first.department for team in found)
            found.append(Team(_team_name(first, nth), first.site, first.department, tuple(members)))
        return tuple(found)

    def _desks(self) -> list[list[int]]:
        rng = self.dice("teams")
        desks: list[list[int]] = []
        room = 0
        for index, person in enumerate(self.staff):
            mate = desks and self.staff[desks[-1][0]]
            if not mate or len(desks[-1]) >= room or (mate.site, mate.department) != (person.site, person.department):
                desks.append([])
                room = int(rng.integers(5, 10))
            desks[-1].append(index)
        return desks


def _shared(shares: Sequence[float], count: int, rng: np.random.Generator) -> list[int]:
    """`count` indexes in these shares, exactly, so that even a small company has people everywhere."""
    edges = np.cumsum(shares) / np.sum(shares)
    placed = np.searchsorted(edges, (np.arange(count) + 0.5) / count)
    return [int(i) for i in rng.permutation(placed)]


def _departments(count: int, rng: np.random.Generator) -> list[int]:
    return _shared([share for _, share in names.DEPARTMENTS], count, rng)


def _team_name(first: Person, nth: int) -> str:
    words = names.TEAM_WORDS[first.department]
    turn = nth // len(words)
    return f"{first.dept} {words[nth % len(words)]}{f' {turn + 1}' if turn else ''}"


def _person(rng: np.random.Generator, site: int, department: int, taken: set[str]) -> Person:
    first, last = rng.choice(names.FIRST), rng.choice(names.LAST)
    device = int(rng.choice((WINDOWS, MAC), p=(0.64, 0.36)))
    floor, desk = int(rng.integers(1, 6)), int(rng.integers(10, 250))
    tag = int(rng.integers(1000, 9999))
    return Person(
        user_id=token(rng),
        first=str(first),
        last=str(last),
        email=_mail(str(first), str(last), taken),
        department=department,
        site=site,
        user_type=1 if rng.random() < 0.12 else 2,
        device=device,
        mobile=int(rng.choice((IOS, ANDROID), p=(0.62, 0.38))),
        kit=int(rng.integers(0, 4)),
        pc_name=f"{SITES[site].name[:3].upper()}-{'WS' if device == WINDOWS else 'MB'}-{tag}",
        mac_addr=_mac(rng),
        mobile_mac=_mac(rng),
        address=f"10.{20 + site}.{floor}.{desk}",
        home_address=f"192.168.{int(rng.choice((0, 1, 2, 178)))}.{int(rng.integers(20, 200))}",
        home_wired=bool(rng.random() < 0.22),
        office_wired=bool(rng.random() < 0.38),
        update_lag=float(rng.random()),
        shyness=float(rng.random()),
    )


def _mail(first: str, last: str, taken: set[str]) -> str:
    stem = f"{first}.{last}".lower()
    number = 1
    while (mail := f"{stem}{number if number > 1 else ''}@example.com") in taken:
        number += 1
    taken.add(mail)
    return mail


def _mac(rng: np.random.Generator) -> str:
    return "02:" + rng.bytes(5).hex(":")
