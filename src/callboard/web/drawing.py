"""What pages draw charts with: the catalogue of charts as an asset, and the library under a name of its own."""

from __future__ import annotations

from functools import cached_property

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from callboard import charts
from callboard.charts import BUNDLE, Bundle
from callboard.web.assets import Asset, packed, sent


def catalogue() -> dict[str, bytes]:
    """The assets that are made of charts."""
    return {"charts.json": orjson.dumps(charts.as_json())}


class Library:
    """The route of the library that draws charts. Its name has its version, so that an upgrade of Callboard keeps it."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle

    @cached_property
    def _asset(self) -> Asset:
        return packed(BUNDLE, self._bundle.read())

    def route(self) -> Route:
        """The route that serves it."""
        return Route(f"/static/{BUNDLE}", self._serve, name="charts")

    async def _serve(self, request: Request) -> Response:
        return sent(await run_in_threadpool(lambda: self._asset), request)
