"""Live traffic: what the organisation would send to a webhook endpoint right now, signed as Zoom signs."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx2 as httpx
import orjson

from callboard.sim.organisation import Organisation
from callboard.sim.webhooks import events

AHEAD: Final = timedelta(minutes=5)
"""How much traffic is prepared at a time."""
LONGEST_PAUSE: Final = 60.0
ABOARD: Final = 16
"""How many events may be on their way at once."""


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The `x-zm-signature` of a body sent with this `x-zm-request-timestamp` (epoch seconds): `v0=` and hex HMAC-SHA256."""
    message = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.digest(secret.encode(), message, hashlib.sha256).hex()


def signed(secret: str, now: datetime, body: bytes) -> dict[str, str]:
    """The headers that a webhook carries."""
    timestamp = str(int(now.timestamp()))
    return {
        "content-type": "application/json",
        "x-zm-request-timestamp": timestamp,
        "x-zm-signature": sign(secret, timestamp, body),
    }


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


async def speak(
    org: Organisation,
    url: str,
    secret: str,
    now: Callable[[], datetime] = utc_now,
    sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep,
    client: httpx.AsyncClient | None = None,
    since: datetime | None = None,
) -> None:
    """Post each event at its time, from now on (or from `since`, catching up), until cancelled.

    While the server is away events wait their turn.
    """
    own = client or httpx.AsyncClient(timeout=10)
    seats = asyncio.Semaphore(ABOARD)
    try:
        async with asyncio.TaskGroup() as tasks:
            async for at, body in upcoming(org, since or now()):
                pause = (at - now()).total_seconds()
                if pause > 0:
                    await sleep(pause)
                await seats.acquire()
                tasks.create_task(_deliver(own, url, secret, body, now, sleep)).add_done_callback(lambda _: seats.release())
    finally:
        if client is None:
            await own.aclose()


async def upcoming(org: Organisation, since: datetime) -> AsyncIterator[tuple[datetime, dict[str, Any]]]:
    """Events from `since` on, without end, each stretch prepared in a thread while the one before it is sent."""

    def stretch(begin: datetime) -> asyncio.Task[list[tuple[datetime, dict[str, Any]]]]:
        return asyncio.create_task(asyncio.to_thread(lambda: list(events(org, begin, begin + AHEAD))))

    prepared = stretch(since)
    try:
        while True:
            since += AHEAD
            ready, prepared = await prepared, stretch(since)
            for event in ready:
                yield event
    finally:
        prepared.cancel()


async def _deliver(
    client: httpx.AsyncClient,
    url: str,
    secret: str,
    body: dict[str, Any],
    now: Callable[[], datetime],
    sleep: Callable[[float], Awaitable[Any]],
) -> None:
    """Post one event, again and again while the server is away or fails; what it refuses is not repeated."""
    raw, pause = orjson.dumps(body), 0.5
    while not await _accepted(client, url, raw, signed(secret, now(), raw)):
        await sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


async def _accepted(client: httpx.AsyncClient, url: str, raw: bytes, headers: dict[str, str]) -> bool:
    try:
        answer = await client.post(url, content=raw, headers=headers)
    except httpx.TransportError:
        return False
    return answer.status_code < 500 and answer.status_code != 429
