"""When what was held went on, and when people were in it, as arrays: figures of any time zone are counted from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from callboard.contract.features import Feature
from callboard.endpoints.figures import SLOT
from callboard.endpoints.held import HELD, HELD_IDS, PERSON, by_day, held
from callboard.endpoints.listing import DAY
from callboard.endpoints.registry import Context
from callboard.store.tables import PARTICIPANTS

BYTES: Final = 500
"""What one instance and its joins take in memory, about."""

Seconds = NDArray[np.int64]
"""Unix seconds."""
Flags = NDArray[np.bool_]

SPANS: Final = f"""
-- spans.read: what was held in a range, and when people were in it; an end that nobody told of is the beginning
SELECT toString(kind), host, begun, greatest(begun, ifNull(ended, begun)), people, came, went
FROM ({HELD}) AS held
LEFT JOIN (
  SELECT uuid, groupArray(cityHash64(person)) AS people, groupArray(toUnixTimestamp(ifNull(joined, toDateTime(0)))) AS came,
         groupArray(toUnixTimestamp(ifNull(gone, toDateTime(0)))) AS went
  FROM (
    SELECT uuid, {PARTICIPANTS["join_time"].merged} AS joined, {PARTICIPANTS["leave_time"].merged} AS gone, {PERSON} AS person
    FROM participants WHERE account_id = {{account:String}} AND {HELD_IDS}
    GROUP BY uuid, user_id HAVING bitAnd(groupBitOr(features), {Feature.JOINED:d}) != 0)
  GROUP BY uuid) AS stays USING (uuid)
"""
"""The joins are those into the meeting itself, not into its waiting or breakout rooms."""


@dataclass(frozen=True)
class Spans:
    """An element an instance, and an element a join: `of` is where its instance stands.

    Who is not known to have come or left was there from the instance's beginning or to its end. `person` is a hash.
    """

    kind: NDArray[np.str_]
    host: NDArray[np.object_]
    begun: Seconds
    over: Seconds
    of: NDArray[np.int64]
    person: NDArray[np.uint64]
    came: Seconds
    went: Seconds

    def __len__(self) -> int:
        return len(self.begun)

    def only(self, wanted: Flags) -> Spans:
        """Some of the instances, with their joins."""
        joins, place = wanted[self.of], np.cumsum(wanted) - 1
        instances = (self.kind[wanted], self.host[wanted], self.begun[wanted], self.over[wanted])
        return Spans(*instances, place[self.of[joins]], self.person[joins], self.came[joins], self.went[joins])


def _made(rows: list[list[Any]]) -> Spans:
    """Rows of `SPANS` as arrays."""
    begun, over = (np.array([row[n] for row in rows], np.int64) for n in (2, 3))
    of = np.repeat(np.arange(len(rows)), [len(row[4]) for row in rows])
    person = np.array([one for row in rows for one in row[4]], np.uint64)
    joined, gone = (np.array([at for row in rows for at in row[n]], np.int64) for n in (5, 6))
    came = np.where(joined > 0, joined, begun[of])
    went = np.maximum(came, np.where(gone > 0, gone, over[of]))
    host = np.array([row[1] for row in rows], object)
    return Spans(np.array([row[0] for row in rows], "U7"), host, begun, over, of, person, came, went)


def _together(days: Iterable[Spans]) -> Spans:
    parts = list(days)
    if not parts:
        return _made([])
    before = np.cumsum([0, *(len(part) for part in parts)])
    of = np.concatenate([part.of + at for part, at in zip(parts, before, strict=False)])
    others = ("kind", "host", "begun", "over", "person", "came", "went")
    return Spans(of=of, **{name: np.concatenate([getattr(part, name) for part in parts]) for name in others})


HOSTS: Final = """
-- spans.hosts: people of a department, and of some groups
SELECT user_id FROM people WHERE account_id = {account:String}
GROUP BY user_id
HAVING ({department:String} = '' OR max(dept).2 = {department:String})
  AND (empty({groups:Array(String)}) OR hasAny(max(group_ids).2, {groups:Array(String)}))
"""


def spans(context: Context, begin: int, end: int, *, kind: str, department: str, groups: tuple[str, ...]) -> Spans:
    """What was held in `[begin, end)`: of one kind, and hosted by people of a department and of some groups, if asked for."""

    def read(begin: int, end: int) -> dict[int, Any]:
        days: dict[int, list[list[Any]]] = defaultdict(list)
        for row in context.store.ask(SPANS, held(context, begin, end), wide=True).rows:
            days[row[2] // DAY].append(row)
        return {day: _made(rows) for day, rows in days.items()}

    found = _together(by_day(context, "spans", begin, end, read, each=BYTES).values())
    if kind:
        found = found.only(found.kind == kind)
    if department or groups:
        asked = {"account": context.caller.account_id, "department": department, "groups": list(groups)}
        hosts = {host for (host,) in context.store.ask(HOSTS, asked).rows}
        found = found.only(np.array([host in hosts for host in found.host], bool))
    return found


def most(begun: Seconds, over: Seconds) -> int:
    """How many spans went on at once at the most; one that ends when another begins is over."""
    times, steps = np.concatenate([begun, over]), np.repeat((1, -1), len(begun))
    order = np.lexsort((steps, times))
    return int(np.cumsum(steps[order]).max(initial=0))


def local(times: Seconds, zone: str, shown: Callable[[datetime], Any]) -> NDArray[Any]:
    """What is shown of each time on the clocks of a time zone, which may depend on its quarter of an hour only."""
    slots, where = np.unique(times // SLOT, return_inverse=True)
    clock = ZoneInfo(zone)
    return np.array([shown(datetime.fromtimestamp(slot * SLOT, clock)) for slot in slots.tolist()])[where]
