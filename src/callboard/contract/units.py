"""The edge between numbers and Zoom's strings: one table of units, used in both directions.

Inside, every quantity is a whole number in a base unit (ms, 0.01 kbit/s, 0.01 %). `63 kbps` exists at the edge only.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

_CACHE_LIMIT: Final = 50_000


class Rendering(dict[Any, str]):
    """Values already written: a lookup is several times cheaper than formatting."""

    def __init__(self, write: Callable[[Any], str]) -> None:
        super().__init__({None: ""})
        self.write = write

    def __missing__(self, value: Any) -> str:
        text = self.write(value)
        if len(self) < _CACHE_LIMIT:
            self[value] = text
        return text


@dataclass(frozen=True)
class Unit:
    """A quantity: how the number inside is written on the wire, and read from it.

    `write` gets the number (never None; no value is an empty string on the wire). `read` gets what was on the wire, and
    gives None for what it can't read.
    """

    name: str
    sentence: str
    write: Callable[[Any], str]
    read: Callable[[Any], Any]


def _hundredths(value: int) -> str:
    whole, rest = divmod(value, 100)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)


def _clock(seconds: int) -> str:
    minutes, seconds = divmod(max(0, seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes:02d}:{seconds:02d}"


BANDS: Final = ((400, "good"), (300, "fair"), (200, "poor"), (0, "bad"))
"""Least score (0.01 of a point) of each quality word, Zoom's thresholds."""


def quality_word(score: int) -> str:
    """Zoom's word for a quality score in 0.01 of a point."""
    return next(word for least, word in BANDS if score >= least)


USER_TYPES: Final = {1: "Basic", 2: "Licensed", 3: "On-prem"}

UNLIMITED: Final = 2**63
"""Bytes that stand for a storage without limit."""
SIZES: Final = {"KB": 2**10, "MB": 2**20, "GB": 2**30, "TB": 2**40}


def _size(count: int) -> str:
    if count >= UNLIMITED:
        return "Unlimited"
    name = next((n for n in ("TB", "GB") if count >= SIZES[n]), "MB")
    return f"{_hundredths(round(100 * count / SIZES[name]))} {name}"


