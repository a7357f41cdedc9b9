"""The only place that builds the parts and joins them."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from hashlib import blake2b
from pathlib import Path
from threading import Event
from typing import Any, cast

import uvicorn
import uvloop
from prometheus_client import generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from callboard import jobs
from callboard.api import errors, export_door
from callboard.api.admin import admin_routes
from callboard.api.answers import json_response
from callboard.api.at_hand import keep_at_hand
from callboard.api.description import openapi_route
from callboard.api.facts_door import FactsDoor
from callboard.api.freshness import FreshnessBoard
from callboard.api.ingest_routes import ZoomDoor
from callboard.api.limits import Limiter
from callboard.api.live import LiveBoard, live_route
from callboard.api.memory import FactMemory, FactNames
from callboard.api.routes import Desk, Front, routes
from callboard.api.sql_door import sql_door
from callboard.api.tokens import Tokens, token_route
from callboard.charts import Bundle
from callboard.contract.errors import CallboardError
from callboard.contract.paging import TOKEN_SECONDS, PageTokens
from callboard.control import Control
from callboard.people.sessions import Sessions
from callboard.settings import Settings
from callboard.store.ahead import Settled
from callboard.store.embedded import EmbeddedEngine, FolderInUse, FolderLock
from callboard.store.engine import Engine, parse_result
from callboard.store.remote import RemoteEngine
from callboard.store.spool import Journal, Spool
from callboard.store.store import Store, prepare
from callboard.store.writer import Writer
from callboard.sync.service import Schedule
from callboard.web.security import guarded
from callboard.web.sign_in import SignIn, viewers
from callboard.web.site import Site


@dataclass
class Parts:
    """A data folder at work: its store, its writer and its control store."""

    settings: Settings
    engine: Engine
    store: Store
    writer: Writer
    spool: Spool
    control: Control


SOCKET_BYTES = 100
"""The longest path that a Unix socket may have, with some room."""


class CannotListen(Exception):
    """The address can't be listened on; the text says which and why."""


def socket_path(folder: Path) -> Path:
    """The Unix socket of a folder's server: inside it, or where its path is too long for one, in a folder of its own."""
    path = folder.resolve() / "socket"
    if len(bytes(path)) <= SOCKET_BYTES:
        return path
    short = Path(tempfile.gettempdir()) / f"callboard-{os.getuid()}-{blake2b(bytes(path), digest_size=8).hexdigest()}"
    short.mkdir(mode=0o700, exist_ok=True)
    return short / "socket"


def listen(settings: Settings) -> socket.socket:
    """A socket at the host and port that were set. Raises `CannotListen`."""
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        return socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        raise CannotListen(f"can't listen on {settings.host}:{settings.port}: {error.strerror}. Take another --port.") from None


@contextmanager
def own_folder(settings: Settings) -> Iterator[Parts]:
    """A data folder opened by this process, made when it is not there. Raises `FolderInUse`."""
    folder = settings.data_dir
    lock = FolderLock(folder)
    try:
        control = Control.in_folder(folder)
        engine = EmbeddedEngine(
            folder / "facts", seconds=settings.query_seconds, memory_mb=settings.query_memory_mb, threads=settings.query_threads
        )
        try:
            prepare(engine, settings)
            with _parts(settings, engine, control, Journal(folder / "journal")) as parts:
                yield parts
        finally:
            engine.close()
            control.close()
    finally:
        lock.close()


@contextmanager
def any_folder(settings: Settings) -> Iterator[Parts]:
    """A data folder opened through its running server if there is one, else by this process."""
    try:
        with own_folder(settings) as parts:
            yield parts
    except FolderInUse:
        control = Control.in_folder(settings.data_dir)
        engine = RemoteEngine(
            socket=socket_path(settings.data_dir),
            seconds=settings.query_seconds,
            memory_mb=settings.query_memory_mb,
            threads=settings.query_threads,
        )
        try:
            with _parts(settings, engine, control) as parts:
                yield parts
        finally:
            engine.close()
            control.close()


