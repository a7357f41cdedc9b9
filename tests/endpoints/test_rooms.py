"""Zoom Rooms: lists by page, ranges, roles, ids, and top 25s that equal a recount."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from callboard.app import Parts
from tests.contract.helpers import account, held, now, told
from tests.helpers import Office
from tests.ingest.events import BASE, DAY, Books, iso

ROOMS, ISSUES = "/v2/metrics/zoomrooms", "/v2/metrics/issues/zoomrooms"
MARCH = {"from": "2026-03-01", "to": "2026-03-31"}


def said(event: str, at: int = BASE, **object_: Any) -> dict[str, Any]:
    """An event about a room, at a Unix time."""
    return {"event": f"zoomroom.{event}", "event_ts": at * 1000, "payload": {"object": object_}}


def alert(room: str, issue: str, at: int, kind: int = 1) -> dict[str, Any]:
    """An issue is raised (1) or cleared (2)."""
    return said("alert", at, id=room, room_name=room.replace("-", " ").title(), issue=issue, alert_kind=kind)


@pytest.fixture(scope="module")
def rooms(parts: Parts) -> Iterator[Office]:
    """Seven rooms; the first was in five meetings of two hosts, and had seven issues."""
    with account(parts, "rooms") as office:
        told(office, (said("created", id=f"room-{n}", room_name=f"Room {n}") for n in range(7)))
        for n in range(5):
            about = {"host_id": "ann" if n < 3 else "ben", "people": ["ann", "room-0"]}
            told(office, held(f"met-{n}==", f"2026-03-0{n + 2}T10:00:00Z", f"2026-03-0{n + 2}T10:30:00Z", **about))
        told(office, (alert("room-0", f"Issue {n}", BASE + n * 60) for n in range(7)))
        told(office, [{"event": "user.updated", "payload": {"object": {"id": "ann", "group_ids": ["g"]}}}])
        yield office


@pytest.mark.parametrize(("path", "rows"), [(ROOMS, "zoom_rooms"), (f"{ISSUES}/room-0", "issue_details")])
def test_pages_joined_are_the_whole(rooms: Office, path: str, rows: str) -> None:
    """By token, page after page."""
    found, token, pages = [], "", 0
    while token or not pages:
        page = rooms.ask(path, **MARCH, page_size=3, next_page_token=token)
        found, token, pages = [*found, *page[rows]], page["next_page_token"], pages + 1
    assert (pages, found) == (3, rooms.ask(path, **MARCH)[rows])
    assert page["total_records"] == len(found) == 7


def test_page_number_and_token_are_both_taken(rooms: Office) -> None:
    """`page_number` survives at Zoom on this list; it is echoed, with a token too."""
    first = rooms.ask(ROOMS, page_size=3)
    by_token = rooms.ask(ROOMS, page_size=3, next_page_token=first["next_page_token"])
    by_number = rooms.ask(ROOMS, page_size=3, page_number=2)
    assert by_token["zoom_rooms"] == by_number["zoom_rooms"]
    assert (first["page_number"], by_token["page_number"], by_number["page_number"]) == (1, 2, 2)


def test_past_meetings_have_pages_of_their_own(rooms: Office) -> None:
    """The token of the nested list pages it; the room is told each time."""
    first = rooms.ask(f"{ROOMS}/room-0", **MARCH, page_size=3)
    past = first["past_meetings"]
    second = rooms.ask(f"{ROOMS}/room-0", **MARCH, page_size=3, next_page_token=past["next_page_token"])
    found = [m["uuid"] for m in (*past["meetings"], *second["past_meetings"]["meetings"])]
    assert found == [f"met-{n}==" for n in range(5)]
    assert (second["room_name"], second["past_meetings"]["next_page_token"]) == ("Room 0", "")


def test_a_literal_path_wins_over_an_id(rooms: Office) -> None:
    """`/metrics/zoomrooms/issues` is no room named `issues`."""
    assert "issues" in rooms.ask(f"{ROOMS}/issues", **MARCH)


def test_the_list_without_a_range_has_no_use(rooms: Office) -> None:
    """Zoom has no `from` and `to` here: without them the added figures are 0, and the range is empty."""
    page = rooms.ask(ROOMS)
    assert (page["from"], page["to"], page["zoom_rooms"][0]["meetings_count"]) == ("", "", 0)
    assert rooms.ask(ROOMS, **MARCH)["zoom_rooms"][0]["meetings_count"] == 5


@pytest.mark.parametrize("path", [f"{ROOMS}/room-0", f"{ROOMS}/issues", ISSUES, f"{ISSUES}/room-0"])
def test_a_range_is_required(rooms: Office, path: str) -> None:
    """As at Zoom."""
    assert rooms.get(path).json()["errors"][0]["field"] == "from"


@pytest.mark.parametrize("path", [f"{ROOMS}/nowhere", f"{ISSUES}/nowhere"])
def test_an_unknown_room_is_not_found(rooms: Office, path: str) -> None:
    """With Zoom's code."""
    answer = rooms.get(path, **MARCH)
    assert (answer.status_code, answer.json()["code"]) == (404, 3001)


def test_a_deleted_room_is_gone(office: Office) -> None:
    """It is neither listed nor found, and what is told of it late does not bring it back."""
    office.given([said("deleted", BASE + 60, id="room-0"), said("created", id="room-0", room_name="Old")])
    assert office.ask(ROOMS)["total_records"] == 0
    assert office.get(f"{ROOMS}/room-0", **MARCH).status_code == 404


