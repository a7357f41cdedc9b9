"""What goes on at this moment, and what is wrong with it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import Field

from callboard.contract.access import Access
from callboard.contract.features import Feature
from callboard.contract.now import Now
from callboard.contract.wire import Columns
from callboard.endpoints import held, minutes
from callboard.endpoints.browsing import share_of
from callboard.endpoints.causes import BadMinute, caused
from callboard.endpoints.daily import of_days, of_table_parts
from callboard.endpoints.figures import allowed_people
from callboard.endpoints.listing import IN_GROUP, LONGEST_DAY
from callboard.endpoints.params import Params, instant
from callboard.endpoints.quality import DIMENSIONS
from callboard.endpoints.received import NAMES
from callboard.endpoints.registry import Answer, Context, endpoint
from callboard.endpoints.room_stays import all_rooms, live_stays, of_rooms
from callboard.endpoints.rooms import health
from callboard.endpoints.service import FRESHNESS, freshness
from callboard.endpoints.trends import TimeZone
from callboard.quality import Profile
from callboard.store.tables import MEETINGS

HOUR: Final = 3600
LAST_SECONDS: Final = 600
WEEKS: Final = 4
MOST: Final = 20
MOST_LINES: Final = 50


class NowParams(Params):
    """Parameters of what goes on."""

    timezone: TimeZone = Field("UTC", description="Whose weekday and hour are meant, such as `Europe/Berlin`.")
    profile: str = Field("", description="How minutes are judged; by default as the setting `quality_profile` says.")


# Quality by hour

BY_MINUTE: Final = f"""
-- now.by_minute: minutes of each hour of a range, and of each minute in it; a row without a minute is the hour's
SELECT intDiv(at, {HOUR}) AS hour, intDiv(at % {HOUR}, 60) + 1 AS minute_of, countIf(worst > 0), countIf(worst >= {minutes.POOR}),
       uniqExact(uuid)
