"""The E-model: the values that the standards publish, and what must hold for any line."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callboard.quality.emodel import (
    CODECS,
    G711,
    G711_CONCEALED,
    G729A,
    SATISFACTION,
    Codec,
    Connection,
    absolute_delay,
    delay_impairment,
    equipment_impairment,
    mos,
    one_way_ms,
    rating,
    satisfaction,
    simple_rating,
)

many = settings(max_examples=200, deadline=None, derandomize=True)
codecs = st.sampled_from(CODECS)
losses = st.floats(0, 100)
delays = st.floats(0, 5000)
bursts = st.floats(1, 8)


def test_the_defaults_rate_as_the_standard_says() -> None:
    """All parameters at their defaults give R = 93.2 and MOS = 4.41 (G.107, 7.7)."""
    assert round(rating(Connection()), 1) == 93.2
    assert round(mos(rating(Connection())), 2) == 4.41


def test_the_defaults_are_rated_to_the_last_digit() -> None:
    """The unrounded R, 93.206208, agrees with an independent program (github.com/manucorporat/e-model)."""
    assert rating(Connection()) == pytest.approx(93.206208, abs=1e-6)


@pytest.mark.parametrize(
    ("symbol", "default"),
    [
        ("send_loudness", 8),
        ("receive_loudness", 2),
        ("sidetone", 15),
        ("listener_sidetone", 18),
        ("send_shape", 3),
        ("receive_shape", 3),
        ("talker_echo_loss", 65),
        ("listener_echo_loss", 110),
        ("circuit_noise", -70),
        ("noise_floor", -64),
        ("send_room_noise", 35),
        ("receive_room_noise", 35),
        ("quantizations", 1),
        ("burst_ratio", 1),
    ],
)
def test_defaults_are_the_standards(symbol: str, default: float) -> None:
    """The values of G.107's table of defaults; LSTR follows from STMR and Dr."""
    assert getattr(Connection(), symbol) == default


@pytest.mark.parametrize(("r", "expected"), [(50, 2.575), (60, 3.100), (70, 3.597), (80, 4.024), (90, 4.339)])
def test_ratings_become_the_published_opinions(r: float, expected: float) -> None:
    """MOS of the limits of G.107's bands."""
    assert round(mos(r), 3) == expected


@pytest.mark.parametrize(("r", "expected"), [(-20, 1), (0, 1), (3, 1), (100, 4.5), (130, 4.5)])
def test_opinions_end_where_the_scale_ends(r: float, expected: float) -> None:
    """R at or under 0 is MOS 1 and R at or over 100 is 4.5; near 0, where the curve dips under 1, it is 1."""
    assert mos(r) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("r", "words"),
    [
        (93.2, "very satisfied"),
        (90, "very satisfied"),
        (80, "satisfied"),
        (79.9, "some dissatisfied"),
        (60, "many dissatisfied"),
        (50, "nearly all dissatisfied"),
        (49, "not recommended"),
    ],
)
def test_ratings_have_the_standards_words(r: float, words: str) -> None:
    """Each band of G.107, Annex B, begins at its lower limit."""
    assert satisfaction(r) == words


def test_bands_fall() -> None:
    """The words are looked up from the best."""
    assert [least for least, _ in SATISFACTION] == [90, 80, 70, 60, 50]


@pytest.mark.parametrize(("loss", "expected"), [(0, 4.409), (1, 4.328), (2, 4.235), (5, 3.923), (10, 3.411), (20, 2.631)])
def test_loss_costs_what_the_formula_says(loss: float, expected: float) -> None:
    """G.711 with concealment (Ie 0, Bpl 25.1), no delay, random loss: worked out by hand from 93.2 - 95 p / (p + 25.1)."""
    assert round(mos(simple_rating(0, loss, G711_CONCEALED)), 3) == expected


@pytest.mark.parametrize(("loss", "expected"), [(0, 4.41), (1, 3.83), (10, 1.48)])
def test_without_concealment_loss_costs_more(loss: float, expected: float) -> None:
    """G.711 without concealment (Ie 0, Bpl 4.3), worked out by hand from 93.2 - 95 p / (p + 4.3)."""
    assert round(mos(simple_rating(0, loss, G711)), 2) == expected


@pytest.mark.parametrize("codec", CODECS, ids=lambda c: c.name)
def test_loss_is_in_per_cent(codec: Codec) -> None:
    """10 % is 10, not 0.1: a fraction in its place would call a ruined line nearly perfect."""
    lossless, ruined, fraction = (mos(simple_rating(0, loss, codec)) for loss in (0, 10, 0.1))
    assert ruined < lossless - 0.9
    assert fraction > lossless - 0.1


def test_a_known_tool_takes_a_fraction_for_per_cent() -> None:
    """peermetrics gives its E-model (R 100, Ie 6, Bpl 10, 0.03 a ms, 95 ms) a fraction: 10 % is 4.34, where 2.27 is right."""

    def theirs(loss: float) -> float:
        return mos(100 - (6 + (100 - 6) * loss / (loss + 10)) - 0.03 * 95)

    assert round(theirs(0.1), 2) == 4.34
    assert round(theirs(10), 2) == 2.27


@pytest.mark.parametrize("loss", [-0.1, 100.1, 655.35, float("nan")])
def test_impossible_losses_are_refused(loss: float) -> None:
    """A loss outside 0 to 100 % is a mistake of the caller."""
    with pytest.raises(ValueError, match="per cent from 0 to 100"):
        equipment_impairment(loss, G711)


