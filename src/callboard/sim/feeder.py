"""Live rows: what no webhook tells, posted to the facts door as it becomes known."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final

import httpx2 as httpx
import orjson

from callboard.sim.families import rows_between
from callboard.sim.organisation import Organisation
from callboard.sim.traffic import utc_now

EVERY: Final = 60.0
"""Seconds between two looks at what is new."""


async def hand_in(
    org: Organisation,
    base_url: str,
    client_id: str,
    client_secret: str,
    now: Callable[[], datetime] = utc_now,
    sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep,
    client: httpx.AsyncClient | None = None,
    since: datetime | None = None,
) -> None:
    """Post the rows of each minute, from now on (or from `since`, catching up), until cancelled.

    While the server is away rows wait their turn.
    """
    own = client or httpx.AsyncClient(timeout=30)
    begin = since or now()
    try:
        while True:
            end = now()
            waiting: dict[str, list[dict[str, Any]]] = defaultdict(list)
            for row in await asyncio.to_thread(rows_between, org, begin, end):
                waiting[row.table].append(row.row)
            while waiting:
                table, rows = waiting.popitem()
                if not await _posted(own, base_url, org.account_id, (client_id, client_secret), table, rows):
                    waiting[table] = rows
                    await sleep(EVERY)
            begin = end
            await sleep(EVERY)
    finally:
        if client is None:
            await own.aclose()


async def _posted(
    client: httpx.AsyncClient, base_url: str, account_id: str, key: tuple[str, str], table: str, rows: list[dict[str, Any]]
) -> bool:
    """Whether the server took or refused rows: what it refuses is not repeated."""
    asked = {"grant_type": "account_credentials", "account_id": account_id}
    try:
        granted = await client.post(f"{base_url}/oauth/token", data=asked, auth=key)
        token = granted.json().get("access_token", "") if granted.status_code == 200 else ""
        lines = b"\n".join(orjson.dumps(row) for row in rows)
        headers = {"authorization": f"Bearer {token}"}
        answer = await client.post(f"{base_url}/v1/facts/{table}", content=lines, headers=headers)
    except httpx.TransportError:
        return False
    return answer.status_code < 500 and answer.status_code != 429
