"""Facts on their way in: webhooks, bulk loads, the demo's history, what it takes on disk, and how soon a server answers."""

from __future__ import annotations

import json
import secrets
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError

from bench import data, servers
from bench.figures import Table, at_least, at_most, ms, p50
from bench.run import Run
from callboard import demo, sim
from callboard.app import socket_path
from callboard.control import Control
from callboard.store.embedded import EmbeddedEngine
from callboard.store.remote import RemoteEngine
from callboard.store.spool import Spool
from callboard.store.writer import Writer

RATES: Final = (1000, 2000, 2500, 3000, 3500)
RATE: Final = 3000
P99_MS: Final = 120
HOLDS: Final = 0.99
LOAD_SHARE: Final = 0.6
MINUTE_BYTES: Final = 30
FILL_SECONDS: Final = 60
START_SECONDS: Final = 3
PEOPLE, HISTORY_DAYS = 500, 30
UTC_NOW: Final = datetime.now(UTC).replace(microsecond=0)


def webhooks(run: Run) -> None:
    """Signed webhooks at steady rates, acknowledged when they are on disk."""
    table = run.add(
        Table(
            "Signed webhooks, acknowledged when on disk",
            (
                "sent a second",
                "acknowledged",
                "a second",
                "p50 ms",
                "p99 ms",
                "most ms",
                "refused",
                "in the store",
                "spool files",
                "server CPU",
                "client CPU",
                "target",
            ),
            "Latency counts from when an event was due. `in the store` are the bodies that it holds afterwards, "
            "when what waited in the spool has been replayed. CPU: core seconds for 1,000 events. "
            "A rate is held when 99 % of it are acknowledged as they come; steady when p99 is within the target too.",
        )
    )
    folder, secret, name = run.folder / "hooks", secrets.token_hex(16), "bench"
    shutil.rmtree(folder, ignore_errors=True)
    control = Control.in_folder(folder)
    control.put_app("", secret, now=int(time.time()), account_id=name)
    control.close()
    best = held = 0
    with servers.callboard(folder, run.log) as server:
        engine, seconds = RemoteEngine(socket=socket_path(folder)), 3 if run.quick else 20
        url = f"http://127.0.0.1:{server.port}/webhooks/zoom"
        _send(url, secret, name, 500, 2)
        for rate in (200, 400) if run.quick else RATES:
            run.say(f"webhooks: {rate} a second")
            before, busy = _count(engine, "raw_events"), server.cpu_seconds()
            said = _send(url, secret, name, rate, seconds)
            busy = server.cpu_seconds() - busy
            spooled = _drained(server.port)
            kept = _count(engine, "raw_events") - before
            holds = said["accepted"] / said["seconds"] >= HOLDS * rate and said["refused"] == 0 and kept >= said["accepted"]
            steady = holds and said["p99_ms"] < P99_MS
            best, held = max(best, rate if steady else 0), max(held, rate if holds else 0)
            thousands = max(1, said["sent"]) / 1000
            table.add(
                f"{rate:,}",
                f"{said['accepted']:,}",
                f"{said['accepted'] / said['seconds']:,.0f}",
                ms(said["p50_ms"]),
                ms(said["p99_ms"]),
                ms(said["max_ms"]),
                str(said["refused"]),
                f"{kept:,}",
                str(spooled),
                f"{busy / thousands:.2f}",
                f"{said['cpu_seconds'] / thousands:.2f}",
                f"≤ {P99_MS} ms {'✓' if steady else '✗'}" if rate == RATE else "",
            )
        engine.close()
    blank = [""] * 8
    table.add("greatest held", "", f"{held:,}", *blank, "")
    table.add("greatest steady", "", f"{best:,}", *blank, at_least(best, RATE))


