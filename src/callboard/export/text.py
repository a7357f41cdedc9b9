"""Formats of text: CSV, and JSON in lines or in one array."""

from __future__ import annotations

import csv as csv_
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

import orjson

from callboard.export.sheet import Sheet

PIECE: Final = 1 << 16
FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
"""Texts that a spreadsheet would take for a formula, and those that were guarded against it already."""


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula: with `'` in front where it would."""
    return f"'{text}" if FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The reverse of `guarded`."""
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def csv(sheet: Sheet) -> Iterator[bytes]:
    """A head and a line a row, as RFC 4180 has it. No value is an empty cell."""
    made = io.StringIO()
    writer = csv_.writer(made)
    writer.writerow(sheet.columns)
    for cells in sheet.cells():
        writer.writerow([_cell(value, sheet.guard) for value in cells])
        if made.tell() >= PIECE:
            yield _taken(made)
    yield _taken(made)


def _cell(value: Any, guard: bool) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return guarded(value) if guard and isinstance(value, str) else value


def _taken(made: io.StringIO) -> bytes:
    text = made.getvalue()
    made.seek(0)
    made.truncate()
    return text.encode()


def ndjson(sheet: Sheet) -> Iterator[bytes]:
    """A JSON object a line."""
    yield from _gathered(orjson.dumps(row) + b"\n" for row in sheet.objects())


def json(sheet: Sheet) -> Iterator[bytes]:
    """One JSON array."""
    yield b"["
    yield from _gathered((b",\n" if n else b"\n") + orjson.dumps(row) for n, row in enumerate(sheet.objects()))
    yield b"\n]\n"


def _gathered(lines: Iterator[bytes]) -> Iterator[bytes]:
    waiting: list[bytes] = []
    size = 0
    for line in lines:
        waiting.append(line)
        size += len(line)
        if size >= PIECE:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)


def lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Whole lines from pieces that may be cut anywhere."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
    if rest:
        yield rest
