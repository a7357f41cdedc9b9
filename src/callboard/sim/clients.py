"""Which version of the client a person runs on a day: a release every four weeks, and now and then a bad one.

Time is cut into blocks of 28 days from the organisation's beginning. Each block has one good release and, for one
kind of computer, one bad one, which early adopters take some days later and keep until its fix comes out.
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
EARLY_ADOPTERS: Final = 0.4
FIX_DAY: Final = 15
FIX_ROLLOUT_DAYS: Final = 3
BAD, FIXED = 2, 3
"""What the bad release and its fix add to a patch number."""


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


def version_of(block: int, patch: int = 0) -> str:
    """The version that a block's release, its `BAD` one or the `FIXED` one calls itself: `7.1.0.61130`."""
    total = block // 2
    return f"{3 + total // 10}.{total % 10}.{(5 if block % 2 else 0) + patch}.{20000 + 457 * block + 19 * patch}"


def bad_device(block: int) -> int:
    """The kind of computer that a block's bad release is for."""
    return MAC if block % 2 else WINDOWS


def installed(org: Organisation, day: date) -> Installed:
    """What everyone runs on a day."""
    roster = org.cast
    age = (day - org.began.date()).days
    block = (age - (roster.update_lag * ROLLOUT_DAYS).astype(np.int64)) // BLOCK_DAYS
    days_in = age - block * BLOCK_DAYS
    early = (roster.update_lag < EARLY_ADOPTERS) & (roster.device == np.where(block % 2 == 1, MAC, WINDOWS))
    eagerness = roster.update_lag / EARLY_ADOPTERS
    fixed = early & (days_in >= FIX_DAY + eagerness * FIX_ROLLOUT_DAYS)
    bad = early & ~fixed & (days_in >= BAD_RELEASE_DAY + eagerness * BAD_ROLLOUT_DAYS)
    patch = np.where(bad, BAD, np.where(fixed, FIXED, 0))
    version = np.empty(len(bad), object)
    version[:] = [version_of(int(b), int(p)) for b, p in zip(block, patch, strict=True)]
    return Installed(version, bad)
