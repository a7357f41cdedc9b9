"""What the contract's tests need of this family: what happens, what is loaded, and what is asked."""

from __future__ import annotations

from typing import Any

MARCH = {"from": "2026-03-01", "to": "2026-03-31"}
COMPLAINT = {
    "satisfied": False,
    "feedback_details": [{"id": "46", "name": "Poor audio quality"}, {"id": "47", "name": "Poor video quality"}],
    "comments": "It stuttered.",
}
GUEST = {"participant_uuid": "0000-GUEST", "participant_user_id": "person-host", "user_name": "Teo Lindqvist"}

EVENTS: list[dict[str, Any]] = [
    {"event": f"{kind}.participant_feedback", **rest}
    for kind in ("meeting", "webinar")
    for rest in [
        {
            "event_ts": 1772447000000,
            "payload": {
                "object": {"uuid": f"past/{kind}==", "id": "84500011122", "participant": GUEST | {"feedback": COMPLAINT}},
            },
        }
    ]
]
"""The guest of the rich instances complains."""

ROWS: dict[str, list[dict[str, Any]]] = {
    "participants": [
        {"uuid": f"past/{kind}==", "user_id": "1002", "participant_uuid": "0000-GUEST", "email": "teo@example.com"}
        for kind in ("meeting", "webinar")
    ]
}
"""Rows that are loaded, by table: what no webhook tells."""

REQUESTS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    **{
        f"list_{kind}_participants_satisfaction": [
            (f"/v2/metrics/{kind}s/past%2F{kind}%3D%3D/participants/satisfaction", {"type": "past"})
        ]
        for kind in ("meeting", "webinar")
    },
    "list_client_feedback": [("/v2/metrics/client/feedback", MARCH)],
    "get_client_feedback": [("/v2/metrics/client/feedback/46", MARCH)],
    "list_client_satisfaction": [("/v2/metrics/client/satisfaction", MARCH)],
    "get_quality": [("/v2/metrics/quality", MARCH | {"type": type_}) for type_ in ("meeting", "participants")],
}
"""By endpoint: paths and parameters that together show all that it can say."""

ADDED: dict[str, set[str]] = {}
"""By endpoint: fields that we send and Zoom does not document."""

BANDS = {f"quality.{medium}.{band}" for medium in ("audio", "video", "screen_share") for band in ("fair", "poor", "bad")}
UNTOLD: dict[str, set[str]] = {
    "get_quality": BANDS,
    "list_client_satisfaction": {"client_satisfaction[].good_count"},
}
"""By endpoint: fields that stay empty, for nothing tells of them: here, all is well in the sample."""
