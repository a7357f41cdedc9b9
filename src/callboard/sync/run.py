"""Mirror an account: day by day, each item to its end; what is done is not asked again, wherever it was stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from callboard.control import Item, Source, SyncBook
from callboard.endpoints import ENDPOINTS
from callboard.ingest.facts import Fact
from callboard.ingest.zoom_sync import FACTS, Asked, Joined
from callboard.ingest.zoom_sync.participants import REPORTED
from callboard.store.store import Store
from callboard.store.writer import Writer
from callboard.sync import coverage, listings
from callboard.sync.batch import Batch
from callboard.sync.client import Gone, PageTokenExpired, Refused, Upstream
from callboard.sync.clock import Clock, Stopped
from callboard.sync.listings import LISTINGS, Listing

DAY: Final = 86_400
RESTARTS: Final = 5
"""So often a listing begins again whose page tokens expire."""
PEOPLE: Final = """
-- run.people: users by mail address
SELECT lower(max(email).2), user_id FROM people WHERE account_id = {account:String} GROUP BY user_id
HAVING max(email).2 != '' ORDER BY max(status).2 = 'deleted' DESC, user_id
"""
JOINED: Final = """
-- run.joined: joins of an instance
SELECT ifNull(max(participant_uuid), ''), ifNull(max(participant_user_id), ''), ifNull(max(email), ''),
       toUnixTimestamp(max(leave_time))
