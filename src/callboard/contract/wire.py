"""From rows of numbers to Zoom's JSON: a renderer compiled once from each response model.

A model's field says where its value comes from (`From`), in which unit (`Unit`) or which bit (`Bit`).
Measured against letting the engine write the strings: docs/decisions/0002-wire-form.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, ClassVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo

from callboard.contract.units import Rendering, Unit

Row = Sequence[Any]
Columns = tuple["str | tuple[str, Columns]", ...]
"""Names of a row's columns; a column that holds rows itself is `(name, its columns)`."""


class Wire(BaseModel):
    """A response model in Zoom's form."""

    sparse: ClassVar[bool] = False
    """Whether members without a value are left out."""
    table: ClassVar[str] = ""
    """The fact table whose columns its fields are, where they say nothing else (`Made`): documentation is made from it."""

    model_config = ConfigDict(extra="forbid", serialize_by_alias=True, validate_by_name=True)


@dataclass(frozen=True)
class From:
    """The field's value is in the column of this name, rather than in the one named like the field."""

    column: str


@dataclass(frozen=True)
class Bit:
    """The field is true when `column` has any of these bits."""

    mask: int
    column: str = "features"


@dataclass(frozen=True)
class Prefix:
    """The field is a block whose columns all begin with this."""

    prefix: str


@dataclass(frozen=True)
class Made:
    """How a field's value is made that is no column's own: a sentence, and the columns `table.column` it follows from."""

    sentence: str
    places: tuple[str, ...] = ()


_RENDERINGS: dict[str, Rendering] = {}


def _rendering(unit: Unit) -> Rendering:
    return _RENDERINGS.setdefault(unit.name, Rendering(unit.write))


class _Source:
    """Python source of one renderer, with the objects that it names."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {}

    def name(self, value: Any) -> str:
        name = f"_{len(self.names)}"
        self.names[name] = value
        return name

    def model(self, model: type[BaseModel], columns: Columns, prefix: str = "") -> str:
        """An expression that makes the model's dict from `r`."""
        places = {c if isinstance(c, str) else c[0]: (i, c) for i, c in enumerate(columns)}
        parts = [
            f"{(info.serialization_alias or info.alias or name)!r}: {self.field(name, info, places, prefix)}"
            for name, info in model.model_fields.items()
        ]
        return "{" + ", ".join(parts) + "}"

    def field(self, name: str, info: FieldInfo, places: dict[str, Any], prefix: str) -> str:
        marks = info.metadata
        bit = next((m for m in marks if isinstance(m, Bit)), None)
        if bit is not None:
            at = places.get(prefix + bit.column)
            return f"r[{at[0]}] & {bit.mask} != 0" if at else "False"
        kind = bare(info.annotation)
        if isinstance(kind, type) and issubclass(kind, Wire):
            return self.block(kind, places, prefix + next((m.prefix for m in marks if isinstance(m, Prefix)), f"{name}_"))
        column = next((m.column for m in marks if isinstance(m, From)), name)
        at = places.get(prefix + column)
        if get_origin(kind) is list:
            return self.items(get_args(kind)[0], at)
        if at is None:
            return self.name(_empty(kind))
        unit = next((m for m in marks if isinstance(m, Unit)), None)
        if unit is not None:
            return f"{self.name(_rendering(unit))}[{_hashable(unit, at[0])}]"
        return f"bool(r[{at[0]}])" if kind is bool else f"r[{at[0]}] or {self.name(_empty(kind))}"

    def block(self, model: type[Wire], places: dict[str, Any], prefix: str) -> str:
        """A block of fields; all empty, and shared, where none of its columns is there or has a value."""
        here = sorted({places[c][0] for c in inside(model, prefix) if c in places})
        empty_ = self.name({} if model.sparse else empty(model))
        if not here:
            return empty_
        columns: Columns = tuple(column for _, column in sorted(places.values(), key=lambda place: place[0]))
        test = " and ".join(f"r[{i}] is None" for i in here)
        made = self.model(model, columns, prefix)
        return f"({empty_} if {test} else {made if not model.sparse else f'{self.name(_sparse)}({made})'})"

    def items(self, item: Any, at: Any) -> str:
        if at is None:
            return self.name([])
        if isinstance(item, type) and issubclass(item, BaseModel):
            columns = at[1][1] if isinstance(at[1], tuple) else tuple(item.model_fields)
            return f"[{self.name(renderer(item, columns))}(x) for x in r[{at[0]}] or ()]"
        return f"r[{at[0]}] or {self.name([])}"


def sources(model: type[BaseModel]) -> list[str]:
    """The columns that a model's own fields come from, in the fields' order."""
    found = []
    for name, info in model.model_fields.items():
        mark = next((m for m in info.metadata if isinstance(m, (From, Bit))), None)
        found.append(mark.column if mark else name)
    return found


def inside(model: type[BaseModel], prefix: str) -> list[str]:
    """The columns of a block and of the blocks in it."""
    found = []
    for column, (name, info) in zip(sources(model), model.model_fields.items(), strict=True):
        kind = bare(info.annotation)
        if isinstance(kind, type) and issubclass(kind, Wire):
            found += inside(kind, prefix + next((m.prefix for m in info.metadata if isinstance(m, Prefix)), f"{name}_"))
        else:
            found.append(prefix + column)
    return found


def _sparse(block: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in block.items() if value != ""}


def _hashable(unit: Unit, at: int) -> str:
    if unit.name == "resolution":
        return f"(tuple(r[{at}]) if r[{at}] and r[{at}][0] else None)"
    return f"r[{at}]"


def bare(annotation: Any) -> Any:
    """The type of a field without what is annotated to it, and without None."""
    if get_origin(annotation) is Annotated:
        return bare(get_args(annotation)[0])
    if get_origin(annotation) is Union or str(get_origin(annotation)) == "<class 'types.UnionType'>":
        return bare(next(a for a in get_args(annotation) if a is not type(None)))
    return annotation


def _empty(kind: Any) -> Any:
    return {bool: False, int: 0, float: 0.0}.get(kind, [] if get_origin(kind) is list else "")


@cache
def renderer(model: type[BaseModel], columns: Columns) -> Callable[[Row], dict[str, Any]]:
    """A function that makes the model's dict from one row with these columns.

    Fields without a column are present and empty, as Zoom sends them.
    """
    source = _Source()
    code = f"lambda r: {source.model(model, columns)}"
    function: Callable[[Row], dict[str, Any]] = eval(code, source.names)  # made of field and column names of ours only
    return function


@cache
def empty(model: type[BaseModel]) -> dict[str, Any]:
    """The model's dict with every field present and empty. Shared: not to be changed."""
    return renderer(model, ())(())
