"""Who comes to the day's meetings: when, how long, through which door, and what happens to them on the way."""

from __future__ import annotations

import base64
import uuid
from datetime import date
from typing import Final

import numpy as np

from callboard.sim.agenda import OPEN, WAITING, WEBINAR, Plan, agenda, at_work
from callboard.sim.organisation import PHONE, ROOM, Flags, Ints, Organisation, Texts
from callboard.sim.places import SITES
from callboard.sim.presence import CELLULAR, Frame, camera_on, place_and_device, stack, take, texts
from callboard.sim.seating import LEAVES_BY, seats

MAIN, BREAKOUT, LOBBY = 0, 1, 2
"""What was joined: the meeting, one of its breakout rooms, or only its waiting room."""

LEFT, ENDED, NETWORK, UNSAID = 0, 1, 2, 3
REASONS: Final = ("{name} left the {kind}.", "Host ended the {kind}.", "Network connection error.", "")
ROLES: Final = ("", "host", "attendee", "panelist")
SERIES_TYPE: Final = 8


def attend(org: Organisation, day: date, rng: np.random.Generator) -> tuple[Frame, Frame]:
    """Columns of the day's meetings and of its joins, named as in `day.Meetings` and `day.Joins`."""
    meetings, joins = _come_and_go(*_gathered(org, day, rng), rng)
    joins = _drop_out(joins, rng)
    joins = _break_out(meetings, joins, rng)
    return _settle(meetings, joins, rng)


def _gathered(org: Organisation, day: date, rng: np.random.Generator) -> tuple[Frame, Frame]:
    plans, attendance = _gather(org, day, rng)
    counts = np.array([len(a) for a in attendance], np.int64)
    person = np.concatenate([*attendance, np.empty(0, np.int64)])
    meetings = _meeting_frame(org, plans, rng)
    where = place_and_device(org, day, person, rng)
    joins: Frame = {
        "meeting": np.repeat(np.arange(len(plans)), counts),
        "person": person,
        "guest": np.where(person < 0, np.cumsum(person < 0) - 1, -1),
        **where,
        "video": camera_on(org, person, where["place"], where["device"], rng),
    }
    return meetings, stack(joins, seats(org, day, meetings, joins))


def _gather(org: Organisation, day: date, rng: np.random.Generator) -> tuple[list[Plan], list[Ints]]:
    """The plans that take place and who comes to each: the free among the invited, and -1 for each guest."""
    busy_until = np.zeros(org.people, np.int64)
    present = np.array(at_work(day))[org.roster.site] & (rng.random(org.people) < 0.94)
    plans, attendance = [], []
    for plan in agenda(org, day):
        invited = plan.invited[present[plan.invited] & (busy_until[plan.invited] <= plan.start + 60)]
        coming = invited[(rng.random(len(invited)) < 0.93) | (invited == plan.host)]
        outside = int(rng.binomial(plan.guests, 0.85))
        if not _worth_it(plan, coming, outside, rng):
            continue
        busy_until[coming] = plan.start + 60 * plan.minutes - 120
        plans.append(plan)
        attendance.append(np.concatenate((coming, np.full(outside, -1))))
    return plans, attendance


def _worth_it(plan: Plan, coming: Ints, outside: int, rng: np.random.Generator) -> bool:
    """Whether a meeting takes place: rarely without its host (a series goes on) or with one alone who asked others."""
    if len(coming) == 0:
        return False
    hosted = plan.type == SERIES_TYPE or bool(coming[0] == plan.host)
    lonely = len(coming) + outside < 2 <= len(plan.invited) + plan.guests
    return bool(rng.random() < (1.0 if hosted else 0.1) * (0.12 if lonely else 1.0))


def _meeting_frame(org: Organisation, plans: list[Plan], rng: np.random.Generator) -> Frame:
    host = np.array([p.host for p in plans], np.int64)
    return {
        "kind": np.array([p.kind for p in plans], np.int64),
        "number": np.array([p.number for p in plans], np.int64),
        "topic": texts([p.topic for p in plans]),
        "type": np.array([p.type for p in plans], np.int64),
        "uuid": texts([_uuid(rng.bytes(16), i) for i in range(len(plans))]),
        "host": host,
        "site": org.roster.site[host],
        "data_center": np.array([s.data_center for s in SITES])[org.roster.site[host]],
        "minutes": np.array([p.minutes for p in plans], np.int64),
        "planned": np.array([p.start for p in plans], np.int64),
        "door": np.array([p.door for p in plans], np.int64),
        "records": np.array([p.records for p in plans], bool),
    }


def _uuid(noise: bytes, index: int = -1) -> str:
    """An instance's name; more of them than by chance hold a slash first or two in a row, which paths must survive."""
    raw = bytearray(noise)
    if index % 31 == 7:
        raw[0] |= 0xFC
    if index % 37 == 5:
        raw[6], raw[7] = 0xFF, raw[7] | 0xF0
    return base64.b64encode(raw).decode()


