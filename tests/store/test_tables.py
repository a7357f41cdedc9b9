"""The tables: made, given new columns, kept to their retention; and how rows of one key merge."""

from __future__ import annotations

import itertools
import random
import time
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from callboard.settings import Settings
from callboard.store.embedded import EmbeddedEngine
from callboard.store.engine import parse_result
from callboard.store.store import prepare
from callboard.store.tables import PERSONAL, TABLES, VIEWS, Merge
from callboard.store.tables import merge as merge_here
from tests.store.databases import FOREVER

KEPT = Settings(**FOREVER)
DAY = 86_400


def ask(engine: EmbeddedEngine, sql: str, **params: Any) -> list[list[Any]]:
    return parse_result(engine.read(sql, params)).rows


def put(engine: EmbeddedEngine, table: str, *rows: dict[str, Any]) -> None:
    """Insert rows one by one, each into a part of its own."""
    for row in rows:
        engine.insert(table, orjson.dumps(row), "JSONEachRow")


# Made


def test_all_tables_are_made(empty: EmbeddedEngine) -> None:
    """Every table with every column, and every view, is there after `prepare`."""
    prepare(empty, KEPT)
    there = ask(empty, "SELECT name FROM system.tables WHERE database = currentDatabase()")
    assert {name for (name,) in there} == {*TABLES, *(view.name for view in VIEWS)}
    columns = dict(
        ask(empty, "SELECT table, groupArray(name) FROM system.columns WHERE database = currentDatabase() GROUP BY table")
    )
    assert all(columns[t.name] == [c.name for c in t.columns] for t in TABLES.values())


def test_preparing_again_changes_nothing(empty: EmbeddedEngine) -> None:
    """A second start finds all as it should be: no table's text changes."""
    made = []
    for _ in range(2):
        prepare(empty, Settings())
        made.append(
            ask(empty, "SELECT name, create_table_query FROM system.tables WHERE database = currentDatabase() ORDER BY name")
        )
    assert made[0] == made[1]


def test_a_new_column_is_added(empty: EmbeddedEngine) -> None:
    """A table of an older version gets the columns it lacks, and what was in it stays."""
    table = TABLES["participants"]
    lacks = table.create().replace(f"  {table['sip_uri'].ddl},\n", "").replace(f"  {table['audio_score'].ddl},\n", "")
    assert lacks != table.create()
    empty.run(lacks)
    put(empty, "participants", {"account_id": "a", "uuid": "u", "user_id": "1", "email": "x@x.org"})
    prepare(empty, KEPT)
    put(empty, "participants", {"account_id": "a", "uuid": "u", "user_id": "1", "sip_uri": "sip:x", "audio_score": 441})
    assert ask(empty, "SELECT max(email), max(sip_uri), max(audio_score) FROM participants") == [["x@x.org", "sip:x", 441]]


def test_a_table_that_a_view_fills_is_filled_again_when_it_grows(empty: EmbeddedEngine) -> None:
    """What an older version's view did not carry over is carried over for the rows that were there, once."""
    table = TABLES["meeting_ids"]
    empty.run(TABLES["meetings"].create())
    empty.run(table.create().replace(f"  {table['number'].ddl},\n", ""))
    about = {"account_id": "a", "kind": "meeting", "start_time": 1772445600, "uuid": "u", "number": 84512036771}
    put(empty, "meetings", about)
    prepare(empty, KEPT)
    rows = ask(empty, "SELECT id, max(number) FROM meeting_ids GROUP BY id ORDER BY id")
    assert rows == [["84512036771", 84512036771], ["u", 84512036771]]


def test_every_column_says_what_it_is() -> None:
    """Each table and column has a sentence, each table's key begins with the account, and its time is one of its columns."""
    for table in TABLES.values():
        assert table.sentence.endswith(".")
        assert all(column.sentence for column in table.columns)
        assert table.key[0] == "account_id"
        assert not table.time or table.time in table


def test_what_is_personal_is_known() -> None:
    """Names, mail, addresses, numbers and texts that people wrote are marked for masking and clearing."""
    names = {name for _, name in PERSONAL}
    assert {"name", "email", "ip_address", "mac_addr", "pc_name", "harddisk_id", "phone_number", "comments", "body"} <= names
    assert {("meetings", "host_name"), ("meetings", "host_email"), ("people", "name"), ("people", "email")} <= PERSONAL


# Retention


