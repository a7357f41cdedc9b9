"""Open streams and the end of a server."""

from __future__ import annotations

import signal
import time
from pathlib import Path

from tests.faults.servers import Server

PATIENCE = 5
"""Seconds that a server waits for answers that don't end by themselves."""

PATIENCE = 5
"""Seconds that a server waits for answers that don't end by themselves."""


def test_a_stream_does_not_keep_the_server(tmp_path: Path) -> None:
    """Ctrl-C ends a server at once though a page listens to it, and the stream ends cleanly."""
    with Server(tmp_path / "data") as server:
        headers = {"Authorization": f"Bearer {server.token()}"}
        with server.http.stream("GET", "/v1/live", headers=headers) as stream:
            lines = stream.iter_lines()
            assert next(lines).startswith("retry:")
            began = time.monotonic()
            server.process.send_signal(signal.SIGINT)
            assert len(list(lines)) < 10  # it ends
            assert time.monotonic() - began < PATIENCE - 1
        assert server.stop() == 0
