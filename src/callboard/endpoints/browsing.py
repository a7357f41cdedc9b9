"""Instances as one looks through them: each with its people, sites, features and bad minutes, remembered by day.

Judging the minutes of a day costs more than reading a list, so what one instance came to is kept until a fact of its
day changes; filters and orders are applied to what is kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import partial
from typing import Final, NamedTuple

from callboard.contract.features import Feature
from callboard.endpoints import minutes
from callboard.endpoints.daily import DAY, by_day, of_tables
from callboard.endpoints.figures import allowed_people
from callboard.endpoints.held import HELD_IDS, IN_RANGE, held, live_uuids
from callboard.endpoints.listing import SOLO
from callboard.endpoints.registry import Context, Kind
from callboard.endpoints.usage import USED
from callboard.quality import Profile
from callboard.store.tables import MEETINGS, PARTICIPANTS, PEOPLE

BYTES: Final = 1000
"""What one instance takes in memory, about."""


LIMITS: Final = ((0.01, "good"), (0.05, "fair"), (0.25, "poor"))
"""A share of bad minutes below the number has the band; what is above all of them is bad."""


def band_of(judged: int, bad: int) -> str:
    """The band of some minutes by the share of bad ones; empty where none was judged."""
    if not judged:
        return ""
    return next((band for below, band in LIMITS if bad / judged < below), "bad")


def share_of(judged: int, bad: int) -> float | None:
    """The share of bad minutes; None where none was judged."""
    return round(bad / judged, 4) if judged else None


class Call(NamedTuple):
    """One instance, and what its joins and minutes come to. Times are Unix seconds."""

    uuid: str
    kind: Kind
    begun: int
    ended: int | None
    solo: bool
    number: int
    topic: str
    host_id: str
    host_name: str
    host_email: str
    platform: str
    features: int
    joins: int
    people: int
    left_seconds: int
    stayed: int
    stayed_since: int
    sites: list[str]
    judged: int
    bad: int
    hit: int
    department: str = ""

    def live(self, context: Context) -> bool:
        """Whether it goes on."""
        return self.ended is None and self.begun >= context.live_since

    def seconds(self, now: int) -> int:
        """How long it went on, so far if it is live; none where it is not known."""
        return max(0, (self.ended or now) - self.begun) if self.ended or self.begun > now - DAY * 2 else 0

    def person_seconds(self, now: int) -> int:
        """Time of all joins together; who was not heard to leave stayed until the end."""
        return self.left_seconds + max(0, self.stayed * (self.ended or now) - self.stayed_since)

    @property
    def band(self) -> str:
        """How good it was."""
        return band_of(self.judged, self.bad)


WHO: Final = (
    f"SELECT user_id, {PEOPLE.merged('name', 'email', 'dept', 'location')} FROM people WHERE account_id = {{account:String}}"
)
MOVED: Final = f"""
-- browsing.moved: a number that changes when someone's name, mail address, department or site does
SELECT groupBitXor(cityHash64(user_id, name, email, dept, location)) FROM ({WHO} GROUP BY user_id)
"""
SAID: Final = ("number", "topic", "host_id", "host_name", "host_email", "platform")
CALLS: Final = f"""
-- browsing.calls: instances that began in a range, and what their joins and minutes come to
WITH instances AS (
  SELECT uuid, any(kind) AS kind, toUnixTimestamp(min(start_time)) AS begun, toUnixTimestamp(max(end_time)) AS ended,
         {SOLO} AS solo, groupBitOr(features) AS said, {MEETINGS.merged(*SAID)}
  FROM meetings WHERE {IN_RANGE}
  GROUP BY uuid HAVING begun >= {{begin:UInt32}} AND begun < {{end:UInt32}})
SELECT i.uuid, toString(kind), begun, ended, solo, ifNull(number, 0), topic, ifNull(host_id, ''),
       if(h.name = '', host_name, h.name), if(h.email = '', host_email, h.email), ifNull(platform, 'zoom'),
       bitOr(said, ifNull(used, 0)), ifNull(joins, 0), ifNull(people, 0), ifNull(left_seconds, 0),
       ifNull(stayed, 0), ifNull(stayed_since, 0), sites, ifNull(known, 0), ifNull(bad, 0), ifNull(hit, 0),
       h.dept
