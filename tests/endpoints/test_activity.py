"""Logs: sign-ins, operations, what is to come, what happened in meetings, and all that was held."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from callboard.app import Parts
from callboard.endpoints.params import month_before
from tests.contract.helpers import account, held, now, told
from tests.endpoints.test_people import plan, user
from tests.helpers import Office

MARCH = {"from": "2026-03-01", "to": "2026-03-31"}
ACTIVITIES, OPERATIONS = "/v2/report/activities", "/v2/report/operationlogs"
UPCOMING, HAPPENED = "/v2/report/upcoming_events", "/v2/report/meeting_activities"
HISTORY = "/v2/report/history_meetings"
ENTRIES = {
    ACTIVITIES: "activity_logs",
    OPERATIONS: "operation_logs",
    UPCOMING: "upcoming_events",
    HAPPENED: "meeting_activity_logs",
    HISTORY: "history_meetings",
}
ASKED: dict[str, dict[str, Any]] = {
    ACTIVITIES: MARCH,
    OPERATIONS: MARCH,
    UPCOMING: {"from": "2098-03-01", "to": "2098-03-31"},
    HAPPENED: MARCH | {"activity_type": "All Activities"},
    HISTORY: MARCH,
}


def signed(user_id: str, at: str, way: str = "in") -> dict[str, Any]:
    """Someone signed in or out."""
    said = {"id": user_id, "client_type": "win", "date_time": at, "email": f"{user_id}@example.com", "version": "6.2.5"}
    return {"event": f"user.signed_{way}", "event_ts": 1772445600000, "payload": {"object": said}}


@pytest.fixture(scope="module")
def busy(parts: Parts) -> Iterator[Office]:
    """`ann`, who is in a group, and `ben` each host, plan and sign in; a meeting of three weeks apart, and a webinar."""
    with account(parts, "busy") as office:
        told(office, [user("ann", group_ids=["group-a"]), user("ben")])
        told(office, [user(f"user-{n}", at=1772445600000 + 1000 * n) for n in range(5)])
        for host in ("ann", "ben"):
            told(office, [signed(host, f"2026-03-0{day}T08:00:00Z") for day in (2, 3, 4)])
            told(
                office, [plan(84500000000 + n, host, start_time=f"2098-03-0{n}T10:00:00Z") for n in range(1, 4) if host == "ann"]
            )
            for day in ("02", "09", "30"):
                span = (f"2026-03-{day}T10:00:00Z", f"2026-03-{day}T10:30:00Z")
                told(office, held(f"{host}-{day}==", *span, host_id=host, id=f"8451203677{host == 'ann':d}"))
        told(
            office, held("web==", "2026-03-09T10:00:00Z", "2026-03-09T11:00:00Z", kind="webinar", host_id="ben", id="95500000001")
        )
        told(office, held("alone==", "2026-03-05T10:00:00Z", "2026-03-05T10:30:00Z", people=["ann"], id="84599900001"))
        told(office, held("now==", now(600)))
        yield office


@pytest.mark.parametrize("path", ASKED)
@pytest.mark.parametrize("size", [1, 2, 7])
def test_pages_joined_are_the_whole(busy: Office, path: str, size: int) -> None:
    """Each entry once and in order, whatever the size of a page."""
    whole = busy.ask(path, **ASKED[path], page_size=300)[ENTRIES[path]]
    page = busy.ask(path, **ASKED[path], page_size=size)
    seen = page[ENTRIES[path]]
    while page["next_page_token"]:
        page = busy.ask(path, next_page_token=page["next_page_token"])
        assert len(page[ENTRIES[path]]) <= size
        seen = seen + page[ENTRIES[path]]
    assert seen == whole
    assert len(whole) >= 3


@pytest.mark.parametrize("path", ASKED)
def test_pages_by_number_are_slices_of_the_whole(busy: Office, path: str) -> None:
    """For clients that keep no token."""
    whole = busy.ask(path, **ASKED[path], page_size=300)[ENTRIES[path]]
    assert busy.ask(path, **ASKED[path], page_size=2, page_number=2)[ENTRIES[path]] == whole[2:4]
    assert busy.ask(path, **ASKED[path], page_size=300, page_number=9)[ENTRIES[path]] == []


@pytest.mark.parametrize("path", [OPERATIONS, UPCOMING, HAPPENED, HISTORY])
def test_a_range_is_required(busy: Office, path: str) -> None:
    """400 without `from` or `to`."""
    asked = {name: value for name, value in ASKED[path].items() if name != "from"}
    assert busy.get(path, **asked).status_code == 400


def test_sign_ins_are_of_the_last_month_by_default(office: Office) -> None:
    """From a month before today to the end of today."""
    office.given([signed("ann", now(60)), signed("ann", now(40 * 86_400))])
    answer = office.ask(ACTIVITIES)
    assert len(answer["activity_logs"]) == 1
    today = datetime.now(UTC)
    assert (answer["from"][:10], answer["to"][:10]) == (f"{month_before(today):%Y-%m-%d}", f"{today:%Y-%m-%d}")


def test_with_one_end_the_other_follows(busy: Office) -> None:
    """`to` alone means the month before it."""
    answer = busy.ask(ACTIVITIES, to="2026-03-03")
    assert (answer["from"], answer["to"]) == ("2026-02-03T00:00:00Z", "2026-03-03T23:59:59Z")
    assert len(answer["activity_logs"]) == 4


def test_the_newest_sign_in_is_first(busy: Office) -> None:
    """As logs are read."""
    times = [entry["time"] for entry in busy.ask(ACTIVITIES, **MARCH)["activity_logs"]]
    assert times == sorted(times, reverse=True)


@pytest.fixture(scope="module")
def grouped(busy: Office) -> str:
    """A token of a caller who sees the people of `ann`'s group."""
    return busy.token(role="viewer", families=["reports"], groups=["group-a"])


