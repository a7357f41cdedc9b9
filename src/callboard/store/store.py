"""The facts: an engine, its tables made and kept to their retention, and questions asked of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from callboard.settings import Settings
from callboard.store.engine import Engine, Params, Result, parse_result
from callboard.store.tables import TABLES, VIEWS, Table


class Store:
    """Questions to the facts. Asking is the only thing it does; `writer` is the only one that inserts."""

    def __init__(self, engine: Engine, workers: int = 4) -> None:
        self.engine = engine
        self._beside = ThreadPoolExecutor(workers, thread_name_prefix="beside")

    def ask(self, sql: str, params: Params | None = None, wide: bool = False) -> Result:
        """The rows of one SELECT."""
        return parse_result(self.engine.read(sql, params, wide=wide))

    def beside(self, question: Callable[..., Any], *args: Any) -> Callable[[], Any]:
        """Start a question on another thread; call what is returned for its answer."""
        return self._beside.submit(question, *args).result

    def stream(self, sql: str, params: Params | None = None, format_: str = "JSONEachRow") -> Iterator[bytes]:
        """The bytes of one SELECT in a format, piece by piece."""
        return self.engine.stream(sql, params, format_)

    def close(self) -> None:
        """Wait for what is asked, then close the engine."""
        self._beside.shutdown(wait=True)
        self.engine.close()


def prepare(engine: Engine, settings: Settings) -> None:
    """Make the tables and views that are missing, add columns that are new, and set each table's retention."""
    for table in TABLES.values():
        engine.run(table.create())
    grown = _add_new_columns(engine)
    for view in VIEWS:  # made anew, since this process is the only one that writes
        engine.run(f"DROP VIEW IF EXISTS {view.name}")
        engine.run(view.create())
        if view.target.name in grown:
            engine.run(view.refill())
    _set_retention(engine, settings)


def _add_new_columns(engine: Engine) -> set[str]:
    """Add the columns that are missing; the tables that got some."""
    grown = set()
    found = parse_result(
        engine.read(
            "SELECT table, groupArray(name) AS names FROM system.columns WHERE database = currentDatabase() GROUP BY table"
        )
    )
    there = {table: set(names) for table, names in found.rows}
    for table in TABLES.values():
        for column in table.columns:
            if column.name not in there[table.name]:
                engine.run(f"ALTER TABLE {table.name} ADD COLUMN {column.ddl}")
                grown.add(table.name)
        for index in table.indexes:  # parts written before it was there are read whole until they are merged
            engine.run(f"ALTER TABLE {table.name} ADD INDEX IF NOT EXISTS {index.ddl.removeprefix('INDEX ')}")
    return grown


def retention_days(table: Table, settings: Settings) -> int | None:
    """How many days a table's rows are kept; None for ever."""
    kept = getattr(settings, f"retention_{table.family}_days", "forever")
    return None if kept == "forever" else int(kept)


def _set_retention(engine: Engine, settings: Settings) -> None:
    found = parse_result(
        engine.read(
            "SELECT name, extract(engine_full, 'TTL (.*) SETTINGS') AS ttl FROM system.tables WHERE database = currentDatabase()"
        )
    )
    now = {row[0]: row[1] for row in found.rows}
    for table in TABLES.values():
        days = retention_days(table, settings)
        if days is None and now[table.name]:
            engine.run(f"ALTER TABLE {table.name} REMOVE TTL")
        if days is not None and table.age:
            wanted = f"{table.age} + toIntervalDay({days})"
            if now[table.name].replace(" ", "") != wanted.replace(" ", ""):
                engine.run(f"ALTER TABLE {table.name} MODIFY TTL {wanted}")
