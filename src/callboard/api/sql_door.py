"""ClickHouse's own HTTP interface on the data folder's Unix socket: how commands reach a running server's facts.

The socket belongs to the folder's owner, who could read the files as well, so nothing is forbidden here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from callboard.api.answers import begun
from callboard.contract.errors import Unavailable
from callboard.store.engine import STREAMED, Engine, EngineError, Literal

_INSERT: Final = re.compile(r"\s*INSERT\s+INTO\s+(\S+?)\s*(?:\([^)]*\))?\s+FORMAT\s+(\w+)\s*$", re.IGNORECASE | re.DOTALL)
_FORMAT: Final = re.compile(r"\sFORMAT\s+(\w+)\s*;?\s*$", re.IGNORECASE)
_SELECT: Final = re.compile(r"\s*(--[^\n]*\n\s*)*(SELECT|WITH|SHOW|DESC|EXISTS|EXPLAIN)\b", re.IGNORECASE)


def sql_door(engine: Engine, workers: ThreadPoolExecutor, inserted: Callable[[str], None]) -> Starlette:
    """The door as an app. `inserted` is told the table of each insert."""

    async def ask(request: Request) -> Response:
        """Run the SQL of the query string or the body."""
        asked = {name: values[-1] for name, values in parse_qs(request.url.query, keep_blank_values=True).items()}
        body = await request.body()
        try:
            return await run_in_threadpool(_run, asked, body)
        except Unavailable as error:
            return PlainTextResponse(error.message + "\n", 503)
        except EngineError as error:
            return PlainTextResponse(f"{error}\n", 500)

    def _run(asked: dict[str, str], body: bytes) -> Response:
        query = asked.get("query", "")
        insert = _INSERT.match(query)
        if insert:
            engine.insert(insert[1], body, insert[2])
            inserted(insert[1])
            return PlainTextResponse("")
        sql = f"{query}\n{body.decode()}" if query else body.decode()
        if not _SELECT.match(sql):
            return Response(engine.run(sql), media_type="text/plain")
        return StreamingResponse(begun(_select(asked, sql)), media_type="text/plain")

    def _select(asked: dict[str, str], sql: str) -> Iterator[bytes]:
        params: dict[str, Any] = {n.removeprefix("param_"): Literal(v) for n, v in asked.items() if n.startswith("param_")}
        found = _FORMAT.search(sql)
        format_ = found[1] if found else asked.get("default_format", "TabSeparated")
        plain = sql[: found.start()] if found else sql
        if format_ in STREAMED:
            yield from engine.stream(plain, params, format_)
        else:
            yield engine.read(plain, params, format_, wide=True)

    return Starlette(routes=[Route("/", ask, methods=["GET", "POST"])])
