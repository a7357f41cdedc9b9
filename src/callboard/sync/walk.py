"""Ask what there is to ask about items, several at once: each from the page it was on, each page's facts on disk first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from typing import Any, Final

from callboard.control import Item
from callboard.endpoints import ENDPOINTS
from callboard.ingest.facts import Fact
from callboard.ingest.zoom_sync import Asked, Joined
from callboard.ingest.zoom_sync.participants import REPORTED
from callboard.store.store import Store
from callboard.sync import known, listings
from callboard.sync.batch import Batch
from callboard.sync.client import Gone, PageTokenExpired, Refused, Upstream
from callboard.sync.clock import Clock, Stopped
from callboard.sync.listings import Listing

RESTARTS: Final = 5
"""So often a listing begins again whose page tokens expire."""
FORBIDDEN: Final = (104, 4711)
"""Zoom's codes for a scope that is missing, whatever the status."""


@dataclass
class Progress:
    """What a mirror does at the moment, for those who look on."""

    stage: str = ""
    days: int = 0
    days_done: int = 0
    items: int = 0
    items_done: int = 0
    calls: int = 0


Key = tuple[str, str]
"""What an item is, and its id."""


@dataclass
class Walk:
    """The asking of one source: its `items` are those at hand, by what they are and id."""

    account_id: str
    upstream: Upstream
    store: Store
    batch: Batch
    clock: Clock
    workers: int
    hear: Callable[[Progress], None]
    progress: Progress = field(default_factory=Progress)
    items: dict[Key, Item] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    blocked: dict[str, str] = field(default_factory=dict)
    stopping: threading.Event = field(default_factory=threading.Event)

    def load_people(self) -> None:
        """Learn who is known by which mail address."""
        self.people = known.people(self.store, self.account_id)

    def side_by_side(self, items: Collection[Item], todo: set[str]) -> None:
        """Pull several items at once; the first that fails stops the others at their next page."""
        self.progress.items, self.progress.items_done = len(items), 0
        with ThreadPoolExecutor(self.workers, thread_name_prefix="mirror") as pool:
            running = [pool.submit(self._whole, item, todo) for item in items]
            try:
                wait(running, return_when=FIRST_EXCEPTION)
            except BaseException:  # interrupted: what runs stops at its next page
                self.stopping.set()
                raise
            if any(one.done() and one.exception() for one in running):
                self.stopping.set()
                pool.shutdown(cancel_futures=True)
        errors = [error for one in running if not one.cancelled() and (error := one.exception())]
        if errors:
            raise next((error for error in errors if not isinstance(error, Stopped)), errors[0])

    def _whole(self, item: Item, todo: set[str]) -> None:
        self.pull(item, todo)
        self.progress.items_done += 1
        self.hear(self.progress)

    def pull(self, item: Item, todo: set[str]) -> None:
        """Ask all of `todo` that is to be asked about an item."""
        for listing in listings.of(item.what):
            if listing.name in todo and listing.name not in item.done and listing.wanted(item):
                self._list(item, listing)

    def _list(self, item: Item, listing: Listing) -> None:
        """Ask one listing about an item, from the page it was on to the last."""
        token = item.token if item.endpoint == listing.name else ""
        records, restarts = item.about.get("records", 0) if token else 0, 0
        while True:
            try:
                body = self.ask(item, listing, token)
            except PageTokenExpired as reason:
                token, records, restarts = "", 0, restarts + 1
                if restarts > RESTARTS:
                    return self._over(item, listing, f"{reason} Page tokens expire before they are used.")
                continue
            except Gone:
                return self._over(item, listing, 0)
            except Refused as reason:
                return self._over(item, listing, str(reason))
            token, records = str(body.get("next_page_token") or ""), records + _records(body)
            facts = list(listing.facts(self.asked(item, listing), body))
            found = [self._known(one) for one in listing.finds(item, body)] if listing.finds else []
            if not token:
                return self._over(item, listing, records, facts, found)
            item.endpoint, item.token, item.about["records"] = listing.name, token, records
            self.batch.add(facts, [item, *found])

    def _known(self, found: Item) -> Item:
        """An item that was found, as it is known: with what is done of it already."""
        item = self.items.setdefault((found.what, found.id), found)
        item.about.update(found.about)
        if "host" in item.about and item.about["host"].lower() not in self.people:
            item.about["detail"] = True
        return item

    def _over(
        self, item: Item, listing: Listing, said: int | str, facts: Iterable[Fact] = (), found: Iterable[Item] = ()
    ) -> None:
        """A listing is done, or was refused."""
        item.endpoint, item.token = "", ""
        item.done[listing.name] = said
        item.about.pop("records", None)
        self.batch.add(facts, [item, *found])

    def ask(self, item: Item, listing: Listing, token: str = "") -> dict[str, Any]:
        """One page. An endpoint that upstream refuses altogether is not asked again in this run."""
        if self.stopping.is_set() or self.clock.stopped:
            raise Stopped
        if listing.name in self.blocked:
            raise Refused(403, 0, self.blocked[listing.name])
        try:
            body = self.upstream.get(listing.endpoint, listing.path(item), listing.params(item, token))
        except (Gone, PageTokenExpired):
            raise
        except Refused as reason:
            if reason.status in (401, 403) or reason.code in FORBIDDEN:
                self.blocked[listing.name] = reason.message
            raise
        self.progress.calls += 1
        self.hear(self.progress)
        return body

    def asked(self, item: Item, listing: Listing) -> Asked:
        """What is asked, for those who read the answer."""
        about = item.about | {REPORTED: bool(item.done.get("report_webinar_participants"))}
        asked = Asked(
            self.account_id,
            self.clock.now(),
            ENDPOINTS[listing.endpoint].kind or ("webinar" if "_webinar" in listing.endpoint else "meeting"),
            id=about.get("id", item.id),
            day=item.day,
            about=about,
            people=self.people,
        )
        if "start" not in about:
            return asked
        joins = self._joins(item) if listing.endpoint.endswith("satisfaction") else ()
        return replace(asked, uuid=item.id, start=about["start"], end=about.get("end"), joins=joins)

    def _joins(self, item: Item) -> list[Joined]:
        self.batch.flush()
        return known.joins(self.store, self.account_id, item.id)


def _records(body: dict[str, Any]) -> int:
    return sum(len(entries) for entries in body.values() if isinstance(entries, list))
