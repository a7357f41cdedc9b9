"""Which features meetings use: what the cases do not say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from callboard.app import Parts
from tests.contract.helpers import account, held, told
from tests.helpers import Office, instance

PATH = "/v1/usage/features"
FEBRUARY = {"from": "2026-02-01", "to": "2026-02-28"}


def counts(answer: dict[str, Any]) -> dict[str, int]:
    """The meetings, and those that used each feature that was used."""
    used = {feature["feature"]: feature["meetings"] for feature in answer["features"] if feature["meetings"]}
    return {"all": answer["meetings"]} | used


def added(parts_: list[dict[str, Any]]) -> dict[str, int]:
    """The counts of several added up."""
    sums: dict[str, int] = {}
    for part in parts_:
        for name, number in counts(part).items():
            sums[name] = sums.get(name, 0) + number
    return sums


def recorded(uuid: str, start: str, **said: Any) -> dict[str, Any]:
    """It was recorded."""
    return instance("recording.started", uuid, start=start, **said)


@pytest.fixture(scope="module")
def used(parts: Parts) -> Iterator[Office]:
    """A meeting a day for 28 days, by two hosts in turn; every third was recorded, every seventh is a webinar."""
    with account(parts, "used") as office:
        for day in range(1, 29):
            start, host = f"2026-02-{day:02d}T10:00:00Z", f"host-{day % 2}"
            kind = "webinar" if day % 7 == 0 else "meeting"
            told(office, held(f"d{day}==", start, f"2026-02-{day:02d}T11:00:00Z", kind=kind, host_id=host))
            if day % 3 == 0:
                told(office, [recorded(f"d{day}==", start, host_id=host, type=5 if kind == "webinar" else 8)])
        told(office, held("alone==", "2026-02-03T12:00:00Z", "2026-02-03T13:00:00Z", people=["ann"], host_id="host-0"))
        office.load("people", [{"user_id": "host-0", "dept": "Sales", "group_ids": ["group-a"]}])
        office.load("people", [{"user_id": "host-1", "dept": "Research", "group_ids": ["group-b"]}])
        yield office


def test_what_one_person_did_alone_does_not_count(used: Office) -> None:
    """28 meetings of two people, nine of them recorded."""
    assert counts(used.ask(PATH, **FEBRUARY)) == {"all": 28, "recording": 9}


@pytest.mark.parametrize(("by", "periods"), [("day", 28), ("week", 5), ("month", 1)])
def test_periods_and_departments_add_up_to_the_whole(used: Office, by: str, periods: int) -> None:
    """However long a period is. February 2026 begins on a Sunday: five weeks have a part of it."""
    answer = used.ask(PATH, by=by, **FEBRUARY)
    assert len(answer["periods"]) == periods
    assert added(answer["periods"]) == added(answer["departments"]) == counts(answer)


def test_kinds_add_up_to_both(used: Office) -> None:
    """Webinars are told apart from meetings on wish."""
    kinds = [used.ask(PATH, kind=kind, **FEBRUARY) for kind in ("meeting", "webinar")]
    assert [answer["meetings"] for answer in kinds] == [24, 4]
    assert added(kinds) == counts(used.ask(PATH, **FEBRUARY))


def test_a_range_that_cuts_a_day_counts_what_began_in_it(used: Office) -> None:
    """Instants are to the second."""
    asked = {"from": "2026-02-02T10:00:00Z", "to": "2026-02-04T09:59:59Z"}
    assert [period["begin"] for period in used.ask(PATH, **asked)["periods"]] == ["2026-02-02", "2026-02-03"]


def test_a_group_is_what_its_people_hosted(used: Office) -> None:
    """Whether a caller asks for it or was assigned it."""
    viewer = used.token(role="viewer", families=["meetings", "webinars"], groups=["group-a"])
    asked = [used.ask(PATH, group_id="group-a", **FEBRUARY), used.get(PATH, viewer, **FEBRUARY).json()]
    assert [[d["department"] for d in answer["departments"]] for answer in asked] == [["Sales"], ["Sales"]]
    assert used.get(PATH, viewer, group_id="group-b", **FEBRUARY).json()["meetings"] == 0


@pytest.mark.parametrize("params", [{"by": "year"}, {"kind": "call"}, {"from": "x"}, {"to": ""}])
def test_bad_parameters_are_refused(used: Office, params: dict[str, str]) -> None:
    """400, code 300."""
    answer = used.get(PATH, **FEBRUARY | params)
    assert (answer.status_code, answer.json()["code"]) == (400, 300)


def test_days_are_counted_again_when_something_is_said_of_them(office: Office) -> None:
    """A recording, a message, a registration, or that someone moved to another department: all show at once."""
    start = "2026-02-03T10:00:00Z"
    with office.http:
        told(office, held("m==", start, "2026-02-03T11:00:00Z", id="84500000777", host_id="host"))
        assert counts(office.ask(PATH, **FEBRUARY)) == {"all": 1}
        told(office, [recorded("m==", start, id="84500000777", host_id="host")])
        assert counts(office.ask(PATH, **FEBRUARY)) == {"all": 1, "recording": 1}
        office.load("meeting_messages", [{"uuid": "m==", "message_id": "1", "at": start}])
        assert counts(office.ask(PATH, **FEBRUARY)) == {"all": 1, "recording": 1, "chat": 1}
        office.load("registrants", [{"number": 84500000777, "registrant_id": "r"}])
        assert counts(office.ask(PATH, **FEBRUARY)) == {"all": 1, "recording": 1, "chat": 1, "registration": 1}
        for department in ("Sales", "Research"):
            office.load("people", [{"user_id": "host", "dept": department}])
            assert [d["department"] for d in office.ask(PATH, **FEBRUARY)["departments"]] == [department]


@pytest.mark.parametrize(
    ("table", "row", "feature"),
    [
        ("answers", {"form": "poll", "form_id": "p", "person": "ann", "question_id": "1"}, "polls"),
        ("answers", {"form": "survey", "form_id": "s", "person": "ann", "question_id": "1"}, "surveys"),
        ("questions", {"question_id": "q"}, "qa"),
        ("reactions", {"user_id": "101", "at": "2026-02-03T10:10:00Z", "reaction": "clap"}, "reactions"),
        ("reactions", {"user_id": "101", "at": "2026-02-03T10:10:00Z", "reaction": "hand"}, "raised_hands"),
        ("participants", {"user_id": "101", "features": ["VIDEO"]}, "video"),
        ("participants", {"user_id": "101", "features": ["ROOM"]}, "room_systems"),
        ("meetings", {"kind": "meeting", "start_time": "2026-02-03T10:00:00Z", "features": ["LIVE_STREAM"]}, "live_stream"),
    ],
)
def test_what_shows_that_a_feature_was_used(office: Office, table: str, row: dict[str, Any], feature: str) -> None:
    """A bit of the meeting or of a join, or what was sent in it."""
    with office.http:
        told(office, held("m==", "2026-02-03T10:00:00Z", "2026-02-03T11:00:00Z"))
        office.load(table, [{"uuid": "m=="} | row])
        assert counts(office.ask(PATH, **FEBRUARY)) == {"all": 1, feature: 1}
