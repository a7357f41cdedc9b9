"""Team chat: messages, and daily sums where a source has nothing finer."""

from __future__ import annotations

from typing import Final

from callboard.store.tables.columns import ACCOUNT, GREATEST, KNOWN, LATEST, TIME, Column, K, Table

CONTENTS: Final = ("text", "files", "images", "videos", "audio", "giphys", "code_snippets", "emojis")
"""What a message may hold."""

CHAT_MESSAGES: Final = Table(
    "chat_messages",
    "A message sent in team chat. What it says is kept raw only.",
    family="chat",
    time="at",
    granularity=1024,
    columns=(
        ACCOUNT,
        Column("at", TIME, K, "When it was sent.", codec="DoubleDelta, ZSTD"),
        Column("message_id", "String", K, "The message."),
        Column("sender_id", "String", KNOWN, "User id of who sent it."),
        Column("sender_email", "String", KNOWN, "Mail address of who sent it.", personal=True),
        Column("contact_id", "String", KNOWN, "User id of who it was sent to, where that is one person."),
        Column("contact_email", "String", KNOWN, "Mail address of who it was sent to.", personal=True),
        Column("channel_id", "String", KNOWN, "The channel it was sent to; NULL for one person."),
        *(Column(name, "UInt16", KNOWN, f"How many {name.replace('_', ' ')} it holds.") for name in CONTENTS),
    ),
)

COUNTERS: Final = (
    *(f"{name}_sent" for name in ("total", "p2p", "group", "text", "files", "images", "videos", "voice")),
    *(f"{name}_sent" for name in ("giphys", "code_snippets", "emoji", "calls")),
    *(f"{name}_received" for name in ("total", "group", "files", "images", "videos", "voice", "emoji", "calls")),
)

CHAT_DAYS: Final = Table(
    "chat_days",
    "What one person sent and received on one day, where a source tells sums. They win over messages counted.",
    family="chat",
    time="day",
    granularity=1024,
    columns=(
        ACCOUNT,
        Column("day", "Date", K, "The UTC day."),
        Column("user_id", "String", K, "The person's user id."),
        Column("name", "String", LATEST, "Display name.", personal=True),
        Column("email", "String", LATEST, "Mail address.", personal=True),
        *(Column(name, "UInt32", GREATEST, f"Messages: {name.replace('_', ' ')}.", codec="T64, ZSTD") for name in COUNTERS),
    ),
)
