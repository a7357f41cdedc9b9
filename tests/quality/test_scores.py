"""Scores: figures for lines one knows, nothing for streams without media, and never better for a worse line."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callboard.quality.emodel import G711_CONCEALED, mos, one_way_ms, simple_rating
from callboard.quality.scores import audio_score, sharing_score, video_score

many = settings(max_examples=200, deadline=None, derandomize=True)

SOUND = {"bitrate": 4000, "latency": 50, "jitter": 5, "loss": 0}
FACE = {"bitrate": 142_000, "latency": 50, "jitter": 5, "loss": 0, "width": 1280, "height": 720, "frame_rate": 26}
SCREEN = FACE | {"bitrate": 5000, "width": 1920, "height": 1080, "frame_rate": 2}
SCORES = {audio_score: SOUND, video_score: FACE, sharing_score: SCREEN}
EACH = pytest.mark.parametrize("score", SCORES, ids=lambda s: s.__name__)

figures = {
    "bitrate": st.integers(1, 1_000_000),
    "latency": st.integers(0, 3000),
    "jitter": st.integers(0, 1000),
    "loss": st.integers(0, 10_000),
    "width": st.integers(1, 7680),
    "height": st.integers(1, 4320),
    "frame_rate": st.integers(0, 120),
}


def figures_of(score: Any) -> st.SearchStrategy[dict[str, int]]:
    """Any figures that a score asks for."""
    return st.fixed_dictionaries({name: figures[name] for name in SCORES[score]})


def test_audio_is_the_e_models_opinion() -> None:
    """The score is the MOS of the one-way delay and the loss in per cent, in hundredths."""
    opinion = mos(simple_rating(one_way_ms(80, 12), 2.5, G711_CONCEALED))
    assert audio_score(4000, 80, 12, 250) == round(100 * opinion)


@pytest.mark.parametrize(
    ("latency", "jitter", "loss", "expected"),
    [(0, 0, 0, 440), (40, 5, 0, 438), (100, 20, 200, 415), (300, 30, 500, 337), (600, 60, 1500, 118)],
)
def test_audio_of_lines_one_knows(latency: int, jitter: int, loss: int, expected: int) -> None:
    """A wire, a good Wi-Fi, a bad one, a far mobile and a ruined line, worked out by hand from the simple form."""
    assert audio_score(4000, latency, jitter, loss) == expected


def test_ten_per_cent_is_not_a_tenth() -> None:
    """1000 in the store's 0.01 % is 10 %: 3.34 with a short delay; read as a fraction it would be over 4.3."""
    assert audio_score(4000, 50, 5, 1000) == 334


@pytest.mark.parametrize("loss", [10_000, 65_535])
def test_more_than_all_is_all(loss: int) -> None:
    """A column may hold more than 100 %: it is taken for 100 %, and is no error."""
    assert audio_score(4000, 50, 5, loss) == audio_score(4000, 50, 5, 10_000) == 114


@pytest.mark.parametrize(
    ("change", "least", "most"),
    [
        ({}, 450, 500),
        ({"bitrate": 65_000, "width": 640, "height": 360}, 450, 500),
        ({"bitrate": 22_000, "width": 320, "height": 180}, 400, 450),
        ({"loss": 200}, 390, 420),
        ({"loss": 1500}, 200, 280),
        ({"frame_rate": 15}, 400, 430),
        ({"frame_rate": 6}, 200, 299),
        ({"frame_rate": 0}, 100, 100),
        ({"latency": 900}, 280, 350),
        ({"bitrate": 5000}, 200, 299),
    ],
    ids=str,
)
def test_video_is_as_one_would_judge_it(change: dict[str, int], least: int, most: int) -> None:
    """Usual video is good at any usual size; loss, stutter, delay and a smear of pixels cost what our curve says."""
    score = video_score(**FACE | change)
    assert score is not None
    assert least <= score <= most


def test_under_seven_frames_video_is_poor_at_best() -> None:
    """CQD's limit for video holds for ours on a perfect line: 6 frames a second are under 3 points, 8 may be over."""
    perfect = {"bitrate": 10_000_000, "latency": 0, "jitter": 0, "loss": 0, "width": 1280, "height": 720}
    assert (video_score(**perfect, frame_rate=6) or 0) < 300
    assert (video_score(**perfect, frame_rate=8) or 0) >= 300


@pytest.mark.parametrize("change", [{"frame_rate": 1}, {"bitrate": 100}, {"frame_rate": 0, "bitrate": 1}], ids=str)
def test_a_still_screen_is_no_fault(change: dict[str, int]) -> None:
    """Few frames and few bits leave a share on a clean line at 5 points."""
    assert sharing_score(**SCREEN | change) == 500


def test_a_still_screen_bears_loss_worse() -> None:
    """Where packets are lost, a share of few frames scores less than one of many."""
    slow, fast = (sharing_score(**SCREEN | {"loss": 500, "frame_rate": frames}) for frames in (1, 10))
    assert slow is not None
    assert fast is not None
    assert slow < fast


@EACH
@pytest.mark.parametrize("bitrate", [0, None])
def test_silence_has_no_score(score: Any, bitrate: int | None) -> None:
    """A stream without bitrate is muted or off: it can't be judged."""
    assert score(**SCORES[score] | {"bitrate": bitrate}) is None


@EACH
def test_what_is_not_known_is_not_judged(score: Any) -> None:
    """Any figure that lacks leaves no score."""
    assert [score(**SCORES[score] | {name: None}) for name in SCORES[score]] == [None] * len(SCORES[score])


@pytest.mark.parametrize("score", [video_score, sharing_score], ids=lambda s: s.__name__)
@pytest.mark.parametrize("side", ["width", "height"])
def test_a_picture_without_size_has_no_score(score: Any, side: str) -> None:
    """Zero pixels are no picture."""
    assert score(**SCORES[score] | {side: 0}) is None


@EACH
@many
@given(data=st.data())
def test_scores_stay_on_their_scale(score: Any, data: st.DataObject) -> None:
    """Whatever the figures, a score is from 1 to 5 points."""
    assert 100 <= score(**data.draw(figures_of(score))) <= 500


@EACH
@pytest.mark.parametrize("worse", ["loss", "latency", "jitter"])
@many
@given(data=st.data())
def test_a_worse_line_never_scores_better(score: Any, worse: str, data: st.DataObject) -> None:
    """Scores never rise with loss, latency or jitter."""
    given_, more = data.draw(figures_of(score)), data.draw(figures[worse])
    low, high = sorted((given_[worse], more))
    assert score(**given_ | {worse: high}) <= score(**given_ | {worse: low})


@EACH
@pytest.mark.parametrize("better", ["bitrate", "frame_rate"])
@many
@given(data=st.data())
def test_more_bits_and_frames_never_score_worse(score: Any, better: str, data: st.DataObject) -> None:
    """Scores never fall with bitrate, nor with frame rate, even if the bits must do for more frames."""
    given_, more = data.draw(figures_of(score)), data.draw(figures[better])
    if better in given_:
        low, high = sorted((given_[better], more))
        assert score(**given_ | {better: low}) <= score(**given_ | {better: high})


@many
@given(data=st.data(), times=st.integers(2, 6))
def test_a_larger_picture_as_clear_never_scores_worse(data: st.DataObject, times: int) -> None:
    """At the same bits per pixel and frame, a larger video is no worse."""
    small = data.draw(figures_of(video_score))
    large = small | {"width": small["width"] * times, "bitrate": small["bitrate"] * times}
    assert (video_score(**small) or 0) <= (video_score(**large) or 0)
