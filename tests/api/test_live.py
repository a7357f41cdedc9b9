"""`/v1/live`: who hears what, and when a stream ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import orjson
import pytest

from callboard.api import live
from callboard.contract.access import BASIC, Caller
from callboard.contract.errors import InvalidAccessToken, Unavailable
from tests.helpers import Office, a_meeting

UUID = "AAAAAAAAAAAAAAAAAAAAAA=="


def said(piece: bytes) -> dict[str, Any]:
    """What an event says."""
    found: dict[str, Any] = orjson.loads(piece.partition(b"data: ")[2])
    return found


async def heard(office: Office, caller: Caller, happens: Callable[[], Any]) -> bytes:
    """The first event that a stream brings after something happened."""
    events = office.desk.live.events(caller, lambda: caller)
    await anext(events)
    await asyncio.to_thread(happens)
    piece = await asyncio.wait_for(anext(events), 20)
    await events.aclose()  # type: ignore[attr-defined]
    return piece


def meeting(office: Office) -> Callable[[], None]:
    """A meeting is held."""
    return lambda: office.given(a_meeting())


def test_a_meeting_is_told(office: Office) -> None:
    """Who may see meetings and webinars hears which instance changed, and in which tables."""
    event = said(asyncio.run(heard(office, Caller(office.account, "c"), meeting(office))))
    assert event["instances"] == [UUID]
    assert {"meetings", "participants"} & set(event["tables"])
    assert set(event["families"]) == {"meetings", "webinars"}


def test_other_accounts_hear_nothing(office: Office) -> None:
    """A commit of one account reaches no stream of another."""

    async def listen() -> bytes:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(live, "HEARTBEAT", 0.3)
            return await heard(office, Caller("another", "c"), meeting(office))

    assert asyncio.run(listen()) == b": here\n\n"


def test_groups_hear_no_names(office: Office) -> None:
    """A caller that is narrowed to groups hears that something changed, not what."""
    caller = Caller(office.account, "c", "viewer", frozenset({BASIC}), frozenset({"meetings"}), frozenset({"north"}))
    event = said(asyncio.run(heard(office, caller, meeting(office))))
    assert event["instances"] == []
    assert event["more"] is True


def test_a_room_admin_hears_of_rooms_only(office: Office) -> None:
    """What a role does not cover is not told."""

    def happens() -> None:
        office.given(a_meeting())
        office.load("rooms", [{"room_id": "room-1", "room_name": "Lisbon 1"}])

    caller = Caller(office.account, "c", "room-admin")
    event = said(asyncio.run(heard(office, caller, happens)))
    assert event == {"tables": ["rooms"], "families": ["zoomrooms"], "instances": [], "more": True}


def test_a_stream_ends_when_the_caller_may_not_listen_any_more(office: Office) -> None:
    """Who signed out, or whose token ran out, is told goodbye and no fact."""

    def gone() -> Caller:
        raise InvalidAccessToken

    async def listen() -> list[bytes]:
        events = office.desk.live.events(Caller(office.account, "c"), gone)
        await anext(events)
        await asyncio.to_thread(meeting(office))
        return [piece async for piece in events]

    assert asyncio.run(listen()) == [b"event: bye\ndata: {}\n\n"]


def test_closing_ends_all_streams(office: Office) -> None:
    """When the server stops, no stream keeps it."""
    caller = Caller(office.account, "c")

    async def listen() -> list[bytes]:
        events = office.desk.live.events(caller, lambda: caller)
        await anext(events)
        asyncio.get_running_loop().call_later(0.05, office.desk.live.close)
        return [piece async for piece in events]

    assert asyncio.run(listen()) == []


def test_too_many_streams_are_refused(office: Office) -> None:
    """Beyond the limit of an account a stream is refused with 503."""
    caller = Caller(office.account, "c")

    async def open_all() -> None:
        streams: list[AsyncIterator[bytes]] = []
        for _ in range(live.MOST_STREAMS + 1):
            streams.append(office.desk.live.events(caller, lambda: caller))
            await anext(streams[-1])

    with pytest.raises(Unavailable):
        asyncio.run(open_all())


def test_it_needs_a_token_that_may_hear(office: Office) -> None:
    """Without a token 401; with one whose scopes open no family 403."""
    assert office.http.get("/v1/live").status_code == 401
    assert office.get("/v1/live", office.token("facts:write")).status_code == 403