TTL = "SELECT name, extract(engine_full, 'toIntervalDay\\((\\d+)\\)') FROM system.tables WHERE database = currentDatabase()"


def ttls(engine: EmbeddedEngine, *tables: str) -> list[str]:
    """How many days tables are kept; empty for ever."""
    found = dict(ask(engine, TTL))
    return [found[table] for table in tables]


def test_retention_is_set_changed_and_lifted(empty: EmbeddedEngine) -> None:
    """Each family's tables are kept as long as its setting says, as it says now."""
    days: list[int | str] = [92, 30, "forever", 400]
    found = []
    for kept in days:
        prepare(empty, Settings(**FOREVER | {"retention_qos_days": kept}))
        found.append(ttls(empty, "qos_minutes", "qos_summaries", "meetings", "people"))
    assert found == [["92", "92", "", ""], ["30", "30", "", ""], ["", "", "", ""], ["400", "400", "", ""]]


FAMILIES = {
    "meetings": ("meetings", lambda at: {"kind": "meeting", "start_time": at, "uuid": f"u{at}"}),
    "participants": ("meetings", lambda at: {"uuid": f"u{at}", "user_id": "1", "join_time": at}),
    "sharing": ("meetings", lambda at: {"uuid": f"u{at}", "user_id": "1", "at": at, "edge": "start", "content": "x"}),
    "feedback": ("meetings", lambda at: {"uuid": f"u{at}", "participant_uuid": "1", "at": at}),
    "alerts": ("meetings", lambda at: {"uuid": f"u{at}", "at": at, "issue": "x"}),
    "qos_minutes": ("qos", lambda at: {"uuid": f"u{at}", "user_id": "1", "minute": at, "leg": "cloud"}),
    "qos_summaries": ("qos", lambda at: {"uuid": f"u{at}", "user_id": "1", "type": "audio_input", "ended_at": at}),
    "raw_events": ("events", lambda at: {"event_time": at, "digest": "0" * 32, "body": "{}"}),
}


def test_what_is_past_retention_vanishes(empty: EmbeddedEngine) -> None:
    """Rows older than their family's days go when parts are merged; younger ones stay."""
    prepare(empty, Settings(retention_meetings_days=50, retention_qos_days=20, retention_events_days=10))
    now, left = int(time.time()), {}
    for table, (_, row) in FAMILIES.items():
        put(empty, table, *({"account_id": "a"} | row(now - age * DAY) for age in (5, 15, 40, 60)))
        empty.run(f"OPTIMIZE TABLE {table} FINAL")
        ((left[table],),) = ask(empty, f"SELECT count() FROM {table}")
    assert left == {table: {"meetings": 3, "qos": 2, "events": 1}[family] for table, (family, _) in FAMILIES.items()}
    empty.run("OPTIMIZE TABLE meeting_ids FINAL")
    assert ask(empty, "SELECT count() FROM meeting_ids") == [[3]]


def test_a_join_of_unknown_time_is_kept(empty: EmbeddedEngine) -> None:
    """A join that nobody gave a time for does not vanish as if it were from 1970."""
    prepare(empty, Settings())
    put(empty, "participants", {"account_id": "a", "uuid": "u", "user_id": "1", "email": "x@x.org"})
    empty.run("OPTIMIZE TABLE participants FINAL")
    assert ask(empty, "SELECT user_id FROM participants") == [["1"]]


# Merging, checked by hand: the rows, and what they merge to, in any order

MERGES: dict[Merge, tuple[str, list[Any], Any]] = {
    Merge.KNOWN: ("email", [None, "a@x.org", None], "a@x.org"),
    Merge.EARLIEST: ("join_time", [None, 1_772_445_700, 1_772_445_600], "2026-03-02T10:00:00Z"),
    Merge.GREATEST: ("leave_time", [1_772_445_600, None, 1_772_445_700], "2026-03-02T10:01:40Z"),
    Merge.LATEST: ("name", [[1.002, "Second"], [1.001, "Zed, first"], None], "Second"),
    Merge.FLAGS: ("features", [0b0001, 0b0100, 0b0101], 0b0101),
}


