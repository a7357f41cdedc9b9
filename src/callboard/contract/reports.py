"""Reports: the account day by day, its hosts, what one person met in, and single meetings with who was in them."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from callboard.contract.features import SHARE, Feature
from callboard.contract.meetings import CustomKey, ReportedMeeting, TrackingField
from callboard.contract.paging import DatedPage, Page
from callboard.contract.units import INSTANT, US_TIME
from callboard.contract.wire import Bit, From, Made, Wire

JOINS = f"participants.{Feature.JOINED.name}"
STAYS = ("participants.join_time", "participants.leave_time", "meetings.end_time")
CAME = ("participants.join_time", "participants.waiting_from")
HELD = ("meetings.start_time", "meetings.end_time", "meetings.first_person", "meetings.last_person")
HOSTED = "Past meetings and webinars of two or more people that"


class Day(Wire):
    """One UTC day of the account."""

    date: Annotated[str, Made("The UTC day.")] = Field(description="The UTC day.")
    new_users: Annotated[int, Made("Counted.", ("people.created_at",))] = Field(
        description="Users that were made on this day, whatever became of them."
    )
    meetings: Annotated[int, Made("Counted.", HELD)] = Field(
        description="Meetings and webinars that began on this day and have ended. As in all reports, those that only one "
        "person joined are left out."
    )
    participants: Annotated[int, Made("Counted.", (JOINS,))] = Field(
        description="Joins of these, rejoins counted each; breakout and waiting rooms not."
    )
    meeting_minutes: Annotated[int, Made("Added up.", STAYS)] = Field(
        description="Minutes of all these joins together, of each meeting begun ones counted whole (`total_minutes` added up)."
    )


class DailyReport(Wire):
    """A month of the account, day by day."""

    year: Annotated[int, Made("As asked; else the present one.")] = Field(description="The year.")
    month: Annotated[int, Made("As asked; else the present one.")] = Field(description="The month, 1 to 12.")
    dates: list[Day] = Field(description="Each day of the month up to today, UTC.")


class CustomAttribute(Wire):
    """An attribute that the account defined."""

    table: ClassVar[str] = "people"

    key: Annotated[str, Made("", ("people.custom_attributes",))] = Field(description="Its key.")
    name: Annotated[str, Made("", ("people.custom_attributes",))] = Field(description="Its name.")
    value: Annotated[str, Made("", ("people.custom_attributes",))] = Field(description="This person's value.")


class Host(Wire):
    """One person, with what he or she hosted."""

    table: ClassVar[str] = "people"

    id: Annotated[str, From("user_id")] = Field(description="The person's user id.")
    email: str = Field(description="Mail address.")
    user_name: Annotated[str, From("name")] = Field(description="Display name.")
    type: Annotated[int, From("user_type")] = Field(description="1 Basic, 2 Licensed, 3 On-prem.")
    dept: str = Field(description="Department.")
    meetings: Annotated[int, Made(f"{HOSTED} the person hosted.", ("meetings.host_id", *HELD))] = Field(
        description="Past meetings and webinars hosted, of two or more people."
    )
    participants: Annotated[int, Made("Counted.", (JOINS,))] = Field(description="Joins of these, rejoins counted each.")
    meeting_minutes: Annotated[int, Made("Added up.", STAYS)] = Field(description="Minutes of all these joins together.")
    custom_attributes: list[CustomAttribute] = Field(description="Attributes that the account defined.")


class HostsPage(DatedPage):
    """A page of active or inactive hosts."""

    page_number: Annotated[int, Made("Counted from 1.")] = Field(description="This page.")
    total_meetings: Annotated[int, Made("Added up.", HELD)] = Field(description="Meetings of all listed people, on all pages.")
    total_participants: Annotated[int, Made("Added up.", (JOINS,))] = Field(description="Joins of these meetings.")
    total_meeting_minutes: Annotated[int, Made("Added up.", STAYS)] = Field(description="Minutes of these joins together.")
    users: list[Host] = Field(description="The people, by user id.")


class PersonsMeeting(ReportedMeeting):
    """One past instance that a person hosted or joined."""

    user_name: Annotated[str, From("asked_name"), Made("The person asked about.", ("people.name",))] = Field(
        description="The person's name."
    )
    user_email: Annotated[str, From("asked_email"), Made("The person asked about.", ("people.email",))] = Field(
        description="The person's mail address."
    )
    host_name: str = Field(description="The host's name.")
    host_organization: str = Field(description="The host's organisation.")
    session_key: str = Field(description="Session key of a Video SDK session.")
    custom_keys: list[CustomKey] = Field(description="Keys that an application set.")
    schedule_time: Annotated[str, US_TIME, Made("The planned start nearest to the real one.", ("plans.start_time",))] = Field(
        description="When it was to begin, `MM/dd/yyyy HH:mm` UTC; empty for what was not planned."
    )
    join_waiting_room_time: Annotated[str, US_TIME, Made("The first.", ("participants.waiting_from",))] = Field(
        description="When the person came to the waiting room, `MM/dd/yyyy HH:mm` UTC."
    )
    join_time: Annotated[str, US_TIME, Made("The first.", ("participants.join_time",))] = Field(
        description="When the person first joined, `MM/dd/yyyy HH:mm` UTC; empty for a host who did not."
    )
    leave_time: Annotated[str, US_TIME, Made("The last; failing that, the end.", STAYS[1:])] = Field(
        description="When the person left for good, `MM/dd/yyyy HH:mm` UTC."
    )
    has_screen_share: Annotated[bool, Bit(SHARE)] = Field(description="Something was shared.")
    has_recording: Annotated[bool, Bit(Feature.RECORDING)] = Field(description="It was recorded.")
    has_chat: Annotated[bool, Bit(Feature.CHAT)] = Field(description="Chat messages were sent.")
    meeting_encryption_status: int = Field(description="Kind of encryption; 0 when unknown.")
    participants_count_my_account: Annotated[int, Made("Counted.", ("participants.participant_user_id", "people.user_id"))] = (
        Field(description="Joins by users of this account.")
    )


class PersonsMeetingsPage(DatedPage):
    """A page of what one person met in."""

    page_number: Annotated[int, Made("Counted from 1.")] = Field(description="This page.")
    meetings: list[PersonsMeeting] = Field(description="The meetings and webinars, earliest first.")


class ReportDetail(ReportedMeeting):
    """One past instance, as it is reported by its id."""

    custom_keys: list[CustomKey] = Field(description="Keys that an application set.")
    tracking_fields: list[TrackingField] = Field(description="Tracking fields that the host set.")


class ReportedJoin(Wire):
    """One join of a past instance, as reports list it."""

    table: ClassVar[str] = "participants"

    id: Annotated[str, From("participant_user_id")] = Field(description="The person's user id; empty when not signed in.")
    user_id: str = Field(description="This join; a rejoin has another.")
    name: str = Field(description="Name shown in the meeting.")
    user_email: Annotated[str, From("email")] = Field(description="Mail address; often empty for people from outside.")
    join_time: Annotated[str, INSTANT, Made("When it joined, or came to the waiting room.", CAME)] = Field(
        description="When it joined."
    )
    leave_time: Annotated[str, INSTANT, Made("When it left; failing that, when the meeting ended.", STAYS[1:])] = Field(
        description="When it left."
    )
    duration: Annotated[int, From("seconds"), Made("From joining to leaving.", STAYS)] = Field(description="Length in seconds.")
    failover: bool = Field(description="Whether it moved to another data centre.")
    status: Annotated[str, Made("`in_waiting_room` for those who never joined.", CAME)] = Field(
        description="`in_meeting`, or `in_waiting_room`."
    )
    customer_key: str = Field(description="Key that the embedding application gave.")
    registrant_id: str = Field(description="With `include_fields=registrant_id`.")
    bo_mtg_id: str = Field(description="The breakout room, for a join of one.")
    participant_user_id: str = Field(description="The same as `id`.")


class ReportedJoinsPage(Page):
    """A page of a past instance's joins."""

    participants: list[ReportedJoin] = Field(description="The joins, earliest first.")
