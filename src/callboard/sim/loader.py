"""A steady rate of realistic, signed webhooks, and how long each took: the load that a server is measured with.

The schedule is open: events go out when they are due whether or not earlier ones were answered, and latency counts from
when an event was due, so a server that falls behind can't hide it. The client is a few lines of HTTP/1.1 over kept
connections, because a general one would need more processor time than the server under test.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final
from urllib.parse import SplitResult, urlsplit

import numpy as np
import orjson

from callboard.sim.organisation import Organisation
from callboard.sim.traffic import sign
from callboard.sim.webhooks import meeting_events

PEOPLE: Final = 2000
POOL: Final = 20_000
"""Bodies made beforehand; when all are sent they go round again under new uuids."""
CONNECTIONS: Final = 400
TICK: Final = 0.001
PATIENCE: Final = 10.0
"""Seconds to wait for the last answers."""
RETRY: Final = 0.2
SALT: Final = 4
NO_ANSWER: Final = 0


@dataclass
class LoadReport:
    """What became of the events so far; `by_status` counts HTTP statuses, with 0 for no answer at all."""

    sent: int = 0
    accepted: int = 0
    refused: int = 0
    seconds: float = 0.0
    by_status: dict[int, int] = field(default_factory=dict)
    p50_ms: float = 0.0
    p99_ms: float = 0.0
    max_ms: float = 0.0
    cpu_seconds: float = 0.0
    """Processor time that sending took this process."""

    @property
    def per_second(self) -> float:
        """Accepted events a second."""
        return self.accepted / self.seconds if self.seconds else 0.0


@dataclass(frozen=True)
class Template:
    """A body cut at its event time and within its uuid, so that a fresh one is a join of five pieces."""

    before_time: bytes
    before_salt: bytes
    after_salt: bytes

    def body(self, now_ms: int, salt: bytes) -> bytes:
        """The bytes to send at an instant, about a meeting of its own for each salt."""
        return b"".join((self.before_time, str(now_ms).encode(), self.before_salt, salt, self.after_salt))


async def load(
    url: str,
    secret: str,
    account_id: str,
    events_per_second: float,
    seconds: float,
    seed: int = 1,
    on_progress: Callable[[LoadReport], None] | None = None,
    connections: int = CONNECTIONS,
) -> LoadReport:
    """Send webhooks to `url` at a steady rate for some seconds; `on_progress` hears about it once a second."""
    org = Organisation(seed=seed, people=PEOPLE, account_id=account_id)
    pool = await asyncio.to_thread(templates, org, datetime.now(UTC), min(POOL, int(events_per_second * seconds) + 1))
    sender = Sender(urlsplit(url), secret, pool, connections)
    try:
        await sender.open()
        return await sender.run(events_per_second, seconds, on_progress)
    finally:
        await sender.close()


def templates(org: Organisation, now: datetime, count: int) -> list[Template]:
    """`count` bodies from the morning of the last working day before `now`."""
    day = now.replace(hour=8, minute=0, second=0, microsecond=0) - timedelta(days=1)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return [_template(orjson.dumps(body)) for _, body in islice(_morning(org, day), count)]


def _morning(org: Organisation, begin: datetime) -> Iterator[tuple[datetime, dict[str, object]]]:
    while True:
        yield from meeting_events(org, begin, begin + timedelta(minutes=10))
        begin += timedelta(minutes=10)


def _template(raw: bytes) -> Template:
    at = raw.index(b'"event_ts":') + len(b'"event_ts":')
    comma = raw.index(b",", at)
    salt = raw.index(b'"uuid":"') + len(b'"uuid":"') + 2
    return Template(raw[:at], raw[comma:salt], raw[salt + SALT :])


class Sender:
    """Kept connections, the events that are due, and what became of those sent."""

    def __init__(self, url: SplitResult, secret: str, pool: list[Template], connections: int) -> None:
        self.url, self.secret, self.pool, self.connections = url, secret, pool, connections
        self.idle: deque[Connection] = deque()
        self.open_ones: set[Connection] = set()
        self.reopening: set[asyncio.Task[None]] = set()
        self.closing = False
        self.due: deque[tuple[float, int]] = deque()
        self.latency_ms: list[float] = []
        self.statuses: Counter[int] = Counter()
        self.begun = 0
        self.born = int(time.time())
        self.head = (
            f"POST {url.path or '/'}{'?' + url.query if url.query else ''} HTTP/1.1\r\nhost: {url.netloc}\r\n"
            "content-type: application/json\r\nx-zm-request-timestamp: "
        ).encode()

    async def open(self) -> None:
        """Open all connections; raises OSError if the server is not there."""
        await asyncio.gather(*(self.connect() for _ in range(self.connections)))

    async def connect(self) -> None:
        """Open one connection."""
        secure = self.url.scheme == "https"
        port = self.url.port or (443 if secure else 80)
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: Connection(self), self.url.hostname or "", port, ssl=secure or None)

    async def reconnect(self) -> None:
        """Open one connection, trying again for as long as the server is away."""
        while not self.closing:
            try:
                await self.connect()
            except OSError:
                await asyncio.sleep(RETRY)
            else:
                return

    async def close(self) -> None:
        """Close what is open."""
        self.closing = True
        for task in list(self.reopening):
            task.cancel()
        for connection in list(self.open_ones):
            connection.drop()
        await asyncio.sleep(0)  # lets the transports close

    async def run(self, rate: float, seconds: float, on_progress: Callable[[LoadReport], None] | None) -> LoadReport:
        """Send `rate` events a second for `seconds`, then wait for the answers."""
        total, begin, busy = int(rate * seconds), time.perf_counter(), time.process_time()
        planned, told = 0, begin
        while planned < total:
            now = time.perf_counter()
            ripe = min(total, int((now - begin) * rate) + 1)
            self.due.extend((begin + n / rate, n) for n in range(planned, ripe))
            planned = ripe
            self.send_due()
            if on_progress and now - told >= 1:
                told = now
                on_progress(self.report(now - begin))
            await asyncio.sleep(TICK)
        await self._settle(total)
        lost = total - sum(self.statuses.values())
        self.statuses.update({NO_ANSWER: lost} if lost else {})
        return replace(self.report(max(time.perf_counter() - begin, seconds)), cpu_seconds=time.process_time() - busy)

    async def _settle(self, total: int) -> None:
        patience = time.perf_counter() + PATIENCE
        while sum(self.statuses.values()) < total and time.perf_counter() < patience:
            self.send_due()
            await asyncio.sleep(TICK)

    def send_due(self) -> None:
        """Put the events that are due on the connections that are free."""
        while self.due and self.idle:
            at, n = self.due.popleft()
            self.begun += 1
            self.idle.pop().post(self.request(n), at)

    def request(self, n: int) -> bytes:
        """The bytes of the nth request, signed now."""
        now = time.time()
        salt = b"%04x" % ((self.born + n // len(self.pool)) % 16**SALT)
        body = self.pool[n % len(self.pool)].body(int(now * 1000), salt)
        timestamp = str(int(now))
        signature = sign(self.secret, timestamp, body)
        rest = f"{timestamp}\r\nx-zm-signature: {signature}\r\ncontent-length: {len(body)}\r\n\r\n"
        return self.head + rest.encode() + body

    def answered(self, status: int, due_at: float) -> None:
        """Note an answer (0 for none) to an event that was due at this reading of the clock."""
        self.statuses[status] += 1
        if status:
            self.latency_ms.append((time.perf_counter() - due_at) * 1000)

    def lost(self, connection: Connection) -> None:
        """Open another connection for one that the server closed."""
        self.open_ones.discard(connection)
        if connection in self.idle:
            self.idle.remove(connection)
        if not self.closing:
            task = asyncio.create_task(self.reconnect())
            self.reopening.add(task)
            task.add_done_callback(self.reopening.discard)

    def report(self, elapsed: float) -> LoadReport:
        """What became of the events so far."""
        accepted = sum(n for status, n in self.statuses.items() if 200 <= status < 300)
        p50, p99, most = np.percentile(self.latency_ms, (50, 99, 100)).tolist() if self.latency_ms else (0.0, 0.0, 0.0)
        refused = sum(self.statuses.values()) - accepted
        return LoadReport(self.begun, accepted, refused, elapsed, dict(self.statuses), p50, p99, most)


class Connection(asyncio.Protocol):
    """One kept HTTP/1.1 connection, with one request on it at a time."""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender
        self.transport: asyncio.Transport | None = None
        self.due_at: float | None = None
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is open: ready for a request."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.sender.open_ones.add(self)
        self.sender.idle.append(self)

    def post(self, request: bytes, due_at: float) -> None:
        """Send a request that was due at this reading of the clock."""
        assert self.transport is not None
        self.due_at = due_at
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Part of an answer came; when it is whole, the next event may go."""
        self.buffer += data
        length = answer_length(self.buffer)
        if length is None or len(self.buffer) < length or self.due_at is None:
            return
        self.sender.answered(int(self.buffer[9:12]), self.due_at)
        self.buffer, self.due_at = b"", None
        self.sender.idle.append(self)
        self.sender.send_due()

    def connection_lost(self, exc: Exception | None) -> None:
        """The server went away: what was on the connection has no answer, and another one takes its place."""
        if self.due_at is not None:
            self.sender.answered(NO_ANSWER, self.due_at)
        self.sender.lost(self)

    def drop(self) -> None:
        """Close it."""
        if self.transport is not None:
            self.transport.abort()


def answer_length(buffer: bytes) -> int | None:
    """How many bytes an answer has in all; None while that is not known yet."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = buffer[:end].lower()
    at = head.find(b"\r\ncontent-length:")
    if at >= 0:
        return end + 4 + int(head[at + 17 :].split(b"\r\n", 1)[0])
    if b"transfer-encoding: chunked" in head:
        last = buffer.find(b"0\r\n\r\n", end)
        return None if last < 0 else last + 5
    return end + 4
