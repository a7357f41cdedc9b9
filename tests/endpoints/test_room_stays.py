"""When rooms were in meetings: against a plain recount, minute by minute, and what is remembered of it."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from callboard.api.memory import FactMemory
from callboard.app import Parts
from callboard.contract.access import Caller
from callboard.contract.paging import PageTokens
from callboard.endpoints.registry import Context
from callboard.endpoints.room_stays import HourTime, RoomTime, all_rooms, live_stays, stays, use
from tests.contract.helpers import account, told
from tests.endpoints.test_rooms import MARCH, said
from tests.helpers import Office

HOUR, DAY = 3600, 86_400
BEGIN = 1_761_264_000  # 2025-10-24, a Friday; in the night to Sunday clocks are set in Berlin
NOW = BEGIN + 3 * DAY + 12 * HOUR
LIVE_SINCE = NOW - 30 * HOUR
ROOMS = ("room-0", "room-1", "room-2")


class Span(NamedTuple):
    """When a room was in a meeting."""

    came: int
    went: int
    uuid: str
    room_id: str
    live: bool


def meeting(chance: random.Random, n: int) -> tuple[dict[str, Any], list[dict[str, Any]], Span]:
    """A meeting, the rows of a room's join, and when the room was in it."""
    how = chance.choice(("left", "left", "stayed", "goes on", "forgotten", "seen last"))
    first, last = (LIVE_SINCE, NOW - HOUR) if how == "goes on" else (BEGIN - 20 * HOUR, LIVE_SINCE - HOUR)
    begun = chance.randrange(first, last, 60)
    length = 60 * chance.choice((5, 45, 90, 7 * 60, 14 * 60))
    came = begun + chance.randrange(0, min(length, HOUR), 60)
    went = {
        "left": came + chance.randrange(0, 2 * length, 60),
        "stayed": begun + length,
        "goes on": NOW,
        "forgotten": came,
        "seen last": came + 60 * chance.randrange(90),
    }[how]
    instance = {"kind": "meeting", "uuid": f"m-{n}", "start_time": begun, "number": 84500000001, "host_id": "mara"}
    join: dict[str, Any] = {"uuid": f"m-{n}", "user_id": "1"}
    room_id = chance.choice(ROOMS)
    who = {"email": "Two@Example.com"} if room_id == "room-2" else {"participant_user_id": room_id, "email": f"{n}@example.com"}
    rows = [join | who | {"join_time": came}]
    if chance.random() < 0.5:  # who it is comes later
        rows = [join | {"join_time": came}, join | who]
    if how in ("left", "stayed"):
        instance["end_time"] = begun + length
    if how == "left":
        rows.append(join | {"leave_time": went})
    if how == "seen last":
        rows.append(join | {"first_minute": came, "last_minute": went})
    rows.append({"uuid": f"m-{n}", "user_id": "2", "participant_user_id": "mara", "email": "m@example.com", "join_time": begun})
    return instance, rows, Span(came, max(came, went), f"m-{n}", room_id, how == "goes on")


@pytest.fixture(scope="module", params=range(3))
def spans(parts: Parts, request: pytest.FixtureRequest) -> Iterator[tuple[Context, list[Span]]]:
    """A hundred random meetings: overlapping, over midnight, with joins that nobody heard end."""
    chance = random.Random(request.param)
    made = [meeting(chance, n) for n in range(100)]
    with account(parts, f"room-stays-{request.param}") as office:
        told(office, (said("created", id=room, room_name=room) for room in ROOMS[:2]))
        told(office, [said("created", id="room-2", room_name="Two", email="two@example.com")])
        office.load("meetings", [instance for instance, _, _ in made])
        office.load("participants", [row for _, rows, _ in made for row in rows])
        memory, tokens = FactMemory(10_000_000), PageTokens(lambda: ["key"], 900)
        context = Context(parts.store, Caller(office.account, "test"), NOW, parts.settings, tokens, memory)
        yield context, [span for _, _, span in made]


RANGES = [(BEGIN + 5 * HOUR + 600, NOW), (BEGIN, BEGIN + 3 * DAY), (BEGIN + DAY + 7, BEGIN + DAY + 15 * HOUR + 8)]


@pytest.mark.parametrize(("begin", "end"), RANGES)
def test_stays_equal_what_happened(spans: tuple[Context, list[Span]], begin: int, end: int) -> None:
    """Those of all rooms that touch a range, and those of one of them."""
    context, happened = spans
    rooms = all_rooms(context)
    here = sorted(span for span in happened if span.came < end and span.went > begin)
    assert stays(context, rooms, begin, end) == here
    assert stays(context, rooms[:1], begin, end) == [span for span in here if span.room_id == rooms[0].room_id]


def test_what_lasts_now_is_what_goes_on(spans: tuple[Context, list[Span]]) -> None:
    """Joins of live meetings that nobody left."""
    context, happened = spans
    assert live_stays(context, all_rooms(context)) == sorted(span for span in happened if span.live)


