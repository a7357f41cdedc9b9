"""`callboard import` and `callboard export`, beside a running server and without one."""

from __future__ import annotations

import gzip
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.servers import ACCOUNT, CALLBOARD, Server, environ, run

ROWS = [{"room_id": f"r{n}", "room_name": f"Room {n}"} for n in range(3)]
BAD = {"room_id": "r9", "capacity": "many"}


@pytest.fixture(params=["beside a server", "alone"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A data folder of its own, with a server and without."""
    if request.param == "alone":
        yield tmp_path / "data"
        return
    with Server(tmp_path / "data") as server:
        yield server.folder


def test_files_go_in_and_come_out(folder: Path, tmp_path: Path) -> None:
    """Refused rows are in a file beside with line, reason and row, and the exit code says so; the rest comes out again."""
    given, out = tmp_path / "rooms.ndjson.gz", tmp_path / "out.csv.gz"
    given.write_bytes(gzip.compress("\n".join(map(json.dumps, [*ROWS, BAD])).encode()))
    done = run("import", given, "--data-dir", folder, "--account", ACCOUNT, "--json")
    assert done.returncode == 3, done.stderr
    (said,) = json.loads(done.stdout)
    assert (said["what"], said["rows"], said["refused"]) == ("rooms", {"rooms": 3}, 1)
    (kept,) = [json.loads(line) for line in Path(said["kept"]).read_text().splitlines()]
    assert (kept["line"], kept["row"], "whole number" in kept["reason"]) == (4, BAD, True)
    assert run("export", "rooms", "--data-dir", folder, "--account", ACCOUNT, "-o", out, "--columns", "room_id").returncode == 0
    assert gzip.decompress(out.read_bytes()).split() == [b"room_id", b"r0", b"r1", b"r2"]
    listed = run("export", "list_zoomrooms", "--data-dir", folder, "--account", ACCOUNT, "--format", "ndjson", "--wire")
    assert [json.loads(line)["room_name"] for line in listed.stdout.splitlines()] == ["Room 0", "Room 1", "Room 2"]


def test_a_dry_run_from_standard_input_touches_nothing(tmp_path: Path) -> None:
    """It says what would be loaded and what is wrong; no folder and no file are made."""
    command = [CALLBOARD, "import", "-", "--dry-run", "--data-dir", str(tmp_path / "data"), "--account", "a", "--json"]
    given = "\n".join(map(json.dumps, [*ROWS, BAD]))
    done = subprocess.run(
        command, input=given, env=environ(), capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path
    )
    (said,) = json.loads(done.stdout)
    assert (done.returncode, said["rows"], said["first"][0]["line"]) == (3, {"rooms": 3}, 4)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["import", "no-such-file"], 2, "no-such-file"),
        (["import", "{}", "--timezone", "Mars/Olympus"], 2, "Mars/Olympus"),
        (["import", "{}", "--dry-run"], 1, "--account"),
        (["export", "nonsense"], 2, "nonsense"),
        (["export", "rooms", "--format", "pdf"], 2, "pdf"),
        (["export", "rooms"], 1, "there is no"),
    ],
)
def test_what_cannot_be_meant_is_told(tmp_path: Path, words: list[str], code: int, says: str) -> None:
    """With a sentence."""
    given = tmp_path / "rooms.ndjson"
    given.write_text(json.dumps(ROWS[0]))
    done = run(*(word.format(given) for word in words), "--data-dir", tmp_path / "data")
    assert (done.returncode, says in done.stderr, "Traceback" in done.stderr) == (code, True, False)
