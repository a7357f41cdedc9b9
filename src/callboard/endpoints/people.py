"""The account's users, and what they planned and host."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field

from callboard.contract.activity import UpcomingPage
from callboard.contract.errors import RoleForbids, UnknownUser
from callboard.contract.people import UserDetail, UserMeetingsPage, UsersPage, UserWebinarsPage
from callboard.contract.wire import Columns
from callboard.endpoints.daily import of_tables
from callboard.endpoints.meetings import NO_GROUP
from callboard.endpoints.pages import PAGE_COLUMNS, Cut, cut, keyed, resume
from callboard.endpoints.params import ById, Paged, Range, instant, window
from callboard.endpoints.registry import Answer, Context, Kind, endpoint
from callboard.store.tables import LAST_SECOND, MEETINGS, PEOPLE

ACTIVE: Final = "ifNull(nullIf(max(status).2, ''), 'active')"
"""Who was only heard of in passing is active."""
SAID: Final = ("name", "email", "first_name", "last_name", "dept", "timezone", "location", "user_type", "group_ids")
MORE: Final = ("created_at", "last_login", "client_version", "custom_attributes")
USER: Final[Columns] = ("user_id", "status", *SAID, *MORE)
READ: Final = f"user_id, {ACTIVE} AS state, {PEOPLE.merged(*SAID, *MORE)}"
IN_GROUPS: Final = "hasAny(max(group_ids).2, {groups:Array(String)})"


def groups_of(context: Context, asked: str = "") -> tuple[str, ...]:
    """The groups that an answer is narrowed to: the caller's, or the one asked for if it is among them."""
    allowed = context.caller.groups
    if not allowed:
        return (asked,) if asked else ()
    return tuple(sorted(allowed)) if not asked else (asked,) if asked in allowed else NO_GROUP


# Users


class UsersParams(Paged):
    """Parameters of the list of users."""

    status: Literal["active", "inactive", "pending"] = Field("active", description="Only users of this status.")
    group_id: str = Field("", description="Only users in this group.")


USERS: Final = f"""
-- people.users: users of a status
SELECT 0 AS key_at, user_id AS key_id, {READ} FROM people
WHERE account_id = {{account:String}} GROUP BY user_id
HAVING {ACTIVE} = {{status:String}}"""


@endpoint(
    "/users",
    name="list_users",
    granular="list_users",
    area="user",
    families=("people",),
    rate="medium",
    response=UsersPage,
    operation="users",
)
def list_users(context: Context, params: UsersParams) -> Answer:
    """List the account's users of a status; those that were deleted are never listed."""
    params, cursor = resume(context, "list_users", params)
    account, groups = context.caller.account_id, groups_of(context, params.group_id)
    sql = f"{USERS} AND {IN_GROUPS}" if groups else USERS
    asked = {"account": account, "status": params.status, "groups": list(groups)}
    page = keyed(context, "list_users", params, cursor, sql, asked)
    return _numbered(UsersPage, params, page, ("users", USER), of_tables(account, "people"))


def _numbered(model: Any, params: Paged, page: Cut, entries: tuple[str, Columns], depends: Any) -> Answer:
    columns: Columns = (*PAGE_COLUMNS, "page_number", entries)
    return Answer(model, columns, [*page.envelope, params.page_number or 1, page.rows], depends)


ONE: Final = f"""
-- people.find_user: a user by id or mail address
SELECT {READ} FROM people WHERE account_id = {{account:String}} AND {{known}}
GROUP BY user_id HAVING {ACTIVE} != 'deleted' {{named}}
ORDER BY max(created_at) DESC LIMIT 1
"""
BY_MAIL: Final = "AND lower(max(email).2) = lower({id:String})"


