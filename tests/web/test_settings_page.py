"""The page Settings, and signing in and out, as people do it in a browser."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import expect

from tests.web.conftest import MAIL, Organisation, Window


def test_someone_is_let_in_and_put_out(windows: Any, window: Window) -> None:
    """An admin makes a link, the new person sets a password with it and signs in; disabled, they are out."""
    page = window.open("/settings")
    expect(page.locator('[data-slot="answer"]')).to_contain_text("may sign in")
    page.get_by_role("button", name="Let someone in").click()
    page.get_by_label("Mail address", exact=True).fill("jun@example.com")
    page.get_by_label("Name", exact=True).fill("Jun Park")
    page.get_by_label("Sees names").uncheck()
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_label(re.compile("^Send this link")).input_value()
    page.get_by_role("button", name="Done").click()
    row = page.get_by_role("row", name=re.compile("Jun Park"))
    expect(row).to_contain_text("Viewer")

    jun = windows("")
    jun.page.goto(link)
    jun.page.get_by_role("button", name="Go on").click()
    jun.page.get_by_label("New password").fill("a long password")
    jun.page.get_by_role("button", name="Set the password").click()
    jun.page.wait_for_url(f"{window.url}/")
    jun.settled()
    assert jun.page.goto(f"{window.url}/settings").status == 403  # type: ignore[union-attr]

    row.get_by_role("button", name="Change Jun Park").click()
    page.get_by_role("button", name="Disable").click()
    expect(row).to_contain_text("Disabled")
    jun.page.goto(f"{window.url}/meetings")
    jun.page.wait_for_url("**/sign-in?to=*")
    jun.page.get_by_label("Mail address", exact=True).fill("jun@example.com")
    jun.page.get_by_label("Password").fill("a long password")
    jun.page.get_by_role("button", name="Sign in").click()
    expect(jun.page.get_by_role("alert")).to_contain_text("is wrong")
    jun.provoked("403 /settings", "401 /sign-in")


def test_a_program_is_let_in_and_revoked(window: Window) -> None:
    """Its secret is shown once; revoked, it is listed as such."""
    page = window.open("/settings")
    page.get_by_role("button", name="Make a client").click()
    page.get_by_label("What it is for").fill("Night report")
    page.get_by_role("button", name="Make it").click()
    assert len(page.get_by_label("Client secret, shown this once").input_value()) == 32
    page.get_by_role("button", name="Done").click()
    row = page.get_by_role("row", name=re.compile("Night report"))
    row.get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(row).to_contain_text("Revoked")


def test_what_is_wrong_is_said_in_the_dialog(window: Window) -> None:
    """The dialog stays, with what was filled in."""
    page = window.open("/settings")
    page.get_by_role("button", name="Let someone in").click()
    page.get_by_label("Mail address", exact=True).fill(MAIL)
    page.get_by_role("button", name="Make a link").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("already")
    assert page.get_by_label("Mail address", exact=True).input_value() == MAIL
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    window.provoked("400 /v1/users")


def test_signing_out_and_in_again(organisation: Organisation, windows: Any) -> None:
    """From the account menu; what was open is opened again after sign-in."""
    window = windows(organisation.user("leaving@example.com"))
    page = window.open("/settings?from=mail")
    page.get_by_label("Account and appearance").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**/sign-in")
    page.goto(f"{window.url}/settings?from=mail")
    assert page.url.endswith("/sign-in?to=%2Fsettings%3Ffrom%3Dmail")
