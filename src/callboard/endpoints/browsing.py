"""Instances as one looks through them: each with its people, sites, features and bad minutes, remembered by day.

Judging the minutes of a day costs more than reading a list, so what one instance came to is kept until a fact of its
day changes; filters and orders are applied to what is kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from typing import Any, Final, NamedTuple

from callboard.contract.features import Feature
from callboard.endpoints import minutes, params
from callboard.endpoints.daily import DAY, MOST_DAYS, of_tables
from callboard.endpoints.figures import allowed_people
from callboard.endpoints.held import HELD_IDS, IN_RANGE, PERSON, held, live_uuids
from callboard.endpoints.listing import SOLO
from callboard.endpoints.registry import Context, Kind
from callboard.endpoints.usage import USED
from callboard.quality import Profile
from callboard.store.tables import MEETINGS, PARTICIPANTS, PEOPLE

BYTES: Final = 1000
"""What one instance takes in memory, about."""
MANY: Final = 500
"""Of a day on which so many instances changed all are read anew."""


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
HEADS: Final = f"""
-- browsing.heads: instances that began in a range
SELECT i.uuid, toString(kind), begun, ended, solo, ifNull(number, 0), topic, ifNull(host_id, ''),
       if(h.name = '', host_name, h.name), if(h.email = '', host_email, h.email), ifNull(platform, 'zoom'), said, h.dept
FROM (
  SELECT uuid, any(kind) AS kind, toUnixTimestamp(min(start_time)) AS begun, toUnixTimestamp(max(end_time)) AS ended,
         {SOLO} AS solo, groupBitOr(features) AS said, {MEETINGS.merged(*SAID)}
  FROM meetings WHERE {IN_RANGE} AND {{heads}}
  GROUP BY uuid HAVING begun >= {{begin:UInt32}} AND begun < {{end:UInt32}}) AS i
LEFT JOIN ({WHO} GROUP BY user_id) AS h ON h.user_id = ifNull(i.host_id, '')
"""
JOINS: Final = f"""
-- browsing.joins: what the joins of instances come to
SELECT uuid, countIf(main), uniqExactIf(who, main),
       ifNull(sumIf(dateDiff('second', joined, gone), timed AND gone > joined), 0), countIf(timed AND isNull(gone)),
       ifNull(sumIf(toUnixTimestamp(joined), timed AND isNull(gone)), 0),
       arraySort(arrayFilter(x -> x != '', groupUniqArray(if(w.location = '', place, w.location))))
FROM (
  SELECT uuid, user_id, bitAnd(groupBitOr(features), {Feature.JOINED:d}) != 0 AS main,
         {PARTICIPANTS["join_time"].merged} AS joined, {PARTICIPANTS["leave_time"].merged} AS gone,
         main AND isNotNull(joined) AS timed, ifNull(max(participant_user_id), '') AS person,
         {PERSON} AS who,
         ifNull({PARTICIPANTS["location"].merged}, '') AS place
  FROM participants WHERE account_id = {{account:String}} AND {HELD_IDS}
  GROUP BY uuid, user_id) AS p
LEFT JOIN ({WHO} GROUP BY user_id) AS w ON w.user_id = p.person
GROUP BY uuid
"""
JUDGED: Final = f"""
-- browsing.judged: minutes of instances, and bad ones among them
WITH instances AS (SELECT uuid FROM meetings WHERE {IN_RANGE})
SELECT uuid, sum(known), sum(bad), countIf(bad > 0) FROM (
  SELECT uuid, user_id, countIf(worst > 0) AS known, countIf(worst >= {minutes.POOR}) AS bad
  FROM ({{judged}}) GROUP BY uuid, user_id)
GROUP BY uuid
"""
USES: Final = f"-- browsing.uses: features that instances used{USED}"
NO_JOINS: Final[list[Any]] = [0, 0, 0, 0, 0, []]
NO_MINUTES: Final[list[Any]] = [0, 0, 0]


def _read(context: Context, profile: Profile, begin: int, end: int, uuids: list[str] | None = None) -> list[Call]:
    """The instances that began in `[begin, end)`, or only some of them."""
    which, asked = "1" if uuids is None else minutes.OF_UUIDS, held(context, begin, end)
    questions = [HEADS.replace("{heads}", which), JOINS, JUDGED.replace("{judged}", minutes.judged(profile)), USES]
    if uuids is not None:
        questions = [sql.replace(HELD_IDS, which).replace(minutes.OF_WHICH, which) for sql in questions]
        asked["uuids"] = uuids
    asking = [context.store.beside(context.store.ask, sql, asked) for sql in questions[:-1]]
    used = dict(context.store.ask(questions[-1], asked).rows)
    heads, joined, quality = (ask().rows for ask in asking)
    joins = {uuid: figures for uuid, *figures in joined}
    judged_ = {uuid: figures for uuid, *figures in quality}
    made: list[list[Any]] = [
        [uuid, *said, features | used.get(uuid, 0), *joins.get(uuid, NO_JOINS), *judged_.get(uuid, NO_MINUTES), department]
        for uuid, *said, features, department in heads
    ]
    return [Call(*row) for row in made]


class Day(NamedTuple):
    """The instances of one day by uuid, as they were when the memory's sequence was `seen`."""

    seen: int
    calls: dict[str, Call]


