"""Logs of the account: sign-ins, operations, what is to come, what happened in meetings, and all that was held."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final

from pydantic import Field

from callboard.contract.features import SHARE, Feature
from callboard.contract.meetings import TrackingField
from callboard.contract.paging import Dated, Tokened
from callboard.contract.units import DIGITS, INSTANT, SPACED, STAMP
from callboard.contract.wire import Bit, From, Made, Prefix, Wire


class SignIn(Wire):
    """A person signed in or out."""

    table: ClassVar[str] = "sign_ins"

    email: Annotated[str, Made("As the event said; else as the user is known.", ("sign_ins.email", "people.email"))] = Field(
        description="The person's mail address."
    )
    time: Annotated[str, From("at"), INSTANT] = Field(description="When.")
    type: str = Field(description="`Sign in` or `Sign out`.")
    ip_address: str = Field(description="Address it came from.")
    client_type: str = Field(description="Kind of client.")
    version: str = Field(description="The client's version.")


class SignInsPage(Tokened):
    """A page of sign-ins."""

    from_: Annotated[str, From("from"), INSTANT, Made("As asked; else a month before `to`.")] = Field(
        alias="from", description="Beginning of the range."
    )
    to: Annotated[str, INSTANT, Made("As asked; else the end of today.")] = Field(description="Last second of the range.")
    activity_logs: list[SignIn] = Field(description="Sign-ins and sign-outs, the newest first.")


class Operation(Wire):
    """Something that an administrator changed."""

    table: ClassVar[str] = "operations"

    time: Annotated[str, From("at"), INSTANT] = Field(description="When.")
    operator: str = Field(description="Who did it.")
    category_type: Annotated[str, From("category")] = Field(description="`user`, `webinar`, `recording`, ...")
    action: str = Field(description="`Add`, `Update`, `Delete`, ...")
    operation_detail: Annotated[str, From("detail")] = Field(description="What was done, a sentence.")


class OperationsPage(Tokened):
    """A page of operations."""

    operation_logs: list[Operation] = Field(description="What administrators did, the newest first.")


_HOST: Final = "Looked up by `plans.host_id`."


class UpcomingEvent(Wire):
    """A meeting or webinar to come."""

    table: ClassVar[str] = "plans"

    id: Annotated[str, From("number"), DIGITS] = Field(description="The number that people dial.")
    topic: str = Field(description="Title.")
    host_id: str = Field(description="The host's user id.")
    host_name: Annotated[str, Made(_HOST, ("people.name",))] = Field(description="The host's name.")
    dept: Annotated[str, Made(_HOST, ("people.dept",))] = Field(description="The host's department.")
    start_time: Annotated[str, INSTANT] = Field(description="When it is to begin.")


class UpcomingPage(Tokened, Dated):
    """A page of what is to come."""

    upcoming_events: list[UpcomingEvent] = Field(description="Each occurrence to come, the next first.")


_WHO: Final = "The host, or who joined, left or wrote."


class MeetingActivity(Wire):
    """Something that happened in or to a meeting."""

    meeting_number: Annotated[str, SPACED, Made("", ("meetings.number", "plans.number"))] = Field(description="With spaces.")
    activity_time: Annotated[
        str,
        STAMP,
        Made(
            "To the second.",
            (
                "plans.created_at",
                "meetings.start_time",
                "meetings.end_time",
                "participants.join_time",
                "participants.leave_time",
                "meeting_messages.at",
            ),
        ),
    ] = Field(description="`yyyy-mm-dd HH:MM:SS:mmm`, UTC.")
    operator: Annotated[
        str, Made(_WHO, ("meetings.host_name", "people.name", "participants.name", "meeting_messages.sender_name"))
    ] = Field(description="Who did it.")
    operator_email: Annotated[
        str, Made(_WHO, ("meetings.host_email", "people.email", "participants.email", "meeting_messages.sender_email"))
    ] = Field(description="Mail address of who did it.")
    activity_category: Annotated[str, Made("By what is told.")] = Field(
        description="`Meeting Created`, `Meeting Started`, `User Join`, `User Left`, `In-Meeting Chat` or `Meeting Ended`."
    )
    activity_detail: Annotated[
        str,
        Made(
            "The title; of a join its device, of a leave its reason, of a message whom it went to.",
            (
                "plans.topic",
                "meetings.topic",
                "participants.device",
                "participants.leave_reason",
                "meeting_messages.recipient_type",
            ),
        ),
    ] = Field(description="More of it.")


class MeetingActivitiesPage(Tokened):
    """A page of what happened in meetings."""

    meeting_activity_logs: list[MeetingActivity] = Field(description="What happened, the newest first.")


_USED: Final = Made("Said of the instance, or of any of its joins.", ("meetings.features", "participants.features"))
_FORMS: Final = Made("Said of the instance; or that someone registered.", ("meetings.features", "registrants.registrant_id"))


class FeatureUsed(Wire):
    """What was used in an instance."""

    screen_sharing: Annotated[bool, Bit(SHARE), _USED] = Field(description="Something was shared.")
    video_on: Annotated[bool, Bit(Feature.VIDEO), _USED] = Field(description="A camera was on.")
    remote_control: Annotated[bool, Bit(Feature.REMOTE_CONTROL), _USED] = Field(description="A screen was controlled from afar.")
    closed_caption: Annotated[bool, Bit(Feature.MANUAL_CAPTIONS), _USED] = Field(description="Captions were typed.")
    breakout_room: Annotated[bool, Bit(Feature.BREAKOUT), _USED] = Field(description="It had breakout rooms.")
    language_interpretation: bool = Field(description="It was interpreted.")
    telephone_usage: Annotated[bool, Bit(Feature.PSTN), _USED] = Field(description="Telephone was used.")
    in_meeting_chat: Annotated[bool, Bit(Feature.CHAT), _USED] = Field(description="Messages were sent.")
    poll: Annotated[bool, Bit(Feature.POLL), _USED] = Field(description="It had polls.")
    join_by_room: Annotated[bool, Bit(Feature.ROOM), _USED] = Field(description="Joined from a Zoom Room.")
    waiting_room: Annotated[bool, Bit(Feature.WAITING_ROOM), _USED] = Field(description="Someone was in its waiting room.")
    live_transcription: Annotated[bool, Bit(Feature.AUTOMATED_CAPTIONS), _USED] = Field(description="Captions were made.")
    reaction: Annotated[bool, Bit(Feature.REACTION), _USED] = Field(description="Reactions were shown.")
    zoom_apps: bool = Field(description="Apps were used.")
    annotation: bool = Field(description="Something shared was drawn on.")
    raise_hand: Annotated[bool, Bit(Feature.RAISE_HAND), _USED] = Field(description="A hand was raised.")
    virtual_background: bool = Field(description="A background was put behind someone.")
    whiteboard: Annotated[bool, Bit(Feature.SHARE_WHITEBOARD), _USED] = Field(description="A whiteboard was shared.")
    immersive_scene: bool = Field(description="People were put into a scene.")
    avatar: bool = Field(description="An avatar was shown.")
    switch_to_mobile: bool = Field(description="Someone went on with a telephone.")
    file_sharing: bool = Field(description="Files were sent.")
    meeting_summary: Annotated[bool, Bit(Feature.SUMMARY), _USED] = Field(description="A summary was made.")
    meeting_questions: bool = Field(description="An assistant was asked about it.")
    record_to_computer: bool = Field(description="It was recorded to a computer.")
    record_to_cloud: Annotated[bool, Bit(Feature.RECORDING), _USED] = Field(description="It was recorded.")
    live_translation: bool = Field(description="Captions were translated.")
    registration: Annotated[bool, Bit(Feature.REGISTRATION), _FORMS] = Field(description="People registered for it.")
    smart_recording: bool = Field(description="The recording was marked up.")
    multi_speaker: bool = Field(description="Several speakers were shown.")
    meeting_wallpaper: bool = Field(description="It had a wallpaper.")
    gen_ai_virtual_background: bool = Field(description="A background was generated.")
    multi_share: bool = Field(description="Several shared at once.")
    document_collaboration: bool = Field(description="A document was worked on.")
    portrait_lighting: bool = Field(description="Someone was lit.")
    personalized_audio_isolation: bool = Field(description="A voice was isolated.")
    color_themes: bool = Field(description="The client had other colours.")


_SPAN: Final = ("meetings.start_time", "meetings.end_time")
_STAYS: Final = ("participants.join_time", "participants.leave_time")
_BY_HOST: Final = "Looked up by `meetings.host_id`."


class CustomField(Wire):
    """An attribute of the host that the account defined."""

    key: Annotated[str, Made(_BY_HOST, ("people.custom_attributes",))] = Field(description="The attribute.")
    value: Annotated[str, Made(_BY_HOST, ("people.custom_attributes",))] = Field(description="Its value.")


class HistoryMeeting(Wire):
    """One past instance of a meeting or webinar."""

    table: ClassVar[str] = "meetings"

    meeting_uuid: Annotated[str, From("uuid")] = Field(description="The instance.")
    meeting_id: Annotated[int, From("number")] = Field(description="The number that people dial.")
    type: Annotated[str, Made("By the kind of the instance.", ("meetings.kind",))] = Field(description="`Meeting` or `Webinar`.")
    host_display_name: Annotated[
        str, Made("As the host's join said; else as the user is known.", ("meetings.host_name", "people.name"))
    ] = Field(description="The host's name.")
    host_email: Annotated[
        str, Made("As the host's join said; else as the user is known.", ("meetings.host_email", "people.email"))
    ] = Field(description="The host's mail address.")
    start_time: Annotated[str, INSTANT] = Field(description="When it began.")
    end_time: Annotated[str, INSTANT] = Field(description="When it ended.")
    topic: str = Field(description="Title.")
    participants: Annotated[int, Made("Joins of the main meeting, counted.", ("participants.JOINED",))] = Field(
        description="Joins, rejoins counted each."
    )
    duration: Annotated[int, Made("From start to end, begun minutes counted whole.", _SPAN)] = Field(description="Minutes.")
    total_participant_minutes: Annotated[int, Made("The lengths of all joins.", (*_STAYS, "meetings.end_time"))] = Field(
        description="Minutes of all joins together."
    )
    department: Annotated[str, Made(_BY_HOST, ("people.dept",))] = Field(description="The host's department.")
    group: Annotated[str, Made(_BY_HOST, ("people.group_ids",))] = Field(description="The host's groups, with commas.")
    source: Annotated[str, From("platform")] = Field(description="Where it was held.")
    unique_viewers: Annotated[
        int,
        Made(
            "Of webinars: people by user id, mail or name.",
            ("participants.participant_user_id", "participants.email", "participants.name"),
        ),
    ] = Field(description="Different people who watched a webinar.")
    max_concurrent_views: Annotated[int, Made("Of webinars: most joins at the same time.", _STAYS)] = Field(
        description="Most who watched a webinar at once."
    )
    create_time: Annotated[str, INSTANT, Made("When the number was planned.", ("plans.created_at",))] = Field(
        description="When it was planned."
    )
    custom_fields: list[CustomField] = Field(description="Attributes of the host that the account defined.")
    tracking_fields: list[TrackingField] = Field(description="Tracking fields and their values.")
    feature_used: Annotated[FeatureUsed, Prefix("")] = Field(description="What was used.")


class HistoryPage(Tokened):
    """A page of past meetings and webinars."""

    history_meetings: list[HistoryMeeting] = Field(description="The instances, oldest first.")
