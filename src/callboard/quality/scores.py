"""Quality scores of a stream in a minute, 100 to 500 (0.01 of a point), for sources that give none; in Python and in SQL.

Inputs are numbers in the units of `qos_minutes`: bitrate in 0.01 kbit/s, latency (round trip) and jitter in ms, loss in
0.01 %, width and height in pixels, frames a second. A stream without bitrate is muted or off and has no score, nor has
one that lacks a figure: then the answer is None (NULL in SQL), never a good score.

Audio is the E-model's MOS, whose scale is the telephone's: a perfect line gets 4.41 less the delay of the codec.
Video and sharing are curves of our own, made to agree with the thresholds named below; no test with people stands
behind them. A score never rises with loss, latency or jitter, and never falls with bitrate or frame rate.

Each formula stands beside its SQL and both use the same constants. Only `+ - * /`, `least` and `greatest`: it runs over
millions of rows.
"""

from __future__ import annotations

from typing import Final

from callboard.quality.emodel import G711_CONCEALED, mos, mos_sql, one_way_ms, one_way_sql, simple_rating, simple_rating_sql

ALL_LOST: Final = 10_000
"""Loss in 0.01 % that can't be exceeded, though a column could hold more."""
AUDIO_CODEC: Final = G711_CONCEALED
"""Stands in for the codecs of meetings, which have no published planning values and conceal loss at least as well."""


def audio_score(bitrate: int | None, latency: int | None, jitter: int | None, loss: int | None) -> int | None:
    """The MOS of the simplified E-model."""
    if not bitrate or latency is None or jitter is None or loss is None:
        return None
    return _hundredths(mos(simple_rating(one_way_ms(latency, jitter), min(loss, ALL_LOST) / 100, AUDIO_CODEC)))


def audio_score_sql(bitrate: str, latency: str, jitter: str, loss: str) -> str:
    """`audio_score` for ClickHouse."""
    rating = simple_rating_sql(one_way_sql(latency, jitter), f"(least({loss}, {ALL_LOST}) / 100)", AUDIO_CODEC)
    return _score_sql(mos_sql(rating), bitrate, latency, jitter, loss)


def _hundredths(score: float) -> int:
    return int(100 * score + 0.5)


def _score_sql(score: str, bitrate: str, *others: str) -> str:
    # `least` and `greatest` pass over NULL, so it is asked for by name.
    known = " AND ".join(f"isNotNull({other})" for other in others)
    # Both branches may be computed for every row: what is no number then must not end the statement.
    return f"if({bitrate} > 0 AND {known}, accurateCastOrNull(floor(100 * {score} + 0.5), 'UInt16'), NULL)"


FREE_DELAY_MS: Final = 150
"""One-way delay that does no harm to a conversation: ITU-T G.114."""
LOSS_HALVES: Final = 10
"""Loss in per cent that halves what is left of a picture's quality: CQD calls 15 % after repair poor, and so does this."""
VIDEO_DELAY_HALVES_MS: Final = 400
SHARING_DELAY_HALVES_MS: Final = 1000
"""One-way delay over the free one that halves it: one talks with a face, and looks at a screen."""

FULL_FRAMES: Final = 24
"""Frames a second from which on more of them don't matter."""
HALF_CLEAR: Final = 0.006
"""Bits per pixel and frame at which a picture is half as clear as can be; meetings have 0.05 to 0.15."""
CLEAR_BITRATE: Final = HALF_CLEAR * FULL_FRAMES / 10
"""The same as a bitrate in 0.01 kbit/s for each pixel."""
FULL_FACE: Final = 640 * 360
FACE_LOSES: Final = 0.2
"""Pixels from which on a larger video doesn't matter, and what a tiny one loses: small tiles are meant to be small."""
FULL_SCREEN: Final = 1280 * 720
SCREEN_LOSES: Final = 0.3
"""The same for a shared screen, on which one wants to read."""
STEADY_FRAMES: Final = 8
"""Frames a second of a share from which on repair of what was lost is not seen."""