@contextmanager
def _parts(settings: Settings, engine: Engine, control: Control, journal: Journal | None = None) -> Iterator[Parts]:
    spool = Spool(settings.data_dir / "spool")
    writer = Writer(
        engine,
        spool,
        journal,
        commit_ms=settings.commit_ms,
        commit_rows=settings.commit_rows,
        timeout_ms=settings.commit_timeout_ms,
        store_ms=settings.store_ms,
    )
    settled = cast(Engine, Settled(engine, writer.settle)) if journal else engine
    store = Store(settled)
    try:
        yield Parts(settings, settled, store, writer, spool, control)
    finally:
        writer.close()
        store.close()


def base_url(settings: Settings) -> str:
    """The address that callers use."""
    return settings.base_url.rstrip("/") or f"http://{settings.host}:{settings.port}"


NEWEST = """
SELECT account_id, 'meetings', toUnixTimestamp(max(greatest(start_time, ifNull(end_time, start_time)))) FROM meetings
WHERE start_time > now() - INTERVAL 40 DAY GROUP BY account_id
UNION ALL SELECT account_id, 'qos', toUnixTimestamp(max(minute)) FROM qos_minutes
WHERE minute > now() - INTERVAL 40 DAY GROUP BY account_id
"""


RECENT = """
SELECT uuid, intDiv(toUnixTimestamp(min(start_time)), 86400) FROM meetings
WHERE start_time > now() - INTERVAL 2 DAY AND start_time < now() + INTERVAL 1 DAY GROUP BY uuid
"""


def make_desk(parts: Parts) -> Desk:
    """What answers are made with, kept informed by the writer."""
    settings = parts.settings
    memory, freshness = FactMemory(settings.cache_mb * 1_000_000), FreshnessBoard()
    for account, family, at in parse_result(parts.engine.read(NEWEST, wide=True)).rows:
        freshness.begin(account, family, at)
    parts.writer.listen(freshness.hear)
    live = LiveBoard()
    parts.writer.listen(live.hear)
    names = FactNames()
    for uuid, day in parse_result(parts.engine.read(RECENT, wide=True)).rows:
        names.begin(uuid, day)
    parts.writer.listen(lambda tables: memory.forget() if not all(tables.values()) else memory.touch(names.of(tables)))
    return Desk(
        settings=settings,
        store=parts.store,
        tokens=Tokens(parts.control, settings.token_seconds),
        page_tokens=PageTokens(parts.control.key_secrets, TOKEN_SECONDS[settings.profile]),
        limiter=Limiter(settings.rate_policy, settings.profile, settings.person_requests),
        memory=memory,
        freshness=freshness,
        live=live,
        workers=ThreadPoolExecutor(settings.workers, thread_name_prefix="asks"),
        doors=ThreadPoolExecutor(2, thread_name_prefix="signs in"),
        sessions=Sessions(parts.control.people, settings),
    )


def make_app(parts: Parts, desk: Desk) -> Front:
    """The HTTP application: the registry's endpoints, the token door, the webhook door, health and metrics."""
    async def health(_: Request) -> Response:
        """Whether the server lives, and whether its store takes and gives facts."""
        ready = not parts.writer.away
        body = {"live": True, "ready": ready, "store": "here" if ready else "away", "spooled_files": parts.spool.files}
        return json_response(body, 200 if ready else 503, {} if ready else {"Retry-After": "5"})

    async def metrics(_: Request) -> Response:
        """Counters and times for Prometheus."""
        return Response(generate_latest(), media_type="text/plain; version=0.0.4")

    webhooks = ZoomDoor(parts.control, parts.writer, parts.settings)
    site = Site(viewers(desk.sessions), bundle=Bundle(parts.settings.data_dir / "charts"))
    url = base_url(parts.settings)
    door = SignIn(site, parts.control, desk.sessions, parts.settings, url, desk.doors)
    app = Starlette(
        routes=[
            Route("/oauth/token", token_route(desk.tokens, parts.control, url), methods=["POST"]),
            Route("/v1/health", health),
            Route("/v1/openapi.json", openapi_route),
            Route("/v1/facts/{table}", FactsDoor(desk, parts.writer).take, methods=["POST"]),
            Route("/v1/export/{endpoint}", export_door.ExportDoor(desk).give, methods=["GET"]),
            Route("/v1/live", live_route(desk.live, desk.caller)),
            Route("/metrics", metrics),
            *routes(desk),
            *admin_routes(desk, parts.control, url),
            *guarded([*door.routes(), *site.routes()]),
        ],
        exception_handlers={CallboardError: errors.known, 404: errors.no_route, 405: errors.no_method, Exception: errors.fault},
    )
    return Front(app, webhooks)


