"""What the API says of itself: OpenAPI, made once a process from the registry and the doors beside it."""

from __future__ import annotations

import inspect
from functools import cache
from typing import Annotated, Any, Final

from fastapi import FastAPI, Path, Query
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, create_model
from starlette.requests import Request
from starlette.responses import Response

import callboard
from callboard.api import export_door, facts_door
from callboard.api.answers import json_response
from callboard.api.routes import path_fields, route_path
from callboard.contract.access import AREAS
from callboard.contract.errors import ERRORS
from callboard.endpoints import ENDPOINTS, Endpoint

DOORS: Final[dict[str, dict[str, Any]]] = {
    "/v1/facts/{table}": facts_door.DESCRIBED,
    "/v1/export/{endpoint}": export_door.DESCRIBED,
}
"""Doors that no endpoint declares, by path; errors are added to what they answer."""


class ErrorBody(BaseModel):
    """The shape of every error."""

    code: int
    message: str
    errors: list[dict[str, str]] = []


RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    error.status: {"model": ErrorBody, "description": error.sentence} for error in reversed(ERRORS)
}


def _signature(endpoint: Endpoint) -> inspect.Signature:
    """What FastAPI reads the parameters of OpenAPI from."""
    in_path = path_fields(endpoint)
    fields = endpoint.params.model_fields
    asked: dict[str, Any] = {name: (info.annotation, info) for name, info in fields.items() if name not in in_path.values()}
    parameters = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=Annotated[str, Path(description=fields[field].description)],
        )
        for name, field in in_path.items()
    ]
    if asked:
        model = create_model(f"{endpoint.name}_query", **asked)
        parameters.append(inspect.Parameter("query", inspect.Parameter.KEYWORD_ONLY, annotation=Annotated[model, Query()]))
    return inspect.Signature(parameters)


def _add(app: FastAPI, endpoint: Endpoint) -> None:
    def declared(**_: Any) -> None:
        raise NotImplementedError

    declared.__signature__ = _signature(endpoint)  # type: ignore[attr-defined]
    app.router.add_api_route(
        route_path(endpoint),
        declared,
        methods=["GET"],
        name=endpoint.name,
        operation_id=endpoint.operation or endpoint.name,
        summary=endpoint.summary,
        response_model=endpoint.response,
        responses=RESPONSES,
        tags=[endpoint.kind or "callboard"],
        openapi_extra={"security": [{"oauth": sorted(endpoint.access.scopes)}], "x-rate-class": endpoint.rate},
    )


@cache
def openapi() -> dict[str, Any]:
    """The description of every endpoint and door, and of how to get a token.

    FastAPI makes it from declarations that it never serves: requests take the shorter way of `api.routes`.
    """
    app = FastAPI(title="Callboard", version=callboard.__version__, description=callboard.__doc__ or "")
    for endpoint in sorted(ENDPOINTS.values(), key=lambda e: (-e.path.count("/"), e.path.count("{"), e.path)):
        _add(app, endpoint)
    schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.router.routes)
    errors = next(iter(schema["paths"].values()))["get"]["responses"]
    for path, door in DOORS.items():
        schema["paths"][path] = {method: told | {"responses": errors | told["responses"]} for method, told in door.items()}
    scopes = {scope: "" for e in ENDPOINTS.values() for scope in e.access.scopes} | dict.fromkeys(AREAS["facts"].scopes, "")
    flow = {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": scopes}}
    schema.setdefault("components", {})["securitySchemes"] = {"oauth": {"type": "oauth2", "flows": flow}}
    return schema


async def openapi_route(_: Request) -> Response:
    """Answer `/v1/openapi.json`."""
    return json_response(openapi(), 200, {})