def video_score(
    bitrate: int | None,
    latency: int | None,
    jitter: int | None,
    loss: int | None,
    width: int | None,
    height: int | None,
    frame_rate: int | None,
) -> int | None:
    """Clear, smooth, large and in time: from bits per pixel and frame, frame rate, size, and loss and delay of the line.

    Frames are counted as if 24 came every second, so that at one bitrate more of them never lower the score. Under
    7 frames a second a video is poor at best, as in Microsoft's CQD.
    """
    if not bitrate or not width or not height or latency is None or jitter is None or loss is None or frame_rate is None:
        return None
    pixels = width * height
    clear = bitrate / (bitrate + CLEAR_BITRATE * pixels)
    frames = min(frame_rate, FULL_FRAMES) / FULL_FRAMES
    smooth = frames * (2 - frames)
    strain = _strain(loss / 100, one_way_ms(latency, jitter), VIDEO_DELAY_HALVES_MS)
    return _hundredths(1 + 4 * clear * smooth * _size(pixels, FULL_FACE, FACE_LOSES) / (1 + strain))


def video_score_sql(bitrate: str, latency: str, jitter: str, loss: str, width: str, height: str, frame_rate: str) -> str:
    """`video_score` for ClickHouse."""
    pixels = _pixels_sql(width, height)
    clear = f"{bitrate} / nullIf({bitrate} + {CLEAR_BITRATE} * {pixels}, 0)"
    frames = f"least({frame_rate}, {FULL_FRAMES}) / {FULL_FRAMES}"
    strain = _strain_sql(f"{loss} / 100", one_way_sql(latency, jitter), VIDEO_DELAY_HALVES_MS)
    size = _size_sql(pixels, FULL_FACE, FACE_LOSES)
    score = f"(1 + 4 * ({clear}) * ({frames} * (2 - {frames})) * {size} / (1 + {strain}))"
    return _score_sql(score, bitrate, latency, jitter, loss, f"nullIf({pixels}, 0)", frame_rate)


def sharing_score(
    bitrate: int | None,
    latency: int | None,
    jitter: int | None,
    loss: int | None,
    width: int | None,
    height: int | None,
    frame_rate: int | None,
) -> int | None:
    """Large and in time: from size, and loss and delay of the line.

    A shared screen is mostly still, so few frames and few bits are no fault by themselves. Where packets are lost, few
    frames are: the picture that comes late is the only one, and loss weighs up to twice as much.
    """
    if not bitrate or not width or not height or latency is None or jitter is None or loss is None or frame_rate is None:
        return None
    pixels = width * height
    weight = 2 - min(frame_rate, STEADY_FRAMES) / STEADY_FRAMES
    strain = _strain(loss / 100 * weight, one_way_ms(latency, jitter), SHARING_DELAY_HALVES_MS)
    return _hundredths(1 + 4 * _size(pixels, FULL_SCREEN, SCREEN_LOSES) / (1 + strain))


def sharing_score_sql(bitrate: str, latency: str, jitter: str, loss: str, width: str, height: str, frame_rate: str) -> str:
    """`sharing_score` for ClickHouse."""
    pixels = _pixels_sql(width, height)
    weight = f"(2 - least({frame_rate}, {STEADY_FRAMES}) / {STEADY_FRAMES})"
    strain = _strain_sql(f"{loss} / 100 * {weight}", one_way_sql(latency, jitter), SHARING_DELAY_HALVES_MS)
    score = f"(1 + 4 * {_size_sql(pixels, FULL_SCREEN, SCREEN_LOSES)} / (1 + {strain}))"
    return _score_sql(score, bitrate, latency, jitter, loss, f"nullIf({pixels}, 0)", frame_rate)


def _strain(loss_percent: float, delay_ms: float, delay_halves_ms: int) -> float:
    """How often the line halves a picture: by its loss, and by its delay over the free one."""
    return loss_percent / LOSS_HALVES + max(0.0, delay_ms - FREE_DELAY_MS) / delay_halves_ms


def _strain_sql(loss_percent: str, delay_ms: str, delay_halves_ms: int) -> str:
    return f"({loss_percent} / {LOSS_HALVES} + greatest(0., {delay_ms} - {FREE_DELAY_MS}) / {delay_halves_ms})"


def _size(pixels: int, full: int, loses: float) -> float:
    """1 for a picture that is large enough, less for a smaller one."""
    return 1 - loses + loses * min(pixels, full) / full


def _size_sql(pixels: str, full: int, loses: float) -> str:
    return f"({1 - loses} + {loses} * least({pixels}, {full}) / {full})"


def _pixels_sql(width: str, height: str) -> str:
    return f"({width} * {height})"