def test_a_caller_with_groups_sees_their_people_only(busy: Office, grouped: str) -> None:
    """Who signed in, what is planned, what was held, and what happened in it."""
    found = {path: busy.get(path, grouped, **ASKED[path]).json()[ENTRIES[path]] for path in ASKED if path != OPERATIONS}
    assert {entry["email"] for entry in found[ACTIVITIES]} == {"ann@example.com"}
    assert {entry["host_id"] for entry in found[UPCOMING]} == {"ann"}
    assert [entry["meeting_uuid"] for entry in found[HISTORY]] == ["ann-02==", "ann-09==", "ann-30=="]
    planned = {"845 0000 0001", "845 0000 0002", "845 0000 0003"}
    assert {entry["meeting_number"] for entry in found[HAPPENED]} == {"845 1203 6771", *planned}


def test_operations_are_no_groups(busy: Office, grouped: str) -> None:
    """What administrators do can't be narrowed to a group: 403."""
    assert busy.get(OPERATIONS, grouped, **MARCH).status_code == 403


def test_another_group_holds_nothing(busy: Office, grouped: str) -> None:
    """A caller can narrow their groups, and never widen them."""
    for path in (UPCOMING, HISTORY):
        assert busy.get(path, grouped, **ASKED[path], group_id="group-b").json()[ENTRIES[path]] == []


@pytest.mark.parametrize(
    ("activity", "count"),
    [
        ("Meeting Started", 8),
        ("Meeting Ended", 8),
        ("User Join", 15),
        ("User Left", 15),
        ("In-Meeting Chat", 0),
        ("Remote Control", 0),
    ],
)
def test_one_kind_of_activity(busy: Office, activity: str, count: int) -> None:
    """Seven instances of two people and one of one. Nothing tells of remote control."""
    entries = busy.ask(HAPPENED, **MARCH, activity_type=activity, page_size=300)["meeting_activity_logs"]
    assert len(entries) == count
    assert {entry["activity_category"] for entry in entries} <= {activity}


def test_activities_of_one_meeting(busy: Office) -> None:
    """By its number, with spaces or without."""
    spaced, plain = (
        busy.ask(HAPPENED, **MARCH, activity_type="Meeting Started", meeting_number=number)["meeting_activity_logs"]
        for number in ("845 1203 6771", "84512036771")
    )
    assert spaced == plain
    assert len(plain) == 3