def _us_time(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%m/%d/%Y %H:%M")


def _stamp(at_ms: int) -> str:
    whole, rest = divmod(at_ms, 1000)
    return f"{datetime.fromtimestamp(whole, UTC):%Y-%m-%d %H:%M:%S}:{rest:03d}"


def _spaced(number: int) -> str:
    digits = str(number)
    return f"{digits[:3]} {digits[3:-4]} {digits[-4:]}" if len(digits) > 8 else digits


_NUMBER: Final = re.compile(r"\s*([+-]?\d{1,30}(?:\.\d{1,30})?)(?!\d)")
_PIXELS: Final = re.compile(r"\s*(\d{1,9})\s*[*xX]\s*(\d{1,9})(?!\d)")


def read_number(text: Any, scale: int = 1, *, least: int = 0, most: int = 65_535) -> int | None:
    """The number at the head of `63 kbps`, `0.03%`, `12fps` or `12`, times `scale`.

    None where there is none, or one outside `least` to `most`, which no column could hold.
    """
    if isinstance(text, str):
        number = _read(text, scale)
    elif isinstance(text, bool) or not isinstance(text, (int, float)) or not least <= text * scale <= most + 1:
        return None
    else:
        number = round(text * scale)
    return number if number is not None and least <= number <= most else None


@lru_cache(maxsize=65_536)  # the same few thousand texts come again and again
def _read(text: str, scale: int) -> int | None:
    found = _NUMBER.match(text)
    if not found:
        return None
    whole = found[1]
    return int(whole) * scale if whole.lstrip("+-").isdigit() else round(float(whole) * scale)


def read_resolution(text: Any) -> tuple[int, int] | None:
    """Width and height of `1280*720`; None where there are none."""
    found = _PIXELS.match(text) if isinstance(text, str) else None
    if not found:
        return None
    size = (int(found[1]), int(found[2]))
    return size if max(size) <= 65_535 else None


_BYTES: Final = re.compile(r"\s*(\d{1,15}(?:\.\d{1,6})?)\s*([KMGT]?B)\s*$", re.IGNORECASE)


def read_size(text: Any) -> int | None:
    """Bytes of `3 MB`, `1.5 TB` or `Unlimited`; None where there are none."""
    if not isinstance(text, str):
        return None
    if text.strip().lower() == "unlimited":
        return UNLIMITED
    found = _BYTES.match(text)
    return min(UNLIMITED, round(float(found[1]) * SIZES.get(found[2].upper(), 1))) if found else None


QUALITY_SCORES: Final = {"good": 450, "fair": 350, "poor": 250, "bad": 150}
"""The middle of each band, for a quality that comes as a word without a score."""


def read_instant(text: Any) -> int | None:
    """Unix seconds of an ISO 8601 instant; None where there is none that the engine's times hold (1970 to 2106)."""
    try:
        moment = datetime.fromisoformat(text.strip())
        at = int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (AttributeError, ValueError, OverflowError):
        return None
    return at if 0 <= at < 2**32 else None


def _read_clock(text: Any) -> int | None:
    parts = text.split(":") if isinstance(text, str) else []
    if not parts or not all(part.isdigit() for part in parts):
        return None
    total = 0
    for part in parts:
        total = total * 60 + int(part)
    return total


def _read_form(form: str) -> Callable[[Any], int | None]:
    def read(text: Any) -> int | None:
        try:
            return int(datetime.strptime(text, form).replace(tzinfo=UTC).timestamp())
        except (TypeError, ValueError):
            return None

    return read


def _read_stamp(text: Any) -> int | None:
    whole, _, rest = text.rpartition(":") if isinstance(text, str) else ("", "", "")
    at = _read_form("%Y-%m-%d %H:%M:%S")(whole)
    return at * 1000 + int(rest) if at is not None and rest.isdigit() else None


def _read_digits(text: Any) -> int | None:
    return read_number(str(text).replace(" ", ""), most=2**63 - 1)


_TYPES: Final = {word: number for number, word in USER_TYPES.items()}

MS = Unit("ms", "milliseconds", lambda v: f"{v} ms", read_number)
KBPS = Unit("kbps", "0.01 kbit/s", lambda v: f"{_hundredths(v)} kbps", lambda t: read_number(t, 100, most=2**32 - 1))
PERCENT = Unit("percent", "0.01 %", lambda v: f"{_hundredths(v)}%", lambda t: read_number(t, 100))
FPS = Unit("fps", "frames a second", lambda v: f"{v} fps", read_number)
RESOLUTION = Unit("resolution", "width and height in pixels", lambda v: f"{v[0]}*{v[1]}", read_resolution)
CLOCK = Unit("clock", "seconds", _clock, _read_clock)
INSTANT = Unit("instant", "UTC, to the second", str, read_instant)
QUALITY = Unit("quality", "0.01 of a point, 1 to 5", quality_word, lambda t: QUALITY_SCORES.get(str(t).lower()))
USER_TYPE = Unit("user type", "1 Basic, 2 Licensed, 3 On-prem", lambda v: USER_TYPES.get(v, ""), _TYPES.get)
DIGITS = Unit("digits", "a number, as a string", str, _read_digits)
SIZE = Unit("size", "bytes; 2^63 is unlimited", _size, read_size)
US_TIME = Unit("US time", "Unix seconds", _us_time, _read_form("%m/%d/%Y %H:%M"))
STAMP = Unit("stamp", "Unix milliseconds", _stamp, _read_stamp)
SPACED = Unit("spaced", "a meeting number", _spaced, _read_digits)

UNITS: Final = (
    MS,
    KBPS,
    PERCENT,
    FPS,
    RESOLUTION,
    CLOCK,
    INSTANT,
    QUALITY,
    USER_TYPE,
    DIGITS,
    SIZE,
    US_TIME,
    STAMP,
    SPACED,
)
