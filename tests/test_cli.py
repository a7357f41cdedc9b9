"""The command line: what it says, to whom, and with which exit code. Commands that need facts: tests/faults."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from click.testing import Result
from typer.testing import CliRunner

from callboard.cli import app
from callboard.control import Control
from callboard.endpoints import ENDPOINTS

SCOPES = "dashboard:read,dashboard_meetings:read:admin report:read:admin"
Run = Callable[..., Result]


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs a command on a folder of its own."""
    for name in [n for n in os.environ if n.startswith("CALLBOARD_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CALLBOARD_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "300")

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, list(words))

    yield run
    structlog.reset_defaults()


def said(result: Any, code: int = 0) -> Any:
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


# Clients


def test_a_client_is_made_listed_and_revoked(cli: Run) -> None:
    """The secret is shown when a client is made and never again; a revoked client is listed as such."""
    made = said(cli("client", "create", "--account", "acc", "--name", "BI", "--scopes", SCOPES, "--json"))
    assert (made["account_id"], made["name"], made["role"], made["scopes"]) == (
        "acc",
        "BI",
        "admin",
        SCOPES.replace(",", " ").split(),
    )
    assert made["client_secret"]
    assert cli("client", "revoke", made["client_id"]).exit_code == 0
    (listed,) = said(cli("client", "list", "--json"))
    assert (listed["client_id"], listed["revoked"]) == (made["client_id"], True)
    assert made["client_secret"] not in json.dumps(listed)


def test_clients_are_listed_by_account(cli: Run) -> None:
    """`--account` narrows the list."""
    for account in ("one", "two", "two"):
        assert cli("client", "create", "--account", account, "--name", "x").exit_code == 0
    counts = [len(said(cli("client", "list", "--json", *only))) for only in ([], ["--account", "two"], ["--account", "x"])]
    assert counts == [3, 2, 0]


def test_a_made_clients_secret_is_its_own(cli: Run, tmp_path: Path) -> None:
    """What `client create` prints for people are the credentials that work, and the store holds no secret in clear."""
    printed = dict(line.split() for line in cli("client", "create", "--account", "acc", "--name", "x").stdout.splitlines())
    store = Control.in_folder(tmp_path / "data")
    assert store.client_by_secret(printed["client_id"], printed["client_secret"]) is not None
    assert store.client_by_secret(printed["client_id"], printed["client_secret"] + "x") is None
    store.close()
    assert printed["client_secret"].encode() not in (tmp_path / "data" / "control.db").read_bytes()


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["--role", "king"], "king"),
        (["--role", "viewer", "--families", "meetings,nonsense"], "nonsense"),
        (["--account", ""], "account"),
    ],
)
def test_a_client_that_makes_no_sense_is_refused(cli: Run, words: list[str], names: str) -> None:
    """An unknown role or family, or no account, is a sentence that names it and exit code 1."""
    done = cli("client", "create", "--account", "acc", "--name", "x", *words)
    assert (done.exit_code, done.stdout) == (1, "")
    assert names in done.stderr


def test_a_client_that_is_not_there_cannot_be_revoked(cli: Run) -> None:
    """To revoke an unknown client is exit code 1."""
    done = cli("client", "revoke", "nobody")
    assert (done.exit_code, "no client nobody" in done.stderr) == (1, True)


# Zoom apps and keys


def test_webhooks_are_made_listed_and_deleted(cli: Run) -> None:
    """Apps are listed without their secrets; a deleted one is gone, and can't be deleted again."""
    assert said(cli("webhook", "create", "--secret", "s3cret", "--json")) == [{"path": "/webhooks/zoom", "account_id": "any"}]
    assert cli("webhook", "create", "--secret", "t0ken", "--path", "emea", "--account", "acc").exit_code == 0
    listed = cli("webhook", "list", "--json")
    assert {row["path"]: row["account_id"] for row in said(listed)} == {"/webhooks/zoom": "any", "/webhooks/zoom/emea": "acc"}
    assert "s3cret" not in listed.stdout
    assert [cli("webhook", "delete", "emea").exit_code for _ in range(2)] == [0, 1]
    assert [row["path"] for row in said(cli("webhook", "list", "--json"))] == ["/webhooks/zoom"]


def test_keys_are_rotated(cli: Run, tmp_path: Path) -> None:
    """A new key signs, and the one before it still verifies."""
    first, second = (cli("keys", "rotate").stdout.split()[-1] for _ in range(2))
    store = Control.in_folder(tmp_path / "data")
    assert [key.id for key in store.keys(now=0)] == [first, second]
    store.close()


# Words


