"""What was mirrored from an account's own API."""

from __future__ import annotations

from typing import Final

from callboard.store.tables.columns import ACCOUNT, GREATEST, LATEST, TIME, WORD, Column, K, Table

SYNC_DAYS: Final = Table(
    "sync_days",
    "How far one listing of one day of an account's API has been mirrored.",
    family="sync",
    time="",
    granularity=1024,
    columns=(
        ACCOUNT,
        Column("day", "Date", K, "The UTC day that was asked about; of people, plans and rooms: the day of asking."),
        Column("listing", WORD, K, "The endpoint asked, with `past` or `pastOne` where it is asked twice."),
        Column("source", "String", LATEST, "Name of the mirrored account."),
        Column("state", WORD, LATEST, "`complete`, `partial`, `failed` or `skipped`."),
        Column("reason", "String", LATEST, "Why it is not complete; empty when it is."),
        Column("items", "UInt32", LATEST, "Instances, users or rooms to ask about; 1 for a listing of the day itself."),
        Column("done", "UInt32", LATEST, "Those that were asked about to the end."),
        Column("records", "UInt64", LATEST, "Records that came."),
        Column("asked_at", TIME, GREATEST, "When it was last asked."),
    ),
)
