"""Reports of the account: days, hosts, what one person met in, single meetings and who was in them."""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, Final, Literal, NamedTuple

from pydantic import BeforeValidator, Field

from callboard.contract.errors import BadRequest, NotFound, RoleForbids, UnknownUser
from callboard.contract.features import Feature
from callboard.contract.reports import DailyReport, HostsPage, PersonsMeetingsPage, ReportDetail, ReportedJoinsPage
from callboard.contract.wire import Columns
from callboard.endpoints.daily import of_tables, of_uuids
from callboard.endpoints.held import IN_RANGE, by_day, held, of_days, of_hosts, settled
from callboard.endpoints.instances import Instance, find
from callboard.endpoints.listing import DAY, IN_GROUP, ROW, SAID, SOLO, STATES, complete
from callboard.endpoints.pages import PAGE_COLUMNS, cut, resume
from callboard.endpoints.params import ById, Paged, Params, Range, unix, window
from callboard.endpoints.participants import ROW as JOIN_ROW
from callboard.endpoints.participants import asked as about_instance
from callboard.endpoints.participants import join_page, joins
from callboard.endpoints.people import USER, find_user, groups_of
from callboard.endpoints.registry import KINDS, Answer, Context, Kind, endpoint
from callboard.store.tables import MEETINGS, PEOPLE, PLANS

# Days


def _number_or_none(value: Any) -> Any:
    return None if value == "" else value


class DailyParams(Params):
    """Parameters of the report by day."""

    year: Annotated[int | None, BeforeValidator(_number_or_none)] = Field(
        None, ge=1970, le=2105, description="Default: the present year."
    )
    month: Annotated[int | None, BeforeValidator(_number_or_none)] = Field(
        None, ge=1, le=12, description="Default: the present month."
    )
    group_id: str = Field("", description="Only what people of this group hosted, and only its new users.")
    groupId: str = Field("", description="The same, as some clients send it.")


NEW_USERS: Final = """
-- reports.new_users: how many users were made on each day
SELECT intDiv(toUnixTimestamp(made), 86400) AS day, count() FROM (
  SELECT user_id, min(created_at) AS made FROM people WHERE account_id = {account:String}
  GROUP BY user_id HAVING made >= {begin:UInt32} AND made < {end:UInt32} {grouped})
GROUP BY day
"""
PERSON_IN_GROUP: Final = "AND hasAny(max(group_ids).2, {groups:Array(String)})"


