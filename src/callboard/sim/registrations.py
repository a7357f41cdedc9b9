"""Who registered for a day's webinars, and when. Most came in the days before; some never come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Final

import numpy as np

from callboard.sim import names
from callboard.sim.agenda import WEBINAR, Plan, agenda
from callboard.sim.ids import tokens
from callboard.sim.organisation import Organisation

ASKS: Final = 0.85
"""Share of webinars that one registers for."""
BY_HAND: Final = 0.2
"""Share of those where someone looks at each registration."""
SOURCES: Final = ("", "", "", "Newsletter", "Website", "Partner mail", "Social")
DAY: Final = 86_400
LAST_CALL: Final = 600
"""Seconds before the start when nobody registers any more."""
EXTRA: Final = 0.12
"""How many more register and cancel, or are denied, for each that is expected."""


@dataclass(frozen=True, slots=True)
class Registrant:
    """A registration: `at` and `decided` (0: never) are epoch seconds, `person` indexes the staff (-1: from outside)."""

    id: str
    first: str
    last: str
    email: str
    person: int
    at: int
    decided: int
    status: str
    """What it came to: `approved`, `cancelled` or `denied`."""
    source: str

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"


@dataclass(frozen=True)
class Enrolment:
    """A webinar that people register for: those `registrants` from outside who may come are first."""

    plan: Plan
    created: int
    by_hand: bool
    registrants: tuple[Registrant, ...]

    @cached_property
    def outside(self) -> tuple[Registrant, ...]:
        """The approved ones from outside."""
        return tuple(r for r in self.registrants if r.person < 0 and r.status == "approved")

    @cached_property
    def staff(self) -> dict[int, str]:
        """The registrations of the staff."""
        return {r.person: r.id for r in self.registrants if r.person >= 0}


def webinar_made(org: Organisation, plan: Plan) -> int:
    """When a webinar was planned: some days before, in epoch seconds."""
    rng = org.dice(f"webinar {plan.number}")
    return plan.start - int(rng.integers(3 * DAY, 13 * DAY))


@lru_cache(maxsize=24)
def enrolled(org: Organisation, day: date) -> dict[int, Enrolment]:
    """The webinars of a day that one registers for, by number."""
    rng = org.dice("registrations", day)
    webinars = [plan for plan in agenda(org, day) if plan.kind == WEBINAR]
    return {plan.number: _enrol(org, plan, rng) for plan in webinars if rng.random() < ASKS}


def _enrol(org: Organisation, plan: Plan, rng: np.random.Generator) -> Enrolment:
    created, by_hand = webinar_made(org, plan), bool(rng.random() < BY_HAND)
    staff = [int(p) for p in plan.invited if p != plan.host]
    extra = int(EXTRA * (plan.guests + len(staff)))
    count = plan.guests + len(staff) + extra
    first, last, domain = (rng.choice(table, count) for table in (names.FIRST, names.LAST, names.GUEST_DOMAINS))
    at = _moments(created, plan.start - LAST_CALL, count, rng)
    wait = rng.integers(600, 20 * 3600, count)
    source = rng.choice(SOURCES, count)
    found, ids = [], tokens(rng, count)
    for n in range(count):
        person = staff[n - plan.guests] if 0 <= n - plan.guests < len(staff) else -1
        unwanted = n >= plan.guests + len(staff)
        status = ("denied" if by_hand and rng.random() < 0.4 else "cancelled") if unwanted else "approved"
        decides = by_hand or unwanted
        decided = min(int(at[n] + wait[n]), plan.start - LAST_CALL // 2) if decides else 0
        who = _outsider(str(first[n]), str(last[n]), str(domain[n]), n) if person < 0 else _colleague(org, person)
        found.append(Registrant(ids[n], *who, person, int(at[n]), decided, status, str(source[n])))
    return Enrolment(plan, created, by_hand, tuple(found))


def _colleague(org: Organisation, person: int) -> tuple[str, str, str]:
    return org.staff[person].first, org.staff[person].last, org.staff[person].email


def _outsider(first: str, last: str, domain: str, nth: int) -> tuple[str, str, str]:
    return first, last, f"{first}.{last}{nth}@{domain}".lower()


def _moments(created: int, closes: int, count: int, rng: np.random.Generator) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """When people register: right after they were told of it, and again shortly before it begins."""
    early = rng.exponential(0.25, count)
    late = 1 - rng.exponential(0.12, count)
    share = np.clip(np.where(rng.random(count) < 0.55, early, late), 0.001, 1)
    return (created + (closes - created) * share).astype(np.int64)
