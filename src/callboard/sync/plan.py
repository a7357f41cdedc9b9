"""What a mirror costs: calls by listing, the time that a rate policy lets them take, and what a day's calls don't suffice for."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from callboard.contract.access import RATE_CLASSES
from callboard.control import Item
from callboard.sync.budget import COUNTED
from callboard.sync.listings import LISTINGS, Listing, page_size

INSTANCES: Final = ("meeting", "webinar")


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
        if row.name in todo and counted(row) and row.of in INSTANCES
    }
    total = sum(costs.values())
    left_out = []
    for row in sorted(costs, key=lambda row: -row.worth):
        if daily is None or total <= daily or not row.worth:
            break
        left_out.append(row.name)
        total -= costs[row]
    return left_out, total
