"""One endpoint, one declaration: from this list come routes, scopes, limits, OpenAPI, docs, the CLI and tests."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import inf
from typing import Any, Final, Literal, Protocol, get_type_hints

from pydantic import BaseModel

from callboard.contract.access import Access, Caller
from callboard.contract.paging import PageTokens
from callboard.contract.wire import Columns, Row, Wire, renderer
from callboard.endpoints.personal import blank
from callboard.settings import Settings
from callboard.store.store import Store

Kind = Literal["meeting", "webinar"]
KINDS: Final[tuple[Kind, ...]] = ("meeting", "webinar")


class Memory(Protocol):
    """Remembers what follows from facts until one of those facts changes."""

    @property
    def now(self) -> int:
        """The present moment: take it before reading what is to be remembered."""

    def get(self, key: Hashable) -> Any | None:
        """The value, if nothing that it depends on has changed."""

    def changed(self, facts: Iterable[Hashable], since: int) -> bool:
        """Whether one of these facts may have changed since `now` was that."""

    def put(self, key: Hashable, depends: tuple[Hashable, ...], value: Any, size: int, seen: int, seconds: float = inf) -> None:
        """Remember a value that was read after `now` was `seen`, for some seconds; `size` is about its bytes."""


Depends = tuple[Hashable, ...] | Callable[[Any], tuple[Hashable, ...]]
"""The facts that something follows from, or what tells them of it."""


@dataclass(frozen=True)
class Context:
    """What a question is asked with: who asks, of which store, at what time (Unix seconds)."""

    store: Store
    caller: Caller
    now: int
    settings: Settings
    tokens: PageTokens
    memory: Memory

    @property
    def live_since(self) -> int:
        """A meeting without an end that began before this Unix time counts as over."""
        return self.now - self.settings.live_max_hours * 3600

    def remembered(self, key: Hashable, depends: Depends, make: Callable[[], Any], size: int = 300, each: int = 0) -> Any:
        """What `make` says: from memory, as long as nothing that it depends on has changed.

        It takes about `size` bytes, and `each` for an entry of it; each fact that it depends on takes 200 more.
        """
        named, seen = (key, self.caller.account_id), self.memory.now
        known = self.memory.get(named)
        if known is None:
            known = make()
            facts = depends if isinstance(depends, tuple) else depends(known)
            self.memory.put(named, facts, known, size + 200 * len(facts) + (each * len(known) if each else 0), seen)
        return known

    def of_each(
        self,
        name: Hashable,
        uuids: Iterable[str],
        read: Callable[[list[str]], Mapping[str, Any]],
        size: int = 1000,
        seen: int | None = None,
    ) -> dict[str, Any]:
        """What `read` says of some instances: of those of which nothing changed since it last did, from memory.

        `name` tells apart what is remembered; of an instance about `size` bytes are. What has no value is asked for again.
        `seen` is the memory's `now` before anything was read that `read` makes use of.
        """
        account, seen = self.caller.account_id, self.memory.now if seen is None else seen
        said = {uuid: self.memory.get((name, account, uuid)) for uuid in uuids}
        missing = [uuid for uuid, value in said.items() if value is None]
        for uuid, value in (read(missing) if missing else {}).items():
            said[uuid] = value
            self.memory.put((name, account, uuid), (("uuid", uuid),), value, size, seen)
        return {uuid: value for uuid, value in said.items() if value is not None}

    def known(self, sql: str, asked: dict[str, Any], depends: Depends) -> list[list[Any]]:
        """The rows of a question: from memory, as long as nothing that they follow from has changed. None is to be changed."""
        key = (sql, *(tuple(value) if isinstance(value, list) else value for value in asked.values()))
        rows: list[list[Any]] = self.remembered(key, depends, lambda: self.store.ask(sql, asked).rows, 1000, 500)
        return rows


@dataclass(frozen=True)
class Answer:
    """One answer as numbers: a row of `model`, where lists are columns that hold rows.

    `depends` names the facts it follows from; with None it may change by itself and is not cached.
    """

    model: type[Wire]
    columns: Columns
    row: Row
    depends: tuple[Hashable, ...] | None = None

    def wire(self) -> dict[str, Any]:
        """In Zoom's form."""
        return renderer(self.model, self.columns)(self.row)

    def without_personal(self) -> Answer:
        """The same without personal data."""
        without = blank(self.model, self.columns)
        return self if without is None else replace(self, row=without(self.row))

    def numbers(self) -> dict[str, Any]:
        """As numbers by column name."""
        return _numbers(self.columns, self.row)


