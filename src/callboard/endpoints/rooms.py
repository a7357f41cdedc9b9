"""Zoom Rooms: what they are, what is wrong with them, and which meetings they were in."""

from __future__ import annotations

import re
from typing import Any, Final

from pydantic import Field

from callboard.contract.errors import NotFound, RoleForbids
from callboard.contract.rooms import IssuesOfRoomPage, RoomsPage, RoomsWithIssues, TopIssues, ZoomRoom
from callboard.contract.wire import Columns
from callboard.endpoints.daily import of_tables
from callboard.endpoints.listing import IN_GROUP, ROW, SAID, complete, near
from callboard.endpoints.pages import PAGE_COLUMNS, Cut, cut, keyed, resume
from callboard.endpoints.params import ById, Paged, Range, Window, instant, window
from callboard.endpoints.registry import KINDS, Answer, Context, endpoint
from callboard.endpoints.room_stays import (
    NOT_DELETED,
    OF_ROOMS,
    OFFLINE,
    Calendar,
    Room,
    RoomTime,
    Stay,
    all_rooms,
    live_stays,
    spans,
    stays,
    use,
)
from callboard.store.tables import LAST_SECOND, MEETINGS

TOP: Final = 25


class RoomsParams(Paged, Range):
    """Parameters of the list of rooms."""

    from_: str = Field(
        "", alias="from", description="`yyyy-mm-dd`, or an instant: with `to`, the rooms' use in the range is told."
    )
    to: str = Field("", description="`yyyy-mm-dd`, or an instant.")


class RangeParams(Range):
    """A date range."""


class RoomParams(Paged, Range, ById):
    """One room and a date range."""

    id: str = Field(description="The room.")


def room(context: Context, room_id: str) -> Room:
    """The room of this id. Raises `NotFound`."""
    found = all_rooms(context, room_id) if room_id else []
    if not found:
        raise NotFound(f"Zoom Room does not exist: {room_id}.")
    return found[0]


def whole_account(context: Context) -> None:
    """Raises `RoleForbids` for callers that see the meetings of some groups only: a room's use is of everyone's."""
    if context.caller.groups:
        raise RoleForbids("Your role covers the meetings of the groups assigned to it only: the use of rooms can't be told.")


# State


STATE: Final = """
-- rooms.state: issues that are open, and when rooms last came online
SELECT room_id, arraySort(groupArrayIf(issue, open)), maxIf(cleared, issue = {offline:String})
FROM (
  SELECT room_id, issue, argMax(edge, (at, edge = 'cleared')) = 'raised' AS open,
         toUnixTimestamp(maxIf(at, edge = 'cleared')) AS cleared
  FROM room_issues WHERE account_id = {account:String}
  GROUP BY room_id, issue)
GROUP BY room_id
"""


def health(issues: list[str], offline: bool = False) -> str:
    """How bad the open issues are."""
    if offline or any(map(_is_critical, issues)):
        return "critical"
    return "warning" if issues else "healthy"


def _is_critical(issue: str) -> bool:
    said = issue.lower()
    return "offline" in said or ("disconnect" in said and ("controller" in said or "computer" in said))


def _status(room: Room, issues: list[str], live: bool) -> str:
    said = re.sub(r"[^a-z]", "", room.status.lower())
    if OFFLINE in issues or said == "offline":
        return "Offline"
    if live:
        return "InMeeting"
    return "UnderConstruction" if said == "underconstruction" else "Available"


STATE_COLUMNS: Final[Columns] = (
    "room_id",
    "room_name",
    "calendar_name",
    "email",
    "account_type",
    "status",
    "health",
    "issues",
    "location",
    "location_id",
    "last_start_time",
    "device_ip",
    "camera",
    "microphone",
    "speaker",
)


def states(context: Context, rooms: list[Room], live: set[str] | None = None) -> list[list[Any]]:
    """A row of `STATE_COLUMNS` for each room; `live` are the rooms that are in a meeting, if they are known."""
    account = context.caller.account_id

    def ask() -> dict[str, tuple[list[str], int]]:
        rows = context.store.ask(STATE, {"account": account, "offline": OFFLINE}).rows
        return {room_id: (issues, online) for room_id, issues, online in rows}

    known: dict[str, tuple[list[str], int]] = context.remembered(
        "states of rooms", of_tables(account, "room_issues"), ask, each=500
    )
    if live is None:
        live = {stay.room_id for stay in live_stays(context, rooms)}
    return [_state(room, *known.get(room.room_id, ([], 0)), room.room_id in live) for room in rooms]


def _state(room: Room, issues: list[str], online: int, live: bool) -> list[Any]:
    status = _status(room, issues, live)
    return [
        *room[:5],
        status,
        health(issues, status == "Offline"),
        issues,
        room.location or room.place,
        room.location_id,
        instant(online or None),
        *(room.device_ip, room.camera, room.microphone, room.speaker),
    ]


# The list


USE_COLUMNS: Final[Columns] = ("meetings_count", "used_minutes", "share_of_working_hours")


