"""The plan is what the mirror then costs, and the budget is what upstream's headers tell."""

from __future__ import annotations

from collections import Counter
from datetime import date

import httpx2 as httpx
import pytest

from callboard.sync import plan, probe
from callboard.sync.budget import Budget, DayIsSpent, retry_at
from callboard.sync.client import default_token_url
from tests.contract.rich import PERSON, rich
from tests.helpers import Office, a_meeting
from tests.sync.helpers import CLOCK, FakeClock, mirror, source_of

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 3)


def test_a_plan_is_what_the_mirror_costs(office: Office) -> None:
    """Call by call, for an account whose lists are one page long."""
    office.given(
        [PERSON, *a_meeting("large==", people=24), *a_meeting("alone==", people=1), *rich("webinar", "w==", "2026-03-02T10")]
    )
    source = source_of(office, f"{office.account}-m")
    walk = mirror(source, office)._walk
    planned = {one.listing.endpoint: 0 for one in plan.plan(probe.measure(walk, FIRST, LAST))}
    for one in plan.plan(probe.measure(walk, FIRST, LAST)):
        planned[one.listing.endpoint] += one.calls
    made = mirror(source, office, first=FIRST, last=LAST)
    made.run()
    calls = dict(made._walk.upstream.budget.calls)
    summaries = "list_meeting_participants_qos_summary"  # not every join has one
    assert 0 < calls.pop(summaries) <= planned.pop(summaries)
    assert calls == planned


def test_a_dry_run_asks_everything_once_and_writes_nothing(office: Office) -> None:
    """Each listing that there is something to ask is asked a page; the mirrored account stays empty."""
    office.given([PERSON, *rich("meeting", "rich==", "2026-03-02T10")])
    source = source_of(office, f"{office.account}-m")
    tried = {one.listing: one for one in probe.dry_run(mirror(source, office)._walk, date(2026, 3, 2))}
    assert (tried["list_meeting_participants"].answer, tried["list_meeting_participants"].label) == ("ok", "Heavy")
    assert tried["list_meeting_participants_qos"].rows == "6 participants, 6 qos_minutes"
    assert tried["list_webinar_participants"].answer == "no webinar to ask about"
    found = office.parts.store.ask("SELECT count() FROM meetings WHERE account_id = {a:String}", {"a": source.account_id})
    assert found.rows == [[0]]


@pytest.mark.parametrize("policy", ["documented", "zoom-pro", "zoom-business", "unlimited"])
def test_the_policy_is_learnt_from_the_answers(office: Office, policy: str) -> None:
    """Whatever was assumed, the limits that headers tell name the policy."""
    limited = office.reopened(rate_policy=policy)
    made = mirror(source_of(limited, f"{office.account}-m"), limited, first=FIRST, last=FIRST, clock=CLOCK)
    made._account()
    made._all_days()
    assert plan.learnt_policy(made._walk.upstream.budget.limits, "zoom-pro") == policy


HEADERS: list[tuple[dict[str, str], float]] = [
    ({"retry-after": "7"}, 7),
    ({"retry-after": "1970-01-02T00:00:00Z"}, 86_400 - 1000),
    ({"retry-after": "Fri, 02 Jan 1970 00:00:00 GMT"}, 86_400 - 1000),
    ({"x-ratelimit-reset": "1060"}, 60),
    ({"x-ratelimit-type": "Daily-limit"}, 86_400 - 1000),
    ({"x-ratelimit-category": "Resource-intensive"}, 60),
    ({"x-ratelimit-category": "Heavy"}, 1),
    ({}, 1),
]


@pytest.mark.parametrize(("headers", "wait"), HEADERS)
def test_a_refusal_is_waited_for_as_told(headers: dict[str, str], wait: float) -> None:
    """In seconds, until a date of either form, until a reset; else for the window of the label."""
    assert retry_at(httpx.Headers(headers), 1000) == 1000 + wait


def test_a_budget_is_kept_to_before_it_is_refused() -> None:
    """Two calls are left: the third waits until the limit opens again."""
    clock = FakeClock(1000)
    budget = Budget(clock)
    told = {"X-RateLimit-Category": "Heavy", "X-RateLimit-Limit": "3", "X-RateLimit-Remaining": "2", "X-RateLimit-Reset": "1030"}
    for _ in range(4):
        budget.take("a")
        if not budget.limits:
            budget.learn("a", httpx.Headers(told))
    assert 29 < clock.slept < 31
    assert budget.refused == 0


def test_a_day_has_only_so_many_calls() -> None:
    """What counts against the day's limit is not asked for beyond it; who is patient waits for midnight."""
    told = httpx.Headers({"X-RateLimit-Category": "Heavy"})
    clock = FakeClock(1000)
    budget = Budget(clock, daily=2, patient=False)
    budget.take("a")
    budget.learn("a", told)
    budget.take("a")
    with pytest.raises(DayIsSpent):
        budget.take("a")
    patient = Budget(clock, daily=2, spent=budget.spent)
    patient.take("a")
    assert clock.at >= 86_400


def test_a_policy_takes_its_time() -> None:
    """The fullest limit says how long: 600 quality calls at 20 a minute, or a second day."""
    assert plan.seconds(Counter(qos=600, simple=60), "documented") == 29 * 60
    assert plan.seconds(Counter(qos=60_001), "zoom-pro") == 2 * 86_400
    assert plan.seconds(Counter(qos=600), "unlimited") == 0


TOKENS: list[tuple[str, str]] = [
    ("https://api.zoom.us", "https://zoom.us/oauth/token"),
    ("https://api.zoom.us/v2", "https://zoom.us/oauth/token"),
    ("http://127.0.0.1:8080", "http://127.0.0.1:8080/oauth/token"),
]


@pytest.mark.parametrize(("base", "token"), TOKENS)
def test_tokens_are_given_where_the_api_is(base: str, token: str) -> None:
    """Zoom gives them at zoom.us, for the API at api.zoom.us."""
    assert default_token_url(base) == token
