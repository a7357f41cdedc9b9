"""Who may not see personal data sees none: every endpoint, on an account in which everything is personal that can be."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any
from urllib.parse import quote, unquote

import httpx2 as httpx
import pytest

from callboard.endpoints import ENDPOINTS
from callboard.endpoints.personal import PLACES
from callboard.store.engine import parse_result
from callboard.store.tables import PERSONAL, TABLES
from tests.api.registry import params
from tests.contract.facts import ENDPOINT_FACTS
from tests.contract.test_answers import ASKED, DAYS, requests
from tests.helpers import Office

NAMES = sorted(ENDPOINTS)
SHORTEST = 4
"""Shorter texts are found in others by chance."""
ALSO_PUBLIC = {"host_answered_publicly", "2026-03-02T10:12:00Z"}
"""What an answer to a question says beside who and what: how, and when."""


def texts(value: Any) -> Iterator[str]:
    """All texts in an answer."""
    if isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, str):
        yield value


def kept(office: Office, places: set[tuple[str, str]]) -> set[str]:
    """The texts that columns of the account hold."""
    found: set[str] = set()
    for table, column in sorted(places):
        if table == "raw_events" or "String" not in TABLES[table][column].plain_type:
            continue
        sql = f"SELECT {column} FROM {table} WHERE account_id = {{account:String}}"
        for (value,) in parse_result(office.parts.engine.read(sql, {"account": office.account}, wide=True)).rows:
            found |= set(texts(value))
    return found


@pytest.fixture(scope="module")
def personal(filled: Office) -> set[str]:
    """All that is personal in the account, and nothing else there as well."""
    columns = {(table.name, column.name) for table in TABLES.values() for column in table.columns}
    public = kept(filled, columns - PERSONAL)
    return {text for text in kept(filled, PERSONAL) - public - ALSO_PUBLIC if len(text) >= SHORTEST}


@cache
def hidden(office: Office) -> str:
    """The token of a client that may see all but personal data."""
    made = office.parts.control.create_client(office.account, "no names", now=1, hide_personal=True)
    return office.desk.tokens.issue(made.client, list(made.client.scopes))


IDS = {
    "number": "84500011122",
    "userId": "person-host",
    "zoomroomId": "room-1",
    "participantId": "1001",
    "feedbackId": "46",
    "name": "host",
}


def asked(name: str) -> list[tuple[str, dict[str, Any]]]:
    """How to ask an endpoint so that it shows all that it can."""
    endpoint = ENDPOINTS[name]
    if name in ENDPOINT_FACTS or name in ASKED:
        return requests(name)
    about = params(endpoint) | (DAYS if "from_" in endpoint.params.model_fields else {})
    found = []
    for kind_ in [endpoint.kind] if endpoint.kind else ["meeting", "webinar"]:
        uuid = quote(f"past/{kind_}==", safe="")
        ids = IDS | dict.fromkeys(("meetingId", "webinarId", "id"), uuid)
        found.append((re.sub(r"\{(\w+):\w+\}", lambda m, ids=ids: ids[m[1]], endpoint.url), about))
    return found


@cache
def answers(office: Office, name: str) -> list[tuple[httpx.Response, httpx.Response]]:
    """An endpoint's answers: to who may see all, and to who may not see personal data."""
    blind, now = hidden(office), time.time()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "time", lambda: now)  # live meetings grow longer
        return [(office.get(where, **about), office.get(where, token=blind, **about)) for where, about in asked(name)]


def shown(given: Iterable[httpx.Response], personal: set[str]) -> set[str]:
    """What is personal in answers."""
    found: set[str] = set()
    for answer in given:
        text = "\n".join(texts(answer.json())) if answer.headers["content-type"] == "application/json" else answer.text
        found |= {value for value in personal if value in text}
    return found


def test_there_is_something_to_hide(personal: set[str]) -> None:
    """Names, mail addresses, addresses of devices, serial numbers and comments."""
    assert {"Teo Lindqvist", "ines@example.com", "203.0.113.9", "02:00:5e:10:4a:80", "OPS-WS-7", "disk-4"} <= personal
    assert len(personal) > 50


