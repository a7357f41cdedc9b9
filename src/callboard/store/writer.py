"""The only one that inserts. What waits at the same moment becomes one commit: one insert a table, one sync, one answer.

A fact is acknowledged when it is on disk: in the store, where answers show it at once, or, while the store is away,
in the spool, from where it is replayed in order.
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
from callboard.store.engine import BadRows, Engine
from callboard.store.spool import Fact, Spool

log = structlog.get_logger()

RETRY_SECONDS = 1.0
REPLAY_SECONDS = 30.0
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
    """Gathers facts into commits and writes them on one thread; another brings back what had to be spooled."""

    def __init__(
        self, engine: Engine, spool: Spool, *, commit_ms: int = 4, commit_rows: int = 20_000, timeout_ms: int = 1000
    ) -> None:
        self._engine = engine
        self._spool = spool
        self._pause = commit_ms / 1000
        self._most = commit_rows
        self._timeout = timeout_ms / 1000
        self._pending = Commit()
        self._changed = threading.Condition()
        self._inserters = ThreadPoolExecutor(4, thread_name_prefix="insert")
        self._listeners: list[Listener] = []
        self._closing = False
        self._gate = threading.Lock()
        self._stopped = threading.Event()
        self.away = spool.files > 0
        self.counts: Counter[str] = Counter()
        self._threads = [
            threading.Thread(target=self._work, name="writer", daemon=True),
            threading.Thread(target=self._bring_back, name="replayer", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

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
        if not self.away:
            try:
                self._insert(tables, self._timeout)
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

    def _insert(self, tables: dict[str, list[dict[str, Any]]], timeout: float | None) -> None:
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
                self._insert(tables, REPLAY_SECONDS)
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


def _parts(rows: list[dict[str, Any]], most: int) -> Iterable[list[bytes]]:
    for start in range(0, len(rows), most):
        yield [orjson.dumps(row) for row in rows[start : start + most]]
