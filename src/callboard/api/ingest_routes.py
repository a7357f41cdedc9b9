"""The door that Zoom's webhooks come in by: signature, JSON, facts, and an answer once they are on disk."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Iterable
from typing import Any, Final

import orjson
import structlog
from prometheus_client import Counter
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from callboard.api.answers import Bytes, json_response
from callboard.api.errors import error_response, fault_response
from callboard.contract.errors import BadSignature, CallboardError, NotFound, NotJson, TooLarge
from callboard.control import App, Control
from callboard.ingest import zoom_webhook
from callboard.ingest.facts import Fact
from callboard.settings import Settings
from callboard.store.writer import Writer

log = structlog.get_logger()

EVENTS = Counter("callboard_webhooks_total", "Webhooks, by what became of them.", ["verdict"])
APPS_SECONDS: Final = 1.0
OK: Final = b'{"status":"ok"}'


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Zoom's signature of a body: `v0=` and the hex HMAC-SHA256 of `v0:<timestamp>:<body>`."""
    return "v0=" + hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()


def check_signature(secret: str, headers: dict[bytes, bytes], body: bytes, now: float, window: int) -> None:
    """Raises `BadSignature` unless the body was signed with `secret` within `window` seconds of `now`."""
    timestamp = headers.get(b"x-zm-request-timestamp", b"").decode("latin-1")
    given = headers.get(b"x-zm-signature", b"").decode("latin-1")
    if not timestamp.isdigit():
        raise BadSignature("The header x-zm-request-timestamp is missing or not a number.")
    if not hmac.compare_digest(sign(secret, timestamp, body).encode(), given.encode()):
        raise BadSignature("The signature does not match the body and this app's secret token.")
    said = int(timestamp) / (1000 if len(timestamp) > 11 else 1)  # seconds, or milliseconds
    if abs(now - said) > window:
        raise BadSignature(f"The timestamp is more than {window} s from this server's clock.")


class ZoomDoor:
    """`POST /webhooks/zoom` and `/webhooks/zoom/<app>`, as a bare ASGI app: the hot path in."""

    def __init__(self, control: Control, writer: Writer, settings: Settings) -> None:
        self._control = control
        self._writer = writer
        self._settings = settings
        self._apps: dict[str, App] = {}
        self._apps_at = -1e9
        self._counts = {
            v: EVENTS.labels(v) for v in ("applied", "kept", "refused", "unsigned", "too_large", "failed", "validation")
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            response = await self._take(scope, receive)
        except CallboardError as error:
            self._counts[_verdict(error)].inc()
            response = error_response(error)
        except Exception as error:
            self._counts["failed"].inc()
            response = fault_response(scope["path"], error)
        await response(scope, receive, send)

    def _app(self, path: str) -> App:
        if time.monotonic() - self._apps_at > APPS_SECONDS:
            self._apps, self._apps_at = self._control.apps(), time.monotonic()
            if self._settings.webhook_secret:
                self._apps.setdefault("", App("", "", self._settings.webhook_secret))
        try:
            return self._apps[path]
        except KeyError:
            raise NotFound("No Zoom app is registered at this path: `callboard webhook create` makes one.") from None

    async def _take(self, scope: Scope, receive: Receive) -> Response:
        app = self._app(scope["path"].removeprefix("/webhooks/zoom").strip("/"))
        body = await read_body(receive, self._settings.webhook_max_bytes)
        now = time.time()
        check_signature(app.secret, dict(scope["headers"]), body, now, self._settings.webhook_window_seconds)
        try:
            said = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            await self._refuse(zoom_webhook.raw(body, app.account_id, "", now, now, "refused", f"not JSON: {error}"))
            raise NotJson from None
        if isinstance(said, dict) and said.get("event") == "endpoint.url_validation":
            return self._validate(app, said)
        return await self._apply(app, body, said, now)

    def _validate(self, app: App, said: dict[str, Any]) -> Response:
        payload = said.get("payload")
        plain = str(payload.get("plainToken", "")) if isinstance(payload, dict) else ""
        self._counts["validation"].inc()
        encrypted = hmac.new(app.secret.encode(), plain.encode(), hashlib.sha256).hexdigest()
        return json_response({"plainToken": plain, "encryptedToken": encrypted}, 200, {})

    async def _apply(self, app: App, body: bytes, said: Any, now: float) -> Response:
        try:
            event = zoom_webhook.parse(said, now, app.account_id)
        except zoom_webhook.NotUnderstood as reason:
            found = said.get("event") if isinstance(said, dict) else None
            name = found if isinstance(found, str) else ""
            account = app.account_id or reason.account_id
            await self._refuse(zoom_webhook.raw(body, account, name, reason.at, now, "refused", str(reason)))
            if not name:
                raise NotJson from None
            return Bytes(OK, 200, {})
        if app.account_id and event.account_id not in ("", app.account_id):
            why = f"account {event.account_id} is not this app's"
            await self._refuse(zoom_webhook.raw(body, app.account_id, event.name, event.at, now, "refused", why))
            return Bytes(OK, 200, {})
        verdict = "applied" if event.facts else "kept"
        raw = zoom_webhook.raw(body, event.account_id, event.name, event.at, now, verdict)
        await self._write([*event.facts, raw])
        self._counts[verdict].inc()
        return Bytes(OK, 200, {})

    async def _refuse(self, raw: Fact) -> None:
        """Keep a body that can't be applied, with its reason."""
        self._counts["refused"].inc()
        log.warning("event refused", event_name=raw[1]["event"], reason=raw[1]["reason"][1])
        await self._write([raw])

    async def _write(self, facts: Iterable[Fact]) -> None:
        await self._writer.add(facts)


def _verdict(error: CallboardError) -> str:
    if isinstance(error, BadSignature | NotFound):
        return "unsigned"
    return "too_large" if isinstance(error, TooLarge) else "refused" if isinstance(error, NotJson) else "failed"


async def read_body(receive: Receive, most: int) -> bytes:
    """The request's body. Raises `TooLarge` as soon as it is."""
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body") and len(body) <= most:
        return body
    pieces, size = [body], len(body)
    while message.get("more_body") and size <= most:
        message = await receive()
        pieces.append(message.get("body", b""))
        size += len(pieces[-1])
    if size > most:
        raise TooLarge(f"The body is larger than {most} bytes.")
    return b"".join(pieces)
