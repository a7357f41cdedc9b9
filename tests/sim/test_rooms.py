"""Rooms: where they are, who sits in them, what their sensors and alerts say."""

from collections import defaultdict
from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from callboard.sim import Organisation, founding_events
from callboard.sim.day import day_of
from callboard.sim.loaded import furnished
from callboard.sim.organisation import ROOM
from callboard.sim.places import SITES
from callboard.sim.presence import OFFICE_WIFI, whereabouts
from callboard.sim.quality import minutes_of
from callboard.sim.room_use import OFFLINE, bookings, faults
from callboard.sim.room_webhooks import alerted, booked, sensed

ORG = Organisation(people=200)
DAY = date(2026, 11, 18)
DAYS = [date(2026, 11, n) for n in range(9, 21)]


def hour(org: Organisation, room: int, at: float) -> float:
    """An instant by the clock of a room's site."""
    local = datetime.fromtimestamp(at, ZoneInfo(SITES[org.rooms[room].site].timezone))
    return local.hour + local.minute / 60


def test_rooms_are_the_same_again() -> None:
    """Rooms, their bookings and faults follow from the seed and the day."""
    other = Organisation(people=200)
    bookings.cache_clear()
    assert other.rooms == ORG.rooms
    first = bookings(ORG, DAY)
    bookings.cache_clear()
    day_of.cache_clear()
    assert bookings(other, DAY) == first
    assert faults(other, DAY) == faults(ORG, DAY)


