"""The writer: many adds are few commits, and what is acknowledged is on disk, whatever happens to the store."""

from __future__ import annotations

import asyncio
import os
import resource
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import orjson
import pytest

from callboard.contract.errors import Unavailable
from callboard.store.spool import Spool
from callboard.store.writer import Writer
from tests.store.databases import Desk


def add(desk: Desk, *users: int | str) -> str:
    """Add joins and wait, a few seconds at the most."""
    return desk.writer.add([desk.fact(user) for user in users]).result.result(timeout=5)


# Commits


def test_what_is_acknowledged_is_shown(desk: Desk) -> None:
    """A fact is in the store's answers once the commit is done."""
    for user in range(5):
        assert add(desk, user) == "stored"
        assert str(user) in desk.stored()


def test_many_adds_are_few_commits(desk: Desk) -> None:
    """What waits at the same moment is inserted together."""
    writer = desk.another(commit_ms=20)
    commits = [writer.add([desk.fact(user)]) for user in range(2000)]
    assert {commit.wait() for commit in commits} == {"stored"}
    assert desk.engine.inserts["participants"] <= 20
    assert len(desk.stored()) == 2000


def test_adds_of_many_threads_all_arrive(desk: Desk) -> None:
    """Threads that add at once lose nothing and double nothing."""
    with ThreadPoolExecutor(8) as threads:
        said = list(threads.map(lambda t: {add(desk, f"{t}-{n}") for n in range(20)}, range(8)))
    assert said == [{"stored"}] * 8
    assert len(desk.stored()) == 160


def test_a_commit_may_be_awaited_by_many(desk: Desk) -> None:
    """All that wait for a commit on an event loop are woken by it."""

    async def run() -> list[str]:
        async def one(user: int) -> str:
            return await desk.writer.add([desk.fact(user)])

        return await asyncio.gather(*(one(user) for user in range(300)))

    assert asyncio.run(run()) == ["stored"] * 300


def test_one_that_gives_up_waiting_takes_nobody_along(desk: Desk) -> None:
    """A request that is cancelled while it waits does not cancel the commit of the others."""

    async def run() -> str:
        desk.engine.lets.clear()
        first, second = (asyncio.ensure_future(_await(desk, user)) for user in (1, 2))
        await asyncio.sleep(0.05)
        first.cancel()
        desk.engine.lets.set()
        return await second

    assert asyncio.run(run()) == "stored"
    assert desk.stored() == ["1", "2"]


async def _await(desk: Desk, user: int) -> str:
    return await desk.writer.add([desk.fact(user)])


def test_a_large_commit_is_cut(desk: Desk) -> None:
    """A commit of more rows than one insert takes becomes several inserts, and one acknowledgement."""
    writer = desk.another(commit_rows=100)
    assert writer.add([desk.fact(user) for user in range(250)]).wait() == "stored"
    assert desk.engine.inserts["participants"] == 3
    assert len(desk.stored()) == 250


def test_nothing_is_done_at_once(desk: Desk) -> None:
    """To add no facts is no wait."""
    assert add(desk) == "stored"


def test_listeners_hear_of_a_commit_before_it_is_acknowledged(desk: Desk) -> None:
    """What was remembered can be forgotten before anyone is told that the fact is there."""
    heard: list[str] = []
    commits: list[bool] = []
    desk.writer.listen(lambda tables: heard.extend(row["user_id"] for row in tables["participants"]))
    for user in range(5):
        commit = desk.writer.add([desk.fact(user)])
        commit.result.add_done_callback(lambda _, user=user: commits.append(str(user) in heard))
        commit.wait()
    assert commits == [True] * 5


def test_a_listener_that_fails_loses_no_fact(desk: Desk) -> None:
    """Facts are acknowledged though a listener failed."""
    desk.writer.listen(lambda tables: 1 / 0)
    assert add(desk, 1) in ("stored", "spooled")
    desk.until(lambda: desk.stored() == ["1"])