def _come_and_go(meetings: Frame, joins: Frame, rng: np.random.Generator) -> tuple[Frame, Frame]:
    """Add when each meeting starts and when each join comes and leaves, waiting rooms included."""
    m, count = joins["meeting"], len(joins["meeting"])
    webinar = meetings["kind"][m] == WEBINAR
    is_host = joins["person"] == meetings["host"][m]
    room = joins["device"] == ROOM
    late = rng.exponential(np.where(webinar, 150.0, 75.0)) + rng.normal(np.where(webinar, 30, -25), 45)
    late = np.where(room, np.clip(late, -60, 180), np.clip(late, -240, 1500))
    arrival = meetings["planned"][m] + np.where(is_host, rng.normal(-45, 50, count), late).astype(np.int64)
    start, door = _start(meetings, m, is_host, arrival)
    meetings |= {"start": start}
    come = np.maximum(arrival, start[m] + 1 + np.where(is_host, 0, rng.integers(1, 9, count)))
    waits = (door[m] == WAITING) & ~is_host
    admitted = come + rng.integers(4, 50, count)
    refused = waits & (rng.random(count) < 0.03)
    end = _end(meetings, rng)[m]
    leave, reason = _leaving(np.where(waits, admitted, come), end, meetings["kind"][m] == WEBINAR, m, rng)
    # The next meeting in a room is no later than five minutes after this one was to end.
    leave = np.where(room, np.minimum(leave, (meetings["planned"] + meetings["minutes"] * 60)[m] + LEAVES_BY), leave)
    joins |= {
        "stage": np.where(refused, LOBBY, MAIN),
        "join": np.where(refused, 0, np.where(waits, admitted, come)),
        "leave": np.where(refused, 0, leave),
        "reason": np.where(refused, UNSAID, reason),
        "waiting_from": np.where(waits, come, 0),
        "waiting_to": np.where(waits, admitted, 0),
        "parent": np.full(count, -1),
        "away_from": np.zeros(count, np.int64),
        "away_to": np.zeros(count, np.int64),
        "room": np.full(count, "", object),
    }
    return meetings, take(joins, np.flatnonzero(refused | (leave > joins["join"] + 20)))


def _start(meetings: Frame, m: Ints, is_host: Flags, arrival: Ints) -> tuple[Ints, Ints]:
    """When each meeting begins: with its host, or with whoever is first where that is allowed or the host never comes."""
    never = np.iinfo(np.int64).max
    first = np.full(len(meetings["host"]), never)
    np.minimum.at(first, m, arrival)
    host = np.full(len(first), never)
    np.minimum.at(host, m[is_host], arrival[is_host])
    door = np.where(host == never, OPEN, meetings["door"])
    return np.where(door == OPEN, first, host) - 1, door


def _end(meetings: Frame, rng: np.random.Generator) -> Ints:
    planned = meetings["minutes"] * 60.0
    length = planned * rng.uniform(0.8, 1.02, len(planned)) + rng.exponential(120, len(planned)) + 60
    return meetings["start"] + length.astype(np.int64)


