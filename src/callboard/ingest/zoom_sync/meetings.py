"""Meetings and webinars: from lists, reports and details to instances."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from callboard.contract.activity import HistoryMeeting
from callboard.contract.features import Feature
from callboard.contract.meetings import Meeting, ReportedMeeting, Webinar
from callboard.contract.people import PastMeeting, Planned
from callboard.contract.wire import Wire
from callboard.ingest.facts import Fact, Row
from callboard.ingest.zoom_sync.asked import Asked
from callboard.ingest.zoom_sync.unwire import values
from callboard.ingest.zoom_webhook.event import SOURCE, as_dicts, text

LISTED: Final[dict[str, type[Wire]]] = {"meeting": Meeting, "webinar": Webinar}
EXTRAS: Final = ("session_key", "custom_keys", "tracking_fields", "audio_score", "video_score", "as_score")


def _instance(asked: Asked, found: Row, kind: str) -> Iterator[Fact]:
    """The row of an instance; none where it is not said which, or when it began."""
    if not found.get("uuid") or found.get("start_time") is None:
        return
    if any(found.get(extra) for extra in EXTRAS):
        found["features"] = found.get("features", 0) | int(Feature.EXTRAS)
    host = found.get("host_id") or asked.person(found.get("host_email"))
    yield asked.fact("meetings", found | ({"host_id": host} if host else {}), kind=kind)


def listed(asked: Asked, body: dict[str, Any]) -> Iterator[Fact]:
    """A page of the list of live or past meetings or webinars."""
    for said in as_dicts(body.get(f"{asked.kind}s")):
        yield from _instance(asked, {"platform": SOURCE} | values(LISTED[asked.kind], said), asked.kind)


def reported(asked: Asked, body: dict[str, Any]) -> Iterator[Fact]:
    """A page of the report of past meetings or webinars."""
    for said in as_dicts(body.get(f"{asked.kind}s")):
        yield from _instance(asked, values(ReportedMeeting, said), asked.kind)


def held(asked: Asked, body: dict[str, Any]) -> Iterator[Fact]:
    """A page of the history of meetings and webinars: what was used in them."""
    for said in as_dicts(body.get("history_meetings")):
        found = values(HistoryMeeting, said)
        yield from _instance(asked, found, "webinar" if found.pop("type", "").lower() == "webinar" else "meeting")


def hosted(asked: Asked, body: dict[str, Any]) -> Iterator[Fact]:
    """A page of the instances that a user hosted."""
    for said in as_dicts(body.get(f"{asked.kind}s")):
        found = values(Planned, said)
        found["number"] = values(Meeting, {"id": said.get("id")}).get("number")
        found["scheduled_minutes"] = found.pop("duration", None)
        yield from _instance(asked, {k: v for k, v in found.items() if v is not None}, asked.kind)


def past(asked: Asked, body: dict[str, Any]) -> Iterator[Fact]:
    """One past meeting by its uuid. A host who is no user of the account any more is kept as one who was deleted."""
    found = values(PastMeeting, body)
    yield from _instance(asked, found, "meeting")
    host = text(body.get("host_id"))
    if host and host not in asked.people.values():
        gone = {"name": found.get("host_name"), "email": found.get("host_email"), "dept": found.get("dept"), "status": "deleted"}
        gone["user_type"] = asked.about.get("user_type")
        yield asked.fact("people", {k: v for k, v in gone.items() if v is not None}, user_id=host)
