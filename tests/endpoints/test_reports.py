"""Reports: days, hosts, what one person met in, single meetings."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from callboard.app import Parts
from tests.contract.helpers import account, held, now, told
from tests.helpers import Office, instance

DAILY, USERS = "/v2/report/daily", "/v2/report/users"
FEBRUARY = {"from": "2026-02-01", "to": "2026-02-28"}
Meeting = tuple[str, int, str, list[tuple[str, int, int]]]
"""Uuid, start in Unix seconds, host, and joins: who, from and to which second of it."""


def at(unix: int) -> str:
    """Unix seconds as Zoom writes an instant."""
    return datetime.fromtimestamp(unix, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def invented(seed: int, number: int) -> list[Meeting]:
    """Meetings at random moments around February 2026, by three hosts, of one to four people who join up to six times."""
    dice = random.Random(seed)
    begin = int(datetime(2026, 1, 31, tzinfo=UTC).timestamp())
    made: list[Meeting] = []
    for n in range(number):
        people = [f"p{k}" for k in range(dice.randint(1, 4))]
        joins = [
            (who, dice.randint(0, 600), dice.randint(700, 1800)) for who in people + dice.choices(people, k=dice.randint(0, 2))
        ]
        made.append((f"m{n}==", begin + dice.randint(0, 30 * 86_400), f"host-{n % 3}", joins))
    return made


def events(meeting: Meeting, kind: str = "meeting") -> list[dict[str, Any]]:
    """What Zoom tells of it."""
    uuid, start, host, joins = meeting
    about = {"start": at(start), "host_id": host, "type": 5 if kind == "webinar" else 8}
    made = [instance(f"{kind}.started", uuid, **about), instance(f"{kind}.ended", uuid, end_time=at(start + 1800), **about)]
    for n, (who, came, went) in enumerate(joins):
        said = {"user_id": str(n + 1), "user_name": who, "participant_user_id": who, "email": ""}
        made.append(instance(f"{kind}.participant_joined", uuid, participant=said | {"join_time": at(start + came)}, **about))
        made.append(instance(f"{kind}.participant_left", uuid, participant=said | {"leave_time": at(start + went)}, **about))
    return made


def recount(meetings: list[Meeting]) -> dict[str, tuple[int, int, int]]:
    """Meetings of two or more, joins and minutes of each day, counted plainly."""
    days: dict[str, tuple[int, int, int]] = {}
    for _, start, _, joins in meetings:
        if len({who for who, *_ in joins}) > 1:
            day = at(start)[:10]
            minutes = -(-sum(went - came for _, came, went in joins) // 60)
            had = days.get(day, (0, 0, 0))
            days[day] = (had[0] + 1, had[1] + len(joins), had[2] + minutes)
    return days


def reported(office: Office, **params: Any) -> dict[str, tuple[int, int, int]]:
    """The days of February on which something was held."""
    answer = office.ask(DAILY, year=2026, month=2, **params)
    return {
        day["date"]: (day["meetings"], day["participants"], day["meeting_minutes"]) for day in answer["dates"] if day["meetings"]
    }


def february(days: dict[str, Any]) -> dict[str, Any]:
    return {day: figures for day, figures in days.items() if day.startswith("2026-02-")}


@pytest.fixture(scope="module")
def month(parts: Parts) -> Iterator[tuple[Office, list[Meeting]]]:
    """Sixty meetings around February, a third of them webinars; the hosts are users, one of them in a group."""
    with account(parts, "month") as office:
        meetings = invented(7, 60)
        told(office, [e for n, m in enumerate(meetings) for e in events(m, "webinar" if n % 4 == 0 else "meeting")])
        groups: dict[str, list[str]] = {"host-0": ["group-a"], "host-1": [], "host-2": [], "idle": ["group-a"], "idler": []}
        made = "2026-02-03T12:00:00Z"
        office.load("people", [{"user_id": u, "name": u, "group_ids": g, "created_at": made} for u, g in groups.items()])
        yield office, meetings


def test_a_month_equals_a_plain_recount(month: tuple[Office, list[Meeting]]) -> None:
    """Asked once and again, when days come from memory."""
    office, meetings = month
    assert reported(office) == reported(office, x="again") == february(recount(meetings))


def test_a_settled_day_is_counted_again_when_a_fact_of_it_comes(parts: Parts) -> None:
    """Nothing that was remembered outlives what it followed from."""
    with account(parts, "late-facts") as office:
        meetings = invented(8, 12)
        told(office, [e for meeting in meetings[:-1] for e in events(meeting)])
        assert reported(office) == february(recount(meetings[:-1]))
        told(office, events(meetings[-1]))
        assert reported(office) == february(recount(meetings))
        more = (*meetings[0][:3], [*meetings[0][3], ("p9", 10, 700)])
        told(office, events(more))
        assert reported(office) == february(recount([more, *meetings[1:]]))


def test_days_add_up_to_the_lists_of_meetings_and_webinars(month: tuple[Office, list[Meeting]]) -> None:
    """`/report/daily` and `/report/meetings` tell of the same."""
    office, _ = month
    lists = [office.ask(f"/v2/report/{kind}s", page_size=300, **FEBRUARY)[f"{kind}s"] for kind in ("meeting", "webinar")]
    listed = [entry for entries in lists for entry in entries]
    sums = [len(listed), sum(m["participants_count"] for m in listed), sum(m["total_minutes"] for m in listed)]
    assert [sum(day[n] for day in reported(office).values()) for n in range(3)] == sums


def test_days_add_up_to_the_hosts(month: tuple[Office, list[Meeting]]) -> None:
    """And so do hosts."""
    hosts = month[0].ask(USERS, **FEBRUARY)
    totals = [hosts["total_meetings"], hosts["total_participants"], hosts["total_meeting_minutes"]]
    assert [sum(day[n] for day in reported(month[0]).values()) for n in range(3)] == totals


@pytest.mark.parametrize("name", ["group_id", "groupId"])
def test_days_of_a_group_are_what_its_people_hosted(month: tuple[Office, list[Meeting]], name: str) -> None:
    """Quirk: the filter is `group_id`, and clients send `groupId` too."""
    office, meetings = month
    hosted = [meeting for meeting in meetings if meeting[2] == "host-0"]
    assert reported(office, **{name: "group-a"}) == february(recount(hosted))
    dates = office.ask(DAILY, year=2026, month=2, **{name: "group-a"})["dates"]
    assert sum(day["new_users"] for day in dates) == 2


def test_the_default_is_the_present_month_up_to_today(office: Office) -> None:
    """No day is told of before it begins."""
    today = time.strftime("%Y-%m-%d", time.gmtime())
    answer = office.ask(DAILY)
    assert (answer["year"], answer["month"]) == (int(today[:4]), int(today[5:7]))
    assert [day["date"] for day in answer["dates"]] == [f"{today[:8]}{n + 1:02d}" for n in range(int(today[8:]))]


def test_a_month_to_come_has_no_days(office: Office) -> None:
    """It is no mistake to ask."""
    assert office.ask(DAILY, year=2105, month=1) == {"year": 2105, "month": 1, "dates": []}


@pytest.mark.parametrize("params", [{"month": "13"}, {"month": "0"}, {"year": "x"}, {"year": "1"}])
def test_a_month_that_is_none_is_refused(office: Office, params: dict[str, str]) -> None:
    """400, code 300, with the field."""
    answer = office.get(DAILY, **params)
    assert (answer.status_code, answer.json()["code"]) == (400, 300)
    assert answer.json()["errors"][0]["field"] == next(iter(params))


def test_zoom_reports_six_months_only(office: Office) -> None:
    """Quirk: a month more than six months ago is 400, code 300, with the profile `zoom`; else it is told."""
    assert len(office.ask(DAILY, year=2020, month=2)["dates"]) == 29
    answer = office.reopened(profile="zoom").get(DAILY, year=2020, month=2)
    assert (answer.status_code, answer.json()["code"]) == (400, 300)


def test_pages_of_hosts_join_to_the_whole(month: tuple[Office, list[Meeting]]) -> None:
    """By token or by `page_number`; totals are over all, on every page. Quirk: `page_number` survives here."""
    office, _ = month
    whole = office.ask(USERS, **FEBRUARY)
    first = office.ask(USERS, page_size=2, **FEBRUARY)
    second = office.ask(USERS, next_page_token=first["next_page_token"])
    numbered = office.ask(USERS, page_size=2, page_number=2, **FEBRUARY)
    assert first["users"] + second["users"] == whole["users"]
    assert second["users"] == numbered["users"]
    assert [page["page_number"] for page in (first, second, numbered)] == [1, 2, 2]
    assert {page["total_meetings"] for page in (whole, first, second)} == {whole["total_meetings"]}
    assert second["next_page_token"] == ""


def test_a_user_is_active_or_inactive(month: tuple[Office, list[Meeting]]) -> None:
    """Every user is in one of the two reports."""
    lists = [[u["id"] for u in month[0].ask(USERS, type=type_, **FEBRUARY)["users"]] for type_ in ("active", "inactive")]
    assert lists == [["host-0", "host-1", "host-2"], ["idle", "idler"]]


def test_hosts_of_a_group(month: tuple[Office, list[Meeting]]) -> None:
    """`group_id` narrows both reports."""
    asked = {"group_id": "group-a"} | FEBRUARY
    lists = [[u["id"] for u in month[0].ask(USERS, type=type_, **asked)["users"]] for type_ in ("active", "inactive")]
    assert lists == [["host-0"], ["idle"]]


def test_a_range_that_cuts_a_day_counts_what_began_in_it(month: tuple[Office, list[Meeting]]) -> None:
    """Instants are to the second."""
    office, meetings = month
    begin = sorted(start for _, start, _, joins in meetings if len({who for who, *_ in joins}) > 1)[10]
    asked = {"from": at(begin), "to": "2026-03-31T00:00:00Z"}
    after = [m for m in meetings if m[1] >= begin]
    assert office.ask(USERS, **asked)["total_meetings"] == sum(day[0] for day in recount(after).values())


def test_a_callers_groups_narrow_reports(month: tuple[Office, list[Meeting]]) -> None:
    """A viewer sees what the people of the groups assigned to it host, and no other user."""
    office, meetings = month
    viewer = office.token(role="viewer", families=["reports", "meetings"], groups=["group-a"])
    assert [u["id"] for u in office.get(USERS, viewer, **FEBRUARY).json()["users"]] == ["host-0"]
    assert office.get(USERS, viewer, group_id="group-b", **FEBRUARY).json()["users"] == []
    days = office.get(DAILY, viewer, year=2026, month=2).json()["dates"]
    hosted = february(recount([m for m in meetings if m[2] == "host-0"]))
    assert sum(day["meetings"] for day in days) == sum(day[0] for day in hosted.values())
    assert office.get(f"{USERS}/host-0/meetings", viewer, **FEBRUARY).status_code == 200
    assert office.get(f"{USERS}/host-1/meetings", viewer, **FEBRUARY).status_code == 403


def test_pages_of_a_persons_meetings_join_to_the_whole(month: tuple[Office, list[Meeting]]) -> None:
    """What a host hosted and joined, a few at a time, earliest first."""
    office, meetings = month
    asked = FEBRUARY | {"type": "pastJoined", "page_size": 4}
    found: list[str] = []
    answer = office.ask(f"{USERS}/p1/meetings", **asked)
    while True:
        found += [meeting["uuid"] for meeting in answer["meetings"]]
        if not answer["next_page_token"]:
            break
        answer = office.ask(f"{USERS}/p1/meetings", next_page_token=answer["next_page_token"])
    mine = [(start, uuid) for uuid, start, _, joins in meetings if "p1" in {who for who, *_ in joins}]
    assert found == [uuid for start, uuid in sorted(mine) if at(start).startswith("2026-02-")]
    assert answer["total_records"] == len(found)


@pytest.mark.parametrize("user", ["nobody", "nobody@example.com"])
def test_an_unknown_user_is_not_found(month: tuple[Office, list[Meeting]], user: str) -> None:
    """404, code 1001, in Zoom's words."""
    answer = month[0].get(f"{USERS}/{user}/meetings", **FEBRUARY)
    assert (answer.status_code, answer.json()["code"]) == (404, 1001)
    assert answer.json()["message"] == f"User {user} not exist or not belong to this account."


