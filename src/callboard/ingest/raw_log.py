"""Webhooks as log collectors keep them: a body a line, bare or inside what the collector says of it."""

from __future__ import annotations

from typing import Any, Final

import orjson

from callboard.ingest import zoom_webhook
from callboard.ingest.facts import Fact, moment

BODIES: Final = ("body", "payload", "message", "request_body", "raw", "data")
"""Members that may hold the body, as text or as an object."""
TIMES: Final = ("received_at", "received", "@timestamp", "timestamp", "time", "ts")
"""Members that may say when it came."""
VALIDATION: Final = "endpoint.url_validation"


def is_event(said: Any) -> bool:
    """Whether it is a webhook's body."""
    return isinstance(said, dict) and isinstance(said.get("event"), str) and isinstance(said.get("payload"), dict)


def is_log(said: Any) -> bool:
    """Whether it is a body, or holds one."""
    return is_event(said) or _wrapped(said) is not None


def _wrapped(said: Any) -> tuple[bytes, Any] | None:
    """The body inside an object, as bytes and as JSON."""
    for name in BODIES if isinstance(said, dict) else ():
        inner = said.get(name)
        if is_event(inner):
            return orjson.dumps(inner), inner
        if isinstance(inner, str) and inner.lstrip().startswith("{"):
            try:
                parsed = orjson.loads(inner)
            except orjson.JSONDecodeError:
                continue
            if isinstance(parsed, dict) and isinstance(parsed.get("event"), str):
                return inner.encode(), parsed
    return None


def received(said: dict[str, Any]) -> float | None:
    """When a body came, if the collector says so, in Unix seconds."""
    return next((at for name in TIMES if (at := moment(said.get(name))) is not None), None)


def facts(said: Any, raw: bytes, account_id: str, own_account: str, now: float) -> tuple[list[Fact], str]:
    """The facts of one line, the raw body among them, and why it can't be applied; the same as the webhooks' door makes.

    Bodies of other accounts than `account_id`, if one is given, can't; `own_account` is for those that say none. Without a
    time of receipt the body counts as received when it says it happened.
    """
    found = (raw or orjson.dumps(said), said) if is_event(said) else _wrapped(said)
    if found is None:
        return [], "no webhook body"
    body, inner = found
    came = None if inner is said else received(said)
    if inner["event"] == VALIDATION:
        return [], ""
    try:
        event = zoom_webhook.parse(inner, now if came is None else came, account_id or own_account)
    except zoom_webhook.NotUnderstood as reason:
        account = account_id or reason.account_id or own_account
        refused = zoom_webhook.raw(body, account, inner["event"], reason.at, came or reason.at, "refused", str(reason))
        return ([refused] if account else []), str(reason)
    if account_id and event.account_id not in ("", account_id):
        return [], f"account {event.account_id} is not {account_id}"
    verdict = "applied" if event.facts else "kept"
    return [*event.facts, zoom_webhook.raw(body, event.account_id, event.name, event.at, came or event.at, verdict)], ""
