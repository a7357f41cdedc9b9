"""Live traffic under a clock that the test moves."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx2 as httpx
import orjson
import pytest

from callboard.sim import Organisation, events, sign, speak

START = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        await asyncio.sleep(0)


async def listen(org: Organisation, answer: list[int], wanted: int) -> tuple[list[httpx.Request], Clock]:
    """Let it speak until so many requests came; `answer` are the first statuses (0: no connection), then 200."""
    heard: list[httpx.Request] = []
    clock, enough = Clock(), asyncio.Event()

    def handle(request: httpx.Request) -> httpx.Response:
        heard.append(request)
        if len(heard) >= wanted:
            enough.set()
        status = answer.pop(0) if answer else 200
        if not status:
            raise httpx.ConnectError("away")
        return httpx.Response(status)

    async with httpx.AsyncClient(transport=httpx.MockTransport(handle)) as client:
        task = asyncio.create_task(speak(org, "http://test/webhooks", "secret", clock.now, clock.sleep, client))
        await asyncio.wait_for(enough.wait(), 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    return heard, clock


def test_signature() -> None:
    """The signature is the one that `printf v0:1731420007:{} | openssl sha256 -hmac s` makes."""
    assert sign("s", "1731420007", b"{}") == SIGNED


SIGNED = "v0=da211d8213e419818497403233c73bdddae8c7b825436ab1434a4da9cbc6d7cb"


def test_it_says_what_happens_now(org: Organisation) -> None:
    """Live traffic is the organisation's own events from now on, in order, each at its time."""
    heard, clock = asyncio.run(listen(org, [], wanted=30))
    expected = [body for _, body in events(org, START, START + timedelta(minutes=20))]
    assert [orjson.loads(r.content) for r in heard[:30]] == expected[:30]
    assert clock.at.timestamp() * 1000 >= expected[29]["event_ts"] - 1


def test_every_request_is_signed(org: Organisation) -> None:
    """Each request carries a timestamp and a signature over its bytes."""
    heard, _ = asyncio.run(listen(org, [], wanted=5))
    for request in heard:
        timestamp = request.headers["x-zm-request-timestamp"]
        assert request.headers["x-zm-signature"] == sign("secret", timestamp, request.content)


def test_it_waits_for_a_server_that_is_away(org: Organisation) -> None:
    """What could not be delivered is sent again until it is."""
    heard, _ = asyncio.run(listen(org, [0, 503, 429], wanted=40))
    first = [orjson.loads(r.content) for r in heard].count(orjson.loads(heard[0].content))
    assert first >= 2


def test_it_does_not_repeat_what_is_refused(org: Organisation) -> None:
    """A refused event is not sent again."""
    heard, _ = asyncio.run(listen(org, [401] * 40, wanted=40))
    bodies = [r.content for r in heard]
    assert len(set(bodies)) == len(bodies)
