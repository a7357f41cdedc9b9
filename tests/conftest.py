"""Fixtures: the real store and the real app. Facts are kept apart by account, so every test takes an account of its own."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from callboard.app import Parts, own_folder
from callboard.settings import Settings, read_settings
from tests.helpers import Office

FOREVER = {name: "forever" for name in Settings.model_fields if name.startswith("retention_")}
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    """A data folder at work, shared by all tests of the session: the engine takes one folder a process."""
    folder: Path = tmp_path_factory.mktemp("data")
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CALLBOARD_")}
    settings = read_settings(
        environ,
        data_dir=folder,
        rate_policy="unlimited",
        **FOREVER,
        commit_timeout_ms=60_000,  # on a busy machine a commit may take long, and tests ask at once
    )
    with own_folder(settings) as made:
        yield made


@pytest.fixture
def office(parts: Parts) -> Iterator[Office]:
    """The app of a new account: facts go in as webhooks, answers come out over HTTP."""
    with ExitStack() as stack:
        yield Office(parts, f"account-{next(_numbers)}", stack)
