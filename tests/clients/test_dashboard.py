"""The demo's dashboard: its link is signed in."""

from __future__ import annotations

import json

import httpx2 as httpx

from tests.faults.servers import Demo


def test_the_link_of_the_demo_is_signed_in(demo: Demo) -> None:
    """`demo.json` names it, and it opens the first page and the API as an admin."""
    said = json.loads((demo.folder / "demo.json").read_text())
    assert said["dashboard_url"].startswith(f"{demo.url}/sign-in/link?")
    with httpx.Client(base_url=demo.url, follow_redirects=True, timeout=30) as browser:
        page = browser.get(said["dashboard_url"])
        assert (page.status_code, page.url.path) == (200, "/")
        me = browser.get("/v1/me").json()
    assert (me["account_id"], me["role"], me["may_see_personal"]) == (said["account_id"], "admin", True)
