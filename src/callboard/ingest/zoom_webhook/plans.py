"""Planned meetings and webinars, and who registered for them.

What is told of a series is a row without an occurrence, and each occurrence that is told of is a row of its own. That
a series was deleted, or planned anew, holds for the occurrences that were told of before: they are joined when they
are read (`endpoints.people.PLANNED`).
"""

from __future__ import annotations

from typing import Any, Final

from callboard.contract.units import read_number
from callboard.ingest.facts import Row, known, latest, seconds
from callboard.ingest.zoom_webhook.event import MOST, Event, Handler, as_dict, as_dicts, both, text
from callboard.ingest.zoom_webhook.people import operation

ONE: Final = "single"
"""The `operation` or `scope` of an event that is about the occurrences it lists, and not about the series."""
ALL: Final = "all"


def _number(event: Event) -> int | None:
    return read_number(text(event.object.get("id")).replace(" ", ""), most=MOST)


def _occurrences(event: Event) -> list[dict[str, Any]]:
    return [o for o in as_dicts(event.object.get("occurrences")) if text(o.get("occurrence_id"))]


def _row(event: Event, number: int, occurrence: dict[str, Any] | None = None) -> Row:
    """The row of the series or single meeting, or of one occurrence, with what the event says of it."""
    said, own = event.object, occurrence or {}
    row = event.add("plans", number=number, occurrence_id=text(own.get("occurrence_id")), kind=event.kind)
    known(row, host_id=text(said.get("host_id")))
    latest(
        row,
        event.at,
        uuid=text(said.get("uuid")),
        topic=text(said.get("topic")),
        type=read_number(said.get("type"), most=255),
        start_time=seconds((said if occurrence is None else own).get("start_time")),
        minutes=read_number(own.get("duration", said.get("duration")), most=2**32 - 1),
        timezone=text(said.get("timezone")),
    )
    return row


def _rows(event: Event, number: int, deleted: int) -> list[Row]:
    rows = [_row(event, number, occurrence) for occurrence in _occurrences(event)]
    for row in rows:
        latest(row, event.at, deleted=deleted)
    return rows


def created(event: Event) -> None:
    """A meeting was planned: a row, or one for each occurrence of a series."""
    number = _number(event)
    if number is None:
        return
    for row in _rows(event, number, 0) or [_row(event, number)]:
        row["created_at"] = int(event.at)
    _logged(event)


def updated(event: Event) -> None:
    """A planned meeting was changed: the event tells what is new, and nothing else."""
    number = _number(event)
    if number is None:
        return
    listed = _rows(event, number, 0)
    if not listed:
        _row(event, number)
    elif event.payload.get("scope") != ONE:
        series = _row(event, number)
        series.pop("start_time", None)  # its occurrences have starts of their own
        if as_dict(event.object.get("recurrence")):  # planned anew: occurrences told of before are no more
            latest(series, event.at, deleted=1)
    _logged(event)


def deleted(event: Event) -> None:
    """A planned meeting, or occurrences of a series, were deleted."""
    _deleted(event, 1)


def recovered(event: Event) -> None:
    """A deleted meeting was brought back."""
    _deleted(event, 0)


def _deleted(event: Event, deleted: int) -> None:
    number = _number(event)
    if number is None:
        return
    listed = _rows(event, number, deleted)
    # What comes back are the occurrences that are listed; what goes with a series are all that were ever told of.
    if not listed or (deleted and event.payload.get("operation") == ALL):
        latest(_row(event, number), event.at, deleted=deleted)
    _logged(event)


def _logged(event: Event) -> None:
    """Administrators' logs tell of webinars, and not of meetings."""
    if event.kind == "webinar":
        operation(event, "webinar", text(event.object.get("topic")))


REGISTRATION: Final = "registration_"
DECIDED: Final = ("approved", "cancelled", "denied")


def registered(event: Event) -> None:
    """Someone registered, or a registration was approved, cancelled or denied."""
    said, number = as_dict(event.object.get("registrant")), _number(event)
    registrant = text(said.get("id"))
    if number is None or not registrant:
        return
    row = event.add("registrants", number=number, registrant_id=registrant, kind=event.kind)
    known(
        row,
        email=text(said.get("email")),
        first_name=text(said.get("first_name")),
        last_name=text(said.get("last_name")),
        source=text(as_dict(said.get("tracking_source")).get("source_name")),
    )
    what = event.name.rpartition(REGISTRATION)[2]
    if what == "created":
        row["registered_at"] = int(event.at)
    latest(row, event.at, status=what if what in DECIDED else text(said.get("status")))


EVENTS: Final[dict[str, Handler]] = {
    name: handler
    for handler, names in (
        (created, both("created")),
        (updated, both("updated")),
        (deleted, both("deleted", "permanently_deleted")),
        (recovered, both("recovered")),
        (registered, both("registration_created", *(f"registration_{what}" for what in DECIDED))),
    )
    for name in names
}