def _leaving(join: Ints, end: Ints, webinar: Flags, m: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """When and why each goes: most when the meeting is over, because the host ended it or one after another."""
    count = len(join)
    early = rng.random(count) < np.where(webinar, 0.3, 0.09)
    closed = (rng.random(m.max(initial=0) + 1) < 0.55)[m]
    cut = join + ((end - join) * rng.uniform(0.2, 0.95, count)).astype(np.int64)
    trickle = end - np.minimum(rng.exponential(18, count), 90).astype(np.int64)
    leave = np.where(early, cut, np.where(closed, end, trickle))
    return leave, np.where(~early & closed, ENDED, LEFT)


def _drop_out(joins: Frame, rng: np.random.Generator) -> Frame:
    """Some lose the network and come back after a while under a new user id."""
    count, span = len(joins["join"]), joins["leave"] - joins["join"]
    lost = (rng.random(count) < np.where(joins["place"] == CELLULAR, 0.12, 0.035)) & (joins["stage"] == MAIN) & (span > 300)
    cut = joins["join"] + (span * rng.uniform(0.1, 0.9, count)).astype(np.int64)
    back = cut + rng.integers(15, 120, count)
    again = take(joins, np.flatnonzero(lost & (back < joins["leave"] - 30)))
    again["join"] = back[lost & (back < joins["leave"] - 30)]
    again["waiting_from"] = np.zeros_like(again["join"])
    again["waiting_to"] = np.zeros_like(again["join"])
    joins |= {"leave": np.where(lost, cut, joins["leave"]), "reason": np.where(lost, NETWORK, joins["reason"])}
    return stack(joins, again)


def _break_out(meetings: Frame, joins: Frame, rng: np.random.Generator) -> Frame:
    """A few larger meetings split into rooms of about three for a while."""
    m = joins["meeting"]
    crowd = np.bincount(m[joins["stage"] == MAIN], minlength=len(meetings["host"]))
    picked = (crowd >= 6) & (meetings["kind"] != WEBINAR) & (meetings["minutes"] >= 30) & (rng.random(len(crowd)) < 0.06)
    begin = meetings["start"] + (meetings["minutes"] * 60 * 0.3).astype(np.int64)
    end = meetings["start"] + (meetings["minutes"] * 60 * 0.62).astype(np.int64)
    there = (joins["join"] < begin[m]) & (joins["leave"] > end[m] + 60) & (joins["device"] < PHONE)
    parents = np.flatnonzero(picked[m] & there & (joins["stage"] == MAIN))
    rooms = take(joins, parents)
    count = len(parents)
    rooms |= {
        "stage": np.full(count, BREAKOUT),
        "parent": parents,
        "room": _room_uuids(m[parents], rng),
        "join": begin[m[parents]] + rng.integers(0, 20, count),
        "leave": end[m[parents]] - rng.integers(0, 15, count),
        "reason": np.full(count, UNSAID),
        "waiting_from": np.zeros(count, np.int64),
        "waiting_to": np.zeros(count, np.int64),
    }
    joins["away_from"][parents], joins["away_to"][parents] = rooms["join"], rooms["leave"]
    return stack(joins, rooms)


def _room_uuids(meeting: Ints, rng: np.random.Generator) -> Texts:
    """A room for every three joins of a meeting."""
    first = np.searchsorted(meeting, meeting)
    room = (np.arange(len(meeting)) - first) // 3
    known: dict[tuple[int, int], str] = {}
    keys = zip(meeting.tolist(), room.tolist(), strict=True)
    return texts([known.setdefault(key, _uuid(rng.bytes(16))) for key in keys])


def _settle(meetings: Frame, joins: Frame, rng: np.random.Generator) -> tuple[Frame, Frame]:
    """Drop what nobody came to, order and number the joins, and close each meeting after its last one left."""
    attended = np.unique(joins["meeting"][joins["stage"] == MAIN])
    place_of = np.full(len(meetings["host"]), -1)
    place_of[attended] = np.arange(len(attended))
    seen = np.where(joins["waiting_from"] > 0, joins["waiting_from"], joins["join"])
    order = np.lexsort((joins["person"], seen, place_of[joins["meeting"]]))
    order = order[place_of[joins["meeting"][order]] >= 0]
    row_of = np.full(len(seen), -1)
    row_of[order] = np.arange(len(order))
    joins, meetings = take(joins, order), take(meetings, attended)
    joins["meeting"] = place_of[joins["meeting"]]
    joins["parent"] = np.where(joins["parent"] >= 0, row_of[joins["parent"]], -1)
    joins["rank"] = np.arange(len(order)) - np.searchsorted(joins["meeting"], joins["meeting"])
    joins["lag"] = rng.integers(150, 1400, len(order))
    joins["participant_uuid"] = texts([str(uuid.UUID(bytes=rng.bytes(16), version=4)).upper() for _ in order])
    joins |= _roles(meetings, joins, rng)
    return _close(meetings, joins, rng), joins


def _roles(meetings: Frame, joins: Frame, rng: np.random.Generator) -> Frame:
    """Colleagues become panelists of a webinar, where only they are seen; without its host, the first becomes host."""
    m, main = joins["meeting"], (joins["stage"] == MAIN) & (joins["device"] != ROOM)
    hosted = np.zeros(len(meetings["host"]), bool)
    hosted[m[(joins["person"] == meetings["host"][m]) & main]] = True
    webinar = meetings["kind"][m] == WEBINAR
    guest_or_host = (joins["person"] < 0) | (joins["person"] == meetings["host"][m])
    panelist = webinar & main & ~guest_or_host & (joins["rank"] < 6)
    heir = ~webinar & ~hosted[m] & main & (joins["rank"] == 0)
    role = np.select([panelist, heir], [ROLES.index("panelist"), ROLES.index("host")], 0)
    on_stage = ~webinar | (role > 0) | (joins["person"] == meetings["host"][m])
    role_at = np.where(role > 0, joins["join"] + rng.integers(3, 20, len(m)), 0)
    return {"role": role, "role_at": role_at, "video": joins["video"] & on_stage}


def _close(meetings: Frame, joins: Frame, rng: np.random.Generator) -> Frame:
    count = len(meetings["host"])
    end = np.zeros(count, np.int64)
    np.maximum.at(end, joins["meeting"], np.maximum(joins["leave"], joins["waiting_to"]))
    begins = meetings["start"] + rng.integers(20, 200, count)
    recorded = np.where(meetings.pop("records") & (begins < end - 60), begins, 0)
    del meetings["door"]
    return meetings | {"end": end + 1, "recorded_from": recorded, "lag": rng.integers(50, 150, count)}
