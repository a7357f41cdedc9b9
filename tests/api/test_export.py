"""`GET /v1/export/{endpoint}`: any answer as a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from callboard.api.export_door import ExportParams
from callboard.endpoints import ENDPOINTS
from callboard.endpoints.sheets import PAGING
from tests.api import registry
from tests.api.conftest import FROM_TO
from tests.helpers import Office, a_meeting


def export(office: Office, name: str, /, **params: Any) -> bytes:
    answer = office.get(f"/v1/export/{name}", **params)
    assert answer.status_code == 200, answer.text
    return answer.content


def lines(body: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in body.splitlines()]


def ids(endpoint: Any) -> dict[str, str]:
    """The parameters of an endpoint's path, as a query gives them."""
    from urllib.parse import unquote

    at = dict(zip(endpoint.url.split("/"), registry.path(endpoint).split("/"), strict=True))
    return {part.strip("{}").partition(":")[0]: unquote(value) for part, value in at.items() if part.startswith("{")}


@pytest.mark.parametrize("name", registry.NAMES)
def test_every_endpoint_is_exported(name: str, small: Office) -> None:
    """Lines and cells hold the same rows, under columns that are told even where there are none."""
    endpoint = ENDPOINTS[name]
    asked = registry.params(endpoint) | ids(endpoint)
    rows = lines(export(small, name, format="ndjson", **asked))
    assert {str(row) for row in rows if not row} == set()
    head, *cells = csv.reader(io.StringIO(export(small, name, values="zoom", **asked).decode()))
    assert len(cells) == len(rows)
    assert head
    assert not any(PAGING.fullmatch(column) for column in head)


def test_no_parameter_is_hidden() -> None:
    """No endpoint has a parameter that the export takes for its own, but the format that it replaces."""
    hidden = {(e.name, p) for e in ENDPOINTS.values() for p in set(ExportParams.model_fields) & set(e.params.model_fields)}
    assert hidden == {("bulk_qos", "format")}


@pytest.fixture(scope="module")
def many(parts: Any) -> Iterator[Office]:
    from tests.contract.helpers import account

    with account(parts, "many-pages") as office:
        rows = [
            {"kind": "meeting", "uuid": f"m{n}", "start_time": f"2026-03-02T10:{n // 60:02d}:{n % 60:02d}Z",
             "end_time": "2026-03-02T12:00:00Z", "topic": f"={n}", "number": 80000000000 + n}
            for n in range(650)
        ]  # fmt: skip
        office.load("meetings", rows)
        yield office


def test_all_pages_are_joined(many: Office) -> None:
    """650 meetings, of which a page holds 300 at the most, are one file, each of them once."""
    rows = lines(export(many, "list_meetings", format="ndjson", type="past", page_size=30, page_number=2, **FROM_TO))
    assert len(rows) == len({row["uuid"] for row in rows}) == 650


def test_formats_hold_the_same(many: Office) -> None:
    """JSON, Parquet and XLSX hold what the lines hold; times and numbers have their types."""
    asked: dict[str, Any] = {"type": "past", **FROM_TO, "columns": "uuid,number,start_time,topic"}
    rows = lines(export(many, "list_meetings", format="ndjson", **asked))
    assert json.loads(export(many, "list_meetings", format="json", **asked)) == rows
    table = pq.read_table(io.BytesIO(export(many, "list_meetings", format="parquet", **asked)))
    assert table.column("number").to_pylist() == [row["number"] for row in rows]
    assert f"{table.column('start_time')[0].as_py():%Y-%m-%dT%H:%M:%SZ}" == rows[0]["start_time"]
    book = openpyxl.load_workbook(io.BytesIO(export(many, "list_meetings", format="xlsx", **asked)))
    head, *cells = list(book.worksheets[0].iter_rows())
    assert [cell.value for cell in head] == ["uuid", "number", "start_time", "topic"]
    assert [(c[0].value, c[1].value, f"{c[2].value:%Y-%m-%dT%H:%M:%SZ}", c[3].value) for c in cells] == [
        (row["uuid"], row["number"], row["start_time"], row["topic"]) for row in rows
    ]
    assert {cell.data_type for row in cells for cell in row[3:]} == {"s"}


def test_no_text_becomes_a_formula(many: Office) -> None:
    """A topic that begins with = has a ' in front in CSV, unless it is not wanted."""
    asked: dict[str, Any] = {"type": "past", **FROM_TO, "columns": "topic"}
    topics = [export(many, "list_meetings", **asked, **guard).splitlines()[1] for guard in ({}, {"guard": "false"})]
    assert topics[0] == b"'" + topics[1]
    assert topics[1].startswith(b"=")


def test_the_file_has_a_name(many: Office) -> None:
    """It says what is in it."""
    answer = many.get("/v1/export/list_meetings", format="xlsx", type="past", **FROM_TO)
    assert answer.headers["content-disposition"] == 'attachment; filename="list_meetings_2026-03-01_2026-03-31.xlsx"'
    assert answer.headers["content-type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_a_meeting_is_named_in_the_query(office: Office) -> None:
    """A uuid with + and / may stand there as it is, and nested objects are columns with dots in Zoom's form."""
    office.given(a_meeting("+a/b=="))
    answer = office.http.get(
        "/v1/export/list_meeting_participants?type=past&meetingId=+a/b==&format=ndjson&columns=user_name&values=zoom",
        headers={"Authorization": f"Bearer {office.token()}"},
    )
    assert [row["user_name"] for row in lines(answer.content)] == ["Person 0", "Person 1"]


@pytest.mark.parametrize(
    ("name", "params", "status", "says"),
    [
        ("no_such", {}, 404, "no_such"),
        ("list_meetings", {"format": "pdf"}, 400, "format"),
        ("list_meetings", {"type": "past"}, 400, "from"),
        ("list_meetings", {"columns": "uuid,nonsense"}, 400, "nonsense"),
        ("list_meetings", {"rows": "nonsense"}, 400, "nonsense"),
        ("get_meeting", {"meetingId": "5"}, 404, "not available"),
    ],
)
def test_what_is_wrong_is_an_answer(many: Office, name: str, params: dict[str, str], status: int, says: str) -> None:
    """Nothing of a file is sent when it can't be made."""
    answer = many.get(f"/v1/export/{name}", **params)
    assert answer.status_code == status
    assert says in answer.json()["message"]


def test_access_is_the_endpoints(many: Office) -> None:
    """Scope, role and rate class are those of what is exported."""
    assert many.get("/v1/export/list_meetings", token=many.token("dashboard_webinars:read")).status_code == 403
    viewer = many.token(role="viewer", families=["webinars"])
    assert many.get("/v1/export/list_meetings", token=viewer).status_code == 403
    limited = many.reopened(rate_policy="documented")
    headers = limited.get("/v1/export/list_meetings").headers
    assert headers["x-ratelimit-limit"] == limited.get("/v2/metrics/meetings").headers["x-ratelimit-limit"]
