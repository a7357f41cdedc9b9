"""Profiles: published limits give their words at the limit and beyond it, and one's own are checked before they are used."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from callboard.quality.bands import (
    MEDIA,
    PROFILES,
    TEAMS_CQD,
    ZOOM,
    BadProfile,
    Verdict,
    estimated_packets,
    own_profile,
    verdict,
    verdict_sql,
    worst,
)

UNJUDGED, GOOD, FAIR, POOR, BAD = Verdict
CLEAN = {"bitrate": 4000, "latency": 50, "jitter": 5, "avg_loss": 0, "frame_rate": 25}


@pytest.mark.parametrize("medium", MEDIA)
@pytest.mark.parametrize(
    ("score", "expected"),
    [(500, GOOD), (400, GOOD), (399, FAIR), (300, FAIR), (299, POOR), (200, POOR), (199, BAD), (100, BAD), (None, UNJUDGED)],
)
def test_zooms_words_go_by_score(medium: str, score: int | None, expected: Verdict) -> None:
    """From 4, 3 and 2 points on, every medium is good, fair and poor; below it is bad."""
    assert verdict(ZOOM, medium, {"bitrate": 1, "score": score}) is expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, GOOD),
        ({"latency": 500}, GOOD),
        ({"latency": 501}, POOR),
        ({"avg_loss": 1000}, GOOD),
        ({"avg_loss": 1001}, POOR),
        ({"jitter": 30}, GOOD),
        ({"jitter": 31}, POOR),
        ({"latency": None, "jitter": 31}, POOR),
        ({"latency": None, "jitter": 30}, GOOD),
        ({"latency": None, "jitter": None, "avg_loss": None}, UNJUDGED),
    ],
    ids=str,
)
def test_cqd_calls_audio_poor(change: dict[str, int | None], expected: Verdict) -> None:
    """Round trip over 500 ms, loss over 10 % or jitter over 30 ms: what is known decides."""
    assert verdict(TEAMS_CQD, "audio", CLEAN | change) is expected


@pytest.mark.parametrize(("packets", "expected"), [(500, UNJUDGED), (501, POOR), (None, POOR)])
def test_cqd_judges_audio_with_enough_packets(packets: int | None, expected: Verdict) -> None:
    """More than 500 packets are asked for; a minute of audio that flows is taken for 3000."""
    assert verdict(TEAMS_CQD, "audio", CLEAN | {"jitter": 99}, packets) is expected


@pytest.mark.parametrize(
    ("medium", "frames", "expected"),
    [("video", 7, GOOD), ("video", 6, POOR), ("as", 1, GOOD), ("as", 0, POOR), ("video", None, UNJUDGED)],
)
def test_cqd_judges_pictures_by_frames(medium: str, frames: int | None, expected: Verdict) -> None:
    """Video under 7 frames a second is poor, and sharing under 1; loss and delay don't matter to it."""
    assert verdict(TEAMS_CQD, medium, CLEAN | {"frame_rate": frames, "avg_loss": 5000}) is expected


@pytest.mark.parametrize("profile", list(PROFILES.values()), ids=lambda p: p.name)
@pytest.mark.parametrize(("medium", "bitrate"), list(itertools.product(MEDIA, [0, None])))
def test_what_is_muted_is_unjudged(profile: Any, medium: str, bitrate: int | None) -> None:
    """Without bitrate nothing is judged, whatever the other figures say: not as bad, and not as good."""
    assert verdict(profile, medium, CLEAN | {"bitrate": bitrate, "score": 500, "jitter": 99}) is UNJUDGED


def test_packets_are_estimated_for_audio_only() -> None:
    """Audio goes 50 times a second; pictures vary, so nobody knows."""
    assert [estimated_packets(medium, 4000) for medium in MEDIA] == [3000, None, None]
    assert [estimated_packets(medium, 0) for medium in MEDIA] == [0, 0, 0]


@pytest.mark.parametrize("verdicts", list(itertools.permutations([UNJUDGED, GOOD, POOR])))
def test_the_worst_counts_for_the_whole(verdicts: tuple[Verdict, ...]) -> None:
    """In any order, the worst of several is the verdict of all."""
    assert worst(verdicts) is POOR


