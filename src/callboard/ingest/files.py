"""What a file holds: bytes become rows, whatever they are packed in and whichever of three forms they have.

A row is a JSON object as `lines.read_row` takes it; what can't be one comes out as a problem with its line.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from itertools import chain
from typing import IO, Any, Final, NamedTuple

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from callboard.export.text import unguarded
from callboard.ingest import zoom_csv
from callboard.ingest.lines import EVENT_TIME, EVENT_TIMES, LOADABLE, BadRow
from callboard.store.tables import Column, Merge, Table

LONGEST_LINE: Final = 4 << 20
HEAD: Final = 1 << 16
"""Bytes that are looked at to tell what a file is."""
PARQUET_ROWS: Final = 4096


class BadFile(Exception):
    """A file that can't be read on; what came before is kept."""


class Line(NamedTuple):
    """One row of a file: its line, what it says, and the bytes it was told in if it is a line of JSON.

    With a `problem`, `said` is what stands there instead of a row.
    """

    number: int
    said: Any
    raw: bytes = b""
    problem: str = ""


# Packing


class _Pieces(io.RawIOBase):
    """Bytes made piece by piece, as a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        taken = min(len(buffer), len(self._rest))
        buffer[:taken], self._rest = self._rest[:taken], self._rest[taken:]
        return taken


def _ungzipped(file: IO[bytes]) -> Iterator[bytes]:
    """The content of one gzip member after the other. Raises `BadFile` where it is broken or cut."""
    unpack, begun = zlib.decompressobj(31), False
    try:
        while data := file.read(HEAD):
            while data:
                begun = True
                yield unpack.decompress(data, 1 << 20)
                data = unpack.unconsumed_tail
                if unpack.eof:
                    data, unpack, begun = unpack.unused_data.lstrip(b"\0"), zlib.decompressobj(31), False
        yield unpack.flush()
    except zlib.error as error:
        raise BadFile(f"broken gzip: {error}") from None
    if begun:
        raise BadFile("the gzip ends before its end: was the file cut?")


def _unzstd(file: IO[bytes]) -> Iterator[bytes]:
    """The content of zstd frames. Raises `BadFile` where it is broken."""
    try:
        with pa.CompressedInputStream(pa.PythonFile(file, "r"), "zstd") as unpacked:
            while piece := unpacked.read(1 << 20):
                yield piece
    except OSError as error:
        raise BadFile(f"broken zstd: {error}") from None


PACKED: Final[dict[bytes, Callable[[IO[bytes]], Iterator[bytes]]]] = {b"\x1f\x8b": _ungzipped, b"\x28\xb5\x2f\xfd": _unzstd}
"""What unpacks a file, by the bytes it begins with."""


def unpacked(file: io.BufferedReader) -> io.BufferedReader:
    """The file's content, whatever it is packed in."""
    head = file.peek(4)[:4]
    for magic, unpack in PACKED.items():
        if head.startswith(magic):
            return unpacked(io.BufferedReader(_Pieces(unpack(file)), HEAD))
    return file


# Forms


