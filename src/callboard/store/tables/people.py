"""The account's users, and what they do beside meetings."""

from __future__ import annotations

from typing import Final

from callboard.store.tables.columns import ACCOUNT, EARLIEST, GREATEST, KNOWN, LATEST, TIME, WORD, Column, K, Table, entries

PEOPLE: Final = Table(
    "people",
    "A user of the account, as last heard of.",
    family="people",
    time="",
    granularity=1024,
    columns=(
        ACCOUNT,
        Column("user_id", "String", K, "The person's user id."),
        Column("name", "String", LATEST, "Display name.", personal=True),
        Column("email", "String", LATEST, "Mail address.", personal=True),
        Column("dept", WORD, LATEST, "Department."),
        Column("user_type", "UInt8", LATEST, "1 Basic, 2 Licensed, 3 On-prem."),
        Column("group_ids", "Array(String)", LATEST, "Groups the person is in."),
        Column("location", WORD, LATEST, "Site."),
        Column("timezone", WORD, LATEST, "Time zone."),
        Column("first_name", "String", LATEST, "First name.", personal=True),
        Column("last_name", "String", LATEST, "Last name.", personal=True),
        Column("status", WORD, LATEST, "`active`, `inactive`, `pending` or `deleted`."),
        Column("created_at", TIME, EARLIEST, "When the user was made."),
        Column("last_login", TIME, GREATEST, "When the person last signed in."),
        Column("client_version", WORD, LATEST, "Version of the client at the last sign-in."),
        Column(
            "custom_attributes",
            merge=LATEST,
            sentence="Attributes that the account defined.",
            personal=True,
            **entries("key", "name", "value"),
        ),
    ),
)

SIGN_INS: Final = Table(
    "sign_ins",
    "A person signed in or out.",
    family="activity",
    time="at",
    granularity=1024,
    columns=(
        ACCOUNT,
        Column("at", TIME, K, "When.", codec="DoubleDelta, ZSTD"),
        Column("user_id", "String", K, "The person's user id."),
        Column("type", "Enum8('Sign in' = 1, 'Sign out' = 2)", K, "Which."),
        Column("email", "String", KNOWN, "Mail address.", personal=True),
        Column("client_type", WORD, KNOWN, "Kind of client."),
        Column("version", WORD, KNOWN, "The client's version."),
        Column("ip_address", "String", KNOWN, "Address it came from.", personal=True),
    ),
)

OPERATIONS: Final = Table(
    "operations",
    "Something that an administrator changed.",
    family="activity",
    time="at",
    granularity=1024,
    columns=(
        ACCOUNT,
        Column("at", TIME, K, "When.", codec="DoubleDelta, ZSTD"),
        Column("operation_id", "String", K, "Tells apart what happened at the same second."),
        Column("operator", "String", KNOWN, "Who did it.", personal=True),
        Column("category", WORD, KNOWN, "`user`, `account`, `recording`, `webinar`, `zoom_rooms`, ..."),
        Column("action", WORD, KNOWN, "`Add`, `Update`, `Delete`, ..."),
        Column("detail", "String", KNOWN, "What was done, a sentence.", personal=True),
    ),
)
