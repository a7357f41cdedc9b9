"""Runs every case: the events happen, the request is made, and the answer says at least what the case says.

A case is read by someone who knows Zoom. Its `events` happen, and its `rows` are loaded, by table. `{now-600}` in it is
the instant ten minutes ago. Objects may say more than the case does; lists have exactly the entries that it has, in its
order.
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
from tests.contract.helpers import account, neighbours, now, told_each
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
def told_cases(parts: Parts) -> Iterator[dict[str, tuple[Office, dict[str, Any]]]]:
    """Each case with an account that its events happened in, and one that they happened in backwards, and some twice."""
    cases = {case: read(case) for case in CASES}
    with account(parts, "cases") as office:
        offices = neighbours(office, (f"{case}-{way}" for case in CASES for way in WAYS))
        told_each((offices[f"{c}-{way}"], event) for c in CASES for way in WAYS for event in WAYS[way](cases[c]["events"]))
        for name, made in offices.items():
            for table, rows in cases[name.rpartition("-")[0]].get("rows", {}).items():
                made.load(table, rows)
        yield {name: (made, cases[name.rpartition("-")[0]]) for name, made in offices.items()}


WAYS = {"told": lambda events: events, "backwards": lambda events: [*events[::-1], *events[:3]]}
"""Zoom keeps no order and delivers again: the answer is the same."""


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", CASES)
def test_case(told_cases: dict[str, tuple[Office, dict[str, Any]]], case: str, way: str) -> None:
    """What the case says is so, in whichever order its events were told."""
    office, wanted = told_cases[f"{case}-{way}"]
    answer = office.ask(wanted["request"]["path"], **wanted["request"].get("params", {}))
    assert said(answer, wanted["answer"]) == wanted["answer"]


def test_each_folder_is_an_endpoint() -> None:
    """Cases are found by the name of the endpoint they are about."""
    assert {case.partition(".")[0] for case in CASES} <= set(ENDPOINTS)