def find_user(context: Context, id_: str) -> list[Any]:
    """The user that an id or a mail address means: a row of `USER`.

    Raises `UnknownUser`, `RoleForbids` for one outside the caller's groups.
    """
    by_mail = "@" in id_
    sql = ONE.replace("{known}", "1" if by_mail else "user_id = {id:String}").replace("{named}", BY_MAIL if by_mail else "")
    account = context.caller.account_id
    found = context.known(sql, {"account": account, "id": id_}, of_tables(account, "people"))
    if not found:
        raise UnknownUser(id_)
    groups: set[str] = set(found[0][USER.index("group_ids")])
    if context.caller.groups and groups.isdisjoint(context.caller.groups):
        raise RoleForbids("Your role covers the people of the groups assigned to it only.")
    return list(found[0])


class UserParams(ById):
    """One user."""

    id: str = Field(description="User id or mail address.")


@endpoint(
    "/users/{userId:id}",
    name="get_user",
    granular="user",
    area="user",
    families=("people",),
    rate="simple",
    response=UserDetail,
    operation="user",
)
def get_user(context: Context, params: UserParams) -> Answer:
    """Get one user by id or mail address."""
    account = context.caller.account_id
    return Answer(UserDetail, (*USER, "account_id"), [*find_user(context, params.id), account], of_tables(account, "people"))


# What was planned

PLANNED: Final = """
SELECT number, one AS occurrence, max(kind) AS kind, max(host_id) AS host, max(uuid).2 AS uuid, max(topic).2 AS topic,
       max(type).2 AS type, max(minutes).2 AS minutes, max(timezone).2 AS timezone, min(created_at) AS created_at,
       toUnixTimestamp(maxIf(start_time, own).2) AS start
FROM (
  SELECT *, listed.ids AS ids, occurrence_id != '' OR empty(ids) AS own FROM plans
  LEFT JOIN (
    SELECT number, groupUniqArray(occurrence_id) AS ids FROM plans
    WHERE account_id = {account:String} AND number IN {numbers:Array(UInt64)} AND occurrence_id != ''
    GROUP BY number) AS listed USING number
  WHERE account_id = {account:String} AND number IN {numbers:Array(UInt64)})
ARRAY JOIN if(own, [occurrence_id], ids) AS one
GROUP BY number, one
HAVING maxIf(deleted, own).2 = 0
  AND NOT (maxIf(deleted, NOT own).2 = 1 AND maxIf(deleted, NOT own).1 > maxIf(deleted, own).1)"""
"""Plans of some numbers that are not deleted: single ones, and each occurrence of a series.

What was said of the series was said of each of its occurrences. Numbers are found first (`numbers_of`), for the plans of
a few numbers are read by their key.
"""
OF_HOST: Final = """
-- people.of_host: numbers that a user planned
SELECT DISTINCT number FROM plans WHERE account_id = {account:String} AND host_id = {host:String}
"""


def numbers_of(context: Context, sql: str, asked: dict[str, Any]) -> list[int]:
    """The numbers that a question finds."""
    return [number for (number,) in context.store.ask(sql, asked).rows]


PLANNED_ROWS: Final = f"""
-- people.planned: the occurrences that are planned of some numbers, a series' in the order of time
SELECT number, occurrence, toString(kind), host, uuid, topic, type, minutes, timezone, created_at, start
FROM ({PLANNED}) ORDER BY number, start, occurrence
"""
PLAN: Final[Columns] = ("uuid", "id", "host_id", "topic", "type", "start_time", "duration", "timezone", "created_at")


def _plans(context: Context, asked: dict[str, Any]) -> list[list[Any]]:
    """The occurrences that a user planned and that begin in a range: rows of `PLANNED_ROWS`."""
    account = context.caller.account_id
    facts = of_tables(account, "plans")
    numbers = [number for (number,) in context.known(OF_HOST, {"account": account, "host": asked["host"]}, facts)]
    planned = context.known(PLANNED_ROWS, {"account": account, "numbers": numbers}, facts) if numbers else []
    of = (asked["kind"], asked["host"])
    return [row for row in planned if tuple(row[2:4]) == of and (not row[-1] or asked["begin"] <= row[-1] < asked["end"])]


def _upcoming(context: Context, asked: dict[str, Any]) -> list[list[Any]]:
    """A user's occurrences to come, and those of now, behind their keys."""
    now = asked["now"]
    rows = [row for row in _plans(context, asked) if asked["begin"] <= row[-1] and row[-1] + 60 * row[7] > now]
    return sorted([row[-1], f"{row[0]} {row[1]}", *_shown(row)] for row in rows)


