"""Looking for things: by a few letters, and the values that filters may take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal

from pydantic import Field

from callboard.contract.access import Access
from callboard.contract.lookup import DimensionValues, FoundPage
from callboard.endpoints.daily import of_tables
from callboard.endpoints.listing import IN_GROUP, near
from callboard.endpoints.params import Params, instant
from callboard.endpoints.quality import DIMENSIONS, PERSON
from callboard.endpoints.registry import Answer, Context, endpoint
from callboard.endpoints.usage import FEATURES
from callboard.store.tables import MEETINGS, PARTICIPANTS, PEOPLE, ROOMS

RECENT_SECONDS: Final = 90 * 86_400


def _has(*columns: str) -> str:
    return "(" + " OR ".join(f"positionCaseInsensitiveUTF8({column}, {{q:String}}) > 0" for column in columns) + ")"


PEOPLE_FOUND: Final = f"""
-- lookup.people: users by name or mail address, those whose name begins with it first
SELECT 'person', user_id, name, email, NULL
FROM (SELECT user_id, {PEOPLE.merged("name", "email", "status", "group_ids")} FROM people
      WHERE account_id = {{account:String}} GROUP BY user_id)
WHERE ({_has("name", "email")} OR user_id = {{q:String}}) AND status != 'deleted'
  AND (empty({{groups:Array(String)}}) OR hasAny(group_ids, {{groups:Array(String)}}))
ORDER BY startsWith(lowerUTF8(name), lowerUTF8({{q:String}})) DESC, name, user_id LIMIT {{limit:UInt32}}
"""
ROOMS_FOUND: Final = f"""
-- lookup.rooms: rooms by name or place
SELECT 'room', room_id, room_name, location, NULL
FROM (SELECT room_id, {ROOMS.merged("room_name", "location", "deleted")} FROM rooms
      WHERE account_id = {{account:String}} GROUP BY room_id)
WHERE ({_has("room_name", "location")} OR room_id = {{q:String}}) AND ifNull(deleted, 0) = 0
ORDER BY room_name, room_id LIMIT {{limit:UInt32}}
"""
MEETINGS_FOUND: Final = f"""
-- lookup.instances: instances by topic, number, uuid or host, the newest first
SELECT toString(kind), uuid, {MEETINGS["topic"].merged} AS said,
       arrayStringConcat(arrayFilter(x -> x != '', [toString(max(number)), ifNull(max(host_name).2, '')]), ', '),
       toUnixTimestamp(min(start_time)) AS begun
FROM meetings
WHERE account_id = {{account:String}} AND kind IN {{kinds:Array(String)}} AND {{which}}
GROUP BY uuid, kind HAVING 1 {{in_group}}
ORDER BY begun DESC, uuid LIMIT {{limit:UInt32}}
"""
SAYS_SO: Final = f"""account_id = {{account:String}}
  AND ({_has("topic.2", "host_name.2")} OR startsWith(toString(number), {{digits:String}}) OR uuid = {{q:String}})"""
NEWEST: Final = f"""
-- lookup.newest: the newest instances of which something says so
SELECT uuid, toUnixTimestamp(min(start_time)) AS begun FROM meetings WHERE {SAYS_SO} AND kind IN {{kinds:Array(String)}}
GROUP BY uuid ORDER BY begun DESC, uuid LIMIT {{most:UInt32}}
"""
MORE: Final = 20
"""So many more are looked at: what else is said of an instance may tell of an earlier start."""
OF_NEWEST: Final = """start_time >= {from:UInt32} AND start_time < {until:UInt32} AND uuid IN {uuids:Array(String)}"""


class SearchParams(Params):
    """Parameters of the search."""

    q: str = Field("", max_length=200, description="Two letters or more: of a topic, name, mail address or room; or an id.")
    limit: int = Field(5, ge=1, le=100, description="Entries of each type at the most.")


def _may(context: Context, family: str) -> bool:
    return context.caller.may_read(family) and Access((family,)).opened_by(context.caller.scopes)


def _instances(context: Context, asked: dict[str, Any]) -> list[list[Any]]:
    """The newest instances that are meant: without groups to look at, details are read of those only."""
    if context.caller.groups:
        which, in_group = f"uuid IN (SELECT uuid FROM meetings WHERE {SAYS_SO})", f"AND {IN_GROUP}"
    else:
        newest = context.store.ask(NEWEST, asked | {"most": asked["limit"] + MORE}).rows
        if not newest:
            return []
        begun = [at for _, at in newest]
        span = near(min(begun), max(begun))
        which, in_group, asked = OF_NEWEST, "", asked | span | {"uuids": [uuid for uuid, _ in newest]}
    return context.store.ask(MEETINGS_FOUND.replace("{which}", which).replace("{in_group}", in_group), asked).rows


def _search(context: Context, asked: dict[str, Any]) -> list[list[Any]]:
    """What is found of what the caller may look for, each beside the others."""
    beside, asking = context.store.beside, list[Callable[[], list[list[Any]]]]()
    for family, table, sql in (("people", "people", PEOPLE_FOUND), ("zoomrooms", "rooms", ROOMS_FOUND)):
        if _may(context, family):
            asking.append(beside(context.known, sql, asked, of_tables(asked["account"], table)))
    if asked["kinds"]:
        asking.append(beside(_instances, context, asked))
    return [row for ask in asking for row in ask()]


@endpoint("/search", name="search", families=(), rate="medium", response=FoundPage, version="v1")
def search(context: Context, params: SearchParams) -> Answer:
    """Find people, rooms and instances by a few letters, of what the caller may read."""
    q = params.q.strip()
    digits = q.replace(" ", "").replace("-", "")
    asked: dict[str, Any] = {
        "account": context.caller.account_id,
        "q": q,
        "digits": digits if digits.isdigit() else "\0",
        "limit": params.limit,
        "groups": sorted(context.caller.groups),
        "kinds": [kind for kind in ("meeting", "webinar") if _may(context, f"{kind}s")],
    }
    found = _search(context, asked) if len(q) > 1 else []
    rows = [[type_, id_, title, detail, instant(at)] for type_, id_, title, detail, at in found]
    return Answer(FoundPage, ("q", ("found", ("type", "id", "title", "detail", "time"))), [params.q, rows])


# Values of dimensions

RECENT: Final = "SELECT uuid FROM meetings WHERE account_id = {account:String} AND start_time >= {since:UInt32}"
INSTANCES: Final = """
  SELECT uuid, max(platform) AS platform, max(host_id) AS host, groupBitOr(features) AS bits FROM meetings
  WHERE account_id = {account:String} AND start_time >= {since:UInt32} GROUP BY uuid"""
OF_PEOPLE: Final = f"""
  SELECT user_id, {PEOPLE.merged("name", "dept")} FROM people WHERE account_id = {{account:String}} GROUP BY user_id"""
_JOINED: Final = ("network_type", "location", "device", "version", "data_center")
JOINS: Final = f"""(
  SELECT uuid, user_id, ifNull(max(participant_user_id), '') AS person,
         {", ".join(f"ifNull({PARTICIPANTS[name].merged}, '') AS {name}" for name in _JOINED)}
  FROM participants WHERE account_id = {{account:String}} AND uuid IN ({RECENT}) GROUP BY uuid, user_id) AS p
{PERSON}"""
ROOM_PLACES: Final = f"""(
  SELECT {ROOMS["location"].merged} AS place FROM rooms WHERE account_id = {{account:String}} GROUP BY room_id)"""


def _of_joins(dimension: str) -> str:
    return f"SELECT {DIMENSIONS[dimension][0]} AS value, value AS title, count() AS n FROM {JOINS} GROUP BY value"


VALUES: Final[dict[str, str]] = {
    "department": f"""SELECT dept AS value, value AS title, count() AS n
