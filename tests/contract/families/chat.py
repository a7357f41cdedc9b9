"""What the contract's tests need of this family: what happens, what is loaded, and what is asked."""

from __future__ import annotations

from typing import Any

from callboard.reference.examples.chat import FILES

AT = {"date_time": "2026-03-02T10:00:00Z", "timestamp": 1772445600000}
SENT = AT | FILES | {"message": "Slides \U0001f389"}


def posted(event: str, **said: Any) -> dict[str, Any]:
    """The host posts a message with a file of each kind."""
    payload = {"operator": "ines@example.com", "operator_id": "person-host", "object": SENT | said}
    return {"event": f"team_chat.{event}_message_posted", "event_ts": 1772445600000, "payload": payload}


EVENTS: list[dict[str, Any]] = [
    posted("channel", message_id="m-1", channel_id="channel-1", channel_name="Weekly"),
    posted("dm", message_id="m-2", contact_id="person-host", contact_email="ines@example.com"),
]
"""Webhooks that happen in the account."""

ROWS: dict[str, list[dict[str, Any]]] = {
    "chat_days": [
        {"day": "2026-03-02", "user_id": "person-host", "calls_sent": 2, "calls_received": 1, "group_received": 3},
        {"day": "2026-03-03", "user_id": "person-1", "name": "Teo Lindqvist", "email": "teo@example.com", "total_sent": 5},
    ]
}
"""Rows that are loaded, by table: what no webhook tells."""

DAYS = {"from": "2024-11-01", "to": "2026-12-31"}

REQUESTS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "list_chat": [("/v2/metrics/chat", DAYS), ("/v2/metrics/chat", DAYS | {"page_size": 1})],
    "list_im": [("/v2/metrics/im", DAYS), ("/v2/metrics/im", DAYS | {"page_size": 1})],
}
"""By endpoint: paths and parameters that together show all that it can say."""

ADDED: dict[str, set[str]] = {}
"""By endpoint: fields that we send and Zoom does not document."""

UNTOLD: dict[str, set[str]] = {}
"""By endpoint: fields that stay empty, for nothing tells of them."""
