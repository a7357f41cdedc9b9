"""What people write: in team chat over the working day, and in the chat of meetings and webinars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache, partial
from typing import Final

import numpy as np

from callboard.sim import names
from callboard.sim.agenda import RHYTHM, WEBINAR, at_work, iso, moment
from callboard.sim.attendance import MAIN
from callboard.sim.day import Day, day_of
from callboard.sim.details import details_of
from callboard.sim.ids import tokens
from callboard.sim.organisation import PHONE, Ints, Organisation
from callboard.sim.places import SITES
from callboard.sim.telling import Body, Saying, envelope, operator

MESSAGES: Final = 4.0
"""Messages a person and working day."""
IN_CHANNELS: Final = 0.55
IN_TEAM, IN_DEPARTMENT = 0.6, 0.85
"""Of those in channels: up to which share they are in the team's, and in the department's; others in the company's."""
TALKS: Final = 0.38
"""Share of meetings where anyone writes."""

WORDS: Final = (
    *("On it.", "Thanks!", "Can you have a look?", "Done \U0001f44d", "Running five minutes late.", "See the notes."),
    *("Who is on call?", "Let's take this to a meeting.", "Looks good to me.", "Shipped \U0001f680", "Great work \U0001f389"),
)
IN_MEETING: Final = (
    *("Link is in the invite.", "+1", "Can you share that slide?"),
    *("You're on mute \U0001f642", "Sorry, have to drop.", "Agreed."),
)

NO_FILE, DOCUMENT, IMAGE, VIDEO, VOICE, GIPHY, SNIPPET = range(7)
FILE_SHARES: Final = (0.86, 0.05, 0.05, 0.006, 0.008, 0.014, 0.012)
FILES: Final = (
    ("", "", ""),
    ("minutes.pdf", "PDF", "File"),
    ("screenshot.png", "PNG", "Image"),
    ("walkthrough.mp4", "MP4", "Video"),
    ("voice.m4a", "M4A", "Audio"),
    ("giphy.gif", "GIF", "Giphy"),
    ("query.sql", "TXT", "Code snippet"),
)
"""By what is sent: name, type on the sender's system, and Zoom's word."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of team chat: `to` indexes the staff, -1 when it goes to a channel."""

    id: str
    ms: int
    sender: int
    to: int
    channel: tuple[str, str]
    file: int
    words: str


@lru_cache(maxsize=4)
def posted(org: Organisation, day: date) -> tuple[Saying, ...]:
    """The day's team chat."""
    return tuple(Saying(m.ms, partial(_post, org, m)) for m in messages(org, day))


def messages(org: Organisation, day: date) -> list[Message]:
    """What everyone writes on a day, by the hours of their site."""
    rng = org.dice("chat", day)
    working = np.array(at_work(day))[org.roster.site]
    count = rng.poisson(MESSAGES * RHYTHM[day.weekday()] * working)
    sender = np.repeat(np.arange(org.people), count)
    opens = np.array([moment(day, time(8), site) for site in range(len(SITES))])[org.roster.site[sender]]
    seconds = opens + (rng.beta(1.6, 1.7, len(sender)) * 10.5 * 3600).astype(np.int64)
    where, file = rng.random(len(sender)), rng.choice(len(FILES), len(sender), p=FILE_SHARES)
    to, word, lag = _recipients(org, sender, rng), rng.integers(0, len(WORDS), len(sender)), rng.integers(0, 999, len(sender))
    found, ids = [], tokens(rng, len(sender))
    for n, person in enumerate(sender.tolist()):
        to_channel = where[n] < IN_CHANNELS or to[n] < 0
        channel = _channel(org, person, where[n] / IN_CHANNELS) if to_channel else ("", "")
        words = "" if file[n] not in (NO_FILE, DOCUMENT) else WORDS[word[n]]
        ms = int(seconds[n]) * 1000 + int(lag[n])
        found.append(Message(ids[n], ms, person, -1 if to_channel else int(to[n]), channel, int(file[n]), words))
    return found


def _recipients(org: Organisation, sender: Ints, rng: np.random.Generator) -> Ints:
    """Whom each would write to alone: mostly someone of the own department; -1 for who has nobody."""
    by_department = [np.flatnonzero(org.roster.department == d) for d in range(len(names.DEPARTMENTS))]
    draw, anyone = rng.random(len(sender)), rng.integers(0, org.people, len(sender))
    found = np.empty(len(sender), np.int64)
    for n, person in enumerate(sender.tolist()):
        mates = by_department[org.roster.department[person]]
        found[n] = mates[int(draw[n] * len(mates) / 0.8)] if draw[n] < 0.8 else anyone[n]
    return np.where(found == sender, np.where(org.people > 1, (sender + 1) % org.people, -1), found)


