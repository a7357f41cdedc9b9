"""Accounts that several tests read, and events that come all at once."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any

from callboard.app import Parts
from tests.helpers import SECRET, Office, instance


@contextmanager
def account(parts: Parts, name: str, **settings: Any) -> Iterator[Office]:
    """An account that lives longer than one test."""
    with ExitStack() as stack:
        office = Office(parts, name, stack, **settings)
        stack.enter_context(office.http)  # one event loop for all its requests, so that they may share a commit
        yield office


def told(office: Office, events: Iterable[dict[str, Any]]) -> None:
    """Events happen at once, in no order: they are posted side by side and share commits."""
    told_each((office, event) for event in events)


def told_each(events: Iterable[tuple[Office, dict[str, Any]]]) -> None:
    """The same for events of several accounts behind one app."""
    with ThreadPoolExecutor(48) as threads:
        happened = list(threads.map(_given, events))
    while any(parts.writer.away or parts.spool.files for parts in happened[:1]):
        time.sleep(0.05)  # on a machine so busy that a commit took over a second, and was spooled first


def _given(each: tuple[Office, dict[str, Any]]) -> Parts:
    office, event = each
    office.given([event])
    return office.parts


def held(
    uuid: str,
    start: str,
    end: str = "",
    *,
    kind: str = "meeting",
    people: Iterable[str] = ("ann", "ben"),
    **said: Any,
) -> list[dict[str, Any]]:
    """An instance that ran from `start` to `end` (empty: it still runs), everyone there all the time."""
    about = {"start": start, "type": 5 if kind == "webinar" else 8} | said
    events = [instance(f"{kind}.started", uuid, **about)]
    for n, person in enumerate(people):
        who = {"user_id": str(101 + n), "user_name": person, "participant_user_id": person, "email": f"{person}@example.com"}
        events.append(instance(f"{kind}.participant_joined", uuid, **about, participant=who | {"join_time": start}))
        if end:
            events.append(instance(f"{kind}.participant_left", uuid, **about, participant=who | {"leave_time": end}))
    return [*events, instance(f"{kind}.ended", uuid, end_time=end, **about)] if end else events


def now(ago: int = 0) -> str:
    """The instant that was `ago` seconds ago, as Zoom writes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - ago))


def neighbours(office: Office, names: Iterable[str]) -> dict[str, Office]:
    """More accounts behind the app of `office`: an app takes longer to make than most tests to run."""
    made = {}
    for name in names:
        made[name] = copy.copy(office)
        made[name].account, made[name]._tokens = name, {}
        office.parts.control.put_app(name, SECRET, now=1)
    return made
