"""Events of Zoom Rooms and workspaces: what they become."""

from __future__ import annotations

from typing import Any

import pytest

from callboard.ingest.zoom_webhook import NotUnderstood, parse

AT = 1772445600
ROOM = {"id": "room-1", "room_name": "Boardroom"}


def facts(event: str, object_: dict[str, Any], stamp: Any = AT * 1000, received_at: float = AT + 60) -> list[Any]:
    """The facts of one event, without those of the room itself."""
    body = {"event": event, "event_ts": stamp, "payload": {"account_id": "a", "object": object_}}
    return [(table, row) for table, row in parse(body, received_at).facts if table != "rooms"]


def issue(**said: Any) -> dict[str, Any]:
    """The row that an alert becomes."""
    ((_, row),) = facts("zoomroom.alert", ROOM | {"issue": "Zoom room is offline", "alert_kind": 1} | said)
    return dict(row)


@pytest.mark.parametrize(("kind", "edge"), [(1, "raised"), ("1", "raised"), (2, "cleared"), ("2", "cleared"), (None, "raised")])
def test_an_alert_is_raised_or_cleared(kind: Any, edge: str) -> None:
    """1 is raised, 2 is cleared, as number or text; an alert that does not say is raised."""
    assert issue(alert_kind=kind)["edge"] == edge


def test_an_alert_of_an_unknown_kind_is_left_out() -> None:
    """Nobody knows what it would say: the room is known all the same."""
    assert facts("zoomroom.alert", ROOM | {"issue": "Zoom room is offline", "alert_kind": 7}) == []


@pytest.mark.parametrize("kind", [1, 2])
def test_online_clears_offline(kind: int) -> None:
    """`Zoom room is online` is the end of `Zoom room is offline`, whatever its kind."""
    row = issue(issue="Zoom room is online", alert_kind=kind)
    assert (row["issue"], row["edge"]) == ("Zoom room is offline", "cleared")


def test_old_payloads_without_a_time_happened_when_they_came() -> None:
    """Payloads of before 2020 have no `event_ts`."""
    ((_, row),) = facts("zoomroom.alert", ROOM | {"issue": "Untrusted certificate is detected"}, stamp=None)
    assert row["at"] == AT + 60


def test_a_quoted_time_is_read() -> None:
    """`zoomroom.location_*` quote their `event_ts`."""
    ((_, row),) = facts("zoomroom.location_created", {"id": "floor-4", "name": "Floor 4"}, stamp=f"{AT}000")
    assert row["name"] == [float(AT), "Floor 4"]


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ("23.5", {"value": 23.5}),
        (5, {"value": 5.0}),
        (21.25, {"value": 21.25}),
        ("-4", {"value": -4.0}),
        ("good", {"text": "good"}),
        ("9" * 400, {"text": "9" * 400}),
        ("nan", {"text": "nan"}),
    ],
)
def test_a_sensor_says_a_number_or_a_word(said: Any, held: dict[str, Any]) -> None:
    """Numbers are held as such, anything else as it was said."""
    sample = {"date_time": "2026-03-02T10:00:00Z", "sensor_type": "CO2", "sensor_value": said}
    ((_, row),) = facts("zoomroom.sensor_data", ROOM | {"device_id": "d", "sensor_data": [sample]})
    assert {name: row[name] for name in ("value", "text") if name in row} == held


@pytest.mark.parametrize("left_out", ["date_time", "sensor_type", "sensor_value"])
def test_a_sample_without_a_part_is_left_out(left_out: str) -> None:
    """The others of the event are kept."""
    sample = {"date_time": "2026-03-02T10:00:00Z", "sensor_type": "CO2", "sensor_value": "700"}
    broken = {name: value for name, value in sample.items() if name != left_out}
    assert len(facts("zoomroom.sensor_data", ROOM | {"sensor_data": [broken, sample, "x"]})) == 1


def test_a_check_in_is_timed_by_its_event() -> None:
    """It says no time of its own."""
    assert facts("zoomroom.checked_in", ROOM | {"event_id": "e"}) == [
        ("bookings", {"account_id": "a", "room_id": "room-1", "booking_id": "e", "checked_in": AT})
    ]


@pytest.mark.parametrize("event", ["workspace.reservation_update", "workspace.reservation_updated"])
def test_both_names_of_a_changed_reservation_are_taken(event: str) -> None:
    """Zoom documents one, and its sample says the other."""
    ((_, row),) = facts(event, {"id": "r", "workspace_id": "w", "start_time": "2026-03-02T10:00:00Z"})
    assert row["start_time"] == [float(AT), AT]


@pytest.mark.parametrize(
    "event", ["zoomroom.alert", "zoomroom.sensor_data", "zoomroom.location_created", "workspace.reservation_created"]
)
def test_an_event_without_an_id_is_refused(event: str) -> None:
    """There is nothing to hold on to."""
    with pytest.raises(NotUnderstood):
        facts(event, {"issue": "Zoom room is offline"})


@pytest.mark.parametrize("event", ["zoomroom.digital_signage_app_started", "zoomroom.thirdparty_meeting_attempted"])
def test_what_no_figure_is_made_of_is_kept_raw(event: str) -> None:
    """It makes no facts."""
    assert facts(event, {"room_id": "room-1"}) == []
