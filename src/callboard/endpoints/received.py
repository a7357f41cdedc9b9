"""What came in, and what became of it; and the recordings of instances."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field

from callboard.contract.board import RecordedPage, Sources
from callboard.contract.wire import Columns
from callboard.endpoints.pages import PAGE_COLUMNS, keyed, resume
from callboard.endpoints.params import Paged, Range, instant, window
from callboard.endpoints.people import groups_of
from callboard.endpoints.registry import Answer, Context, endpoint
from callboard.endpoints.service import FRESHNESS, freshness
from callboard.endpoints.storage import IN_GROUPS
from callboard.store.tables import PEOPLE, RECORDINGS

BODIES: Final = """
  SELECT max(source) AS door, ifNull(max(event), '') AS name, max(verdict).2 AS judged, max(reason).2 AS why,
         intDiv(toUnixTimestamp64Milli(min(received_at)), 1000) AS at
  FROM raw_events
  WHERE account_id = {account:String}
    AND event_time >= toDateTime64({begin:UInt32}, 3) AND event_time < toDateTime64({end:UInt32}, 3)
  GROUP BY event_time, digest"""
COUNTED: Final = f"""
-- received.counted: bodies by day, event and verdict, and why those were refused that were
SELECT toString(toDate(toDateTime(at, 'UTC'))) AS day, door, name, judged, if(judged = 'refused', why, '') AS reason,
       count(), min(at), max(at)
FROM ({BODIES})
GROUP BY day, door, name, judged, reason
"""
MOST_REASONS: Final = 50


class SourcesParams(Range):
    """Parameters of what came in."""


@endpoint(
    "/sources", name="get_sources", families=("home",), granular="meeting_quality_score", rate="complex",
    response=Sources, version="v1",
)  # fmt: skip
def get_sources(context: Context, params: SourcesParams) -> Answer:
    """Get what was received, by event and by day, and why bodies were refused."""
    asked = window(params, "open")
    about = {"account": context.caller.account_id, "begin": asked.begin, "end": asked.end}
    asking = context.store.beside(context.store.ask, COUNTED, about, True)
    fresh, rows = freshness(context), asking().rows
    columns: Columns = (
        *("from", "to", ("families", FRESHNESS), ("events", ("source", "event", "verdict", "count", "first", "last"))),
        *(("days", ("day", "source", "verdict", "count")), ("refused", ("source", "event", "reason", "count", "last"))),
    )
    events = [[*key, n, instant(first), instant(last)] for key, n, first, last in _most(_added(rows, 1, 2, 3))]
    days = sorted([*key, n] for key, n, _, _ in _added(rows, 0, 1, 3))
    why = _added([row for row in rows if row[3] == "refused"], 1, 2, 4)
    refused = [[*key, n, instant(last)] for key, n, _, last in _most(why)]
    return Answer(Sources, columns, [asked.from_, asked.to, fresh, events, days, refused[:MOST_REASONS]])


Added = tuple[tuple[str, ...], int, int, int]


def _most(added: list[Added]) -> list[Added]:
    """The most frequent first; then by what comes after the door."""
    return sorted(added, key=lambda counts: (-counts[1], counts[0][1:], counts[0][0]))


def _added(rows: list[list[Any]], *by: int) -> list[Added]:
    """Rows of `COUNTED` as one for each value of some of their columns: how many bodies, when the first and the last came."""
    found: dict[tuple[str, ...], tuple[int, int, int]] = {}
    for row in rows:
        key, (n, first, last) = tuple(row[at] for at in by), row[5:]
        before = found.get(key, (0, first, last))
        found[key] = (before[0] + n, min(before[1], first), max(before[2], last))
    return [(key, *counts) for key, counts in found.items()]


# Recordings

RECORDED: Final = f"""
-- received.recordings: the recordings of instances
SELECT if({{by_size:UInt8}}, toUInt64(sum(size)), toUInt64(begun)) AS key_at, uuid AS key_id, uuid,
       toUInt32(min(made)) AS begun, toUInt32(max(over)) AS went, count(), sum(size) AS bytes, arraySort(groupUniqArray(type)),
       any(state),
       any(host), any(dialled)