FROM instances AS i
LEFT JOIN ({WHO} GROUP BY user_id) AS h ON h.user_id = ifNull(i.host_id, '')
LEFT JOIN ({USED}) AS u ON u.uuid = i.uuid
LEFT JOIN (
  SELECT uuid, countIf(main) AS joins, uniqExactIf(who, main) AS people,
         sumIf(dateDiff('second', joined, gone), timed AND gone > joined) AS left_seconds,
         countIf(timed AND isNull(gone)) AS stayed, sumIf(toUnixTimestamp(joined), timed AND isNull(gone)) AS stayed_since,
         arraySort(arrayFilter(x -> x != '', groupUniqArray(if(w.location = '', place, w.location)))) AS sites
  FROM (
    SELECT uuid, user_id, bitAnd(groupBitOr(features), {Feature.JOINED:d}) != 0 AS main,
           {PARTICIPANTS["join_time"].merged} AS joined, {PARTICIPANTS["leave_time"].merged} AS gone,
           main AND isNotNull(joined) AS timed, ifNull(max(participant_user_id), '') AS person,
           coalesce(nullIf(person, ''), lower(nullIf(max(email), '')), max(name).2, user_id) AS who,
           ifNull({PARTICIPANTS["location"].merged}, '') AS place
    FROM participants WHERE account_id = {{account:String}} AND {HELD_IDS}
    GROUP BY uuid, user_id) AS p
  LEFT JOIN ({WHO} GROUP BY user_id) AS w ON w.user_id = p.person
  GROUP BY uuid) AS j ON j.uuid = i.uuid
LEFT JOIN (
  SELECT uuid, sum(n) AS known, sum(b) AS bad, countIf(b > 0) AS hit FROM (
    SELECT uuid, user_id, countIf(worst > 0) AS n, countIf(worst >= {minutes.POOR}) AS b
    FROM ({{judged}}) GROUP BY uuid, user_id)
  GROUP BY uuid) AS q ON q.uuid = i.uuid
"""
OF_LIVE: Final = (
    CALLS.replace("-- browsing.calls: instances", "-- browsing.live_calls: live ones of the instances")
    .replace(HELD_IDS, "uuid IN {uuids:Array(String)}")
    .replace(f"WHERE {IN_RANGE}", f"WHERE {IN_RANGE} AND uuid IN {{uuids:Array(String)}}")
)


def _read(context: Context, profile: Profile, begin: int, end: int) -> dict[int, list[Call]]:
    sql = CALLS.replace("{judged}", minutes.judged(profile))
    days: dict[int, list[Call]] = defaultdict(list)
    for row in context.store.ask(sql, held(context, begin, end), wide=True).rows:
        days[row[2] // DAY].append(Call(*row))
    return days


def calls(context: Context, kind: Kind | None, profile: Profile, begin: int, end: int) -> list[Call]:
    """The instances that began in `[begin, end)` and that the caller may see, live ones too.

    They are remembered under a name that says who people are: they are told of often, and seldom change.
    """
    account = context.caller.account_id
    of_people = of_tables(account, "people")
    moved = context.remembered("moved", of_people, lambda: context.store.ask(MOVED, {"account": account}).rows[0][0])
    count = partial(_read, context, profile)
    days = by_day(context, f"calls {profile.name} {moved}", begin, end, count, ("table", account, "registrants"), each=BYTES)
    return _seen(context, (c for rows in days.values() for c in rows if begin <= c.begun < end and kind in (None, c.kind)))


def live_calls(context: Context, kind: Kind | None, profile: Profile) -> list[Call]:
    """The instances that go on and that the caller may see."""
    uuids = live_uuids(context)
    if not uuids:
        return []
    asked = held(context, context.live_since, context.now + 3600) | {"uuids": uuids}
    found = (Call(*row) for row in context.store.ask(OF_LIVE.replace("{judged}", minutes.judged(profile)), asked).rows)
    return _seen(context, (call for call in found if call.ended is None and kind in (None, call.kind)))


def _seen(context: Context, found: Iterable[Call]) -> list[Call]:
    """Those whose hosts are in the caller's groups, if it has some."""
    allowed = allowed_people(context)
    return [call for call in found if allowed is None or call.host_id in allowed]
