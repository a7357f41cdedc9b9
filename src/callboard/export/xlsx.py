"""Excel's workbooks: numbers are numbers, times are times, and texts are never formulas."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, Final

import xlsxwriter

from callboard.export.sheet import Kind, Sheet, surveyed

MOST_ROWS: Final = 1_048_576
"""Rows that a worksheet holds, its head included: what is beyond goes to another."""
LONGEST: Final = 32_767
"""Characters that a cell holds."""
EXACT: Final = 2**53
"""Whole numbers beyond it would lose digits: they are written as text."""
PIECE: Final = 1 << 16
OPTIONS: Final = {"constant_memory": True, "in_memory": False, "default_date_format": "yyyy-mm-dd hh:mm:ss"}


def write(sheet: Sheet) -> Iterator[bytes]:
    """A workbook of a sheet. It is made on disk, since a workbook can't be sent before it is whole."""
    with tempfile.TemporaryFile() as made:
        with surveyed(sheet) as (kinds, cells), xlsxwriter.Workbook(made, OPTIONS) as book:
            _fill(book, kinds, cells)
        made.seek(0)
        while piece := made.read(PIECE):
            yield piece


def _fill(book: Any, kinds: dict[str, Kind], cells: Iterator[list[Any]]) -> None:
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    writers = [_writer(kind, day) for kind in kinds.values()]
    page, at = _page(book, kinds), 1
    for row in cells:
        if at == MOST_ROWS:
            page, at = _page(book, kinds), 1
        for column, (write_cell, value) in enumerate(zip(writers, row, strict=True)):
            if value is not None:
                write_cell(page, at, column, value)
        at += 1


def _page(book: Any, kinds: dict[str, Kind]) -> Any:
    page = book.add_worksheet()
    page.freeze_panes(1, 0)
    for column, (name, kind) in enumerate(kinds.items()):
        page.set_column(column, column, 20 if kind == "time" else 14)
        page.write_string(0, column, name)
    return page


def _writer(kind: Kind, day: Any) -> Callable[[Any, int, int, Any], object]:
    def number(page: Any, row: int, column: int, value: Any) -> object:
        exact = isinstance(value, float) or -EXACT <= value <= EXACT
        return page.write_number(row, column, value) if exact else page.write_string(row, column, str(value))

    def moment(page: Any, row: int, column: int, value: str) -> object:
        return page.write_datetime(row, column, datetime.fromisoformat(value).replace(tzinfo=None))

    def whole_day(page: Any, row: int, column: int, value: str) -> object:
        return page.write_datetime(row, column, date.fromisoformat(value), day)

    def yes(page: Any, row: int, column: int, value: bool) -> object:
        return page.write_boolean(row, column, value)

    def text(page: Any, row: int, column: int, value: Any) -> object:
        return page.write_string(row, column, str(value)[:LONGEST])

    return {"whole": number, "big": number, "real": number, "time": moment, "day": whole_day, "yes": yes, "text": text}[kind]
