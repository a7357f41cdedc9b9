"""What every source of facts shares: how a person is told from another, and how values become rows."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

Row = dict[str, Any]
Fact = tuple[str, Row]
"""A table's name and one row of it."""


@lru_cache(maxsize=65_536)
def person_hash(person: str) -> int:
    """A number for a person, named by user id, mail or, failing both, name: equal for equal people."""
    return int.from_bytes(hashlib.blake2b(person.encode(), digest_size=8).digest(), "big")


def operation_key(operator: str, category: str, action: str, detail: str) -> str:
    """What an administrator's change is known by beside its second, where a source gives it no id."""
    return hashlib.blake2b("\0".join((operator, category, action, detail)).encode(), digest_size=12).hexdigest()


_DIGITS: Final = re.compile(r"\d{1,18}")


def seconds(text: Any) -> int | None:
    """Unix seconds of an ISO 8601 instant (`...Z`, an offset, with or without a fraction); None where there is none.

    A number is taken as Unix time, in seconds or milliseconds.
    """
    if isinstance(text, str):
        return _seconds(text)
    if isinstance(text, bool) or not isinstance(text, (int, float)):
        return None
    return _stored(text / 1000 if abs(text) > 1e11 else text)


@lru_cache(maxsize=65_536)
def _seconds(text: str) -> int | None:
    text = text.strip()
    if _DIGITS.fullmatch(text):
        return seconds(int(text))
    try:
        moment = datetime.fromisoformat(text)
        return _stored((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None


def moment(value: Any) -> float | None:
    """The same with thousandths, which tell changes of one second apart."""
    at = seconds(value)
    if at is None:
        return None
    if isinstance(value, str) and not _DIGITS.fullmatch(value.strip()):
        said = datetime.fromisoformat(value.strip())
        return round((said if said.tzinfo else said.replace(tzinfo=UTC)).timestamp(), 3)
    number = float(value)
    return round(number / 1000 if number > 1e11 else number, 3)


def _stored(moment: float) -> int | None:
    # The engine's DateTime holds 1970 to 2106.
    return int(moment) if 0 <= moment < 2**32 else None


def known(row: Row, **values: Any) -> None:
    """Put into `row` those values that say something: not None and not empty."""
    for name, value in values.items():
        if value is not None and value != "" and value != []:
            row[name] = value


def latest(row: Row, at: float, **values: Any) -> None:
    """Put into `row`, as said at Unix time `at`, those values that say something."""
    for name, value in values.items():
        if value is not None and value != "" and value != []:
            row[name] = [at, value]
