"""Figures of whole days: counted once, and remembered until a fact of that day changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from math import inf
from typing import Any, Final

from callboard.endpoints.params import days
from callboard.endpoints.registry import Context

DAY: Final = 86_400
UNSETTLED_SECONDS: Final = 60.0
"""Time alone may change the figures of a day on which something may still be live."""
MOST_DAYS: Final = 366
"""So many days are remembered one by one."""


def of_days(account: str, begin: int, end: int) -> tuple[Hashable, ...]:
    """What figures of the instances that began in Unix seconds `[begin, end)` follow from: these instances, their joins,
    their minutes, and all else that is said of them."""
    return (("instances", account), *(("instances", account, day) for day in days(begin, end)))


def of_tables(account: str, *tables: str) -> tuple[Hashable, ...]:
    """What figures follow from that are read from whole tables."""
    return tuple(("table", account, table) for table in tables)


def of_uuids(uuids: Iterable[str]) -> tuple[Hashable, ...]:
    """What figures follow from that are read of some instances: whatever is said of them, their joins and their minutes."""
    return tuple(("uuid", uuid) for uuid in uuids)


def of_table_parts(account: str, *tables: str) -> Callable[[int], tuple[Hashable, ...]]:
    """What a day's figures follow from that are read from the rows of that day in whole tables; an hour's, of minutes."""
    return lambda part: tuple(("table", account, table, part) for table in tables)


def by_day(
    context: Context,
    name: Hashable,
    begin: int,
    end: int,
    count: Callable[[int, int], dict[int, Any]],
    *also: Hashable,
    depends: Callable[[int], tuple[Hashable, ...]] | None = None,
    each: int = 100,
) -> dict[int, Any]:
    """A figure for each UTC day (days since 1970) that `[begin, end)` touches; days without one are left out.

    `count(begin, end)` counts the days of a stretch of whole days with one question. Days are remembered under `name`
    until a fact of theirs changes (`depends`, by default anything that is said of the instances that began on them), or
    `also` does; those on which something may still be live, for a minute at the most. Of more than a year none is.
    An entry of a day's figure takes about `each` bytes.
    """
    account, seen = context.caller.account_id, context.memory.now
    settled = context.live_since // DAY - 1
    touched = days(begin, min(end, max(begin + 1, context.now + DAY)))
    if len(touched) > MOST_DAYS:
        return count(touched.start * DAY, touched.stop * DAY)
    known: dict[int, Any] = {}
    missing = []
    for day in touched:
        value = context.memory.get(("daily", name, account, day))
        if value is None:
            missing.append(day)
        else:
            known[day] = value
    if missing:
        counted = count(missing[0] * DAY, (missing[-1] + 1) * DAY)
        for day in range(missing[0], missing[-1] + 1):
            known[day] = counted.get(day, ())
            facts = depends(day) if depends else of_days(account, day * DAY, (day + 1) * DAY)
            size, seconds = 500 + each * len(known[day]), inf if day < settled else UNSETTLED_SECONDS
            context.memory.put(("daily", name, account, day), (*facts, *also), known[day], size, seen, seconds)
    return {day: value for day, value in known.items() if value != ()}
