"""The `qos` lists of webhooks: numbers of a minute or a summary as the strings that Zoom sends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

import numpy as np

from callboard.sim.agenda import iso
from callboard.sim.day import Day
from callboard.sim.organisation import Ints
from callboard.sim.quality import MEDIA, Minutes, minutes_of, score_means
from callboard.sim.summary import PROCESSOR, STREAMS, summaries_of

Entry = dict[str, Any]
BLOCK: Final = 2048
"""Minutes turned into Python numbers at once: all of a day would take much memory, one at a time much time."""


def _kbps(value: int) -> str:
    return f"{value // 100} kbps"


def _ms(value: int) -> str:
    return f"{value} ms"


@lru_cache(maxsize=16_384)
def _loss(value: int) -> str:
    return f"{value / 100:.2f}%"


def _whole(value: int) -> str:
    return f"{value // 100}%"


def _fps(value: int) -> str:
    return f"{value} fps"


FIGURES: Final[dict[str, Callable[[int], str]]] = {
    "bitrate": _kbps,
    "latency": _ms,
    "jitter": _ms,
    "avg_loss": _loss,
    "max_loss": _loss,
}
SUMMARIES: Final[dict[str, Callable[[int], str]]] = {
    f"{end}_{name}": write
    for name, write in (("bitrate", _kbps), ("latency", _ms), ("jitter", _ms), ("loss", _loss), ("frame_rate", _fps))
    for end in ("min", "avg", "max")
}
RSSI: Final = ("min_rssi", "avg_rssi", "max_rssi")


def quality_word(score: int) -> str:
    """A score in 0.01 of a point as one of Zoom's four words."""
    return "good" if score >= 400 else "fair" if score >= 300 else "poor" if score >= 200 else "bad"


def _quality(score: int) -> Entry:
    return {"quality": quality_word(score), "quality_score": f"{score / 100:.2f}"}


def minute_teller(minutes: Minutes, rows: Ints) -> Callable[[int], list[Entry]]:
    """Makes the `qos` list of the nth of these rows; fast when asked in order."""
    block, columns, present, times = -1, {}, {}, []

    def tell(n: int) -> list[Entry]:
        nonlocal block, columns, present, times
        if n // BLOCK != block:
            block = n // BLOCK
            here = rows[block * BLOCK : (block + 1) * BLOCK]
            columns = {name: values[here].tolist() for name, values in minutes.columns.items()}
            present = {name: flags[here].tolist() for name, flags in minutes.present.items()}
            times = minutes.minute[here].tolist()
        i = n % BLOCK
        at = iso(times[i])
        return [{"date_time": at, **entry} for entry in _minute(columns, present, i)]

    return tell


def _minute(columns: Mapping[str, list[int]], present: Mapping[str, list[bool]], i: int) -> list[Entry]:
    entries = [{"type": stream, "details": _stream(columns, stream, i)} for stream in STREAMS if present[stream][i]]
    if present["cpu"][i]:
        entries.append({"type": "cpu_usage", "details": {name: _whole(columns[name][i]) for name in PROCESSOR}})
    if present["rssi"][i]:
        entries.append({"type": "wifi_rssi", "details": {name: columns[name][i] for name in RSSI} | {"rssi_unit": "dBm"}})
    for medium in MEDIA:
        if present[f"{medium}_score"][i]:
            entries.append({"type": f"{medium}_quality", "details": _quality(columns[f"{medium}_score"][i])})
    return entries


def _stream(columns: Mapping[str, list[int]], stream: str, i: int) -> Entry:
    details = {name: write(columns[f"{stream}_{name}"][i]) for name, write in FIGURES.items()}
    if not stream.startswith("audio"):
        details["resolution"] = f"{columns[f'{stream}_width'][i]}*{columns[f'{stream}_height'][i]}"
        details["frame_rate"] = _fps(columns[f"{stream}_frame_rate"][i])
    return details


def summary_teller(day: Day) -> Callable[[int], list[Entry]]:
    """Makes the `qos` list of the summary of one row of the day's joins."""
    minutes = minutes_of(day)
    summaries = summaries_of(minutes)
    scores = {medium: values.tolist() for medium, values in score_means(day, minutes).items()}
    places = [_places(s.join, len(day.joins)) for s in summaries]

    def tell(join: int) -> list[Entry]:
        entries = []
        for summary, place in zip(summaries, places, strict=True):
            if (row := place[join]) >= 0:
                entries.append({"type": summary.type, "details": _summary(summary.columns, row)})
        qualities = [{"type": f"{m}_quality", "details": _quality(v[join])} for m, v in scores.items() if v[join]]
        return entries + qualities

    return tell


def _places(join: Ints, count: int) -> list[int]:
    place = np.full(count, -1)
    place[join] = np.arange(len(join))
    return [int(p) for p in place]


def _summary(columns: Mapping[str, Ints], row: int) -> Entry:
    if PROCESSOR[0] in columns:
        return {name: _whole(int(columns[name][row])) for name in PROCESSOR}
    details = {name: write(int(columns[name][row])) for name, write in SUMMARIES.items() if name in columns}
    if "width" in columns:
        details["resolution"] = f"{columns['width'][row]}*{columns['height'][row]}"
    return details
