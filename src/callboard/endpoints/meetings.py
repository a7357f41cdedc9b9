"""Lists, details and reports of meetings and webinars: the same code with a kind."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field

from callboard.contract.meetings import (
    InstancesPage,
    MeetingDetail,
    MeetingReportPage,
    MeetingsPage,
    Webinar,
    WebinarReportPage,
    WebinarsPage,
)
from callboard.contract.paging import page_count
from callboard.contract.wire import Columns
from callboard.endpoints.instances import find
from callboard.endpoints.pages import PAGE_COLUMNS, resume, token
from callboard.endpoints.params import ById, ByIdTyped, Paged, Range, Typed, Window, days, window
from callboard.endpoints.registry import Answer, Context, Kind, endpoint
from callboard.store.tables import MEETINGS, PARTICIPANTS

MARGIN: Final = 600
"""Sources may disagree on a start by so many seconds; rows this near are merged in lists (by id: all are)."""

LEAST_ROWS: Final = 400
"""A slice is cut to hold about so many rows: asking costs as much as reading them."""


def _empty_is_start(value: Any) -> Any:
    return value or "start_time"


class ListParams(Paged, Typed, Range):
    """Parameters of the list of meetings or webinars."""

    group_id: str = Field("", description="Only instances whose host is in this group.")
    group_include_participant: bool = Field(False, description="With `group_id`: or that someone of the group joined.")
    include_fields: str = Field("", description="`tracking_fields` adds them.")
    query_date_type: Annotated[Literal["start_time", "end_time"], BeforeValidator(_empty_is_start)] = Field(
        "start_time", description="Which time `from` and `to` are about."
    )


class ReportParams(Paged, Range):
    """Parameters of the report of past meetings or webinars."""

    group_id: str = Field("", description="Only instances whose host is in this group.")


# What makes a row of a list, in the order of its columns

SAID: Final = (
    "number",
    "topic",
    "type",
    "host_id",
    "host_name",
    "host_email",
    "features",
    "session_key",
    "custom_keys",
    "tracking_fields",
    "platform",
)
COUNTED: Final = ("participants", "used", "audio_score", "video_score", "as_score", "total_seconds")
ROW: Final[Columns] = (
    "uuid",
    "start_time",
    "end_time",
    "duration",
    *SAID,
    *COUNTED[:1],
    *COUNTED[2:],
    "dept",
    "user_type",
    "duration_minutes",
    "total_minutes",
    "kind",
    "duration_seconds",
)


@dataclass(frozen=True)
class Wanted:
    """Which instances a list is about: Unix seconds, state, and groups."""

    kind: Kind
    state: Literal["live", "past", "pastOne"]
    begin: int
    end: int
    by_end: bool = False
    groups: tuple[str, ...] = ()
    with_participants: bool = False

    def params(self, context: Context) -> dict[str, Any]:
        """What its SQL is asked with."""
        return {
            "account": context.caller.account_id,
            "kind": self.kind,
            "begin": self.begin,
            "end": self.end,
            "live_since": context.live_since,
            "groups": list(self.groups),
        }

    @property
    def starts(self) -> tuple[int, int]:
        """The starts to read for it, before the margin."""
        return (max(0, self.begin - 86_400 * 2), self.end) if self.by_end else (self.begin, self.end)


STATES: Final = {
    "live": "isNull(ended) AND begun >= {live_since:UInt32}",
    "past": "(isNotNull(ended) OR begun < {live_since:UInt32}) AND NOT solo",
    "pastOne": "(isNotNull(ended) OR begun < {live_since:UInt32}) AND solo",
}
SOLO: Final = "ifNull(min(first_person) = max(last_person), 0)"
IN_GROUP: Final = """max(host_id) IN (
    SELECT user_id FROM people WHERE account_id = {account:String}
    GROUP BY user_id HAVING hasAny(max(group_ids).2, {groups:Array(String)}))"""
JOINED_BY_GROUP: Final = """uuid IN (
    SELECT uuid FROM participants WHERE account_id = {account:String} AND participant_user_id IN (
      SELECT user_id FROM people WHERE account_id = {account:String}
      GROUP BY user_id HAVING hasAny(max(group_ids).2, {groups:Array(String)})))"""


def _having(wanted: Wanted) -> str:
    tests = [STATES[wanted.state]]
    tests.append("begun >= {low:UInt32} AND begun < {high:UInt32}")
    if wanted.by_end:
        tests.append("ended >= {begin:UInt32} AND ended < {end:UInt32}")
    if wanted.groups:
        tests.append(f"({IN_GROUP} OR {JOINED_BY_GROUP})" if wanted.with_participants else IN_GROUP)
    return " AND ".join(tests)


def _grouped(wanted: Wanted, select: str, after: str = "") -> str:
    """One row an instance among those that began from `low` to `high`, whatever parts its rows are in."""
    return f"""
