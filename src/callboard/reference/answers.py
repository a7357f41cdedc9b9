"""The pages about answers: every endpoint, and every field with what fills it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any, Final

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from callboard.api.routes import path_fields
from callboard.contract.access import RATE_CLASSES
from callboard.contract.units import UNITS, Unit
from callboard.contract.wire import Wire
from callboard.endpoints import ENDPOINTS, Endpoint
from callboard.endpoints.params import Paged
from callboard.endpoints.registry import shown_path
from callboard.endpoints.service import BULK_COLUMNS
from callboard.reference.markdown import choices, code, codes, link, sentence, table, with_choices, words
from callboard.reference.sources import Field, Filled, fields, filling, models, rows_of
from callboard.store.tables import TABLES

SAMPLES: Final[dict[str, Any]] = {
    "ms": 47,
    "kbps": 6325,
    "percent": 3,
    "fps": 24,
    "resolution": (1280, 720),
    "clock": 4086,
    "instant": "2026-03-02T10:00:00Z",
    "quality": 421,
    "user type": 2,
    "digits": 84512036771,
    "size": 3_221_225_472,
    "US time": 1_772_445_600,
    "stamp": 1_772_445_600_123,
    "spaced": 84512036771,
}
"""A number in each unit, to show how it is written."""

NONE: Final = "*no source yet: present and empty*"
LOADED: Final = "*no webhook tells it: loaded*"
UNDOCUMENTED: Final = "†"

# Events in words


GROUPS: Final = {
    "Events about an instance": ("meetings", "start_time"),
    "Events about a join": ("participants", "user_id"),
    "Events that name who joined": ("participants", "name"),
    "Events that describe a join": ("participants", "participant_uuid"),
    "Events about a user": ("people", "user_id"),
}
"""Sets of events that are too long to list everywhere: those that fill a column."""


def groups(kind: str | None = None) -> dict[frozenset[str], str]:
    """Sets of events that have a name of their own, which is a heading of the page of events."""
    return {filling(*place).of_kind(kind).documented: name for name, place in GROUPS.items()}


def _short(events: frozenset[str]) -> list[str]:
    """Names, with `*.` where the meeting's and the webinar's event do the same."""
    bare = {e.partition(".")[2] for e in events if e.startswith("meeting.")}
    both = {rest for rest in bare if f"webinar.{rest}" in events}
    alone = {e for e in events if not (e.startswith(("meeting.", "webinar.")) and e.partition(".")[2] in both)}
    return sorted({f"*.{rest}" for rest in both} | alone)


def events_in_words(found: Filled, kind: str | None = None) -> str:
    """The events, or the name of their group; those that Zoom does not document with a mark."""
    group = groups(kind).get(found.documented)
    said = [link(group.lower(), "events.md", group)] if group else list(map(code, _short(found.documented)))
    said += [f"{code(e)}{UNDOCUMENTED}" for e in _short(found.undocumented)]
    return ", ".join(said)


def source_in_words(item: Field, kind: str | None = None) -> str:
    """What fills a field."""
    if item.holds:
        return ""
    if not item.has_source:
        return LOADED if item.made.places else NONE
    return events_in_words(item.filled(kind), kind) or item.made.sentence


# Units


def wire_example(unit: Unit) -> str:
    """How a number in the unit is written."""
    return code(unit.write(SAMPLES[unit.name])) if unit.name in SAMPLES else ""


def _inside(item: Field) -> str:
    if item.unit is not None:
        return item.unit.sentence
    return " or ".join(code(b) for b in item.bits) + " is set" if item.bits else ""


def _type(item: Field, page: str) -> str:
    if item.model is None:
        return words(item.annotation)
    named = link(item.model.__name__, page, item.model.__name__)
    return f"list of {named}" if item.is_list else named


# Endpoints


def leaves(model: type[Wire], path: str = "") -> Iterator[tuple[str, Field]]:
    """Every field of an answer with its path; entries of lists are gone into, blocks are not."""
    for item in fields(model):
        yield path + item.name, item
        if item.is_list and item.model is not None:
            yield from leaves(item.model, f"{path}{item.name}[].")


def _default(info: Any, model: type[BaseModel], name: str) -> str:
    if name == "page_size" and issubclass(model, Paged):
        return "{}, at most {}".format(*model.sizes)
    if info.default is PydanticUndefined:
        return "required"
    return (
        "" if info.default in (None, "") else code(str(info.default).lower() if isinstance(info.default, bool) else info.default)
    )


def _parameters(endpoint: Endpoint) -> str:
    in_path = {parameter: name for name, parameter in path_fields(endpoint).items()}
    rows = [
        (
            code(in_path.get(name, info.alias or name)),
            "path" if name in in_path else "query",
            "text" if choices(info.annotation) else words(info.annotation),
            _default(info, endpoint.params, name),
            with_choices(info),
        )
        for name, info in sorted(
            endpoint.params.model_fields.items(), key=lambda i: (i[0] not in in_path, i[0] == "participant_id")
        )
    ]
    return table(("Parameter", "In", "Type", "Default", "Meaning"), rows)


def _answer(endpoint: Endpoint) -> str:
    if endpoint.response is None:
        columns = codes(BULK_COLUMNS)
        return f"Rows of {link('qos_minutes', 'tables.md', 'qos_minutes')} as numbers: {columns}.\n"
    rows = [
        (
            code(path),
            _type(item, "fields.md"),
            wire_example(item.unit) if item.unit else "",
            sentence(item.sentence),
            source_in_words(item, endpoint.kind),
        )
        for path, item in leaves(endpoint.response)
    ]
    return table(("Field", "Type", "On the wire", "Meaning", "Filled by"), rows)


def _endpoint(endpoint: Endpoint) -> str:
    rate = RATE_CLASSES[endpoint.rate]
    facts = [
        ("Operation", code(endpoint.operation) if endpoint.operation else "none at Zoom"),
        ("Scopes", codes(endpoint.access.scopes) if endpoint.access.families else "any token"),
        ("Families", codes(endpoint.access.families) or "none"),
        ("Rate class", f"{link(rate.name, 'limits.md', 'Classes')} ({rate.label})"),
        ("Command", code(f"callboard query {endpoint.name}")),
    ]
    listed = "".join(f"- {label}: {text}\n" for label, text in facts)
    parameters = _parameters(endpoint)
    return (
        f"## {endpoint.name}\n\n`GET {shown_path(endpoint)}`\n\n{sentence(endpoint.summary)}\n\n{listed}\n"
        f"{parameters}\n{_answer(endpoint)}"
    )


LEGEND: Final = (
    f"*Filled by* names the webhook events that a value comes from. {UNDOCUMENTED} marks an event that fills the field only "
    "where Zoom sends more than it documents. A field without a source is present and empty, as Zoom sends fields that do not "
    "apply.\n"
)


def endpoints_page() -> str:
    """Every endpoint: what it is asked with, what it answers, and what fills each field."""
    index = table(
        ("Endpoint", "Path", "What"),
        [(link(e.name, "endpoints.md", e.name), code(shown_path(e)), sentence(e.summary)) for e in ENDPOINTS.values()],
    )
    return (
        f"# Endpoints\n\n{len(ENDPOINTS)} endpoints. `/v2` answers in Zoom's form; `/v1` is Callboard's own.\n\n{LEGEND}\n"
        f"Columns behind each field: [fields](fields.md). Rules for all endpoints: [the API](../api.md).\n\n{index}\n"
        + "\n".join(map(_endpoint, ENDPOINTS.values()))
    )


# Fields


def own_fields(model: type[Wire], found: list[Field] | None = None) -> list[Field]:
    """The fields that a model adds to its parent's."""
    own = {info.alias or name for name, info in model.model_fields.items() if name in inspect.get_annotations(model)}
    return [item for item in (fields(model) if found is None else found) if item.name in own]


