"""The one place where an error becomes an answer."""

from __future__ import annotations

import secrets
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import Response

from callboard.api.answers import json_response
from callboard.contract.errors import BadRequest, CallboardError, MethodNotAllowed, NotFound

log = structlog.get_logger()


def bad_parameters(errors: list[Any]) -> BadRequest:
    """The error for pydantic's findings about parameters."""
    found = [{"field": str(e["loc"][-1]) if e["loc"] else "", "message": str(e["msg"])} for e in errors]
    return BadRequest(f"Invalid field: {found[0]['field']}. {found[0]['message']}.", found)


def error_response(error: CallboardError) -> Response:
    """The answer for an error a caller should hear of."""
    return json_response(error.body(), error.status, error.headers)


async def known(_: Request, error: Exception) -> Response:
    """Answer a `CallboardError`."""
    assert isinstance(error, CallboardError)
    return error_response(error)


async def no_route(request: Request, _: Exception) -> Response:
    """Answer a path that does not exist."""
    return error_response(NotFound(f"There is no {request.scope['path']} here."))


async def no_method(request: Request, _: Exception) -> Response:
    """Answer a method that a path does not take."""
    return error_response(MethodNotAllowed(f"{request.method} is not for {request.scope['path']}."))


async def fault(request: Request, error: Exception) -> Response:
    """Answer a fault of ours: logged with an id, and nothing of it told."""
    return fault_response(request.scope["path"], error)


def fault_response(path: str, error: Exception) -> Response:
    """The answer for a fault of ours."""
    number = secrets.token_hex(8)
    log.error("fault", request=number, path=path, error=repr(error), exc_info=error)
    return json_response({"code": 500, "message": f"An internal error occurred. Request {number}."}, 500, {})
