"""Past meetings and webinars by number."""

from __future__ import annotations

import pytest

from tests.endpoints.conftest import LIVE, SERIES, SLASHED, WEBINAR
from tests.helpers import Office

PAST = "/v2/past_meetings"


def test_a_number_means_its_latest_past_instance(history: Office) -> None:
    """Of a meeting that is live again: the one before."""
    assert history.ask(f"{PAST}/{SERIES}")["uuid"] == "second=="
    assert history.ask(f"{PAST}/{LIVE}")["uuid"] == "before-now=="


def test_instances_are_those_that_are_over(history: Office) -> None:
    """The live one comes when it has ended."""
    assert [m["uuid"] for m in history.ask(f"{PAST}/{SERIES}/instances")["meetings"]] == ["first==", "second=="]
    assert [m["uuid"] for m in history.ask(f"{PAST}/{LIVE}/instances")["meetings"]] == ["before-now=="]


@pytest.mark.parametrize("tail", ["", "/instances", "/participants"])
def test_a_webinar_is_no_meeting(history: Office, tail: str) -> None:
    """Quirk 1: an id of the other kind is 400 with code 300, and not 404."""
    answer = history.get(f"{PAST}/{WEBINAR}{tail}")
    assert (answer.status_code, answer.json()["code"]) == (400, 300)


@pytest.mark.parametrize(
    "path", [f"{PAST}/999", f"{PAST}/999/instances", f"{PAST}/999/participants", "/v2/past_webinars/999/instances"]
)
def test_an_unknown_number_is_zooms_3001(history: Office, path: str) -> None:
    """404."""
    answer = history.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, 3001)


def test_a_live_meeting_is_not_past(history: Office) -> None:
    """By its uuid: 404 with code 3001."""
    answer = history.get(f"{PAST}/now%3D%3D")
    assert (answer.status_code, answer.json()["code"]) == (404, 3001)


@pytest.mark.parametrize("uuid", SLASHED)
@pytest.mark.parametrize("twice", [False, True])
def test_a_uuid_may_be_encoded_once_or_twice(history: Office, uuid: str, twice: bool) -> None:
    """Quirk 1: clients differ, and each way means the same instance."""
    sent = uuid.replace("%", "%25").replace("/", "%2F").replace("+", "%2B").replace("=", "%3D")
    path = sent.replace("%", "%25") if twice else sent
    assert history.ask(f"{PAST}/{path}")["uuid"] == uuid
    assert history.ask(f"{PAST}/{path}/participants")["total_records"] == 2


def test_pages_of_participants_are_the_whole(paged: Office) -> None:
    """Eleven joins in pages of four."""
    page = paged.ask(f"{PAST}/day-1==/participants", page_size=4)
    seen = [p["user_id"] for p in page["participants"]]
    while page["next_page_token"]:
        page = paged.ask(f"{PAST}/day-1==/participants", next_page_token=page["next_page_token"])
        seen += [p["user_id"] for p in page["participants"]]
    assert seen == [str(101 + n) for n in range(11)]
    assert (page["total_records"], page["page_count"]) == (11, 3)


def test_a_past_meeting_agrees_with_the_report(history: Office) -> None:
    """One figure, two doors."""
    reported = history.ask("/v2/report/meetings", from_="2026-03-01", to="2026-03-31")["meetings"]
    for meeting in reported:
        one = history.ask(f"{PAST}/{meeting['uuid']}")
        assert {name: one[name] for name in meeting} == meeting


def test_a_caller_with_groups_is_refused_others_meetings(history: Office) -> None:
    """Their people's meetings only."""
    token = history.token(role="viewer", families=["meetings", "webinars"], groups=["group-a"])
    for path in (f"{PAST}/{SERIES}", f"{PAST}/{SERIES}/instances", f"{PAST}/{SERIES}/participants"):
        assert history.get(path, token).status_code == 403