def _send(url: str, secret: str, account: str, rate: int, seconds: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.client", "webhooks", url, secret, account, str(rate), str(seconds)]
    said: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return said


def _drained(port: int, patience: float = 120) -> int:
    """Wait until the spool is empty, for a while; how many files were in it at first."""
    first, until = -1, time.monotonic() + patience
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/health", timeout=30) as answer:
                files = int(json.load(answer)["spooled_files"])
        except HTTPError as error:  # 503 while the store is away
            files = int(json.load(error)["spooled_files"])
        first = files if first < 0 else first
        if not files:
            break
        time.sleep(0.5)
    return first


def _count(engine: RemoteEngine, table: str) -> int:
    return int(engine.read(f"SELECT uniqExact(account_id, event_time, digest) FROM {table}", None, "TSV"))


# Bulk loads


def loads(run: Run) -> None:
    """`writer.load` of a simulated history, against the engine's own insert of the same rows."""
    table = run.add(
        Table(
            "Bulk load of facts, a simulated history",
            ("rows", "inserts", "Callboard rows/s", "engine rows/s", "share", "target", "engine, all at once", "share"),
            "The engine's own: `INSERT ... SELECT` of the same rows from tables in memory, where our own scores are computed "
            "already: portion by portion in turns with ours, and all of a table at once. Medians of three.",
        )
    )
    people, days = (30, 2) if run.quick else (PEOPLE, 5)
    run.say(f"loads: simulating {people} people, {days} days")
    organisation = sim.Organisation(seed=5, people=people, account_id="load")
    chunks = list(sim.history(organisation, until=UTC_NOW, days=days))
    engine = EmbeddedEngine(run.main / "facts", "load")
    writer = Writer(engine, Spool(run.main / "spool"))
    try:
        data.fresh(engine, run.main / "facts")
        names = sorted({chunk.table for chunk in chunks})
        times = [_load_round(run, engine, writer, chunks, names) for _ in range(1 if run.quick else 3)]
        for what in (*names, "all"):
            portions = [c.rows.num_rows for c in chunks if what in (c.table, "all")]
            rows = sum(portions)
            ours, bare, once = (p50([each[who][what] for each in times]) for who in ("ours", "bare", "at once"))
            target = at_least(bare / ours, LOAD_SHARE, "60 %") if what == "all" else ""
            figures = (f"{rows / ours:,.0f}", f"{rows / bare:,.0f}", f"{bare / ours:.0%}", target)
            table.add(f"{what}: {rows:,}", str(len(portions)), *figures, f"{rows / once:,.0f}", f"{once / ours:.0%}")
        engine.run("DROP DATABASE load SYNC")
    finally:
        writer.close()
        engine.close()


def _load_round(run: Run, engine: EmbeddedEngine, writer: Writer, chunks: list[Any], names: list[str]) -> dict[str, Any]:
    """Seconds by table: `ours`, and the engine's own insert of the same rows from memory, in the same portions and at once."""
    run.say("loads: a round")
    times = {who: dict.fromkeys(names, 0.0) for who in ("ours", "bare", "at once")}
    for name in names:
        engine.run(f"TRUNCATE TABLE {name}")
        engine.run(f"DROP TABLE IF EXISTS staged_{name}")
        engine.run(f"DROP TABLE IF EXISTS portion_{name}")
        engine.run(f"CREATE TABLE staged_{name} AS {name} ENGINE = Memory")
        engine.run(f"CREATE TABLE portion_{name} AS {name} ENGINE = Memory")
    for chunk in chunks:
        name, rows = chunk.table, demo.arrow_bytes(chunk.rows)
        engine.insert(f"portion_{name}", rows, "ArrowStream")
        times["bare"][name] += _seconds(lambda n=name: engine.run(f"INSERT INTO {n} SELECT * FROM portion_{n}"))
        times["ours"][name] += _seconds(lambda n=name, c=chunk: writer.load(n, demo.arrow_bytes(c.rows), "ArrowStream"))
        engine.run(f"INSERT INTO staged_{name} SELECT * FROM portion_{name}")
        engine.run(f"TRUNCATE TABLE portion_{name}")
    for name in names:
        times["at once"][name] = _seconds(lambda n=name: engine.run(f"INSERT INTO {n} SELECT * FROM staged_{n}"))
        engine.run(f"DROP TABLE staged_{name}")
        engine.run(f"DROP TABLE portion_{name}")
    return {who: each | {"all": sum(each.values())} for who, each in times.items()}


def _seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


# The demo


def demos(run: Run) -> None:
    """The demo's history: how long it takes, what it takes on disk, and how soon a server on it answers."""
    people, days = (30, 2) if run.quick else (PEOPLE, HISTORY_DAYS)
    table = run.add(Table(f"A demo: {people} people, {days} days", ("what", "figure", "target")))
    folder, port = run.folder / "demo", servers.free_port()
    shutil.rmtree(folder, ignore_errors=True)
    run.say("demo: filling")
    program = str(Path(sys.executable).with_name("callboard"))
    command = [program, "demo", "--people", str(people), "--days", str(days), "--no-live", "--port", str(port)]
    with servers.outside([*command, "--data-dir", str(folder)], port, run.log) as server:
        table.add("made, loaded and served", f"{server.started_seconds:.1f} s", at_most(server.started_seconds, FILL_SECONDS))
        minutes = _disk(run, folder, table)
        table.add("memory of the server then", f"{server.memory_mb():,.0f} MB", "")
    starts = []
    for n in range(3):
        run.say(f"demo: start {n + 1}")
        with servers.callboard(folder, run.log) as server:
            starts.append(server.started_seconds)
            memory = server.memory_mb()
    table.add(f"start of a server on {minutes:,} minutes", f"{p50(starts):.2f} s", at_most(p50(starts), START_SECONDS))
    table.add("its memory", f"{memory:,.0f} MB", "")


def _disk(run: Run, folder: Path, table: Table) -> int:
    engine = RemoteEngine(socket=socket_path(folder))
    there = "FROM system.parts WHERE active AND database = 'callboard'"
    sql = f"SELECT sum(rows), sum(bytes_on_disk), count() {there} AND table = 'qos_minutes'"
    try:
        for when in ("as loaded", "after OPTIMIZE"):
            rows, size, parts = map(int, engine.read(sql, None, "TSV").split())
            table.add(f"bytes a minute, {when} ({parts} parts)", f"{size / rows:.1f}", at_most(size / rows, MINUTE_BYTES))
            run.say("demo: optimizing")
            engine.run("OPTIMIZE TABLE qos_minutes FINAL")
        table.add("participant-minutes", f"{rows:,}", "")
        everything = int(engine.read(f"SELECT sum(bytes_on_disk) {there}", None, "TSV"))
        table.add("all tables on disk", f"{everything / 1e6:,.0f} MB", "")
    finally:
        engine.close()
    return rows
