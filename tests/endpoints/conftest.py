"""Two accounts to read from: one of few well-known instances, one with enough of them for pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from callboard.app import Parts
from tests.contract.helpers import account, held, now, told
from tests.helpers import Office

SLASHED = ["/lead+ing/==", "in/side+and==", "dou//ble+AA==", "plain+plus=="]
"""Uuids as base64 makes them. Each is an instance with one minute of quality and two people."""

SERIES, LIVE, WEBINAR = 84512036771, 84512036772, 95500000001


def minute(uuid: str, user_id: str, at: str, **streams: dict[str, str]) -> dict[str, object]:
    """What Zoom's QSS says of one participant in one minute."""
    said = [{"date_time": at, "type": type_, "details": details} for type_, details in streams.items()]
    return {
        "event": "meeting.participant_qos",
        "event_ts": 1772445600000,
        "payload": {"object": {"uuid": uuid, "participant": {"user_id": user_id, "qos": said}}},
    }


@pytest.fixture(scope="package")
def history(parts: Parts) -> Iterator[Office]:
    """A series of two, one that is live, a webinar, one-person instances, and uuids with slashes."""
    with account(parts, "history") as office:
        told(office, held("first==", "2026-03-02T10:00:00Z", "2026-03-02T10:16:08Z"))
        told(office, held("second==", "2026-03-09T10:00:00Z", "2026-03-09T11:02:03Z"))
        told(office, held("now==", now(600), id=str(LIVE)))
        told(office, held("before-now==", "2026-03-03T10:00:00Z", "2026-03-03T11:00:00Z", id=str(LIVE)))
        told(office, held("webinar==", "2026-03-04T10:00:00Z", "2026-03-04T10:55:01Z", kind="webinar", id=str(WEBINAR)))
        told(office, held("alone==", "2026-03-05T10:00:00Z", "2026-03-05T10:30:00Z", id="84500000009", people=["ann"]))
        for n, uuid in enumerate(SLASHED):
            told(office, held(uuid, f"2026-04-0{n + 1}T10:00:00Z", f"2026-04-0{n + 1}T10:10:00Z", id=f"8440000000{n}"))
            told(office, [minute(uuid, "101", f"2026-04-0{n + 1}T10:01:00Z", audio_input={"bitrate": "27.15kbps"})])
        yield office


@pytest.fixture(scope="package")
def paged(parts: Parts) -> Iterator[Office]:
    """Seven past meetings of 2026-05-01 to 07, the first with eleven people; one live; one webinar."""
    with account(parts, "paged") as office:
        many = [f"person-{n:02d}" for n in range(11)]
        for day in range(1, 8):
            people = many if day == 1 else ["ann", "ben"]
            told(office, held(f"day-{day}==", f"2026-05-0{day}T10:00:00Z", f"2026-05-0{day}T10:30:00Z", people=people))
        told(office, held("webinar==", "2026-05-03T12:00:00Z", "2026-05-03T12:30:00Z", kind="webinar", id=str(WEBINAR)))
        yield office