def test_query_lists_the_endpoints(cli: Run) -> None:
    """`query list` names every endpoint, for people and for programs."""
    assert {row["name"] for row in said(cli("query", "list", "--json"))} == set(ENDPOINTS)
    assert all(name in cli("query", "list").stdout for name in ENDPOINTS)


@pytest.mark.parametrize(
    "words",
    [
        ["query", "no_such_endpoint"],
        ["query", "list_meetings", "not-a-parameter"],
        ["replay", "--since", "yesterday"],
        ["simulate", "--to", "http://x", "--secret", "s", "--for", "ten"],
        ["no-such-command"],
        ["client", "create"],
        ["serve", "--port", "http"],
    ],
)
def test_wrong_words_are_exit_code_2(cli: Run, words: list[str]) -> None:
    """A command that can't be meant is refused before anything is touched."""
    done = cli(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr


def test_doctor_makes_no_folder(cli: Run, tmp_path: Path) -> None:
    """To look at a folder that is not there is exit code 1, and it is still not there."""
    done = cli("doctor")
    assert (done.exit_code, "there is no" in done.stderr) == (1, True)
    assert not (tmp_path / "data").exists()


# Settings


@pytest.mark.parametrize(
    ("variable", "text", "says"),
    [
        ("CALLBOARD_PROT", "80", "CALLBOARD_PROT is not a setting"),
        ("CALLBOARD_PORT", "http", "CALLBOARD_PORT"),
        ("CALLBOARD_RETENTION_QOS_DAYS", "soon", "CALLBOARD_RETENTION_QOS_DAYS"),
    ],
)
def test_a_wrong_setting_stops_every_command(
    cli: Run, monkeypatch: pytest.MonkeyPatch, variable: str, text: str, says: str
) -> None:
    """An unknown or malformed variable is named, with exit code 2, before anything is touched."""
    monkeypatch.setenv(variable, text)
    for words in (["client", "list"], ["doctor"], ["webhook", "list"], ["keys", "rotate"]):
        done = cli(*words)
        assert (done.exit_code, done.stdout) == (2, "")
        assert says in done.stderr


def test_whoever_makes_the_folder_it_is_its_owners(cli: Run, tmp_path: Path) -> None:
    """A folder made by a command before the first start can be read by nobody else."""
    assert cli("client", "create", "--account", "acc", "--name", "x").exit_code == 0
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


# Users


def test_user_says_what_is_wrong(cli: Run) -> None:
    """An address that is taken, one that is none, a short password, a name that nobody has."""
    create = ("user", "create", "--account", "acc", "--no-password")
    assert cli(*create, "--mail", "twice@example.com").exit_code == 0
    for words, sentence in (
        ((*create, "--mail", "Twice@example.com"), "there is a user twice@example.com already"),
        ((*create, "--mail", "nobody"), "'nobody' is no mail address"),
        ((*create, "--mail", "x@example.com", "--role", "boss"), "no role 'boss'"),
        (("user", "create", "--account", "acc", "--mail", "s@example.com", "--password-stdin"), "the password is too short"),
        (("user", "disable", "none@example.com"), "there is no user none@example.com"),
    ):
        done = cli(*words)
        assert done.exit_code in (1, 2), words
        assert sentence in " ".join(done.stderr.split())
    assert [user["mail"] for user in said(cli("user", "list", "--json"))] == ["twice@example.com"]


def test_a_user_is_made_changed_and_deleted(cli: Run, tmp_path: Path) -> None:
    """The password is kept hashed; a link names the server's address; accounts share a folder."""
    about = ("--groups", "north,south", "--families", "meetings", "--hide-personal", "--generate", "--json")
    made = said(cli("user", "create", "--account", "acc", "--mail", "Ida@example.com", *about))
    assert (made["mail"], made["role"], made["personal"]) == ("ida@example.com", "viewer", False)
    assert (made["families"], made["groups"]) == (["meetings"], ["north", "south"])
    assert cli("user", "create", "--account", "other", "--mail", "jun@example.com", "--no-password").exit_code == 0
    assert [user["name"] for user in said(cli("user", "list", "--account", "other", "--json"))] == ["jun@example.com"]
    changed = said(cli("user", "password", "ida@example.com", "--generate", "--json"))
    assert changed["password"] != made["password"]
    assert made["password"].encode() not in (tmp_path / "data" / "control.db").read_bytes()
    link = said(cli("user", "link", made["user_id"], "--base-url", "https://calls.example", "--json"))
    assert link["url"].startswith("https://calls.example/sign-in/link?key=")
    assert cli("user", "delete", "ida@example.com").exit_code == 0
    assert len(said(cli("user", "list", "--json"))) == 1
