"""One instance as lanes: people with their joins and shares, and each of their minutes judged, with its likely cause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from pydantic import Field

from callboard.contract.lanes import Lanes
from callboard.contract.wire import Columns
from callboard.endpoints import minutes
from callboard.endpoints.attendance import together
from callboard.endpoints.causes import BadMinute, caused
from callboard.endpoints.daily import of_days
from callboard.endpoints.instances import Instance, find
from callboard.endpoints.listing import LONGEST_DAY, complete
from callboard.endpoints.listing import ROW as LISTED
from callboard.endpoints.meetings import DETAIL
from callboard.endpoints.params import ById, instant, unix
from callboard.endpoints.participants import ROW as JOINED
from callboard.endpoints.participants import asked, joins, keys
from callboard.endpoints.registry import Answer, Context, Kind, endpoint
from callboard.endpoints.sharing import EDGES, spans
from callboard.quality import Profile
from callboard.store.tables import PEOPLE

MOST_JOINS: Final = 20_000
LETTERS: Final = {
    "network of one person": "P",
    "network of a site": "S",
    "device CPU": "D",
    "Wi-Fi": "W",
    "server side": "C",
    "unknown": "U",
}
BANDS: Final = ((0.01, "good"), (0.05, "fair"), (0.25, "poor"), (2.0, "bad"))
MEDIA: Final = ("worst", "audio", "video", "sharing")

JUDGED: Final = """
-- lanes.judged: every minute of one instance, judged
WITH instances AS (SELECT {uuid:String} AS uuid),
judged AS ({judged})
SELECT user_id, toUnixTimestamp(minute), audio, video, sharing FROM judged
"""
WHO: Final = f"""
-- lanes.who: department and site of some people
SELECT user_id, {PEOPLE.merged("dept", "location")} FROM people
WHERE account_id = {{account:String}} AND user_id IN {{people:Array(String)}} GROUP BY user_id
"""
RECORDED: Final = """
-- lanes.recorded: when an instance was recorded
SELECT DISTINCT toUnixTimestamp(min(recording_start)) AS begun, toUnixTimestamp(max(recording_end)) FROM recordings
WHERE account_id = {account:String} AND uuid = {uuid:String} GROUP BY uuid, file_id HAVING isNotNull(begun) ORDER BY begun
"""


class LanesParams(ById):
    """Parameters of one instance's lanes."""

    profile: str = Field("", description="How minutes are judged; by default as the setting `quality_profile` says.")


def figures(judged: int, bad: int) -> list[Any]:
    """Judged and bad minutes, their share and its band."""
    share = round(bad / judged, 4) if judged else None
    return [judged, bad, share, "" if share is None else next(band for limit, band in BANDS if share < limit)]


@dataclass
class Join:
    """One join: what was said of it, and when it came and left (Unix seconds)."""

    said: dict[Any, Any]
    came: int
    left: int

    @property
    def user_id(self) -> str:
        """Which join it is."""
        return str(self.said["user_id"])


@dataclass
class Person:
    """All joins of a person, and the minutes of them all: verdicts of audio, video and sharing by minute (Unix seconds)."""

    key: str
    joins: list[Join] = field(default_factory=list)
    judged: dict[int, list[int]] = field(default_factory=dict)
    bad: list[BadMinute] = field(default_factory=list)
    department: str = ""
    site: str = ""

    def said(self, name: str) -> str:
        """What the newest join that says something says of it."""
        return next((str(join.said[name]) for join in reversed(self.joins) if join.said[name]), "")

    @property
    def place(self) -> str:
        """The site, or where the person joined from."""
        return self.site or self.said("location")

    @property
    def figures(self) -> list[Any]:
        """Judged and bad minutes, by the worst medium."""
        worst = [max(verdicts) for verdicts in self.judged.values()]
        return figures(sum(1 for v in worst if v), sum(1 for v in worst if v >= minutes.POOR))