@pytest.mark.parametrize(
    ("path", "params"),
    [
        (HAPPENED, {"activity_type": "Meeting Moved"}),
        (HAPPENED, {}),
        (HAPPENED, {"activity_type": "User Join", "meeting_number": "twelve"}),
        (OPERATIONS, {"category_type": "meeting"}),
        (UPCOMING, {"type": "party"}),
        (HISTORY, {"meeting_feature": "telepathy"}),
        (HISTORY, {"report_type": "karaoke"}),
        (HISTORY, {"from": "2026-04-01"}),
    ],
)
def test_a_bad_parameter_is_named(busy: Office, path: str, params: dict[str, Any]) -> None:
    """400 with code 300, and the field."""
    answer = busy.get(path, **MARCH | params)
    assert (answer.status_code, answer.json()["code"]) == (400, 300)
    assert answer.json()["errors"][0]["field"] in ("activity_type", "meeting_number", "category_type", "type", *params, "to")


def uuids(office: Office, **params: Any) -> list[str]:
    return [entry["meeting_uuid"] for entry in office.ask(HISTORY, **MARCH | params)["history_meetings"]]


def test_history_is_both_kinds_by_time(busy: Office) -> None:
    """Quirk 8: those of one person are in no report; live ones are not past."""
    assert uuids(busy) == ["ann-02==", "ben-02==", "ann-09==", "ben-09==", "web==", "ann-30==", "ben-30=="]


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"meeting_type": "webinar"}, ["web=="]),
        ({"search_key": "955 0000 0001"}, ["web=="]),
        ({"search_key": "ann-30=="}, ["ann-30=="]),
        ({"search_key": "nowhere"}, []),
        ({"group_id": "group-a"}, ["ann-02==", "ann-09==", "ann-30=="]),
        ({"meeting_feature": "avatar"}, []),
        ({"report_type": "resource"}, []),
        ({"from": "2026-03-30", "date_type": "end_time"}, ["ann-30==", "ben-30=="]),
    ],
)
def test_history_may_be_narrowed(busy: Office, params: dict[str, str], found: list[str]) -> None:
    """By kind, words, group, what was used, and the time it ended. A feature that nothing tells of is in none."""
    assert uuids(busy, **params) == found


def test_history_agrees_with_the_report_of_meetings(busy: Office) -> None:
    """One figure, two doors."""
    for kind in ("meeting", "webinar"):
        reported = busy.ask(f"/v2/report/{kind}s", **MARCH)[f"{kind}s"]
        listed = busy.ask(HISTORY, **MARCH, meeting_type=kind)["history_meetings"]
        wanted = [(m["uuid"], m["duration"], m["total_minutes"], m["participants_count"]) for m in reported]
        assert [(m["meeting_uuid"], m["duration"], m["total_participant_minutes"], m["participants"]) for m in listed] == wanted


def test_history_follows_what_is_told(office: Office) -> None:
    """An answer that was remembered is forgotten once someone registers."""
    office.given(held("a==", "2026-03-02T10:00:00Z", "2026-03-02T10:30:00Z"))
    (before,) = office.ask(HISTORY, **MARCH)["history_meetings"]
    registrant = {"id": "r", "email": "teo@example.com", "status": "approved"}
    event = {"event": "meeting.registration_created", "event_ts": 1772442000000}
    office.given([event | {"payload": {"object": {"id": before["meeting_id"], "type": 8, "registrant": registrant}}}])
    (after,) = office.ask(HISTORY, **MARCH)["history_meetings"]
    assert (before["feature_used"]["registration"], after["feature_used"]["registration"]) == (False, True)


def test_a_month_at_most_with_the_strict_profile(busy: Office) -> None:
    """Quirk 4: a window that is too long is cut to its last month, and the echo says so."""
    strict = busy.reopened(profile="zoom")
    assert strict.ask(UPCOMING, from_="2097-01-01", to="2098-03-02")["from"] == "2098-02-02"


def test_what_is_planned_shows_until_it_begins(office: Office) -> None:
    """A range that holds today holds only what is still to come."""
    began, comes = plan(84500000001, start_time=now(600)), plan(84500000002, start_time=now(-600))
    office.given([began, comes])
    today = {"from": now()[:10], "to": now(-86_400)[:10]}
    assert [event["id"] for event in office.ask(UPCOMING, **today)["upcoming_events"]] == ["84500000002"]
