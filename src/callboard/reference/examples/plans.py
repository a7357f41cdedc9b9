"""Examples of events: planned meetings and webinars, and who registered for them."""

from __future__ import annotations

from typing import Any, Final

_BESIDE: Final = {"operator": "mara@example.com", "operator_id": "host-1"}
_PLAN: Final = {
    "uuid": "AAAAAAAAAAAAAAAAAAAAAA==",
    "id": 84512036771,
    "host_id": "host-1",
    "topic": "Weekly",
    "type": 8,
    "duration": 60,
    "timezone": "Europe/Berlin",
}
_OCCURRENCE: Final = {"occurrence_id": "1772445600000", "start_time": "2026-03-02T10:00:00Z"}
_SERIES: Final = {"occurrences": [_OCCURRENCE]}
_PERSON: Final = {"id": "registrant-1", "first_name": "Teo", "last_name": "Lindqvist", "email": "teo@example.com"}
_SOURCE: Final = {"tracking_source": {"id": "source-1", "source_name": "Newsletter", "tracking_url": "https://example.com/r"}}


def _of(kind: str) -> dict[str, list[dict[str, Any]]]:
    """The examples of one kind."""
    plan: dict[str, Any] = _PLAN | ({"type": 9} if kind == "webinar" else {})
    start = {"start_time": "2026-03-02T10:00:00Z"}
    person: dict[str, Any] = _PERSON | (_SOURCE if kind == "webinar" else {})
    new = plan | start | {"occurrences": [_OCCURRENCE | {"duration": 60, "status": "available"}]}
    changed = {"id": plan["id"], "topic": "Weekly, moved"} if kind == "meeting" else plan | start | {"topic": "Weekly, moved"}
    gone = plan if kind == "meeting" else plan | start | _SERIES
    registered = plan | start | {"registrant": person}
    return {
        "created": [new | {"_payload": _BESIDE}],
        "updated": [changed | {"_payload": _BESIDE | {"scope": "all"}}],
        "deleted": [gone | {"_payload": _BESIDE | {"operation": "all"}}],
        "permanently_deleted": [plan | start | _SERIES | {"_payload": _BESIDE | {"operation": "all"}}],
        "recovered": [plan | start | _SERIES | {"_payload": _BESIDE | {"operation": "all"}}],
        "registration_created": [plan | start | {"registrant": person | {"status": "approved"}}],
        **{f"registration_{what}": [registered | {"_payload": _BESIDE}] for what in ("approved", "cancelled", "denied")},
    }


EXAMPLES: Final[dict[str, list[dict[str, Any]]]] = {
    f"{kind}.{name}": objects for kind in ("meeting", "webinar") for name, objects in _of(kind).items()
}
