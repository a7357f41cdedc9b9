"""Meetings and webinars: who came and went, what was shared, and what people said of them."""

from __future__ import annotations

from typing import Final

from callboard.contract.features import Feature
from callboard.ingest.facts import known, latest, person_hash, seconds
from callboard.ingest.zoom_webhook.event import Event, Handler, as_dict, as_dicts, both, identity, text


def instance(event: Event) -> None:
    """An instance began, ended or was changed."""
    row = event.meeting()
    if row is not None:
        known(row, end_time=seconds(event.object.get("end_time")))


def joined(event: Event) -> None:
    """A participant joined the meeting."""
    said, meeting, row = event.participant, event.meeting(), event.join()
    if row is None:
        return
    user = identity(row, event, said)
    known(row, join_time=seconds(said.get("join_time")))
    row["features"] = Feature.JOINED | (Feature.PSTN if row.get("phone_number") else 0)
    is_host = bool(user) and user == text(event.object.get("host_id"))
    if is_host:
        latest(row, event.at, role="host")
    if meeting is not None:
        person = person_hash(user or row.get("email", "") or text(said.get("user_name")))
        meeting |= {"first_person": person, "last_person": person}
        if is_host:
            latest(meeting, event.at, host_name=text(said.get("user_name")), host_email=row.get("email"))


_REASON: Final = "Reason: "


def left(event: Event) -> None:
    """A participant left the meeting or a breakout room."""
    event.meeting()
    row = event.join()
    if row is not None:
        said = event.participant
        identity(row, event, said)
        reason = text(said.get("leave_reason"))
        known(row, leave_time=seconds(said.get("leave_time")))
        latest(row, event.at, leave_reason=reason.partition(_REASON)[2] or reason)


def breakout_joined(event: Event) -> None:
    """A participant joined a breakout room: a join of its own."""
    event.meeting()
    row = event.join()
    if row is not None:
        identity(row, event, event.participant)
        known(row, join_time=seconds(event.participant.get("join_time")))
        row["features"] = int(Feature.BREAKOUT)


def waiting(event: Event) -> None:
    """A participant came to the waiting room."""
    _waiting(event, "waiting_from")


def waited(event: Event) -> None:
    """A participant left the waiting room or was admitted."""
    _waiting(event, "waiting_to")


def _waiting(event: Event, column: str) -> None:
    event.meeting()
    row = event.join()
    if row is not None:
        identity(row, event, event.participant)
        known(row, **{column: seconds(event.participant.get("date_time"))})
        row["features"] = int(Feature.WAITING_ROOM)


ROLES: Final = ("host", "attendee", "panelist")


def role_changed(event: Event) -> None:
    """A participant became host, panelist or attendee."""
    event.meeting()
    row = event.join()
    if row is not None:
        identity(row, event, event.participant)
        role = text(event.participant.get("new_role")).lower()
        latest(row, event.at, role=role if role in ROLES else None)


def before_host(event: Event) -> None:
    """Someone waits for, or joined before, the host: no join is named, so it tells of the instance only."""
    event.meeting()


SHARES: Final = {
    "desktop": Feature.SHARE_DESKTOP,
    "application": Feature.SHARE_APPLICATION,
    "whiteboard": Feature.SHARE_WHITEBOARD,
}


def sharing(event: Event) -> None:
    """A participant began or ended to share."""
    event.meeting()
    row = event.join()
    if row is None:
        return
    identity(row, event, event.participant)
    details = as_dict(event.participant.get("sharing_details"))
    content = text(details.get("content")) or "unknown"
    row["features"] = int(SHARES.get(content, Feature.SHARE_OTHER))
    at = seconds(details.get("date_time"))
    if at is not None:
        edge = "start" if event.name.endswith("started") else "end"
        share = event.add("sharing", uuid=event.uuid, user_id=row["user_id"], at=at, edge=edge, content=content)
        known(share, source=text(details.get("source")))


def live_stream(event: Event) -> None:
    """The meeting is streamed live."""
    row = event.meeting()
    if row is not None:
        row["features"] = int(Feature.LIVE_STREAM)


def alert(event: Event) -> None:
    """Zoom saw issues in a live meeting."""
    event.meeting()
    issues = event.object.get("issues")
    for issue in issues if isinstance(issues, list) else []:
        if event.uuid and text(issue):
            event.add("alerts", uuid=event.uuid, at=int(event.at), issue=text(issue), kind=event.kind)


def feedback(event: Event) -> None:
    """A participant said whether the meeting was good."""
    said = event.participant
    join = text(said.get("participant_uuid"))
    if not event.uuid or not join:
        return
    given = as_dict(said.get("feedback"))
    row = event.add("feedback", uuid=event.uuid, participant_uuid=join, at=int(event.at))
    known(row, participant_user_id=text(said.get("participant_user_id")))
    latest(
        row,
        event.at,
        name=text(said.get("user_name")),
        satisfied=int(bool(given.get("satisfied"))),
        comments=text(given.get("comments")),
        details=[[text(d.get("id")), text(d.get("name"))] for d in as_dicts(given.get("feedback_details"))],
    )


EVENTS: Final[dict[str, Handler]] = {
    name: handler
    for handler, names in (
        (instance, both("started", "ended")),
        (joined, both("participant_joined")),
        (left, both("participant_left", "participant_left_breakout_room")),
        (breakout_joined, both("participant_joined_breakout_room")),
        (waiting, both("participant_joined_waiting_room", "participant_put_in_waiting_room")),
        (waited, both("participant_left_waiting_room", "participant_admitted")),
        (role_changed, both("participant_role_changed")),
        (before_host, both("participant_jbh_waiting", "participant_jbh_joined", "participant_jbh_waiting_left")),
        (sharing, both("sharing_started", "sharing_ended", "breakout_room_sharing_started", "breakout_room_sharing_ended")),
        (alert, both("alert")),
        (feedback, both("participant_feedback")),
        (live_stream, both("live_streaming_started", "live_streaming_stopped")),
    )
    for name in names
}
