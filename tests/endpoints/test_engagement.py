"""Webinars: who came and stayed, what the host sees, how well it was sent; what the cases do not say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from callboard.app import Parts
from tests.contract.helpers import account, held, now, told
from tests.helpers import Office, instance

LIST = "/v1/webinars/engagement"
FEBRUARY = {"from": "2026-02-01", "to": "2026-02-28"}
TAILS = ("engagement", "host", "stream_quality")


def webinar(uuid: str, start: str, end: str = "", **said: Any) -> list[dict[str, Any]]:
    """A webinar of the host `hal`, who is there with others all the time."""
    people = ["hal", *said.pop("people", ["ann", "ben"])]
    return held(uuid, start, end, kind="webinar", people=people, host_id=said.pop("host", "hal"), **said)


def hour(day: int, hour_: int = 10) -> dict[str, str]:
    """Start and end of an hour of February."""
    return {"start": f"2026-02-{day:02d}T{hour_:02d}:00:00Z", "end": f"2026-02-{day:02d}T{hour_ + 1:02d}:00:00Z"}


@pytest.fixture(scope="module")
def talks(parts: Parts) -> Iterator[Office]:
    """Seven webinars of hal, one with more people each day; one that runs; one of someone else; and a meeting."""
    with account(parts, "talks") as office:
        for day in range(1, 8):
            told(office, webinar(f"day-{day}==", **hour(day), id=f"9550000010{day}", people=[f"p{n}" for n in range(day)]))
        told(office, webinar("other==", **hour(9), id="95500000200", host="eve", people=["eve"]))
        told(office, webinar("live==", now(600), id="95500000300"))
        told(office, held("meeting==", "2026-02-10T10:00:00Z", "2026-02-10T11:00:00Z"))
        office.load("people", [{"user_id": "hal", "group_ids": ["group-a"]}])
        yield office


def test_pages_of_the_list_join_to_the_whole(talks: Office) -> None:
    """Earliest first, two at a time; the total stays."""
    found, answer = [], talks.ask(LIST, page_size=2, **FEBRUARY)
    found += answer["webinars"]
    while answer["next_page_token"]:
        answer = talks.ask(LIST, next_page_token=answer["next_page_token"])
        found += answer["webinars"]
    assert [w["uuid"] for w in found] == [*(f"day-{n}==" for n in range(1, 8)), "other=="]
    assert found == talks.ask(LIST, **FEBRUARY)["webinars"]
    assert answer["total_records"] == 8


def test_the_list_says_what_each_says(talks: Office) -> None:
    """The headline numbers are the same in both."""
    listed = {w["uuid"]: w for w in talks.ask(LIST, **FEBRUARY)["webinars"]}["day-4=="]
    one = talks.ask("/v1/webinars/day-4%3D%3D/engagement")
    assert {name: one[name] for name in listed} == listed
    assert (one["attended"], one["hosts"], one["peak"], one["average_stay_seconds"]) == (4, 1, 4, 3600)


def test_by_its_number_the_latest_is_meant(talks: Office) -> None:
    """As everywhere."""
    assert talks.ask("/v1/webinars/95500000104/engagement")["uuid"] == "day-4=="


@pytest.mark.parametrize("tail", TAILS)
def test_a_webinar_that_runs_is_told_of_so_far(talks: Office, tail: str) -> None:
    """Those who are there have stayed until now."""
    answer = talks.ask(f"/v1/webinars/live%3D%3D/{tail}")
    assert answer["uuid"] == "live=="
    if tail == "engagement":
        assert 595 <= answer["median_stay_seconds"] == answer["duration_seconds"] <= 700
        assert {point["attendees"] for point in answer["curve"]} == {2}


@pytest.mark.parametrize("tail", TAILS)
def test_what_is_no_webinar_is_refused(talks: Office, tail: str) -> None:
    """404 for what is unknown, 400 for a meeting's id."""
    answers = [talks.get(f"/v1/webinars/{id_}/{tail}") for id_ in ("12345", "meeting%3D%3D")]
    assert [(a.status_code, a.json()["code"]) for a in answers] == [(404, 3001), (400, 300)]


def test_a_callers_groups_narrow_what_it_sees(talks: Office) -> None:
    """The webinars of hosts in the groups assigned to it."""
    viewer = talks.token(role="viewer", families=["webinars"], groups=["group-a"])
    assert len(talks.get(LIST, viewer, **FEBRUARY).json()["webinars"]) == 7
    for tail in TAILS:
        statuses = [talks.get(f"/v1/webinars/{uuid}%3D%3D/{tail}", viewer).status_code for uuid in ("day-1", "other")]
        assert statuses == [200, 403]


def test_others_are_the_hosts_other_past_webinars(talks: Office) -> None:
    """Six others with 1, 2, 3, 5, 6 and 7 attendees: 4 in the mean. The one that runs does not count."""
    answer = talks.ask("/v1/webinars/day-4%3D%3D/host")
    assert (answer["compared_with"], answer["this"]["attended"], answer["others"]["attended"]) == (6, 4, 4)


