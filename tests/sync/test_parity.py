"""A mirror answers every endpoint of the registry as its upstream does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from callboard.app import Parts
from callboard.sync.untold import reason
from tests.contract.families import FAMILIES
from tests.contract.helpers import account, told
from tests.contract.rich import PERSON, rich
from tests.helpers import Office, a_meeting
from tests.sync.helpers import differences, mirrored

DAYS = {"from": "2026-03-01", "to": "2026-03-05"}

LISTED = {"start_time": "2026-03-02T10:00:00Z", "features": ["POLL", "SURVEY", "QA"]}
"""What lists say of an instance that has forms."""


@pytest.fixture(scope="module")
def pair(parts: Parts) -> Iterator[tuple[Office, Office]]:
    """An account in which all happens that the contract tells of, and its mirror."""
    with account(parts, "sync-contract") as office:
        for kind in ("meeting", "webinar"):
            told(office, rich(kind, f"past/{kind}==", "2026-03-02T10"))
            told(office, a_meeting(f"alone/{kind}==", kind, people=1))
        told(office, [PERSON])
        for family in FAMILIES:
            told(office, family.EVENTS)
            for table, rows in family.ROWS.items():
                office.load(table, rows)
        office.load("meetings", [LISTED | {"uuid": f"past/{kind}==", "kind": kind} for kind in ("meeting", "webinar")])
        yield office, mirrored(office, "sync-contract-mirror", live=True)


def asked() -> Iterator[Any]:
    for family in FAMILIES:
        for name, requests in family.REQUESTS.items():
            for n, request in enumerate(requests):
                yield pytest.param(name, *request, id=f"{name}-{n}")


@pytest.mark.parametrize(("name", "path", "params"), list(asked()))
def test_all_that_the_contract_shows_is_mirrored(
    pair: tuple[Office, Office], name: str, path: str, params: dict[str, Any]
) -> None:
    """What the contract's tests ask of an account, its mirror answers too."""
    upstream, mirror = pair
    theirs, mine, later = (office.get(path, **params) for office in (upstream, mirror, upstream))
    assert mine.status_code == theirs.status_code, mine.text
    found = [  # what goes on gets longer from one second to the next
        [one for one in differences(mine.json(), said.json()) if not reason(name, one)] for said in (theirs, later)
    ]
    assert not all(found), "\n".join(found[0])
