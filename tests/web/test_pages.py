"""Every page: opened, read by a machine for accessibility, in light and dark, on a phone."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from callboard.web.assets import Assets
from callboard.web.pages import PAGES
from tests.web.conftest import Organisation, Window

PLAIN = [page for page in PAGES if "{" not in page.path]
BY_PATH = pytest.mark.parametrize("page", PLAIN, ids=lambda page: page.path)
MOST_JS = 100_000


def address(organisation: Organisation, path: str) -> str:
    """The page, with the id of something that is there."""
    if "{" not in path:
        return path
    return organisation.example(path.split("/")[1])


def serious(window: Window, **options: Any) -> list[str]:
    """What axe finds of the page that is serious or critical."""
    found = Axe().run(window.page, options=options).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
def test_a_page_shows_its_data_to_everyone(window: Window, organisation: Organisation, page: Any) -> None:
    """A page loads without an error, is lit in the rail, and axe finds nothing serious in light or dark."""
    shown = window.open(address(organisation, page.path))
    assert shown.locator("h1").count() == 1
    assert shown.locator(".state.wrong").all_inner_texts() == []
    if page.lit in {entry.path for entry in PAGES if entry.icon}:
        assert shown.locator(".rail a[aria-current=page]").get_attribute("href") == page.lit
    assert serious(window) == []
    shown.emulate_media(color_scheme="dark")
    assert serious(window, runOnly=["color-contrast"]) == []


@BY_PATH
def test_a_page_fits_a_phone(windows: Any, page: Any) -> None:
    """On 390 px nothing is wider than the screen, and the rail is at the bottom."""
    window = windows(viewport={"width": 390, "height": 844})
    shown = window.open(page.path)
    assert shown.evaluate("document.documentElement.scrollWidth") <= 390
    box = shown.locator(".rail").bounding_box()
    assert box is not None
    assert round(box["y"] + box["height"]) == 844


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
def test_a_page_loads_little_script(page: Any) -> None:
    """What a page loads of our JavaScript is under 100 kB."""
    assets = Assets()
    modules = {*assets.imports("frame.js"), *(assets.imports(page.module) if page.module else ())}
    assert sum(assets.size(name) for name in modules) < MOST_JS


def test_assets_are_kept_for_good(window: Window) -> None:
    """A file is addressed by its content: kept for a year under its hash, and not at all under another."""
    window.open("/search")
    url = window.page.locator("link[rel=stylesheet]").first.get_attribute("href") or ""
    now = window.context.request.get(window.url + url)
    old = window.context.request.get(f"{window.url}/static/000000/{url.rpartition('/')[2]}")
    assert "immutable" in now.headers["cache-control"]
    assert now.headers["content-encoding"] == "gzip"
    assert old.headers["cache-control"] == "no-store"
    assert old.text() == now.text()


def test_the_theme_is_kept(window: Window) -> None:
    """A chosen appearance is there at once on the next page."""
    shown = window.open("/search")
    shown.get_by_label("Account and appearance").click()
    shown.get_by_label("Dark").check()
    assert shown.evaluate("getComputedStyle(document.body).colorScheme") == "dark"
    shown.reload()
    assert shown.locator("html").get_attribute("data-theme") == "dark"


def test_a_role_sees_its_pages_only(windows: Any, organisation: Organisation) -> None:
    """A Room Admin has no meetings in the rail; whoever goes there is told which role may."""
    window = windows(organisation.user("rob@example.com", "room-admin"))
    window.expects.add(403)
    shown = window.open("/meetings")
    assert "Your role does not cover this" in shown.locator("main").inner_text()
    assert shown.locator(".rail a[href='/meetings']").count() == 0


def test_nobody_is_sent_to_sign_in(windows: Any) -> None:
    """Without a session a page leads to the sign-in page, which knows the way back."""
    window = windows(mail="")
    window.page.goto(f"{window.url}/meetings?quality=bad")
    assert "/sign-in?to=%2Fmeetings%3Fquality%3Dbad" in window.page.url


def test_a_failure_says_so_and_can_be_tried_again(window: Window) -> None:
    """When one request fails its box says what and which request; the rest stands; trying again heals it."""
    window.expects.add(503)
    failing = {"code": 503, "message": "The store is away."}
    window.page.route("**/v1/now*", lambda route: route.fulfill(status=503, json=failing, headers={"x-zm-trackingid": "CB_1"}))
    shown = window.open("/")
    wrong = shown.locator("[data-slot=tiles] .state.wrong")
    assert "The store is away." in wrong.inner_text()
    assert "CB_1" in wrong.inner_text()
    assert shown.locator("[data-slot=table] .state.wrong").count() == 0
    window.page.unroute("**/v1/now*")
    shown.reload()
    window.settled()
    assert shown.locator(".tile .value").count() > 0


def test_one_signs_in_and_out(windows: Any, organisation: Organisation) -> None:
    """A person signs in with a password, lands where they wanted to go, and is out after signing out."""
    mail, password = organisation.user("sam@example.com", password="correct horse battery"), "correct horse battery"
    window = windows(mail="")
    shown = window.page
    shown.goto(f"{window.url}/search?q=review")
    shown.get_by_label("Mail").fill(mail)
    shown.get_by_label("Password").fill(password)
    shown.get_by_role("button", name="Sign in").click()
    shown.wait_for_url("**/search?q=review")
    window.settled()
    shown.get_by_label("Account and appearance").click()
    shown.get_by_role("button", name="Sign out", exact=True).click()
    shown.wait_for_url("**/sign-in**")
    window.expects.add(401)
    assert window.context.request.get(f"{window.url}/v1/freshness").status == 401
