"""Bad minutes: counted, not averaged; what can't be judged is kept apart; order does not matter."""

from __future__ import annotations

from random import Random
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callboard.quality.bands import TEAMS_CQD, ZOOM, Verdict
from callboard.quality.minutes import (
    StreamMinute,
    Summary,
    health,
    judge,
    own_score,
    percentile,
    summarise,
    together,
    worst_by_minute,
)
from callboard.quality.scores import audio_score, sharing_score, video_score

many = settings(max_examples=200, deadline=None, derandomize=True)
UNJUDGED, GOOD, FAIR, POOR, BAD = Verdict
verdicts = st.sampled_from(list(Verdict))
minutes = st.dictionaries(st.integers(0, 40), verdicts, max_size=40)
SOUND = StreamMinute("audio", "input", 4000, latency=50, jitter=5, avg_loss=0)


def test_a_minute_is_judged_by_the_score_that_came() -> None:
    """Where the source gave a score, the profile judges that, whatever ours would be."""
    assert judge(ZOOM, SOUND._replace(score=150)) is BAD


def test_a_minute_without_score_is_judged_by_ours() -> None:
    """A clean line is good by our score, and one that loses 15 % with a long delay is not."""
    assert judge(ZOOM, SOUND) is GOOD
    assert judge(ZOOM, SOUND._replace(latency=600, avg_loss=1500)).counts_as_bad


def test_packets_may_be_counted() -> None:
    """CQD judges a minute by its packets where they are known."""
    assert judge(TEAMS_CQD, SOUND._replace(jitter=31)) is POOR
    assert judge(TEAMS_CQD, SOUND._replace(jitter=31), packets=20) is UNJUDGED


def test_a_muted_minute_is_unjudged() -> None:
    """No bitrate, no verdict: not even with a score."""
    assert judge(ZOOM, SOUND._replace(bitrate=0, score=500)) is UNJUDGED
    assert judge(ZOOM, StreamMinute("video", "output")) is UNJUDGED


def test_own_scores_are_those_of_the_medium() -> None:
    """Each medium has its formula, fed with the mean loss."""
    picture = StreamMinute("video", "input", 65_000, 50, 5, 200, 900, 640, 360, 20)
    line = (65_000, 50, 5, 200)
    assert own_score(picture) == video_score(*line, 640, 360, 20)
    assert own_score(picture._replace(medium="as")) == sharing_score(*line, 640, 360, 20)
    assert own_score(picture._replace(medium="audio")) == audio_score(*line)


def test_minutes_are_counted() -> None:
    """Judged, bad and unjudged minutes, and the bad ones' share of those judged."""
    summary = summarise({1: GOOD, 2: POOR, 3: BAD, 4: UNJUDGED, 5: FAIR})
    assert summary == Summary(judged=4, bad=2, unjudged=1, longest_run=2)
    assert summary.share == 0.5


def test_nothing_judged_has_no_share() -> None:
    """Muted for the whole call is neither a good call nor a bad one."""
    assert summarise({1: UNJUDGED, 2: UNJUDGED}) == Summary(unjudged=2)
    assert summarise({1: UNJUDGED}).share is None
    assert summarise({}).share is None


@pytest.mark.parametrize(
    ("found", "run"),
    [
        ({1: BAD, 2: BAD, 3: POOR}, 3),
        ({1: BAD, 2: BAD, 4: BAD}, 2),
        ({1: BAD, 2: UNJUDGED, 3: BAD}, 1),
        ({1: BAD, 2: FAIR, 3: BAD, 4: BAD}, 2),
        ({9: BAD, 8: BAD, 1: BAD}, 2),
        ({1: GOOD}, 0),
        ({}, 0),
    ],
    ids=str,
)
def test_runs_are_of_minutes_that_follow_each_other(found: dict[int, Verdict], run: int) -> None:
    """A gap breaks a run, and so does a minute that was fine or wasn't judged."""
    assert summarise(found).longest_run == run


def test_averages_hide_bursts() -> None:
    """Two hours whose mean loss of 0.5 % looks fine; four minutes on end were lost, which run, count and percentile tell."""
    loss = {number: 1500 if 60 <= number < 64 else 0 for number in range(120)}
    average = SOUND._replace(avg_loss=round(mean(loss.values())))
    assert judge(TEAMS_CQD, average) is GOOD
    assert judge(ZOOM, average) is GOOD
    summary = summarise({number: judge(TEAMS_CQD, SOUND._replace(avg_loss=lost)) for number, lost in loss.items()})
    assert summary == Summary(judged=120, bad=4, unjudged=0, longest_run=4)
    assert percentile(loss.values(), 97) == 1500


