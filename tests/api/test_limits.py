"""Rate limits: each policy and class at its exact limit, the texts and headers to the letter."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from callboard.api.limits import Limiter
from callboard.contract.access import RATE_CLASSES, RATE_POLICIES, Limit
from callboard.contract.errors import TooManyRequests
from callboard.endpoints import ENDPOINTS
from tests.api.conftest import FROM_TO
from tests.helpers import Office

PER_SECOND = "You have reached the maximum per-second rate limit for this API. Try again later."
PER_DAY = (
    "You have reached the maximum daily rate limit for this API. "
    "Refer to the response header for details on when you can make another request."
)
NOON = 1_795_000_000.0
FRESHNESS, MEETINGS = "/v1/freshness", "/v2/metrics/meetings"
QOS = "/v2/metrics/meetings/north%2Fmeeting%3D%3D/participants/qos"


class Clock:
    """A clock that stands still until it is set forward."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = NOON
        monkeypatch.setattr(time, "time", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time, standing still."""
    return Clock(monkeypatch)


def taken(limiter: Limiter, rate: str, account: str = "a", most: int = 200) -> int:
    """How many requests of a class are let through before one is refused."""
    for n in range(most):
        try:
            limiter.take(account, rate)
        except TooManyRequests:
            return n
    return most


EXACT = {
    "documented": {"simple": 60, "medium": 60, "own": 60, "complex": 30, "report": 30, "qos": 20},
    "zoom-pro": {"own": 30, "medium": 20, "simple": 10, "qos": 10, "report": 10, "complex": 10},
    "zoom-business": {"own": 80, "medium": 60, "simple": 40, "qos": 40, "report": 40, "complex": 20},
    "unlimited": dict.fromkeys(RATE_CLASSES, 200),
}


@pytest.mark.parametrize(("policy", "rate"), [(p, r) for p in EXACT for r in EXACT[p]])
def test_each_class_is_let_through_to_its_limit(clock: Clock, policy: str, rate: str) -> None:
    """Neither one more nor one less."""
    assert taken(Limiter(policy, "open"), rate) == EXACT[policy][rate]


def test_every_policy_and_class_is_covered() -> None:
    """The table above is the whole of ours."""
    assert {policy: set(classes) for policy, classes in RATE_POLICIES.items()} == {p: set(c) for p, c in EXACT.items()}
    assert {endpoint.rate for endpoint in ENDPOINTS.values()} <= set(RATE_CLASSES)


def test_all_gets_share_sixty(clock: Clock) -> None:
    """20 of quality and 30 complex ones leave 10."""
    limiter = Limiter("documented", "open")
    assert [taken(limiter, rate) for rate in ("qos", "complex", "simple")] == [20, 30, 10]


def test_reports_and_lists_share_thirty(clock: Clock) -> None:
    """Both are complex queries."""
    limiter = Limiter("documented", "open")
    assert [taken(limiter, rate) for rate in ("complex", "report")] == [30, 0]


def test_a_refused_request_counts_nothing(clock: Clock) -> None:
    """A hundred refused ones of quality leave the other 40."""
    limiter = Limiter("documented", "open")
    taken(limiter, "qos")
    assert [taken(limiter, "qos") for _ in range(100)] == [0] * 100
    assert taken(limiter, "simple") == 40


def test_accounts_are_counted_apart(clock: Clock) -> None:
    """One that uses up its limit takes nothing from another."""
    limiter = Limiter("documented", "open")
    assert [taken(limiter, "qos", account) for account in "ab"] == [20, 20]


@pytest.mark.parametrize(
    ("policy", "rate", "seconds"), [("documented", "qos", 60), ("zoom-pro", "simple", 1), ("zoom-pro", "complex", 60)]
)
def test_the_limit_opens_again(clock: Clock, policy: str, rate: str, seconds: int) -> None:
    """After its window, in full."""
    limiter = Limiter(policy, "open")
    first = taken(limiter, rate)
    clock.now += seconds + 1
    assert taken(limiter, rate) == first > 0


def test_heavy_and_intensive_share_the_day(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Zoom's daily limit is one for both labels, and light ones don't count."""
    _small_day(monkeypatch)
    limiter = Limiter("zoom-pro", "zoom")
    assert [taken(limiter, "simple"), taken(limiter, "complex")] == [3, 0]
    assert limiter.take("a", "own")["X-RateLimit-Category"] == "Light"


def _small_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Zoom's policy with a day of three requests."""
    day = Limit("heavy-day", 3, 86_400, "Daily-limit")
    small = {
        name: tuple(day if limit.type == "Daily-limit" else limit for limit in limits)
        for name, limits in RATE_POLICIES["zoom-pro"].items()
    }
    monkeypatch.setitem(RATE_POLICIES, "zoom-pro", small)


# Over HTTP


def test_every_answer_tells_of_its_limit(small: Office, clock: Clock) -> None:
    """Category, type, limit, what remains, and when it opens."""
    office = small.reopened(rate_policy="documented")
    headers = office.get(MEETINGS, type="past", **FROM_TO).headers
    told = {name: headers[f"x-ratelimit-{name}"] for name in ("category", "type", "limit", "remaining")}
    assert told == {"category": "Resource-intensive", "type": "QPS", "limit": "30", "remaining": "29"}
    assert NOON <= int(headers["x-ratelimit-reset"]) <= NOON + 61


@pytest.mark.parametrize(("path", "limit"), [(FRESHNESS, 60), (MEETINGS, 30), (QOS, 20)])
def test_one_more_than_the_limit_is_refused(small: Office, clock: Clock, path: str, limit: int) -> None:
    """60 GETs, 30 complex ones, 20 of quality; then 429 in Zoom's words."""
    office = small.reopened(rate_policy="documented")
    answers = [office.get(path, type="past", **FROM_TO) for _ in range(limit + 1)]
    assert [a.status_code for a in answers] == [200] * limit + [429]
    assert [int(a.headers["x-ratelimit-remaining"]) for a in answers] == [*range(limit - 1, -1, -1), 0]
    assert answers[-1].json() == {"code": 429, "message": PER_SECOND}


def test_retry_after_is_in_seconds(small: Office, clock: Clock) -> None:
    """With the profile `open`, as HTTP has it: wait so long, and it is open."""
    office = small.reopened(rate_policy="documented")
    for _ in range(20):
        office.get(QOS, type="past")
    clock.now += 20
    refused = office.get(QOS, type="past")
    assert refused.status_code == 429
    wait = int(refused.headers["retry-after"])
    assert 40 <= wait <= 41
    clock.now += wait
    assert office.get(QOS, type="past").status_code == 200


def test_with_the_profile_zoom_a_second_is_not_waited_for_by_header(small: Office, clock: Clock) -> None:
    """Clients retry when the type is `QPS` and there is no `Retry-After`."""
    office = small.reopened(rate_policy="zoom-pro", profile="zoom")
    answers = [office.get(QOS, type="past") for _ in range(11)]
    assert [a.status_code for a in answers] == [200] * 10 + [429]
    headers = answers[-1].headers
    assert (headers["x-ratelimit-type"], headers["x-ratelimit-category"], headers["x-ratelimit-limit"]) == ("QPS", "Heavy", "10")
    assert "retry-after" not in headers
    assert answers[-1].json() == {"code": 429, "message": PER_SECOND}


def test_with_the_profile_zoom_the_daily_limit_names_an_instant(
    small: Office, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`Retry-After` is a date-time there, and the text is another."""
    _small_day(monkeypatch)
    office = small.reopened(rate_policy="zoom-pro", profile="zoom")
    answers = [office.get(QOS, type="past") for _ in range(4)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    headers = answers[-1].headers
    assert (headers["x-ratelimit-type"], headers["x-ratelimit-limit"], headers["x-ratelimit-remaining"]) == (
        "Daily-limit",
        "3",
        "0",
    )
    opens = datetime.strptime(headers["retry-after"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
    assert NOON + 86_400 <= opens <= NOON + 86_402
    assert answers[-1].json() == {"code": 429, "message": PER_DAY}


def test_with_the_profile_open_the_daily_limit_is_in_seconds_too(
    small: Office, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One way to tell for one profile."""
    _small_day(monkeypatch)
    office = small.reopened(rate_policy="zoom-pro")
    refused = [office.get(QOS, type="past") for _ in range(4)][-1]
    assert refused.json()["message"] == PER_DAY
    assert 86_399 <= int(refused.headers["retry-after"]) <= 86_402


def test_who_may_not_ask_counts_nothing(small: Office, clock: Clock) -> None:
    """401 and 403 come before the count: strangers can't use an account's limit up."""
    office = small.reopened(rate_policy="documented")
    for _ in range(3):
        office.get(QOS, token="x")
        office.get(QOS, token=office.token("dashboard_webinars:read"))
    assert office.get(QOS, type="past").headers["x-ratelimit-remaining"] == "19"


def test_mistakes_count(small: Office, clock: Clock) -> None:
    """A 404 or 400 is an answer, and carries the headers."""
    office = small.reopened(rate_policy="documented")
    answers = [office.get(path) for path in (f"{MEETINGS}/none", f"{MEETINGS}/none?type=x", FRESHNESS)]
    assert [(a.status_code, a.headers["x-ratelimit-remaining"]) for a in answers] == [(404, "59"), (400, "58"), (200, "57")]


def test_clients_of_one_account_share_its_limit(small: Office, clock: Clock) -> None:
    """The limit is the account's, not the client's."""
    office = small.reopened(rate_policy="documented")
    tokens = [office.token(), office.token("dashboard_meetings:read")]
    assert [office.get(QOS, token=t, type="past").headers["x-ratelimit-remaining"] for t in tokens] == ["19", "18"]


def test_without_limits_only_the_category_is_told(small: Office) -> None:
    """`unlimited` is for one's own tools."""
    headers = small.get(QOS, type="past").headers
    assert headers["x-ratelimit-category"] == "Heavy"
    assert "x-ratelimit-limit" not in headers


def test_webhooks_are_not_limited(small: Office, clock: Clock) -> None:
    """What Zoom sends is taken, whatever was asked."""
    office = small.reopened(rate_policy="documented")
    for _ in range(20):
        office.get(QOS, type="past")
    assert office.post(b'{"event":"x.y","payload":{"account_id":"small"}}').status_code == 200