@pytest.mark.parametrize("merge", MERGES, ids=lambda m: m.value)
@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_rows_of_one_key_merge(engine: EmbeddedEngine, merge: Merge, order: tuple[int, ...]) -> None:
    """Three rows merge to what is worked out by hand, in any order, as a question merges them and as the engine does."""
    column, values, merged = MERGES[merge]
    assert TABLES["participants"][column].merge is merge
    key = {"account_id": f"{merge.value}-{order}", "uuid": "u", "user_id": "1"}
    put(engine, "participants", *(key | ({} if values[i] is None else {column: values[i]}) for i in order))
    asked = f"SELECT {TABLES['participants'].merged(column)} FROM participants WHERE account_id = {{a:String}} GROUP BY user_id"
    assert ask(engine, asked, a=key["account_id"]) == [[merged]]
    stored = f"{column}.2" if merge is Merge.LATEST else column
    assert ask(engine, f"SELECT {stored} FROM participants FINAL WHERE account_id = {{a:String}}", a=key["account_id"]) == [
        [merged]
    ]


SOME: dict[str, list[Any]] = {
    "email": [None, "a@x.org", "ä@x.org", "Z@x.org"],
    "device": [None, "Mac", "Windows"],
    "audio_score": [None, 0, 99, 430],
    "join_time": [None, 1_772_445_600, 1_772_445_700, 999_999_999],
    "leave_time": [None, 1_772_445_600, 1_772_445_700],
    "name": [None, [1.002, "Second"], [1.001, "Zed, first"], [1.002, "second"], [2, ""]],
    "internal_ip_addresses": [None, [1, ["10.0.0.9"]], [1, ["10.0.0.10"]], [2, []]],
    "features": [None, 1, 2, 5],
}


def test_rows_merge_here_as_in_the_engine(engine: EmbeddedEngine) -> None:
    """What is read as it is kept and merged here is what the engine makes of it, whatever the rows say."""
    rows, draw = [], random.Random(7)
    for _ in range(120):
        values = {name: draw.choice(some) for name, some in SOME.items()}
        key = {"account_id": "here", "uuid": draw.choice("uv"), "user_id": draw.choice("123")}
        rows.append(key | {name: value for name, value in values.items() if value is not None})
    put(engine, "participants", *rows)
    table, names = TABLES["participants"], ("uuid", "user_id", *SOME)
    where = "FROM participants WHERE account_id = 'here'"
    kept = ask(engine, f"SELECT {', '.join(names)} {where}")
    assert len(kept) > 6  # not merged yet
    expected = ask(engine, f"SELECT {table.merged(*names)} {where} GROUP BY uuid, user_id ORDER BY uuid, user_id")
    assert sorted(merge_here(table, names, kept), key=lambda row: row[:2]) == expected


def test_keys_keep_rows_apart(engine: EmbeddedEngine) -> None:
    """Rows of different keys never merge: another account, instance or join is another row."""
    keys = [dict(zip(("account_id", "uuid", "user_id"), key, strict=True)) for key in itertools.product(("k1", "k2"), "uv", "12")]
    put(engine, "participants", *keys)
    found = ask(engine, "SELECT count() FROM participants FINAL WHERE account_id IN ('k1', 'k2')")
    assert found == [[8]]


def test_numbers_lead_to_instances(engine: EmbeddedEngine) -> None:
    """The view files an instance under its uuid and its number, whichever row told the number."""
    base = {"account_id": "ids", "kind": "meeting", "start_time": 1_772_445_600, "uuid": "u"}
    put(engine, "meetings", base, base | {"number": 99}, base | {"end_time": 1_772_449_200})
    found = ask(engine, "SELECT id, max(end_time) FROM meeting_ids WHERE account_id = 'ids' GROUP BY id ORDER BY id")
    assert found == [["99", None], ["u", "2026-03-02T11:00:00Z"]]


def test_times_are_utc(engine: EmbeddedEngine) -> None:
    """An instant is written as it is: the machine's time zone plays no part."""
    at = int(datetime(2026, 7, 1, 12, tzinfo=UTC).timestamp())
    put(engine, "participants", {"account_id": "utc", "uuid": "u", "user_id": "1", "join_time": at})
    assert ask(engine, "SELECT min(join_time) FROM participants WHERE account_id = 'utc'") == [["2026-07-01T12:00:00Z"]]


def test_a_commit_may_touch_many_months(engine: EmbeddedEngine) -> None:
    """Facts of more than a hundred months go in at once."""
    rows = [{"account_id": "months", "uuid": "u", "at": 31 * DAY * n, "issue": "x"} for n in range(110)]
    engine.insert("alerts", b"\n".join(map(orjson.dumps, rows)), "JSONEachRow")
    assert ask(engine, "SELECT count() FROM alerts WHERE account_id = 'months'") == [[110]]
