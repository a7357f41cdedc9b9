"""Ask a little to know a lot: how much there is to mirror, and whether every listing is answered."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from callboard.control import Item
from callboard.sync.client import Refused
from callboard.sync.listings import KINDS, LISTINGS, OF_ACCOUNT, Listing, months
from callboard.sync.plan import Counts
from callboard.sync.walk import Walk

STATES: Final = ("past", "pastOne")


def measure(walk: Walk, first: date, last: date) -> Counts:
    """Count what there is from the totals that lists tell, and look at one page of each month for its joins and flags."""
    sample: list[Item] = []
    total = 0
    for row in (row for row in LISTINGS if row.of == "day" and row.finds):
        for begin, end in months(first, last):
            found, records = _page(walk, row, begin, end)
            total += records
            sample += found
    users = sum(_total(walk, row) for row in LISTINGS if row.endpoint == "list_users")
    rooms = sum(_total(walk, row) for row in LISTINGS if row.endpoint == "list_zoomrooms")
    return Counts(first, last, sample, total / len(sample) if sample else 1.0, users, rooms)


def _page(walk: Walk, row: Listing, begin: date, end: date) -> tuple[list[Item], int]:
    """A page of the instances of a stretch of days, and how many there are. They are of the days that they began on."""
    item = Item(str(begin), row.of, "")
    asks = row.asks | {"from": str(begin), "to": str(end)}
    try:
        body = walk.ask(item, replace(row, asks=asks))
    except Refused:
        return [], 0
    found = [Item(_day(one), one.what, one.id, one.about) for one in (row.finds(item, body) if row.finds else ())]
    return found, max(len(found), int(body.get("total_records") or 0))


def _day(item: Item) -> str:
    return str(date.fromordinal(date(1970, 1, 1).toordinal() + item.about["start"] // 86_400))


def _total(walk: Walk, row: Listing) -> int:
    try:
        return int(walk.ask(Item("", row.of, "", {"first": "", "last": ""}), row).get("total_records") or 0)
    except Refused:
        return 0


@dataclass(frozen=True)
class Tried:
    """What came of one call of a listing."""

    listing: str
    answer: str
    label: str = ""
    limit: str = ""
    records: int = 0
    rows: str = ""


def dry_run(walk: Walk, day: date) -> list[Tried]:
    """Ask one page of every listing about a day and one of each that it finds; nothing is written."""
    own = {"first": str(day), "last": str(day)}
    items = {
        "account": Item(str(day), "account", "", own),
        "day": Item(str(day), "day", ""),
        "reasons": Item(str(day), "reasons", ""),
    }
    made = []
    for row in (row for row in LISTINGS if row.of in (*OF_ACCOUNT, "day", *KINDS, "reasons")):
        item = items.get(row.of)
        if item is None:
            made.append(Tried(row.name, f"no {row.of} to ask about"))
        elif not row.wanted(item):
            made.append(Tried(row.name, "nothing to ask for"))
        else:
            made.append(_try(walk, row, item, items))
    return made


def _try(walk: Walk, row: Listing, item: Item, items: dict[str, Item]) -> Tried:
    try:
        body = walk.ask(item, row)
    except Refused as reason:
        return Tried(row.name, str(reason))
    for found in row.finds(item, body) if row.finds else ():
        best = items.get(found.what)
        if best is None or len(found.about) > len(best.about):  # the one of which there is the most to ask
            items[found.what] = replace(found, about=found.about | {"due": True})
    rows = Counter(table for table, _ in row.facts(walk.asked(item, row), body))
    label, limit = walk.upstream.budget.limits.get(row.endpoint, ("", ""))
    records = sum(len(entries) for entries in body.values() if isinstance(entries, list))
    return Tried(row.name, "ok", label, limit, records, _told(rows))


def _told(rows: Counter[str]) -> str:
    return ", ".join(f"{count} {table}" for table, count in sorted(rows.items()))
