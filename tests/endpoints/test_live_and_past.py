"""Live and past: two lists, one default."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from callboard.app import Parts
from tests.contract.helpers import account, held, now, told
from tests.helpers import Office, instance

MEETINGS = "/v2/metrics/meetings"
MARCH = {"from": "2026-03-01", "to": "2026-03-31"}


def listed(office: Office, **params: Any) -> list[str]:
    return [m["uuid"] for m in office.ask(MEETINGS, **MARCH | params)["meetings"]]


def test_the_default_type_is_live(history: Office) -> None:
    """Without a type, only what runs."""
    assert listed(history) == listed(history, type="live") == ["now=="]


def test_past_lists_what_has_ended(history: Office) -> None:
    """In order of time, one-person meetings left out."""
    assert listed(history, type="past") == ["first==", "before-now==", "second=="]


def test_one_person_meetings_are_listed_under_past_one(history: Office) -> None:
    """And nowhere else."""
    assert listed(history, type="pastOne") == ["alone=="]


def test_one_person_meetings_are_not_reported(history: Office) -> None:
    """A report is about meetings of two or more."""
    report = history.ask("/v2/report/meetings", **MARCH)
    assert [m["uuid"] for m in report["meetings"]] == ["first==", "before-now==", "second=="]


@pytest.mark.parametrize("type_", ["past", "pastOne"])
def test_a_one_person_meeting_is_found_by_id(history: Office, type_: str) -> None:
    """By its id it is a past meeting like others."""
    assert history.ask(f"{MEETINGS}/alone==", type=type_)["participants"] == 1


def test_one_person_who_rejoins_is_still_one(office: Office) -> None:
    """Two joins, one person: `pastOne`."""
    joins = held("again==", "2026-03-05T10:00:00Z", "2026-03-05T10:30:00Z", people=["ann", "ann"])
    with office.http:
        told(office, joins)
        assert (listed(office, type="pastOne"), listed(office, type="past")) == (["again=="], [])
        assert office.ask(f"{MEETINGS}/again==", type="past")["participants"] == 2


def test_a_live_one_person_meeting_is_listed_live(office: Office) -> None:
    """`live` has them all."""
    with office.http:
        told(office, held("waiting==", now(300), people=["ann"]))
        assert listed(office) == ["waiting=="]


@pytest.mark.parametrize("tail", ["", "/participants", "/participants/qos", "/participants/sharing", "/participants/101/qos"])
def test_an_ended_meeting_asked_as_live_is_not_found(history: Office, tail: str) -> None:
    """404, code 3001, and the message says what to ask."""
    answer = history.get(f"{MEETINGS}/first=={tail}")
    assert (answer.status_code, answer.json()["code"]) == (404, 3001)
    assert "type=past" in answer.json()["message"]


@pytest.mark.parametrize("tail", ["", "/participants"])
def test_a_live_meeting_asked_as_past_is_not_found(history: Office, tail: str) -> None:
    """The reverse, in Zoom's words."""
    answer = history.get(f"{MEETINGS}/now=={tail}", type="past")
    assert (answer.status_code, answer.json()["code"]) == (404, 3001)
    assert answer.json()["message"].startswith("Meeting ID is invalid or not end.")


def test_a_live_meeting_has_no_end(history: Office) -> None:
    """`end_time` is empty and `duration` is so far."""
    live = history.ask(f"{MEETINGS}/now==")
    minutes, seconds = map(int, live["duration"].split(":"))
    started = datetime.fromisoformat(live["start_time"])
    assert live["end_time"] == ""
    assert timedelta() <= datetime.now(UTC) - started - timedelta(minutes=minutes, seconds=seconds) < timedelta(seconds=5)


def test_those_in_a_live_meeting_have_not_left(history: Office) -> None:
    """`leave_time` and `leave_reason` are empty, the status is `in_meeting`."""
    joins = history.ask(f"{MEETINGS}/now==/participants")["participants"]
    assert {(p["leave_time"], p["leave_reason"], p["status"]) for p in joins} == {("", "", "in_meeting")}


def test_a_summary_is_of_past_meetings_only(history: Office) -> None:
    """`qos_summary` takes no type: a live meeting has none yet."""
    assert history.get(f"{MEETINGS}/now==/participants/qos_summary").status_code == 404


def test_a_meeting_moves_from_live_to_past_when_it_ends(office: Office) -> None:
    """With its first answer after Zoom's event was acknowledged."""
    start, end = now(900), now(300)
    with office.http:
        told(office, held("moves==", start))
        assert listed(office) == ["moves=="]
        told(office, [instance("meeting.ended", "moves==", start, end_time=end)])
        assert listed(office) == []
        assert office.ask(f"{MEETINGS}/moves==", type="past")["duration"] == "10:00"


def test_a_meeting_that_nobody_ended_is_over_at_last(parts: Parts) -> None:
    """After 30 hours it is past: its end is unknown, and empty."""
    with account(parts, "never-ended") as office:
        told(office, held("lost==", "2026-03-06T10:00:00Z"))
        assert (listed(office), listed(office, type="past")) == ([], ["lost=="])
        assert office.ask(f"{MEETINGS}/lost==", type="past")["end_time"] == ""


def test_registrants_are_told_on_wish_and_of_the_past_only(parts: Parts) -> None:
    """`registrant_id` needs `include_fields`, and is never told while live."""
    with account(parts, "registrants") as office:
        for uuid, start, end in (("past==", "2026-03-06T10:00:00Z", "2026-03-06T10:30:00Z"), ("live==", now(60), "")):
            events = held(uuid, start, end)
            for event in events:
                event["payload"]["object"].get("participant", {})["registrant_id"] = "registrant-1"
            told(office, events)

        def ids(uuid: str, **params: str) -> set[str]:
            return {p["registrant_id"] for p in office.ask(f"{MEETINGS}/{uuid}/participants", **params)["participants"]}

        assert ids("past==", type="past") == {""}
        assert ids("past==", type="past", include_fields="registrant_id") == {"registrant-1"}
        assert ids("live==", include_fields="registrant_id") == {""}
