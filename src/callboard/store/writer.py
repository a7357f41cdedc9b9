"""The only one that inserts. What waits at the same moment becomes one commit: one sync, one answer.

A fact is acknowledged when it is on disk: in the journal, from where it comes to the store before anyone asks for it
(`ahead`); without a journal in the store itself; or, while the store is away, in the spool, from where it is replayed
in order.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import orjson
import structlog

from callboard.contract.errors import Unavailable
from callboard.store.ahead import Ahead, Lines
from callboard.store.engine import BadRows, Engine
from callboard.store.spool import Fact, Journal, Spool

log = structlog.get_logger()

RETRY_SECONDS = 1.0
REPLAY_SECONDS = 30.0
SETTLE_SECONDS = 10.0
AHEAD_BYTES = 32_000_000
"""So much may be in the journal and not in the store; beyond that, commits wait for the store."""
REPLAYED_AT_START = 256_000_000
"""A spool of so many bytes is brought back before the first question; a larger one beside them."""
Listener = Callable[[dict[str, list[dict[str, Any]]]], None]


class Commit:
    """Facts that are written together. `result` is done when they are on disk: `"stored"` or `"spooled"`."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.result: Future[str] = Future()
        self._shared: asyncio.Future[str] | None = None

    def wait(self) -> str:
        """Block until the facts are on disk. Raises `Unavailable` when nothing could take them."""
        return self.result.result()

    def __await__(self) -> Any:
        # One asyncio future for all that wait on this commit: thousands of them wake with one call to the loop.
        if self._shared is None:
            self._shared = asyncio.wrap_future(self.result)
        return asyncio.shield(self._shared).__await__()


