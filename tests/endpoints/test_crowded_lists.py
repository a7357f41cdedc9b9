"""Lists where more begins within minutes than a page holds: read row by row, in the order in which rows are kept."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from callboard.app import Parts
from tests.contract.helpers import account
from tests.helpers import Office

BEGIN = 1_772_445_600  # 2026-03-02T10:00:00Z
MARCH = {"from_": "2026-03-01", "to": "2026-03-31"}
Told = dict[str, Any]


def row(uuid: str, start: int, dice: random.Random) -> Told:
    """What one source says of an instance: a start some minutes off, perhaps the end, and some of its people."""
    people = dice.sample((11, 12, 13), dice.choice((1, 1, 2)))
    said = {"uuid": uuid, "kind": "meeting", "start_time": start + dice.randrange(550), "number": 84_400_000_000}
    said |= {"first_person": min(people), "last_person": max(people), "topic": f"Of {uuid}"}
    return said | ({"end_time": start + 900} if dice.random() < 0.7 else {})


@pytest.fixture(scope="module")
def crowd(parts: Parts) -> Iterator[tuple[Office, list[Told]]]:
    """A thousand instances: most within four minutes, the others over a month; up to three sources tell of each."""
    dice = random.Random(3)
    starts = [BEGIN + (dice.randrange(240) if n < 700 else dice.randrange(20 * 86_400)) for n in range(1000)]
    rows = [row(f"m{n:03d}==", start, dice) for n, start in enumerate(starts) for _ in range(dice.choice((1, 1, 2, 3)))]
    with account(parts, "crowd") as office:
        for part in range(3):  # several parts, so that rows of one instance meet unmerged
            office.load("meetings", rows[part::3])
        yield office, rows


def recounted(rows: list[Told], solo: bool) -> list[str]:
    """Uuids of past instances of one person, or of more, by start: the plain way."""
    of: dict[str, list[Told]] = defaultdict(list)
    for told in rows:
        of[told["uuid"]].append(told)
    found = []
    for uuid, told_ in of.items():
        alone = min(t["first_person"] for t in told_) == max(t["last_person"] for t in told_)
        found += [(min(t["start_time"] for t in told_), uuid)] if alone == solo else []
    return [uuid for _, uuid in sorted(found)]


@pytest.mark.parametrize(("type_", "solo"), [("past", False), ("pastOne", True)])
@pytest.mark.parametrize("size", [30, 300])
def test_pages_joined_equal_a_plain_recount(crowd: tuple[Office, list[Told]], type_: str, solo: bool, size: int) -> None:
    """Each instance once, in the order of its earliest start, whatever its sources said."""
    office, rows = crowd
    expected, found, token = recounted(rows, solo), list[str](), ""
    while True:
        page = office.ask("/v2/metrics/meetings", type=type_, page_size=size, next_page_token=token, **MARCH)
        assert page["total_records"] == len(expected)
        found += [meeting["uuid"] for meeting in page["meetings"]]
        token = page["next_page_token"]
        if not token:
            break
    assert found == expected


def test_a_page_number_leads_to_the_same_rows(crowd: tuple[Office, list[Told]]) -> None:
    """The third page by number, which the engine groups, is the third by token, which is merged here."""
    office, rows = crowd
    page = office.ask("/v2/metrics/meetings", type="past", page_size=30, page_number=3, **MARCH)
    assert [meeting["uuid"] for meeting in page["meetings"]] == recounted(rows, False)[60:90]
