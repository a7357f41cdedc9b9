"""The past in bulk: an organisation's days as chunks of Arrow rows, and the truth about what went wrong in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from callboard.sim import facts
from callboard.sim.day import day_of
from callboard.sim.incidents import Incident, incidents
from callboard.sim.organisation import Organisation
from callboard.sim.quality import exposed

EAST = timedelta(hours=14)
"""How far ahead of UTC a site's clock may be."""
WEST = timedelta(hours=14)
"""How long after the UTC date is over something of a site's day may still happen."""


@dataclass(frozen=True)
class Chunk:
    """Rows for one table, as Arrow columns that it can insert; `label` says what they are, for a progress line."""

    table: str
    rows: pa.Table
    label: str


def history(org: Organisation, until: datetime, days: int = 30) -> Iterator[Chunk]:
    """Everything that was said before `until` (aware) of the people and of the meetings that began in the `days` before."""
    since = until - timedelta(days=days)
    yield Chunk("people", facts.people(org), f"{org.people} people")
    for day in dates(since, until):
        for table, rows in facts.tables(day_of(org, day), int(since.timestamp()), int(until.timestamp() * 1000)):
            yield Chunk(table, rows, f"{day}: {table}")


def dates(since: datetime, until: datetime) -> list[date]:
    """The dates, by the sites' clocks, on which anything in [since, until) may have happened or begun."""
    first, last = (since.astimezone(UTC) - WEST).date(), (until.astimezone(UTC) + EAST).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


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
