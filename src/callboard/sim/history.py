"""The past in bulk: an organisation's days as chunks of Arrow rows, and the truth about what went wrong in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa

from callboard.ingest import zoom_webhook
from callboard.ingest.facts import Fact
from callboard.ingest.lines import read_row
from callboard.sim import facts, families, loaded, rows
from callboard.sim.day import day_of
from callboard.sim.families import dates
from callboard.sim.forms import LoadedRow
from callboard.sim.incidents import Incident, incidents
from callboard.sim.organisation import Organisation
from callboard.sim.quality import exposed
from callboard.store.tables import TABLES

TOGETHER: Final = 40_000
"""So many facts beside meetings go to the store at a time: a few days of a large company."""


@dataclass(frozen=True)
class Chunk:
    """Rows for one table, as Arrow columns that it can insert; `label` says what they are, for a progress line."""

    table: str
    rows: pa.Table
    label: str


def history(org: Organisation, until: datetime, days: int = 30) -> Iterator[Chunk]:
    """Everything that was said before `until` (aware) of what began in the `days` before, and of people and rooms.

    That is meetings, and beside them plans, registrations, bookings and all else that `families` lists.
    """
    since, then = until - timedelta(days=days), until.timestamp()
    waiting = list(_founded(org, then))
    for day in families.history_dates(since, until):
        if day in families.dates(since, until):
            for table, found in facts.tables(day_of(org, day), int(since.timestamp()), int(then * 1000)):
                yield Chunk(table, found, f"{day}: {table}")
        waiting += _beside(org, day, since, until)
        if len(waiting) > TOGETHER:
            yield from _chunks(waiting, f"until {day}")
            waiting = []
    yield from _chunks(waiting, "ahead")


def _chunks(found: list[Fact], label: str) -> Iterator[Chunk]:
    for table, made in rows.tables(found):
        yield Chunk(table, made, f"{label}: {table}")


def _founded(org: Organisation, now: float) -> Iterator[Fact]:
    """The people, the rooms and what stands in them, as known since the organisation began."""
    for _, body in families.founding_events(org):
        yield from zoom_webhook.parse(body, now).facts
    yield from _loaded(org, loaded.furnished(org), now)


def _beside(org: Organisation, day: date, since: datetime, until: datetime) -> Iterator[Fact]:
    """Of a day all that is no meeting, join or minute: made of the webhooks and rows that live traffic would send."""
    then = until.timestamp()
    for saying in families.of_day(org, day, since, until):
        # What such an event tells of meetings and joins, their own rows have.
        yield from (fact for fact in zoom_webhook.parse(saying.make(), then).facts if fact[0] not in facts.MAKERS)
    if day in families.dates(since, until):
        yield from _loaded(org, families.rows_of_day(org, day, since, until), then)


def _loaded(org: Organisation, found: Iterable[LoadedRow], now: float) -> Iterator[Fact]:
    for row in found:
        yield row.table, read_row(TABLES[row.table], row.row, org.account_id, now)


def truth(org: Organisation, until: datetime, days: int = 30) -> list[dict[str, Any]]:
    """What went wrong in the `days` before `until`: kind, where, from, to, what it does, and how many joins it touched."""
    since = until - timedelta(days=days)
    found = incidents(org, since, until)
    counts = np.zeros(len(found), np.int64)
    for day in dates(since, until):
        counts += [_touched(org, day, incident, since, until) for incident in found]
    return [_told(incident, int(count)) for incident, count in zip(found, counts, strict=True)]


def _touched(org: Organisation, date: date, incident: Incident, since: datetime, until: datetime) -> int:
    begin = max(incident.since, since).timestamp()
    end = min(incident.until, until).timestamp()
    day = day_of(org, date)
    joins = day.joins
    own = day.meetings.start[joins.meeting] >= since.timestamp()
    during = (joins.join > 0) & (joins.join < end) & (joins.leave > begin) & (joins.joined_ms < until.timestamp() * 1000)
    return int(np.count_nonzero(own & during & exposed(day, incident)))


def _told(incident: Incident, joins: int) -> dict[str, Any]:
    return {
        "kind": incident.kind,
        "where": incident.where,
        "from": incident.since.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "to": incident.until.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "effect": incident.effect,
        "joins": joins,
    }
