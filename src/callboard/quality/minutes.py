"""Bad minutes: the unit in which quality is counted. A minute of a stream is bad when its verdict is poor or bad.

An average over a call hides a burst that ruined it; a count of bad minutes, their longest run and a high percentile don't.
A minute is known by its number: anything that goes up by one each minute, such as epoch seconds divided by 60.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from callboard.quality.bands import Profile, Verdict, verdict
from callboard.quality.scores import audio_score, sharing_score, video_score


class StreamMinute(NamedTuple):
    """One stream of one participant in one minute, in the units of `qos_minutes`; None is what nobody reported.

    `medium` is `audio`, `video` or `as`; `way` is `input` or `output`.
    """

    medium: str
    way: str
    bitrate: int | None = None
    latency: int | None = None
    jitter: int | None = None
    avg_loss: int | None = None
    max_loss: int | None = None
    width: int | None = None
    height: int | None = None
    frame_rate: int | None = None
    score: int | None = None


PICTURE_SCORES: Final = {"video": video_score, "as": sharing_score}


def own_score(stream: StreamMinute) -> int | None:
    """The score by our own formulas, from the mean loss; None where there is nothing to judge."""
    line = (stream.bitrate, stream.latency, stream.jitter, stream.avg_loss)
    if stream.medium == "audio":
        return audio_score(*line)
    return PICTURE_SCORES[stream.medium](*line, stream.width, stream.height, stream.frame_rate)


def judge(profile: Profile, stream: StreamMinute, packets: int | None = None) -> Verdict:
    """What the minute was in a profile; by our own score where its source gave none."""
    metrics: dict[str, int | None] = {name: value for name, value in stream._asdict().items() if name not in ("medium", "way")}
    if stream.score is None:
        metrics["score"] = own_score(stream)
    return verdict(profile, stream.medium, metrics, packets)


@dataclass(frozen=True)
class Summary:
    """Minutes of a stream, a participant or a meeting: how many were judged, how many of those were bad, how many unjudged.

    `longest_run` is the most bad minutes that followed each other.
    """

    judged: int = 0
    bad: int = 0
    unjudged: int = 0
    longest_run: int = 0

    @property
    def share(self) -> float | None:
        """Bad minutes among those judged, 0 to 1, as CQD's poor / (poor + good); None where nothing was judged."""
        return self.bad / self.judged if self.judged else None


def summarise(minutes: Mapping[int, Verdict]) -> Summary:
    """The summary of one stream or participant, from the verdict of each minute by its number.

    A gap breaks a run, and so does an unjudged minute: nobody saw that it was bad, and a run should claim only what was
    seen. Whoever mutes between two bad minutes had two short troubles, not one long.
    """
    judged = sum(one.judged for one in minutes.values())
    bad = sorted(number for number, one in minutes.items() if one.counts_as_bad)
    return Summary(judged, len(bad), len(minutes) - judged, _longest_run(bad))


def _longest_run(numbers: list[int]) -> int:
    longest = run = 0
    last: int | None = None
    for number in numbers:
        run = run + 1 if last is not None and number == last + 1 else 1
        longest, last = max(longest, run), number
    return longest


def worst_by_minute(streams: Iterable[Mapping[int, Verdict]]) -> dict[int, Verdict]:
    """A participant's minutes from those of the streams: in each, the worst that was judged."""
    found: dict[int, Verdict] = {}
    for stream in streams:
        for number, heard in stream.items():
            found[number] = max(heard, found.get(number, Verdict.UNJUDGED))
    return found


def together(summaries: Iterable[Summary]) -> Summary:
    """A meeting's summary from those of its participants: minutes add up, the longest run is that of the one hit hardest."""
    listed = list(summaries)
    return Summary(
        judged=sum(one.judged for one in listed),
        bad=sum(one.bad for one in listed),
        unjudged=sum(one.unjudged for one in listed),
        longest_run=max((one.longest_run for one in listed), default=0),
    )


def percentile(values: Iterable[int | None], percent: int = 95) -> int | None:
    """The value that so many per cent of the values don't exceed: exact, by nearest rank. None values are left out."""
    if not 0 < percent <= 100:
        raise ValueError(f"a percentile of {percent}: more than 0 and at most 100 is expected")
    ordered = sorted(value for value in values if value is not None)
    return ordered[-(-percent * len(ordered) // 100) - 1] if ordered else None


CRITICAL_SHARE: Final = 0.25
CRITICAL_RUN: Final = 5
WARNING_SHARE: Final = 0.05
WARNING_MINUTES: Final = 2


def health(summary: Summary) -> str:
    """Zoom's word for the health of a join: `Good`, `Warning` or `Critical`; empty when nothing was judged.

    Zoom documents the words only. Here a quarter of bad minutes, or five in a row, is critical; one in twenty, or two
    of them, is a warning.
    """
    if summary.share is None:
        return ""
    if summary.share >= CRITICAL_SHARE or summary.longest_run >= CRITICAL_RUN:
        return "Critical"
    return "Warning" if summary.share >= WARNING_SHARE or summary.bad >= WARNING_MINUTES else "Good"
