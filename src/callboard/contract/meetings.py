"""Lists and details of meetings and webinars."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from callboard.contract.features import SHARE, Feature
from callboard.contract.paging import DatedPage, Page
from callboard.contract.units import CLOCK, INSTANT, QUALITY, USER_TYPE
from callboard.contract.wire import Bit, From, Wire


class CustomKey(Wire):
    """A key and value that an application set."""

    key: str = Field(description="Key, at most 64 characters.")
    value: str = Field(description="Value, at most 256 characters.")


class TrackingField(Wire):
    """A tracking field and its value."""

    field: str = Field(description="Name.")
    value: str = Field(description="Value.")


class Webinar(Wire):
    """One instance of a webinar."""

    uuid: str = Field(description="The instance.")
    id: Annotated[int, From("number")] = Field(description="The number that people dial; a series shares it.")
    topic: str = Field(description="Title.")
    host: Annotated[str, From("host_name")] = Field(description="The host's name.")
    email: Annotated[str, From("host_email")] = Field(description="The host's mail address.")
    dept: str = Field(description="The host's department.")
    user_type: Annotated[str, USER_TYPE] = Field(description="The host's licence: `Basic`, `Licensed`, `On-prem`.")
    start_time: Annotated[str, INSTANT] = Field(description="When it began.")
    end_time: Annotated[str, INSTANT] = Field(description="When it ended; empty while it is live.")
    duration: Annotated[str, CLOCK] = Field(description="`mm:ss` or `hh:mm:ss`; so far, while it is live.")
    participants: int = Field(description="Joins, rejoins counted each; breakout and waiting rooms not.")
    has_pstn: Annotated[bool, Bit(Feature.PSTN)] = Field(description="Telephone was used.")
    has_voip: Annotated[bool, Bit(Feature.VOIP)] = Field(description="Computer audio was used.")
    has_3rd_party_audio: Annotated[bool, Bit(Feature.THIRD_PARTY_AUDIO)] = Field(description="Other audio was used.")
    has_video: Annotated[bool, Bit(Feature.VIDEO)] = Field(description="A camera was on.")
    has_screen_share: Annotated[bool, Bit(SHARE)] = Field(description="Something was shared.")
    has_recording: Annotated[bool, Bit(Feature.RECORDING)] = Field(description="It was recorded.")
    has_sip: Annotated[bool, Bit(Feature.SIP)] = Field(description="A room system was in it.")
    has_archiving: Annotated[bool, Bit(Feature.ARCHIVING)] = Field(description="It was archived.")
    has_manual_captions: Annotated[bool, Bit(Feature.MANUAL_CAPTIONS)] = Field(description="Captions were typed.")
    has_automated_captions: Annotated[bool, Bit(Feature.AUTOMATED_CAPTIONS)] = Field(description="Captions were made.")
    has_poll: Annotated[bool, Bit(Feature.POLL)] = Field(description="It had polls.")
    has_survey: Annotated[bool, Bit(Feature.SURVEY)] = Field(description="It had a survey.")
    audio_quality: Annotated[str, From("audio_score"), QUALITY] = Field(description="`good`, `fair`, `poor` or `bad`.")
    video_quality: Annotated[str, From("video_score"), QUALITY] = Field(description="`good`, `fair`, `poor` or `bad`.")
    screen_share_quality: Annotated[str, From("as_score"), QUALITY] = Field(description="`good`, `fair`, `poor`, `bad`.")
    custom_keys: list[CustomKey] = Field(description="Keys that an application set.")


class Meeting(Webinar):
    """One instance of a meeting."""

    has_qa: Annotated[bool, Bit(Feature.QA)] = Field(description="It had questions and answers.")
    in_room_participants: int = Field(description="People in Zoom Rooms.")
    session_key: str = Field(description="Session key of a Video SDK session.")
    tracking_fields: list[TrackingField] = Field(description="With `include_fields=tracking_fields`.")
    avg_jointime_cost: float = Field(description="Mean seconds it took to join.")


class MeetingDetail(Meeting):
    """One instance of a meeting, by its id."""

    has_meeting_summary: Annotated[bool, Bit(Feature.SUMMARY)] = Field(description="A summary was made.")


class MeetingsPage(DatedPage):
    """A page of meetings."""

    meetings: list[Meeting] = Field(description="The meetings.")


class WebinarsPage(DatedPage):
    """A page of webinars."""

    webinars: list[Webinar] = Field(description="The webinars.")


class ReportedMeeting(Wire):
    """One past instance, as reports list it."""

    uuid: str = Field(description="The instance.")
    id: Annotated[int, From("number")] = Field(description="The number that people dial.")
    type: int = Field(description="Zoom's meeting type.")
    topic: str = Field(description="Title.")
    user_name: Annotated[str, From("host_name")] = Field(description="The host's name.")
    user_email: Annotated[str, From("host_email")] = Field(description="The host's mail address.")
    start_time: Annotated[str, INSTANT] = Field(description="When it began.")
    end_time: Annotated[str, INSTANT] = Field(description="When it ended.")
    duration: Annotated[int, From("duration_minutes")] = Field(description="Minutes, begun ones counted whole.")
    total_minutes: int = Field(description="Minutes of all joins together.")
    participants_count: Annotated[int, From("participants")] = Field(description="Joins.")
    dept: str = Field(description="The host's department.")
    source: Annotated[str, From("platform")] = Field(description="Where it was held.")


class MeetingReportPage(DatedPage):
    """A page of past meetings."""

    meetings: list[ReportedMeeting] = Field(description="The meetings.")


class WebinarReportPage(DatedPage):
    """A page of past webinars."""

    webinars: list[ReportedMeeting] = Field(description="The webinars.")


class Instance(Wire):
    """One instance of a recurring meeting."""

    uuid: str = Field(description="The instance.")
    kind: str = Field(description="`meeting` or `webinar`.")
    start_time: Annotated[str, INSTANT] = Field(description="When it began.")
    end_time: Annotated[str, INSTANT] = Field(description="When it ended; empty while it is live.")
    duration_seconds: int = Field(description="Length in seconds; so far, while it is live.")
    topic: str = Field(description="Title.")
    participants: int = Field(description="Joins.")


class InstancesPage(Page):
    """A page of a recurring meeting's instances."""

    instances: list[Instance] = Field(description="The instances, oldest first.")
