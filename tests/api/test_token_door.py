"""`POST /oauth/token`, as Zoom's server-to-server clients call it, and the tokens it gives."""

from __future__ import annotations

import base64
import json
import sqlite3
import time
from typing import Any

import httpx2 as httpx
import pytest

from callboard.contract.access import BASIC
from callboard.control import Client
from tests.helpers import Office

MEETINGS = "/v2/metrics/meetings"
SCOPES = ("dashboard_meetings:read", "dashboard_webinars:read")


class Door:
    """A client of its own, at the token door."""

    def __init__(self, office: Office, scopes: tuple[str, ...] = SCOPES) -> None:
        made = office.parts.control.create_client(office.account, "door", now=1, scopes=scopes)
        self.office, self.client, self.secret = office, made.client, made.secret

    def basic(self, secret: str = "") -> dict[str, str]:
        """The credentials in a header."""
        plain = f"{self.client.id}:{secret or self.secret}"
        return {"Authorization": f"Basic {base64.b64encode(plain.encode()).decode()}"}

    @property
    def plain(self) -> dict[str, str]:
        """The credentials as parameters."""
        return {"client_id": self.client.id, "client_secret": self.secret}

    def ask(self, **request: Any) -> httpx.Response:
        """Ask for a token."""
        return self.office.http.post("/oauth/token", **request)

    def token(self, **said: str) -> str:
        """A token that is given."""
        answer = self.ask(headers=self.basic(), data={"grant_type": "account_credentials", **said})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])


@pytest.fixture
def door(small: Office) -> Door:
    """A new client of the account `small`."""
    return Door(small)


GRANT = {"grant_type": "account_credentials", "account_id": "small"}


@pytest.mark.parametrize("grant", ["query", "form"])
@pytest.mark.parametrize("credentials", ["basic", "query", "form"])
def test_grant_and_credentials_come_as_clients_send_them(door: Door, grant: str, credentials: str) -> None:
    """The grant in the query or a form; the credentials in a header, or beside it."""
    query = (GRANT if grant == "query" else {}) | (door.plain if credentials == "query" else {})
    form = (GRANT if grant == "form" else {}) | (door.plain if credentials == "form" else {})
    answer = door.ask(params=query, data=form, headers=door.basic() if credentials == "basic" else {})
    assert answer.status_code == 200, answer.text
    assert door.office.get(MEETINGS, token=answer.json()["access_token"]).status_code == 200


def test_the_answer_is_zooms(door: Door) -> None:
    """Five members; nothing may keep the answer."""
    answer = door.ask(headers=door.basic(), data=GRANT)
    said = answer.json()
    assert set(said) == {"access_token", "token_type", "expires_in", "scope", "api_url"}
    assert (said["token_type"], said["expires_in"], said["scope"]) == ("bearer", 3600, " ".join(SCOPES))
    assert answer.headers["cache-control"] == "no-store"


def test_the_account_may_be_left_out(door: Door) -> None:
    """A client has one account."""
    assert door.token()


def test_client_credentials_is_a_grant_too(door: Door) -> None:
    """Generic OAuth libraries know no other."""
    assert door.ask(headers=door.basic(), data={"grant_type": "client_credentials"}).status_code == 200


def test_basic_credentials_may_be_url_encoded(small: Office) -> None:
    """RFC 6749 encodes them before base64, and some libraries do."""
    door = Door(small)
    answer = door.ask(auth=(door.client.id.replace("-", "%2D"), door.secret), data=GRANT)
    assert answer.status_code == 200


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
def test_the_scheme_is_of_any_case(door: Door, scheme: str) -> None:
    """`token_type` is `bearer`, and clients copy it."""
    answer = door.office.http.get(MEETINGS, headers={"Authorization": f"{scheme} {door.token()}"})
    assert answer.status_code == 200


def refused(answer: httpx.Response, error: str, reason: str) -> None:
    assert (answer.status_code, answer.json()) == (400, {"reason": reason, "error": error})


@pytest.mark.parametrize("grant", ["", "password", "authorization_code", "Account_Credentials"])
def test_another_grant_is_refused(door: Door, grant: str) -> None:
    """In the token door's own shape: reason and error."""
    refused(door.ask(headers=door.basic(), data={"grant_type": grant}), "unsupported_grant_type", "unsupported grant type")


