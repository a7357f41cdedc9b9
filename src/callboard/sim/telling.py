"""How an event is told: when, and a function that makes its body."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from callboard.sim.organisation import Organisation

Body = dict[str, Any]


class Saying(NamedTuple):
    """An event: `ms` is when it is said (epoch milliseconds), `about` the last start that it tells of (epoch seconds).

    `about` is 0 for what happens when it is said.
    """

    ms: int
    make: Callable[[], Body]
    about: int = 0


def envelope(org: Organisation, event: str, ms: int, about: Body, **beside: Any) -> Body:
    """A webhook's body; `beside` stands in the payload beside its object."""
    return {"event": event, "event_ts": ms, "payload": {"account_id": org.account_id, **beside, "object": about}}


def operator(org: Organisation, person: int) -> Body:
    """Who did it, as it stands beside an object."""
    who = org.staff[person]
    return {"operator": who.email, "operator_id": who.user_id}
