"""One person's calls: how many, how good, with what, and each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final

from pydantic import Field

from callboard.contract.board import MeetingsOfPerson, Person
from callboard.contract.features import Feature
from callboard.contract.wire import Columns
from callboard.endpoints import minutes
from callboard.endpoints.browsing import band_of, share_of
from callboard.endpoints.causes import BadMinute, caused
from callboard.endpoints.listing import IN_GROUP
from callboard.endpoints.pages import PAGE_COLUMNS, keyed, resume
from callboard.endpoints.params import ById, Paged, Range, Window, instant, window
from callboard.endpoints.people import USER, find_user
from callboard.endpoints.received import NAMES
from callboard.endpoints.registry import Answer, Context, endpoint
from callboard.store.tables import PARTICIPANTS

SAID: Final = ("device", "os", "version", "network_type", "location")
THEIRS: Final = f"""
  SELECT uuid, user_id, bitAnd(groupBitOr(features), {Feature.JOINED:d}) != 0 AS main,
         coalesce({PARTICIPANTS["join_time"].merged}, min(first_minute)) AS joined,
         coalesce({PARTICIPANTS["leave_time"].merged}, max(last_minute)) AS gone,
         {", ".join(f"ifNull({PARTICIPANTS[name].merged}, '') AS {name}" for name in SAID)}
  FROM participants WHERE account_id = {{account:String}} AND uuid IN (
    SELECT uuid FROM participants WHERE account_id = {{account:String}} AND ifNull(participant_user_id, '') = {{person:String}})
  GROUP BY uuid, user_id HAVING ifNull(max(participant_user_id), '') = {{person:String}}"""
"""The person's joins."""
ABOUT: Final = """
  SELECT uuid, toString(any(kind)) AS kind, toUnixTimestamp(min(start_time)) AS begun, toUnixTimestamp(max(end_time)) AS ended,
         max(topic).2 AS said, ifNull(max(host_id), '') AS host, ifNull(max(host_name).2, '') AS named
  FROM meetings WHERE account_id = {account:String} AND uuid IN (SELECT uuid FROM theirs)
  GROUP BY uuid HAVING begun >= {begin:UInt32} AND begun < {end:UInt32} {in_groups}"""
QUALITY: Final = f"""
  SELECT uuid, user_id, countIf(worst > 0) AS known, countIf(worst >= {minutes.POOR}) AS bad
  FROM ({{judged}}) GROUP BY uuid, user_id"""
SPANS: Final = "greatest(0, toInt64(ifNull(toUnixTimestamp(gone), ifNull(ended, {now:UInt32}))) - toUnixTimestamp(joined))"
STAYED: Final = f"sumIf({SPANS}, main AND isNotNull(joined))"
TOGETHER: Final = f"""
WITH theirs AS ({THEIRS}), about AS ({ABOUT}), instances AS (SELECT uuid FROM about),
judged AS (SELECT * FROM ({QUALITY}) WHERE (uuid, user_id) IN (SELECT uuid, user_id FROM theirs))
"""
"""The person's joins, what they were to, and their minutes."""
MEETINGS: Final = f"""
-- persons.meetings: what a person was in
SELECT * FROM ({TOGETHER}
SELECT toUInt64(any(a.begun)) AS key_at, t.uuid AS key_id, t.uuid AS instance, any(kind) AS kind, any(said) AS said,
       any(begun) AS begun, any(ended) AS ended, any(host) AS host, any(named) AS named, {STAYED} AS stayed,
       sum(known) AS known, sum(bad) AS bad,
       argMin(device, joined) AS device, argMin(network_type, joined) AS network, argMin(location, joined) AS location
FROM theirs AS t INNER JOIN about AS a ON a.uuid = t.uuid
LEFT JOIN judged AS j ON j.uuid = t.uuid AND j.user_id = t.user_id
GROUP BY t.uuid)"""
TOTALS: Final = f"""
-- persons.totals: how much, how good
{TOGETHER.strip()}
SELECT uniqExact(t.uuid), intDiv({STAYED} + 30, 60), sum(known), sum(bad)
FROM theirs AS t INNER JOIN about AS a ON a.uuid = t.uuid
LEFT JOIN judged AS j ON j.uuid = t.uuid AND j.user_id = t.user_id
"""
DEVICES: Final = f"""
-- persons.devices: with what
{TOGETHER.strip()}
SELECT device, os, version, network_type, location, count() AS n, sum(known), sum(bad)
FROM theirs AS t INNER JOIN about AS a ON a.uuid = t.uuid
LEFT JOIN judged AS j ON j.uuid = t.uuid AND j.user_id = t.user_id
WHERE main GROUP BY device, os, version, network_type, location ORDER BY n DESC, device, version, location LIMIT 50
"""


WORST_CALLS: Final = 5
"""Causes are told of so many calls at the most: each is a question of its own."""
WORST: Final = f"""
-- persons.worst: the calls with the most bad minutes for a person
{TOGETHER.strip()}
SELECT t.uuid, any(a.begun), any(a.ended), groupUniqArray(t.user_id)
FROM theirs AS t INNER JOIN about AS a ON a.uuid = t.uuid
INNER JOIN judged AS j ON j.uuid = t.uuid AND j.user_id = t.user_id
GROUP BY t.uuid HAVING sum(j.bad) > 0 ORDER BY sum(j.bad) DESC, t.uuid LIMIT {WORST_CALLS}
"""


class PersonParams(ById, Range):
    """One person's calls in a range."""

    id: str = Field(description="User id or mail address.")
    profile: str = Field("", description="How minutes are judged; by default as the setting `quality_profile` says.")