BAD = {
    "value": ("participants", {"uuid": "u", "user_id": "x", "join_time": "not a time"}),
    "type": ("participants", {"uuid": "u", "user_id": "x", "features": {"a": [1]}}),
    "time": ("participants", {"uuid": "u", "user_id": "x", "name": [9.3e15, "x"]}),
    "table": ("no_such_table", {"uuid": "u"}),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_fact_that_no_table_takes_stops_nobody_else(desk: Desk, bad: str) -> None:
    """A fact that the store will never take spoils neither those beside it nor those after it."""
    table, row = BAD[bad]
    desk.writer.add([desk.fact("before"), (table, row | {"account_id": desk.account}), desk.fact("beside")])
    desk.until(lambda: {"before", "beside"} <= set(desk.stored()), 4)
    assert add(desk, "after") == "stored"
    assert (desk.writer.away, desk.spool.files) == (False, 0)


# The store is away


def test_while_the_store_refuses_facts_are_spooled(desk: Desk) -> None:
    """Facts that the store refuses are acknowledged from the spool, and in the store when it is back."""
    desk.engine.refuses = True
    assert [add(desk, user) for user in range(5)] == ["spooled"] * 5
    assert (desk.writer.away, desk.spool.files, desk.stored()) == (True, 5, [])
    desk.engine.refuses = False
    desk.until(lambda: desk.spool.files == 0 and not desk.writer.away)
    assert desk.stored() == list("01234")
    assert add(desk, 9) == "stored"


def test_while_the_store_hangs_facts_are_spooled(desk: Desk) -> None:
    """When the store takes too long, facts are spooled within the time that was set, and not lost."""
    desk.lose_patience()
    desk.engine.lets.clear()
    began = time.monotonic()
    assert add(desk, 1) == "spooled"
    assert 0.3 <= time.monotonic() - began < 2
    desk.engine.lets.set()
    desk.until(lambda: desk.spool.files == 0)
    assert desk.stored() == ["1"]


def test_a_store_that_goes_on_hanging_keeps_nobody_waiting(desk: Desk) -> None:
    """However long the store hangs, each fact is acknowledged within Zoom's three seconds."""
    desk.lose_patience()
    desk.engine.lets.clear()
    for user in range(8):
        began = time.monotonic()
        assert add(desk, user) == "spooled"
        assert time.monotonic() - began < 3
        time.sleep(0.3)
    desk.engine.lets.set()
    desk.until(lambda: len(desk.stored()) == 8)


def test_order_of_the_spool_is_kept(desk: Desk) -> None:
    """Spooled facts come back in the order they were acknowledged, before any newer ones."""
    heard: list[str] = []
    desk.writer.listen(lambda tables: heard.extend(row["user_id"] for row in tables["participants"]))
    desk.engine.refuses = True
    for user in range(15):
        add(desk, user)
    desk.engine.refuses = False
    desk.until(lambda: not desk.writer.away)
    add(desk, 15)
    assert heard == [str(user) for user in range(16)]


def test_a_spool_from_before_is_replayed(desk: Desk) -> None:
    """What an earlier process spooled is in the store soon after a new one begins."""
    spool = Spool(desk.folder)
    spool.write([desk.fact(1)])
    spool.write([desk.fact(2), desk.fact(3)])
    desk.another()
    desk.until(lambda: spool.files == 0)
    assert desk.stored() == ["1", "2", "3"]


def test_what_was_remembered_is_forgotten_at_replay(desk: Desk) -> None:
    """Listeners hear of spooled facts when they come to the store, for answers change then."""
    heard: list[str] = []
    desk.writer.listen(lambda tables: heard.extend(tables))
    desk.engine.refuses = True
    add(desk, 1)
    assert heard == []
    desk.engine.refuses = False
    desk.until(lambda: desk.spool.files == 0)
    assert heard == ["participants"]


# The disk is full


@contextmanager
def full_disk(desk: Desk, most: int = 2000) -> Iterator[None]:
    """No file grows beyond `most` bytes: what a full disk does to the spool, and to nothing else meanwhile.

    The limit is the whole process's, so the engine's background merges, of whatever table, stand still as long.
    """
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    desk.engine.run("SYSTEM STOP MERGES")
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        desk.engine.run("SYSTEM START MERGES")


def test_a_full_disk_acknowledges_nothing_and_loses_nothing(desk: Desk) -> None:
    """With the store away and the disk full, facts are refused, and those acknowledged before come back whole."""
    desk.engine.refuses = True
    assert [add(desk, user) for user in range(3)] == ["spooled"] * 3
    with full_disk(desk), pytest.raises(Unavailable):
        add(desk, *(f"{'x' * 100}{n}" for n in range(50)))
    assert desk.spool.files == 3
    assert add(desk, 3) == "spooled"
    desk.engine.refuses = False
    desk.until(lambda: desk.spool.files == 0)
    assert desk.stored() == ["0", "1", "2", "3"]


# Closing


def test_closing_writes_what_waits(desk: Desk) -> None:
    """What was handed in is written when the writer is closed."""
    writer = desk.another(commit_ms=200)
    commits = [writer.add([desk.fact(user)]) for user in range(50)]
    writer.close()
    assert all(commit.result.done() for commit in commits)
    assert len(desk.stored()) == 50


def test_closing_spools_what_the_store_does_not_take(desk: Desk) -> None:
    """With the store away, what waits at closing is in the spool."""
    writer = desk.another(commit_ms=100)
    desk.engine.refuses = True
    commit = writer.add([desk.fact(1)])
    writer.close()
    assert (commit.wait(), desk.spool.files) == ("spooled", 1)


def test_a_closed_writer_takes_nothing(desk: Desk) -> None:
    """After closing, facts are refused rather than left waiting."""
    writer = desk.another()
    writer.close()
    with pytest.raises(Unavailable):
        writer.add([desk.fact(1)])


def test_a_writer_costs_no_processor_while_idle(desk: Desk) -> None:
    """A writer with nothing to do sleeps."""
    began = time.process_time()
    time.sleep(0.5)
    assert time.process_time() - began < 0.25


# The spool itself


def spooled(folder: Path) -> list[str]:
    return [row["user_id"] for facts in Spool(folder).replay() for _, row in facts]


def test_a_line_cut_by_a_crash_is_left_out(desk: Desk) -> None:
    """The last line without its end was never acknowledged: the lines before it are replayed."""
    desk.writer.close()
    desk.spool.write([desk.fact(1), desk.fact(2)])
    (file,) = desk.folder.glob("*.ndjson")
    with file.open("ab") as half:
        half.write(orjson.dumps(desk.fact(3))[:-5])
    assert spooled(desk.folder) == ["1", "2"]


def test_an_empty_file_is_passed_over(desk: Desk) -> None:
    """A crash may leave a file without a line: the next one is replayed, and both go."""
    desk.writer.close()
    (desk.folder / "000000000000.ndjson").touch()
    desk.spool.write([desk.fact(1)])
    assert (spooled(desk.folder), Spool(desk.folder).files) == (["1"], 0)


@pytest.mark.parametrize("text", ["line\nbreak", "cr\r", "\u2028\u0085\x0b", "\x00", "é\U0001f600", '"\\'])
def test_any_text_survives_the_spool(desk: Desk, text: str) -> None:
    """Line ends and other odd signs within a text come back as they were."""
    desk.writer.close()
    desk.spool.write([desk.fact(text), desk.fact("next")])
    assert spooled(desk.folder) == [text, "next"]


def test_a_new_spool_goes_on_after_the_last_file(desk: Desk) -> None:
    """A spool opened anew writes after what waits, and comes back after it."""
    desk.writer.close()
    for user in range(12):
        Spool(desk.folder).write([desk.fact(user)])
    assert spooled(desk.folder) == [str(user) for user in range(12)]


def test_two_processes_may_spool_into_one_folder(desk: Desk) -> None:
    """A command beside a server spools into the same folder: neither takes away what the other acknowledged."""
    desk.writer.close()
    server, command = Spool(desk.folder), Spool(desk.folder)
    server.write([desk.fact(1)])
    command.write([desk.fact(2)])
    server.write([desk.fact(3)])
    assert sorted(spooled(desk.folder)) == ["1", "2", "3"]


def test_what_a_failed_write_leaves_is_not_replayed(desk: Desk) -> None:
    """Facts of a write that failed were not acknowledged: nothing of them stays."""
    desk.writer.close()
    with full_disk(desk), pytest.raises(OSError, match="File too large"):
        desk.spool.write([desk.fact("x" * 100) for _ in range(100)])
    assert list(desk.folder.iterdir()) == []


def test_files_that_are_not_ours_are_left_alone(tmp_path: Path) -> None:
    """A stray file in the spool's folder neither stops the start nor is replayed."""
    (tmp_path / "notes.txt").write_text("x")
    assert list(Spool(tmp_path).replay()) == []
    assert os.listdir(tmp_path) == ["notes.txt"]


def test_writers_leave_no_threads(desk: Desk) -> None:
    """A closed writer's threads end."""
    before = set(threading.enumerate())
    writer = Writer(desk.engine, desk.spool)
    writer.add([desk.fact(1)]).wait()
    writer.close()
    desk.until(lambda: set(threading.enumerate()) <= before)
