"""One meaning in two languages: Python and ClickHouse give the same scores and verdicts, on a grid and on samples."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from callboard.app import Parts
from callboard.quality.bands import MEDIA, PROFILES, own_profile, verdict, verdict_sql
from callboard.quality.minutes import StreamMinute
from callboard.quality.scores import (
    audio_score,
    audio_score_sql,
    sharing_score,
    sharing_score_sql,
    video_score,
    video_score_sql,
)

few = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),  # asking the store takes too long to shrink
    suppress_health_check=list(HealthCheck),
)

Row = tuple[int | None, ...]

LINE = ("bitrate", "latency", "jitter", "loss")
PICTURE = (*LINE, "width", "height", "frame_rate")
TYPES = {"bitrate": "Nullable(UInt32)"}
SCORES: dict[str, tuple[Callable[..., int | None], Callable[..., str], tuple[str, ...]]] = {
    "audio": (audio_score, audio_score_sql, LINE),
    "video": (video_score, video_score_sql, PICTURE),
    "sharing": (sharing_score, sharing_score_sql, PICTURE),
}
EACH = pytest.mark.parametrize("kind", SCORES)

GRID: dict[str, tuple[int | None, ...]] = {
    "bitrate": (None, 0, 5000, 142_000),
    "latency": (None, 0, 420, 65_535),
    "jitter": (None, 0, 90),
    "loss": (None, 123, 10_000, 65_535),
    "width": (None, 0, 1920),
    "height": (0, 1080),
    "frame_rate": (None, 0, 7, 60),
}
ANY = {
    "bitrate": st.integers(0, 2**32 - 1) | st.integers(0, 300_000),
    "latency": st.integers(0, 65_535) | st.integers(0, 900),
    "jitter": st.integers(0, 65_535) | st.integers(0, 200),
    "loss": st.integers(0, 65_535) | st.integers(0, 3000),
    "width": st.integers(0, 65_535) | st.sampled_from([320, 640, 1280, 1920]),
    "height": st.integers(0, 65_535) | st.sampled_from([180, 360, 720, 1080]),
    "frame_rate": st.integers(0, 65_535) | st.integers(0, 40),
}


def asked(parts: Parts, expression: str, columns: Sequence[str], rows: Sequence[Row]) -> list[Any]:
    """What the engine makes of an expression for each row, in the column types of `qos_minutes`."""
    types = ", ".join(f"{name} {TYPES.get(name, 'Nullable(UInt16)')}" for name in columns)
    numbered = ", ".join(f"({i}, {', '.join('NULL' if v is None else str(v) for v in row)})" for i, row in enumerate(rows))
    sql = f"SELECT {expression} FROM values('i UInt32, {types}', {numbered}) ORDER BY i"
    return [row[0] for row in parts.store.ask(sql).rows]


@EACH
def test_scores_agree_on_a_grid(parts: Parts, kind: str) -> None:
    """Corners, NULLs, zeros and the largest values that columns hold."""
    python, sql, columns = SCORES[kind]
    rows = list(itertools.product(*(GRID[name] for name in columns)))
    assert asked(parts, sql(*columns), columns, rows) == [python(*row) for row in rows]


@EACH
@few
@given(data=st.data())
def test_scores_agree_on_samples(parts: Parts, kind: str, data: st.DataObject) -> None:
    """Any values that columns hold, and mostly those of calls."""
    python, sql, columns = SCORES[kind]
    rows = data.draw(st.lists(st.tuples(*(st.none() | ANY[name] for name in columns)), min_size=100, max_size=300))
    assert asked(parts, sql(*columns), columns, rows) == [python(*row) for row in rows]


@EACH
def test_scores_take_columns_that_are_never_null(parts: Parts, kind: str) -> None:
    """Plain columns do as well, and expressions in place of names."""
    python, sql, columns = SCORES[kind]
    row = (142_000, 80, 12, 250, 1280, 720, 25)[: len(columns)]
    plain = [f"toUInt32({value})" for value in row]
    assert parts.store.ask(f"SELECT {sql(*plain)}").rows == [[python(*row)]]


OWN = own_profile(
    "own",
    {
        "audio": {"avg_loss": {"fair": 200, "bad": 800}, "latency": {"poor": 300}, "packets": 100},
        "video": {"frame_rate": {"fair": 20, "poor": 10}, "score": {"bad": 150}},
        "as": {"max_loss": {"fair": 100, "poor": 500, "bad": 1500}, "packets": 20},
    },
)
JUDGES = (*PROFILES.values(), OWN)
METRICS = tuple(name for name in StreamMinute._fields if name not in ("medium", "way"))
metric = {
    "bitrate": st.integers(0, 100_000),
    "latency": st.sampled_from([0, 299, 300, 301, 500, 501]),
    "jitter": st.sampled_from([0, 30, 31]),
    "avg_loss": st.sampled_from([0, 200, 201, 801, 1000, 1001]),
    "max_loss": st.sampled_from([0, 100, 101, 501, 1500, 1501]),
    "frame_rate": st.sampled_from([0, 1, 6, 7, 10, 19, 20, 30]),
    "score": st.sampled_from([100, 149, 150, 199, 200, 299, 300, 399, 400, 500]),
    "packets": st.sampled_from([0, 20, 21, 100, 101, 500, 501]),
}


@pytest.mark.parametrize("counted", [False, True], ids=["estimated", "counted"])
@few
@given(data=st.data())
def test_verdicts_agree(parts: Parts, counted: bool, data: st.DataObject) -> None:
    """Every profile's verdict on every medium is the same number in both, with packets counted or estimated."""
    columns = (*METRICS, "packets")
    rows = data.draw(st.lists(st.tuples(*(st.none() | metric.get(name, st.just(1)) for name in columns)), min_size=100))
    judged = list(itertools.product(JUDGES, MEDIA))
    names = {name: name for name in METRICS}
    each = [verdict_sql(profile, medium, names, "packets" if counted else None) for profile, medium in judged]
    expected = [
        [
            int(verdict(profile, medium, dict(zip(columns, row, strict=True)), row[-1] if counted else None))
            for profile, medium in judged
        ]
        for row in rows
    ]
    assert asked(parts, f"[{', '.join(each)}]", columns, rows) == expected
