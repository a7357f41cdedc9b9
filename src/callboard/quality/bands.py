"""Words for quality: profiles say which figures of a stream make it fair, poor or bad.

A profile is data: for each medium the limits of some metrics, in the units of `qos_minutes`. The worst limit that is
crossed gives the verdict; none crossed is good. `verdict` and `verdict_sql` read the same limits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

MEDIA: Final = ("audio", "video", "as")
"""Audio, video, and application sharing as Zoom abbreviates it."""


class Verdict(IntEnum):
    """What a minute was, from unjudged to bad: of several, the greatest is the worst, and what was judged outweighs the rest."""

    UNJUDGED = 0
    """Muted, no media, too few packets, or nothing known that the profile asks for. Never counted as good."""
    GOOD = 1
    FAIR = 2
    POOR = 3
    BAD = 4

    @property
    def word(self) -> str:
        """The word to show."""
        return self.name.lower()

    @property
    def judged(self) -> bool:
        """Whether anything is known."""
        return self is not Verdict.UNJUDGED

    @property
    def counts_as_bad(self) -> bool:
        """Whether this makes a bad minute: poor and bad do."""
        return self >= Verdict.POOR


FALLING: Final = frozenset({"score", "bitrate", "width", "height", "frame_rate"})
RISING: Final = frozenset({"latency", "jitter", "avg_loss", "max_loss"})
"""Metrics that are worse when lower, and when higher."""
PICTURE: Final = frozenset({"width", "height", "frame_rate"})
WORDS: Final = {"fair": Verdict.FAIR, "poor": Verdict.POOR, "bad": Verdict.BAD}


@dataclass(frozen=True)
class Limit:
    """Limits of one metric, each the verdict of a value beyond it: over it where more is worse, else under it."""

    metric: str
    fair: int | None = None
    poor: int | None = None
    bad: int | None = None

    @property
    def sign(self) -> str:
        """How a value compares with a limit that it crosses."""
        return "<" if self.metric in FALLING else ">"

    def steps(self) -> list[tuple[Verdict, int]]:
        """The limits that are set, the worst first."""
        found = ((verdict, getattr(self, word)) for word, verdict in WORDS.items())
        return [(verdict, at) for verdict, at in found if at is not None][::-1]

    def verdict(self, value: int) -> Verdict:
        """What a value of the metric is."""
        falling = self.metric in FALLING
        return next((v for v, at in self.steps() if (value < at if falling else value > at)), Verdict.GOOD)


@dataclass(frozen=True)
class Rules:
    """How a profile judges one medium: by these limits, and only with more than so many packets."""

    limits: tuple[Limit, ...]
    packets: int = 0


@dataclass(frozen=True)
class Profile:
    """A named way to judge: rules for each medium that it has an opinion on."""

    name: str
    sentence: str
    media: Mapping[str, Rules]


_BY_SCORE: Final = Rules((Limit("score", fair=400, poor=300, bad=200),))

ZOOM: Final = Profile(
    "zoom",
    "By score: 4 and more is good, 3 fair, 2 poor, less bad.",
    dict.fromkeys(MEDIA, _BY_SCORE),
)
TEAMS_CQD: Final = Profile(
    "teams-cqd",
    "As Microsoft's Call Quality Dashboard classifies streams: good or poor. Audio by round trip, loss and jitter, "
    "with more than 500 packets; video and sharing by frames a second, the only one of their metrics known here.",
    {
        "audio": Rules((Limit("latency", poor=500), Limit("avg_loss", poor=1000), Limit("jitter", poor=30)), packets=500),
        "video": Rules((Limit("frame_rate", poor=7),)),
        "as": Rules((Limit("frame_rate", poor=1),)),
    },
)
"""Microsoft Learn, "Stream Classification in Call Quality Dashboard", as of 2022.

Asked first there is the share of frames that viewers lost (over 50 % is poor), which no source of ours reports.
Loss after repair (over 15 % is poor) is asked last for video; ours is before repair, so it is left out.
Sharing under 1 frame a second is poor; editions before 2022 say under 2.
"""

PROFILES: Final = {profile.name: profile for profile in (ZOOM, TEAMS_CQD)}

AUDIO_PACKETS_A_MINUTE: Final = 50 * 60
"""Audio goes in packets of 20 ms, so 50 a second while it flows."""


def estimated_packets(medium: str, bitrate: int | None) -> int | None:
    """Packets of a minute, which the store doesn't keep: 3000 for audio that flows; None for pictures, where it varies."""
    if not bitrate:
        return 0
    return AUDIO_PACKETS_A_MINUTE if medium == "audio" else None


