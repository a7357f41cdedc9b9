"""Debian's Chromium on the pages of a demo: for pictures and for times."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench import servers
from callboard import demo
from callboard.control import Control
from callboard.web.pages import PAGES

CHROMIUM: Final = "/usr/bin/chromium"
ARGUMENTS: Final = [
    *("--headless", "--no-sandbox", "--disable-gpu"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
SETTLED: Final = "!document.querySelector('main [aria-busy], main .stale')"


def until(page: Page, expression: str, seconds: float = 60) -> None:
    """Wait until JavaScript is true; asked from outside, for the pages' policy forbids to evaluate text within."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        if time.monotonic() > end:
            raise TimeoutError(f"{page.url}: not {expression}")
        time.sleep(0.02)


MAIL: Final = "ida@example.com"


@dataclass
class Site:
    """A demo's pages, and a cookie that opens them."""

    url: str
    folder: Path
    browser: Browser

    def __post_init__(self) -> None:
        self.cookie = {"name": "callboard", "value": self._session(), "url": self.url}

    def _session(self) -> str:
        control = Control.in_folder(self.folder)
        try:
            now, account = int(time.time()), demo.read(self.folder)["account_id"]
            known = control.people.by_mail(MAIL)
            user = known[0] if known else control.people.create_user(account, "Ida Berg", MAIL, now=now, role="admin")
            return control.people.begin_session(user.id, now=now, seconds=86_400)
        finally:
            control.close()

    def context(self, **options: Any) -> BrowserContext:
        """A window's worth of cookies and cache, signed in."""
        given = {"viewport": {"width": 1280, "height": 900}, "locale": "en-GB", "timezone_id": "Europe/Berlin"} | options
        made = self.browser.new_context(**given)
        made.add_cookies([self.cookie])  # type: ignore[list-item]
        return made

    def ask(self, path: str) -> Any:
        """The JSON of a GET."""
        context = self.context()
        try:
            answer = context.request.get(self.url + path)
            assert answer.ok, f"{path}: {answer.status} {answer.text()}"
            return answer.json()
        finally:
            context.close()

    def addresses(self) -> dict[str, str]:
        """Every page by a short name: its path, with the id of something worth looking at."""
        found = {}
        for page in PAGES:
            name = page.path.replace("/{id:path}", "/one").strip("/").replace("/", "-") or "now"
            path = self._with_id(page.path) if "{" in page.path else page.path
            if path:
                found[name] = path + ("?q=review" if page.path == "/search" else "")
        return found

    def _with_id(self, path: str) -> str:
        kind = path.split("/")[1]
        last = "from=2000-01-01&to=2100-01-01&page_size=20"
        if kind in ("meetings", "webinars"):
            most = "min_participants=8" if kind == "meetings" else ""
            rows = self.ask(f"/v1/{kind}?{last}&sort=bad&{most}")[kind]
            return f"/{kind}/{quote(rows[0]['uuid'], safe='')}" if rows else ""
        if kind == "people":
            rows = self.ask(f"/v1/meetings?{last}&sort=bad")["meetings"]
            host = next((row["host_id"] for row in rows if row["host_id"]), "")
            return f"/people/{quote(host, safe='')}" if host else ""
        if kind == "rooms":
            rows = self.ask("/v2/metrics/zoomrooms?page_size=30")["zoom_rooms"]
            return f"/rooms/{quote(rows[0]['id'], safe='')}" if rows else ""
        return ""


@contextmanager
def demo_site(folder: Path, people: int, days: int, log: Path, live: bool = False) -> Iterator[Site]:
    """The pages of a demo that is served by a process of its own, and a browser."""
    port = servers.free_port()
    command = [str(Path(sys.executable).with_name("callboard")), "demo", "--data-dir", str(folder), "--port", str(port)]
    command += ["--people", str(people), "--days", str(days), "--rate-policy", "unlimited", *([] if live else ["--no-live"])]
    folder.mkdir(parents=True, exist_ok=True)
    with servers.outside(command, port, log, CALLBOARD_PERSON_REQUESTS="1000000"), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield Site(f"http://127.0.0.1:{port}", folder, browser)
        browser.close()
