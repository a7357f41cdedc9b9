"""An instance as lanes: presence, verdicts, causes, shares; what was wrong for whom; one participant's numbers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.helpers import Office, a_meeting, participant

UUID = "AAAAAAAAAAAAAAAAAAAAAA=="
FIRST, SECOND = "16778240", "16779264"


def minute(user_id: str, at: int, **said: Any) -> dict[str, Any]:
    """A minute of quality of one join, `at` minutes after ten."""
    return {"uuid": UUID, "user_id": user_id, "leg": "cloud", "minute": f"2026-03-02T10:{at:02d}:00Z", **said}


GOOD = {"audio_input_bitrate": 6000, "audio_input_avg_loss": 10, "audio_score": 450}
BAD = {"audio_input_bitrate": 6000, "audio_input_avg_loss": 1210, "audio_score": 150, "system_max_cpu_usage": 3000}


@pytest.fixture
def held(office: Office) -> Office:
    """Two people from 10:00 and 10:01 to 10:40; the second has three bad minutes, leaves at 10:20 and comes again at 10:30."""
    office.given(a_meeting()[:4])
    second = {"user_name": "Person 1", "participant_user_id": "person-1", "email": "p1@example.com"}
    office.given([participant("meeting.participant_left", SECOND, leave_time="2026-03-02T10:20:00Z", **second)])
    office.given([participant("meeting.participant_joined", "16780288", join_time="2026-03-02T10:30:00Z", **second)])
    office.given(a_meeting()[5:])
    office.load("qos_minutes", [minute(FIRST, n, **GOOD) for n in range(1, 40)])
    office.load("qos_minutes", [minute(SECOND, n, **(BAD if 5 <= n < 8 else GOOD)) for n in range(2, 20)])
    return office


def lanes(office: Office) -> Any:
    """The answer."""
    return office.ask(f"/v1/meetings/{UUID}/lanes")


def test_a_rejoin_is_the_same_lane(held: Office) -> None:
    """One lane a person, whatever the joins; time away is a gap of spaces."""
    found = lanes(held)
    assert (found["people"], found["joins"], found["minutes"]) == (2, 3, 41)
    second = found["lanes"][1]
    assert [join["user_id"] for join in second["joins"]] == [SECOND, "16780288"]
    assert second["worst"][20:30] == " " * 10
    assert second["worst"][31] == "0"


def test_minutes_have_their_verdicts_and_causes(held: Office) -> None:
    """A bad minute is a 4 with the letter of its cause; what was not judged is a 0."""
    second = lanes(held)["lanes"][1]
    assert second["worst"][4:9] == "14441"
    assert second["audio"][4:9] == "14441"
    assert second["cause"][4:9] == " PPP "
    assert (second["judged_minutes"], second["bad_minutes"], second["band"]) == (18, 3, "poor")


def test_strings_are_as_long_as_the_meeting(held: Office) -> None:
    """Every string of every lane has a character a minute."""
    found = lanes(held)
    lengths = {len(lane[name]) for lane in found["lanes"] for name in ("worst", "audio", "video", "sharing", "cause")}
    assert lengths == {found["minutes"]}


def test_a_share_is_in_its_lane(held: Office) -> None:
    """A share that nobody ended lasts until the join left."""
    shared = {"sharing_details": {"content": "screen", "date_time": "2026-03-02T10:05:00Z", "source": "", "link_source": ""}}
    held.given([participant("meeting.sharing_started", FIRST, **shared)])
    shares = lanes(held)["lanes"][0]["shares"]
    assert [share["start_time"] for share in shares] == ["2026-03-02T10:05:00Z"]
    assert shares[0]["end_time"] >= "2026-03-02T10:40:00Z"


def test_findings_say_for_whom_and_why(held: Office) -> None:
    """The sentence has how many, when, the cause and its numbers; the finding names the person."""
    found = held.ask(f"/v1/meetings/{UUID}/findings")
    assert found["sentence"] == (
        "Bad for 1 of 2 people, mostly from 10:05 to 10:08 UTC by network of one person: loss 12.1 %. The other one was fine."
    )
    (finding,) = found["findings"]
    assert (finding["cause"], finding["minutes"], finding["people_count"]) == ("network of one person", 3, 1)
    assert finding["people"][0]["participant_user_id"] == "person-1"


def test_nothing_wrong_is_said(office: Office) -> None:
    """Without minutes nothing is known, which is not the same as good."""
    office.given(a_meeting())
    found = office.ask(f"/v1/meetings/{UUID}/findings")
    assert found["findings"] == []
    assert found["share_bad"] is None
    assert found["sentence"].startswith("Nothing is known")


@pytest.mark.parametrize("name", [SECOND, "person-1"])
def test_a_participants_minutes_have_all_numbers(held: Office, name: str) -> None:
    """By join or person: loss in percent, bitrate in kbit/s, unknown as null, the cause with its evidence."""
    found = held.ask(f"/v1/meetings/{UUID}/participants/{name}/minutes")
    assert len(found["minutes"]) == 18
    bad = found["minutes"][3]
    assert (bad["audio_input_bitrate_kbps"], bad["audio_input_loss_percent"], bad["video_input_fps"]) == (60.0, 12.1, None)
    assert (bad["worst"], bad["cause"], bad["evidence"]) == (4, "network of one person", "Loss 12.1 %.")


def test_an_unknown_participant_is_not_found(held: Office) -> None:
    """404 says which."""
    answer = held.get(f"/v1/meetings/{UUID}/participants/nobody/minutes")
    assert answer.status_code == 404
    assert "nobody" in answer.json()["message"]


def test_a_new_fact_is_in_the_next_answer(held: Office) -> None:
    """What is remembered of a past instance is forgotten when a minute comes late."""
    before = lanes(held)["lanes"][0]["bad_minutes"]
    held.load("qos_minutes", [minute(FIRST, 0, **BAD)])
    assert lanes(held)["lanes"][0]["bad_minutes"] == before + 1