FROM ({INSTANCES}) AS i INNER JOIN ({OF_PEOPLE}) AS w ON w.user_id = i.host GROUP BY value""",
    "host": f"""SELECT host AS value, if(any(name) = '', value, any(name)) AS title, count() AS n
FROM ({INSTANCES}) AS i LEFT JOIN ({OF_PEOPLE}) AS w ON w.user_id = i.host GROUP BY value""",
    "platform": f"SELECT ifNull(platform, 'zoom') AS value, value AS title, count() AS n FROM ({INSTANCES}) GROUP BY value",
    **{name: _of_joins(name) for name in ("site", "network", "device", "version", "data_center")},
    "room_location": f"SELECT ifNull(place, '') AS value, value AS title, count() AS n FROM {ROOM_PLACES} GROUP BY value",
}
"""By dimension: SQL of its values, their titles, and how many instances, joins or rooms have each."""
CHOSEN: Final = f"""
-- lookup.values: the most frequent values of a dimension
SELECT value, title, n FROM ({{values}}) WHERE value != '' AND ({{q:String}} = '' OR {_has("value", "title")})
ORDER BY n DESC, title, value LIMIT {{limit:UInt32}}
"""


class DimensionParams(Params):
    """Parameters of the values of a dimension."""

    name: Literal[
        "department", "site", "platform", "version", "device", "network", "data_center", "host", "feature", "room_location"
    ] = Field(description="The dimension.")
    q: str = Field("", description="Only values with these letters.", max_length=200)
    limit: int = Field(100, ge=1, le=1000, description="Values at the most.")


@endpoint(
    "/dimensions/{name:name}", name="list_dimension_values", families=("meetings", "webinars"), granular="list_meetings",
    rate="medium", response=DimensionValues, version="v1",
)  # fmt: skip
def list_dimension_values(context: Context, params: DimensionParams) -> Answer:
    """List the values that a dimension had in the last 90 days, the most frequent first."""
    if params.name == "feature":
        rows = [[name, name.replace("_", " "), 0] for name in FEATURES if params.q.lower() in name.replace("_", " ")]
    else:
        since = max(0, context.now - RECENT_SECONDS)
        asked = {"account": context.caller.account_id, "since": since, "q": params.q, "limit": params.limit}
        rows = context.store.ask(CHOSEN.replace("{values}", VALUES[params.name]), asked, wide=True).rows
    return Answer(DimensionValues, ("name", ("values", ("value", "title", "count"))), [params.name, rows[: params.limit]])
