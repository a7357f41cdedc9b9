"""Pages: sizes, counts, and tokens that carry their query."""

from __future__ import annotations

import time
from itertools import chain
from typing import Any

import itsdangerous
import pytest

from callboard.app import Parts
from tests.contract.helpers import account, held, told
from tests.helpers import Office

MEETINGS = "/v2/metrics/meetings"
MAY = {"type": "past", "from": "2026-05-01", "to": "2026-05-31"}
INVALID = {"code": 300, "message": "The next page token is invalid or expired."}


def first(paged: Office, **params: Any) -> dict[str, Any]:
    """The first page of two."""
    page: dict[str, Any] = paged.ask(MEETINGS, **MAY | {"page_size": 2} | params)
    return page


def uuids(page: dict[str, Any]) -> list[str]:
    return [m["uuid"] for m in page["meetings"]]


def test_the_default_page_is_of_thirty(paged: Office) -> None:
    """And all in one page ends with an empty token."""
    page = paged.ask(MEETINGS, **MAY)
    assert (page["page_size"], page["page_count"], page["total_records"], page["next_page_token"]) == (30, 1, 7, "")


@pytest.mark.parametrize("kind", ["meeting", "webinar"])
def test_the_default_page_of_quality_is_of_one(paged: Office, kind: str) -> None:
    """Quality lists are long: one participant a page, unless asked."""
    uuid = "day-1==" if kind == "meeting" else "webinar=="
    page = paged.ask(f"/v2/metrics/{kind}s/{uuid}/participants/qos", type="past")
    assert (page["page_size"], len(page["participants"])) == (1, 1)


@pytest.mark.parametrize(
    ("path", "most"),
    [
        (MEETINGS, 300),
        ("/v2/metrics/webinars", 300),
        ("/v2/report/meetings", 300),
        (f"{MEETINGS}/day-1==/participants", 300),
        (f"{MEETINGS}/day-1==/participants/sharing", 300),
        (f"{MEETINGS}/day-1==/participants/qos", 10),
        (f"{MEETINGS}/day-1==/participants/qos_summary", 10),
        ("/v1/attendance/day-1==", 300),
    ],
)
def test_too_large_a_page_is_cut_and_echoed_as_cut(paged: Office, path: str, most: int) -> None:
    """`page_size` in the answer is the one applied."""
    assert paged.ask(path, **MAY, page_size=1000)["page_size"] == most


@pytest.mark.parametrize(("size", "count"), [(1, 7), (2, 4), (3, 3), (6, 2), (7, 1), (8, 1)])
def test_page_count_rounds_up(paged: Office, size: int, count: int) -> None:
    """6059 records at 300 are 21 pages: a begun page counts."""
    page = first(paged, page_size=size)
    assert (page["page_count"], page["page_size"], page["total_records"]) == (count, size, 7)


def test_nothing_has_no_pages(paged: Office) -> None:
    """0 pages, 0 records, no token."""
    page = paged.ask(MEETINGS, type="past", from_="2025-01-01", to="2025-01-02")
    assert (page["page_count"], page["total_records"], page["next_page_token"], page["meetings"]) == (0, 0, "", [])


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pages_joined_are_the_whole(paged: Office, size: int) -> None:
    """Following the token to its end gives every meeting once, in order of time."""
    page = first(paged, page_size=size)
    seen = uuids(page)
    while page["next_page_token"]:
        page = first(paged, page_size=size, next_page_token=page["next_page_token"])
        seen += uuids(page)
    assert seen == [f"day-{day}==" for day in range(1, 8)]


@pytest.mark.parametrize("tail", ["", "/qos"])
def test_pages_of_participants_joined_are_the_whole(paged: Office, tail: str) -> None:
    """The same for eleven people, four a page."""
    token, seen = "", []
    while True:
        asked = {"next_page_token": token} if token else {}
        page = paged.ask(f"{MEETINGS}/day-1==/participants{tail}", type="past", page_size=4, **asked)
        seen.append([p["id"] for p in page["participants"]])
        token = page["next_page_token"]
        if not token:
            break
    assert [len(ids) for ids in seen] == [4, 4, 3]
    assert list(chain.from_iterable(seen)) == [f"person-{n:02d}" for n in range(11)]


def test_the_token_alone_gives_the_next_page(paged: Office) -> None:
    """It carries its query: dates, type and page size too."""
    page = paged.ask(MEETINGS, next_page_token=first(paged)["next_page_token"])
    assert (uuids(page), page["page_size"], page["from"], page["to"]) == (["day-3==", "day-4=="], 2, MAY["from"], MAY["to"])


