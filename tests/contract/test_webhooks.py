"""Every webhook that Zoom documents is taken, and kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from callboard.api.ingest_routes import sign
from callboard.app import Parts
from callboard.ingest.zoom_webhook import EVENTS
from tests.contract.facts import HERE
from tests.contract.helpers import account, told
from tests.helpers import SECRET, Office

ALL: dict[str, dict[str, Any]] = json.loads((HERE / "all_events.json").read_text())
VALIDATION = "endpoint.url_validation"
VERDICTS = "SELECT event, max(verdict).2 FROM raw_events WHERE account_id = {a:String} GROUP BY event, digest"


@pytest.fixture(scope="module")
def told_everything(parts: Parts) -> Iterator[Office]:
    """An account that got every event once; `told` checks that each is acknowledged with 200."""
    with account(parts, "contract-events") as office:
        told(office, (body for name, body in ALL.items() if name != VALIDATION))
        yield office


def verdicts(office: Office) -> dict[str, str]:
    return dict(office.parts.store.ask(VERDICTS, {"a": office.account}).rows)


def test_all_documented_events_are_here() -> None:
    """There are 133 of them."""
    assert len(ALL) == 133


def test_every_event_is_kept(told_everything: Office) -> None:
    """Each event is in `raw_events`, whether or not it tells something that we use."""
    assert set(verdicts(told_everything)) == {body["event"] for name, body in ALL.items() if name != VALIDATION}


def test_every_event_with_facts_is_applied(told_everything: Office) -> None:
    """An event that we know becomes facts; the others are kept, and none is refused."""
    for event, verdict in verdicts(told_everything).items():
        assert verdict == ("applied" if event in EVENTS else "kept"), event


def test_the_body_is_kept_to_the_byte(office: Office) -> None:
    """What came is kept as it came, spaces and order included."""
    body = b'{ "event":"zoomroom.alert",\n "payload":{"account_id":"%s","object":{"id":"r1"}} }' % office.account.encode()
    office.post(body)
    rows = office.parts.store.ask("SELECT max(body) FROM raw_events WHERE account_id = {a:String}", {"a": office.account}).rows
    assert rows == [[body.decode()]]


def test_an_event_told_twice_is_kept_once(office: Office) -> None:
    """Zoom delivers again when it got no answer in time."""
    office.given([ALL["meeting.started"], ALL["meeting.started"]])
    assert verdicts(office) == {"meeting.started": "applied"}
    counted = "SELECT uniqExact(event_time, digest) FROM raw_events WHERE account_id = {a:String}"
    assert office.parts.store.ask(counted, {"a": office.account}).rows == [[1]]


def test_url_validation_is_answered_as_zoom_checks_it(office: Office) -> None:
    """Zoom asks whether we know the secret: Zoom's own example answer."""
    body = json.dumps(ALL[VALIDATION]).encode()
    assert office.post(body).json() == {
        "plainToken": "s7Gq2VnXw9LbR4kTzY1mPc",
        "encryptedToken": "3c5fb68f81513fb4157f117178ebdf4c0e65d6dbbee4477bb7bc76f2375ff912",
    }


def test_the_signature_is_zooms() -> None:
    """`v0=` and the hex HMAC-SHA256 of `v0:<timestamp>:<body>`, worked out with openssl."""
    assert sign(SECRET, "1731420007", b'{"a":1}') == "v0=3d045a6bc1d8e17760f9c56e268479253492a72f14c10290297fdff94d807808"
