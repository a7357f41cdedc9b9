"""The registry as routes: token, scope, role, rate limit, parameters, question, wire form, bytes."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from math import inf
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

import orjson
from prometheus_client import Counter, Histogram
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from callboard.api.answers import JSON, Bytes, begun
from callboard.api.errors import bad_parameters, error_response, fault_response
from callboard.api.freshness import FreshnessBoard
from callboard.api.limits import Limiter
from callboard.api.live import LiveBoard
from callboard.api.memory import FactMemory
from callboard.api.tokens import Tokens, bearer
from callboard.contract.access import Caller
from callboard.contract.errors import CallboardError, MissingScope, RoleForbids, Unavailable
from callboard.contract.paging import PageTokens
from callboard.endpoints import ENDPOINTS, Answer, Context, Endpoint, Stream
from callboard.people.sessions import Sessions
from callboard.settings import Settings
from callboard.store.store import Store

TOKEN_SECONDS: Final = 60.0
"""A page that names the next one is remembered so long, for its token ages."""

MOST_WAITING: Final = 256
"""Questions that may wait for a worker; more are refused at once, for they would wait too long."""

ASKED = Counter("callboard_requests_total", "Requests, by endpoint and status.", ["endpoint", "status"])
TOOK = Histogram(
    "callboard_request_seconds",
    "Time from request to answer.",
    ["endpoint"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5),
)


@dataclass
class Desk:
    """All that answering needs."""

    settings: Settings
    store: Store
    tokens: Tokens
    page_tokens: PageTokens
    limiter: Limiter
    memory: FactMemory
    freshness: FreshnessBoard
    live: LiveBoard
    workers: ThreadPoolExecutor
    doors: ThreadPoolExecutor
    sessions: Sessions
    waiting: int = 0

    def caller(self, request: Request) -> Caller:
        """Who asks: a client by its token, or a person by their session. Raises `InvalidAccessToken`, `ForeignRequest`."""
        header = request.headers.get("authorization")
        return self.sessions.caller(request) if header is None else self.tokens.caller(bearer(header))

    async def work(self, question: Callable[[], Any]) -> Any:
        """Ask on a worker's thread. Raises `Unavailable` when too many wait already."""
        if self.waiting >= MOST_WAITING:
            raise Unavailable("Too many questions at once.", 1)
        self.waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self.workers, question)
        finally:
            self.waiting -= 1


class Front:
    """The outermost app: webhooks go straight to their door, for they are many; all else goes to `app`.

    Routes on the path as it was sent, so that an encoded `/` in a uuid is no separator.
    """

    def __init__(self, app: ASGIApp, door: ASGIApp) -> None:
        self.app, self._door = app, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope.get("raw_path"):
            scope["path"] = scope["raw_path"].partition(b"?")[0].decode("latin-1")
        to_door = scope["path"].startswith("/webhooks/zoom") and scope["method"] == "POST"
        await (self._door if to_door else self.app)(scope, receive, send)


_ENCODED: Final = re.compile(r"%[0-9A-Fa-f]{2}")


def segment(text: str) -> str:
    """A path segment as meant: decoded once, and once more where a client encoded twice. `+` stays `+`."""
    once = unquote(text)
    return unquote(once) if _ENCODED.search(once) else once


_PLACE: Final = re.compile(r"\{(\w+):(\w+)\}")


def path_fields(endpoint: Endpoint) -> dict[str, str]:
    """The names in an endpoint's path, and the parameters that they are."""
    return dict(_PLACE.findall(endpoint.path))


def route_path(endpoint: Endpoint) -> str:
    """The path as Starlette matches it: an id may hold slashes."""
    return _PLACE.sub(lambda m: f"{{{m[1]}:path}}" if m[2] == "id" else f"{{{m[1]}}}", endpoint.url)


def check_access(endpoint: Endpoint, caller: Caller) -> None:
    """Raises `MissingScope` or `RoleForbids`."""
    access = endpoint.access
    if access.families and not access.opened_by(caller.scopes):
        raise MissingScope(list(access.scopes))
    for family in access.families:
        if not caller.may_read(family):
            raise RoleForbids(f"Your role ({caller.role}) does not cover {family}.")


