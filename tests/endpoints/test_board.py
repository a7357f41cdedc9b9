"""What pages are made of: search, values of filters, use over time, hosts, the quality of days, what came in, one person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from callboard.app import Parts
from tests.contract.helpers import account, held, told
from tests.endpoints.test_live_and_past import MARCH
from tests.helpers import Office

AUDIO = {"audio_output_bitrate": 40_000, "audio_output_latency": 40, "audio_output_jitter": 5}
GOOD, BAD = AUDIO | {"audio_score": 450}, AUDIO | {"audio_score": 150}


def minutes(uuid: str, user: str, day: str, *scored: dict[str, int]) -> list[dict[str, Any]]:
    """A row a minute from 10:00 on."""
    return [
        {"uuid": uuid, "user_id": user, "minute": f"{day}T10:{n:02d}:00Z", "leg": "cloud", **row} for n, row in enumerate(scored)
    ]


@pytest.fixture(scope="module")
def board(parts: Parts) -> Iterator[Office]:
    """Three Mondays in March: ann and ben met for an hour on the 2nd; ann, ben and eve on the 9th, for half of it together
    with cleo's webinar; ann and ben on the 16th until after midnight in Berlin."""
    with account(parts, "board") as office:
        told(
            office,
            held("one==", "2026-03-02T10:00:00Z", "2026-03-02T11:00:00Z", topic="Weekly sync", host_id="ann", id="84100000001"),
        )
        told(
            office,
            held(
                "two==",
                "2026-03-09T10:00:00Z",
                "2026-03-09T11:00:00Z",
                people=("ann", "ben", "eve"),
                host_id="ann",
                topic="Weekly sync",
            ),
        )
        told(
            office,
            held(
                "web==",
                "2026-03-09T10:30:00Z",
                "2026-03-09T11:30:00Z",
                kind="webinar",
                host_id="cleo",
                topic="All hands",
                id="95500000001",
            ),
        )
        told(office, held("late==", "2026-03-16T22:30:00Z", "2026-03-16T23:30:00Z", host_id="ben", topic="Late call"))
        people = {
            "ann": ("Ann Ito", "Sales", "Lisbon"),
            "ben": ("Ben Roy", "Legal", "Porto"),
            "cleo": ("Cleo Day", "Sales", "Lisbon"),
        }
        office.load(
            "people",
            [
                {
                    "user_id": user,
                    "name": name,
                    "dept": dept,
                    "location": site,
                    "email": f"{user}@example.com",
                }
                for user, (name, dept, site) in people.items()
            ],
        )
        office.load(
            "rooms",
            [{"room_id": "room-1", "room_name": "Lisbon attic", "location": "Lisbon, Floor 2"}],
        )
        office.load("qos_minutes", minutes("one==", "101", "2026-03-02", GOOD, GOOD, GOOD, BAD))
        office.load(
            "qos_minutes", minutes("two==", "101", "2026-03-09", GOOD, BAD) + minutes("two==", "102", "2026-03-09", BAD, BAD)
        )
        yield office


def test_search_finds_people_rooms_and_instances(board: Office) -> None:
    """By a few letters in any case; the newest instances first."""
    found = [(f["type"], f["title"]) for f in board.ask("/v1/search", q="lis")["found"]]
    assert found == [("room", "Lisbon attic")]
    assert [f["id"] for f in board.ask("/v1/search", q="WEEKLY")["found"]] == ["two==", "one=="]
    assert [f["id"] for f in board.ask("/v1/search", q="841 0000-0001")["found"]] == ["one=="]
    assert [f["title"] for f in board.ask("/v1/search", q="ben@ex")["found"]] == ["Ben Roy"]
    assert board.ask("/v1/search", q="w")["found"] == []


def test_search_finds_what_one_may_read(board: Office) -> None:
    """Whose role covers rooms only finds rooms only."""
    token = board.token(role="room-admin")
    found = board.get("/v1/search", token, q="l").json()["found"] + board.get("/v1/search", token, q="li").json()["found"]
    assert {f["type"] for f in found} == {"room"}