FROM (SELECT uuid, worst, toUnixTimestamp(minute) - {{begin:UInt32}} AS at FROM ({{judged}}))
GROUP BY GROUPING SETS ((hour, minute_of), (hour))
"""
OF_SPAN: Final = f"""{minutes.IN_SPAN} AND uuid IN (
  SELECT uuid FROM qos_minutes WHERE account_id = {{account:String}} AND {minutes.IN_SPAN})"""
"""Said twice, for rows of a day are kept by instance: first which have some, then theirs."""
OF_GROUPS: Final = f"""{OF_SPAN} AND uuid IN (
  SELECT uuid FROM meetings
  WHERE account_id = {{account:String}} AND start_time >= {{begin:UInt32}} - {LONGEST_DAY} AND start_time < {{end:UInt32}}
  GROUP BY uuid HAVING {IN_GROUP})"""


class HourSeen(NamedTuple):
    """One hour: judged and bad minutes by each minute of it, and how many instances they are of."""

    judged: list[int]
    bad: list[int]
    instances: int


def _hours(context: Context, profile: Profile, begin: int, hours: int) -> list[HourSeen]:
    """The hours from `begin` (Unix seconds) on; each is remembered until a minute of it is told."""
    account, groups, seen = context.caller.account_id, tuple(sorted(context.caller.groups)), context.memory.now

    def key(at: int) -> Hashable:
        return ("hour", profile.name, account, groups, at)

    begins, told = [begin + n * HOUR for n in range(hours)], of_table_parts(account, "qos_minutes")
    known: dict[int, HourSeen] = {at: hour for at in begins if (hour := context.memory.get(key(at)))}
    missing = [at for at in begins if at not in known]
    if missing:
        asked = _asked_hours(context, profile, missing[0], missing[-1] + HOUR)
        for at in range(missing[0], missing[-1] + 1, HOUR):
            known[at] = asked[(at - missing[0]) // HOUR]
            depends: tuple[Hashable, ...] = (*told(at // HOUR), *told((at + HOUR - 1) // HOUR))
            if groups:  # who hosts what counts as well
                depends += (*of_days(account, at - LONGEST_DAY, at + HOUR), ("people", account))
            context.memory.put(key(at), depends, known[at], 1500, seen)
    return [known[at] for at in begins]


def _asked_hours(context: Context, profile: Profile, begin: int, end: int) -> list[HourSeen]:
    judged = minutes.judged(profile, which=OF_GROUPS if context.caller.groups else OF_SPAN)
    found = [HourSeen([0] * 60, [0] * 60, 0) for _ in range(begin, end, HOUR)]
    asked = minutes.asked(context, "", begin, end)
    for hour, minute, known, bad, instances in context.store.ask(BY_MINUTE.replace("{judged}", judged), asked, wide=True).rows:
        if minute:
            found[hour].judged[minute - 1], found[hour].bad[minute - 1] = known, bad
        else:
            found[hour] = found[hour]._replace(instances=instances)
    return found


def _usual(context: Context, profile: Profile, hour: datetime, passed: int) -> list[list[Any]]:
    """As many minutes of the same hour in past weeks: `[hour_start, judged, bad, share]`, newest first."""
    begins = [int((hour - timedelta(weeks=week)).timestamp()) for week in range(1, WEEKS + 1)]
    asking = [context.store.beside(_hours, context, profile, begin, 1) for begin in begins]
    sums = [(sum(seen.judged[:passed]), sum(seen.bad[:passed])) for ask in asking for seen in ask()]
    return [[instant(begin), judged, bad, share_of(judged, bad)] for begin, (judged, bad) in zip(begins, sums, strict=True)]


# What is wrong

LIVE: Final = f"""
-- now.live: what goes on
SELECT uuid, toString(any(kind)), ifNull(max(number), 0), {MEETINGS.merged("topic")}, ifNull(max(host_id), ''), max(host_name).2,
       toUnixTimestamp(min(start_time))
{held.LIVE} {{groups}}
"""


class Live(NamedTuple):
    """An instance that goes on; `begun` is Unix seconds."""

    uuid: str
    kind: str
    number: int
    topic: str
    host_id: str
    host_name: str
    begun: int


def _live(context: Context) -> list[Live]:
    """The instances that go on and that the caller may see."""
    groups = sorted(context.caller.groups)
    asked = {"account": context.caller.account_id, "live_since": context.live_since, "groups": groups}
    sql = LIVE.replace("{groups}", f"AND {IN_GROUP}" if groups else "")
    return [Live(*row) for row in context.store.ask(sql, asked).rows]


LAST: Final = f"""
-- now.last: joins of live instances, and their minutes of the last ten
WITH instances AS (SELECT arrayJoin({{uuids:Array(String)}}) AS uuid)
SELECT p.uuid, p.user_id, shown, isNull(gone) AND main AS there, ifNull(known, 0), ifNull(bad, 0) FROM (
  SELECT uuid, user_id, ifNull(max(name).2, '') AS shown, max(leave_time) AS gone,
         bitAnd(groupBitOr(features), {Feature.JOINED:d}) != 0 AS main
  FROM participants WHERE account_id = {{account:String}} AND uuid IN {{uuids:Array(String)}} GROUP BY uuid, user_id) AS p
LEFT JOIN (
  SELECT uuid, user_id, countIf(worst > 0) AS known, countIf(worst >= {minutes.POOR}) AS bad FROM ({{judged}})
  GROUP BY uuid, user_id) AS q ON q.uuid = p.uuid AND q.user_id = p.user_id
