"""Rows with their columns, ready to be written in any format."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import orjson

Row = dict[str, Any]
Kind = Literal["whole", "big", "real", "yes", "time", "day", "text"]
"""What a column holds; `big` is a whole number of up to 64 bits. Lists and objects in a cell are JSON, a text."""

INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z")
WHOLE: Final = (-(2**63), 2**63 - 1)


class UnknownColumns(ValueError):
    """Columns were asked for that are not there; the text names them and those that are."""


@dataclass(frozen=True)
class Sheet:
    """Rows by column name. `columns` are flat: `audio.bitrate` is the member of an object.

    `kinds` says what each column holds; where it is not known beforehand, formats with types look through all rows first.
    `guard` keeps texts from becoming formulas in CSV.
    """

    columns: tuple[str, ...]
    rows: Iterable[Row]
    kinds: dict[str, Kind] | None = None
    chosen: bool = False
    guard: bool = True

    def only(self, names: Iterable[str]) -> Sheet:
        """The same rows with these columns, in this order. Raises `UnknownColumns`."""
        wanted = tuple(dict.fromkeys(names))
        unknown = [name for name in wanted if name not in self.columns]
        if unknown:
            raise UnknownColumns(f"no column {', '.join(unknown)}: there are {', '.join(self.columns)}")
        return replace(self, columns=wanted, chosen=True)

    def objects(self) -> Iterator[Row]:
        """The rows as objects: whole, or of the chosen columns."""
        if not self.chosen:
            yield from self.rows
            return
        pick = picker(self.columns)
        for row in self.rows:
            yield dict(zip(self.columns, pick(row), strict=True))

    def cells(self) -> Iterator[list[Any]]:
        """The rows as cells, one a column; a list or an object is JSON text."""
        pick = picker(self.columns)
        for row in self.rows:
            yield [_json(value) if isinstance(value, (dict, list, tuple)) else value for value in pick(row)]


def picker(columns: tuple[str, ...]) -> Callable[[Row], list[Any]]:
    """What takes a row's values by flat column names."""
    paths = [column.split(".") if "." in column else None for column in columns]

    def pick(row: Row) -> list[Any]:
        return [row.get(c) if path is None or c in row else _within(row, path) for c, path in zip(columns, paths, strict=True)]

    return pick


def _within(value: Any, path: list[str]) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


@contextmanager
def surveyed(sheet: Sheet) -> Iterator[tuple[dict[str, Kind], Iterator[list[Any]]]]:
    """What each column holds, and the cells: looked through on disk first where it is not known."""
    if sheet.kinds is not None:
        yield {c: sheet.kinds[c] for c in sheet.columns}, sheet.cells()
        return
    with tempfile.TemporaryFile() as spool:
        found: list[Kind | None] = [None] * len(sheet.columns)
        for cells in sheet.cells():
            spool.write(orjson.dumps(cells) + b"\n")
            found = [_widened(kind, value) for kind, value in zip(found, cells, strict=True)]
        spool.seek(0)
        yield {c: k or "text" for c, k in zip(sheet.columns, found, strict=True)}, map(orjson.loads, spool)


def _widened(kind: Kind | None, value: Any) -> Kind | None:
    """The narrowest kind that holds what `kind` holds, and the value."""
    if value is None or kind == "text":
        return kind
    own = _kind(value)
    if kind is None or own == kind:
        return own
    return "real" if {kind, own} == {"whole", "real"} else "text"


def _kind(value: Any) -> Kind:
    if isinstance(value, bool):
        return "yes"
    if isinstance(value, int):
        return "whole" if WHOLE[0] <= value <= WHOLE[1] else "text"
    if isinstance(value, float):
        return "real"
    return "time" if INSTANT.fullmatch(value) else "text"
