"""What people and Zoom itself think of a day's quality: thumbs up or down, and alerts of live meetings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from callboard.sim.attendance import MAIN, NETWORK
from callboard.sim.day import Day
from callboard.sim.organisation import ROOM, Flags, Ints
from callboard.sim.quality import minutes_of, score_means

ANSWERS: Final = 0.08
COMPLAINTS: Final = (
    ("1", "I couldn't hear others well"),
    ("2", "Others couldn't hear me"),
    ("3", "Video froze"),
    ("4", "Sharing was slow"),
)
WORDS: Final = ("Kept cutting out.", "Choppy for the last ten minutes.", "Had to switch to my phone.", "Picture froze again.")
COMMENTS: Final = ("", "", "", *WORDS)

AUDIO_ISSUE, VIDEO_ISSUE = "Unstable audio quality", "Unstable video quality"
BAD_AUDIO: Final = 200
BAD_VIDEO: Final = 160


@dataclass(frozen=True)
class Opinions:
    """Feedback: `join` is a row of the day's joins, `at` epoch seconds, `complaint` and `comment` -1 or an index."""

    join: Ints
    at: Ints
    said_ms: Ints
    satisfied: Flags
    complaint: Ints
    comment: Ints


@dataclass(frozen=True)
class Alerts:
    """Issues that Zoom raised: `meeting` is a row of the day's meetings, `issue` is `AUDIO_ISSUE` or `VIDEO_ISSUE`."""

    meeting: Ints
    said_ms: Ints
    issue: str


@lru_cache(maxsize=4)
def opinions_of(day: Day) -> Opinions:
    """Who answered when asked how it was: about one in twelve, the unhappy ones being those with bad quality."""
    rng, joins = day.org.dice("feedback", day.date), day.joins
    audio = score_means(day, minutes_of(day))["audio"]
    asked = (joins.stage == MAIN) & (joins.reason != NETWORK) & (audio > 0) & (joins.device != ROOM)
    row = np.flatnonzero(asked & (rng.random(len(joins)) < ANSWERS))
    unhappy = rng.random(len(row)) < np.clip((430 - audio[row]) / 190, 0.03, 0.9)
    after = joins.leave[row] + rng.integers(4, 90, len(row))
    complaint = np.where(unhappy, rng.integers(0, len(COMPLAINTS), len(row)), -1)
    comment = np.where(unhappy, rng.integers(0, len(COMMENTS), len(row)), -1)
    said = after * 1000 + joins.lag[row]
    return Opinions(row, said // 1000, said, ~unhappy, complaint, comment)


@lru_cache(maxsize=4)
def alerts_of(day: Day) -> tuple[Alerts, ...]:
    """An alert per meeting and issue: at the first minute when several of those in it have a bad time at once."""
    scores = minutes_of(day).columns
    return (
        _alerts(day, scores["audio_score"] < BAD_AUDIO, AUDIO_ISSUE),
        _alerts(day, (scores["video_score"] < BAD_VIDEO) & minutes_of(day).present["video_score"], VIDEO_ISSUE),
    )


def _alerts(day: Day, bad: Flags, issue: str) -> Alerts:
    minutes = minutes_of(day)
    first = int(minutes.minute.min(initial=0 if len(minutes) == 0 else 2**40))
    span = int(minutes.minute.max(initial=first) - first) // 60 + 1
    key = day.joins.meeting[minutes.join] * span + (minutes.minute - first) // 60
    total, hit = np.bincount(key), np.bincount(key, bad)
    moments = np.flatnonzero((hit >= 2) & (hit >= 0.3 * total))
    meeting, index = np.unique(moments // span, return_index=True)
    at = first + (moments[index] % span + 1) * 60
    live = at < day.meetings.end[meeting]
    said = at * 1000 + 500 + day.meetings.lag[meeting]
    return Alerts(meeting[live], said[live], issue)