def test_a_codec_without_loss_costs_its_own_impairment() -> None:
    """G.729A has Ie 11 (G.113, Appendix I)."""
    assert simple_rating(0, 0) - simple_rating(0, 0, G729A) == pytest.approx(11)


def test_bursts_cost_more_than_random_loss() -> None:
    """5 % in bursts of twice the random length: 95 * 5 / (5 / 2 + 25.1) = 17.2 instead of 15.8."""
    assert equipment_impairment(5, G711_CONCEALED) == pytest.approx(15.78, abs=0.005)
    assert equipment_impairment(5, G711_CONCEALED, 2) == pytest.approx(17.21, abs=0.005)


@pytest.mark.parametrize(("delay", "expected"), [(0, 0), (100, 0), (200, 3.04), (400, 24.07)])
def test_late_answers_cost_as_the_curve_says(delay: float, expected: float) -> None:
    """Idd by hand: one octave over 100 ms is 25 (2^(1/6) - 3 (1 + 3^-6)^(1/6) + 2), two are 24.07."""
    assert absolute_delay(Connection(delay_ms=delay)) == pytest.approx(expected, abs=0.01)


def test_slow_talkers_mind_delay_less() -> None:
    """With low sensitivity (sT 0.55, mT 120 ms, G.107 table 1) the same delay costs less."""
    slow = Connection(delay_ms=400, delay_sensitivity=0.55, delay_free_ms=120)
    assert 0 < absolute_delay(slow) < absolute_delay(Connection(delay_ms=400))


@pytest.mark.parametrize(("delay", "expected"), [(0, 0), (100, 2.4), (177.3, 4.2552), (277.3, 17.6552)])
def test_simple_delay_is_two_lines(delay: float, expected: float) -> None:
    """0.024 a ms, and 0.11 more over 177.3 ms (Cole and Rosenbluth, 2001)."""
    assert delay_impairment(delay) == pytest.approx(expected)


def test_the_simple_form_is_the_whole_one_without_delay() -> None:
    """Without delay both forms agree for any codec and loss, but for the rounding of 93.206 to 93.2."""
    for codec in CODECS:
        whole = Connection(impairment=codec.impairment, robustness=codec.robustness, loss_percent=3, burst_ratio=1.5)
        assert rating(whole) == pytest.approx(simple_rating(0, 3, codec, 1.5), abs=0.01)


@pytest.mark.parametrize(
    "change",
    [
        {"send_loudness": 16},
        {"receive_loudness": 10},
        {"sidetone": 5},
        {"sidetone": 25, "echo_delay_ms": 50},
        {"sidetone": 5, "echo_delay_ms": 50},
        {"talker_echo_loss": 30, "echo_delay_ms": 50},
        {"listener_echo_loss": 20, "loop_delay_ms": 100},
        {"circuit_noise": -45},
        {"noise_floor": -45},
        {"send_room_noise": 65},
        {"receive_room_noise": 65},
        {"quantizations": 10},
        {"send_shape": -20, "send_room_noise": 60},
        {"delay_ms": 300},
        {"impairment": 20},
        {"loss_percent": 5},
    ],
    ids=str,
)
def test_every_impairment_lowers_the_rating(change: dict[str, float]) -> None:
    """Each parameter, away from its default for the worse, makes the connection worse."""
    assert rating(replace(Connection(), **change)) < rating(Connection()) - 0.5


def test_advantage_raises_the_rating() -> None:
    """What people forgive is added as it is."""
    assert rating(Connection(advantage=10)) == pytest.approx(rating(Connection()) + 10)


def test_all_parameters_of_the_standard_are_there() -> None:
    """G.107's 21 inputs, LSTR following from two of them, and the two of delay sensitivity."""
    assert len(fields(Connection)) == 22


@pytest.mark.parametrize(("round_trip", "jitter", "expected"), [(0, 0, 26.5), (100, 0, 76.5), (100, 10, 96.5)])
def test_one_way_delay(round_trip: float, jitter: float, expected: float) -> None:
    """Half the round trip, twice the jitter, and 26.5 ms of packet and look-ahead."""
    assert one_way_ms(round_trip, jitter) == expected


@many
@given(st.floats(-200, 200, allow_nan=False))
def test_opinions_stay_on_their_scale(r: float) -> None:
    """Any rating is an opinion from 1 to 5."""
    assert 1 <= mos(r) <= 5


@many
@given(st.floats(-50, 150), st.floats(-50, 150))
def test_better_ratings_are_no_worse_opinions(one: float, other: float) -> None:
    """MOS never falls as R rises."""
    low, high = sorted((one, other))
    assert mos(low) <= mos(high) + 1e-12


@many
@given(codecs, delays, losses, losses, bursts)
def test_ratings_never_rise_with_loss(codec: Codec, delay: float, one: float, other: float, burst: float) -> None:
    """More loss is never better."""
    low, high = sorted((one, other))
    assert simple_rating(delay, high, codec, burst) <= simple_rating(delay, low, codec, burst) + 1e-9


@many
@given(codecs, delays, delays, losses)
def test_ratings_never_rise_with_delay(codec: Codec, one: float, other: float, loss: float) -> None:
    """More delay is never better."""
    low, high = sorted((one, other))
    assert simple_rating(high, loss, codec) <= simple_rating(low, loss, codec)


@many
@given(delays, delays)
def test_the_whole_model_never_rises_with_delay(one: float, other: float) -> None:
    """Nor is it in the whole model."""
    low, high = sorted((one, other))
    assert rating(Connection(delay_ms=high)) <= rating(Connection(delay_ms=low)) + 1e-9
