"""Lists of instances: which are wanted, how many there are, and the rows of one page.

A page is read slice by slice, grouped by uuid, so that unmerged parts and sources that disagree on a start by some
seconds make no difference, and so that it costs the same in an account of any size. See docs/decisions/0003-lists.md.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

from callboard.contract.paging import Cursor
from callboard.contract.wire import Columns
from callboard.endpoints.pages import token
from callboard.endpoints.params import Paged, days, instant
from callboard.endpoints.registry import Context, Kind
from callboard.store.tables import MEETINGS, PARTICIPANTS

MARGIN: Final = 600
"""Sources may disagree on a start by so many seconds; rows this near are merged in lists (by id: all are)."""

LEAST_ROWS: Final = 400
"""A slice is cut to hold about so many rows: asking costs as much as reading them."""


# What makes a row of a list, in the order of its columns

SAID: Final = (
    "number",
    "topic",
    "type",
    "host_id",
    "host_name",
    "host_email",
    "features",
    "session_key",
    "custom_keys",
    "tracking_fields",
    "platform",
)
ROW: Final[Columns] = (
    "uuid",
    "start_time",
    "end_time",
    "duration",
    *SAID,
    "participants",
    "audio_score",
    "video_score",
    "as_score",
    "total_seconds",
    "dept",
    "user_type",
    "duration_minutes",
    "total_minutes",
    "kind",
    "duration_seconds",
)


@dataclass(frozen=True)
class Wanted:
    """Which instances a list is about: Unix seconds, state, and groups."""

    kind: Kind
    state: Literal["live", "past", "pastOne"]
    begin: int
    end: int
    by_end: bool = False
    groups: tuple[str, ...] = ()
    with_participants: bool = False

    def params(self, context: Context) -> dict[str, Any]:
        """What its SQL is asked with."""
        return {
            "account": context.caller.account_id,
            "kind": self.kind,
            "begin": self.begin,
            "end": self.end,
            "live_since": context.live_since,
            "groups": list(self.groups),
        }

    @property
    def starts(self) -> tuple[int, int]:
        """The starts to read for it, before the margin."""
        return (max(0, self.begin - 86_400 * 2), self.end) if self.by_end else (self.begin, self.end)


STATES: Final = {
    "live": "isNull(ended) AND begun >= {live_since:UInt32}",
    "past": "(isNotNull(ended) OR begun < {live_since:UInt32}) AND NOT solo",
    "pastOne": "(isNotNull(ended) OR begun < {live_since:UInt32}) AND solo",
}
SOLO: Final = "ifNull(min(first_person) = max(last_person), 0)"
IN_GROUP: Final = """max(host_id) IN (
    SELECT user_id FROM people WHERE account_id = {account:String}
    GROUP BY user_id HAVING hasAny(max(group_ids).2, {groups:Array(String)}))"""
JOINED_BY_GROUP: Final = """uuid IN (
    SELECT uuid FROM participants WHERE account_id = {account:String} AND participant_user_id IN (
      SELECT user_id FROM people WHERE account_id = {account:String}
      GROUP BY user_id HAVING hasAny(max(group_ids).2, {groups:Array(String)})))"""


def _having(wanted: Wanted) -> str:
    tests = [STATES[wanted.state]]
    tests.append("begun >= {low:UInt32} AND begun < {high:UInt32}")
    if wanted.by_end:
        tests.append("ended >= {begin:UInt32} AND ended < {end:UInt32}")
    if wanted.groups:
        tests.append(f"({IN_GROUP} OR {JOINED_BY_GROUP})" if wanted.with_participants else IN_GROUP)
    return " AND ".join(tests)


def _grouped(wanted: Wanted, select: str, after: str = "") -> str:
    """One row an instance among those that began from `low` to `high`, whatever parts its rows are in."""
    return f"""
SELECT uuid, toUnixTimestamp(min(start_time)) AS begun, toUnixTimestamp(max(end_time)) AS ended, {SOLO} AS solo{select}
FROM meetings
WHERE account_id = {{account:String}} AND kind = {{kind:String}}
  AND start_time >= toUInt32({{low:UInt32}}) - {MARGIN} AND start_time < {{high:UInt32}} + {MARGIN}