def test_the_token_beside_its_query_gives_the_next_page(paged: Office) -> None:
    """Most clients send all parameters again."""
    assert uuids(first(paged, next_page_token=first(paged)["next_page_token"])) == ["day-3==", "day-4=="]


def test_an_empty_token_is_the_first_page(paged: Office) -> None:
    """Loops begin with `next_page_token=`."""
    assert uuids(first(paged, next_page_token="")) == ["day-1==", "day-2=="]


@pytest.mark.parametrize(
    "other",
    [{"from": "2026-05-02"}, {"to": "2026-05-30"}, {"type": "pastOne"}, {"group_id": "g"}, {"query_date_type": "end_time"}],
)
def test_a_token_is_of_its_query_only(paged: Office, other: dict[str, str]) -> None:
    """With other filters it is invalid."""
    answer = paged.get(MEETINGS, **MAY | {"page_size": 2, "next_page_token": first(paged)["next_page_token"]} | other)
    assert (answer.status_code, answer.json()) == (400, INVALID)


def test_a_token_is_of_its_endpoint_only(paged: Office) -> None:
    """A token of the list is none of the report."""
    answer = paged.get("/v2/report/meetings", next_page_token=first(paged)["next_page_token"])
    assert (answer.status_code, answer.json()) == (400, INVALID)


def test_a_token_is_of_its_instance_only(paged: Office) -> None:
    """A token of one meeting's participants is none of another's."""
    token = paged.ask(f"{MEETINGS}/day-1==/participants", type="past", page_size=1)["next_page_token"]
    answer = paged.get(f"{MEETINGS}/day-2==/participants", type="past", next_page_token=token)
    assert (answer.status_code, answer.json()) == (400, INVALID)


def test_a_token_is_of_its_account_only(paged: Office, office: Office) -> None:
    """Another account's token opens nothing."""
    answer = office.get(MEETINGS, next_page_token=first(paged)["next_page_token"])
    assert (answer.status_code, answer.json()) == (400, INVALID)


@pytest.mark.parametrize("forged", ["x", "a.b.c", "!", "ä", "null", "%00"])
def test_a_forged_token_is_invalid(paged: Office, forged: str) -> None:
    """Nothing but what was signed here."""
    answer = paged.get(MEETINGS, **MAY, next_page_token=forged)
    assert (answer.status_code, answer.json()) == (400, INVALID)


def test_a_token_that_was_changed_is_invalid(paged: Office) -> None:
    """One letter is enough."""
    token = first(paged)["next_page_token"]
    changed = ("A" if token[5] != "A" else "B").join((token[:5], token[6:]))
    answer = paged.get(MEETINGS, **MAY, page_size=2, next_page_token=changed)
    assert (answer.status_code, answer.json()) == (400, INVALID)


@pytest.mark.parametrize(("profile", "seconds"), [("zoom", 900), ("open", 86_400)])
def test_a_token_lives_as_long_as_its_profile_says(
    paged: Office, monkeypatch: pytest.MonkeyPatch, profile: str, seconds: int
) -> None:
    """15 minutes as at Zoom, a day else; then it is invalid."""
    office, tokens = paged.reopened(profile=profile), []
    for age in (seconds - 30, seconds + 30):
        _tokens_are_older(monkeypatch, age)
        tokens.append(first(office, unlike_others=age)["next_page_token"])
        monkeypatch.undo()
    answers = [office.get(MEETINGS, next_page_token=token) for token in tokens]
    assert [answer.status_code for answer in answers] == [200, 400]
    assert answers[1].json() == INVALID


