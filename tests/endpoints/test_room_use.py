"""Use, health and bookings of rooms: what the cases cannot say."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callboard.app import Parts
from callboard.endpoints.room_bookings import overlap, union
from callboard.endpoints.room_stays import Calendar
from tests.contract.helpers import account, held, told
from tests.endpoints.test_rooms import alert, said
from tests.helpers import Office
from tests.ingest.events import BASE, DAY, Books, iso

USE, HEALTH, BOOKINGS = "/v1/rooms/utilisation", "/v1/rooms/health", "/v1/rooms/bookings"
MARCH = {"from": "2026-03-01", "to": "2026-03-31"}
HOUR = 3600


@pytest.fixture(scope="module")
def rooms(parts: Parts) -> Iterator[Office]:
    """Five rooms on two floors of a building; each was in one meeting of March 2, and is offline."""
    with account(parts, "room-use") as office:
        told(office, (said("created", id=f"room-{n}", room_name=f"Room {n}") for n in range(5)))
        told(office, held("met==", "2026-03-02T10:00:00Z", "2026-03-02T10:30:00Z", people=[f"room-{n}" for n in range(5)]))
        told(office, (alert(f"room-{n}", "Zoom room is offline", BASE) for n in range(5)))
        for floor in ("floor-1", "floor-2"):
            told(office, [said("location_created", id=floor, name=floor, parent_location_id="hq", type="floor")])
        office.load("rooms", ({"room_id": f"room-{n}", "location_id": "floor-1" if n < 2 else "floor-2"} for n in range(5)))
        yield office


@pytest.mark.parametrize("path", [USE, HEALTH, BOOKINGS])
def test_pages_joined_are_the_whole(rooms: Office, path: str) -> None:
    """By token, page after page."""
    found, token, pages = [], "", 0
    while token or not pages:
        page = rooms.ask(path, **MARCH, page_size=2, next_page_token=token)
        found, token, pages = [*found, *page["rooms"]], page["next_page_token"], pages + 1
    assert (pages, found) == (3, rooms.ask(path, **MARCH)["rooms"])


def test_each_page_tells_of_all_rooms_by_hour(rooms: Office) -> None:
    """The hours are the account's, not the page's: five rooms for half an hour."""
    page = rooms.ask(USE, **MARCH, page_size=2)
    assert (page["rooms_total"], [hour["used_minutes"] for hour in page["hours"]]) == (5, [150])


@pytest.mark.parametrize("path", [USE, HEALTH, BOOKINGS])
@pytest.mark.parametrize(("place", "count"), [("floor-1", 2), ("hq", 5), ("elsewhere", 0)])
def test_a_place_narrows_the_rooms(rooms: Office, path: str, place: str, count: int) -> None:
    """To those in it, and in the places in it."""
    assert rooms.ask(path, **MARCH, location_id=place)["total_records"] == count


@pytest.mark.parametrize("name", ["Mars/Olympus", "localtime", "../etc/passwd", "UTC+1"])
def test_an_unknown_time_zone_is_named(rooms: Office, name: str) -> None:
    """As a parameter that is wrong."""
    answer = rooms.get(USE, **MARCH, timezone=name)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "timezone")


@pytest.mark.parametrize(("path", "status"), [(USE, 403), (BOOKINGS, 403), (HEALTH, 200)])
def test_groups_forbid_what_is_made_of_everyones_meetings(rooms: Office, path: str, status: int) -> None:
    """A caller with assigned groups may read what is wrong with rooms, and not how they are used."""
    token = rooms.token(role="viewer", families=["zoomrooms"], groups=["g"])
    assert rooms.get(path, token=token, **MARCH).status_code == status


def test_a_room_admin_reads_it_all(rooms: Office) -> None:
    """These are rooms."""
    token = rooms.token(role="room-admin")
    assert [rooms.get(path, token=token, **MARCH).status_code for path in (USE, HEALTH, BOOKINGS)] == [200, 200, 200]


def test_an_issue_of_before_the_range_counts_from_its_beginning(rooms: Office) -> None:
    """Offline since 10:00: on the day after, all day; it went offline before that."""
    room = rooms.ask(HEALTH, **{"from": "2026-03-03", "to": "2026-03-03"})["rooms"][0]
    assert (room["offline_minutes"], room["times_offline"], room["share_online"], room["health"]) == (1440, 0, 0.0, "critical")


def test_of_a_range_that_goes_on_only_what_was_counts(parts: Parts) -> None:
    """An hour ago it went offline, in a range that began two hours ago and ends next week: half of it so far."""
    books = Books(parts, now=BASE + 2 * HOUR)
    books.tell([alert("room-1", "Zoom room is offline", BASE + HOUR)])
    room = books.ask("get_room_health", from_=iso(BASE), to=iso(BASE + 7 * DAY))["rooms"][0]
    assert (room["share_with_issue"], room["offline_minutes"]) == (0.5, 60)


@pytest.mark.parametrize(("path", "field"), [(USE, "meetings"), (BOOKINGS, "used_unbooked_minutes"), (HEALTH, "issues_raised")])
def test_what_is_remembered_changes_with_its_facts(office: Office, path: str, field: str) -> None:
    """The answer of a range of long ago is kept until something is told of it: a meeting, an issue."""
    office.given([said("created", id="room-1", room_name="One")])
    assert office.ask(path, **MARCH)["rooms"][0][field] == 0
    office.given([alert("room-1", "Issue", BASE), *held("late==", iso(BASE), iso(BASE + 60), people=["room-1"])])
    assert office.ask(path, **MARCH)["rooms"][0][field] == 1


def test_a_booking_that_goes_on_is_no_no_show(parts: Parts) -> None:
    """Someone may come still."""
    books = Books(parts, now=BASE + 60)
    times = {"start_time": iso(BASE), "end_time": iso(BASE + HOUR)}
    said_of = {"id": "b", "workspace_id": "w", **times}
    books.tell([{"event": "workspace.reservation_created", "event_ts": BASE * 1000, "payload": {"object": said_of}}])
    room = books.ask("get_room_bookings", from_=iso(BASE), to=iso(BASE + DAY))["rooms"][0]
    assert (room["bookings"], room["no_shows"]) == (1, 0)


def recount(stays: list[tuple[int, int]], begin: int, end: int, working: bool = False) -> int:
    """Minutes in which anyone was there, minute by minute; with `working`, those of Monday to Friday, 8 to 18 UTC."""
    minutes = {minute for came, went in stays for minute in range(came // 60, went // 60) if begin <= minute * 60 < end}
    return sum(1 for m in minutes if not working or ((m // 1440 + 3) % 7 < 5 and 8 <= m // 60 % 24 < 18))


@pytest.mark.parametrize("seed", [1, 2])
def test_use_equals_a_recount_minute_by_minute(parts: Parts, seed: int) -> None:
    """Of random meetings that overlap, of which some reach over the edges of the range."""
    dice = random.Random(seed)
    books = Books(parts)
    books.tell([said("created", id="room-1", room_name="One")])
    stays = []
    for n in range(40):
        came = BASE + 60 * dice.randrange(-600, 5 * 1440)
        stays.append((came, came + 60 * dice.randrange(1, 300)))
        books.tell(held(f"met-{n}-{seed}==", iso(came), iso(stays[-1][1]), people=["room-1"]))
    begin, end = BASE, BASE + 4 * DAY
    answer = books.ask("get_room_utilisation", from_=iso(begin), to=iso(end - 1))
    room, used = answer["rooms"][0], recount(stays, begin, end)
    assert room["used_minutes"] == used == sum(hour["used_minutes"] for hour in answer["hours"])
    share = recount(stays, begin, end, working=True) / answer["working_minutes"]
    assert room["share_of_working_hours"] == pytest.approx(share, abs=0.0001)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/New_York"])
@given(begin=st.integers(0, 60 * 24 * 4), length=st.integers(0, 20 * 24 * 4))
@settings(deadline=None, max_examples=40)
def test_working_time_equals_a_recount_by_quarter(zone: str, begin: int, length: int) -> None:
    """Around the days on which clocks are set, too: any quarter of an hour counts by its local time."""

    quarters = [datetime.fromtimestamp(BASE + 900 * (begin + n), ZoneInfo(zone)) for n in range(length)]
    calendar = Calendar(BASE + 900 * begin, BASE + 900 * (begin + length), zone)
    assert calendar.working_seconds == 900 * sum(1 for q in quarters if q.weekday() < 5 and 8 <= q.hour < 18)
    for weekday in range(1, 8):
        assert calendar.weekdays(weekday) == len({q.date() for q in quarters if q.isoweekday() == weekday})


stretches = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda s: (s[0], s[0] + s[1])), max_size=8)


@given(stretches, stretches)
def test_overlap_equals_a_recount(some: list[Any], others: list[Any]) -> None:
    """Of two unions, second by second."""

    def seconds(spans: list[Any]) -> set[int]:
        return {at for since, until in spans for at in range(since, until)}

    assert sum(until - since for since, until in union(some)) == len(seconds(some))
    assert overlap(union(some), union(others)) == len(seconds(some) & seconds(others))
