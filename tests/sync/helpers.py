"""An account that is mirrored into another one: the server is its own upstream."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import httpx2 as httpx
import pytest

from callboard.contract.access import BASIC
from callboard.control import Source
from callboard.sync.budget import Budget
from callboard.sync.client import Upstream
from callboard.sync.run import Mirror, Options
from tests.helpers import Office

URL = "http://testserver"
Fault = Callable[[httpx.Request, int], Any]
"""What happens to the nth request: an answer, a function that spoils upstream's, or None. It may raise."""
NOW = datetime.fromisoformat("2026-03-20T12:00:00Z").timestamp()


class FakeClock:
    """A time that passes by waiting, and a millisecond by each look at it. Who waits at once waits together."""

    stopped = False

    def __init__(self, now: float = NOW) -> None:
        self.began = self.at = now

    def now(self) -> float:
        self.at += 0.001
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at = max(self.at, self.now() + seconds)

    @property
    def slept(self) -> float:
        return self.at - self.began

    @contextmanager
    def everywhere(self) -> Iterator[None]:
        """Let the limits of the server go by this clock too."""
        with pytest.MonkeyPatch.context() as patch:
            for place in ("limits.storage.memory.time", "callboard.api.limits.time"):
                patch.setattr(place, SimpleNamespace(time=self.now))
            yield


CLOCK = FakeClock()
"""The time of mirrors that are given no other."""


class Wire(httpx.BaseTransport):
    """The wire between a mirror and its upstream: counts what is asked, and lets `fault` answer instead, or raise."""

    def __init__(self, upstream: Office, fault: Fault = lambda request, n: None) -> None:
        self._transport, self._fault = upstream.http._transport, fault
        self.asked: list[str] = []
        self._lock = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            n = len(self.asked)
            self.asked.append(request.url.raw_path.decode())
        answer = self._fault(request, n)
        if isinstance(answer, httpx.Response):
            return answer
        made = self._transport.handle_request(request)
        return made if answer is None else answer(made)

    @property
    def calls(self) -> list[str]:
        """The calls of the API, without tokens."""
        with self._lock:
            return [path for path in self.asked if not path.startswith("/oauth")]

    def client(self) -> httpx.Client:
        """A client over this wire."""
        return httpx.Client(transport=self)


def source_of(upstream: Office, into: str) -> Source:
    """What is needed to mirror an account."""
    scopes = (BASIC, "report:read:admin", "user:read:admin")
    made = upstream.parts.control.create_client(upstream.account, "mirror", now=1, scopes=scopes)
    return Source(into, into, URL, "", upstream.account, made.client.id, made.secret)


def mirror(
    source: Source, upstream: Office, *, clock: FakeClock | None = None, http: httpx.Client | None = None, **options: Any
) -> Mirror:
    """A mirror of an account, in the same process."""
    clock = clock or CLOCK
    budget = Budget(clock, options.pop("daily_calls", None), patient=options.pop("patient", True))
    asked = Options(**{"first": date(2026, 3, 1), "last": date(2026, 3, 5), "workers": 2, "live": False} | options)
    return Mirror(
        source,
        Upstream(source, http or upstream.http, clock, budget),
        store=upstream.parts.store,
        writer=upstream.parts.writer,
        book=upstream.parts.control.syncing,
        clock=clock,
        options=asked,
    )


def mirrored(upstream: Office, into: str, **options: Any) -> Office:
    """An account that all of another one is mirrored into."""
    mirror(source_of(upstream, into), upstream, **options).run()
    return beside(upstream, into)


def beside(upstream: Office, into: str) -> Office:
    """Another account behind the same app."""
    other = Office.__new__(Office)
    other.__dict__ = upstream.__dict__ | {"account": into, "_tokens": {}}
    return other


def differences(mine: Any, theirs: Any, at: str = "") -> list[str]:
    """Where two answers differ: paths, with both values."""
    if isinstance(mine, dict) and isinstance(theirs, dict) and mine.keys() == theirs.keys():
        return [found for name in mine for found in differences(mine[name], theirs[name], f"{at}.{name}".lstrip("."))]
    if isinstance(mine, list) and isinstance(theirs, list) and len(mine) == len(theirs):
        return [found for n, pair in enumerate(zip(mine, theirs, strict=True)) for found in differences(*pair, f"{at}[{n}]")]
    if at == "account_id":
        return []
    if at.endswith("next_page_token"):  # signed: but one is there if the other is
        mine, theirs = bool(mine), bool(theirs)
    if isinstance(mine, list) and isinstance(theirs, list):
        return [f"{at}: only here {x!r}" for x in mine if x not in theirs] + [
            f"{at}: missing {x!r}" for x in theirs if x not in mine
        ]
    return [] if mine == theirs else [f"{at}: {mine!r} is not {theirs!r}"]
