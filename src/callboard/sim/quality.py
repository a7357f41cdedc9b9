"""Quality of every minute of a day's joins: it follows from the network, the distance, the client and what goes wrong.

Loss comes in bursts: a Gilbert-Elliott chain for each join decides minute by minute whether the line is good or bad.
All minutes of a day are computed at once, one array element a minute, ordered by join and then by time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from callboard.sim.agenda import midnight
from callboard.sim.attendance import LOBBY, MAIN
from callboard.sim.day import Day
from callboard.sim.incidents import Incident, incidents
from callboard.sim.organisation import IOS, PHONE, SIP, Flags, Ints, Organisation
from callboard.sim.places import DATA_CENTERS, GUEST_TOWNS, SITES, round_trip_ms
from callboard.sim.presence import HOME_WIFI, HOME_WIRED, OFFICE_WIFI

Reals = NDArray[np.float32]
Numbers = NDArray[np.int32]

PLACES: Final = {
    # office wire, office Wi-Fi, home Wi-Fi, home wire, mobile network, telephone
    "latency_ms": (1, 5, 14, 9, 42, 0),
    "jitter_ms": (1.2, 3.0, 4.6, 2.2, 10.0, 0),
    "turns_bad": (0.004, 0.018, 0.028, 0.008, 0.065, 0),
    "turns_good": (0.6, 0.45, 0.42, 0.55, 0.35, 1),
    "bad_loss": (1.0, 2.4, 2.9, 1.5, 4.2, 0),
    "good_loss": (0.01, 0.04, 0.06, 0.02, 0.15, 0),
}
"""What a network is like: loss in per cent, chances a minute."""

SIZES: Final = np.array([(320, 180), (640, 360), (1280, 720), (1920, 1080)], np.int32)
VIDEO_KBPS: Final = np.array([220, 650, 1500, 2900], np.float32)
SHARE_SIZE: Final = 3
CPU_PERCENT: Final = np.array([6, 4, 11, 14, 0, 0, 9], np.float32)
"""What the client takes of each kind of device in an audio call."""

TOLERANCE: Final = {"audio": (1500.0, 150.0, 9.0), "video": (2000.0, 120.0, 7.0), "as": (2500.0, 160.0, 9.0)}
"""Latency in ms, jitter in ms and loss in per cent, each of which alone takes a score from 5 to 2.47."""
MEDIA: Final = tuple(TOLERANCE)


@dataclass(frozen=True, eq=False)
class Minutes:
    """Every minute with quality data of a day: `join` is a row of the day's joins, `minute` epoch seconds.

    `columns` are numbers in the units of the `qos_minutes` table by its column names, meaningless where the group they
    belong to (`group_of`) is not `present`. `said_ms` is when Zoom reports the minute.
    """

    join: Ints
    minute: Ints
    said_ms: Ints
    columns: Mapping[str, Numbers]
    present: Mapping[str, Flags]

    def __len__(self) -> int:
        return len(self.join)


@dataclass(frozen=True)
class Line:
    """The state of the network in each minute: latency and jitter in ms, loss in per cent (to and from the device)."""

    latency: Reals
    jitter: Reals
    loss_in: Reals
    loss_out: Reals
    bad: Flags


def score(medium: str, latency_ms: Reals, jitter_ms: Reals, loss_percent: Reals, smoothness: Reals | float = 1.0) -> Numbers:
    """Quality from 100 to 500 (0.01 of a point): 5 on a perfect line, falling with latency, jitter, loss and stutter.

    `1 + 4 smoothness exp(-(latency/a + jitter/b + loss/c))`, with the tolerances of the medium: monotone, nothing more.
    """
    latency, jitter, loss = TOLERANCE[medium]
    strain = latency_ms / latency + jitter_ms / jitter + loss_percent / loss
    return np.asarray(np.rint(100 + 400 * smoothness * np.exp(-strain)), np.int32)


def group_of(column: str) -> str:
    """The key in `Minutes.present` that tells where a column has values."""
    if column.endswith("_score"):
        return column
    if column.endswith("_rssi") or column.endswith("_cpu_usage"):
        return column.rsplit("_", 1)[-1] if column.endswith("_rssi") else "cpu"
    return "_".join(column.split("_")[:2])


@lru_cache(maxsize=4)
def minutes_of(day: Day) -> Minutes:
    """All minutes of a day."""
    rng = day.org.dice("quality", day.date)
    join, minute = _spread(day)
    faults = _faults(day, join, minute)
    line = _line(day, join, minute, faults, rng)
    present = _present(day, join, minute)
    columns = _audio(line, rng) | _video(day, join, line, rng) | _sharing(line, rng)
    columns |= _processor(day, join, present, rng) | _radio(day, join, faults["wifi"], rng)
    columns |= _scores(line, columns, present)
    said = np.minimum(minute + 60, day.joins.leave[join]) * 1000 + day.joins.lag[join] - 100
    return Minutes(join, minute, said, columns, present)


def score_means(day: Day, minutes: Minutes) -> dict[str, Ints]:
    """Each join's mean score of a medium in 0.01 of a point, 0 where it has none."""
    means = {}
    for medium in TOLERANCE:
        here = minutes.present[f"{medium}_score"]
        join, value = minutes.join[here], minutes.columns[f"{medium}_score"][here]
        count = np.bincount(join, minlength=len(day.joins))
        means[medium] = np.rint(np.bincount(join, value, len(day.joins)) / np.maximum(count, 1)).astype(np.int64)
    return means


