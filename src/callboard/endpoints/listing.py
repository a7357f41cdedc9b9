"""Lists of instances: which are wanted, how many there are, and the rows of one page.

Rows of one uuid are one instance, whatever parts they are in and however their sources disagree on its start by some
seconds. A page reads about as many rows as it needs, so it costs the same in an account of any size. See
docs/decisions/0003-lists.md.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, NamedTuple

from callboard.contract.features import Feature
from callboard.contract.paging import Cursor
from callboard.contract.wire import Columns
from callboard.endpoints.daily import of_uuids
from callboard.endpoints.pages import token
from callboard.endpoints.params import Paged, days, instant
from callboard.endpoints.registry import Context, Kind
from callboard.store.tables import LAST_SECOND, MEDIA, MEETINGS, PARTICIPANTS, merge, minutes_between

MARGIN: Final = 600
"""Sources may disagree on a start by so many seconds; rows this near are merged in lists (by id: all are)."""


def near(begin: int, end: int) -> dict[str, int]:
    """Starts of rows, Unix seconds `from` to `until`, that may be of instances that began in `[begin, end)`."""
    return {"from": max(0, begin - MARGIN), "until": min(end + MARGIN, LAST_SECOND)}


DAY: Final = 86_400
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
    "platform",
    "features",
)
EXTRAS: Final = ("session_key", "custom_keys", "tracking_fields")
TOLD_SCORES: Final = ("audio_score", "video_score", "as_score")
"""What few instances have: read for those whose features say so."""
ROW: Final[Columns] = (
    "uuid",
    "start_time",
    "end_time",
    "duration",
    *SAID,
    *EXTRAS,
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
  AND start_time >= {{from:UInt32}} AND start_time < {{until:UInt32}}
GROUP BY uuid
HAVING {_having(wanted)}{after}"""


