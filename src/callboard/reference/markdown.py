"""Small pieces of Markdown, and Python's types in words."""

from __future__ import annotations

import re
import types
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

NAMES: Final = {str: "text", int: "integer", float: "number", bool: "true or false", Path: "path"}


def code(text: object) -> str:
    """`text` as code."""
    return f"`{text}`"


def codes(texts: Iterable[object]) -> str:
    """Each as code, with commas."""
    return ", ".join(map(code, texts))


def slug(heading: str) -> str:
    """The anchor that a heading gets."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def link(text: str, page: str, heading: str = "") -> str:
    """A link to a page, or to a heading of it."""
    return f"[{text}]({page}{'#' + slug(heading) if heading else ''})"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; empty when there are no rows."""
    lines = [" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows]
    if not lines:
        return ""
    return "\n".join(f"| {line} |" for line in (" | ".join(heads), " | ".join("---" for _ in heads), *lines)) + "\n"


def sentence(text: str) -> str:
    """Text as one line that ends with a full stop."""
    line = " ".join(text.split())
    return line if not line or line.endswith((".", ":", "`.")) else line + "."


def choices(annotation: Any) -> tuple[Any, ...]:
    """The values of a `Literal`; empty for other types."""
    return get_args(annotation) if get_origin(annotation) is Literal else ()


def with_choices(info: FieldInfo) -> str:
    """A field's description, with the values it takes where the description does not name them."""
    said, values = sentence(info.description or ""), choices(info.annotation)
    return said if all(code(v) in said for v in values) else f"{said} One of {codes(values)}."


def words(annotation: Any) -> str:
    """A type in words; models are named."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return words(inner[0])
    if origin is Literal:
        return codes(inner)
    if origin in (Union, types.UnionType):
        return " or ".join(words(a) for a in inner if a is not type(None))
    if origin in (list, set, tuple):
        return f"list of {words(inner[0])}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation.__name__
    return NAMES.get(annotation, str(annotation))
