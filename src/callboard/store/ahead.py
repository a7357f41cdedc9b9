"""What the journal is ahead of the store: rows that are acknowledged, and inserted before anyone asks for their table.

An insert costs the engine about the same for one row and for a thousand. So rows are synced to the journal, which is
cheap, and inserted together: when a question names their table, else about once a second.
"""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, wait
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from callboard.store.engine import Engine, Params
from callboard.store.spool import Journal, delete
from callboard.store.tables import TABLES, VIEWS

Lines = dict[str, list[bytes]]
"""Rows by table, each as JSON."""

FILLED: Final = {view.target.name: next(t for t in TABLES if f"FROM {t}" in view.select) for view in VIEWS}
"""Tables that a materialized view fills, and the table that it fills them from."""


@lru_cache(maxsize=4096)
def tables_of(sql: str) -> frozenset[str]:
    """The tables that rows must be in before a statement runs; all of them where it names none."""
    named = set(re.findall(r"\w+", sql))
    found = {FILLED.get(name, name) for name in named & set(TABLES)}
    return frozenset(TABLES if not found or "system" in named else found)


class Ahead:
    """Rows on disk in the journal and not yet in the store."""

    def __init__(self, journal: Journal, insert: Callable[[str, list[bytes]], None], inserters: Executor) -> None:
        self._journal, self._insert, self._inserters = journal, insert, inserters
        self._rows: Lines = defaultdict(list)
        self._inserting: dict[str, threading.Lock] = defaultdict(threading.Lock)
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self.bytes = 0

    def take(self, tables: Lines) -> None:
        """Sync rows to the journal. Raises OSError when the disk can't take them."""
        lines = b"".join(b'["%b",%b]\n' % (table.encode(), row) for table, rows in tables.items() for row in rows)
        with self._turn:
            self._journal.append(lines)
            with self._lock:
                self.bytes += len(lines)
                for table, rows in tables.items():
                    self._rows[table] += rows

    def settle(self, tables: Iterable[str], seconds: float) -> None:
        """Insert what was taken of these tables before now. Raises when the store does not take it in time."""
        waiting = [table for table in tables if self._rows.get(table) or self._inserting[table].locked()]
        if not waiting:
            return
        running = [self._inserters.submit(self._settle, table) for table in waiting]
        done, late = wait(running, seconds)
        if late:
            raise TimeoutError(f"{len(late)} inserts took over {seconds} s")
        for each in done:
            each.result()

    def _settle(self, table: str) -> None:
        with self._inserting[table]:
            with self._lock:
                rows = self._rows.pop(table, [])
            try:
                if rows:
                    self._insert(table, rows)
            except Exception:
                with self._lock:
                    self._rows[table] = rows + self._rows[table]
                raise

    def flush(self, seconds: float) -> None:
        """Insert all that was taken before now; the journal begins anew. Raises when the store does not take it in time."""
        with self._turn:
            files, before, tables = self._journal.end(), self.bytes, [*self._rows, *self._inserting]
        try:
            for table in set(tables):  # one by one: all at once would take every core from the event loop
                self.settle([table], seconds)
        except BaseException:
            self._journal.keep(files)
            raise
        with self._lock:
            self.bytes -= before
        delete(files)

    def give_up(self) -> list[Path]:
        """Hold no rows any more; the files that have them."""
        with self._turn, self._lock:
            self._rows.clear()
            self.bytes = 0
            return self._journal.end()


class Settled:
    """An engine whose answers know all that was acknowledged: what they ask for is inserted first."""

    def __init__(self, engine: Engine, settle: Callable[[Iterable[str]], None]) -> None:
        self._engine, self._settle = engine, settle

    def read(self, sql: str, params: Params | None = None, format_: str = "JSONCompact", wide: bool = False) -> bytes:
        """As the engine does."""
        self._settle(tables_of(sql))
        return self._engine.read(sql, params, format_, wide)

    def stream(self, sql: str, params: Params | None = None, format_: str = "JSONEachRow") -> Iterator[bytes]:
        """As the engine does."""
        self._settle(tables_of(sql))
        yield from self._engine.stream(sql, params, format_)

    def batches(self, sql: str, params: Params | None = None) -> Iterator[pa.RecordBatch]:
        """As the engine does."""
        self._settle(tables_of(sql))
        yield from self._engine.batches(sql, params)

    def run(self, sql: str) -> bytes:
        """As the engine does."""
        self._settle(TABLES)
        return self._engine.run(sql)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)
