"""Chat events become messages: who, to whom, and what they hold."""

from __future__ import annotations

from typing import Any

import pytest

from callboard.contract.features import Feature
from callboard.ingest.zoom_webhook import NotUnderstood, parse
from callboard.ingest.zoom_webhook.chat import file_kind

AT = 1772445600


def facts(name: str, said: dict[str, Any], **payload: Any) -> list[Any]:
    body = {"event": name, "event_ts": AT * 1000, "payload": {"account_id": "a", "object": said} | payload}
    return parse(body, 0.0).facts


def test_both_families_tell_of_one_row() -> None:
    """The same message, told as `chat_message` and as `team_chat`, has the same key."""
    about = {"date_time": "2026-03-02T10:00:00Z", "channel_id": "ops", "message": "Hello"}
    ((_, old),) = facts("chat_message.sent", about | {"id": "m-1"}, operator_id="mara")
    ((_, new),) = facts("team_chat.channel_message_posted", about | {"message_id": "m-1"}, operator_id="mara")
    assert old == new


@pytest.mark.parametrize(("date_time", "timestamp"), [("", 1772445600999), (None, "1772445600999"), ("soon", None)])
def test_a_message_without_a_date_has_another_time(date_time: Any, timestamp: Any) -> None:
    """The timestamp in milliseconds stands in for it, and the event's own time for that."""
    ((_, row),) = facts("chat_message.sent", {"id": "m-1", "date_time": date_time, "timestamp": timestamp})
    assert row["at"] == AT


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"file_name": "rack.JPG"}, "images"),
        ({"file_name": "clip.webm"}, "videos"),
        ({"file_name": "memo.m4a"}, "audio"),
        ({"file_name": "plan.pdf"}, "files"),
        ({"file_name": "wave.gif", "file_message_type": "GIPHY"}, "giphys"),
        ({"file_name": "fix.py", "OS_file_type": "Code Snippet"}, "code_snippets"),
        ({"file_name": "blob", "OS_file_type": "image/png"}, "images"),
        ({"file_name": 5, "OS_file_type": None}, "files"),
        ({}, "files"),
    ],
)
def test_files_are_told_apart_by_type_then_name(said: dict[str, Any], kind: str) -> None:
    """The types that Zoom gives a file win over the ending of its name."""
    assert file_kind(said) == kind


@pytest.mark.parametrize(
    ("message", "number"),
    [("Hello", 0), ("\U0001f389\U0001f389", 2), ("\U0001f44d\U0001f3fd", 1), ("\U0001f469\u200d\U0001f680", 1)],
)
def test_emojis_are_counted_whole(message: str, number: int) -> None:
    """Skin tones and joined emojis are one emoji."""
    ((_, row),) = facts("chat_message.sent", {"id": "m-1", "message": message})
    assert row.get("emojis", 0) == number


def test_someone_from_outside_is_no_user() -> None:
    """Their id is not kept as a sender's; who got the message is."""
    said = {"message_id": "m-1", "contact_id": "devin", "message": "Hello"}
    ((_, row),) = facts("team_chat.dm_message_posted", said, operator_id="guest", by_external_user=True)
    assert "sender_id" not in row
    assert row["contact_id"] == "devin"


@pytest.mark.parametrize("name", ["chat_message.updated", "chat_message.deleted", "team_chat.dm_message_deleted"])
def test_what_was_sent_stays_sent(name: str) -> None:
    """Changes and deletions are kept raw and make no facts."""
    assert facts(name, {"id": "m-1", "message_id": "m-1"}) == []


@pytest.mark.parametrize("name", ["chat_message.sent", "team_chat.file_shared", "meeting.chat_message_sent"])
def test_a_message_without_a_name_is_refused(name: str) -> None:
    """There is nothing to hold on to."""
    with pytest.raises(NotUnderstood):
        facts(name, {"message": "Hello", "files": [{}], "chat_message": {}})


@pytest.mark.parametrize(("session", "joins"), [("16778240", ["16778240"]), ("491ab2a2bb39a72d", []), (None, [])])
def test_chat_in_a_meeting_marks_its_senders_join(session: Any, joins: list[str]) -> None:
    """Only where the session is the number of a join; the message itself is kept either way."""
    said = {"uuid": "a==", "chat_message": {"message_id": "m-1", "sender_session_id": session, "file_ids": ["f-1"]}}
    found = facts("webinar.chat_message_sent", said)
    assert [(row["message_id"], row["files"]) for table, row in found if table == "meeting_messages"] == [("m-1", 1)]
    marked = [row for table, row in found if table == "participants"]
    assert [row["user_id"] for row in marked] == joins
    assert all(row["features"] == Feature.CHAT for row in marked)
