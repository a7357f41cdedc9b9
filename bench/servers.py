"""Servers under test: Callboard within this process, so that HTTP and bare engine take turns; or as a user starts it."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.error import URLError

import orjson
import uvicorn
import uvloop
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.data import ACCOUNTS, account, settings_of
from callboard.api.answers import JSON, Bytes
from callboard.api.routes import Desk
from callboard.app import Parts, make_app, make_desk
from callboard.contract.access import BASIC
from callboard.control import Control
from callboard.settings import Settings
from callboard.store.embedded import EmbeddedEngine
from callboard.store.spool import Spool
from callboard.store.store import Store, prepare
from callboard.store.writer import Writer

HTTP: Final[dict[str, Any]] = {"log_config": None, "access_log": False, "lifespan": "off", "http": "httptools", "loop": "uvloop"}


@dataclass(frozen=True)
class Asked:
    """One statement that an answer needed, and whether it ran beside others."""

    sql: str
    params: Any
    wide: bool
    beside: bool


class Recorder:
    """The engine, noting what it is asked."""

    def __init__(self, engine: EmbeddedEngine) -> None:
        self._engine = engine
        self.asked: list[Asked] = []

    def read(self, sql: str, params: Any = None, format_: str = "JSONCompact", wide: bool = False) -> bytes:
        """Ask, and note it."""
        beside = threading.current_thread().name.startswith("beside")
        self.asked.append(Asked(sql, params, wide, beside))
        return self._engine.read(sql, params, format_, wide)

    def take(self) -> list[Asked]:
        """What was asked since the last call."""
        taken, self.asked = self.asked, []
        return taken

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)


@dataclass
class Inside:
    """Callboard on one database, served from a thread of this process."""

    parts: Parts
    port: int
    recorder: Recorder
    engine: EmbeddedEngine
    beside: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(4, thread_name_prefix="replay"))

    def bare(self, asked: list[Asked]) -> float:
        """Ms that the engine alone takes for these statements, those beside others beside them again."""
        began = time.perf_counter()
        waiting = []
        for one in asked:
            if one.beside:
                waiting.append(self.beside.submit(self._read, one))
            else:
                self._read(one)
        for each in waiting:
            each.result()
        return (time.perf_counter() - began) * 1000

    def _read(self, asked: Asked) -> bytes:
        return self.engine.read(asked.sql, asked.params, wide=asked.wide)


DAILY: Final = """
-- bench.daily: meetings and joins a day
SELECT toString(day) AS d, sum(m), sum(p) FROM (
  SELECT toDate(begun) AS day, count() AS m, 0 AS p FROM (
    SELECT min(start_time) AS begun FROM meetings
    WHERE account_id = {account:String} AND kind = 'meeting' AND start_time >= {begin:UInt32} AND start_time < {end:UInt32}
    GROUP BY account_id, kind, uuid) GROUP BY day
  UNION ALL
  SELECT toDate(joined), 0, count() FROM (
    SELECT min(join_time) AS joined FROM participants WHERE account_id = {account:String} GROUP BY uuid, user_id
    HAVING joined >= {begin:UInt32} AND joined < {end:UInt32}) GROUP BY 1)
