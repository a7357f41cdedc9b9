"""A small organisation at a noon: its history, and what was said until then."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from callboard.sim import Chunk, Organisation, events, history

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)


def gathered(org: Organisation, until: datetime, days: int) -> dict[str, pa.Table]:
    return joined(history(org, until, days))


def joined(chunks: Iterable[Chunk]) -> dict[str, pa.Table]:
    parts = defaultdict(list)
    for chunk in chunks:
        parts[chunk.table].append(chunk.rows)
    return {name: pa.concat_tables(tables, promote_options="default") for name, tables in parts.items()}


@pytest.fixture(scope="session")
def org() -> Organisation:
    return Organisation(seed=7, people=40)


@pytest.fixture(scope="session")
def chunks(org: Organisation) -> list[Chunk]:
    """What was known of two days at a noon."""
    return list(history(org, NOON, days=2))


@pytest.fixture(scope="session")
def tables(chunks: list[Chunk]) -> dict[str, pa.Table]:
    """The same, a table each."""
    return joined(chunks)


@pytest.fixture(scope="session")
def told(org: Organisation) -> list[tuple[datetime, dict]]:
    """All that was said in those two days, and in the day before them."""
    return list(events(org, NOON - timedelta(days=3), NOON))