def test_the_unjudged_don_t_count_for_the_whole() -> None:
    """One good stream makes the whole good, if the others can't be judged; nothing judged leaves it unjudged."""
    assert worst([UNJUDGED, GOOD]) is GOOD
    assert worst([UNJUDGED]) is UNJUDGED
    assert worst([]) is UNJUDGED


def test_poor_and_bad_make_a_bad_minute() -> None:
    """Fair is not bad, and unjudged is neither bad nor judged."""
    assert [one for one in Verdict if one.counts_as_bad] == [POOR, BAD]
    assert [one for one in Verdict if one.judged] == [GOOD, FAIR, POOR, BAD]
    assert BAD.word == "bad"


OWN = own_profile("own", {"audio": {"avg_loss": {"fair": 200, "poor": 500, "bad": 1000}, "bitrate": {"poor": 2000}}}, "Ours.")


@pytest.mark.parametrize(
    ("loss", "bitrate", "expected"),
    [(200, 4000, GOOD), (201, 4000, FAIR), (501, 4000, POOR), (1001, 4000, BAD), (201, 1999, POOR), (1001, 1999, BAD)],
)
def test_ones_own_limits_give_their_words(loss: int, bitrate: int, expected: Verdict) -> None:
    """Beyond a limit is its word, up for loss and down for bitrate, and the worst of several counts."""
    assert verdict(OWN, "audio", {"bitrate": bitrate, "avg_loss": loss}) is expected


def test_a_profile_leaves_other_media_alone() -> None:
    """A medium without limits is unjudged."""
    assert verdict(OWN, "video", CLEAN | {"score": 100}) is UNJUDGED
    assert verdict_sql(OWN, "video", {}) == "toUInt8(0)"


def test_a_medium_may_ask_for_packets() -> None:
    """More packets than a minute can have leave audio unjudged, unless they were counted."""
    strict = own_profile("strict", {"audio": {"jitter": {"bad": 10}, "packets": 3000}})
    assert verdict(strict, "audio", {"bitrate": 1, "jitter": 99}) is UNJUDGED
    assert verdict(strict, "audio", {"bitrate": 1, "jitter": 99}, 3001) is BAD
    assert verdict_sql(strict, "audio", {"bitrate": "b", "jitter": "j"}) == "toUInt8(0)"


@pytest.mark.parametrize(
    ("media", "complaint"),
    [
        ({}, "own: no medium is judged; give limits for one of audio, video, as"),
        ({"sound": {}}, "own: sound is no medium; known are audio, video, as"),
        ({"audio": 3}, "own: audio must be limits by metric"),
        ({"audio": {}}, "own: audio has no limits"),
        ({"audio": {"packets": 5}}, "own: audio has no limits"),
        ({"audio": {"loss": {"poor": 5}}}, "own: audio, loss is no metric of it; known are avg_loss, "),
        ({"audio": {"frame_rate": {"poor": 5}}}, "own: audio, frame_rate is no metric of it"),
        ({"audio": {"jitter": {}}}, "own: audio, jitter must have limits named fair, poor, bad"),
        ({"audio": {"jitter": 30}}, "own: audio, jitter must have limits named fair, poor, bad"),
        ({"audio": {"jitter": {"good": 3}}}, "own: audio, jitter must have limits named fair, poor, bad"),
        ({"audio": {"jitter": {"poor": 0.1}}}, "own: audio, jitter, poor must be a whole number from 0, not 0.1"),
        ({"audio": {"jitter": {"poor": True}}}, "own: audio, jitter, poor must be a whole number from 0, not True"),
        ({"audio": {"jitter": {"poor": -1}}}, "own: audio, jitter, poor must be a whole number from 0, not -1"),
        ({"audio": {"jitter": {"fair": 30, "bad": 20}}}, "own: audio, jitter: fair, poor and bad must go from better to worse"),
        ({"video": {"score": {"fair": 300, "poor": 400}}}, "own: video, score: fair, poor and bad must go from better to worse"),
        ({"video": {"score": {"poor": 5}, "packets": "9"}}, "own: video, packets must be a whole number from 0, not '9'"),
    ],
    ids=str,
)
def test_mistakes_are_named(media: Any, complaint: str) -> None:
    """A profile that can't be used says where it is wrong, and what would be right."""
    with pytest.raises(BadProfile) as caught:
        own_profile("own", media)
    assert str(caught.value).startswith(complaint)
