"""One person's calls: how many, how good, with what, and each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from pydantic import Field

from callboard.contract.board import MeetingsOfPerson, Person
from callboard.contract.features import Feature
from callboard.contract.wire import Columns
from callboard.endpoints import minutes
from callboard.endpoints.browsing import band_of, share_of
from callboard.endpoints.causes import LATE_SECONDS, BadMinute, caused
from callboard.endpoints.daily import DAY, by_day, of_days, of_tables
from callboard.endpoints.figures import allowed_people
from callboard.endpoints.held import HELD_IDS, IN_RANGE, held
from callboard.endpoints.listing import IN_DAYS, LONGEST_DAY
from callboard.endpoints.pages import PAGE_COLUMNS, cut, resume
from callboard.endpoints.params import ById, Paged, Range, Window, instant, window
from callboard.endpoints.people import USER, find_user
from callboard.endpoints.received import NAMES
from callboard.endpoints.registry import Answer, Context, endpoint
from callboard.quality import Profile
from callboard.store.tables import MEETINGS, PARTICIPANTS, merge

BYTES: Final = 900
"""What one join takes in memory, about."""


class Join(NamedTuple):
    """One join of a person, and the instance that it was to. Times are Unix seconds, as they were told."""

    uuid: str
    user_id: str
    main: bool
    joined: int | None
    gone: int | None
    device: str
    os: str
    version: str
    network_type: str
    location: str
    kind: str
    topic: str
    begun: int
    ended: int | None
    host_id: str
    host_name: str
    judged: int
    bad: int

    def seconds(self, now: int) -> int:
        """How long it was, so far if the instance is live; who was not heard to leave stayed until the end."""
        if not self.main or self.joined is None:
            return 0
        return max(0, (self.gone or self.ended or now) - self.joined)


FOUND: Final = f"""
-- persons.found: a person's joins to instances that began in a range
SELECT uuid, user_id FROM participants
WHERE account_id = {{account:String}} AND ifNull(participant_user_id, '') = {{person:String}} AND {HELD_IDS}
"""
USED: Final = ("device", "os", "version", "network_type", "location")
_TIMES: Final = ("join_time", "first_minute", "leave_time", "last_minute")
_KEPT: Final = ("uuid", "user_id", "participant_user_id", "features", *_TIMES, *USED)
_ABOUT: Final = ("uuid", "kind", "topic", "start_time", "end_time", "host_id", "host_name")
THEIRS: Final = "uuid IN {uuids:Array(String)} AND user_id IN {users:Array(String)}"
KEPT: Final = f"""
-- persons.kept: some joins, as they are kept
SELECT {", ".join(f"toUnixTimestamp({name})" if name in _TIMES else name for name in _KEPT)} FROM participants
WHERE account_id = {{account:String}} AND {THEIRS}
"""
ABOUT: Final = f"""
-- persons.about: some instances, as they are kept
SELECT {", ".join(f"toUnixTimestamp({name})" if name.endswith("_time") else name for name in _ABOUT)} FROM meetings
WHERE {IN_RANGE} AND uuid IN {{uuids:Array(String)}}
"""
QUALITY: Final = f"""
-- persons.quality: the minutes of some joins, and bad ones among them
SELECT uuid, user_id, countIf(worst > 0), countIf(worst >= {minutes.POOR}) FROM ({{judged}}) GROUP BY uuid, user_id
"""
MINUTES: Final = f"{THEIRS} AND {IN_DAYS}"


def _joins(context: Context, person: str, profile: Profile, asked: Window) -> list[Join]:
    """The joins of a person to instances that began in a range and that the caller may see, the oldest instance first.

    Days are remembered, and so is each instance by itself: much happens on the present day that is not this person's.
    """

    def count(begin: int, end: int) -> dict[int, Any]:
        days: dict[int, list[Join]] = defaultdict(list)
        for join in _found(context, person, profile, begin, end):
            days[join.begun // DAY].append(join)
        return days

    days = by_day(context, ("person", person, profile.name), asked.begin, asked.end, count, each=BYTES)
    allowed = allowed_people(context)
    found = (join for joins in days.values() for join in joins if asked.begin <= join.begun < asked.end)
    seen = [join for join in found if allowed is None or join.host_id in allowed]
    return sorted(seen, key=lambda join: (join.begun, join.uuid, join.user_id))


def _found(context: Context, person: str, profile: Profile, begin: int, end: int) -> Iterator[Join]:
    """The joins of a person to instances that began in a range."""
    asked, users, seen = held(context, begin, end), dict[str, set[str]](), context.memory.now
    for uuid, user in context.store.ask(FOUND, asked | {"person": person}).rows:
        users.setdefault(uuid, set()).add(user)

    def read(uuids: list[str]) -> dict[str, list[Join]]:
        return _read(context, person, profile, {uuid: users[uuid] for uuid in uuids}, asked)

    for joins in context.of_each(("joins", person, profile.name), users, read, 2 * BYTES, seen).values():
        yield from joins


def _read(
    context: Context, person: str, profile: Profile, users: dict[str, set[str]], asked: dict[str, Any]
) -> dict[str, list[Join]]:
    """The joins of a person to some instances; `users` are ids of joins by instance."""
    ask, beside = context.store.ask, context.store.beside
    asked = asked | {"uuids": sorted(users), "users": sorted(set().union(*users.values()))}
    quality = QUALITY.replace("{judged}", minutes.judged(profile, which=MINUTES, few=True))
    about, judging = beside(ask, ABOUT, asked), beside(ask, quality, asked)
    rows = [row for row in ask(KEPT, asked).rows if row[1] in users[row[0]]]
    instances = {uuid: said for uuid, *said in merge(MEETINGS, _ABOUT, about().rows, by=("uuid",))}
    judged = {(uuid, user): counts for uuid, user, *counts in judging().rows}
    found: dict[str, list[Join]] = {uuid: [] for uuid in users}
    for uuid, user, who, features, joined, first, gone, last, *used in merge(PARTICIPANTS, _KEPT, rows):
        if who == person and uuid in instances:
            kind, topic, begun, ended, host, named = instances[uuid]
            times = (joined if joined is not None else first, gone if gone is not None else last)
            said = (features & Feature.JOINED != 0, *times, *(value or "" for value in used))
            call = (kind, topic, begun, ended, host or "", named)
            found[uuid].append(Join._make((uuid, user, *said, *call, *judged.get((uuid, user), (0, 0)))))
    return found


WORST_CALLS: Final = 5
"""Causes are told of so many calls at the most: each is a question of its own."""
CAUSED_BYTES: Final = 20_000
"""What a person's bad minutes in a call take in memory, about."""


