"""Several accounts side by side, on a schedule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from callboard.control import Source
from callboard.jobs import jobs
from callboard.sync import service
from tests.helpers import Office, a_meeting
from tests.sync.helpers import NOW, FakeClock, beside, source_of


@pytest.fixture
def at_hand(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An upstream that is reached without a network."""
    made: Callable[..., Any] = lambda **_: office.http  # noqa: E731
    monkeypatch.setattr(service.httpx, "Client", made)
    monkeypatch.setattr(type(office.http), "close", lambda _: None)
    return office


def test_accounts_are_mirrored_side_by_side(at_hand: Office) -> None:
    """The job mirrors every account that is remembered; one that fails holds up no other."""
    office, book = at_hand, at_hand.parts.control.syncing
    office.given(a_meeting())
    good, twin = source_of(office, f"{office.account}-1"), source_of(office, f"{office.account}-2")
    bad = Source("wrong", "wrong", good.base_url, "", office.account, "nobody", "no")
    settings = office.parts.settings.model_copy(update={"sync_days": 20, "sync_workers": 1})
    for source in (good, twin, bad):
        book.put_source(source, now=1)
    try:
        schedule = service.Schedule(settings, office.parts.store, office.parts.writer, book, FakeClock(NOW))
        table = jobs(office.parts.settings.data_dir, office.parts.spool, office.parts.writer, schedule, 15, lambda: None)
        next(job for job in table if job.sentence.startswith("Mirror")).run()
    finally:
        for source in (good, twin, bad):
            book.delete_source(source.name)
    asked = {"type": "past", "from": "2026-03-01", "to": "2026-03-05"}
    for source in (good, twin):
        assert beside(office, source.name).ask("/v2/metrics/meetings", **asked) == office.ask("/v2/metrics/meetings", **asked)


def test_the_settings_may_name_an_account(office: Office) -> None:
    """An id, a client and a secret in the environment are an account to mirror, once all three are there."""
    named = {"sync_account_id": "a", "sync_client_id": "c", "sync_client_secret": "s"}
    settings = office.parts.settings.model_copy(update=named)
    assert service.configured(settings) == Source("a", "a", "https://api.zoom.us", "", "a", "c", "s")
    assert service.configured(settings.model_copy(update={"sync_client_secret": ""})) is None