def test_bursts_and_sprinkles_differ_by_their_runs() -> None:
    """The same bad minutes, on end or spread out, have the same share and another run."""
    burst = summarise({number: BAD if number < 6 else GOOD for number in range(60)})
    spread = summarise({number: BAD if number % 10 == 0 else GOOD for number in range(60)})
    assert burst.share == spread.share == 0.1
    assert (burst.longest_run, spread.longest_run) == (6, 1)


def test_a_participants_minute_is_its_worst_stream() -> None:
    """Bad sound makes the minute bad, however good the video; what isn't judged doesn't hide what is."""
    audio, video = {1: BAD, 2: GOOD, 3: UNJUDGED}, {1: GOOD, 2: UNJUDGED, 3: UNJUDGED, 4: FAIR}
    assert worst_by_minute([audio, video]) == {1: BAD, 2: GOOD, 3: UNJUDGED, 4: FAIR}


def test_a_meeting_adds_up_its_participants() -> None:
    """Minutes add up to person-minutes; the longest run is one person's."""
    assert together([Summary(10, 2, 1, 2), Summary(20, 6, 0, 5)]) == Summary(30, 8, 1, 5)
    assert together([]) == Summary()


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ([15, 20, 35, 40, 50], 30, 20),
        ([15, 20, 35, 40, 50], 40, 20),
        ([15, 20, 35, 40, 50], 50, 35),
        ([15, 20, 35, 40, 50], 100, 50),
        (list(range(1, 101)), 95, 95),
        (list(range(1, 21)), 95, 19),
        ([7], 95, 7),
        ([None, 3, None], 95, 3),
        ([None], 95, None),
        ([], 95, None),
    ],
    ids=str,
)
def test_percentiles_are_exact(values: list[int | None], percent: int, expected: int | None) -> None:
    """Nearest rank, as in the textbook example of five values; nothing known gives nothing."""
    assert percentile(values, percent) == expected


@pytest.mark.parametrize("percent", [0, -1, 101])
def test_percentiles_have_a_range(percent: int) -> None:
    """Outside 1 to 100 there is no such value."""
    with pytest.raises(ValueError, match="more than 0 and at most 100"):
        percentile([1], percent)


@many
@given(st.lists(st.integers(0, 1000), min_size=1), st.integers(1, 100))
def test_percentiles_are_where_they_should_be(values: list[int], percent: int) -> None:
    """At least so many per cent of the values are not above it, and fewer than that are below it."""
    found = percentile(values, percent)
    assert found is not None
    assert sum(value <= found for value in values) * 100 >= percent * len(values)
    assert sum(value < found for value in values) * 100 < percent * len(values)


@many
@given(minutes)
def test_summaries_add_up(found: dict[int, Verdict]) -> None:
    """Every minute is judged or not, bad ones are judged, shares are from 0 to 1 and runs are of bad minutes."""
    summary = summarise(found)
    assert summary.judged + summary.unjudged == len(found)
    assert summary.longest_run <= summary.bad <= summary.judged
    assert (summary.longest_run == 0) == (summary.bad == 0)
    assert summary.share is None or 0 <= summary.share <= 1


@many
@given(minutes, st.randoms(use_true_random=False))
def test_order_does_not_matter(found: dict[int, Verdict], dice: Random) -> None:
    """Minutes that come in another order make the same summary."""
    shuffled = list(found.items())
    dice.shuffle(shuffled)
    assert summarise(dict(shuffled)) == summarise(found)


@many
@given(st.lists(minutes, max_size=5))
def test_streams_come_in_any_order(streams: list[dict[int, Verdict]]) -> None:
    """A participant's minutes don't depend on which stream is seen first, nor on seeing one twice."""
    assert worst_by_minute(streams) == worst_by_minute([*reversed(streams), *streams])


@many
@given(minutes, st.integers(0, 40))
def test_another_bad_minute_is_never_better(found: dict[int, Verdict], number: int) -> None:
    """Making any minute bad lowers neither the count nor the longest run."""
    before, after = summarise(found), summarise(found | {number: BAD})
    assert after.bad >= before.bad
    assert after.longest_run >= before.longest_run


@pytest.mark.parametrize(
    ("summary", "word"),
    [
        (Summary(), ""),
        (Summary(unjudged=9), ""),
        (Summary(judged=60, bad=1, longest_run=1), "Good"),
        (Summary(judged=60, bad=2, longest_run=1), "Warning"),
        (Summary(judged=20, bad=1, longest_run=1), "Warning"),
        (Summary(judged=60, bad=5, longest_run=5), "Critical"),
        (Summary(judged=8, bad=2, longest_run=1), "Critical"),
    ],
)
def test_health_follows_from_the_share_and_the_longest_run(summary: Summary, word: str) -> None:
    """A burst is critical however long the call was; nothing judged says nothing."""
    assert health(summary) == word
