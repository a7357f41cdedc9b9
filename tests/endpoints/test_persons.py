"""One person's calls, against a plain recount of random joins."""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import pytest

from callboard.app import Parts
from callboard.contract.features import Feature
from tests.contract.helpers import account
from tests.endpoints.test_board import BAD, GOOD
from tests.helpers import Office

DAY: Final = 86_400
UNJUDGED: Final = {"system_max_cpu_usage": 2000}
TOOLS: Final = (("Mac", "14", "6.1", "Wifi", "Lisbon"), ("Windows", "11", "6.0", "Wired", "Porto"), ("", "", "", "", ""))


class Instance(NamedTuple):
    """What is told of one instance; Unix seconds."""

    uuid: str
    begun: int
    ended: int | None
    host: str


class Told(NamedTuple):
    """What is told of one join."""

    uuid: str
    user: str
    person: str
    main: bool
    came: int | None
    left: int | None
    tools: tuple[str, ...]
    minutes: list[dict[str, int]]

    def seconds(self, call: Instance, now: int) -> int:
        """Its length: to the leave, or the end, or now."""
        if not self.main or self.came is None:
            return 0
        return max(0, (self.left or call.ended or now) - self.came)


class World(NamedTuple):
    """An account, and all that was told to it."""

    office: Office
    instances: list[Instance]
    joins: list[Told]
    today: int


def _instances(chance: random.Random, now: int) -> list[Instance]:
    """Twenty over the last six days, and two that go on."""
    made = []
    for n in range(20):
        begun = now - chance.randrange(3 * 3600, 6 * DAY)
        made.append(Instance(f"uuid-{n:02d}", begun, begun + chance.randrange(600, 3 * 3600), chance.choice(("ann", "ben"))))
    return [*made, Instance("live-1", now - 3000, None, "ann"), Instance("live-2", now - 900, None, "ben")]


def _joins(chance: random.Random, call: Instance, now: int) -> list[Told]:
    """Some of ann, ben and someone who is not signed in: rejoins, breakout rooms, unknown comings and leaves among them."""
    made = []
    for n in range(chance.randrange(1, 6)):
        end = call.ended or now
        came = chance.randrange(call.begun, max(call.begun + 1, end - 60))
        left = chance.choice((None, chance.randrange(came, end + 1)))
        main = chance.random() < 0.8
        scored = chance.choices((GOOD, BAD, UNJUDGED), k=chance.randrange(0, 4))
        who, tools = chance.choice(("ann", "ann", "ben", "")), chance.choice(TOOLS)
        made.append(Told(call.uuid, str(101 + n), who, main, chance.choice((came, came, None)), left, tools, scored))
    return made


def _load(office: Office, chance: random.Random, instances: list[Instance], joins: list[Told]) -> None:
    """In two rows a join at times, where the first does not tell who it is."""
    office.load(
        "meetings",
        [
            {"uuid": uuid, "kind": "meeting", "start_time": begun, "end_time": ended, "host_id": host, "topic": f"About {uuid}"}
            for uuid, begun, ended, host in instances
        ],
    )
    rows, minutes = [], []
    begun_of = {call.uuid: call.begun for call in instances}
    for join in joins:
        key = {"uuid": join.uuid, "user_id": join.user}
        bits = int(Feature.JOINED if join.main else Feature.BREAKOUT)
        about: dict[str, Any] = {"participant_user_id": join.person or None, "leave_time": join.left, "features": bits}
        about |= dict(zip(("device", "os", "version", "network_type", "location"), join.tools, strict=True))
        about = {name: value for name, value in about.items() if value not in ("", None)}
        came = {"join_time": join.came} if join.came else {}
        rows += [key | came | about] if chance.random() < 0.5 else [key | came, key | about]
        first = -(-begun_of[join.uuid] // 60) * 60
        minutes += [key | {"minute": first + 60 * n, "leg": "cloud"} | said for n, said in enumerate(join.minutes)]
    chance.shuffle(rows)
    for table, some in (("participants", rows[::2]), ("participants", rows[1::2]), ("qos_minutes", minutes)):
        if some:
            office.load(table, some)


@pytest.fixture(scope="module", params=range(3))
def world(parts: Parts, request: pytest.FixtureRequest) -> Iterator[World]:
    """An account with random joins."""
    chance, now = random.Random(request.param), int(time.time())
    with account(parts, f"persons-{request.param}") as office:
        office.load(
            "people", [{"user_id": user, "name": user.title(), "email": f"{user}@example.com"} for user in ("ann", "ben")]
        )
        instances = _instances(chance, now)
        joins = [join for call in instances for join in _joins(chance, call, now)]
        _load(office, chance, instances, joins)
        yield World(office, instances, joins, now // DAY * DAY)


def _theirs(world: World, person: str, begin: int, end: int) -> dict[Instance, list[Told]]:
    found = defaultdict(list)
    for call in world.instances:
        for join in world.joins:
            if join.uuid == call.uuid and join.person == person and begin <= call.begun < end:
                found[call].append(join)
    return found


def _share(joins: list[Told]) -> tuple[int, int, float | None]:
    """Minutes that could be judged, bad ones, and their share."""
    known = sum(said is not UNJUDGED for join in joins for said in join.minutes)
    bad = sum(said is BAD for join in joins for said in join.minutes)
    return known, bad, round(bad / known, 4) if known else None


def _iso(at: int | None) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at)) if at else ""


