"""The rooms of the organisation: where they are, how many they seat, what stands in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from callboard.sim import names
from callboard.sim.ids import token
from callboard.sim.places import SITES

PEOPLE_PER_ROOM: Final = 20
FLOORS: Final = 3
CAPACITIES: Final = (4, 6, 8, 12, 16, 24)
CAPACITY_SHARES: Final = (0.22, 0.26, 0.22, 0.16, 0.1, 0.04)
DEVICE: Final = "Zoom Rooms"


@dataclass(frozen=True)
class Location:
    """A campus, building or floor; `parent_id` is empty for a campus."""

    location_id: str
    name: str
    parent_id: str
    type: str


@dataclass(frozen=True)
class Room:
    """A Zoom Room. It joins meetings as a person does, so it has all that a roster asks of a person."""

    user_id: str
    name: str
    email: str
    site: int
    location: Location
    place: str
    """Where it is in words: `Berlin, Main building, Floor 2`."""
    capacity: int
    device: int
    kit: int
    pc_name: str
    mac_addr: str
    address: str
    frail: bool
    """Something is wrong with it every other day."""
    by_calendar: bool
    """People check in at its display, so the calendar tells of it, rather than the reservation."""
    home_address: str = ""
    home_wired: bool = False
    office_wired: bool = True
    update_lag: float = 0.0
    shyness: float = 0.0
    department: int = -1

    @property
    def mobile(self) -> int:
        """It is no less a room on the move."""
        return self.device

    @property
    def mobile_mac(self) -> str:
        """It has one address."""
        return self.mac_addr

    @property
    def calendar_name(self) -> str:
        """Its name in the calendar."""
        return f"{SITES[self.site].name[:3].upper()} {self.name}"


def locations(rng: np.random.Generator, sites: Sequence[int]) -> tuple[Location, ...]:
    """A campus with a building of some floors at each of the sites."""
    return tuple(place for site in sites for place in _campus(rng, site))


def _campus(rng: np.random.Generator, site: int) -> Iterator[Location]:
    campus = Location(token(rng, 11), SITES[site].name, "", "campus")
    building = Location(token(rng, 11), "Main building", campus.location_id, "building")
    yield campus
    yield building
    for floor in range(1, FLOORS + 1):
        yield Location(token(rng, 11), f"Floor {floor}", building.location_id, "floor")


def rooms(rng: np.random.Generator, people: Sequence[int], places: Sequence[Location], device: int) -> tuple[Room, ...]:
    """A room for every twenty people of a site; `people` has how many each site has. One of all rooms is frail."""
    floors = iter([place for place in places if place.type == "floor"])
    of_site = {site: [next(floors) for _ in range(FLOORS)] for site, count in enumerate(people) if count}
    wanted = [site for site in of_site for _ in range(-(-people[site] // PEOPLE_PER_ROOM))]
    frail = int(rng.integers(0, max(len(wanted), 1)))
    order = rng.permutation(len(names.ROOMS)).tolist()
    titles = [f"{names.ROOMS[order[n % len(order)]]} {n // len(order) + 1}".removesuffix(" 1") for n in range(len(wanted))]
    return tuple(
        _room(rng, site, of_site[site][int(rng.integers(0, FLOORS))], device, nth, titles[nth], nth == frail)
        for nth, site in enumerate(wanted)
    )


def _room(rng: np.random.Generator, site: int, floor: Location, device: int, nth: int, name: str, frail: bool) -> Room:
    town = SITES[site].name
    return Room(
        user_id=token(rng),
        name=name,
        email=f"room.{name.lower().replace(' ', '.')}@example.com",
        site=site,
        location=floor,
        place=f"{town}, Main building, {floor.name}",
        capacity=int(rng.choice(CAPACITIES, p=CAPACITY_SHARES)),
        device=device,
        kit=int(rng.integers(0, 4)),
        pc_name=f"{town[:3].upper()}-ZR-{nth + 1:02}",
        mac_addr="02:" + rng.bytes(5).hex(":"),
        address=f"10.{20 + site}.{floor.name[-1]}.{2 + nth % 7}",
        frail=frail,
        by_calendar=bool(rng.random() < 0.4),
    )
