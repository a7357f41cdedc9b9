"""`POST /v1/facts/{table}`: rows of a fact table as lines of JSON, for what no webhook tells."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response

from callboard.api.answers import json_response
from callboard.api.routes import Desk
from callboard.contract.access import AREAS, Caller
from callboard.contract.errors import BadRequest, MissingScope, NotFound, RoleForbids
from callboard.ingest.lines import LOADABLE, BadRow, read_row
from callboard.store.tables import Table
from callboard.store.writer import Writer

PIECE: Final = 1 << 20
"""Bytes that are read before their rows are written: memory stays flat however long the body is."""
MOST_REASONS: Final = 1000
LONGEST_LINE: Final = 4 << 20


DESCRIBED: Final[dict[str, Any]] = {
    "post": {
        "operationId": "load_facts",
        "summary": "Load rows of a fact table, one JSON object a line.",
        "tags": ["callboard"],
        "security": [{"oauth": list(AREAS["facts"].scopes)}],
        "parameters": [{"name": "table", "in": "path", "required": True, "schema": {"enum": list(LOADABLE)}}],
        "requestBody": {"required": True, "content": {"application/x-ndjson": {"schema": {"type": "string"}}}},
        "responses": {
            "200": {
                "description": "How many rows were accepted, and which were refused and why.",
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "required": ["table", "accepted", "refused", "errors"],
                            "properties": {
                                "table": {"type": "string"},
                                "accepted": {"type": "integer"},
                                "refused": {"type": "integer"},
                                "errors": {
                                    "type": "array",
                                    "items": {
                                        "type": "object",
                                        "properties": {"line": {"type": "integer"}, "reason": {"type": "string"}},
                                    },
                                },
                            },
                        }
                    }
                },
            }
        },
    }
}
"""The door in OpenAPI; errors are added where the others' are."""


@dataclass
class Loaded:
    """What became of the lines so far."""

    table: str
    lines: int = 0
    accepted: int = 0
    refused: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)

    def refuse(self, reason: str) -> None:
        """Note a line that was refused."""
        self.refused += 1
        if len(self.errors) < MOST_REASONS:
            self.errors.append({"line": self.lines, "reason": reason})

    def body(self) -> dict[str, Any]:
        """As it is answered."""
        return {"table": self.table, "accepted": self.accepted, "refused": self.refused, "errors": self.errors}


class FactsDoor:
    """Takes rows, checks each, writes those that are right, and tells of the others."""

    def __init__(self, desk: Desk, writer: Writer) -> None:
        self._desk, self._writer = desk, writer

    async def take(self, request: Request) -> Response:
        """Answer one request, once all that it accepts is on disk."""
        caller = self._desk.caller(request)
        check_writer(caller)
        headers = self._desk.limiter.count(caller, "own")
        table = LOADABLE.get(request.path_params["table"])
        if table is None:
            raise NotFound(f"There is no table {request.path_params['table']}: take one of {', '.join(LOADABLE)}.")
        loaded = Loaded(table.name)
        async for piece in whole_lines(request.stream()):
            facts = await asyncio.get_running_loop().run_in_executor(self._desk.workers, self._read, table, piece, caller, loaded)
            if facts:
                await self._writer.add(facts)
                loaded.accepted += len(facts)
        if not loaded.lines:
            raise BadRequest("The body has no lines: send one JSON object a line.")
        return json_response(loaded.body(), 200, headers)

    def _read(self, table: Table, piece: list[bytes], caller: Caller, loaded: Loaded) -> list[tuple[str, dict[str, Any]]]:
        facts = []
        for line in piece:
            loaded.lines += 1
            if not line.strip():
                continue
            try:
                facts.append((table.name, read_row(table, orjson.loads(line), caller.account_id, time.time())))
            except orjson.JSONDecodeError as error:
                loaded.refuse(f"not JSON: {error}")
            except BadRow as reason:
                loaded.refuse(str(reason))
        return facts


def check_writer(caller: Caller) -> None:
    """Raises `MissingScope` or `RoleForbids` for those who may not load facts."""
    scopes = AREAS["facts"].scopes
    if caller.scopes.isdisjoint(scopes):
        raise MissingScope(list(scopes))
    if caller.role != "admin":
        raise RoleForbids(f"Your role ({caller.role}) may not load facts.")


async def whole_lines(stream: AsyncIterator[bytes]) -> AsyncIterator[list[bytes]]:
    """The lines of a body, many at a time. Raises `BadRequest` for a line that never ends."""
    pieces: list[bytes] = []
    size, rest = 0, b""
    async for chunk in stream:
        pieces.append(chunk)
        size += len(chunk)
        if size >= PIECE:
            *lines, rest = (rest + b"".join(pieces)).split(b"\n")
            if len(rest) > LONGEST_LINE:
                raise BadRequest(f"A line is longer than {LONGEST_LINE} bytes.")
            pieces, size = [], 0
            yield lines
    last = (rest + b"".join(pieces)).split(b"\n")
    yield last[:-1] if not last[-1] else last
