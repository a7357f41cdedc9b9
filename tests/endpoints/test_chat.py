"""Team chat: pages, ranges, groups and what is remembered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from callboard.app import Parts
from tests.contract.helpers import account, told
from tests.helpers import Office

MARCH = {"from": "2026-03-01", "to": "2026-03-31"}
PATHS = ("/v2/metrics/chat", "/v2/metrics/im")


def sent(message: str, sender: str = "ann", day: int = 2, **said: Any) -> dict[str, Any]:
    """A message in a channel."""
    about = {"message_id": message, "date_time": f"2026-03-{day:02d}T10:00:00Z", "channel_id": "ops", "message": "Hello"}
    payload = {"operator": f"{sender}@example.com", "operator_id": sender, "object": about | said}
    return {"event": "team_chat.channel_message_posted", "event_ts": 1772445600000, "payload": payload}


@pytest.fixture(scope="module")
def seven(parts: Parts) -> Iterator[Office]:
    """Seven people sent a message each, each on another day."""
    with account(parts, "chat-seven") as office:
        told(office, [sent(f"m-{n}", f"person-{n}", n + 1) for n in range(7)])
        yield office


@pytest.mark.parametrize("path", PATHS)
def test_pages_make_the_whole(seven: Office, path: str) -> None:
    """Pages of three people, joined by their tokens, are all seven, once each."""
    people, token = [], ""
    while True:
        page = seven.ask(path, **MARCH, page_size=3, next_page_token=token)
        people += [user["user_id"] for user in page["users"]]
        token = page["next_page_token"]
        if not token:
            break
    assert people == [f"person-{n}" for n in range(7)]


def test_chat_has_no_totals(seven: Office) -> None:
    """Quirk: the list of chat says neither `page_count` nor `total_records`; the old one did."""
    assert not {"page_count", "total_records"} & seven.ask(PATHS[0], **MARCH).keys()
    assert seven.ask(PATHS[1], **MARCH)["total_records"] == 7


@pytest.mark.parametrize("path", PATHS)
def test_only_days_of_the_range_count(seven: Office, path: str) -> None:
    """Both ends are included."""
    page = seven.ask(path, from_="2026-03-02", to="2026-03-04")
    assert [user["user_id"] for user in page["users"]] == ["person-1", "person-2", "person-3"]


@pytest.mark.parametrize("path", PATHS)
def test_a_range_of_a_hundred_years_is_taken(seven: Office, path: str) -> None:
    """Longer than what is remembered by day, and the same people."""
    assert len(seven.ask(path, from_="1990-01-01", to="2099-12-31")["users"]) == 7


@pytest.mark.parametrize("path", PATHS)
def test_groups_narrow_the_list(seven: Office, path: str) -> None:
    """A caller of single groups sees their people only."""
    about = {"id": "person-3", "group_ids": ["sales"]}
    seven.given([{"event": "user.updated", "event_ts": 1772445600000, "payload": {"object": about}}])
    page = seven.get(path, seven.token(groups=["sales"]), **MARCH).json()
    assert [user["user_id"] for user in page["users"]] == ["person-3"]


def test_a_message_that_comes_late_is_counted(office: Office) -> None:
    """What is remembered of a day is forgotten when another message of it is told."""
    office.given([sent("m-1")])
    assert office.ask(PATHS[0], **MARCH)["users"][0]["total_sent"] == 1
    office.given([sent("m-2", day=3), sent("m-2", day=3)])
    assert office.ask(PATHS[0], **MARCH)["users"][0]["total_sent"] == 2


def test_sums_told_later_win(office: Office) -> None:
    """A day's sums that are loaded after its messages were counted are shown."""
    office.given([sent("m-1")])
    office.ask(PATHS[0], **MARCH)
    office.load("chat_days", [{"day": "2026-03-02", "user_id": "ann", "total_sent": 12, "giphys_sent": 3}])
    (ann,) = office.ask(PATHS[0], **MARCH)["users"]
    assert (ann["total_sent"], ann["giphys_sent"], ann["text_sent"]) == (12, 3, 1)


def test_user_id_is_the_persons(seven: Office) -> None:
    """Quirk: in chat `user_id` is the Zoom user id, not the number of a join."""
    assert [user["user_id"] for user in seven.ask(PATHS[0], **MARCH)["users"]][:2] == ["person-0", "person-1"]


def test_the_spelling_is_zooms(seven: Office) -> None:
    """Quirk: `code_sippet_sent`; and the old list says `_send` where the new one says `_sent`."""
    assert "code_sippet_sent" in seven.ask(PATHS[0], **MARCH)["users"][0]
    assert "total_send" in seven.ask(PATHS[1], **MARCH)["users"][0]


@pytest.mark.parametrize("path", PATHS)
def test_a_missing_date_is_named(office: Office, path: str) -> None:
    """Both are required."""
    answer = office.get(path, from_="2026-03-01")
    assert (answer.status_code, [e["field"] for e in answer.json()["errors"]]) == (400, ["to"])