def _check(world: World, person: str, begin: int, end: int) -> None:
    """What is told of the person is what a recount says; live calls may go on for some seconds between asking and counting."""
    theirs = _theirs(world, person, begin, end)
    dates = {"from": _iso(begin), "to": _iso(end - 1)}
    said, now = world.office.ask(f"/v1/people/{person}", **dates), int(time.time())
    joins = [join for some in theirs.values() for join in some]
    assert said["meetings"] == len(theirs)
    assert (said["judged_minutes"], said["bad_minutes"], said["share_bad"]) == _share(joins)
    seconds = sum(join.seconds(call, now) for call, some in theirs.items() for join in some)
    assert said["minutes"] == pytest.approx((seconds + 30) // 60, abs=2)
    used = defaultdict(list)
    for join in joins:
        if join.main:
            used[join.tools].append(join)
    keys = ("device", "os", "version", "network", "location")
    rows = {tuple(d[key] for key in keys): (d["joins"], d["share_bad"]) for d in said["devices"]}
    assert rows == {tools: (len(some), _share(some)[2]) for tools, some in used.items()}
    assert [d["joins"] for d in said["devices"]] == sorted((len(some) for some in used.values()), reverse=True)
    _check_list(world, person, theirs, dates)


def _check_list(world: World, person: str, theirs: dict[Instance, list[Told]], dates: dict[str, str]) -> None:
    """Page by page, the newest first."""
    listed, token = [], ""
    while True:
        asked = {"next_page_token": token} if token else dates | {"page_size": "4"}
        page, now = world.office.ask(f"/v1/people/{person}@example.com/meetings", **asked), int(time.time())
        listed, token = listed + page["meetings"], page["next_page_token"]
        assert page["total_records"] == len(theirs)
        if not token:
            break
    calls = sorted(theirs, key=lambda call: (call.begun, call.uuid), reverse=True)
    assert [m["uuid"] for m in listed] == [call.uuid for call in calls]
    for m, call in zip(listed, calls, strict=True):
        joins = theirs[call]
        assert (m["judged_minutes"], m["bad_minutes"], m["share_bad"]) == _share(joins)
        assert (m["topic"], m["start_time"], m["end_time"]) == (f"About {call.uuid}", _iso(call.begun), _iso(call.ended))
        assert (m["host_name"], m["hosted"]) == (call.host.title(), call.host == person)
        assert m["person_seconds"] == pytest.approx(sum(join.seconds(call, now) for join in joins), abs=20)
        assert m["seconds"] == pytest.approx((call.ended or now) - call.begun, abs=20)
        timed = [(join.came, join.tools) for join in joins if join.came is not None]
        first = min(timed)[1] if timed else TOOLS[2]
        firsts = {tools for came, tools in timed if came == min(timed)[0]} or {first}
        assert (m["device"], m["network"], m["location"]) in {(t[0], t[3], t[4]) for t in firsts}


@pytest.mark.parametrize("person", ["ann", "ben"])
def test_a_person_is_a_plain_recount(world: World, person: str) -> None:
    """Days, the present one, and a range that cuts days; asked twice, for days are remembered."""
    for begin, end in ((-7 * DAY, DAY), (0, DAY), (-4 * DAY - 30_000, -40_000), (-7 * DAY, DAY)):
        _check(world, person, world.today + begin, world.today + end)


def test_what_is_remembered_follows_what_is_told_later(world: World) -> None:
    """A leave, bad minutes and a new join of a live call, and a join of a closed day, show in the next answers."""
    begin, end = world.today - 7 * DAY, world.today + DAY
    _check(world, "ann", begin, end)
    now, chance = int(time.time()), random.Random(7)
    live, old = world.instances[-2], world.instances[0]
    more = [
        Told(live.uuid, "201", "ann", True, live.begun + 60, live.begun + 600, TOOLS[0], [BAD, GOOD, UNJUDGED]),
        Told(live.uuid, "202", "ann", True, now - 30, None, TOOLS[1], [BAD]),
        Told(old.uuid, "203", "ann", True, old.begun, None, TOOLS[1], [GOOD]),
        Told("new", "101", "ann", True, now - 50, None, TOOLS[0], []),
    ]
    world.instances.append(Instance("new", now - 60, None, "ben"))
    world.joins.extend(more)
    _load(world.office, chance, [world.instances[-1]], [join for join in more if join.uuid == "new"])
    _add(world, chance, [join for join in more if join.uuid != "new"])
    _check(world, "ann", begin, end)
    _check(world, "ben", begin, end)


def _add(world: World, chance: random.Random, joins: list[Told]) -> None:
    """More joins of instances that are known."""
    uuids = {join.uuid for join in joins}
    _load(world.office, chance, [call for call in world.instances if call.uuid in uuids], joins)


def test_groups_narrow_a_person_to_calls_of_their_hosts(world: World) -> None:
    """Who covers ann's group sees of ann what people of that group host."""
    world.office.load("people", [{"user_id": "ann", "group_ids": ["sales"]}])
    token = world.office.token(groups=["sales"])
    begin, end = world.today - 7 * DAY, world.today + DAY
    dates = {"from": _iso(begin), "to": _iso(end - 1)}
    theirs = _theirs(world, "ann", begin, end)
    hers = [call for call in theirs if call.host == "ann"]
    assert world.office.get("/v1/people/ann", token, **dates).json()["meetings"] == len(hers) < len(theirs)
    assert world.office.get("/v1/people/ann", **dates).json()["meetings"] == len(theirs)
