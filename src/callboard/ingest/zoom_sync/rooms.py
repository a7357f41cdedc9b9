"""Zoom Rooms: what they are, and what was wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from callboard.contract.rooms import IssueOfRoom, ListedRoom
from callboard.ingest.facts import Fact
from callboard.ingest.zoom_sync.asked import Asked
from callboard.ingest.zoom_sync.unwire import values
from callboard.ingest.zoom_webhook.event import as_dicts
from callboard.ingest.zoom_webhook.rooms import OFFLINE

STATES: Final = ("UnderConstruction",)
"""States that nothing else tells of; others follow from its issues and meetings."""


def rooms(asked: Asked, body: dict[str, Any]) -> Iterator[Fact]:
    """A page of Zoom Rooms."""
    for said in as_dicts(body.get("zoom_rooms")):
        found = values(ListedRoom, said)
        if not found.get("room_id"):
            continue
        unexplained = found.get("status") == "Offline" and OFFLINE not in found.get("issues", ())
        if found.get("status") not in STATES and not unexplained:
            found["status"] = "Available"
        yield asked.fact("rooms", found | {"deleted": 0})
        if "last_start_time" in found:
            cleared = {"at": found["last_start_time"], "issue": OFFLINE, "edge": "cleared"}
            yield asked.fact("room_issues", cleared, room_id=found["room_id"])


def issues(asked: Asked, body: dict[str, Any]) -> Iterator[Fact]:
    """A page of the issues that a room had.

    It tells when they were raised, and the room's state which are open: the others were cleared at some time between,
    and are kept as cleared when that was certain: a second before they were raised again, and now. Should a webhook know
    better, its earlier clearing counts.
    """
    still = asked.about.get("open") or ()
    for said in as_dicts(body.get("issue_details")):
        found = values(IssueOfRoom, said)
        at, issue = found.get("time"), found.get("issue")
        if at is None or not issue:
            continue
        edges = [(at, "raised"), (at - 1, "cleared")]
        online = issue == OFFLINE and (asked.about.get("online") or 0) >= at
        edges += [(int(asked.at), "cleared")] if issue not in still and not online else []
        for moment, edge in edges:
            yield asked.fact("room_issues", {"at": moment, "issue": issue, "edge": edge}, room_id=asked.id)
