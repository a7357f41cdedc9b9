"""Open streams and the end of a server."""

from __future__ import annotations

import signal
import time
from pathlib import Path

from tests.faults.servers import Server


def test_a_stream_does_not_keep_the_server(tmp_path: Path) -> None:
    """Ctrl-C ends a server at once though a page listens to it, and the stream ends cleanly."""
    with Server(tmp_path / "data") as server:
        headers = {"Authorization": f"Bearer {server.token()}"}
        with server.http.stream("GET", "/v1/live", headers=headers) as stream:
            assert next(stream.iter_lines()).startswith("retry:")
            began = time.monotonic()
            code = server.stop(signal.SIGINT)
            assert time.monotonic() - began < 3
            assert code == 0