BAD_CLIENT = ("invalid_client", "Invalid client_id or client_secret")


def test_a_wrong_secret_is_refused(door: Door) -> None:
    """And nothing says whether the client exists."""
    refused(door.ask(headers=door.basic("wrong"), data=GRANT), *BAD_CLIENT)
    refused(door.ask(data=GRANT | {"client_id": "nobody", "client_secret": "wrong"}), *BAD_CLIENT)


@pytest.mark.parametrize("header", ["Basic", "Basic !!!", "Basic bm9jb2xvbg==", "Basic /////w==", "Bearer x", ""])
def test_credentials_that_make_no_sense_are_refused(small: Office, header: str) -> None:
    """400, not a fault."""
    refused(small.http.post("/oauth/token", headers={"Authorization": header}, data=GRANT), *BAD_CLIENT)


@pytest.mark.parametrize("body", [b"\xff\xfe", b"grant_type", b"{", b"&&&=", b"x" * 100_000])
def test_a_body_that_makes_no_sense_is_refused(door: Door, body: bytes) -> None:
    """As a request without a grant."""
    refused(door.ask(headers=door.basic(), content=body), "unsupported_grant_type", "unsupported grant type")


def test_the_account_of_another_is_refused(door: Door) -> None:
    """A client's tokens are for its own account."""
    refused(door.ask(headers=door.basic(), data=GRANT | {"account_id": "other"}), "invalid_request", "Bad Request")


def test_a_get_is_no_way_to_a_token(door: Door) -> None:
    """405, in the API's shape."""
    answer = door.office.http.get("/oauth/token", params=GRANT, headers=door.basic())
    assert (answer.status_code, set(answer.json())) == (405, {"code", "message"})


def test_a_token_can_be_asked_for_fewer_scopes(door: Door) -> None:
    """And then opens less."""
    token = door.token(scope="dashboard_webinars:read")
    assert door.office.get("/v2/metrics/webinars", token=token).status_code == 200
    assert door.office.get(MEETINGS, token=token).status_code == 403


def test_a_token_never_gets_more_scopes_than_its_client(door: Door) -> None:
    """What a client does not have is left out of `scope`."""
    answer = door.ask(headers=door.basic(), data=GRANT | {"scope": f"{BASIC} dashboard_meetings:read"})
    assert answer.json()["scope"] == "dashboard_meetings:read"


def unauthorised(answer: httpx.Response, message: str) -> None:
    assert (answer.status_code, answer.json()) == (401, {"code": 124, "message": message})


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Bearer x", "Bearer a.b.c", "Basic eA==", "Token x", "Bearer \xe4"]
)
def test_what_is_no_token_is_refused(small: Office, header: str | None) -> None:
    """401 and code 124."""
    headers = {"Authorization": header.encode("latin-1")} if header is not None else {}
    unauthorised(small.http.get(MEETINGS, headers=headers), "Invalid access token.")


