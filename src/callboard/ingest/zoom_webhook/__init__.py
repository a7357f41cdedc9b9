"""Zoom's webhooks: a body becomes fact rows. Pure: no clock, no store, no network.

Every event is kept raw; those in `EVENTS` become facts as well. An event says what it knows and nothing more, so
events may come twice, late, in any order and from several sources: the rows merge (store/tables).
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

from callboard.contract.units import read_number
from callboard.ingest.facts import Fact, Row
from callboard.ingest.zoom_webhook import chat, meetings, people, plans, qos, recordings, rooms
from callboard.ingest.zoom_webhook.event import MOST, SOURCE, Event, Handler, NotUnderstood, as_dict, text
from callboard.ingest.zoom_webhook.qos import DEVICE_FEATURES, LEGS, SCORES

__all__ = ["DEVICE_FEATURES", "EVENTS", "LEGS", "SCORES", "Event", "Handler", "NotUnderstood", "parse", "raw"]

EVENTS: Final[dict[str, Handler]] = {
    name: handler for family in (meetings, qos, people, plans, recordings, chat, rooms) for name, handler in family.EVENTS.items()
}
"""What becomes of each event that carries facts. All others are kept raw."""


def parse(body: Any, received_at: float, account_id: str = "") -> Event:
    """The facts of one event.

    `body` is the parsed JSON, `received_at` Unix seconds, used when the event does not say when it happened, and
    `account_id` the account to use when it does not say whose it is.
    Raises `NotUnderstood` for JSON that is no event. Values that can't be read are left out; nothing else is lost.
    """
    if not isinstance(body, dict) or not isinstance(body.get("event"), str):
        raise NotUnderstood("no event name", account_id, received_at)
    payload = as_dict(body.get("payload"))
    event = Event(
        name=body["event"],
        account_id=text(payload.get("account_id")) or account_id,
        at=_event_time(body, payload, received_at),
        object=as_dict(payload.get("object")),
        payload=payload,
    )
    handler = EVENTS.get(event.name)
    if handler is None:
        return event
    if not event.account_id:
        raise NotUnderstood("no account_id", "", event.at)
    handler(event)
    if not event.facts:
        raise NotUnderstood("no uuid, start_time or participant to hold on to", event.account_id, event.at)
    return event


def _event_time(body: dict[str, Any], payload: dict[str, Any], received_at: float) -> float:
    """`event_ts` in Unix seconds. It is in milliseconds, may be quoted, and is missing in old payloads."""
    for said in (body.get("event_ts"), payload.get("time_stamp")):
        number = read_number(said, most=MOST)
        if number:
            moment = number / 1000 if number > 100_000_000_000 else float(number)
            if moment < 2**32:  # what the engine's times hold
                return moment
    return received_at


def raw(body: bytes, account_id: str, name: str, at: float, received_at: float, verdict: str, reason: str = "") -> Fact:
    """The row that keeps the body itself. The same bytes at the same event time are the same row."""
    row: Row = {
        "account_id": account_id,
        "event_time": round(at, 3),
        "digest": hashlib.sha256(body).hexdigest()[:32],
        "source": SOURCE,
        "event": name,
        "received_at": round(received_at, 3),
        "verdict": [round(received_at, 3), verdict],
        "body": body.decode("utf-8", "replace"),
    }
    if reason:
        row["reason"] = [round(received_at, 3), reason]
    return ("raw_events", row)
