"""What Zoom tells of rooms: that they and their places were made, bookings, check-ins, sensors and alerts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache, partial
from typing import Any, Final

import numpy as np

from callboard.sim.agenda import iso
from callboard.sim.organisation import Organisation
from callboard.sim.premises import Room
from callboard.sim.room_use import Booking, Fault, bookings, faults
from callboard.sim.telling import Body, Saying, envelope, operator

BOOKED_BEFORE: Final = 3
"""Days before which no room is booked."""
SAMPLE_EVERY: Final = 15 * 60
OUTSIDE_PPM: Final = 430
RAISED, CLEARED = 1, 2


def founding(org: Organisation) -> Iterator[Body]:
    """The places and rooms, made at the organisation's beginning."""
    ms = int(org.began.timestamp() * 1000)
    admin = operator(org, 0)
    for place in org.locations:
        about = {"id": place.location_id, "name": place.name, "parent_location_id": place.parent_id, "type": place.type}
        yield envelope(org, "zoomroom.location_created", ms, about, **admin)
    for room in org.rooms:
        yield envelope(org, "zoomroom.created", ms, {"id": room.user_id, "room_name": room.name})


@lru_cache(maxsize=24)
def booked(org: Organisation, day: date) -> tuple[Saying, ...]:
    """What is said of a day's bookings."""
    return tuple(saying for booking in bookings(org, day) for saying in _of_booking(org, booking))


def _of_booking(org: Organisation, b: Booking) -> Iterator[Saying]:
    lag = b.begin * 7 % 900 + 50
    about = b.begin
    yield Saying(b.made * 1000 + lag, partial(_reservation, org, "created", b, b.made * 1000 + lag), about)
    for name, at in (("checked_in", b.came), ("checked_out", b.out), ("deleted", b.released)):
        if at:
            ms = at * 1000 + lag
            checks = name != "deleted" and org.rooms[b.room].by_calendar
            yield Saying(ms, partial(_checked if checks else _reservation, org, name, b, ms), about)


def _reservation(org: Organisation, name: str, b: Booking, ms: int) -> Body:
    about: Body = {
        "id": b.id,
        "workspace_id": org.rooms[b.room].user_id,
        "topic": b.topic,
        "start_time": iso(b.begin),
        "end_time": iso(b.end),
        "reserve_for": org.staff[b.person].email,
    }
    if name == "created":
        about["assignment_checkin"] = True
    return envelope(org, f"workspace.reservation_{name}", ms, about, **operator(org, b.person))


def _checked(org: Organisation, name: str, b: Booking, ms: int) -> Body:
    room = org.rooms[b.room]
    about = {
        **_named(room),
        "event_id": b.id,
        "change_key": b.id[:8],
        "resource_email": room.email,
        "calendar_id": room.email,
        "calendar_type": "google",
        "api_type": "0",
    }
    return envelope(org, f"zoomroom.{name}", ms, about)


def _named(room: Room) -> dict[str, Any]:
    return {"id": room.user_id, "room_name": room.name, "calendar_name": room.calendar_name, "email": room.email}


@lru_cache(maxsize=4)
def sensed(org: Organisation, day: date) -> tuple[Saying, ...]:
    """What the sensors say: every quarter of an hour while people are in a room, and once when they have gone."""
    rng = org.dice("sensors", day)
    return tuple(saying for booking in bookings(org, day) if booking.came for saying in _samples(org, booking, rng))


def _samples(org: Organisation, b: Booking, rng: np.random.Generator) -> Iterator[Saying]:
    seats = org.rooms[b.room].capacity
    warm, air = 21.2 + 1.2 * float(rng.random()), float(OUTSIDE_PPM + rng.integers(0, 90))
    moments = [*range(b.came + 60, b.went, SAMPLE_EVERY), b.went + 30]
    for at in moments:
        there = 0 if at > b.went else int(np.clip(b.people + rng.integers(-1, 2), 1, max(seats, 1)))
        air += (550 + 260 * there / seats * 4 - air) * 0.28 + float(rng.normal(0, 12))
        warm += 0.05 * there * (24.5 - warm) * 0.3
        figures = (("REAL_TIME_PEOPLE_COUNT", str(there)), ("CO2", f"{air:.0f}"), ("TEMPERATURE", f"{warm:.1f}"))
        ms = at * 1000 + 300
        yield Saying(ms, partial(_sample, org, b.room, at, figures, ms), b.begin)


def _sample(org: Organisation, room: int, at: int, figures: tuple[tuple[str, str], ...], ms: int) -> Body:
    it = org.rooms[room]
    data = [{"date_time": iso(at), "sensor_type": sensor, "sensor_value": value} for sensor, value in figures]
    about = {"id": it.user_id, "room_name": it.name, "device_id": f"sensor-{it.pc_name.lower()}", "sensor_data": data}
    return envelope(org, "zoomroom.sensor_data", ms, about)


@lru_cache(maxsize=4)
def alerted(org: Organisation, day: date) -> tuple[Saying, ...]:
    """What is said of a day's faults: raised, and cleared."""
    return tuple(saying for fault in faults(org, day) for saying in _of_fault(org, fault))


def _of_fault(org: Organisation, fault: Fault) -> Iterator[Saying]:
    for kind, at in ((RAISED, fault.at), (CLEARED, fault.cleared)):
        if at:
            ms = at * 1000 + 400
            yield Saying(ms, partial(_alert, org, fault, kind, ms))


def _alert(org: Organisation, fault: Fault, kind: int, ms: int) -> Body:
    about = {
        **_named(org.rooms[fault.room]),
        "issue": fault.issue,
        "alert_type": fault.alert_type,
        "component": fault.component,
        "alert_kind": kind,
    }
    return envelope(org, "zoomroom.alert", ms, about)
