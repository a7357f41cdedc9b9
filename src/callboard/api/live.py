"""`GET /v1/live`: what changes, told at once as server-sent events; fed by the writer."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import StreamingResponse

from callboard.contract.access import FAMILIES, Access, Caller
from callboard.contract.errors import CallboardError, MissingScope, Unavailable

HEARTBEAT: Final = 15.0
"""Seconds of silence after which a stream says that it lives, and whether its reader may still listen is asked again."""
GATHERED: Final = 0.5
"""Changes of so many seconds are told as one."""
MOST_STREAMS: Final = 200
"""Streams of one account at the same time."""
MOST_NAMED: Final = 100
"""Instances that one event names."""

_INSTANCES: Final = ("meetings", "webinars")
FAMILIES_OF: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(("meetings", "participants", "qos_minutes", "qos_summaries", "sharing", "feedback", "alerts"), _INSTANCES),
    **dict.fromkeys(("meeting_messages", "reactions", "plans", "registrants", "questions", "answers"), _INSTANCES),
    **dict.fromkeys(("rooms", "room_issues", "room_samples", "room_devices", "locations", "bookings"), ("zoomrooms",)),
    **dict.fromkeys(("chat_messages", "chat_days"), ("chat",)),
    **dict.fromkeys(("recordings", "storage_days", "crc_hours"), ("crc",)),
    "people": ("people",),
}
"""By table: the families whose readers hear of it, any one of them."""

Changes = dict[str, set[str]]
"""By table: the instances whose rows changed; empty where a table is not about instances."""


def hears(caller: Caller, family: str) -> bool:
    """Whether a caller's role and scopes cover a family."""
    return caller.may_read(family) and Access((family,)).opened_by(caller.scopes)


@dataclass(eq=False)
class Ear:
    """One open stream: who listens, and what has not been told yet."""

    caller: Caller
    waiting: Changes = field(default_factory=dict)
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def give(self, changes: Changes) -> None:
        """Note changes that the caller may hear of."""
        for table, uuids in changes.items():
            if any(hears(self.caller, family) for family in FAMILIES_OF[table]):
                self.waiting.setdefault(table, set()).update(uuids)
        if self.waiting:
            self.woken.set()

    def take(self) -> bytes:
        """What is waiting, as an event."""
        changes, self.waiting = self.waiting, {}
        self.woken.clear()
        # Whose instances these are is known to those only who may see them all.
        named = set().union(*changes.values()) if self._sees_all else set()
        families = sorted({f for table in changes for f in FAMILIES_OF[table] if hears(self.caller, f)})
        more = len(named) > MOST_NAMED or not self._sees_all
        said = {"tables": sorted(changes), "families": families, "instances": sorted(named)[:MOST_NAMED], "more": more}
        return b"event: change\ndata: " + orjson.dumps(said) + b"\n\n"

    @property
    def _sees_all(self) -> bool:
        return not self.caller.groups and all(hears(self.caller, family) for family in _INSTANCES)


class LiveBoard:
    """Tells open streams what the writer wrote, each account its own."""

    def __init__(self) -> None:
        self._ears: dict[str, set[Ear]] = defaultdict(set)
        self._loop: asyncio.AbstractEventLoop | None = None
        self.closed = False

    def hear(self, tables: dict[str, list[dict[str, Any]]]) -> None:
        """A commit's rows, on the writer's thread."""
        if self._loop is None or not any(self._ears.values()):
            return
        found: dict[str, Changes] = defaultdict(dict)
        for table, rows in tables.items():
            if table in FAMILIES_OF:
                for row in rows:
                    uuid = row.get("uuid")
                    uuids = found[row["account_id"]].setdefault(table, set())
                    if isinstance(uuid, str):
                        uuids.add(uuid)
        self._loop.call_soon_threadsafe(self._give, dict(found))

    def _give(self, found: dict[str, Changes]) -> None:
        for account, changes in found.items():
            for ear in self._ears.get(account, ()):
                ear.give(changes)

    def close(self) -> None:
        """End all streams, for the server is stopping."""
        self.closed = True
        for ears in self._ears.values():
            for ear in ears:
                ear.woken.set()

    async def events(self, caller: Caller, still: Callable[[], Caller]) -> AsyncIterator[bytes]:
        """The events of one stream. Ends when `still` raises, for the caller may not listen any more."""
        ears = self._ears[caller.account_id]
        if len(ears) >= MOST_STREAMS:
            raise Unavailable("Too many pages listen at once.", 30)
        self._loop = asyncio.get_running_loop()
        ear = Ear(caller)
        ears.add(ear)
        try:
            yield b"retry: 5000\nevent: open\ndata: {}\n\n"
            while not self.closed:
                woken = await _woken(ear.woken, HEARTBEAT)
                try:
                    ear.caller = still()
                except CallboardError:
                    yield b"event: bye\ndata: {}\n\n"
                    return
                if woken and not self.closed:
                    await asyncio.sleep(GATHERED)
                    yield ear.take()
                elif not self.closed:
                    yield b": here\n\n"
        finally:
            ears.discard(ear)


async def _woken(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True


def live_route(board: LiveBoard, who: Callable[[Request], Caller]) -> Callable[[Request], Any]:
    """The function that opens a stream."""

    async def listen(request: Request) -> StreamingResponse:
        caller = who(request)
        if not any(hears(caller, family) for family in FAMILIES):
            raise MissingScope([family.scope for family in FAMILIES.values()])
        events = board.events(caller, lambda: who(request))
        first = await anext(events)

        async def all_of_them() -> AsyncIterator[bytes]:
            try:
                yield first
                async for piece in events:
                    yield piece
            finally:
                await events.aclose()  # type: ignore[attr-defined]

        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(all_of_them(), 200, headers, "text/event-stream")

    return listen


DESCRIBED: Final[dict[str, Any]] = {
    "get": {
        "operationId": "live",
        "summary": "Hear what changes, as server-sent events.",
        "tags": ["callboard"],
        "security": [{"oauth": [family.scope for family in FAMILIES.values()]}],
        "responses": {
            "200": {
                "description": "An endless stream: `event: change` names tables, families and instances with new facts.",
                "content": {"text/event-stream": {"schema": {"type": "string"}}},
            }
        },
    }
}
"""The stream in OpenAPI; errors are added where the others' are."""
