"""Which version of the client a person runs on a day: a release every four weeks, and now and then a bad one.

Time is cut into blocks of 28 days from the organisation's beginning. Each block has one good release and, for one
kind of computer, one bad one, which early adopters take some days later and keep until they update to the next good
release.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from callboard.sim.organisation import MAC, WINDOWS, Flags, Organisation, Texts

BLOCK_DAYS: Final = 28
ROLLOUT_DAYS: Final = 12
BAD_RELEASE_DAY: Final = 5
BAD_ROLLOUT_DAYS: Final = 4
EARLY_ADOPTERS: Final = 0.6


@dataclass(frozen=True)
class Installed:
    """What everyone (staff and rooms) runs on a day: version, and whether it is the bad one."""

    version: Texts
    bad: Flags


def block_of(org: Organisation, day: date) -> int:
    """The number of the block that a day is in."""
    return (day - org.began.date()).days // BLOCK_DAYS


def block_start(org: Organisation, block: int) -> date:
    """A block's first day."""
    return org.began.date() + timedelta(days=BLOCK_DAYS * block)


def version_of(block: int, bad: bool) -> str:
    """The version that a block's release, or its bad one, calls itself: `7.1.0.61130`."""
    total = block // 2
    patch = (5 if block % 2 else 0) + (2 if bad else 0)
    return f"{3 + total // 10}.{total % 10}.{patch}.{20000 + 457 * block + 38 * bad}"


def bad_device(block: int) -> int:
    """The kind of computer that a block's bad release is for."""
    return MAC if block % 2 else WINDOWS


def installed(org: Organisation, day: date) -> Installed:
    """What everyone runs on a day."""
    roster = org.cast
    age = (day - org.began.date()).days
    block = (age - (roster.update_lag * ROLLOUT_DAYS).astype(np.int64)) // BLOCK_DAYS
    days_in = age - block * BLOCK_DAYS
    taken = days_in >= BAD_RELEASE_DAY + roster.update_lag * BAD_ROLLOUT_DAYS / EARLY_ADOPTERS
    wanted = np.where(block % 2 == 1, MAC, WINDOWS)
    bad = taken & (roster.update_lag < EARLY_ADOPTERS) & (roster.device == wanted)
    version = np.empty(len(bad), object)
    version[:] = [version_of(int(b), bool(x)) for b, x in zip(block, bad, strict=True)]
    return Installed(version, bad)
