"""Every chart, declared once: pages, mails and PDFs draw it from the same spec.

A row of a chart's data has `day`, the first UTC day of its period (for minutes `at`, an instant), and a value by the name of
each other field; a value that is not known is None and shows as a gap. On pages it also has `says`, a sentence shown on
hover, and `href`, its door.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

By = Literal["day", "month", "minute"]
Form = Literal["number", "hours", "percent", "bytes"]
FORMATS: Final[dict[Form, str]] = {
    "number": "format(datum.value, ',.0~f')",
    "hours": "format(datum.value, ',.0~f') + '\u00a0h'",
    "percent": "format(datum.value * 100, '.1~f') + '\u00a0%'",
    "bytes": "datum.value < 1000 ? datum.value + '\u00a0B'"
    " : slice(format(datum.value, '.3~s'), 0, -1) + '\u00a0' + slice(format(datum.value, '.3~s'), -1) + 'B'",
}
"""How a form is written on an axis, as Vega's expression."""


class Period(NamedTuple):
    """How long a period is: the field that tells it, Vega-Lite's unit, how it is read, and how it is written on an axis."""

    field: str
    unit: str
    read: str
    written: str

    @property
    def scale(self) -> dict[str, Any]:
        """Days are UTC days, wherever they are looked at; minutes are in the reader's zone."""
        return {"type": "utc"} if self.field == "day" else {"type": "time"}


PERIODS: Final[dict[By, Period]] = {
    "day": Period("day", "utcyearmonthdate", "utc:'%Y-%m-%d'", "%-d %b"),
    "month": Period("day", "utcyearmonth", "utc:'%Y-%m-%d'", "%b %Y"),
    "minute": Period("at", "yearmonthdatehoursminutes", "date", "%H:%M"),
}
HIGH: Final = 150


@dataclass(frozen=True)
class Shown:
    """A field of a chart's rows: what its column in the chart's table is called, and how its values are written."""

    name: str
    title: str
    form: Form = "number"


@dataclass(frozen=True)
class Chart:
    """A chart: what it shows in words with its unit, the fields of its rows, and its marks as Vega-Lite."""

    name: str
    title: str
    shown: tuple[Shown, ...]
    layers: tuple[dict[str, Any], ...]
    by: By = "day"

    def spec(self) -> dict[str, Any]:
        """The Vega-Lite spec, whose data is named `rows` and filled in by who draws it."""
        period = PERIODS[self.by]
        time = _x(self.by) | {"scale": period.scale, "axis": {"format": period.written}}
        return {
            "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
            "description": self.title,
            "height": HIGH,
            "width": "container",
            "autosize": {"type": "fit-x", "contains": "padding"},
            "data": {"name": "rows", "format": {"parse": {period.field: period.read}}},
            "encoding": {
                "x": time,
                "tooltip": {"field": "says"},
                "href": {"field": "href"},
            },
            "layer": list(self.layers),
        }


def _x(by: By, **more: Any) -> dict[str, Any]:
    """The horizontal axis: time."""
    return {"field": PERIODS[by].field, "type": "temporal", "timeUnit": PERIODS[by].unit, **more}


def _y(shown: Shown) -> dict[str, Any]:
    """The vertical axis, from zero."""
    return {"field": shown.name, "type": "quantitative", "axis": {"labelExpr": FORMATS[shown.form]}, "scale": {"zero": True}}


def columns(name: str, title: str, shown: Shown, by: By = "day") -> Chart:
    """A column a period."""
    mark = {"type": "bar", "width": {"band": 0.8}, "cursor": "pointer"}
    return Chart(name, title, (shown,), ({"mark": mark, "encoding": {"y": _y(shown)}},), by)


def _stacked(name: str, title: str, rest: Shown, worse: Shown) -> Chart:
    """A column a day whose lower part is the one that someone should look at; `rest` is all that is not."""
    mark = {"type": "bar", "width": {"band": 0.8}, "cursor": "pointer"}
    fold = [{"fold": [worse.name, rest.name], "as": ["part", "count"]}]
    colour = {
        "field": "part",
        "type": "nominal",
        "scale": {"domain": [worse.name, rest.name], "range": ["var(--poor)", "var(--line-strong)"]},
        "legend": {"labelExpr": f"datum.value == '{worse.name}' ? '{worse.title}' : '{rest.title}'"},
    }
    count = {"field": "count", "type": "quantitative", "axis": {"labelExpr": FORMATS["number"]}, "stack": "zero"}
    order = {"field": "part", "sort": "ascending" if worse.name < rest.name else "descending"}
    layer = {"transform": fold, "mark": mark, "encoding": {"y": count, "color": colour, "order": order}}
    return Chart(name, title, (worse, rest), (layer,))


