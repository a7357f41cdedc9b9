"""What the API says of itself: OpenAPI, made once a process from the registry and the doors beside it."""

from __future__ import annotations

import inspect
import re
from functools import cache
from typing import Annotated, Any, Final

from fastapi import FastAPI, Path, Query
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, create_model
from starlette.requests import Request
from starlette.responses import Response

import callboard
from callboard.api import admin, export_door, facts_door, live
from callboard.api.answers import json_response
from callboard.api.routes import path_fields, route_path
from callboard.contract.access import AREAS
from callboard.contract.errors import ERRORS
from callboard.endpoints import ENDPOINTS, Endpoint

DOORS: Final[dict[str, dict[str, Any]]] = {
    "/v1/facts/{table}": facts_door.DESCRIBED,
    "/v1/export/{endpoint}": export_door.DESCRIBED,
    "/v1/live": live.DESCRIBED,
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


def _declared(signature: inspect.Signature) -> Any:
    """A function that is never called: FastAPI reads its signature."""

    def declared(**_: Any) -> None:
        raise NotImplementedError

    declared.__signature__ = signature  # type: ignore[attr-defined]
    return declared


def _add(app: FastAPI, endpoint: Endpoint) -> None:
    app.router.add_api_route(
        route_path(endpoint),
        _declared(_signature(endpoint)),
        methods=["GET"],
        name=endpoint.name,
        operation_id=endpoint.operation or endpoint.name,
        summary=endpoint.summary,
        response_model=endpoint.response,
        responses=RESPONSES,
        tags=[endpoint.kind or "callboard"],
        openapi_extra={"security": [{"oauth": sorted(endpoint.access.scopes)}], "x-rate-class": endpoint.rate},
    )


def _add_admin(app: FastAPI, route: admin.Route) -> None:
    keyword = inspect.Parameter.KEYWORD_ONLY
    names = re.findall(r"\{(\w+)\}", route.path)
    parameters = [inspect.Parameter(name, keyword, annotation=Annotated[str, Path(description="Its id.")]) for name in names]
    if route.body:
        parameters.append(inspect.Parameter("body", keyword, annotation=route.body))
    app.router.add_api_route(
        route.path,
        _declared(inspect.Signature(parameters)),
        methods=[route.method],
        name=route.name,
        operation_id=route.name,
        summary=inspect.getdoc(route.run),
        status_code=route.status,
        response_model=route.answer,
        responses=RESPONSES,
        tags=["settings"],
        openapi_extra={"security": [{"oauth": [route.scope] if route.scope else []}], "x-rate-class": "own"},
    )


@cache
def openapi() -> dict[str, Any]:
    """The description of every endpoint and door, and of how to get a token.

    FastAPI makes it from declarations that it never serves: requests take the shorter way of `api.routes`.
    """
    app = FastAPI(title="Callboard", version=callboard.__version__, description=callboard.__doc__ or "")
    for endpoint in sorted(ENDPOINTS.values(), key=lambda e: (-e.path.count("/"), e.path.count("{"), e.path)):
        _add(app, endpoint)
    for route in admin.ROUTES:
        _add_admin(app, route)
    schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.router.routes)
    errors = next(iter(schema["paths"].values()))["get"]["responses"]
    for path, door in DOORS.items():
        schema["paths"][path] = {method: told | {"responses": errors | told["responses"]} for method, told in door.items()}
    scopes = {scope: "" for e in ENDPOINTS.values() for scope in e.access.scopes} | dict.fromkeys(
        (*AREAS["facts"].scopes, *AREAS["settings"].scopes), ""
    )
    flow = {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": scopes}}
    schema.setdefault("components", {})["securitySchemes"] = {"oauth": {"type": "oauth2", "flows": flow}}
    return schema


async def openapi_route(_: Request) -> Response:
    """Answer `/v1/openapi.json`."""
    return json_response(openapi(), 200, {})