def _scheduled(context: Context, asked: dict[str, Any]) -> list[list[Any]]:
    """A user's plans behind their keys, a series once: its next occurrence, or else its last."""
    first: dict[int, tuple[tuple[bool, int], list[Any]]] = {}
    for row in _plans(context, asked):
        over = row[-1] + 60 * row[7] <= asked["now"]
        rank = (over, -row[-1] if over else row[-1])
        if row[0] not in first or rank < first[row[0]][0]:
            first[row[0]] = (rank, row)
    return [[number, "", *_shown(row)] for number, (_, row) in sorted(first.items())]


def _shown(row: list[Any]) -> list[Any]:
    """A row of `PLAN`."""
    number, _, _, host, uuid, topic, type_, minutes, timezone, created_at, start = row
    return [uuid, number, host, topic, type_, instant(start) if start else None, minutes, timezone, created_at]


HOSTED: Final = f"""
-- people.hosted: instances that a user hosts or hosted
SELECT toUnixTimestamp(min(start_time)) AS key_at, uuid AS key_id, uuid, max(number), max(host_id),
       {MEETINGS["topic"].merged}, max(type), min(start_time), max(scheduled_minutes), max(timezone), NULL AS made
FROM meetings
WHERE account_id = {{account:String}} AND kind = {{kind:String}} AND uuid IN (
  SELECT uuid FROM meetings WHERE account_id = {{account:String}} AND kind = {{kind:String}} AND host_id = {{host:String}})
GROUP BY uuid
HAVING key_at >= {{begin:UInt32}} AND key_at < {{end:UInt32}}
  AND (isNull(max(end_time)) AND key_at >= {{live_since:UInt32}}) = {{live:UInt8}}"""

LISTS: Final = {"scheduled": _scheduled, "upcoming": _upcoming, "upcoming_meetings": _upcoming}
"""By type: what lists plans. The others are lists of instances."""


def _empty_is_scheduled(value: Any) -> Any:
    return value or "scheduled"


class PlansParams(Paged, UserParams, Range):
    """Parameters of the lists of a user's meetings and webinars."""

    type: Annotated[
        Literal["scheduled", "live", "upcoming", "upcoming_meetings", "previous_meetings"], BeforeValidator(_empty_is_scheduled)
    ] = Field(
        "scheduled",
        description="`scheduled`: all that is planned, a series once; `upcoming` or `upcoming_meetings`: each occurrence to "
        "come, and those of now; `live`: held now; `previous_meetings`: held before.",
    )
    from_: str = Field("", alias="from", description="`yyyy-mm-dd`, or an instant: only what begins then or later.")
    to: str = Field("", description="`yyyy-mm-dd`, or an instant: only what begins then or earlier.")


def _of_user(context: Context, kind: Kind, params: PlansParams) -> Answer:
    name = f"list_user_{kind}s"
    params, cursor = resume(context, name, params)
    host = find_user(context, params.id)[0]
    begin, end = 0, LAST_SECOND
    if params.from_ or params.to:
        asked_for = window(params, "open")
        begin, end = asked_for.begin, asked_for.end
    asked: dict[str, Any] = {
        "account": context.caller.account_id,
        "host": host,
        "kind": kind,
        "begin": begin,
        "end": end,
        "now": context.now,
        "live_since": context.live_since,
        "live": int(params.type == "live"),
    }
    if listed := LISTS.get(params.type):
        page = cut(context, name, params, cursor, listed(context, asked), lambda row: row[:2])
        page = replace(page, rows=[row[2:] for row in page.rows])
    else:
        page = keyed(context, name, params, cursor, HOSTED, asked)
    model = UserMeetingsPage if kind == "meeting" else UserWebinarsPage
    return _numbered(model, params, page, (f"{kind}s", PLAN), None)


