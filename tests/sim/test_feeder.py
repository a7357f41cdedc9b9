"""Rows that no webhook tells, handed in live."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx2 as httpx
import orjson
import pytest

from callboard.sim import Organisation, hand_in
from callboard.sim.families import rows_between

BEGIN = datetime(2026, 11, 18, 15, tzinfo=UTC)


async def heard(org: Organisation, statuses: list[int], minutes: int) -> list[tuple[str, list[dict]]]:
    """What is posted in some minutes; `statuses` are the door's first answers (0: no connection), then 200."""
    posts: list[tuple[str, list[dict]]] = []
    at, over = BEGIN, asyncio.Event()

    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth/token":
            return httpx.Response(200, json={"access_token": "t"})
        status = statuses.pop(0) if statuses else 200
        if not status:
            raise httpx.ConnectError("away")
        if status == 200:
            assert request.headers["authorization"] == "Bearer t"
            posts.append((request.url.path.rpartition("/")[2], [orjson.loads(line) for line in request.content.splitlines()]))
        return httpx.Response(status)

    async def sleep(seconds: float) -> None:
        nonlocal at
        at += timedelta(seconds=seconds)
        if at > BEGIN + timedelta(minutes=minutes):
            over.set()
        await asyncio.sleep(0)

    async with httpx.AsyncClient(transport=httpx.MockTransport(handle)) as client:
        task = asyncio.create_task(hand_in(org, "http://test", "id", "secret", lambda: at, sleep, client, since=BEGIN))
        await asyncio.wait_for(over.wait(), 20)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    return posts


@pytest.mark.parametrize("statuses", [[], [0, 503, 429]], ids=["at once", "a server that is away"])
def test_rows_are_handed_in_once_they_are_known(statuses: list[int]) -> None:
    """Within minutes every row of that time is posted to its table once, whether or not the server was away."""
    org = Organisation(people=150)
    posts = asyncio.run(heard(org, statuses, minutes=30))
    expected = rows_between(org, BEGIN, BEGIN + timedelta(minutes=20))
    posted = [(table, orjson.dumps(row)) for table, rows in posts for row in rows]
    assert expected
    assert {(row.table, orjson.dumps(row.row)) for row in expected} <= set(posted)
    assert len(posted) == len(set(posted))