FROM (
  SELECT uuid, file_id, toUnixTimestamp(coalesce(max(recording_start), max(recording_end), toDateTime(max(status).1))) AS made,
         greatest(made, toUnixTimestamp(ifNull(max(recording_end), toDateTime(made)))) AS over,
         ifNull({RECORDINGS["file_size"].merged}, 0) AS size, ifNull(max(recording_type), ifNull(max(file_type), '')) AS type,
         ifNull(nullIf(max(status).2, ''), 'completed') AS state,
         ifNull(max(host_id), '') AS host, ifNull(max(number), 0) AS dialled
  FROM recordings WHERE account_id = {{account:String}} GROUP BY uuid, file_id)
WHERE ({{host:String}} = '' OR host = {{host:String}}) AND ({{status:String}} = '' OR state = {{status:String}}) {{in_groups}}
GROUP BY uuid HAVING begun >= {{begin:UInt32}} AND begun < {{end:UInt32}} AND ({{q:String}} = '' OR uuid IN (
  SELECT uuid FROM meetings WHERE account_id = {{account:String}} AND positionCaseInsensitiveUTF8(topic.2, {{q:String}}) > 0))"""
ABOUT: Final = """
-- received.about: what instances were about, and their hosts' names
SELECT uuid, toString(any(kind)), max(topic).2, max(host_name).2 FROM meetings
WHERE account_id = {account:String} AND uuid IN {uuids:Array(String)} GROUP BY uuid
"""
NAMES: Final = f"""
-- received.names: names of people
SELECT user_id, {PEOPLE["name"].merged} FROM people WHERE account_id = {{account:String}} AND user_id IN {{users:Array(String)}}
GROUP BY user_id
"""
BYTES: Final = "-- received.bytes: bytes of all of them\nSELECT sum(bytes) FROM ({rows})"


class RecordingsParams(Paged, Range):
    """Parameters of the recordings of instances."""

    host: str = Field("", description="Only recordings of this host (user id).")
    q: str = Field("", max_length=200, description="Only of instances with these letters in their topic.")
    status: Literal["", "completed", "trashed", "deleted", "recovered"] = Field("", description="Only of this status.")
    sort: Annotated[Literal["start", "size"], BeforeValidator(lambda value: value or "start")] = Field(
        "start", description="The newest first, or the largest."
    )


RECORDING: Final[Columns] = (
    *("uuid", "kind", "number", "topic", "host_id", "host_name", "start_time", "end_time", "seconds"),
    *("files", "size_bytes", "types", "status"),
)


@endpoint(
    "/recordings", name="list_recordings", families=("crc",), granular="list_meetings", rate="complex",
    response=RecordedPage, version="v1",
)  # fmt: skip
def list_recordings(context: Context, params: RecordingsParams) -> Answer:
    """List cloud recordings, an entry an instance."""
    params, cursor = resume(context, "list_recordings", params)
    asked, groups = window(params, "open"), groups_of(context)
    about: dict[str, Any] = {
        **{"account": context.caller.account_id, "begin": asked.begin, "end": asked.end, "groups": list(groups)},
        **{"host": params.host, "q": params.q, "status": params.status, "by_size": int(params.sort == "size")},
    }
    sql = RECORDED.replace("{in_groups}", IN_GROUPS if groups else "")
    total = context.store.beside(context.store.ask, BYTES.replace("{rows}", sql), about, True)
    page = keyed(context, "list_recordings", params, cursor, sql, about, newest_first=True)
    columns: Columns = ("from", "to", *PAGE_COLUMNS, "total_bytes", ("recordings", RECORDING))
    said = [asked.from_, asked.to, *page.envelope, total().rows[0][0], _described(context, page.rows)]
    return Answer(RecordedPage, columns, said)


def _described(context: Context, rows: list[list[Any]]) -> list[list[Any]]:
    """The rows as `RECORDING`, with what is known of their instances and hosts."""
    asked = {"account": context.caller.account_id, "uuids": [row[0] for row in rows], "users": [row[7] for row in rows]}
    about = context.store.beside(context.store.ask, ABOUT, asked)
    names = dict(context.store.ask(NAMES, asked).rows) if rows else {}
    known = {uuid: said for uuid, *said in about().rows}
    made = []
    for uuid, begun, over, files, size, types, state, host, number in rows:
        kind, topic, named = known.get(uuid, ["", "", ""])
        spans = [instant(begun), instant(over), over - begun]
        made.append([uuid, kind, number, topic, host, names.get(host) or named, *spans, files, size, types, state])
    return made