def test_the_token_of_a_page_that_is_remembered_is_fresh(paged: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that was asked for half an hour ago, and asked for again, leads to the next page."""
    office, later = paged.reopened(profile="zoom"), time.monotonic() + 1800
    _tokens_are_older(monkeypatch, 1800)
    first(office)
    monkeypatch.undo()
    monkeypatch.setattr("callboard.api.memory.monotonic", lambda: later)
    assert office.get(MEETINGS, next_page_token=first(office)["next_page_token"]).status_code == 200


def _tokens_are_older(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    monkeypatch.setattr(itsdangerous.TimestampSigner, "get_timestamp", lambda _: int(time.time()) - seconds)


def test_a_token_is_opaque_and_safe_in_a_url(paged: Office) -> None:
    """Clients paste it in unencoded."""
    assert set(first(paged)["next_page_token"]) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


def test_page_number_is_for_clients_without_a_token(paged: Office) -> None:
    """It counts from one; the default is the first page."""
    assert uuids(first(paged, page_number=1)) == ["day-1==", "day-2=="]
    assert uuids(first(paged, page_number=3)) == ["day-5==", "day-6=="]
    assert uuids(first(paged, page_number=9)) == []


@pytest.mark.parametrize(
    "tail", ["", "/day-1==/participants", "/day-1==/participants/sharing", "/day-1==/participants/qos_summary"]
)
@pytest.mark.parametrize("number", [1000, 2**32 + 1, 2**64 + 1])
def test_a_page_far_beyond_the_end_is_empty(paged: Office, tail: str, number: int) -> None:
    """Or refused; it is neither a fault nor the first page again."""
    asked = MAY if not tail else {} if tail.endswith("summary") else {"type": "past"}
    answer = paged.get(f"{MEETINGS}{tail}", **asked, page_size=1, page_number=number)
    assert answer.status_code in (200, 400), answer.text
    if answer.status_code == 200:
        assert answer.json().get("meetings", []) + answer.json().get("participants", []) == []


def test_page_number_turns_the_pages_of_one_participants_shares(paged: Office) -> None:
    """The one document of that endpoint pages by number."""
    page = paged.ask(f"{MEETINGS}/day-1==/participants/101/sharing", type="past", page_number=1)
    assert (page["page_size"], page["total_records"]) == (30, 0)


def test_going_on_from_a_numbered_page_by_token_goes_on(paged: Office) -> None:
    """The token of page two leads to page three."""
    page = first(paged, page_number=2)
    assert uuids(paged.ask(MEETINGS, next_page_token=page["next_page_token"])) == ["day-5==", "day-6=="]


@pytest.mark.parametrize(
    ("name", "value"),
    [("page_size", "many"), ("page_size", "1.5"), ("page_number", "0"), ("page_number", "-1"), ("type", "never")],
)
def test_a_malformed_parameter_is_named(paged: Office, name: str, value: str) -> None:
    """400, code 300, and `errors` tells the field."""
    answer = paged.get(MEETINGS, **MAY | {name: value})
    assert (answer.status_code, answer.json()["code"]) == (400, 300)
    assert [e["field"] for e in answer.json()["errors"]] == [name]


@pytest.mark.parametrize("size", ["0", "-5"])
def test_too_small_a_page_is_of_one(paged: Office, size: str) -> None:
    """Never an empty page with a token, which loops for ever."""
    page = first(paged, page_size=size)
    assert (page["page_size"], len(page["meetings"])) == (1, 1)


@pytest.mark.parametrize("name", ["page_size", "page_number", "type", "group_id", "include_fields", "query_date_type"])
def test_an_empty_parameter_is_as_good_as_none(paged: Office, name: str) -> None:
    """`page_size=&type=` is how some clients say that they don't mind."""
    asked = MAY | {name: ""}
    page = paged.get(MEETINGS, **asked)
    assert (page.status_code, page.json()["page_size"]) == (200, 30)


def test_unknown_parameters_are_ignored(paged: Office) -> None:
    """As at Zoom: a misspelt filter filters nothing."""
    assert first(paged, colour="blue", _="1")["total_records"] == 7


def test_what_arrives_between_pages_moves_no_page(parts: Parts) -> None:
    """Keyset paging: nothing is shown twice or skipped when an earlier meeting turns up late."""
    with account(parts, "between-pages") as between:
        for day in (2, 3, 4):
            told(between, held(f"day-{day}==", f"2026-05-0{day}T10:00:00Z", f"2026-05-0{day}T10:30:00Z"))
        page = first(between)
        told(between, held("day-1==", "2026-05-01T10:00:00Z", "2026-05-01T10:30:00Z"))
        rest = between.ask(MEETINGS, next_page_token=page["next_page_token"])
    assert (uuids(page), uuids(rest), rest["total_records"]) == (["day-2==", "day-3=="], ["day-4=="], 3)


def test_two_that_began_in_the_same_second_are_each_shown_once(parts: Parts) -> None:
    """The key is the start and the uuid."""
    with account(parts, "same-second") as same:
        for name in "abcde":
            told(same, held(f"{name}==", "2026-05-02T10:00:00Z", "2026-05-02T10:30:00Z"))
        page, seen = first(same), []
        while page["next_page_token"]:
            seen += uuids(page)
            page = same.ask(MEETINGS, next_page_token=page["next_page_token"])
    assert sorted(seen + uuids(page)) == [f"{name}==" for name in "abcde"]
