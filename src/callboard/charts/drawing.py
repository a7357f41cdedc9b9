"""Charts as pictures, for where no browser draws them: mails and PDFs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from callboard.charts.catalogue import Chart
from callboard.charts.theme import CONFIG, Theme, painted

Rows = Sequence[Mapping[str, Any]]


def standing(chart: Chart, rows: Rows, width: int = 640, theme: Theme = "light") -> dict[str, Any]:
    """The chart with its rows, size and colours: Vega-Lite that stands by itself."""
    title = {"text": chart.title, "anchor": "start", "color": "var(--text)", "fontSize": 14, "offset": 10}
    spec = chart.spec() | {"width": width, "config": CONFIG, "title": title}
    data = spec["data"] | {"values": [dict(row) for row in rows]}
    return dict(painted(spec, theme)) | {"data": data}


def svg(chart: Chart, rows: Rows, width: int = 640, theme: Theme = "light") -> str:
    """The chart as SVG."""
    import vl_convert  # holds a JavaScript engine of some 80 MB: loaded by who draws

    return str(vl_convert.vegalite_to_svg(standing(chart, rows, width, theme)))


def png(chart: Chart, rows: Rows, width: int = 640, theme: Theme = "light", scale: float = 2) -> bytes:
    """The chart as PNG, for mail programs that show no SVG; twice as fine as it is large."""
    import vl_convert

    spec = standing(chart, rows, width, theme) | {"background": painted("var(--ground)", theme)}
    return bytes(vl_convert.vegalite_to_png(spec, scale=scale))
