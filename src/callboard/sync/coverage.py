"""Which listings of which days are mirrored: facts like others, so that what is lost with them is asked again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

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


def of_items(
    items: Iterable[Item], todo: set[str], source: str, at: float, waits: str, skips: Mapping[str, str]
) -> Iterator[Cover]:
    """How far the listings `todo` have come with the items of a day.

    `waits` says why the day is not over with even if all was asked, `skips` why some are left out.
    """
    by_what: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_what[item.what].append(item)
    day = next((found[0].day for found in by_what.values()), "")
    for listing in LISTINGS:
        if day and listing.name in todo:
            state, reason, wanted, records = _state(listing, by_what[listing.of], waits, skips.get(listing.name, ""))
            yield Cover(day, listing.name, state, reason, wanted, len(records), sum(records), int(at), source)


def _state(listing: Listing, items: list[Item], waits: str, skip: str) -> tuple[str, str, int, list[int]]:
    """State, reason, items to ask about, and the records of those that were asked about to the end."""
    wanted = [item for item in items if listing.wanted(item)]
    said = [item.done[listing.name] for item in wanted if listing.name in item.done]
    reasons = Counter(reason for reason in said if isinstance(reason, str))
    records = [count for count in said if not isinstance(count, str)]
    if skip:
        return "skipped", skip, len(wanted), records
    if reasons:
        return "skipped" if listing.optional else "failed", reasons.most_common(1)[0][0], len(wanted), records
    if len(records) < len(wanted):
        return "partial", waits or "not all was asked yet", len(wanted), records
    return "partial" if waits else "complete", waits, len(wanted), records


def summed(day: str, source: str, covers: list[Cover]) -> dict[str, Any]:
    """A day in a line: how many of its listings are in which state, and the most frequent reason why some are not complete."""
    states = Counter(cover.state for cover in covers)
    reasons = Counter(cover.reason for cover in covers if cover.reason)
    counts = {state: states[state] for state in ("complete", "partial", "failed", "skipped")}
    why = reasons.most_common(1)[0][0] if reasons else ""
    return {"day": day, "source": source} | counts | {"records": sum(cover.records for cover in covers), "why": why}
