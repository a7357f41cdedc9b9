"""Cloud recording storage, day by day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from pydantic import Field

from callboard.contract.usage import CloudRecordingReport
from callboard.contract.wire import Columns
from callboard.endpoints.daily import DAY, of_tables
from callboard.endpoints.figures import date, days_window
from callboard.endpoints.params import Range
from callboard.endpoints.registry import Answer, Context, endpoint
from callboard.store.tables import RECORDINGS

TOLD: Final = """
-- storage.told: what was said of the storage, by day
SELECT toUInt32(day), if(max(free).1 > 0, max(free).2, NULL), if(max(plan).1 > 0, max(plan).2, NULL),
       if(max(used).1 > 0, max(used).2, NULL)
FROM storage_days WHERE account_id = {account:String} AND day < toDate({end:UInt32})
GROUP BY day ORDER BY day
"""
IN_GROUPS: Final = """AND host IN (
    SELECT user_id FROM people WHERE account_id = {account:String}
    GROUP BY user_id HAVING hasAny(max(group_ids).2, {groups:Array(String)}))"""
MADE: Final = f"""
-- storage.made: recordings, files and bytes by the day that they begin, and bytes by the day that they were deleted
SELECT toUInt32(toDate(change.1)) AS day, uniqExactIf(uuid, change.2), countIf(change.2), sumIf(size, change.2),
       sumIf(size, NOT change.2)
FROM (
  SELECT uuid, {RECORDINGS["host_id"].merged} AS host, ifNull({RECORDINGS["file_size"].merged}, 0) AS size,
         toDateTime(max(status).1, 'UTC') AS told, coalesce(max(recording_start), max(recording_end), told) AS made,
         if(max(status).2 = 'deleted', [(made, 1), (told, 0)], [(made, 1)]) AS changes
  FROM recordings WHERE account_id = {{account:String}}
  GROUP BY uuid, file_id HAVING 1 {{of_groups}})
ARRAY JOIN changes AS change
WHERE toUnixTimestamp(change.1) < {{end:UInt32}}
GROUP BY day
"""


@dataclass(frozen=True)
class Day:
    """Recordings on one day: the storage as last said of, in bytes, and what was recorded. None where nobody said."""

    free: int | None
    plan: int | None
    used: int
    recordings: int
    files: int
    total_size: int


def storage(context: Context, touched: range, groups: tuple[str, ...] = ()) -> list[Day]:
    """The recordings of each day.

    What was last said holds until something else is. Where nothing was said of what is used, and for single groups, it
    is the size of all recording files made by then and not deleted by then: files in the trash are counted.
    """
    asked = {"account": context.caller.account_id, "end": touched.stop * DAY, "groups": list(groups)}
    question = MADE.replace("{of_groups}", IN_GROUPS if groups else "")
    recorded = context.store.beside(context.store.ask, question, asked)
    told = {day: row for day, *row in context.store.ask(TOLD, asked).rows}
    made = {day: row for day, *row in recorded().rows}
    found: list[Day] = []
    said: list[int | None] = [None, None, None]
    kept = 0
    for day in sorted({*told, *made, *touched}):
        recordings, files, size, deleted = made.get(day, (0, 0, 0, 0))
        kept += size - deleted
        said = [new if new is not None else old for new, old in zip(told.get(day, said), said, strict=True)]
        if day >= touched.start:
            used = said[2] if said[2] is not None and not groups else max(0, kept)
            found.append(Day(said[0], said[1], used, recordings, files, size))
    return found


class StorageParams(Range):
    """Parameters of the report of cloud recording storage: a day at a time, at most 366 days."""

    group_id: str = Field("", description="Storage that recordings of hosts in this group use.")


def asked_groups(context: Context, group: str) -> tuple[str, ...]:
    """The groups that an answer is narrowed to; a caller that was assigned groups can narrow those, and never widen."""
    allowed = context.caller.groups
    if not allowed:
        return (group,) if group else ()
    return tuple(sorted(allowed)) if not group else (group,) if group in allowed else ("\0none",)


STORAGE: Final[Columns] = ("date", "free", "plan", "used")


@endpoint(
    "/report/cloud_recording",
    name="report_cloud_recording",
    granular="cloud_recording",
    families=("reports",),
    area="report",
    rate="report",
    response=CloudRecordingReport,
    operation="reportCloudRecording",
)
def report_cloud_recording(context: Context, params: StorageParams) -> Answer:
    """Report the storage that cloud recordings use, day by day."""
    asked, touched = days_window(context, params)
    rows: list[list[Any]] = []
    if touched:
        found = storage(context, touched, asked_groups(context, params.group_id))
        rows = [[date(day), one.free, one.plan, one.used] for day, one in zip(touched, found, strict=True)]
    depends = of_tables(context.caller.account_id, "storage_days", "recordings", "people")
    columns: Columns = ("from", "to", ("cloud_recording_storage", STORAGE))
    return Answer(CloudRecordingReport, columns, [asked.from_, asked.to, rows], depends if _over(context, touched) else None)


def _over(context: Context, touched: range) -> bool:
    return touched.stop * DAY <= context.now
