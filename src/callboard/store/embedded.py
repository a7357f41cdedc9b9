"""The engine inside the process: chDB on a folder. One process owns the folder; every thread has its own connections."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import chdb
import pyarrow as pa

from callboard.store.engine import DATABASE, SETTINGS, Params, check_named, literal, translate

# Otherwise the engine takes SIGTERM and SIGINT from the server.
chdb._chdb.set_signal_handlers_enabled(0)  # type: ignore[attr-defined]

STREAM_ROWS = 16_384
"""Rows a piece of a stream: enough to be quick, few enough to be small."""

OUTPUT = ", ".join(f"{name} = {value!r}" for name, value in SETTINGS.items())


class FolderInUse(Exception):
    """Another process owns the data folder."""

    def __init__(self, folder: Path, owner: str) -> None:
        super().__init__(f"{folder} is in use by process {owner or '?'}: stop that server, or take another --data-dir.")


class FolderLock:
    """Owns a data folder for this process, until closed or dead."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = (folder / "lock").open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.seek(0)
            owner = self._file.read().strip()
            self._file.close()
            raise FolderInUse(folder, owner) from None
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def close(self) -> None:
        """Give the folder up."""
        self._file.close()


class EmbeddedEngine:
    """chDB on `folder`. Limits are set once a connection, so that a query's text stays short to parse."""

    def __init__(
        self, folder: Path, database: str = DATABASE, *, seconds: int = 20, memory_mb: int = 2000, threads: int = 2
    ) -> None:
        self._path = str(folder.resolve())
        self._database = database
        self._limits = f"max_execution_time = {seconds}, max_memory_usage = {memory_mb * 1_000_000}"
        self._threads = {"point": 1, "wide": threads}
        self._local = threading.local()
        self._open: list[Any] = []
        self._lock = threading.Lock()
        self._closed = False
        with self._lock:
            connection = chdb.connect(self._path)
            self._open.append(connection)
            connection.query(f"CREATE DATABASE IF NOT EXISTS {database} ENGINE = Atomic")

    def _connection(self, use: str) -> Any:
        connection = getattr(self._local, use, None)
        if connection is None:
            if self._closed:
                raise translate("the store is closed")
            with self._lock:
                connection = chdb.connect(self._path)
                self._open.append(connection)
            connection.query(f"USE {self._database}")
            if use == "writer":
                # Facts of any age may come in one commit, and merging them is for the background: readers group anyway.
                connection.query("SET max_partitions_per_insert_block = 0, optimize_on_insert = 0, max_insert_threads = 1")
            if use in self._threads:
                connection.query(f"SET {OUTPUT}, {self._limits}, max_threads = {self._threads[use]}")
                connection.query("SET readonly = 1")
            setattr(self._local, use, connection)
        return connection

    def _discard(self, use: str) -> None:
        """Close this thread's connection: after a failure the next statement on it would meet the rest of this one."""
        connection = getattr(self._local, use, None)
        if connection is None:
            return
        delattr(self._local, use)
        with self._lock:
            if connection in self._open:
                self._open.remove(connection)
                connection.close()

    def read(self, sql: str, params: Params | None = None, format_: str = "JSONCompact", wide: bool = False) -> bytes:
        """The answer of one SELECT."""
        bound = {name: literal(value) for name, value in params.items()} if params else {}
        use = "wide" if wide else "point"
        connection = self._connection(use)
        try:
            return bytes(connection.query(sql, format_, params=bound).bytes())
        except (chdb.ChdbError, RuntimeError) as error:
            self._discard(use)
            raise translate(str(error)) from None

    @contextmanager
    def _streaming(self, sql: str, params: Params | None, format_: str) -> Iterator[Any]:
        """The answer of one SELECT on a connection of its own, without limits of time."""
        with self._lock:
            connection = chdb.connect(self._path)
        try:
            connection.query(f"USE {self._database}")
            connection.query(f"SET {OUTPUT}, max_threads = {self._threads['wide']}, max_block_size = {STREAM_ROWS}")
            connection.query("SET readonly = 1")
            bound = {name: literal(value) for name, value in params.items()} if params else {}
            with connection.send_query(sql, format_, params=bound) as answer:
                yield answer
        except (chdb.ChdbError, RuntimeError) as error:
            raise translate(str(error)) from None
        finally:
            connection.close()

    def stream(self, sql: str, params: Params | None = None, format_: str = "JSONEachRow") -> Iterator[bytes]:
        """The answer of one SELECT, piece by piece."""
        with self._streaming(sql, params, format_) as answer:
            for piece in answer:
                yield piece.bytes()

    def batches(self, sql: str, params: Params | None = None) -> Iterator[pa.RecordBatch]:
        """The answer of one SELECT as Arrow batches."""
        with self._streaming(sql, params, "Arrow") as answer:
            reader = answer.record_batch(STREAM_ROWS)
            yield pa.RecordBatch.from_pylist([], schema=reader.schema)
            yield from reader

    def run(self, sql: str) -> bytes:
        """Run any statement."""
        try:
            return bytes(self._connection("writer").query(sql, "TSV").bytes())
        except (chdb.ChdbError, RuntimeError) as error:
            self._discard("writer")
            raise translate(str(error)) from None

    def insert(self, table: str, data: bytes, format_: str) -> None:
        """Insert rows; on disk and visible when this returns."""
        check_named(format_)
        inner = self._connection("writer")._conn
        try:
            # Without a list of columns: with one, chDB 26.9 loses rows whose defaults can't be computed, and says nothing.
            handle = inner.send_insert(f"INSERT INTO {table}", format_)
            inner.insert_append(handle, data)
            inner.insert_done(handle)
        except (chdb.ChdbError, RuntimeError) as error:
            self._discard("writer")
            raise translate(str(error)) from None

    def close(self) -> None:
        """Close all connections of all threads."""
        self._closed = True
        with self._lock:
            for connection in self._open:
                connection.close()
            self._open.clear()
