"""What goes wrong, where and when: the answers that whoever looks at the numbers should find."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from callboard.sim.clients import (
    BAD,
    BAD_RELEASE_DAY,
    FIX_DAY,
    FIX_ROLLOUT_DAYS,
    bad_device,
    block_of,
    block_start,
    version_of,
)
from callboard.sim.organisation import DEVICES, Organisation
from callboard.sim.places import DATA_CENTERS, SITES


@dataclass(frozen=True)
class Incident:
    """One thing that went wrong from `since` to `until` (aware UTC).

    `kind` is `wifi` (`index` is a site), `data_center` (a data centre) or `client` (a device).
    """

    kind: str
    index: int
    where: str
    since: datetime
    until: datetime
    effect: str

    def covers(self, instant: datetime) -> bool:
        """Whether it was going on."""
        return self.since <= instant < self.until


def incidents(org: Organisation, since: datetime, until: datetime) -> tuple[Incident, ...]:
    """Those that overlap [since, until), oldest first."""
    blocks = range(block_of(org, since.date()) - 1, block_of(org, until.date()) + 1)
    found = [i for block in blocks for i in _of_block(org, block) if i.since < until and i.until > since]
    return tuple(sorted(found, key=lambda i: i.since))


@lru_cache(maxsize=64)
def _of_block(org: Organisation, block: int) -> tuple[Incident, ...]:
    return tuple(_block_incidents(org, block))


def _block_incidents(org: Organisation, block: int) -> Iterator[Incident]:
    # Blocks are four weeks and incidents sit at nearly the same place in each, on working days: any 30 days show all.
    start = block_start(org, block)
    rng = org.dice("incidents", start)
    yield _bad_wifi(start + timedelta(days=13 + int(rng.integers(0, 2))), site=int(rng.choice((0, 1, 2), p=(0.5, 0.2, 0.3))))
    yield _overload(start + timedelta(days=21 + int(rng.integers(0, 2))), data_center=int(rng.integers(0, 2)))
    yield _bad_client(start, block)


def _bad_wifi(day: date, site: int) -> Incident:
    place = SITES[site]
    return Incident(
        kind="wifi",
        index=site,
        where=place.name,
        since=_local(day, time(9, 20), place.timezone),
        until=_local(day + timedelta(days=1), time(16, 40), place.timezone),
        effect="Office Wi-Fi loses packets in long bursts, jitter rises, signal drops by about 14 dB.",
    )


def _overload(day: date, data_center: int) -> Incident:
    begins = time(8, 0) if data_center == 0 else time(14, 30)
    since = datetime.combine(day, begins, UTC)
    return Incident(
        kind="data_center",
        index=data_center,
        where=DATA_CENTERS[data_center].name,
        since=since,
        until=since + timedelta(hours=3, minutes=30),
        effect="Data centre is overloaded: latency rises by about 140 ms, jitter and loss rise too.",
    )


def _bad_client(start: date, block: int) -> Incident:
    since = datetime.combine(start + timedelta(days=BAD_RELEASE_DAY), time(), UTC)
    return Incident(
        kind="client",
        index=bad_device(block),
        where=f"{DEVICES[bad_device(block)]} {version_of(block, BAD)}",
        since=since,
        until=datetime.combine(start + timedelta(days=FIX_DAY + FIX_ROLLOUT_DAYS), time(), UTC),
        effect="Client version burns the processor; video is small and stutters.",
    )


def _local(day: date, clock: time, timezone: str) -> datetime:
    return datetime.combine(day, clock, ZoneInfo(timezone)).astimezone(UTC)
