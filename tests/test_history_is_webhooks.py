"""The simulator's two ways in, history in bulk and webhooks through the door, give the same answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from callboard import sim
from callboard.demo import arrow_bytes
from callboard.ingest import zoom_webhook
from tests.helpers import Office

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
"""A Wednesday noon: some meetings are in progress."""
DAYS = 1


@pytest.fixture(scope="module")
def organisation() -> sim.Organisation:
    return sim.Organisation(seed=6, people=24, account_id="simulated")


def load_history(office: Office, organisation: sim.Organisation) -> None:
    for chunk in sim.history(organisation, until=NOW, days=DAYS):
        at = chunk.rows.column_names.index("account_id")
        rows = chunk.rows.set_column(at, "account_id", pa.array([office.account] * chunk.rows.num_rows))
        office.parts.writer.load(chunk.table, arrow_bytes(rows), "ArrowStream")


def load_webhooks(office: Office, organisation: sim.Organisation) -> None:
    began = NOW - timedelta(days=DAYS)
    said = [body for _, body in sim.founding_events(organisation)]
    # Webinars of these days were planned, and registered for, before.
    said += [body for _, body in sim.lead_events(organisation, began)]
    # Meetings that began before the history's days end within them: only those that began inside are in both.
    said += [body for _, body in sim.events(organisation, began, NOW)]
    facts: list[Any] = []
    for body in said:
        body["payload"]["account_id"] = office.account
        try:
            facts += zoom_webhook.parse(body, NOW.timestamp()).facts
        except zoom_webhook.NotUnderstood as reason:
            pytest.fail(f"{body['event']}: {reason}")
    office.parts.writer.add(facts).wait()


def everything(office: Office, kind: str) -> dict[str, Any]:
    """Every answer about the account's instances of a kind, without what names the account or the page."""
    asked = {"from_": "2026-03-01", "to": "2026-03-05", "page_size": 300}
    found: dict[str, Any] = {}
    for state in ("past", "pastOne"):
        page = office.ask(f"/v2/metrics/{kind}s", type=state, **asked)
        found[state] = page[f"{kind}s"]
        for one in page[f"{kind}s"]:
            found |= of_instance(office, f"/v2/metrics/{kind}s/{one['uuid'].replace('/', '%2F')}")
    found["report"] = office.ask(f"/v2/report/{kind}s", **asked)[f"{kind}s"]
    return found


def of_instance(office: Office, path: str) -> dict[str, Any]:
    found = {path: office.ask(path, type="past")}
    for tail, size in (("", 300), ("/qos", 10), ("/sharing", 300), ("/qos_summary", 10)):
        page = office.ask(f"{path}/participants{tail}", type="past", page_size=size)
        found[path + tail] = page["participants"]
    return found


@pytest.mark.parametrize("kind", ["meeting", "webinar"])
def test_history_and_webhooks_answer_the_same(parts: Any, office: Office, organisation: sim.Organisation, kind: str) -> None:
    """The same people and days, sent as webhooks and loaded as rows, answer every question alike."""
    other = Office(parts, f"{office.account}-rows", office.stack)
    load_webhooks(office, organisation)
    load_history(other, organisation)
    by_webhooks, by_rows = everything(office, kind), everything(other, kind)
    assert by_webhooks.keys() == by_rows.keys()
    for name, answer in by_webhooks.items():
        assert answer == by_rows[name], name
    assert by_webhooks["past"]
