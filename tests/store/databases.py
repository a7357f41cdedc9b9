"""Databases of their own beside the shared one: a process has one data folder, but as many databases as it likes."""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from callboard.app import Parts
from callboard.settings import Settings
from callboard.store.embedded import EmbeddedEngine
from callboard.store.engine import EngineError, parse_result
from callboard.store.spool import Fact, Spool
from callboard.store.store import prepare
from callboard.store.writer import Writer

_numbers = itertools.count(1)
FOREVER = {name: "forever" for name in Settings.model_fields if name.startswith("retention_")}


@contextmanager
def database(parts: Parts, **limits: Any) -> Iterator[EmbeddedEngine]:
    """An engine on an empty database, dropped at the end."""
    name = f"test_{next(_numbers)}"
    engine = EmbeddedEngine(parts.settings.data_dir / "facts", name, **limits)
    try:
        yield engine
        engine.run(f"DROP DATABASE {name}")  # not SYNC: that waits for an insert that never ends
    finally:
        engine.close()


@contextmanager
def prepared(parts: Parts, **limits: Any) -> Iterator[EmbeddedEngine]:
    """An engine on a database that has all tables, kept for ever."""
    with database(parts, **limits) as engine:
        prepare(engine, Settings(**FOREVER))
        yield engine


class Stubborn:
    """A real engine that can be told to refuse, or to take long over, what it is asked to insert."""

    def __init__(self, engine: EmbeddedEngine) -> None:
        self._engine = engine
        self.refuses = False
        self.lets = threading.Event()
        self.lets.set()
        self.inserts: Counter[str] = Counter()

    def insert(self, table: str, data: bytes, format_: str) -> None:
        """As the engine does, after it is let; or a refusal."""
        self.inserts[table] += 1
        if self.refuses:
            raise EngineError("the store is away")
        self.lets.wait(20)
        self._engine.insert(table, data, format_)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)


class Desk:
    """A writer, its spool, and the engine behind them."""

    def __init__(self, engine: EmbeddedEngine, folder: Path, stack: ExitStack) -> None:
        self.engine, self.folder, self.stack = Stubborn(engine), folder, stack
        self.account = f"desk-{next(_numbers)}"
        self.spool = Spool(folder)
        self.writer = self.another()

    def another(self, **settings: Any) -> Writer:
        """A writer on the same engine and spool."""
        writer = Writer(self.engine, self.spool, **{"timeout_ms": 5000} | settings)
        self.stack.callback(self.stop, writer)
        return writer

    def lose_patience(self) -> None:
        """From here on, a commit that takes long is spooled soon."""
        self.writer.close()
        self.writer = self.another(timeout_ms=300)

    def stop(self, writer: Writer) -> None:
        """Close a writer, whatever its engine was told."""
        self.engine.refuses = False
        self.engine.lets.set()
        writer.close()

    def fact(self, user: int | str, **said: Any) -> Fact:
        """A join."""
        return ("participants", {"account_id": self.account, "uuid": "u", "user_id": str(user)} | said)

    def stored(self) -> list[str]:
        """The joins that the store shows."""
        sql = "SELECT DISTINCT user_id FROM participants WHERE account_id = {a:String} ORDER BY length(user_id), user_id"
        return [row[0] for row in parse_result(self.engine.read(sql, {"a": self.account})).rows]

    def until(self, done: Callable[[], bool], seconds: float = 8) -> None:
        """Wait for something that another thread does."""
        end = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < end, "it did not come to that"
            time.sleep(0.02)
