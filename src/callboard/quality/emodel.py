"""The E-model: from delay, loss and codec to a rating R (0 to 100) and a mean opinion score (MOS, 1 to 4.5).

`rating` is the whole model of ITU-T G.107 (06/2015); `simple_rating` leaves at its default whatever a meeting's figures
don't tell. Loss is in per cent everywhere: 10 means 10 %, not 1000 %. The scale is narrowband telephony's, so a
perfect line gets 4.41, not 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log2, log10, sqrt
from typing import Final


@dataclass(frozen=True)
class Codec:
    """How a codec sounds without loss (`impairment`, the standard's Ie) and how it bears loss (`robustness`, Bpl)."""

    name: str
    impairment: float
    robustness: float


G711: Final = Codec("G.711 without concealment", 0, 4.3)
G711_CONCEALED: Final = Codec("G.711 with concealment", 0, 25.1)
G729A: Final = Codec("G.729A with voice activity detection", 11, 19.0)
G723: Final = Codec("G.723.1 at 6.3 kbit/s with voice activity detection", 15, 16.1)
GSM_EFR: Final = Codec("GSM enhanced full rate", 5, 10.0)
CODECS: Final = (G711, G711_CONCEALED, G729A, G723, GSM_EFR)
"""Planning values of ITU-T G.113, Appendix I. It has none for Opus or Zoom's own codecs; wideband codecs are on another scale."""


@dataclass(frozen=True)
class Connection:
    """A telephone connection with the parameters of G.107, each named by its symbol there, at the standard's default."""

    send_loudness: float = 8
    """SLR, dB."""
    receive_loudness: float = 2
    """RLR, dB."""
    sidetone: float = 15
    """STMR, dB: how one hears oneself."""
    send_shape: float = 3
    """Ds: how the sender's telephone tells speech from room noise."""
    receive_shape: float = 3
    """Dr: the same at the receiver."""
    talker_echo_loss: float = 65
    """TELR, dB."""
    listener_echo_loss: float = 110
    """WEPL, dB."""
    echo_delay_ms: float = 0
    """T, one way."""
    loop_delay_ms: float = 0
    """Tr, the round trip of the four-wire loop."""
    delay_ms: float = 0
    """Ta, mouth to ear, one way, free of echo."""
    delay_sensitivity: float = 1
    """sT: 1 for a conversation, 0.55 and 0.4 where people take turns slowly."""
    delay_free_ms: float = 100
    """mT, the delay that nobody notices: 100; 120 and 150 for slower turns."""
    quantizations: float = 1
    """qdu, quantizing distortion units."""
    impairment: float = 0
    """Ie of the codec."""
    robustness: float = 4.3
    """Bpl of the codec."""
    loss_percent: float = 0
    """Ppl."""
    burst_ratio: float = 1
    """BurstR: 1 if packets are lost at random, more if in bursts."""
    circuit_noise: float = -70
    """Nc, dBm0p."""
    noise_floor: float = -64
    """Nfor, dBmp."""
    send_room_noise: float = 35
    """Ps, dB(A)."""
    receive_room_noise: float = 35
    """Pr, dB(A)."""
    advantage: float = 0
    """A: what people forgive for being able to call at all."""

    @property
    def listener_sidetone(self) -> float:
        """LSTR, dB, which the standard ties to STMR and Dr."""
        return self.sidetone + self.receive_shape

    @property
    def loudness(self) -> float:
        """OLR, dB."""
        return self.send_loudness + self.receive_loudness


def rating(connection: Connection) -> float:
    """R of a connection: signal to noise, less what impairs the voice, the delay and the codec; 93.2 at the defaults."""
    c = connection
    noise = _noise(c)
    signal = 15 - 1.5 * (c.send_loudness + noise)
    sidetone = _sidetone(c)
    equipment = equipment_impairment(c.loss_percent, Codec("", c.impairment, c.robustness), c.burst_ratio)
    with_the_voice = _loudness(c, noise) + sidetone + _quantizing(c, signal)
    delay = _talker_echo(c, noise, sidetone) + _listener_echo(c, signal) + absolute_delay(c)
    return signal - with_the_voice - delay - equipment + c.advantage


def _noise(c: Connection) -> float:
    """No: all noise as one, in dBm0p."""
    send = c.send_room_noise - c.send_loudness - c.send_shape - 100
    send += 0.004 * (c.send_room_noise - c.loudness - c.send_shape - 14) ** 2
    heard = c.receive_room_noise + 10 * log10(1 + 10 ** ((10 - c.listener_sidetone) / 10))
    receive = c.receive_loudness - 121 + heard + 0.008 * (heard - 35) ** 2
    floor = c.noise_floor + c.receive_loudness
    return _sum_of_levels(c.circuit_noise, send, receive, floor)


def _sum_of_levels(*levels: float) -> float:
    return 10 * log10(sum(10 ** (level / 10) for level in levels))


def _loudness(c: Connection, noise: float) -> float:
    """Iolr: too loud."""
    excess = (c.loudness + 0.2 * (64 + noise - c.receive_loudness)) / 8
    return float(20 * ((1 + excess**8) ** (1 / 8) - excess))


def _sidetone(c: Connection) -> float:
    """Ist: hearing oneself too much or too little."""
    level = -10 * log10(10 ** (-c.sidetone / 10) + exp(-c.echo_delay_ms / 4) * 10 ** (-c.talker_echo_loss / 10))
    return float(
        12 * (1 + ((level - 13) / 6) ** 8) ** (1 / 8)
        - 28 * (1 + ((level + 1) / 19.4) ** 35) ** (1 / 35)
        - 13 * (1 + ((level - 3) / 33) ** 13) ** (1 / 13)
        + 29
    )


def _quantizing(c: Connection, signal: float) -> float:
    """Iq: distortion by quantizing."""
    quality = 37 - 15 * log10(c.quantizations)
    gain = 1.07 + 0.258 * quality + 0.0602 * quality**2
    near = (signal - 100) / 15 + 46 / 8.4 - gain / 9
    far = 46 / 30 - gain / 40
    return 15 * log10(1 + 10**near + 10**far)


def _talker_echo(c: Connection, noise: float, sidetone: float) -> float:
    """Idte: one's own voice coming back."""
    delay = c.echo_delay_ms
    if delay < 1:
        return 0
    echo = c.talker_echo_loss - 40 * log10((1 + delay / 10) / (1 + delay / 150)) + 6 * exp(-0.3 * delay**2)
    echo += sidetone / 2 if c.sidetone < 9 else 0
    gap = -1.5 * (noise - c.receive_loudness) - (80 + 2.5 * (echo - 14))
    impairment = (gap / 2 + sqrt(gap**2 / 4 + 100) - 1) * (1 - exp(-delay))
    return sqrt(impairment**2 + sidetone**2) if c.sidetone > 20 else impairment


def _listener_echo(c: Connection, signal: float) -> float:
    """Idle: the other's voice coming twice."""
    gap = signal - 10.5 * (c.listener_echo_loss + 7) * (c.loop_delay_ms + 1) ** -0.25
    return float(gap / 2 + sqrt(gap**2 / 4 + 169))


def absolute_delay(connection: Connection) -> float:
    """Idd: answers that come late, however clear; nothing up to 100 ms, 24 at 400 ms."""
    if connection.delay_ms <= connection.delay_free_ms:
        return 0
    octaves = log2(connection.delay_ms / connection.delay_free_ms)
    power = 6 * connection.delay_sensitivity
    return float(25 * ((1 + octaves**power) ** (1 / power) - 3 * (1 + (octaves / 3) ** power) ** (1 / power) + 2))


WORST_EQUIPMENT: Final = 95
"""What a codec's impairment tends to as everything is lost."""


def equipment_impairment(loss_percent: float, codec: Codec, burst_ratio: float = 1) -> float:
    """Ie,eff: the codec's own impairment, and what the loss of packets adds to it."""
    if not 0 <= loss_percent <= 100:
        raise ValueError(f"a loss of {loss_percent} %: per cent from 0 to 100 are expected")
    span = WORST_EQUIPMENT - codec.impairment
    return codec.impairment + span * loss_percent / (loss_percent / burst_ratio + codec.robustness)


DEFAULT_RATING: Final = 93.2
"""R of a connection with every parameter at its default."""
DELAY_SLOPE: Final = 0.024
DELAY_KNEE_MS: Final = 177.3
DELAY_STEEPER: Final = 0.11
"""Two straight lines in place of the standard's curve: Cole and Rosenbluth, Voice over IP Performance Monitoring (2001)."""


def delay_impairment(delay_ms: float) -> float:
    """Id of a one-way delay from mouth to ear, simplified."""
    return DELAY_SLOPE * delay_ms + DELAY_STEEPER * max(0.0, delay_ms - DELAY_KNEE_MS)


def simple_rating(delay_ms: float, loss_percent: float, codec: Codec = G711_CONCEALED, burst_ratio: float = 1) -> float:
    """R from what a meeting's figures tell: one-way delay from mouth to ear, and loss in per cent."""
    return DEFAULT_RATING - delay_impairment(delay_ms) - equipment_impairment(loss_percent, codec, burst_ratio)


def simple_rating_sql(delay_ms: str, loss_percent: str, codec: Codec = G711_CONCEALED) -> str:
    """`simple_rating` for ClickHouse, of SQL expressions that are not NULL."""
    delay = f"({DELAY_SLOPE} * {delay_ms} + {DELAY_STEEPER} * greatest(0., {delay_ms} - {DELAY_KNEE_MS}))"
    span = WORST_EQUIPMENT - codec.impairment
    equipment = f"({codec.impairment} + {span} * {loss_percent} / ({loss_percent} + {codec.robustness}))"
    return f"({DEFAULT_RATING} - {delay} - {equipment})"


MOS_SLOPE: Final = 0.035
MOS_CURVE: Final = 0.000007
MOS_TURN: Final = 60


def mos(rating: float) -> float:
    """The mean opinion score of a rating: G.107, Annex B, and never below 1 (the standard's curve dips under it near 0)."""
    r = min(max(rating, 0.0), 100.0)
    return max(1.0, 1 + r * (MOS_SLOPE + MOS_CURVE * (r - MOS_TURN) * (100 - r)))


def mos_sql(rating: str) -> str:
    """`mos` for ClickHouse, of an SQL expression that is not NULL."""
    r = f"least(greatest({rating}, 0.), 100.)"
    return f"greatest(1., 1 + {r} * ({MOS_SLOPE} + {MOS_CURVE} * ({r} - {MOS_TURN}) * (100 - {r})))"


SATISFACTION: Final = (
    (90, "very satisfied"),
    (80, "satisfied"),
    (70, "some dissatisfied"),
    (60, "many dissatisfied"),
    (50, "nearly all dissatisfied"),
)
"""Least R of each of the standard's words for how content users are: G.107, Annex B."""


def satisfaction(rating: float) -> str:
    """How content users are with a rating; under 50 the standards advise against it (G.109)."""
    return next((words for least, words in SATISFACTION if rating >= least), "not recommended")


JITTERS_BUFFERED: Final = 2
"""How many times the jitter a receiver waits, so that late packets still come in time: our assumption."""
CODEC_MS: Final = 26.5
"""A 20 ms packet and 6.5 ms of look-ahead: Opus at its defaults."""


def one_way_ms(round_trip_ms: float, jitter_ms: float, codec_ms: float = CODEC_MS) -> float:
    """Delay from mouth to ear: half the round trip, a jitter buffer of twice the jitter, and the codec's packet and look-ahead.

    The round trip is the one that was measured, between device and server; the other half of the call isn't in it.
    """
    return round_trip_ms / 2 + JITTERS_BUFFERED * jitter_ms + codec_ms


def one_way_sql(round_trip_ms: str, jitter_ms: str, codec_ms: float = CODEC_MS) -> str:
    """`one_way_ms` for ClickHouse."""
    return f"({round_trip_ms} / 2 + {JITTERS_BUFFERED} * {jitter_ms} + {codec_ms})"
