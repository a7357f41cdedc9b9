"""Zoom Rooms: alerts, check-ins, sensors, locations, and reservations."""

from __future__ import annotations

import re
from typing import Any, Final

from callboard.contract.units import read_number
from callboard.ingest.facts import Row, known, latest, seconds
from callboard.ingest.zoom_webhook.event import Event, Handler, as_dicts, text

OFFLINE: Final = "Zoom room is offline"
ONLINE: Final = "Zoom room is online"
RAISED, CLEARED = 1, 2
"""Zoom's numbers in `alert_kind`."""


def _room(event: Event, room_id: str) -> Row | None:
    """The row of a room, with what nearly every event says of it; None when the event does not say which room."""
    if not room_id:
        return None
    said = event.object
    row = event.add("rooms", room_id=room_id)
    latest(
        row,
        event.at,
        room_name=text(said.get("room_name")) or text(said.get("workspace_name")),
        calendar_name=text(said.get("calendar_name")),
        email=text(said.get("email")),
    )
    return row


def room(event: Event) -> None:
    """A room or workspace was made or changed."""
    row = _room(event, text(event.object.get("id")))
    if row is not None and event.name.endswith("created"):
        latest(row, event.at, deleted=0)


def room_deleted(event: Event) -> None:
    """A room or workspace was deleted."""
    row = _room(event, text(event.object.get("id")))
    if row is not None:
        latest(row, event.at, deleted=1)


def alert(event: Event) -> None:
    """An issue of a room was raised or cleared; the delayed alert tells again of one that lasts."""
    said, issue = event.object, text(event.object.get("issue"))
    row = _room(event, text(said.get("id")))
    kind = RAISED if said.get("alert_kind") is None else read_number(said.get("alert_kind"))
    if row is None or not issue or kind not in (RAISED, CLEARED):
        return
    cleared = kind == CLEARED or issue == ONLINE
    edge = event.add(
        "room_issues",
        room_id=row["room_id"],
        at=int(event.at),
        issue=OFFLINE if issue == ONLINE else issue,
        edge="cleared" if cleared else "raised",
    )
    known(edge, alert_type=read_number(said.get("alert_type"), most=255), component=read_number(said.get("component"), most=255))


def checked_in(event: Event) -> None:
    """Someone checked in to a room that the calendar has booked."""
    _check(event, "checked_in")


def checked_out(event: Event) -> None:
    """Someone checked out of a room that the calendar has booked."""
    _check(event, "checked_out")


def _check(event: Event, column: str) -> None:
    row, booking = _room(event, text(event.object.get("id"))), text(event.object.get("event_id"))
    if row is not None and booking:
        event.add("bookings", room_id=row["room_id"], booking_id=booking, **{column: int(event.at)})


_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?")


def _reading(said: Any) -> dict[str, Any]:
    """What a sensor said, as `value` where it is a number, else as `text`."""
    if isinstance(said, float) and abs(said) < 1e15:
        return {"value": said}
    words = text(said).strip()
    return {"value": float(words)} if _NUMBER.fullmatch(words) else {"text": words}


def sensor_data(event: Event) -> None:
    """Sensors of a room said something."""
    row = _room(event, text(event.object.get("id")))
    device = text(event.object.get("device_id"))
    for entry in as_dicts(event.object.get("sensor_data")) if row is not None else ():
        at, sensor, reading = seconds(entry.get("date_time")), text(entry.get("sensor_type")), _reading(entry.get("sensor_value"))
        if row is not None and at is not None and sensor and reading != {"text": ""}:
            event.add("room_samples", room_id=row["room_id"], at=at, sensor=sensor, device_id=device, **reading)


def location(event: Event) -> None:
    """A place that rooms are in was made, changed or deleted."""
    said = event.object
    place = text(said.get("id"))
    if not place:
        return
    row = event.add("locations", location_id=place)
    latest(
        row,
        event.at,
        name=text(said.get("name")),
        parent_id=text(said.get("parent_location_id")),
        type=text(said.get("type")),
        deleted={"location_created": 0, "location_deleted": 1}.get(event.name.partition(".")[2]),
    )


def reservation(event: Event) -> None:
    """A workspace was reserved, the reservation changed, or it was called off."""
    row = _reservation(event)
    if row is not None:
        known(row, booked_at=int(event.at))
        latest(row, event.at, deleted=1 if event.name.endswith("deleted") else None)


def reservation_checked_in(event: Event) -> None:
    """Someone checked in to a workspace that is reserved."""
    row = _reservation(event)
    if row is not None:
        known(row, checked_in=int(event.at))


def reservation_checked_out(event: Event) -> None:
    """Someone checked out of a workspace that is reserved."""
    row = _reservation(event)
    if row is not None:
        known(row, checked_out=int(event.at))


def _reservation(event: Event) -> Row | None:
    said = event.object
    room_row, booking = _room(event, text(said.get("workspace_id"))), text(said.get("id"))
    if room_row is None or not booking:
        return None
    row = event.add("bookings", room_id=room_row["room_id"], booking_id=booking)
    latest(
        row,
        event.at,
        topic=text(said.get("topic")),
        start_time=seconds(said.get("start_time")),
        end_time=seconds(said.get("end_time")),
        reserved_for=text(said.get("reserve_for")),
    )
    return row


EVENTS: Final[dict[str, Handler]] = {
    **dict.fromkeys(("zoomroom.created", "zoomroom.updated", "workspace.created", "workspace.updated"), room),
    **dict.fromkeys(("zoomroom.deleted", "workspace.deleted"), room_deleted),
    **dict.fromkeys(("zoomroom.alert", "zoomroom.delayed_alert"), alert),
    "zoomroom.checked_in": checked_in,
    "zoomroom.checked_out": checked_out,
    "zoomroom.sensor_data": sensor_data,
    **dict.fromkeys((f"zoomroom.location_{what}" for what in ("created", "updated", "deleted")), location),
    # Zoom documents `reservation_update` and sends `reservation_updated`.
    **dict.fromkeys((f"workspace.reservation_{what}" for what in ("created", "update", "updated", "deleted")), reservation),
    "workspace.reservation_checked_in": reservation_checked_in,
    "workspace.reservation_checked_out": reservation_checked_out,
}
