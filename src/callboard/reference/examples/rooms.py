"""Examples of events: zoom Rooms: alerts, check-ins, sensors, locations, and reservations."""

from __future__ import annotations

from typing import Any, Final

Body = dict[str, Any]

ROOM: Final[Body] = {"id": "room-1", "room_name": "Boardroom"}
IN_CALENDAR: Final[Body] = ROOM | {"calendar_name": "boardroom@example.com", "email": "boardroom@example.com"}
BOOKED: Final[Body] = IN_CALENDAR | {
    "event_id": "event-1",
    "change_key": "change-1",
    "resource_email": "boardroom@example.com",
    "calendar_id": "calendar-1",
    "calendar_type": "2",
    "api_type": "1",
}
OPERATOR: Final[Body] = {"_payload": {"operator": "admin@example.com", "operator_id": "admin-1"}}
PLACE: Final[Body] = OPERATOR | {"id": "floor-4", "name": "Floor 4", "parent_location_id": "building-1", "type": "floor"}
WORKSPACE: Final[Body] = OPERATOR | {"id": "desk-7", "workspace_name": "Desk 7"}
RESERVATION: Final[Body] = OPERATOR | {
    "id": "reservation-1",
    "workspace_id": "desk-7",
    "topic": "Focus day",
    "start_time": "2026-03-02T10:00:00Z",
    "end_time": "2026-03-02T11:00:00Z",
    "reserve_for": "mara@example.com",
}


def _alerts(issue: str, kind: int) -> Body:
    return IN_CALENDAR | {"issue": issue, "alert_type": 1, "component": 2, "alert_kind": kind}


def _sample(sensor: str, value: str) -> Body:
    return {"date_time": "2026-03-02T10:00:00Z", "sensor_type": sensor, "sensor_value": value}


ALERTS: Final = [_alerts("Room Controller disconnected", kind) for kind in (1, 2)]
SENSORS: Final = [_sample("REAL_TIME_PEOPLE_COUNT", "5"), _sample("AIR_QUALITY", "good")]

EXAMPLES: Final[dict[str, list[Body]]] = {
    **{f"zoomroom.{what}": ALERTS for what in ("alert", "delayed_alert")},
    **{f"zoomroom.{what}": [BOOKED] for what in ("checked_in", "checked_out")},
    **{f"zoomroom.{what}": [ROOM] for what in ("created", "updated", "deleted")},
    "zoomroom.sensor_data": [ROOM | {"device_id": "sensor-1", "sensor_data": SENSORS}],
    **{f"zoomroom.location_{what}": [PLACE] for what in ("created", "updated", "deleted")},
    **{f"workspace.{what}": [WORKSPACE] for what in ("created", "updated", "deleted")},
    "workspace.reservation_created": [RESERVATION | {"assignment_checkin": True}],
    **{f"workspace.reservation_{what}": [RESERVATION] for what in ("update", "updated", "checked_in", "checked_out", "deleted")},
}
