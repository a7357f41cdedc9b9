"""Fact tables as sheets: merged rows, one a key, in the columns that `import` and `POST /v1/facts/{table}` take."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

import orjson

from callboard.export import Sheet
from callboard.export.sheet import Kind, Row
from callboard.export.text import lines
from callboard.ingest.lines import EVENT_TIME, EVENT_TIMES, LOADABLE
from callboard.store.store import Store
from callboard.store.tables import RAW_EVENTS, Column, Merge, Table

DUMPED: Final = LOADABLE | {RAW_EVENTS.name: RAW_EVENTS}
"""Tables that are exported; what the others hold follows from these."""

LONGEST: Final = 7 * 86_400
"""What belongs to an instance happens within so many seconds of its beginning."""

BEGAN: Final = """(
  SELECT uuid FROM meetings WHERE account_id = {account:String}
    AND start_time >= {begin:UInt32} - BEFORE AND start_time < {end:UInt32})"""
BETWEEN: Final = "toUnixTimestamp(AT) >= {begin:UInt32} AND toUnixTimestamp(AT) < {end:UInt32} + AFTER"


def table_sheet(
    store: Store, table: Table, account_id: str, begin: int | None = None, end: int | None = None, guard: bool = True
) -> Sheet:
    """The rows of an account, of all times or of `[begin, end)`, as they are read from the store.

    What belongs to instances goes by when the instance began; what has no time of its own is there whatever the range.
    """
    columns = [c for c in table.columns if c.name != "account_id"]
    latest = [c for c in columns if c.merge is Merge.LATEST] if EVENT_TIME not in table else []
    asked = {"account": account_id, "begin": max(begin or 0, LONGEST), "end": min(end or 2**32, 2**32 - LONGEST)}
    found = store.stream(_sql(table, columns, latest, begin is not None or end is not None), asked, "JSONCompactEachRow")
    names = [c.name for c in columns] + ([EVENT_TIME, EVENT_TIMES] if latest else [])
    kinds: dict[str, Kind] = {c.name: kind(c) for c in columns}
    if latest:
        kinds |= {EVENT_TIME: "time", EVENT_TIMES: "text"}
    return Sheet(tuple(names), _rows(found, columns, latest), kinds, guard=guard)


def _sql(table: Table, columns: list[Column], latest: list[Column], ranged: bool) -> str:
    values = [f"{c.name}.2 AS `{c.name}`" if c.merge is Merge.LATEST else c.name for c in columns]
    times = [f"toUnixTimestamp64Milli({c.name}.1)" for c in latest]
    where = f" AND {_range(table)}" if ranged and _range(table) else ""
    order = ", ".join(name for name in table.key if name != "account_id")
    return (
        f"-- dump.{table.name}: merged rows\nSELECT {', '.join(values + times)}\nFROM {table.name} FINAL\n"
        f"WHERE account_id = {{account:String}}{where}\nORDER BY {order}"
    )


def _range(table: Table) -> str:
    """Which rows are in a range: those of the instances that began in it; others, and of unknown instances, by their time."""
    at = table.born or table.time
    if not at:
        return ""
    between = BETWEEN.replace("AT", f"toDateTime({at}, 'UTC')")
    if "uuid" not in table.key or table.name == "meetings":
        return between.replace("AFTER", "0")
    unknown = f"{between.replace('AFTER', '0')} AND uuid NOT IN {BEGAN.replace('BEFORE', str(LONGEST))}"
    near = between.replace("AFTER", str(LONGEST)) + " AND " if table.time else ""  # passes over most of what is kept by month
    return f"{near}(uuid IN {BEGAN.replace('BEFORE', '0')} OR {unknown})"


def _rows(pieces: Iterator[bytes], columns: list[Column], latest: list[Column]) -> Iterator[Row]:
    names = [c.name for c in columns]
    for line in lines(pieces):
        values = orjson.loads(line)
        row = dict(zip(names, values[: len(names)], strict=True))
        if latest:
            _tell_times(row, dict(zip((c.name for c in latest), values[len(names) :], strict=True)))
        yield {name: value for name, value in row.items() if value is not None}


def _tell_times(row: Row, times: dict[str, int]) -> None:
    """Say when what may change was said; what was never said is no value."""
    for name, at in times.items():
        if not at:
            row[name] = None
    newest = max(times.values())
    row[EVENT_TIME] = stamp(newest) if newest else None
    others = {name: stamp(at) for name, at in times.items() if 0 < at < newest}
    row[EVENT_TIMES] = others or None


@lru_cache(maxsize=65_536)
def stamp(ms: int) -> str:
    """Unix milliseconds as an instant."""
    return f"{datetime.fromtimestamp(ms // 1000, UTC):%Y-%m-%dT%H:%M:%S}.{ms % 1000:03d}Z"


def kind(column: Column) -> Kind:
    """What a column holds, in an exported sheet."""
    found = re.fullmatch(r"(U?)Int(\d+)", column.type)
    if found:
        return "big" if found[0] == "UInt64" else "whole"
    if column.type.startswith("DateTime"):
        return "time"
    kinds: dict[str, Kind] = {"Date": "day", "Float64": "real"}
    return kinds.get(column.type, "text")
