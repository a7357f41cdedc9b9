"""What the contract's tests need of this family: what happens, what is loaded, and what is asked."""

from __future__ import annotations

from typing import Any

EVENTS: list[dict[str, Any]] = []
"""Webhooks that happen in the account."""

ROWS: dict[str, list[dict[str, Any]]] = {
    "people": [
        {
            "user_id": "person-host",
            "created_at": "2026-03-01T08:00:00Z",
            "custom_attributes": [{"key": "cost-centre", "name": "Cost centre", "value": "4711"}],
        }
    ],
    "plans": [
        {"number": number, "occurrence_id": "", "kind": "meeting", "start_time": "2026-03-02T10:00:00Z"}
        for number in (84500011122, 84512036771)
    ],
    "meeting_messages": [{"uuid": "past/meeting==", "message_id": "m-1", "at": "2026-03-02T10:06:00Z", "sender_name": "Ines"}],
    "participants": [{"uuid": "past/meeting==", "user_id": "1001", "waiting_from": "2026-03-02T09:59:00Z"}],
    "meetings": [
        {
            "uuid": f"past/{kind}==",
            "kind": kind,
            "start_time": "2026-03-02T10:00:00Z",
            "session_key": "session-7",
            "custom_keys": [{"key": "room", "value": "blue"}],
            "tracking_fields": [{"field": "project", "value": "north"}],
            "features": ["EXTRAS"],
        }
        for kind in ("meeting", "webinar")
    ],
}
"""Rows that are loaded, by table: what no webhook tells."""

MARCH = {"from": "2026-03-01", "to": "2026-03-31"}
PAST = "past%2F{kind}%3D%3D"
REQUESTS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "report_daily": [("/v2/report/daily", {"year": "2026", "month": "3"})],
    "report_users": [("/v2/report/users", MARCH | {"page_size": "1"}), ("/v2/report/users", MARCH | {"type": "inactive"})],
    "report_user_meetings": [
        ("/v2/report/users/person-host/meetings", MARCH | {"type": "pastJoined", "page_size": "1"}),
        ("/v2/report/users/ines@example.com/meetings", MARCH),
    ],
    **{
        f"report_{kind}{name}": [(f"/v2/report/{kind}s/{PAST.format(kind=kind)}{tail}", {"include_fields": "registrant_id"})]
        for kind in ("meeting", "webinar")
        for name, tail in (("", ""), ("_participants", "/participants"))
    },
}
"""By endpoint: paths and parameters that together show all that it can say."""

ADDED: dict[str, set[str]] = {f"report_{kind}": {"source"} for kind in ("meeting", "webinar")}
ADDED["report_user_meetings"] = {"meetings[].dept"}
"""By endpoint: fields that we send and Zoom does not document."""

UNTOLD: dict[str, set[str]] = {
    "report_user_meetings": {"meetings[].host_organization", "meetings[].meeting_encryption_status"},
    **{f"report_{kind}_participants": {"participants[].failover"} for kind in ("meeting", "webinar")},
}
"""By endpoint: fields that stay empty, for nothing tells of them."""
