"""`/v1/me`, and what admins ask for and change."""

from __future__ import annotations

from typing import Any

import httpx2 as httpx
import pytest

from callboard.api.admin import ROUTES
from callboard.settings import Settings
from tests.helpers import Office, Person
from tests.people.browser import Browser

READS = [route.path for route in ROUTES if route.scope == "settings:read"]
CHANGES = [(route.method, route.path) for route in ROUTES if route.scope == "settings:write"]


def send(person: Person, method: str, path: str, **body: Any) -> httpx.Response:
    """A change that a page of a signed-in person sends."""
    csrf = person.http.get("/v1/me").json()["csrf_token"]
    return person.http.request(method, path, json=body, headers={"x-csrf-token": csrf})


def test_me_says_who_asks(office: Office) -> None:
    """A person with their name, a client with its id; and what each may see."""
    person = office.person(role="viewer", families=["chat"], groups=["north"], hide_personal=True, time_zone="Europe/Berlin")
    me = person.http.get("/v1/me").json()
    assert (me["kind"], me["id"], me["name"], me["mail"]) == ("person", person.user.id, "Ida Marsh", person.user.mail)
    assert (me["account_id"], me["families"], me["groups"]) == (office.account, ["chat"], ["north"])
    assert (me["may_see_personal"], me["time_zone"], me["scopes"]) == (False, "Europe/Berlin", ["dashboard:read"])
    client = office.ask("/v1/me", token=office.token("dashboard:read", role="room-admin"))
    assert (client["kind"], client["role"], client["csrf_token"]) == ("client", "room-admin", "")
    assert client["families"] == ["zoomrooms"]


@pytest.mark.parametrize("path", READS)
def test_settings_are_for_admins(office: Office, path: str) -> None:
    """Not for viewers, not for the scopes that programs have had so far, not for nobody."""
    assert office.person().http.get(path).status_code == 200
    assert office.get(path, token=office.token("settings:read")).status_code == 200
    for answer in (
        office.person(role="viewer").http.get(path),
        office.get(path, token=office.token("dashboard:read", "report:read:admin", "user:read:admin")),
        office.get(path, token=office.token("settings:write")),
        office.get(path, token=office.token("settings:read", role="viewer")),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, 4711)
    assert office.http.get(path).status_code == 401


@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_changes_are_for_admins_and_their_pages(office: Office, method: str, path: str) -> None:
    """A viewer's page may not, an admin's cookie without its token may not, and a program needs the scope."""
    path = path.format(client_id="none", user_id="none")
    assert send(office.person(role="viewer"), method, path).status_code == 403
    assert office.person().http.request(method, path, json={}).status_code == 403
    for scope, status in (("settings:read", 403), ("settings:write", {400, 404})):
        answer = office.http.request(method, path, json={}, headers={"authorization": f"Bearer {office.token(scope)}"})
        assert answer.status_code in (status if isinstance(status, set) else {status})


def test_every_setting_is_shown_and_no_secret(office: Office) -> None:
    """With value, default and sentence; secrets say only whether they are set."""
    place = office.reopened(webhook_secret="hush-hush", oidc_client_secret="hush-hush", retention_qos_days=30)
    answer = place.person().http.get("/v1/settings")
    assert "hush-hush" not in answer.text
    shown = {s["name"]: s for s in answer.json()["settings"]}
    assert set(shown) == set(Settings.model_fields)
    assert all(s["sentence"] and s["variable"] == f"CALLBOARD_{s['name'].upper()}" for s in shown.values())
    secret = shown["webhook_secret"]
    assert (secret["secret"], secret["value"], secret["is_set"]) == (True, None, True)
    kept = {r["facts"]: r["days"] for r in answer.json()["retention"]}
    assert (kept["qos"], kept["meetings"]) == (30, None)  # the tests keep meetings for ever
    assert set(kept) == {"meetings", "qos", "rooms", "chat", "activity", "events"}


def test_a_client_is_made_used_and_revoked(office: Office) -> None:
    """Its secret is told once; another account's clients are not listed."""
    admin = office.person()
    made = send(admin, "POST", "/v1/clients", name="BI", role="viewer", families=["chat"], hide_personal=True)
    assert made.status_code == 201
    client = made.json()
    asked = {"grant_type": "client_credentials"}
    auth = (client["client_id"], client["client_secret"])
    token = office.http.post("/oauth/token", data=asked, auth=auth).json()["access_token"]
    assert office.ask("/v1/me", token=token)["may_see_personal"] is False
    listed = {c["client_id"]: c for c in admin.http.get("/v1/clients").json()["clients"]}
    assert (listed[client["client_id"]]["name"], listed[client["client_id"]]["revoked_at"]) == ("BI", None)
    assert client["client_secret"] not in admin.http.get("/v1/clients").text
    stranger = Office(office.parts, office.account + "-other", office.stack).person()
    assert client["client_id"] not in stranger.http.get("/v1/clients").text
    assert send(stranger, "DELETE", f"/v1/clients/{client['client_id']}").status_code == 404
    assert send(admin, "DELETE", f"/v1/clients/{client['client_id']}").status_code == 200
    assert send(admin, "DELETE", f"/v1/clients/{client['client_id']}").status_code == 404
    assert office.http.post("/oauth/token", data=asked, auth=auth).status_code == 400