@endpoint(
    "/users/{userId:id}/meetings",
    name="list_user_meetings",
    granular="list_meetings",
    area="meeting",
    families=("meetings",),
    rate="medium",
    response=UserMeetingsPage,
    operation="meetings",
)
def list_user_meetings(context: Context, params: PlansParams) -> Answer:
    """List the meetings that a user planned, or hosts."""
    return _of_user(context, "meeting", params)


@endpoint(
    "/users/{userId:id}/webinars",
    name="list_user_webinars",
    granular="list_webinars",
    area="webinar",
    families=("webinars",),
    rate="medium",
    response=UserWebinarsPage,
    operation="webinars",
)
def list_user_webinars(context: Context, params: PlansParams) -> Answer:
    """List the webinars that a user planned, or hosts."""
    return _of_user(context, "webinar", params)


# What is to come


class UpcomingParams(Paged, Range):
    """Parameters of the report of what is to come."""

    type: Literal["meeting", "webinar", "all"] = Field("all", description="Only meetings, or only webinars.")
    group_id: str = Field("", description="Only what people of this group host.")


IN_RANGE: Final = """
-- people.in_range: numbers of which something is planned in a range
SELECT DISTINCT number FROM plans
WHERE account_id = {account:String} AND start_time.2 >= {begin:UInt32} AND start_time.2 < {end:UInt32}
"""
TO_COME: Final = f"""
-- people.to_come: what is planned in a range
SELECT start AS key_at, concat(toString(number), ' ', occurrence) AS key_id,
       number, topic, host, toDateTime(start, 'UTC') AS begins
FROM ({PLANNED})
WHERE start >= {{begin:UInt32}} AND start < {{end:UInt32}} AND {{kind:String}} IN ('all', toString(kind)) {{groups}}"""
HOST_IN_GROUPS: Final = f"""AND host IN (
    SELECT user_id FROM people WHERE account_id = {{account:String}} GROUP BY user_id HAVING {IN_GROUPS})"""
HOSTS: Final = """
-- people.hosts_of: the hosts of a page
SELECT user_id, max(name).2, max(email).2, max(dept).2 FROM people
WHERE account_id = {account:String} AND user_id IN {users:Array(String)} GROUP BY user_id
"""
NOBODY: Final = ["", "", ""]


def hosts_of(context: Context, users: set[str | None]) -> dict[str, list[str]]:
    """Name, mail address and department of users, by id."""
    known = sorted(user for user in users if user)
    if not known:
        return {}
    account = context.caller.account_id
    rows = context.known(HOSTS, {"account": account, "users": known}, of_tables(account, "people"))
    return {user: said for user, *said in rows}


@endpoint(
    "/report/upcoming_events",
    name="report_upcoming_events",
    granular="upcoming_meetings_webinars",
    area="report",
    families=("reports",),
    rate="report",
    response=UpcomingPage,
    operation="reportUpcomingEvents",
)
def report_upcoming_events(context: Context, params: UpcomingParams) -> Answer:
    """Report the meetings and webinars planned in a date range that are still to come, the next first."""
    params, cursor = resume(context, "report_upcoming_events", params)
    range_, groups = window(params, context.settings.profile), groups_of(context, params.group_id)
    asked: dict[str, Any] = {
        "account": context.caller.account_id,
        "begin": max(range_.begin, context.now),
        "end": range_.end,
        "kind": params.type,
        "groups": list(groups),
    }
    asked["numbers"] = numbers_of(context, IN_RANGE, asked)
    sql = TO_COME.replace("{groups}", HOST_IN_GROUPS if groups else "")
    page = keyed(context, "report_upcoming_events", params, cursor, sql, asked)
    hosts = hosts_of(context, {row[2] for row in page.rows})
    rows = [[*row, hosts.get(row[2], NOBODY)[0], hosts.get(row[2], NOBODY)[2]] for row in page.rows]
    entry: Columns = ("number", "topic", "host_id", "start_time", "host_name", "dept")
    columns: Columns = ("next_page_token", "page_size", "from", "to", ("upcoming_events", entry))
    return Answer(UpcomingPage, columns, [page.next_page_token, params.size, range_.from_, range_.to, rows])
