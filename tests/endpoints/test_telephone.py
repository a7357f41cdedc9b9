"""The telephone report: pages, which time is meant, and whose calls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from callboard.app import Parts
from tests.contract.helpers import account
from tests.helpers import Office

TELEPHONE = "/v2/report/telephone"
NIGHT = {"kind": "meeting", "uuid": "night==", "start_time": "2026-03-02T22:00:00Z", "end_time": "2026-03-03T02:00:00Z"}


def join(number: int, came: str, gone: str, **said: Any) -> dict[str, Any]:
    about = {"uuid": "night==", "user_id": str(number), "phone_number": f"+1555010{number}", "features": ["JOINED", "PSTN"]}
    return about | {"join_time": came, "leave_time": gone} | said


@pytest.fixture(scope="module")
def calls(parts: Parts) -> Iterator[Office]:
    """A meeting over midnight with three phone joins: before it, over it, and after it, by SIP."""
    with account(parts, "telephone") as office:
        office.load("meetings", [NIGHT | {"host_id": "mara", "number": 84512036771}])
        office.load("people", [{"user_id": "mara", "group_ids": ["sales"]}])
        office.load(
            "participants",
            [
                join(1, "2026-03-02T22:01:00Z", "2026-03-02T22:02:01Z"),
                join(2, "2026-03-02T23:50:00Z", "2026-03-03T00:10:00Z"),
                join(3, "2026-03-03T00:30:00Z", "2026-03-03T00:30:00Z", from_sip_uri="sip:3@example.com"),
            ],
        )
        yield office


def numbers(office: Office, **asked: Any) -> list[str]:
    found = office.ask(TELEPHONE, **({"from": "2026-03-03", "to": "2026-03-03"} | asked))
    return [call["phone_number"][-1] for call in found["telephony_usage"]]


@pytest.mark.parametrize(
    ("moment", "third", "second"),
    [
        ("", "3", "12"),
        ("start_time", "3", "12"),
        ("end_time", "23", "1"),
        ("meeting_start_time", "", "123"),
        ("meeting_end_time", "123", ""),
    ],
)
def test_the_range_is_about_the_time_asked_for(calls: Office, moment: str, third: str, second: str) -> None:
    """Calls of either day, by when they or their meeting began or ended."""
    assert numbers(calls, query_date_type=moment) == list(third)
    assert numbers(calls, query_date_type=moment, **{"from": "2026-03-02", "to": "2026-03-02"}) == list(second)


def test_durations_are_begun_minutes(calls: Office) -> None:
    """A minute and a second is two minutes; a call that ended as it began is none."""
    found = calls.ask(TELEPHONE, from_="2026-03-02", to="2026-03-03")["telephony_usage"]
    assert [call["duration"] for call in found] == [2, 20, 0]


@pytest.mark.parametrize(("type_", "there"), [("", "123"), ("1", ""), ("3", "3")])
def test_types_are_zooms(calls: Office, type_: str, there: str) -> None:
    """3 is audio that came by SIP; a phone join is neither toll-free nor a call-out."""
    assert numbers(calls, type=type_, **{"from": "2026-03-01"}) == list(there)


def test_another_type_is_a_mistake(calls: Office) -> None:
    """400, and the field is named."""
    answer = calls.get(TELEPHONE, from_="2026-03-02", to="2026-03-03", type="2")
    assert (answer.status_code, [e["field"] for e in answer.json()["errors"]]) == (400, ["type"])


def test_pages_make_the_whole(calls: Office) -> None:
    """By token and by `page_number`: the same calls, earliest first."""
    march = {"from": "2026-03-01", "to": "2026-03-31", "page_size": 2}
    first = calls.ask(TELEPHONE, **march)
    second = calls.ask(TELEPHONE, **march, next_page_token=first["next_page_token"])
    assert (first["page_count"], first["total_records"], second["next_page_token"]) == (2, 3, "")
    assert calls.ask(TELEPHONE, **march, page_number=2)["telephony_usage"] == second["telephony_usage"]
    assert [c["phone_number"][-1] for c in first["telephony_usage"] + second["telephony_usage"]] == ["1", "2", "3"]


@pytest.mark.parametrize(("group", "there"), [("sales", 3), ("legal", 0)])
def test_groups_narrow_to_their_hosts(calls: Office, group: str, there: int) -> None:
    """A caller of single groups sees calls of meetings that their people host."""
    answer = calls.get(TELEPHONE, calls.token(groups=[group]), from_="2026-03-02", to="2026-03-03")
    assert answer.json()["total_records"] == there


def test_a_range_of_a_hundred_years_is_taken(calls: Office) -> None:
    """Everything is a fair wish."""
    assert calls.ask(TELEPHONE, from_="0001-01-01", to="9999-12-31")["total_records"] == 3


@pytest.mark.parametrize(
    ("number", "came", "there"),
    [
        ("+4930555000", "10:00:00", 2),  # another number
        ("+493012340001", "10:00:30", 1),  # the same, as far as it is shown
        ("+493012340001", "10:20:00", 2),  # the same person called again
    ],
)
def test_a_call_covers_the_join_that_it_was(office: Office, number: str, came: str, there: int) -> None:
    """Numbers are shown in part: the rest, and the times, decide whether a call that was loaded is a phone join."""
    day = "2026-03-02T"
    office.load("meetings", [NIGHT | {"start_time": f"{day}10:00:00Z"}])
    office.load("participants", [join(1, f"{day}10:00:00Z", f"{day}10:10:00Z", phone_number="+4930***0001")])
    call = {"uuid": "night==", "phone_number": number, "start_time": f"{day}{came}Z", "end_time": f"{day}10:30:00Z"}
    office.load("calls", [call])
    assert office.ask(TELEPHONE, from_="2026-03-02", to="2026-03-02")["total_records"] == there


def test_a_call_of_an_unknown_meeting_is_reported(office: Office) -> None:
    """A call that was loaded stands there, though nobody told of its meeting."""
    office.load("calls", [{"start_time": "2026-03-02T10:00:00Z", "uuid": "gone==", "phone_number": "+15550100", "total": 0.5}])
    (call,) = office.ask(TELEPHONE, from_="2026-03-02", to="2026-03-02")["telephony_usage"]
    assert (call["uuid"], call["meeting_id"], call["host_id"], call["end_time"], call["total"]) == ("gone==", 0, "", "", 0.5)
