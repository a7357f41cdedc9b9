"""What people asked and answered: polls, Q&A, surveys."""

from __future__ import annotations

from typing import Any, Final

from callboard.contract.forms import MeetingSurveyReport, PollReport, QaReport, WebinarSurveyReport
from callboard.contract.wire import Columns
from callboard.endpoints.instances import Instance, find
from callboard.endpoints.params import ById, instant
from callboard.endpoints.participants import asked
from callboard.endpoints.registry import Answer, Context, Kind, endpoint
from callboard.store.tables import ANSWERS, QUESTIONS

ANSWERED: Final = f"""
-- forms.answered: every answer to the polls, or surveys, of an instance
SELECT form_id, person, question_id, {ANSWERS.merged("form_name", "name", "email", "first_name", "last_name")},
       ifNull(max(question), question_id) AS question, {ANSWERS.merged("answer", "at")}
FROM answers
WHERE account_id = {{account:String}} AND uuid = {{uuid:String}} AND form = {{form:String}}
GROUP BY account_id, uuid, form, form_id, person, question_id
ORDER BY max(answers.at), form_id, question_id, person
"""
ASKED: Final = f"""
-- forms.asked: every question of an instance's Q&A
SELECT question_id, {QUESTIONS.merged("at", "user_id", "name", "email", "question", "status", "answers")}
FROM questions
WHERE account_id = {{account:String}} AND uuid = {{uuid:String}}
GROUP BY account_id, uuid, question_id
ORDER BY min(questions.at), question_id
"""
PERSON: Final = ("email", "name", "first_name", "last_name")
HEAD: Final[Columns] = ("number", "uuid", "start_time")


def _answered(context: Context, instance: Instance, form: str) -> list[list[Any]]:
    """Rows `[form, person, question, form name, mail, name, first, last, text, answer, at]`, earliest first."""
    rows = context.store.ask(ANSWERED, asked(context, instance) | {"form": form}).rows
    return [[*row[:4], row[5], row[4], *row[6:]] for row in rows]


def _by_person(rows: list[list[Any]], details: tuple[int, ...]) -> list[list[Any]]:
    """An entry `[mail, name, first, last, answers]` a person, in the order of the first answers."""
    people: dict[str, list[list[Any]]] = {}
    for row in rows:
        people.setdefault(row[1], []).append(row)
    return [
        [*(next((r[n] for r in own if r[n]), "") for n in range(4, 8)), [[r[n] for n in details] for r in own]]
        for own in people.values()
    ]


def _head(instance: Instance) -> list[Any]:
    return [instance.number, instance.uuid, instant(instance.begun)]


@endpoint(
    "/report/{kind}s/{{kind}Id:id}/polls",
    name="report_{kind}_polls",
    granular="list_{kind}_polls",
    area="report",
    rate="report",
    response=PollReport,
    operation="report{Kind}Polls",
)
def report_polls(context: Context, kind: Kind, params: ById) -> Answer:
    """Report what people answered to the polls of a past {kind}."""
    instance = find(context, kind, params.id, "past")
    people = _by_person(_answered(context, instance, "poll"), (0, 8, 9, 10))
    columns: Columns = (*HEAD, ("questions", (*PERSON, ("question_details", ("form_id", "question", "answer", "at")))))
    return Answer(PollReport, columns, [*_head(instance), people], instance.depends)


QUESTION: Final[Columns] = (
    "question_id",
    "question",
    "at",
    "status",
    "answer",
    ("answers", ("user_id", "name", "email", "content", "create_time", "type")),
)


@endpoint(
    "/report/{kind}s/{{kind}Id:id}/qa",
    name="report_{kind}_qa",
    granular="{kind}_qna",
    area="report",
    rate="report",
    response=QaReport,
    operation="report{Kind}QA",
)
def report_qa(context: Context, kind: Kind, params: ById) -> Answer:
    """Report what people asked in the Q&A of a past {kind}, with the answers."""
    instance = find(context, kind, params.id, "past")
    askers: dict[str, list[Any]] = {}
    for question_id, at, user, name, mail, question, status, answers in context.store.ask(ASKED, asked(context, instance)).rows:
        known = user or mail
        asker = askers.setdefault(known or question_id, [user, mail, name or ("" if known else "Anonymous Attendee"), []])
        given = sorted(answers, key=lambda answer: answer[4])
        first = next((answer[3] for answer in given if answer[3]), "")
        asker[3].append([question_id, question, at, status, first, given])
    columns: Columns = (*HEAD, ("questions", ("user_id", "email", "name", ("question_details", QUESTION))))
    return Answer(QaReport, columns, [*_head(instance), list(askers.values())], instance.depends)


SURVEYS: Final[dict[Kind, Any]] = {"meeting": MeetingSurveyReport, "webinar": WebinarSurveyReport}


@endpoint(
    "/report/{kind}s/{{kind}Id:id}/survey",
    name="report_{kind}_survey",
    granular="{kind}_survey",
    area="report",
    rate="report",
    response=SURVEYS,
    operation="report{Kind}Survey",
)
def report_survey(context: Context, kind: Kind, params: ById) -> Answer:
    """Report what people answered to the survey of a past {kind}."""
    instance = find(context, kind, params.id, "past")
    rows = _answered(context, instance, "survey")
    survey, title = (rows[-1][0], rows[-1][3]) if rows else ("", "")
    people = _by_person([row for row in rows if row[0] == survey], (8, 2, 9, 10))
    details: Columns = ("question", "question_id", "answer", "at")
    answers: Columns = (*PERSON, ("answer_details", details))
    columns: Columns = (f"{kind}_id", f"{kind}_uuid", "start_time", "form_id", "form_name", ("survey_answers", answers))
    return Answer(SURVEYS[kind], columns, [*_head(instance), survey, title, people], instance.depends)
