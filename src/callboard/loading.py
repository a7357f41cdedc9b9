"""Files into facts: rows are checked one by one, what is right is written, and what is not is kept beside with its reason."""

from __future__ import annotations

import io
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

import orjson

from callboard.ingest import raw_log, zoom_csv
from callboard.ingest.facts import Fact
from callboard.ingest.files import BadFile, Content, Line, content, table_of, typed
from callboard.ingest.lines import LOADABLE, BadRow, read_row
from callboard.store.store import Store
from callboard.store.tables import RAW_EVENTS
from callboard.store.writer import Commit, Writer

BATCH: Final = 4000
"""Facts that are handed to the writer at once; while they are written, the next are read."""
FIRST: Final = 10
"""Refused rows that are told of in a summary."""


@dataclass
class Options:
    """How files are read: what they don't say themselves."""

    account_id: str = ""
    own_account: str = ""
    """The account to take where neither `account_id` nor the file says one."""
    table: str = ""
    form: str = ""
    zone: tzinfo = UTC
    day_first: bool = False
    kind: str = "meeting"
    meeting: str = ""


@dataclass
class Loaded:
    """What became of a file."""

    what: str = ""
    lines: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    first: list[dict[str, Any]] = field(default_factory=list)


class Refused:
    """The file that refused rows go to: made with the first of them."""

    def __init__(self, path: Path | None, append: bool = False) -> None:
        self.path = path
        self._mode = "ab" if append else "wb"
        self._file: IO[bytes] | None = None

    def keep(self, said: dict[str, Any]) -> None:
        """Keep a row with its line and reason."""
        if self.path is None:
            return
        if self._file is None:
            self._file = self.path.open(self._mode)
        self._file.write(orjson.dumps(said, default=str) + b"\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()


Take = Callable[[Line], tuple[list[Fact], str]]
"""The facts of a row, and what is wrong with it."""
Moved = Callable[[int], None]


def load(
    file: io.BufferedReader,
    name: str,
    options: Options,
    store: Store | None,
    writer: Writer | None,
    refused: Refused,
    moved: Moved,
    loaded: Loaded,
) -> None:
    """Load one file, or with no writer say what would be loaded. Raises `BadFile` where it can't be read on.

    `name` is the file's: it may tell the table. `loaded` tells what became of it: rows read before a `BadFile` are on disk.
    """
    hand = _Hand(writer, moved)
    try:
        for line, facts, problem in _taken(content(file, options.form), name, options, store, loaded):
            loaded.lines += 1
            loaded.rows.update(table for table, _ in facts)
            if problem:
                _refuse(loaded, refused, name, line, problem)
            hand.take(facts)
    except BadFile:
        hand.finish()
        raise
    hand.finish()


def _taken(
    found: Content, name: str, options: Options, store: Store | None, loaded: Loaded
) -> Iterator[tuple[Line, list[Fact], str]]:
    take: Take | None = None
    for line in found.lines:
        if line.problem:
            yield line, [], line.problem
            continue
        if take is None:
            loaded.what, take = _reader(found, line, name, options, store)
        yield line, *take(line)


def _refuse(loaded: Loaded, refused: Refused, name: str, line: Line, problem: str) -> None:
    loaded.refused += 1
    said = {"file": name, "line": line.number, "reason": problem, "row": line.said}
    refused.keep(said)
    if len(loaded.first) < FIRST:
        loaded.first.append(said)


class _Hand:
    """Hands facts to a writer, many at a time, with one commit on its way."""

    def __init__(self, writer: Writer | None, moved: Moved) -> None:
        self._writer, self._moved = writer, moved
        self._facts: list[Fact] = []
        self._rows = 0
        self._underway: Commit | None = None

    def take(self, facts: list[Fact]) -> None:
        """Take the facts of one row."""
        self._rows += 1
        self._facts += facts
        if len(self._facts) >= BATCH or self._rows >= BATCH:
            self._hand_over()

    def _hand_over(self) -> None:
        if self._underway is not None:
            self._underway.wait()
        self._underway = self._writer.add(self._facts) if self._writer is not None else None
        self._moved(self._rows)
        self._facts, self._rows = [], 0

    def finish(self) -> None:
        """Write what is left, and wait until it is on disk."""
        self._hand_over()
        if self._underway is not None:
            self._underway.wait()
            self._underway = None


# What the rows of a file are


def _reader(found: Content, first: Line, name: str, options: Options, store: Store | None) -> tuple[str, Take]:
    """What a file holds, and what takes its rows, by its first row."""
    if found.report:
        reading = _reading(options, store)
        return "a report of Zoom's", lambda line: _of_report(line, reading)
    if not options.table and (raw_log.is_log(first.said) or _stem(name) == RAW_EVENTS.name):
        return "webhooks", lambda line: raw_log.facts(line.said, line.raw, options.account_id, options.own_account, time.time())
    stem = _stem(name)
    said = options.table or (stem if stem in LOADABLE else table_of(first.said))
    table = LOADABLE.get(said)
    if table is None:
        raise BadFile(f"there is no table {said}: take one of {', '.join(LOADABLE)}")
    account = options.account_id or options.own_account
    if not account:
        raise BadFile("of which --account are these rows?")

    def take(line: Line) -> tuple[list[Fact], str]:
        row = typed(table, line.said) if found.form != "ndjson" and isinstance(line.said, dict) else line.said
        try:
            return [(table.name, read_row(table, row, account, time.time()))], ""
        except BadRow as reason:
            return [], str(reason)

    return table.name, take


def _stem(name: str) -> str:
    return Path(name).name.partition(".")[0]


def _of_report(line: Line, reading: zoom_csv.Reading) -> tuple[list[Fact], str]:
    try:
        return zoom_csv.facts(line.said, reading), ""
    except zoom_csv.BadReportRow as reason:
        return [], str(reason)


# What reports leave out, and the store may know


FIND: Final = """
-- loading.find: an instance of a number that began about then
SELECT uuid, any(kind), toUnixTimestamp(min(start_time)) AS begun FROM meeting_ids
WHERE account_id = {account:String} AND id = {id:String} AND start_time > {at:UInt32} - 90 AND start_time < {at:UInt32} + 90
GROUP BY uuid ORDER BY startsWith(uuid, 'csv:'), abs(begun - {at:Int64}) LIMIT 1
"""
BY_UUID: Final = """
-- loading.by_uuid: an instance
SELECT uuid, any(kind), toUnixTimestamp(min(start_time)) FROM meeting_ids
WHERE account_id = {account:String} AND id = {id:String} GROUP BY uuid LIMIT 1
"""
JOINED: Final = """
-- loading.joined: whether joins of an instance came from elsewhere than a report
SELECT count() FROM participants WHERE account_id = {account:String} AND uuid = {uuid:String} AND NOT startsWith(user_id, 'csv-')
"""
JOINS: Final = """
-- loading.joins: who joined an instance, and when
SELECT user_id, lower(ifNull(email, '')), lower(name.2), toUnixTimestamp(ifNull(join_time, 0)),
       toUnixTimestamp(ifNull(leave_time, toDateTime(4294967295, 'UTC')))
FROM participants FINAL WHERE account_id = {account:String} AND uuid = {uuid:String} ORDER BY join_time
"""


def _reading(options: Options, store: Store | None) -> zoom_csv.Reading:
    """How reports are read, with the store to ask where there is one."""
    account = options.account_id or options.own_account
    if not account:
        raise BadFile("of which --account is this report?")
    reading = zoom_csv.Reading(account, options.zone, options.day_first, options.kind, options.meeting)
    if store is not None:
        _ask_store(reading, store, {"account": account})
    return reading


def _ask_store(reading: zoom_csv.Reading, store: Store, about: dict[str, Any]) -> None:
    def instance(sql: str, asked: dict[str, Any]) -> zoom_csv.Instance | None:
        found = store.ask(sql, about | asked).rows
        if not found:
            return None
        uuid, kind, start = found[0]
        return zoom_csv.Instance(uuid, kind, start, store.ask(JOINED, about | {"uuid": uuid}).rows[0][0] > 0)

    @lru_cache(maxsize=1000)
    def find(number: int, start: int) -> zoom_csv.Instance | None:
        return instance(FIND, {"id": str(number), "at": start})

    @lru_cache(maxsize=1000)
    def by_uuid(uuid: str) -> zoom_csv.Instance | None:
        return instance(BY_UUID, {"id": uuid})

    @lru_cache(maxsize=100)
    def joins(uuid: str) -> list[list[Any]]:
        return store.ask(JOINS, about | {"uuid": uuid}).rows

    def join_of(uuid: str, person: str, at: int) -> str | None:
        own = [j for j in joins(uuid) if person.casefold() in (j[1], j[2])]
        within = [j for j in own if j[3] - 60 <= at <= j[4]]
        return str((within or own)[0][0]) if own else None

    reading.find, reading.by_uuid, reading.join_of = find, by_uuid, join_of
