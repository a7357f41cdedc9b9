"""Passwords: argon2 with the parameters of RFC 9106 for ordinary memory, and as much work for a name that nobody has."""

from __future__ import annotations

from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST: Final = 10
LONGEST: Final = 1000
_hasher: Final = PasswordHasher()


class WeakPassword(Exception):
    """The password is refused; the text says why."""


def hash_password(password: str) -> str:
    """The hash to keep. Raises `WeakPassword` for one that is too short or too long."""
    if len(password) < SHORTEST:
        raise WeakPassword(f"the password is too short: take {SHORTEST} characters or more.")
    if len(password) > LONGEST:
        raise WeakPassword(f"the password is too long: take {LONGEST} characters at the most.")
    return _hasher.hash(password)


def verify(kept: str, password: str) -> bool:
    """Whether a password is the one that was kept. With nothing kept it takes as long, and is wrong."""
    try:
        right = _hasher.verify(kept or _nobodys(), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return right and bool(kept)


def outdated(kept: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    return _hasher.hash("no password")
