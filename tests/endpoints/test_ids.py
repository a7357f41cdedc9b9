"""Ids in paths, in every form that clients send them in."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.endpoints.conftest import LIVE, SERIES, SLASHED, WEBINAR
from tests.helpers import Office

MEETINGS = "/v2/metrics/meetings"


def _lower(text: str) -> str:
    return text.replace("%2F", "%2f").replace("%2B", "%2b").replace("%3D", "%3d")


FORMS = {
    "raw": lambda uuid: uuid,
    "once": lambda uuid: quote(uuid, safe=""),
    "once, lower case": lambda uuid: _lower(quote(uuid, safe="")),
    "twice": lambda uuid: quote(quote(uuid, safe=""), safe=""),
    "twice, lower case": lambda uuid: quote(_lower(quote(uuid, safe="")), safe=""),
    "slashes only": lambda uuid: uuid.replace("/", "%2F"),
    "slashes only, twice": lambda uuid: uuid.replace("/", "%252F"),
}


@pytest.mark.parametrize("uuid", SLASHED)
@pytest.mark.parametrize("form", FORMS)
def test_a_uuid_is_taken_raw_encoded_once_or_twice(history: Office, uuid: str, form: str) -> None:
    """Some clients encode a uuid twice, as documented; others once, or not at all."""
    assert history.ask(f"{MEETINGS}/{FORMS[form](uuid)}", type="past")["uuid"] == uuid


TAILS: dict[str, Any] = {
    "/participants": lambda page: [p["user_id"] for p in page["participants"]] == ["101", "102"],
    "/participants/qos": lambda page: page["participants"][0]["user_qos"][0]["audio_input"]["bitrate"] == "27.15 kbps",
    "/participants/101/qos": lambda one: one["user_id"] == "101",
    "/participants/sharing": lambda page: page["participants"] == [],
    "/participants/101/sharing": lambda page: page["total_records"] == 0,
    "/participants/qos_summary": lambda page: page["participants"] == [],
}


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize("form", ["raw", "once", "twice"])
@pytest.mark.parametrize("uuid", SLASHED[:3])
def test_a_literal_tail_wins_over_a_uuid_with_slashes(history: Office, uuid: str, form: str, tail: str) -> None:
    """`/participants` after a raw uuid is no part of it."""
    typed = {} if tail.endswith("summary") else {"type": "past"}
    assert TAILS[tail](history.ask(f"{MEETINGS}/{FORMS[form](uuid)}{tail}", **typed))


@pytest.mark.parametrize("form", ["raw", "once", "twice"])
def test_our_own_paths_take_uuids_as_zooms_do(history: Office, form: str) -> None:
    """Attendance is asked by uuid or number too."""
    for uuid in SLASHED:
        assert history.ask(f"/v1/attendance/{FORMS[form](uuid)}")["uuid"] == uuid


def test_a_number_is_the_latest_instance(history: Office) -> None:
    """A series keeps its number and gets a new uuid each time."""
    assert history.ask(f"{MEETINGS}/{SERIES}", type="past")["uuid"] == "second=="


def test_a_number_that_is_live_is_live_or_past_by_type(history: Office) -> None:
    """`type` picks between the live instance of a series and its latest past one."""
    assert history.ask(f"{MEETINGS}/{LIVE}")["uuid"] == "now=="
    assert history.ask(f"{MEETINGS}/{LIVE}", type="past")["uuid"] == "before-now=="


@pytest.mark.parametrize("id_", [str(WEBINAR), "webinar=="])
@pytest.mark.parametrize("tail", ["", "/participants", "/participants/qos", "/participants/sharing", "/participants/qos_summary"])
def test_a_webinars_id_on_a_meeting_path_is_a_mistake(history: Office, id_: str, tail: str) -> None:
    """400 and code 300, as Zoom says it, not 404."""
    answer = history.get(f"{MEETINGS}/{id_}{tail}")
    assert (answer.status_code, answer.json()) == (400, {"code": 300, "message": f"Can not access webinar info, {id_}."})


@pytest.mark.parametrize("id_", [str(SERIES), "first=="])
def test_a_meetings_id_on_a_webinar_path_is_a_mistake(history: Office, id_: str) -> None:
    """The reverse."""
    answer = history.get(f"/v2/metrics/webinars/{id_}", type="past")
    assert (answer.status_code, answer.json()) == (400, {"code": 300, "message": f"Can not access meeting info, {id_}."})


@pytest.mark.parametrize("id_", ["99999999999", "nobody==", "%2Fnobody%3D%3D", "0", "x" * 300, "%00", "'", "a%20b", "%25"])
def test_an_unknown_id_is_not_found(history: Office, id_: str) -> None:
    """404 and code 3001 for whatever names nothing."""
    answer = history.get(f"{MEETINGS}/{id_}", type="past")
    assert (answer.status_code, answer.json()["code"]) == (404, 3001)


def test_a_number_is_an_integer_of_64_bits(history: Office) -> None:
    """`id` is an integer of 10 or 11 digits; where it is called a number it is a string."""
    assert history.ask(f"{MEETINGS}/first==", type="past")["id"] == SERIES > 2**31
    assert history.ask(f"{MEETINGS}/first==/participants", type="past")["meeting_number"] == str(SERIES)
    webinar = history.ask("/v2/metrics/webinars/webinar==/participants", type="past")
    assert webinar["webinar_number"] == str(WEBINAR)


def test_there_are_two_user_ids(history: Office) -> None:
    """`user_id` is the join, `id` and `participant_user_id` the person."""
    joins = history.ask(f"{MEETINGS}/first==/participants", type="past")["participants"]
    assert [(p["user_id"], p["id"], p["participant_user_id"]) for p in joins] == [("101", "ann", "ann"), ("102", "ben", "ben")]


@pytest.mark.parametrize("one", ["101", "ann"])
def test_one_participant_is_asked_by_join_or_person(history: Office, one: str) -> None:
    """Zoom takes the join's `user_id`; the person's id does as well."""
    assert history.ask(f"{MEETINGS}/first==/participants/{one}/qos", type="past")["user_id"] == "101"


def test_an_unknown_participant_is_not_found(history: Office) -> None:
    """404, as for the meeting."""
    answer = history.get(f"{MEETINGS}/first==/participants/999/qos", type="past")
    assert (answer.status_code, answer.json()["code"]) == (404, 3001)
