"""What Zoom tells before anything begins: meetings and webinars planned, changed and called off, and registrations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from functools import lru_cache, partial
from typing import Final

import numpy as np

from callboard.sim import names
from callboard.sim.agenda import MEETING, WEBINAR, Plan, Series, agenda, at_work, iso, meeting_number, moment, series
from callboard.sim.clients import BLOCK_DAYS, block_of, block_start
from callboard.sim.ids import token
from callboard.sim.organisation import Organisation
from callboard.sim.places import SITES
from callboard.sim.registrations import DAY, Enrolment, Registrant, enrolled, webinar_made
from callboard.sim.telling import Body, Saying, envelope, operator

PLANNED_BEFORE: Final = 14
"""Days before which nothing is planned."""
TOLD: Final = 0.4
"""Share of scheduled meetings and of series that Zoom tells the planning of: others were planned in a calendar."""
CHANGED: Final = 0.12
CALLED_OFF: Final = 0.015
"""Meetings planned and called off, a person and working day."""
SCHEDULED: Final = 2
SERIES_REACH: Final = BLOCK_DAYS + 14
"""Days that a series is planned for at a time; every four weeks it is planned on."""


@lru_cache(maxsize=1024)
def _uuid(org: Organisation, number: int) -> str:
    return token(org.dice(f"plan {number}"))


def _what(org: Organisation, plan: Plan, **instead: object) -> Body:
    about: Body = {
        "uuid": _uuid(org, plan.number),
        "id": plan.number,
        "host_id": org.staff[plan.host].user_id,
        "topic": plan.topic,
        "type": plan.type,
        "start_time": iso(plan.start),
        "duration": plan.minutes,
        "timezone": SITES[org.roster.site[plan.host]].timezone,
    }
    return about | instead


def _kind(plan: Plan) -> str:
    return "webinar" if plan.kind == WEBINAR else "meeting"


def _created(org: Organisation, plan: Plan, ms: int, topic: str, start: int) -> Body:
    settings = {"use_pmi": False, "alternative_hosts": ""}
    about = _what(org, plan, topic=topic, start_time=iso(start), password="", settings=settings)
    about["join_url"] = f"https://example.com/j/{plan.number}"
    return envelope(org, f"{_kind(plan)}.created", ms, about, **operator(org, plan.host), operation="all")


def _updated(org: Organisation, plan: Plan, ms: int, topic: str, start: int) -> Body:
    new = {"id": plan.number, "topic": plan.topic, "start_time": iso(plan.start)}
    old = {"id": plan.number, "topic": topic, "start_time": iso(start)}
    body = envelope(org, f"{_kind(plan)}.updated", ms, new, **operator(org, plan.host), scope="all", time_stamp=ms)
    body["payload"]["old_object"] = old
    return body


def _deleted(org: Organisation, plan: Plan, ms: int) -> Body:
    about = _what(org, plan)
    del about["start_time"]
    return envelope(org, f"{_kind(plan)}.deleted", ms, about, **operator(org, plan.host), operation="all")


@lru_cache(maxsize=24)
def planned(org: Organisation, day: date) -> tuple[Saying, ...]:
    """What is said beforehand of the single meetings and webinars of a day."""
    rng = org.dice("planned", day)
    found: list[Saying] = []
    for plan in agenda(org, day):
        if plan.kind == WEBINAR:
            found += _planning(org, plan, webinar_made(org, plan), rng)
        elif plan.type == SCHEDULED and rng.random() < TOLD:
            found += _planning(org, plan, plan.start - int(np.clip(rng.lognormal(11, 1.3), 900, 13 * DAY)), rng)
    for plan in _called_off(org, day, rng):
        made = plan.start - int(rng.integers(DAY, 12 * DAY))
        found += _planning(org, plan, made, rng)
        ms = (made + int((plan.start - made) * rng.uniform(0.3, 0.95))) * 1000
        found.append(Saying(ms, partial(_deleted, org, plan, ms), plan.start))
    return tuple(found)


def _planning(org: Organisation, plan: Plan, made: int, rng: np.random.Generator) -> Iterator[Saying]:
    """Planned, and some changed soon after: another title, another hour."""
    ms, changes = made * 1000 + plan.number % 1000, rng.random() < CHANGED
    topic = f"Draft: {plan.topic}" if changes else plan.topic
    start = plan.start + (3600 if changes and plan.number % 2 else 0)
    yield Saying(ms, partial(_created, org, plan, ms, topic, start), plan.start)
    if changes:
        later = ms + int((plan.start - made) * 200)
        yield Saying(later, partial(_updated, org, plan, later, topic, start), plan.start)


def _called_off(org: Organisation, day: date, rng: np.random.Generator) -> Iterator[Plan]:
    """Meetings that were planned for this day and never came about."""
    there = np.flatnonzero(np.array(at_work(day))[org.roster.site])
    for _ in range(int(rng.poisson(org.people * CALLED_OFF)) if day.weekday() < 5 and len(there) else 0):
        host = int(rng.choice(there))
        start = moment(day, time(int(rng.integers(9, 17))), int(org.roster.site[host]))
        topic = str(rng.choice(names.AD_HOC))
        yield Plan(MEETING, meeting_number(rng), topic, SCHEDULED, host, np.array([host]), 0, start, 30, 0, False)


# Series


@lru_cache(maxsize=64)
def series_planned(org: Organisation, day: date) -> tuple[Saying, ...]:
    """The series that are planned on from this day, for six weeks: nothing but on the first day of each four weeks."""
    if block_start(org, block_of(org, day)) != day:
        return ()
    rng = org.dice("series planned", day)
    return tuple(_series_saying(org, s, day, rng) for s in series(org) if rng.random() < TOLD)


def _series_saying(org: Organisation, s: Series, day: date, rng: np.random.Generator) -> Saying:
    site = int(org.roster.site[s.host])
    first = moment(day, time(), site)
    ms = (first - int(rng.integers(3600, PLANNED_BEFORE * DAY - DAY))) * 1000 + s.number % 1000
    last = first + SERIES_REACH * DAY
    return Saying(ms, partial(_series, org, s, day, ms), last)


def _series(org: Organisation, s: Series, day: date, ms: int) -> Body:
    site = int(org.roster.site[s.host])
    days = [day + timedelta(days=n) for n in range(SERIES_REACH)]
    starts = [moment(d, s.clock, site) for d in days if s.falls_on(d) and at_work(d)[site]]
    each = {"duration": s.minutes, "status": "available"}
    listed = [{"occurrence_id": str(start * 1000), "start_time": iso(start), **each} for start in starts]
    first = starts[0] if starts else ms // 1000
    plan = Plan(MEETING, s.number, s.topic, 8, s.host, np.array([s.host]), 0, first, s.minutes, s.door, s.records)
    weekly = {"type": 2, "repeat_interval": 1 if s.parity is None else 2, "end_times": len(listed)}
    about = _what(org, plan) | {"occurrences": listed, "recurrence": weekly, "join_url": f"https://example.com/j/{s.number}"}
    return envelope(org, "meeting.created", ms, about, **operator(org, s.host), operation="all")


# Registrations


@lru_cache(maxsize=24)
def registered(org: Organisation, day: date) -> tuple[Saying, ...]:
    """What is said of the registrations for a day's webinars."""
    return tuple(
        saying
        for enrolment in enrolled(org, day).values()
        for registrant in enrolment.registrants
        for saying in _registration(org, enrolment, registrant)
    )


def _registration(org: Organisation, e: Enrolment, r: Registrant) -> Iterator[Saying]:
    ms, start = r.at * 1000 + 500, e.plan.start
    yield Saying(ms, partial(_registrant, org, e, r, "created", ms), start)
    if r.decided:
        ms = r.decided * 1000 + 700
        yield Saying(ms, partial(_registrant, org, e, r, r.status, ms), start)


def _registrant(org: Organisation, e: Enrolment, r: Registrant, what: str, ms: int) -> Body:
    who: Body = {"id": r.id, "first_name": r.first, "last_name": r.last, "email": r.email}
    if what == "created":
        who |= {"status": "pending" if e.by_hand else "approved", "join_url": f"https://example.com/w/{e.plan.number}?tk={r.id}"}
    if r.source:
        url = f"https://example.com/w/{e.plan.number}?src={r.source.replace(' ', '-')}"
        who["tracking_source"] = {"id": r.source.lower(), "source_name": r.source, "tracking_url": url}
    beside = {} if what == "created" else operator(org, e.plan.host)
    return envelope(org, f"webinar.registration_{what}", ms, _what(org, e.plan, registrant=who), **beside)
