"""Instances summed up: as arrays, for a month of a large organisation is a hundred thousand of them."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from callboard.contract.wire import Columns
from callboard.endpoints.browsing import LIMITS, Call, share_of

SUMS: Final[Columns] = (
    *("count", "seconds", "person_seconds", "participants", "people_average"),
    *("judged_minutes", "bad_minutes", "share_bad", "bad_calls"),
)
TAKEN: Final = ("begun", "features", "joins", "people", "judged", "bad")
_take: Final = itemgetter(*(Call._fields.index(name) for name in TAKEN))
BANDS: Final = (*(band for _, band in LIMITS), "bad", "")
_LIMITS: Final = np.array([limit for limit, _ in LIMITS])
POOR: Final = BANDS.index("poor")

Numbers = dict[str, NDArray[np.int64]]
"""Of some instances: those of `TAKEN`, and how long each and all its joins together went on, `seconds` and `person_seconds`."""


def numbers(calls: Sequence[Call], now: int) -> Numbers:
    """What is counted of some instances."""
    table = np.array(list(map(_take, calls)), np.int64).reshape(len(calls), len(TAKEN)).T
    found: Numbers = dict(zip(TAKEN, table, strict=True))
    found["seconds"] = np.array([call.seconds(now) for call in calls], np.int64)
    found["person_seconds"] = np.array([call.person_seconds(now) for call in calls], np.int64)
    return found


def some(all_: Numbers, where: NDArray[Any]) -> Numbers:
    """Some of them, by their places."""
    return {name: values[where] for name, values in all_.items()}


def bands(found: Numbers) -> NDArray[np.int64]:
    """The band of each, as a place in `BANDS`."""
    judged = found["judged"]
    place = np.searchsorted(_LIMITS, found["bad"] / np.maximum(judged, 1), side="right")
    return np.where(judged > 0, place, len(BANDS) - 1)


def summed(found: Numbers) -> list[Any]:
    """A row of `SUMS`."""
    count, sums = len(found["begun"]), {name: int(values.sum()) for name, values in found.items()}
    average = round(sums["people"] / count, 2) if count else None
    judged, bad, band = sums["judged"], sums["bad"], bands(found)
    poor = int(((band >= POOR) & (found["judged"] > 0)).sum())
    lengths = [sums["seconds"], sums["person_seconds"]]
    return [count, *lengths, sums["joins"], average, judged, bad, share_of(judged, bad), poor]
