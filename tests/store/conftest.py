"""Engines on databases of their own, and writers with spools of their own, so that faults stay where they are made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from callboard.app import Parts
from callboard.store.embedded import EmbeddedEngine
from tests.store.databases import Desk, database, prepared


@pytest.fixture
def empty(parts: Parts) -> Iterator[EmbeddedEngine]:
    """An engine on a database without tables."""
    with database(parts) as engine:
        yield engine


@pytest.fixture(scope="module")
def engine(parts: Parts) -> Iterator[EmbeddedEngine]:
    """An engine on a database that has all tables; shared by a module's tests, which take accounts of their own."""
    with prepared(parts) as engine:
        yield engine


@pytest.fixture
def desk(engine: EmbeddedEngine, tmp_path: Path) -> Iterator[Desk]:
    """A writer with a spool of its own, on an engine that can be made to fail."""
    with ExitStack() as stack:
        yield Desk(engine, tmp_path / "spool", stack)