GROUP BY day ORDER BY day
"""
P95: Final = """
-- bench.p95: the exact 95th percentile of audio latency over all minutes
SELECT quantileExact(0.95)(audio_input_latency) FROM qos_minutes FINAL WHERE account_id = {account:String}
"""


def _extra(desk: Desk, sql: str) -> Any:
    async def answer(request: Request) -> Response:
        asked = dict(request.query_params)
        rows = (await desk.work(lambda: desk.store.ask(sql, asked, wide=True))).rows
        return Bytes(orjson.dumps(rows), 200, {}, JSON)

    return answer


@contextmanager
def inside(folder: Path, database: str) -> Iterator[Inside]:
    """Serve a database of the folder from a thread."""
    settings = settings_of(folder)
    engine = EmbeddedEngine(folder / "facts", database, seconds=120, memory_mb=8000, threads=settings.query_threads)
    recorder = Recorder(engine)
    with ExitStack() as stack:
        stack.callback(engine.close)
        control = Control.in_folder(folder)
        stack.callback(control.close)
        prepare(engine, settings)
        spool = Spool(folder / "spool")
        writer = Writer(engine, spool)
        stack.callback(writer.close)
        parts = Parts(settings, engine, Store(recorder), writer, spool, control)  # type: ignore[arg-type]
        desk = make_desk(parts)
        stack.callback(desk.workers.shutdown)
        app = make_app(parts, desk)
        app.app.router.routes[:0] = [Route("/bench/daily", _extra(desk, DAILY)), Route("/bench/p95", _extra(desk, P95))]
        port = stack.enter_context(threaded(app))
        yield Inside(parts, port, recorder, engine)


@contextmanager
def threaded(app: Any) -> Iterator[int]:
    """An application served from a thread of this process; yields its port."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, **HTTP))
    thread = threading.Thread(target=_run, args=(server,), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


def _run(server: uvicorn.Server) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(server.serve())


def tokens(folder: Path) -> list[str]:
    """An access token for each account, made in the folder's control store."""
    from callboard.api.tokens import Tokens

    control = Control.in_folder(folder)
    try:
        there = {c.account_id: c for c in control.clients()}
        now, maker = int(time.time()), Tokens(control, 86_400)
        for number in range(ACCOUNTS):
            if account(number) not in there:
                there[account(number)] = control.create_client(account(number), "bench", now=now, scopes=[BASIC]).client
        return [maker.issue(there[account(number)], [BASIC]) for number in range(ACCOUNTS)]
    finally:
        control.close()


# As a user starts it


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Outside:
    """A server in a process of its own."""

    pid: int
    port: int
    started_seconds: float

    def cpu_seconds(self) -> float:
        """Processor time so far, of all its threads."""
        user, system = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def memory_mb(self, what: str = "VmRSS") -> float:
        """Resident memory now, or the most so far (`VmHWM`)."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(what):
                return int(line.split()[1]) / 1024
        return 0.0


@contextmanager
def outside(command: list[str], port: int, log: Path, health: str = "/v1/health", **environ: str) -> Iterator[Outside]:
    """Run a server until the end of the block; entered when it answers."""
    began = time.monotonic()
    with log.open("ab") as noise:
        process = subprocess.Popen(command, stdout=noise, stderr=noise, env=os.environ | environ)
        try:
            _await_health(process, f"http://127.0.0.1:{port}{health}", log)
            yield Outside(process.pid, port, time.monotonic() - began)
        finally:
            process.terminate()
            process.wait(60)


def _await_health(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    while process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.01)
    raise RuntimeError(f"the server ended with {process.returncode}; see {log}")


FOREVER: Final = {f"CALLBOARD_{name.upper()}": "forever" for name in Settings.model_fields if name.startswith("retention_")}


def callboard(folder: Path, log: Path, **environ: str) -> Any:
    """`callboard serve` on a folder, without rate limits."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("callboard")), "serve", "--data-dir", str(folder), "--port", str(port)]
    return outside(
        [*command, "--rate-policy", "unlimited"], port, log, **(FOREVER | {"CALLBOARD_TOKEN_SECONDS": "86400"} | environ)
    )


def hammer(port: int, path: str, seconds: int, headers: dict[str, str]) -> tuple[float, float]:
    """Requests a second and p99 in ms of one page asked over and over on 16 connections, by Debian's `wrk` if it is there."""
    url = f"http://127.0.0.1:{port}{path}"
    if shutil.which("wrk") is None:
        command = [sys.executable, "-m", "bench.client", "hammer", url, str(seconds), json.dumps(headers)]
        rate, p99 = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        return rate, p99
    listed = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", "-c16", f"-d{seconds}s", "--latency", *listed, url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    if any("Non-2xx" in line for line in said) and "if-none-match" not in headers:
        raise RuntimeError(f"{path}: not every answer was 200")
    rate = float(next(line.split()[1] for line in said if line.startswith("Requests/sec")))
    return rate, _ms(next(line.split()[1] for line in said if line.strip().startswith("99%")))


def _ms(text: str) -> float:
    for unit, factor in (("us", 0.001), ("ms", 1.0), ("s", 1000.0)):
        if text.endswith(unit):
            return float(text.removesuffix(unit)) * factor
    return float(text)