def test_an_expired_token_says_so(small: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients fetch a new one when the message begins so."""
    past = time.time() - 3700
    client = Door(small).client
    monkeypatch.setattr(time, "time", lambda: past)
    token = small.desk.tokens.issue(client, list(SCOPES))
    monkeypatch.undo()
    unauthorised(small.get(MEETINGS, token=token), "Access token is expired.")


def _parts(token: str) -> tuple[dict[str, Any], dict[str, Any], str]:
    head, claims, signature = token.split(".")
    return (*(json.loads(base64.urlsafe_b64decode(part + "==")) for part in (head, claims)), signature)


def _encoded(said: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def test_a_token_whose_claims_were_changed_is_refused(door: Door) -> None:
    """Another account, the old signature."""
    head, claims, signature = _parts(door.token())
    unauthorised(
        door.office.get(MEETINGS, token=f"{_encoded(head)}.{_encoded(claims | {'aid': 'other'})}.{signature}"),
        "Invalid access token.",
    )


def test_a_token_that_claims_to_need_no_signature_is_refused(door: Door) -> None:
    """`alg: none` is the oldest trick."""
    head, claims, _ = _parts(door.token())
    unauthorised(
        door.office.get(MEETINGS, token=f"{_encoded(head | {'alg': 'none'})}.{_encoded(claims)}."), "Invalid access token."
    )


def test_a_token_in_the_query_is_not_looked_at(door: Door) -> None:
    """Zoom has refused those since 2023: they end up in logs."""
    unauthorised(door.office.http.get(MEETINGS, params={"access_token": door.token()}), "Invalid access token.")


def test_a_revoked_client_gets_no_token_and_its_tokens_stop(door: Door) -> None:
    """At once in a new process, within a second in one that runs."""
    token = door.token()
    assert door.office.parts.control.revoke_client(door.client.id, now=int(time.time()))
    refused(door.ask(headers=door.basic(), data=GRANT), *BAD_CLIENT)
    unauthorised(door.office.reopened().get(MEETINGS, token=token), "Invalid access token.")


def test_a_running_app_hears_of_a_revoked_client_within_a_second(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it remembers of a client is a second old at the most."""
    token = door.token()
    assert door.office.get(MEETINGS, token=token).status_code == 200
    door.office.parts.control.revoke_client(door.client.id, now=int(time.time()))
    later = time.monotonic() + 1.1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    unauthorised(door.office.get(MEETINGS, token=token), "Invalid access token.")


def test_a_new_token_leaves_the_older_one_valid(door: Door) -> None:
    """Two programs may share a client."""
    tokens = [door.token(), door.token()]
    assert [door.office.get(MEETINGS, token=token).status_code for token in tokens] == [200, 200]


def rotate(office: Office) -> None:
    office.parts.control.rotate_keys(now=int(time.time()), lifetime=3600)


def test_new_keys_leave_old_tokens_valid(door: Door) -> None:
    """In a running app, and in one that starts later."""
    token = door.token()
    rotate(door.office)
    assert door.office.get(MEETINGS, token=token).status_code == 200
    assert door.office.reopened().get(MEETINGS, token=token).status_code == 200


def test_a_running_app_takes_tokens_signed_with_a_new_key(door: Door) -> None:
    """Another process rotated, and signed with the new key: this one looks again."""
    door.token()
    rotate(door.office)
    fresh = door.office.reopened().desk.tokens.issue(door.client, list(SCOPES))
    assert door.office.get(MEETINGS, token=fresh).status_code == 200


def test_page_tokens_outlive_new_keys(door: Door) -> None:
    """A loop that is under way when the keys change goes on."""
    path = "/v2/metrics/meetings/north%2Fmeeting%3D%3D/participants"
    page = door.office.ask(path, type="past", page_size=1)
    rotate(door.office)
    answer = door.office.reopened().get(path, next_page_token=page["next_page_token"])
    assert (answer.status_code, len(answer.json()["participants"])) == (200, 1)


def test_a_running_app_takes_page_tokens_signed_with_a_new_key(door: Door) -> None:
    """One of several processes started after the keys changed; the next page is asked of another."""
    path = "/v2/metrics/meetings/north%2Fmeeting%3D%3D/participants"
    older = door.office.reopened()
    rotate(door.office)
    page = door.office.reopened().ask(path, type="past", page_size=1)
    assert older.get(path, next_page_token=page["next_page_token"]).status_code == 200


def _stored(office: Office) -> bytes:
    path = office.parts.settings.data_dir / "control.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(FULL)")
        rows = "".join(connection.iterdump())
    connection.close()
    return rows.encode() + path.read_bytes()


def test_client_secrets_are_not_stored(door: Door) -> None:
    """Neither in clear nor in base64: a stolen file opens nothing."""
    stored = _stored(door.office)
    assert door.client.id.encode() in stored
    assert door.secret.encode() not in stored
    assert base64.b64encode(door.secret.encode()) not in stored


def test_access_tokens_are_not_stored(door: Door) -> None:
    """They are signed, and that is all."""
    assert door.token().encode() not in _stored(door.office)


def test_the_control_store_is_for_its_owner_only(small: Office) -> None:
    """Signing keys are in it."""
    assert (small.parts.settings.data_dir / "control.db").stat().st_mode & 0o077 == 0


def test_a_client_keeps_no_secret_in_memory(door: Door) -> None:
    """`Client` has no field for it."""
    assert door.secret not in repr(door.client)
    assert isinstance(door.client, Client)
