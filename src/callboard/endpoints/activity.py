"""Logs: who signed in and out, what administrators changed, and what happened in meetings."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final, Literal

from pydantic import Field

from callboard.contract.activity import MeetingActivitiesPage, OperationsPage, SignInsPage
from callboard.contract.errors import BadRequest, RoleForbids
from callboard.contract.paging import Cursor
from callboard.contract.wire import Columns
from callboard.endpoints.daily import of_tables, of_uuids
from callboard.endpoints.listing import IN_GROUP, MARGIN
from callboard.endpoints.pages import keyed, resume, token
from callboard.endpoints.params import Paged, Range, Window, instant, month_before, window
from callboard.endpoints.people import IN_GROUPS, NOBODY, groups_of, hosts_of
from callboard.endpoints.registry import Answer, Context, endpoint
from callboard.store.tables import LAST_SECOND, PARTICIPANTS

DAY: Final = 86_400
ENVELOPE: Final[Columns] = ("next_page_token", "page_size")

# Sign-ins


class SignInsParams(Paged, Range):
    """Parameters of the report of sign-ins."""

    from_: str = Field("", alias="from", description="`yyyy-mm-dd`, or an instant. By default a month before `to`.")
    to: str = Field("", description="`yyyy-mm-dd`, or an instant. By default today.")


SIGN_INS: Final = """
-- activity.sign_ins: who signed in and out
SELECT toUnixTimestamp(at) AS key_at, concat(user_id, ' ', toString(type)) AS key_id, user_id, at, toString(type),
       max(email), max(client_type), max(version), max(ip_address)
FROM sign_ins
WHERE account_id = {account:String} AND at >= {begin:UInt32} AND at < {end:UInt32} {groups}
GROUP BY at, user_id, type"""
OF_GROUPS: Final = f"""AND user_id IN (
    SELECT user_id FROM people WHERE account_id = {{account:String}} GROUP BY user_id HAVING {IN_GROUPS})"""
MAILS: Final = """
-- activity.mails: mail addresses of a page's people
SELECT user_id, max(email).2 FROM people
WHERE account_id = {account:String} AND user_id IN {users:Array(String)} GROUP BY user_id
"""
SIGN_IN: Final[Columns] = ("at", "type", "email", "client_type", "version", "ip_address")


def _month(context: Context, params: SignInsParams) -> Window:
    """The range, where `to` is today and `from` a month before it unless they are given."""
    today = datetime.fromtimestamp(context.now, UTC)
    last = window(params.model_copy(update={"from_": params.to, "to": params.to}), "open").begin if params.to else None
    to = datetime.fromtimestamp(last, UTC) if last is not None else today
    given = {"from_": params.from_ or f"{month_before(to):%Y-%m-%d}", "to": params.to or f"{today:%Y-%m-%d}"}
    return window(params.model_copy(update=given), context.settings.profile)


@endpoint(
    "/report/activities",
    name="report_activities",
    granular="user_activities",
    area="report",
    families=("reports",),
    rate="report",
    response=SignInsPage,
    operation="reportSignInSignOutActivities",
)
def report_activities(context: Context, params: SignInsParams) -> Answer:
    """Report who signed in and out over a date range, the newest first; by default over the last month."""
    params, cursor = resume(context, "report_activities", params)
    range_, account, groups = _month(context, params), context.caller.account_id, groups_of(context)
    asked = {"account": account, "begin": range_.begin, "end": range_.end, "groups": list(groups)}
    sql = SIGN_INS.replace("{groups}", OF_GROUPS if groups else "")
    page = keyed(context, "report_activities", params, cursor, sql, asked, newest_first=True)
    unnamed = sorted({row[0] for row in page.rows if not row[3]})
    mails = dict(context.store.ask(MAILS, {"account": account, "users": unnamed}).rows) if unnamed else {}
    rows = [[at, type_, mail or mails.get(user, ""), *more] for user, at, type_, mail, *more in page.rows]
    columns: Columns = (*ENVELOPE, "from", "to", ("activity_logs", SIGN_IN))
    said = [page.next_page_token, params.size, instant(range_.begin), instant(range_.end - 1), rows]
    return Answer(SignInsPage, columns, said, of_tables(account, "sign_ins", "people") if params.from_ and params.to else None)


# Operations


class OperationsParams(Paged, Range):
    """Parameters of the report of operations."""

    category_type: Literal[
        "all",
        "user",
        "user_settings",
        "account",
        "billing",
        "im",
        "recording",
        "phone_contacts",
        "webinar",
        "sub_account",
        "role",
        "zoom_rooms",
    ] = Field("all", description="Only operations of this category.")


OPERATIONS: Final = """
-- activity.operations: what administrators changed
SELECT toUnixTimestamp(at) AS key_at, operation_id AS key_id, at, max(operator), max(category), max(action), max(detail)
FROM operations
WHERE account_id = {account:String} AND at >= {begin:UInt32} AND at < {end:UInt32}
GROUP BY at, operation_id
HAVING {category:String} IN ('all', max(category))"""
OPERATION: Final[Columns] = ("at", "operator", "category", "action", "detail")


@endpoint(
    "/report/operationlogs",
    name="report_operationlogs",
    granular="operation_logs",
    area="report",
    families=("reports",),
    rate="report",
    response=OperationsPage,
    operation="reportOperationLogs",
)
def report_operationlogs(context: Context, params: OperationsParams) -> Answer:
    """Report what administrators changed over a date range, the newest first."""
    if context.caller.groups:
        raise RoleForbids("Your role covers the people of the groups assigned to it only; operations are the account's.")
    params, cursor = resume(context, "report_operationlogs", params)
    range_, account = window(params, context.settings.profile), context.caller.account_id
    asked = {"account": account, "begin": range_.begin, "end": range_.end, "category": params.category_type}
    page = keyed(context, "report_operationlogs", params, cursor, OPERATIONS, asked, newest_first=True)
    columns: Columns = (*ENVELOPE, ("operation_logs", OPERATION))
    return Answer(OperationsPage, columns, [page.next_page_token, params.size, page.rows], of_tables(account, "operations"))


# What happened in meetings

Activity = Literal[
    "All Activities",
    "Meeting Created",
    "Meeting Started",
    "User Join",
    "User Left",
    "Remote Control",
    "In-Meeting Chat",
    "Meeting Ended",
]


class MeetingActivitiesParams(Paged, Range):
    """Parameters of the report of what happened in meetings."""

    activity_type: Activity | None = Field(None, description="Only activities of this kind. Required.")
    meeting_number: str = Field("", description="Only those of this number; spaces don't matter.")
    search_key: str = Field("", description="Only those by people in whose name or mail address this is.")


LONGEST: Final = 2 * DAY
"""What happens in an instance is looked for in those that began so long before."""
HELD: Final = """AND uuid IN (
    SELECT uuid FROM meetings
    WHERE account_id = {account:String} AND kind IN ('meeting', 'webinar')
      AND start_time >= {from:UInt32} AND start_time < {until:UInt32}
    GROUP BY uuid HAVING {number:UInt64} IN (0, max(number)) {groups})"""
OF_PLANS: Final = """
SELECT [toUnixTimestamp(min(created_at))] AS times, ['Meeting Created'] AS kinds, '' AS uuid, toString(number) AS one,
       max(host_id) AS host, '' AS name, '' AS mail
