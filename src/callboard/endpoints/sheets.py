"""An endpoint's answer as a sheet: all pages joined, its rows and their columns. The one place where answers become files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, Literal, get_args

import orjson
from pydantic import BaseModel

from callboard.contract.errors import BadRequest
from callboard.contract.wire import Columns, Prefix, Wire, bare, sources
from callboard.endpoints.params import Paged
from callboard.endpoints.registry import Answer, Context, Endpoint, Stream
from callboard.export import Sheet, UnknownColumns
from callboard.export.sheet import picker
from callboard.export.text import lines

Values = Literal["numbers", "zoom"]
PAGING: Final = re.compile(r"from|to|(.+[._])?(next_page_token|page_count|page_size|total_records)")
"""What an answer says of its pages rather than of its rows."""


@dataclass(frozen=True)
class Wish:
    """How an answer is wanted: which columns, whose form, and which of its lists."""

    columns: tuple[str, ...] = ()
    values: Values = "numbers"
    rows: str = ""
    guard: bool = True


def sheet(endpoint: Endpoint, context: Context, params: BaseModel, wish: Wish) -> Sheet:
    """The rows of all pages of an answer. The first page is asked for here, so that what is wrong with a question is said.

    Raises what the endpoint raises, and `BadRequest` for columns and lists that are not there.
    """
    return chosen(_answered(endpoint, context, params, wish), wish.columns)


def chosen(made: Sheet, columns: tuple[str, ...]) -> Sheet:
    """The sheet with these columns, or all if there are none. Raises `BadRequest` for those that are not there."""
    try:
        return made.only(columns) if columns else made
    except UnknownColumns as error:
        raise BadRequest(f"Invalid field: columns. {error}.", [{"field": "columns", "message": str(error)}]) from None


def _answered(endpoint: Endpoint, context: Context, params: BaseModel, wish: Wish) -> Sheet:
    first = endpoint.ask(context, _widest(params))
    if isinstance(first, Stream):
        return Sheet(first.columns, map(orjson.loads, lines(first.pieces)), guard=wish.guard)
    inner = _chosen_list(first, wish.rows)
    pages = chain([first], _further(endpoint, context, params, first))
    if wish.values == "zoom":
        place = _places(first.model).get(inner, "")
        beside, within = _wire_columns(first.model, place)
        said = (page.wire() for page in pages)
    else:
        place = inner
        beside, within = _number_columns(first.columns, inner)
        said = (page.numbers() for page in pages)
    return Sheet(tuple(dict.fromkeys((*beside, *within))), _rows(said, place, beside), guard=wish.guard)


# Pages


def _widest(params: BaseModel) -> BaseModel:
    """The same question in the largest pages, or as lines where it has a format of its own."""
    if isinstance(params, Paged):
        return params.model_copy(update={"page_size": params.sizes[1], "page_number": None, "next_page_token": ""})
    return params.model_copy(update={"format": "ndjson"}) if "format" in type(params).model_fields else params


def _further(endpoint: Endpoint, context: Context, params: BaseModel, page: Answer) -> Iterator[Answer]:
    """The pages after one."""
    wide = _widest(params)
    while token := _token(page):
        answer = endpoint.ask(context, wide.model_copy(update={"next_page_token": token}))
        assert isinstance(answer, Answer)
        page = answer
        yield page


def _token(page: Answer) -> str:
    at = next((n for n, c in enumerate(page.columns) if isinstance(c, str) and c.endswith("next_page_token")), None)
    return "" if at is None else str(page.row[at] or "")


# Rows


def _chosen_list(answer: Answer, name: str) -> str:
    """The list whose entries are the rows: the one that is named, else the one with the most columns; none makes one row."""
    lists = {c[0]: len(c[1]) for c in answer.columns if not isinstance(c, str)}
    if name and name not in lists:
        raise BadRequest(f"Invalid field: rows. There is no list {name}: take one of {', '.join(lists) or 'none'}.")
    return name or max(lists, key=lambda each: lists[each], default="")


def _rows(pages: Iterator[dict[str, Any]], place: str, beside: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """The entries of the list on every page, each with what the page says beside it; without a list, the page."""
    pick, found = picker(beside), picker((place,))
    for page in pages:
        about = dict(zip(beside, pick(page), strict=True))
        if not place:
            yield about
            continue
        for entry in found(page)[0]:
            yield {**about, **entry} if about else entry


def _number_columns(columns: Columns, inner: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns beside a list, and those in it."""
    beside = tuple(name for c in columns if (name := _name(c)) and not PAGING.fullmatch(name) and (not inner or name == c))
    entries = next((c[1] for c in columns if not isinstance(c, str) and c[0] == inner), ())
    return beside, tuple(map(_name, entries))


def _name(column: str | tuple[str, Columns]) -> str:
    return column if isinstance(column, str) else column[0]


def _wire_columns(model: type[Wire], place: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The same of the members in Zoom's form."""
    members = dict(_members(model))
    listed = _item(members[place]) if place else None
    beside = tuple(n for n, kind in members.items() if not PAGING.fullmatch(n) and not (place and _item(kind)))
    return beside, tuple(name for name, _ in _members(listed)) if listed else ()


def _places(model: type[BaseModel], prefix: str = "", shown: str = "") -> dict[str, str]:
    """Where the value of each column is in Zoom's form, with dots."""
    found: dict[str, str] = {}
    for column, (name, info) in zip(sources(model), model.model_fields.items(), strict=True):
        kind, place = bare(info.annotation), shown + (info.serialization_alias or info.alias or name)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            inner = next((m.prefix for m in info.metadata if isinstance(m, Prefix)), f"{name}_")
            found |= _places(kind, prefix + inner, place + ".")
        else:
            found[prefix + column] = place
    return found


def _members(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every member of an object and of the objects in it, with dots, and its type."""
    for name, info in model.model_fields.items():
        kind, shown = bare(info.annotation), prefix + (info.serialization_alias or info.alias or name)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _members(kind, shown + ".")
        else:
            yield shown, kind


def _item(kind: Any) -> type[BaseModel] | None:
    """The model of a list's entries."""
    inner = get_args(kind)
    return inner[0] if inner and isinstance(inner[0], type) and issubclass(inner[0], BaseModel) else None
