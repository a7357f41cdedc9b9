"""Sessions: who a cookie is, how sessions end, and what a signed-in person may ask for how often."""

from __future__ import annotations

import time

import pytest

from callboard.contract.errors import TooManyRequests
from tests.helpers import Office, Person, a_meeting

FRESHNESS, MEETINGS = "/v1/freshness", "/v2/metrics/meetings?type=past&from=2026-03-01&to=2026-03-31"


class Clock:
    """A clock that stands still until it is set forward."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = float(int(time.time()))
        self.begun = time.monotonic()
        monkeypatch.setattr(time, "time", lambda: self.now)
        monkeypatch.setattr(time, "monotonic", lambda: self.begun)

    def later(self, seconds: float) -> None:
        self.now += seconds
        self.begun += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def status(person: Person, path: str = FRESHNESS) -> int:
    return person.http.get(path).status_code


def test_a_session_opens_the_api(office: Office) -> None:
    """A signed-in person's browser asks as a client with a token would, and gets the same answer."""
    office.given(a_meeting())
    assert office.person().http.get(MEETINGS).json() == office.ask(MEETINGS)


def test_a_cookie_that_is_none_of_ours_is_nobody(office: Office) -> None:
    """401, as without a token."""
    person = office.person()
    person.http.cookies.set("callboard", "x" * 43)
    answer = person.http.get(FRESHNESS)
    assert (answer.status_code, answer.json()["code"]) == (401, 124)


def test_a_token_counts_before_a_cookie(office: Office) -> None:
    """A wrong token is refused, whoever is signed in."""
    assert office.person().http.get(FRESHNESS, headers={"Authorization": "Bearer x"}).status_code == 401


@pytest.mark.parametrize(("role", "allowed"), [("admin", 200), ("viewer", 200), ("room-admin", 403)])
def test_a_role_counts_for_people_too(office: Office, role: str, allowed: int) -> None:
    """A Room Admin reads no meetings."""
    assert status(office.person(role=role), MEETINGS) == allowed


def test_a_viewer_reads_their_families_and_groups_only(office: Office) -> None:
    """Assigned families and groups narrow a person as they narrow a client."""
    office.given(a_meeting())
    assert status(office.person(role="viewer", families=["chat"]), MEETINGS) == 403
    assert office.person(role="viewer", groups=["x"]).http.get(MEETINGS).json()["total_records"] == 0


def test_a_person_sees_their_own_account(office: Office) -> None:
    """A user belongs to one account, and another's meetings are not there."""
    office.given(a_meeting("OOOOOOOOOOOOOOOOOOOOOO=="))
    other = Office(office.parts, office.account + "-other", office.stack)
    assert other.person().http.get(MEETINGS).json()["total_records"] == 0


def test_an_unused_session_ends(office: Office, clock: Clock) -> None:
    """After the idle time; each use begins it anew."""
    person = office.reopened(session_idle_minutes=10, session_hours=1).person()
    for _ in range(3):
        clock.later(9 * 60)
        assert status(person) == 200
        clock.later(2)
        assert status(person) == 200  # until the use is written down, for that happens beside the answer
    clock.later(10 * 60)
    assert status(person) == 401


def test_a_session_ends_whether_used_or_not(office: Office, clock: Clock) -> None:
    """After its longest time, for `session_hours` of them."""
    person = office.person()  # for an hour
    for _ in range(11):
        clock.later(300)
        assert status(person) == 200
    clock.later(301)
    assert status(person) == 401


def test_a_disabled_user_is_out(office: Office, clock: Clock) -> None:
    """What another process did counts within a second, and letting them in again begins no session."""
    person = office.person()
    assert status(person) == 200
    office.parts.control.people.disable_user(person.user.id, now=1)
    clock.later(1.1)
    assert status(person) == 401
    office.parts.control.people.disable_user(person.user.id, now=None)
    clock.later(1.1)
    assert status(person) == 401


def test_a_new_role_counts_at_once(office: Office, clock: Clock) -> None:
    """The present role counts, not the one of when the session began."""
    person = office.person()
    office.parts.control.people.change_user(person.user.id, role="room-admin")
    clock.later(1.1)
    assert status(person, MEETINGS) == 403


def test_sessions_are_kept_hashed(office: Office) -> None:
    """Who reads the control store can sign in as nobody."""
    person = office.person()
    kept = b"".join(p.read_bytes() for p in office.parts.settings.data_dir.glob("control.db*"))
    assert person.user.id.encode() in kept
    assert person.http.cookies["callboard"].encode() not in kept


def test_what_a_person_fetches_is_not_the_accounts(office: Office) -> None:
    """The account's budget of 60 a minute is untouched, and a person's limit is their own."""
    narrow = office.reopened(rate_policy="documented", person_requests=70)
    one, two = narrow.person(), narrow.person()
    answers = [one.http.get(FRESHNESS) for _ in range(71)]
    assert [a.status_code for a in answers] == [200] * 70 + [429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 61
    assert "Wait a minute" in answers[-1].json()["message"]
    assert two.http.get(FRESHNESS).headers["x-ratelimit-remaining"] == "69"
    assert narrow.get(FRESHNESS).headers["x-ratelimit-remaining"] == "59"


def test_an_account_that_is_used_up_is_none_of_a_persons_business(office: Office) -> None:
    """The pages go on when a program has used up the account's budget."""
    narrow = office.reopened(rate_policy="documented")
    for _ in range(60):
        narrow.desk.limiter.take(office.account, "own")
    with pytest.raises(TooManyRequests):
        narrow.desk.limiter.take(office.account, "own")
    assert status(narrow.person()) == 200


def load(person: Person, **headers: str) -> int:
    """Whether a person's browser may load facts: 403 for the scope once the request is theirs."""
    answer = person.http.post("/v1/facts/rooms", content=b"{}", headers=headers)
    return 200 if "does not contain scopes" in answer.text else answer.status_code


def test_a_change_needs_the_sessions_token(office: Office) -> None:
    """Another site can make a browser send its cookie, but does not know the token; nor does it hide where it is from."""
    person = office.person()
    csrf = person.http.get("/v1/me").json()["csrf_token"]
    other = office.person().http.get("/v1/me").json()["csrf_token"]
    assert load(person, **{"x-csrf-token": csrf}) == 200
    assert load(person, **{"x-csrf-token": csrf, "origin": "http://testserver"}) == 200
    assert load(person) == 403
    assert load(person, **{"x-csrf-token": other}) == 403
    assert load(person, **{"x-csrf-token": csrf, "origin": "https://evil.example"}) == 403
    assert load(person, **{"x-csrf-token": csrf, "origin": "null"}) == 403
    assert load(person, **{"x-csrf-token": csrf, "sec-fetch-site": "cross-site"}) == 403
