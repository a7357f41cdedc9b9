"""Past meetings and webinars by their number."""

from __future__ import annotations

from typing import Any, Final

from callboard.contract.people import PastMeeting, PastMeetings, PastParticipantsPage, PastWebinars
from callboard.contract.wire import Columns
from callboard.endpoints.instances import find
from callboard.endpoints.listing import ROW, complete
from callboard.endpoints.meetings import DETAIL
from callboard.endpoints.pages import PAGE_COLUMNS, resume
from callboard.endpoints.params import ById, Paged, unix
from callboard.endpoints.participants import ROW as JOIN
from callboard.endpoints.participants import join_page, joins
from callboard.endpoints.registry import Answer, Context, Kind, endpoint


@endpoint(
    "/past_meetings/{meetingId:id}",
    name="get_past_meeting",
    granular="past_meeting",
    area="meeting",
    families=("meetings",),
    rate="simple",
    response=PastMeeting,
    operation="pastMeetingDetails",
)
def get_past_meeting(context: Context, params: ById) -> Answer:
    """Get a past meeting by its number (then the latest) or uuid."""
    instance = find(context, "meeting", params.id, "past")
    account = context.caller.account_id
    asked = {"account": account, "kind": "meeting", "starts": instance.starts, "uuid": instance.uuid}
    row = complete(context, "meeting", context.store.ask(DETAIL, asked).rows, durations=True)[0]
    return Answer(PastMeeting, ROW, row, (*instance.depends, ("people", account)))


INSTANCES: Final = """
-- past.instances: past instances of a number
SELECT uuid, min(start_time) FROM meeting_ids
WHERE account_id = {account:String} AND id = {id:String} AND kind = {kind:String}
GROUP BY uuid
HAVING isNotNull(max(end_time)) OR min(start_time) < {live_since:UInt32}
ORDER BY min(start_time), uuid
"""


def _instances(context: Context, kind: Kind, id_: str) -> Answer:
    find(context, kind, id_, None)
    asked = {"account": context.caller.account_id, "kind": kind, "id": id_, "live_since": context.live_since}
    rows: list[Any] = context.store.ask(INSTANCES, asked).rows
    return Answer(PastMeetings if kind == "meeting" else PastWebinars, ((f"{kind}s", ("uuid", "start_time")),), [rows])


@endpoint(
    "/past_meetings/{meetingId:id}/instances",
    name="list_past_meeting_instances",
    granular="list_past_instances",
    area="meeting",
    families=("meetings",),
    rate="medium",
    response=PastMeetings,
    operation="pastMeetings",
)
def list_past_meeting_instances(context: Context, params: ById) -> Answer:
    """List the past instances of a meeting, oldest first."""
    return _instances(context, "meeting", params.id)


@endpoint(
    "/past_webinars/{webinarId:id}/instances",
    name="list_past_webinar_instances",
    granular="list_past_instances",
    area="webinar",
    families=("webinars",),
    rate="medium",
    response=PastWebinars,
    operation="pastWebinars",
)
def list_past_webinar_instances(context: Context, params: ById) -> Answer:
    """List the past instances of a webinar, oldest first."""
    return _instances(context, "webinar", params.id)


class PastParticipantsParams(Paged, ById):
    """Parameters of the list of a past meeting's participants."""


CAME, LEFT = JOIN.index("join_time"), JOIN.index("leave_time")


def _stayed(row: list[Any]) -> int:
    """Seconds from joining to leaving."""
    return max(0, unix(row[LEFT]) - unix(row[CAME])) if row[CAME] and row[LEFT] else 0


@endpoint(
    "/past_meetings/{meetingId:id}/participants",
    name="list_past_meeting_participants",
    granular="list_past_participants",
    area="meeting",
    families=("meetings",),
    rate="simple",
    response=PastParticipantsPage,
    operation="pastMeetingParticipants",
)
def list_past_meeting_participants(context: Context, params: PastParticipantsParams) -> Answer:
    """List who joined a past meeting; a rejoin is another entry."""
    params, cursor = resume(context, "list_past_meeting_participants", params)
    instance = find(context, "meeting", params.id, "past")
    page = join_page(context, "list_past_meeting_participants", params, instance, cursor)
    rows = [[*row, _stayed(row)] for row in joins(context, instance, page.users)]
    columns: Columns = (*PAGE_COLUMNS, ("participants", (*JOIN, "duration")))
    return Answer(PastParticipantsPage, columns, [*page.envelope, rows], instance.depends)
