"""Every fact table and column, declared once: type, how rows of one key merge, unit, and whether it is personal.

A fact is a row with a key and some columns filled. Rows of one key merge column by column, in any order and any
number of times, to the same answer, so nothing reads before it writes. The engine merges in the background
(`AggregatingMergeTree`); a query that may meet unmerged rows groups by the key and takes `Column.merged`, which is
the same function. See docs/decisions/0001-merging.md.
"""

from __future__ import annotations

from typing import Final

from callboard.contract.features import SHARE, Feature
from callboard.store.tables.chat import CHAT_DAYS, CHAT_MESSAGES
from callboard.store.tables.columns import Column, Index, Merge, Table, View
from callboard.store.tables.events import RAW_EVENTS
from callboard.store.tables.forms import ANSWERS, PLANS, QUESTIONS, REGISTRANTS
from callboard.store.tables.meetings import (
    ALERTS,
    FEEDBACK,
    MEETING_IDS,
    MEETING_MESSAGES,
    MEETINGS,
    PARTICIPANTS,
    REACTIONS,
    SHARING,
)
from callboard.store.tables.merging import merge
from callboard.store.tables.people import OPERATIONS, PEOPLE, SIGN_INS
from callboard.store.tables.qos import (
    CPU,
    LAST_SECOND,
    MEDIA,
    PRESSURE,
    QOS_MINUTES,
    QOS_SUMMARIES,
    RSSI,
    STREAMS,
    SUMMARY_METRICS,
    WAYS,
    minutes_between,
    stream_metrics,
)
from callboard.store.tables.rooms import BOOKINGS, LOCATIONS, ROOM_DEVICES, ROOM_ISSUES, ROOM_SAMPLES, ROOMS
from callboard.store.tables.sync import SYNC_DAYS
from callboard.store.tables.usage import CALLS, CRC_HOURS, RECORDINGS, STORAGE_DAYS

TABLES: Final[dict[str, Table]] = {
    t.name: t
    for t in (
        MEETINGS,
        MEETING_IDS,
        PARTICIPANTS,
        QOS_MINUTES,
        QOS_SUMMARIES,
        SHARING,
        FEEDBACK,
        ALERTS,
        MEETING_MESSAGES,
        REACTIONS,
        PLANS,
        REGISTRANTS,
        QUESTIONS,
        ANSWERS,
        RECORDINGS,
        STORAGE_DAYS,
        CRC_HOURS,
        CALLS,
        ROOMS,
        ROOM_ISSUES,
        ROOM_SAMPLES,
        ROOM_DEVICES,
        LOCATIONS,
        BOOKINGS,
        CHAT_MESSAGES,
        CHAT_DAYS,
        PEOPLE,
        SIGN_INS,
        OPERATIONS,
        SYNC_DAYS,
        RAW_EVENTS,
    )
}

VIEWS: Final = (
    View(
        "meeting_ids_filler",
        MEETING_IDS,
        f"""
        SELECT account_id, arrayJoin(if(isNull(number), [uuid], [uuid, toString(assumeNotNull(number))])) AS id,
               start_time, kind, uuid, number, end_time
        FROM {MEETINGS.name}""",
    ),
)

PERSONAL: Final = {(t.name, c.name) for t in TABLES.values() for c in t.columns if c.personal}

__all__ = [
    "ALERTS",
    "ANSWERS",
    "BOOKINGS",
    "CALLS",
    "CHAT_DAYS",
    "CHAT_MESSAGES",
    "CPU",
    "CRC_HOURS",
    "FEEDBACK",
    "LAST_SECOND",
    "LOCATIONS",
    "MEDIA",
    "MEETINGS",
    "MEETING_IDS",
    "MEETING_MESSAGES",
    "OPERATIONS",
    "PARTICIPANTS",
    "PEOPLE",
    "PERSONAL",
    "PLANS",
    "PRESSURE",
    "QOS_MINUTES",
    "QOS_SUMMARIES",
    "QUESTIONS",
    "RAW_EVENTS",
    "REACTIONS",
    "RECORDINGS",
    "REGISTRANTS",
    "ROOMS",
    "ROOM_DEVICES",
    "ROOM_ISSUES",
    "ROOM_SAMPLES",
    "RSSI",
    "SHARE",
    "SHARING",
    "SIGN_INS",
    "STORAGE_DAYS",
    "STREAMS",
    "SUMMARY_METRICS",
    "SYNC_DAYS",
    "TABLES",
    "VIEWS",
    "WAYS",
    "Column",
    "Feature",
    "Index",
    "Merge",
    "Table",
    "View",
    "merge",
    "minutes_between",
    "stream_metrics",
]
