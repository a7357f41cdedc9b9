"""What a file holds: packing, form and meaning are told from its bytes, and a bad row spoils no other."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callboard.export import FORMATS, Sheet, packed
from callboard.export.text import guarded, unguarded
from callboard.ingest.files import BadFile, table_of, typed
from callboard.loading import Loaded, Options, Refused, load
from callboard.store.tables import MEETINGS
from tests.helpers import Office, a_meeting, instance

ROOM = {"room_id": "room-1", "room_name": "=Lisbon", "capacity": 8}
LINES = [json.dumps(ROOM), "{", json.dumps({"room_name": "?"}), '{"room_id": "room-2", "capacity": -1}', '{"room_id": "room-3"}']


class Stream(io.RawIOBase):
    """Bytes that can't be sought in, as those of a pipe."""

    def __init__(self, data: bytes) -> None:
        self._inner = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._inner.readinto(buffer)


def opened(data: bytes) -> io.BufferedReader:
    return io.BufferedReader(Stream(data))


def read(data: bytes, name: str = "x", office: Office | None = None, **options: Any) -> Loaded:
    """What would be loaded, or is loaded into an account."""
    store, writer = (office.parts.store, office.parts.writer) if office else (None, None)
    given, loaded = {"account_id": office.account if office else "acc"} | options, Loaded()
    load(opened(data), name, Options(**given), store, writer, Refused(None), lambda _: None, loaded)
    return loaded


def count(office: Office, table: str) -> int:
    sql = f"-- test\nSELECT count() FROM {table} FINAL WHERE account_id = {{account:String}}"
    found: int = office.parts.store.ask(sql, {"account": office.account}).rows[0][0]
    return found


def zstd(data: bytes) -> bytes:
    return b"".join(packed(iter([data]), "zstd"))


@pytest.mark.parametrize(
    "pack", [bytes, gzip.compress, zstd, lambda d: gzip.compress(zstd(d)), lambda d: gzip.compress(d[:9]) + gzip.compress(d[9:])]
)
@pytest.mark.parametrize("form", ["ndjson", "csv", "parquet"])
def test_form_and_packing_are_told_from_the_bytes(pack: Any, form: str) -> None:
    """Whatever it is packed in, and from a pipe too."""
    data = b"".join(FORMATS[form].write(Sheet(("room_id", "room_name", "capacity"), [ROOM])))
    loaded = read(pack(data))
    assert (loaded.what, dict(loaded.rows), loaded.refused) == ("rooms", {"rooms": 1}, 0)


