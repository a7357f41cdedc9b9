"""Fact rows, as ingest makes them of events, as Arrow tables: the little that history has beside meetings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache
from typing import Any, Final

import pyarrow as pa

from callboard.ingest.facts import Fact, Row
from callboard.store.tables import TABLES, Column, Merge, Table

EPOCH: Final = date(1970, 1, 1)


def tables(facts: Iterable[Fact]) -> Iterator[tuple[str, pa.Table]]:
    """An Arrow table for each fact table, rows of one key merged into one."""
    found: dict[str, dict[tuple[Any, ...], Row]] = defaultdict(dict)
    for name, row in facts:
        merge(TABLES[name], found[name], row)
    for name, rows in found.items():
        yield name, arrow(TABLES[name], list(rows.values()))


def merge(table: Table, rows: dict[tuple[Any, ...], Row], row: Row) -> None:
    """Put a row to the others, as the store would merge it."""
    known = rows.setdefault(tuple([row[name] for name in _key(table.name)]), row)
    if known is row:
        return
    for name, value in row.items():
        known[name] = _MERGED[table[name].merge](known[name], value) if name in known else value


@cache
def _key(table: str) -> tuple[str, ...]:
    return TABLES[table].key


_MERGED: Final[dict[Merge, Callable[[Any, Any], Any]]] = {
    Merge.KEY: lambda a, _: a,
    Merge.KNOWN: max,
    Merge.GREATEST: max,
    Merge.LATEST: max,
    Merge.EARLIEST: min,
    Merge.FLAGS: lambda a, b: a | b,
}


def arrow(table: Table, rows: list[Row]) -> pa.Table:
    """Rows as columns: all that any of them fills."""
    names = [c.name for c in table.columns if any(c.name in row for row in rows)]
    return pa.table({name: _array(table[name], [row.get(name) for row in rows]) for name in names})


def _array(column: Column, values: list[Any]) -> pa.Array:
    type_, unsaid = _type(column)
    if column.merge is not Merge.LATEST:
        return pa.array([unsaid if v is None and column.merge is Merge.FLAGS else _plain(column, v) for v in values], type_)
    at = pa.array([round(v[0] * 1000) if v else 0 for v in values], pa.timestamp("ms", "UTC"))
    said = pa.array([unsaid if v is None else _plain(column, v[1]) for v in values], type_)
    return pa.StructArray.from_arrays([at, said], ["ts", "value"])


def _plain(column: Column, value: Any) -> Any:
    if value is None:
        return None
    if column.members:
        return [dict(zip(column.members, entry, strict=True)) for entry in value]
    if column.type == "Date":
        return value if isinstance(value, date) else date.fromisoformat(value) if isinstance(value, str) else _day(value)
    return value


def _day(value: int) -> date:
    # The engine takes a date as days or as seconds since 1970.
    return date.fromtimestamp(value) if value > 65_535 else date.fromordinal(EPOCH.toordinal() + value)


def _type(column: Column) -> tuple[pa.DataType, Any]:
    """The Arrow type of a column's values, and what stands for one that was never said."""
    if column.members:
        return pa.list_(pa.struct([(name, pa.string()) for name in column.members])), []
    if column.type.startswith("Array("):
        return pa.list_(pa.string()), []
    if column.type.startswith("DateTime"):
        return pa.timestamp("ms" if "64" in column.type else "s", "UTC"), 0
    if column.type.startswith(("UInt", "Int")):
        return getattr(pa, column.type.lower())(), 0
    return {"Date": (pa.date32(), EPOCH), "Float64": (pa.float64(), 0.0)}.get(column.type, (pa.string(), ""))
