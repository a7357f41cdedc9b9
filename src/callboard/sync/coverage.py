"""Which listings of which days are mirrored: facts like others, so that what is lost with them is asked again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from callboard.control import Item
from callboard.ingest.facts import Fact
from callboard.store.store import Store
from callboard.store.tables import SYNC_DAYS
from callboard.sync.listings import LISTINGS, Listing

READ: Final = f"""
-- coverage.read: how far each listing of some days has been mirrored
SELECT toString(day), listing, {SYNC_DAYS.merged("state", "reason", "items", "done", "records")},
       toUnixTimestamp(max(asked_at)), max(source).2
FROM sync_days WHERE account_id = {{account:String}} AND day >= {{from:String}} AND day <= {{to:String}}
GROUP BY day, listing ORDER BY day, listing
"""
OVER: Final = ("complete", "skipped")


@dataclass(frozen=True)
class Cover:
    """How far one listing of one day has come."""

    day: str
    listing: str
    state: str
    reason: str = ""
    items: int = 0
    done: int = 0
    records: int = 0
    asked_at: int = 0
    source: str = ""

    @property
    def over(self) -> bool:
        """Whether nothing more is to be asked."""
        return self.state in OVER

    def fact(self, account_id: str, at: float) -> Fact:
        """As a row."""
        said = {name: getattr(self, name) for name in ("source", "state", "reason", "items", "done", "records")}
        row = {name: [round(at, 3), value] for name, value in said.items()}
        return "sync_days", {"account_id": account_id, "day": self.day, "listing": self.listing, "asked_at": self.asked_at} | row


def read(store: Store, account_id: str, first: str, last: str) -> dict[str, dict[str, Cover]]:
    """By day and listing, of the days from `first` to `last`."""
    found: dict[str, dict[str, Cover]] = defaultdict(dict)
    for row in store.ask(READ, {"account": account_id, "from": first, "to": last}).rows:
        cover = Cover(*row)
        found[cover.day][cover.listing] = cover
    return found


def of_items(items: Iterable[Item], todo: set[str], source: str, at: float, waits: str = "") -> Iterator[Cover]:
    """How far the listings `todo` of a day have come with its items.

    `waits` says why the day is not over with even if all was asked.
    """
    by_what: dict[str, list[Item]] = defaultdict(list)
    days = set()
    for item in items:
        by_what[item.what].append(item)
        days.add(item.day)
    for listing in LISTINGS:
        if listing.name in todo:
            for day in days:
                yield _cover(listing, day, by_what[listing.of], source, at, waits)


def _cover(listing: Listing, day: str, items: list[Item], source: str, at: float, waits: str) -> Cover:
    wanted = [item for item in items if listing.wanted(item)]
    said = [item.done[listing.name] for item in wanted if listing.name in item.done]
    reasons = Counter(reason for reason in said if isinstance(reason, str))
    records = [count for count in said if not isinstance(count, str)]
    state, reason = "complete", ""
    if reasons:
        state, reason = "failed", reasons.most_common(1)[0][0]
    elif len(records) < len(wanted) or waits:
        state, reason = "partial", waits or "interrupted"
    return Cover(day, listing.name, state, reason, len(wanted), len(records), sum(records), int(at), source)