class PersonParams(ById, Range):
    """One person's calls in a range."""

    id: str = Field(description="User id or mail address.")
    profile: str = Field("", description="How minutes are judged; by default as the setting `quality_profile` says.")


class PersonAskedParams(PersonParams):
    """One person's calls in a range, and perhaps why they were bad."""

    causes: bool = Field(False, description=f"Add likely causes: of the {WORST_CALLS} calls with the most bad minutes.")


class PersonsMeetingsParams(Paged, PersonParams):
    """What one person was in."""


def _asked(context: Context, params: PersonParams) -> tuple[list[Any], Window, list[Join]]:
    """The user, the range, and the user's joins in it."""
    user, asked = find_user(context, params.id), window(params, "open")
    profile = minutes.profile_named(params.profile, context.settings)
    return user, asked, _joins(context, user[0], profile, asked)


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
    user, asked, joins = _asked(context, params)
    count = len({join.uuid for join in joins})
    stayed = (sum(join.seconds(context.now) for join in joins) + 30) // 60
    known, bad = sum(join.judged for join in joins), sum(join.bad for join in joins)
    who = [user[USER.index(column)] for column in (WHO | WHO_MORE).values()]
    why = _causes(context, params.profile, joins) if params.causes else [0, 0, []]
    columns: Columns = (
        *("from", "to", *WHO, *WHO_MORE, "meetings", "minutes", *FIGURES, ("devices", DEVICE)),
        *("caused_calls", "caused_minutes", ("causes", CAUSE)),
    )
    said = [asked.from_, asked.to, *who, count, stayed, known, bad, share_of(known, bad), _devices(joins), *why]
    return Answer(Person, columns, said)


MOST_DEVICES: Final = 50


