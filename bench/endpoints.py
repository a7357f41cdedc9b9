"""Every endpoint on the demo of 500 people and 30 days; the heaviest on ten times that."""

from __future__ import annotations

import base64
import json
import os
import shutil
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
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
TIMES_GROWN: Final = 5
P50_MS: Final = 50
HEAVIEST: Final = 5
TODAY: Final = "bench-goes-on=="
NOTE: Final = (
    "Asked for a month, or for one instance of it: the largest; `bulk_qos` for a day. `as served`: just before each question "
    "a minute of quality of a meeting that goes on came in, so that today is worked out anew; closed days are remembered, and "
    "the first question of each kind is among the measured ones. `worked out`: nothing is remembered between questions. "
    "`processor`: what the server spent on each of those, on all cores together. Times in ms."
)
_WAYS: Final = ("as served p50", "p99", "p50 target", "worked out p50", "p99", "processor", "answer")


def endpoints(run: Run) -> None:
    """Each endpoint of the registry, worked out and as served; the heaviest once more on ten times the people."""
    people, days = (60, 8) if run.quick else (PEOPLE, DAYS)
    table = run.add(Table(f"Every endpoint: {people} people, {days} days", ("endpoint", *_WAYS), NOTE))
    small = _measured(run, people, days, list(ENDPOINTS), run.times(TIMES))
    for name, figures in sorted(small.items(), key=lambda item: -p50(item[1].served)):
        table.add(name, *figures.cells())
    _grown(run, people * 10, days, small)


def _grown(run: Run, people: int, days: int, small: dict[str, Figures]) -> None:
    heaviest = sorted((name for name in small if not small[name].stream), key=lambda name: -small[name].processor)[:HEAVIEST]
    note = f"{people:,} people, {days} days: ten times the meetings, joins and minutes in the same month. Times in ms."
    columns = ("endpoint", *_WAYS, "times as long, as served", "worked out")
    table = run.add(Table("The heaviest on ten times the people", columns, note))
    for name, figures in _measured(run, people, days, heaviest, run.times(TIMES_GROWN)).items():
        grown = (p50(figures.served) / p50(small[name].served), p50(figures.out) / p50(small[name].out))
        table.add(name, *figures.cells(), *(f"{times:.1f}" for times in grown))


@dataclass
class Figures:
    """How long an endpoint took in ms, worked out and as served; what it took of the processor; how long its answer is."""

    out: list[float]
    processor: float
    stream: bool
    served: list[float] = field(default_factory=list)
    size: int = 0

    def cells(self) -> tuple[str, ...]:
        """A row of the table without the name."""
        return (
            *(ms(p50(self.served)), ms(p99(self.served)), at_most(p50(self.served), P50_MS) if not self.stream else "–"),
            *(ms(p50(self.out)), ms(p99(self.out)), ms(self.processor), f"{self.size / 1000:,.1f} kB"),
        )


def _measured(run: Run, people: int, days: int, names: list[str], times: int) -> dict[str, Figures]:
    folder = run.folder / f"demo-{people}"
    if not (folder / "demo.json").exists():
        run.say(f"endpoints: filling {people} people")
        shutil.rmtree(folder, ignore_errors=True)
        with _demo(run, folder, people, days):
            pass
    made = dict[str, Figures]()
    with _demo(run, folder, people, days, CALLBOARD_CACHE_MB="0") as asker:
        for name in names:
            asker.took(name)  # files are opened and statements compiled
            before = asker.processor_ms()
            out = [asker.took(name)[0] for _ in range(times)]
            made[name] = Figures(out, (asker.processor_ms() - before) / times, ENDPOINTS[name].response is None)
    with _demo(run, folder, people, days) as asker:
        for name, figures in made.items():
            for _ in range(times):
                asker.tell()
                took, figures.size = asker.took(name)
                figures.served.append(took)
    return made


@contextmanager
def _demo(run: Run, folder: Path, people: int, days: int, **environ: str) -> Iterator[Asker]:
    port, program = servers.free_port(), str(Path(sys.executable).with_name("callboard"))
    size = ["--people", str(people), "--days", str(days), "--no-live", "--rate-policy", "unlimited"]
    command = [program, "demo", *size, "--port", str(port), "--data-dir", str(folder)]
    with servers.outside(command, port, run.log, **environ) as server:
        run.say(f"endpoints: asking {people} people {environ or 'as served'}")
        yield Asker(run, server, json.loads((folder / "demo.json").read_text()), days)


class Asker:
    """Asks a served demo."""

    def __init__(self, run: Run, server: servers.Outside, about: dict[str, Any], days: int) -> None:
        self._run, self._port, self._pid = run, server.port, server.pid
        self._token = _token(server.port, about["client_id"], about["client_secret"], about["account_id"])
        self._feeder = _token(server.port, about["feeder_id"], about["feeder_secret"], about["account_id"])
        now = datetime.now(UTC)
        self._tell("meetings", kind="meeting", number=84_999_999_990, topic="Goes on", start_time=now.isoformat())
        self._tell("participants", user_id="1", name="Someone", join_time=now.isoformat())
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
        if ENDPOINTS[name].response is None:  # a stream without an end known beforehand
            params["from"] = params["to"]
        said = self._run.caller.get(self._port, f"{path}?{urlencode(params)}", self._token)
        return said["ms"], said["bytes"]

    def tell(self) -> None:
        """Have a minute come in of a meeting that goes on."""
        self._tell("qos_minutes", user_id="1", minute=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:00Z}", leg="cloud", audio_score=400)

    def _tell(self, table: str, **row: Any) -> None:
        body = json.dumps({"uuid": TODAY, **row}).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self._port}/v1/facts/{table}", body)
        request.add_header("Authorization", f"Bearer {self._feeder}")
        with urllib.request.urlopen(request) as answer:
            assert json.load(answer)["accepted"] == 1

    def processor_ms(self) -> float:
        """Ms of processor that the server took since it started."""
        ticks = Path(f"/proc/{self._pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return sum(map(int, ticks)) * 1000 / os.sysconf("SC_CLK_TCK")


def _token(port: int, client: str, secret: str, account: str) -> str:
    key = base64.b64encode(f"{client}:{secret}".encode()).decode()
    asked = urlencode({"grant_type": "account_credentials", "account_id": account}).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/oauth/token", asked, {"Authorization": f"Basic {key}"})
    with urllib.request.urlopen(request) as answer:
        return str(json.loads(answer.read())["access_token"])