def test_someone_of_whom_only_meetings_told_is_known(month: tuple[Office, list[Meeting]]) -> None:
    """Webhooks of meetings may be all that an account sends."""
    assert month[0].ask(f"{USERS}/p0/meetings", **FEBRUARY)["total_records"] == 0


@pytest.mark.parametrize("tail", ["", "/participants"])
def test_one_person_alone_is_not_reported(history: Office, tail: str) -> None:
    """Quirk: one-person meetings are in `pastOne`, and never in a report."""
    answer = history.get(f"/v2/report/meetings/alone%3D%3D{tail}")
    assert (answer.status_code, answer.json()["code"]) == (404, 3001)


@pytest.mark.parametrize("tail", ["", "/participants", "/polls", "/qa", "/survey"])
def test_what_runs_is_not_reported(history: Office, tail: str) -> None:
    """Reports are about the past; by a number, the latest past instance is meant."""
    assert history.get(f"/v2/report/meetings/now%3D%3D{tail}").status_code == 404
    assert history.get(f"/v2/report/meetings/84512036772{tail}").status_code == 200


@pytest.mark.parametrize("tail", ["", "/participants", "/polls", "/qa", "/survey"])
def test_an_id_of_the_other_kind_is_refused(history: Office, tail: str) -> None:
    """Quirk: a webinar's id on a meeting path is 400, code 300, and the reverse."""
    for path in (f"/v2/report/meetings/webinar%3D%3D{tail}", f"/v2/report/webinars/first%3D%3D{tail}"):
        answer = history.get(path)
        assert (answer.status_code, answer.json()["code"]) == (400, 300)


