"""Mirror an account: what it is, day by day what was held, and what is live. What is done is not asked again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zlib import crc32

from callboard.control import Item, Source, SyncBook
from callboard.ingest.zoom_sync.complaints import Said, complaints, with_reasons
from callboard.store.store import Store
from callboard.store.writer import Writer
from callboard.sync import coverage, known
from callboard.sync.batch import Batch
from callboard.sync.client import Refused, Upstream
from callboard.sync.clock import Clock
from callboard.sync.coverage import Cover
from callboard.sync.listings import COMPLAINTS, KINDS, LISTINGS, OF_ACCOUNT, OF_DAYS, REASONS, Listing, of
from callboard.sync.plan import affordable
from callboard.sync.walk import Progress, Walk

DAY: Final = 86_400
LONGEST: Final = 30 * 3600
"""An instance whose end is not told is taken to be over so long after its start."""
INTERRUPTED: Final = "interrupted"
LEFT_OUT: Final = "left out by request"
WEEK: Final = 7
"""A user is asked about when new, and then every so many days."""


@dataclass(frozen=True)
class Options:
    """How a mirror is run: which days, in which order, and how long after their end days and instances count as told.

    What failed is tried again after `retry_seconds`. `daily` is how many calls with a day's limit one day may cost.
    """

    first: date
    last: date
    newest_first: bool = True
    overlap_seconds: int = DAY
    lag_seconds: int = 1800
    retry_seconds: int = 0
    workers: int = 4
    live: bool = True
    daily: int | None = None
    skip: frozenset[str] = frozenset()


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
        hear: Callable[[Progress], None] = lambda _: None,
    ) -> None:
        self.source, self.options = source, options
        self._store, self._book, self._clock = store, book, clock
        self._batch = Batch(writer, book, source.name)
        self._walk = Walk(source.account_id, upstream, store, self._batch, clock, options.workers, hear)

    @property
    def progress(self) -> Progress:
        """What it does at the moment."""
        return self._walk.progress

    def run(self) -> None:
        """Mirror all that is not mirrored yet."""
        try:
            self._account()
            self._walk.load_people()
            if self.options.live:
                self._live()
            self._all_days()
        finally:
            self._batch.flush()
            self._book.spend(self.source.name, *self._walk.upstream.budget.spent)

    def _load(self, day: str, of_account: bool) -> dict[tuple[str, str], Item]:
        """The items of a day as far as they have come; what failed is tried again."""
        found = [item for item in self._book.items(self.source.name, day) if (item.what in OF_ACCOUNT) == of_account]
        for item in found:
            item.done = {name: said for name, said in item.done.items() if not isinstance(said, str)}
        self._walk.items = {(item.what, item.id): item for item in found}
        return self._walk.items

    def _covered(self, first: date, last: date) -> dict[str, dict[str, Cover]]:
        return coverage.read(self._store, self.source.account_id, str(first), str(last))

    def _todo(self, covered: dict[str, Cover], rows: Iterator[Listing]) -> set[str]:
        """Those listings of a day that are not over with."""
        due = self._clock.now() - self.options.retry_seconds
        return {
            row.name
            for row in rows
            if not (cover := covered.get(row.name)) or not (cover.over or (cover.state == "failed" and cover.asked_at > due))
        }

    def _cover(self, todo: set[str], waits: str = "", skips: dict[str, str] | None = None) -> bool:
        """Tell how far the items at hand have come; whether nothing more is to be asked about them, now or ever."""
        now = self._clock.now()
        covers = list(coverage.of_items(self._walk.items.values(), todo, self.source.name, now, waits, skips or {}))
        self._batch.flush()
        self._batch.add(cover.fact(self.source.account_id, now) for cover in covers)
        return not any(cover.state == "partial" for cover in covers)

    # The account

    def _account(self) -> None:
        """Mirror users, plans and rooms, once a day."""
        today = self._today()
        rows = (row for row in LISTINGS if row.of in OF_ACCOUNT)
        todo = self._todo(self._covered(today, today)[str(today)], rows)
        if not todo:
            return
        began = int(self._clock.now())
        passes = [day for day in self._book.days(self.source.name, "account") if day < str(today)]
        before = {(i.what, i.id): i for i in self._book.items(self.source.name, passes[-1])} if passes else {}
        items = self._load(str(today), True)
        own = items.setdefault(("account", ""), Item(str(today), "account", ""))
        first = date.fromisoformat(passes[-1]) - timedelta(days=1) if passes else self.options.first
        own.about |= {"first": str(first), "last": str(today)}
        self._walk.progress.stage = "the account"
        try:
            self._walk.pull(own, todo - self.options.skip)
            for item in items.values():
                if item.what == "user":
                    item.about["due"] = self._due(item, before.get(("user", item.id)), today)
            self._batch.add((), items.values())
            self._walk.side_by_side([item for item in items.values() if item.what != "account"], todo - self.options.skip)
        except BaseException:
            self._cover(todo, INTERRUPTED)
            raise
        if self._cover(todo, skips=dict.fromkeys(todo & self.options.skip, LEFT_OUT)):
            gone = {id_ for what, id_ in before if what == "user"} - {id_ for what, id_ in items if what == "user"}
            self._batch.add(known.gone(self._store, self.source.account_id, gone, began, self._clock.now()))
            self._batch.flush()
            for day in passes:
                self._book.drop(self.source.name, day, OF_ACCOUNT)

    def _due(self, item: Item, before: Item | None, today: date) -> bool:
        """Whether a user is to be asked about: when new, once a week, and when it was not done last time."""
        if before is None or item.done:
            return True
        unfinished = bool(before.about.get("due")) and len(before.done) < len(of("user"))
        return unfinished or crc32(item.id.encode()) % WEEK == today.toordinal() % WEEK

    def _today(self) -> date:
        return datetime.fromtimestamp(self._clock.now(), UTC).date()

    # What is live

    def _live(self) -> None:
        """Mirror meetings and webinars that go on, as they are at the moment."""
        self._walk.items = {}
        names = {row.name for row in LISTINGS if row.of.startswith("live")}
        self._walk.progress.stage = "live"
        self._walk.pull(Item("live", "live", ""), names)
        self._walk.side_by_side(list(self._walk.items.values()), names)
        self._batch.flush()
        self._book.drop(self.source.name, "live")

    # Days

    def _all_days(self) -> None:
        covered = self._covered(self.options.first, self.options.last)
        days = [(str(day), self._todo(covered[str(day)], (r for r in LISTINGS if r.of in OF_DAYS))) for day in self._days()]
        days = [(day, todo) for day, todo in days if todo]
        self._walk.progress.days = len(days)
        for day, todo in days:
            self._day(day, todo - {REASONS})
            self._walk.progress.days_done += 1
            self._walk.hear(self._walk.progress)
        for day, todo in days:
            if REASONS in todo:
                self._reasons(day)

    def _days(self) -> Iterator[date]:
        count = (self.options.last - self.options.first).days + 1
        for n in range(count):
            yield self.options.last - timedelta(n) if self.options.newest_first else self.options.first + timedelta(n)

    def _waits(self, day: str) -> str:
        """Why a day is not over with even if all was asked; empty when it is."""
        settled = datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() + DAY + self.options.overlap_seconds
        return "" if self._clock.now() >= settled else f"late data may come until {_instant(settled)}"

    def _day(self, day: str, todo: set[str]) -> None:
        """Mirror a day: its lists, then each instance that they told of."""
        if not todo:
            return
        if any(row.name in todo for row in LISTINGS if row.of in KINDS):  # then the lists that find instances are needed
            todo = todo | {row.name for row in LISTINGS if row.of == "day" and row.finds}
        items, waits = self._load(day, False), self._waits(day)
        own = items.setdefault(("day", ""), Item(day, "day", ""))
        skips = dict.fromkeys(todo & self.options.skip, LEFT_OUT)
        self._walk.progress.stage = day
        try:
            self._walk.pull(own, todo - skips.keys())
            self._batch.flush()
            skips |= self._unaffordable(todo - skips.keys())
            told = [item for item in items.values() if item.what in KINDS and self._told(item)]
            self._walk.side_by_side(told, todo - skips.keys())
        except BaseException:
            self._cover(todo, INTERRUPTED)
            raise
        if self._cover(todo, waits, skips):
            self._batch.flush()
            self._book.drop(self.source.name, day, (*KINDS, "day"))
        else:
            own.done = {}  # asked again, for what comes late
            self._batch.add((), [own])

    def _unaffordable(self, todo: set[str]) -> dict[str, str]:
        """What is left out of a day, the least worth first, so that it costs no more than a day's calls."""
        left_out, _ = affordable(list(self._walk.items.values()), todo, self.options.daily)
        return dict.fromkeys(left_out, "a day's calls do not suffice for it")

    def _told(self, item: Item) -> bool:
        """Whether an instance ended long enough ago for upstream to know all of it."""
        end = item.about.get("end") or item.about["start"] + LONGEST
        return bool(end <= self._clock.now() - self.options.lag_seconds)

    # Reasons for thumbs down

    def _reasons(self, day: str) -> None:
        """Mirror the reasons that were chosen on a day: asked of each reason, kept with the feedback that chose it."""
        item = Item(day, "reasons", "")
        self._walk.items = {("reasons", ""): item}
        self._walk.progress.stage = f"reasons of {day}"
        list_, details = (next(row for row in (*LISTINGS, COMPLAINTS) if row.name == name) for name in (REASONS, COMPLAINTS.name))
        try:
            said: list[Said] = []
            for reason in self._walk.ask(item, list_).get("client_feedbacks") or ():
                one = Item(day, "reason", str(reason.get("feedback_id")))
                token = None
                while token is None or token:
                    body = self._walk.ask(one, details, token or "")
                    said += complaints(one.id, str(reason.get("feedback_name")), body)
                    token = str(body.get("next_page_token") or "")
            item.done[REASONS] = len(said)
            given = known.feedback(self._store, self.source.account_id, {one.at for one in said})
            self._batch.add(with_reasons(self._walk.asked(item, list_), said, given))
        except Refused as reason_:
            item.done[REASONS] = str(reason_)
        self._cover({REASONS}, self._waits(day))


def _instant(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"