CATCH: Final[dict[str, Any]] = {
    "mark": {"type": "bar", "width": {"band": 1}, "opacity": 0, "cursor": "pointer"},
    "encoding": {"y": {"value": 0}, "y2": {"value": HIGH}},
}
"""What is hovered over is a period, not a line or a dot: unseen columns catch the pointer."""


def _usual(name: str, title: str, value: Shown, low: Shown, middle: Shown, high: Shown) -> Chart:
    """A line with the range that is usual as a band behind it; days beyond it are marked."""
    middle_of_day = _x("day", bandPosition=0.5)
    beyond = f"isValid(datum.{high.name}) && datum.{value.name} > datum.{high.name}"
    band = {
        "mark": {"type": "area", "color": "var(--line-strong)", "opacity": 0.22, "tooltip": None},
        "encoding": {"x": middle_of_day, "y": _y(low), "y2": {"field": high.name}},
    }
    usually = {
        "mark": {"type": "line", "color": "var(--line-strong)", "strokeDash": [3, 3], "strokeWidth": 1},
        "encoding": {"x": middle_of_day, "y": _y(middle)},
    }
    line = {"mark": {"type": "line"}, "encoding": {"x": middle_of_day, "y": _y(value)}}
    points = {"mark": {"type": "point", "cursor": "pointer"}, "encoding": {
        "x": middle_of_day,
        "y": _y(value),
        "color": {"condition": {"test": beyond, "value": "var(--poor)"}, "value": "var(--series-1)"},
        "shape": {"condition": {"test": beyond, "value": "diamond"}, "value": "circle"},
        "size": {"condition": {"test": beyond, "value": 110}, "value": 36},
    }}  # fmt: skip
    return Chart(name, title, (value, low, middle, high), (band, usually, line, points, CATCH))


def _course(name: str, title: str, shown: Shown) -> Chart:
    """An amount minute by minute."""
    steps = {"interpolate": "step-after"}
    area = {"mark": {"type": "area", "color": "var(--series-1)", "opacity": 0.18, **steps}, "encoding": {"y": _y(shown)}}
    line = {"mark": {"type": "line", **steps}, "encoding": {"y": _y(shown)}}
    return Chart(name, title, (shown,), (area, line, CATCH), "minute")


_MEASURES: Final = (
    ("meetings", "Meetings and webinars", "number"),
    ("hours", "Hours of calls", "hours"),
    ("people", "Different people", "number"),
    ("peak", "Most calls at once", "number"),
    ("most", "Most people at once", "number"),
)
_PERIOD_WORD: Final[dict[By, str]] = {"day": "", "month": "_by_month"}


def _use(by: By) -> list[Chart]:
    return [
        columns(f"usage_{name}{_PERIOD_WORD[by]}", f"{title} by {by}", Shown("value", title, form), by)  # type: ignore[arg-type]
        for name, title, form in _MEASURES
    ]


CHARTS: Final[dict[str, Chart]] = {
    chart.name: chart
    for chart in (
        _usual(
            "quality_days",
            "Share of bad minutes by day, and what is usual on that weekday",
            Shown("value", "Bad minutes", "percent"),
            Shown("low", "Usually from", "percent"),
            Shown("middle", "Usually", "percent"),
            Shown("high", "Usually to", "percent"),
        ),
        _stacked("calls_days", "Calls by day", Shown("rest", "Good, fair or not judged"), Shown("bad_calls", "Poor or bad")),
        *_use("day"),
        *_use("month"),
        columns("recorded_bytes", "Bytes recorded each day", Shown("value", "Recorded", "bytes")),
        columns("ports", "Most ports at once, each day", Shown("value", "Ports")),
        columns("events", "Events received each day", Shown("value", "Events")),
        _course("attendance", "Attendees minute by minute", Shown("attendees", "Attendees")),
    )
}
"""Every chart by name."""
