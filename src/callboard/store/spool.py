"""Where facts wait on local disk while the store is away: appended, synced, replayed in order."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

Fact = tuple[str, dict[str, Any]]
"""A table's name and one row of it."""


class Spool:
    """A folder of files, oldest first; each line is one fact as JSON `[table, row]`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._lock = threading.Lock()
        self._next = 1 + max((int(p.stem) for p in self._files()), default=0)

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.ndjson"))

    def write(self, facts: Iterable[Fact]) -> None:
        """Add facts; they are on disk when this returns. Raises OSError when the disk can't take them."""
        with self._lock:
            path = self._free()
            try:
                with path.open("wb") as file:
                    file.writelines(orjson.dumps(fact, default=_tuple) + b"\n" for fact in facts)
                    file.flush()
                    os.fsync(file.fileno())
                self._sync_folder()
            except OSError:
                path.unlink(missing_ok=True)  # half a file was never acknowledged
                raise

    def _free(self) -> Path:
        """A file of our own after the last: another process may spool into the same folder."""
        while True:
            path = self._folder / f"{self._next:012d}.ndjson"
            self._next += 1
            try:
                path.touch(exist_ok=False)
                return path
            except FileExistsError:
                continue

    def _sync_folder(self) -> None:
        handle = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def replay(self, most: int = 20_000) -> Iterator[list[Fact]]:
        """The facts in order, those of several files at a time until there are `most`.

        The files are deleted when the next facts are asked for: by then these should be in the store.
        """
        facts: list[Fact] = []
        read: list[Path] = []
        for path in self._files():
            facts += [(table, row) for table, row in map(orjson.loads, _whole_lines(path.read_bytes()))]
            read.append(path)
            if len(facts) >= most:
                yield facts
                _delete(read)
                facts, read = [], []
        if read:
            yield facts
            _delete(read)

    @property
    def files(self) -> int:
        """How many files wait."""
        return len(self._files())

    @property
    def bytes(self) -> int:
        """How much waits."""
        return sum(p.stat().st_size for p in self._files())


def _delete(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)  # a command beside the server may have brought it back as well


def _whole_lines(data: bytes) -> list[bytes]:
    # A line cut by a crash was never acknowledged.
    return data[: data.rfind(b"\n") + 1].splitlines()


def _tuple(value: Any) -> Any:
    if isinstance(value, (bytes, bytearray)):
        return value.decode("utf-8", "replace")
    raise TypeError(type(value).__name__)
