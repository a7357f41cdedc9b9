"""Quality of service: minutes, and Zoom's summaries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from callboard.quality import audio_score_sql, sharing_score_sql, video_score_sql
from callboard.store.tables.columns import ACCOUNT, EARLIEST, GREATEST, KNOWN, LATER, TIME, USER, UUID, WORD, Column, K, Table

MEDIA: Final = ("audio", "video", "as")
WAYS: Final = ("input", "output")
STREAMS: Final = tuple(f"{medium}_{way}" for medium in MEDIA for way in WAYS)


def stream_metrics(stream: str) -> tuple[tuple[str, str, str], ...]:
    """`(metric, type, sentence)` of one stream, in the order the contract names them."""
    common = (
        ("bitrate", "UInt32", "0.01 kbit/s"),
        ("latency", "UInt16", "ms"),
        ("jitter", "UInt16", "ms"),
        ("avg_loss", "UInt16", "0.01 %"),
        ("max_loss", "UInt16", "0.01 %"),
    )
    picture = (("width", "UInt16", "pixels"), ("height", "UInt16", "pixels"), ("frame_rate", "UInt16", "frames/s"))
    return common if stream.startswith("audio") else common + picture


WHOLE: Final = "GCD, T64, ZSTD"
"""For hundredths that are mostly whole: 26 bytes a minute instead of 31."""

CPU: Final = ("zoom_min_cpu_usage", "zoom_avg_cpu_usage", "zoom_max_cpu_usage", "system_max_cpu_usage")
PRESSURE: Final = ("system_min_cpu_pressure_level", "system_avg_cpu_pressure_level", "system_max_cpu_pressure_level")
RSSI: Final = ("min_rssi", "avg_rssi", "max_rssi")


def _minute_metrics() -> tuple[Column, ...]:
    numbers = [
        Column(
            f"{stream}_{metric}",
            type_,
            GREATEST,
            f"{stream.replace('_', ' ')}: {metric} in {unit}.",
            codec=WHOLE if metric == "bitrate" else "T64, ZSTD",
        )
        for stream in STREAMS
        for metric, type_, unit in stream_metrics(stream)
    ]
    numbers += [Column(name, "UInt16", GREATEST, "Processor load in 0.01 %.", codec=WHOLE) for name in CPU]
    numbers += [Column(name, WORD, GREATEST, "Processor pressure, a word.") for name in PRESSURE]
    numbers += [Column(name, "Int16", GREATEST, "Wi-Fi signal strength in dBm.", codec="T64, ZSTD") for name in RSSI]
    numbers += [
        Column(f"{medium}_score", "UInt16", GREATEST, f"Quality of {medium} in this minute, 0.01 of a point.", codec="T64, ZSTD")
        for medium in MEDIA
    ]
    return tuple(numbers)


OWN_SCORES: Final[dict[str, tuple[Callable[..., str], tuple[str, ...]]]] = {
    "audio": (audio_score_sql, ("bitrate", "latency", "jitter", "avg_loss")),
    "video": (video_score_sql, ("bitrate", "latency", "jitter", "avg_loss", "width", "height", "frame_rate")),
    "as": (sharing_score_sql, ("bitrate", "latency", "jitter", "avg_loss", "width", "height", "frame_rate")),
}
"""By medium: our formula, and the metrics that it asks for."""


def _own_scores() -> tuple[Column, ...]:
    """Scores are computed when a row is stored: reading them back is what makes a month of minutes quick to judge."""
    made = []
    for medium, (formula, metrics) in OWN_SCORES.items():
        ways = (formula(*(f"{medium}_{way}_{metric}" for metric in metrics)) for way in WAYS)
        said = f"Our own score of {medium} in this minute, of the worse way, 0.1 of a point, rounded down."
        worse = f"toUInt8(intDiv(least({', '.join(ways)}), 10))"
        made.append(Column(f"{medium}_own", "UInt8", EARLIEST, said, codec="T64, ZSTD", default=worse))
    return tuple(made)


QOS_MINUTES: Final = Table(
    "qos_minutes",
    "One participant, one minute, all streams. Samples of one minute merge to the largest value of each metric.",
    family="qos",
    time="minute",
    by_day=True,
    granularity=1024,
    settings={"min_age_to_force_merge_seconds": 86_400},
    columns=(
        ACCOUNT,
        UUID,
        USER,
        Column("minute", TIME, K, "The minute's beginning.", codec="DoubleDelta, ZSTD"),
        Column(
            "leg",
            "Enum8('cloud' = 0, 'crc' = 1, 'rwg' = 2)",
            K,
            "Which leg: device and cloud, or behind a room connector (`crc`) or web gateway (`rwg`), "
            "where input is what comes from the gateway and output what goes to it.",
        ),
        *_minute_metrics(),
        *_own_scores(),
    ),
)

LAST_SECOND: Final = 2**32 - 1


def minutes_between(begin: str, end: str) -> str:
    """SQL of which rows of `qos_minutes` are of `[begin, end)`, both SQL of Unix seconds.

    It says the days too, for rows are kept by them and the engine does not follow one from the other.
    """
    first, last = (f"toDate(toDateTime(least({second}, {LAST_SECOND}), 'UTC'))" for second in (begin, end))
    return f"toDate(minute) >= {first} AND toDate(minute) <= {last} AND minute >= {begin} AND minute < {end}"


SUMMARY_METRICS: Final = tuple(
    f"{end}_{metric}" for metric in ("bitrate", "latency", "jitter", "loss", "frame_rate") for end in ("min", "avg", "max")
)

QOS_SUMMARIES: Final = Table(
    "qos_summaries",
    "One stream of one join, summed up by Zoom when the participant left.",
    family="qos",
    time="",
    born=f"coalesce(ended_at, {LATER})",
    granularity=1024,
    columns=(
        ACCOUNT,
        UUID,
        USER,
        Column("type", WORD, K, "Stream, or `cpu_usage`."),
        Column("ended_at", TIME, GREATEST, "When the summary was made: retention goes by it."),
        *(Column(name, "UInt32", KNOWN, "In the unit of the minute's metric.", codec="T64, ZSTD") for name in SUMMARY_METRICS),
        Column("width", "UInt16", KNOWN, "pixels"),
        Column("height", "UInt16", KNOWN, "pixels"),
        *(Column(name, "UInt16", KNOWN, "Processor load in 0.01 %.") for name in CPU),
        *(Column(name, WORD, KNOWN, "Processor pressure, a word.") for name in PRESSURE),
    ),
)