def test_a_user_is_let_in_by_link(office: Office) -> None:
    """A new user sets a password of their own; nobody else ever knows it."""
    admin = office.person()
    made = send(admin, "POST", "/v1/users", name="Jun Park", mail=f"jun@{office.account}.example", role="viewer")
    assert made.status_code == 201
    browser = Browser(office)
    browser.open(made.json()["link"].partition("/sign-in")[1] + made.json()["link"].partition("/sign-in")[2])
    browser.send("/sign-in/link")
    browser.open("/sign-in/password")
    assert browser.send("/sign-in/password", password="a long password").status_code == 303
    (jun,) = [u for u in admin.http.get("/v1/users").json()["users"] if u["name"] == "Jun Park"]
    assert (jun["has_password"], jun["role"], jun["disabled_at"]) == (True, "viewer", None)
    again = send(admin, "POST", f"/v1/users/{jun['user_id']}/link")
    assert again.status_code == 201
    assert again.json()["link"] != made.json()["link"]


def test_a_user_is_changed_disabled_and_deleted(office: Office) -> None:
    """Each counts at once in the browser of whom it is about."""
    admin, jun = office.person(), office.person(role="viewer")
    path = f"/v1/users/{jun.user.id}"
    changed = send(admin, "PATCH", path, role="room-admin", groups=["north"], hide_personal=True, name="Jun")
    assert changed.status_code == 200
    me = jun.http.get("/v1/me").json()
    assert (me["role"], me["groups"], me["may_see_personal"], me["name"]) == ("room-admin", ["north"], False, "Jun")
    assert send(admin, "PATCH", path, disabled=True).json()["disabled_at"] is not None
    assert jun.http.get("/v1/me").status_code == 401
    assert send(admin, "PATCH", path, disabled=False).json()["disabled_at"] is None
    assert send(admin, "DELETE", path).status_code == 200
    assert jun.user.id not in admin.http.get("/v1/users").text


def test_nobody_locks_themselves_out(office: Office) -> None:
    """One's own role, and being disabled or deleted, are for another admin; one's own name is not."""
    admin = office.person()
    path = f"/v1/users/{admin.user.id}"
    for answer in (
        send(admin, "PATCH", path, role="viewer"),
        send(admin, "PATCH", path, disabled=True),
        send(admin, "DELETE", path),
    ):
        assert (answer.status_code, answer.json()["code"]) == (400, 300)
    assert send(admin, "PATCH", path, name="Ida M").json()["name"] == "Ida M"


def test_an_admin_changes_their_own_account_only(office: Office) -> None:
    """Another account's users are not there."""
    admin = office.person()
    other = Office(office.parts, office.account + "-other", office.stack).person()
    path = f"/v1/users/{other.user.id}"
    answers = [send(admin, "PATCH", path, name="x"), send(admin, "DELETE", path), send(admin, "POST", f"{path}/link")]
    assert [a.status_code for a in answers] == [404] * 3
    assert other.user.mail not in admin.http.get("/v1/users").text


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/v1/users", {"mail": "nobody"}, "'nobody' is no mail address"),
        ("/v1/users", {"mail": "a@b.example", "role": "boss"}, "role"),
        ("/v1/users", {"mail": "a@b.example", "families": ["x"]}, "No metric family 'x'"),
        ("/v1/users", {"mail": "a@b.example", "pasword": "x"}, "pasword"),
        ("/v1/users", {}, "mail"),
        ("/v1/clients", {"name": ""}, "name"),
    ],
)
def test_what_makes_no_sense_is_told(office: Office, path: str, body: dict[str, Any], said: str) -> None:
    """400 in the API's shape, naming the field or the mistake; nothing is made."""
    admin = office.person()
    answer = send(admin, "POST", path, **body)
    assert (answer.status_code, answer.json()["code"]) == (400, 300)
    assert said in answer.json()["message"]
    assert len(admin.http.get("/v1/users").json()["users"]) == 1


def test_a_mail_address_is_one_users(office: Office) -> None:
    """A second user with it is refused, at making and at changing."""
    admin, other = office.person(), office.person()
    assert "already" in send(admin, "POST", "/v1/users", mail=other.user.mail.upper()).json()["message"]
    changed = send(admin, "PATCH", f"/v1/users/{admin.user.id}", mail=other.user.mail)
    assert (changed.status_code, "another user" in changed.json()["message"].lower()) == (400, True)


def test_it_is_in_openapi(office: Office) -> None:
    """Each route with its body and answer."""
    paths = office.http.get("/v1/openapi.json").json()["paths"]
    for route in ROUTES:
        told = paths[route.path][route.method.lower()]
        assert told["operationId"] == route.name
        assert ("requestBody" in told) == (route.body is not None)
        assert str(route.status) in told["responses"]
