"""`GET /v1/export/{endpoint}`: any endpoint's answer as a file, all pages joined."""

from __future__ import annotations

import re
import time
from typing import Any, Final, Literal, get_args
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from callboard.api.answers import begun
from callboard.api.errors import bad_parameters
from callboard.api.routes import Desk, check_access, parse_params, path_fields, segment
from callboard.contract.errors import NotFound
from callboard.endpoints import ENDPOINTS, Context, Endpoint
from callboard.endpoints.sheets import Values, Wish, sheet
from callboard.export import FORMATS

FormatName = Literal["csv", "ndjson", "json", "parquet", "xlsx"]


class ExportParams(BaseModel):
    """Parameters of the export itself; all others are the endpoint's."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    format: FormatName = Field("csv", description="Format of the file.")
    columns: tuple[str, ...] = Field((), description="Columns to keep, in this order, with commas; all when left out.")
    values: Values = Field("numbers", description="`numbers` in base units, or `zoom`: Zoom's names and strings.")
    rows: str = Field("", description="Where an answer has several lists, the one to export; else the one with most columns.")
    guard: bool = Field(True, description="In CSV, put `'` before texts that a spreadsheet would take for a formula.")

    @field_validator("columns", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(filter(None, (part.strip() for part in value.split(",")))) if isinstance(value, str) else value


class ExportDoor:
    """Answers with files."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def give(self, request: Request) -> Response:
        """Answer one request: the first page is asked for before anything is sent, so that its errors are answers."""
        desk = self._desk
        caller = desk.caller(request)
        endpoint = _named(request.path_params["endpoint"])
        check_access(endpoint, caller)
        headers = desk.limiter.count(caller, endpoint.rate)
        asked = dict(parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True))
        wanted = _export_params(asked)
        params = parse_params(endpoint, own_params(endpoint, asked))
        context = Context(desk.store, caller, int(time.time()), desk.settings, desk.page_tokens, desk.memory)
        wish = Wish(wanted.columns, wanted.values, wanted.rows, wanted.guard)
        format_ = FORMATS[wanted.format]
        pieces = await desk.work(lambda: begun(format_.write(sheet(endpoint, context, params, wish))))
        headers["Content-Disposition"] = f'attachment; filename="{file_name(endpoint.name, asked)}.{format_.name}"'
        return StreamingResponse(pieces, media_type=format_.media_type, headers=headers)


def _named(name: str) -> Endpoint:
    try:
        return ENDPOINTS[name]
    except KeyError:
        raise NotFound(f"There is no endpoint {name}: docs/reference/endpoints.md lists them.") from None


def _export_params(asked: dict[str, str]) -> ExportParams:
    try:
        return ExportParams.model_validate({name: value for name, value in asked.items() if value != ""})
    except ValidationError as error:
        raise bad_parameters(error.errors()) from None


def own_params(endpoint: Endpoint, asked: dict[str, str]) -> dict[str, str]:
    """The endpoint's parameters; those in its path go by the path's names too."""
    fields = path_fields(endpoint)
    own = {fields.get(name, name): value for name, value in asked.items() if name not in ExportParams.model_fields}
    # In a query a bare `+` is a space, which no id has.
    return own | {field: segment(own[field].replace(" ", "+")) for field in fields.values() if field in own}


def file_name(name: str, asked: dict[str, str]) -> str:
    """A name that says what is in the file, of letters that every system takes: `list_meetings_2026-03-01_2026-03-31`."""
    parts = [name, *(asked[p] for p in ("meetingId", "webinarId", "id", "userId", "from", "to") if asked.get(p))]
    return re.sub(r"[^A-Za-z0-9._-]+", "-", "_".join(parts))[:120]


DESCRIBED: Final[dict[str, Any]] = {
    "get": {
        "operationId": "export_endpoint",
        "summary": "Export an endpoint's answer as a file, all pages joined.",
        "tags": ["callboard"],
        "security": [{"oauth": [scope]} for scope in sorted({s for e in ENDPOINTS.values() for s in e.access.scopes})],
        "parameters": [
            {"name": "endpoint", "in": "path", "required": True, "schema": {"type": "string", "enum": sorted(ENDPOINTS)}},
            *(
                {"name": name, "in": "query", "description": info.description, "schema": schema}
                for (name, info), schema in zip(
                    ExportParams.model_fields.items(),
                    (
                        {"type": "string", "enum": list(get_args(FormatName)), "default": "csv"},
                        {"type": "string"},
                        {"type": "string", "enum": list(get_args(Values)), "default": "numbers"},
                        {"type": "string"},
                        {"type": "boolean", "default": True},
                    ),
                    strict=True,
                )
            ),
            {
                "name": "parameters",
                "in": "query",
                "description": "The endpoint's own parameters; those in its path too, by the names that the path gives them.",
                "style": "form",
                "explode": True,
                "schema": {"type": "object", "additionalProperties": {"type": "string"}},
            },
        ],
        "responses": {
            "200": {
                "description": "The file.",
                "headers": {"Content-Disposition": {"description": "A name for it.", "schema": {"type": "string"}}},
                "content": {f.media_type: {"schema": {} if f.name == "json" else {"type": "string"}} for f in FORMATS.values()},
            }
        },
    }
}
"""The door in OpenAPI; errors are added where the others' are."""
