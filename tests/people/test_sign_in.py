"""Sign-in and sign-out with a password and with links, over HTTP as a browser does it."""

from __future__ import annotations

import time

import pytest
from argon2 import PasswordHasher

from callboard.control import User
from callboard.people.passwords import hash_password
from callboard.web.security import HEADERS
from tests.helpers import Office
from tests.people.browser import Browser

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def hashed() -> str:
    """The hash of `PASSWORD`, made once."""
    return hash_password(PASSWORD)


@pytest.fixture
def ida(office: Office, hashed: str) -> User:
    """A user who can sign in."""
    return office.parts.control.people.create_user(
        office.account, "Ida Marsh", f"ida@{office.account}.example", now=1, role="admin", password_hash=hashed
    )


def test_who_is_not_signed_in_is_sent_to_sign_in_and_back(office: Office, ida: User) -> None:
    """A shared address opens after sign-in, with its filters."""
    browser = Browser(office)
    sent = browser.open("/meetings?quality=poor")
    assert sent.status_code == 303
    browser.open(sent.headers["location"])
    answer = browser.send("/sign-in", mail=ida.mail.upper(), password=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/meetings?quality=poor")
    assert "Ida Marsh" in browser.open("/meetings?quality=poor").text


def test_the_cookie_is_kept_from_scripts_and_other_sites(office: Office, ida: User) -> None:
    """HttpOnly and SameSite=Lax; behind https also Secure, under a name that no other host can set."""
    for base, name, secure in (("http://testserver", "callboard", False), ("https://calls.example", "__Host-callboard", True)):
        browser = Browser(office.reopened(base_url=base), base)
        cookie = next(c for c in browser.sign_in(ida.mail, PASSWORD).headers.get_list("set-cookie") if c.startswith(f"{name}="))
        assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
        assert ("Secure" in cookie) == secure
        assert browser.inside


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/sign-in"])
def test_after_sign_in_nobody_is_sent_elsewhere(office: Office, ida: User, to: str) -> None:
    """`to` is a path of ours, or the first page."""
    browser = Browser(office)
    browser.open("/sign-in")
    assert browser.send("/sign-in", mail=ida.mail, password=PASSWORD, to=to).headers["location"] == "/"


def test_a_wrong_password_and_an_unknown_name_look_the_same(office: Office, ida: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same words, the same status, and the work of one hash for each."""
    work: list[str] = []
    real = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda self, kept, given: work.append(kept) or real(self, kept, given))
    answers = [Browser(office).sign_in(mail, "wrong") for mail in (ida.mail, "nobody@example.com")]
    assert [a.status_code for a in answers] == [401, 401]
    assert all("This mail address or password is wrong." in a.text for a in answers)
    assert len(work) == 2


def test_a_disabled_user_is_not_let_in(office: Office, ida: User) -> None:
    """As if the password were wrong."""
    office.parts.control.people.disable_user(ida.id, now=1)
    assert Browser(office).sign_in(ida.mail, PASSWORD).status_code == 401


def test_a_name_that_is_tried_too_often_waits(office: Office, ida: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the right password too, from any address, with the minutes told; then it is let in."""
    tight = office.reopened(sign_in_tries=2, trusted_proxies=1)
    browser = Browser(tight)

    def try_(password: str, address: str) -> int:
        return browser.sign_in(ida.mail, password, headers={"x-forwarded-for": f"10.0.0.1, {address}"}).status_code

    assert [try_("wrong", f"192.0.2.{n}") for n in range(2)] == [401, 401]
    assert try_(PASSWORD, "192.0.2.9") == 429
    assert 0 < int(browser.page.headers["retry-after"]) <= 900
    assert "Try again in 15 minutes" in browser.page.text
    later = time.time() + 901
    monkeypatch.setattr(time, "time", lambda: later)
    assert try_(PASSWORD, "192.0.2.9") == 303


def test_an_address_that_tries_too_many_names_waits(office: Office, ida: User) -> None:
    """Five times as often as one name; others are none the worse."""
    tight = office.reopened(sign_in_tries=1, trusted_proxies=1)
    browser = Browser(tight)
    bad = {"x-forwarded-for": f"198.51.100.{id(office) % 250}"}
    found = [browser.sign_in(f"n{n}@{office.account}.example", "x", headers=bad).status_code for n in range(6)]
    assert found == [401] * 5 + [429]
    assert browser.sign_in(ida.mail, PASSWORD, headers={"x-forwarded-for": "203.0.113.7"}).status_code == 303


def test_right_sign_ins_are_not_counted(office: Office, ida: User) -> None:
    """Who mistypes now and then is not locked out."""
    browser = Browser(office.reopened(sign_in_tries=2))
    assert [browser.sign_in(ida.mail, p).status_code for p in ("x", PASSWORD)] == [401, 303]
    browser.http.cookies.clear()
    assert [browser.sign_in(ida.mail, p).status_code for p in ("x", PASSWORD)] == [401, 303]


def test_a_form_from_another_site_signs_nobody_in(office: Office, ida: User) -> None:
    """Without the page's token, with another origin, or without the cookie it came with."""
    browser = Browser(office)
    browser.open("/sign-in")
    assert browser.send("/sign-in", mail=ida.mail, password=PASSWORD, csrf="0" * 32).status_code == 403
    assert browser.send("/sign-in", {"origin": "https://evil.example"}, mail=ida.mail, password=PASSWORD).status_code == 403
    browser.http.cookies.clear()
    assert browser.send("/sign-in", mail=ida.mail, password=PASSWORD).status_code == 403
    assert not browser.inside


def test_signing_out_ends_the_session(office: Office, ida: User) -> None:
    """The cookie is worth nothing after it, whoever copied it; other browsers stay."""
    one, other = Browser(office), Browser(office)
    for browser in (one, other):
        browser.sign_in(ida.mail, PASSWORD)
    copied = one.http.cookies["callboard"]
    one.open("/")
    assert one.send("/sign-out").headers["location"] == "/sign-in"
    one.http.cookies.set("callboard", copied)
    assert (one.inside, other.inside) == (False, True)


def test_signing_out_everywhere_ends_all(office: Office, ida: User) -> None:
    """All sessions of the user."""
    one, other = Browser(office), Browser(office)
    for browser in (one, other):
        browser.sign_in(ida.mail, PASSWORD)
    one.open("/")
    one.send("/sign-out", everywhere="1")
    assert (one.inside, other.inside) == (False, False)


def test_signing_out_needs_the_pages_token(office: Office, ida: User) -> None:
    """Another site can't sign anyone out."""
    browser = Browser(office)
    browser.sign_in(ida.mail, PASSWORD)
    browser.open("/")
    browser.send("/sign-out", csrf="x")
    assert browser.inside


# Links


def test_a_link_signs_in_once(office: Office, ida: User) -> None:
    """After a button, for mail scanners open links too; then a password may be set without the old one."""
    key = office.parts.control.people.make_link(ida.account_id, ida.id, now=int(time.time()), seconds=60)
    browser = Browser(office)
    for _ in range(2):
        assert "Ida Marsh" in browser.open(f"/sign-in/link?key={key}").text
    assert browser.send("/sign-in/link").headers["location"] == "/sign-in/password"
    browser.open("/sign-in/password")
    assert browser.send("/sign-in/password", password="another long one").status_code == 303
    assert Browser(office).sign_in(ida.mail, "another long one").status_code == 303
    again = Browser(office)
    assert again.open(f"/sign-in/link?key={key}").status_code == 404
    assert "was used already" in again.page.text


def test_a_link_expires(office: Office, ida: User) -> None:
    """And a new one takes the place of the one before."""
    people, now = office.parts.control.people, int(time.time())
    old = people.make_link(ida.account_id, ida.id, now=now, seconds=60)
    late = people.make_link(ida.account_id, ida.id, now=now - 61, seconds=60)
    assert [Browser(office).open(f"/sign-in/link?key={key}").status_code for key in (old, late)] == [404, 404]


def test_the_demos_link_signs_in_as_often_as_it_is_opened(office: Office, ida: User) -> None:
    """It is printed for whoever looks at the demo."""
    key = office.parts.control.people.make_link(ida.account_id, ida.id, now=int(time.time()), seconds=60, once=False)
    for _ in range(2):
        browser = Browser(office)
        assert browser.open(f"/sign-in/link?key={key}").status_code == 303
        assert browser.inside


def test_the_first_user_makes_themselves(office: Office) -> None:
    """With the link that `serve` prints, once, with a password that is long enough."""
    key = office.parts.control.people.make_link(office.account, now=int(time.time()), seconds=60)
    browser = Browser(office)
    browser.open(f"/sign-in/link?key={key}")
    mail = f"first@{office.account}.example"
    assert browser.send("/sign-in/link", name="First", mail=mail, password="short").status_code == 400
    assert "too short" in browser.page.text
    assert browser.send("/sign-in/link", password=PASSWORD).headers["location"] == "/"
    me = browser.http.get("/v1/me").json()
    assert (me["name"], me["mail"], me["role"], me["account_id"]) == ("First", mail, "admin", office.account)
    assert Browser(office).open(f"/sign-in/link?key={key}").status_code == 404


def test_a_password_is_changed_with_the_old_one(office: Office, ida: User) -> None:
    """And all other sessions end."""
    one, other = Browser(office), Browser(office)
    for browser in (one, other):
        browser.sign_in(ida.mail, PASSWORD)
    one.open("/sign-in/password")
    assert one.send("/sign-in/password", old="wrong", password="another long one").status_code == 401
    assert one.send("/sign-in/password", old=PASSWORD, password="short").status_code == 400
    assert one.send("/sign-in/password", old=PASSWORD, password="another long one").status_code == 303
    assert (one.inside, other.inside) == (True, False)


# What browsers are told


@pytest.mark.parametrize("path", ["/sign-in/password", "/", "/meetings", "/sign-in?x=1"])
def test_pages_say_what_they_may_load(office: Office, ida: User, path: str) -> None:
    """No inline script, no eval, nothing from elsewhere, in no frame: on pages and on what stands in for them."""
    browser = Browser(office)
    browser.sign_in(ida.mail, PASSWORD)
    answer = browser.open(path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "<script>" not in answer.text
    assert " style=" not in answer.text
    assert "unsafe" not in HEADERS["content-security-policy"]
