"""What browsers are told so that a page can do no harm: no foreign script, no frame around it, no guessing of types."""

from __future__ import annotations

from typing import Final

from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
"""No inline script or style, no eval, nothing from elsewhere."""

HEADERS: Final = {
    "content-security-policy": "; ".join(f"{name} {value}" for name, value in POLICY.items()),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
"""On every page and asset. `same-origin`: with no referrer at all, browsers would hide the origin of forms from us too."""
_RAW: Final = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
_UNKEPT: Final = (b"cache-control", b"private, no-cache")


class Guard:
    """Adds the headers to what an app answers; pages that say nothing of caching are not kept by others."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""

        async def guarded_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = {name.lower() for name, _ in message["headers"]}
                more = [*_RAW, _UNKEPT]
                message["headers"] = [*message["headers"], *(h for h in more if h[0] not in said)]
            await send(message)

        await self._app(scope, receive, guarded_send)


def guarded(routes: list[Route]) -> list[Route]:
    """The same routes, their answers with the headers."""
    for route in routes:
        route.app = Guard(route.app)
    return routes
