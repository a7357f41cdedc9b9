"""Attendance: one row a person, rejoins merged."""

from __future__ import annotations

from typing import Any, Final

from callboard.contract.paging import page_count
from callboard.contract.participants import AttendancePage
from callboard.contract.wire import Columns
from callboard.endpoints.instances import find
from callboard.endpoints.pages import PAGE_COLUMNS, resume, token
from callboard.endpoints.params import ById, Paged, instant
from callboard.endpoints.participants import asked
from callboard.endpoints.registry import Answer, Context, endpoint

STAYS: Final = """
-- attendance.stays: every join of an instance, by person
SELECT coalesce(max(participant_user_id), max(email), max(name).2) AS person,
       ifNull(max(participant_user_id), '') AS user, max(name).2 AS shown, ifNull(max(email), '') AS mail,
       toUnixTimestamp(coalesce(min(join_time), min(first_minute))) AS came,
       toUnixTimestamp(coalesce(max(leave_time), if({live:UInt8}, NULL, {over:DateTime}))) AS went,
       bitAnd(groupBitOr(features), 1) != 0 AS main
FROM participants
WHERE account_id = {account:String} AND uuid = {uuid:String}
GROUP BY account_id, uuid, user_id
HAVING isNotNull(came)
ORDER BY came, user_id
"""


class AttendanceParams(Paged, ById):
    """Parameters of the attendance of one instance."""


def together(stays: list[tuple[int, int]]) -> int:
    """Seconds covered by stays `(came, went)`, sorted by `came`; where they overlap they count once."""
    total, until = 0, 0
    for came, went in stays:
        total += max(0, went - max(came, until))
        until = max(until, went)
    return total


ROW: Final[Columns] = (
    "participant_user_id",
    "name",
    "email",
    "joins",
    "first_seen",
    "last_seen",
    "total_seconds",
    "share_attended",
)


def _people(stays: list[list[Any]], now: int, begun: int, ended: int | None) -> list[tuple[list[Any], list[Any]]]:
    """A key `[first seen, person]` and a row of `ROW` for each person, by key.

    A breakout room is no join of its own, but time in it is time there.
    """
    people: dict[str, list[list[Any]]] = {}
    for stay in stays:
        people.setdefault(stay[0] or stay[2], []).append(stay)
    length = max(1, (ended if ended is not None else now) - begun)
    made = []
    for person, joins in people.items():
        spans = [(came, went if went is not None else now) for *_, came, went, _ in joins]
        seconds = together(spans)
        user, name, mail = joins[0][1:4]
        count = sum(1 for stay in joins if stay[6]) or 1
        last = max(went for _, went in spans)
        share = round(min(1.0, seconds / length), 4)
        row = [user, name, mail, count, instant(spans[0][0]), instant(last), seconds, share]
        made.append(([spans[0][0], person], row))
    return sorted(made)


@endpoint(
    "/attendance/{id:id}",
    name="get_attendance",
    families=("meetings", "webinars"),
    granular="list_meeting_participants",
    rate="simple",
    response=AttendancePage,
    version="v1",
)
def get_attendance(context: Context, params: AttendanceParams) -> Answer:
    """Get who attended an instance: one row a person, rejoins merged, with total time."""
    params, cursor = resume(context, "get_attendance", params)
    instance = find(context, None, params.id, None)
    # Nobody said when a meeting of long ago ended: then the last thing heard of it is when it did.
    over = instance.ended if instance.ended is not None else instance.begun
    stays = context.store.ask(STAYS, asked(context, instance) | {"live": int(instance.live), "over": over}).rows
    people = _people(stays, context.now, instance.begun, instance.ended)
    total = cursor.total if cursor else len(people)
    rest = [p for p in people if p[0] > cursor.last] if cursor else people[params.offset :]
    more, page = len(rest) > params.size, rest[: params.size]
    next_token = token(context, "get_attendance", params, page[-1][0], total) if more else ""
    columns: Columns = (*PAGE_COLUMNS, "uuid", ("attendees", ROW))
    envelope = [next_token, page_count(total, params.size), params.size, total]
    return Answer(
        AttendancePage, columns, [*envelope, instance.uuid, [row for _, row in page]], None if instance.live else instance.depends
    )
