"""All background work on one screen: a sentence, a function and a period each."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import structlog
from prometheus_client import Gauge

from callboard.store.spool import Spool
from callboard.store.writer import Writer
from callboard.sync.service import Schedule

log = structlog.get_logger()

SPOOLED = Gauge("callboard_spool_bytes", "Facts that wait on disk for the store, in bytes.")
FREE = Gauge("callboard_disk_free_bytes", "Free space on the data folder's disk.")
LOW_DISK = 1_000_000_000


class Job(NamedTuple):
    """A periodic task. The writer replays its spool and the engine expires and merges by themselves."""

    sentence: str
    run: Callable[[], None]
    seconds: float


def jobs(
    folder: Path, spool: Spool, writer: Writer, schedule: Schedule, sync_minutes: int, keep: Callable[[], None]
) -> list[Job]:
    """The table of periodic tasks."""

    def watch_disk() -> None:
        free = shutil.disk_usage(folder).free
        FREE.set(free)
        if free < LOW_DISK:
            log.warning("disk is nearly full", free_bytes=free, folder=str(folder))

    def watch_spool() -> None:
        SPOOLED.set(spool.bytes)
        if writer.away:
            log.warning("store is away", spooled_files=spool.files)

    mirror = Job("Mirror the accounts that are to be mirrored.", schedule.run, sync_minutes * 60)
    return [
        *([mirror] if sync_minutes else []),
        Job("Watch the disk: warn when less than 1 GB is left.", watch_disk, 60),
        Job("Keep at hand what the last month's instances came to.", keep, 3600),
        Job("Watch the spool: warn while the store is away.", watch_spool, 10),
    ]


async def run(table: list[Job]) -> None:
    """Run every job at its period, until cancelled. A job that fails is logged and runs again."""
    await asyncio.gather(*(_repeat(job) for job in table))


async def _repeat(job: Job) -> None:
    while True:
        try:
            await asyncio.to_thread(job.run)
        except Exception as error:
            log.error("job failed", job=job.sentence, error=repr(error))
        await asyncio.sleep(job.seconds)
