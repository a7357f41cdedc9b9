"""What the contract's tests need of this family: what happens, what is loaded, and what is asked."""

from __future__ import annotations

from typing import Any

EVENTS: list[dict[str, Any]] = []
"""Webhooks that happen in the account."""

KINDS = ("meeting", "webinar")
WHO = {"name": "Teo Lindqvist", "email": "teo@example.com", "first_name": "Teo", "last_name": "Lindqvist"}
ANSWER = {
    "type": "host_answered_publicly",
    "content": "Next week.",
    "create_time": "2026-03-02T10:12:00Z",
    **{"user_id": "person-host", "name": "Ines Duarte", "email": "ines@example.com"},
}

ROWS: dict[str, list[dict[str, Any]]] = {
    "answers": [
        WHO
        | {"uuid": f"past/{kind}==", "form": form, "form_id": f"{form}-1", "form_name": "After it", "person": "teo@example.com"}
        | {"question_id": "q-1", "question": "Was it long?", "answer": "Yes", "at": "2026-03-02T10:11:00Z"}
        for kind in KINDS
        for form in ("poll", "survey")
    ],
    "questions": [
        {"uuid": f"past/{kind}==", "question_id": "ask-1", "at": "2026-03-02T10:10:00Z", "user_id": "person-teo"}
        | {"name": "Teo Lindqvist", "email": "teo@example.com", "question": "When?", "status": "answered", "answers": [ANSWER]}
        for kind in KINDS
    ],
}
"""Rows that are loaded, by table: what no webhook tells."""

REQUESTS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    f"report_{kind}_{form}": [(f"/v2/report/{kind}s/past%2F{kind}%3D%3D/{form}", {})]
    for kind in KINDS
    for form in ("polls", "qa", "survey")
}
"""By endpoint: paths and parameters that together show all that it can say."""

ADDED: dict[str, set[str]] = {}
"""By endpoint: fields that we send and Zoom does not document."""

UNTOLD: dict[str, set[str]] = {}
"""By endpoint: fields that stay empty, for nothing tells of them."""
