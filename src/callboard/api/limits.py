"""Rate limits per account: counted with `limits`, told in Zoom's headers."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.storage import MemoryStorage, Storage
from limits.strategies import FixedWindowRateLimiter

from callboard.contract.access import RATE_CLASSES, RATE_POLICIES, Caller, Limit, person_policy
from callboard.contract.errors import TooManyRequests

PER_SECOND = "You have reached the maximum per-second rate limit for this API. Try again later."
PER_DAY = (
    "You have reached the maximum daily rate limit for this API. "
    "Refer to the response header for details on when you can make another request."
)
"""Zoom's texts to the letter: some clients tell the two apart by nothing else."""
PERSON = "You have asked for very much at once. Wait a minute, then try again."

Items = dict[str, tuple[tuple[Limit, RateLimitItem], ...]]


def _items(policy: dict[str, tuple[Limit, ...]]) -> Items:
    return {
        name: tuple((limit, RateLimitItemPerSecond(limit.amount, limit.seconds, limit.bucket)) for limit in limits)
        for name, limits in policy.items()
    }


@dataclass
class Limiter:
    """Counts requests of each account against one policy, and those of each signed-in person against a limit of their own."""

    policy: str
    profile: str
    person_requests: int = 600
    storage: Storage = field(default_factory=MemoryStorage)

    def __post_init__(self) -> None:
        self._windows = FixedWindowRateLimiter(self.storage)
        self._items = _items(RATE_POLICIES[self.policy])
        self._person = _items(person_policy(self.person_requests))

    def count(self, caller: Caller, rate: str) -> dict[str, str]:
        """Count one request of a caller; the headers to send. Raises `TooManyRequests`.

        What a signed-in person's pages fetch takes nothing from the account's budget.
        """
        if not caller.user_id:
            return self.take(caller.account_id, rate)
        return self._take(self._person, f"person:{caller.user_id}", rate, PERSON)

    def take(self, account_id: str, rate: str) -> dict[str, str]:
        """Count one request of a rate class; the headers to send. Raises `TooManyRequests`, which counts nothing."""
        return self._take(self._items, account_id, rate, PER_SECOND)

    def _take(self, table: Items, payer: str, rate: str, text: str) -> dict[str, str]:
        items = table[rate]
        category = {"X-RateLimit-Category": RATE_CLASSES[rate].label}
        if not items:
            return category
        for limit, item in items:
            if not self._windows.test(item, payer):
                raise self._refused(category, limit, item, payer, text)
        for _, item in items:
            self._windows.hit(item, payer)
        limit, item = items[0]
        stats = self._windows.get_window_stats(item, payer)
        return category | {
            "X-RateLimit-Type": limit.type,
            "X-RateLimit-Limit": str(limit.amount),
            "X-RateLimit-Remaining": str(stats.remaining),
            "X-RateLimit-Reset": str(int(stats.reset_time) + 1),
        }

    def _refused(self, category: dict[str, str], limit: Limit, item: RateLimitItem, payer: str, text: str) -> TooManyRequests:
        opens = self._windows.get_window_stats(item, payer).reset_time
        headers = category | {
            "X-RateLimit-Type": limit.type,
            "X-RateLimit-Limit": str(limit.amount),
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": str(int(opens) + 1),
        }
        daily = limit.type == "Daily-limit"
        if self.profile != "zoom":
            headers["Retry-After"] = str(max(1, round(opens - time.time() + 0.5)))
        elif daily:  # as Zoom: an instant, and on the daily limit only
            headers["Retry-After"] = datetime.fromtimestamp(int(opens) + 1, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return TooManyRequests(PER_DAY if daily else text, headers=headers)