class PersonAskedParams(PersonParams):
    """One person's calls in a range, and perhaps why they were bad."""

    causes: bool = Field(False, description=f"Add likely causes: of the {WORST_CALLS} calls with the most bad minutes.")


class PersonsMeetingsParams(Paged, PersonParams):
    """What one person was in."""


Fill = Callable[[str], str]


def _about(context: Context, params: PersonParams) -> tuple[list[Any], Window, dict[str, Any], Fill]:
    """The user, the range, what questions are asked with, and what fills their gaps: judged minutes, the caller's groups."""
    user, asked = find_user(context, params.id), window(params, "open")
    profile = minutes.profile_named(params.profile, context.settings)
    about = minutes.asked(context, "", asked.begin, asked.end) | {"person": user[0], "now": context.now}
    judged, groups = minutes.judged(profile), f"AND {IN_GROUP}" if context.caller.groups else ""
    return user, asked, about, lambda sql: sql.replace("{judged}", judged).replace("{in_groups}", groups)


FIGURES: Final[Columns] = ("judged_minutes", "bad_minutes", "share_bad")
DEVICE: Final[Columns] = ("device", "os", "version", "network", "location", "joins", "share_bad")
WHO: Final = {"user_id": "user_id", "name": "name", "email": "email", "department": "dept", "site": "location"}
WHO_MORE: Final = {"timezone": "timezone", "status": "status", "last_login": "last_login", "version": "client_version"}


@endpoint(
    "/people/{userId:id}", name="get_person", families=("people", "meetings"), granular="user", rate="simple",
    response=Person, version="v1",
)  # fmt: skip
def get_person(context: Context, params: PersonAskedParams) -> Answer:
    """Get how much one person was in calls, how good they were, and with which devices."""
    user, asked, about, fill = _about(context, params)
    devices = context.store.beside(context.store.ask, fill(DEVICES), about, True)
    count, stayed, known, bad = context.store.ask(fill(TOTALS), about, wide=True).rows[0]
    who = [user[USER.index(column)] for column in (WHO | WHO_MORE).values()]
    used = [[*row[:6], share_of(row[6], row[7])] for row in devices().rows]
    why = _causes(context, params.profile, context.store.ask(fill(WORST), about, wide=True).rows) if params.causes else [0, 0, []]
    columns: Columns = (
        *("from", "to", *WHO, *WHO_MORE, "meetings", "minutes", *FIGURES, ("devices", DEVICE)),
        *("caused_calls", "caused_minutes", ("causes", CAUSE)),
    )
    said = [asked.from_, asked.to, *who, count, stayed, known, bad, share_of(known, bad), used, *why]
    return Answer(Person, columns, said)


CAUSE: Final[Columns] = ("cause", "bad_minutes", "calls", "evidence")


def _causes(context: Context, profile: str, calls: list[list[Any]]) -> list[Any]:
    """How many calls, their bad minutes for a person, and rows of `CAUSE`; `calls` are rows of `WORST`."""
    judged = minutes.profile_named(profile, context.settings)
    by_cause: dict[str, list[BadMinute]] = defaultdict(list)
    for uuid, begun, ended, users in calls:
        span = minutes.asked(context, "", begun, (ended or context.now) + 60)
        for bad in caused(context, judged, span, only=uuid):
            if bad.user_id in users:
                by_cause[str(bad.finding.cause)].append(bad)
    rows = []
    for cause, found in by_cause.items():
        worst = max(found, key=lambda bad: (max(bad.verdicts), sum(bad.verdicts), -bad.minute))
        rows.append([cause, len(found), len({bad.uuid for bad in found}), worst.finding.sentence])
    return [len(calls), sum(row[1] for row in rows), sorted(rows, key=lambda row: (-row[1], row[0]))]


MEETING: Final[Columns] = (
    *("uuid", "kind", "topic", "start_time", "end_time", "seconds", "host_id", "host_name", "hosted", "person_seconds"),
    *(*FIGURES, "band", "device", "network", "location"),
)


@endpoint(
    "/people/{userId:id}/meetings", name="list_meetings_of_person", families=("people", "meetings"), granular="user",
    rate="complex", response=MeetingsOfPerson, version="v1",
)  # fmt: skip
def list_meetings_of_person(context: Context, params: PersonsMeetingsParams) -> Answer:
    """List what one person was in, the newest first, with how good it was for them."""
    params, cursor = resume(context, "list_meetings_of_person", params)
    user, asked, about, fill = _about(context, params)
    sql = fill(MEETINGS)
    page = keyed(context, "list_meetings_of_person", params, cursor, sql, about, newest_first=True)
    hosts = {"account": context.caller.account_id, "users": sorted({row[5] for row in page.rows})}
    names = dict(context.store.ask(NAMES, hosts).rows) if page.rows else {}
    rows = [_meeting(context, user[0], names, row) for row in page.rows]
    columns: Columns = ("from", "to", *PAGE_COLUMNS, ("meetings", MEETING))
    return Answer(MeetingsOfPerson, columns, [asked.from_, asked.to, *page.envelope, rows])


def _meeting(context: Context, person: str, names: dict[str, str], row: list[Any]) -> list[Any]:
    uuid, kind, topic, begun, ended, host, named, stayed, known, bad, *where = row
    times = [instant(begun), instant(ended), max(0, (ended or context.now) - begun)]
    quality = [known, bad, share_of(known, bad), band_of(known, bad)]
    return [uuid, kind, topic, *times, host, names.get(host) or named, host == person, stayed, *quality, *where]
