"""How values are written: units, empty blocks, booleans, durations."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from callboard.app import Parts
from tests.contract.helpers import account, held, told
from tests.endpoints.conftest import minute
from tests.helpers import Office

UUID = "values=="
AT = "2026-03-02T10:05:00Z"
SAID = {
    "audio_input": {"bitrate": "27.15kbps", "latency": "0ms", "jitter": "126 ms", "avg_loss": "0.03%", "max_loss": "100%"},
    "audio_output": {"bitrate": "0 kbps", "latency": "", "jitter": "1 ms", "avg_loss": "0.0%", "max_loss": "0%"},
    "video_input": {"bitrate": "1024.5 kbps", "frame_rate": "12fps", "resolution": "1280*720"},
    "video_output": {
        "bitrate": "",
        "latency": "",
        "jitter": "",
        "avg_loss": "",
        "max_loss": "",
        "frame_rate": "",
        "resolution": "",
    },
    "cpu_usage": {
        "zoom_min_cpu_usage": "3%",
        "zoom_avg_cpu_usage": "7.5 %",
        "zoom_max_cpu_usage": "",
        "system_max_cpu_usage": "100%",
    },
    "wifi_rssi": {"min_rssi": -71, "avg_rssi": -60, "max_rssi": -52, "rssi_unit": "dBm"},
}
SILENT_AUDIO = dict.fromkeys(("bitrate", "latency", "jitter", "avg_loss", "max_loss"), "")
SILENT_VIDEO = SILENT_AUDIO | {"frame_rate": "", "resolution": ""}


@pytest.fixture(scope="module")
def minutes(parts: Parts) -> Iterator[list[dict[str, Any]]]:
    """Two minutes of one participant: one full of values, one with a single stream."""
    with account(parts, "values") as office:
        told(office, held(UUID, "2026-03-02T10:00:00Z", "2026-03-02T10:30:00Z"))
        told(office, [minute(UUID, "101", AT, **SAID)])
        told(office, [minute(UUID, "101", "2026-03-02T10:04:00Z", as_output={"bitrate": "5 kbps"})])
        yield office.ask(f"/v2/metrics/meetings/{UUID}/participants/101/qos", type="past")["user_qos"]


def test_minutes_are_oldest_first(minutes: list[dict[str, Any]]) -> None:
    """One entry a minute."""
    assert [m["date_time"] for m in minutes] == ["2026-03-02T10:04:00Z", AT]


def test_values_carry_their_units(minutes: list[dict[str, Any]]) -> None:
    """A space before a unit, none before `%`, however Zoom spaced it."""
    assert minutes[1]["audio_input"] == {
        "bitrate": "27.15 kbps",
        "latency": "0 ms",
        "jitter": "126 ms",
        "avg_loss": "0.03%",
        "max_loss": "100%",
    }


def test_zero_is_a_value(minutes: list[dict[str, Any]]) -> None:
    """No loss is `0%`; a value that is missing beside it is empty."""
    audio = minutes[1]["audio_output"]
    assert (audio["bitrate"], audio["avg_loss"], audio["max_loss"], audio["latency"]) == ("0 kbps", "0%", "0%", "")


def test_pictures_have_a_size_and_a_rate(minutes: list[dict[str, Any]]) -> None:
    """`1280*720`, with an asterisk, and `12 fps`."""
    video = minutes[1]["video_input"]
    assert (video["resolution"], video["frame_rate"], video["bitrate"]) == ("1280*720", "12 fps", "1024.5 kbps")


@pytest.mark.parametrize(
    ("block", "silent"), [("video_output", SILENT_VIDEO), ("as_input", SILENT_VIDEO), ("as_device_to_rwg", SILENT_VIDEO)]
)
def test_a_block_without_media_is_empty_strings(minutes: list[dict[str, Any]], block: str, silent: dict[str, str]) -> None:
    """Every member is there and empty, whether Zoom sent it empty or not at all."""
    assert minutes[1][block] == silent


def test_a_silent_audio_block_has_no_picture(minutes: list[dict[str, Any]]) -> None:
    """Five members, as for audio with media."""
    assert minutes[0]["audio_input"] == minutes[0]["audio_device_from_crc"] == SILENT_AUDIO


def test_processor_load_is_in_percent(minutes: list[dict[str, Any]]) -> None:
    """`3%`; a missing one is empty."""
    assert list(minutes[1]["cpu_usage"].values()) == ["3%", "7.5%", "", "100%"]


def test_signal_strength_is_negative_whole_numbers(minutes: list[dict[str, Any]]) -> None:
    """dBm; without Wi-Fi the numbers are 0 and the unit is empty."""
    assert minutes[1]["wifi_rssi"] == {"min_rssi": -71, "avg_rssi": -60, "max_rssi": -52, "rssi_unit": "dBm"}
    assert minutes[0]["wifi_rssi"] == {"min_rssi": 0, "avg_rssi": 0, "max_rssi": 0, "rssi_unit": ""}


@pytest.fixture(scope="module")
def lengths(parts: Parts) -> Iterator[dict[str, dict[str, Any]]]:
    """Meetings of several lengths, by their minutes and seconds."""
    ends = {"16:08": "10:16:08", "00:00": "10:00:00", "00:59": "10:00:59", "59:59": "10:59:59", "01:00:00": "11:00:00"}
    ends |= {"01:02:03": "11:02:03", "13:59:59": "23:59:59"}
    with account(parts, "lengths") as office:
        for duration, end in ends.items():
            told(office, held(duration, "2026-03-02T10:00:00Z", f"2026-03-02T{end}Z"))
        page = office.ask("/v2/metrics/meetings", type="past", from_="2026-03-02", to="2026-03-02")
        report = office.ask("/v2/report/meetings", from_="2026-03-02", to="2026-03-02")
        yield {m["uuid"]: m | {"reported": r} for m, r in zip(page["meetings"], report["meetings"], strict=True)}


def test_duration_is_a_clock(lengths: dict[str, dict[str, Any]]) -> None:
    """`mm:ss`, and `hh:mm:ss` from an hour on."""
    assert {uuid: m["duration"] for uuid, m in lengths.items()} == {uuid: uuid for uuid in lengths}


def test_a_report_counts_begun_minutes(lengths: dict[str, dict[str, Any]]) -> None:
    """`duration` of a report is whole minutes."""
    assert {uuid: m["reported"]["duration"] for uuid, m in lengths.items()} == {
        "00:00": 0, "00:59": 1, "16:08": 17, "59:59": 60, "01:00:00": 60, "01:02:03": 63, "13:59:59": 840,
    }  # fmt: skip


def test_flags_are_booleans(lengths: dict[str, dict[str, Any]]) -> None:
    """`has_*` are true or false, never 0, empty or missing."""
    flags = [value for m in lengths.values() for name, value in m.items() if name.startswith("has_")]
    assert len(flags) == 13 * len(lengths)
    assert {type(flag) for flag in flags} == {bool}


def test_instants_are_utc_without_a_fraction(office: Office) -> None:
    """Whatever offset and precision came in."""
    with office.http:
        told(office, held("odd==", "2026-03-02T12:00:00.250+02:00", "2026-03-02T10:30:00.9Z"))
        meeting = office.ask("/v2/metrics/meetings/odd==", type="past")
    assert (meeting["start_time"], meeting["end_time"]) == ("2026-03-02T10:00:00Z", "2026-03-02T10:30:00Z")


WORDS = {"5.0": "good", "4.00": "good", "3.99": "fair", "3.0": "fair", "2.99": "poor", "2": "poor", "1.99": "bad", "1": "bad"}
SCORES = list(WORDS)


@pytest.mark.parametrize(("score", "word"), WORDS.items())
def test_a_score_is_told_as_zooms_word(scored: Office, score: str, word: str) -> None:
    """4 and more is good, 3 fair, 2 poor, less is bad."""
    user = str(200 + SCORES.index(score))
    joins = scored.ask("/v2/metrics/meetings/scored==/participants", type="past")["participants"]
    assert {p["user_id"]: p["audio_quality"] for p in joins}[user] == word


def test_no_score_is_an_empty_word(scored: Office) -> None:
    """Empty for those of whom nobody gave one."""
    joins = scored.ask("/v2/metrics/meetings/scored==/participants", type="past")["participants"]
    assert {(p["user_id"], p["audio_quality"], p["video_quality"]) for p in joins} >= {("101", "", "")}


@pytest.fixture(scope="module")
def scored(parts: Parts) -> Iterator[Office]:
    """A meeting whose joins were each given a score in their summary."""
    with account(parts, "scored") as office:
        told(office, held("scored==", "2026-03-02T10:00:00Z", "2026-03-02T10:30:00Z"))
        numbers = itertools.count(200)
        told(office, [summary(str(next(numbers)), score) for score in SCORES])
        yield office


def summary(user_id: str, score: str) -> dict[str, Any]:
    qos = [{"type": "audio_quality", "details": {"quality": "good", "quality_score": score}}]
    object_ = {"uuid": "scored==", "participant": {"participant_id": user_id, "user_name": user_id, "qos": qos}}
    return {"event": "meeting.participant_qos_summary", "event_ts": 1772445600000, "payload": {"object": object_}}


def test_people_from_outside_have_empty_strings(office: Office) -> None:
    """No mail, no id, no hardware: empty, never null and never missing."""
    events = held("outside==", "2026-03-02T10:00:00Z", "2026-03-02T10:30:00Z", people=["x", "y"])
    for event in events:
        event["payload"]["object"].get("participant", {}).update(participant_user_id="", email="")
    with office.http:
        told(office, events)
        one = office.ask("/v2/metrics/meetings/outside==/participants", type="past")["participants"][0]
    assert {one[name] for name in ("id", "email", "registrant_id", "customer_key", "sip_uri", "mac_addr", "pc_name")} == {""}


def test_a_summary_is_of_the_streams_that_zoom_lists(office: Office) -> None:
    """Kinds that the documented list lacks, such as Wi-Fi, make no empty entries."""
    said = [
        ("audio_input", {"avg_latency": "9 ms"}),
        ("wifi_rssi", {"avg_rssi": -60}),
        ("made_up", {"x": "1"}),
        ("audio_quality", {}),
    ]
    qos = [{"type": type_, "details": details} for type_, details in said]
    object_ = {"uuid": "kinds==", "participant": {"participant_id": "101", "user_name": "ann", "qos": qos}}
    with office.http:
        told(office, held("kinds==", "2026-03-02T10:00:00Z", "2026-03-02T10:30:00Z"))
        told(office, [{"event": "meeting.participant_qos_summary", "event_ts": 1772445600000, "payload": {"object": object_}}])
        one = office.ask("/v2/metrics/meetings/kinds==/participants/qos_summary")["participants"][0]
    assert one["qos"] == [{"type": "audio_input", "details": {"avg_latency": "9 ms"}}]
