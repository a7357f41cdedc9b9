"""What was mirrored from the account's own API, by day and listing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, Literal

from pydantic import Field

from callboard.contract.service import SyncPage
from callboard.contract.wire import Columns
from callboard.endpoints.daily import of_tables
from callboard.endpoints.figures import date
from callboard.endpoints.pages import PAGE_COLUMNS, keyed, resume
from callboard.endpoints.params import Paged, Range, instant, window
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

BY_DAY: Final = f"""
-- mirrored.families: how far each listing of each day has been mirrored, to be told by family
SELECT listing, toUInt32(day) AS on_day, {SYNC_DAYS.merged("source", "state", "reason", "records")},
       toUnixTimestamp(max(asked_at))
FROM sync_days
WHERE account_id = {{account:String}} AND day >= toDate({{begin:UInt32}}) AND day < toDate({{end:UInt32}})
GROUP BY day, listing
"""
FAMILIES: Final[dict[str, tuple[str, ...]]] = {
    "people": ("list_users", "get_user"),
    "plans": ("list_user_",),
    "rooms": ("zoomroom",),
    "qos": ("_qos",),
    "sharing": ("_sharing",),
    "feedback": ("_satisfaction", "_feedback"),
    "forms": ("_polls", "_qa", "_survey"),
    "joins": ("_participants",),
    "recordings": ("_cloud_recording",),
    "activity": ("_activities", "_operationlogs"),
    "chat": ("list_chat",),
    "im": ("list_im",),
    "crc": ("get_crc",),
    "telephone": ("_telephone",),
    "meetings": ("",),
}
"""The family of a listing is the first of whose letters it has some."""
OF_ACCOUNT: Final = ("people", "plans", "rooms")
"""What is asked of the account as it is, not of a day."""
SHOWN: Final = ("meetings", "joins", "qos", *(f for f in FAMILIES if f not in ("meetings", "joins", "qos")))
WORST: Final = ("failed", "partial", "skipped")
COMPLETE: Final = ("complete", "")
HOLE: Final[Columns] = ("from", "to", "state", "reason")
FAMILY: Final[Columns] = ("source", "family", "first", "last", "complete", "records", "asked_at", ("holes", HOLE))


def family_of(listing: str) -> str:
    """What a listing tells of."""
    return next(family for family, parts in FAMILIES.items() if any(part in listing for part in parts))


def _families(rows: list[list[Any]]) -> list[list[Any]]:
    """Rows of `BY_DAY` as rows of `FAMILY`."""
    found: dict[tuple[str, str], list[list[Any]]] = defaultdict(list)
    for row in rows:
        found[row[2], family_of(row[0])].append(row)
    ordered = sorted(found.items(), key=lambda item: (item[0][0], SHOWN.index(item[0][1])))
    return [_family(source, family, said) for (source, family), said in ordered]


def _family(source: str, family: str, rows: list[list[Any]]) -> list[Any]:
    days: dict[int, list[list[Any]]] = defaultdict(list)
    for row in rows:
        days[row[1]].append(row)
    first, last = min(days), max(days)
    judged = {day: _judged(said) for day, said in days.items()}
    asked = {last: judged[last]} if family in OF_ACCOUNT else {d: judged.get(d, ("missing", "")) for d in range(first, last + 1)}
    complete = sum(state == COMPLETE for state in judged.values())
    sums = [complete, sum(row[5] for row in rows), instant(max(row[6] for row in rows))]
    return [source, family, date(first), date(last), *sums, list(_holes(asked))]


def _judged(rows: list[list[Any]]) -> tuple[str, str]:
    """The worst state of a day's listings, and its reason."""
    for state in WORST:
        reasons = sorted(row[4] for row in rows if row[3] == state)
        if reasons:
            return state, reasons[0]
    return COMPLETE


def _holes(days: dict[int, tuple[str, str]]) -> Iterator[list[str]]:
    """Days that are not complete as stretches of the same state and reason."""
    for (state, reason), stretch in groupby(days.items(), key=itemgetter(1)):
        if (state, reason) != COMPLETE:
            each = [day for day, _ in stretch]
            yield [date(each[0]), date(each[-1]), state, reason]


@endpoint("/sync", name="get_sync", families=("home",), rate="own", response=SyncPage, version="v1")
def get_sync(context: Context, params: SyncParams) -> Answer:
    """List which days were mirrored from the account's own API, and which were not and why; and the same by family."""
    params, cursor = resume(context, "get_sync", params)
    given = {"from": params.from_ or "1970-01-02", "to": params.to or "2105-12-31"}
    asked = window(Range.model_validate(given), "open")
    about = {"account": context.caller.account_id, "begin": asked.begin, "end": asked.end, "state": params.state}
    page = keyed(context, "get_sync", params, cursor, MIRRORED, about, newest_first=True)
    families = _families(context.store.ask(BY_DAY, about).rows)
    columns: Columns = (*PAGE_COLUMNS, ("families", FAMILY), ("listings", ROW))
    return Answer(SyncPage, columns, [*page.envelope, families, page.rows], of_tables(context.caller.account_id, "sync_days"))
