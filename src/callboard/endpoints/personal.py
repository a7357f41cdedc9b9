"""Personal data out of an answer: which columns of its rows hold some, and the same rows without them.

The tables say which columns are personal (`PERSONAL`), a model's fields say which columns they are: so nothing is marked
twice. A field whose table is not known is taken for personal when a personal column has its name: better one blank too many.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from callboard.contract.wire import Bit, Columns, From, Made, Personal, Row, Wire, bare, item_of, prefix_of
from callboard.store.tables import PERSONAL, TABLES

NAMES: Final = frozenset(column for _, column in PERSONAL)
"""Names that a personal column has in some table."""
PUBLIC: Final = frozenset(column.name for table in TABLES.values() for column in table.columns) - NAMES
"""Names of columns that are personal in no table."""
PLACES: Final = frozenset(f"{table}.{column}" for table, column in PERSONAL)
TEXTS: Final = (str, list[str])
"""A number that was made of personal data, such as a count of people, is none itself."""

Blank = Callable[[Row], Row]


def is_personal(model: type[BaseModel], name: str, info: FieldInfo) -> bool:
    """Whether a field shows personal data."""
    marks = info.metadata
    said = next((m for m in marks if isinstance(m, Personal)), None)
    if said is not None:
        return said.is_so
    column = next((m.column for m in marks if isinstance(m, From)), name)
    made = next((m for m in marks if isinstance(m, Made)), None)
    if made is not None and made.places:
        return bare(info.annotation) in TEXTS and not PLACES.isdisjoint(made.places)
    table = TABLES.get(getattr(model, "table", ""))
    return (table.name, column) in PERSONAL if table is not None and column in table else column in NAMES


def _fields(model: type[BaseModel], prefix: str = "") -> dict[str, bool | type[BaseModel]]:
    """The columns that a model shows: whether each is personal, or of what model its rows are."""
    found: dict[str, bool | type[BaseModel]] = {}
    for name, info in model.model_fields.items():
        kind, item = bare(info.annotation), item_of(info.annotation)
        column = prefix + next((m.column for m in info.metadata if isinstance(m, (From, Bit))), name)
        if isinstance(kind, type) and issubclass(kind, Wire):
            found |= _fields(kind, prefix + prefix_of(name, info))
        elif item is not None:
            found[column] = item
        else:
            found[column] = found.get(column) is True or is_personal(model, name, info)
    return found


class Unknown(Wire):
    """Rows that no model shows."""


@cache
def blank(model: type[BaseModel], columns: Columns) -> Blank | None:
    """A function that makes the same row without personal data; None where there is none to leave out."""
    fields = _fields(model)
    steps: list[tuple[int, Blank | None]] = []
    for at, column in enumerate(columns):
        name, inside = (column, None) if isinstance(column, str) else column
        # What the model does not show is in files all the same.
        shown = fields.get(name, name not in PUBLIC if inside is None else Unknown)
        if isinstance(shown, type):  # rows in the row: their columns are said, or are the model's own
            inner = blank(shown, tuple(shown.model_fields) if inside is None else inside)
            steps += [(at, inner)] if inner is not None else []
        elif shown or inside is not None:
            steps.append((at, None))
    if not steps:
        return None

    def without(row: Row) -> Row:
        made: list[Any] = list(row)
        for at, inner in steps:
            made[at] = None if inner is None else [inner(item) for item in made[at] or ()]
        return made

    return without