def _spread(day: Day) -> tuple[Ints, Ints]:
    """Rows of joins and beginnings of minutes; those spent wholly in a breakout room belong to the join in that room."""
    joins = day.joins
    first = joins.join // 60
    count = np.where((joins.stage == LOBBY) | (joins.device == PHONE), 0, (joins.leave - 1) // 60 - first + 1)
    join = np.repeat(np.arange(len(joins)), count)
    minute = (first[join] + np.arange(len(join)) - np.repeat(np.cumsum(count) - count, count)) * 60
    stays = (minute < joins.away_from[join]) | (minute + 60 > joins.away_to[join])
    return join[stays], minute[stays]


def _faults(day: Day, join: Ints, minute: Ints) -> dict[str, Flags]:
    """Which minutes each kind of incident touches."""
    start = datetime.fromtimestamp(midnight(day.date), UTC)
    found: dict[str, Flags] = {kind: np.zeros(len(join), bool) for kind in ("wifi", "data_center")}
    for incident in incidents(day.org, start - timedelta(days=1), start + timedelta(days=2)):
        if incident.kind in found:
            during = (minute >= incident.since.timestamp()) & (minute < incident.until.timestamp())
            found[incident.kind] |= during & exposed(day, incident)[join]
    return found


def exposed(day: Day, incident: Incident) -> Flags:
    """The joins that an incident would touch if they were made while it goes on."""
    joins, meetings = day.joins, day.meetings
    staff = joins.person >= 0
    match incident.kind:
        case "wifi":
            touched = staff & (joins.place == OFFICE_WIFI) & (day.org.cast.site[joins.person] == incident.index)
        case "data_center":
            touched = (meetings.data_center[joins.meeting] == incident.index) & (joins.device != PHONE)
        case _:
            own = staff & (joins.device == day.org.cast.device[joins.person])
            named = np.array([incident.where.endswith(v) for v in day.clients.version], bool)
            touched = own & (day.clients.bad & named)[joins.person]
    return np.asarray(touched, bool)


def bad_client(day: Day) -> Flags:
    """The joins made with a bad version of the client."""
    joins = day.joins
    own = joins.device == day.org.cast.device[joins.person]
    return np.asarray((joins.person >= 0) & day.clients.bad[joins.person] & own, bool)


@lru_cache(maxsize=8)
def _distances() -> tuple[Reals, Reals]:
    sites = [[round_trip_ms(s.place, c) for c in DATA_CENTERS] for s in SITES]
    towns = [[round_trip_ms(t, c) for c in DATA_CENTERS] for t in GUEST_TOWNS]
    return np.array(sites, np.float32), np.array(towns, np.float32)


@lru_cache(maxsize=8)
def _home_lines(org: Organisation) -> Reals:
    """How much worse than usual each person's line at home is: a few have a hopeless one."""
    return org.dice("home lines").lognormal(-0.2, 0.9, len(org.everyone)).astype(np.float32)


def _line(day: Day, join: Ints, minute: Ints, faults: Mapping[str, Flags], rng: np.random.Generator) -> Line:
    joins, count = day.joins, len(join)
    wifi, overload = faults["wifi"], faults["data_center"]
    kind = {name: np.array(values, np.float32)[joins.place] for name, values in PLACES.items()}
    at_home = (joins.person >= 0) & np.isin(joins.place, (HOME_WIFI, HOME_WIRED))
    poor = np.where(at_home, _home_lines(day.org)[joins.person], 1)
    turns_bad = np.where(wifi, 0.4, np.minimum(kind["turns_bad"] * poor, 0.3)[join] + 0.1 * overload)
    turns_good = np.where(wifi, 0.25, kind["turns_good"][join])
    bad = _bursts(join, turns_bad, turns_good, rng)
    base = (_base_latency(day) + kind["latency_ms"])[join]
    queue = np.where(bad, 40 * rng.standard_exponential(count, np.float32), 0)
    latency = base * (1 + 0.04 * rng.standard_normal(count, np.float32)) + queue + np.where(overload, 140, 0) * _swell(rng, count)
    jitter = (kind["jitter_ms"] * np.sqrt(poor))[join] * np.exp(0.4 * rng.standard_normal(count, np.float32))
    jitter = jitter * np.where(bad, 3, 1) * np.where(wifi, 2, 1) + np.where(overload, 10, 0)
    typical = np.where(bad, np.where(wifi, 7.5, (kind["bad_loss"] * np.sqrt(poor))[join]), kind["good_loss"][join])
    typical = np.where(wifi & ~bad, 0.8, typical) + np.where(overload, 0.7, 0)
    loss_in, loss_out = (np.minimum(typical * rng.standard_exponential(count, np.float32), 60) for _ in range(2))
    return Line(_f(np.maximum(latency, 1)), _f(jitter), _f(loss_in), _f(loss_out), bad)


def _f(values: NDArray[Any]) -> Reals:
    return values.astype(np.float32)


def _swell(rng: np.random.Generator, count: int) -> Reals:
    return 0.7 + 0.6 * rng.random(count, np.float32)


def _base_latency(day: Day) -> Reals:
    """Round trip of each join between its town and the meeting's data centre in ms."""
    joins = day.joins
    sites, towns = _distances()
    center = day.meetings.data_center[joins.meeting]
    town = day.guests.town[joins.guest] if len(day.guests.town) else np.zeros(len(joins), np.int64)
    return np.where(joins.person >= 0, sites[day.org.cast.site[joins.person], center], towns[town, center])


def _bursts(join: Ints, turns_bad: NDArray[Any], turns_good: NDArray[Any], rng: np.random.Generator) -> Flags:
    """Whether the line is bad, for every minute.

    One draw a minute either sets the state to bad, sets it to good or keeps it, with the chain's probabilities. So the
    state is that of the last draw that set it, which a running maximum finds without stepping through time.
    """
    draw = rng.random(len(join), np.float32)
    first = np.ones(len(join), bool)
    first[1:] = join[1:] != join[:-1]
    threshold = np.where(first, turns_bad / (turns_bad + turns_good), turns_bad)
    to_bad = draw < threshold
    sets = to_bad | first | (draw > 1 - turns_good)
    last = np.maximum.accumulate(np.where(sets, np.arange(len(join)), 0))
    return np.asarray(to_bad[last]) if len(join) else to_bad


def _present(day: Day, join: Ints, minute: Ints) -> dict[str, Flags]:
    joins, everyone = day.joins, np.ones(len(join), bool)
    senders = np.bincount(joins.meeting, joins.video, len(day.meetings.host))[joins.meeting] - joins.video
    sharing, sharer = _shared(day, join, minute)
    present = {
        "audio_input": everyone,
        "audio_output": everyone,
        "video_input": (senders > 0)[join],
        "video_output": joins.video[join],
        "as_input": sharing & ~sharer,
        "as_output": sharer,
        "cpu": (joins.device != SIP)[join],
        "rssi": np.isin(joins.place, (OFFICE_WIFI, HOME_WIFI))[join],
    }
    scores = {f"{medium}_score": present[f"{medium}_input"] | present[f"{medium}_output"] for medium in TOLERANCE}
    return present | scores


def _shared(day: Day, join: Ints, minute: Ints) -> tuple[Flags, Flags]:
    """Whether a share is on in each minute, and whether it is this join's own. A meeting has two shares at most."""
    shares, m = day.shares, day.joins.meeting[join]
    sharing, sharer = np.zeros(len(join), bool), np.zeros(len(join), bool)
    _, nth = np.unique(shares.meeting, return_index=True)
    for rows in (nth, np.setdiff1d(np.arange(len(shares.meeting)), nth)):
        begin, end, who = (np.zeros(len(day.meetings.host), np.int64) for _ in range(3))
        begin[shares.meeting[rows]], end[shares.meeting[rows]] = shares.begin[rows], shares.end[rows]
        who[shares.meeting[rows]] = shares.join[rows]
        on = (minute + 60 > begin[m]) & (minute < end[m]) & (day.joins.stage[join] == MAIN)
        sharing |= on
        sharer |= on & (who[m] == join)
    return sharing, sharer


def _packets(prefix: str, line: Line, loss: Reals, kbps: NDArray[Any], rng: np.random.Generator) -> dict[str, Numbers]:
    """The five figures that every stream has; bitrate in whole kbit/s."""
    noise = rng.integers(0, 5, len(loss), np.int8)
    average = np.rint(loss * 100 * (0.85 + 0.3 * rng.random(len(loss), np.float32))).astype(np.int32)
    peak = average * (1.4 + 2 * rng.random(len(loss), np.float32)) + 6 * noise * (average > 0)
    return {
        f"{prefix}_bitrate": np.maximum(np.rint(kbps), 1).astype(np.int32) * 100,
        f"{prefix}_latency": np.rint(line.latency).astype(np.int32) + noise,
        f"{prefix}_jitter": np.rint(line.jitter).astype(np.int32) + noise // 2,
        f"{prefix}_avg_loss": average,
        f"{prefix}_max_loss": np.minimum(np.rint(peak), 10_000).astype(np.int32),
    }


def _picture(prefix: str, level: Ints, frame_rate: NDArray[Any]) -> dict[str, Numbers]:
    return {
        f"{prefix}_width": SIZES[level, 0],
        f"{prefix}_height": SIZES[level, 1],
        f"{prefix}_frame_rate": np.maximum(np.rint(frame_rate), 1).astype(np.int32),
    }


def _audio(line: Line, rng: np.random.Generator) -> dict[str, Numbers]:
    columns: dict[str, Numbers] = {}
    for prefix, loss in (("audio_input", line.loss_in), ("audio_output", line.loss_out)):
        kbps = (34 + 34 * rng.random(len(loss), np.float32)) * np.where(loss > 5, 0.6, 1)
        columns |= _packets(prefix, line, loss, kbps, rng)
    return columns


def _video(day: Day, join: Ints, line: Line, rng: np.random.Generator) -> dict[str, Numbers]:
    columns: dict[str, Numbers] = {}
    slow = bad_client(day)[join]
    small = (day.joins.device >= IOS) & (day.joins.device < PHONE)
    crowd = np.bincount(day.joins.meeting, minlength=len(day.meetings.host))[day.joins.meeting] > 6
    for prefix, loss, best in (("video_input", line.loss_in, 2 - (crowd | small)), ("video_output", line.loss_out, 2 - small)):
        level = np.maximum(best[join] - (loss > 1.5) - (loss > 5) - 2 * slow, 0)
        kbps = VIDEO_KBPS[level] * (0.75 + 0.4 * rng.random(len(loss), np.float32)) * (1 - np.minimum(loss / 20, 0.5))
        frames = np.where(slow, 9, 29) - 6 * rng.random(len(loss), np.float32) - np.minimum(1.6 * loss, 18)
        columns |= _packets(prefix, line, loss, kbps, rng) | _picture(prefix, level, np.maximum(frames, 3))
    return columns


def _sharing(line: Line, rng: np.random.Generator) -> dict[str, Numbers]:
    columns: dict[str, Numbers] = {}
    for prefix, loss in (("as_input", line.loss_in), ("as_output", line.loss_out)):
        kbps = (120 + 600 * rng.random(len(loss), np.float32) ** 2) * (1 - np.minimum(loss / 20, 0.5))
        frames = 4 + 8 * rng.random(len(loss), np.float32) - np.minimum(0.4 * loss, 3)
        columns |= _packets(prefix, line, loss, kbps, rng)
        columns |= _picture(prefix, np.full(len(loss), SHARE_SIZE), frames)
    return columns


def _processor(day: Day, join: Ints, present: Mapping[str, Flags], rng: np.random.Generator) -> dict[str, Numbers]:
    slow = bad_client(day)[join]
    work = 1 + 0.8 * present["video_output"] + 0.4 * present["video_input"] + 0.5 * present["as_output"]
    average = CPU_PERCENT[day.joins.device][join] * work * np.exp(0.25 * rng.standard_normal(len(join), np.float32))
    average = np.minimum(np.where(slow, 35 + 2.2 * average, average), 92)
    peak = np.minimum(average * (1.3 + rng.random(len(join), np.float32)) + 2, 98)
    system = np.minimum(peak + 5 + 35 * rng.random(len(join), np.float32), 100)
    figures = {"zoom_min": average * 0.45, "zoom_avg": average, "zoom_max": peak, "system_max": system}
    return {f"{name}_cpu_usage": np.maximum(np.rint(value), 1).astype(np.int32) * 100 for name, value in figures.items()}


def _radio(day: Day, join: Ints, wifi: Flags, rng: np.random.Generator) -> dict[str, Numbers]:
    usual = rng.normal(np.where(day.joins.place == OFFICE_WIFI, -54, -59), 6)
    average = np.clip(np.rint(usual[join] + 2 * rng.standard_normal(len(join)) - 14 * wifi), -90, -30).astype(np.int32)
    swing = rng.integers(1, 6, len(join), np.int32)
    return {"min_rssi": average - swing, "avg_rssi": average, "max_rssi": average + swing // 2 + 1}


def _scores(line: Line, columns: Mapping[str, Numbers], present: Mapping[str, Flags]) -> dict[str, Numbers]:
    loss = np.maximum(line.loss_in, line.loss_out)
    frames = np.where(present["video_output"], columns["video_output_frame_rate"], columns["video_input_frame_rate"])
    smooth = _f(np.minimum(frames / 18, 1) ** 0.6)
    return {
        "audio_score": score("audio", line.latency, line.jitter, loss),
        "video_score": score("video", line.latency, line.jitter, loss, smooth),
        "as_score": score("as", line.latency, line.jitter, loss),
    }
