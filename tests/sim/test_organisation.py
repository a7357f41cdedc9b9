"""The people, their teams and their calendars."""

from collections import Counter
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from callboard.sim import Organisation
from callboard.sim.agenda import agenda, series
from callboard.sim.clients import installed
from callboard.sim.places import SITES


def test_equal_seeds_make_equal_people(org: Organisation) -> None:
    """Two organisations with equal fields have the same people."""
    assert Organisation(seed=7, people=40).staff == org.staff


@pytest.mark.parametrize("change", [{"seed": 8}, {"account_id": "another"}])
def test_other_seeds_make_other_people(org: Organisation, change: dict) -> None:
    """Another seed or account has people with other ids."""
    other = replace(org, **change)
    assert {p.user_id for p in other.staff}.isdisjoint(p.user_id for p in org.staff)


def test_people_are_told_apart(org: Organisation) -> None:
    """User ids have 22 characters, and nobody shares an id or a mail address."""
    assert {len(p.user_id) for p in org.staff} == {22}
    assert len({p.user_id for p in org.staff}) == len({p.email for p in org.staff}) == 40


def test_even_a_small_company_is_everywhere() -> None:
    """Each site has people in a company of twenty."""
    assert {p.site for p in Organisation(people=20).staff} == set(range(len(SITES)))


def test_everybody_has_one_team(org: Organisation) -> None:
    """Teams divide the staff, and keep to one site and department."""
    assert sorted(m for team in org.teams for m in team.members) == list(range(40))
    assert all(len({(org.staff[m].site, org.staff[m].department) for m in team.members}) == 1 for team in org.teams)


def test_a_series_keeps_its_number(org: Organisation) -> None:
    """A daily series is planned with the same number on each working day."""
    daily = next(s for s in series(org) if s.weekdays == (0, 1, 2, 3, 4))
    days = [date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 18)]
    assert [sum(plan.number == daily.number for plan in agenda(org, day)) for day in days] == [1, 1, 1]


def test_weekends_and_holidays_are_quiet(org: Organisation) -> None:
    """Little is planned on a Saturday, and only Berlin rests on the 3rd of October."""
    assert len(agenda(org, date(2026, 11, 21))) < len(agenda(org, date(2026, 11, 18))) / 5
    hosts = Counter(int(org.roster.site[plan.host]) for plan in agenda(org, date(2025, 10, 3)))
    assert hosts[0] == 0
    assert hosts[2] > 0


def test_clients_update_by_and_by(org: Organisation) -> None:
    """On most days two or more versions are in use, and a release is everywhere four weeks later."""
    first, later = installed(org, date(2026, 11, 8)), installed(org, date(2026, 12, 6))
    assert len(set(first.version)) > 1
    assert set(first.version).isdisjoint(np.unique(later.version))