class _Server(uvicorn.Server):
    """A server that leaves signals to the one beside it, and tells when it listens."""

    def __init__(
        self,
        config: uvicorn.Config,
        on_listening: Callable[[int], None] | None = None,
        on_exit: Callable[[], None] | None = None,
        signals: bool = True,
    ) -> None:
        super().__init__(config)
        self._on_listening, self._on_exit, self._signals = on_listening, on_exit, signals

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on SIGINT and SIGTERM, if this is the one that should: and then let the parts be closed in order."""
        before = {s: signal.signal(s, self.handle_exit) for s in (signal.SIGINT, signal.SIGTERM) if self._signals}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def shutdown(self, sockets: Any = None) -> None:
        """End what would not end by itself, then wait for the rest."""
        if self._on_exit:
            self._on_exit()
        await super().shutdown(sockets)

    async def startup(self, sockets: Any = None) -> None:
        """Listen, then tell the port."""
        await super().startup(sockets)
        if self._on_listening and self.started:
            self._on_listening(sockets[0].getsockname()[1])


def serve(parts: Parts, on_listening: Callable[[int], None], beside: Callable[[], Any] | None = None) -> None:
    """Serve until SIGINT or SIGTERM. Raises `CannotListen`. `beside` makes a coroutine that runs along (the live simulation)."""
    with listen(parts.settings) as listening, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(parts, listening, on_listening, beside))


async def _serve(
    parts: Parts, listening: socket.socket, on_listening: Callable[[int], None], beside: Callable[[], Any] | None
) -> None:
    # Port 0 was a wish for a free one: what tokens say of the address needs the one that was found.
    settings = parts.settings.model_copy(update={"port": listening.getsockname()[1]})
    parts = replace(parts, settings=settings)
    desk = make_desk(parts)
    common: dict[str, Any] = {
        "log_config": None,
        "access_log": False,
        "lifespan": "off",
        "server_header": False,
        "proxy_headers": False,
    }
    main = uvicorn.Config(make_app(parts, desk), timeout_graceful_shutdown=5, http="httptools", **common)
    path = socket_path(settings.data_dir)
    path.unlink(missing_ok=True)
    door = sql_door(parts.engine, desk.workers, lambda table: desk.memory.forget())
    inner = _Server(uvicorn.Config(door, uds=str(path), timeout_graceful_shutdown=1, **common), signals=False)
    schedule = Schedule(settings, parts.store, parts.writer, parts.control.syncing)
    stopped = Event()
    keep = partial(keep_at_hand, desk, parts.control.accounts, stopped)
    table = jobs.jobs(settings.data_dir, parts.spool, parts.writer, schedule, settings.sync_minutes, keep)
    async with (
        _running(inner, path),
        _running_task(jobs.run(table)),
        _running_task(beside() if beside else asyncio.sleep(0)),
    ):
        await _Server(main, on_listening, desk.live.close).serve([listening])
        schedule.stop()
        stopped.set()
    desk.workers.shutdown(wait=True)
    desk.doors.shutdown(wait=True)
    desk.sessions.close()


@asynccontextmanager
async def _running(server: _Server, path: Path) -> AsyncIterator[None]:
    task = asyncio.create_task(server.serve())
    try:
        while not server.started and not task.done():
            await asyncio.sleep(0.005)
        if path.exists():
            path.chmod(0o600)
        yield
    finally:
        server.should_exit = True
        await task
        path.unlink(missing_ok=True)


@asynccontextmanager
async def _running_task(work: Any) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
