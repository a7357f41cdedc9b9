"""Every command that needs facts, beside a running server and without one: the same answers."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from callboard.contract.errors import Unavailable
from callboard.store.engine import EngineError, parse_result
from callboard.store.remote import RemoteEngine
from tests.faults.servers import ACCOUNT, Server, ended, joined, minute, run

EVENTS = [joined(0), joined(1), minute(0), ended(), {"event": "phone.ringing", "event_ts": 1, "payload": {"account_id": ACCOUNT}}]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that has heard of a meeting; a question may take it a second."""
    with Server(tmp_path_factory.mktemp("served"), CALLBOARD_QUERY_SECONDS="1") as server:
        assert [server.post(event) for event in EVENTS] == [200] * len(EVENTS)
        yield server


@pytest.fixture(scope="module")
def resting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same folder without a server."""
    folder = tmp_path_factory.mktemp("resting")
    with Server(folder) as server:
        assert [server.post(event) for event in EVENTS] == [200] * len(EVENTS)
        server.stop()
    return folder


@pytest.fixture(params=["beside a server", "alone"])
def folder(request: pytest.FixtureRequest) -> Path:
    """A data folder that has heard of a meeting, with a server and without."""
    if request.param == "alone":
        found: Path = request.getfixturevalue("resting")
        return found
    return Path(request.getfixturevalue("served").folder)


def said(*words: str | Path, code: int = 0) -> Any:
    """What a command prints as JSON."""
    done = run(*words, "--json")
    assert done.returncode == code, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_query_answers(folder: Path) -> None:
    """`query` gives numbers, the same with a server and without one."""
    page = said("query", "list_meeting_participants", "id=99", "type=past", "--data-dir", folder)
    assert (page["total_records"], [p["user_id"] for p in page["participants"]]) == (2, ["10000", "10001"])


def test_query_explains_what_is_not_there(served: Server) -> None:
    """A meeting that is not there is a sentence and exit code 1."""
    done = run("query", "get_meeting", "id=5", "type=past", "--data-dir", served.folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert "not available or ID is not valid" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_replay_applies_all_raw_events_again(folder: Path) -> None:
    """`replay` goes through all raw events, and says what became of them."""
    assert said("replay", "--data-dir", folder) == [{"events": 5, "applied": 4, "kept": 1, "refused": 0}]


def test_doctor_finds_nothing_but_what_is_so(folder: Path, served: Server) -> None:
    """`doctor` says whether a server runs, and its exit code whether something is to be looked at."""
    found = {f["check"]: (f[""], f["found"]) for f in said("doctor", "--data-dir", folder)}
    assert found["server"][1].startswith("running" if folder == served.folder else "not running")
    assert {well for well, _ in found.values()} == {"ok"}


def test_a_second_server_is_refused(served: Server) -> None:
    """A folder has one server: a second is refused with a sentence that names the owner, and the first goes on."""
    second = run("serve", "--data-dir", served.folder, "--port", "0")
    assert (second.returncode, second.stdout) == (1, "")
    assert f"in use by process {served.process.pid}" in " ".join(second.stderr.split())
    assert served.http.get("/v1/health").status_code == 200


def test_a_port_in_use_is_told(served: Server, tmp_path: Path) -> None:
    """A port that another server has is a sentence and exit code 1."""
    second = run("serve", "--data-dir", tmp_path, "--port", served.url.rpartition(":")[2])
    assert (second.returncode, "Traceback" in second.stderr) == (1, False)
    assert "callboard:" in second.stderr


def test_a_client_made_beside_a_server_works_and_a_revoked_one_does_not(served: Server) -> None:
    """A client works as soon as a command made it, and no longer when a command revoked it."""
    client = served.client()
    asked = {"grant_type": "account_credentials", "account_id": ACCOUNT}
    auth = (client["client_id"], client["client_secret"])
    assert served.http.post("/oauth/token", data=asked, auth=auth).status_code == 200
    assert run("client", "revoke", client["client_id"], "--data-dir", served.folder).returncode == 0
    assert served.http.post("/oauth/token", data=asked, auth=auth).status_code == 400


def test_tokens_outlive_a_new_key(served: Server) -> None:
    """A token signed before `keys rotate` goes on working, and new ones work at once."""
    old = served.token()
    assert run("keys", "rotate", "--data-dir", served.folder).returncode == 0
    answers = [served.http.get("/v1/freshness", headers={"Authorization": f"Bearer {t}"}) for t in (old, served.token())]
    assert [answer.status_code for answer in answers] == [200, 200]


# The socket: ClickHouse's own interface


@pytest.fixture(scope="module")
def remote(served: Server) -> Iterator[RemoteEngine]:
    engine = RemoteEngine(socket=served.folder / "socket", seconds=1)
    yield engine
    engine.close()


def test_the_socket_is_its_owners(served: Server) -> None:
    """Nobody but the folder's owner may ask through the socket, or read the folder."""
    modes = [path.stat().st_mode & 0o077 for path in (served.folder / "socket", served.folder / "control.db")]
    assert modes == [0, 0]