"""
Joins = dict[str, list[list[Any]]]
"""By uuid: rows `[user_id, name, there, judged, bad]`."""


def _joins(context: Context, profile: Profile, live: list[Live]) -> Joins:
    asked = minutes.asked(context, "", context.now - LAST_SECONDS, context.now + HOUR) | {"uuids": [call.uuid for call in live]}
    joins: Joins = defaultdict(list)
    if live:
        for uuid, *row in context.store.ask(LAST.replace("{judged}", minutes.judged(profile)), asked, wide=True).rows:
            joins[uuid].append(row)
    return joins


def _why(context: Context, profile: Profile) -> dict[str, list[BadMinute]]:
    """By uuid: the bad minutes of the last ten, with their causes."""
    asked = minutes.asked(context, "", context.now - LAST_SECONDS, context.now)
    found: dict[str, list[BadMinute]] = defaultdict(list)
    for minute in caused(context, profile, asked, values={"site": DIMENSIONS["site"][0]}, overlapping=True):
        found[minute.uuid].append(minute)
    return found


def _troubles(context: Context, live: list[Live], joins: Joins, why: dict[str, list[BadMinute]]) -> list[list[Any]]:
    """A row of `TROUBLE` for each live instance with bad minutes, those that hit the most people first."""
    hit = {uuid: [row for row in rows if row[4]] for uuid, rows in joins.items()}
    hit = {uuid: rows for uuid, rows in hit.items() if rows}
    if not hit:
        return []
    hosts = {"account": context.caller.account_id, "users": sorted({call.host_id for call in live if call.uuid in hit})}
    names = dict(context.store.ask(NAMES, hosts).rows)
    named = [call._replace(host_name=names.get(call.host_id) or call.host_name) for call in live]
    made = [_trouble(call, joins[call.uuid], hit[call.uuid], why.get(call.uuid, [])) for call in named if call.uuid in hit]
    return sorted(made, key=lambda row: (-row[8], row[0]))[:MOST]


def _trouble(call: Live, joins: list[list[Any]], hit: list[list[Any]], why: list[BadMinute]) -> list[Any]:
    judged, bad = sum(row[3] for row in joins), sum(row[4] for row in joins)
    sites = {minute.user_id: minute.values[0] for minute in why}
    people = [[name, user, sites.get(user, ""), count] for user, name, _, _, count in sorted(hit, key=lambda r: (-r[4], r[0]))]
    there, known = sum(bool(row[2]) for row in joins), sum(row[3] > 0 for row in joins)
    about = [call.uuid, call.kind, call.number, call.topic, call.host_id, call.host_name, instant(call.begun)]
    causes = Counter(str(minute.finding.cause) for minute in why)
    places = Counter(minute.values[0] for minute in why if minute.values[0])
    return [*about, there, len(hit), known, judged, bad, share_of(judged, bad), _most(causes), _most(places), people]


def _most(counts: Counter[str]) -> str:
    return counts.most_common(1)[0][0] if counts else ""


ALERTS: Final = f"""
-- now.alerts: Zoom's alerts of the last hour
SELECT a.uuid, ifNull(toString(any(a.kind)), ''), any(said), issue, toUnixTimestamp(at) AS raised FROM alerts AS a
LEFT JOIN (SELECT uuid, max(topic).2 AS said, max(host_id) AS host FROM meetings WHERE account_id = {{account:String}}
           AND start_time > {{now:UInt32}} - 172800 GROUP BY uuid) AS m ON m.uuid = a.uuid
WHERE account_id = {{account:String}} AND at > {{now:UInt32}} - {HOUR}
  AND (empty({{hosts:Array(String)}}) OR host IN {{hosts:Array(String)}})