BEGUN: Final = f"""
-- browsing.begun: the instances that began in a range
SELECT uuid FROM meetings WHERE {IN_RANGE}
GROUP BY uuid HAVING toUnixTimestamp(min(start_time)) >= {{begin:UInt32}} AND toUnixTimestamp(min(start_time)) < {{end:UInt32}}
"""


def _changed(context: Context, profile: Profile, day: int, before: Day) -> dict[str, Call]:
    """The instances of a day, of which only those are read that something was said of."""
    account, memory, begin = context.caller.account_id, context.memory, day * DAY
    there = list(before.calls)
    if memory.changed((("instances", account, day),), before.seen):  # there may be others
        there = [uuid for (uuid,) in context.store.ask(BEGUN, held(context, begin, begin + DAY)).rows]
    stale = [u for u in there if u not in before.calls or memory.changed((("uuid", u),), before.seen)]
    if len(stale) > MANY:
        return {call.uuid: call for call in _read(context, profile, begin, begin + DAY)}
    fresh = {call.uuid: call for call in _read(context, profile, begin, begin + DAY, stale)} if stale else {}
    return {uuid: call for uuid in there for call in [fresh.get(uuid) or before.calls.get(uuid)] if call}


def _of_days(context: Context, profile: Profile, name: Hashable, days: range) -> dict[int, dict[str, Call]]:
    """The instances of each day. A day is remembered, and read anew as far as it changed; of more than a year none is."""
    account, memory = context.caller.account_id, context.memory
    known: dict[int, dict[str, Call]] = {}
    missing: list[int] = []

    def keep(day: int, seen: int, found: dict[str, Call]) -> None:
        known[day] = found
        if len(days) <= MOST_DAYS:
            memory.put(("calls", name, account, day), (), Day(seen, found), 500 + BYTES * len(found), seen)

    for day in days:
        before, seen = memory.get(("calls", name, account, day)), memory.now
        if before is None:
            missing.append(day)
        elif memory.changed((("instances", account), ("instances", account, day)), before.seen):
            keep(day, seen, _changed(context, profile, day, before))
        else:
            known[day] = before.calls
    if missing:
        seen, found = memory.now, defaultdict[int, dict[str, Call]](dict)
        for call in _read(context, profile, missing[0] * DAY, (missing[-1] + 1) * DAY):
            found[call.begun // DAY][call.uuid] = call
        for day in missing:
            keep(day, seen, found[day])
    return known


def calls(context: Context, kind: Kind | None, profile: Profile, begin: int, end: int) -> list[Call]:
    """The instances that began in `[begin, end)` and that the caller may see, live ones too.

    They are remembered under a name that says who people are: they are told of often, and seldom change.
    """
    account = context.caller.account_id
    of_people = of_tables(account, "people")
    moved = context.remembered("moved", of_people, lambda: context.store.ask(MOVED, {"account": account}).rows[0][0])
    touched = params.days(begin, min(end, max(begin + 1, context.now + DAY)))
    days = _of_days(context, profile, (profile.name, moved), touched)
    return _seen(
        context, (c for _, day in sorted(days.items()) for c in day.values() if begin <= c.begun < end and kind in (None, c.kind))
    )


def live_calls(context: Context, kind: Kind | None, profile: Profile) -> list[Call]:
    """The instances that go on and that the caller may see."""
    uuids = live_uuids(context)
    found = _read(context, profile, context.live_since, context.now + 3600, uuids) if uuids else []
    return _seen(context, (call for call in found if call.ended is None and kind in (None, call.kind)))


def _seen(context: Context, found: Iterable[Call]) -> list[Call]:
    """Those whose hosts are in the caller's groups, if it has some."""
    allowed = allowed_people(context)
    return [call for call in found if allowed is None or call.host_id in allowed]
