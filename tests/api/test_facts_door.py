"""The door for what no webhook tells: `POST /v1/facts/{table}`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from callboard.ingest.lines import LOADABLE
from callboard.store.tables import TABLES, Merge
from tests.helpers import Office

SAMPLE = {"room_id": "r", "at": 1772445600, "sensor": "CO2", "device_id": "d"}
ROOM = {"room_id": "room-1", "room_name": "Lisbon 1", "capacity": 8}


def post(office: Office, table: str, body: str, *scopes: str, role: str = "admin") -> Any:
    token = office.token(*(scopes or ("facts:write",)), role=role)
    return office.http.post(f"/v1/facts/{table}", content=body, headers={"Authorization": f"Bearer {token}"})


def rooms(office: Office) -> list[Any]:
    sql = (
        "-- test\nSELECT room_id, max(room_name).2, max(capacity).2 FROM rooms "
        "WHERE account_id = {account:String} GROUP BY room_id ORDER BY room_id"
    )
    return office.parts.store.ask(sql, {"account": office.account}).rows


def test_rows_that_are_taken_are_there(office: Office) -> None:
    """Acknowledged means in the store."""
    answer = post(office, "rooms", json.dumps(ROOM))
    assert answer.json() == {"table": "rooms", "accepted": 1, "refused": 0, "errors": []}
    assert rooms(office) == [["room-1", "Lisbon 1", 8]]


def test_a_bad_row_spoils_no_other(office: Office) -> None:
    """Each refused line is told of with its number and reason; the rest is kept."""
    lines = [
        json.dumps(ROOM),
        "{",
        json.dumps({"room_name": "?"}),
        '{"room_id": "room-2", "capacity": -1}',
        '{"room_id": "room-3"}',
    ]
    said = post(office, "rooms", "\n".join(lines)).json()
    assert (said["accepted"], said["refused"]) == (2, 3)
    assert [(e["line"], e["reason"].partition(":")[0]) for e in said["errors"]] == [
        (2, "not JSON"),
        (3, "room_id"),
        (4, "capacity"),
    ]
    assert [room[0] for room in rooms(office)] == ["room-1", "room-3"]


def test_what_was_said_later_wins(office: Office) -> None:
    """`event_time` says when a value that may change was said, whichever row comes last."""
    later = ROOM | {"room_name": "Renamed", "event_time": "2026-03-02T10:00:00Z"}
    office.load("rooms", [later, ROOM | {"event_time": "2026-03-01T10:00:00Z"}])
    assert rooms(office) == [["room-1", "Renamed", 8]]


@pytest.mark.parametrize(
    ("table", "row", "reason"),
    [
        ("rooms", [], "not a JSON object"),
        ("rooms", {"room_id": 7}, "room_id: 7 is not a text"),
        ("rooms", ROOM | {"seats": 3}, "seats: no such column"),
        ("rooms", ROOM | {"account_id": "another"}, "account_id: another account's"),
        ("rooms", ROOM | {"capacity": True}, "capacity: True is not a whole number"),
        ("rooms", ROOM | {"event_time": "soon"}, "event_time: 'soon' is not a time"),
        ("room_issues", {"room_id": "r", "at": "2026-03-02T10:00:00Z", "issue": "x", "edge": "up"}, "edge: 'up' is none of"),
        ("crc_hours", {"hour": "nine"}, "hour: 'nine' is not a time"),
        ("chat_days", {"day": "2026-13-01", "user_id": "u"}, "day: '2026-13-01' is not a day"),
        (
            "room_samples",
            {"room_id": "r", "at": 1, "sensor": "CO2", "device_id": "d", "value": "much"},
            "value: 'much' is not a number",
        ),
        ("participants", {"uuid": "u", "user_id": "1", "features": ["DANCE"]}, "features: ['DANCE'] is not a list of features"),
        ("questions", {"uuid": "u", "question_id": "1", "answers": [{"who": "x"}]}, "answers: no member 'who'"),
        ("people", {"user_id": "1", "group_ids": "g"}, "group_ids: 'g' is not a list"),
    ],
)
def test_what_a_table_cannot_hold_is_refused_with_the_reason(office: Office, table: str, row: Any, reason: str) -> None:
    """The column, and what is wrong with it."""
    assert post(office, table, json.dumps(row)).json()["errors"][0]["reason"].startswith(reason)


VALUES = {
    "String": "x",
    "Date": "2026-03-02",
    "Float64": 1.5,
    "Array(String)": ["x"],
    "DateTime('UTC')": "2026-03-02T10:00:00Z",
    "LowCardinality(String)": "x",
}


def value(type_: str) -> Any:
    """A value of a ClickHouse type."""
    if type_.startswith("Enum"):
        return type_.split("'")[1]
    if type_.startswith("Array(Tuple"):
        return [["x"] * (type_.count(",") + 1)]
    return VALUES.get(type_, 1)


@pytest.mark.parametrize("name", LOADABLE)
def test_every_column_of_every_table_can_be_loaded(office: Office, name: str) -> None:
    """A row with all columns filled is taken, and is in its table with all of them."""
    table = TABLES[name]
    office.load(name, [{c.name: value(c.type) for c in table.columns if c.name != "account_id"}])
    merged = ", ".join(f"{c.merged} AS {c.name}_" for c in table.columns if c.merge is not Merge.KEY)
    sql = f"-- test\nSELECT {merged or 1} FROM {name} WHERE account_id = {{account:String}} GROUP BY {', '.join(table.key)}"
    (row,) = office.parts.store.ask(sql, {"account": office.account}).rows
    assert all(found not in (None, "", []) for found in row)


@pytest.mark.parametrize("table", ["raw_events", "meeting_ids", "nothing"])
def test_tables_that_are_filled_from_others_take_no_rows(office: Office, table: str) -> None:
    """404, and the tables that do."""
    answer = post(office, table, "{}")
    assert (answer.status_code, "rooms" in answer.json()["message"]) == (404, True)


def test_an_empty_body_is_an_error(office: Office) -> None:
    """Nothing was sent: most likely not what was meant."""
    assert post(office, "rooms", "").status_code == 400


@pytest.mark.parametrize("scope", ["dashboard:read", "dashboard:read:admin", "report:read:admin"])
def test_scopes_that_read_do_not_write(office: Office, scope: str) -> None:
    """It takes `facts:write`."""
    answer = post(office, "rooms", json.dumps(ROOM), scope)
    assert (answer.status_code, answer.json()["code"]) == (403, 4711)


def test_only_an_admin_writes(office: Office) -> None:
    """A viewer with the scope may not."""
    assert post(office, "rooms", json.dumps(ROOM), "facts:write", role="viewer").status_code == 403


def test_a_long_body_is_taken_in_pieces(office: Office) -> None:
    """Lines that a piece's end cuts are whole again: 20,000 rows, no line lost, the right one refused."""
    lines = [json.dumps({"room_id": f"room-{n}", "room_name": "x" * 100}) for n in range(20_000)]
    lines[12_345] = "{}"
    said = post(office, "rooms", "\n".join(lines) + "\n").json()
    assert (said["accepted"], said["errors"]) == (19_999, [{"line": 12_346, "reason": "room_id: missing, and part of the key"}])
