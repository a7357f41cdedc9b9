"""Units: what is written can be read back, and what can't be read is nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callboard.contract.units import (
    BANDS,
    CLOCK,
    FPS,
    KBPS,
    MS,
    PERCENT,
    RESOLUTION,
    SIZE,
    SPACED,
    STAMP,
    UNITS,
    US_TIME,
    Rendering,
    Unit,
    quality_word,
    read_number,
    read_resolution,
    read_size,
)

many = settings(max_examples=300, deadline=None, derandomize=True)
SCALED = {MS: 1, FPS: 1, KBPS: 100, PERCENT: 100}


@pytest.mark.parametrize("unit", SCALED, ids=lambda u: u.name)
@many
@given(st.integers(0, 2**32 - 1))
def test_reading_inverts_writing(unit: Unit, number: int) -> None:
    """Any number that a column holds comes back from its text as it was."""
    assert read_number(unit.write(number), SCALED[unit], most=2**32 - 1) == number


@many
@given(st.integers(1, 65_535), st.integers(1, 65_535))
def test_reading_inverts_writing_of_sizes(width: int, height: int) -> None:
    """A picture's size comes back from its text."""
    assert read_resolution(RESOLUTION.write((width, height))) == (width, height)


@pytest.mark.parametrize(
    ("text", "scale", "number"),
    [
        ("63 kbps", 100, 6300),
        ("63.05 kbps", 100, 6305),
        ("0.03%", 100, 3),
        (" 12fps", 1, 12),
        ("12", 1, 12),
        (12, 1, 12),
        (4.41, 100, 441),
        ("1.005", 1000, 1005),
        ("", 1, None),
        (None, 1, None),
        (True, 1, None),
        ("kbps", 1, None),
        ("-5 ms", 1, None),
        ("70000", 1, None),
        ("9" * 30, 1, None),
        ([1], 1, None),
        ({"1": 1}, 1, None),
    ],
)
def test_texts_are_read_as_people_would(text: Any, scale: int, number: int | None) -> None:
    """The number at the head of a text, times the scale; nothing where there is none, or none that a column could hold."""
    assert read_number(text, scale) == number


@many
@given(st.floats(0, 600, allow_nan=False))
def test_json_numbers_are_read_as_their_values(value: float) -> None:
    """A number that comes as JSON's, however small, is read as what it is."""
    assert read_number(value, 100) == round(value * 100)


@many
@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(10**15, 10**40) | st.text())
def test_what_is_out_of_range_is_nothing(value: Any) -> None:
    """Whatever comes in, what comes out fits the column."""
    number = read_number(value, 100)
    assert number is None or 0 <= number <= 65_535


@many
@given(st.integers(0, 10**7))
def test_clocks_add_up(seconds: int) -> None:
    """`mm:ss` under an hour, `hh:mm:ss` from there on; minutes and seconds have two digits and add up."""
    text = CLOCK.write(seconds)
    assert re.fullmatch(r"\d\d+(:[0-5]\d){2}" if seconds >= 3600 else r"[0-5]\d:[0-5]\d", text)
    made = 0
    for part in text.split(":"):
        made = made * 60 + int(part)
    assert made == seconds


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "00:00"),
        (59, "00:59"),
        (60, "01:00"),
        (2430, "40:30"),
        (3599, "59:59"),
        (3600, "01:00:00"),
        (360_000, "100:00:00"),
        (-5, "00:00"),
    ],
)
def test_clocks_are_zooms(seconds: int, text: str) -> None:
    """Durations as Zoom writes them."""
    assert CLOCK.write(seconds) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 kbps"), (1, "0.01 kbps"), (10, "0.1 kbps"), (6300, "63 kbps"), (6305, "63.05 kbps"), (6350, "63.5 kbps")],
)
def test_hundredths_are_as_short_as_they_can_be(number: int, text: str) -> None:
    """No needless digits."""
    assert KBPS.write(number) == text


@many
@given(st.integers(0, 500), st.integers(0, 500))
def test_a_better_score_is_no_worse_a_word(low: int, high: int) -> None:
    """Quality words follow the score."""
    words = [word for _, word in reversed(BANDS)]
    low, high = sorted((low, high))
    assert words.index(quality_word(low)) <= words.index(quality_word(high))


@pytest.mark.parametrize(
    ("score", "word"), [(500, "good"), (400, "good"), (399, "fair"), (300, "fair"), (299, "poor"), (200, "poor"), (199, "bad")]
)
def test_quality_words_are_zooms(score: int, word: str) -> None:
    """Each word begins at Zoom's threshold."""
    assert quality_word(score) == word


def test_no_value_is_an_empty_text() -> None:
    """Every unit writes nothing for nothing, remembered or not."""
    for unit in UNITS:
        rendering = Rendering(unit.write)
        assert [rendering[None], rendering[None]] == ["", ""]


@many
@given(st.lists(st.integers(0, 10**6)))
def test_what_is_remembered_is_what_would_be_written(numbers: list[int]) -> None:
    """A value written once is written the same again."""
    rendering = Rendering(PERCENT.write)
    assert [rendering[n] for n in numbers * 2] == [PERCENT.write(n) for n in numbers * 2]


def test_units_are_named_apart() -> None:
    """Renderings are kept by a unit's name: no two units share one."""
    assert len({unit.name for unit in UNITS}) == len(UNITS)
    assert all(unit.sentence for unit in UNITS)


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        (SIZE, 0, "0 MB"),
        (SIZE, 3 * 2**20, "3 MB"),
        (SIZE, 1536 * 2**20, "1.5 GB"),
        (SIZE, 3 * 2**40, "3 TB"),
        (SIZE, 2**63, "Unlimited"),
        (US_TIME, 1772445660, "03/02/2026 10:01"),
        (STAMP, 1772445660007, "2026-03-02 10:01:00:007"),
        (SPACED, 84512036771, "845 1203 6771"),
        (SPACED, 8451203677, "845 120 3677"),
    ],
)
def test_units_of_reports(unit: Unit, value: int, text: str) -> None:
    """Storage, and times and numbers as reports write them."""
    assert unit.write(value) == text


@pytest.mark.parametrize(
    ("text", "size"),
    [("3 MB", 3 * 2**20), ("1.5TB", 3 * 2**39), ("Unlimited", 2**63), ("12 B", 12), ("", None), ("much", None), (3, None)],
)
def test_sizes_are_read(text: object, size: int | None) -> None:
    """The reverse, as Zoom's events write them."""
    assert read_size(text) == size
