"""Servers in processes of their own, on data folders of their own."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

import httpx2 as httpx

from callboard.api.ingest_routes import sign
from callboard.settings import Settings

CALLBOARD = str(Path(sys.executable).parent / "callboard")
SECRET = "example-secret-token"
ACCOUNT = "account-1"
KEEP = {f"CALLBOARD_{name.upper()}": "forever" for name in Settings.model_fields if name.startswith("retention_")}


def environ(**given: str) -> dict[str, str]:
    """The environment without Callboard's variables, and these."""
    return {k: v for k, v in os.environ.items() if not k.startswith("CALLBOARD_")} | KEEP | given


def run(*words: str | Path, seconds: float = 60, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    command = [CALLBOARD, *map(str, words)]
    return subprocess.run(command, env=environ(**variables), capture_output=True, text=True, timeout=seconds, check=False)


class Serving:
    """A command of Callboard's that serves, on a free port. Use it as a context; it is killed at the end if it still runs."""

    def __init__(self, command: list[str], folder: Path, **variables: str) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [CALLBOARD, *command, "--data-dir", str(folder), "--port", "0", "--rate-policy", "unlimited"],
            env=environ(COLUMNS="200", **variables),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.said = ""
        self.url = self._listening()
        self.http = httpx.Client(base_url=self.url, timeout=30, verify=False)

    def _listening(self, seconds: float = 120) -> str:
        assert self.process.stderr is not None
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            # Not by lines: of two that come at once the second would wait in a buffer, where select sees nothing.
            ready, _, _ = select.select([self.process.stderr], [], [], 0.5)
            self.said += os.read(self.process.stderr.fileno(), 65_536).decode() if ready else ""
            if found := re.search(r"listens on (http://\S+)\s", self.said):
                return found[1]
            if self.process.poll() is not None:
                break
        self.stop(signal.SIGKILL)
        raise AssertionError(f"no server: {self.said}")

    def stop(self, number: int = signal.SIGTERM, seconds: float = 20) -> int:
        """Send a signal; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            code = self.process.wait(seconds)
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
            if self.process.stderr is not None and not self.process.stderr.closed:
                self.process.stderr.close()
        return code

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()
        self.stop(signal.SIGKILL)


class Server(Serving):
    """`callboard serve` of one account."""

    def __init__(self, folder: Path, *options: str, **variables: str) -> None:
        given = ["--account-id", ACCOUNT, "--webhook-secret", SECRET, *options]
        super().__init__(["serve", *given], folder, **variables)

    def post(self, body: dict[str, Any], client: httpx.Client | None = None) -> int:
        """Post a signed event; the status."""
        data, stamp = json.dumps(body).encode(), str(int(time.time()))
        headers = {"x-zm-request-timestamp": stamp, "x-zm-signature": sign(SECRET, stamp, data)}
        return (client or self.http).post("/webhooks/zoom", content=data, headers=headers).status_code

    def client(self) -> dict[str, Any]:
        """A client of the account, made by a command beside the server."""
        made = run("client", "create", "--account", ACCOUNT, "--name", "test", "--data-dir", self.folder, "--json")
        assert made.returncode == 0, made.stderr
        found: dict[str, Any] = json.loads(made.stdout)
        return found

    def token(self) -> str:
        """An access token."""
        client = self.client()
        asked = {"grant_type": "account_credentials", "account_id": ACCOUNT}
        answer = self.http.post("/oauth/token", data=asked, auth=(client["client_id"], client["client_secret"]))
        return str(answer.json()["access_token"])


class Demo(Serving):
    """`callboard demo` of an organisation; `about` is what its `demo.json` says."""

    def __init__(self, folder: Path, people: int, days: int, *options: str) -> None:
        super().__init__(["demo", "--people", str(people), "--days", str(days), "--no-live", *options], folder)
        self.about: dict[str, Any] = json.loads((folder / "demo.json").read_text())


def joined(n: int, uuid: str = "A==") -> dict[str, Any]:
    """The nth person joined."""
    who = {"user_id": str(10_000 + n), "user_name": f"Person {n}", "join_time": "2026-03-02T10:01:00Z"}
    about = {"id": 99, "uuid": uuid, "start_time": "2026-03-02T10:00:00Z", "type": 8, "participant": who}
    return {
        "event": "meeting.participant_joined",
        "event_ts": 1772445660000 + n,
        "payload": {"account_id": ACCOUNT, "object": about},
    }


def minute(n: int, uuid: str = "A==") -> dict[str, Any]:
    """A minute of quality of the nth person."""
    sample = {"type": "audio_input", "date_time": "2026-03-02T10:02:00Z", "details": {"bitrate": f"{n + 1} kbps"}}
    event = joined(n, uuid) | {"event": "meeting.participant_qos"}
    event["payload"]["object"]["participant"] |= {"qos": [sample]}
    return event


def ended(uuid: str = "A==") -> dict[str, Any]:
    """The meeting ended."""
    about = {"id": 99, "uuid": uuid, "start_time": "2026-03-02T10:00:00Z", "end_time": "2026-03-02T10:40:00Z", "type": 8}
    return {"event": "meeting.ended", "event_ts": 1772448000000, "payload": {"account_id": ACCOUNT, "object": about}}
