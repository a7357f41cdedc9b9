"""Which features meetings use: over time and by department."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from callboard.contract.wire import From, Made, Wire

HELD = Made("Counted.", ("meetings.start_time", "meetings.end_time", "meetings.first_person", "meetings.last_person"))
USED = Made(
    "Said of the meeting or of any of its joins, or shown by what was sent in it.",
    (
        *("meetings.features", "participants.features", "meeting_messages.message_id", "answers.form"),
        *("questions.question_id", "reactions.reaction", "registrants.registrant_id"),
    ),
)


class FeatureUse(Wire):
    """How much one feature was used."""

    feature: Annotated[str, Made("One of a fixed list.")] = Field(description="The feature.")
    meetings: Annotated[int, USED] = Field(description="Meetings that used it.")
    share: Annotated[float, USED] = Field(description="Share of all meetings that used it, 0 to 1.")


class PeriodUse(Wire):
    """The features used in one day, week or month."""

    begin: Annotated[str, Made("By `by`.", ("meetings.start_time",))] = Field(
        description="First UTC day; weeks begin on Monday. It may lie before the range, of which alone meetings are counted."
    )
    meetings: Annotated[int, HELD] = Field(description="Meetings that began in it.")
    features: list[FeatureUse] = Field(description="Each feature.")


class DepartmentUse(Wire):
    """The features used by one department."""

    department: Annotated[str, Made("", ("people.dept", "meetings.host_id"))] = Field(
        description="The host's department; empty where it is not known."
    )
    meetings: Annotated[int, HELD] = Field(description="Meetings that its people hosted.")
    features: list[FeatureUse] = Field(description="Each feature.")


class FeatureUsage(Wire):
    """The features that past meetings of two or more people used."""

    from_: Annotated[str, From("from"), Made("As asked.")] = Field(alias="from", description="Beginning of the range.")
    to: Annotated[str, Made("As asked.")] = Field(description="End of the range.")
    by: Annotated[str, Made("As asked.")] = Field(description="`day`, `week` or `month`.")
    meetings: Annotated[int, HELD] = Field(description="Meetings, webinars or both, as asked, that began in the range.")
    features: list[FeatureUse] = Field(description="Each feature over the whole range.")
    periods: list[PeriodUse] = Field(description="Each period in which something was held, earliest first.")
    departments: list[DepartmentUse] = Field(description="Each department, by name.")
