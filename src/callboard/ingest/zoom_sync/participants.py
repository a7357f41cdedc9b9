"""One instance: who joined it, their minutes and summaries, what they shared and what they said of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from callboard.contract.experience import Opinion
from callboard.contract.features import Feature
from callboard.contract.participants import (
    MeetingParticipant,
    MeetingParticipantQos,
    Share,
    SharingParticipant,
    WebinarParticipant,
    WebinarParticipantQos,
)
from callboard.contract.qos import QosSummary, SummaryParticipant, UserQosSample
from callboard.contract.reports import ReportedJoin
from callboard.contract.wire import Wire
from callboard.ingest.facts import Fact, Row, person_hash
from callboard.ingest.zoom_sync.asked import Asked, Joined
from callboard.ingest.zoom_sync.unwire import values
from callboard.ingest.zoom_webhook.event import as_dicts, text
from callboard.ingest.zoom_webhook.meetings import SHARES
from callboard.ingest.zoom_webhook.qos import DEVICE_FEATURES, LEGS, STREAM_FIELDS, tell_join

WAITS: Final = "in_waiting_room"
JOINS: Final[dict[str, type[Wire]]] = {"meeting": MeetingParticipant, "webinar": WebinarParticipant}
WITH_MINUTES: Final[dict[str, type[Wire]]] = {"meeting": MeetingParticipantQos, "webinar": WebinarParticipantQos}


REPORTED: Final = "reported"
"""What `about` holds when the report has told who of a webinar only waited."""


def joined(asked: Asked, body: dict[str, Any]) -> Iterator[Fact]:
    """A page of the joins of an instance."""
    known = bool(asked.about.get(REPORTED))
    yield from _joins(asked, [values(JOINS[asked.kind], said) for said in as_dicts(body.get("participants"))], known)


def reported(asked: Asked, body: dict[str, Any]) -> Iterator[Fact]:
    """A page of the report of joins, which tells of webinars, as their list does not, who was in the waiting room only."""
    yield from _joins(asked, [values(ReportedJoin, said) for said in as_dicts(body.get("participants"))], False)


def _joins(asked: Asked, joins: list[Row], known: bool) -> Iterator[Fact]:
    """Joins; `known` says that it is known already which of them were of the main meeting."""
    people = []
    for found in joins:
        if not found.get("user_id"):
            continue
        features = 0 if known else _place(found)
        call = found.get("audio_call")
        if call and call[0][0]:
            found["phone_number"] = call[0][0]
            features |= Feature.PSTN
        found["features"] = int(found.get("features", 0) | features | DEVICE_FEATURES.get(found.get("device", ""), 0))
        if known:  # of someone who only waited, they are others
            found = {name: value for name, value in found.items() if name not in ("join_time", "leave_time")}
        yield asked.fact("participants", found, uuid=asked.uuid)
        if features & Feature.JOINED:
            people.append(person_hash(found.get("participant_user_id") or found.get("email") or found.get("name", "")))
    if people:
        yield asked.instance({"first_person": min(people), "last_person": max(people)})


def _place(found: Row) -> int:
    """Where someone was, as a feature; the times of someone who only waited are put where they belong."""
    if found.pop("status", "") == WAITS:
        times = {"join_time": "waiting_from", "leave_time": "waiting_to"}
        found |= {times[name]: found.pop(name) for name in times if name in found}
        return Feature.WAITING_ROOM
    return Feature.BREAKOUT if found.get("bo_mtg_id") else Feature.JOINED


# Quality


def _places() -> dict[str, tuple[str, tuple[str, ...]]]:
    """By column of a sample: the leg that it is of, and the columns of `qos_minutes` that it fills."""
    made: dict[str, tuple[str, tuple[str, ...]]] = {}
    named = {stream: (stream, "cloud") for stream in STREAM_FIELDS} | LEGS
    for type_, (stream, leg) in named.items():
        for key, column, *_ in STREAM_FIELDS[stream]:
            made[f"{type_}_{key}"] = (leg, (column,))
        made[f"{type_}_resolution"] = (leg, (f"{stream}_width", f"{stream}_height"))
    return made


PLACES: Final = _places()
CLOUD: Final = "cloud"


def minutes(asked: Asked, body: dict[str, Any]) -> Iterator[Fact]:
    """A page of joins with their minutes."""
    for said in as_dicts(body.get("participants")):
        found = values(WITH_MINUTES[asked.kind], said)
        user = found.get("user_id")
        if not user:
            continue
        for name in ("join_time", "leave_time"):  # of someone who only waited, they are others
            found.pop(name, None)
        if found.get("health"):
            found["issues"] = found.pop("issue_list", [])
        _, join = asked.fact("participants", found, uuid=asked.uuid)
        rows: dict[tuple[int, str], Row] = {}
        for sample in as_dicts(said.get("user_qos")):
            for leg, row in _legs(values(UserQosSample, sample)):
                rows[row["minute"], leg] = row
                yield asked.fact("qos_minutes", row, uuid=asked.uuid, user_id=user, leg=leg)
        if rows:
            features = join.get("features", 0)
            tell_join(join, rows)
            join["features"] |= features
        yield "participants", join


def _legs(found: Row) -> Iterator[tuple[str, Row]]:
    """A minute as rows, one a leg that something is said of; of a minute of which nothing is said, one all the same."""
    at = found.pop("minute", None)
    if at is None:
        return
    rows: dict[str, Row] = {}
    for name, value in found.items():
        leg, columns = PLACES.get(name, (CLOUD, (name,)))
        row = rows.setdefault(leg, {"minute": at // 60 * 60})
        row.update(zip(columns, value if len(columns) > 1 else (value,), strict=True))
    yield from rows.items() or [(CLOUD, {"minute": at // 60 * 60})]


def summaries(asked: Asked, body: dict[str, Any]) -> Iterator[Fact]:
    """A page of joins with their summaries."""
    for said in as_dicts(body.get("participants")):
        found = values(SummaryParticipant, said)
        if not found.get("user_id"):
            continue
        yield asked.fact("participants", found, uuid=asked.uuid)
        for entry in as_dicts(said.get("qos")):
            row = values(QosSummary, entry)
            if row.get("type"):
                size = row.pop("resolution", None)
                row |= dict(zip(("width", "height"), size, strict=True)) if size else {}
                row["ended_at"] = asked.end or int(asked.at)
                yield asked.fact("qos_summaries", row, uuid=asked.uuid, user_id=found["user_id"])


# Shares and opinions


def shared(asked: Asked, body: dict[str, Any]) -> Iterator[Fact]:
    """A page of joins with what they shared."""
    for said in as_dicts(body.get("participants")):
        found = values(SharingParticipant, said)
        user = found.get("user_id")
        spans = [values(Share, span) for span in as_dicts(said.get("details"))]
        if not user:
            continue
        for span in spans:
            content = span.get("content", "unknown")
            found["features"] = int(found.get("features", 0) | SHARES.get(content, Feature.SHARE_OTHER))
            for edge, name in (("start", "start_time"), ("end", "end_time")):
                if name in span:
                    yield asked.fact("sharing", {"at": span[name], "content": content}, uuid=asked.uuid, user_id=user, edge=edge)
        yield asked.fact("participants", found, uuid=asked.uuid)


THUMBS: Final = {"GOOD": 1, "NOT GOOD": 0}


def opinions(asked: Asked, body: dict[str, Any]) -> Iterator[Fact]:
    """A page of what participants said of the instance."""
    for said in as_dicts(body.get("participants")):
        found, thumb = values(Opinion, said), THUMBS.get(text(said.get("quality")).upper())
        if "at" in found and thumb is not None:
            who = _who(asked, found.get("participant_user_id", ""), found.pop("email", ""), found["at"])
            yield asked.fact("feedback", found | {"satisfied": thumb}, uuid=asked.uuid, participant_uuid=who)


def _who(asked: Asked, person: str, mail: str, at: int) -> str:
    """The join that said it, which the answer does not name: of that person's joins the one left nearest to it."""

    def fits(join: Joined) -> bool:
        same = join.email == mail if mail else join.person == person if person else not join.person and not join.email
        return same and bool(join.participant_uuid)

    joins = [join for join in asked.joins if fits(join)]
    if not joins:
        return f"{person or mail} {at}"
    return min(joins, key=lambda join: (abs((join.left or at) - at), join.participant_uuid)).participant_uuid
