"""The engine: what it is asked, what it is bound to, and what it says when it is too much."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callboard.app import Parts
from callboard.contract.errors import Unavailable
from callboard.demo import arrow_bytes
from callboard.store.embedded import EmbeddedEngine, FolderInUse, FolderLock
from callboard.store.engine import EngineError, literal, parse_result, translate
from tests.store.databases import database

LONG = "SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1"
HUGE = "SELECT groupArray(toString(number)) FROM numbers(50000000)"


@pytest.fixture(scope="module")
def small(parts: Parts) -> Iterator[EmbeddedEngine]:
    """An engine with the least limits."""
    with database(parts, seconds=1, memory_mb=60, threads=1) as engine:
        yield engine


def test_a_question_that_takes_too_long_is_ended(small: EmbeddedEngine) -> None:
    """After the seconds that were set: 503, which says to ask for less."""
    began = time.monotonic()
    with pytest.raises(Unavailable, match="too long") as refused:
        small.read(LONG)
    assert time.monotonic() - began < 5
    assert (refused.value.status, refused.value.headers["Retry-After"]) == (503, "5")


def test_a_question_that_needs_too_much_memory_is_ended(small: EmbeddedEngine) -> None:
    """Beyond the memory that was set: 503."""
    with pytest.raises(Unavailable, match="memory"):
        small.read(HUGE)


@pytest.mark.parametrize("sql", [LONG, HUGE, "SELECT throwIf(number = 150000) FROM numbers(200000)", "SELECT nonsense"])
@pytest.mark.parametrize("wide", [False, True])
def test_a_question_that_failed_spoils_no_other_answer(small: EmbeddedEngine, sql: str, wide: bool) -> None:
    """The next answer on the same connection is its own, and holds nothing of the answer that was broken off."""
    with pytest.raises((Unavailable, EngineError)):
        small.read(sql, wide=wide)
    assert parse_result(small.read("SELECT 1", wide=wide)).rows == [[1]]


def test_a_question_cannot_change_anything(small: EmbeddedEngine) -> None:
    """Questions are read-only."""
    with pytest.raises(EngineError):
        small.read("CREATE TABLE x (a Int8) ENGINE = Memory")


def test_a_question_that_makes_no_sense_is_an_error(small: EmbeddedEngine) -> None:
    """Bad SQL is a fault of ours, not a store that is busy; as an answer, and as a stream."""
    with pytest.raises(EngineError):
        small.read("SELECT no_such_column FROM nowhere")
    with pytest.raises(EngineError):
        list(small.stream("SELECT no_such_column FROM nowhere"))


@pytest.mark.parametrize(
    "value",
    [
        "",
        "plain",
        "it's",
        'a "quoted" \\ one',
        "line\nbreak",
        "tab\t",
        "end\\",
        r"a\nb",
        "{x:String}",
        "' OR 1 = 1 --",
        "é\U0001f600",
    ],
)
def test_texts_are_bound_as_they_are(small: EmbeddedEngine, value: str) -> None:
    """Any text comes back as it was sent, alone and in a list."""
    asked = small.read("SELECT {one:String}, {many:Array(String)}", {"one": value, "many": [value, value]})
    assert parse_result(asked).rows == [[value, [value, value]]]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=10))
def test_no_text_becomes_sql(small: EmbeddedEngine, value: str) -> None:
    """Whatever a caller sends, it is a value."""
    asked = small.read("SELECT {one:String}, {many:Array(String)}", {"one": value, "many": [value]})
    assert parse_result(asked).rows == [[value, [value]]]


def test_numbers_are_numbers_and_times_are_iso(small: EmbeddedEngine) -> None:
    """Large whole numbers come as JSON numbers, and instants as `...Z`."""
    sql = "SELECT toUInt64(18446744073709551615), toDateTime(1772445600, 'UTC'), {n:UInt64}, {ns:Array(UInt32)}"
    (row,) = parse_result(small.read(sql, {"n": 2**64 - 1, "ns": [1, 2]})).rows
    assert row == [2**64 - 1, "2026-03-02T10:00:00Z", 2**64 - 1, [1, 2]]


def test_a_stream_comes_in_pieces(small: EmbeddedEngine) -> None:
    """A long answer is handed on before it is whole, and is whole in the end."""
    pieces = list(small.stream("SELECT number FROM numbers(200000)"))
    assert len(pieces) > 1
    assert b"".join(pieces).count(b"\n") == 200_000


def test_a_stream_may_be_left(small: EmbeddedEngine) -> None:
    """A caller that goes away in the middle of a stream leaves an engine that answers."""
    for _ in range(4):
        stream = small.stream("SELECT number FROM numbers(100000000)")
        next(stream)
        stream.close()  # type: ignore[attr-defined]
    assert parse_result(small.read("SELECT 1")).rows == [[1]]


def test_threads_ask_at_once(small: EmbeddedEngine) -> None:
    """Every thread gets the answers to its own questions."""
    with ThreadPoolExecutor(8) as threads:
        found = threads.map(lambda n: parse_result(small.read("SELECT {n:UInt32}", {"n": n})).rows[0][0], range(200))
    assert list(found) == list(range(200))


def test_what_is_inserted_is_seen_at_once_by_all(small: EmbeddedEngine) -> None:
    """A row is in every thread's answers when its insert returns."""
    small.run("CREATE TABLE seen (n UInt32) ENGINE = MergeTree ORDER BY n")
    with ThreadPoolExecutor(4) as threads:
        for n in range(1, 21):
            small.insert("seen", orjson.dumps({"n": n}), "JSONEachRow")
            assert set(threads.map(lambda _: parse_result(small.read("SELECT count() FROM seen")).rows[0][0], range(4))) == {n}


