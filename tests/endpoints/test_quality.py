"""Bad minutes: counted in SQL as `quality` counts them in Python, split, compared, and explained."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from typing import Any

import pytest

from callboard.quality import PROFILES, StreamMinute, Verdict, judge, summarise
from tests.contract.helpers import held, told
from tests.endpoints.test_live_and_past import MARCH
from tests.helpers import Office

START = 1772445600
"""2026-03-02T10:00:00Z."""
QUALITY = "/v1/quality"


def at(minute: int) -> str:
    return f"2026-03-02T10:{minute:02d}:00Z"


def random_minute(rng: random.Random, user: int, minute: int) -> dict[str, Any]:
    """A row of `qos_minutes` with some streams, from perfect to terrible, some of them muted."""
    row: dict[str, Any] = {"uuid": "one==", "user_id": str(101 + user), "minute": at(minute), "leg": "cloud"}
    for medium, way in ((m, w) for m in ("audio", "video", "as") for w in ("input", "output") if rng.random() < 0.7):
        stream = {"bitrate": rng.choice([0, 4000, 60_000]), "latency": rng.randrange(700), "jitter": rng.randrange(60)}
        loss = rng.choice([0, 50, 300, 1200, 3000])
        stream |= {"avg_loss": loss, "max_loss": loss * 2}
        if medium != "audio":
            stream |= {"width": 640, "height": 360, "frame_rate": rng.choice([0, 3, 7, 24])}
        row |= {f"{medium}_{way}_{name}": value for name, value in stream.items()}
    if rng.random() < 0.2:
        row["audio_score"] = rng.randrange(100, 501)
    return row


def verdicts(row: dict[str, Any], profile: str) -> dict[str, Verdict]:
    """By medium: what the minute was, as `quality` says."""
    found: dict[str, Verdict] = defaultdict(lambda: Verdict.UNJUDGED)
    for medium in ("audio", "video", "as"):
        for way in ("input", "output"):
            names = [f for f in StreamMinute._fields if f not in ("medium", "way", "score")]
            said = {name: row.get(f"{medium}_{way}_{name}") for name in names}
            stream = StreamMinute(medium, way, **said, score=row.get(f"{medium}_score"))
            if stream.bitrate or (profile == "zoom" and stream.score is not None):
                judged = judge(PROFILES[profile], stream._replace(bitrate=stream.bitrate or 1))
                found[medium] = max(found[medium], judged)
    return found


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("medium", ["all", "audio", "video", "sharing"])
def test_sql_counts_bad_minutes_as_python_does(office: Office, profile: str, medium: str) -> None:
    """Judged, bad and unjudged minutes and the longest run, over random minutes told in any order and twice."""
    rng = random.Random(f"{profile} {medium}")
    people = [f"person-{n}" for n in range(4)]
    rows = [random_minute(rng, user, minute) for user in range(4) for minute in range(30) if rng.random() < 0.9]
    with office.http:
        told(office, held("one==", at(0), at(40), people=people))
        office.load("qos_minutes", rng.sample(rows, len(rows)) + rng.sample(rows, 20))
        said = office.ask(QUALITY, **MARCH, by="kind", profile=profile, medium=medium)["total"]
    names = {"all": ("audio", "video", "as"), "sharing": ("as",)}.get(medium, (medium,))
    by_user: dict[str, dict[int, Verdict]] = defaultdict(dict)
    for row in rows:
        minute = int(row["minute"][14:16])
        by_user[row["user_id"]][minute] = max(verdicts(row, profile)[name] for name in names)
    summaries = [summarise(found) for found in by_user.values()]
    assert (said["judged_minutes"], said["bad_minutes"], said["unjudged_minutes"], said["longest_run"], said["joins_hit"]) == (
        sum(s.judged for s in summaries),
        sum(s.bad for s in summaries),
        sum(s.unjudged for s in summaries),
        max(s.longest_run for s in summaries),
        sum(1 for s in summaries if s.bad),
    )


GOOD = {"audio_output_bitrate": 4000, "audio_output_latency": 40, "audio_output_jitter": 5, "audio_output_avg_loss": 0}
LOSSY = GOOD | {"audio_output_avg_loss": 3000}


def meet(office: Office, people: dict[str, dict[str, Any]], uuid: str = "one==") -> None:
    """A meeting with one bad minute, 10:05, of those that are said to be `bad`; what else is said of them is their join's."""
    told(office, held(uuid, at(0), at(30), people=list(people)))
    for n, said in enumerate(people.values()):
        join = {"uuid": uuid, "user_id": str(101 + n)}
        minute = {name: said.pop(name) for name in ("avg_rssi", "system_max_cpu_usage") if name in said}
        bad = said.pop("bad", False)
        office.load("participants", [join | said])
        rows = [join | {"minute": at(m), "leg": "cloud"} | GOOD for m in (4, 6)]
        rows.append(join | {"minute": at(5), "leg": "cloud"} | (LOSSY if bad else GOOD) | minute)
        office.load("qos_minutes", rows)


