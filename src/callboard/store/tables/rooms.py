"""Zoom Rooms: what they are, what was wrong with them, what their sensors said, and who booked them."""

from __future__ import annotations

from typing import Final

from callboard.store.tables.columns import ACCOUNT, EARLIEST, GREATEST, KNOWN, LATER, LATEST, TIME, WORD, Column, K, Table

_ROOM: Final = Column("room_id", "String", K, "The room.")
_DELETED: Final = Column("deleted", "UInt8", LATEST, "1 when it was deleted.")

ROOMS: Final = Table(
    "rooms",
    "A Zoom Room, as last heard of.",
    family="places",
    time="",
    granularity=1024,
    columns=(
        ACCOUNT,
        _ROOM,
        Column("room_name", "String", LATEST, "Its name."),
        Column("calendar_name", "String", LATEST, "Its name in the calendar."),
        Column("email", "String", LATEST, "Its mail address in the calendar."),
        Column("account_type", WORD, LATEST, "Kind of calendar account."),
        Column("status", WORD, LATEST, "Status that a source gave; what is open and who is in it says more (see the endpoint)."),
        Column("location", "String", LATEST, "Where it is, in words."),
        Column("location_id", "String", LATEST, "Where it is: an entry of `locations`."),
        Column("capacity", "UInt16", LATEST, "People it has seats for."),
        Column("device_ip", "String", LATEST, "Address and system of its computer.", personal=True),
        Column("camera", WORD, LATEST, "Camera."),
        Column("microphone", WORD, LATEST, "Microphone."),
        Column("speaker", WORD, LATEST, "Speaker."),
        _DELETED,
    ),
)

ROOM_ISSUES: Final = Table(
    "room_issues",
    "An issue of a room was raised or cleared. Spans are paired when they are read.",
    family="rooms",
    time="at",
    granularity=1024,
    columns=(
        ACCOUNT,
        _ROOM,
        Column("at", TIME, K, "When."),
        Column("issue", WORD, K, "The issue, in Zoom's words."),
        Column("edge", "Enum8('cleared' = 0, 'raised' = 1)", K, "Raised or cleared."),
        Column("alert_type", "UInt8", KNOWN, "Zoom's number for the kind of alert."),
        Column("component", "UInt8", KNOWN, "Zoom's number for the part of the room."),
    ),
)

ROOM_SAMPLES: Final = Table(
    "room_samples",
    "What a sensor of a room said at an instant.",
    family="rooms",
    time="at",
    granularity=1024,
    columns=(
        ACCOUNT,
        _ROOM,
        Column("at", TIME, K, "When.", codec="DoubleDelta, ZSTD"),
        Column("sensor", WORD, K, "What it measures: `REAL_TIME_PEOPLE_COUNT`, `CO2`, `TEMPERATURE`, ..."),
        Column("device_id", WORD, K, "The sensor's device."),
        Column("value", "Float64", KNOWN, "The number it said.", codec="ZSTD"),
        Column("text", WORD, KNOWN, "What it said, where that is no number."),
    ),
)

ROOM_DEVICES: Final = Table(
    "room_devices",
    "A device of a room: computer, controller, camera, ... No webhook tells of them: loaded.",
    family="places",
    time="",
    granularity=1024,
    columns=(
        ACCOUNT,
        _ROOM,
        Column("device_id", "String", K, "The device."),
        Column("type", WORD, LATEST, "`Zoom Rooms Computer`, `Controller`, `Scheduling Display`, `Camera`, ..."),
        Column("name", WORD, LATEST, "Its name or model."),
        Column("version", WORD, LATEST, "Version of its software."),
        Column("system", WORD, LATEST, "Its system."),
        Column("status", WORD, LATEST, "`Online` or `Offline`."),
        _DELETED,
    ),
)

LOCATIONS: Final = Table(
    "locations",
    "A place that rooms are in: campus, building, floor, ...",
    family="places",
    time="",
    granularity=1024,
    columns=(
        ACCOUNT,
        Column("location_id", "String", K, "The place."),
        Column("name", "String", LATEST, "Its name."),
        Column("parent_id", "String", LATEST, "The place that it is in."),
        Column("type", WORD, LATEST, "`country`, `city`, `campus`, `building`, `floor`, ..."),
        _DELETED,
    ),
)

BOOKINGS: Final = Table(
    "bookings",
    "A room or workspace booked by someone for some time.",
    family="rooms",
    time="",
    born=f"coalesce(checked_out, checked_in, booked_at, {LATER})",
    granularity=1024,
    columns=(
        ACCOUNT,
        _ROOM,
        Column("booking_id", "String", K, "The reservation, or the calendar's event."),
        Column("topic", "String", LATEST, "What for."),
        Column("start_time", TIME, LATEST, "From when."),
        Column("end_time", TIME, LATEST, "Until when."),
        Column("reserved_for", "String", LATEST, "Who it is for.", personal=True),
        Column("booked_at", TIME, EARLIEST, "When it was first heard of."),
        Column("checked_in", TIME, EARLIEST, "When someone checked in."),
        Column("checked_out", TIME, GREATEST, "When someone checked out."),
        _DELETED,
    ),
)
