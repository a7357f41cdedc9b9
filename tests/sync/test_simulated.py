"""A simulated account behind rate limits is mirrored into an empty one: then every endpoint answers the same on both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote

import pytest

from callboard import sim
from callboard.app import Parts
from callboard.demo import arrow_bytes
from callboard.endpoints import ENDPOINTS, Endpoint
from callboard.sync.untold import reason
from tests.api import registry
from tests.contract.helpers import account
from tests.helpers import Office
from tests.sync.helpers import FakeClock, beside, differences, mirror, source_of

UNTIL = datetime(2026, 11, 19, tzinfo=UTC)
DAYS = {"from": "2026-11-18", "to": "2026-11-19"}
AFTER = datetime(2026, 11, 21, 9, tzinfo=UTC).timestamp()


@pytest.fixture(scope="module")
def pair(parts: Parts) -> Iterator[tuple[Office, Office]]:
    """A simulated organisation's day, and its mirror."""
    org = sim.Organisation(seed=22, people=14, account_id="sync-simulated")
    for chunk in sim.history(org, until=UNTIL, days=1):
        parts.writer.load(chunk.table, arrow_bytes(chunk.rows), "ArrowStream")
    clock, days = FakeClock(AFTER), {"first": date(2026, 11, 17), "last": date(2026, 11, 19)}
    with account(parts, "sync-simulated", rate_policy="documented") as office, clock.everywhere():
        made = mirror(source_of(office, "sync-simulated-mirror"), office, clock=clock, **days)
        made.run()
    assert clock.slept > 60, "it had to wait for the limits"
    with account(parts, "sync-simulated") as office:
        yield office, beside(office, "sync-simulated-mirror")


def requests(office: Office, endpoint: Endpoint) -> Iterator[tuple[str, dict[str, Any]]]:
    """All that an endpoint is asked about an account: of each instance, user and room, and the first joins of each instance."""
    fields = endpoint.params.model_fields
    params = (
        registry.params(endpoint) | (DAYS if "from_" in fields else {}) | ({"page_size": 300} if "page_size" in fields else {})
    )
    ids: list[str] = [""]
    if "{" in endpoint.path:
        ids = list(known(office, endpoint))
    for id_ in ids:
        path = re.sub(r"\{(?!participantId)\w+:\w+\}", quote(id_, safe=""), endpoint.url)
        if "{" in path:
            listed = office.get(f"/v2/metrics/{endpoint.kind}s/{quote(id_, safe='')}/participants", type="past").json()
            for join in listed["participants"][:2]:
                yield path.partition("{")[0] + join["user_id"] + path.partition("}")[2], params
        else:
            yield path, params


def known(office: Office, endpoint: Endpoint) -> Iterator[str]:
    if "{userId" in endpoint.path:
        yield from (user["id"] for user in office.ask("/v2/users", page_size=300)["users"])
    elif "{zoomroomId" in endpoint.path:
        yield from (room["id"] for room in office.ask("/v2/metrics/zoomrooms", page_size=300)["zoom_rooms"])
    elif "{feedbackId" in endpoint.path:
        yield from (one["feedback_id"] for one in office.ask("/v2/metrics/client/feedback", **DAYS)["client_feedbacks"])
    else:
        for state in ("past", "pastOne"):
            kind = registry.kind(endpoint)
            yield from (m["uuid"] for m in office.ask(f"/v2/metrics/{kind}s", type=state, page_size=300, **DAYS)[f"{kind}s"])


@pytest.mark.parametrize("name", [name for name in registry.NAMES if name not in ("bulk_qos",)])
def test_every_endpoint_answers_the_same(pair: tuple[Office, Office], name: str) -> None:
    """What upstream answers, its mirror answers."""
    upstream, mirror = pair
    found: list[str] = []
    for path, params in requests(upstream, ENDPOINTS[name]):
        theirs, mine = upstream.get(path, **params), mirror.get(path, **params)
        assert mine.status_code == theirs.status_code, (path, mine.text, theirs.text)
        found += [f"{path}: {one}" for one in differences(mine.json(), theirs.json()) if not reason(name, one)]
    assert not found, f"{len(found)}\n" + "\n".join(found[:12])