FROM plans WHERE account_id = {account:String} AND {number:UInt64} IN (0, number)
GROUP BY number HAVING isNotNull(times[1]) {groups}"""
OF_INSTANCES: Final = """
SELECT [toUnixTimestamp(min(start_time)), toUnixTimestamp(max(end_time))] AS times, ['Meeting Started', 'Meeting Ended'] AS kinds,
       uuid, '' AS one, max(host_id) AS host, max(host_name).2 AS name, max(host_email).2 AS mail
FROM meetings
WHERE account_id = {account:String} AND kind IN ('meeting', 'webinar')
  AND start_time >= {from:UInt32} AND start_time < {until:UInt32} {held}
GROUP BY uuid"""
OF_JOINS: Final = """
SELECT [toUnixTimestamp(min(join_time)), toUnixTimestamp(max(leave_time))] AS times, ['User Join', 'User Left'] AS kinds,
       uuid, user_id AS one, NULL AS host, {names}
FROM participants
WHERE account_id = {account:String} AND uuid IN (
  SELECT uuid FROM participants
  WHERE account_id = {account:String} AND (join_time >= {low:UInt32} AND join_time < {high:UInt32}
    OR leave_time >= {low:UInt32} AND leave_time < {high:UInt32}) {held})
GROUP BY uuid, user_id HAVING bitAnd(groupBitOr(features), 1) != 0"""
OF_MESSAGES: Final = """
SELECT [toUnixTimestamp(min(at))] AS times, ['In-Meeting Chat'] AS kinds, uuid, message_id AS one, NULL AS host,
       {senders}