def test_a_host_of_one_webinar_is_compared_with_none(talks: Office) -> None:
    """Then the mean is empty: every number is 0."""
    answer = talks.ask("/v1/webinars/other%3D%3D/host")
    assert answer["compared_with"] == 0
    assert not any(answer["others"].values())


def test_at_most_twenty_others_the_nearest_in_time(parts: Parts) -> None:
    """Of 22 others, the two furthest are left out: they had three attendees, all others one."""
    with account(parts, "many-webinars") as office:
        for n in range(23):
            many = ["ann"] if n < 21 else ["ann", "ben", "cid"]
            told(office, webinar(f"w{n}==", **hour(1 + n), id=f"955000010{n:02d}", people=many))
        answer = office.ask("/v1/webinars/w0%3D%3D/host")
        assert (answer["compared_with"], answer["others"]["attended"], answer["others"]["peak"]) == (20, 1, 1)


def test_two_devices_at_once_are_one_person(office: Office) -> None:
    """Time counts once, and so does a minute of the curve."""
    with office.http:
        told(office, webinar("devices==", **hour(3), people=["ann", "ann"]))
        answer = office.ask("/v1/webinars/devices%3D%3D/engagement")
    assert (answer["attended"], answer["average_stay_seconds"], answer["peak"]) == (1, 3600, 1)


def test_a_rejoin_within_a_minute_counts_once_in_it(office: Office) -> None:
    """Ben leaves at 10:10:20 and comes again at 10:10:40."""
    who = {"user_name": "ben", "participant_user_id": "ben", "email": ""}
    about = {"start": "2026-02-03T10:00:00Z", "type": 5}
    stays = [("8", "2026-02-03T10:00:00Z", "2026-02-03T10:10:20Z"), ("9", "2026-02-03T10:10:40Z", "2026-02-03T10:20:00Z")]
    events = webinar("again==", **hour(3), people=[])
    for user_id, came, went in stays:
        for name, said in (("joined", {"join_time": came}), ("left", {"leave_time": went})):
            joined = who | {"user_id": user_id} | said
            events.append(instance(f"webinar.participant_{name}", "again==", participant=joined, **about))
    with office.http:
        told(office, events)
        answer = office.ask("/v1/webinars/again%3D%3D/engagement")
        minutes = office.ask("/v1/webinars/again%3D%3D/host")["minutes"]
    assert [point["attendees"] for point in answer["curve"]] == [1] * 20 + [0] * 40
    assert (minutes[10]["joined"], minutes[10]["left"], minutes[10]["present"]) == (1, 1, 1)


def test_what_was_never_done_is_zero_and_nothing_is_null(office: Office) -> None:
    """A webinar of which only its beginning was heard."""
    with office.http:
        told(office, webinar("empty==", "2026-02-03T10:00:00Z", "2026-02-03T10:05:00Z")[:1])
        told(office, [instance("webinar.ended", "empty==", "2026-02-03T10:00:00Z", end_time="2026-02-03T10:05:00Z", type=5)])
        answers = [office.get(f"/v1/webinars/empty%3D%3D/{tail}") for tail in TAILS]
    assert [a.status_code for a in answers] == [200] * 3
    assert not any("null" in a.text for a in answers)
    assert answers[0].json()["attended"] == answers[0].json()["attendance_rate"] == 0


def test_an_end_that_is_years_away_makes_no_endless_curve(office: Office) -> None:
    """A source may be wrong: two days are told of at most."""
    with office.http:
        told(office, webinar("endless==", "2026-02-03T10:00:00Z", "2026-09-03T10:00:00Z"))
        assert len(office.ask("/v1/webinars/endless%3D%3D/engagement")["curve"]) == 2881


def test_what_is_loaded_later_shows_at_once(office: Office) -> None:
    """Registrations and reactions come when they come: no answer is older than they."""
    path = "/v1/webinars/later%3D%3D/engagement"
    with office.http:
        told(office, webinar("later==", **hour(3), id="95500000400"))
        assert office.ask(path)["registered_approved"] == office.ask(path)["hands"] == 0
        assert office.ask(LIST, **FEBRUARY)["webinars"][0]["hands"] == 0
        office.load("registrants", [{"number": 95500000400, "registrant_id": "r", "kind": "webinar", "status": "approved"}])
        office.load("reactions", [{"uuid": "later==", "user_id": "102", "at": "2026-02-03T10:30:00Z", "reaction": "hand"}])
        answers = [office.ask(path), office.ask(LIST, **FEBRUARY)["webinars"][0]]
    for answer in answers:
        assert (answer["registered_approved"], answer["hands"], answer["share_engaged"]) == (1, 1, 0.5)
