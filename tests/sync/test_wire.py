"""The command mirrors a real server into a folder of its own, killed or not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.faults.servers import ACCOUNT, Server, run
from tests.helpers import a_meeting


def mirror(server: Any, folder: Path, client: dict[str, str], *words: str) -> Any:
    """Run the command to its end."""
    about = ["--base-url", server.url, "--account-id", ACCOUNT, "--client-id", client["client_id"]]
    days = ["--from", "2026-03-01", "--to", "2026-03-03", "--once"]
    return run("sync", *about, *days, *words, "--data-dir", folder, CALLBOARD_SYNC_CLIENT_SECRET=client["client_secret"])


def told(folder: Path, *asked: str) -> Any:
    """What a folder answers to a question, in Zoom's form."""
    done = run("query", *asked, "--wire", "--json", "--account", ACCOUNT, "--data-dir", folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_command_mirrors_a_server(tmp_path: Path) -> None:
    """A server's meetings are in the folder afterwards; a second run asks no more, and `status` says that they are there."""
    folder = tmp_path / "mirror"
    with Server(tmp_path / "upstream") as server:
        for event in a_meeting(people=3):
            event["payload"]["account_id"] = ACCOUNT
            assert server.post(event) == 200
        done = mirror(server, folder, server.client())
        assert done.returncode == 0, done.stderr
        again = mirror(server, folder, server.client())
        assert "0 of 0 days, 0 calls" in again.stderr
        for asked in (
            ("list_meetings", "type=past", "from=2026-03-01", "to=2026-03-03"),
            ("list_meeting_participants", "type=past", "id=AAAAAAAAAAAAAAAAAAAAAA=="),
        ):
            assert told(folder, *asked) == told(server.folder, *asked)
    status = run("sync", "status", "--json", "--data-dir", folder)
    assert {row["state"] for row in json.loads(status.stdout)} == {"complete"}
