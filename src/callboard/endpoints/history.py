"""The account's past meetings and webinars in one list, with what was used in them."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field

from callboard.contract.activity import FeatureUsed, HistoryPage
from callboard.contract.errors import BadRequest
from callboard.contract.features import Feature
from callboard.contract.paging import Cursor
from callboard.contract.wire import Bit, Columns
from callboard.endpoints.daily import of_days, of_tables, of_uuids
from callboard.endpoints.listing import IN_GROUP, MARGIN, SOLO, STATES, near
from callboard.endpoints.pages import resume, token
from callboard.endpoints.params import Paged, Range, Window, instant, window
from callboard.endpoints.people import groups_of
from callboard.endpoints.registry import KINDS, Answer, Context, endpoint
from callboard.store.tables import MEETINGS, PARTICIPANTS

DAY: Final = 86_400
LONGEST: Final = 2 * DAY
"""What ended in a range is looked for among those that began so long before it."""

USED: Final = {
    name: next((int(mark.mask) for mark in info.metadata if isinstance(mark, Bit)), 0)
    for name, info in FeatureUsed.model_fields.items()
}
"""The bits of each feature; 0 for those that nothing tells of."""
REPORTS: Final = {
    "poll": int(Feature.POLL),
    "survey": int(Feature.SURVEY),
    "qa": int(Feature.QA),
    "resource": 0,
    "reaction": int(Feature.REACTION),
}
"""The bits of each type of report; nothing tells of resources."""


def _empty_is_start(value: Any) -> Any:
    return value or "start_time"


class HistoryParams(Paged, Range):
    """Parameters of the list of past meetings and webinars."""

    date_type: Annotated[Literal["start_time", "end_time"], BeforeValidator(_empty_is_start)] = Field(
        "start_time", description="Which time `from` and `to` are about."
    )
    meeting_type: Literal["meeting", "webinar", "all"] = Field("all", description="Only meetings, or only webinars.")
    report_type: Literal["all", "poll", "survey", "qa", "resource", "reaction"] = Field(
        "all", description="Only those that there is a report of this type about."
    )
    search_key: str = Field("", description="Only those with this in their title, or with this number or uuid.")
    group_id: str = Field("", description="Only those that people of this group host.")
    meeting_feature: str = Field("", description="Only those in which this was used: a member of `feature_used`.")


SAID: Final = ("number", "topic", "host_id", "host_name", "host_email", "platform", "features", "tracking_fields")
READ: Final = f"""
-- history.read: a slice of past meetings and webinars
SELECT toUnixTimestamp(min(start_time)) AS begun, uuid, toUnixTimestamp(max(end_time)) AS ended, {SOLO} AS solo,
       toString(kind) AS what, {MEETINGS.merged(*SAID)}
FROM meetings
WHERE account_id = {{account:String}} AND kind IN {{kinds:Array(String)}}
  AND start_time >= {{from:UInt32}} AND start_time < {{until:UInt32}}
GROUP BY kind, uuid
HAVING {STATES["past"]} AND begun >= {{low:UInt32}} AND begun < {{high:UInt32}}
  AND (begun, uuid) > ({{after:UInt32}}, {{after_uuid:String}}) {{tests}}