def count(context: Context, wanted: Wanted) -> int:
    """How many instances are wanted. Of days that can't change by themselves, the count is remembered by day."""
    settled = (context.live_since // DAY - 1) * DAY
    first, last = -(-wanted.begin // DAY), min(wanted.end, settled) // DAY
    if wanted.by_end or wanted.groups or wanted.state == "live" or last <= first:
        return _count(context, wanted)
    edges = [(wanted.begin, first * DAY), (last * DAY, wanted.end)]
    beside = sum(_count(context, replace(wanted, begin=begin, end=end)) for begin, end in edges if begin < end)
    return beside + sum(_by_day(context, wanted, range(first, last)))


def _count(context: Context, wanted: Wanted) -> int:
    sql = f"-- listing.count: instances in a range\nSELECT count() FROM ({_grouped(wanted, '')})"
    return int(context.store.ask(sql, _asked(context, wanted, *wanted.starts)).rows[0][0])


def _by_day(context: Context, wanted: Wanted, days_: range) -> list[int]:
    """How many are wanted of each whole day. Those that are not remembered are counted with one question."""
    account, seen = context.caller.account_id, context.memory.now

    def key(day: int) -> Hashable:
        return ("count", account, wanted.kind, wanted.state, day)

    known: dict[int, Any] = {day: context.memory.get(key(day)) for day in days_}
    missing = [day for day, number in known.items() if number is None]
    if missing:
        stretch = replace(wanted, begin=missing[0] * DAY, end=(missing[-1] + 1) * DAY)
        sql = (
            "-- listing._by_day: instances of each day of a range\n"
            f"SELECT intDiv(begun, {DAY}) AS day, count() FROM ({_grouped(wanted, '')}) GROUP BY day"
        )
        counted = dict(context.store.ask(sql, _asked(context, stretch, *stretch.starts)).rows)
        for day in range(missing[0], missing[-1] + 1):
            known[day] = counted.get(day, 0)
            depends = day_keys(account, wanted.kind, day * DAY, (day + 1) * DAY)
            context.memory.put(key(day), depends, known[day], 300, seen)
    return [known[day] for day in days_]


def _asked(context: Context, wanted: Wanted, low: int, high: int) -> dict[str, Any]:
    """What a question about those that began from `low` to `high` is asked with: its rows lie within the margin."""
    slice_ = {"low": low, "high": high, **near(low, high)}
    return wanted.params(context) | slice_


def day_keys(account: str, kind: str, begin: int, end: int) -> tuple[Hashable, ...]:
    """What a list over a range follows from: the meetings of each day it touches, and of those its margin does."""
    return tuple(("day", account, kind, day) for day in days(max(0, begin - MARGIN), end + MARGIN))


def rows_of_page(
    context: Context, wanted: Wanted, cursor: Cursor | None, size: int, skip: int
) -> tuple[list[list[Any]], int, tuple[int, str] | None]:
    """Up to `size` + 1 wanted instances by start, with what was said of them; how many there are; and after which key."""
    after = (int(cursor.last[0]), str(cursor.last[1])) if cursor else None
    if wanted.groups or wanted.by_end or wanted.state == "live" or (skip and not cursor):
        total = cursor.total if cursor else count(context, wanted)
        return _by_slices(context, wanted, after, size, total, 0 if cursor else skip), total, after
    counting = None if cursor else context.store.beside(count, context, wanted)
    rows = _in_order(context, wanted, after or (0, ""), size, cursor.total if cursor else 0)
    return rows, cursor.total if cursor else counting() if counting else 0, after


KEPT: Final = ("uuid", "start_time", "end_time", "first_person", "last_person", *SAID)
ROWS: Final = f"""
-- listing.kept: the first rows of a range, as they are kept
SELECT uuid, toUnixTimestamp(start_time), toUnixTimestamp(end_time), first_person, last_person, {", ".join(SAID)}
FROM meetings
WHERE account_id = {{account:String}} AND kind = {{kind:String}}
  AND start_time >= {{from:UInt32}} AND start_time < {{until:UInt32}}
ORDER BY start_time, uuid LIMIT {{most:UInt32}}
"""


def _in_order(context: Context, wanted: Wanted, after: tuple[int, str], size: int, total: int) -> list[list[Any]]:
    """The past instances of a page: rows are read in the order in which they are kept, as many as a page needs at a time.

    Of an instance whose rows disagree on its start all have been met once they are read `MARGIN` beyond it.
    """
    begin, end = wanted.starts
    at, most = max(begin, after[0]), 2 * size + 100
    until = min(end, at + max(3600, (end - begin) * 2 * most // total)) if total else end
    rows: list[list[Any]] = []
    while at < end and len(rows) <= size:
        found = _kept(context, wanted, at, until, most)
        last = until if len(found) < most else found[-1][1] - MARGIN
        rows += _past(context, wanted, found, max((at, ""), after), last)
        at, until, most = max(at, last), end, 4 * most
    return rows[: size + 1]


def _kept(context: Context, wanted: Wanted, low: int, high: int, most: int) -> list[list[Any]]:
    """The first rows of instances that began in a range, as they are kept: they follow from the days up to the last of them."""
    account = context.caller.account_id

    def depends(rows: list[list[Any]]) -> tuple[Hashable, ...]:
        return day_keys(account, wanted.kind, low, rows[-1][1] + 1 if len(rows) == most else high)

    asked = {"account": account, "kind": wanted.kind, **near(low, high), "most": most}
    return [list(row) for row in context.known(ROWS, asked, depends)]  # merging changes them


def _past(context: Context, wanted: Wanted, found: list[list[Any]], after: tuple[int, str], end: int) -> list[list[Any]]:
    """The wanted ones among rows of past instances, merged, that began after the key `after` and before `end`."""
    rows = []
    for uuid, begun, ended, first, last, *said in merge(MEETINGS, KEPT, found, by=("uuid",)):
        over, solo = ended is not None or begun < context.live_since, first is not None and first == last
        if over and solo == (wanted.state == "pastOne") and after < (begun, uuid) and begun < end:
            rows.append([uuid, begun, ended, solo, *said])
    rows.sort(key=lambda row: (row[1], row[0]))
    return rows


def _by_slices(
    context: Context, wanted: Wanted, after: tuple[int, str] | None, size: int, total: int, skip: int
) -> list[list[Any]]:
    """The instances of a page: slice by slice, each as wide as they need on the average."""
    begin, end = wanted.starts
    at = max(begin, after[0]) if after else begin
    width = end - begin if skip or not total else max(3600, (end - begin) * max(3 * size, LEAST_ROWS) // total)
    rows: list[list[Any]] = []
    while at < end and len(rows) <= size:
        high = min(end, at + width)
        rows += _picked(context, wanted, _asked(context, wanted, at, high), after, size, skip)
        at, width = high, width * 4
    return rows[: size + 1]


def _picked(
    context: Context, wanted: Wanted, asked: dict[str, Any], after: tuple[int, str] | None, size: int, skip: int
) -> list[list[Any]]:
    """The instances of one slice, grouped, filtered and cut by the engine."""
    beyond = " AND (begun, uuid) > ({after:UInt32}, {after_uuid:String})" if after else ""
    limit = f"\nORDER BY begun, uuid LIMIT {size + 1} OFFSET {skip}"
    sql = "-- listing.read: a slice of a list" + _grouped(wanted, ", " + MEETINGS.merged(*SAID), beyond) + limit
    about = asked | ({"after": after[0], "after_uuid": after[1]} if after else {})
    return context.store.ask(sql, about).rows


DURATIONS: Final = """,
       sumIf(dateDiff('second', joined, gone), main AND gone > joined) AS total_seconds,
       countIf(main AND isNull(gone)) AS stayed, sumIf(toUnixTimestamp(joined), main AND isNull(gone)) AS stayed_since"""
DURATION_COLUMNS: Final = f""",
         {PARTICIPANTS["join_time"].merged} AS joined, {PARTICIPANTS["leave_time"].merged} AS gone,
         bitAnd(f, 1) != 0 AND isNotNull(joined) AS main"""


def _count_joins(durations: bool) -> str:
    return f"""
-- listing.count_joins: joins and what they used, for the instances of a page
SELECT uuid, countIf(bitAnd(f, 1) != 0) AS participants, groupBitOr(f) AS used,
       round(avg(audio)) AS audio_score, round(avg(video)) AS video_score,
       round(avg(sharing)) AS as_score{DURATIONS if durations else ""}
FROM (
  SELECT uuid, user_id, {PARTICIPANTS["features"].merged} AS f, {PARTICIPANTS["audio_score"].merged} AS audio,
         {PARTICIPANTS["video_score"].merged} AS video,
         {PARTICIPANTS["as_score"].merged} AS sharing{DURATION_COLUMNS if durations else ""}
  FROM participants WHERE account_id = {{account:String}} AND uuid IN {{uuids:Array(String)}}
  GROUP BY uuid, user_id)
GROUP BY uuid
"""


COUNT_JOINS: Final = {durations: _count_joins(durations) for durations in (False, True)}
"""Whether the time of all joins is added up as well: that takes half as long again, and reports alone tell it."""

PEOPLE: Final = """
-- listing.people: the hosts of a page
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


def counted(context: Context, uuids: list[str], durations: bool = False) -> dict[str, Counts]:
    """What the joins of each of these instances add up to."""
    asked = {"account": context.caller.account_id, "uuids": uuids}
    rows = context.known(COUNT_JOINS[durations], asked, of_uuids(uuids))
    return {row[0]: Counts(*row[1:]) for row in rows}


LONGEST_DAY: Final = 30 * 3600
"""An instance may go on for so many seconds after the day it began on."""
IN_DAYS: Final = minutes_between(f"{{begin:UInt32}} - {MARGIN}", f"{{end:UInt32}} + {LONGEST_DAY}")
"""Where minutes of instances that began in a range may be: they are kept day by day."""
MEAN_SCORES: Final = f"""
-- listing.mean_scores: the mean scores of the joins of some instances, from their minutes
SELECT uuid, {", ".join(f"round(avg({m}))" for m in MEDIA)} FROM (
  SELECT uuid, user_id, {", ".join(f"avg(coalesce({m}_score, toUInt16({m}_own) * 10)) AS {m}" for m in MEDIA)}
  FROM qos_minutes FINAL
  WHERE account_id = {{account:String}} AND leg = 'cloud' AND {IN_DAYS} AND uuid IN {{uuids:Array(String)}}
  GROUP BY uuid, user_id)
GROUP BY uuid
"""


def _scored(context: Context, counts: dict[str, Counts], begun: list[int]) -> dict[str, Counts]:
    """Instances that had media, but no join of which was summed up by its source, get the means of their minutes.

    `begun` are the Unix seconds that they began at.
    """
    media = Feature.VOIP | Feature.VIDEO
    unscored = [uuid for uuid, c in counts.items() if c[2:5] == (None, None, None) and c.features & media]
    if not unscored:
        return counts
    asked = {"account": context.caller.account_id, "uuids": unscored, "begin": min(begun), "end": max(begun)}
    for uuid, audio, video, sharing in context.known(MEAN_SCORES, asked, of_uuids(unscored)):
        counts[uuid] = counts[uuid]._replace(audio_score=audio, video_score=video, as_score=sharing)
    return counts


def complete(context: Context, kind: Kind, rows: list[list[Any]], durations: bool = False) -> list[list[Any]]:
    """Rows of `rows_of_page` as rows of `ROW`: joins counted, and the host and the extras looked up."""
    if not rows:
        return []
    account, host_id = context.caller.account_id, 4 + SAID.index("host_id")
    hosts = sorted({row[host_id] for row in rows if row[host_id]})
    named = (PEOPLE, {"account": account, "users": hosts}, (("people", account),))
    people = context.store.beside(context.known, *named) if hosts else None
    counts = _scored(context, counted(context, [row[0] for row in rows], durations), [row[1] for row in rows])
    extras = _extras(context, kind, [row for row in rows if row[-1] & Feature.EXTRAS])
    known = {row[0]: row[1:] for row in people()} if people else {}
    made = []
    for row in rows:
        joins, more = counts.get(row[0], NOBODY), extras.get(row[0], NO_EXTRAS)
        made.append(_row(context, kind, [*row, *more], joins, known, durations))
    return made


NO_EXTRAS: Final = (None,) * 6
EXTRAS_OF: Final = f"""
-- listing.extras: what few instances have
SELECT uuid, {MEETINGS.merged(*EXTRAS, *TOLD_SCORES)} FROM meetings
WHERE account_id = {{account:String}} AND kind = {{kind:String}}
  AND start_time >= {{from:UInt32}} AND start_time < {{until:UInt32}} AND uuid IN {{uuids:Array(String)}}
GROUP BY uuid
"""


def _extras(context: Context, kind: Kind, rows: list[list[Any]]) -> dict[str, list[Any]]:
    if not rows:
        return {}
    asked = {
        "account": context.caller.account_id,
        "kind": kind,
        "uuids": [row[0] for row in rows],
        "from": max(0, min(row[1] for row in rows) - MARGIN),
        "until": max(row[1] for row in rows) + MARGIN,
    }
    return {uuid: values for uuid, *values in context.store.ask(EXTRAS_OF, asked).rows}


def _row(
    context: Context, kind: Kind, row: list[Any], counts: Counts, people: dict[str, list[Any]], durations: bool
) -> list[Any]:
    uuid, begun, ended, _, number, topic, type_, host, name, email, platform, features, *extras, audio, video, sharing = row
    who = people.get(host, UNKNOWN)
    end = ended if ended is not None else context.now if begun >= context.live_since else None
    length = max(0, end - begun) if end is not None else None
    together = counts.total_seconds(end) if durations else None
    return [
        uuid,
        instant(begun),
        instant(ended),
        length,
        *(number, topic, type_, host, name or who[0], email or who[1], platform, features | counts.features, *extras),
        counts.participants,
        *(audio or counts.audio_score, video or counts.video_score, sharing or counts.as_score),
        together,
        who[2],
        who[3],
        -(-(length or 0) // 60),
        None if together is None else -(-together // 60),
        kind,
        length or 0,
    ]


def page(
    context: Context, name: str, kind: Kind, params: Paged, wanted: Wanted, cursor: Cursor | None, durations: bool = False
) -> tuple[list[list[Any]], str, int, tuple[Hashable, ...] | None]:
    """One page of wanted instances: rows of `ROW`, the next token, the total, and what it follows from."""
    rows, total, after = rows_of_page(context, wanted, cursor, params.size, params.offset)
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
    return complete(context, kind, rows, durations), next_token, total, depends
