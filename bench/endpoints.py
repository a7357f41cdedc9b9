"""Every endpoint on the demo of 500 people and 30 days; the heaviest on ten times that."""

from __future__ import annotations

import base64
import json
import shutil
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from bench import servers, walk
from bench.figures import Table, at_most, ms, p50, p99
from bench.run import Run
from callboard.endpoints import ENDPOINTS

PEOPLE: Final = 500
DAYS: Final = 30
TIMES: Final = 20
P50_MS: Final = 50
HEAVIEST: Final = 5
STREAMED: Final = {"bulk_qos"}
"""Answers without an end known beforehand are measured as streams."""


def endpoints(run: Run) -> None:
    """Each endpoint, worked out each time and as it is remembered; the heaviest once more on ten times the people."""
    people, days = (30, 3) if run.quick else (PEOPLE, DAYS)
    note = (
        "A month, or one instance of it: the largest. `worked out`: nothing is remembered between questions. `as served`: closed "
        "days and past answers are, and the first question of each kind is among the measured ones. Times in ms."
    )
    table = run.add(Table(f"Every endpoint: {people} people, {days} days", _COLUMNS, note))
    small = _measured(run, people, days, list(ENDPOINTS))
    for name, figures in sorted(small.items(), key=lambda item: -item[1].out):
        table.add(name, *figures.cells())
    heaviest = sorted(small, key=lambda name: -small[name].out)[:HEAVIEST]
    large = _measured(run, people * 10, days, heaviest)
    grown = run.add(
        Table("The heaviest on ten times the people", ("endpoint", *_WAYS, "times as long, worked out"), "Times in ms.")
    )
    for name in heaviest:
        grown.add(name, *large[name].cells(), f"{large[name].out / small[name].out:.1f}")


_WAYS: Final = ("worked out p50", "p99", "as served p50", "p99", "p50 target", "answer")
_COLUMNS: Final = ("endpoint", *_WAYS)


class Figures:
    """How long an endpoint took, worked out and as served, and how long its answer is."""

    def __init__(self, out: list[float], served: list[float], size: int) -> None:
        self.out, self.out_p99 = p50(out), p99(out)
        self.served, self.served_p99 = p50(served), p99(served)
        self.size = size

    def cells(self) -> tuple[str, ...]:
        """A row of the table without the name."""
        return (
            *(ms(self.out), ms(self.out_p99), ms(self.served), ms(self.served_p99)),
            *(at_most(self.served, P50_MS), f"{self.size / 1000:,.1f} kB"),
        )


def _measured(run: Run, people: int, days: int, names: list[str]) -> dict[str, Figures]:
    folder = run.folder / f"demo-{people}"
    if not (folder / "demo.json").exists():
        run.say(f"endpoints: filling {people} people")
        shutil.rmtree(folder, ignore_errors=True)
        with _demo(run, folder, people, days):
            pass
    times = run.times(TIMES)
    with _demo(run, folder, people, days, CALLBOARD_CACHE_MB="0") as asker:
        out = {name: [asker.took(name) for _ in range(times)] for name in names if name not in STREAMED}
    with _demo(run, folder, people, days) as asker:
        served = {name: [asker.took(name) for _ in range(times)] for name in out}
        return {name: Figures([t for t, _ in out[name]], [t for t, _ in served[name]], served[name][-1][1]) for name in out}


@contextmanager
def _demo(run: Run, folder: Path, people: int, days: int, **environ: str) -> Iterator[Asker]:
    port, program = servers.free_port(), str(Path(sys.executable).with_name("callboard"))
    size = ["--people", str(people), "--days", str(days), "--no-live", "--rate-policy", "unlimited"]
    command = [program, "demo", *size, "--port", str(port), "--data-dir", str(folder)]
    with servers.outside(command, port, run.log, **environ):
        run.say(f"endpoints: asking {people} people {environ or 'as served'}")
        yield Asker(run, port, json.loads((folder / "demo.json").read_text()), days)


class Asker:
    """Asks a served demo."""

    def __init__(self, run: Run, port: int, about: dict[str, Any], days: int) -> None:
        self._run, self._port = run, port
        self._token = _token(port, about)
        until = datetime.now(UTC)
        self._dates = {"from": f"{until - timedelta(days=days):%Y-%m-%d}", "to": f"{until:%Y-%m-%d}"}
        self._ids = walk.ids(self._json, self._dates)
        self._ids["webinarJoin"] = walk.webinar_join(self._json, self._ids)

    def _json(self, path: str, params: dict[str, Any]) -> Any:
        said = self._run.caller.get(self._port, f"{path}?{urlencode(params)}", self._token, want=True)
        return json.loads(said["body"].encode("latin-1"))

    def took(self, name: str) -> tuple[float, int]:
        """Ms that a question took, and the bytes of its answer."""
        path, params = walk.request(ENDPOINTS[name], self._ids, self._dates)
        said = self._run.caller.get(self._port, f"{path}?{urlencode(params)}", self._token)
        return said["ms"], said["bytes"]


def _token(port: int, about: dict[str, Any]) -> str:
    key = base64.b64encode(f"{about['client_id']}:{about['client_secret']}".encode()).decode()
    asked = urlencode({"grant_type": "account_credentials", "account_id": about["account_id"]}).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/oauth/token", asked, {"Authorization": f"Basic {key}"})
    with urllib.request.urlopen(request) as answer:
        return str(json.loads(answer.read())["access_token"])
