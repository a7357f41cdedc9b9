"""A demo in a process of its own: what someone sees who has just run `make demo`, but smaller."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx2 as httpx
import pytest

from tests.faults.servers import Demo

PEOPLE, DAYS = 60, 8


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The served demo."""
    with Demo(tmp_path_factory.mktemp("demo"), PEOPLE, DAYS) as made:
        yield made


@pytest.fixture(scope="session")
def http(demo: Demo) -> Iterator[httpx.Client]:
    """A client with a token."""
    asked = {"grant_type": "account_credentials", "account_id": demo.about["account_id"]}
    secret = (demo.about["client_id"], demo.about["client_secret"])
    token = httpx.post(f"{demo.url}/oauth/token", params=asked, auth=secret).json()["access_token"]
    with httpx.Client(base_url=demo.url, headers={"Authorization": f"Bearer {token}"}, timeout=60) as client:
        yield client


@pytest.fixture(scope="session")
def openapi(http: httpx.Client) -> dict[str, Any]:
    """What the server says of itself."""
    said: dict[str, Any] = json.loads(http.get("/v1/openapi.json").content)
    return said
