"""Bytes on the way out."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from starlette.responses import Response

JSON = b"application/json"


class Bytes(Response):
    """An answer whose headers are made once, as the wire wants them."""

    def __init__(self, body: bytes, status: int, headers: Mapping[str, str], media_type: bytes = JSON) -> None:
        self.status_code = status
        self.body = body
        self.background = None
        self.raw_headers = [(name.lower().encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]
        self.raw_headers.append((b"x-zm-trackingid", f"CB_{secrets.token_hex(8)}".encode()))
        if status != 304:
            self.raw_headers.append((b"content-type", media_type))
            self.raw_headers.append((b"content-length", str(len(body)).encode()))


def json_response(body: Any, status: int, headers: Mapping[str, str]) -> Response:
    """`body` as JSON."""
    return Bytes(orjson.dumps(body), status, headers)


def begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same pieces, the first already made: an error in making it can still become an answer."""
    first = next(pieces, b"")

    def go_on() -> Iterator[bytes]:
        yield first
        yield from pieces

    return go_on()