@endpoint(
    "/metrics/zoomrooms",
    name="list_zoomrooms",
    families=("zoomrooms",),
    granular="list_zoomrooms",
    rate="complex",
    response=RoomsPage,
    operation="dashboardZoomRooms",
)
def list_zoomrooms(context: Context, params: RoomsParams) -> Answer:
    """List the Zoom Rooms, with what is wrong with them; with a date range, how much they were used."""
    params, cursor = resume(context, "list_zoomrooms", params)
    span = window(params, context.settings.profile) if params.from_ or params.to else None
    if span:
        whole_account(context)
    known = [list(one) for one in all_rooms(context)]
    page = cut(context, "list_zoomrooms", params, cursor, known, lambda row: Room(*row).key)
    rooms = [Room(*row) for row in page.rows]
    used = context.store.beside(_use_rows, context, rooms, span)
    rows = [[*state, *figures] for state, figures in zip(states(context, rooms), used(), strict=True)]
    columns: Columns = ("from", "to", *PAGE_COLUMNS, "page_number", ("zoom_rooms", (*STATE_COLUMNS, *USE_COLUMNS)))
    number = known.index(page.rows[0]) // params.size + 1 if page.rows else params.page_number or 1
    echoed = [span.from_, span.to] if span else ["", ""]
    return Answer(RoomsPage, columns, [*echoed, *page.envelope, number, rows])


def _use_rows(context: Context, rooms: list[Room], span: Window | None) -> list[list[Any]]:
    """A row of `USE_COLUMNS` for each room."""
    if span is None:
        return [[0, 0, 0.0] for _ in rooms]
    end = min(span.end, context.now)
    by_room, _ = use(context, rooms, span.begin, end)
    working = Calendar(span.begin, end, "UTC").working_seconds
    return [use_row(by_room.get(one.room_id, RoomTime()), working) for one in rooms]


