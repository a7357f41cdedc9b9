"""The account's users, what they planned and hosted, and past meetings by their number."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from callboard.contract.meetings import ReportedMeeting
from callboard.contract.paging import Page
from callboard.contract.units import INSTANT
from callboard.contract.wire import From, Made, Wire


class NumberedPage(Page):
    """A page that tells its number."""

    page_number: Annotated[int, Made("As asked; 1 where it was not.")] = Field(description="The page, counted from 1.")


class CustomAttribute(Wire):
    """An attribute that the account defined, and its value for one user."""

    table: ClassVar[str] = "people"

    key: Annotated[str, Made("", ("people.custom_attributes",))] = Field(description="The attribute.")
    name: Annotated[str, Made("", ("people.custom_attributes",))] = Field(description="Its name.")
    value: Annotated[str, Made("", ("people.custom_attributes",))] = Field(description="Its value.")


class User(Wire):
    """A user of the account."""

    table: ClassVar[str] = "people"

    id: Annotated[str, From("user_id")] = Field(description="The user.")
    first_name: str = Field(description="First name.")
    last_name: str = Field(description="Last name.")
    display_name: Annotated[str, From("name")] = Field(description="Display name.")
    email: str = Field(description="Mail address.")
    type: Annotated[int, From("user_type")] = Field(description="1 Basic, 2 Licensed, 3 On-prem.")
    status: Annotated[str, Made("`active` until something says otherwise.", ("people.status",))] = Field(
        description="`active`, `inactive` or `pending`."
    )
    dept: str = Field(description="Department.")
    timezone: str = Field(description="Time zone.")
    created_at: Annotated[str, INSTANT] = Field(description="When the user was made.")
    last_login_time: Annotated[str, From("last_login"), INSTANT] = Field(description="When the person last signed in.")
    last_client_version: Annotated[str, From("client_version")] = Field(description="Version of the client then.")
    group_ids: list[str] = Field(description="Groups that the person is in.")
    custom_attributes: list[CustomAttribute] = Field(description="Attributes that the account defined.")


class UserDetail(User):
    """A user of the account, by id."""

    location: str = Field(description="Site.")
    account_id: Annotated[str, Made("The account asked about.")] = Field(description="The account.")


class UsersPage(NumberedPage):
    """A page of users."""

    users: list[User] = Field(description="The users, in the order of their ids.")


class Planned(Wire):
    """A meeting or webinar that a user planned or hosted."""

    table: ClassVar[str] = "plans"

    uuid: Annotated[str, Made("As planned; live and previous ones: the instance.", ("plans.uuid", "meetings.uuid"))] = Field(
        description="The uuid it was given; of a live or previous one, the instance."
    )
    id: Annotated[int, Made("", ("plans.number", "meetings.number"))] = Field(description="The number that people dial.")
    host_id: Annotated[str, Made("", ("plans.host_id", "meetings.host_id"))] = Field(description="The host's user id.")
    topic: Annotated[str, Made("", ("plans.topic", "meetings.topic"))] = Field(description="Title.")
    type: Annotated[int, Made("", ("plans.type", "meetings.type"))] = Field(description="Zoom's meeting type.")
    start_time: Annotated[str, INSTANT, Made("", ("plans.start_time", "meetings.start_time"))] = Field(
        description="When it is to begin, or began. Of a series with `type=scheduled`, its next occurrence, or else its last."
    )
    duration: Annotated[int, Made("", ("plans.minutes", "meetings.scheduled_minutes"))] = Field(
        description="Planned length in minutes."
    )
    timezone: Annotated[str, Made("", ("plans.timezone", "meetings.timezone"))] = Field(
        description="The time zone it was planned in."
    )
    created_at: Annotated[str, INSTANT] = Field(description="When it was planned.")
    agenda: str = Field(description="What it is about.")
    join_url: str = Field(description="Where to join.")


class UserMeetingsPage(NumberedPage):
    """A page of a user's meetings."""

    meetings: list[Planned] = Field(description="The meetings.")


class UserWebinarsPage(NumberedPage):
    """A page of a user's webinars."""

    webinars: list[Planned] = Field(description="The webinars.")


class PastMeeting(ReportedMeeting):
    """One past meeting, by its number or uuid."""

    host_id: str = Field(description="The host's user id.")


class PastInstance(Wire):
    """One past instance of a number."""

    table: ClassVar[str] = "meetings"

    uuid: str = Field(description="The instance.")
    start_time: Annotated[str, INSTANT] = Field(description="When it began.")


class PastMeetings(Wire):
    """Past instances of a meeting."""

    meetings: list[PastInstance] = Field(description="The instances, oldest first.")


class PastWebinars(Wire):
    """Past instances of a webinar."""

    webinars: list[PastInstance] = Field(description="The instances, oldest first.")


STAY: tuple[str, ...] = ("participants.join_time", "participants.leave_time")


class PastParticipant(Wire):
    """One join of a past meeting."""

    table: ClassVar[str] = "participants"

    id: Annotated[str, From("participant_user_id")] = Field(description="The person's user id; empty when not signed in.")
    user_id: str = Field(description="This join; a rejoin has another.")
    name: str = Field(description="Name shown in the meeting.")
    user_email: Annotated[str, From("email")] = Field(description="Mail address; often empty for people from outside.")
    join_time: Annotated[str, INSTANT] = Field(description="When it joined.")
    leave_time: Annotated[str, INSTANT, Made("When it left; failing that, when the meeting ended.", STAY[1:])] = Field(
        description="When it left."
    )
    duration: Annotated[int, Made("From joining to leaving.", STAY)] = Field(description="Seconds.")
    registrant_id: str = Field(description="Registration that the person joined with.")
    failover: Annotated[bool, Made("Always false.")] = Field(description="Moved to another data centre.")
    status: Annotated[
        str, Made("`in_waiting_room` for those who never joined.", ("participants.join_time", "participants.waiting_from"))
    ] = Field(description="`in_meeting` or `in_waiting_room`.")


class PastParticipantsPage(Page):
    """A page of joins of a past meeting."""

    participants: list[PastParticipant] = Field(description="The joins.")