ORDER BY begun, uuid LIMIT {{size:UInt32}} OFFSET {{skip:UInt64}}
"""
BY_END: Final = "AND ended >= {begin:UInt32} AND ended < {end:UInt32}"
FOUND: Final = """AND (positionCaseInsensitiveUTF8(max(topic).2, {key:String}) > 0 OR uuid = {key:String}
    OR toString(max(number)) = replaceAll({key:String}, ' ', ''))"""
WITH: Final = """AND (bitAnd(groupBitOr(features), {mask:UInt32}) != 0 OR uuid IN (
    SELECT uuid FROM participants WHERE account_id = {account:String} AND bitAnd(features, {mask:UInt32}) != 0 AND uuid IN (
      SELECT uuid FROM meetings WHERE account_id = {account:String} AND kind IN {kinds:Array(String)}
        AND start_time >= {from:UInt32} AND start_time < {until:UInt32})) {registered})"""
REGISTERED: Final = "OR max(number) IN (SELECT number FROM registrants WHERE account_id = {account:String})"


def _masks(params: HistoryParams) -> list[int]:
    """The bits that an instance must have one of, for each filter. Raises `BadRequest` for an unknown feature."""
    if params.meeting_feature and params.meeting_feature not in USED:
        message = f"'{params.meeting_feature}' is not a member of feature_used."
        raise BadRequest("Invalid field: meeting_feature.", [{"field": "meeting_feature", "message": message}])
    masks = [USED[params.meeting_feature]] if params.meeting_feature else []
    return masks + ([REPORTS[params.report_type]] if params.report_type != "all" else [])


def _question(context: Context, params: HistoryParams, masks: list[int]) -> tuple[str, dict[str, Any]]:
    """The SQL of a slice, and what each is asked with."""
    groups = groups_of(context, params.group_id)
    tests = [BY_END] if params.date_type == "end_time" else []
    tests += [f"AND {IN_GROUP}"] if groups else []
    tests += [FOUND] if params.search_key else []
    for n, mask in enumerate(masks):
        registered = REGISTERED if mask & Feature.REGISTRATION else ""
        tests.append(WITH.replace("{registered}", registered).replace("{mask:", f"{{mask{n}:"))
    asked = {
        "account": context.caller.account_id,
        "kinds": list(KINDS) if params.meeting_type == "all" else [params.meeting_type],
        "live_since": context.live_since,
        "groups": list(groups),
        "key": params.search_key,
        **{f"mask{n}": mask for n, mask in enumerate(masks)},
    }
    return READ.replace("{tests}", " ".join(tests)), asked


def _read(context: Context, params: HistoryParams, range_: Window, cursor: Cursor | None) -> list[list[Any]]:
    """Up to a page of instances and one more, by start, read slice by slice."""
    masks = _masks(params)
    if 0 in masks:
        return []
    sql, asked = _question(context, params, masks)
    asked |= {"begin": range_.begin, "end": range_.end, "size": params.size + 1, "skip": 0 if cursor else params.offset}
    first = max(0, range_.begin - LONGEST) if params.date_type == "end_time" else range_.begin
    account = context.caller.account_id
    after: list[Any] = cursor.last if cursor else [0, ""]
    at: int = max(first, after[0])
    width = range_.end - first if asked["skip"] or params.search_key else DAY  # what is rare is looked for with one question
    rows: list[list[Any]] = []
    while at < range_.end and len(rows) <= params.size:
        high = min(range_.end, at + width)
        slice_ = {"low": at, "high": high, **near(at, high)}
        question = asked | slice_ | {"after": after[0], "after_uuid": after[1]}
        if high + DAY < context.live_since:  # nothing of it goes on, whatever the time
            question["live_since"] = high
            days = of_days(account, slice_["from"], slice_["until"])
            rows += context.known(sql, question, (*days, *of_tables(account, "people", "registrants")))
        else:
            rows += context.store.ask(sql, question).rows
        at, width = high, width * 4
    return rows[: params.size + 1]


JOINS: Final = f"""
-- history.joins: what the joins of a page's instances add up to
SELECT uuid, countIf(main), groupBitOr(f), sumIf(greatest(0, toInt64(gone) - toInt64(came)), main AND gone > 0 AND came > 0),
       uniqExactIf(person, main), maxIntersectionsIf(came, greatest(came, gone), main AND came > 0 AND gone > 0)
FROM (
  SELECT uuid, {PARTICIPANTS["features"].merged} AS f, bitAnd(f, 1) != 0 AS main,
         coalesce(max(participant_user_id), max(email), max(name).2) AS person,
         ifNull(toUnixTimestamp(min(join_time)), 0) AS came,
         ifNull(toUnixTimestamp(max(leave_time)), transform(uuid, {{uuids:Array(String)}}, {{ends:Array(UInt32)}}, 0)) AS gone
  FROM participants WHERE account_id = {{account:String}} AND uuid IN {{uuids:Array(String)}}
  GROUP BY uuid, user_id)
GROUP BY uuid
"""
HOSTS: Final = """
-- history.hosts: the hosts of a page
SELECT user_id, max(name).2, max(email).2, max(dept).2, max(group_ids).2, max(custom_attributes).2 FROM people
WHERE account_id = {account:String} AND user_id IN {users:Array(String)} GROUP BY user_id
"""
PLANNED: Final = """
-- history.planned: when a page's numbers were planned, and whether people registered
SELECT number, max(created), max(registered) FROM (
  SELECT number, min(created_at) AS created, 0 AS registered FROM plans
  WHERE account_id = {account:String} AND number IN {numbers:Array(UInt64)} GROUP BY number
  UNION ALL
  SELECT DISTINCT number, NULL AS created, 1 AS registered FROM registrants
  WHERE account_id = {account:String} AND number IN {numbers:Array(UInt64)})