def use_row(time: RoomTime, working_seconds: int) -> list[Any]:
    """Meetings, minutes, and share of the working hours."""
    return [time.meetings, time.seconds // 60, round(time.working_seconds / working_seconds, 4) if working_seconds else 0.0]


# One room


MEETINGS_OF: Final = f"""
-- rooms.meetings_of: meetings that a room was in
SELECT toUnixTimestamp(min(start_time)) AS key_at, uuid AS key_id, kind, uuid,
       toUnixTimestamp(min(start_time)) AS begun, toUnixTimestamp(max(end_time)) AS ended, 0 AS solo, {MEETINGS.merged(*SAID)}
FROM meetings
WHERE account_id = {{account:String}} AND uuid IN {{uuids:Array(String)}}
  AND start_time >= {{from:UInt32}} AND start_time < {{until:UInt32}}
GROUP BY kind, uuid
HAVING begun >= {{begin:UInt32}} AND begun < {{end:UInt32}} AND {{state}} {{groups}}
"""
LIVE: Final = "isNull(ended) AND begun >= {live_since:UInt32}"


def _meetings_sql(context: Context, state: str) -> str:
    groups = f"AND {IN_GROUP}" if context.caller.groups else ""
    return MEETINGS_OF.replace("{state}", state).replace("{groups}", groups)


def _about(context: Context, found: list[Stay], begin: int, end: int) -> dict[str, Any]:
    return {
        "account": context.caller.account_id,
        "uuids": sorted({stay.uuid for stay in found}),
        "begin": begin,
        "end": min(end, LAST_SECOND),
        **near(begin, end),
        "live_since": context.live_since,
        "groups": sorted(context.caller.groups),
    }


def _live(context: Context, here: list[Stay]) -> list[list[Any]]:
    """The live meeting that a room joined last, if it is in one: a list of one at the most."""
    if not here:
        return []
    sql = _meetings_sql(context, LIVE) + "ORDER BY begun DESC LIMIT 1"
    about = _about(context, here, context.live_since, context.now + 86_400)
    return [row[2:] for row in context.store.ask(sql, about).rows]


def _past(context: Context, params: RoomParams, cursor: Any, found: list[Stay], span: Window) -> Cut:
    if not found:
        return Cut([], "", params.size, cursor.total if cursor else 0)
    sql = _meetings_sql(context, f"NOT ({LIVE})")
    return keyed(context, "get_zoomroom", params, cursor, sql, _about(context, found, span.begin, span.end))


def _complete(context: Context, rows: list[list[Any]]) -> dict[str, list[Any]]:
    """Rows of `ROW` by uuid, from rows of meetings and webinars that begin with their kind."""
    hidden = ROW.index("tracking_fields")
    made = [row for kind in KINDS for row in complete(context, kind, [said for of, *said in rows if of == kind])]
    return {row[0]: [*row[:hidden], None, *row[hidden + 1 :]] for row in made}


@endpoint(
    "/metrics/zoomrooms/{zoomroomId:id}",
    name="get_zoomroom",
    families=("zoomrooms",),
    granular="zoomroom",
    rate="simple",
    response=ZoomRoom,
    operation="dashboardZoomRoom",
)
def get_zoomroom(context: Context, params: RoomParams) -> Answer:
    """Get a Zoom Room with the meeting that it is in, and with those of a date range that it was in."""
    params, cursor = resume(context, "get_zoomroom", params)
    span = window(params, context.settings.profile)
    one = room(context, params.id)
    found, here = stays(context, [one], span.begin, span.end), live_stays(context, [one])
    state = context.store.beside(states, context, [one], {stay.room_id for stay in here})
    live, past = _live(context, here), _past(context, params, cursor, found, span)
    rows = _complete(context, [*live, *past.rows])
    now = rows[live[0][1]] if live else [None] * len(ROW)
    listed = [rows[row[1]] for row in past.rows]
    columns: Columns = (
        *STATE_COLUMNS,
        *(f"live_meeting_{column}" for column in ROW),
        *(f"past_meetings_{column}" for column in ("from", "to", *PAGE_COLUMNS)),
        ("past_meetings_meetings", ROW),
    )
    return Answer(ZoomRoom, columns, [*state()[0], *now, span.from_, span.to, *past.envelope, listed])


# Issues


TOP_ISSUES: Final = f"""
-- rooms.top_issues: the issues that the most rooms had
SELECT issue, uniqExact(room_id) AS rooms FROM ({spans(NOT_DELETED)})
WHERE raised >= {{begin:UInt32}} GROUP BY issue ORDER BY rooms DESC, issue LIMIT {TOP}
"""
TOP_ROOMS: Final = f"""
-- rooms.top_rooms: the rooms that had the most issues
SELECT room_id, any(shown), count() AS raised_here FROM ({spans(NOT_DELETED)}) AS spans
LEFT JOIN (
  SELECT room_id, max(room_name).2 AS shown FROM rooms WHERE account_id = {{account:String}} GROUP BY room_id) AS names
USING (room_id)
WHERE raised >= {{begin:UInt32}} GROUP BY room_id ORDER BY raised_here DESC, room_id LIMIT {TOP}
"""
ISSUES_OF: Final = f"""
-- rooms.issues_of: the issues of a room
SELECT raised AS key_at, issue AS key_id, issue, formatDateTime(toDateTime(raised), '%FT%TZ', 'UTC') FROM ({spans(OF_ROOMS)})
WHERE raised >= {{begin:UInt32}}
"""


def _span(context: Context, span: Window) -> dict[str, Any]:
    return {"account": context.caller.account_id, "begin": span.begin, "end": min(span.end, LAST_SECOND)}


def _top(context: Context, model: Any, params: RangeParams, sql: str, rows: tuple[str, Columns]) -> Answer:
    span = window(params, context.settings.profile)
    found = context.store.ask(sql, _span(context, span)).rows
    depends = of_tables(context.caller.account_id, "room_issues", "rooms")
    return Answer(model, ("from", "to", "total_records", rows), [span.from_, span.to, len(found), found], depends)


@endpoint(
    "/metrics/zoomrooms/issues",
    name="list_zoomroom_issues",
    families=("zoomrooms",),
    granular="issues_zoomroom",
    rate="report",
    response=TopIssues,
    operation="dashboardZoomRoomIssue",
)
def list_zoomroom_issues(context: Context, params: RangeParams) -> Answer:
    """List the 25 issues that the most Zoom Rooms had in a date range."""
    return _top(context, TopIssues, params, TOP_ISSUES, ("issues", ("issue_name", "zoom_rooms_count")))


@endpoint(
    "/metrics/issues/zoomrooms",
    name="list_zoomrooms_with_issues",
    families=("zoomrooms",),
    also=("dashboard_home:read:admin",),
    granular="list_zoomrooms",
    rate="report",
    response=RoomsWithIssues,
    operation="dashboardIssueZoomRoom",
)
def list_zoomrooms_with_issues(context: Context, params: RangeParams) -> Answer:
    """List the 25 Zoom Rooms that had the most issues in a date range."""
    return _top(context, RoomsWithIssues, params, TOP_ROOMS, ("zoom_rooms", ("id", "room_name", "issues_count")))


@endpoint(
    "/metrics/issues/zoomrooms/{zoomroomId:id}",
    name="list_issues_of_zoomroom",
    families=("zoomrooms",),
    also=("dashboard_home:read:admin",),
    granular="issues_zoomroom",
    rate="simple",
    response=IssuesOfRoomPage,
    operation="dashboardIssueDetailZoomRoom",
)
def list_issues_of_zoomroom(context: Context, params: RoomParams) -> Answer:
    """List the issues that a Zoom Room had in a date range."""
    params, cursor = resume(context, "list_issues_of_zoomroom", params)
    span = window(params, context.settings.profile)
    one = context.store.beside(room, context, params.id)
    page = keyed(context, "list_issues_of_zoomroom", params, cursor, ISSUES_OF, _span(context, span) | {"ids": [params.id]})
    one()
    columns: Columns = ("from", "to", *PAGE_COLUMNS, ("issue_details", ("issue", "time")))
    depends = of_tables(context.caller.account_id, "room_issues", "rooms")
    return Answer(IssuesOfRoomPage, columns, [span.from_, span.to, *page.envelope, page.rows], depends)
