"""Runs every case: the events happen, the request is made, and the answer says at least what the case says.

A case is read by someone who knows Zoom. `{now-600}` in it is the instant ten minutes ago. Objects may say more than
the case does; lists have exactly the entries that it has, in its order.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from callboard.app import Parts
from callboard.endpoints import ENDPOINTS
from tests.contract.helpers import account, neighbours, now, told
from tests.helpers import Office

HERE = Path(__file__).parent
CASES = sorted(f"{path.parent.name}.{path.stem}" for path in HERE.glob("*/*.json"))


def read(case: str) -> dict[str, Any]:
    """A case, with its instants filled in."""
    text = (HERE / f"{case.replace('.', '/')}.json").read_text()
    found: dict[str, Any] = json.loads(re.sub(r"\{now-(\d+)\}", lambda m: now(int(m[1])), text))
    return found


def said(answer: Any, wanted: Any) -> Any:
    """Of an answer, as much as the case speaks of."""
    if isinstance(wanted, dict) and isinstance(answer, dict):
        return {name: said(answer.get(name, "(missing)"), member) for name, member in wanted.items()}
    if isinstance(wanted, list) and isinstance(answer, list) and len(wanted) == len(answer):
        return [said(a, w) for a, w in zip(answer, wanted, strict=True)]
    return answer


@pytest.fixture(scope="module")
def accounts(parts: Parts) -> Iterator[dict[str, Office]]:
    """Two accounts a case, all behind one app."""
    with account(parts, "cases") as office:
        yield neighbours(office, (f"{case}-{way}" for case in CASES for way in ("told", "again")))


def check(office: Office, case: dict[str, Any], events: list[dict[str, Any]]) -> None:
    """The events happen, and the answer is as the case says."""
    told(office, events)
    answer = office.ask(case["request"]["path"], **case["request"].get("params", {}))
    assert said(answer, case["answer"]) == case["answer"]


@pytest.mark.parametrize("case", CASES)
def test_case(accounts: dict[str, Office], case: str) -> None:
    """What the case says is so."""
    wanted = read(case)
    check(accounts[f"{case}-told"], wanted, wanted["events"])


@pytest.mark.parametrize("case", CASES)
def test_case_told_twice_and_backwards(accounts: dict[str, Office], case: str) -> None:
    """Zoom keeps no order and delivers again: the answer is the same."""
    wanted = read(case)
    events = wanted["events"]
    check(accounts[f"{case}-again"], wanted, [*reversed(events), *events])


def test_each_folder_is_an_endpoint() -> None:
    """Cases are found by the name of the endpoint they are about."""
    assert {case.partition(".")[0] for case in CASES} <= set(ENDPOINTS)
