"""Ask an account's API: tokens, limits, retries. What comes back is a page of JSON, or a reason why there is none."""

from __future__ import annotations

import threading
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2 as httpx
import orjson
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from callboard.control import Source
from callboard.sync.budget import Budget, retry_at
from callboard.sync.clock import Clock

ATTEMPTS: Final = 8
"""So often a call is tried that fails by itself: within about four minutes."""
MOST_FAILURES: Final = 5
"""After so many calls in a row that failed to the end, upstream is taken to be out of order."""
EARLY_SECONDS: Final = 60.0
"""A token is renewed so long before it ends."""


class SyncError(Exception):
    """The mirror can't go on; the text says why."""


class Refused(SyncError):
    """Upstream does not answer this question, and would not if it was asked again."""

    def __init__(self, status: int, code: Any, message: str) -> None:
        super().__init__(f"{status} {message}")
        self.status, self.code, self.message = status, code, message


class Gone(Refused):
    """What was asked about is not there."""


class PageTokenExpired(Refused):
    """The listing has to begin again."""


class _Passing(Exception):
    """A failure that passes: the call is tried again. `status` is that of the answer, 0 when none came."""

    def __init__(self, why: str, status: int = 0) -> None:
        super().__init__(why)
        self.status = status


def default_token_url(base_url: str) -> str:
    """Where tokens are given: Zoom's are at zoom.us for the API at api.zoom.us; else it is the same address."""
    parts = urlsplit(base_url)
    host = parts.netloc.removeprefix("api.") if "zoom" in parts.netloc else parts.netloc
    return f"{parts.scheme}://{host}/oauth/token"


class Upstream:
    """The API of one account. Safe from any thread."""

    def __init__(self, source: Source, http: httpx.Client, clock: Clock, budget: Budget) -> None:
        self._source, self._http, self._clock, self.budget = source, http, clock, budget
        self._base = source.base_url.rstrip("/").removesuffix("/v2")
        self._lock = threading.Lock()
        self._token, self._expires = "", 0.0
        self.retried = 0
        self._failures = 0

    def get(self, endpoint: str, path: str, params: dict[str, Any]) -> dict[str, Any]:
        """The JSON of one call.

        Raises `Refused`, `Gone` or `PageTokenExpired`, and `SyncError` when upstream does not answer at all.
        """
        retrying = Retrying(
            retry=retry_if_exception_type(_Passing),
            stop=stop_after_attempt(ATTEMPTS),
            wait=wait_exponential_jitter(multiplier=0.5, max=60, jitter=1),
            sleep=self._clock.sleep,
            reraise=True,
        )
        try:
            body = retrying(self._get, endpoint, path, params)
        except _Passing as error:
            self._failures += 1
            if error.status and self._failures < MOST_FAILURES:
                raise Refused(error.status, error.status, f"failed {ATTEMPTS} times: {error}") from None
            raise SyncError(f"{path} failed {ATTEMPTS} times: {error}") from None
        self._failures = 0
        return body

    def _get(self, endpoint: str, path: str, params: dict[str, Any]) -> dict[str, Any]:
        renewals = 0
        while True:
            self.budget.take(endpoint)
            token = self._bearer()
            answer = self._send("GET", f"{self._base}{path}", params=params, headers={"Authorization": f"Bearer {token}"})
            if answer.status_code == 429:
                self.budget.refuse(endpoint, answer.headers)
            elif answer.status_code == 401 and renewals < (ATTEMPTS if "expired" in answer.text else 1):
                renewals += 1
                self._forget(token)
            else:
                return self._read(endpoint, answer)

    def _send(self, method: str, url: str, **request: Any) -> httpx.Response:
        try:
            return self._http.request(method, url, **request)
        except httpx.HTTPError as error:
            self.retried += 1
            raise _Passing(repr(error)) from None

    def _read(self, endpoint: str, answer: httpx.Response) -> dict[str, Any]:
        if answer.status_code >= 500:
            self._wait_as_told(answer)
            raise _Passing(answer.text[:200], answer.status_code)
        body = _body(answer)
        if answer.status_code == 200:
            if body is None:
                self.retried += 1
                raise _Passing("the answer is no JSON object, or was cut", 502)
            self.budget.learn(endpoint, answer.headers)
            return body
        raise _refusal(answer.status_code, body or {})

    def _wait_as_told(self, answer: httpx.Response) -> None:
        self.retried += 1
        if answer.headers.get("retry-after"):
            now = self._clock.now()
            self._clock.sleep(min(60.0, retry_at(answer.headers, now) - now))

    # Tokens

    def _bearer(self) -> str:
        with self._lock:
            if not self._token or self._clock.now() > self._expires:
                self._token, lives = self._ask_token()
                self._expires = self._clock.now() + max(1.0, lives - min(EARLY_SECONDS, lives / 10))
            return self._token

    def _forget(self, token: str) -> None:
        with self._lock:
            if self._token == token:
                self._token = ""

    def _ask_token(self) -> tuple[str, float]:
        source = self._source
        answer = self._send(
            "POST",
            source.token_url or default_token_url(source.base_url),
            data={"grant_type": "account_credentials", "account_id": source.upstream_id},
            auth=httpx.BasicAuth(source.client_id, source.secret),
        )
        if answer.status_code == 429 or answer.status_code >= 500:
            self._wait_as_told(answer)
            raise _Passing("no token was given", answer.status_code)
        body = _body(answer)
        if answer.status_code == 200 and body and isinstance(body.get("access_token"), str):
            return body["access_token"], float(body.get("expires_in") or 3600)
        said = (body or {}).get("reason") or (body or {}).get("error") or answer.text[:200]
        raise SyncError(f"{source.base_url} gives no token for client {source.client_id}: {said}")


def _body(answer: httpx.Response) -> dict[str, Any] | None:
    try:
        body = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        return None
    return body if isinstance(body, dict) else None


def _refusal(status: int, body: dict[str, Any]) -> Refused:
    code, message = body.get("code"), str(body.get("message") or "no reason given")
    if status == 400 and "page token" in message.lower():
        return PageTokenExpired(status, code, message)
    kind = Gone if status == 404 else Refused
    return kind(status, code, message)
