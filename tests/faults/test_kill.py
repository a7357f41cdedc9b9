"""A server that is killed loses nothing that it acknowledged; one that is asked to stop stops in order."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2 as httpx
import orjson
import pytest

from callboard.store.engine import parse_result
from callboard.store.remote import RemoteEngine
from tests.faults.servers import ACCOUNT, Server, ended, joined, minute, run


class Senders:
    """Threads that post events as fast as they are answered, and note which were acknowledged."""

    def __init__(self, server: Server, first: int, threads: int = 3, event: Callable[[int], dict[str, Any]] = joined) -> None:
        self.acknowledged: list[int] = []
        self.tried: list[int] = []
        self._server, self._event, self._next, self._lock, self._stop = server, event, first, threading.Lock(), False
        self._threads = [threading.Thread(target=self._send) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def _send(self) -> None:
        with httpx.Client(base_url=self._server.url, timeout=10, verify=False) as client:
            while not self._stop:
                with self._lock:
                    n, self._next = self._next, self._next + 1
                    self.tried.append(n)
                try:
                    if self._server.post(self._event(n), client) == 200:
                        self.acknowledged.append(n)
                except httpx.HTTPError:
                    return

    def until(self, many: int) -> None:
        """Wait until so many events were acknowledged."""
        end = time.monotonic() + 30
        while len(self.acknowledged) < many:
            assert time.monotonic() < end, "events are not acknowledged"
            time.sleep(0.002)

    def stop(self) -> None:
        self._stop = True
        for thread in self._threads:
            thread.join()


def test_kill_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    """Killed at random moments of a stream of events, the server has each acknowledged event exactly once after a restart."""
    chance, acknowledged, tried, first = random.Random(7), set[int](), set[int](), 0
    for _ in range(3):
        with Server(tmp_path) as server:
            senders = Senders(server, first)
            senders.until(chance.randint(15, 60))
            time.sleep(chance.uniform(0, 0.02))
            server.stop(signal.SIGKILL)
            senders.stop()
        acknowledged |= set(senders.acknowledged)
        tried |= set(senders.tried)
        first = max(tried) + 1
    assert len(acknowledged) > 50
    with Server(tmp_path) as server:
        assert server.post(ended()) == 200
        token = server.token()
        listed = _joins(server, token)
        assert acknowledged <= set(listed) <= tried
        assert len(listed) == len(set(listed))
        raw = _raw(tmp_path)
    assert raw == dict.fromkeys(listed, 1)


def _joins(server: Server, token: str) -> list[int]:
    page = {"next_page_token": ""}
    found: list[int] = []
    while True:
        asked = {"type": "past", "page_size": "300", "next_page_token": page["next_page_token"]}
        answer = server.http.get(
            "/v2/metrics/meetings/99/participants", params=asked, headers={"Authorization": f"Bearer {token}"}
        )
        page = answer.json()
        found += [int(p["user_id"]) - 10_000 for p in page["participants"]]
        assert page["total_records"] >= len(found)
        if not page["next_page_token"]:
            return found


def _raw(folder: Path) -> dict[int, int]:
    """How many raw rows each join has, asked through the server's socket."""
    engine = RemoteEngine(socket=folder / "socket")
    sql = (
        "SELECT JSONExtractString(body, 'payload', 'object', 'participant', 'user_id') AS user, count() FROM raw_events FINAL "
        "WHERE event = 'meeting.participant_joined' GROUP BY user"
    )
    try:
        return {int(user) - 10_000: n for user, n in parse_result(engine.read(sql)).rows}
    finally:
        engine.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda s: s.name)
def test_a_signal_stops_it_in_order(tmp_path: Path, number: signal.Signals) -> None:
    """Asked to stop while events come, the server ends soon with exit code 0, and its socket is gone."""
    with Server(tmp_path) as server:
        senders = Senders(server, 0, threads=2)
        senders.until(10)
        began = time.monotonic()
        assert server.stop(number) == 0
        assert time.monotonic() - began < 8
        senders.stop()
    assert not (tmp_path / "socket").exists()
    assert not list((tmp_path / "spool").iterdir())


def test_a_folder_with_a_long_path_is_served_or_refused(tmp_path: Path) -> None:
    """A path too long for a Unix socket is served all the same, with commands beside it, and stopped in order."""
    folder = tmp_path / ("deep" * 20) / ("folder" * 10)
    with Server(folder) as server:
        assert server.post(joined(1)) == 200
        asked = run("query", "list_meetings", "type=live", "--json", "--data-dir", folder)
        assert (asked.returncode, asked.stderr) == (0, "")
        assert server.stop() == 0


def test_bulk_streams_while_events_arrive(tmp_path: Path) -> None:
    """The bulk stream gives whole lines, each minute once, while new minutes come in."""
    with Server(tmp_path) as server:
        for n in range(40):
            assert server.post(minute(n)) == 200
        headers = {"Authorization": f"Bearer {server.token()}"}
        senders = Senders(server, 1000, threads=2, event=minute)
        for round_ in range(3):
            senders.until(5 * round_)
            answer = server.http.get("/v1/bulk/qos", params={"from": "2026-03-02", "to": "2026-03-02"}, headers=headers)
            users = [line["user_id"] for line in map(orjson.loads, answer.text.splitlines())]
            assert len(users) == len(set(users))
            assert {str(10_000 + n) for n in range(40)} <= set(users)
        senders.stop()


def test_what_was_spooled_before_a_kill_is_replayed_after(tmp_path: Path) -> None:
    """Facts that a dead server left in its spool are in the answers of the next; a line cut by the kill is left out."""
    row = {"account_id": ACCOUNT, "uuid": "A==", "user_id": "5", "join_time": 1772445660, "features": 1}
    (tmp_path / "spool").mkdir()
    (tmp_path / "spool" / "000000000001.ndjson").write_bytes(orjson.dumps(["participants", row]) + b'\n["participants", {"acc')
    with Server(tmp_path) as server:
        assert server.post(ended()) == 200
        token, end = server.token(), time.monotonic() + 10
        while _joins(server, token) != [5 - 10_000]:
            assert time.monotonic() < end
            time.sleep(0.2)
        assert list((tmp_path / "spool").iterdir()) == []
