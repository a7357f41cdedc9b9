"""One account filled with every sample webhook, and with a meeting and a webinar in which everything happens."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from callboard.app import Parts
from tests.contract.facts import HERE
from tests.contract.families import FAMILIES
from tests.contract.helpers import account, told
from tests.contract.rich import PERSON, rich
from tests.helpers import Office, a_meeting

SAMPLES = {path.stem: json.loads(path.read_text()) for path in sorted((HERE / "webhooks").glob("*.json"))}


@pytest.fixture(scope="package")
def filled(parts: Parts) -> Iterator[Office]:
    """The account: samples of 2024-11-12, past instances of 2026-03-02, live ones of this hour."""
    hour = time.strftime("%Y-%m-%dT%H", time.gmtime(time.time() - 3600))
    with account(parts, "contract") as office:
        told(office, SAMPLES.values())
        for kind in ("meeting", "webinar"):
            told(office, rich(kind, f"past/{kind}==", "2026-03-02T10"))
            told(office, rich(kind, f"live/{kind}==", hour, live=True))
            told(office, a_meeting(f"alone/{kind}==", kind, people=1))
        told(office, [PERSON])
        for family in FAMILIES:
            told(office, family.EVENTS)
            for table, rows in family.ROWS.items():
                office.load(table, rows)
        yield office
