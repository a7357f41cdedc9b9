"""What the account uses beside meetings themselves: recordings, storage, room connector ports, telephone."""

from __future__ import annotations

from typing import Final

from callboard.store.tables.columns import ACCOUNT, GREATEST, KNOWN, LATER, LATEST, TIME, UUID, WORD, Column, K, Table

RECORDINGS: Final = Table(
    "recordings",
    "A file of a cloud recording.",
    family="meetings",
    time="",
    born=f"coalesce(recording_end, recording_start, {LATER})",
    granularity=1024,
    columns=(
        ACCOUNT,
        UUID,
        Column("file_id", "String", K, "The file."),
        Column("number", "UInt64", KNOWN, "The meeting number."),
        Column("host_id", "String", KNOWN, "The host's user id."),
        Column("recording_start", TIME, KNOWN, "When it begins."),
        Column("recording_end", TIME, GREATEST, "When it ends."),
        Column("file_type", WORD, KNOWN, "`MP4`, `M4A`, `CHAT`, `TRANSCRIPT`, ..."),
        Column("recording_type", WORD, KNOWN, "`shared_screen_with_speaker_view`, `audio_only`, ..."),
        Column("file_size", "UInt64", GREATEST, "Bytes."),
        Column("status", WORD, LATEST, "`completed`, `trashed`, `deleted` or `recovered`."),
    ),
)

STORAGE_DAYS: Final = Table(
    "storage_days",
    "Cloud recording storage, as last said on a day. Bytes.",
    family="meetings",
    time="day",
    columns=(
        ACCOUNT,
        Column("day", "Date", K, "The UTC day."),
        Column("free", "UInt64", LATEST, "Storage that is free of charge; 2^63 is unlimited."),
        Column("plan", "UInt64", LATEST, "Storage in the plan; 2^63 is unlimited."),
        Column("used", "UInt64", LATEST, "Storage used."),
    ),
)

CRC_HOURS: Final = Table(
    "crc_hours",
    "Room connector ports used in an hour, where a source tells them. They win over ports counted from joins.",
    family="meetings",
    time="hour",
    columns=(
        ACCOUNT,
        Column("hour", TIME, K, "The hour's beginning."),
        Column("max_usage", "UInt32", GREATEST, "Most ports used at the same time."),
        Column("total_usage", "UInt32", GREATEST, "Connections in the hour."),
    ),
)

CALLS: Final = Table(
    "calls",
    "A telephone call of a meeting, with what it costs. No webhook tells of costs: loaded. Phone joins are reported without.",
    family="meetings",
    time="start_time",
    granularity=1024,
    columns=(
        ACCOUNT,
        Column("start_time", TIME, K, "When it began.", codec="DoubleDelta, ZSTD"),
        UUID,
        Column("phone_number", "String", K, "The caller's number.", personal=True),
        Column("end_time", TIME, GREATEST, "When it ended."),
        Column("type", WORD, KNOWN, "`toll-free`, `call-out`, `call-in`, `US toll-number`, `global toll-number`, ..."),
        Column("call_in_number", "String", KNOWN, "The number called."),
        Column("signaled_number", "String", KNOWN, "The number that was signalled."),
        Column("country_name", WORD, KNOWN, "Country of the call."),
        Column("rate", "Float64", KNOWN, "Price a minute."),
        Column("total", "Float64", KNOWN, "Price of the call."),
    ),
)
