"""Where facts are on local disk before they are in the store: the journal, and while the store is away the spool.

Both are folders of files, oldest first, in which each line is one fact as JSON `[table, row]`.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

Fact = tuple[str, dict[str, Any]]
"""A table's name and one row of it."""


class Journal:
    """What is acknowledged and not in the store yet: a file that is appended to and synced, begun anew now and then."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._file: Any = None
        self._ended = sorted(folder.glob("*.ndjson"))  # what a dead process left
        self._number = int(self._ended[-1].stem) if self._ended else 0

    def append(self, lines: bytes) -> None:
        """Add whole lines; they are on disk when this returns. Raises OSError when the disk can't take them."""
        if self._file is None:
            self._begin()
        try:
            _write(self._file.fileno(), lines)
            os.fdatasync(self._file.fileno())
        except OSError:
            self._close()  # nothing is written after half a line, which was never acknowledged
            raise

    def _begin(self) -> None:
        path = self._folder / f"{self._number + 1:012d}.ndjson"
        self._file = path.open("xb", buffering=0)
        self._number += 1
        _sync(self._folder)

    def end(self) -> list[Path]:
        """Begin a new file with what comes next; the files so far, to be deleted once the store has what is in them."""
        self._close()
        ended, self._ended = self._ended, []
        return ended

    def keep(self, files: list[Path]) -> None:
        """Files that `end` told of are needed still."""
        self._ended = files + self._ended

    def _close(self) -> None:
        if self._file is not None:
            self._ended.append(Path(self._file.name))
            self._file.close()
            self._file = None


class Spool:
    """A folder of files, one for each commit that the store could not take."""

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
                _sync(self._folder)
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

    def adopt(self, paths: Iterable[Path]) -> None:
        """Take over files of the journal, after those that wait already."""
        with self._lock:
            for path in paths:
                path.rename(self._free())
            _sync(self._folder)

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
                delete(read)
                facts, read = [], []
        if read:
            yield facts
            delete(read)

    @property
    def files(self) -> int:
        """How many files wait."""
        return len(self._files())

    @property
    def bytes(self) -> int:
        """How much waits."""
        return sum(p.stat().st_size for p in self._files())


def delete(paths: Iterable[Path]) -> None:
    """Delete files of which the store has all."""
    for path in paths:
        path.unlink(missing_ok=True)  # a command beside the server may have brought it back as well


def _write(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]


def _sync(folder: Path) -> None:
    """Put a folder's names on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _whole_lines(data: bytes) -> list[bytes]:
    # A line cut by a crash was never acknowledged.
    return data[: data.rfind(b"\n") + 1].splitlines()


def _tuple(value: Any) -> Any:
    if isinstance(value, (bytes, bytearray)):
        return value.decode("utf-8", "replace")
    raise TypeError(type(value).__name__)