def test_days_count_what_was_held(board: Office) -> None:
    """On the 9th a meeting and a webinar of an hour each, the two and five joins at once, of three people."""
    said = board.ask("/v1/usage/days", **MARCH)
    day = next(p for p in said["periods"] if p["begin"] == "2026-03-09")
    assert day == {
        **{"begin": "2026-03-09", "meetings": 1, "webinars": 1, "hours": 2.0, "joins": 5, "people": 3},
        **{"participant_minutes": 300, "peak_meetings": 2, "peak_people": 5},
    }
    assert [p["begin"] for p in said["periods"]] == ["2026-03-02", "2026-03-09", "2026-03-16"]
    assert said["total"] | {"hours": 4.0} == {
        **{"meetings": 3, "webinars": 1, "hours": 4.0, "joins": 9, "people": 3},
        **{"participant_minutes": 540, "peak_meetings": 2, "peak_people": 5},
    }


def test_days_are_those_of_the_time_zone(board: Office) -> None:
    """22:30 UTC of the 16th is 07:30 of the 17th in Tokyo."""
    begins = [p["begin"] for p in board.ask("/v1/usage/days", **MARCH, timezone="Asia/Tokyo")["periods"]]
    assert begins == ["2026-03-02", "2026-03-09", "2026-03-17"]
    assert board.get("/v1/usage/days", **MARCH, timezone="Mars/Base").status_code == 400


def test_days_by_month_kind_and_department(board: Office) -> None:
    """One month; webinars only; what Legal hosted."""
    assert [p["meetings"] for p in board.ask("/v1/usage/days", **MARCH, by="month")["periods"]] == [3]
    assert board.ask("/v1/usage/days", **MARCH, kind="webinar")["total"]["joins"] == 2
    assert board.ask("/v1/usage/days", **MARCH, department="Legal")["total"]["meetings"] == 1


def test_hours_of_the_week(board: Office) -> None:
    """Mondays at ten: two meetings and the webinar began; at 22 the late one."""
    hours = board.ask("/v1/usage/hours", **MARCH)["hours"]
    assert len(hours) == 168
    assert {(h["weekday"], h["hour"]): h["meetings"] for h in hours if h["meetings"]} == {(1, 10): 3, (1, 22): 1}
    assert next(h for h in hours if (h["weekday"], h["hour"]) == (1, 22))["minutes"] == 120


def test_hosts_with_how_good_it_was(board: Office) -> None:
    """ann hosted two hours with 8 judged minutes, 4 of them bad; others had none judged and come last by `bad`."""
    hosts = board.ask("/v1/usage/hosts", **MARCH, sort="bad")["hosts"]
    assert [h["host_id"] for h in hosts] == ["ann", "ben", "cleo"]
    ann = hosts[0]
    assert (ann["host_name"], ann["department"], ann["meetings"], ann["hours"], ann["joins"], ann["people"]) == (
        *("Ann Ito", "Sales", 2, 2.0, 5, 2.5),
    )
    assert (ann["judged_minutes"], ann["bad_minutes"], ann["share_bad"], ann["band"]) == (8, 4, 0.5, "bad")
    assert (hosts[1]["share_bad"], hosts[1]["band"]) == (None, "")


def test_pages_of_hosts_join_to_the_whole(board: Office) -> None:
    """One by one, by token."""
    found, token = [], ""
    for _ in range(3):
        page = board.ask("/v1/usage/hosts", **({"next_page_token": token} if token else MARCH | {"page_size": 1}))
        found += [h["host_id"] for h in page["hosts"]]
        token = page["next_page_token"]
    assert (sorted(found), token) == (["ann", "ben", "cleo"], "")


def test_departments(board: Office) -> None:
    """Sales hosted three of four."""
    rows = board.ask("/v1/usage/departments", **MARCH)["departments"]
    assert [(d["department"], d["hosts"], d["meetings"], d["bad_minutes"]) for d in rows] == [
        ("Sales", 2, 3, 4),
        ("Legal", 1, 1, 0),
    ]


def test_the_quality_of_days_beside_what_is_usual(board: Office) -> None:
    """The 2nd: 1 of 4 bad; the 9th: 3 of 4. On the third Monday there are too few before it to say what is usual."""
    said = board.ask("/v1/quality/days", from_="2026-03-02", to="2026-03-16")
    shares = {d["day"]: d["share_bad"] for d in said["days"] if d["judged_minutes"]}
    assert shares == {"2026-03-02": 0.25, "2026-03-09": 0.75}
    assert (said["total"]["share_bad"], said["days"][-1]["usual_middle"]) == (0.5, None)
    assert len(said["days"]) == 15


