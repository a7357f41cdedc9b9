"""Answers: lists, quality, trends, the bulk stream and pages asked again, beside the bare engine and PostgreSQL.

Callboard runs within this process and its client outside it, so that an HTTP answer and the same statements asked of
the engine alone take turns; nothing is remembered between answers unless that is what is measured. `first` is a page
that was not asked before; the ratio compares asking it again over HTTP and bare, each in turn before the other.
"""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, urlencode

from bench import data, servers
from bench.data import ACCOUNTS, BEGIN, DAYS, Scale, account
from bench.figures import Table, at_least, at_most, ms, p50, p99
from bench.run import Run
from bench.servers import Inside, Outside
from callboard.app import socket_path
from callboard.store.remote import RemoteEngine

PAGE_MS: Final = {30: 15, 300: 35}
RATIO: Final = 1.3
FLAT: Final = 2.0
QOS_MS: Final = 40
BULK: Final = 200_000
CACHED: Final = 3000
MEMORY_MB: Final = 1000


@dataclass
class Times:
    """Ms that one kind of answer took: asked first, again, of the engine alone, and of PostgreSQL."""

    first: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    rival: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """How much longer an HTTP answer takes than its statements alone."""
        return p50(self.again) / p50(self.bare)


def month(day: int) -> dict[str, str]:
    """A window of thirty days from this day of the data on."""
    begin = datetime.fromtimestamp(BEGIN, UTC) + timedelta(days=day)
    return {"from": f"{begin:%Y-%m-%d}", "to": f"{begin + timedelta(days=29):%Y-%m-%d}"}


def windows(count: int, seed: int) -> Iterator[tuple[int, dict[str, str]]]:
    """Accounts and months, none twice."""
    every = [(number, day) for number in range(ACCOUNTS) for day in range(DAYS - 30)]
    for number, day in random.Random(seed).sample(every, count):
        yield number, month(day)


