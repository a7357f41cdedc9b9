"""What is the whole account's: its users, what they planned, chat, sign-ins, operations, calls, ports and storage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from callboard.contract.activity import Operation, SignIn
from callboard.contract.chat import ChatUser, ImUser
from callboard.contract.people import Planned, UserDetail
from callboard.contract.units import read_number, read_size
from callboard.contract.usage import Call
from callboard.ingest.facts import Fact, operation_key
from callboard.ingest.zoom_sync.asked import Asked
from callboard.ingest.zoom_sync.unwire import values
from callboard.ingest.zoom_webhook.event import MOST, as_dicts, text

HOUR: Final = 3600


# People


def users(asked: Asked, body: dict[str, Any]) -> Iterator[Fact]:
    """A page of users."""
    for said in as_dicts(body.get("users")):
        yield from user(asked, said)


def user(asked: Asked, body: dict[str, Any]) -> Iterator[Fact]:
    """One user."""
    found = values(UserDetail, body)
    user_id = found.get("user_id")
    if not user_id:
        return
    groups = body.get("group_ids")
    if isinstance(groups, list):  # an empty list says something too
        found["group_ids"] = [text(group) for group in groups]
    version = found.pop("client_version", None)
    _, row = asked.fact("people", found, user_id=user_id)
    if version:  # it was so when the person last signed in
        row["client_version"] = [found.get("last_login", asked.at), version]
    yield "people", row


# Plans

RECURRING: Final = (8, 9)
"""Zoom's types of a series whose occurrences have times."""


def planned(asked: Asked, body: dict[str, Any]) -> Iterator[Fact]:
    """A page of what a user planned. An occurrence of a series is known by its start, as Zoom's own ids of them are."""
    for said in as_dicts(body.get(f"{asked.kind}s")):
        found, number = values(Planned, said), read_number(text(said.get("id")).replace(" ", ""), most=MOST)
        if not number:
            continue
        start = found.get("start_time")
        occurrence = str(start * 1000) if found.get("type") in RECURRING and start else ""
        found["minutes"] = found.pop("duration", None) or 0
        yield asked.fact("plans", found | {"deleted": 0}, number=number, occurrence_id=occurrence, kind=asked.kind)


# Logs


def signed(asked: Asked, body: dict[str, Any]) -> Iterator[Fact]:
    """A page of sign-ins. They name people by mail address."""
    for said in as_dicts(body.get("activity_logs")):
        found = values(SignIn, said)
        who = asked.person(found.get("email")) or found.get("email", "")
        if "at" in found and who and found.get("type") in ("Sign in", "Sign out"):
            yield asked.fact("sign_ins", found, user_id=who)


def operated(asked: Asked, body: dict[str, Any]) -> Iterator[Fact]:
    """A page of what administrators changed."""
    for said in as_dicts(body.get("operation_logs")):
        found = values(Operation, said)
        if "at" in found:
            key = operation_key(*(found.get(name, "") for name in ("operator", "category", "action", "detail")))
            yield asked.fact("operations", found, operation_id=key)


# Chat


def chat(asked: Asked, body: dict[str, Any]) -> Iterator[Fact]:
    """A page of what people sent in team chat on a day."""
    for said in as_dicts(body.get("users")):
        yield from _chat_day(asked, values(ChatUser, said))


def im(asked: Asked, body: dict[str, Any]) -> Iterator[Fact]:
    """A page of what people sent and received in team chat on a day."""
    for said in as_dicts(body.get("users")):
        yield from _chat_day(asked, values(ImUser, said))


def _chat_day(asked: Asked, found: dict[str, Any]) -> Iterator[Fact]:
    if found.get("user_id"):
        yield asked.fact("chat_days", found, day=asked.day)


# Use


def called(asked: Asked, body: dict[str, Any]) -> Iterator[Fact]:
    """A page of telephone calls."""
    for said in as_dicts(body.get("telephony_usage")):
        found = values(Call, said)
        if "start_time" in found and found.get("uuid"):
            yield asked.fact("calls", {"phone_number": ""} | found)


def ports(asked: Asked, body: dict[str, Any]) -> Iterator[Fact]:
    """Room connector ports by hour: of hours that are over, for more may be used in the others."""
    for day in as_dicts(body.get("crc_ports_usage")):
        for said in as_dicts(day.get("crc_ports_hour_usage")):
            at = _hour(text(day.get("date_time")), text(said.get("hour")))
            most, total = (read_number(said.get(name), most=2**32 - 1) for name in ("max_usage", "total_usage"))
            if at is not None and most is not None and total is not None and at + HOUR <= asked.at:
                yield asked.fact("crc_hours", {"max_usage": most, "total_usage": total}, hour=at)


def _hour(day: str, hour: str) -> int | None:
    try:
        return int(datetime.fromisoformat(f"{day[:10]}T{int(hour):02d}:00:00+00:00").timestamp())
    except ValueError:
        return None


def storage(asked: Asked, body: dict[str, Any]) -> Iterator[Fact]:
    """Storage of cloud recordings by day."""
    names = {"free": "free_usage", "plan": "plan_usage", "used": "usage"}
    for said in as_dicts(body.get("cloud_recording_storage")):
        sizes = {column: read_size(said.get(name)) for column, name in names.items()}
        day = text(said.get("date"))[:10]
        if len(day) == 10 and any(size is not None for size in sizes.values()):
            yield asked.fact("storage_days", {name: size for name, size in sizes.items() if size is not None}, day=day)