FROM meeting_messages
WHERE account_id = {account:String} {held}
GROUP BY uuid, message_id"""
NAMES: Final = "max(name).2 AS name, ifNull(max(email), '') AS mail"
NO_NAMES: Final = "'' AS name, '' AS mail"
SENDERS: Final = "max(sender_name).2 AS name, ifNull(max(sender_email), '') AS mail"
"""Names of joins and senders are read when they are looked for; else for the page's only."""
PARTS: Final = {
    "Meeting Created": OF_PLANS,
    "Meeting Started": OF_INSTANCES,
    "Meeting Ended": OF_INSTANCES,
    "User Join": OF_JOINS,
    "User Left": OF_JOINS,
    "In-Meeting Chat": OF_MESSAGES,
}
"""Where an activity is read. Nothing tells of remote control."""
HAPPENED: Final = """
-- activity.happened: what happened in meetings in a slice of time, the newest first
SELECT assumeNotNull(at) AS key_at, concat(uuid, ' ', one, ' ', what) AS key_id, what, uuid, one, host, name, mail
FROM ({parts})
ARRAY JOIN times AS at, kinds AS what
WHERE at >= {low:UInt32} AND at < {high:UInt32} AND {wanted:String} IN ('All Activities', what)
  AND (assumeNotNull(at), concat(uuid, ' ', one, ' ', what)) < ({after:UInt64}, {after_id:String}) {named}
ORDER BY key_at DESC, key_id DESC LIMIT {size:UInt32} OFFSET {skip:UInt64}
"""
NAMED: Final = """AND (positionCaseInsensitiveUTF8(concat(name, ' ', mail), {key:String}) > 0 OR host IN (
    SELECT user_id FROM people WHERE account_id = {account:String} GROUP BY user_id
    HAVING positionCaseInsensitiveUTF8(concat(max(name).2, ' ', max(email).2), {key:String}) > 0))"""
ABOUT: Final = """
-- activity.about: numbers and titles of a page's instances
SELECT uuid, max(number), max(topic).2 FROM meetings
WHERE account_id = {account:String} AND kind IN ('meeting', 'webinar')
  AND start_time >= {from:UInt32} AND start_time < {until:UInt32} AND uuid IN {uuids:Array(String)}
GROUP BY uuid
"""
JOINED: Final = f"""
-- activity.joined: the joins of a page
SELECT concat(uuid, ' ', user_id), {PARTICIPANTS["name"].merged}, ifNull(max(email), ''), ifNull(max(device), ''),
       {PARTICIPANTS["leave_reason"].merged}
FROM participants
WHERE account_id = {{account:String}} AND uuid IN {{uuids:Array(String)}} AND user_id IN {{users:Array(String)}}
GROUP BY uuid, user_id
"""
SENT: Final = """
-- activity.sent: who sent the messages of a page, and to whom
SELECT message_id, max(recipient_type), max(sender_name).2, ifNull(max(sender_email), '') FROM meeting_messages
WHERE account_id = {account:String} AND uuid IN {uuids:Array(String)} AND message_id IN {messages:Array(String)}
GROUP BY message_id
"""
PLANNED_TITLES: Final = """
-- activity.titles: titles of a page's plans
SELECT toString(number), max(topic).2 FROM plans
WHERE account_id = {account:String} AND number IN {numbers:Array(UInt64)} GROUP BY number
"""


def _number(text: str) -> int:
    digits = text.replace(" ", "")
    if not digits:
        return 0
    if not digits.isascii() or not digits.isdigit() or len(digits) > 18:
        message = f"'{text}' is not a number."
        raise BadRequest("Invalid field: meeting_number.", [{"field": "meeting_number", "message": message}])
    return int(digits)


def _question(context: Context, params: MeetingActivitiesParams) -> tuple[str, dict[str, Any]]:
    """The SQL of a slice, and what each is asked with."""
    groups, number, activity = groups_of(context), _number(params.meeting_number), str(params.activity_type)
    wanted = [PARTS[activity]] if activity in PARTS else list(dict.fromkeys(PARTS.values()))
    fragments = {
        "{parts}": "\nUNION ALL".join(wanted),
        "{held}": HELD if groups or number else "",
        "{groups}": f"AND {IN_GROUP}" if groups else "",
        "{names}": NAMES if params.search_key else NO_NAMES,
        "{senders}": SENDERS if params.search_key else NO_NAMES,
        "{named}": NAMED if params.search_key else "",
    }
    sql = HAPPENED
    for place, fragment in fragments.items():
        sql = sql.replace(place, fragment)
    return sql, {
        "account": context.caller.account_id,
        "number": number,
        "groups": list(groups),
        "wanted": activity,
        "key": params.search_key,
        "size": params.size + 1,
    }


