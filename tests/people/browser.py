"""A browser without scripts, for tests: it keeps cookies, follows links and sends forms as they stand on the page."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import httpx2 as httpx
from starlette.testclient import TestClient

from tests.helpers import Office

_INPUT = re.compile(r'<input[^>]*?name="(\w+)"[^>]*>')
_VALUE = re.compile(r'value="([^"]*)"')


class Browser:
    """One browser on an office's pages."""

    def __init__(self, office: Office, origin: str = "http://testserver") -> None:
        self.http = TestClient(office.http.app, base_url=origin, raise_server_exceptions=False, follow_redirects=False)
        self.page: httpx.Response = httpx.Response(204)

    def open(self, path: str) -> httpx.Response:
        """Open a page."""
        self.page = self.http.get(path)
        return self.page

    def fields(self, action: str) -> dict[str, str]:
        """The fields of the form that is sent to a path, as they stand on the page."""
        form = self.page.text.split(f'action="{action}"', 1)[1].split("</form>", 1)[0]
        found = {}
        for match in _INPUT.finditer(form):
            value = _VALUE.search(match[0])
            found[match[1]] = unescape(value[1]) if value else ""
        return found

    def send(self, action: str, headers: dict[str, str] | None = None, **filled: str) -> httpx.Response:
        """Fill a form of the page and send it."""
        said = {"origin": str(self.http.base_url)} | (headers or {})
        self.page = self.http.post(action, data=self.fields(action) | filled, headers=said)
        return self.page

    def sign_in(self, mail: str, password: str, **more: Any) -> httpx.Response:
        """Sign in on the page for it."""
        self.open("/sign-in")
        return self.send("/sign-in", mail=mail, password=password, **more)

    @property
    def inside(self) -> bool:
        """Whether somebody is signed in."""
        return self.http.get("/v1/freshness").status_code == 200
