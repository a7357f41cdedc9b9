"""What was mirrored from the account's own API, by day and listing."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field

from callboard.contract.service import SyncPage
from callboard.contract.wire import Columns
from callboard.endpoints.daily import of_tables
from callboard.endpoints.pages import PAGE_COLUMNS, keyed, resume
from callboard.endpoints.params import Paged, Range, window
from callboard.endpoints.registry import Answer, Context, endpoint
from callboard.store.tables import SYNC_DAYS


class SyncParams(Paged, Range):
    """Parameters of what was mirrored."""

    from_: str = Field("", alias="from", description="`yyyy-mm-dd`. By default the first day that was mirrored.")
    to: str = Field("", description="`yyyy-mm-dd`. By default the last.")
    state: Literal["", "complete", "partial", "failed", "skipped"] = Field("", description="Only listings in this state.")


SAID: Final = ("source", "state", "reason", "items", "done", "records", "asked_at")
ROW: Final[Columns] = ("day", "listing", *SAID)
MIRRORED: Final = f"""
-- mirrored.listings: how far each listing of each day has been mirrored
SELECT toUInt32(day) AS key_at, listing AS key_id, toString(day), listing, {SYNC_DAYS.merged(*SAID)} FROM sync_days
WHERE account_id = {{account:String}} AND day >= toDate({{begin:UInt32}}) AND day < toDate({{end:UInt32}})
GROUP BY day, listing HAVING {{state:String}} IN ('', {SYNC_DAYS["state"].merged})"""


@endpoint("/sync", name="get_sync", families=("home",), rate="own", response=SyncPage, version="v1")
def get_sync(context: Context, params: SyncParams) -> Answer:
    """List which days were mirrored from the account's own API, and which were not and why."""
    params, cursor = resume(context, "get_sync", params)
    given = {"from": params.from_ or "1970-01-02", "to": params.to or "2105-12-31"}
    asked = window(Range.model_validate(given), "open")
    about = {"account": context.caller.account_id, "begin": asked.begin, "end": asked.end, "state": params.state}
    page = keyed(context, "get_sync", params, cursor, MIRRORED, about, newest_first=True)
    columns: Columns = (*PAGE_COLUMNS, ("listings", ROW))
    return Answer(SyncPage, columns, [*page.envelope, page.rows], of_tables(context.caller.account_id, "sync_days"))
