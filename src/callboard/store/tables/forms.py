"""Planned meetings and webinars, who registered, and what people asked and answered in them."""

from __future__ import annotations

from typing import Final

from callboard.store.tables.columns import (
    ACCOUNT,
    EARLIEST,
    GREATEST,
    KIND,
    KNOWN,
    LATER,
    LATEST,
    TIME,
    UUID,
    WORD,
    Column,
    K,
    Table,
    entries,
)

_NUMBER: Final = Column("number", "UInt64", K, "The meeting number.")

PLANS: Final = Table(
    "plans",
    "A meeting or webinar as it was planned; each occurrence of a series that is told of is a row.",
    family="plans",
    time="",
    granularity=1024,
    columns=(
        ACCOUNT,
        _NUMBER,
        Column("occurrence_id", "String", K, "The occurrence; empty for one that is no series, or for a series itself."),
        Column("kind", KIND, KNOWN, "Meeting or webinar."),
        Column("uuid", "String", LATEST, "The uuid it was given."),
        Column("topic", "String", LATEST, "Its title."),
        Column("type", "UInt8", LATEST, "Zoom's meeting type."),
        Column("host_id", "String", KNOWN, "The host's user id."),
        Column("start_time", TIME, LATEST, "When it is to begin."),
        Column("minutes", "UInt32", LATEST, "Planned length in minutes."),
        Column("timezone", WORD, LATEST, "The time zone it is planned in."),
        Column("created_at", TIME, EARLIEST, "When it was planned."),
        Column("deleted", "UInt8", LATEST, "1 when it was deleted."),
    ),
)

REGISTRANTS: Final = Table(
    "registrants",
    "Someone who registered for a meeting or webinar.",
    family="plans",
    time="",
    granularity=1024,
    columns=(
        ACCOUNT,
        _NUMBER,
        Column("registrant_id", "String", K, "The registration."),
        Column("kind", KIND, KNOWN, "Meeting or webinar."),
        Column("email", "String", KNOWN, "Mail address.", personal=True),
        Column("first_name", "String", KNOWN, "First name.", personal=True),
        Column("last_name", "String", KNOWN, "Last name.", personal=True),
        Column("status", WORD, LATEST, "`pending`, `approved`, `cancelled` or `denied`."),
        Column("source", WORD, KNOWN, "Tracking source that the person came from."),
        Column("registered_at", TIME, EARLIEST, "When."),
    ),
)

QUESTIONS: Final = Table(
    "questions",
    "A question asked in a meeting's or webinar's Q&A, with its answers. No webhook tells of them: loaded.",
    family="meetings",
    time="",
    born=f"coalesce(at, {LATER})",
    granularity=1024,
    columns=(
        ACCOUNT,
        UUID,
        Column("question_id", "String", K, "The question."),
        Column("at", TIME, EARLIEST, "When it was asked."),
        Column("user_id", "String", KNOWN, "User id of who asked; NULL when unknown."),
        Column("name", "String", KNOWN, "Who asked.", personal=True),
        Column("email", "String", KNOWN, "Mail address of who asked.", personal=True),
        Column("question", "String", LATEST, "What was asked."),
        Column("status", WORD, LATEST, "`open`, `answered`, `dismissed`, ..."),
        Column(
            "answers",
            merge=LATEST,
            sentence="The answers, each with who gave it and when.",
            personal=True,
            **entries("user_id", "name", "email", "content", "create_time", "type"),
        ),
    ),
)

ANSWERS: Final = Table(
    "answers",
    "What one person answered to one question of a poll or survey. No webhook tells of them: loaded.",
    family="meetings",
    time="",
    born=f"coalesce(at, {LATER})",
    granularity=1024,
    columns=(
        ACCOUNT,
        UUID,
        Column("form", "Enum8('poll' = 1, 'survey' = 2)", K, "Poll or survey."),
        Column("form_id", "String", K, "The poll or survey."),
        Column("person", "String", K, "Who answered: mail address, user id or name."),
        Column("question_id", "String", K, "The question; its text will do."),
        Column("form_name", "String", KNOWN, "The survey's name."),
        Column("name", "String", KNOWN, "Name of who answered.", personal=True),
        Column("email", "String", KNOWN, "Mail address of who answered.", personal=True),
        Column("first_name", "String", KNOWN, "First name.", personal=True),
        Column("last_name", "String", KNOWN, "Last name.", personal=True),
        Column("question", "String", KNOWN, "What was asked."),
        Column("answer", "String", LATEST, "What was answered.", personal=True),
        Column("at", TIME, GREATEST, "When."),
    ),
)