FROM participants WHERE account_id = {account:String} AND uuid = {uuid:String} GROUP BY user_id
"""


@dataclass(frozen=True)
class Options:
    """How a mirror is run: which days, in which order, and how long after their end days and instances count as told."""

    first: date
    last: date
    newest_first: bool = True
    overlap_seconds: int = DAY
    lag_seconds: int = 1800
    workers: int = 4
    live: bool = True


@dataclass
class Progress:
    """What a mirror does at the moment, for those who look on."""

    days: int = 0
    days_done: int = 0
    day: str = ""
    items: int = 0
    items_done: int = 0
    calls: int = 0


Hear = Callable[[Progress], None]


class Mirror:
    """One source being mirrored into one account."""

    def __init__(
        self,
        source: Source,
        upstream: Upstream,
        *,
        store: Store,
        writer: Writer,
        book: SyncBook,
        clock: Clock,
        options: Options,
        hear: Hear = lambda _: None,
    ) -> None:
        self.source, self.upstream, self.options = source, upstream, options
        self._store, self._book, self._clock, self._hear = store, book, clock, hear
        self._batch = Batch(writer, book, source.name)
        self._people: dict[str, str] = {}
        self._blocked: dict[str, str] = {}
        self._items: dict[tuple[str, str], Item] = {}
        self._stopping = threading.Event()
        self.progress = Progress()

    # Days

    def run(self) -> None:
        """Mirror all days that are not mirrored yet, then what is live."""
        covered = coverage.read(self._store, self.source.account_id, str(self.options.first), str(self.options.last))
        days = [(day, todo) for day in self._days() if (todo := self._todo(covered.get(str(day), {})))]
        self.progress.days = len(days)
        try:
            self._load_people()
            for day, todo in days:
                self._day(str(day), todo)
                self.progress.days_done += 1
                self._tell()
        finally:
            self._batch.flush()
            self._book.spend(self.source.name, *self.upstream.budget.spent)

    def _days(self) -> Iterator[date]:
        count = (self.options.last - self.options.first).days + 1
        for n in range(count):
            yield self.options.last - timedelta(n) if self.options.newest_first else self.options.first + timedelta(n)

    def _todo(self, covered: dict[str, coverage.Cover]) -> set[str]:
        """The listings of a day that are not over with; with those that find the items of one."""
        todo = {row.name for row in LISTINGS if not (row.name in covered and covered[row.name].over)}
        if any(row.name in todo for row in LISTINGS if row.of != "day"):
            todo |= {row.name for row in LISTINGS if row.finds and row.of == "day"}
        return todo

    def _waits(self, day: str) -> str:
        """Why a day is not over with even if all was asked; empty when it is."""
        settled = datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() + DAY + self.options.overlap_seconds
        return "" if self._clock.now() >= settled else "late data may come until " + _instant(settled)

    def _day(self, day: str, todo: set[str]) -> None:
        """Mirror a day: its lists, then each instance that they told of."""
        items = self._items = {(item.what, item.id): item for item in self._book.items(self.source.name, day)}
        for item in items.values():  # what failed is tried again
            item.done = {name: said for name, said in item.done.items() if not isinstance(said, str)}
        own = items.setdefault(("day", ""), Item(day, "day", ""))
        self.progress.day, self.progress.items, self.progress.items_done = day, 0, 0
        waits = self._waits(day)
        try:
            self._pull(own, todo)
            self._batch.flush()
            self._side_by_side([item for item in items.values() if item.what != "day" and self._told(item)], todo)
        finally:
            self._cover(day, items.values(), todo, waits)
        if waits:
            own.done = {}  # asked again, for those that came late
            self._batch.add((), [own])
        else:
            self._batch.flush()
            self._book.drop(self.source.name, day)

    def _told(self, item: Item) -> bool:
        """Whether an instance ended long enough ago for upstream to know all of it."""
        return (item.about.get("end") or self._clock.now()) <= self._clock.now() - self.options.lag_seconds

    def _cover(self, day: str, items: Iterable[Item], todo: set[str], waits: str) -> None:
        now = self._clock.now()
        covers = coverage.of_items(list(items), todo, self.source.name, now, waits)
        self._batch.flush()
        self._batch.add(cover.fact(self.source.account_id, now) for cover in covers)

    def _side_by_side(self, items: list[Item], todo: set[str]) -> None:
        """Pull several items at once; the first that fails stops the others at their next page."""
        self.progress.items = len(items)
        self._stopping.clear()
        with ThreadPoolExecutor(self.options.workers, thread_name_prefix="mirror") as pool:
            running = [pool.submit(self._whole, item, todo) for item in items]
            try:
                wait(running, return_when=FIRST_EXCEPTION)
            except BaseException:  # interrupted: what runs stops at its next page
                self._stopping.set()
                raise
            if any(one.done() and one.exception() for one in running):
                self._stopping.set()
                pool.shutdown(cancel_futures=True)
        errors = [error for one in running if not one.cancelled() and (error := one.exception())]
        if errors:
            raise next((error for error in errors if not isinstance(error, Stopped)), errors[0])

    def _whole(self, item: Item, todo: set[str]) -> None:
        self._pull(item, todo)
        self.progress.items_done += 1
        self._tell()

    # Items

    def _pull(self, item: Item, todo: set[str]) -> None:
        """Ask all that is to be asked about an item."""
        for listing in listings.of(item.what):
            if listing.name in todo and listing.name not in item.done and listing.wanted(item):
                self._list(item, listing)

    def _list(self, item: Item, listing: Listing) -> None:
        """Ask one listing about an item, from the page it was on to the last."""
        token = item.token if item.endpoint == listing.name else ""
        records = item.about.get("records", 0) if token else 0
        restarts = 0
        while True:
            if self._stopping.is_set():
                raise Stopped
            try:
                body = self._ask(item, listing, token)
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
            facts = list(FACTS[listing.endpoint](self._asked(item, listing), body))
            found = [self._known(one) for one in listing.finds(item, body)] if listing.finds else []
            if not token:
                return self._over(item, listing, records, facts, found)
            item.endpoint, item.token, item.about["records"] = listing.name, token, records
            self._batch.add(facts, [item, *found])

    def _known(self, found: Item) -> Item:
        """An item that was found, as it is known: with what is done of it already."""
        item = self._items.setdefault((found.what, found.id), found)
        item.about.update(found.about)
        return item

    def _over(
        self, item: Item, listing: Listing, said: int | str, facts: Iterable[Fact] = (), found: Iterable[Item] = ()
    ) -> None:
        """A listing is done, or was refused."""
        item.endpoint, item.token = "", ""
        item.done[listing.name] = said
        item.about.pop("records", None)
        self._batch.add(facts, [item, *found])

    def _ask(self, item: Item, listing: Listing, token: str) -> dict[str, Any]:
        """One page. An endpoint that upstream refuses altogether is not asked again in this run."""
        if listing.name in self._blocked:
            raise Refused(403, 0, self._blocked[listing.name])
        try:
            body = self.upstream.get(listing.endpoint, listing.path(item), listing.params(item, token))
        except (Gone, PageTokenExpired):
            raise
        except Refused as reason:
            if reason.status in (401, 403) or reason.code in (104, 4711):
                self._blocked[listing.name] = reason.message
            raise
        self.progress.calls += 1
        return body

    def _asked(self, item: Item, listing: Listing) -> Asked:
        about = item.about | {REPORTED: bool(item.done.get("report_webinar_participants"))}
        asked = Asked(
            self.source.account_id,
            self._clock.now(),
            ENDPOINTS[listing.endpoint].kind or "meeting",
            start=about.get("start", 0),
            end=about.get("end"),
            day=item.day,
            about=about,
            people=self._people,
        )
        if item.what in ("meeting", "webinar"):
            joins = self._joins(item) if listing.endpoint.endswith("satisfaction") else ()
            return replace(asked, uuid=item.id, joins=joins)
        return replace(asked, id=item.id)

    # What is known already

    def _load_people(self) -> None:
        self._people = dict(self._store.ask(PEOPLE, {"account": self.source.account_id}).rows)

    def _joins(self, item: Item) -> list[Joined]:
        self._batch.flush()
        rows = self._store.ask(JOINED, {"account": self.source.account_id, "uuid": item.id}).rows
        return [Joined(*row) for row in rows]

    def _tell(self) -> None:
        self._hear(self.progress)


def _records(body: dict[str, Any]) -> int:
    return sum(len(entries) for entries in body.values() if isinstance(entries, list))


def _instant(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"
