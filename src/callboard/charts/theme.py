"""How charts look: the pages' colours, in light and dark, and what all charts have in common."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final, Literal

Theme = Literal["light", "dark"]

TOKENS: Final = Path(__file__).parent.parent / "web" / "static" / "tokens.css"
"""The one place of colours. In specs they are `var(--name)`: a page knows what that is, elsewhere `painted` fills it in."""
_TOKEN: Final = re.compile(r"--([\w-]+):\s*(?:light-dark\((#\w+),\s*(#\w+)\)|(#\w+));")
_VAR: Final = re.compile(r"var\(--([\w-]+)\)")


def _colours() -> dict[str, tuple[str, str]]:
    found = _TOKEN.findall(TOKENS.read_text())
    return {name: (light or same, dark or same) for name, light, dark, same in found}


COLOURS: Final = _colours()
"""By name: the colour in light and in dark."""


def painted(spec: Any, theme: Theme) -> Any:
    """A spec with the colours of a theme instead of their names."""
    if isinstance(spec, dict):
        return {name: painted(value, theme) for name, value in spec.items()}
    if isinstance(spec, list):
        return [painted(value, theme) for value in spec]
    return _VAR.sub(lambda m: COLOURS[m[1]][theme == "dark"], spec) if isinstance(spec, str) else spec


FONT: Final = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif'
CONFIG: Final[dict[str, Any]] = {
    "background": "transparent",
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "domainColor": "var(--line-strong)",
        "gridColor": "var(--line)",
        "labelColor": "var(--quiet)",
        "labelFontSize": 12,
        "labelOverlap": True,
        "labelPadding": 6,
        "labelSeparation": 12,
        "tickColor": "var(--line-strong)",
        "title": None,
    },
    "axisX": {"grid": False, "tickSize": 4},
    "axisY": {"domain": False, "ticks": False, "tickCount": 4},
    "bar": {"color": "var(--series-1)", "cornerRadiusTopLeft": 2, "cornerRadiusTopRight": 2},
    "line": {"color": "var(--series-1)", "strokeWidth": 2},
    "point": {"color": "var(--series-1)", "filled": True, "opacity": 1, "size": 36},
    "legend": {"labelColor": "var(--text)", "labelFontSize": 12, "orient": "top", "symbolType": "square", "title": None},
    "text": {"color": "var(--text)", "fontSize": 12},
}
"""What all charts have in common, as Vega-Lite's `config`."""
