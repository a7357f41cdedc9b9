"""Facts and how far their items have come, written together: a page counts as asked only once its facts are on disk."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from callboard.control import Item, SyncBook
from callboard.ingest.facts import Fact
from callboard.store.writer import Writer

ROWS: Final = 20_000
SECONDS: Final = 1.0


class Batch:
    """Gathers pages of one source. Safe from any thread."""

    def __init__(self, writer: Writer, book: SyncBook, source: str) -> None:
        self._writer, self._book, self._source = writer, book, source
        self._lock, self._flushing = threading.Lock(), threading.Lock()
        self._facts: list[Fact] = []
        self._items: dict[tuple[str, str, str], Item] = {}
        self._since = time.monotonic()
        self.rows = 0

    def add(self, facts: Iterable[Fact], items: Iterable[Item] = ()) -> None:
        """A page's facts, and items as they are now that it came. Writes what has gathered when that is much, or old."""
        with self._lock:
            if not self._facts and not self._items:
                self._since = time.monotonic()
            self._facts += facts
            for item in items:
                self._items[item.day, item.what, item.id] = replace(item, about=dict(item.about), done=dict(item.done))
            due = len(self._facts) >= ROWS or time.monotonic() - self._since > SECONDS
        if due:
            self.flush()

    def flush(self) -> None:
        """Write all that has gathered, and return when it is on disk."""
        with self._flushing:
            with self._lock:
                facts, self._facts = self._facts, []
                items, self._items = self._items, {}
            if facts:
                self._writer.add(facts).wait()
                self.rows += len(facts)
            if items:
                self._book.save(self._source, items.values())