SELECT uuid, toUnixTimestamp(min(start_time)) AS begun, toUnixTimestamp(max(end_time)) AS ended, {SOLO} AS solo{select}
FROM meetings
WHERE account_id = {{account:String}} AND kind = {{kind:String}}
  AND start_time >= toUInt32({{low:UInt32}}) - {MARGIN} AND start_time < {{high:UInt32}} + {MARGIN}
GROUP BY account_id, kind, uuid
HAVING {_having(wanted)}{after}"""


def count(context: Context, wanted: Wanted) -> int:
    """How many instances are wanted. Days that can't change by themselves are remembered until their facts change."""
    settled = context.live_since // 86_400 * 86_400 - 86_400
    if wanted.by_end or wanted.groups or wanted.state == "live" or wanted.begin >= settled:
        return _count(context, wanted)
    closed = Wanted(wanted.kind, wanted.state, wanted.begin, min(wanted.end, settled))
    account = context.caller.account_id
    total = context.memory.remember(
        ("count", account, closed), day_keys(account, wanted.kind, closed.begin, closed.end), lambda: _count(context, closed)
    )
    rest = Wanted(wanted.kind, wanted.state, settled, wanted.end)
    return int(total) + (_count(context, rest) if wanted.end > settled else 0)


def _count(context: Context, wanted: Wanted) -> int:
    sql = f"-- meetings.count: instances in a range\nSELECT count() FROM ({_grouped(wanted, '')})"
    low, high = wanted.starts
    asked = wanted.params(context) | {"low": low, "high": high}
    return int(context.store.ask(sql, asked).rows[0][0])


def day_keys(account: str, kind: str, begin: int, end: int) -> tuple[Hashable, ...]:
    """What a list over a range follows from: the meetings of each day it touches, and of those its margin does."""
    return tuple(("day", account, kind, day) for day in days(max(0, begin - MARGIN), end + MARGIN))


