"""What people asked and answered in a meeting or webinar: polls, Q&A, surveys."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from callboard.contract.units import INSTANT
from callboard.contract.wire import From, Made, Personal, Wire

_ANSWERS = "questions.answers"
_BEGAN = Made("The earliest that a source gave.", ("meetings.start_time",))


class FormOf(Wire):
    """What every report of this kind says of its instance."""

    table: ClassVar[str] = "meetings"

    id: Annotated[int, From("number")] = Field(description="The number that people dial.")
    uuid: str = Field(description="The instance.")
    start_time: Annotated[str, INSTANT, _BEGAN] = Field(description="When it began.")


class PollAnswer(Wire):
    """One question of a poll, as one person answered it."""

    table: ClassVar[str] = "answers"

    polling_id: Annotated[str, From("form_id")] = Field(description="The poll.")
    question: str = Field(description="What was asked.")
    answer: str = Field(description="What was answered; several choices with a semicolon between them.")
    date_time: Annotated[str, From("at"), INSTANT] = Field(description="When.")


class PollRespondent(Wire):
    """One person's answers to the polls of an instance."""

    table: ClassVar[str] = "answers"

    email: str = Field(description="Mail address; empty for someone unknown.")
    name: str = Field(description="Name shown in the meeting.")
    first_name: str = Field(description="First name.")
    last_name: str = Field(description="Last name.")
    question_details: list[PollAnswer] = Field(description="The answers, earliest first.")


class PollReport(FormOf):
    """The polls of a past instance."""

    questions: list[PollRespondent] = Field(description="An entry for each person who answered.")


class QaAnswer(Wire):
    """One answer to a question."""

    user_id: Annotated[str, Made("", (_ANSWERS,)), Personal(False)] = Field(description="User id of who answered.")
    name: Annotated[str, Made("", (_ANSWERS,))] = Field(description="Who answered.")
    email: Annotated[str, Made("", (_ANSWERS,))] = Field(description="Mail address of who answered.")
    content: Annotated[str, Made("", (_ANSWERS,))] = Field(description="The answer.")
    create_time: Annotated[str, Made("", (_ANSWERS,)), Personal(False)] = Field(description="When.")
    type: Annotated[str, Made("", (_ANSWERS,)), Personal(False)] = Field(
        description="How it was answered, such as `host_answered_publicly`."
    )


class QaQuestion(Wire):
    """One question, with its answers."""

    table: ClassVar[str] = "questions"

    question_id: str = Field(description="The question.")
    question: str = Field(description="What was asked.")
    create_time: Annotated[str, From("at"), INSTANT] = Field(description="When it was asked.")
    question_status: Annotated[str, From("status")] = Field(description="`open`, `answered`, `dismissed`, ...")
    answer: Annotated[str, Made("The first answer.", (_ANSWERS,))] = Field(
        description="The first answer that was typed; empty while there is none."
    )
    answer_details: Annotated[list[QaAnswer], From("answers")] = Field(description="All answers, earliest first.")


class Asker(Wire):
    """One person's questions."""

    table: ClassVar[str] = "questions"

    user_id: str = Field(description="User id of who asked; empty when unknown.")
    email: str = Field(description="Mail address of who asked.")
    name: str = Field(description="Who asked; `Anonymous Attendee` who did not want to be known.")
    question_details: list[QaQuestion] = Field(description="The questions, earliest first.")


class QaReport(FormOf):
    """The questions and answers of a past instance."""

    questions: list[Asker] = Field(description="An entry for each person who asked; those who are unknown one a question.")


class SurveyAnswer(Wire):
    """One question of a survey, as one person answered it."""

    table: ClassVar[str] = "answers"

    question: str = Field(description="What was asked.")
    question_id: str = Field(description="The question.")
    answer: str = Field(description="What was answered.")
    date_time: Annotated[str, From("at"), INSTANT] = Field(description="When.")


class SurveyRespondent(Wire):
    """One person's answers to a survey."""

    table: ClassVar[str] = "answers"

    email: str = Field(description="Mail address; empty for someone unknown.")
    name: str = Field(description="Name.")
    first_name: str = Field(description="First name.")
    last_name: str = Field(description="Last name.")
    answer_details: list[SurveyAnswer] = Field(description="The answers, earliest first.")


class _SurveyReport(Wire):
    """The survey of a past instance."""

    table: ClassVar[str] = "answers"

    start_time: Annotated[str, INSTANT, _BEGAN] = Field(description="When it began.")
    survey_id: Annotated[str, From("form_id")] = Field(description="The survey; of several, the one answered last.")
    survey_name: Annotated[str, From("form_name")] = Field(description="Its name.")
    survey_answers: list[SurveyRespondent] = Field(description="An entry for each person who answered.")


class MeetingSurveyReport(_SurveyReport):
    """The survey of a past meeting."""

    meeting_id: Annotated[int, Made("", ("meetings.number",))] = Field(description="The number that people dial.")
    meeting_uuid: Annotated[str, Made("", ("meetings.uuid",))] = Field(description="The instance.")


class WebinarSurveyReport(_SurveyReport):
    """The survey of a past webinar."""

    webinar_id: Annotated[int, Made("", ("meetings.number",))] = Field(description="The number that people dial.")
    webinar_uuid: Annotated[str, Made("", ("meetings.uuid",))] = Field(description="The instance.")
