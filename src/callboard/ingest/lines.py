"""Rows of fact tables as anyone may send them: plain JSON values, checked one by one against the table.

Times are ISO 8601 or Unix seconds, features a list of names, and a value that may change is given plainly: it counts as
said at the row's `event_time`, or, without one, now; what was said at another time is in `event_times`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple

from callboard.contract.features import Feature
from callboard.ingest.facts import Row, moment, seconds
from callboard.store.tables import TABLES, Column, Merge, Table

LOADABLE: Final = {name: table for name, table in TABLES.items() if name not in ("raw_events", "meeting_ids")}
"""Tables that rows may be sent to; the others are filled from these."""

EVENT_TIME: Final = "event_time"
EVENT_TIMES: Final = "event_times"
"""An object: when a value that may change was said, by column, where that was not at the row's `event_time`."""


BESIDE: Final = frozenset(("account_id", EVENT_TIME, EVENT_TIMES))
"""Members of a row that are no column of its own."""


class BadRow(Exception):
    """A row that its table can't hold; the text names the column and says why."""


Read = Callable[[Any], Any]


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise BadRow(f"{value!r} is not a text")
    return value


def _moment(value: Any) -> int:
    at = seconds(value)
    if at is None:
        raise BadRow(f"{value!r} is not a time: send 2026-03-02T10:00:00Z, or Unix seconds")
    return at


def _event_time(value: Any) -> float:
    _moment(value)
    return moment(value) or 0.0


def _event_times(value: Any) -> dict[str, float]:
    if not isinstance(value, dict):
        raise BadRow(f"{value!r} is not an object")
    return {name: _event_time(at) for name, at in value.items()}


def _day(value: Any) -> str:
    try:
        return date.fromisoformat(_text(value)).isoformat()
    except ValueError:
        raise BadRow(f"{value!r} is not a day: send 2026-03-02") from None


def _whole(least: int, most: int) -> Read:
    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise BadRow(f"{value!r} is not a whole number")
        if not least <= value <= most:
            raise BadRow(f"{value} is not from {least} to {most}")
        return value

    return read


def _real(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadRow(f"{value!r} is not a number")
    return float(value)


def _one_of(names: list[str]) -> Read:
    def read(value: Any) -> str:
        if value not in names:
            raise BadRow(f"{value!r} is none of {', '.join(names)}")
        return str(value)

    return read


def _list(item: Read) -> Read:
    def read(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise BadRow(f"{value!r} is not a list")
        return [item(each) for each in value]

    return read


def _members(names: tuple[str, ...]) -> Read:
    """A tuple of texts: an object with these members, or a list of as many."""

    def read(value: Any) -> list[str]:
        if isinstance(value, dict):
            unknown = set(value) - set(names)
            if unknown:
                raise BadRow(f"no member {min(unknown)!r}: there are {', '.join(names)}")
            return [_text(value.get(name, "")) for name in names]
        if not isinstance(value, list) or len(value) != len(names):
            raise BadRow(f"{value!r} is not an object or list of {len(names)} texts")
        return [_text(each) for each in value]

    return read


def _features(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return int(_whole(0, 2**32 - 1)(value))
    try:
        return int(sum({Feature[_text(name)] for name in value}))
    except (KeyError, TypeError):
        raise BadRow(f"{value!r} is not a list of features: {', '.join(f.name or '' for f in Feature)}") from None


def bounds(type_: str) -> tuple[int, int] | None:
    """The least and the greatest whole number of a type of whole numbers."""
    found = re.fullmatch(r"(U?)Int(\d+)", type_)
    if not found:
        return None
    bits = int(found[2])
    return (0, 2**bits - 1) if found[1] else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def reader(column: Column) -> Read:
    """What reads a column's values."""
    type_ = column.type
    if column.merge is Merge.FLAGS:
        return _features
    if column.members:
        return _list(_members(column.members))
    if limits := bounds(type_):
        return _whole(*limits)
    if type_.startswith("DateTime"):
        return _moment
    if type_.startswith("Enum"):
        return _one_of(re.findall(r"'([^']*)'", type_))
    if type_.startswith("Array("):
        return _list(_text)
    return {"Date": _day, "Float64": _real}.get(type_, _text)


class _Reader(NamedTuple):
    """How a column's values are read: whole numbers from `least` to `most` are right as they are, all else goes to `read`."""

    latest: bool
    read: Read
    least: int
    most: int


@cache
def _readers(table: str) -> dict[str, _Reader]:
    return {c.name: _reader(c) for c in TABLES[table].columns if c.name != "account_id"}


def _reader(column: Column) -> _Reader:
    least, most = bounds(column.type) or (1, 0)
    return _Reader(column.merge is Merge.LATEST, reader(column), least, most)


def read_row(table: Table, said: Any, account_id: str, now: float) -> Row:
    """A row of a fact table from one JSON object; NULL and empty text say nothing, as everywhere.

    Raises `BadRow` for what the table can't hold: nothing of such a row is taken.
    """
    if not isinstance(said, dict):
        raise BadRow("not a JSON object")
    readers = _readers(table.name)
    if said.get("account_id", account_id) != account_id:
        raise BadRow("account_id: another account's")
    at: float = _column(EVENT_TIME, _event_time, said[EVENT_TIME]) if said.get(EVENT_TIME) else round(now, 3)
    times = _column(EVENT_TIMES, _event_times, said[EVENT_TIMES]) if said.get(EVENT_TIMES) else {}
    row: Row = {"account_id": account_id}
    for name, value in said.items():
        if value is None or name in BESIDE or (value == "" and name not in table.key):
            continue
        how = readers.get(name)
        if how is None:
            raise BadRow(f"{name}: no such column; there are {', '.join(readers)}")
        if type(value) is not int or not how.least <= value <= how.most:
            value = _column(name, how.read, value)
        row[name] = [times.get(name, at), value] if how.latest else value
    missing = [name for name in table.key if name not in row]
    if missing:
        raise BadRow(f"{missing[0]}: missing, and part of the key")
    return row


def _column(name: str, read: Read, value: Any) -> Any:
    try:
        return read(value)
    except BadRow as reason:
        raise BadRow(f"{name}: {reason}") from None
