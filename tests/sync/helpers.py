"""An account that is mirrored into another one: the server is its own upstream."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import httpx2 as httpx

from callboard.contract.access import BASIC
from callboard.control import Source
from callboard.sync.budget import Budget
from callboard.sync.client import Upstream
from callboard.sync.run import Mirror, Options
from tests.helpers import Office

URL = "http://testserver"
NOW = datetime.fromisoformat("2026-03-20T12:00:00Z").timestamp()


class FakeClock:
    """A time that passes by waiting only."""

    def __init__(self, now: float = NOW) -> None:
        self.at, self.slept = now, 0.0

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds
        self.slept += seconds


class Asks:
    """Counts what upstream is asked."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    def __call__(self, request: httpx.Request) -> None:
        self.paths.append(str(request.url.raw_path, "ascii") if isinstance(request.url.raw_path, bytes) else request.url.raw_path)

    @property
    def calls(self) -> list[str]:
        return [path for path in self.paths if not path.startswith("/oauth")]

    @property
    def counted(self) -> Counter[str]:
        return Counter(path.partition("?")[0] for path in self.calls)


def source_of(upstream: Office, into: str) -> Source:
    """What is needed to mirror an account."""
    scopes = (BASIC, "report:read:admin", "user:read:admin")
    made = upstream.parts.control.create_client(upstream.account, "mirror", now=1, scopes=scopes)
    return Source(into, into, URL, "", upstream.account, made.client.id, made.secret)


def mirror(
    source: Source, upstream: Office, *, clock: FakeClock | None = None, http: httpx.Client | None = None, **options: Any
) -> Mirror:
    """A mirror of an account, in the same process."""
    clock = clock or FakeClock()
    asked = Options(**{"first": date(2026, 3, 1), "last": date(2026, 3, 5), "workers": 2, "live": False} | options)
    return Mirror(
        source,
        Upstream(source, http or upstream.http, clock, Budget(clock)),
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


__all__ = ["Asks", "FakeClock", "differences", "mirror", "mirrored", "replace", "source_of"]
