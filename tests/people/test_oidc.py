"""Sign-in at an OpenID provider: a real one, a process on loopback."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2 as httpx
import pytest

from tests.helpers import Office
from tests.people.browser import Browser


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The provider's address."""
    environ = os.environ | {"PYTHONWARNINGS": "ignore", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", "0", "--require-nonce"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environ) as process:
        assert process.stdout
        try:
            found = next(m for line in process.stdout if (m := re.search(r"(http://\S+?):(\d+)", line)))
            yield f"http://localhost:{found[2]}"
        finally:
            process.terminate()


def knows(provider: str, sub: str, **claims: Any) -> None:
    """The provider has a user with these claims."""
    httpx.put(f"{provider}/users/{sub}", json=claims).raise_for_status()


def by(office: Office, provider: str, **settings: Any) -> Office:
    """The office behind this provider."""
    about = {"oidc_url": f"{provider}/.well-known/openid-configuration", "oidc_client_id": "callboard"}
    about |= {"oidc_client_secret": "secret", "oidc_account_id": office.account, "base_url": "http://testserver"}
    return office.reopened(**about | settings)


def go(browser: Browser, sub: str, to: str = "/") -> httpx.Response:
    """To the provider, where `sub` says yes, and back."""
    sent = browser.open(f"/sign-in/oidc?to={to}")
    back = httpx.post(sent.headers["location"], data={"sub": sub})
    return browser.open(back.headers["location"].removeprefix("http://testserver"))


def me(browser: Browser) -> dict[str, Any]:
    found: dict[str, Any] = browser.http.get("/v1/me").json()
    return found


def test_who_comes_from_the_provider_is_signed_in(office: Office, provider: str) -> None:
    """A user is made from the claims, and is the same at the next time; `to` is kept."""
    sub = f"new-{office.account}"
    knows(provider, sub, name="Jun Park", email=f"jun@{office.account}.example", email_verified=True)
    place = by(office, provider, oidc_create=True)
    browser = Browser(place)
    assert go(browser, sub, "/meetings").headers["location"] == "/meetings"
    first = me(browser)
    assert (first["name"], first["mail"], first["role"], first["account_id"]) == (
        "Jun Park",
        f"jun@{office.account}.example",
        "viewer",
        office.account,
    )
    again = Browser(place)
    go(again, sub)
    assert me(again)["id"] == first["id"]


def test_the_question_is_bound_to_the_browser(office: Office, provider: str) -> None:
    """State, nonce and PKCE go along, new ones each time."""
    browser = Browser(by(office, provider))
    asked = [parse_qs(urlsplit(browser.open("/sign-in/oidc").headers["location"]).query) for _ in range(2)]
    for question in asked:
        assert question["code_challenge_method"] == ["S256"]
        assert question["redirect_uri"] == ["http://testserver/sign-in/oidc/back"]
    for name in ("state", "nonce", "code_challenge"):
        assert len({question[name][0] for question in asked}) == 2, name


def test_an_answer_to_another_browser_signs_nobody_in(office: Office, provider: str) -> None:
    """Without the cookie of the question, with another's state, or a second time."""
    sub = f"bound-{office.account}"
    knows(provider, sub, email=f"b@{office.account}.example", email_verified=True)
    place = by(office, provider, oidc_create=True)
    mine, other = Browser(place), Browser(place)
    back = httpx.post(mine.open("/sign-in/oidc").headers["location"], data={"sub": sub}).headers["location"]
    back = back.removeprefix("http://testserver")
    assert other.open(back).status_code == 401
    other.open("/sign-in/oidc")
    assert other.open(back).status_code == 401
    assert mine.open(back).status_code == 303
    assert mine.open(back).status_code == 401


def test_only_known_people_come_in_unless_said_otherwise(office: Office, provider: str) -> None:
    """By a mail address that the provider has verified; from then on by its own name for them."""
    people, mail, sub = office.parts.control.people, f"known@{office.account}.example", f"known-{office.account}"
    user = people.create_user(office.account, "Known", mail, now=1, role="room-admin")
    place = by(office, provider)
    knows(provider, sub, email=mail, email_verified=False)
    stranger = Browser(place)
    assert go(stranger, sub).status_code == 401
    assert "not known here" in stranger.page.text
    knows(provider, sub, email=mail, email_verified=True)
    browser = Browser(place)
    assert go(browser, sub).status_code == 303
    assert (me(browser)["id"], me(browser)["role"]) == (user.id, "room-admin")
    knows(provider, sub, email="moved@example.com")
    assert go(Browser(place), sub).status_code == 303
    knows(provider, f"thief-{sub}", email=mail, email_verified=True)
    assert go(Browser(place), f"thief-{sub}").status_code == 401


def test_claims_give_role_and_groups(office: Office, provider: str) -> None:
    """At each sign-in anew, the highest of several roles; who has none is refused if the settings say so."""
    sub = f"roles-{office.account}"
    about = {"oidc_role_claim": "groups", "oidc_roles": '{"it-staff": "admin", "all": "viewer"}', "oidc_groups_claim": "sites"}
    place = by(office, provider, oidc_create=True, oidc_default_role="", **about)
    found = []
    for groups, sites in ((["all", "it-staff"], []), (["all"], ["north"]), ([], [])):
        knows(provider, sub, email=f"r@{office.account}.example", groups=groups, sites=sites)
        browser = Browser(place)
        answer = go(browser, sub)
        found.append((answer.status_code, me(browser).get("role"), me(browser).get("groups")))
    assert found == [(303, "admin", []), (303, "viewer", ["north"]), (401, None, None)]


def test_a_disabled_user_is_refused(office: Office, provider: str) -> None:
    """Whatever the provider says."""
    sub = f"out-{office.account}"
    place = by(office, provider, oidc_create=True)
    browser = Browser(place)
    go(browser, sub)
    office.parts.control.people.disable_user(me(browser)["id"], now=1)
    assert go(Browser(place), sub).status_code == 401


def test_a_no_at_the_provider_is_told(office: Office, provider: str) -> None:
    """Back on the sign-in page, with its word for it."""
    browser = Browser(by(office, provider))
    sent = browser.open("/sign-in/oidc")
    back = httpx.post(sent.headers["location"], data={"action": "deny"}).headers["location"]
    query = urlsplit(back).query
    state = parse_qs(urlsplit(sent.headers["location"]).query)["state"][0]
    assert browser.open(f"/sign-in/oidc/back?{query}&state={state}").status_code == 401
    assert "access_denied" in browser.page.text


def test_a_provider_that_is_away_is_told(office: Office) -> None:
    """502, and the form for passwords is still there."""
    browser = Browser(by(office, "http://127.0.0.1:9"))
    began = time.monotonic()
    assert browser.open("/sign-in/oidc").status_code == 502
    assert time.monotonic() - began < 10
    assert "does not answer" in browser.page.text
    assert browser.fields("/sign-in")["csrf"]
