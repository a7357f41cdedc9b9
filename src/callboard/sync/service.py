"""A mirror put together from a source and the parts of a data folder: what the command and the scheduled job both run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Final

import httpx2 as httpx

from callboard.control import Source, SyncBook
from callboard.settings import Settings
from callboard.store.store import Store
from callboard.store.writer import Writer
from callboard.sync.budget import Budget
from callboard.sync.client import Upstream
from callboard.sync.clock import Clock
from callboard.sync.run import Mirror, Options
from callboard.sync.walk import Progress

TIMEOUT: Final = httpx.Timeout(60, connect=20)


def today(clock: Clock) -> date:
    """The UTC day."""
    return datetime.fromtimestamp(clock.now(), UTC).date()


def options(
    settings: Settings, clock: Clock, first: date | None = None, last: date | None = None, newest: bool = True
) -> Options:
    """How to mirror: as set, and the days that were asked for."""
    last = last or today(clock)
    return Options(
        first or last - timedelta(settings.sync_days),
        last,
        newest,
        settings.sync_overlap_hours * 3600,
        settings.sync_lag_minutes * 60,
        settings.sync_workers,
    )


def configured(settings: Settings) -> Source | None:
    """The account that the settings name, if they name one."""
    said = (settings.sync_account_id, settings.sync_client_id, settings.sync_client_secret)
    if not all(said):
        return None
    account, client, secret = said
    return Source(account, account, settings.sync_base_url, "", account, client, secret)


def sources(settings: Settings, book: SyncBook) -> list[Source]:
    """All accounts to mirror: those that were added, and the one that the settings name."""
    found = {source.name: source for source in book.sources()}
    own = configured(settings)
    if own is not None and own.name not in found:
        found[own.name] = own
    return [found[name] for name in sorted(found)]


class Session:
    """A connection to upstream, for as long as a source is being mirrored."""

    def __init__(self, source: Source, clock: Clock, daily: int | None = None, patient: bool = True) -> None:
        self.source, self.clock = source, clock
        self.budget = Budget(clock, daily, (source.spent_day, source.spent), patient)
        self.http = httpx.Client(timeout=TIMEOUT, follow_redirects=True)
        self.upstream = Upstream(source, self.http, clock, self.budget)

    def mirror(
        self, store: Store, writer: Writer, book: SyncBook, options: Options, hear: Callable[[Progress], None] = lambda _: None
    ) -> Mirror:
        """The mirror of this source."""
        return Mirror(
            self.source, self.upstream, store=store, writer=writer, book=book, clock=self.clock, options=options, hear=hear
        )

    def close(self) -> None:
        """Close the connection."""
        self.http.close()