def test_what_is_usual_of_four_mondays(office: Office) -> None:
    """Shares of 0, 0, 0.5 and 1 before it: the median is 0.25, the 10th percentile 0, the 90th 0.85."""
    shares = {"02": (GOOD, GOOD), "09": (GOOD,), "16": (GOOD, BAD), "23": (BAD,)}
    with office.http:
        for day, scored in shares.items():
            told(office, held(f"{day}==", f"2026-03-{day}T10:00:00Z", f"2026-03-{day}T11:00:00Z"))
            office.load("qos_minutes", minutes(f"{day}==", "101", f"2026-03-{day}", *scored))
        last = office.ask("/v1/quality/days", from_="2026-03-30", to="2026-03-30")["days"][0]
    assert (last["weekday"], last["usual_low"], last["usual_middle"], last["usual_high"]) == (1, 0.0, 0.25, 0.85)
    assert last["share_bad"] is None


def test_what_came_in(office: Office) -> None:
    """Bodies by event and verdict, by day, and the reasons of those that were refused."""
    office.given(held("one==", "2026-03-02T10:00:00Z", "2026-03-02T11:00:00Z"))
    office.given([{"event": "meeting.started", "event_ts": 1772445600000, "payload": {"object": {"id": "1"}}}])
    said = office.ask("/v1/sources", **MARCH)
    counts = {(e["event"], e["verdict"]): e["count"] for e in said["events"]}
    assert counts[("meeting.participant_joined", "applied")] == 2
    assert sum(d["count"] for d in said["days"]) == sum(counts.values()) == 7
    assert [(r["event"], r["count"]) for r in said["refused"]] == [("meeting.started", 1)]
    assert said["refused"][0]["reason"]


def test_recordings_by_instance(office: Office) -> None:
    """Two files of one meeting are one entry; the larger one first by size."""
    office.given(held("one==", "2026-03-02T10:00:00Z", "2026-03-02T11:00:00Z", topic="Weekly", host_id="ann"))
    files = [("a", "one==", 2, 100, "audio_only"), ("b", "one==", 2, 900, "shared_screen"), ("c", "two==", 3, 5000, "audio_only")]
    office.load(
        "recordings",
        [
            {
                **{"uuid": uuid, "file_id": file, "host_id": "ann", "file_size": size, "recording_type": kind},
                **{"recording_start": f"2026-03-0{day}T10:00:00Z", "recording_end": f"2026-03-0{day}T10:30:00Z"},
            }
            for file, uuid, day, size, kind in files
        ],
    )
    said = office.ask("/v1/recordings", **MARCH)
    rows = [(r["uuid"], r["topic"], r["files"], r["size_bytes"], r["seconds"]) for r in said["recordings"]]
    assert rows == [("two==", "", 1, 5000, 1800), ("one==", "Weekly", 2, 1000, 1800)]
    assert said["total_bytes"] == 6000
    assert [r["uuid"] for r in office.ask("/v1/recordings", **MARCH, sort="size", q="week")["recordings"]] == ["one=="]


def test_one_persons_calls(board: Office) -> None:
    """ann was in two meetings, the webinar and the late call for an hour each: 4 judged, 1 bad, then 2 and 1."""
    said = board.ask("/v1/people/ann", **MARCH)
    assert (said["name"], said["department"], said["meetings"], said["minutes"]) == ("Ann Ito", "Sales", 4, 240)
    assert (said["judged_minutes"], said["bad_minutes"], said["share_bad"]) == (6, 2, 0.3333)
    assert [d["joins"] for d in said["devices"]] == [4]


def test_why_a_persons_calls_were_bad(board: Office) -> None:
    """When asked, the likely causes of ann's two bad minutes, which her meetings' findings tell of as well; else none."""
    said = board.ask("/v1/people/ann", **MARCH, causes="true")
    found = [f for uuid in ("one==", "two==") for f in board.ask(f"/v1/meetings/{uuid}/findings")["findings"]]
    hers = [(f["cause"], p["minutes"]) for f in found for p in f["people"] if p["participant_user_id"] == "ann"]
    assert (said["caused_calls"], said["caused_minutes"]) == (2, 2) == (len(hers), sum(count for _, count in hers))
    told_of = [(c["cause"], c["bad_minutes"], c["calls"]) for c in said["causes"]]
    causes = {cause for cause, _ in hers}
    assert sorted(told_of) == sorted((c, sum(n for x, n in hers if x == c), sum(x == c for x, _ in hers)) for c in causes)
    assert all(c["evidence"] for c in said["causes"])
    assert board.ask("/v1/people/ann", **MARCH)["causes"] == []


