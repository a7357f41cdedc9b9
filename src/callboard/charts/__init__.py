"""Charts: Vega-Lite specs made once, drawn by browsers, and as pictures for mails and PDFs."""

from __future__ import annotations

from typing import Any

from callboard.charts.bundle import BUNDLE, Bundle
from callboard.charts.catalogue import CHARTS, FORMATS, Chart, Shown
from callboard.charts.drawing import png, svg
from callboard.charts.theme import COLOURS, CONFIG, Theme

__all__ = ["BUNDLE", "CHARTS", "COLOURS", "CONFIG", "FORMATS", "Bundle", "Chart", "Shown", "Theme", "as_json", "png", "svg"]


def as_json() -> dict[str, Any]:
    """All that pages need to draw charts: the library's name, what charts have in common, and each chart."""
    charts = {
        chart.name: {
            "title": chart.title,
            "by": chart.by,
            "shown": [{"name": s.name, "title": s.title, "form": s.form} for s in chart.shown],
            "spec": chart.spec(),
        }
        for chart in CHARTS.values()
    }
    return {"bundle": BUNDLE, "config": CONFIG, "charts": charts}
