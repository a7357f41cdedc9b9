"""Reasons for thumbs down: told by reason and person, kept with the feedback of the join that gave it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from callboard.contract.experience import Complaint
from callboard.ingest.facts import Fact
from callboard.ingest.zoom_sync.asked import Asked
from callboard.ingest.zoom_sync.unwire import values
from callboard.ingest.zoom_webhook.event import as_dicts, text


class Said(NamedTuple):
    """One person chose one reason."""

    reason: str
    reason_name: str
    at: int
    number: str
    name: str
    email: str


class Given(NamedTuple):
    """A feedback that is kept: whose it is, and by what it can be recognised."""

    uuid: str
    participant_uuid: str
    at: int
    number: str
    name: str
    email: str


def complaints(reason: str, reason_name: str, body: dict[str, Any]) -> Iterator[Said]:
    """A page of those who chose a reason."""
    for said in as_dicts(body.get("client_feedback_details")):
        found = values(Complaint, said)
        if "at" in found:
            number = text(said.get("meeting_id")).replace(" ", "")
            yield Said(reason, reason_name, found["at"], number, found.get("name", ""), found.get("email", ""))


def with_reasons(asked: Asked, said: Iterable[Said], given: Iterable[Given]) -> Iterator[Fact]:
    """Feedbacks with all the reasons chosen in them; complaints that no feedback fits are left out."""
    at_once = defaultdict(list)
    for feedback in given:
        at_once[feedback.at].append(feedback)
    found: dict[tuple[str, str], list[Said]] = defaultdict(list)
    for complaint in said:
        fitting = [feedback for feedback in at_once[complaint.at] if _fits(feedback, complaint)]
        for feedback in fitting[:1]:
            found[feedback.uuid, feedback.participant_uuid].append(complaint)
    for (uuid, join), reasons in found.items():
        details = sorted({(one.reason, one.reason_name) for one in reasons})
        row = {"details": [list(detail) for detail in details], "name": reasons[0].name}
        yield asked.fact("feedback", {k: v for k, v in row.items() if v}, uuid=uuid, participant_uuid=join)


def _fits(given: Given, said: Said) -> bool:
    same = said.email == given.email if said.email or given.email else said.name == given.name or not given.name
    return same and given.number in (said.number, "", "0")
