"""A served organisation and a browser: pages are walked as people walk them."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, expect, sync_playwright

from callboard.api.ingest_routes import sign
from callboard.control import Control
from callboard.people.passwords import hash_password
from tests.faults.servers import Demo

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    *("--headless", "--no-sandbox", "--disable-gpu"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
MAIL = "ida@example.com"
BUSY = "main [aria-busy], main .stale, main [data-drawing]"


class Organisation:
    """A small simulated organisation behind a server in a process of its own, with people who may sign in."""

    def __init__(self, demo: Demo) -> None:
        self.demo, self.url, self.about = demo, demo.url, demo.about
        self._states: dict[str, Any] = {}

    def user(self, mail: str, role: str = "admin", password: str = "", **about: Any) -> str:
        """Someone who may sign in: their mail address."""
        hashed, name = hash_password(password) if password else "", mail.partition("@")[0].title()
        account, now = self.about["account_id"], int(time.time())
        with closing(Control.in_folder(self.demo.folder)) as control:
            control.people.create_user(account, name, mail, now=now, role=role, password_hash=hashed, **about)
        return mail

    def state(self, mail: str) -> Any:
        """The cookies of someone who is signed in."""
        if mail not in self._states:
            with closing(Control.in_folder(self.demo.folder)) as control:
                known = control.people.by_mail(mail)
                assert known is not None
                secret = control.people.begin_session(known[0].id, now=int(time.time()), seconds=3600)
            cookie = {"name": "callboard", "value": secret, "domain": "127.0.0.1", "path": "/", "expires": -1}
            self._states[mail] = {"cookies": [cookie | {"httpOnly": True, "secure": False, "sameSite": "Lax"}], "origins": []}
        return self._states[mail]

    def happens(self, event: dict[str, Any]) -> None:
        """A webhook comes."""
        event["payload"]["account_id"] = self.about["account_id"]
        body, stamp = json.dumps(event).encode(), str(int(time.time()))
        headers = {"x-zm-request-timestamp": stamp, "x-zm-signature": sign(self.about["webhook_secret"], stamp, body)}
        answer = self.demo.http.post("/webhooks/zoom", content=body, headers=headers)
        assert answer.status_code == 200, answer.text

    def load(self, table: str, rows: list[dict[str, Any]]) -> None:
        """Rows of a fact table are sent."""
        grant = {"grant_type": "account_credentials", "account_id": self.about["account_id"]}
        app = (self.about["feeder_id"], self.about["feeder_secret"])
        token = self.demo.http.post("/oauth/token", data=grant, auth=app).json()["access_token"]
        body, headers = "\n".join(map(json.dumps, rows)), {"authorization": f"Bearer {token}"}
        answer = self.demo.http.post(f"/v1/facts/{table}", content=body, headers=headers)
        assert answer.json()["accepted"] == len(rows), answer.text

    def example(self, what: str) -> str:
        """The address of one of `meetings`, `webinars`, `people` or `rooms` that has much to show."""
        if what not in self._states:
            self._states[what] = f"/{what}/{quote(self._example(what), safe='')}"
        return str(self._states[what])

    def _example(self, what: str) -> str:
        if what == "rooms":
            return str(self.ask("/v2/metrics/zoomrooms", page_size=1)["zoom_rooms"][0]["id"])
        kind = "webinars" if what == "webinars" else "meetings"
        rows = self.ask(f"/v1/{kind}", from_="2000-01-01", to="2100-01-01", sort="participants", page_size=30)[kind]
        worst = max(rows, key=lambda row: row["bad_minutes"])
        return str(worst["host_id"] if what == "people" else worst["uuid"])

    def ask(self, path: str, **params: Any) -> Any:
        """The JSON of a GET by the demo's client."""
        if "token" not in self._states:
            grant = {"grant_type": "account_credentials", "account_id": self.about["account_id"]}
            answer = self.demo.http.post("/oauth/token", data=grant, auth=(self.about["client_id"], self.about["client_secret"]))
            self._states["token"] = answer.json()["access_token"]
        headers = {"authorization": f"Bearer {self._states['token']}"}
        answer = self.demo.http.get(path, params={name.rstrip("_"): value for name, value in params.items()}, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture(scope="session")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    """Sixteen people and nine days, and Ida, an admin."""
    with Demo(tmp_path_factory.mktemp("web") / "data", 16, 9) as demo:
        made = Organisation(demo)
        made.user(MAIL)
        yield made


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Closed with the package, for its loop would be in the way of other tests'."""
    if not Path(CHROMIUM).exists() and os.environ.get("CI") != "true":
        pytest.skip("needs Debian's chromium: `sudo apt-get install chromium`")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


class Window:
    """A window of someone who is signed in. What goes wrong in it unasked fails the test."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context, self.url = context, url
        self.wrong: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)
        self.expects: set[int] = set()

    def _said(self, message: ConsoleMessage) -> None:
        # A refused fetch is logged by the browser as well: `_answered` judges those.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.wrong.append(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        if "net::ERR_ABORTED" not in (request.failure or ""):  # what a page no longer wants is dropped
            self.wrong.append(f"failed: {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expects:
            self.wrong.append(f"{response.status}: {response.url}")

    def provoked(self, *refusals: str) -> None:
        """Take away what a test provoked: each of these, such as `403 /settings`, once and in this order, and nothing else."""
        assert self.wrong == [f"{status}: {self.url}{path}" for status, _, path in (one.partition(" ") for one in refusals)]
        self.wrong.clear()

    def open(self, path: str) -> Page:
        """Open a page and wait until its data is there."""
        self.page.goto(self.url + path)
        self.settled()
        return self.page

    def settled(self) -> None:
        """Wait until nothing is being loaded."""
        # No `wait_for_function`: it evaluates text, which the pages' policy forbids.
        expect(self.page.locator(BUSY)).to_have_count(0, timeout=20_000)


@pytest.fixture
def windows(organisation: Organisation, browser: Browser) -> Iterator[Any]:
    """Opens windows, each with cookies of its own: `windows(mail, **options)`."""
    with ExitStack() as stack:
        opened: list[Window] = []

        def open_one(mail: str = MAIL, **options: Any) -> Window:
            given = {"viewport": {"width": 1280, "height": 900}, "locale": "en-GB", "timezone_id": "Europe/Berlin"} | options
            context = browser.new_context(storage_state=organisation.state(mail) if mail else None, **given)
            stack.callback(context.close)
            opened.append(Window(context, organisation.url))
            return opened[-1]

        yield open_one
        assert [fault for window in opened for fault in window.wrong] == []


@pytest.fixture
def window(windows: Any) -> Window:
    """A window of Ida's."""
    made: Window = windows()
    return made