class Writer:
    """Gathers facts into commits and writes them on one thread; others bring to the store what was journalled or spooled."""

    def __init__(
        self,
        engine: Engine,
        spool: Spool,
        journal: Journal | None = None,
        *,
        commit_ms: int = 4,
        commit_rows: int = 20_000,
        timeout_ms: int = 1000,
        store_ms: int = 1000,
    ) -> None:
        self._engine = engine
        self._spool = spool
        self._pause = commit_ms / 1000
        self._most = commit_rows
        self._timeout = timeout_ms / 1000
        self._lag = store_ms / 1000
        self._pending = Commit()
        self._changed = threading.Condition()
        self._inserters = ThreadPoolExecutor(4, thread_name_prefix="insert")
        self._listeners: list[Listener] = []
        self._closing = False
        self._gate = threading.Lock()
        self._flushing = threading.Lock()
        self._stopped = threading.Event()
        self.counts: Counter[str] = Counter()
        self._ahead = self._begin(journal) if journal else None
        self.away = spool.files > 0
        self._threads = [
            threading.Thread(target=work, name=name, daemon=True)
            for name, work in (("writer", self._work), ("replayer", self._bring_back), ("flusher", self._keep_up))
            if self._ahead or name != "flusher"
        ]
        for thread in self._threads:
            thread.start()

    def _begin(self, journal: Journal) -> Ahead:
        """What a dead process acknowledged is brought to the store before anyone asks."""
        left = journal.end()
        self._spool.adopt(left)
        if left and self._spool.bytes < REPLAYED_AT_START:
            try:
                self._replay()
            except Exception as error:
                log.warning("store is away", error=str(error)[:500], files=self._spool.files)
        return Ahead(journal, self._insert_cut, self._inserters)

    def listen(self, listener: Listener) -> None:
        """Call `listener` with the rows of each commit, by table, before it is acknowledged."""
        self._listeners.append(listener)

    def add(self, facts: Iterable[Fact]) -> Commit:
        """Hand facts in; await or `wait()` for the commit that is returned before acknowledging them."""
        with self._changed:
            if self._closing:
                raise Unavailable("The server is stopping.")
            commit = self._pending
            before = len(commit.facts)
            commit.facts.extend(facts)
            if len(commit.facts) == before:
                commit = Commit()
                commit.result.set_result("stored")
            self._changed.notify()
        return commit

    def settle(self, tables: Iterable[str]) -> None:
        """Have in the store what was acknowledged of these tables, if it takes facts at all."""
        if self._ahead:
            try:
                self._ahead.settle(tables, SETTLE_SECONDS)
            except Exception as error:  # the flusher sees it too, and spools
                log.warning("store takes no facts", error=str(error)[:500])

    def load(self, table: str, data: bytes, format_: str) -> None:
        """Insert many rows of one table at once, in a ClickHouse format."""
        self._engine.insert(table, data, format_)
        self._tell({table: []})

    def close(self) -> None:
        """Write what waits, then stop."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._stopped.set()
        for thread in self._threads:
            thread.join(REPLAY_SECONDS)
        self._flush()
        self._inserters.shutdown(wait=False)

    # On the writer's thread

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._pending.facts and not self._closing:
                    self._changed.wait()
                if not self._pending.facts:
                    return
            if self._pause and not self._closing:
                time.sleep(self._pause)
            with self._changed:
                commit, self._pending = self._pending, Commit()
            self._finish(commit)

    def _finish(self, commit: Commit) -> None:
        try:
            commit.result.set_result(self._write(commit.facts))
        except Exception as error:
            log.error("commit failed", error=str(error), facts=len(commit.facts))
            self.counts["failed"] += len(commit.facts)
            commit.result.set_exception(Unavailable("The store can't take facts now."))

    def _write(self, facts: list[Fact]) -> str:
        tables = by_table(facts)
        if self._ahead and self._ahead.bytes > AHEAD_BYTES:
            self._flush()
        if not self.away:
            try:
                self._keep(tables)
                self.counts["stored"] += len(facts)
                self._tell(tables)
                return "stored"
            except Exception as error:
                log.warning("store is away, spooling", error=str(error)[:500])
        with self._gate:
            self.away = True
            self._spool.write(facts)
        self.counts["spooled"] += len(facts)
        return "spooled"

    def _keep(self, tables: dict[str, list[dict[str, Any]]]) -> None:
        lines = {table: [orjson.dumps(row) for row in rows] for table, rows in tables.items()}
        if self._ahead:
            self._ahead.take(lines)
        else:
            self._insert(lines, self._timeout)

    def _insert(self, tables: Lines, timeout: float | None) -> None:
        running = [
            self._inserters.submit(self._insert_rows, table, part)
            for table, rows in tables.items()
            for part in _parts(rows, self._most)
        ]
        done, late = wait(running, timeout)
        if late:
            raise TimeoutError(f"{len(late)} inserts took over {timeout} s")
        for insert in done:
            insert.result()

    def _insert_cut(self, table: str, rows: list[bytes]) -> None:
        for part in _parts(rows, self._most):
            self._insert_rows(table, part)

    def _insert_rows(self, table: str, rows: list[bytes]) -> None:
        """Insert rows; one that the table can't hold is left out, so that it spoils no other's."""
        try:
            self._engine.insert(table, b"\n".join(rows), "JSONEachRow")
        except BadRows as error:
            if len(rows) == 1:
                self.counts["refused"] += 1
                log.error("row refused", table=table, error=str(error)[:500])
                return
            half = len(rows) // 2
            self._insert_rows(table, rows[:half])
            self._insert_rows(table, rows[half:])

    def _tell(self, tables: dict[str, list[dict[str, Any]]]) -> None:
        for listener in self._listeners:
            try:
                listener(tables)
            except Exception as error:
                log.error("listener failed", error=repr(error))

    # On the flusher's thread

    def _keep_up(self) -> None:
        """Bring to the store what is only in the journal, once in a while."""
        while not self._stopped.wait(self._lag):
            if self._ahead and self._ahead.bytes:
                self._flush()

    def _flush(self) -> None:
        """Bring the journal's facts to the store; when it does not take them, to the spool, from where they are replayed."""
        if not self._ahead:
            return
        with self._flushing:
            try:
                self._ahead.flush(REPLAY_SECONDS)
            except Exception as error:
                log.warning("store is away, spooling", error=str(error)[:500])
                with self._gate:
                    self.away = True
                    self._spool.adopt(self._ahead.give_up())

    # On the replayer's thread

    def _bring_back(self) -> None:
        """Every now and then, while facts wait in the spool, try to bring them into the store."""
        while not self._stopped.wait(RETRY_SECONDS if self.away else RETRY_SECONDS / 4):
            if self.away or self._spool.files:
                try:
                    self._replay()
                except Exception as error:
                    log.warning("store is still away", error=str(error)[:500], files=self._spool.files)

    def _replay(self) -> None:
        """Bring the spool into the store, oldest first; newer facts go to its end until it is empty."""
        while True:
            for facts in self._spool.replay(self._most):
                if self._stopped.is_set():
                    return
                tables = by_table(facts)
                self._insert({table: [orjson.dumps(row) for row in rows] for table, rows in tables.items()}, REPLAY_SECONDS)
                self.counts["replayed"] += len(facts)
                self._tell(tables)
            with self._gate:
                if not self._spool.files:
                    self.away = False
                    return


def by_table(facts: Iterable[Fact]) -> dict[str, list[dict[str, Any]]]:
    """Facts as rows by table, in the order they came."""
    tables: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for table, row in facts:
        tables[table].append(row)
    return dict(tables)


def _parts(rows: list[bytes], most: int) -> Iterable[list[bytes]]:
    for start in range(0, len(rows), most):
        yield rows[start : start + most]
