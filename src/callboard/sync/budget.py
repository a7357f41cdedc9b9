"""How often upstream may be asked: learnt from its answers' headers, and kept to before it has to refuse.

Zoom counts calls by label (`Heavy`, `Resource-intensive`, ...). An answer tells its label, the limit, what is left of it,
and (not always) when it opens again. Endpoints whose answers tell the same label and limit share a budget.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from callboard.sync.clock import Clock

COUNTED: Final = ("Heavy", "Resource-intensive")
"""Labels whose calls count against the day's limit."""
WINDOWS: Final = {"Resource-intensive": 60.0}
"""For how long a limit holds where upstream does not tell when it opens again; else a second."""
LONGEST_GUESS: Final = 60.0
PATIENCE: Final = 900.0
"""A wait that is longer is for another day."""


class DayIsSpent(Exception):
    """No more calls until the Unix time `until`: the day's limit, or the share of it that a mirror may use, is used up."""

    def __init__(self, until: float) -> None:
        super().__init__(f"the day's calls are used up until {datetime.fromtimestamp(until, UTC):%Y-%m-%d %H:%M} UTC")
        self.until = until


Key = tuple[str, str]
"""A label and its limit."""


@dataclass
class _Bucket:
    limit: int
    left: int
    opens: float = 0.0


def retry_at(headers: Mapping[str, str], now: float, refusals: int = 0) -> float:
    """When to ask again after a 429: as told in seconds, as a date, or as a reset; else guessed, longer each time."""
    said = headers.get("retry-after", "").strip()
    if said.replace(".", "", 1).isdigit():
        return now + float(said)
    moment = _moment(said) if said else None
    if moment is not None:
        return max(now, moment)
    reset = headers.get("x-ratelimit-reset", "")
    if reset.isdigit():
        return max(now, float(reset))
    if headers.get("x-ratelimit-type", "").lower().startswith("daily"):
        return midnight(now)
    window = WINDOWS.get(headers.get("x-ratelimit-category", ""), 1.0)
    return now + min(LONGEST_GUESS, window * 2.0 ** min(refusals, 10))


def _moment(text: str) -> float | None:
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text).timestamp()
    except ValueError:
        return None


def midnight(now: float) -> float:
    """The end of the UTC day."""
    day = datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return (day + timedelta(days=1)).timestamp()


class Budget:
    """What is left to ask. Safe from any thread.

    `daily` calls may be made on a UTC day with a label that counts (None: as many as upstream lets). When they are spent,
    it waits for the next day if it is `patient`; else raises `DayIsSpent`.
    """

    def __init__(self, clock: Clock, daily: int | None = None, spent: tuple[str, int] = ("", 0), patient: bool = True) -> None:
        self._clock, self.daily, self._patient = clock, daily, patient
        self._lock = threading.Lock()
        self._buckets: dict[Key, _Bucket] = {}
        self._keys: dict[str, Key] = {}
        self._refusals: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self.refused = 0
        self.waited = 0.0
        self._day, self._spent = spent

    def labels(self) -> dict[str, int]:
        """What is known to be left, by label: the least of its budgets."""
        with self._lock:
            now = self._clock.now()
            left: dict[str, int] = {}
            for (label, _), bucket in self._buckets.items():
                known = bucket.limit if bucket.opens <= now else bucket.left
                left[label] = min(known, left.get(label, known))
            return left

    @property
    def limits(self) -> dict[str, Key]:
        """By endpoint: the label and limit that its answers told."""
        return dict(self._keys)

    @property
    def spent(self) -> tuple[str, int]:
        """The UTC day, and the calls made on it that count."""
        return self._day, self._spent

    def take(self, endpoint: str) -> None:
        """Wait until a call of this endpoint is within what is known of the limits, and count it."""
        while True:
            with self._lock:
                wait = self._wait(endpoint)
                if not wait:
                    self._count(endpoint)
                    return
            self._sleep(wait)

    def _wait(self, endpoint: str) -> float:
        now, key = self._clock.now(), self._keys.get(endpoint)
        today = f"{datetime.fromtimestamp(now, UTC):%Y-%m-%d}"
        if today != self._day:
            self._day, self._spent = today, 0
        if self.daily is not None and self._spent >= self.daily and (key is None or key[0] in COUNTED):
            return midnight(now) - now
        bucket = self._buckets.get(key) if key else None
        if bucket is None:
            return 0.0
        if bucket.opens <= now:
            bucket.left = bucket.limit
        return max(0.0, bucket.opens - now) if bucket.left <= 0 else 0.0

    def _count(self, endpoint: str) -> None:
        key = self._keys.get(endpoint)
        if key is not None:
            self._buckets[key].left -= 1
            self._spent += key[0] in COUNTED
        self.calls[endpoint] += 1

    def learn(self, endpoint: str, headers: Mapping[str, str]) -> None:
        """An answer came: what its headers tell."""
        label, limit = headers.get("x-ratelimit-category", ""), headers.get("x-ratelimit-limit", "")
        left, reset = headers.get("x-ratelimit-remaining", ""), headers.get("x-ratelimit-reset", "")
        with self._lock:
            self._refusals.pop(endpoint, None)
            if not label:
                return
            first = endpoint not in self._keys
            key = self._keys[endpoint] = (label, limit)
            self._spent += first and label in COUNTED  # when it was asked it was not known to count
            bucket = self._buckets.setdefault(key, _Bucket(2**31, 2**31))
            if limit.isdigit() and left.isdigit():
                now = self._clock.now()
                bucket.limit, bucket.left = int(limit), int(left)
                bucket.opens = float(reset) if reset.isdigit() else now + WINDOWS.get(label, 1.0)

    def refuse(self, endpoint: str, headers: Mapping[str, str]) -> None:
        """An answer was 429: wait as long as it tells. Raises `DayIsSpent` rather than wait long, unless it is patient."""
        with self._lock:
            self.refused += 1
            now = self._clock.now()
            until = retry_at(headers, now, self._refusals[endpoint])
            self._refusals[endpoint] += 1
        self._sleep(max(0.05, until - now))

    def _sleep(self, seconds: float) -> None:
        if seconds > PATIENCE and not self._patient:
            raise DayIsSpent(self._clock.now() + seconds)
        with self._lock:
            self.waited += seconds
        self._clock.sleep(seconds)