@pytest.mark.parametrize(
    ("sql", "params", "rows"),
    [
        ("SELECT 1, 'x', NULL", {}, [[1, "x", None]]),
        ("SELECT {n:UInt64}", {"n": 2**64 - 1}, [[2**64 - 1]]),
        ("SELECT {a:Array(String)}, {b:String}", {"a": ["it's", "&=%+ "], "b": "&=%+ é"}, [[["it's", "&=%+ "], "&=%+ é"]]),
        ("-- a comment\nSELECT toDateTime(1772445600, 'UTC')", {}, [["2026-03-02T10:00:00Z"]]),
        ("WITH 2 AS two SELECT two", {}, [[2]]),
        ("SELECT uuid, max(topic).2 FROM meetings GROUP BY uuid", {}, [["A==", ""]]),
    ],
)
def test_answers_through_the_socket_are_the_engines(remote: RemoteEngine, sql: str, params: Any, rows: Any) -> None:
    """The engine over the wire takes the same SQL and parameters, and gives the same rows, as the one inside."""
    assert parse_result(remote.read(sql, params)).rows == rows


def test_streams_through_the_socket_are_whole(remote: RemoteEngine) -> None:
    """A long answer comes whole, row by row."""
    lines = b"".join(remote.stream("SELECT number AS n FROM numbers({n:UInt32})", {"n": 100_000})).splitlines()
    assert [json.loads(lines[i]) for i in (0, -1)] == [{"n": 0}, {"n": 99_999}]
    assert len(lines) == 100_000


def test_rows_go_in_through_the_socket(remote: RemoteEngine) -> None:
    """What is inserted over the wire is there when the insert returns."""
    remote.insert("people", b'{"account_id": "x", "user_id": "1"}', "JSONEachRow")
    assert parse_result(remote.read("SELECT user_id FROM people WHERE account_id = 'x'")).rows == [["1"]]


@pytest.mark.parametrize("sql", ["SELECT nonsense", "NOT SQL", "SELECT * FROM nowhere"])
def test_bad_sql_through_the_socket_is_an_error(remote: RemoteEngine, sql: str) -> None:
    """A fault of ours is the same error over the wire as inside."""
    with pytest.raises(EngineError):
        remote.read(sql)


def test_a_limit_hit_through_the_socket_is_503(remote: RemoteEngine) -> None:
    """A question that takes too long is `Unavailable` over the wire as it is inside."""
    with pytest.raises(Unavailable):
        remote.read("SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1")


def test_without_a_server_the_socket_says_so(tmp_path: Path) -> None:
    """A socket that nobody answers on is an error with words, for a question and for a stream."""
    engine = RemoteEngine(socket=tmp_path / "socket")
    with pytest.raises(EngineError, match="does not answer"):
        engine.read("SELECT 1")
    with pytest.raises(EngineError, match="does not answer"):
        list(engine.stream("SELECT 1"))
    engine.close()


def test_the_first_start_prints_a_link_for_the_first_user(served: Server) -> None:
    """Nobody can sign in yet, so the link is for an admin of the first client's account."""
    link = re.search(r"(/sign-in/link\?key=\w+)", served.said)
    assert link
    page = served.http.get(link[1])
    assert page.status_code == 200
    assert ACCOUNT in page.text


def test_a_user_made_beside_a_server_signs_in_until_disabled(served: Server) -> None:
    """`user create`, `link`, `list` and `disable` work while the server runs, and it knows within a second."""
    words = ("--data-dir", served.folder)
    mail = ["--mail", "ida@example.com"]
    made = said("user", "create", "--account", ACCOUNT, *mail, "--role", "admin", "--generate", *words)
    assert len(made["password"]) == 20
    (listed,) = said("user", "list", *words)
    assert (listed["mail"], listed["role"], listed["disabled"]) == ("ida@example.com", "admin", False)
    assert made["password"] not in json.dumps(listed)
    with httpx.Client(base_url=served.url, follow_redirects=True, timeout=30) as browser:
        page = browser.get("/sign-in")
        csrf = re.search(r'name="csrf" value="(\w+)"', page.text)
        assert csrf
        form = {"csrf": csrf[1], "mail": made["mail"], "password": made["password"]}
        assert browser.post("/sign-in", data=form).url.path == "/"
        assert browser.get("/v1/me").json()["mail"] == made["mail"]
        assert run("user", "disable", "ida@example.com", *words).returncode == 0
        end = time.monotonic() + 10
        while browser.get("/v1/me").status_code == 200 and time.monotonic() < end:
            pass
        assert browser.get("/v1/me").status_code == 401
