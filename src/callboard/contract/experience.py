"""How meetings were felt: satisfaction, feedback, and quality counted."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from callboard.contract.paging import Dated, Tokened
from callboard.contract.units import INSTANT
from callboard.contract.wire import From, Made, Wire

_SERVER = Made("Made by the server.")
_THUMBS = Made("From what participants said.", ("feedback.satisfied",))
_SCORES = Made(
    "The score of each join, Zoom's or the mean of its minutes.",
    (
        *(f"participants.{medium}_score" for medium in ("audio", "video", "as")),
        *(f"qos_minutes.{medium}_score" for medium in ("audio", "video", "as")),
    ),
)


def thumb(satisfied: int) -> str:
    """Zoom's word for a thumb up or down."""
    return "GOOD" if satisfied else "NOT GOOD"


class Opinion(Wire):
    """What one participant said of an instance."""

    table: ClassVar[str] = "feedback"

    user_id: Annotated[str, From("participant_user_id")] = Field(description="The person's user id; empty when not signed in.")
    email: Annotated[str, Made("As the join said.", ("participants.email",))] = Field(description="Mail address.")
    quality: Annotated[str, _THUMBS] = Field(description="`GOOD` or `NOT GOOD`.")
    comment: Annotated[str, From("comments")] = Field(description="Free text.")
    date_time: Annotated[str, From("at"), INSTANT] = Field(description="When.")


class SatisfactionPage(Tokened):
    """A page of what participants said of an instance."""

    participants: list[Opinion] = Field(description="Those who said something.")


class Reason(Wire):
    """A reason chosen for a thumb down, and by how many."""

    feedback_id: Annotated[str, Made("The reason's id.", ("feedback.details",))] = Field(description="The reason.")
    feedback_name: Annotated[str, Made("The reason's name.", ("feedback.details",))] = Field(description="In words.")
    participants_count: Annotated[int, Made("Feedbacks that name it.", ("feedback.details",))] = Field(
        description="Participants who chose it."
    )


class ClientFeedback(Dated):
    """The reasons chosen in a date range."""

    total_records: Annotated[int, _SERVER] = Field(description="Reasons.")
    client_feedbacks: list[Reason] = Field(description="The most chosen first.")


class Complaint(Wire):
    """One participant who chose a reason."""

    table: ClassVar[str] = "feedback"

    meeting_id: Annotated[str, Made("The instance's number.", ("meetings.number",))] = Field(description="Number, as a string.")
    participant_name: Annotated[str, From("name")] = Field(description="Name shown in the meeting.")
    email: Annotated[str, Made("As the join said.", ("participants.email",))] = Field(description="Mail address.")
    time: Annotated[str, From("at"), INSTANT] = Field(description="When.")


class ComplaintsPage(Dated, Tokened):
    """A page of the participants who chose a reason."""

    client_feedback_details: list[Complaint] = Field(description="The participants, earliest first.")


class SatisfiedDay(Wire):
    """What participants said on one day."""

    date: Annotated[str, _SERVER] = Field(description="The UTC day that the instances began on.")
    good_count: Annotated[int, _THUMBS] = Field(description="Thumbs up.")
    not_good_count: Annotated[int, _THUMBS] = Field(description="Thumbs down.")
    none_count: Annotated[int, Made("Joins less thumbs.", ("participants.JOINED", "feedback.satisfied"))] = Field(
        description="Joins of which nothing was said."
    )
    satisfaction_percent: Annotated[float, Made("From the three counts.", ("feedback.satisfied",))] = Field(
        description="Those who were not dissatisfied, in per cent of all."
    )


class ClientSatisfaction(Dated):
    """What participants said, by day."""

    total_records: Annotated[int, _SERVER] = Field(description="Days.")
    client_satisfaction: list[SatisfiedDay] = Field(description="Days on which anyone joined anything.")


class Bands(Wire):
    """How many were good, fair, poor and bad in one medium; who had none of it, or was not measured, is not counted."""

    good: Annotated[int, _SCORES] = Field(description="Score 4 or more.")
    fair: Annotated[int, _SCORES] = Field(description="Score 3 to 4.")
    poor: Annotated[int, _SCORES] = Field(description="Score 2 to 3.")
    bad: Annotated[int, _SCORES] = Field(description="Score under 2.")


class MediaBands(Wire):
    """How many were good, fair, poor and bad, by medium."""

    audio: Bands = Field(description="Audio.")
    video: Bands = Field(description="Video.")
    screen_share: Bands = Field(description="Sharing.")


class Quality(Dated):
    """Meetings, or participants, by quality."""

    quality: MediaBands = Field(description="The counts.")
