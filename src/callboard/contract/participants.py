"""Who was there: participants, their quality, their shares, and attendance."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from callboard.contract.features import Feature
from callboard.contract.paging import Page
from callboard.contract.qos import UserQosSample
from callboard.contract.units import DIGITS, INSTANT, QUALITY
from callboard.contract.wire import Bit, From, Made, Personal, Wire

WELL: Final = Made(
    "From its bad minutes: their share, and the most in a row.",
    (*(f"qos_minutes.{medium}_score" for medium in ("audio", "video", "as")), "qos_minutes.system_max_cpu_usage"),
)


class Join(Wire):
    """What every list of participants says of one join."""

    id: Annotated[str, From("participant_user_id")] = Field(description="The person's user id; empty when not signed in.")
    user_id: str = Field(description="This join; a rejoin has another.")
    participant_uuid: str = Field(description="Another name of this join.")
    user_name: Annotated[str, From("name")] = Field(description="Name shown in the meeting.")
    email: str = Field(description="Mail address; often empty for people from outside.")
    device: str = Field(description="Kind of device.")
    os: str = Field(description="Operating system.")
    os_version: str = Field(description="Its version.")
    device_name: str = Field(description="The device's model.")
    client: str = Field(description="Kind of client.")
    version: str = Field(description="The client's version.")
    browser_name: str = Field(description="Browser of a web join.")
    browser_version: str = Field(description="Its version.")
    ip_address: str = Field(description="Address seen from outside.")
    internal_ip_addresses: list[str] = Field(description="Addresses of the device.")
    location: str = Field(description="City and country, `City (CC)`.")
    network_type: str = Field(description="`Wired`, `Wifi`, `PPP`, `Cellular` or `Others`.")
    data_center: str = Field(description="Data centre.")
    full_data_center: str = Field(description="All data centres, each with a semicolon.")
    connection_type: str = Field(description="Transport of audio.")
    video_connection_type: str = Field(description="Transport of video.")
    as_connection_type: str = Field(description="Transport of sharing.")
    domain: str = Field(description="Domain of the device.")
    pc_name: str = Field(description="Name of the device.")
    mac_addr: str = Field(description="Hardware address.")
    harddisk_id: str = Field(description="Disk's serial number.")
    join_time: Annotated[str, INSTANT] = Field(description="When it joined.")
    leave_time: Annotated[str, INSTANT] = Field(description="When it left; empty while it is there.")
    share_application: Annotated[bool, Bit(Feature.SHARE_APPLICATION)] = Field(description="Shared an application.")
    share_desktop: Annotated[bool, Bit(Feature.SHARE_DESKTOP)] = Field(description="Shared a screen.")
    share_whiteboard: Annotated[bool, Bit(Feature.SHARE_WHITEBOARD)] = Field(description="Shared a whiteboard.")
    recording: Annotated[bool, Bit(Feature.RECORDING)] = Field(description="Recorded.")
    groupId: Annotated[str, From("group_id")] = Field(description="The person's group.")
    has_archiving: Annotated[bool, Bit(Feature.ARCHIVING)] = Field(description="Was archived.")
    optional_archiving: str = Field(description="What was said to archiving.")
    zoom_thin_client_plugin_version: str = Field(description="Version of the thin client's plugin.")


class WebinarParticipant(Join):
    """One join of a webinar."""

    role: str = Field(description="`host`, `attendee` or `panelist`.")
    leave_reason: str = Field(description="Why it left, a sentence.")
    bo_mtg_id: str = Field(description="The breakout room, for a join of one.")
    participant_user_id: str = Field(description="The same as `id`.")
    customer_key: str = Field(description="Key that the embedding application gave.")
    registrant_id: str = Field(description="With `include_fields=registrant_id`, not while live.")
    sip_uri: str = Field(description="SIP address of the device.")
    from_sip_uri: str = Field(description="SIP address of the caller.")
    audio_quality: Annotated[str, From("audio_score"), QUALITY] = Field(description="`good`, `fair`, `poor`, `bad` or empty.")
    video_quality: Annotated[str, From("video_score"), QUALITY] = Field(description="`good`, `fair`, `poor`, `bad` or empty.")
    screen_share_quality: Annotated[str, From("as_score"), QUALITY] = Field(description="`good`, `fair`, `poor`, `bad` or empty.")
    microphone: str = Field(description="Microphone.")
    speaker: str = Field(description="Speaker.")
    audio_call: list[AudioCall] = Field(description="Telephone calls of this join.")


class AudioCall(Wire):
    """A telephone call of one join."""

    call_number: Annotated[str, Personal()] = Field(description="The person's number.")
    call_type: str = Field(description="`call-in` or `call-out`.")
    zoom_number: str = Field(description="Zoom's number.")


class MeetingParticipant(WebinarParticipant):
    """One join of a meeting."""

    camera: str = Field(description="Camera.")
    in_room_participants: int = Field(description="People in the Zoom Room.")
    status: str = Field(description="`in_meeting` or `in_waiting_room`.")
    total_jointime_cost: float = Field(description="Seconds it took to join.")
    aic_disclaimer: str = Field(description="What was said to the AI companion's disclaimer.")


class ParticipantsPage(Page):
    """A page of a meeting's participants."""

    participants: list[MeetingParticipant] = Field(description="The joins, earliest first.")
    meeting_number: Annotated[str, DIGITS] = Field(description="The meeting's number.")