def _columns(item: Field, placeholder: str) -> str:
    places = ", ".join(link(code(p), "tables.md", p.partition(".")[0]) for p in _shown_places(item, placeholder))
    return places + (f", leg {code(item.leg)}" if item.leg else "")


def _shown_places(item: Field, placeholder: str) -> list[str]:
    """The columns; those of a block by their common beginning, bits by the column that they are in."""
    places = [re.sub(r"\.[A-Z_]+$", ".features", place) for place in item.made.places]
    if item.prefix == "":
        return sorted({f"{place.partition('.')[0]}.…" for place in places})
    if item.prefix:
        return list(dict.fromkeys(re.sub(r"_[a-z]+$", "_…", place) for place in places))[:1]
    return [place.replace(placeholder, "<stream>_") for place in places] if placeholder else places


def _model(model: type[Wire], within: tuple[type[Wire], str] | None) -> str:
    if within is None:
        found, placeholder = fields(model), ""
    else:
        found, placeholder = fields(model, rows_of(within[0]), within[1]), within[1]
    parent = model.__mro__[1]
    inherits = parent is not Wire and issubclass(parent, Wire)
    opening = sentence((model.__doc__ or "").strip())
    if inherits:
        opening += f" All of {link(parent.__name__, 'fields.md', parent.__name__)}, and:"
    rows = [
        (
            code(item.name),
            _type(item, "fields.md"),
            _inside(item),
            _columns(item, placeholder),
            source_in_words(item) if not item.made.sentence or not item.has_source else _with_sentence(item),
        )
        for item in own_fields(model, found)
    ]
    body = table(("Field", "Type", "Inside", "Columns", "Filled by"), rows)
    return f"## {model.__name__}\n\n{opening}\n\n{body}"


def _with_sentence(item: Field) -> str:
    events = events_in_words(item.filled())
    return f"{item.made.sentence} {events}" if events else item.made.sentence


def fields_page() -> str:
    """Every field of every answer: the columns that it comes from, and the events that fill them."""
    unit_rows = [(u.name, sentence(u.sentence), wire_example(u)) for u in UNITS]
    empty = sum(not f.has_source for model, within in models().items() if within is None for f in own_fields(model))
    return (
        "# Fields\n\nWhere each field of an answer comes from: the columns of the [fact tables](tables.md), and the "
        f"[events](events.md) that fill them. `*.` stands for `meeting.` and `webinar.`. {LEGEND}\n"
        f"Of the fields below, {empty} have no source yet.\n\n"
        f"## Units\n\nInside, quantities are whole numbers; text exists on the wire only.\n\n"
        f"{table(('Unit', 'Inside', 'On the wire'), unit_rows)}\n"
        + "\n".join(_model(model, within) for model, within in models().items())
        + f"\nTables: {', '.join(link(t, 'tables.md', t) for t in TABLES)}.\n"
    )
