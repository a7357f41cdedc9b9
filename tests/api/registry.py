"""The registry as requests that succeed."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from callboard.endpoints import ENDPOINTS, Endpoint
from tests.api.conftest import FROM_TO

NAMES = sorted(ENDPOINTS)


def kind(endpoint: Endpoint) -> str:
    return endpoint.kind or "meeting"


def path(endpoint: Endpoint, place: str = "north") -> str:
    """The endpoint's path, about an instance of that place."""
    id_ = quote(f"{place}/{kind(endpoint)}==", safe="")
    for written in ("{meetingId:id}", "{webinarId:id}", "{id:id}", "{number:id}"):
        id_ = id_ if written != "{number:id}" else {"north": "84400000002", "south": "84400000003"}.get(place, "1")
        if written in endpoint.url:
            return endpoint.url.replace(written, id_).replace("{participantId:participant_id}", "101")
    return endpoint.url


def params(endpoint: Endpoint) -> dict[str, Any]:
    """Parameters that it answers with 200."""
    fields = endpoint.params.model_fields
    dates = FROM_TO if "from_" in fields else {}
    return dates | ({"type": "past"} if "type" in fields else {})


def by_id(endpoint: Endpoint) -> bool:
    return ":id}" in endpoint.path
