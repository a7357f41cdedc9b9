"""From Zoom's JSON back to rows: the inverse of the wire form, read off the same response models.

A model's field says which column its value is in (`From`), in which unit (`Unit`) or which bit (`Bit`): what the server
writes by it is read back by it. What says nothing (an empty text, `false`, 0 without a unit) makes no column, as always.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from callboard.contract.features import SHARE, Feature
from callboard.contract.units import Unit
from callboard.contract.wire import Bit, From, Prefix, Wire, bare
from callboard.ingest.facts import Fact, Row
from callboard.store.tables import TABLES, Merge

VAGUE: Final = {int(SHARE): int(Feature.SHARE_OTHER)}
"""What several bits together stand for, when it is only said that one of them is set."""


@dataclass(frozen=True)
class _Field:
    """A member of an object: its key, its column and how it is read; or its bit; or the fields of the block that it is."""

    key: str
    column: str = ""
    read: Callable[[Any], Any] | None = None
    bit: int = 0
    inside: tuple[_Field, ...] = ()


def values(model: type[BaseModel], said: dict[str, Any]) -> Row:
    """What an object says, by column. Members that the model doesn't know, or that can't be read, are left out."""
    row: Row = {}
    _fill(row, _fields(model, ""), said)
    return row


def _fill(row: Row, fields: tuple[_Field, ...], said: dict[str, Any]) -> None:
    for field in fields:
        value = said.get(field.key)
        if not value and value != 0:
            continue
        if field.inside:
            if isinstance(value, dict):
                _fill(row, field.inside, value)
        elif field.bit:
            if value is True:
                row[field.column] = row.get(field.column, 0) | field.bit
        elif field.read is not None:
            found = field.read(value)
            if found is not None:
                row[field.column] = found


@cache
def _fields(model: type[BaseModel], prefix: str) -> tuple[_Field, ...]:
    made = (_field(name, info, prefix) for name, info in model.model_fields.items())
    return tuple(field for field in made if field is not None)


def _field(name: str, info: FieldInfo, prefix: str) -> _Field | None:
    key = info.serialization_alias or info.alias or name
    marks = info.metadata
    bit = next((m for m in marks if isinstance(m, Bit)), None)
    if bit is not None:
        return _Field(key, prefix + bit.column, bit=VAGUE.get(int(bit.mask), int(bit.mask)))
    kind = bare(info.annotation)
    if isinstance(kind, type) and issubclass(kind, Wire):
        inner = prefix + next((m.prefix for m in marks if isinstance(m, Prefix)), f"{name}_")
        return _Field(key, inside=_fields(kind, inner))
    column = prefix + next((m.column for m in marks if isinstance(m, From)), name)
    unit = next((m for m in marks if isinstance(m, Unit)), None)
    if unit is not None:
        return _Field(key, column, unit.read)
    read = _list_of(get_args(kind)[0]) if get_origin(kind) is list else PLAIN.get(kind)
    return _Field(key, column, read) if read is not None else None


def _text(value: Any) -> str | None:
    """Ids may be strings or numbers."""
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else None


def _whole(value: Any) -> int | None:
    if isinstance(value, str) and value.strip().isdigit():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value else None


def _real(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) and value else None


def _yes(value: Any) -> bool | None:
    return True if value is True else None


PLAIN: Final[dict[Any, Callable[[Any], Any]]] = {str: _text, int: _whole, float: _real, bool: _yes}


def _list_of(item: Any) -> Callable[[Any], Any] | None:
    """What reads a list of texts, or of objects of texts as lists; None for lists that are read by themselves."""
    if item is str:
        return lambda said: [v for v in said if isinstance(v, str)] if isinstance(said, list) else None
    if not (isinstance(item, type) and issubclass(item, Wire)) or any(
        bare(info.annotation) is not str or any(isinstance(m, Unit) for m in info.metadata) for info in item.model_fields.values()
    ):
        return None
    keys = [info.serialization_alias or info.alias or name for name, info in item.model_fields.items()]

    def read(said: Any) -> list[list[str]] | None:
        if not isinstance(said, list):
            return None
        return [[_text(entry.get(key)) or "" for key in keys] for entry in said if isinstance(entry, dict)]

    return read


def fact(table: str, account_id: str, at: float, found: Row, **key: Any) -> Fact:
    """A row of a table from columns: those that the table has. What may change counts as said at Unix time `at`."""
    of = TABLES[table]
    row: Row = {"account_id": account_id, **key}
    for name, value in found.items():
        if name in of and name not in row:
            row[name] = [round(at, 3), value] if of[name].merge is Merge.LATEST else value
    return table, row
