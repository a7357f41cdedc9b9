"""The account's users."""

from __future__ import annotations

from typing import Final

from callboard.contract.units import read_number
from callboard.ingest.facts import latest
from callboard.ingest.zoom_webhook.event import Event, Handler, text


def person(event: Event) -> None:
    """A user of the account was made or changed."""
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
        email=text(said.get("email")),
        dept=text(said.get("dept")),
        user_type=read_number(said.get("type"), most=255),
        location=text(said.get("location")),
        timezone=text(said.get("timezone")),
    )


EVENTS: Final[dict[str, Handler]] = dict.fromkeys(
    ("user.created", "user.updated", "user.activated", "user.invitation_accepted"), person
)
