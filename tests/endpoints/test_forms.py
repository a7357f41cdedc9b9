"""Polls, Q&A and surveys: what the cases do not say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from callboard.app import Parts
from tests.contract.helpers import account, held, told
from tests.helpers import Office

FORMS = ("polls", "qa", "survey")


@pytest.fixture(scope="module")
def asked(parts: Parts) -> Iterator[Office]:
    """A meeting of a host in `group-a`, without forms, and one with two surveys."""
    with account(parts, "forms") as office:
        for uuid in ("plain==", "surveyed=="):
            told(office, held(uuid, "2026-02-06T10:00:00Z", "2026-02-06T10:30:00Z", host_id="ann"))
        office.load("people", [{"user_id": "ann", "group_ids": ["group-a"]}])
        answers = [("old", "ann", "2026-02-06T10:31:00Z"), ("new", "ben", "2026-02-06T10:32:00Z"), ("new", "ann", None)]
        office.load("answers", [survey(form, person, at) for form, person, at in answers])
        yield office


def survey(form: str, person: str, at: str | None) -> dict[str, Any]:
    """A row of an answer to a survey."""
    said = {"uuid": "surveyed==", "form": "survey", "form_id": form, "person": person, "name": person, "question_id": "1"}
    return said | {"answer": "Yes", "at": at}


@pytest.mark.parametrize("form", FORMS)
def test_an_unknown_meeting_is_not_found(asked: Office, form: str) -> None:
    """404, code 3001."""
    answer = asked.get(f"/v2/report/meetings/12345/{form}")
    assert (answer.status_code, answer.json()["code"]) == (404, 3001)


@pytest.mark.parametrize("form", FORMS)
def test_a_meeting_without_forms_has_empty_lists(asked: Office, form: str) -> None:
    """Nobody asked, nobody answered: that is no mistake."""
    answer = asked.ask(f"/v2/report/meetings/plain%3D%3D/{form}")
    assert answer["survey_answers" if form == "survey" else "questions"] == []


def test_of_several_surveys_the_one_answered_last_is_told(asked: Office) -> None:
    """Zoom's answer has room for one. A question without a text is named by its id; one without a time comes too."""
    answer = asked.ask("/v2/report/meetings/surveyed%3D%3D/survey")
    assert {entry["name"] for entry in answer["survey_answers"]} == {"ann", "ben"}
    assert answer["survey_id"] == "new"
    assert {d["question"] for entry in answer["survey_answers"] for d in entry["answer_details"]} == {"1"}


@pytest.mark.parametrize("form", FORMS)
def test_forms_of_other_groups_are_forbidden(asked: Office, form: str) -> None:
    """A viewer sees the meetings of the groups assigned to it."""
    path = f"/v2/report/meetings/plain%3D%3D/{form}"
    statuses = [
        asked.get(path, asked.token(role="viewer", families=["meetings"], groups=[group])).status_code
        for group in ("group-a", "group-b")
    ]
    assert statuses == [200, 403]


def test_an_answer_that_was_changed_is_told_as_it_is_now(asked: Office) -> None:
    """The last one counts, whatever came last."""
    about = {"uuid": "plain==", "form": "poll", "form_id": "p", "person": "ben", "question_id": "1"}
    with asked.http:
        for at, said in (("2026-02-06T10:12:00Z", "No"), ("2026-02-06T10:11:00Z", "Yes")):
            asked.load("answers", [about | {"answer": said, "event_time": at, "at": at}])
        answer = asked.ask("/v2/report/meetings/plain%3D%3D/polls", x="1")
    details = answer["questions"][0]["question_details"]
    assert [(d["answer"], d["date_time"]) for d in details] == [("No", "2026-02-06T10:12:00Z")]