def _devices(joins: list[Join]) -> list[list[Any]]:
    """Rows of `DEVICE`, the most used first."""
    used: dict[tuple[str, ...], list[int]] = {}
    for join in joins:
        if join.main:
            before = used.setdefault((join.device, join.os, join.version, join.network_type, join.location), [0, 0, 0])
            before[:] = [before[0] + 1, before[1] + join.judged, before[2] + join.bad]
    most = sorted(used.items(), key=lambda item: (-item[1][0], item[0]))[:MOST_DEVICES]
    return [[*with_, count, share_of(known, bad)] for with_, (count, known, bad) in most]


CAUSE: Final[Columns] = ("cause", "bad_minutes", "calls", "evidence")


def _by_call(joins: list[Join]) -> dict[str, list[Join]]:
    calls: dict[str, list[Join]] = defaultdict(list)
    for join in joins:
        calls[join.uuid].append(join)
    return calls


def _causes(context: Context, profile: str, joins: list[Join]) -> list[Any]:
    """Of the calls with the most bad minutes: how many, their bad minutes for a person, and rows of `CAUSE`."""
    judged = minutes.profile_named(profile, context.settings)
    by_call = _by_call(joins)
    bad_of = {uuid: sum(join.bad for join in theirs) for uuid, theirs in by_call.items()}
    calls = sorted(filter(bad_of.get, bad_of), key=lambda uuid: (-bad_of[uuid], uuid))[:WORST_CALLS]
    by_cause: dict[str, list[BadMinute]] = defaultdict(list)
    for uuid in calls:
        for bad in _caused(context, judged, by_call[uuid]):
            by_cause[str(bad.finding.cause)].append(bad)
    rows = []
    for cause, found in by_cause.items():
        worst = max(found, key=lambda bad: (max(bad.verdicts), sum(bad.verdicts), -bad.minute))
        rows.append([cause, len(found), len({bad.uuid for bad in found}), worst.finding.sentence])
    return [len(calls), sum(row[1] for row in rows), sorted(rows, key=lambda row: (-row[1], row[0]))]


def _caused(context: Context, profile: Profile, theirs: list[Join]) -> list[BadMinute]:
    """The bad minutes of a person in a call, each with its cause; `theirs` are all their joins to it."""
    call, users = theirs[0], sorted(join.user_id for join in theirs)
    span = minutes.asked(context, "", call.begun, (call.ended or context.now) + 60)
    facts = of_days(context.caller.account_id, max(0, span["begin"] - LONGEST_DAY), span["end"] + LATE_SECONDS)

    def read() -> list[BadMinute]:
        return [bad for bad in caused(context, profile, span, only=call.uuid) if bad.user_id in users]

    return list(context.remembered(("caused", profile.name, call.uuid, *users), facts, read, CAUSED_BYTES))


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
    user, asked, joins = _asked(context, params)
    calls = sorted(([theirs[0].begun, uuid, theirs] for uuid, theirs in _by_call(joins).items()), reverse=True)
    page = cut(context, "list_meetings_of_person", params, cursor, calls, lambda call: call[:2], newest_first=True)
    account, hosts = context.caller.account_id, sorted({theirs[0].host_id for *_, theirs in page.rows})
    known = context.known(NAMES, {"account": account, "users": hosts}, of_tables(account, "people")) if hosts else []
    names: dict[str, str] = dict(known)
    rows = [_meeting(context, user[0], names, theirs) for *_, theirs in page.rows]
    columns: Columns = ("from", "to", *PAGE_COLUMNS, ("meetings", MEETING))
    return Answer(MeetingsOfPerson, columns, [asked.from_, asked.to, *page.envelope, rows])


def _meeting(context: Context, person: str, names: dict[str, str], theirs: list[Join]) -> list[Any]:
    """A row of `MEETING` from all joins of a person to it; where and with what is that of the first of them."""
    call = theirs[0]
    first = min(theirs, key=lambda join: (join.joined is None, join.joined or 0, join.user_id))
    known, bad = sum(join.judged for join in theirs), sum(join.bad for join in theirs)
    times = [instant(call.begun), instant(call.ended), max(0, (call.ended or context.now) - call.begun)]
    about = [call.host_id, names.get(call.host_id) or call.host_name, call.host_id == person]
    stayed = sum(join.seconds(context.now) for join in theirs)
    quality = [known, bad, share_of(known, bad), band_of(known, bad)]
    used = [first.device, first.network_type, first.location] if first.joined is not None else ["", "", ""]
    return [call.uuid, call.kind, call.topic, *times, *about, stayed, *quality, *used]
