"""Lists, details and reports of meetings and webinars: the same code with a kind."""

from __future__ import annotations

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
from callboard.endpoints.listing import IN_GROUP, ROW, SAID, Counts, Wanted, complete, counted, page
from callboard.endpoints.pages import PAGE_COLUMNS, resume, token
from callboard.endpoints.params import ById, ByIdTyped, Paged, Range, Typed, Window, instant, window
from callboard.endpoints.registry import Answer, Context, Kind, endpoint
from callboard.store.tables import MEETINGS

NO_GROUP: Final = ("\0none",)
"""A group that nobody is in."""


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


def _wanted(context: Context, kind: Kind, params: ListParams) -> tuple[Wanted, Window]:
    if params.type == "live":
        live = Window(context.live_since, context.now + 3600, params.from_, params.to)
        return Wanted(kind, "live", live.begin, live.end, False, *_groups(context, params)), live
    asked = window(params, context.settings.profile)
    by_end = params.query_date_type == "end_time"
    return Wanted(kind, params.type, asked.begin, asked.end, by_end, *_groups(context, params)), asked


def _groups(context: Context, params: ListParams | ReportParams) -> tuple[tuple[str, ...], bool]:
    """The groups that a list is narrowed to, and whether joining is enough.

    A caller that was assigned groups sees what their people host: it can narrow that, and never widen it.
    """
    allowed, asked = context.caller.groups, params.group_id
    if allowed:
        return (tuple(sorted(allowed)) if not asked else (asked,) if asked in allowed else NO_GROUP), False
    return ((asked,) if asked else ()), isinstance(params, ListParams) and params.group_include_participant


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
    "/report/{kind}s", name="report_{kind}s", granular="list_history_meetings", area="report", rate="report", response=REPORTS
)
def report_instances(context: Context, kind: Kind, params: ReportParams) -> Answer:
    """Report the account's past {kind}s over a date range; those with one participant are left out."""
    params, cursor = resume(context, f"report_{kind}s", params)
    asked = window(params, context.settings.profile)
    wanted = Wanted(kind, "past", asked.begin, asked.end, False, *_groups(context, params))
    return _dated(
        REPORTS[kind], kind, params, asked, page(context, f"report_{kind}s", kind, params, wanted, cursor, durations=True)
    )


DETAIL: Final = f"""
-- meetings.detail: what was said of one instance, whichever start its sources gave
SELECT uuid, toUnixTimestamp(min(start_time)) AS begun, toUnixTimestamp(max(end_time)) AS ended, 0 AS solo,
       {MEETINGS.merged(*SAID)}
FROM meetings
WHERE account_id = {{account:String}} AND kind = {{kind:String}} AND start_time IN {{starts:Array(UInt32)}}
  AND uuid = {{uuid:String}}
GROUP BY uuid
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
    counts = counted(context, [row[0] for row in rows])
    made = [
        [
            uuid,
            kind,
            instant(begun),
            instant(ended),
            max(0, (ended or context.now) - begun),
            topic,
            counts.get(uuid, Counts()).participants,
        ]
        for uuid, kind, begun, ended, topic in rows
    ]
    next_token = token(context, "list_instances", params, [rows[-1][2], rows[-1][0]], total) if more else ""
    columns: Columns = (
        *PAGE_COLUMNS,
        ("instances", ("uuid", "kind", "start_time", "end_time", "duration_seconds", "topic", "participants")),
    )
    return Answer(InstancesPage, columns, [next_token, page_count(total, params.size), params.size, total, made])