def test_lengths_are_minutes_of_meetings_and_seconds_of_joins(history: Office) -> None:
    """Quirk: `duration` is minutes in the report of a meeting, and seconds in that of its participants."""
    assert history.ask("/v2/report/meetings/first%3D%3D")["duration"] == 17
    joins = history.ask("/v2/report/meetings/first%3D%3D/participants")["participants"]
    assert [join["duration"] for join in joins] == [968, 968]


def test_pages_of_participants_join_to_the_whole(paged: Office) -> None:
    """Eleven joins, four at a time."""
    path = "/v2/report/meetings/day-1%3D%3D/participants"
    found, answer = [], paged.ask(path, page_size=4)
    found += answer["participants"]
    while answer["next_page_token"]:
        answer = paged.ask(path, next_page_token=answer["next_page_token"])
        found += answer["participants"]
    assert found == paged.ask(path)["participants"]
    assert len(found) == answer["total_records"] == 11


def test_registrants_are_told_on_wish(office: Office) -> None:
    """`include_fields=registrant_id` adds them."""
    joined = held("registered==", "2026-02-06T10:00:00Z", "2026-02-06T10:30:00Z")
    for event in joined:
        event["payload"]["object"].get("participant", {})["registrant_id"] = "registrant-1"
    with office.http:
        told(office, joined)
        for wish, ids in (({}, {""}), ({"include_fields": "registrant_id"}, {"registrant-1"})):
            answer = office.ask("/v2/report/meetings/registered%3D%3D/participants", **wish)
            assert {join["registrant_id"] for join in answer["participants"]} == ids


