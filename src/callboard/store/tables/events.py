"""Every body as it was received."""

from __future__ import annotations

from typing import Final

from callboard.store.tables.columns import ACCOUNT, EARLIEST, KNOWN, LATEST, WORD, Column, K, Table

RAW_EVENTS: Final = Table(
    "raw_events",
    "Every body as it was received, with its verdict. One body delivered twice is one row.",
    family="events",
    time="event_time",
    granularity=1024,
    columns=(
        ACCOUNT,
        Column("event_time", "DateTime64(3, 'UTC')", K, "When the source says it happened; when received, if it does not say."),
        Column("digest", "FixedString(32)", K, "SHA-256 of the body, first half in hex."),
        Column("source", WORD, KNOWN, "The door it came through, such as `zoom`."),
        Column("event", WORD, KNOWN, "The event's name."),
        Column("received_at", "DateTime64(3, 'UTC')", EARLIEST, "When it was first received."),
        Column("verdict", WORD, LATEST, "`applied`, `kept` (carries no fact we know) or `refused`."),
        Column("reason", "String", LATEST, "Why it was refused."),
        Column("body", "String", KNOWN, "The bytes.", personal=True, codec="ZSTD(3)"),
    ),
)
