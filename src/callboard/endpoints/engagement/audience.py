"""Who was in a webinar and what they did there: people rather than joins, and their questions, answers and reactions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from statistics import median
from typing import Any, Final, NamedTuple

from callboard.contract.engagement import Headline
from callboard.endpoints.registry import Context
from callboard.store.tables import PARTICIPANTS

MOST_MINUTES: Final = 2 * 24 * 60
"""A curve is no longer than this, whatever end a source gave."""


class Webinar(NamedTuple):
    """One webinar; `ended` is None while it is live, or where nobody said."""

    uuid: str
    number: int | None
    begun: int
    ended: int | None
    topic: str = ""
    host_id: str = ""
    host_name: str = ""


class Join(NamedTuple):
    """One join; `went` is None where nobody heard of its leaving."""

    user_id: str
    user: str
    mail: str
    name: str
    role: str
    registrant: str
    came: int
    went: int | None
    reason: str


class Deed(NamedTuple):
    """What someone did: a `question`, an `answer` to a poll, a `chat` message, a `reaction` or a `hand`."""

    deed: str
    at: int | None
    who: tuple[str, ...]
    """Names of who did it, the surest first: join, user id, mail address, name."""
    form: str
    text: str
    said: str
    answered: bool


@dataclass
class Person:
    """One person with all joins, earliest first."""

    joins: list[Join] = field(default_factory=list)
    role: str = "attendee"
    stays: list[tuple[int, int]] = field(default_factory=list)
    """When the person was there, in order; they never overlap."""

    @property
    def seconds(self) -> int:
        """Time there."""
        return sum(went - came for came, went in self.stays)


@dataclass
class Audience:
    """One webinar's people, registrations and deeds; `over` is its end, or now."""

    webinar: Webinar
    over: int
    people: dict[str, Person]
    registrants: list[tuple[str, str, str]] = field(default_factory=list)
    """Registration, mail address in lower case, and status."""
    deeds: list[Deed] = field(default_factory=list)

    @cached_property
    def attendees(self) -> dict[str, Person]:
        """Those who are neither host nor panelist."""
        return {key: person for key, person in self.people.items() if person.role == "attendee"}

    @property
    def host_name(self) -> str:
        """The host's name, as a join said it."""
        joined = (person.joins[-1].name for person in self.people.values() if person.role == "host")
        return self.webinar.host_name or next(joined, "")

    @property
    def minutes(self) -> range:
        """Every minute from start to end, as Unix time divided by 60."""
        first = self.webinar.begun // 60
        return range(first, min(max(first, (self.over - 1) // 60), first + MOST_MINUTES) + 1)


# Reading


JOINS: Final = f"""
-- engagement.joins: every join of some webinars
SELECT uuid, user_id, ifNull(max(participant_user_id), '') AS user, ifNull(max(email), '') AS mail, max(name).2 AS shown,
       max(role).2 AS part, ifNull(max(registrant_id), '') AS registrant,
       toUnixTimestamp(coalesce({PARTICIPANTS["join_time"].merged}, {PARTICIPANTS["first_minute"].merged})) AS came,
       toUnixTimestamp({PARTICIPANTS["leave_time"].merged}) AS went, max(leave_reason).2 AS reason
FROM participants
WHERE account_id = {{account:String}} AND uuid IN {{uuids:Array(String)}}
GROUP BY uuid, user_id
HAVING isNotNull(came)
ORDER BY uuid, came, user_id
"""
REGISTERED: Final = """
-- engagement.registered: who registered for some webinars
SELECT number, registrant_id, lower(ifNull(max(email), '')), max(status).2 FROM registrants
WHERE account_id = {account:String} AND number IN {numbers:Array(UInt64)}
GROUP BY number, registrant_id
"""
DEEDS: Final = """
-- engagement.deeds: what people did in some webinars
SELECT uuid, 'question' AS deed, toUnixTimestamp(min(at)) AS moment, '' AS key, '' AS joined, ifNull(max(user_id), '') AS user,
       ifNull(max(email), '') AS mail, ifNull(max(name), '') AS shown, '' AS form, '' AS text, '' AS said,
       notEmpty(max(answers).2) OR max(status).2 = 'answered' AS answered
FROM questions WHERE account_id = {account:String} AND uuid IN {uuids:Array(String)} GROUP BY uuid, question_id
UNION ALL
SELECT uuid, 'answer', toUnixTimestamp(max(at)), person, '', '', ifNull(max(email), ''), ifNull(max(name), ''), form_id,
       if({texts:UInt8}, ifNull(max(question), question_id), ''), if({texts:UInt8}, max(answer).2, ''), 0
FROM answers WHERE account_id = {account:String} AND uuid IN {uuids:Array(String)} AND form = 'poll'
GROUP BY uuid, form_id, person, question_id
UNION ALL
SELECT uuid, 'chat', toUnixTimestamp(min(at)), '', '', '', ifNull(max(sender_email), ''), max(sender_name).2, '', '', '', 0
FROM meeting_messages WHERE account_id = {account:String} AND uuid IN {uuids:Array(String)} GROUP BY uuid, message_id
UNION ALL
SELECT uuid, if(reaction = 'hand', 'hand', 'reaction'), toUnixTimestamp(at), '', user_id, '', '', '', '', '', '', 0
FROM reactions WHERE account_id = {account:String} AND uuid IN {uuids:Array(String)} GROUP BY uuid, user_id, at, reaction
"""


def audiences(context: Context, webinars: list[Webinar], *, texts: bool = False) -> dict[str, Audience]:
    """The audience of each webinar by its uuid, with three questions for all of them.

    What was asked and answered in polls is read with `texts` only.
    """
    if not webinars:
        return {}
    asked = _asked(context, webinars) | {"texts": int(texts)}
    registered = context.store.beside(context.store.ask, REGISTERED, asked)
    done = context.store.beside(context.store.ask, DEEDS, asked)
    found = crowds(context, webinars)
    registrants: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    for number, id_, mail, status in registered().rows:
        registrants[number].append((id_, mail, status))
    for audience in found.values():
        audience.registrants = registrants[audience.webinar.number or 0]
    for uuid, deed, at, *names, form, text, said, answered in done().rows:
        found[uuid].deeds.append(Deed(deed, at, tuple(n.lower() for n in names if n), form, text, said, bool(answered)))
    for audience in found.values():
        audience.deeds.sort(key=lambda deed: deed.at or 0)
    return found


def crowds(context: Context, webinars: list[Webinar]) -> dict[str, Audience]:
    """The people of each webinar by its uuid, without registrations and deeds."""
    joins: dict[str, list[Join]] = defaultdict(list)
    for uuid, *join in context.store.ask(JOINS, _asked(context, webinars)).rows:
        joins[uuid].append(Join(*join))
    return {webinar.uuid: _crowd(context, webinar, joins[webinar.uuid]) for webinar in webinars}


def _asked(context: Context, webinars: list[Webinar]) -> dict[str, Any]:
    uuids, numbers = [w.uuid for w in webinars], sorted({w.number for w in webinars if w.number})
    return {"account": context.caller.account_id, "uuids": uuids, "numbers": numbers}


def _crowd(context: Context, webinar: Webinar, joins: list[Join]) -> Audience:
    live = webinar.ended is None and webinar.begun >= context.live_since
    over = context.now if live else webinar.ended or max([webinar.begun, *(join.went or join.came for join in joins)])
    people: dict[str, Person] = defaultdict(Person)
    for join in joins:
        people[join.user or join.mail or join.name or join.user_id].joins.append(join)
    for person in people.values():
        person.stays = merged([(join.came, over if join.went is None else join.went) for join in person.joins])
        person.role = _role(webinar, person.joins)
    return Audience(webinar, over, dict(people))


def _role(webinar: Webinar, joins: list[Join]) -> str:
    roles = {join.role for join in joins}
    if "host" in roles or any(webinar.host_id and join.user == webinar.host_id for join in joins):
        return "host"
    return "panelist" if "panelist" in roles else "attendee"


def merged(stays: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stays `(came, went)` sorted by `came`, where those that overlap or touch are one."""
    made: list[tuple[int, int]] = []
    for came, went in stays:
        if made and came <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], went))
        else:
            made.append((came, max(came, went)))
    return made


# Counting


def doers(audience: Audience) -> dict[str, set[str]]:
    """The attendees who did something, by deed: those who can be told from what the deed says of who did it."""
    names: dict[str, str] = {}
    for key, person in audience.attendees.items():
        for join in person.joins:
            for name in (join.name, join.mail, join.user, join.user_id):
                if name:
                    names[name.lower()] = key
    found: dict[str, set[str]] = defaultdict(set)
    for deed in audience.deeds:
        known = next((names[name] for name in deed.who if name in names), None)
        if known is not None:
            found[deed.deed].add(known)
    return found


def curve(audience: Audience) -> list[int]:
    """How many attendees were there at some time in each of the minutes; nobody counts twice in one."""
    minutes = audience.minutes
    steps = [0] * (len(minutes) + 1)
    for person in audience.attendees.values():
        free = minutes.start
        for came, went in person.stays:
            first, last = max(free, came // 60), min(minutes.stop - 1, max(came, went - 1) // 60)
            if first <= last:
                steps[first - minutes.start] += 1
                steps[last + 1 - minutes.start] -= 1
                free = last + 1
    return list(accumulate(steps[:-1]))


def _came(audience: Audience) -> tuple[Counter[str], int]:
    """Registrations by status, and how many of the approved came."""
    ids = {join.registrant for person in audience.people.values() for join in person.joins if join.registrant}
    mails = {join.mail.lower() for person in audience.people.values() for join in person.joins if join.mail}
    came = sum(1 for id_, mail, status in audience.registrants if status == "approved" and (id_ in ids or mail in mails))
    return Counter(status for *_, status in audience.registrants), came


def share(part: int, whole: int) -> float:
    """A part of a whole, 0 to 1."""
    return round(part / whole, 4) if whole else 0.0


HEADLINE: Final = tuple(Headline.model_fields)


def headline(audience: Audience) -> dict[str, Any]:
    """The values of `HEADLINE`."""
    attendees, done, did = audience.attendees, Counter(deed.deed for deed in audience.deeds), doers(audience)
    statuses, came = _came(audience)
    roles = Counter(person.role for person in audience.people.values())
    stays = [person.seconds for person in attendees.values()]
    engaged = set().union(*did.values())
    values = (
        *(statuses["approved"], statuses["pending"], statuses["cancelled"] + statuses["denied"]),
        *(len(attendees), roles["panelist"], roles["host"], came, share(came, statuses["approved"])),
        *(max(curve(audience), default=0), round(sum(stays) / len(stays)) if stays else 0, int(median(stays)) if stays else 0),
        *(done["question"], sum(deed.answered for deed in audience.deeds)),
        *(len(did["question"]), share(len(did["question"]), len(attendees))),
        *(len(did["answer"]), share(len(did["answer"]), len(attendees))),
        *(done["chat"], done["reaction"], done["hand"], share(len(engaged), len(attendees))),
    )
    return dict(zip(HEADLINE, values, strict=True))


class Summed(NamedTuple):
    """What a list says of one webinar beside its name."""

    host_name: str
    over: int
    headline: dict[str, Any]


def summed(context: Context, webinars: list[Webinar]) -> dict[str, Summed]:
    """The headline numbers of each webinar by its uuid; once it has ended they are remembered until something is said
    of it, or someone registers for any."""
    account, seen = context.caller.account_id, context.memory.now
    found: dict[str, Summed | None] = {w.uuid: context.memory.get(("webinar", account, w.uuid)) for w in webinars}
    for uuid, audience in audiences(context, [w for w in webinars if found[w.uuid] is None]).items():
        made = found[uuid] = Summed(audience.host_name, audience.over, headline(audience))
        if audience.webinar.ended is not None:
            depends = (("uuid", uuid), ("table", account, "registrants"))
            context.memory.put(("webinar", account, uuid), depends, made, 2000, seen)
    return {uuid: made for uuid, made in found.items() if made is not None}


NAMED: Final = ("uuid", "number", "topic", "host_name", "start_time", "duration_seconds")
