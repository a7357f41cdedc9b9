"""Sign-in and sign-out: with a password, at an OpenID provider, or with a link; the first user, and one's password."""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from callboard.contract.access import FAMILIES
from callboard.contract.errors import ForeignRequest
from callboard.control import Control, ControlError, User
from callboard.control.people import Link, SignedIn, random_text
from callboard.people.local import TooManyTries, WrongSignIn, address_of, sign_in
from callboard.people.oidc import BACK, STATE_SECONDS, Provider, find
from callboard.people.passwords import WeakPassword, hash_password
from callboard.people.sessions import Sessions, as_caller, csrf_token
from callboard.settings import Settings
from callboard.web.site import SIGN_IN, Site, Viewer

FORM_SECONDS: Final = 3600
LINK_FRESH: Final = 1800
LONGEST_FORM: Final = 65_536
STALE: Final = "This form is too old. Try again."
NO_LINK: Final = "This link was used already, has expired, or is not whole. Ask for a new one."


def viewers(sessions: Sessions) -> Callable[[Request], Viewer | None]:
    """Tells the site who looks at a page."""

    def who(request: Request) -> Viewer | None:
        user = sessions.user(request)
        if user is None:
            return None
        caller = as_caller(user)
        families = frozenset(family for family in FAMILIES if caller.may_read(family))
        return Viewer(user.name, user.role, families, sessions.csrf(request), not user.hide_personal)

    return who


def inside(to: str) -> str:
    """Where to go after sign-in: a path of ours, and nowhere else."""
    return to if to.startswith("/") and not to.startswith(("//", "/\\", SIGN_IN)) and to.isprintable() else "/"


async def form(request: Request) -> dict[str, str]:
    """What a form sent."""
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > LONGEST_FORM:
            return {}
        pieces.append(piece)
    return dict(parse_qsl(b"".join(pieces).decode("utf-8", "replace"), keep_blank_values=True))


def asks_old(session: SignedIn) -> bool:
    """Whether a new password needs the old one: not for those whom a link has just let in."""
    return session.user.has_password and not (session.by_link and session.created_at > time.time() - LINK_FRESH)


