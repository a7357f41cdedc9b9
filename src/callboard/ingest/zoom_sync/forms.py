"""What people asked and answered in one instance: polls, Q&A, surveys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from callboard.contract.forms import Asker, PollAnswer, PollRespondent, QaQuestion, SurveyAnswer, SurveyRespondent
from callboard.ingest.facts import Fact, Row
from callboard.ingest.zoom_sync.asked import Asked
from callboard.ingest.zoom_sync.unwire import values
from callboard.ingest.zoom_webhook.event import as_dicts, text


def polls(asked: Asked, body: dict[str, Any]) -> Iterator[Fact]:
    """The polls of an instance. A question is known by its text, for the report gives it no id."""
    for said in as_dicts(body.get("questions")):
        for answer in as_dicts(said.get("question_details")):
            found = values(PollAnswer, answer)
            yield from _answer(asked, "poll", values(PollRespondent, said), {"question_id": found.get("question")} | found)


def survey(asked: Asked, body: dict[str, Any]) -> Iterator[Fact]:
    """The survey of an instance."""
    form = {"form_id": text(body.get("survey_id")), "form_name": text(body.get("survey_name"))}
    for said in as_dicts(body.get("survey_answers")):
        for answer in as_dicts(said.get("answer_details")):
            found = values(SurveyAnswer, answer)
            yield from _answer(
                asked, "survey", values(SurveyRespondent, said), {"question_id": found.get("question")} | form | found
            )


def _answer(asked: Asked, form: str, who: Row, found: Row) -> Iterator[Fact]:
    if found.get("question_id"):
        person = who.get("email") or who.get("name", "")
        found = {"form_id": ""} | {name: value for name, value in (who | found).items() if value}
        yield asked.fact("answers", found, uuid=asked.uuid, form=form, person=person)


def questions(asked: Asked, body: dict[str, Any]) -> Iterator[Fact]:
    """The questions of an instance, with their answers."""
    for said in as_dicts(body.get("questions")):
        who = values(Asker, said)
        for question in as_dicts(said.get("question_details")):
            found = values(QaQuestion, question)
            if found.get("question_id"):
                yield asked.fact("questions", who | found, uuid=asked.uuid)