def _happened(context: Context, params: MeetingActivitiesParams, range_: Window, cursor: Cursor | None) -> list[list[Any]]:
    """Up to a page of activities and one more, read slice by slice from the newest back."""
    sql, asked = _question(context, params)
    after: list[Any] = cursor.last if cursor else [2**62, ""]
    skip = 0 if cursor else params.offset
    rare = bool(skip or params.search_key or params.meeting_number)  # what is rare is looked for with one question
    high, width = min(range_.end, after[0] + 1), range_.end - range_.begin if rare else DAY
    rows: list[list[Any]] = []
    while high > range_.begin and len(rows) <= params.size:
        low = max(range_.begin, high - width)
        span = {"low": low, "high": high, "from": max(0, low - LONGEST), "until": min(high + MARGIN, LAST_SECOND)}
        rows += context.store.ask(sql, asked | span | {"after": after[0], "after_id": after[1], "skip": skip}).rows
        high, width = low, width * 4
    return rows[: params.size + 1]


def _looked_up(context: Context, sql: str, asked: dict[str, Any]) -> dict[str, list[Any]]:
    """The rows of a question by their first column; none where nothing is asked for. They are of some instances, or of plans."""
    if not all(value for value in asked.values()):
        return {}
    account = context.caller.account_id
    facts = of_uuids(asked["uuids"]) if "uuids" in asked else of_tables(account, "plans")
    return {key: said for key, *said in context.known(sql, asked | {"account": account}, facts)}


def _told(context: Context, rows: list[list[Any]]) -> list[list[Any]]:
    """Rows of a page as they are told: with numbers, titles, names and details looked up."""
    if not rows:
        return []
    beside = context.store.beside
    of: dict[str, list[list[Any]]] = {}
    for row in rows:
        of.setdefault(PARTS[row[2]], []).append(row)
    joins, messages, plans = (of.get(part, []) for part in (OF_JOINS, OF_MESSAGES, OF_PLANS))
    span = {"from": max(1, rows[-1][0] - LONGEST - DAY), "until": min(rows[0][0] + MARGIN, LAST_SECOND)}
    uuids = [sorted({row[3] for row in some if row[3]}) for some in (rows, joins, messages)]
    about = beside(_looked_up, context, ABOUT, span | {"uuids": uuids[0]})
    joined = beside(_looked_up, context, JOINED, {"uuids": uuids[1], "users": sorted({row[4] for row in joins})})
    sent = _looked_up(context, SENT, {"uuids": uuids[2], "messages": sorted({row[4] for row in messages})})
    titles = _looked_up(context, PLANNED_TITLES, {"numbers": sorted({int(row[4]) for row in plans})})
    hosts = hosts_of(context, {row[5] for row in rows if not row[6] or not row[7]})
    instances, people = about(), joined()

    def tell(row: list[Any]) -> list[Any]:
        at, _, what, uuid, one, host, name, mail = row
        number, title = instances.get(uuid, [None, ""]) if uuid else (int(one), titles.get(one, [""])[0])
        who = hosts.get(host, NOBODY)
        if PARTS[what] == OF_JOINS:
            name, mail, device, reason = people.get(f"{uuid} {one}", ["", "", "", ""])
            title = reason if what == "User Left" else device
        elif PARTS[what] == OF_MESSAGES:
            recipient, name, mail = sent.get(one, NOBODY)
            title = f"To {recipient}" if recipient else ""
        return [number, at * 1000, name or who[0], mail or who[1], what, title]

    return [tell(row) for row in rows]


@endpoint(
    "/report/meeting_activities",
    name="report_meeting_activities",
    granular="meeting_activity_log",
    area="report",
    families=("reports",),
    rate="report",
    response=MeetingActivitiesPage,
    operation="reportMeetingactivitylogs",
)
def report_meeting_activities(context: Context, params: MeetingActivitiesParams) -> Answer:
    """Report what happened in meetings and webinars over a date range, the newest first."""
    params, cursor = resume(context, "report_meeting_activities", params)
    if params.activity_type is None:
        message = "This field is required."
        raise BadRequest("Invalid field: activity_type is missing.", [{"field": "activity_type", "message": message}])
    range_ = window(params, context.settings.profile)
    untold = params.activity_type == "Remote Control"
    rows = [] if untold else _happened(context, params, range_, cursor)
    more, rows = len(rows) > params.size, rows[: params.size]
    next_token = token(context, "report_meeting_activities", params, rows[-1][:2], 0) if more else ""
    entry: Columns = ("meeting_number", "activity_time", "operator", "operator_email", "activity_category", "activity_detail")
    columns: Columns = (*ENVELOPE, ("meeting_activity_logs", entry))
    return Answer(MeetingActivitiesPage, columns, [next_token, params.size, _told(context, rows)])
