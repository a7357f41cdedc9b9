"""What is remembered is never older than the facts: after each of them, answers are those of an app without memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest

from callboard.app import Parts
from tests.contract.helpers import account, held, now, told
from tests.endpoints.test_board import BAD, GOOD
from tests.helpers import Office

FROM_TO: Final = {"from": now(5 * 86_400)[:10], "to": now()[:10]}
PATHS: Final[dict[str, dict[str, str]]] = {
    "/v1/people/ann": FROM_TO | {"causes": "true"},
    "/v1/people/ann/meetings": FROM_TO,
    "/v2/users/ann": {},
    "/v2/users/ann/meetings": {},
    "/v2/users/ann/meetings?type=upcoming": {},
    "/v2/users/ann/webinars": {"type": "scheduled"},
    "/v2/users/ann/meetings?type=previous_meetings": {},
    "/v2/report/users/ann/meetings": FROM_TO,
    "/v2/report/users/ann/meetings?type=pastJoined": FROM_TO,
    "/v2/report/meeting_activities": FROM_TO | {"activity_type": "All Activities"},
    "/v2/report/telephone": FROM_TO,
    "/v2/report/meetings": FROM_TO,
    "/v2/report/webinars": FROM_TO,
    "/v2/report/history_meetings": FROM_TO,
    "/v2/report/history_meetings?report_type=qa": FROM_TO,
    "/v2/metrics/meetings?type=past": FROM_TO,
    "/v2/metrics/webinars?type=past": FROM_TO,
    "/v1/search": {"q": "an"},
    "/v1/meetings/84100000001/instances": {},
}
OLD, LATER = now(4 * 86_400), now(4 * 86_400 - 300)
JOIN: Final = {"uuid": "old==", "user_id": "101"}
CALL: Final = {"uuid": "old==", "phone_number": "4930123456", "start_time": OLD, "end_time": now(4 * 86_400 - 600)}
PLAN: Final = {"number": 84100000001, "kind": "meeting", "host_id": "ann", "start_time": now(-86_400), "minutes": 30}
TO_COME: Final = {"occurrence_id": "1", "start_time": now(-2 * 86_400)}

CHANGES: Final[dict[str, Callable[[Office], Any]]] = {
    "a topic": lambda o: o.load("meetings", [{"uuid": "old==", "kind": "meeting", "start_time": OLD, "topic": "Plans"}]),
    "a score": lambda o: o.load("qos_minutes", [JOIN | {"minute": LATER[:17] + "00Z", "leg": "cloud"} | BAD]),
    "a device": lambda o: o.load("participants", [JOIN | {"device": "Mac", "features": 1 << 8}]),
    "a phone": lambda o: o.load("participants", [JOIN | {"phone_number": "+4930***3456"}]),
    "a call": lambda o: o.load("calls", [CALL | {"type": "toll-free"}]),
    "a name": lambda o: o.load("people", [{"user_id": "ann", "name": "Anna Ito", "dept": "Sales"}]),
    "another join": lambda o: o.load(
        "participants",
        [{"uuid": "old==", "user_id": "199", "participant_user_id": "ann", "features": 1, "join_time": OLD}],
    ),
    "a plan": lambda o: o.load("plans", [PLAN | {"occurrence_id": "", "topic": "Planned"}]),
    "an occurrence": lambda o: o.load("plans", [PLAN | TO_COME]),
    "a registrant": lambda o: o.load("registrants", [{"number": 84100000001, "registrant_id": "r1"}]),
    "a message": lambda o: o.load("meeting_messages", [{"uuid": "old==", "message_id": "m1", "at": OLD, "sender_name": "ben"}]),
    "a room": lambda o: o.load("rooms", [{"room_id": "room-1", "room_name": "Annex"}]),
    "an earlier meeting": lambda o: told(
        o, held("older==", now(4 * 86_400 + 7200), now(4 * 86_400 + 3600), host_id="ann", id="84100000001")
    ),
    "a webinar": lambda o: told(o, held("web==", now(3 * 86_400), now(3 * 86_400 - 3600), kind="webinar", host_id="ann")),
    "a live meeting": lambda o: told(o, held("live==", now(600), host_id="ann", id="84100000001")),
    "its end": lambda o: told(o, held("live==", now(600), now(10), host_id="ann", id="84100000001")),
}


@pytest.fixture(scope="module")
def offices(parts: Parts) -> Iterator[tuple[Office, Office]]:
    """An account behind an app with memory, and behind one without."""
    with account(parts, "remembered") as office:
        told(office, held("old==", OLD, now(4 * 86_400 - 3600), host_id="ann", id="84100000001"))
        told(office, held("new==", now(7200), now(3600), host_id="ben", people=("ann", "ben", "cleo")))
        office.load("people", [{"user_id": "ann", "name": "Ann Ito"}, {"user_id": "ben", "name": "Ben Roy"}])
        office.load("qos_minutes", [JOIN | {"minute": OLD[:17] + "00Z", "leg": "cloud"} | GOOD])
        plain = office.reopened(cache_mb=0)
        with plain.http:
            yield office, plain


def _all(office: Office) -> dict[str, Any]:
    """All answers, without what tells the time."""
    answers = {path: office.ask(path, **asked) for path, asked in PATHS.items()}
    return {path: _timeless(answer) for path, answer in answers.items()}


TIMED: Final = ("seconds", "person_seconds", "minutes", "duration", "duration_seconds", "next_page_token")


def _timeless(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {name: _timeless(value) for name, value in answer.items() if name not in TIMED}
    return [_timeless(value) for value in answer] if isinstance(answer, list) else answer


@pytest.mark.parametrize("change", CHANGES)
def test_a_fact_shows_in_the_next_answers(offices: tuple[Office, Office], change: str) -> None:
    """Asked before it, so that all is remembered; and after it."""
    office, plain = offices
    before = _all(office)
    CHANGES[change](office)
    after = _all(plain)
    assert _all(office) == after
    assert after != before