@pytest.mark.parametrize("people", [1, 24, 500])
def test_there_are_rooms_where_people_are(people: int) -> None:
    """Each site with people has a room for every twenty of them, and none of them shares a name or address."""
    org = Organisation(people=people)
    sites = {p.site for p in org.staff}
    assert {room.site for room in org.rooms} == sites
    assert len(org.rooms) == sum(-(-sum(p.site == site for p in org.staff) // 20) for site in sites)
    assert len({r.user_id for r in org.rooms}) == len({r.email for r in org.rooms}) == len(org.rooms)


def test_places_are_a_tree() -> None:
    """Every room is on a floor of a building of a campus that was told of."""
    told = [body["payload"]["object"] for _, body in founding_events(ORG) if body["event"] == "zoomroom.location_created"]
    parents = {place["id"]: place["parent_location_id"] for place in told}
    for room in ORG.rooms:
        floor = room.location.location_id
        assert parents[parents[parents[floor]]] == ""


def test_rooms_are_furnished() -> None:
    """What is loaded of a room says how many it seats, and each has a computer and a controller."""
    rows = [(row.table, row.row) for row in furnished(ORG)]
    assert {row["room_id"] for table, row in rows if table == "rooms" and row["capacity"]} == {r.user_id for r in ORG.rooms}
    kits = defaultdict(set)
    for table, row in rows:
        if table == "room_devices":
            kits[row["room_id"]].add(row["type"])
    assert all({"Zoom Rooms Computer", "Controller"} <= kit for kit in kits.values())


def test_rooms_join_with_those_in_the_office() -> None:
    """A room is in a meeting only where two or more of its site's office are invited to sit there."""
    day = day_of(ORG, DAY)
    joins, at_office = day.joins, whereabouts(ORG, DAY) <= OFFICE_WIFI
    rows = np.flatnonzero(joins.device == ROOM)
    assert len(rows) > 10
    for row in rows:
        room = ORG.rooms[joins.person[row] - ORG.people]
        mates = {p for p in joins.person[joins.meeting == joins.meeting[row]].tolist() if 0 <= p < ORG.people}
        assert any(ORG.staff[p].site == room.site and at_office[p] for p in mates)


def test_a_room_is_in_one_meeting_at_a_time() -> None:
    """The joins of one room do not overlap."""
    for day in (day_of(ORG, d) for d in DAYS[:5]):
        joins = day.joins
        rows = np.flatnonzero((joins.device == ROOM) & (joins.join > 0))
        order = rows[np.lexsort((joins.join[rows], joins.person[rows]))]
        same = joins.person[order][1:] == joins.person[order][:-1]
        assert (joins.join[order][1:] >= joins.leave[order][:-1])[same].all()


def test_rooms_are_measured_as_people_are() -> None:
    """A room's joins have minutes of quality data, and feedback from nobody."""
    day = day_of(ORG, DAY)
    rows = np.flatnonzero((day.joins.device == ROOM) & (day.joins.join > 0))
    assert np.isin(rows, minutes_of(day).join).all()


def test_bookings_do_not_overlap() -> None:
    """A room is booked by one at a time, within a day's hours, and for its seats."""
    for day in DAYS:
        by_room = defaultdict(list)
        for booking in bookings(ORG, day):
            by_room[booking.room].append(booking)
            assert booking.people <= ORG.rooms[booking.room].capacity
            assert booking.made < booking.begin < booking.end
        for room in by_room.values():
            assert all(a.end <= b.begin for a, b in pairwise(room))


def test_some_never_come_and_some_keep_the_room() -> None:
    """There are no-shows, released and not, and rooms that are kept though the people left."""
    found = [booking for day in DAYS for booking in bookings(ORG, day)]
    unused = [b for b in found if not b.came]
    assert 0.02 < len(unused) / len(found) < 0.3
    assert {bool(b.released) for b in unused} == {True, False}
    assert any(b.came and b.out > b.went + 300 for b in found)
    assert all(b.out >= b.went >= b.came for b in found if b.came)


def test_bookings_are_told() -> None:
    """Each booking is told before it begins, at most three days before, and its check-in names it."""
    told = [saying.make() for saying in booked(ORG, DAY)]
    made = {b["payload"]["object"]["id"] for b in told if b["event"] == "workspace.reservation_created"}
    assert made == {b.id for b in bookings(ORG, DAY)}
    by_calendar = {b["payload"]["object"]["event_id"] for b in told if b["event"] == "zoomroom.checked_in"}
    assert by_calendar
    assert by_calendar < made
    assert all(0 < b.begin - b.made < 3 * 86_400 for b in bookings(ORG, DAY))


def test_sensors_speak_while_people_are_there() -> None:
    """Samples lie in the day's hours, come each quarter of an hour, and count no more people than there are seats."""
    seats = {room.user_id: room.capacity for room in ORG.rooms}
    number = {room.user_id: n for n, room in enumerate(ORG.rooms)}
    samples = [saying.make()["payload"]["object"] for saying in sensed(ORG, DAY)]
    assert len(samples) > 50
    for said in samples:
        values = {entry["sensor_type"]: float(entry["sensor_value"]) for entry in said["sensor_data"]}
        at = datetime.fromisoformat(said["sensor_data"][0]["date_time"]).timestamp()
        assert 7 <= hour(ORG, number[said["id"]], at) <= 20
        assert 0 <= values["REAL_TIME_PEOPLE_COUNT"] <= seats[said["id"]]
        assert 380 < values["CO2"] < 4000
        assert 18 < values["TEMPERATURE"] < 27


def test_faults_are_raised_and_mostly_cleared() -> None:
    """What is cleared was raised before, one issue at a time in a room; one room fails far more often than others."""
    count = defaultdict(int)
    for day in DAYS:
        raised = set()
        for saying in sorted(alerted(ORG, day)):
            said = saying.make()["payload"]["object"]
            key = (said["id"], said["issue"])
            if said["alert_kind"] == 1:
                assert key not in raised
                raised.add(key)
                count[said["id"]] += 1
            else:
                raised.remove(key)
        assert all(issue != OFFLINE for _, issue in raised)
    frail = next(room.user_id for room in ORG.rooms if room.frail)
    assert count[frail] > 3 * max(n for room, n in count.items() if room != frail)


def test_a_room_in_use_is_not_off_line() -> None:
    """No room goes off line while people are in it."""
    for day in DAYS:
        used = bookings(ORG, day)
        for fault in faults(ORG, day):
            inside = [b for b in used if b.room == fault.room and b.came and b.came < fault.cleared and b.out > fault.at]
            assert fault.issue != OFFLINE or not inside
