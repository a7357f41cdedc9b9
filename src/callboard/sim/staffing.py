"""The accounts of people: signing in and out, changes, and contractors who come for a month and go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from functools import lru_cache, partial
from typing import Final

import numpy as np

from callboard.sim import names
from callboard.sim.agenda import RHYTHM, at_work, iso, moment
from callboard.sim.clients import installed
from callboard.sim.ids import token
from callboard.sim.organisation import DEVICES, Organisation, Person
from callboard.sim.places import SITES
from callboard.sim.telling import Body, Saying, envelope, operator

SIGNS_IN, SIGNS_OUT = 0.45, 0.3
"""Share of those at work who sign in on a day, and of these who sign out: others stay signed in."""
LOGIN_TYPES: Final = ("101", "1", "100")
CLIENT_TYPES: Final = {"Windows": "win", "Mac": "mac", "iOS": "iphone", "Android": "android"}
PEOPLE_PER_ADMIN: Final = 100
CONTRACTORS: Final = 0.0035
"""Contractors a person and working day; each has an account for four weeks."""
STAYS: Final = 28
CHANGES: Final = 0.002
"""Accounts of the staff that are changed, a person and working day."""


@lru_cache(maxsize=4)
def signed(org: Organisation, day: date) -> tuple[Saying, ...]:
    """Who signs in and out on a day, from what client."""
    rng, versions = org.dice("sign-ins", day), installed(org, day).version
    likely = SIGNS_IN * RHYTHM[day.weekday()] * np.array(at_work(day))[org.roster.site]
    found: list[Saying] = []
    for nth in np.flatnonzero(rng.random(org.people) < likely).tolist():
        person = org.staff[nth]
        comes = moment(day, time(7, 30), person.site) + int(rng.integers(0, 2 * 3600))
        login = LOGIN_TYPES[int(rng.choice(3, p=(0.7, 0.1, 0.2)))]
        found.append(_sign(org, person, "signed_in", comes, str(versions[nth]), login))
        if rng.random() < SIGNS_OUT:
            goes = comes + int(rng.integers(7 * 3600, 10 * 3600))
            found.append(_sign(org, person, "signed_out", goes, str(versions[nth]), login))
    return tuple(found)


def _sign(org: Organisation, person: Person, what: str, at: int, version: str, login: str) -> Saying:
    ms = at * 1000 + 120
    about = {
        "id": person.user_id,
        "client_type": CLIENT_TYPES[DEVICES[person.device]],
        "date_time": iso(at),
        "email": person.email,
        "version": version,
        "login_type": login,
    }
    return Saying(ms, partial(envelope, org, f"user.{what}", ms, about))


@lru_cache(maxsize=4)
def changed(org: Organisation, day: date) -> tuple[Saying, ...]:
    """What administrators do on a day: contractors come and go, an account is looked through."""
    return tuple(sorted(_changes(org, day), key=lambda saying: saying.ms))


def _changes(org: Organisation, day: date) -> Iterator[Saying]:
    if day.weekday() > 4:
        return
    rng = org.dice("accounts", day)
    for nth in range(int(rng.poisson(org.people * CONTRACTORS))):
        at = moment(day, time(9), 0) + int(rng.integers(0, 7 * 3600))
        yield _administered(org, "user.created", at, _contractor(org, day, nth), creation_type="ssoCreate")
    then = day - timedelta(days=STAYS)
    gone = org.dice("accounts", then)
    for nth in range(int(gone.poisson(org.people * CONTRACTORS))):
        at = moment(day, time(16), 0) + 60 * nth
        who = _contractor(org, then, nth)
        yield _administered(org, "user.deactivated", at, {k: who[k] for k in ("id", "first_name", "last_name", "email", "type")})
    for nth in rng.choice(org.people, size=int(rng.poisson(org.people * CHANGES)), replace=True).tolist():
        person, at = org.staff[nth], moment(day, time(9), 0) + int(rng.integers(0, 8 * 3600))
        same = {"id": person.user_id, "email": person.email}
        yield _administered(org, "user.updated", at, same | {"dept": person.dept, "timezone": SITES[person.site].timezone})


def _contractor(org: Organisation, day: date, nth: int) -> Body:
    rng = org.dice(f"contractor {nth}", day)
    first, last = str(rng.choice(names.FIRST)), str(rng.choice(names.LAST))
    return {
        "id": token(rng),
        "first_name": first,
        "last_name": last,
        "display_name": f"{first} {last}",
        "email": f"ext.{first}.{last}.{day:%m%d}{nth}@example.com".lower(),
        "type": 1,
        "dept": names.DEPARTMENTS[int(rng.integers(0, len(names.DEPARTMENTS)))][0],
    }


def _administered(org: Organisation, event: str, at: int, about: Body, **beside: object) -> Saying:
    ms = at * 1000 + 640
    admin = at % max(1, org.people // PEOPLE_PER_ADMIN)
    return Saying(ms, partial(envelope, org, event, ms, about, **operator(org, admin), **beside))
