"""Whatever a sender puts into a signed body: it is parsed or refused, never a fault, and never spoils a commit."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from callboard.app import Parts
from callboard.ingest import zoom_webhook
from callboard.ingest.zoom_webhook import NotUnderstood
from callboard.store.embedded import EmbeddedEngine
from callboard.store.store import Store
from callboard.store.writer import by_table
from tests.ingest.events import BASE, DAY, Books
from tests.ingest.samples import INSTANCE, NAMES, sample
from tests.store.databases import prepared

quiet = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))

ODD = (
    *("", " ", "0", "-1", "+5", "1e400", "NaN", "9" * 30, "9" * 5000, "9" * 400 + ".5", "-0.0001", "\x00", "٣٤", "2²", "null"),
    *("2026-02-30T10:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-03-02T10:00:00+23:59", "2026-W10-1", "1e18"),
    *("99999*99999", "1280*720*3", "1*1", "70000 ms", "-5 ms", "4294967296 kbps", "é" * 300, "{}", "[]", "'; DROP TABLE x"),
)
HUGE = (0, -1, 255, 256, 65_536, 2**31, 2**32, 2**32 * 1000, 2**53, 2**63 - 1, 2**63, 2**64 - 1, -(2**63), 10**16, 10**17, 10**18)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(HUGE),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(ODD),
    st.text(max_size=8),
)
values = st.recursive(
    scalars, lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(max_size=4), v, max_size=3), max_leaves=6
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of everything in a JSON value."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*path, key))


def put(event: Any, path: tuple[Any, ...], value: Any) -> None:
    """Put `value` at a path, if the path is still there."""
    *way, last = path
    with suppress(KeyError, IndexError, TypeError):
        for key in way:
            event = event[key]
        event[last] = value


@st.composite
def spoiled(draw: st.DrawFn, most: int = 4) -> Any:
    """A sample event with a few values that nobody expects. What comes out of JSON, nothing else."""
    event = copy.deepcopy(sample(draw(st.sampled_from(NAMES))))
    wheres = list(places(event))[1:]
    for path in draw(st.lists(st.sampled_from(wheres), min_size=1, max_size=most)):
        put(event, path, draw(values))
    return event


@settings(quiet, max_examples=400, phases=(Phase.explicit, Phase.generate))
@given(spoiled() | values)
def test_any_json_is_parsed_or_refused(body: Any) -> None:
    """The parser raises nothing but `NotUnderstood`, whatever JSON it gets."""
    try:
        event = zoom_webhook.parse(body, BASE, "account")
    except NotUnderstood:
        return
    orjson.dumps(event.facts)


@pytest.fixture(scope="module")
def engine(parts: Parts) -> Iterator[EmbeddedEngine]:
    with prepared(parts) as engine:
        yield engine


def understood(bodies: list[Any], account: str) -> list[Any]:
    facts: list[Any] = []
    for body in bodies:
        try:
            event = zoom_webhook.parse(body, BASE + 0.5, account)
        except Exception:  # the test above is about these
            continue
        if event.account_id == account:
            facts += [*event.facts, zoom_webhook.raw(orjson.dumps(body), account, event.name, event.at, BASE + 0.5, "applied")]
    return facts


@settings(quiet, max_examples=8, phases=(Phase.explicit, Phase.generate))
@given(st.lists(spoiled(most=2), min_size=8, max_size=16))
def test_what_is_parsed_can_be_stored_and_asked_for(parts: Parts, engine: EmbeddedEngine, bodies: list[Any]) -> None:
    """Facts of odd events are taken by the real tables, and answers about them are given."""
    books = Books(parts, BASE + DAY, Store(engine))
    for table, rows in by_table(understood(bodies, books.account)).items():
        engine.insert(table, b"\n".join(map(orjson.dumps, rows)), "JSONEachRow")
    books.everything([INSTANCE["uuid"]])


@pytest.mark.parametrize("at", [0, 1, 2**32, 2**32 * 1000, 10**14, 10**17, 2**63 - 1, -5, 1e300, "9" * 19, "x", None, True, [1]])
@pytest.mark.parametrize("name", ["meeting.started", "meeting.alert", "meeting.participant_qos"])
def test_any_event_time_can_be_stored(engine: EmbeddedEngine, name: str, at: Any) -> None:
    """An event time that no clock shows spoils neither the facts nor the raw event."""
    facts = understood([sample(name) | {"event_ts": at}], "account")
    assert {table for table, _ in facts} >= {"raw_events"}
    for table, row in facts:
        engine.insert(table, orjson.dumps(row), "JSONEachRow")


@pytest.mark.parametrize(
    "value", [[1], {"a": 1}, "9" * 5000, "9" * 400 + ".5", "-" * 5000], ids=["list", "object", "digits", "decimal", "dashes"]
)
@pytest.mark.parametrize("where", ["start_time", "end_time", "type", "id", "duration", "uuid", "topic", "host_id"])
def test_an_odd_member_is_left_out(where: str, value: Any) -> None:
    """A member that can't be read is left out, or the event refused; it is no fault."""
    body = sample("meeting.started")
    body["payload"]["object"] = INSTANCE | {where: value}
    try:
        assert len(zoom_webhook.parse(body, BASE, "account").facts) == 1
    except NotUnderstood:
        assert where in ("start_time", "uuid")