GROUP BY number
"""
NO_JOINS: Final = [0, 0, 0, 0, 0]
NO_HOST: Final = ["", "", "", [], []]
NO_PLAN: Final = [None, 0]
ROW: Final[Columns] = (
    "uuid",
    "number",
    "type",
    "host_display_name",
    "host_email",
    "start_time",
    "end_time",
    "topic",
    "participants",
    "duration",
    "total_participant_minutes",
    "department",
    "group",
    "platform",
    "unique_viewers",
    "max_concurrent_views",
    "create_time",
    "custom_fields",
    "tracking_fields",
    "features",
)


def _complete(context: Context, rows: list[list[Any]]) -> list[list[Any]]:
    """Rows of `READ` as rows of `ROW`: joins counted, the host and the plan looked up."""
    if not rows:
        return []
    account = context.caller.account_id
    numbers, hosts = sorted({row[5] for row in rows if row[5]}), sorted({row[7] for row in rows if row[7]})
    beside = context.store.beside
    people = beside(_known, context, HOSTS, {"account": account, "users": hosts}, of_tables(account, "people"))
    plans = beside(_known, context, PLANNED, {"account": account, "numbers": numbers}, of_tables(account, "plans", "registrants"))
    uuids, ends = [row[1] for row in rows], [row[2] or 0 for row in rows]
    joins = _known(context, JOINS, {"account": account, "uuids": uuids, "ends": ends}, of_uuids(uuids))
    users, planned = people(), plans()
    return [_row(row, joins.get(row[1], NO_JOINS), users.get(row[7], NO_HOST), planned.get(row[5], NO_PLAN)) for row in rows]


def _known(context: Context, sql: str, asked: dict[str, Any], depends: tuple[Hashable, ...]) -> dict[Any, list[Any]]:
    """The rows of a question, by their first column."""
    return {key: said for key, *said in context.known(sql, asked, depends)}


def _row(row: list[Any], joins: list[Any], host: list[Any], plan: list[Any]) -> list[Any]:
    begun, uuid, ended, _, kind, number, topic, _, name, mail, platform, features, tracking = row
    count, used, seconds, people, at_once = joins
    viewers = (people, at_once) if kind == "webinar" else (0, 0)
    length = max(0, ended - begun) if ended is not None else 0
    return [
        *(uuid, number, kind.capitalize(), name or host[0], mail or host[1]),
        *(instant(begun), instant(ended), topic, count, -(-length // 60), -(-int(seconds) // 60)),
        *(host[2], ",".join(host[3]), platform, *viewers, plan[0]),
        *([[key, value] for key, _, value in host[4]], tracking),
        features | used | (Feature.REGISTRATION if plan[1] else 0),
    ]


def _depends(context: Context, params: HistoryParams, range_: Window) -> tuple[Hashable, ...] | None:
    """What a list follows from whose instances can't change by themselves."""
    if range_.end + DAY >= context.live_since or params.date_type == "end_time":
        return None
    account = context.caller.account_id
    days = of_days(account, max(0, range_.begin - MARGIN), range_.end + MARGIN)
    return (*days, *of_tables(account, "people", "plans", "registrants"))


@endpoint(
    "/report/history_meetings",
    name="report_history_meetings",
    granular="list_history_meetings",
    area="report",
    families=("reports",),
    rate="report",
    response=HistoryPage,
    operation="Gethistorymeetingandwebinarlist",
)
def report_history_meetings(context: Context, params: HistoryParams) -> Answer:
    """Report the past meetings and webinars of a date range in one list; those with one participant are left out."""
    params, cursor = resume(context, "report_history_meetings", params)
    range_ = window(params, context.settings.profile)
    rows = _read(context, params, range_, cursor)
    more, rows = len(rows) > params.size, rows[: params.size]
    next_token = token(context, "report_history_meetings", params, rows[-1][:2], 0) if more else ""
    columns: Columns = ("next_page_token", "page_size", ("history_meetings", ROW))
    made = [next_token, params.size, _complete(context, rows)]
    return Answer(HistoryPage, columns, made, _depends(context, params, range_))
