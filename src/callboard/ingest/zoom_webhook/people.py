"""The account's users: who they are, when they sign in, and what administrators do with them."""

from __future__ import annotations

from typing import Final

from callboard.contract.units import read_number
from callboard.ingest.facts import known, latest, seconds
from callboard.ingest.zoom_webhook.event import Event, Handler, text

STATUS: Final = {
    "user.created": "active",
    "user.invitation_accepted": "active",
    "user.activated": "active",
    "user.deactivated": "inactive",
    "user.deleted": "deleted",
}
"""What a user is after an event."""
INVITED: Final = "create"
"""The `creation_type` of users who have to accept an invitation first."""

ACTIONS: Final = {
    "created": ("Add", "Added"),
    "updated": ("Update", "Updated"),
    "activated": ("Activate", "Activated"),
    "deactivated": ("Deactivate", "Deactivated"),
    "deleted": ("Delete", "Deleted"),
}
"""By the last word of an event's name: what an administrator's log calls it, and how its sentence begins."""


def operation(event: Event, category: str, subject: str) -> None:
    """A row of the administrators' log, if the event says who did it. Delivered again, it is the same row."""
    operator = text(event.payload.get("operator"))
    action, did = ACTIONS.get(event.name.rpartition(".")[2], ("", ""))
    id_ = text(event.object.get("id"))
    if not operator or not action or not id_:
        return
    event.add(
        "operations",
        at=int(event.at),
        operation_id=f"{event.name} {id_} {round(event.at * 1000)}",
        operator=operator,
        category=category,
        action=action,
        detail=f"{did} {category} {subject or id_}.",
    )


def person(event: Event) -> None:
    """A user of the account was made, changed, invited, activated, deactivated or deleted."""
    said = event.object
    user = text(said.get("id"))
    if not user:
        return
    row = event.add("people", user_id=user)
    full = " ".join(filter(None, (text(said.get("first_name")), text(said.get("last_name")))))
    groups = said.get("group_ids")
    if isinstance(groups, list):  # an empty list says something too: the person was taken out of all groups
        row["group_ids"] = [event.at, [text(group) for group in groups]]
    latest(
        row,
        event.at,
        name=text(said.get("display_name")) or full,
        first_name=text(said.get("first_name")),
        last_name=text(said.get("last_name")),
        email=text(said.get("email")),
        dept=text(said.get("dept")),
        user_type=read_number(said.get("type"), most=255),
        location=text(said.get("location")),
        timezone=text(said.get("timezone")),
        status=_status(event),
    )
    if event.name == "user.created":
        row["created_at"] = int(event.at)
    operation(event, "user", text(said.get("email")) or full)


def _status(event: Event) -> str:
    invited = event.name == "user.created" and event.payload.get("creation_type") == INVITED
    return "pending" if invited else STATUS.get(event.name, "")


SIGNED: Final = {"user.signed_in": "Sign in", "user.signed_out": "Sign out"}


def signed(event: Event) -> None:
    """A user signed in or out."""
    said = event.object
    user = text(said.get("id"))
    if not user:
        return
    told = seconds(said.get("date_time"))
    at = int(event.at) if told is None else told
    email, version = text(said.get("email")), text(said.get("version"))
    sign = event.add("sign_ins", at=at, user_id=user, type=SIGNED[event.name])
    known(sign, email=email, client_type=text(said.get("client_type")), version=version)
    row = event.add("people", user_id=user)
    latest(row, event.at, email=email)
    if event.name == "user.signed_in":
        row["last_login"] = at
        latest(row, at, client_version=version)


EVENTS: Final[dict[str, Handler]] = {
    **dict.fromkeys(("user.updated", *STATUS), person),
    **dict.fromkeys(SIGNED, signed),
}