def test_the_meetings_of_a_person_page_by_page(board: Office) -> None:
    """The newest first; which she hosted, how long she was there, and how it was for her."""
    first = board.ask("/v1/people/ann@example.com/meetings", **MARCH, page_size=3)
    rest = board.ask("/v1/people/ann@example.com/meetings", next_page_token=first["next_page_token"])
    rows = [
        (m["uuid"], m["hosted"], m["person_seconds"], m["share_bad"], m["band"]) for m in first["meetings"] + rest["meetings"]
    ]
    assert rows == [
        ("late==", False, 3600, None, ""),
        ("web==", False, 3600, None, ""),
        ("two==", True, 3600, 0.5, "bad"),
        ("one==", True, 3600, 0.25, "bad"),
    ]
    assert first["total_records"] == 4


def test_values_that_filters_may_take(office: Office) -> None:
    """Of the last 90 days: departments of hosts, by how much they hosted."""
    from tests.contract.helpers import now

    office.given(held("one==", now(7200), now(3600), host_id="ann"))
    office.load("people", [{"user_id": "ann", "name": "Ann Ito", "dept": "Sales", "location": "Lisbon"}])
    assert office.ask("/v1/dimensions/department")["values"] == [{"value": "Sales", "title": "Sales", "count": 1}]
    assert office.ask("/v1/dimensions/host")["values"] == [{"value": "ann", "title": "Ann Ito", "count": 1}]
    assert office.ask("/v1/dimensions/site")["values"] == [{"value": "Lisbon", "title": "Lisbon", "count": 1}]
    assert office.get("/v1/dimensions/shoe_size").status_code == 400


def test_meetings_are_looked_through(board: Office) -> None:
    """Filters and orders; bad: two== had 3 of 4 bad minutes, one== 1 of 4, late== none judged."""
    browse = "/v1/meetings"

    def found(**asked: Any) -> list[str]:
        return [m["uuid"] for m in board.ask(browse, **MARCH, **asked)["meetings"]]

    assert found() == ["late==", "two==", "one=="]
    assert found(sort="bad") == ["two==", "one==", "late=="]
    assert found(sort="participants", order="asc")[-1] == "two=="
    assert found(q="late") == found(q="BEN ROY") == found(department="Legal") == ["late=="]
    assert found(site="Porto") == ["late==", "two==", "one=="]
    assert found(quality="bad,none") == ["late==", "two==", "one=="]
    assert found(quality="none") == found(hour=23, timezone="Europe/Berlin") == ["late=="]
    assert found(min_bad=0.5) == found(min_participants=3) == ["two=="]
    assert found(person="cleo") == found(weekday=2) == found(max_minutes=59) == []
    assert board.get(browse, **MARCH, quality="splendid").status_code == 400


def test_a_row_of_the_list(board: Office) -> None:
    """Who, where, how long, how good."""
    row = board.ask("/v1/meetings", **MARCH, q="weekly", page_size=1)["meetings"][0]
    assert row | {"features": [], "topic": ""} == {
        **{"uuid": "two==", "kind": "meeting", "number": 84512036771, "topic": "", "host_id": "ann", "host_name": "Ann Ito"},
        **{"host_email": "ann@example.com", "department": "Sales", "platform": "zoom", "sites": ["Lisbon", "Porto"]},
        **{"start_time": "2026-03-09T10:00:00Z", "end_time": "2026-03-09T11:00:00Z", "seconds": 3600, "live": False},
        **{"participants": 3, "people": 3, "person_seconds": 10800, "features": [], "judged_minutes": 4, "bad_minutes": 3},
        **{"people_hit": 2, "share_bad": 0.75, "band": "bad"},
    }