def causes(office: Office) -> dict[str, int]:
    """Bad minutes by likely cause."""
    found = office.ask(QUALITY, **MARCH, by="cause")["groups"]
    return {group["values"][0]: group["bad_minutes"] for group in found}


def test_many_at_one_address_are_a_sites_network(office: Office) -> None:
    """Three of four at the office's address had a bad minute at once; one at home had one as well, of her own."""
    people: dict[str, dict[str, Any]] = {f"p{n}": {"ip_address": "203.0.113.7", "bad": n < 3} for n in range(4)}
    with office.http:
        meet(office, people | {"home": {"ip_address": "198.51.100.1", "bad": True}})
        assert causes(office) == {"network of a site": 3, "network of one person": 1}


def test_many_at_one_data_centre_from_several_places_are_the_server_side(office: Office) -> None:
    """Six of seven, each at home, all served from one place."""
    people = {f"p{n}": {"ip_address": f"198.51.100.{n}", "data_center": "Germany", "bad": n < 6} for n in range(7)}
    with office.http:
        meet(office, people)
        assert causes(office) == {"server side": 6}


def test_others_count_that_sit_in_other_meetings(office: Office) -> None:
    """The office's line is seen across meetings: two here and one there are three of an address."""
    with office.http:
        meet(office, {"a": {"ip_address": "203.0.113.7", "bad": True}, "b": {"ip_address": "203.0.113.7", "bad": True}})
        meet(office, {"c": {"ip_address": "203.0.113.7", "bad": True}, "d": {"ip_address": "198.51.100.2"}}, "two==")
        said = office.ask("/v1/meetings/two%3D%3D/quality", type="past")
    assert [stretch["cause"] for join in said["participants"] for stretch in join["stretches"]] == ["network of a site"]


def test_weak_wifi_and_a_busy_processor_are_told(office: Office) -> None:
    """Each by its own numbers."""
    with office.http:
        people: dict[str, dict[str, Any]] = {
            "wifi": {"ip_address": "198.51.100.1", "network_type": "Wifi", "avg_rssi": -80, "bad": True},
            "busy": {"ip_address": "198.51.100.2", "system_max_cpu_usage": 9700, "bad": True},
        }
        meet(office, people)
        said = office.ask("/v1/meetings/one%3D%3D/quality", type="past")["participants"]
    told_of = {stretch["cause"]: stretch["sentence"] for join in said for stretch in join["stretches"]}
    assert "-80 dBm" in told_of["Wi-Fi"]
    assert "97 %" in told_of["device CPU"]


@pytest.mark.parametrize("by", ["", "colour", "site,network,device", "site,site"])
def test_dimensions_that_there_are_not_are_refused(office: Office, by: str) -> None:
    """One or two of those that there are; the message lists them. Blank is as if it was not given."""
    answer = office.get(QUALITY, **MARCH, by=by)
    assert (answer.status_code, by) in ((400, by), (200, ""))


def test_a_profile_that_there_is_not_is_refused(office: Office) -> None:
    """400, and the names of those that there are."""
    answer = office.get(QUALITY, **MARCH, profile="mine")
    assert (answer.status_code, "teams-cqd" in answer.json()["errors"][0]["message"]) == (400, True)


def test_a_profile_of_ones_own_judges(office: Office) -> None:
    """Any jitter over 2 ms is bad: what others call good is not."""
    own = {"strict": {"audio": {"jitter": {"bad": 2}}}}
    with office.http:
        meet(office, {"a": {}})
        strict = office.reopened(quality_own=json.dumps(own))
        with strict.http:
            total = strict.ask(QUALITY, **MARCH, profile="strict")["total"]
        assert (total["judged_minutes"], total["bad_minutes"]) == (3, 3)
        assert office.ask(QUALITY, **MARCH)["total"]["bad_minutes"] == 0


def test_what_is_remembered_of_a_day_is_forgotten_when_a_minute_comes_late(office: Office) -> None:
    """A day long past is asked again after a fact about one of its meetings was acknowledged."""
    with office.http:
        meet(office, {"a": {}})
        before = office.ask(QUALITY, **MARCH)["total"]
        office.load("qos_minutes", [{"uuid": "one==", "user_id": "101", "minute": at(9), "leg": "cloud"} | LOSSY])
        after = office.ask(QUALITY, **MARCH)["total"]
    assert (before["bad_minutes"], after["bad_minutes"], after["judged_minutes"]) == (0, 1, 4)


def test_a_caller_of_a_group_sees_its_hosts_meetings(office: Office) -> None:
    """The host of this one is in no group: nothing of it is told."""
    with office.http:
        meet(office, {"a": {}})
        answer = office.get(QUALITY, office.token(groups=["north"]), **MARCH)
    assert answer.json()["total"]["joins"] == 0
