"""What events about planned meetings become."""

from __future__ import annotations

from typing import Any

import pytest

from callboard.ingest import zoom_webhook

AT = 1772445600000
WEEKS = [{"occurrence_id": f"week-{n}", "start_time": f"2098-03-0{n}T10:00:00Z", "duration": 30} for n in (1, 2)]
PLAN = {"id": 84512036771, "uuid": "plan==", "host_id": "host-1", "topic": "Weekly", "type": 8, "duration": 60}


def plans(event: str, object_: dict[str, Any], table: str = "plans", **beside: Any) -> list[dict[str, Any]]:
    """The rows of an event about a plan."""
    body = {"event": event, "event_ts": AT, "payload": {"account_id": "a", **beside, "object": object_}}
    return [row for name, row in zoom_webhook.parse(body, 0.0).facts if name == table]


def told(row: dict[str, Any]) -> dict[str, Any]:
    """A row without its key, and values that may change without their time."""
    key = ("account_id", "number", "occurrence_id", "kind")
    return {name: value[1] if isinstance(value, list) else value for name, value in row.items() if name not in key}


def occurrences(rows: list[dict[str, Any]]) -> list[str]:
    return [row["occurrence_id"] for row in rows]


def test_a_series_is_a_row_an_occurrence() -> None:
    """Each with its own start and length."""
    rows = plans("meeting.created", PLAN | {"occurrences": WEEKS})
    assert occurrences(rows) == ["week-1", "week-2"]
    assert told(rows[0])["minutes"] == 30
    assert told(rows[1])["start_time"] - told(rows[0])["start_time"] == 86_400


def test_a_single_meeting_is_one_row() -> None:
    """So is a series whose occurrences nobody told."""
    (row,) = plans("meeting.created", PLAN | {"start_time": "2098-03-01T10:00:00Z"})
    assert (row["occurrence_id"], told(row)["minutes"], row["created_at"]) == ("", 60, AT // 1000)


def test_an_update_says_only_what_it_tells() -> None:
    """A new title leaves the start as it was."""
    (row,) = plans("meeting.updated", {"id": 84512036771, "topic": "Monthly"})
    assert told(row) == {"topic": "Monthly"}


def test_an_update_of_one_occurrence_says_nothing_of_the_series() -> None:
    """`scope` says how far it reaches."""
    changed = {"id": 84512036771, "topic": "Special", "occurrences": WEEKS[:1]}
    assert occurrences(plans("meeting.updated", changed, scope="single")) == ["week-1"]
    assert occurrences(plans("meeting.updated", changed, scope="all")) == ["week-1", ""]


@pytest.mark.parametrize(
    ("operation", "listed", "deleted"),
    [("single", WEEKS[:1], ["week-1"]), ("all", [], [""]), ("all", WEEKS, ["week-1", "week-2", ""]), ("", [], [""])],
)
def test_what_is_deleted(operation: str, listed: list[dict[str, Any]], deleted: list[str]) -> None:
    """Single occurrences, or the whole of a series."""
    rows = plans("meeting.deleted", PLAN | {"occurrences": listed}, operation=operation)
    assert occurrences([row for row in rows if told(row)["deleted"] == 1]) == deleted


def test_a_plan_is_no_instance() -> None:
    """A planned start is not when it began: nothing is said of instances, by registrations neither."""
    about = PLAN | {"start_time": "2098-03-01T10:00:00Z", "registrant": {"id": "r"}}
    for event in ("meeting.created", "webinar.updated", "meeting.registration_created"):
        assert plans(event, about, "meetings") == []


@pytest.mark.parametrize(
    ("event", "status"),
    [("created", "pending"), ("approved", "approved"), ("cancelled", "cancelled"), ("denied", "denied")],
)
@pytest.mark.parametrize("kind", ["meeting", "webinar"])
def test_a_registration_and_what_became_of_it(kind: str, event: str, status: str) -> None:
    """One row a registration, whose status is what was said last."""
    who = {"id": "r", "email": "t@example.com", "status": "pending", "tracking_source": {"source_name": "Newsletter"}}
    (row,) = plans(
        f"{kind}.registration_{event}", PLAN | {"type": 5 if kind == "webinar" else 8, "registrant": who}, "registrants"
    )
    assert (row["number"], row["registrant_id"], row["kind"], row["source"]) == (84512036771, "r", kind, "Newsletter")
    assert told(row)["status"] == status
    assert ("registered_at" in row) == (event == "created")


def test_operations_are_of_webinars() -> None:
    """An administrator's log has no category for meetings."""
    assert plans("meeting.created", PLAN, "operations", operator="host") == []
    (row,) = plans("webinar.created", PLAN | {"type": 5}, "operations", operator="host")
    assert (row["category"], row["action"], row["detail"]) == ("webinar", "Add", "Added webinar Weekly.")


@pytest.mark.parametrize("number", ["845 1203 6771", "84512036771", 84512036771])
def test_numbers_come_as_texts_too(number: Any) -> None:
    """Ids may be strings or integers."""
    (row,) = plans("meeting.updated", {"id": number, "topic": "x"})
    assert row["number"] == 84512036771