@pytest.mark.parametrize("name", NAMES)
def test_no_endpoint_shows_personal_data(filled: Office, personal: set[str], name: str) -> None:
    """Not one of the account's names, addresses or comments, in any answer."""
    given = [some for _, some in answers(filled, name)]
    assert 200 in {answer.status_code for answer in given}
    assert shown(given, personal) == set()


def test_most_of_it_is_shown_to_others(filled: Office, personal: set[str]) -> None:
    """What is blank for some is there for the others: the walk above would find it."""
    found = {name: shown((all_ for all_, _ in answers(filled, name)), personal) for name in NAMES}
    everywhere = set().union(*found.values())
    assert len([name for name, values in found.items() if values]) >= 30
    assert len(everywhere) >= 0.8 * len(personal), personal - everywhere


def exported(office: Office, name: str, token: str | None = None) -> list[httpx.Response]:
    """The same questions, answered as CSV."""
    parts = ENDPOINTS[name].url.split("/")
    found = []
    for where, about in asked(name):
        at = zip(parts, where.split("/"), strict=True)
        ids = {part.strip("{}").partition(":")[0]: unquote(value) for part, value in at if part.startswith("{")}
        found.append(office.get(f"/v1/export/{name}", token=token, **(about | ids)))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_no_file_shows_personal_data(filled: Office, personal: set[str], name: str) -> None:
    """Nor is one of them in any export."""
    given = exported(filled, name, hidden(filled))
    assert 200 in {answer.status_code for answer in given}
    assert {value for value in personal for answer in given if value in answer.text.partition("\n")[2]} == set()


def test_files_show_it_to_others(filled: Office, personal: set[str]) -> None:
    """What is blank in files for some is there for the others."""
    names = ("list_meeting_participants", "browse_meetings", "list_users", "get_attendance", "report_meeting_participants")
    assert all(shown(exported(filled, name), personal) for name in names)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_personal_stays(filled: Office, name: str) -> None:
    """The same shape, the same ids and numbers: only texts are blank."""
    for all_, some in answers(filled, name):
        assert some.status_code == all_.status_code
        if ENDPOINTS[name].response is None:
            assert sorted(some.content.splitlines()) == sorted(all_.content.splitlines())  # the stream has no personal column
        else:
            compare(all_.json(), some.json(), "")


def compare(all_: Any, some: Any, place: str) -> None:
    """Raises `AssertionError` where more differs than texts that are blank."""
    if isinstance(all_, dict) and isinstance(some, dict):
        assert all_.keys() == some.keys(), place
        for key in all_:
            compare(all_[key], some[key], f"{place}.{key}")
    elif isinstance(all_, list) and some != []:
        assert len(all_) == len(some), place
        for one, other in zip(all_, some, strict=True):
            compare(one, other, place + "[]")
    elif all_ != some and not place.endswith("next_page_token"):
        assert isinstance(all_, str | list), place
        assert some in ("", []), place


def test_marks_name_columns_that_are_there() -> None:
    """Every personal column is a table's."""
    assert {place.partition(".")[0] for place in PLACES} <= set(TABLES)


def test_a_remembered_answer_is_not_shown_to_others(filled: Office) -> None:
    """What was asked for with names just before is blank all the same, and the reverse."""
    where, about = requests("list_meeting_participants")[1]
    for _ in range(2):
        with_names = filled.get(where, **about).json()["participants"]
        without = filled.get(where, token=hidden(filled), **about).json()["participants"]
        assert any(p["user_name"] for p in with_names)
        assert not any(p["user_name"] for p in without)
        assert [p["user_id"] for p in without] == [p["user_id"] for p in with_names]


def test_a_person_is_told_that_names_are_hidden(filled: Office) -> None:
    """Pages know it from `/v1/me`, and the same hides for people who sign in."""
    person = filled.person("blind@contract.example", role="viewer", hide_personal=True)
    assert person.http.get("/v1/me").json()["may_see_personal"] is False
    where, about = requests("list_meeting_participants")[1]
    shown_ = person.http.get(where, params=about).json()["participants"]
    assert shown_
    assert not any(p["user_name"] for p in shown_)
