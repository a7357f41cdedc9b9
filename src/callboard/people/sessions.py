"""Sessions of signed-in people: the cookie, who it is, and the token that a request which changes something carries."""

from __future__ import annotations

import hmac
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from callboard.contract.access import Caller, person_scopes
from callboard.contract.errors import ForeignRequest, InvalidAccessToken
from callboard.control import People, User
from callboard.control.people import SignedIn
from callboard.settings import Settings

SAFE: Final = ("GET", "HEAD", "OPTIONS")
REMEMBER_SECONDS: Final = 1.0
"""A session that another process ended goes on for so long at the most."""
REMEMBERED: Final = 10_000
SEEN_SECONDS: Final = 60
"""A session's use is written down that often."""
CSRF_HEADER: Final = "x-csrf-token"


def csrf_token(secret: str) -> str:
    """The token that goes with a cookie's secret: pages carry it, and requests that change something send it back."""
    return blake2b(b"csrf", key=secret.encode()[:64], digest_size=16).hexdigest()


class Sessions:
    """Who a request's cookie is. What the control store said is remembered for a second."""

    def __init__(self, people: People, settings: Settings) -> None:
        self.people, self._settings = people, settings
        self._origin = _origin(settings.base_url)
        self._secure = self._origin.startswith("https:")
        self.cookie = "__Host-callboard" if self._secure else "callboard"
        self._idle = settings.session_idle_minutes * 60
        self._known: OrderedDict[str, tuple[float, SignedIn | None]] = OrderedDict()
        self._notes = ThreadPoolExecutor(1, thread_name_prefix="sessions")

    def close(self) -> None:
        """Write down what is left."""
        self._notes.shutdown(wait=True)

    # Who

    def secret(self, request: Request) -> str:
        """What the request's cookie holds; empty without one."""
        return request.cookies.get(self.cookie, "")

    def signed_in(self, request: Request) -> SignedIn | None:
        """The session of a request."""
        secret = self.secret(request)
        return self._look_up(secret) if secret else None

    def user(self, request: Request) -> User | None:
        """Who is signed in."""
        found = self.signed_in(request)
        return found.user if found else None

    def csrf(self, request: Request) -> str:
        """The token for the page that is asked for."""
        return csrf_token(self.secret(request))

    def caller(self, request: Request) -> Caller:
        """Who asks. Raises `InvalidAccessToken`, and `ForeignRequest` for what would change something unasked."""
        user = self.user(request)
        if user is None:
            raise InvalidAccessToken
        if request.method not in SAFE:
            self.check(request, request.headers.get(CSRF_HEADER, ""))
        return as_caller(user)

    def check(self, request: Request, token: str) -> None:
        """Raises `ForeignRequest` unless a request comes from a page of ours and carries its session's token."""
        secret = self.secret(request)
        if not secret or not hmac.compare_digest(token.encode(), csrf_token(secret).encode()) or not self.same_origin(request):
            raise ForeignRequest

    def same_origin(self, request: Request) -> bool:
        """Whether the page that asks is ours, as far as the browser says which it is."""
        said = request.headers.get("origin")
        if said is None:
            return request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
        ours = _origin(said)
        return bool(ours) and (ours == self._origin or urlsplit(ours).netloc == request.headers.get("host", "").lower())

    # Begin and end

    def begin(self, response: Response, user: User, by_link: bool = False) -> None:
        """Sign a user in: the response sets the cookie."""
        now, seconds = int(time.time()), self._settings.session_hours * 3600
        secret = self.people.begin_session(user.id, now=now, seconds=seconds, by_link=by_link)
        self.set_cookie(response, self.cookie, secret, seconds)

    def end(self, request: Request, response: Response, everywhere: bool = False) -> None:
        """Sign out: here, or everywhere."""
        secret, user = self.secret(request), self.user(request)
        if everywhere and user:
            self.people.end_sessions(user.id)
        else:
            self.people.end_session(secret)
        self.forget()
        self.set_cookie(response, self.cookie, "", 0)

    def set_cookie(self, response: Response, name: str, value: str, seconds: int) -> None:
        """Set a cookie as all of ours are."""
        response.set_cookie(name, value, max_age=seconds, path="/", secure=self._secure, httponly=True, samesite="lax")

    def forget(self) -> None:
        """Sessions or users changed in this process: what was remembered counts no more."""
        self._known.clear()

    def _look_up(self, secret: str) -> SignedIn | None:
        at, found = self._known.get(secret, (0.0, None))
        if time.monotonic() - at <= REMEMBER_SECONDS and at:
            return found
        now = int(time.time())
        found = self.people.signed_in(secret, now=now, idle_seconds=self._idle)
        self._known[secret] = (time.monotonic(), found)
        self._known.move_to_end(secret)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        if found and now - found.seen_at >= min(SEEN_SECONDS, self._idle // 2):
            self._notes.submit(self.people.seen, secret, now=now)
        return found


def as_caller(user: User) -> Caller:
    """A signed-in person as one who asks the API."""
    return Caller(
        user.account_id,
        f"user:{user.id}",
        user.role,
        person_scopes(user.role),
        frozenset(user.families),
        frozenset(user.groups),
        user.id,
        user.hide_personal,
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.netloc else ""
