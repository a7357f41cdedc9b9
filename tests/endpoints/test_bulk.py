"""All quality minutes of a window in one stream."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from operator import itemgetter

import pyarrow.parquet
import pytest

from callboard.app import Parts
from tests.contract.helpers import account, told
from tests.endpoints.conftest import minute
from tests.helpers import Office

BULK = "/v1/bulk/qos"
TIMES = ["2026-03-02T10:00:00Z", "2026-03-02T10:01:00Z", "2026-03-02T23:59:00Z", "2026-03-03T00:00:00Z"]
DAY = {"from": "2026-03-02", "to": "2026-03-02"}


@pytest.fixture(scope="module")
def streamed(parts: Parts) -> Iterator[Office]:
    """Three minutes of one participant, the last at the end of the day, and one of the day after."""
    with account(parts, "streamed") as office:
        told(office, [minute("m==", "101", at, audio_input={"bitrate": "27.15 kbps", "avg_loss": "0.1%"}) for at in TIMES])
        told(office, [minute("m==", "101", TIMES[0], audio_input={"latency": "9 ms"})])
        yield office


def test_lines_are_minutes_as_numbers(streamed: Office) -> None:
    """One line a minute, merged, of the days asked for; numbers in base units."""
    answer = streamed.get(BULK, **DAY)
    lines = sorted((json.loads(line) for line in answer.text.splitlines()), key=itemgetter("minute"))
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    assert [line["minute"] for line in lines] == TIMES[:3]
    first = lines[0]
    assert (first["uuid"], first["user_id"], first["audio_input_bitrate"], first["audio_input_avg_loss"]) == (
        "m==",
        "101",
        2715,
        10,
    )
    assert first["audio_input_latency"] == 9


def test_parquet_holds_the_same(streamed: Office) -> None:
    """The same rows as a file."""
    answer = streamed.get(BULK, **DAY, format="parquet")
    table = pyarrow.parquet.read_table(io.BytesIO(answer.content))
    assert table.column("audio_input_bitrate").to_pylist() == [2715, 2715, 2715]


def test_no_minutes_are_no_lines(streamed: Office) -> None:
    """An empty body, not an error."""
    answer = streamed.get(BULK, from_="2025-03-02", to="2025-03-02")
    assert (answer.status_code, answer.content) == (200, b"")
