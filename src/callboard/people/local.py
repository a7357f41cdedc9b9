"""Sign-in with a mail address and a password: throttled, and the same work whoever is named."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request

from callboard.control import People, User
from callboard.people.passwords import hash_password, outdated, verify
from callboard.settings import Settings

WINDOW: Final = 900
"""Seconds that a wrong sign-in counts."""
ADDRESS_TIMES: Final = 5
"""One address may be wrong so many times as often as one name: many people may share it."""


class WrongSignIn(Exception):
    """Nobody is signed in; the text says why."""

    status = 401


class TooManyTries(WrongSignIn):
    """Too many wrong sign-ins: `seconds` to wait."""

    status = 429

    def __init__(self, seconds: int) -> None:
        minutes = -(-seconds // 60)
        super().__init__(f"Too many sign-ins went wrong. Try again in {minutes} minute{'s' if minutes > 1 else ''}.")
        self.seconds = seconds


def address_of(request: Request, settings: Settings) -> str:
    """The address a request comes from: the one that the outermost trusted proxy saw."""
    if settings.trusted_proxies:
        said = [a.strip() for a in ",".join(request.headers.getlist("x-forwarded-for")).split(",")]
        if len(said) >= settings.trusted_proxies:
            return said[-settings.trusted_proxies]
    return request.client.host if request.client else ""


def sign_in(people: People, settings: Settings, mail: str, password: str, address: str, now: int) -> User:
    """The user with this mail address and password. Takes the time of a hash. Raises `WrongSignIn`."""
    name, place, most = f"name {mail.strip().lower()}", f"address {address}", settings.sign_in_tries
    for of, limit in ((place, most * ADDRESS_TIMES), (name, most)):
        wait = people.note_try(of, most=limit, now=now, seconds=WINDOW)
        if wait:
            raise TooManyTries(wait)
    user, kept = people.by_mail(mail) or (None, "")
    if not verify(kept, password) or user is None or user.disabled_at is not None:
        raise WrongSignIn("This mail address or password is wrong.")
    people.forget_tries(name)
    people.forget_tries(place, all_=False)
    if outdated(kept):
        people.rehash(user.id, hash_password(password))
    return user
