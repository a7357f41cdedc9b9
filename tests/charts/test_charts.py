"""Charts are specs made once: what is in them, and as pictures."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import vl_convert

from callboard.charts import BUNDLE, CHARTS, COLOURS, Bundle, as_json, png, svg
from callboard.charts.bundle import MADE_AT_SETUP
from callboard.charts.catalogue import PERIODS
from callboard.charts.drawing import standing

DAYS = ("2026-03-02", "2026-03-03", "2026-03-04")
BY_NAME = pytest.mark.parametrize("name", CHARTS)


def rows(name: str, *values: float | None) -> list[dict[str, Any]]:
    """A row a day, whose every field has the value of that day."""
    fields = [shown.name for shown in CHARTS[name].shown]
    time = PERIODS[CHARTS[name].by].field
    return [{time: day, **dict.fromkeys(fields, value)} for day, value in zip(DAYS, values, strict=True)]


@BY_NAME
def test_a_chart_is_valid_and_asks_for_the_fields_that_its_rows_have(name: str) -> None:
    """Vega-Lite compiles it, and reads no field of its data that is not declared."""
    spec = standing(CHARTS[name], rows(name, 1, 2, 3))
    made = json.dumps(vl_convert.vegalite_to_vega(spec))
    read = set(re.findall(r'"field": "(\w+)"', json.dumps(CHARTS[name].spec())))
    said = {shown.name for shown in CHARTS[name].shown} | {PERIODS[CHARTS[name].by].field, "says", "href"}
    derived = {"part", "count"}  # made of the declared ones by a fold
    assert made
    assert read - derived <= said


@BY_NAME
def test_a_chart_uses_the_pages_colours_only(name: str) -> None:
    """Colours are names of tokens: pages switch them by theme, pictures fill them in."""
    spec = json.dumps([CHARTS[name].spec(), as_json()["config"]])
    assert set(re.findall(r"var\(--([\w-]+)\)", spec)) <= set(COLOURS)
    assert re.findall(r'"#\w{3,8}"', spec) == []


def marks(name: str, kind: str, *values: float | None) -> list[dict[str, Any]]:
    """What is drawn of a kind of mark."""
    found: list[dict[str, Any]] = []

    def walk(node: Any) -> None:
        for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            walk(inner)
        if isinstance(node, dict) and node.get("marktype") == kind:
            found.extend(node["items"])

    walk(vl_convert.vegalite_to_scenegraph(standing(CHARTS[name], rows(name, *values))))
    return found


def test_columns_begin_at_zero() -> None:
    """A value twice as large is a column twice as high."""
    one, two, four = (mark["height"] for mark in marks("ports", "rect", 1, 2, 4))
    assert (two / one, four / one) == (2, 4)


def test_what_is_not_known_is_a_gap() -> None:
    """A day without a value has no dot, and lines and the band break there."""
    assert len(marks("quality_days", "symbol", 0.1, None, 0.3)) == 2
    drawn = marks("quality_days", "line", 0.1, None, 0.3) + marks("quality_days", "area", 0.1, None, 0.3)
    assert [mark["defined"] for mark in drawn] == [True, False, True] * 3


def test_a_day_beyond_what_is_usual_is_marked() -> None:
    """By its shape as well as its colour."""
    same = {"value": 0.1, "low": 0.02, "middle": 0.05}
    days = [{"day": day, **same, "high": high} for day, high in zip(DAYS, (0.2, 0.09, None), strict=True)]
    drawn = svg(CHARTS["quality_days"], days)
    assert drawn.count(COLOURS["poor"][0]) == 1


def test_a_picture_has_the_colours_of_its_theme() -> None:
    """Dark pictures are drawn in the dark colours."""
    for theme, at in (("light", 0), ("dark", 1)):
        drawn = svg(CHARTS["ports"], rows("ports", 1, 2, 3), theme=theme)  # type: ignore[arg-type]
        assert COLOURS["series-1"][at] in drawn
        assert "var(" not in drawn


def test_a_picture_for_mails_is_a_png() -> None:
    """Twice as many pixels as it is wide, for fine screens."""
    made = png(CHARTS["ports"], rows("ports", 1, 2, 3), width=320)
    assert made[:8] == b"\x89PNG\r\n\x1a\n"
    assert 640 <= int.from_bytes(made[16:20], "big") < 760


def test_the_library_is_made_once(tmp_path: Path) -> None:
    """The first who asks waits for it; after that it is a file, with all that draws in one piece."""
    made = Bundle(tmp_path).read()
    assert b"vega" in made
    if not (MADE_AT_SETUP / BUNDLE).exists():
        assert [path.name for path in tmp_path.iterdir()] == [BUNDLE]
