"""Team chat, and chat in meetings."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, Final

from callboard.contract.features import Feature
from callboard.contract.units import read_number
from callboard.ingest.facts import known, latest, seconds
from callboard.ingest.zoom_webhook.event import MOST, Event, Handler, as_dict, as_dicts, both, text

ENDINGS: Final = {
    ending: kind
    for kind, endings in {
        "images": "png jpg jpeg gif bmp webp heic svg tif tiff",
        "videos": "mp4 mov avi mkv webm m4v wmv",
        "audio": "mp3 m4a wav ogg aac flac opus amr",
    }.items()
    for ending in endings.split()
}
"""What a file is, by the ending of its name."""

WORDS: Final = (
    ("giphy", "giphys"),
    ("snippet", "code_snippets"),
    ("image", "images"),
    ("video", "videos"),
    ("audio", "audio"),
    ("voice", "audio"),
)
"""What a file is, by a word in the types that Zoom gives it: they win over its name."""

MOST_COUNTED: Final = 65_535
_EMOJI: Final = "[\U0001f300-\U0001faff\u2600-\u27bf]"
EMOJI: Final = re.compile(f"{_EMOJI}[\ufe0f\U0001f3fb-\U0001f3ff]*(?:\u200d{_EMOJI}[\ufe0f\U0001f3fb-\U0001f3ff]*)*")


def file_kind(said: dict[str, Any]) -> str:
    """Which of a message's contents a file is."""
    types = f"{text(said.get('file_message_type'))} {text(said.get('OS_file_type'))}".lower()
    ending = text(said.get("file_name")).rpartition(".")[2].lower()
    return next((kind for word, kind in WORDS if word in types), ENDINGS.get(ending, "files"))


def posted(event: Event) -> None:
    """A message was sent in team chat. The two families of events that tell of it make one row."""
    said = event.object
    message = text(said.get("message_id")) or text(said.get("id"))
    if message:
        _message(event, message, said)


def file_shared(event: Event) -> None:
    """A file was shared in team chat: a message of its own, named by its files."""
    files = [text(file.get("file_id")) for file in as_dicts(event.object.get("files"))]
    if any(files):
        _message(event, "file:" + ",".join(filter(None, files)), event.object)


def _message(event: Event, message: str, said: dict[str, Any]) -> None:
    row = event.add("chat_messages", at=_sent_at(event, said), message_id=message)
    operator = text(event.payload.get("operator"))
    known(
        row,
        # The endpoints are about the account's users: someone from outside is known by mail only.
        sender_id="" if event.payload.get("by_external_user") is True else text(event.payload.get("operator_id")),
        sender_email=operator if "@" in operator else "",
        channel_id=text(said.get("channel_id")),
    )
    if "channel_id" not in row:
        known(row, contact_id=text(said.get("contact_id")), contact_email=text(said.get("contact_email")))
    row.update(_contents(said))


def _sent_at(event: Event, said: dict[str, Any]) -> int:
    at = seconds(said.get("date_time"))
    if at is None:
        at = seconds(read_number(said.get("timestamp"), most=MOST))
    return int(event.at) if at is None else at


def _contents(said: dict[str, Any]) -> dict[str, int]:
    words = text(said.get("message"))
    found = Counter(file_kind(file) for file in as_dicts(said.get("files")))
    found["text"] = int(bool(words.strip()))
    found["emojis"] = sum(1 for _ in EMOJI.finditer(words))
    return {kind: min(count, MOST_COUNTED) for kind, count in found.items() if count}


def said_in_meeting(event: Event) -> None:
    """A chat message was sent in a meeting or webinar."""
    said = as_dict(event.object.get("chat_message"))
    message, sender = text(said.get("message_id")), text(said.get("sender_session_id"))
    if not event.uuid or not message:
        return
    at = seconds(said.get("date_time"))
    row = event.add("meeting_messages", uuid=event.uuid, message_id=message, at=int(event.at) if at is None else at)
    known(
        row,
        sender_email=text(said.get("sender_email")),
        sender_type=text(said.get("sender_type")),
        recipient_type=text(said.get("recipient_type")),
    )
    files = said.get("file_ids")
    row["files"] = min(len(files), MOST_COUNTED) if isinstance(files, list) else 0
    latest(row, event.at, sender_name=text(said.get("sender_name")))
    if sender.isdecimal():  # the number of a join; other sessions are none that we know
        event.add("participants", uuid=event.uuid, user_id=sender, features=int(Feature.CHAT))


EVENTS: Final[dict[str, Handler]] = {
    name: handler
    for handler, names in (
        (posted, tuple(f"chat_message.{name}" for name in ("sent", "replied"))),
        (posted, tuple(f"team_chat.{name}" for name in ("channel_message_posted", "dm_message_posted"))),
        (file_shared, ("team_chat.file_shared",)),
        (said_in_meeting, both("chat_message_sent")),
    )
    for name in names
}
