"""What a run is made with, handed to each of its measurements."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from bench import data, rival, servers
from bench.client import Caller
from bench.data import Scale
from bench.figures import Table
from bench.rival import Cluster


@dataclass
class Run:
    """One run: where its data is, which scales, how often, and what came out."""

    folder: Path
    scales: list[Scale]
    quick: bool
    stack: ExitStack
    tables: list[Table] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    @property
    def main(self) -> Path:
        """The data folder that holds every scale."""
        return self.folder / "main"

    @property
    def log(self) -> Path:
        """Where servers write what they say."""
        return self.folder / "servers.log"

    @property
    def largest(self) -> Scale:
        """The largest scale of this run."""
        return self.scales[-1]

    def times(self, full: int) -> int:
        """How often to ask: `full`, or a few times in a quick run."""
        return max(3, full // 20) if self.quick else full

    def say(self, text: str) -> None:
        """Tell how far it is."""
        sys.stderr.write(f"[{time.monotonic() - self.began:6.1f} s] {text}\n")
        sys.stderr.flush()

    def add(self, table: Table) -> Table:
        """Begin a table."""
        self.tables.append(table)
        return table

    @cached_property
    def caller(self) -> Caller:
        """The client process."""
        made = Caller()
        self.stack.callback(made.close)
        return made

    @cached_property
    def tokens(self) -> list[str]:
        """An access token for each account of the main folder."""
        return servers.tokens(self.main)

    @cached_property
    def cluster(self) -> Cluster:
        """PostgreSQL, running."""
        return self.stack.enter_context(rival.cluster(self.folder / "postgresql"))

    def build(self) -> None:
        """Make what is missing of every scale, here and in PostgreSQL."""
        self.main.mkdir(parents=True, exist_ok=True)
        for scale in self.scales:
            data.build(self.main / "facts", scale, self.say)
            self.cluster.fill(scale, self.main / "facts", self.say)

    def rival(self, scale: Scale) -> int:
        """The port of the PostgreSQL application on a scale, started at its first use."""
        return self._rivals.setdefault(scale.name, 0) or self._start_rival(scale)

    @cached_property
    def _rivals(self) -> dict[str, int]:
        return {}

    def _start_rival(self, scale: Scale) -> int:
        port = servers.free_port()
        command = [sys.executable, "-m", "bench.rival_app", str(port), self.cluster.dsn(rival.database(scale))]
        self.stack.enter_context(servers.outside(command, port, self.log, "/health"))
        self._rivals[scale.name] = port
        return port
