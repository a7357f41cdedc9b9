"""What is remembered between questions: answers, until a fact that they follow from changes.

The writer tells which facts a commit touched before it acknowledges them, so an answer is never older than an
acknowledged fact. Entries are checked by sequence numbers, without a look at the store.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from math import inf
from time import monotonic
from typing import Any, Final

CHANGES: Final = 500_000
"""Changed facts to keep apart; beyond that, all that is older than the oldest of them is forgotten."""


@dataclass
class _Entry:
    seen: int
    depends: tuple[Hashable, ...]
    value: Any
    size: int
    until: float


class FactMemory:
    """Values remembered until a fact that they depend on changes; at most `most_bytes` of them."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._bytes = 0
        self._sequence = 1
        self._floor = 0
        self._changed: OrderedDict[Hashable, int] = OrderedDict()
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def now(self) -> int:
        """The present sequence number: take it before reading what is to be remembered."""
        return self._sequence

    def touch(self, facts: Iterable[Hashable]) -> None:
        """These facts changed."""
        with self._lock:
            next_ = self._sequence + 1
            for fact in facts:
                self._changed[fact] = next_
                self._changed.move_to_end(fact)
            while len(self._changed) > CHANGES:
                self._floor = self._changed.popitem(last=False)[1]
            self._sequence = next_  # last, so that nobody marks a value as seen before its changes are listed

    def forget(self) -> None:
        """Anything may have changed."""
        with self._lock:
            self._floor = self._sequence + 1
            self._sequence = self._floor
            self._changed.clear()
            self._entries.clear()
            self._bytes = 0

    def get(self, key: Hashable) -> Any | None:
        """The value, if nothing that it depends on has changed."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        if entry.until < monotonic():
            self._drop(key)
            return None
        now = self._sequence
        if entry.seen != now:
            if self.changed(entry.depends, entry.seen):
                self._drop(key)
                return None
            entry.seen = now
        return entry.value

    def changed(self, facts: Iterable[Hashable], since: int) -> bool:
        """Whether one of these facts may have changed since `now` was that."""
        changed = self._changed
        return since < self._floor or any(changed.get(fact, 0) > since for fact in facts)

    def put(self, key: Hashable, depends: tuple[Hashable, ...], value: Any, size: int, seen: int, seconds: float = inf) -> None:
        """Remember a value that was read after `now` was `seen`, for some seconds; `size` is about its bytes."""
        if size > self._most // 4:
            return
        with self._lock:
            old = self._entries.pop(key, None)
            self._bytes += size - (old.size if old else 0)
            self._entries[key] = _Entry(seen, depends, value, size, monotonic() + seconds)
            while self._bytes > self._most:
                self._bytes -= self._entries.popitem(last=False)[1].size

    def _drop(self, key: Hashable) -> None:
        with self._lock:
            entry = self._entries.pop(key, None)
            self._bytes -= entry.size if entry else 0


DAY: Final = 86_400
HOUR: Final = 3_600
INSTANCES: Final = 200_000
"""Instances whose day is known at the same time."""


PARTS: Final[dict[str, Callable[[dict[str, Any]], int]]] = {
    "qos_minutes": lambda row: int(row["minute"]) // HOUR,
    "chat_messages": lambda row: int(row["at"]) // DAY,
    "room_samples": lambda row: int(row["at"]) // DAY,
    "chat_days": lambda row: (date.fromisoformat(row["day"]) - date(1970, 1, 1)).days,
}
"""Tables that are large and of which figures of hours or days are remembered: the hour, or the day, that a row is of."""


class FactNames:
    """What a commit's rows change, in the words that answers depend on.

    Remembers on which day each instance began that it heard of, so that a minute of quality is known to be that day's.
    """

    def __init__(self) -> None:
        self._days: OrderedDict[str, int] = OrderedDict()

    def begin(self, uuid: str, day: int) -> None:
        """What the store held when the server started: an instance, and the day that it began on."""
        self._days[uuid] = day

    def of(self, tables: dict[str, list[dict[str, Any]]]) -> set[Hashable]:
        """The facts that rows by table change."""
        facts: set[Hashable] = set()
        for row in tables.get("meetings", ()):
            account, day = row["account_id"], row["start_time"] // DAY
            facts.add(("day", account, row["kind"], day))
            facts.add(("number", account, str(row.get("number"))))
            facts.add(("instances", account, day))
            self._days[row["uuid"]] = day
        while len(self._days) > INSTANCES:
            self._days.popitem(last=False)
        for table, rows in tables.items():
            if table == "raw_events":
                continue
            for row in rows:
                facts.add(("table", row["account_id"], table))
                if table in PARTS:
                    facts.add(("table", row["account_id"], table, PARTS[table](row)))
                if isinstance(row.get("uuid"), str):  # a plan's may change: no key, and nothing of an instance
                    facts.add(("uuid", row["uuid"]))
                    day_ = self._days.get(row["uuid"])
                    facts.add(("instances", row["account_id"]) if day_ is None else ("instances", row["account_id"], day_))
                if table == "people":
                    facts.add(("people", row["account_id"]))
        return facts