def form_of(head: bytes) -> str:
    """The form of a file by how it begins."""
    if head.startswith(b"PAR1"):
        return "parquet"
    return "ndjson" if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[") else "csv"


def ndjson(file: io.BufferedReader) -> Iterator[Line]:
    """A JSON object a line; blank lines are nothing."""
    number = 0
    while raw := file.readline(LONGEST_LINE):
        number += 1
        if len(raw) == LONGEST_LINE and not raw.endswith(b"\n"):
            yield Line(number, raw[:200].decode("utf-8", "replace") + "...", problem=f"longer than {LONGEST_LINE} bytes")
            while (raw := file.readline(LONGEST_LINE)) and not raw.endswith(b"\n"):
                pass
            continue
        raw = raw.removeprefix(b"\xef\xbb\xbf").strip()
        if raw:
            yield _parsed(number, raw)


def _parsed(number: int, raw: bytes) -> Line:
    try:
        return Line(number, orjson.loads(raw), raw)
    except orjson.JSONDecodeError as error:
        return Line(number, raw.decode("utf-8", "replace"), raw, f"not JSON: {error}")


Record = tuple[int, list[str]]


def records(file: io.BufferedReader) -> Iterator[Record]:
    """The records of a CSV with the lines they end on; commas, semicolons or tabs, by what its first line has most of."""
    csv.field_size_limit(LONGEST_LINE)
    first = file.peek(HEAD)[:HEAD].split(b"\n")[0].decode("utf-8", "replace")
    text = io.TextIOWrapper(file, "utf-8-sig", errors="surrogateescape", newline="")
    reader = csv.reader(text, delimiter=max(",;\t", key=first.count))
    try:
        for record in reader:
            yield reader.line_num, record
    except csv.Error as error:
        raise BadFile(f"line {reader.line_num}: {error}: is there a quote without its other?") from None
    finally:
        text.detach()


def table_csv(found: Iterator[Record]) -> Iterator[Line]:
    """A CSV whose first line names columns."""
    _, heads = next(found, (0, []))
    heads = [unguarded(head.strip()) for head in heads]
    twice = {head for head in heads if heads.count(head) > 1}
    if twice:
        raise BadFile(f"two columns are named {min(twice)!a}")
    for number, cells in found:
        if any(cells):
            yield _named(number, heads, cells)


def _named(number: int, heads: list[str], cells: list[str]) -> Line:
    try:
        "".join(cells).encode()
    except UnicodeEncodeError:
        told = [cell.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for cell in cells]
        return Line(number, told, problem="not UTF-8")
    if len(cells) != len(heads):
        return Line(number, cells, problem=f"{len(cells)} cells under {len(heads)} heads")
    return Line(number, {head: unguarded(cell) for head, cell in zip(heads, cells, strict=True)})


def parquet(file: io.BufferedReader) -> Iterator[Line]:
    """Rows of a Parquet file; one that can't be sought in is kept on disk meanwhile."""
    with tempfile.TemporaryFile() as spool:
        whole: IO[bytes] = file
        if not file.seekable():
            while piece := file.read(1 << 20):
                spool.write(piece)
            spool.seek(0)
            whole = spool
        try:
            opened = pq.ParquetFile(whole, pre_buffer=False, buffer_size=1 << 20)
            batches = opened.iter_batches(batch_size=PARQUET_ROWS)
            yield from (Line(n, row) for n, row in enumerate(chain.from_iterable(map(_plain_rows, batches)), 1))
        except (pa.ArrowException, OSError) as error:
            raise BadFile(f"broken Parquet: {error}") from None


def _plain_rows(batch: pa.RecordBatch) -> list[dict[str, Any]]:
    return [{name: _plain(value) for name, value in row.items()} for row in batch.to_pylist()]


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value


# A whole file


FORMS: Final = ("ndjson", "csv", "parquet")


FOREIGN: Final = {
    b"PK\x03\x04": "a workbook or zip archive: save it as CSV, or unpack it",
    b"\xff\xfe": "UTF-16: save it as UTF-8",
    b"\xfe\xff": "UTF-16: save it as UTF-8",
}
"""What a file is that can't be read, by the bytes it begins with, and what to do."""


class Content(NamedTuple):
    """What a file holds: its form, whether it is one of Zoom's reports, and its rows."""

    form: str
    report: bool
    lines: Iterator[Line]


def content(file: io.BufferedReader, form: str = "") -> Content:
    """The rows of a file that may be packed. Raises `BadFile`, here or when they are taken."""
    inner = unpacked(file)
    form = form or form_of(inner.peek(HEAD)[:HEAD])
    foreign = next((what for magic, what in FOREIGN.items() if inner.peek(8).startswith(magic)), "")
    if foreign:
        raise BadFile(f"this is {foreign}")
    if form == "ndjson":
        return Content(form, False, ndjson(inner))
    if form == "parquet":
        return Content(form, False, parquet(inner))
    found = records(inner)
    first = next(found, (0, []))
    found = chain([first], found)
    if zoom_csv.is_report(first[1]):
        return Content(form, True, _report_lines(found))
    return Content(form, False, table_csv(found))


def _report_lines(found: Iterator[Record]) -> Iterator[Line]:
    for number, said, problem in zoom_csv.rows(found):
        yield Line(number, said, problem=problem)


# Cells


def table_of(said: Any) -> str:
    """The only table that could hold a row with these columns. Raises `BadFile` naming those that could."""
    names = {name for name in said if name not in ("account_id", EVENT_TIME, EVENT_TIMES)} if isinstance(said, dict) else set()
    fit = [
        name
        for name, table in LOADABLE.items()
        if names and all(n in table for n in names) and names.issuperset(set(table.key) - {"account_id"})
    ]
    if len(fit) == 1:
        return fit[0]
    raise BadFile("say which --table these rows are of" + (f": {', '.join(fit)}" if fit else ""))


def typed(table: Table, said: dict[str, Any]) -> dict[str, Any]:
    """A row whose texts are read by the types of their columns: a cell of a file is a text, whatever it stands for."""
    reads = _cell_readers(table.name)
    return {n: _cell(reads[n], value) if isinstance(value, str) and n in reads else value for n, value in said.items()}


def _cell(read: Callable[[str], Any], value: str) -> Any:
    try:
        return read(value) if value else value
    except ValueError:
        return value  # `read_row` says what is wrong with it


@cache
def _cell_readers(table: str) -> dict[str, Callable[[str], Any]]:
    found = {column.name: _cell_reader(column) for column in LOADABLE[table].columns}
    return {name: read for name, read in found.items() if read} | {EVENT_TIMES: orjson.loads}


def _cell_reader(column: Column) -> Callable[[str], Any] | None:
    if column.merge is Merge.FLAGS:
        return _flags
    if column.members or column.type.startswith("Array("):
        return orjson.loads
    if re.fullmatch(r"U?Int\d+", column.type):
        return int
    return float if column.type == "Float64" else None


def _flags(text: str) -> Any:
    return int(text) if text.isdigit() else orjson.loads(text) if text.startswith("[") else re.split(r"[\s,|]+", text)


__all__ = ["FORMS", "BadFile", "BadRow", "Content", "Line", "content", "table_of", "typed"]