GROUP BY a.uuid, issue, at ORDER BY raised DESC, a.uuid, issue LIMIT {MOST_LINES}
"""
OPEN: Final = """
-- now.open_issues: issues of rooms that are not cleared
SELECT room_id, issue, toUnixTimestamp(maxIf(at, edge = 'raised')) AS since FROM room_issues
WHERE account_id = {account:String} AND room_id IN {ids:Array(String)}
GROUP BY room_id, issue HAVING argMax(edge, (at, edge = 'cleared')) = 'raised'
ORDER BY since DESC, room_id, issue
"""


def _alerts(context: Context) -> list[list[Any]]:
    allowed = allowed_people(context)
    hosts = [] if allowed is None else sorted(allowed) or ["\0"]
    asked = {"account": context.caller.account_id, "now": context.now, "hosts": hosts}
    return [[*row[:4], instant(row[4])] for row in context.store.ask(ALERTS, asked).rows]


def _rooms(context: Context) -> tuple[list[int], list[list[Any]]]:
    """How many rooms are known, in use and with issues; and their open issues."""
    rooms = all_rooms(context)
    if not rooms:
        return [0, 0, 0], []
    here = context.store.beside(live_stays, context, rooms)
    issues = context.store.ask(OPEN, of_rooms(context, rooms, 0, context.now)).rows
    by_room: dict[str, list[str]] = defaultdict(list)
    for room_id, issue, _ in issues:
        by_room[room_id].append(issue)
    names = {room.room_id: room.room_name for room in rooms}
    lines = [[room, names[room], issue, instant(since), health(by_room[room])] for room, issue, since in issues[:MOST_LINES]]
    return [len(rooms), len({stay.room_id for stay in here()}), len(by_room)], lines


def _sees_rooms(context: Context) -> bool:
    caller = context.caller
    return not caller.groups and caller.may_read("zoomrooms") and Access(("zoomrooms",)).opened_by(caller.scopes)


FIGURES: Final[Columns] = ("judged_minutes", "bad_minutes", "share_bad")
TROUBLE: Final[Columns] = (
    *("uuid", "kind", "number", "topic", "host_id", "host_name", "start_time", "participants", "people_hit", "people_judged"),
    *(*FIGURES, "worst_cause", "worst_site", ("people", ("name", "user_id", "site", "minutes"))),
)
COLUMNS: Final[Columns] = (
    *("at", "timezone", "weekday", "hour_start", "live_meetings", "live_webinars", "participants", "rooms_shown"),
    *("rooms_known", "rooms_in_use", "rooms_with_issues", *(f"quality_{name}" for name in FIGURES)),
    *(("usual", ("hour_start", *FIGURES)), "usual_share_bad", ("hours", ("hour_start", *FIGURES, "meetings"))),
    *(("meetings", TROUBLE), ("alerts", ("uuid", "kind", "topic", "issue", "at"))),
    *(("rooms", ("room_id", "room_name", "issue", "since", "health")), ("stale", FRESHNESS)),
)


@endpoint(
    "/now",
    name="get_now",
    families=("meetings", "webinars"),
    granular="list_meetings",
    rate="complex",
    response=Now,
    version="v1",
)
def get_now(context: Context, params: NowParams) -> Answer:
    """Get what goes on at this moment, how good it is, and what is wrong."""
    profile = minutes.profile_named(params.profile, context.settings)
    here = datetime.fromtimestamp(context.now, ZoneInfo(params.timezone))
    hour = here.replace(minute=0, second=0)
    begin = int(hour.astimezone(UTC).timestamp())
    beside = context.store.beside
    why = beside(_why, context, profile)  # takes longest, and mostly there is something
    day = beside(_hours, context, profile, begin - 23 * HOUR, 24)
    usual = _usual(context, profile, hour, max(1, (context.now - begin) // 60))
    alerts = _alerts(context)
    seen = _sees_rooms(context)
    counts, issues = _rooms(context) if seen else ([0, 0, 0], [])
    live = _live(context)
    joins = _joins(context, profile, live)
    hours = [_hour(begin + (n - 23) * HOUR, seen_) for n, seen_ in enumerate(day())]
    then = (sum(row[1] for row in usual), sum(row[2] for row in usual))
    kinds = Counter(call.kind for call in live)
    there = sum(bool(row[2]) for rows in joins.values() for row in rows)
    moment = [instant(context.now), params.timezone, here.isoweekday(), instant(begin)]
    goes_on = [kinds["meeting"], kinds["webinar"], there, seen, *counts, *hours[-1][1:4]]
    stale = [row for row in freshness(context) if row[1] and row[2] > row[3]]
    wrong = [_troubles(context, live, joins, why()), alerts, issues, stale]
    return Answer(Now, COLUMNS, [*moment, *goes_on, usual, share_of(*then), hours, *wrong])


def _hour(begin: int, hour: HourSeen) -> list[Any]:
    judged, bad = sum(hour.judged), sum(hour.bad)
    return [instant(begin), judged, bad, share_of(judged, bad), hour.instances]
