"""What the contract's tests need of this family: what happens, what is loaded, and what is asked."""

from __future__ import annotations

from typing import Any

from callboard.endpoints.history import USED

PLAN = {"uuid": "plan==", "id": 84500011122, "host_id": "person-host", "topic": "Weekly", "type": 2, "duration": 60}
BESIDE = {"operator": "ines@example.com", "operator_id": "person-host", "operation": "all"}

EVENTS: list[dict[str, Any]] = [
    *(
        {
            "event": "meeting.created",
            "event_ts": 1772442000000,
            "payload": BESIDE | {"object": PLAN | {"id": number, "start_time": start, "timezone": "Europe/Lisbon"}},
        }
        for number, start in ((PLAN["id"], "2026-03-02T10:00:00Z"), (84512099001, "2098-03-02T10:00:00Z"))
    ),
    {
        "event": "user.signed_in",
        "event_ts": 1772442000000,
        "payload": {
            "object": {
                "id": "person-host",
                "client_type": "win",
                "date_time": "2026-03-02T08:00:00Z",
                "email": "ines@example.com",
                "version": "6.2.5",
                "login_type": "100",
            }
        },
    },
    {
        "event": "meeting.registration_created",
        "event_ts": 1772442000000,
        "payload": {"object": PLAN | {"registrant": {"id": "registrant-1", "email": "teo@example.com", "status": "approved"}}},
    },
]
"""Webhooks that happen in the account."""

ROWS: dict[str, list[dict[str, Any]]] = {
    "sign_ins": [{"at": "2026-03-02T08:00:00Z", "user_id": "person-host", "type": "Sign in", "ip_address": "192.0.2.41"}],
    "people": [{"user_id": "person-host", "custom_attributes": [{"key": "cost", "name": "Cost center", "value": "4410"}]}],
    "meetings": [
        {
            "uuid": "past/meeting==",
            "kind": "meeting",
            "start_time": "2026-03-02T10:00:00Z",
            "tracking_fields": [{"field": "project", "value": "north"}],
            "features": [
                *("REMOTE_CONTROL", "MANUAL_CAPTIONS", "AUTOMATED_CAPTIONS", "BREAKOUT", "CHAT", "POLL", "ROOM", "REACTION"),
                *("RAISE_HAND", "SUMMARY", "EXTRAS"),
            ],
        }
    ],
}
"""Rows that are loaded, by table: what no webhook tells."""

MARCH = {"from": "2026-03-01", "to": "2026-03-31"}
REQUESTS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "report_activities": [("/v2/report/activities", MARCH)],
    "report_operationlogs": [("/v2/report/operationlogs", {"from": "2024-11-01", "to": "2024-11-30"})],
    "report_upcoming_events": [("/v2/report/upcoming_events", {"from": "2098-01-01", "to": "2098-12-31"})],
    "report_meeting_activities": [
        ("/v2/report/meeting_activities", MARCH | {"activity_type": "All Activities", "page_size": 300})
    ],
    "report_history_meetings": [("/v2/report/history_meetings", MARCH)],
}
"""By endpoint: paths and parameters that together show all that it can say."""

ADDED: dict[str, set[str]] = {}
"""By endpoint: fields that we send and Zoom does not document."""

UNTOLD: dict[str, set[str]] = {
    "report_history_meetings": {f"history_meetings[].feature_used.{name}" for name, mask in USED.items() if not mask},
}
"""By endpoint: fields that stay empty, for nothing tells of them."""