def test_a_failed_insert_leaves_the_next_one_alone(engine: EmbeddedEngine) -> None:
    """After rows that were refused, the same thread's next rows go in, every time: it is a race, so many times."""
    good = {"account_id": "a", "uuid": "u", "user_id": "1"}
    rows = b"\n".join(map(orjson.dumps, [good, good | {"features": "x"}, good]))

    def insert(n: int) -> None:
        try:
            engine.insert("participants", rows, "JSONEachRow")
        except EngineError:  # as the writer does it, while the refusal is still at hand
            engine.insert("participants", orjson.dumps(good), "JSONEachRow")

    for _ in range(4):
        with ThreadPoolExecutor(1) as thread:
            list(thread.map(insert, range(20)))


def test_a_closed_engine_says_so(parts: Parts) -> None:
    """A question after closing is an error with words, not a crash."""
    with database(parts) as engine:
        pass
    with pytest.raises(EngineError), ThreadPoolExecutor(1) as thread:
        thread.submit(engine.read, "SELECT 1").result()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Code: 159. DB::Exception: Timeout exceeded", Unavailable),
        ("Code: 241. DB::Exception: Memory limit", Unavailable),
        ("Code: 202. DB::Exception: Too many", Unavailable),
        ("Code: 62. DB::Exception: Syntax error: 'Code: 1590.'", EngineError),
        ("", EngineError),
    ],
)
def test_error_texts_are_told_apart(text: str, kind: type[Exception]) -> None:
    """A limit that was hit is 503; anything else is a fault."""
    assert type(translate(text)) is kind


@pytest.mark.parametrize(
    ("value", "written"), [(5, "5"), ("x", "x"), ([1, 2], "[1,2]"), (["a'b", "\\"], "['a\\'b','\\\\']"), ((), "[]")]
)
def test_parameters_are_written_for_the_engine(value: Any, written: str) -> None:
    """Numbers and texts as they are, lists as literals."""
    assert literal(value) == written


def test_a_folder_has_one_owner(parts: Parts) -> None:
    """A second owner of a data folder is refused, and told who has it."""
    with pytest.raises(FolderInUse, match=r"in use by process \d+"):
        FolderLock(parts.settings.data_dir)


@pytest.mark.parametrize("form", ["JSONEachRow", "ArrowStream"])
def test_a_default_that_fails_is_an_error(small: EmbeddedEngine, form: str) -> None:
    """Rows whose defaults can't be computed are not stored, and that is told: they may not be acknowledged."""
    small.run(f"CREATE TABLE picky_{form} (n UInt64, d UInt8 DEFAULT throwIf(n = 50)) ENGINE = MergeTree ORDER BY n")
    rows = pa.table({"n": pa.array(range(3000), pa.uint64())})
    data = arrow_bytes(rows) if form == "ArrowStream" else b"\n".join(orjson.dumps(row) for row in rows.to_pylist())
    with pytest.raises(EngineError):
        small.insert(f"picky_{form}", data, form)
    small.insert(f"picky_{form}", orjson.dumps({"n": 1}), "JSONEachRow")
    assert parse_result(small.read(f"SELECT count() FROM picky_{form}")).rows == [[1]]


def test_rows_come_with_names(small: EmbeddedEngine) -> None:
    """A format that counts columns off is refused before anything is written."""
    with pytest.raises(EngineError):
        small.insert("seen", b"1\n", "TSV")


def test_minutes_of_every_sort_are_stored_in_bulk(engine: EmbeddedEngine) -> None:
    """Scores are computed as rows are stored, of streams without bitrate and pictures without size too: none is lost."""
    base = {"account_id": "a", "uuid": "u", "user_id": "1", "leg": "cloud"}
    figures = [{"bitrate": b, "latency": n, "jitter": n, "avg_loss": n, "width": w, "height": w, "frame_rate": n}
               for b in (0, 1, 2**32 - 1) for w in (0, 1, 65_535) for n in (0, 65_535)]  # fmt: skip
    rows = [
        base | {"minute": 60 * (len(figures) * n + m)} | {f"video_output_{name}": value for name, value in each.items()}
        for n in range(200)
        for m, each in enumerate(figures)
    ]
    engine.insert("qos_minutes", arrow_bytes(pa.Table.from_pylist(rows)), "ArrowStream")
    assert parse_result(engine.read("SELECT count() FROM qos_minutes WHERE account_id = 'a'")).rows == [[len(rows)]]
