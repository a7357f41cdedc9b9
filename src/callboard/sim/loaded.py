"""Rows that no webhook tells: what is known of rooms and what stands in them, forms, and what telephone calls cost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any, Final

import numpy as np

from callboard.sim import names
from callboard.sim.agenda import iso
from callboard.sim.day import day_of
from callboard.sim.details import details_of
from callboard.sim.forms import LoadedRow
from callboard.sim.organisation import PHONE, Organisation
from callboard.sim.places import SITES
from callboard.sim.premises import DEVICE, Room

CALL_TYPES: Final = ("toll-free", "call-in", "call-out", "global toll-number")
CALL_SHARES: Final = (0.35, 0.3, 0.2, 0.15)
RATES: Final = {"toll-free": 0.049, "call-in": 0.0, "call-out": 0.035, "global toll-number": 0.018}
BILLED: Final = 0.85
BILLED_AFTER: Final = 600
"""Seconds after a call when its costs are loaded."""
SYSTEMS: Final = ("Windows 11 IoT", "Zoom Rooms Appliance", "macOS 15")


def furnished(org: Organisation) -> Iterator[LoadedRow]:
    """The rooms and their devices, as known since the organisation began."""
    at = int(org.began.timestamp()) + 1
    for room in org.rooms:
        yield LoadedRow(at * 1000, "rooms", {"event_time": at, **_room(room)})
        for device in _devices(room):
            yield LoadedRow(at * 1000, "room_devices", {"event_time": at, "room_id": room.user_id, **device})


def _kit(models: dict[str, tuple[str, ...]], room: Room) -> str:
    return models[DEVICE][room.kit % len(models[DEVICE])]


def _room(room: Room) -> dict[str, Any]:
    controller = room.address.rpartition(".")[0] + ".201"
    return {
        "room_id": room.user_id,
        "room_name": room.name,
        "calendar_name": room.calendar_name,
        "email": room.email,
        "account_type": "Work Email",
        "location": room.place,
        "location_id": room.location.location_id,
        "capacity": room.capacity,
        "device_ip": f"Computer : {room.address}; Controller : {controller}",
        "camera": _kit(names.CAMERAS, room),
        "microphone": _kit(names.MICROPHONES, room),
        "speaker": _kit(names.SPEAKERS, room),
    }


def _devices(room: Room) -> Iterator[dict[str, Any]]:
    system = SYSTEMS[room.kit % len(SYSTEMS)]
    kit = [
        ("Zoom Rooms Computer", _kit(names.MODELS, room), system),
        ("Controller", "iPad 10.2", "iPadOS 18"),
        ("Camera", _kit(names.CAMERAS, room), ""),
        ("Microphone", _kit(names.MICROPHONES, room), ""),
        ("Speaker", _kit(names.SPEAKERS, room), ""),
        ("Sensor", f"sensor-{room.pc_name.lower()}", ""),
    ]
    if room.capacity >= 6:
        kit.append(("Scheduling Display", "iPad 10.2", "iPadOS 18"))
    for nth, (type_, name, runs) in enumerate(kit):
        lost = room.frail and type_ == "Sensor"  # nobody missed it yet
        version = "6.2.5.4521" if runs else ""
        device = {"device_id": f"{room.pc_name.lower()}-{nth}", "type": type_, "name": name, "version": version}
        yield device | {"system": runs, "status": "Offline" if lost else "Online"}


@lru_cache(maxsize=4)
def called(org: Organisation, date: date) -> tuple[LoadedRow, ...]:
    """What most of a day's telephone joins cost."""
    day, rng = day_of(org, date), org.dice("calls", date)
    joins, details = day.joins, details_of(day)
    found = []
    for j in np.flatnonzero((joins.device == PHONE) & (joins.join > 0) & (rng.random(len(joins)) < BILLED)).tolist():
        site = SITES[int(day.meetings.site[joins.meeting[j]])]
        kind = str(rng.choice(CALL_TYPES, p=CALL_SHARES))
        minutes = -(-int(joins.leave[j] - joins.join[j]) // 60)
        rate = RATES[kind]
        row = {
            "start_time": iso(int(joins.join[j])),
            "uuid": day.meetings.uuid[joins.meeting[j]],
            "phone_number": details.phone_number[j],
            "end_time": iso(int(joins.leave[j])),
            "type": kind,
            "call_in_number": "" if kind == "call-out" else f"{site.dial_code}5550100",
            "signaled_number": details.phone_number[j],
            "country_name": site.country,
            "rate": rate,
            "total": round(rate * minutes, 4),
        }
        start = int(day.meetings.start[joins.meeting[j]])
        found.append(LoadedRow((int(joins.leave[j]) + BILLED_AFTER) * 1000, "calls", row, start))
    return tuple(found)