def read(
    context: Context, wanted: Wanted, after: tuple[int, str] | None, size: int, total: int, skip: int = 0
) -> list[list[Any]]:
    """Up to `size` + 1 wanted instances after the key `(begun, uuid)`, by start, with what was said of them.

    Reads slice by slice, each as wide as `size` instances need on the average, so that a page costs the same in a
    month of a hundred meetings and of a million.
    """
    select = ", " + MEETINGS.merged(*SAID)
    beyond = " AND (begun, uuid) > ({after:UInt32}, {after_uuid:String})" if after else ""
    limit = f"\nORDER BY begun, uuid LIMIT {size + 1} OFFSET {skip}"
    sql = "-- meetings.read: a slice of a list" + _grouped(wanted, select, beyond) + limit
    begin, end = wanted.starts
    at = max(begin, after[0]) if after else begin
    width = end - begin if skip or not total else max(3600, (end - begin) * max(3 * size, LEAST_ROWS) // total)
    rows: list[list[Any]] = []
    while at < end and len(rows) <= size:
        high = min(end, at + width)
        asked = wanted.params(context) | {"low": at, "high": high}
        if after:
            asked |= {"after": after[0], "after_uuid": after[1]}
        rows += context.store.ask(sql, asked, wide=width > 86_400 * 7).rows
        at, width = high, width * 4
    return rows[: size + 1]


COUNTS: Final = f"""
-- meetings.counts: joins and what they used, for the instances of a page
SELECT uuid, countIf(bitAnd(f, 1) != 0) AS participants, groupBitOr(f) AS used,
       round(avg(audio)) AS audio_score, round(avg(video)) AS video_score, round(avg(sharing)) AS as_score,
       sumIf(greatest(0, dateDiff('second', joined, left)), isNotNull(left)) AS total_seconds
FROM (
  SELECT uuid, user_id, {PARTICIPANTS["features"].merged} AS f, {PARTICIPANTS["audio_score"].merged} AS audio,
         {PARTICIPANTS["video_score"].merged} AS video, {PARTICIPANTS["as_score"].merged} AS sharing,
         {PARTICIPANTS["join_time"].merged} AS joined, {PARTICIPANTS["leave_time"].merged} AS left
  FROM participants WHERE account_id = {{account:String}} AND uuid IN {{uuids:Array(String)}}
  GROUP BY uuid, user_id)
GROUP BY uuid
"""

PEOPLE: Final = """
-- meetings.people: the hosts of a page
SELECT user_id, max(name).2, max(email).2, max(dept).2, max(user_type).2 FROM people
WHERE account_id = {account:String} AND user_id IN {users:Array(String)} GROUP BY user_id
"""

NOBODY: Final = [0, 0, None, None, None, 0]
UNKNOWN: Final = ["", "", "", 0]


def complete(context: Context, kind: Kind, rows: list[list[Any]]) -> list[list[Any]]:
    """Rows of `read` as rows of `ROW`: joins counted, and the host looked up."""
    if not rows:
        return []
    account, said = context.caller.account_id, {name: 4 + i for i, name in enumerate(SAID)}
    hosts = sorted({row[said["host_id"]] for row in rows if row[said["host_id"]]})
    people = context.store.beside(context.store.ask, PEOPLE, {"account": account, "users": hosts}) if hosts else None
    counted = context.store.ask(COUNTS, {"account": account, "uuids": [row[0] for row in rows]}).rows
    counts = {row[0]: row[1:] for row in counted}
    known = {row[0]: row[1:] for row in people().rows} if people else {}
    return [_row(context, kind, row, counts.get(row[0], NOBODY), known) for row in rows]


def _row(context: Context, kind: Kind, row: list[Any], counts: list[Any], people: dict[str, list[Any]]) -> list[Any]:
    uuid, begun, ended, _, number, topic, type_, host, name, email, features, *rest = row
    who = people.get(host, UNKNOWN)
    seconds = (ended if ended is not None else context.now) - begun
    live = ended is None and begun >= context.live_since
    length = max(0, seconds) if live or ended is not None else None
    return [
        uuid,
        instant(begun),
        instant(ended),
        length,
        *(number, topic, type_, host, name or who[0], email or who[1], features | counts[1], *rest),
        counts[0],
        *counts[2:],
        who[2],
        who[3],
        -(-(length or 0) // 60),
        -(-(counts[5] or 0) // 60),
        kind,
        length or 0,
    ]


def instant(unix: int | None) -> str | None:
    """Unix seconds as `yyyy-mm-ddThh:mm:ssZ`."""
    return None if unix is None else datetime.fromtimestamp(unix, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def unix(text: str) -> int:
    """The reverse of `instant`."""
    return int(datetime.fromisoformat(text).timestamp())


# The endpoints


def _wanted(context: Context, kind: Kind, params: ListParams) -> tuple[Wanted, Window]:
    if params.type == "live":
        live = Window(context.live_since, context.now + 3600, params.from_, params.to)
        return Wanted(kind, "live", live.begin, live.end, False, *_groups(context, params.group_id)), live
    asked = window(params, context.settings.profile)
    groups, with_participants = _groups(context, params.group_id)[0], params.group_include_participant
    by_end = params.query_date_type == "end_time"
    return Wanted(kind, params.type, asked.begin, asked.end, by_end, groups, with_participants), asked


def _groups(context: Context, asked: str) -> tuple[tuple[str, ...]]:
    """The groups that a list is narrowed to: the one asked for, among those that the caller may see."""
    allowed = context.caller.groups
    if asked:
        return ((asked,) if not allowed or asked in allowed else ("\0none",),)
    return (tuple(sorted(allowed)),)


def page(
    context: Context, name: str, kind: Kind, params: Any, wanted: Wanted, cursor: Any
) -> tuple[list[list[Any]], str, int, tuple[Hashable, ...] | None]:
    """One page of wanted instances: rows of `ROW`, the next token, the total, and what it follows from."""
    total = cursor.total if cursor else count(context, wanted)
    after = (int(cursor.last[0]), str(cursor.last[1])) if cursor else None
    rows = read(context, wanted, after, params.size, total, 0 if cursor else params.offset)
    more, rows = len(rows) > params.size, rows[: params.size]
    next_token = token(context, name, params, rows[-1][:2][::-1], total) if more else ""
    settled = wanted.end + 86_400 < context.live_since and not wanted.groups and not wanted.by_end
    depends: tuple[Hashable, ...] | None = None
    if settled and wanted.state != "live":
        account = context.caller.account_id
        # The first page tells the total of the whole range; another one ends where the next begins.
        span = (after[0], rows[-1][1] + 1 if more else wanted.end) if after else (wanted.begin, wanted.end)
        uuids = tuple(("uuid", row[0]) for row in rows)
        depends = (*day_keys(account, kind, *span), *uuids, ("people", account))
    return complete(context, kind, rows), next_token, total, depends


def _dated(model: Any, kind: Kind, params: Paged, asked: Window, made: Any) -> Answer:
    rows, next_token, total, depends = made
    columns: Columns = ("from", "to", *PAGE_COLUMNS, (f"{kind}s", ROW))
    counted = (next_token, page_count(total, params.size), params.size, total)
    return Answer(model, columns, [asked.from_, asked.to, *counted, rows], depends)


LISTS: Final[dict[Kind, Any]] = {"meeting": MeetingsPage, "webinar": WebinarsPage}
REPORTS: Final[dict[Kind, Any]] = {"meeting": MeetingReportPage, "webinar": WebinarReportPage}
DETAILS: Final[dict[Kind, Any]] = {"meeting": MeetingDetail, "webinar": Webinar}


@endpoint(
    "/metrics/{kind}s",
    name="list_{kind}s",
    granular="list_{kind}s",
    rate="complex",
    response=LISTS,
    operation="dashboard{Kind}s",
)
def list_instances(context: Context, kind: Kind, params: ListParams) -> Answer:
    """List the account's live or past {kind}s."""
    params, cursor = resume(context, f"list_{kind}s", params)
    wanted, asked = _wanted(context, kind, params)
    made = page(context, f"list_{kind}s", kind, params, wanted, cursor)
    if params.include_fields != "tracking_fields":
        hidden = ROW.index("tracking_fields")
        for row in made[0]:
            row[hidden] = None
    return _dated(LISTS[kind], kind, params, asked, made)


@endpoint(
    "/report/{kind}s", name="report_{kind}s", granular="list_history_meetings", report=True, rate="report", response=REPORTS
)
def report_instances(context: Context, kind: Kind, params: ReportParams) -> Answer:
    """Report the account's past {kind}s over a date range; those with one participant are left out."""
    params, cursor = resume(context, f"report_{kind}s", params)
    asked = window(params, context.settings.profile)
    wanted = Wanted(kind, "past", asked.begin, asked.end, False, *_groups(context, params.group_id))
    return _dated(REPORTS[kind], kind, params, asked, page(context, f"report_{kind}s", kind, params, wanted, cursor))


DETAIL: Final = f"""
-- meetings.detail: what was said of one instance, whichever start its sources gave
SELECT uuid, toUnixTimestamp(min(start_time)) AS begun, toUnixTimestamp(max(end_time)) AS ended, 0 AS solo,
       {MEETINGS.merged(*SAID)}
FROM meetings
WHERE account_id = {{account:String}} AND kind = {{kind:String}} AND start_time IN {{starts:Array(UInt32)}}
  AND uuid = {{uuid:String}}
GROUP BY account_id, kind, uuid
"""


@endpoint(
    "/metrics/{kind}s/{{kind}Id:id}",
    name="get_{kind}",
    granular="{kind}",
    rate="simple",
    response=DETAILS,
    operation="dashboard{Kind}Detail",
)
def get_instance(context: Context, kind: Kind, params: ByIdTyped) -> Answer:
    """Get one live or past {kind} by its number or uuid."""
    instance = find(context, kind, params.id, params.type)
    account = context.caller.account_id
    asked = {"account": account, "kind": kind, "starts": instance.starts, "uuid": instance.uuid}
    row = complete(context, kind, context.store.ask(DETAIL, asked).rows)[0]
    depends = None if instance.live else (*instance.depends, ("people", account))
    return Answer(DETAILS[kind], ROW, row, depends)


INSTANCES: Final = """
-- meetings.instances: every instance of a number
SELECT uuid, kind, toUnixTimestamp(min(start_time)) AS begun, toUnixTimestamp(max(end_time)) AS ended,
       max(topic).2 AS title
FROM meetings
WHERE account_id = {account:String}
  AND (kind, start_time, uuid) IN (
    SELECT kind, start_time, uuid FROM meeting_ids WHERE account_id = {account:String} AND id = {id:String})
GROUP BY uuid, kind
HAVING (begun, uuid) > ({after:UInt32}, {after_uuid:String}) {groups}
ORDER BY begun, uuid
"""


class InstancesParams(Paged, ById):
    """Parameters of the list of a meeting's instances."""


@endpoint(
    "/meetings/{number:id}/instances",
    name="list_instances",
    families=("meetings", "webinars"),
    granular="list_meetings",
    rate="simple",
    response=InstancesPage,
    version="v1",
)
def all_instances(context: Context, params: InstancesParams) -> Answer:
    """List every instance of a recurring meeting or webinar, oldest first."""
    params, cursor = resume(context, "list_instances", params)
    find(context, None, params.id, None)
    account = context.caller.account_id
    after = cursor.last if cursor else [0, ""]
    asked = {
        "account": account,
        "id": params.id,
        "after": after[0],
        "after_uuid": after[1],
        "groups": sorted(context.caller.groups),
    }
    sql = INSTANCES.replace("{groups}", f"AND {IN_GROUP}" if context.caller.groups else "")
    rows = context.store.ask(sql, asked).rows
    total = cursor.total if cursor else len(rows)
    rows = rows[0 if cursor else params.offset :]
    more, rows = len(rows) > params.size, rows[: params.size]
    counts = {row[0]: row[1] for row in context.store.ask(COUNTS, {"account": account, "uuids": [r[0] for r in rows]}).rows}
    made = [
        [uuid, kind, instant(begun), instant(ended), max(0, (ended or context.now) - begun), topic, counts.get(uuid, 0)]
        for uuid, kind, begun, ended, topic in rows
    ]
    next_token = token(context, "list_instances", params, [rows[-1][2], rows[-1][0]], total) if more else ""
    columns: Columns = (
        *PAGE_COLUMNS,
        ("instances", ("uuid", "kind", "start_time", "end_time", "duration_seconds", "topic", "participants")),
    )
    return Answer(InstancesPage, columns, [next_token, page_count(total, params.size), params.size, total, made])
