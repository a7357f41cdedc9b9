"""From where and on what each join of a day is made: office or home, wire, Wi-Fi or mobile network, computer or phone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from callboard.sim import names
from callboard.sim.agenda import RHYTHM
from callboard.sim.organisation import ANDROID, IOS, MAC, PHONE, SIP, WINDOWS, Flags, Ints, Organisation, Texts

Frame = dict[str, NDArray[Any]]
"""Columns of equal length by name, while a day is being put together."""

OFFICE_WIRED, OFFICE_WIFI, HOME_WIFI, HOME_WIRED, CELLULAR, DIAL_IN = range(6)
NETWORKS: Final = ("Wired", "Wifi", "Wifi", "Wired", "Cellular", "Others")

ON_THE_MOVE: Final = 0.05
DIALS_IN: Final = 0.02
ROOM_SYSTEM: Final = 0.012


@dataclass(frozen=True)
class Guests:
    """People from outside, a row each: `town` indexes `GUEST_TOWNS`; `email` is empty for those who gave none.

    `registrant` is the registration that they came with, empty for those who needed none.
    """

    name: Texts
    email: Texts
    town: Ints
    registrant: Texts


def take(frame: Mapping[str, NDArray[Any]], rows: NDArray[Any]) -> Frame:
    """Some rows of a frame, in this order."""
    return {name: column[rows] for name, column in frame.items()}


def stack(*frames: Frame) -> Frame:
    """Frames of equal columns below one another."""
    return {name: np.concatenate([frame[name] for frame in frames]) for name in frames[0]}


def texts(values: list[str]) -> Texts:
    """Strings as a column."""
    column = np.empty(len(values), object)
    column[:] = values
    return column


def whereabouts(org: Organisation, day: date) -> Ints:
    """Where each of the staff works that day, on what network."""
    rng, roster = org.dice("whereabouts", day), org.roster
    mood = rng.random(org.people)
    remote = 0.9 if RHYTHM[day.weekday()] < 0.1 else 0.5 if day.weekday() == 4 else 0.36
    office = np.where(roster.office_wired, OFFICE_WIRED, OFFICE_WIFI)
    home = np.where(roster.home_wired, HOME_WIRED, HOME_WIFI)
    return np.select([mood < 0.03, mood < 0.03 + remote], [np.full(org.people, CELLULAR), home], office)


def place_and_device(org: Organisation, day: date, person: Ints, rng: np.random.Generator) -> Frame:
    """`place` and `device` of each join; `person` indexes the staff and is -1 for a guest."""
    roster, chance = org.roster, rng.random(len(person))
    guest = person < 0
    place = np.where(guest, _guest_places(rng, len(person)), whereabouts(org, day)[person])
    device = np.where(guest, _guest_devices(rng, len(person)), roster.device[person])
    moving = (place == CELLULAR) | (chance > 1 - ON_THE_MOVE)
    place = np.where(moving, CELLULAR, place)
    device = np.where(moving, np.where(guest, IOS, roster.mobile[person]), device)
    dials, room = chance < DIALS_IN, (chance > 0.5) & (chance < 0.5 + ROOM_SYSTEM)
    place = np.select([dials, room], [DIAL_IN, OFFICE_WIRED], place)
    return {"place": place, "device": np.select([dials, room], [PHONE, SIP], device)}


def guests(rng: np.random.Generator, count: int) -> Guests:
    """`count` people from outside."""
    first, last = rng.choice(names.FIRST, count), rng.choice(names.LAST, count)
    domain, tells = rng.choice(names.GUEST_DOMAINS, count), rng.random(count) < 0.5
    mail = [f"{f}.{n}@{d}".lower() if t else "" for f, n, d, t in zip(first, last, domain, tells, strict=True)]
    whole = texts([f"{f} {n}" for f, n in zip(first, last, strict=True)])
    return Guests(whole, texts(mail), rng.integers(0, 10, count), texts([""] * count))


def camera_on(org: Organisation, person: Ints, place: Ints, device: Ints, rng: np.random.Generator) -> Flags:
    """Whether each join sends video: shy people less, on the mobile network half as often, by telephone never."""
    likely = np.where(person < 0, 0.6, 1.12 - 0.7 * org.roster.shyness[person])
    likely = likely * np.where(place == CELLULAR, 0.5, 1.0)
    return np.asarray((rng.random(len(person)) < np.where(device == SIP, 1.0, likely)) & (device != PHONE), bool)


def _guest_places(rng: np.random.Generator, count: int) -> Ints:
    return rng.choice((HOME_WIRED, HOME_WIFI, CELLULAR), count, p=(0.3, 0.6, 0.1))


def _guest_devices(rng: np.random.Generator, count: int) -> Ints:
    return rng.choice((WINDOWS, MAC, IOS, ANDROID), count, p=(0.5, 0.28, 0.14, 0.08))