def test_a_room_is_known_by_another_name_once_renamed(office: Office) -> None:
    """The name with the latest event time counts, whatever came last."""
    office.given([said("updated", BASE + 60, id="r", room_name="New"), said("created", id="r", room_name="Old")])
    assert [room["room_name"] for room in office.ask(ROOMS)["zoom_rooms"]] == ["New"]


def test_a_room_admin_reads_rooms(rooms: Office) -> None:
    """And a Dashboard Viewer without the family does not."""
    assert rooms.get(ROOMS, token=rooms.token(role="room-admin")).status_code == 200
    assert rooms.get(ROOMS, token=rooms.token(role="viewer", families=["meetings"])).status_code == 403


def test_groups_narrow_the_meetings_of_a_room(rooms: Office) -> None:
    """A caller with assigned groups sees what their people hosted: Ann's three of five."""
    token = rooms.token(role="viewer", families=["zoomrooms"], groups=["g"])
    assert rooms.get(f"{ROOMS}/room-0", token=token, **MARCH).json()["past_meetings"]["total_records"] == 3


def test_groups_forbid_the_use_of_rooms(rooms: Office) -> None:
    """It is made of everyone's meetings; which rooms there are may be read."""
    token = rooms.token(role="viewer", families=["zoomrooms"], groups=["g"])
    assert rooms.get(ROOMS, token=token, **MARCH).status_code == 403
    assert rooms.get(ROOMS, token=token).status_code == 200


def test_a_live_join_makes_the_room_in_meeting_until_it_leaves(office: Office) -> None:
    """It is in the meeting from joining to leaving, though the meeting goes on."""
    live = held("live==", now(600), people=["ann", "room-1"])
    office.given([said("created", id="room-1", room_name="One"), *live])
    assert office.ask(ROOMS)["zoom_rooms"][0]["status"] == "InMeeting"
    gone = live[-1]
    gone["event"] = "meeting.participant_left"
    gone["payload"]["object"]["participant"]["leave_time"] = now(60)
    office.given([gone])
    assert office.ask(ROOMS)["zoom_rooms"][0]["status"] == "Available"


def test_a_join_that_nobody_named_again_is_still_the_rooms(office: Office) -> None:
    """Of the rows of one join only some say who it is: all of them count."""
    office.given([said("created", id="room-1", room_name="One")])
    office.given(held("met==", "2026-03-02T10:00:00Z", "2026-03-02T10:40:00Z", people=["ann", "room-1"])[:-2])
    office.load("participants", [{"uuid": "met==", "user_id": "102", "leave_time": "2026-03-02T10:20:00Z"}])
    room = office.ask(ROOMS, **MARCH)["zoom_rooms"][0]
    assert (room["meetings_count"], room["used_minutes"]) == (1, 20)


def test_raised_and_cleared_within_a_second_is_over(office: Office) -> None:
    """It counts as an issue, and is open no more."""
    office.given([alert("r", "Issue", BASE, kind) for kind in (2, 1)])
    assert office.ask(ROOMS)["zoom_rooms"][0]["issues"] == []
    assert office.ask(f"{ISSUES}/r", **MARCH)["total_records"] == 1


def recount(edges: list[tuple[str, str, int, int]], begin: int, end: int) -> list[tuple[str, str]]:
    """Room and issue of each span that was raised in a range: the plain way."""
    found, open_ = [], set()
    for room, issue, at, kind in sorted(edges, key=lambda edge: edge[2]):
        if kind == 2:
            open_.discard((room, issue))
        elif (room, issue) not in open_:
            open_.add((room, issue))
            found += [(room, issue)] if begin <= at < end else []
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_top_25_equal_a_plain_recount(parts: Parts, seed: int) -> None:
    """Of random alerts, some told twice, told out of order: both lists are what counting them one by one gives."""
    dice = random.Random(seed)
    edges = [
        (
            f"room-{dice.randrange(40)}",
            f"Issue {int(dice.triangular(0, 40, 0))}",
            BASE - 5 * DAY + minute * 60,
            dice.choice((1, 1, 2)),
        )
        for minute in dice.sample(range(20 * 1440), 3000)
    ]
    events = [alert(*edge) for edge in edges]
    books = Books(parts)
    books.tell(dice.sample([*events, *events[:500]], len(events) + 500))
    span = {"from_": iso(BASE), "to": iso(BASE + 10 * DAY - 1)}
    counted = recount(edges, BASE, BASE + 10 * DAY)
    rooms_of: dict[str, set[str]] = defaultdict(set)
    for room, issue in counted:
        rooms_of[issue].add(room)
    issues = sorted(((-len(rooms), issue) for issue, rooms in rooms_of.items()))[:25]
    worst = sorted((-count, room) for room, count in Counter(room for room, _ in counted).items())[:25]
    top = books.ask("list_zoomroom_issues", **span)
    assert [(-i["zoom_rooms_count"], i["issue_name"]) for i in top["issues"]] == issues
    listed = books.ask("list_zoomrooms_with_issues", **span)
    assert [(-r["issues_count"], r["id"]) for r in listed["zoom_rooms"]] == worst
    assert (top["total_records"], listed["total_records"]) == (len(issues), 25)