class WebinarParticipantsPage(Page):
    """A page of a webinar's participants."""

    participants: list[WebinarParticipant] = Field(description="The joins, earliest first.")
    webinar_number: Annotated[str, DIGITS] = Field(description="The webinar's number.")


class WebinarParticipantQos(Join):
    """One join of a webinar, with its minutes."""

    health: Annotated[str, WELL] = Field(description="`Good`, `Warning` or `Critical`.")
    issue_list: Annotated[list[str], WELL] = Field(description="What was wrong.")
    user_qos: list[UserQosSample] = Field(description="One entry a minute, oldest first.")


class MeetingParticipantQos(WebinarParticipantQos):
    """One join of a meeting, with its minutes."""

    total_jointime_cost: float = Field(description="Seconds it took to join.")


class WebinarParticipantQosDetail(WebinarParticipantQos):
    """One join of a webinar, by its id, with its minutes."""

    webinar_number: Annotated[str, DIGITS] = Field(description="The webinar's number.")


class MeetingParticipantQosDetail(MeetingParticipantQos):
    """One join of a meeting, by its id, with its minutes."""

    camera: str = Field(description="Camera.")
    microphone: str = Field(description="Microphone.")
    speaker: str = Field(description="Speaker.")
    meeting_number: Annotated[str, DIGITS] = Field(description="The meeting's number.")


class QosPage(Page):
    """A page of a meeting's participants with their minutes."""

    participants: list[MeetingParticipantQos] = Field(description="The joins.")
    meeting_number: Annotated[str, DIGITS] = Field(description="The meeting's number.")


class WebinarQosPage(Page):
    """A page of a webinar's participants with their minutes."""

    participants: list[WebinarParticipantQos] = Field(description="The joins.")
    webinar_number: Annotated[str, DIGITS] = Field(description="The webinar's number.")


class Share(Wire):
    """One span of sharing."""

    content: str = Field(description="What was shared: `desktop`, `application`, `whiteboard`, ...")
    start_time: Annotated[str, INSTANT] = Field(description="When it began.")
    end_time: Annotated[str, INSTANT] = Field(description="When it ended; empty while it goes on.")


class SharingParticipant(Wire):
    """One join with what it shared."""

    id: Annotated[str, From("participant_user_id")] = Field(description="The person's user id; empty when not signed in.")
    user_id: str = Field(description="This join.")
    user_name: Annotated[str, From("name")] = Field(description="Name shown in the meeting.")
    details: list[Share] = Field(description="The spans, oldest first.")


class SharingPage(Page):
    """A page of joins that shared something."""

    participants: list[SharingParticipant] = Field(description="The joins.")


class Attendee(Wire):
    """One person at one meeting, rejoins merged."""

    participant_user_id: str = Field(description="The person's user id; empty when not signed in.")
    name: str = Field(description="Name shown in the meeting.")
    email: str = Field(description="Mail address.")
    joins: int = Field(description="How often the person joined.")
    first_seen: Annotated[str, INSTANT] = Field(description="First join.")
    last_seen: Annotated[str, INSTANT] = Field(description="Last leave; now, for a person still there.")
    total_seconds: int = Field(description="Time there in seconds; overlapping joins count once.")
    share_attended: float = Field(description="Share of the meeting's length that the person was there, 0 to 1.")


class AttendancePage(Page):
    """Attendance of one instance."""

    uuid: str = Field(description="The instance.")
    attendees: list[Attendee] = Field(description="One row a person, earliest first.")


WebinarParticipant.model_rebuild()
MeetingParticipant.model_rebuild()