def test_a_live_meeting_counts_once_it_has_ended(office: Office) -> None:
    """Today's figures follow at once."""
    start, end = now(900), now(60)
    day = start[:10]
    month_of = {"year": day[:4], "month": str(int(day[5:7]))}
    with office.http:
        told(office, held("runs==", start))
        assert sum(d["meetings"] for d in office.ask(DAILY, **month_of)["dates"]) == 0
        told(office, [instance("meeting.ended", "runs==", start, end_time=end)])
        assert {d["date"]: d["meetings"] for d in office.ask(DAILY, **month_of)["dates"]}[day] == 1


def test_of_two_planned_starts_the_nearest_is_meant(office: Office) -> None:
    """A series has a plan for each occurrence. Quirk: `schedule_time` is written `MM/dd/yyyy HH:mm`."""
    with office.http:
        told(office, held("second==", "2026-02-10T10:05:00Z", "2026-02-10T10:30:00Z", id="84500000099", host_id="ann"))
        plans = [("1", "2026-02-03T10:00:00Z"), ("2", "2026-02-10T10:00:00Z"), ("3", "2026-02-17T10:00:00Z")]
        office.load("plans", [{"number": 84500000099, "occurrence_id": n, "start_time": when} for n, when in plans])
        meetings = office.ask(f"{USERS}/ann/meetings", **FEBRUARY)["meetings"]
        assert [meeting["schedule_time"] for meeting in meetings] == ["02/10/2026 10:00"]


@pytest.mark.parametrize("kind", ["meeting", "webinar"])
def test_extras_of_both_kinds_are_told(office: Office, kind: str) -> None:
    """A person's meetings come with the keys that an application set, whatever they are."""
    start = "2026-02-06T10:00:00Z"
    with office.http:
        told(office, held("m==", start, "2026-02-06T10:30:00Z", kind=kind, host_id="ann"))
        keys = [{"key": "room", "value": "blue"}]
        row = {"uuid": "m==", "kind": kind, "start_time": start, "custom_keys": keys, "features": ["EXTRAS"]}
        office.load("meetings", [row])
        meetings = office.ask(f"{USERS}/ann/meetings", **FEBRUARY)["meetings"]
    assert [meeting["custom_keys"] for meeting in meetings] == [keys]
