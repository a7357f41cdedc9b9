"""Rows into files: one function a format, each from a `Sheet` to bytes, piece by piece, in flat memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from callboard.export import arrow, text, xlsx
from callboard.export.arrow import parquet
from callboard.export.packing import ENDINGS, PACKINGS, packed
from callboard.export.sheet import Sheet, UnknownColumns


class Format(NamedTuple):
    """A file format that rows can be written in."""

    name: str
    media_type: str
    write: Callable[[Sheet], Iterator[bytes]]
    sentence: str


FORMATS: Final[dict[str, Format]] = {
    f.name: f
    for f in (
        Format("csv", "text/csv; charset=utf-8", text.csv, "Text for spreadsheets and most programs, flat."),
        Format("ndjson", "application/x-ndjson", text.ndjson, "One JSON object a line, as nested as the rows are."),
        Format("json", "application/json", text.json, "One JSON array of the same objects."),
        Format("parquet", "application/vnd.apache.parquet", arrow.write, "Typed columns, flat."),
        Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx.write, "A workbook, flat."),
    )
}

__all__ = ["ENDINGS", "FORMATS", "PACKINGS", "Format", "Sheet", "UnknownColumns", "packed", "parquet"]
