"""What Zoom sums up of each join when it has left: smallest, mean and largest of every stream's figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from callboard.sim.organisation import Ints
from callboard.sim.quality import Minutes, Numbers

STREAMS: Final = ("audio_input", "audio_output", "video_input", "video_output", "as_input", "as_output")
FIGURES: Final = (
    ("bitrate", "bitrate", "bitrate", 100),
    ("latency", "latency", "latency", 1),
    ("jitter", "jitter", "jitter", 1),
    ("loss", "avg_loss", "max_loss", 1),
    ("frame_rate", "frame_rate", "frame_rate", 1),
)
"""A summary's figure, the minute's figure for its minimum and mean, that for its maximum, what the mean is rounded to."""
PROCESSOR: Final = ("zoom_min_cpu_usage", "zoom_avg_cpu_usage", "zoom_max_cpu_usage", "system_max_cpu_usage")


@dataclass(frozen=True)
class Summary:
    """One stream (or `cpu_usage`) of all joins that have it: `join` is their row, `columns` named as in `qos_summaries`."""

    type: str
    join: Ints
    columns: Mapping[str, Ints]


@lru_cache(maxsize=4)
def summaries_of(minutes: Minutes) -> tuple[Summary, ...]:
    """The summaries of all joins of a day, stream by stream."""
    return (*(_stream(minutes, stream) for stream in STREAMS), _processor(minutes))


@dataclass(frozen=True)
class _Groups:
    """Rows of one stream, cut where the next join begins."""

    rows: Ints
    starts: Ints
    sizes: Ints

    def least(self, values: Numbers) -> Ints:
        return np.minimum.reduceat(values[self.rows], self.starts).astype(np.int64)

    def most(self, values: Numbers) -> Ints:
        return np.maximum.reduceat(values[self.rows], self.starts).astype(np.int64)

    def mean(self, values: Numbers, step: int = 1) -> Ints:
        sums = np.add.reduceat(values[self.rows].astype(np.int64), self.starts)
        return np.rint(sums / self.sizes / step).astype(np.int64) * step


def _groups(minutes: Minutes, group: str) -> tuple[Ints, _Groups]:
    rows = np.flatnonzero(minutes.present[group])
    join, starts, sizes = np.unique(minutes.join[rows], return_index=True, return_counts=True)
    return join, _Groups(rows, starts, sizes)


def _stream(minutes: Minutes, stream: str) -> Summary:
    join, groups = _groups(minutes, stream)
    columns: dict[str, Ints] = {}
    if len(join) == 0:
        return Summary(stream, join, columns)
    of = {name.removeprefix(f"{stream}_"): values for name, values in minutes.columns.items() if name.startswith(stream)}
    for name, usual, worst, step in FIGURES:
        if usual in of:
            columns[f"min_{name}"] = groups.least(of[usual])
            columns[f"avg_{name}"] = groups.mean(of[usual], step)
            columns[f"max_{name}"] = groups.most(of[worst])
    return Summary(stream, join, columns | {name: groups.most(of[name]) for name in ("width", "height") if name in of})


def _processor(minutes: Minutes) -> Summary:
    join, groups = _groups(minutes, "cpu")
    if len(join) == 0:
        return Summary("cpu_usage", join, {})
    least, mean, most, system = (minutes.columns[name] for name in PROCESSOR)
    figures = (groups.least(least), groups.mean(mean, 100), groups.most(most), groups.most(system))
    return Summary("cpu_usage", join, dict(zip(PROCESSOR, figures, strict=True)))
