"""`from` and `to`: what they mean, and how they are echoed."""

from __future__ import annotations

import pytest

from tests.contract.helpers import held, told
from tests.helpers import Office

MEETINGS = "/v2/metrics/meetings"
DATED = (MEETINGS, "/v2/metrics/webinars", "/v2/report/meetings", "/v2/report/webinars")


def listed(office: Office, from_: str, to: str) -> list[str]:
    page = office.ask(MEETINGS, type="past", from_=from_, to=to)
    return [m["uuid"] for m in page["meetings"]]


@pytest.mark.parametrize("path", DATED)
@pytest.mark.parametrize(
    ("from_", "to"),
    [
        ("2026-03-01", "2026-03-31"),
        ("2026-03-01T00:00:00Z", "2026-03-02T12:30:00Z"),
        ("2026-03-01T00:00:00+01:00", "2026-03-31"),
        ("2025-01-01", "2026-12-31"),
    ],
)
def test_the_range_is_echoed_as_asked(history: Office, path: str, from_: str, to: str) -> None:
    """Dates as dates, date-times as date-times."""
    page = history.ask(path, type="past", from_=from_, to=to)
    assert (page["from"], page["to"]) == (from_, to)


def test_dates_are_whole_utc_days_both_included(history: Office) -> None:
    """A meeting of 2026-03-02 is in the range from that day to that day."""
    assert listed(history, "2026-03-02", "2026-03-02") == ["first=="]
    assert listed(history, "2026-03-03", "2026-03-08") == ["before-now=="]


def test_date_times_are_instants_both_included(history: Office) -> None:
    """Ten o'clock is in a range that ends or begins at ten."""
    assert listed(history, "2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z") == ["first=="]
    assert listed(history, "2026-03-02T10:00:00Z", "2026-03-02T11:00:00Z") == ["first=="]
    assert listed(history, "2026-03-02T10:00:01Z", "2026-03-02T11:00:00Z") == []


@pytest.mark.parametrize("from_", ["2026-03-02T12:00:00+02:00", "2026-03-02T12:00:00%2B02:00", "2026-03-02T05:00:00-05:00"])
def test_an_offset_counts(history: Office, from_: str) -> None:
    """Noon in Athens is ten UTC, with the `+` encoded or, by mistake, not."""
    answer = history.http.get(
        f"{MEETINGS}?type=past&from={from_}&to=2026-03-02T10:30:00Z", headers={"Authorization": f"Bearer {history.token()}"}
    )
    assert [m["uuid"] for m in answer.json()["meetings"]] == ["first=="]


def test_a_window_of_31_days_is_taken(history: Office) -> None:
    """2024-11-01 to 2024-12-01 is on the edge of a month, with either profile."""
    for office in (history, history.reopened(profile="zoom")):
        page = office.ask(MEETINGS, type="past", from_="2024-11-01", to="2024-12-01")
        assert (page["from"], page["to"]) == ("2024-11-01", "2024-12-01")


@pytest.mark.parametrize("path", DATED)
@pytest.mark.parametrize(("to", "from_"), [("2026-03-31", "2026-04-01"), ("2026-03-02T10:00:00Z", "2026-03-02T10:00:01Z")])
def test_to_before_from_is_a_mistake(history: Office, path: str, from_: str, to: str) -> None:
    """400, code 300, and the field is named."""
    answer = history.get(path, type="past", from_=from_, to=to)
    assert (answer.status_code, answer.json()["code"]) == (400, 300)
    assert [e["field"] for e in answer.json()["errors"]] == ["to"]


@pytest.mark.parametrize("path", DATED)
@pytest.mark.parametrize("missing", ["from", "to"])
def test_a_missing_date_is_named(history: Office, path: str, missing: str) -> None:
    """Both are required for the past."""
    dates = {"from": "2026-03-01", "to": "2026-03-31"}
    del dates[missing]
    answer = history.get(path, type="past", **dates)
    assert (answer.status_code, [e["field"] for e in answer.json()["errors"]]) == (400, [missing])


@pytest.mark.parametrize(
    "text", ["yesterday", "2026-13-01", "2026-02-30", "03/01/2026", "1772445600", "2026-03-01T25:00:00Z", "0000-01-01"]
)
def test_what_is_no_date_is_named(history: Office, text: str) -> None:
    """400, not a guess."""
    answer = history.get(MEETINGS, type="past", from_=text, to="2026-03-31")
    assert (answer.status_code, answer.json()["code"]) == (400, 300)
    assert [e["field"] for e in answer.json()["errors"]] == ["from"]


@pytest.mark.parametrize(("from_", "to"), [("0001-01-01", "9999-12-31"), ("1969-12-31", "2200-01-01")])
def test_dates_beyond_all_facts_are_taken(history: Office, from_: str, to: str) -> None:
    """`everything` is a fair wish: no fault of the store's."""
    assert "first==" in listed(history, from_, to)


@pytest.mark.parametrize("profile", ["open", "zoom"])
@pytest.mark.parametrize(
    ("from_", "to"), [("0001-01-01", "0001-01-15"), ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00")]
)
def test_the_ends_of_the_calendar_are_no_fault(history: Office, profile: str, from_: str, to: str) -> None:
    """An answer or a 400, not a 500."""
    answer = history.reopened(profile=profile).get(MEETINGS, type="past", from_=from_, to=to)
    assert answer.status_code in (200, 400), answer.text


def test_the_dates_of_the_live_list_do_not_matter(history: Office) -> None:
    """Given, left out, or long ago: what is live is live."""
    for dates in ({}, {"from": "2020-01-01", "to": "2020-01-02"}):
        assert [m["uuid"] for m in history.ask(MEETINGS, **dates)["meetings"]] == ["now=="]


@pytest.mark.parametrize(
    ("from_", "to", "echoed"),
    [
        ("2017-08-05", "2017-10-10", "2017-09-10"),
        ("2024-01-01", "2024-03-31", "2024-02-29"),
        ("2023-12-01", "2024-01-15", "2023-12-15"),
        ("2024-03-01", "2024-03-31", "2024-03-01"),
    ],
)
@pytest.mark.parametrize("path", DATED)
def test_the_profile_zoom_cuts_a_range_to_its_last_month(zoom: Office, path: str, from_: str, to: str, echoed: str) -> None:
    """Zoom's own example: 2017-08-05 to 2017-10-10 becomes 2017-09-10, and is echoed so."""
    page = zoom.ask(path, type="past", from_=from_, to=to)
    assert (page["from"], page["to"]) == (echoed, to)


def test_the_profile_zoom_lists_the_cut_range_only(history: Office, zoom: Office) -> None:
    """What is before the month is not there."""
    assert listed(history, "2026-01-01", "2026-03-15") == ["first==", "before-now==", "second=="]
    assert listed(zoom, "2026-01-01", "2026-04-05")[:1] == ["second=="]


@pytest.fixture(scope="module")
def zoom(history: Office) -> Office:
    """The same account, as strict as Zoom."""
    return history.reopened(profile="zoom")


def test_query_date_type_picks_the_end(office: Office) -> None:
    """`end_time` lists by when a meeting ended."""
    with office.http:
        told(office, held("overnight==", "2026-03-02T23:30:00Z", "2026-03-03T00:30:00Z"))
        asked = {"type": "past", "from": "2026-03-03", "to": "2026-03-03"}
        assert office.ask(MEETINGS, **asked)["total_records"] == 0
        assert office.ask(MEETINGS, **asked, query_date_type="end_time")["total_records"] == 1
