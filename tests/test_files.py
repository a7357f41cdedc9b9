"""Files in and out: what is exported and imported into an empty account answers the same."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest

from bench import walk
from callboard import sim
from callboard.app import Parts
from callboard.demo import arrow_bytes
from callboard.dump import DUMPED, table_sheet
from callboard.endpoints import ENDPOINTS
from callboard.export import FORMATS, packed
from callboard.ingest import zoom_webhook
from callboard.loading import Loaded, Options, Refused, load
from tests.helpers import Office

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
DAYS = 2
DATES = {"from": "2026-03-01", "to": "2026-03-31"}
SILENT: dict[str, list[dict[str, Any]]] = {
    "alerts": [{"uuid": "u==", "at": "2026-03-03T10:00:00Z", "issue": "Unstable audio", "kind": "meeting"}],
    "crc_hours": [{"hour": "2026-03-03T10:00:00Z", "max_usage": 4, "total_usage": 9}],
    "chat_days": [{"user_id": "u-1", "day": "2026-03-03"}],
    "sync_days": [{"day": "2026-03-03", "listing": "list_meetings past", "state": "complete", "items": 2, "done": 2}],
}
"""Tables that the simulation has no rows of."""
FORM = {"csv": "zstd", "ndjson": "gzip", "parquet": ""}


@pytest.fixture(scope="module")
def organisation() -> sim.Organisation:
    return sim.Organisation(seed=6, people=24, account_id="simulated")


@pytest.fixture(scope="module")
def told(parts: Parts, organisation: sim.Organisation) -> Iterator[Office]:
    """An account with the simulated organisation in it: all its tables have rows."""
    from tests.contract.helpers import account

    with account(parts, "files-told") as office:
        for chunk in sim.history(organisation, until=NOW, days=DAYS):
            at = chunk.rows.column_names.index("account_id")
            rows = chunk.rows.set_column(at, "account_id", pa.array([office.account] * chunk.rows.num_rows))
            office.parts.writer.load(chunk.table, arrow_bytes(rows), "ArrowStream")
        for table, rows in SILENT.items():
            office.load(table, rows)
        for _, body in sim.founding_events(organisation):
            body["payload"]["account_id"] = office.account
            event = zoom_webhook.parse(body, NOW.timestamp())
            raw = zoom_webhook.raw(json.dumps(body).encode(), event.account_id, event.name, event.at, event.at, "applied")
            office.parts.writer.add([raw]).wait()
        yield office


def written(parts: Parts, account: str, table: str, form: str) -> bytes:
    """A table of an account as a file."""
    return b"".join(packed(FORMATS[form].write(table_sheet(parts.store, DUMPED[table], account)), FORM.get(form, "")))


def taken(parts: Parts, account: str, name: str, data: bytes, **options: Any) -> Loaded:
    """A file is loaded into an account."""
    loaded = Loaded()
    file = io.BufferedReader(io.BytesIO(data))  # type: ignore[type-var]
    load(file, name, Options(account, **options), parts.store, parts.writer, Refused(None), lambda _: None, loaded)
    return loaded


def dumped(parts: Parts, account: str, table: str) -> list[Any]:
    """The merged rows of a table."""
    return list(table_sheet(parts.store, DUMPED[table], account).rows)


def answers(office: Office) -> dict[str, Any]:
    """What every endpoint says, about ids that there are."""

    def get(path: str, params: dict[str, Any]) -> Any:
        return office.ask(path.replace("==", "%3D%3D"), **params)

    ids = walk.ids(get, DATES)
    ids |= {"webinarJoin": walk.webinar_join(get, ids)}
    found = {}
    for name, endpoint in ENDPOINTS.items():
        path, params = walk.request(endpoint, ids, DATES)
        answer = office.get(path, **params)
        assert answer.status_code == 200, answer.text
        text = re.sub(r'"(next_page_token|age_seconds|at)": ?("[^"]*"|-?\d+)', "", answer.text.replace(office.account, "own"))
        text = re.sub(r'("family": ?"events", ?"days": ?\w+, ?"oldest": ?)"[^"]*"', r"\1", text)  # they are not among the files
        found[name] = sorted(text.splitlines())  # the bulk stream has no order
    return found


FACTS = [name for name in DUMPED if name != "raw_events"]


@pytest.fixture(scope="module")
def copy(parts: Parts, told: Office) -> Office:
    """An empty account that got a file of every table, in the formats by turns."""
    made, forms = Office(parts, "files-copy", told.stack), list(FORM)
    for n, table in enumerate(FACTS):
        form = forms[n % len(forms)]
        loaded = taken(parts, made.account, f"x.{form}", written(parts, told.account, table, form), table=table)
        assert (loaded.refused, loaded.what) == (0, table)
    return made


def test_an_export_imported_into_an_empty_account_answers_the_same(told: Office, copy: Office) -> None:
    """Every endpoint of the registry."""
    before, after = answers(told), answers(copy)
    assert [name for name in before if before[name] != after[name]] == []


@pytest.mark.parametrize("form", FORM)
def test_every_table_survives_every_format(parts: Parts, told: Office, form: str) -> None:
    """The rows that are exported are, once imported, exported again, to the thousandth of a second."""
    account = f"files-{form}"
    for table in FACTS:
        if table == "qos_minutes" and form != "csv":
            continue  # large, and of numbers only
        assert taken(parts, account, f"{table}.{form}", written(parts, told.account, table, form)).refused == 0
        assert dumped(parts, account, table) == dumped(parts, told.account, table) != [], table


def test_raw_events_survive_as_a_log(parts: Parts, told: Office) -> None:
    """An export of raw events is a webhook log: importing it applies the events and keeps the bodies."""
    before = dumped(parts, told.account, "raw_events")
    loaded = taken(parts, told.account, "raw_events.ndjson", written(parts, told.account, "raw_events", "ndjson"))
    assert (loaded.what, loaded.refused, loaded.rows["raw_events"]) == ("webhooks", 0, len(before))
    assert dumped(parts, told.account, "raw_events") == before != []
