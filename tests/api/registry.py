"""The registry as requests that succeed."""

from __future__ import annotations

import re
from typing import Any, get_args
from urllib.parse import quote

from callboard.endpoints import ENDPOINTS, Endpoint
from tests.api.conftest import FROM_TO

NAMES = sorted(ENDPOINTS)


def kind(endpoint: Endpoint) -> str:
    return endpoint.kind or ("webinar" if "{webinarId:" in endpoint.path else "meeting")


def path(endpoint: Endpoint, place: str = "north") -> str:
    """The endpoint's path, about an instance, room or person of that place."""
    numbers = {"north": "84400000002", "south": "84400000003"}
    ids = {
        "meetingId": quote(f"{place}/{kind(endpoint)}==", safe=""),
        "number": numbers.get(place, "1"),
        "participantId": "101",
        "userId": f"host-{place}",
        "zoomroomId": f"room-{place}",
        "feedbackId": "46",
        "name": "department",
    }
    ids |= dict.fromkeys(("webinarId", "id"), ids["meetingId"])
    return re.sub(r"\{(\w+):\w+\}", lambda m: ids[m[1]], endpoint.url)


def params(endpoint: Endpoint) -> dict[str, Any]:
    """Parameters that it answers with 200."""
    fields = endpoint.params.model_fields
    dates = FROM_TO if "from_" in fields else {}
    past = "type" in fields and "past" in get_args(fields["type"].annotation)
    return dates | ({"type": "past"} if past else {}) | ({"activity_type": "All Activities"} if "activity_type" in fields else {})


INSTANCES = ("{meetingId:", "{webinarId:", "{id:", "{number:")


def by_id(endpoint: Endpoint) -> bool:
    """Whether it is about one instance of a meeting or webinar."""
    return any(place in endpoint.path for place in INSTANCES)


def of_one(endpoint: Endpoint) -> bool:
    """Whether it is not found where what it is about is not there: lists of feedback and of values are empty instead."""
    return "{" in endpoint.path and not any(place in endpoint.path for place in ("{feedbackId:", "{name:"))