class Asking:
    """Asks one thing of everyone in turn."""

    def __init__(self, run: Run, server: Inside, rival: int) -> None:
        self.run, self.server, self.rival = run, server, rival
        self._turn = 0

    def ask(self, times: Times, path: str, rival_path: str, number: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """Ask once first, then again with the engine alone and PostgreSQL; returns both answers."""
        get, token = self.run.caller.get, self.run.tokens[number]
        self.server.recorder.take()
        said = get(self.server.port, path, token, want=True)
        asked = self.server.recorder.take()
        times.first.append(said["ms"])
        theirs = get(self.rival, rival_path, want=True)
        self._turn += 1
        for what in ("again", "bare", "rival") if self._turn % 2 else ("bare", "again", "rival"):
            if what == "again":
                times.again.append(get(self.server.port, path, token)["ms"])
            elif what == "bare":
                times.bare.append(self.server.bare(asked))
            else:
                times.rival.append(get(self.rival, rival_path)["ms"])
        return _json(said), _json(theirs)


def _json(said: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(said["body"].encode("latin-1"))
    return made


def _same(ours: Any, theirs: Any) -> None:
    """Raises `AssertionError` unless both gave the same answer, page tokens aside."""
    for answer in (ours, theirs):
        if isinstance(answer, dict):
            answer.pop("next_page_token", None)
    found = _difference(ours, theirs)
    if found:
        raise AssertionError(f"answers differ at {found}")


def _difference(ours: Any, theirs: Any, at: str = "answer") -> str:
    """The first place where two answers differ, and how; empty when they don't."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name in ours | theirs:
            if name not in ours or name not in theirs:
                return f"{at}.{name}: one side has none"
            if found := _difference(ours[name], theirs[name], f"{at}.{name}"):
                return found
        return ""
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        return next(
            filter(None, (_difference(a, b, f"{at}[{i}]") for i, (a, b) in enumerate(zip(ours, theirs, strict=True)))), ""
        )
    return "" if ours == theirs else f"{at}: {ours!r:.200} and {theirs!r:.200}"


# Lists


def lists(run: Run) -> None:
    """Pages of 30 and 300 past meetings of a month, at every scale, merged and not."""
    table = run.add(
        Table(
            "A page of past meetings of one month",
            (
                "meetings",
                "parts",
                "page",
                "p50",
                "p99",
                "target ms",
                "again p50",
                "engine p50",
                "ratio",
                "target",
                "PostgreSQL p50",
                "p99",
            ),
            f"{ACCOUNTS} accounts, {DAYS} days; joins and features counted; `first` pages count the total afresh. Times in ms.",
        )
    )
    flat: dict[tuple[str, int, str], list[float]] = {}
    for scale in run.scales:
        for state, database in (("merged", scale.merged), ("unmerged", scale.unmerged)):
            with servers.inside(run.main, database) as server:
                parts = data.shape(server.engine)["meetings"][0]
                for size in PAGE_MS:
                    run.say(f"lists: {scale.name} {state}, pages of {size}")
                    for kind, times in _pages(run, server, scale, size).items():
                        flat.setdefault((state, size, kind), []).append(p50(times.first))
                        _list_row(table, scale, f"{state}, {parts}", size, kind, times)
    flatness = run.add(
        Table("The same page in more meetings", ("parts", "page", *(_count(s) for s in run.scales), "ratio", "target"))
    )
    for (state, size, kind), values in flat.items():
        if len(values) == len(run.scales):
            ratio = max(values) / min(values)
            flatness.add(state, f"{size} {kind}", *map(ms, values), f"{ratio:.2f}", at_most(ratio, FLAT))


def _count(scale: Scale) -> str:
    return f"{scale.meetings / 1e6:g} M"


def _list_row(table: Table, scale: Scale, parts: str, size: int, kind: str, times: Times) -> None:
    middle = p50(times.first)
    table.add(
        _count(scale),
        parts,
        f"{size} {kind}",
        ms(middle),
        ms(p99(times.first)),
        at_most(middle, PAGE_MS[size]),
        ms(p50(times.again)),
        ms(p50(times.bare)),
        f"{times.ratio:.2f}",
        at_most(times.ratio, RATIO),
        ms(p50(times.rival)),
        ms(p99(times.rival)),
    )


def _pages(run: Run, server: Inside, scale: Scale, size: int) -> dict[str, Times]:
    """First pages, and the pages that their tokens lead to."""
    rival, first, following = run.rival(scale), Times(), Times()
    asking = Asking(run, server, rival)
    warm = Times()
    for n, (number, window) in enumerate(windows(run.times(100) + 4, size)):
        about = {"type": "past", "page_size": size} | window
        theirs_about = about | {"account": account(number)}
        ours, theirs = asking.ask(first if n > 3 else warm, _list(about), _list(theirs_about), number)
        tokens = {"next_page_token": ours["next_page_token"]}, {"next_page_token": theirs["next_page_token"]}
        _same(ours, theirs)
        if tokens[0]["next_page_token"] and tokens[1]["next_page_token"]:
            made = asking.ask(following if n > 3 else warm, _list(about | tokens[0]), _list(theirs_about | tokens[1]), number)
            _same(*made)
    return {"first": first} | ({"next": following} if len(following.first) >= len(first.first) // 2 else {})


def _list(about: dict[str, Any]) -> str:
    return f"/v2/metrics/meetings?{urlencode(about)}"


# Quality


def qos(run: Run) -> None:
    """One meeting's quality: ten participants, sixty minutes each."""
    table = run.add(
        Table(
            "One meeting's QoS page, 10 participants of 60 minutes",
            (
                "minutes",
                "parts",
                "p50",
                "p99",
                "target ms",
                "again p50",
                "engine p50",
                "ratio",
                "PostgreSQL p50",
                "p99",
                "answer",
            ),
            "Times in ms.",
        )
    )
    for scale in run.scales:
        for state, database in (("merged", scale.merged), ("unmerged", scale.unmerged)):
            run.say(f"qos: {scale.name} {state}")
            with servers.inside(run.main, database) as server:
                times, size = _qos_pages(run, server, scale)
                parts = data.shape(server.engine)["qos_minutes"][0]
            table.add(
                f"{scale.minutes:,}",
                f"{state}, {parts}",
                ms(p50(times.first)),
                ms(p99(times.first)),
                at_most(p50(times.first), QOS_MS),
                ms(p50(times.again)),
                ms(p50(times.bare)),
                f"{times.ratio:.2f}",
                ms(p50(times.rival)),
                ms(p99(times.rival)),
                f"{size / 1e6:.1f} MB",
            )


def _qos_pages(run: Run, server: Inside, scale: Scale) -> tuple[Times, int]:
    sql = (
        "SELECT DISTINCT uuid FROM participants WHERE account_id = {account:String} "
        "AND user_id = '16787456' ORDER BY cityHash64(uuid) LIMIT {count:UInt32}"
    )
    found = server.parts.store.ask(sql, {"account": account(0), "count": run.times(60) + 3}).rows
    asking, times, warm, size = Asking(run, server, run.rival(scale)), Times(), Times(), 0
    for n, (uuid,) in enumerate(found):
        path = f"/v2/metrics/meetings/{quote(uuid, safe='')}/participants/qos?type=past&page_size=10"
        ours, theirs = asking.ask(times if n > 2 else warm, path, path, 0)
        _same(ours, theirs)
        size = len(json.dumps(ours, separators=(",", ":")))
    return times, size


# Trends


def trends(run: Run) -> None:
    """A trend over half a year, and an exact percentile over every minute."""
    table = run.add(
        Table(
            "Over everything",
            ("question", "rows", "parts", "p50", "p99", "PostgreSQL p50", "p99", "times faster"),
            "Meetings and joins a day of one account, and the exact 95th percentile of audio latency. Times in ms.",
        )
    )
    scale = run.largest
    span = {"begin": BEGIN, "end": BEGIN + DAYS * 86_400}
    trend, worst = f"{scale.meetings // ACCOUNTS:,} meetings", f"{scale.minutes:,} minutes"
    asked = [
        ("daily trend, 6 months", trend, ["/bench/daily?" + urlencode(span | {"account": account(n)}) for n in range(1, 13)]),
        ("95th percentile", worst, ["/bench/p95?account=" + account(0)] * 5),
    ]
    for state, database in (("merged", scale.merged), ("unmerged", scale.unmerged)):
        with servers.inside(run.main, database) as server:
            for what, rows, paths in asked:
                run.say(f"trends: {state}, {what}")
                times = Times()
                for path in paths[:2] if run.quick else paths:
                    ours, theirs = (run.caller.get(port, path, want=True) for port in (server.port, run.rival(scale)))
                    times.first.append(ours["ms"])
                    times.rival.append(theirs["ms"])
                    _same(_json(ours), _json(theirs))
                table.add(
                    what,
                    rows,
                    state,
                    ms(p50(times.first)),
                    ms(p99(times.first)),
                    ms(p50(times.rival)),
                    ms(p99(times.rival)),
                    f"{p50(times.rival) / p50(times.first):.1f}",
                )


def space(run: Run) -> None:
    """Bytes on disk of the same rows."""
    table = run.add(
        Table(
            "Space on disk, the same rows",
            ("table", "rows", "Callboard", "PostgreSQL", "times smaller"),
            "Merged; PostgreSQL with indexes.",
        )
    )
    scale = run.largest
    engine = data.EmbeddedEngine(run.main / "facts", scale.merged)
    try:
        shape = data.shape(engine)
    finally:
        engine.close()
    theirs = run.cluster.sizes(scale)
    ours = {name: shape[name][2] + (shape["meeting_ids"][2] if name == "meetings" else 0) for name in theirs}
    for name in ("meetings", "participants", "qos_minutes"):
        table.add(name, f"{shape[name][1]:,}", _mb(ours[name]), _mb(theirs[name]), f"{theirs[name] / ours[name]:.1f}")
    whole = sum(ours.values()), sum(theirs.values())
    table.add("all", "", _mb(whole[0]), _mb(whole[1]), f"{whole[1] / whole[0]:.1f}")


def _mb(size: float) -> str:
    return f"{size / 1e6:,.0f} MB"


# As a user starts it: bulk, pages asked again, memory


def served(run: Run) -> None:
    """`callboard serve` on the largest scale: the bulk stream, unchanged pages asked again, and memory."""
    data.clone(run.main / "facts", run.largest, run.say)
    token = run.tokens[0]
    with servers.callboard(run.main, run.log) as server:
        _bulk(run, server, token)
        _cached(run, server, token)
        run.say("served: pages for memory")
        for number, window in windows(run.times(200), 7):
            run.caller.get(server.port, _list({"type": "past", "page_size": 300} | window), run.tokens[number])
        table = run.add(Table("Memory of the server", ("what", "figure", "target")))
        now = server.memory_mb()
        table.add("resident after bulk streams, cached pages and lists", f"{now:,.0f} MB", at_most(now, MEMORY_MB))
        table.add("most at any time", f"{server.memory_mb('VmHWM'):,.0f} MB", "")


COUNTED: Final = """
SELECT count() FROM qos_minutes WHERE account_id = {account:String} AND minute >= {begin:UInt32} AND minute < {end:UInt32}
"""


@contextmanager
def _watched(server: Outside) -> Iterator[list[float]]:
    """Resident memory, every 50 ms until the end of the block."""
    seen, over = [server.memory_mb()], threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            seen.append(server.memory_mb())

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def _bulk(run: Run, server: Outside, token: str) -> None:
    table = run.add(
        Table(
            "Bulk QoS stream",
            ("what", "minutes", "seconds", "minutes/s", "target", "MB/s", "memory before", "after 1/4", "most"),
            "`/v1/bulk/qos` read to its end by a client on the same processors. PostgreSQL: `COPY (SELECT row_to_json ...)`.",
        )
    )
    engine = RemoteEngine(socket=socket_path(run.main))
    short, long = (month(30), 30), ({"from": month(30)["from"], "to": month(33)["from"]}, 4)
    for what, (window, days), port, path in (
        ("NDJSON, first", short, server.port, ""),
        ("NDJSON", short, server.port, ""),
        ("Parquet", short, server.port, "&format=parquet"),
        ("PostgreSQL, NDJSON", long, run.rival(run.largest), f"&account={account(0)}"),
    ):
        run.say(f"bulk: {what}")
        begin = BEGIN + 30 * 86_400
        about = {"account": account(0), "begin": begin, "end": begin + days * 86_400}
        counted = engine.read(COUNTED, about, "TSV", wide=True)
        ours = port == server.port
        asked = urlencode(window if ours else {"from_": window["from"], "to": month(30 + days)["from"]})
        with _watched(server) as seen:
            said = run.caller.get(port, f"/v1/bulk/qos?{asked}{path}", token if ours else "")
        minutes, seconds = int(counted), said["ms"] / 1000
        rate = minutes / seconds
        memory = (f"{seen[0]:,.0f} MB", f"{seen[len(seen) // 4]:,.0f} MB", f"{max(seen):,.0f} MB") if ours else ("", "", "")
        target = at_least(rate, BULK) if ours else ""
        table.add(
            what, f"{minutes:,}", f"{seconds:.2f}", f"{rate:,.0f}", target, f"{said['bytes'] / 1e6 / seconds:,.0f}", *memory
        )
    engine.close()


def _cached(run: Run, server: Outside, token: str) -> None:
    table = run.add(
        Table(
            "An unchanged past page asked again",
            ("what", "answers/s", "p99 ms", "target"),
            "A page of 30 on 16 connections; PostgreSQL's application asks it anew, as it remembers nothing.",
        )
    )
    seconds = 2 if run.quick else 8
    path = _list({"type": "past", "page_size": 30} | month(60))
    first = run.caller.get(server.port, path, token, want=True)
    etag = next(line.split(": ", 1)[1] for line in first["head"].splitlines() if line.lower().startswith("etag"))
    bearer = {"authorization": f"Bearer {token}"}
    for what, headers in (("200, from the cache", bearer), ("304, with If-None-Match", bearer | {"if-none-match": etag})):
        run.say(f"cached: {what}")
        rate, slow = servers.hammer(server.port, path, seconds, headers)
        table.add(what, f"{rate:,.0f}", ms(slow), at_least(rate, CACHED))
    path = _list({"type": "past", "page_size": 30, "account": account(0)} | month(60))
    rate, slow = servers.hammer(run.rival(run.largest), path, seconds, {})
    table.add("PostgreSQL", f"{rate:,.0f}", ms(slow), "")
