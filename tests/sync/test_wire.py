"""The command mirrors a real server into a folder of its own, killed or not."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

from tests.faults.servers import ACCOUNT, CALLBOARD, Server, environ, run
from tests.helpers import a_meeting


def options(server: Any, client: dict[str, str]) -> list[str]:
    """What names the account to mirror, and its days."""
    about = ["--base-url", server.url, "--account-id", ACCOUNT, "--client-id", client["client_id"]]
    return [*about, "--from", "2026-03-01", "--to", "2026-03-03"]


def mirror(server: Any, folder: Path, client: dict[str, str], *words: str) -> Any:
    """Run the command to its end."""
    asked = ["sync", *options(server, client), *words, "--data-dir", folder]
    return run(*asked, CALLBOARD_SYNC_CLIENT_SECRET=client["client_secret"])


def killed(server: Any, folder: Path, client: dict[str, str], after: float) -> None:
    """Start the command, and kill it some time after it has begun to ask."""
    variables = environ(CALLBOARD_SYNC_CLIENT_SECRET=client["client_secret"])
    command = [CALLBOARD, "sync", *options(server, client), "--once", "--data-dir", str(folder)]
    process = subprocess.Popen(command, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    before = asked_of(server)
    while process.poll() is None and asked_of(server) < before + after:
        pass
    process.kill()
    process.wait()


def asked_of(server: Any) -> float:
    """How many requests a server has answered."""
    counts = re.findall(r"^callboard_requests_total\{.*\} (\S+)$", server.http.get("/metrics").text, re.MULTILINE)
    return sum(map(float, counts))


def token_of(server: Any, client: dict[str, str]) -> str:
    """An access token of a client."""
    asked = {"grant_type": "account_credentials", "account_id": ACCOUNT}
    answer = server.http.post("/oauth/token", data=asked, auth=(client["client_id"], client["client_secret"]))
    return str(answer.json()["access_token"])


def told(folder: Path, *asked: str) -> Any:
    """What a folder answers to a question, in Zoom's form."""
    done = run("query", *asked, "--wire", "--json", "--account", ACCOUNT, "--data-dir", folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_command_mirrors_a_server(tmp_path: Path) -> None:
    """Killed on the way, it has a server's meetings in the folder in the end; then it asks no more, and `status` says so."""
    folder = tmp_path / "mirror"
    with Server(tmp_path / "upstream") as server:
        for event in a_meeting(people=3):
            event["payload"]["account_id"] = ACCOUNT
            assert server.post(event) == 200
        client = server.client()
        killed(server, folder, client, 30)
        done = mirror(server, folder, client, "--once")
        assert done.returncode == 0, done.stderr
        again = mirror(server, folder, client, "--once")
        assert "0 of 0 days, 0 calls" in again.stderr
        theirs = server.http.get(
            "/v2/metrics/meetings/84512036771/participants",
            params={"type": "past"},
            headers={"Authorization": f"Bearer {token_of(server, client)}"},
        )
        assert told(folder, "list_meeting_participants", "type=past", "id=84512036771") == theirs.json()
    status = run("sync", "status", "--all", "--json", "--data-dir", folder)
    assert {row["state"] for row in json.loads(status.stdout)} == {"complete"}