def test_a_bad_line_spoils_no_other() -> None:
    """Each refused line is told of with its number and reason; the rest is taken."""
    loaded = read("\n".join(LINES).encode())
    assert (loaded.rows["rooms"], loaded.refused) == (2, 3)
    assert [(f["line"], f["reason"].partition(":")[0]) for f in loaded.first] == [
        (2, "not JSON"),
        (3, "room_id"),
        (4, "capacity"),
    ]
    assert loaded.first[0]["row"] == "{"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"PK\x03\x04...", "workbook"),
        (b"\xff\xfea\0", "UTF-16"),
        (gzip.compress(b"x" * 100_000)[:-20], "gzip"),
        (b"\x28\xb5\x2f\xfdnonsense", "zstd"),
        (b"PAR1nonsense", "Parquet"),
        (b'{"colour": 1}', "--table"),
        (b'room_id,room_id\n1,2\n', "two columns"),
        (b'room_id,room_name\n1,"' + b"x" * (5 << 20), "quote"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_told(data: bytes, says: str) -> None:
    """With what it is, or what to do."""
    with pytest.raises(BadFile, match=says):
        read(data)


def test_what_was_read_before_a_break_is_kept(office: Office) -> None:
    """A file that was cut is taken up to the cut."""
    lines = "".join(json.dumps({"room_id": f"r{n}", "room_name": "x" * 50}) + "\n" for n in range(20_000)).encode()
    loaded = Loaded()
    with pytest.raises(BadFile):
        load(
            opened(gzip.compress(lines)[:-50]), "rooms.gz", Options(office.account), None, office.parts.writer, Refused(None),
            lambda _: None, loaded,
        )  # fmt: skip
    found = office.parts.store.ask(
        "-- test\nSELECT uniqExact(room_id) FROM rooms WHERE account_id = {a:String}", {"a": office.account}
    )
    assert found.rows == [[loaded.rows["rooms"]]]
    assert loaded.rows["rooms"] > 10_000


def test_a_line_that_never_ends_is_refused_and_the_next_is_read() -> None:
    """Memory does not grow with it."""
    loaded = read(b'{"room_id": "' + b"x" * (9 << 20) + b'"}\n{"room_id": "r"}\n')
    assert (loaded.rows["rooms"], loaded.refused, loaded.first[0]["line"]) == (1, 1, 1)


def test_a_cell_that_is_no_utf_8_is_refused() -> None:
    """And so is a record with more cells than heads."""
    loaded = read(b"room_id,room_name\n1,caf\xe9\n2,ok\n3,a,b\n", table="rooms")
    assert (loaded.rows["rooms"], [f["reason"] for f in loaded.first]) == (1, ["not UTF-8", "3 cells under 2 heads"])


def test_cells_are_read_by_the_types_of_their_columns() -> None:
    """Numbers, lists and features are texts in a file."""
    said = {"uuid": "7", "number": "8", "topic": "8", "custom_keys": '[["a","b"]]', "features": "VIDEO PSTN", "type": "x"}
    assert typed(MEETINGS, said) == said | {"number": 8, "custom_keys": [["a", "b"]], "features": ["VIDEO", "PSTN"]}


def test_the_table_is_told_from_the_columns_where_they_tell() -> None:
    """The only one that has them all, and whose key they hold."""
    assert table_of({"room_id": "r", "room_name": "x", "event_time": 1}) == "rooms"
    with pytest.raises(BadFile, match="--table"):
        table_of({"uuid": "u"})


@given(st.text())
def test_a_guarded_text_is_no_formula_and_comes_back(text: str) -> None:
    """Whatever it is."""
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in tuple("=+-@\t\r")


def test_a_parquet_of_others_is_read() -> None:
    """Times are times there, and lists are lists."""
    made = io.BytesIO()
    at = pa.array([1772445600], pa.timestamp("s")).cast(pa.timestamp("us"))
    pq.write_table(pa.table({"uuid": ["u=="], "at": at, "issue": ["Unstable audio"]}), made)
    loaded = read(made.getvalue())
    assert (loaded.what, loaded.refused) == ("alerts", 0)


# Logs


def wrap(body: dict[str, Any]) -> Iterator[Any]:
    yield body
    yield {"@timestamp": "2026-03-02T10:00:01.500Z", "message": json.dumps(body), "host": "lb"}
    yield {"received_at": 1772445601, "body": body}
    yield {"time": "2026-03-02T10:00:01Z", "payload": json.dumps(body)}


@pytest.mark.parametrize("nth", range(4))
def test_a_webhook_log_is_what_the_door_would_have_taken(office: Office, nth: int) -> None:
    """Bare or wrapped, its facts answer as if they had been posted, and the bodies are kept raw."""
    events = a_meeting(f"log-{nth}==")
    for event in events:
        event["payload"]["account_id"] = office.account
    lines = [json.dumps(list(wrap(event))[nth]) for event in events]
    for _ in range(2):
        loaded = read("\n".join(lines).encode(), office=office)
    assert (loaded.what, loaded.refused, loaded.rows["raw_events"]) == ("webhooks", 0, len(events))
    (listed,) = office.ask("/v2/metrics/meetings", type="past", from_="2026-03-01", to="2026-03-03")["meetings"]
    assert (listed["participants"], listed["duration"]) == (2, "40:30")
    raw = office.parts.store.ask(
        "-- test\nSELECT count() FROM raw_events FINAL WHERE account_id = {a:String}", {"a": office.account}
    )
    assert raw.rows == [[len(events)]]


def test_posted_and_imported_bodies_are_one(office: Office) -> None:
    """The same bytes are the same raw event, whichever way they came."""
    event = instance("meeting.started") | {"event_ts": 1772445600000}
    event["payload"]["account_id"] = office.account
    body = json.dumps(event).encode()
    assert office.post(body).status_code == 200
    read(json.dumps({"body": body.decode()}).encode(), office=office)
    raw = office.parts.store.ask(
        "-- test\nSELECT count() FROM raw_events FINAL WHERE account_id = {a:String}", {"a": office.account}
    )
    assert raw.rows == [[1]]


def test_lines_that_are_no_events_of_the_account_are_refused(office: Office) -> None:
    """Another account's, one without what it is about, and one without a body."""
    own, other, empty = instance("meeting.started"), instance("meeting.started"), instance("meeting.started")
    own["payload"]["account_id"], other["payload"]["account_id"] = office.account, "other"
    empty["payload"]["object"] = {}
    loaded = read("\n".join(map(json.dumps, (own, other, empty, {"level": "info"}))).encode(), office=office)
    reasons = ["account other is not", "no uuid", "no webhook body"]
    assert [f["reason"].startswith(r) for f, r in zip(loaded.first, reasons, strict=True)] == [True] * 3


# Memory

MEASURE = """
import io, resource, sys, zlib
sys.path.insert(0, {root!r})
from callboard.export import FORMATS, Sheet
from callboard.loading import Loaded, Options, Refused, load
from tests.ingest.test_files import opened

class Rows(io.RawIOBase):
    def __init__(self, count): self.left, self.n = count, 0
    def readable(self): return True
    def readinto(self, buffer):
        if self.n >= self.left: return 0
        piece = b"".join(b'{{"room_id": "r%d", "room_name": "%s"}}\\n' % (self.n + i, b"x" * 200) for i in range(200))
        self.n += 200
        buffer[: len(piece)] = piece
        return len(piece)

def peak(count):
    load(io.BufferedReader(Rows(count), 1 << 16), "rooms", Options("a"), None, None, Refused(None), lambda _: None, Loaded())
    rows = lambda: ({{"a": n, "b": "x" * 200, "c": "2026-03-02T10:00:00Z"}} for n in range(count))
    for form in FORMATS.values():
        for piece in form.write(Sheet(("a", "b", "c"), rows())): pass
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

first = peak(8_000)
print((peak(40_000) - first) // 1024)
"""


def test_memory_is_flat() -> None:
    """Reading and writing five times the rows (9 MB of text, in every format) takes no more than some MB more."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE.format(root=".")], capture_output=True, text=True, check=True, timeout=100
    )
    assert int(done.stdout) < 20, done.stdout
