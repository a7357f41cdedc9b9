"""Examples of events: team chat, and chat in meetings."""

from __future__ import annotations

from typing import Any, Final

TIME: Final = "2026-03-02T10:00:00Z"
SENDER: Final = {"_payload": {"operator": "mara@example.com", "operator_id": "host-1"}}
ABOUT: Final = {"date_time": TIME, "timestamp": 1772445600000}
WORDS: Final = {"message": "Slides are up \U0001f389"}
CHANNEL: Final = {"channel_id": "channel-1", "channel_name": "Weekly"}
CONTACT: Final = {"contact_email": "devin@example.com"}
FILES: Final = {
    "files": [
        {"file_id": f"file-{n}", "file_name": name, "file_size": 23025, "OS_file_type": type_}
        for n, (name, type_) in enumerate(
            (
                ("plan.pdf", "pdf"),
                ("shot.png", "png"),
                ("clip.mp4", "mp4"),
                ("call.m4a", "m4a"),
                ("wave", "giphy"),
                ("main.py", "code snippet"),
            )
        )
    ]
}
SHARED: Final = SENDER | {"type": "to_channel", "channel_id": "channel-1"} | FILES
IN_MEETING: Final = {
    "id": 84512036771,
    "uuid": "AAAAAAAAAAAAAAAAAAAAAA==",
    "chat_message": {
        "date_time": TIME,
        "sender_session_id": "16778240",
        "sender_name": "Mara Okafor",
        "sender_email": "mara@example.com",
        "sender_type": "host",
        "recipient_type": "everyone",
        "message_id": "message-1",
        "message_content": "Slides are up",
        "file_ids": ["file-1"],
    },
}


def _sent(**more: Any) -> list[dict[str, Any]]:
    said = SENDER | ABOUT | WORDS | {"id": "message-1"} | more
    return [said | {"type": "to_channel"} | CHANNEL, said | {"type": "to_contact"} | CONTACT]


POSTED: Final = SENDER | ABOUT | WORDS | FILES | {"message_id": "message-1"}

EXAMPLES: Final[dict[str, list[dict[str, Any]]]] = {
    "chat_message.sent": _sent(),
    "chat_message.replied": _sent(parent_msg_id="message-0"),
    "team_chat.channel_message_posted": [POSTED | CHANNEL],
    "team_chat.dm_message_posted": [POSTED | CONTACT | {"contact_id": "person-2"}],
    "team_chat.file_shared": [SHARED],
    "meeting.chat_message_sent": [IN_MEETING],
    "webinar.chat_message_sent": [IN_MEETING],
}