GROUP BY account_id, kind, uuid
HAVING {_having(wanted)}{after}"""


def count(context: Context, wanted: Wanted) -> int:
    """How many instances are wanted. Days that can't change by themselves are remembered until their facts change."""
    settled = context.live_since // 86_400 * 86_400 - 86_400
    if wanted.by_end or wanted.groups or wanted.state == "live" or wanted.begin >= settled:
        return _count(context, wanted)
    closed = Wanted(wanted.kind, wanted.state, wanted.begin, min(wanted.end, settled))
    account = context.caller.account_id
    total = context.memory.remember(
        ("count", account, closed), day_keys(account, wanted.kind, closed.begin, closed.end), lambda: _count(context, closed)
    )
    rest = Wanted(wanted.kind, wanted.state, settled, wanted.end)
    return int(total) + (_count(context, rest) if wanted.end > settled else 0)


def _count(context: Context, wanted: Wanted) -> int:
    sql = f"-- meetings.count: instances in a range\nSELECT count() FROM ({_grouped(wanted, '')})"
    low, high = wanted.starts
    asked = wanted.params(context) | {"low": low, "high": high}
    return int(context.store.ask(sql, asked).rows[0][0])


def day_keys(account: str, kind: str, begin: int, end: int) -> tuple[Hashable, ...]:
    """What a list over a range follows from: the meetings of each day it touches, and of those its margin does."""
    return tuple(("day", account, kind, day) for day in days(max(0, begin - MARGIN), end + MARGIN))


