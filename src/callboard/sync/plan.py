"""What a mirror costs: calls by listing, the time that a rate policy lets them take, and what a day's calls don't suffice for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from callboard.contract.access import RATE_CLASSES, RATE_POLICIES, Limit
from callboard.control import Item
from callboard.sync.budget import COUNTED, Key
from callboard.sync.listings import KINDS, LISTINGS, Listing, months, page_size

DAY: Final = 86_400


def pages(listing: Listing, item: Item) -> int:
    """The calls that a listing about an item takes: a page for so many joins, where it is a list of joins."""
    size = page_size(listing.endpoint)
    joins = int(item.about.get("joins") or 0) if "_participants" in listing.endpoint else 1
    return max(1, -(-joins // size)) if size else 1


def counted(listing: Listing) -> bool:
    """Whether its calls count against a day's limit."""
    return RATE_CLASSES[listing.rate].label in COUNTED


def affordable(items: Collection[Item], todo: set[str], daily: int | None) -> tuple[list[str], int]:
    """Listings to leave out about these items, the least worth first, so that they cost no more than `daily` calls.

    Also the calls with a day's limit that the others cost.
    """
    costs = {
        row: sum(pages(row, item) for item in items if item.what == row.of and row.name not in item.done and row.wanted(item))
        for row in LISTINGS
        if row.name in todo and counted(row) and row.of in KINDS
    }
    total = sum(costs.values())
    left_out = []
    for row in sorted(filter(costs.get, costs), key=lambda row: -row.worth):
        if daily is None or total <= daily or not row.worth:
            break
        left_out.append(row.name)
        total -= costs[row]
    return left_out, total


# Policies


def assumed_policy(base_url: str) -> str:
    """The policy that upstream is taken to have until its answers tell: Zoom's least, or our own documented one."""
    return "zoom-pro" if "zoom" in urlsplit(base_url).netloc else "documented"


def learnt_policy(limits: Mapping[str, Key], assumed: str) -> str:
    """The policy whose limits upstream's headers tell, by endpoint; the assumed one where none fits."""

    def fits(policy: str) -> bool:
        for endpoint, (_, limit) in limits.items():
            of_class = RATE_POLICIES[policy][_rate(endpoint)]
            if (str(of_class[0].amount) if of_class else "") != limit:
                return False
        return True

    fitting = [policy for policy in RATE_POLICIES if limits and fits(policy)]
    return assumed if assumed in fitting or not fitting else fitting[0]


def _rate(endpoint: str) -> str:
    return next(row.rate for row in LISTINGS if row.endpoint == endpoint)


def _daily(policy: str) -> Limit | None:
    found = (limit for limits in RATE_POLICIES[policy].values() for limit in limits if limit.type == "Daily-limit")
    return next(found, None)


def daily_calls(policy: str, percent: int) -> int | None:
    """The calls with a day's limit that a mirror makes on a day; None where the policy has no such limit."""
    limit = _daily(policy)
    return None if limit is None else max(1, limit.amount * percent // 100)


def seconds(calls: Mapping[str, int], policy: str, percent: int = 100) -> float:
    """How long calls, by rate class, take at least: as long as the fullest of the policy's limits needs."""
    by_limit: Counter[Limit] = Counter()
    for rate, count in calls.items():
        for limit in RATE_POLICIES[policy][rate]:
            by_limit[limit] += count
    needed = [0.0]
    for limit, count in by_limit.items():
        if limit.type == "Daily-limit":  # what a day allows is made in the hours that the other limits need
            allowed = max(1, limit.amount * percent // 100)
            needed.append((max(0, count - 1) // allowed) * DAY)
        else:
            needed.append(max(0, count - limit.amount) / limit.amount * limit.seconds)
    return max(needed)


# A plan


@dataclass(frozen=True)
class Counts:
    """How much there is to mirror: instances as items (a sample of them stands for `of` times as many), users, rooms, days."""

    first: date
    last: date
    instances: Collection[Item]
    of: float = 1.0
    users: int = 0
    rooms: int = 0

    @property
    def days(self) -> int:
        """Days to mirror."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Planned:
    """What one listing costs."""

    listing: Listing
    calls: int

    @property
    def label(self) -> str:
        """Zoom's label of its calls."""
        return RATE_CLASSES[self.listing.rate].label


def plan(counts: Counts) -> list[Planned]:
    """The calls of each listing, for a first mirror of all that there is."""
    return [Planned(row, calls) for row in LISTINGS if (calls := round(_calls(row, counts)))]


def _calls(row: Listing, counts: Counts) -> float:
    size = page_size(row.endpoint)
    if row.of in KINDS:
        found = (item for item in counts.instances if item.what == row.of and row.wanted(item))
        return counts.of * sum(pages(row, item) for item in found)
    if row.of == "account":
        about = counts.rooms if row.endpoint == "list_zoomrooms" else counts.users if row.variant == "active" else 0
        return max(1, -(-about // size))
    if row.of == "day":
        return counts.days + _more_pages(row, counts, size)
    of_each = {"user": counts.users, "room": counts.rooms * len(list(months(counts.first, counts.last))), "reasons": counts.days}
    return of_each.get(row.of, 0)


def _more_pages(row: Listing, counts: Counts, size: int) -> float:
    """Pages of a day's list beyond its first."""
    if not row.finds or not size:
        return 0
    per_day: Counter[str] = Counter(item.day for item in counts.instances if _listed(row, item))
    return counts.of * sum((count - 1) // size for count in per_day.values())


def _listed(row: Listing, item: Item) -> bool:
    return row.endpoint == f"list_{item.what}s" and row.variant == item.about.get("state")


def by_rate(planned: Collection[Planned]) -> Counter[str]:
    """Calls by rate class."""
    calls: Counter[str] = Counter()
    for one in planned:
        calls[one.listing.rate] += one.calls
    return calls


def left_out(counts: Counts, daily: int | None) -> Iterator[tuple[str, str]]:
    """Days that cost more than a day's calls, and what is left out of them."""
    todo = {row.name for row in LISTINGS}
    for day in sorted({item.day for item in counts.instances}):
        names, _ = affordable([item for item in counts.instances if item.day == day], todo, daily)
        if names:
            yield day, ", ".join(names)
