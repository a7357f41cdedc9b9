"""One event on its way to facts, and how its values are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from callboard.contract.units import read_number
from callboard.ingest.facts import Fact, Row, known, latest, seconds

SOURCE: Final = "zoom"
WEBINAR_TYPES: Final = {5, 6, 9}
MOST: Final = 2**63 - 1


class NotUnderstood(Exception):
    """The body is JSON, but no event that we know how to hold: the text says why. It is kept raw all the same.

    `account_id` and `at` are what it said of itself.
    """

    def __init__(self, why: str, account_id: str = "", at: float = 0.0) -> None:
        super().__init__(why)
        self.account_id, self.at = account_id, at


@dataclass
class Event:
    """One event on its way to facts. `at` is when it happened, Unix seconds with milliseconds.

    `object` is what it is about, `payload` what holds that and, beside it, who did it (`operator`).
    """

    name: str
    account_id: str
    at: float
    object: dict[str, Any]
    payload: dict[str, Any] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Meeting or webinar."""
        if self.name.startswith("webinar."):
            return "webinar"
        return "webinar" if read_number(self.object.get("type")) in WEBINAR_TYPES else "meeting"

    @property
    def uuid(self) -> str:
        """The instance."""
        return text(self.object.get("uuid"))

    @property
    def participant(self) -> dict[str, Any]:
        """The participant it is about."""
        return as_dict(self.object.get("participant"))

    def add(self, table: str, **row: Any) -> Row:
        """Add a fact row of this account, to be filled further."""
        made: Row = {"account_id": self.account_id, **row}
        self.facts.append((table, made))
        return made

    def join(self, participant: dict[str, Any] | None = None) -> Row | None:
        """The row of the participant's join; None when the event does not say which join."""
        said = self.participant if participant is None else participant
        user_id = text(said.get("user_id")) or text(said.get("participant_id"))
        if not self.uuid or not user_id:
            return None
        return self.add("participants", uuid=self.uuid, user_id=user_id)

    def meeting(self) -> Row | None:
        """The row of the instance; None when the event does not say when it began."""
        said = self.object
        start = seconds(said.get("start_time"))
        if start is None or not self.uuid:
            return None
        row = self.add("meetings", kind=self.kind, start_time=start, uuid=self.uuid)
        known(
            row,
            platform=SOURCE,
            number=read_number(text(said.get("id")).replace(" ", ""), most=MOST),
            type=read_number(said.get("type"), most=255),
            host_id=text(said.get("host_id")),
            timezone=text(said.get("timezone")),
            scheduled_minutes=read_number(said.get("duration"), most=2**32 - 1),
        )
        latest(row, self.at, topic=text(said.get("topic")))
        return row


def text(value: Any) -> str:
    """Ids may be strings or integers; anything else is no id."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def as_dict(value: Any) -> dict[str, Any]:
    """The value, if it is an object; else an empty one."""
    return value if isinstance(value, dict) else {}


def as_dicts(value: Any) -> list[dict[str, Any]]:
    """The objects in a list; nothing else is one."""
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def identity(row: Row, event: Event, said: dict[str, Any]) -> str:
    """Fill in who it is; returns the person's user id, empty when not signed in."""
    user = text(said.get("participant_user_id")) or text(said.get("id"))
    known(
        row,
        participant_uuid=text(said.get("participant_uuid")),
        participant_user_id=user,
        email=text(said.get("email")),
        registrant_id=text(said.get("registrant_id")),
        customer_key=text(said.get("customer_key")),
        phone_number=text(said.get("phone_number")),
        parent_user_id=text(said.get("parent_user_id")),
        bo_mtg_id=text(event.object.get("breakout_room_uuid")),
    )
    latest(row, event.at, name=text(said.get("user_name")))
    return user


def both(*names: str) -> tuple[str, ...]:
    """The names of an event of meetings and of its twin of webinars."""
    return tuple(f"{kind}.{name}" for kind in ("meeting", "webinar") for name in names)


Handler = Callable[[Event], None]