def verdict(profile: Profile, medium: str, metrics: Mapping[str, int | None], packets: int | None = None) -> Verdict:
    """What a minute of a stream was; `metrics` by their names in `qos_minutes`, without the stream's.

    Unjudged without bitrate, with too few packets (estimated where not given), where the profile says nothing of the
    medium, or where no metric that it asks for is known. Of several metrics, those that are known decide.
    """
    rules = profile.media.get(medium)
    bitrate = metrics.get("bitrate")
    if rules is None or not bitrate:
        return Verdict.UNJUDGED
    count = estimated_packets(medium, bitrate) if packets is None else packets
    if count is not None and count <= rules.packets:
        return Verdict.UNJUDGED
    known = ((limit, metrics.get(limit.metric)) for limit in rules.limits)
    return worst(limit.verdict(value) for limit, value in known if value is not None)


def verdict_sql(profile: Profile, medium: str, columns: Mapping[str, str], packets: str | None = None) -> str:
    """`verdict` for ClickHouse as its number, 0 (unjudged) to 4 (bad), never NULL: `max` of several is the worst.

    `columns` are SQL expressions by metric: `bitrate`, and all that the profile asks for.
    """
    rules = profile.media.get(medium)
    if rules is None:
        return "toUInt8(0)"
    flows = estimated_packets(medium, 1)
    enough = flows is None or flows > rules.packets
    if packets is None and not enough:
        return "toUInt8(0)"
    known = " OR ".join(f"isNotNull({columns[limit.metric]})" for limit in rules.limits)
    conditions = [f"{columns['bitrate']} > 0", f"({known})"]
    if packets is not None:
        conditions.append(f"ifNull({packets} > {rules.packets}, {int(enough)})")
    steps = "".join(f"{_crossed_sql(rules, columns, step)}, {step.value}, " for step in reversed(WORDS.values()))
    return f"if({' AND '.join(conditions)}, multiIf({steps}1), 0)"


def _crossed_sql(rules: Rules, columns: Mapping[str, str], verdict: Verdict) -> str:
    crossed = [f"{columns[one.metric]} {one.sign} {at}" for one in rules.limits for step, at in one.steps() if step is verdict]
    return " OR ".join(crossed) or "0"


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict of the whole: of a participant's streams, of a meeting's participants. Unjudged if nothing was judged."""
    return max(verdicts, default=Verdict.UNJUDGED)


class BadProfile(ValueError):
    """A profile that can't be used, and where it is wrong."""


def own_profile(name: str, media: Mapping[str, Mapping[str, object]], sentence: str = "") -> Profile:
    """A profile of one's own, from a mapping like `{"audio": {"avg_loss": {"fair": 200, "poor": 500}, "packets": 500}}`.

    Each medium has limits by metric, in the units of `qos_minutes`, and may ask for more than so many packets.
    Raises `BadProfile`, which names the place, for what is unknown, is no whole number, or is out of order.
    """
    if not media:
        raise BadProfile(f"{name}: no medium is judged; give limits for one of {_listed(MEDIA)}")
    return Profile(name, sentence, {medium: _rules(name, medium, limits) for medium, limits in media.items()})


def _rules(name: str, medium: str, given: object) -> Rules:
    where = f"{name}: {medium}"
    if medium not in MEDIA:
        raise BadProfile(f"{where} is no medium; known are {_listed(MEDIA)}")
    if not isinstance(given, Mapping):
        raise BadProfile(f"{where} must be limits by metric")
    packets = _whole(f"{where}, packets", given.get("packets", 0))
    limits = tuple(_limit(where, medium, metric, steps) for metric, steps in given.items() if metric != "packets")
    if not limits:
        raise BadProfile(f"{where} has no limits")
    return Rules(limits, packets)


def _limit(where: str, medium: str, metric: str, given: object) -> Limit:
    allowed = (FALLING | RISING) - (PICTURE if medium == "audio" else frozenset())
    if metric not in allowed:
        raise BadProfile(f"{where}, {metric} is no metric of it; known are {_listed(sorted(allowed))}")
    where = f"{where}, {metric}"
    if not isinstance(given, Mapping) or not given or not set(given) <= set(WORDS):
        raise BadProfile(f"{where} must have limits named {_listed(WORDS)}")
    limit = Limit(metric, **{word: _whole(f"{where}, {word}", at) for word, at in given.items()})
    at = [step for _, step in limit.steps()]
    if at != sorted(at, reverse=metric in RISING):
        raise BadProfile(f"{where}: fair, poor and bad must go from better to worse, here {'up' if metric in RISING else 'down'}")
    return limit


def _whole(where: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise BadProfile(f"{where} must be a whole number from 0, not {value!r}")
    return value


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)