@endpoint(
    "/report/daily",
    name="report_daily",
    granular="daily_usage",
    families=("reports",),
    area="report",
    rate="report",
    response=DailyReport,
    operation="reportDaily",
)
def report_daily(context: Context, params: DailyParams) -> Answer:
    """Report a month of the account, day by day."""
    today = datetime.fromtimestamp(context.now, UTC)
    year, month = params.year or today.year, params.month or today.month
    _check_recent(context, year, month, today)
    groups = groups_of(context, params.group_id or params.groupId)
    begin = int(datetime(year, month, 1, tzinfo=UTC).timestamp())
    end = min(begin + monthrange(year, month)[1] * DAY, (context.now // DAY + 1) * DAY)
    rows = _days(context, begin, end, groups) if begin < end else []
    columns: Columns = ("year", "month", ("dates", ("date", "new_users", "meetings", "participants", "meeting_minutes")))
    return Answer(DailyReport, columns, [year, month, rows], settled(context, begin, end) if rows else None)


def _check_recent(context: Context, year: int, month: int, today: datetime) -> None:
    """With the profile `zoom`, a month more than six months ago is refused."""
    ago = (today.year - year) * 12 + today.month - month
    if context.settings.profile == "zoom" and ago > 6:
        message = "Daily report can only be provided within 6 months prior to the current date."
        raise BadRequest(message, [{"field": "month", "message": f"{year}-{month:02d} is {ago} months ago."}])


def _days(context: Context, begin: int, end: int, groups: tuple[str, ...]) -> list[list[Any]]:
    account = context.caller.account_id
    asked = {"account": account, "begin": begin, "end": end, "groups": list(groups)}
    sql = NEW_USERS.replace("{grouped}", PERSON_IN_GROUP if groups else "")
    made = context.store.beside(context.store.ask, sql, asked)
    also = (("people", account),) if groups else ()
    name = f"reports.days {' '.join(groups)}"
    found = by_day(context, name, begin, end, partial(of_days, context, groups), *also)
    new = dict(made().rows)
    return [
        [f"{datetime.fromtimestamp(day * DAY, UTC):%Y-%m-%d}", new.get(day, 0), *found.get(day, (0, 0, 0))]
        for day in range(begin // DAY, end // DAY)
    ]


# Hosts


class HostsParams(Paged, Range):
    """Parameters of the report of hosts."""

    type: Literal["active", "inactive"] = Field("active", description="Those who hosted something in the range, or did not.")
    group_id: str = Field("", description="Only people of this group.")


USERS: Final = """
-- reports.users: the users of the account, and whether they are gone or still to come
SELECT user_id, max(status).2 IN ('deleted', 'pending') AS away
FROM people WHERE account_id = {account:String} GROUP BY user_id {grouped}
"""
DETAILS: Final = f"""
-- reports.details: the users of a page
SELECT user_id, {PEOPLE.merged("name", "email", "dept", "user_type", "custom_attributes")}
FROM people WHERE account_id = {{account:String}} AND user_id IN {{users:Array(String)}} GROUP BY user_id
"""
HOST: Final[Columns] = (
    "user_id",
    "name",
    "email",
    "dept",
    "user_type",
    ("custom_attributes", ("key", "name", "value")),
    "meetings",
    "participants",
    "meeting_minutes",
)


@endpoint(
    "/report/users",
    name="report_users",
    granular="list_users",
    families=("reports",),
    area="report",
    rate="report",
    response=HostsPage,
    operation="reportUsers",
)
def report_users(context: Context, params: HostsParams) -> Answer:
    """Report who hosted meetings or webinars in a date range, or who did not."""
    params, cursor = resume(context, "report_users", params)
    asked = window(params, context.settings.profile)
    hosted = _hosted(context, asked.begin, asked.end)
    users = _listed(context, hosted, groups_of(context, params.group_id), params.type == "active")
    page = cut(context, "report_users", params, cursor, [[user] for user in users], lambda row: row)
    before = bisect_right(users, cursor.last[0]) if cursor else params.offset
    totals = [sum(sums) for sums in zip(*(hosted[user][2:] for user in users if user in hosted), strict=True)] or [0, 0, 0]
    columns: Columns = (
        *("from", "to", *PAGE_COLUMNS, "page_number"),
        *("total_meetings", "total_participants", "total_meeting_minutes", ("users", HOST)),
    )
    rows = _hosts(context, [user for (user,) in page.rows], hosted)
    said = [asked.from_, asked.to, *page.envelope, before // page.size + 1, *totals, rows]
    return Answer(HostsPage, columns, said, settled(context, asked.begin, asked.end))


def _listed(context: Context, hosted: dict[str, list[Any]], groups: tuple[str, ...], active: bool) -> list[str]:
    """The user ids of those who hosted, or of the account's present users who did not."""
    if active and not groups:
        return sorted(host for host in hosted if host)
    sql = USERS.replace("{grouped}", "HAVING hasAny(max(group_ids).2, {groups:Array(String)})" if groups else "")
    users = context.store.ask(sql, {"account": context.caller.account_id, "groups": list(groups)}).rows
    return sorted(user for user, away in users if (user in hosted if active else user not in hosted and not away))


def _hosts(context: Context, users: list[str], hosted: dict[str, list[Any]]) -> list[list[Any]]:
    """Rows of `HOST`. Someone that no event told of as a user is named as meetings name the host."""
    asked = {"account": context.caller.account_id, "users": users}
    known = {user: said for user, *said in context.store.ask(DETAILS, asked).rows} if users else {}
    rows = []
    for user in users:
        named, mailed, *sums = hosted.get(user, ("", "", 0, 0, 0))
        name, mail, *said = known.get(user, ("", "", "", 0, []))
        rows.append([user, name or named, mail or mailed, *said, *sums])
    return rows


def _hosted(context: Context, begin: int, end: int) -> dict[str, list[Any]]:
    """`[name, mail, meetings, joins, minutes]` of each host; whole days are remembered."""
    days = by_day(context, "reports.hosts", begin, end, partial(of_hosts, context))
    hosts: dict[str, list[Any]] = {}
    for _, rows in sorted(days.items()):
        for host, name, mail, *sums in rows:
            had = hosts.get(host)
            if had is None:
                hosts[host] = [name, mail, *sums]
            else:
                hosts[host] = [name or had[0], mail or had[1], had[2] + sums[0], had[3] + sums[1], had[4] + sums[2]]
    return hosts


# What one person met in


class PersonParams(Paged, Range):
    """Parameters of the report of one person's meetings."""

    id: str = Field(description="The person's user id or mail address.")
    type: Literal["past", "pastOne", "pastJoined"] = Field(
        "past", description="Hosted (default); hosted, with one participant; or hosted or joined."
    )


class Person(NamedTuple):
    """Someone whom meetings name."""

    user_id: str
    name: str = ""
    email: str = ""


HEARD_OF: Final = """
-- reports.heard_of: whether a meeting names someone
SELECT 1 FROM meetings WHERE account_id = {account:String} AND host_id = {user:String} LIMIT 1
UNION ALL
SELECT 1 FROM participants WHERE account_id = {account:String} AND ifNull(participant_user_id, '') = {user:String} LIMIT 1
"""


def person(context: Context, id_: str) -> Person:
    """A user by id or mail address. One of whom only meetings told, for no event told of the user, is known by id.

    Raises `UnknownUser`, and `RoleForbids` for someone outside the caller's groups.
    """
    try:
        said = find_user(context, id_)
    except UnknownUser:
        if not id_ or not context.store.ask(HEARD_OF, {"account": context.caller.account_id, "user": id_}).rows:
            raise
        if context.caller.groups:
            raise RoleForbids("Your role covers the people of the groups assigned to it only.") from None
        return Person(id_)
    return Person(said[0], said[USER.index("name")], said[USER.index("email")])


HOSTED_IDS: Final = f"SELECT uuid FROM meetings WHERE {IN_RANGE} AND host_id = {{user:String}}"
JOINED_IDS: Final = f"""SELECT uuid FROM participants
      WHERE account_id = {{account:String}} AND ifNull(participant_user_id, '') = {{user:String}}
        AND bitAnd(features, {Feature.JOINED:d}) != 0"""
PERSONS: Final = f"""
-- reports.persons_meetings: what one person hosted, or joined, in a range
SELECT uuid, toUnixTimestamp(min(start_time)) AS begun, toUnixTimestamp(max(end_time)) AS ended, {SOLO} AS solo,
       {MEETINGS.merged(*SAID)}, toString(kind) AS sort
FROM meetings
WHERE {IN_RANGE} AND uuid IN ({{ids}})
GROUP BY uuid, kind
HAVING {{state}} AND begun >= {{begin:UInt32}} AND begun < {{end:UInt32}} {{hosted}}
ORDER BY begun, uuid
"""
MINE: Final = f"""
-- reports.mine: how often a page's meetings were joined from this account, and when one person came and went
SELECT uuid, countIf(main AND who IN (SELECT user_id FROM people WHERE account_id = {{account:String}})) AS own,
       minIf(waits, who = {{user:String}}) AS waited, minIf(joined, who = {{user:String}}) AS came,
       if(countIf(who = {{user:String}} AND isNull(gone)) > 0, NULL, maxIf(gone, who = {{user:String}})) AS went
FROM (
  SELECT uuid, user_id, ifNull(max(participant_user_id), '') AS who,
         bitAnd(groupBitOr(features), {Feature.JOINED:d}) != 0 AS main,
         toUnixTimestamp(min(waiting_from)) AS waits, toUnixTimestamp(min(join_time)) AS joined,
         toUnixTimestamp(max(leave_time)) AS gone
  FROM participants WHERE account_id = {{account:String}} AND uuid IN {{uuids:Array(String)}}
  GROUP BY uuid, user_id)
GROUP BY uuid
"""
PLANNED: Final = f"""
-- reports.planned: when a page's meetings were to begin, and which of them have chat messages
SELECT number, '' AS uuid, toUnixTimestamp({PLANS["start_time"].merged}) AS planned FROM plans
WHERE account_id = {{account:String}} AND number IN {{numbers:Array(UInt64)}} GROUP BY number, occurrence_id
UNION ALL
SELECT 0, uuid, 0 FROM meeting_messages WHERE account_id = {{account:String}} AND uuid IN {{uuids:Array(String)}} GROUP BY uuid
"""
MET: Final[Columns] = (
    *ROW,
    *("asked_name", "asked_email", "schedule_time", "join_waiting_room_time", "join_time", "leave_time"),
    "participants_count_my_account",
)


@endpoint(
    "/report/users/{userId:id}/meetings",
    name="report_user_meetings",
    granular="user",
    families=("reports",),
    area="report",
    rate="report",
    response=PersonsMeetingsPage,
    operation="reportMeetings",
)
def report_user_meetings(context: Context, params: PersonParams) -> Answer:
    """Report the past meetings and webinars that one person hosted, or joined, in a date range."""
    params, cursor = resume(context, "report_user_meetings", params)
    asked = window(params, context.settings.profile)
    who = person(context, params.id)
    sql = PERSONS.replace("{ids}", HOSTED_IDS + (f" UNION ALL {JOINED_IDS}" if params.type == "pastJoined" else ""))
    sql = sql.replace("{state}", STATES["pastOne" if params.type == "pastOne" else "past"])
    sql = sql.replace("{hosted}", f"AND {IN_GROUP}" if context.caller.groups else "")
    groups = tuple(sorted(context.caller.groups))
    rows = context.store.ask(sql, held(context, asked.begin, asked.end, groups) | {"user": who.user_id}).rows
    page = cut(context, "report_user_meetings", params, cursor, rows, lambda row: [row[1], row[0]])
    before = sum(1 for row in rows if [row[1], row[0]] <= cursor.last) if cursor else params.offset
    said = [asked.from_, asked.to, *page.envelope, before // page.size + 1, _met(context, who, page.rows)]
    columns: Columns = ("from", "to", *PAGE_COLUMNS, "page_number", ("meetings", MET))
    plans = ("table", context.caller.account_id, "plans")
    return Answer(PersonsMeetingsPage, columns, said, settled(context, asked.begin, asked.end, plans))


def _met(context: Context, who: Person, rows: list[list[Any]]) -> list[list[Any]]:
    """Rows of `MET` from rows of `PERSONS`."""
    if not rows:
        return []
    uuids, numbers = [row[0] for row in rows], sorted({row[4] for row in rows if row[4]})
    account, facts = context.caller.account_id, of_uuids(uuids)
    asked = {"account": account, "user": who.user_id, "uuids": uuids, "numbers": numbers}
    mine = context.store.beside(context.known, MINE, asked, (*facts, *of_tables(account, "people")))
    planned = context.store.beside(context.known, PLANNED, asked, (*facts, *of_tables(account, "plans")))
    listed = {row[0]: row for kind in KINDS for row in complete(context, kind, _of_kind(rows, kind), durations=True)}
    stays = {uuid: stay for uuid, *stay in mine()}
    plans = planned()
    features, number = ROW.index("features"), ROW.index("number")
    chatty = {uuid for _, uuid, _ in plans if uuid}
    made = []
    for uuid, begun, ended, *_ in rows:
        row = listed[uuid]
        row[features] |= Feature.CHAT if uuid in chatty else 0
        own, waited, came, went = stays.get(uuid, (0, None, None, None))
        starts = [at for dialled, other, at in plans if not other and dialled == row[number] and at]
        schedule = min(starts, key=lambda at: abs(at - begun), default=None)
        made.append([*row, who.name, who.email, schedule, waited, came, went if went or not came else ended, own])
    return made


def _of_kind(rows: list[list[Any]], kind: Kind) -> list[list[Any]]:
    """Those rows of `PERSONS` that are to be completed as meetings or as webinars: it matters for their extras only, so
    that webinars without any go with the meetings, and cost no questions of their own."""
    return [row[:-1] for row in rows if kind == ("webinar" if row[-1] == "webinar" and row[-2] & Feature.EXTRAS else "meeting")]


# One instance


REPORTED: Final = f"""
-- reports.reported: what was said of one instance, and whether more than one person joined
SELECT uuid, toUnixTimestamp(min(start_time)) AS begun, toUnixTimestamp(max(end_time)) AS ended, {SOLO} AS solo,
       {MEETINGS.merged(*SAID)}
FROM meetings
WHERE account_id = {{account:String}} AND kind = {{kind:String}} AND start_time IN {{starts:Array(UInt32)}}
  AND uuid = {{uuid:String}}
GROUP BY uuid
"""


def _reported(context: Context, kind: Kind, instance: Instance) -> list[list[Any]]:
    """The instance as a row for `complete`. Raises `NotFound` when one person alone was in it: no report tells of those."""
    rows = context.store.ask(REPORTED, about_instance(context, instance)).rows
    if rows[0][3]:
        raise NotFound(f"This {kind}'s details info is not available or ID is not valid. One person alone joined it.")
    return rows


@endpoint(
    "/report/{kind}s/{{kind}Id:id}",
    name="report_{kind}",
    granular="{kind}",
    area="report",
    rate="report",
    response=ReportDetail,
    operation="report{Kind}Details",
)
def report_instance(context: Context, kind: Kind, params: ById) -> Answer:
    """Report one past {kind} of two or more people by its number or uuid."""
    instance = find(context, kind, params.id, "past")
    row = complete(context, kind, _reported(context, kind, instance), durations=True)[0]
    return Answer(ReportDetail, ROW, row, (*instance.depends, ("people", context.caller.account_id)))


class JoinsParams(Paged, ById):
    """Parameters of the report of participants."""

    include_fields: str = Field("", description="`registrant_id` adds it.")


@endpoint(
    "/report/{kind}s/{{kind}Id:id}/participants",
    name="report_{kind}_participants",
    granular="list_{kind}_participants",
    area="report",
    rate="report",
    response=ReportedJoinsPage,
    operation="report{Kind}Participants",
)
def report_participants(context: Context, kind: Kind, params: JoinsParams) -> Answer:
    """Report who joined a past {kind} of two or more people, and for how long; a rejoin is another entry."""
    name = f"report_{kind}_participants"
    params, cursor = resume(context, name, params)
    instance = find(context, kind, params.id, "past")
    _reported(context, kind, instance)
    page = join_page(context, name, params, instance, cursor)
    rows = joins(context, instance, page.users)
    came, went, registrant = (JOIN_ROW.index(column) for column in ("join_time", "leave_time", "registrant_id"))
    for row in rows:
        row.append(max(0, unix(row[went]) - unix(row[came])) if row[came] and row[went] else 0)
        if params.include_fields != "registrant_id":
            row[registrant] = None
    columns: Columns = (*PAGE_COLUMNS, ("participants", (*JOIN_ROW, "seconds")))
    return Answer(ReportedJoinsPage, columns, [*page.envelope, rows], instance.depends)
