"""Access tokens: `POST /oauth/token` as Zoom's server-to-server clients call it, and what a token says."""

from __future__ import annotations

import base64
import binascii
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OctKey
from starlette.requests import Request
from starlette.responses import Response

from callboard.api.answers import json_response
from callboard.contract.access import Caller
from callboard.contract.errors import InvalidAccessToken
from callboard.control import Client, Control

GRANTS: Final = ("account_credentials", "client_credentials")
REMEMBERED: Final = 10_000
CLIENT_SECONDS: Final = 1.0
"""A revoked client's tokens stop working after this long at the most."""


class Refused(Exception):
    """The token door's own error shape, `{reason, error}`."""

    def __init__(self, error: str, reason: str) -> None:
        super().__init__(reason)
        self.error, self.reason = error, reason


@dataclass(frozen=True)
class _Claims:
    client_id: str
    account_id: str
    scopes: frozenset[str]
    expires: float


class Tokens:
    """Makes and reads access tokens. Any key of the control store verifies; the newest signs."""

    def __init__(self, control: Control, lifetime_seconds: int) -> None:
        self._control = control
        self.lifetime = lifetime_seconds
        self._read: OrderedDict[str, _Claims] = OrderedDict()
        self._clients: dict[str, tuple[float, Client | None]] = {}
        self._keys = KeySet([])
        self._newest: Any = None
        self._keys_at = 0.0

    def _load_keys(self) -> None:
        keys = [OctKey.import_key(k.secret, {"kid": k.id}) for k in self._control.keys(now=int(time.time()))]
        self._keys, self._newest, self._keys_at = KeySet([*keys]), keys[-1], time.monotonic()

    def issue(self, client: Client, scopes: list[str]) -> str:
        """A signed token for a client."""
        if self._newest is None or time.monotonic() - self._keys_at > CLIENT_SECONDS:
            self._load_keys()
        now = int(time.time())
        claims = {"sub": client.id, "aid": client.account_id, "scp": scopes, "iat": now, "exp": now + self.lifetime}
        return jwt.encode({"alg": "HS256", "kid": self._newest.kid}, claims, self._newest)

    def caller(self, token: str) -> Caller:
        """Who holds a token. Raises `InvalidAccessToken`."""
        claims = self._read.get(token) or self._verify(token)
        if claims.expires <= time.time():
            raise InvalidAccessToken(expired=True)
        client = self._client(claims.client_id)
        if client is None:
            raise InvalidAccessToken
        return Caller(
            claims.account_id,
            client.id,
            client.role,
            claims.scopes,
            frozenset(client.families),
            frozenset(client.groups),
            hide_personal=client.hide_personal,
        )

    def _verify(self, token: str) -> _Claims:
        claims = self._decode(token)
        if claims is None:
            self._load_keys()  # signed, perhaps, with a key that another process has just made
            claims = self._decode(token)
        if claims is None:
            raise InvalidAccessToken
        self._read[token] = claims
        if len(self._read) > REMEMBERED:
            self._read.popitem(last=False)
        return claims

    def _decode(self, token: str) -> _Claims | None:
        if self._newest is None:
            self._load_keys()
        try:
            said = jwt.decode(token, self._keys, algorithms=["HS256"]).claims
            return _Claims(str(said["sub"]), str(said["aid"]), frozenset(said["scp"]), float(said["exp"]))
        except (JoseError, ValueError, KeyError, TypeError):
            return None

    def _client(self, client_id: str) -> Client | None:
        at, client = self._clients.get(client_id, (0.0, None))
        if time.monotonic() - at > CLIENT_SECONDS:
            client = self._control.client(client_id)
            self._clients[client_id] = (time.monotonic(), client)
        return client


def bearer(header: str) -> str:
    """The token of an Authorization header; the scheme's case does not matter. Raises `InvalidAccessToken`."""
    scheme, _, token = header.strip().partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise InvalidAccessToken
    return token.strip()


async def _asked(request: Request) -> dict[str, str]:
    """What was sent in the query and the form, whichever a client uses."""
    asked = dict(request.query_params)
    body = (await request.body())[:65_536]
    if body:
        asked |= dict(parse_qsl(body.decode("latin-1")))
    return asked


def _credentials(request: Request, asked: dict[str, str]) -> tuple[str, str]:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            client_id, _, secret = base64.b64decode(value.strip(), validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise Refused("invalid_client", "Invalid client_id or client_secret") from None
        return unquote(client_id), unquote(secret)
    return asked.get("client_id", ""), asked.get("client_secret", "")


def token_route(tokens: Tokens, control: Control, base_url: str) -> Any:
    """The handler of `POST /oauth/token`."""

    async def issue(request: Request) -> Response:
        """Give an access token for a client's credentials."""
        try:
            return json_response(_grant(request, await _asked(request)), 200, {"Cache-Control": "no-store"})
        except Refused as refused:
            return json_response({"reason": refused.reason, "error": refused.error}, 400, {"Cache-Control": "no-store"})

    def _grant(request: Request, asked: dict[str, str]) -> dict[str, Any]:
        grant = asked.get("grant_type", "")
        if grant not in GRANTS:
            raise Refused("unsupported_grant_type", "unsupported grant type")
        client = control.client_by_secret(*_credentials(request, asked))
        if client is None:
            raise Refused("invalid_client", "Invalid client_id or client_secret")
        if asked.get("account_id", client.account_id) != client.account_id:
            raise Refused("invalid_request", "Bad Request")
        wanted = asked.get("scope", "").split()
        scopes = [s for s in client.scopes if s in wanted] if wanted else list(client.scopes)
        return {
            "access_token": tokens.issue(client, scopes),
            "token_type": "bearer",
            "expires_in": tokens.lifetime,
            "scope": " ".join(scopes),
            "api_url": base_url,
        }

    return issue