@lru_cache(maxsize=8)
def channels(org: Organisation) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Id and name of the channels of teams, of departments, and of the company."""
    rng = org.dice("channels")
    words = ([t.name for t in org.teams], [name for name, _ in names.DEPARTMENTS], list(names.CHANNELS))
    return tuple(tuple((rng.bytes(16).hex(), word.lower().replace(" ", "-")) for word in group) for group in words)


@lru_cache(maxsize=8)
def _team_of(org: Organisation) -> dict[int, int]:
    return {member: nth for nth, team in enumerate(org.teams) for member in team.members}


def _channel(org: Organisation, person: int, chance: float) -> tuple[str, str]:
    teams, departments, company = channels(org)
    if chance < IN_TEAM:
        return teams[_team_of(org)[person]]
    if chance < IN_DEPARTMENT:
        return departments[org.staff[person].department]
    return company[int(chance * 1000) % len(company)]


def _post(org: Organisation, m: Message) -> Body:
    sender = org.staff[m.sender]
    name, system, kind = FILES[m.file]
    size = 2000 + m.ms % 900_000
    file = {"file_id": m.id[:16], "file_name": name, "file_size": size, "OS_file_type": system, "file_message_type": kind}
    about: Body = {
        "message_id": m.id,
        "session_id": m.channel[0] or m.id[::-1],
        "date_time": iso(m.ms // 1000),
        "timestamp": m.ms,
        "message": m.words,
    } | ({"files": [file]} if name else {})
    if m.to < 0:
        about |= {"channel_id": m.channel[0], "channel_name": m.channel[1], "channel_owner_account_id": org.account_id}
    else:
        about |= {"contact_email": org.staff[m.to].email, "contact_id": org.staff[m.to].user_id}
    event = "team_chat.channel_message_posted" if m.to < 0 else "team_chat.dm_message_posted"
    who = operator(org, m.sender) | {"operator_member_id": sender.user_id, "by_external_user": False}
    return envelope(org, event, m.ms, about, **who)


# In meetings


@dataclass(frozen=True)
class Remarks:
    """Chat in the day's meetings: `join` is the row of who wrote, `ms` when."""

    join: Ints
    ms: Ints
    ids: tuple[str, ...]


@lru_cache(maxsize=4)
def remarks(day: Day) -> Remarks:
    """What is written in the day's meetings and webinars, by those who are there and not on the telephone."""
    rng, joins, meetings = day.org.dice("remarks", day.date), day.joins, day.meetings
    talks = rng.random(len(meetings.host)) < TALKS
    able = np.flatnonzero((joins.stage == MAIN) & (joins.device < PHONE) & talks[joins.meeting] & (joins.leave > joins.join + 60))
    often = np.where(meetings.kind[joins.meeting[able]] == WEBINAR, 0.3, 0.55)
    join = np.repeat(able, rng.poisson(often))
    span = joins.leave[join] - joins.join[join]
    ms = (joins.join[join] + 20 + (rng.random(len(join)) * (span - 40)).astype(np.int64)) * 1000 + joins.lag[join]
    return Remarks(join, ms, tuple(tokens(rng, len(join))))


@lru_cache(maxsize=4)
def remarked(org: Organisation, date: date) -> tuple[Saying, ...]:
    """What is said of the chat in a day's meetings."""
    day = day_of(org, date)
    said = remarks(day)
    starts = day.meetings.start[day.joins.meeting[said.join]].tolist()
    return tuple(Saying(ms, partial(_remark, day, n), starts[n]) for n, ms in enumerate(said.ms.tolist()))


def _remark(day: Day, n: int) -> Body:
    said, details = remarks(day), details_of(day)
    j, ms = int(said.join[n]), int(said.ms[n])
    m = int(day.joins.meeting[j])
    message = {
        "date_time": iso(ms // 1000),
        "sender_session_id": day.joins.user_id[j],
        "sender_name": details.name[j],
        "sender_email": details.email[j],
        "sender_type": "host" if details.is_host[j] else "guest",
        "recipient_type": "everyone",
        "message_id": said.ids[n],
        "message_content": IN_MEETING[n % len(IN_MEETING)],
        "file_ids": [said.ids[n][:12]] if n % 29 == 3 else [],
    }
    kind = "webinar" if day.meetings.kind[m] == WEBINAR else "meeting"
    about = {"id": int(day.meetings.number[m]), "uuid": day.meetings.uuid[m], "chat_message": message}
    return envelope(day.org, f"{kind}.chat_message_sent", ms, about)