def read_params(endpoint: Endpoint, request: Request) -> BaseModel:
    """The endpoint's parameters. Raises `BadRequest` naming the fields."""
    asked = dict(parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True))
    for name, field in path_fields(endpoint).items():
        asked[field] = segment(request.path_params[name])
    return parse_params(endpoint, asked)


def parse_params(endpoint: Endpoint, asked: dict[str, str]) -> BaseModel:
    """The endpoint's parameters from texts by name. Raises `BadRequest` naming the fields."""
    try:
        return endpoint.params.model_validate(_without_blanks(endpoint.params, asked))
    except ValidationError as error:
        raise bad_parameters(error.errors()) from None


def _without_blanks(params: type[BaseModel], asked: dict[str, str]) -> dict[str, str]:
    # `?type=&page_size=` is how some clients say that they don't mind.
    return {name: value for name, value in asked.items() if value != "" or name == "id"}


Answering = Callable[[Request, dict[str, str]], Awaitable[Response]]


def counted(name: str, answer: Answering) -> Callable[[Request], Awaitable[Response]]:
    """The same, with errors turned into answers, counted and timed. `answer` adds to the headers that errors have too."""
    took = TOOK.labels(name)
    counts: dict[int, Any] = {}

    async def observed(request: Request) -> Response:
        began = time.perf_counter()
        headers: dict[str, str] = {}
        try:
            response = await answer(request, headers)
        except CallboardError as error:
            error.headers = headers | error.headers
            response = error_response(error)
        except Exception as error:
            response = fault_response(request.scope["path"], error)
        took.observe(time.perf_counter() - began)
        count = counts.get(response.status_code)
        if count is None:
            count = counts[response.status_code] = ASKED.labels(name, str(response.status_code))
        count.inc()
        return response

    return observed


def handler(endpoint: Endpoint, desk: Desk) -> Callable[[Request], Awaitable[Response]]:
    """The function that answers an endpoint's requests."""

    async def answer(request: Request, headers: dict[str, str]) -> Response:
        caller = desk.caller(request)
        check_access(endpoint, caller)
        headers |= desk.limiter.count(caller, endpoint.rate)
        fresh = desk.freshness.header(caller.account_id)
        if fresh:
            headers["X-Data-Freshness"] = fresh
        sees = (caller.account_id, caller.groups, caller.hide_personal)
        key = (endpoint.name, sees, request.scope["path"], request.scope["query_string"])
        known = desk.memory.get(key)
        if known is None:
            params = read_params(endpoint, request)
            known = await desk.work(lambda: ask(params, caller, key))
        if isinstance(known, StreamingResponse):
            known.headers.update(headers)
            return known
        etag, body = known
        headers["ETag"] = etag
        if _matches(request.headers.get("if-none-match", ""), etag):
            return Bytes(b"", 304, headers)
        return Bytes(body, 200, headers, JSON)

    def ask(params: BaseModel, caller: Caller, key: Any) -> Any:
        seen = desk.memory.now
        context = Context(desk.store, caller, int(time.time()), desk.settings, desk.page_tokens, desk.memory)
        made = endpoint.ask(context, params)
        if isinstance(made, Stream):
            return StreamingResponse(begun(made.pieces), media_type=made.media_type)
        assert isinstance(made, Answer)
        wire = made.wire()
        body = orjson.dumps(wire)
        known = (f'"{blake2b(body, digest_size=12).hexdigest()}"', body)
        if made.depends is not None:
            desk.memory.put(key, made.depends, known, len(body) + 100 * len(made.depends), seen, _lasts(wire))
        return known

    return counted(endpoint.name, answer)


def _matches(asked: str, etag: str) -> bool:
    return bool(asked) and any(tag.strip().removeprefix("W/") in (etag, "*") for tag in asked.split(","))


def _lasts(wire: dict[str, Any]) -> float:
    return TOKEN_SECONDS if wire.get("next_page_token") else inf


def routes(desk: Desk) -> list[Route]:
    """A route for each endpoint; those with the more literal paths first."""
    ordered = sorted(ENDPOINTS.values(), key=lambda e: (-e.path.count("/"), e.path.count("{"), e.path))
    return [Route(route_path(endpoint), handler(endpoint, desk), methods=["GET"]) for endpoint in ordered]