def recount(happened: list[Span], begin: int, end: int, zone: str) -> tuple[dict[str, RoomTime], list[HourTime]]:
    """The use of rooms, minute by minute; of those there, the first to come has the minute."""
    here = [s._replace(came=max(s.came, begin), went=min(s.went, end)) for s in happened if s.came < end and s.went > begin]
    first: dict[tuple[str, int], Span] = {}
    for span in sorted(here):
        for at in range(span.came, span.went):
            if at % 60 == 0 or at == span.came:
                first.setdefault((span.room_id, at // 60), span)
    hours: dict[tuple[int, int], list[tuple[str, str]]] = defaultdict(list)
    seconds: dict[tuple[int, int], int] = defaultdict(int)
    used, working = dict.fromkeys(ROOMS, 0), dict.fromkeys(ROOMS, 0)
    for (room, minute), span in first.items():
        local = datetime.fromtimestamp(minute * 60, ZoneInfo(zone))
        lasted = min(end, minute * 60 + 60) - max(begin, minute * 60)
        hours[local.isoweekday(), local.hour].append((room, span.uuid))
        seconds[local.isoweekday(), local.hour] += lasted
        used[room] += lasted
        working[room] += lasted if local.weekday() < 5 and 8 <= local.hour < 18 else 0
    rooms = {s.room_id: len({other.uuid for other in here if other.room_id == s.room_id}) for s in here}
    met = {hour: len({uuid for _, uuid in met}) for hour, met in hours.items()}
    by_hour = sorted(HourTime(*hour, met[hour], lasted) for hour, lasted in seconds.items())
    return {room: RoomTime(count, used[room], working[room]) for room, count in rooms.items()}, by_hour


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kathmandu"])
@pytest.mark.parametrize(("begin", "end"), RANGES)
def test_use_equals_a_recount(spans: tuple[Context, list[Span]], begin: int, end: int, zone: str) -> None:
    """By room and by hour of the week, over the night in which an hour comes twice."""
    context, happened = spans
    assert use(context, all_rooms(context), begin, end, zone) == recount(happened, begin, end, zone)


def test_use_of_none_is_none(spans: tuple[Context, list[Span]]) -> None:
    """A place may have no rooms."""
    assert use(spans[0], [], BEGIN, NOW) == ({}, [])


def test_a_room_that_gets_a_mail_address_gets_its_joins(office: Office) -> None:
    """Whose a join is follows from what is known of rooms now: what was remembered before counts no more."""
    office.given([said("created", id="room-9", room_name="Nine")])
    start, mail = "2026-03-02T10:00:00Z", "nine@example.com"
    office.load("meetings", [{"kind": "meeting", "uuid": "met==", "start_time": start, "end_time": "2026-03-02T11:00:00Z"}])
    office.load("participants", [{"uuid": "met==", "user_id": "1", "email": mail, "join_time": start}])
    asked = {"path": "/v2/metrics/zoomrooms", **MARCH}
    assert office.ask(**asked)["zoom_rooms"][0]["meetings_count"] == 0
    office.given([said("created", id="room-9", room_name="Nine", email=mail)])
    assert office.ask(**asked)["zoom_rooms"][0]["used_minutes"] == 60


def test_people_that_are_counted_later_change_what_is_remembered(office: Office) -> None:
    """Of the day that they are of; on other days what was counted stays."""
    office.given([said("created", id="room-9", room_name="Nine")])
    sample = {"room_id": "room-9", "sensor": "REAL_TIME_PEOPLE_COUNT", "device_id": "d"}
    path = "/v1/rooms/utilisation"
    office.load("room_samples", [sample | {"at": "2026-03-02T10:00:00Z", "value": 4}])
    assert office.ask(path, **MARCH)["rooms"][0]["peak_people"] == 4
    office.load("room_samples", [sample | {"at": f"2026-03-{day:02d}T10:00:00Z", "value": n} for day, n in ((2, 0), (3, 7))])
    room = office.ask(path, **MARCH)["rooms"][0]
    assert (room["peak_people"], room["mean_people"]) == (7, 5.5)


def test_a_range_that_cuts_a_day_counts_the_people_in_it(office: Office) -> None:
    """And no more."""
    office.given([said("created", id="room-9", room_name="Nine")])
    sample = {"room_id": "room-9", "sensor": "REAL_TIME_PEOPLE_COUNT", "device_id": "d"}
    office.load("room_samples", [sample | {"at": f"2026-03-02T{hour}:00:00Z", "value": hour} for hour in (10, 12)])
    page = office.ask("/v1/rooms/utilisation", from_="2026-03-01T11:00:00Z", to="2026-03-02T11:00:00Z")
    assert page["rooms"][0]["peak_people"] == 10


def test_a_day_on_which_nobody_was_there_counts_nobody(office: Office) -> None:
    """A counter that says 0 all day adds nothing to the mean of when someone was there."""
    office.given([said("created", id="room-9", room_name="Nine")])
    sample = {"room_id": "room-9", "sensor": "REAL_TIME_PEOPLE_COUNT", "device_id": "d"}
    office.load("room_samples", [sample | {"at": f"2026-03-{day:02d}T10:00:00Z", "value": n} for day, n in ((2, 0), (3, 4))])
    room = office.ask("/v1/rooms/utilisation", **MARCH)["rooms"][0]
    assert (room["peak_people"], room["mean_people"]) == (4, 4.0)
