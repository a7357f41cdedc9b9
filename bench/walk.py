"""Every endpoint of the registry as a request that shows it at its fullest, with ids that there are."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote

from callboard.endpoints import Endpoint
from callboard.endpoints.registry import Kind

Get = Callable[[str, dict[str, Any]], Any]
"""Asks a path with parameters: the JSON of the answer."""

EVER: Final = {"from": "2000-01-01", "to": "2100-01-01"}


def ids(get: Get, dates: dict[str, str] = EVER) -> dict[str, str]:
    """Ids of the account, by the names that paths give them: of the largest meeting and webinar, the busiest host, ..."""

    def first(path: str, key: str, **params: Any) -> dict[str, Any]:
        found: dict[str, Any] = max(get(path, params)[key], key=lambda entry: entry.get("participants", 0))
        return found

    meeting = _fullest(get, "meeting", dates)
    webinar = _fullest(get, "webinar", dates)
    joins = get(f"{_path('meeting', meeting)}/participants", {"type": "past", "page_size": 300})["participants"]
    feedback = first("/v2/metrics/client/feedback", "client_feedbacks", **dates)
    return {
        **dict.fromkeys(("meetingId", "id"), _once(meeting["uuid"])),
        "number": str(meeting["id"]),
        "webinarId": _once(webinar["uuid"]),
        "participantId": joins[0]["user_id"],
        "feedbackId": feedback["feedback_id"],
        "userId": first("/v2/report/users", "users", page_size=300, **dates)["id"],
        "zoomroomId": _room(get, dates),
        "name": "department",
    }


def _once(uuid: str) -> str:
    """A uuid as a path segment: a number would be the latest of its series, which may have had less."""
    return quote(uuid, safe="")


def _path(kind: Kind, instance: dict[str, Any]) -> str:
    return f"/v2/metrics/{kind}s/{_once(instance['uuid'])}"


def _fullest(get: Get, kind: Kind, dates: dict[str, str]) -> dict[str, Any]:
    """The past instance with the most participants of those in which something was shared and someone said what they thought."""
    past: list[dict[str, Any]] = get(f"/v2/metrics/{kind}s", {"type": "past", "page_size": 300, **dates})[f"{kind}s"]
    past.sort(key=lambda instance: -int(instance["participants"]))

    def full(instance: dict[str, Any]) -> bool:
        about = f"{_path(kind, instance)}/participants"
        return all(get(f"{about}/{part}", {"type": "past"})["participants"] for part in ("sharing", "satisfaction"))

    return next(filter(full, past), past[0])


def _room(get: Get, dates: dict[str, str]) -> str:
    """A room that had issues; failing that, any."""
    failing = get("/v2/metrics/issues/zoomrooms", dict(dates))["zoom_rooms"]
    return str((failing or get("/v2/metrics/zoomrooms", {"page_size": 1})["zoom_rooms"])[0]["id"])


def webinar_join(get: Get, found: dict[str, str]) -> str:
    """A join of the webinar: joins are known by numbers of their own in each instance."""
    path = f"/v2/metrics/webinars/{found['webinarId']}/participants"
    return str(get(path, {"type": "past"})["participants"][0]["user_id"])


def request(endpoint: Endpoint, found: dict[str, str], dates: dict[str, str] = EVER) -> tuple[str, dict[str, Any]]:
    """The endpoint's path and parameters."""
    fields = endpoint.params.model_fields
    params: dict[str, Any] = dict(dates) if "from_" in fields else {}
    if "type" in fields and "past" in str(fields["type"].annotation):
        params["type"] = "past"
    if "activity_type" in fields:
        params["activity_type"] = "All Activities"
    if endpoint.name == "search":
        params["q"] = "an"
    here = found | ({"participantId": found.get("webinarJoin", found["participantId"])} if endpoint.kind == "webinar" else {})
    return re.sub(r"\{(\w+):\w+\}", lambda m: here[m[1]], endpoint.url), params
