"""Charts on pages: drawn, hovered over, followed, read as a table."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Route, expect

from callboard.charts import BUNDLE, COLOURS
from tests.web.conftest import Organisation, Window

LINE = ".chart .mark-line path"
COLUMN = ".chart .mark-rect path"
RED, GREEN, BLUE = slice(1, 3), slice(3, 5), slice(5, 7)


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[part], 16)) for part in (RED, GREEN, BLUE))})"


def test_hovering_says_the_day_and_clicking_opens_it(window: Window) -> None:
    """A column of use over time says its day's number in words, and is a door to that day's calls."""
    shown = window.open("/usage?range=7d")
    column = shown.locator(COLUMN).nth(2)
    column.hover()
    said = shown.locator(".chart-tip").inner_text()
    assert re.search(r"\w+ \d+ \w+: \d+\Wcalls?$", said)
    column.click()
    shown.wait_for_url("**/meetings?from=*&to=*")
    window.settled()


def test_a_day_of_the_same_page_loads_its_data_only(window: Window) -> None:
    """A click in the chart of meetings narrows the list without another page, and Back widens it again."""
    shown = window.open("/meetings")
    shown.evaluate("document.body.dataset.same = 'yes'")
    days = shown.locator(COLUMN)
    high = [(box["height"] if (box := days.nth(n).bounding_box()) else 0.0) for n in range(days.count())]
    days.nth(high.index(max(high))).click()
    shown.wait_for_url("**/meetings?from=*&to=*")
    window.settled()
    assert shown.locator("body").get_attribute("data-same") == "yes"
    shown.go_back()
    window.settled()
    expect(shown.locator(".chart svg")).to_be_visible()


def test_the_table_has_what_the_chart_shows(window: Window) -> None:
    """Behind the toggle a row a day, with its door; the toggle brings the chart back."""
    shown = window.open("/quality?range=7d")
    toggle = shown.get_by_role("button", name="As a table")
    assert shown.locator(".chart").get_attribute("aria-label")
    toggle.click()
    expect(shown.locator(".chart-table tbody tr")).to_have_count(7)
    expect(shown.locator(".chart")).to_be_hidden()
    assert shown.locator(".chart-table a").first.get_attribute("href").startswith("/meetings?from=")  # type: ignore[union-attr]
    toggle.click()
    expect(shown.locator(".chart")).to_be_visible()


def test_colours_follow_the_theme(window: Window) -> None:
    """A chart that is drawn changes its colours with the page."""
    shown = window.open("/quality?range=7d")
    stroke = "path => getComputedStyle(path).stroke"
    for scheme, colour in zip(("light", "dark"), COLOURS["series-1"], strict=True):
        shown.emulate_media(color_scheme=scheme)
        assert rgb(colour) in [shown.locator(LINE).nth(n).evaluate(stroke) for n in range(shown.locator(LINE).count())]


def test_the_library_loads_only_where_a_chart_is(window: Window, organisation: Organisation) -> None:
    """A page without a chart asks for none of it, even if it shares code with one that has."""
    asked: list[str] = []
    window.page.on("request", lambda request: asked.append(request.url))
    window.open(organisation.example("meetings"))
    assert [url for url in asked if BUNDLE in url or "charts.json" in url] == []
    window.open("/usage")
    assert len([url for url in asked if BUNDLE in url]) == 1


def test_without_the_library_the_numbers_are_there(window: Window) -> None:
    """A chart that can't be drawn says so; what it knows is in its table."""

    def refuse(route: Route) -> None:
        route.fulfill(status=503, body="away")

    window.page.route(f"**/{BUNDLE}", refuse)
    yesterday = datetime.now(UTC).date() - timedelta(days=1)  # today may have no calls yet
    window.page.goto(f"{window.url}/usage?from={yesterday - timedelta(days=6)}&to={yesterday}")
    expect(window.page.locator(".chart .state.wrong")).to_contain_text("could not be drawn")
    window.page.get_by_role("button", name="As a table").click()
    expect(window.page.locator(".chart-table tbody tr")).to_have_count(7)
    window.wrong.clear()