@pytest.mark.parametrize("sort", ["start", "bad", "topic", "host", "duration", "participants"])
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_pages_of_the_list_join_to_the_whole(board: Office, sort: str, order: str) -> None:
    """One by one, in any order."""
    whole = [m["uuid"] for m in board.ask("/v1/meetings", **MARCH, sort=sort, order=order)["meetings"]]
    found, token = [], ""
    for _ in whole:
        asked = {"next_page_token": token} if token else MARCH | {"page_size": 1, "sort": sort, "order": order}
        page = board.ask("/v1/meetings", **asked)
        found += [m["uuid"] for m in page["meetings"]]
        token = page["next_page_token"]
    assert (found, token) == (whole, "")


def test_a_list_summed_up_beside_the_period_before(board: Office) -> None:
    """The week of the 9th beside the week of the 2nd."""
    said = board.ask("/v1/meetings/summary", from_="2026-03-09", to="2026-03-15")
    assert (said["before_from"], said["before_to"]) == ("2026-03-02", "2026-03-08")
    assert said["total"] == {
        **{"count": 1, "seconds": 3600, "person_seconds": 10800, "participants": 3, "people_average": 3.0},
        **{"judged_minutes": 4, "bad_minutes": 3, "share_bad": 0.75, "bad_calls": 1},
    }
    assert (said["before"]["count"], said["before"]["share_bad"]) == (1, 0.25)
    assert [(d["day"], d["count"]) for d in said["days"]][:2] == [("2026-03-09", 1), ("2026-03-10", 0)]
    assert {b["band"]: b["count"] for b in said["bands"]} == {"good": 0, "fair": 0, "poor": 0, "bad": 1, "": 0}


def test_a_list_summed_up_beside_days_of_ones_choice(board: Office) -> None:
    """Any days may be compared with: those that are asked for are echoed and summed up."""
    chosen = {"before_from": "2026-03-02", "before_to": "2026-03-03"}
    said = board.ask("/v1/meetings/summary", from_="2026-03-05", to="2026-03-15", **chosen)
    assert {name: said[name] for name in chosen} == chosen
    assert said["before"] == board.ask("/v1/meetings/summary", from_="2026-03-02", to="2026-03-03", compare="none")["total"]
    assert said["before"]["count"] == 1


def test_what_is_remembered_of_a_day_follows_its_facts(office: Office) -> None:
    """A quality minute that comes late shows in the next answer."""
    with office.http:
        told(office, held("one==", "2026-03-02T10:00:00Z", "2026-03-02T11:00:00Z"))
        assert office.ask("/v1/meetings", **MARCH)["meetings"][0]["share_bad"] is None
        office.load("qos_minutes", minutes("one==", "101", "2026-03-02", GOOD, BAD))
        assert office.ask("/v1/meetings", **MARCH)["meetings"][0]["share_bad"] == 0.5


def test_what_goes_on_now(office: Office) -> None:
    """One live meeting of two; ben has had bad minutes in the last ten, ann has not; a room has an open issue."""
    from tests.contract.helpers import now

    with office.http:
        told(office, held("live==", now(1200), host_id="ann", topic="Weekly"))
        office.load("rooms", [{"room_id": "room-1", "room_name": "Attic"}])
        office.load("room_issues", [{"room_id": "room-1", "at": now(500), "issue": "Zoom room is offline", "edge": "raised"}])
        rows = [("101", GOOD, 120), ("101", GOOD, 180), ("102", BAD, 120), ("102", BAD, 180), ("102", GOOD, 240)]
        office.load(
            "qos_minutes",
            [{"uuid": "live==", "user_id": u, "minute": now(ago)[:17] + "00Z", "leg": "cloud", **s} for u, s, ago in rows],
        )
        said = office.ask("/v1/now")
    assert (said["live_meetings"], said["live_webinars"], said["participants"]) == (1, 0, 2)
    assert (said["rooms_known"], said["rooms_in_use"], said["rooms_with_issues"]) == (1, 0, 1)
    assert [(r["room_name"], r["issue"], r["health"]) for r in said["rooms"]] == [("Attic", "Zoom room is offline", "critical")]
    one = said["meetings"][0]
    assert (one["uuid"], one["people_hit"], one["people_judged"], one["judged_minutes"], one["bad_minutes"]) == (
        "live==",
        1,
        2,
        5,
        2,
    )
    assert [(p["name"], p["minutes"]) for p in one["people"]] == [("ben", 2)]
    assert len(said["hours"]) == 24
    assert sum(h["bad_minutes"] for h in said["hours"][-2:]) == 2
    assert len(said["usual"]) == 4
