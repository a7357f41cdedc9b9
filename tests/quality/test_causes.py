"""Causes: each rule fits where its numbers are, the order decides where several do, and the sentence tells the numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callboard.quality.causes import Around, Cause, Situation, likely_cause

many = settings(max_examples=200, deadline=None, derandomize=True)

ALONE = Around(bad=1, everyone=14)
LOSSY = Situation(loss=1240, jitter=48, latency=80, site=ALONE, data_center=Around(1, 40, 1))
CLEAN = Situation(loss=10, jitter=5, latency=60, site=ALONE, data_center=Around(1, 40, 1))
BUSY = replace(CLEAN, system_cpu=9600)
WEAK = replace(CLEAN, network_type="Wifi", rssi=-79)
SITE_DOWN = replace(LOSSY, site=Around(bad=9, everyone=14))
SERVER_DOWN = replace(LOSSY, data_center=Around(bad=30, everyone=40, sites=4))


@pytest.mark.parametrize(
    ("situation", "cause"),
    [
        (SERVER_DOWN, Cause.SERVER),
        (SITE_DOWN, Cause.SITE),
        (BUSY, Cause.DEVICE),
        (WEAK, Cause.WIFI),
        (LOSSY, Cause.PERSON),
        (CLEAN, Cause.UNKNOWN),
        (Situation(), Cause.UNKNOWN),
    ],
)
def test_each_cause_is_found(situation: Situation, cause: Cause) -> None:
    """A situation made for a rule gets its cause."""
    assert likely_cause(situation).cause is cause


def test_what_many_share_comes_first() -> None:
    """With everything wrong at once, the order of the rules decides, from server to person."""
    everything = replace(
        LOSSY, system_cpu=9900, network_type="Wifi", rssi=-85, site=SITE_DOWN.site, data_center=SERVER_DOWN.data_center
    )
    found = []
    for remedy in (
        {},
        {"data_center": Around()},
        {"site": ALONE},
        {"system_cpu": 1000},
        {"network_type": "Wired"},
        {"loss": 0, "jitter": 0},
    ):
        everything = replace(everything, **remedy)
        found.append(likely_cause(everything).cause)
    assert found == [Cause.SERVER, Cause.SITE, Cause.DEVICE, Cause.WIFI, Cause.PERSON, Cause.UNKNOWN]


@pytest.mark.parametrize(
    ("around", "cause"),
    [
        (Around(5, 10, 3), Cause.SERVER),
        (Around(4, 8, 3), Cause.PERSON),
        (Around(5, 10, 2), Cause.PERSON),
        (Around(5, 11, 3), Cause.PERSON),
    ],
)
def test_a_data_centre_needs_people_sites_and_half(around: Around, cause: Cause) -> None:
    """Five people of three sites, and half of those there: one less of any is not enough."""
    assert likely_cause(replace(LOSSY, data_center=around)).cause is cause


@pytest.mark.parametrize(
    ("around", "cause"),
    [
        (Around(3, 6), Cause.SITE),
        (Around(3, 3), Cause.SITE),
        (Around(3, 7), Cause.PERSON),
        (Around(2, 4), Cause.PERSON),
        (Around(2, 2), Cause.UNKNOWN),
        (Around(2, 3), Cause.UNKNOWN),
        (Around(1, 1), Cause.PERSON),
        (Around(), Cause.PERSON),
    ],
)
def test_a_site_needs_people_and_half(around: Around, cause: Cause) -> None:
    """Three people and half of those there; two of two are too few for a site, and too many for one person."""
    assert likely_cause(replace(LOSSY, site=around)).cause is cause


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"system_cpu": 9000}, Cause.DEVICE),
        ({"system_cpu": 8999}, Cause.UNKNOWN),
        ({"cpu_pressure": "HIGH"}, Cause.DEVICE),
        ({"cpu_pressure": "LOW"}, Cause.UNKNOWN),
    ],
    ids=str,
)
def test_a_device_is_busy_from_ninety_per_cent(change: dict[str, int | str], cause: Cause) -> None:
    """90 % of the processor, or high pressure in any case of letters."""
    assert likely_cause(replace(CLEAN, **change)).cause is cause


@pytest.mark.parametrize(
    ("network", "rssi", "loss", "cause"),
    [
        ("Wifi", -75, 0, Cause.WIFI),
        ("Wifi", -74, 0, Cause.UNKNOWN),
        ("Wifi", -67, 201, Cause.WIFI),
        ("Wifi", -66, 201, Cause.PERSON),
        ("Wired", -90, 0, Cause.UNKNOWN),
        ("Wifi", None, 201, Cause.PERSON),
    ],
)
def test_weak_signals_are_blamed(network: str, rssi: int | None, loss: int, cause: Cause) -> None:
    """From -75 dBm down always, from -67 dBm down with loss, and only on Wi-Fi."""
    assert likely_cause(replace(CLEAN, network_type=network, rssi=rssi, loss=loss)).cause is cause


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"loss": 200, "jitter": 40, "latency": 300}, Cause.UNKNOWN),
        ({"loss": 201}, Cause.PERSON),
        ({"jitter": 41}, Cause.PERSON),
        ({"latency": 301}, Cause.PERSON),
    ],
    ids=str,
)
def test_a_line_is_blamed_over_its_limits(change: dict[str, int], cause: Cause) -> None:
    """2 %, 40 ms and 300 ms are still allowed."""
    assert likely_cause(replace(CLEAN, **change)).cause is cause


@pytest.mark.parametrize(
    ("situation", "sentence"),
    [
        (
            replace(LOSSY, network_type="Wifi", rssi=-79),
            "Loss 12.4 % and jitter 48 ms on Wi-Fi at -79 dBm; 1 of 14 at this site was affected.",
        ),
        (SERVER_DOWN, "Loss 12.4 % and jitter 48 ms; 30 of 40 at this data centre, from 4 sites, were affected."),
        (SITE_DOWN, "Loss 12.4 % and jitter 48 ms; 9 of 14 at this site were affected."),
        (BUSY, "Processor at 96 %; 1 of 14 at this site was affected."),
        (replace(BUSY, latency=900), "Processor at 96 % and round trip 900 ms; 1 of 14 at this site was affected."),
        (
            replace(BUSY, system_cpu=3000, cpu_pressure="HIGH"),
            "Processor pressure high; 1 of 14 at this site was affected.",
        ),
        (replace(LOSSY, latency=301, site=Around()), "Loss 12.4 %, jitter 48 ms and round trip 301 ms."),
        (WEAK, "No loss, jitter or delay to speak of on Wi-Fi at -79 dBm; 1 of 14 at this site was affected."),
        (Situation(network_type="Wifi"), "No loss, jitter or delay to speak of on Wi-Fi."),
    ],
)
def test_sentences_tell_the_numbers(situation: Situation, sentence: str) -> None:
    """What was over its limit, on what network, and how many others had trouble."""
    assert likely_cause(situation).sentence == sentence


counts = st.integers(0, 60)
maybe = st.none() | st.integers(0, 20_000)
arounds = st.builds(Around, counts, counts, counts)


@many
@given(st.builds(Situation, maybe, maybe, maybe, maybe, st.text(), st.text(), st.none() | st.integers(-120, 0), arounds, arounds))
def test_every_situation_has_a_cause_and_a_sentence(situation: Situation) -> None:
    """Whatever comes, the answer is one of the causes and one sentence."""
    cause, sentence = likely_cause(situation)
    assert cause in Cause
    assert sentence[0].isupper()
    assert sentence.endswith(".")