def read(
    context: Context, wanted: Wanted, after: tuple[int, str] | None, size: int, total: int, skip: int = 0
) -> list[list[Any]]:
    """Up to `size` + 1 wanted instances after the key `(begun, uuid)`, by start, with what was said of them.

    Reads slice by slice, each as wide as `size` instances need on the average, so that a page costs the same in a
    month of a hundred meetings and of a million.
    """
    select = ", " + MEETINGS.merged(*SAID)
    beyond = " AND (begun, uuid) > ({after:UInt32}, {after_uuid:String})" if after else ""
    limit = f"\nORDER BY begun, uuid LIMIT {size + 1} OFFSET {skip}"
    sql = "-- meetings.read: a slice of a list" + _grouped(wanted, select, beyond) + limit
    begin, end = wanted.starts
    at = max(begin, after[0]) if after else begin
    width = end - begin if skip or not total else max(3600, (end - begin) * max(3 * size, LEAST_ROWS) // total)
    rows: list[list[Any]] = []
    while at < end and len(rows) <= size:
        high = min(end, at + width)
        asked = wanted.params(context) | {"low": at, "high": high}
        if after:
            asked |= {"after": after[0], "after_uuid": after[1]}
        rows += context.store.ask(sql, asked, wide=width > 86_400 * 7).rows
        at, width = high, width * 4
    return rows[: size + 1]


COUNT_JOINS: Final = f"""
-- meetings.counts: joins and what they used, for the instances of a page
SELECT uuid, countIf(bitAnd(f, 1) != 0) AS participants, groupBitOr(f) AS used,
       round(avg(audio)) AS audio_score, round(avg(video)) AS video_score, round(avg(sharing)) AS as_score,
       sumIf(dateDiff('second', joined, gone), main AND gone > joined) AS total_seconds,
       countIf(main AND isNull(gone)) AS stayed, sumIf(toUnixTimestamp(joined), main AND isNull(gone)) AS stayed_since
FROM (
  SELECT uuid, user_id, {PARTICIPANTS["features"].merged} AS f, {PARTICIPANTS["audio_score"].merged} AS audio,
         {PARTICIPANTS["video_score"].merged} AS video, {PARTICIPANTS["as_score"].merged} AS sharing,
         {PARTICIPANTS["join_time"].merged} AS joined, {PARTICIPANTS["leave_time"].merged} AS gone,
         bitAnd(f, 1) != 0 AND isNotNull(joined) AS main
  FROM participants WHERE account_id = {{account:String}} AND uuid IN {{uuids:Array(String)}}
  GROUP BY uuid, user_id)
GROUP BY uuid
"""

PEOPLE: Final = """
-- meetings.people: the hosts of a page
SELECT user_id, max(name).2, max(email).2, max(dept).2, max(user_type).2 FROM people
WHERE account_id = {account:String} AND user_id IN {users:Array(String)} GROUP BY user_id
"""


class Counts(NamedTuple):
    """What the joins of an instance add up to."""

    participants: int = 0
    features: int = 0
    audio_score: float | None = None
    video_score: float | None = None
    as_score: float | None = None
    left_seconds: int | None = 0
    """Of those who were heard to leave."""
    stayed: int = 0
    stayed_since: int | None = 0
    """How many were not, and their starts in Unix seconds, added up."""

    def total_seconds(self, end: int | None) -> int:
        """Time of all joins together; who was not heard to leave stayed until `end` (None: unknown, so not counted)."""
        stayed = self.stayed * end - int(self.stayed_since or 0) if end is not None else 0
        return int(self.left_seconds or 0) + max(0, stayed)


NOBODY: Final = Counts()
UNKNOWN: Final = ["", "", "", 0]


def complete(context: Context, kind: Kind, rows: list[list[Any]]) -> list[list[Any]]:
    """Rows of `read` as rows of `ROW`: joins counted, and the host looked up."""
    if not rows:
        return []
    account, said = context.caller.account_id, {name: 4 + i for i, name in enumerate(SAID)}
    hosts = sorted({row[said["host_id"]] for row in rows if row[said["host_id"]]})
    people = context.store.beside(context.store.ask, PEOPLE, {"account": account, "users": hosts}) if hosts else None
    counted = context.store.ask(COUNT_JOINS, {"account": account, "uuids": [row[0] for row in rows]}).rows
    counts = {row[0]: Counts(*row[1:]) for row in counted}
    known = {row[0]: row[1:] for row in people().rows} if people else {}
    return [_row(context, kind, row, counts.get(row[0], NOBODY), known) for row in rows]


def _row(context: Context, kind: Kind, row: list[Any], counts: Counts, people: dict[str, list[Any]]) -> list[Any]:
    uuid, begun, ended, _, number, topic, type_, host, name, email, features, *rest = row
    who = people.get(host, UNKNOWN)
    end = ended if ended is not None else context.now if begun >= context.live_since else None
    length = max(0, end - begun) if end is not None else None
    together = counts.total_seconds(end)
    return [
        uuid,
        instant(begun),
        instant(ended),
        length,
        *(number, topic, type_, host, name or who[0], email or who[1], features | counts.features, *rest),
        counts.participants,
        *counts[2:5],
        together,
        who[2],
        who[3],
        -(-(length or 0) // 60),
        -(-together // 60),
        kind,
        length or 0,
    ]


def page(
    context: Context, name: str, kind: Kind, params: Paged, wanted: Wanted, cursor: Cursor | None
) -> tuple[list[list[Any]], str, int, tuple[Hashable, ...] | None]:
    """One page of wanted instances: rows of `ROW`, the next token, the total, and what it follows from."""
    total = cursor.total if cursor else count(context, wanted)
    after = (int(cursor.last[0]), str(cursor.last[1])) if cursor else None
    rows = read(context, wanted, after, params.size, total, 0 if cursor else params.offset)
    more, rows = len(rows) > params.size, rows[: params.size]
    next_token = token(context, name, params, rows[-1][:2][::-1], total) if more else ""
    settled = wanted.end + 86_400 < context.live_since and not wanted.groups and not wanted.by_end
    depends: tuple[Hashable, ...] | None = None
    if settled and wanted.state != "live":
        account = context.caller.account_id
        # The first page tells the total of the whole range; another one ends where the next begins.
        span = (after[0], rows[-1][1] + 1 if more else wanted.end) if after else (wanted.begin, wanted.end)
        uuids = tuple(("uuid", row[0]) for row in rows)
        depends = (*day_keys(account, kind, *span), *uuids, ("people", account))
    return complete(context, kind, rows), next_token, total, depends