class SignIn:
    """The routes under `/sign-in`, and `/sign-out`."""

    def __init__(
        self, site: Site, control: Control, sessions: Sessions, settings: Settings, base_url: str, workers: ThreadPoolExecutor
    ) -> None:
        self._site, self._control, self._sessions, self._settings = site, control, sessions, settings
        self._who = viewers(sessions)
        self._workers = workers
        self._provider = Provider(settings, base_url, control.key_secrets) if settings.oidc_url else None
        self._form_cookie, self._oidc_cookie = f"{sessions.cookie}-form", f"{sessions.cookie}-oidc"

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            Route(SIGN_IN, self.page),
            Route(SIGN_IN, self.local, methods=["POST"]),
            Route(f"{SIGN_IN}/link", self.link_page),
            Route(f"{SIGN_IN}/link", self.link, methods=["POST"]),
            Route(f"{SIGN_IN}/oidc", self.oidc),
            Route(BACK, self.oidc_back),
            Route(f"{SIGN_IN}/password", self.password_page),
            Route(f"{SIGN_IN}/password", self.password, methods=["POST"]),
            Route("/sign-out", self.out, methods=["POST"]),
        ]

    # With a password

    async def page(self, request: Request) -> Response:
        """The sign-in page."""
        to = inside(request.query_params.get("to", ""))
        if self._sessions.user(request):
            return RedirectResponse(to, 303)
        return self._form(request, "sign_in.html", to=to)

    async def local(self, request: Request) -> Response:
        """Sign in with a mail address and a password."""
        sent = await form(request)
        to, mail = inside(sent.get("to", "")), sent.get("mail", "")
        if not self._whole(request, sent):
            return self._form(request, "sign_in.html", 403, to=to, mail=mail, wrong=STALE)
        address = address_of(request, self._settings)
        people, now = self._control.people, int(time.time())
        try:
            user = await self._work(sign_in, people, self._settings, mail, sent.get("password", ""), address, now)
        except WrongSignIn as error:
            return self._form(request, "sign_in.html", error.status, to=to, mail=mail, wrong=str(error), waits=error)
        return self._signed_in(user, to)

    # With a link

    async def link_page(self, request: Request) -> Response:
        """What a link opens: a way in at once, a button (for mail scanners follow links too), or the form of the first user."""
        key = request.query_params.get("key", "")
        link = await self._link(key)
        if link is None:
            return self._form(request, "sign_in.html", 404, to="/", wrong=NO_LINK)
        if not link.user_id:
            return self._form(request, "first_user.html", key=key, account=link.account_id)
        user = self._control.people.user(link.user_id)
        if user is None or user.disabled_at is not None:
            return self._form(request, "sign_in.html", 404, to="/", wrong=NO_LINK)
        if not link.once:
            return self._signed_in(user, inside(request.query_params.get("to", "")))
        return self._form(request, "link.html", key=key, name=user.name)

    async def link(self, request: Request) -> Response:
        """Sign in with a link, or make the first user."""
        sent = await form(request)
        key = sent.get("key", "")
        if not self._whole(request, sent):
            return RedirectResponse(f"{SIGN_IN}/link?{urlencode({'key': key})}", 303)
        link = await self._link(key)
        if link is not None and not link.user_id:
            return await self._first_user(request, sent, link)
        taken = await self._link(key, take=True) if link else None
        user = self._control.people.user(taken.user_id) if taken else None
        if user is None or user.disabled_at is not None:
            return self._form(request, "sign_in.html", 404, to="/", wrong=NO_LINK)
        return self._signed_in(user, "/" if user.subject else f"{SIGN_IN}/password", by_link=True)

    async def _first_user(self, request: Request, sent: dict[str, str], link: Link) -> Response:
        about: dict[str, Any] = {"account": link.account_id} | {name: sent.get(name, "") for name in ("key", "name", "mail")}
        try:
            user = await self._work(self._make_first, sent, link)
        except (WeakPassword, ControlError) as error:
            return self._form(request, "first_user.html", 400, wrong=_sentence(error), **about)
        return self._signed_in(user, "/") if user else self._form(request, "sign_in.html", 404, to="/", wrong=NO_LINK)

    def _make_first(self, sent: dict[str, str], link: Link) -> User | None:
        people, now = self._control.people, int(time.time())
        if not sent.get("mail", "").strip():
            raise ControlError("a mail address is needed: you sign in with it.")
        hashed = hash_password(sent.get("password", ""))
        if people.users(link.account_id) or not people.link(sent.get("key", ""), now=now, take=True):
            return None
        return people.create_user(
            link.account_id, sent.get("name", ""), sent["mail"], now=now, role="admin", password_hash=hashed
        )

    async def _link(self, key: str, take: bool = False) -> Link | None:
        return await self._work(lambda: self._control.people.link(key, now=int(time.time()), take=take)) if key else None

    # At a provider

    async def oidc(self, request: Request) -> Response:
        """Send the browser to the provider."""
        to = inside(request.query_params.get("to", ""))
        if self._provider is None:
            return RedirectResponse(SIGN_IN, 303)
        try:
            begun = await self._provider.begin(to)
        except WrongSignIn as error:
            return self._form(request, "sign_in.html", error.status, to=to, wrong=str(error))
        response = RedirectResponse(begun.url, 303)
        self._sessions.set_cookie(response, self._oidc_cookie, begun.kept, STATE_SECONDS)
        return response

    async def oidc_back(self, request: Request) -> Response:
        """Take the browser back from the provider."""
        if self._provider is None:
            return RedirectResponse(SIGN_IN, 303)
        try:
            claims, to = await self._provider.finish(request.query_params, request.cookies.get(self._oidc_cookie, ""))
            user = await self._work(find, self._control, self._settings, claims, int(time.time()))
        except WrongSignIn as error:
            response = self._form(request, "sign_in.html", error.status, to="/", wrong=str(error))
        else:
            self._sessions.forget()
            response = self._signed_in(user, to)
        self._sessions.set_cookie(response, self._oidc_cookie, "", 0)
        return response

    # One's password, and out

    async def password_page(self, request: Request) -> Response:
        """The form that sets one's password."""
        return self._own(request) if self._sessions.user(request) else RedirectResponse(SIGN_IN, 303)

    async def password(self, request: Request) -> Response:
        """Set one's password: all other sessions end."""
        sent, session = await form(request), self._sessions.signed_in(request)
        if session is None:
            return RedirectResponse(SIGN_IN, 303)
        user = session.user
        try:
            self._sessions.check(request, sent.get("csrf", ""))
            await self._work(self._set_password, session, sent, address_of(request, self._settings))
        except ForeignRequest:
            return self._own(request, 403, STALE)
        except (WrongSignIn, WeakPassword) as error:
            return self._own(request, getattr(error, "status", 400), _sentence(error))
        self._sessions.forget()
        return self._signed_in(user, "/")

    def _set_password(self, session: SignedIn, sent: dict[str, str], address: str) -> None:
        user = session.user
        if asks_old(session):
            sign_in(self._control.people, self._settings, user.mail, sent.get("old", ""), address, int(time.time()))
        self._control.people.change_user(user.id, password_hash=hash_password(sent.get("password", "")))

    def _own(self, request: Request, status: int = 200, wrong: str = "") -> Response:
        session = self._sessions.signed_in(request)
        if session is None:
            return RedirectResponse(SIGN_IN, 303)
        said = {"asks_old": asks_old(session), "mail": session.user.mail, "wrong": wrong}
        return HTMLResponse(self._site.render("password.html", self._who(request), request, **said), status)

    async def out(self, request: Request) -> Response:
        """Sign out, here or everywhere."""
        sent = await form(request)
        response = RedirectResponse(SIGN_IN, 303)
        if self._sessions.user(request):
            try:
                self._sessions.check(request, sent.get("csrf", ""))
            except ForeignRequest:
                return RedirectResponse("/", 303)
        self._sessions.end(request, response, everywhere="everywhere" in sent)
        return response

    # Shared

    def _signed_in(self, user: User, to: str, by_link: bool = False) -> Response:
        response = RedirectResponse(to, 303)
        self._sessions.begin(response, user, by_link)
        return response

    def _form(
        self, request: Request, template: str, status: int = 200, wrong: str = "", waits: Exception | None = None, **said: Any
    ) -> Response:
        """A form with a token that its cookie vouches for."""
        secret = request.cookies.get(self._form_cookie) or random_text(43)
        oidc = self._settings.oidc_name if self._provider else ""
        said = {"mail": "", "name": ""} | said | {"csrf": csrf_token(secret), "oidc": oidc, "wrong": wrong}
        response = HTMLResponse(self._site.render(template, None, request, **said), status)
        if isinstance(waits, TooManyTries):
            response.headers["Retry-After"] = str(waits.seconds)
        self._sessions.set_cookie(response, self._form_cookie, secret, FORM_SECONDS)
        return response

    def _whole(self, request: Request, sent: dict[str, str]) -> bool:
        secret = request.cookies.get(self._form_cookie, "")
        right = bool(secret) and hmac.compare_digest(csrf_token(secret), sent.get("csrf", "").encode("ascii", "replace").decode())
        return right and self._sessions.same_origin(request)

    def _work(self, function: Callable[..., Any], *given: Any) -> Awaitable[Any]:
        return asyncio.get_running_loop().run_in_executor(self._workers, function, *given)


def _sentence(error: Exception) -> str:
    text = str(error)
    return text[:1].upper() + text[1:]
