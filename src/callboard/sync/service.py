"""A mirror put together from a source and the parts of a data folder: what the command and the scheduled job both run."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

import httpx2 as httpx
import structlog

from callboard.control import Source, SyncBook
from callboard.settings import Settings
from callboard.store.store import Store
from callboard.store.writer import Writer
from callboard.sync.batch import Batch
from callboard.sync.budget import Budget, DayIsSpent
from callboard.sync.client import Upstream
from callboard.sync.clock import Clock, Stopped, WallClock
from callboard.sync.plan import assumed_policy, daily_calls
from callboard.sync.run import Mirror, Options
from callboard.sync.walk import Progress, Walk

log = structlog.get_logger()

RETRY_SECONDS: Final = 86_400
"""What upstream refused is asked again a day later."""
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
        workers=settings.sync_workers,
        live=last >= today(clock),
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

    def __init__(self, source: Source, clock: Clock, percent: int = 100, policy: str = "", patient: bool = True) -> None:
        self.source, self.clock = source, clock
        daily = daily_calls(policy or assumed_policy(source.base_url), percent)
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

    def walk(self, store: Store, writer: Writer, book: SyncBook) -> Walk:
        """What asks without mirroring: for a plan, or a dry run."""
        batch = Batch(writer, book, self.source.name)
        return Walk(self.source.account_id, self.upstream, store, batch, self.clock, 1, lambda _: None)

    def close(self) -> None:
        """Close the connection."""
        self.http.close()


class Schedule:
    """All accounts that are mirrored, side by side, each time that it is run. What fails of one is logged and tried again."""

    def __init__(self, settings: Settings, store: Store, writer: Writer, book: SyncBook, clock: WallClock | None = None) -> None:
        self._settings, self._store, self._writer, self._book = settings, store, writer, book
        self._clock = clock or WallClock()

    def run(self) -> None:
        """Mirror what is new, and of what is not mirrored yet as much as a day's calls allow."""
        found = sources(self._settings, self._book)
        if found:
            with ThreadPoolExecutor(len(found), thread_name_prefix="account") as pool:
                list(pool.map(self._one, found))

    def _one(self, source: Source) -> None:
        session = Session(source, self._clock, self._settings.sync_daily_percent, patient=False)
        asked = replace(options(self._settings, self._clock), retry_seconds=RETRY_SECONDS, daily=session.budget.daily)
        mirror = session.mirror(self._store, self._writer, self._book, asked)
        try:
            mirror.run()
        except Stopped:
            pass
        except DayIsSpent as reason:
            log.info("mirror waits", account=source.account_id, reason=str(reason))
        except Exception as error:
            log.error("mirror failed", account=source.account_id, error=str(error) or repr(error))
        finally:
            session.close()
        log.info("mirrored", account=source.account_id, calls=mirror.progress.calls, days=mirror.progress.days_done)

    def stop(self) -> None:
        """Stop at the next page."""
        self._clock.stop()
