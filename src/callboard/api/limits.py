"""Rate limits per account: counted with `limits`, told in Zoom's headers."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.storage import MemoryStorage, Storage
from limits.strategies import FixedWindowRateLimiter

from callboard.contract.access import RATE_CLASSES, RATE_POLICIES, Limit
from callboard.contract.errors import TooManyRequests

PER_SECOND = "You have reached the maximum per-second rate limit for this API. Try again later."
PER_DAY = (
    "You have reached the maximum daily rate limit for this API. "
    "Refer to the response header for details on when you can make another request."
)
"""Zoom's texts to the letter: some clients tell the two apart by nothing else."""


@dataclass
class Limiter:
    """Counts requests of each account against one policy."""

    policy: str
    profile: str
    storage: Storage = field(default_factory=MemoryStorage)

    def __post_init__(self) -> None:
        self._windows = FixedWindowRateLimiter(self.storage)
        self._items: dict[str, tuple[tuple[Limit, RateLimitItem], ...]] = {
            name: tuple((limit, RateLimitItemPerSecond(limit.amount, limit.seconds, limit.bucket)) for limit in limits)
            for name, limits in RATE_POLICIES[self.policy].items()
        }

    def take(self, account_id: str, rate: str) -> dict[str, str]:
        """Count one request of a rate class; the headers to send. Raises `TooManyRequests`, which counts nothing."""
        items = self._items[rate]
        category = {"X-RateLimit-Category": RATE_CLASSES[rate].label}
        if not items:
            return category
        for limit, item in items:
            if not self._windows.test(item, account_id):
                raise self._refused(category, limit, item, account_id)
        for _, item in items:
            self._windows.hit(item, account_id)
        limit, item = items[0]
        stats = self._windows.get_window_stats(item, account_id)
        return category | {
            "X-RateLimit-Type": limit.type,
            "X-RateLimit-Limit": str(limit.amount),
            "X-RateLimit-Remaining": str(stats.remaining),
            "X-RateLimit-Reset": str(int(stats.reset_time) + 1),
        }

    def _refused(self, category: dict[str, str], limit: Limit, item: RateLimitItem, account_id: str) -> TooManyRequests:
        opens = self._windows.get_window_stats(item, account_id).reset_time
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
        return TooManyRequests(PER_DAY if daily else PER_SECOND, headers=headers)