def _numbers(columns: Columns, row: Row) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for column, value in zip(columns, row, strict=True):
        if isinstance(column, str):
            made[column] = value
        else:
            made[column[0]] = [_numbers(column[1], item) for item in value or ()]
    return made


@dataclass(frozen=True)
class Stream:
    """An answer without an end known beforehand: bytes piece by piece. `columns` are those of its rows."""

    pieces: Iterator[bytes]
    media_type: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Endpoint:
    """One endpoint: what it is asked with, what it answers, who may ask and how often."""

    name: str
    path: str
    summary: str
    access: Access
    rate: str
    params: type[BaseModel]
    response: type[Wire] | None
    ask: Callable[[Context, Any], Answer | Stream]
    kind: Kind | None = None
    operation: str = ""
    version: str = "v2"

    @property
    def url(self) -> str:
        """The path with its version."""
        return f"/{self.version}{self.path}"


def shown_path(endpoint: Endpoint) -> str:
    """The path as people read it, `/v2/metrics/meetings/{meetingId}`."""
    return re.sub(r"\{(\w+):\w+\}", r"{\1}", endpoint.url)


ENDPOINTS: Final[dict[str, Endpoint]] = {}


Asking = Callable[[Context, Any], Answer | Stream]


def _shown(ask: Asking) -> Asking:
    """The same, without personal data for those who may not see it, whoever it is that asks: API, exports, reports."""

    def shown(context: Context, params: Any) -> Answer | Stream:
        made = ask(context, params)
        return made.without_personal() if context.caller.hide_personal and isinstance(made, Answer) else made

    return shown


def endpoint(
    path: str,
    *,
    name: str = "",
    granular: str = "",
    families: tuple[str, ...] = (),
    area: str = "dashboard",
    also: tuple[str, ...] = (),
    rate: str,
    response: type[Wire] | dict[Kind, type[Wire]] | None,
    operation: str | dict[Kind, str] = "",
    version: str = "v2",
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare an endpoint. With `{kind}` in the path it is declared once for meetings and once for webinars:

    the function then takes the kind after the context, and `{kind}` is filled in wherever it is written.
    """

    def declare(function: Callable[..., Any]) -> Callable[..., Any]:
        params = get_type_hints(function)["params"]
        summary = inspect.cleandoc(function.__doc__ or "").splitlines()[0]
        for kind in KINDS if "{kind}" in path else (None,):
            _declare(function, params, summary, kind)
        return function

    def _declare(function: Callable[..., Any], params: type[BaseModel], summary: str, kind: Kind | None) -> None:
        def fill(text: str) -> str:
            return text.replace("{kind}", kind or "").replace("{Kind}", (kind or "").capitalize())

        made = Endpoint(
            name=fill(name or function.__name__),
            path=fill(path),
            summary=fill(summary),
            access=Access((f"{kind}s",) if kind else families, fill(granular), area, also),
            rate=rate,
            params=params,
            response=response[kind] if isinstance(response, dict) and kind else response,  # type: ignore[arg-type]
            ask=_shown((lambda context, params: function(context, kind, params)) if kind else function),
            kind=kind,
            operation=operation[kind] if isinstance(operation, dict) and kind else fill(str(operation)),
            version=version,
        )
        if made.name in ENDPOINTS:
            raise ValueError(f"two endpoints are named {made.name}")
        ENDPOINTS[made.name] = made

    return declare