@dataclass
class Looked:
    """An instance, looked at: its people, and from which minute to when it went on."""

    instance: Instance
    profile: Profile
    people: list[Person]
    first: int
    over: int

    @property
    def minutes(self) -> int:
        """How many minutes there are, begun ones counted whole."""
        return max(1, -(-(self.over - self.first) // 60))

    @property
    def figures(self) -> list[Any]:
        """Judged and bad minutes of all."""
        own = [person.figures for person in self.people]
        return figures(sum(f[0] for f in own), sum(f[1] for f in own))

    def depends(self, account: str) -> tuple[Hashable, ...] | None:
        """What answers follow from: what others had is part of the causes, of the same day or the one before."""
        if self.instance.live:
            return None
        beside = of_days(account, self.instance.begun - LONGEST_DAY, self.over)
        return (*self.instance.depends, ("people", account), *beside)


def look(context: Context, kind: Kind, id_: str, profile_name: str) -> Looked:
    """Find an instance and judge all minutes of its people; of a past one that is remembered, for a page asks thrice."""
    seen, account = context.memory.now, context.caller.account_id
    instance = find(context, kind, id_, None)
    profile = minutes.profile_named(profile_name, context.settings)
    key = ("looked", account, instance.uuid, profile.name)
    known: Looked | None = context.memory.get(key)
    if known is not None:
        return replace(known, instance=instance)
    looked = _look(context, instance, profile)
    if (depends := looked.depends(account)) is not None:
        size = sum(2000 + 120 * len(person.judged) + 400 * len(person.bad) for person in looked.people)
        context.memory.put(key, depends, looked, size, seen)
    return looked


def _look(context: Context, instance: Instance, profile: Profile) -> Looked:
    over = instance.ended if instance.ended is not None else context.now if instance.live else instance.begun
    users = keys(context, instance, size=MOST_JOINS).users
    rows = [dict(zip(JOINED, row, strict=True)) for row in joins(context, instance, users)]
    there = [_join(row, over) for row in rows if row["join_time"] and row["status"] != "in_waiting_room"]
    first = min([instance.begun, *(join.came for join in there)]) // 60 * 60
    over = max([over, *(join.left for join in there)]) if instance.ended is None else over
    people = _people(there)
    _judge(context, instance, profile, people, first, over)
    _describe(context, people)
    return Looked(instance, profile, people, first, max(over, first + 60))


def _join(row: dict[Any, Any], over: int) -> Join:
    came = unix(row["join_time"])
    return Join(row, came, max(came, unix(row["leave_time"]) if row["leave_time"] else over))


def _people(there: list[Join]) -> list[Person]:
    """Joins by person as attendance tells people apart: the host first, then as they came."""
    people: dict[str, Person] = {}
    for join in sorted(there, key=lambda join: (join.came, join.user_id)):
        key = join.said["participant_user_id"] or join.said["email"] or join.said["name"] or join.user_id
        # What tells guests apart is personal: what names them is their first join.
        people.setdefault(key, Person(join.said["participant_user_id"] or join.user_id)).joins.append(join)
    return sorted(people.values(), key=lambda person: (person.said("role") != "host", person.joins[0].came))


def _judge(context: Context, instance: Instance, profile: Profile, people: list[Person], first: int, over: int) -> None:
    of = {join.user_id: person for person in people for join in person.joins}
    span = minutes.asked(context, "", min(first, instance.begun), over + 60) | {"uuid": instance.uuid}
    worst = 0
    for user, minute, *verdicts in context.store.ask(JUDGED.replace("{judged}", minutes.judged(profile)), span).rows:
        if user in of:
            known = of[user].judged.get(minute, [0, 0, 0])
            of[user].judged[minute] = [max(a, b) for a, b in zip(known, verdicts, strict=True)]
            worst = max(worst, *verdicts)
    if worst >= minutes.POOR:
        values = {"data_center": "p.data_center"}
        for bad in caused(context, profile, span, values=values, only=instance.uuid):
            if bad.user_id in of:
                of[bad.user_id].bad.append(bad)


def _describe(context: Context, people: list[Person]) -> None:
    ids = [id_ for person in people if (id_ := person.said("participant_user_id"))]
    about = {"account": context.caller.account_id, "people": ids}
    known = {user: said for user, *said in context.store.ask(WHO, about).rows} if ids else {}
    for person in people:
        department, site = known.get(person.said("participant_user_id"), ("", ""))
        person.department, person.site = department or "", site or ""


# As lanes

JOIN: Final[Columns] = (
    *("user_id", "participant_uuid", "start_time", "end_time", "reason", "room", "device", "os", "client", "version"),
    *("network", "connection", "data_center", "location", "camera", "microphone", "speaker"),
)
FIGURES: Final = ("judged_minutes", "bad_minutes", "share_bad", "band")
SHARE: Final[Columns] = ("content", "start_time", "end_time")
LANE: Final[Columns] = (
    *("lane", "person", "participant_user_id", "name", "email", "role", "department", "site", "first_seen", "last_seen"),
    *("total_seconds", "share_attended", *FIGURES, "unjudged_minutes", *MEDIA, "cause", ("joins", JOIN), ("shares", SHARE)),
)
HEAD: Final = (
    *("uuid", "kind", "number", "topic", "host_id", "host_name", "platform", "start_time", "end_time", "seconds", "live"),
    *("profile", "first_minute", "minutes", "people", "joins", "most_at_once"),
)
COLUMNS: Final[Columns] = (*HEAD, *FIGURES, ("lanes", LANE), ("recordings", ("start_time", "end_time")))


@endpoint(
    "/{kind}s/{{kind}Id:id}/lanes", name="get_{kind}_lanes", granular="list_{kind}_participants_qos",
    rate="qos", response=Lanes, version="v1",
)  # fmt: skip
def get_lanes(context: Context, kind: Kind, params: LanesParams) -> Answer:
    """Get who was in a {kind} when, each minute of each person judged, and what they shared."""
    looked = look(context, kind, params.id, params.profile)
    instance, about = looked.instance, asked(context, looked.instance)
    shared = _shared(context, looked)
    rows = [_lane(looked, n, person, shared) for n, person in enumerate(looked.people)]
    worst = MEDIA.index("worst") + LANE.index("worst")
    most = max((sum(1 for row in rows if row[worst][n] != " ") for n in range(looked.minutes)), default=0)
    recorded = [[instant(a), instant(b)] for a, b in context.store.ask(RECORDED, about).rows]
    counts = [looked.profile.name, instant(looked.first), looked.minutes, len(rows)]
    counts += [sum(len(person.joins) for person in looked.people), most]
    row = [*_head(context, instance), *counts, *looked.figures, rows, recorded]
    return Answer(Lanes, COLUMNS, row, looked.depends(context.caller.account_id))


def _head(context: Context, instance: Instance) -> list[Any]:
    about = {"account": context.caller.account_id, "kind": instance.kind, "starts": instance.starts, "uuid": instance.uuid}
    listed = complete(context, instance.kind, context.store.ask(DETAIL, about).rows)[0]
    said = dict(zip(LISTED, listed, strict=True))
    end = instance.ended if instance.ended is not None else context.now if instance.live else instance.begun
    names = [said[name] for name in ("number", "topic", "host_id", "host_name", "platform")]
    times = [instant(instance.begun), instant(instance.ended), max(0, end - instance.begun), instance.live]
    return [instance.uuid, instance.kind, *names, *times]


def _shared(context: Context, looked: Looked) -> dict[str, list[list[Any]]]:
    edges: dict[str, list[Any]] = defaultdict(list)
    for user, at, edge, content in context.store.ask(EDGES, asked(context, looked.instance)).rows:
        edges[user].append((at, edge, content))
    left = {join.user_id: join.left for person in looked.people for join in person.joins}
    live = looked.instance.live
    return {user: spans(said, None if live else left.get(user, looked.over)) for user, said in edges.items()}


def _lane(looked: Looked, place: int, person: Person, shared: dict[str, list[list[Any]]]) -> list[Any]:
    texts, unjudged = _texts(looked, person)
    length = max(1, looked.over - looked.instance.begun)
    seconds = together([(join.came, join.left) for join in person.joins])
    ids = [person.said(name) for name in ("participant_user_id", "name", "email", "role")]
    last = max(join.left for join in person.joins)
    there = [instant(person.joins[0].came), instant(last), seconds, round(min(1.0, seconds / length), 4)]
    shares = sorted((span for join in person.joins for span in shared.get(join.user_id, ())), key=lambda span: span[1])
    told = [[content, instant(begin), instant(end)] for content, begin, end in shares]
    figures_ = [*person.figures, unjudged]
    row = [place, person.key, *ids, person.department, person.site, *there, *figures_, *texts]
    return [*row, [_told(join, looked) for join in person.joins], told]


def _texts(looked: Looked, person: Person) -> tuple[list[str], int]:
    """The strings of a lane, in the order of `MEDIA` and then the causes; and how many minutes were not judged."""
    empty = [" "] * looked.minutes
    for join in person.joins:
        begin, end = (join.came - looked.first) // 60, -(-(join.left - looked.first) // 60)
        for n in range(max(0, begin), min(looked.minutes, max(end, begin + 1))):
            empty[n] = "0"
    texts = [empty.copy() for _ in MEDIA]
    for minute, verdicts in person.judged.items():
        n = (minute - looked.first) // 60
        if 0 <= n < looked.minutes:
            for text, verdict in zip(texts, (max(verdicts), *verdicts), strict=True):
                text[n] = str(verdict)
    causes = [" "] * looked.minutes
    for bad in person.bad:
        n = (bad.minute - looked.first) // 60
        if 0 <= n < looked.minutes:
            causes[n] = LETTERS[str(bad.finding.cause)]
    return ["".join(text) for text in (*texts, causes)], texts[0].count("0")


def _told(join: Join, looked: Looked) -> list[Any]:
    said = join.said
    names = ("device", "os", "client", "version", "network_type", "connection_type", "data_center", "location")
    own = [said[name] for name in (*names, "camera", "microphone", "speaker")]
    end = "" if looked.instance.live and not said["leave_time"] else instant(join.left)
    return [join.user_id, said["participant_uuid"], instant(join.came), end, said["leave_reason"], said["bo_mtg_id"], *own]


