"""Zoom's facts in `schema.json`, as paths and as JSON Schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FACTS = json.loads((HERE / "schema.json").read_text())
ENDPOINT_FACTS: dict[str, dict[str, Any]] = FACTS["endpoints"]

DATE = r"^\d{4}-\d{2}-\d{2}$"
INSTANT = r"^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z)?$"
SPARSE = ("participants[].qos[].details",)
"""Objects that hold only the keys that fit."""


def resolved(form: Any) -> Any:
    """A form with the shared one it names (`$UserQosSample`) filled in."""
    return FACTS["shared"][form[1:]] if isinstance(form, str) and form.startswith("$") else form


def json_schema(form: Any, at: str = "") -> dict[str, Any]:
    """JSON Schema of a form. Every member is required; a string may be empty, which is how Zoom says no data."""
    form = resolved(form)
    if isinstance(form, dict):
        members = {name: json_schema(member, f"{at}.{name}".lstrip(".")) for name, member in form.items()}
        return {"type": "object", "properties": members, "required": [] if at in SPARSE else list(members)}
    if isinstance(form, list):
        return {"type": "array", "items": json_schema(form[0], f"{at}[]")}
    if form.startswith("one of "):
        return {"enum": ["", *form.removeprefix("one of ").split(" | ")]}
    patterns = {"date": DATE, "date-time": INSTANT}
    return {"type": "string", "pattern": patterns[form]} if form in patterns else {"type": form}


def paths(form: Any, at: str = "") -> set[str]:
    """Every field of a form: `meetings[].host`."""
    form = resolved(form)
    if isinstance(form, dict):
        return {p for name, member in form.items() for p in ({f"{at}{name}"} | paths(member, f"{at}{name}."))}
    return paths(form[0], at.removesuffix(".") + "[].") if isinstance(form, list) else set()


def emitted(answer: Any, at: str = "", *, filled: bool = False) -> set[str]:
    """Every field of an answer, in the union over entries; those that hold something only, if `filled`."""
    if isinstance(answer, dict):
        named = {f"{at}{name}" for name, member in answer.items() if not filled or member}
        return named | {p for name, member in answer.items() for p in emitted(member, f"{at}{name}.", filled=filled)}
    if isinstance(answer, list):
        return {p for item in answer for p in emitted(item, at.removesuffix(".") + "[].", filled=filled)}
    return set()
