"""One instance as lanes: who was there when, how each minute was, and what was wrong for whom."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import Field, create_model

from callboard.contract.trends import MINUTES
from callboard.contract.units import INSTANT
from callboard.contract.wire import Made, Personal, Wire

_INSTANCE = Made("", ("meetings.topic", "meetings.start_time", "meetings.end_time", "meetings.number", "meetings.host_id"))
_HOST = Made("", ("meetings.host_name", "people.name", "people.email"))
_PERSON = Made("", ("participants.name", "people.name"))
_MAIL = Made("", ("participants.email",))
_ABOUT = Made("", ("people.dept", "people.location"))
_ID = Made("", ("participants.participant_user_id", "participants.user_id"))
_THERE = Made("From joins and leaves, rejoins merged.", ("participants.join_time", "participants.leave_time"))
_DEVICE = Made("As the join said.", ("participants.device", "participants.network_type", "participants.data_center"))
_SHARED = Made("", ("sharing.content", "sharing.at"))
_FILE = Made("", ("recordings.recording_start", "recordings.recording_end", "recordings.recording_type"))
_CAUSE = Made("By rule, from the minute's numbers and from who else was affected.", MINUTES.places)
_SERVER = Made("Made by the server.")
DIGITS: Final = "A character a minute: `0` not judged, `1` good, `2` fair, `3` poor, `4` bad, a space for absence."


class LaneJoin(Wire):
    """One join in a lane."""

    user_id: Annotated[str, _ID] = Field(description="This join.")
    participant_uuid: Annotated[str, _ID] = Field(description="Another name of it.")
    start_time: Annotated[str, _THERE, INSTANT] = Field(description="When it came.")
    end_time: Annotated[str, _THERE, INSTANT] = Field(description="When it left; empty while it is there.")
    reason: Annotated[str, Made("", ("participants.leave_reason",))] = Field(description="Why it left, in Zoom's words.")
    room: Annotated[str, Made("", ("participants.bo_mtg_id",))] = Field(description="Breakout room; empty for the main one.")
    device: Annotated[str, _DEVICE] = Field(description="Kind of device.")
    os: Annotated[str, Made("", ("participants.os",))] = Field(description="Operating system.")
    client: Annotated[str, Made("", ("participants.client",))] = Field(description="Kind of client.")
    version: Annotated[str, Made("", ("participants.version",))] = Field(description="The client's version.")
    network: Annotated[str, _DEVICE] = Field(description="`Wired`, `Wifi`, `Cellular`, ...")
    connection: Annotated[str, Made("", ("participants.connection_type",))] = Field(description="Transport of audio.")
    data_center: Annotated[str, _DEVICE] = Field(description="Data centre.")
    location: Annotated[str, Made("", ("participants.location",))] = Field(description="City and country.")
    camera: Annotated[str, Made("", ("participants.camera",))] = Field(description="Camera.")
    microphone: Annotated[str, Made("", ("participants.microphone",))] = Field(description="Microphone.")
    speaker: Annotated[str, Made("", ("participants.speaker",))] = Field(description="Speaker.")


class Share(Wire):
    """One share."""

    content: Annotated[str, _SHARED] = Field(description="What was shared, in Zoom's words.")
    start_time: Annotated[str, _SHARED, INSTANT] = Field(description="When it began.")
    end_time: Annotated[str, _SHARED, INSTANT] = Field(description="When it ended; empty while it goes on.")


class LaneFigures(Wire):
    """Judged and bad minutes."""

    judged_minutes: Annotated[int, MINUTES] = Field(description="Minutes that could be judged.")
    bad_minutes: Annotated[int, MINUTES] = Field(description="Poor or bad ones among them.")
    share_bad: Annotated[float | None, MINUTES] = Field(description="Bad among judged minutes, 0 to 1; null: none was judged.")
    band: Annotated[str, MINUTES] = Field(
        description="By `share_bad`: `good` under 1 %, `fair` under 5 %, `poor` under 25 %, else `bad`; empty: not judged."
    )


class Lane(LaneFigures):
    """One person in an instance, all joins together."""

    lane: Annotated[int, _SERVER] = Field(description="Its place: the host first, then as people came.")
    person: Annotated[str, _ID, Personal()] = Field(description="Names the person within the instance.")
    participant_user_id: Annotated[str, _ID] = Field(description="The person's user id; empty when not signed in.")
    name: Annotated[str, _PERSON] = Field(description="Name shown.")
    email: Annotated[str, _MAIL] = Field(description="Mail address.")
    role: Annotated[str, Made("", ("participants.role",))] = Field(description="`host`, `attendee`, `panelist`, ...")
    department: Annotated[str, _ABOUT] = Field(description="The person's department.")
    site: Annotated[str, _ABOUT] = Field(description="The person's site.")
    first_seen: Annotated[str, _THERE, INSTANT] = Field(description="When the person came first.")
    last_seen: Annotated[str, _THERE, INSTANT] = Field(description="When the person was there last.")
    total_seconds: Annotated[int, _THERE] = Field(description="Time there in all.")
    share_attended: Annotated[float, _THERE] = Field(description="That over the length, 0 to 1.")
    unjudged_minutes: Annotated[int, MINUTES] = Field(description="Minutes there that could not be judged.")
    worst: Annotated[str, MINUTES] = Field(description=f"Of all media. {DIGITS}")
    audio: Annotated[str, MINUTES] = Field(description="The same of audio.")
    video: Annotated[str, MINUTES] = Field(description="The same of video.")
    sharing: Annotated[str, MINUTES] = Field(description="The same of sharing.")
    cause: Annotated[str, _CAUSE] = Field(
        description="A character a minute: `P` network of one person, `S` of a site, `D` device CPU, `W` Wi-Fi, `C` server "
        "side, `U` unknown, a space where nothing was bad."
    )
    joins: list[LaneJoin] = Field(description="The joins, earliest first.")
    shares: list[Share] = Field(description="What the person shared.")


class RecordedSpan(Wire):
    """One recording."""

    start_time: Annotated[str, _FILE, INSTANT] = Field(description="When it began.")
    end_time: Annotated[str, _FILE, INSTANT] = Field(description="When it ended.")


class Lanes(LaneFigures):
    """An instance as lanes."""

    uuid: Annotated[str, _INSTANCE] = Field(description="The instance.")
    kind: Annotated[str, _INSTANCE] = Field(description="`meeting` or `webinar`.")
    number: Annotated[int, _INSTANCE] = Field(description="The number that people dial.")
    topic: Annotated[str, _INSTANCE] = Field(description="Title.")
    host_id: Annotated[str, _INSTANCE] = Field(description="The host's user id.")
    host_name: Annotated[str, _HOST] = Field(description="The host's name.")
    platform: Annotated[str, Made("", ("meetings.platform",))] = Field(description="Where it was held.")
    start_time: Annotated[str, _INSTANCE, INSTANT] = Field(description="When it began.")
    end_time: Annotated[str, _INSTANCE, INSTANT] = Field(description="When it ended; empty while it is live.")
    seconds: Annotated[int, _INSTANCE] = Field(description="Length; so far, while it is live.")
    live: Annotated[bool, _INSTANCE] = Field(description="It goes on.")
    profile: Annotated[str, _SERVER] = Field(description="The profile that minutes were judged in.")
    first_minute: Annotated[str, _SERVER, INSTANT] = Field(description="The minute of the first character.")
    minutes: Annotated[int, _SERVER] = Field(description="Characters of each string below.")
    people: Annotated[int, _THERE] = Field(description="Different people.")
    joins: Annotated[int, _THERE] = Field(description="Joins.")
    most_at_once: Annotated[int, _THERE] = Field(description="Most people in one minute.")
    lanes: list[Lane] = Field(description="One a person.")
    recordings: list[RecordedSpan] = Field(description="When it was recorded.")


# One participant

NUMBERS: Final = {
    "bitrate": ("bitrate_kbps", 0.01, "Bitrate, kbit/s"),
    "latency": ("latency_ms", 1.0, "Round trip, ms"),
    "jitter": ("jitter_ms", 1.0, "Jitter, ms"),
    "avg_loss": ("loss_percent", 0.01, "Mean packet loss, %"),
    "max_loss": ("max_loss_percent", 0.01, "Most packet loss, %"),
    "width": ("width", 1.0, "Width, pixels"),
    "height": ("height", 1.0, "Height, pixels"),
    "frame_rate": ("fps", 1.0, "Frames a second"),
}
"""By column of a stream: the field's name, its unit in base units, and what it is."""
PICTURE: Final = ("width", "height", "frame_rate")
STREAMS: Final = tuple((medium, way) for medium in ("audio", "video", "as") for way in ("input", "output"))


def streamed() -> list[tuple[str, str, float, str]]:
    """Every number of a minute's streams: column, field, unit in base units, description."""
    found = []
    for medium, way in STREAMS:
        shown = "sharing" if medium == "as" else medium
        for column, (name, scale, says) in NUMBERS.items():
            if medium != "audio" or column not in PICTURE:
                found.append((f"{medium}_{way}_{column}", f"{shown}_{way}_{name}", scale, f"{says}, of {shown} {way}."))
    return found


OTHERS: Final = (
    ("zoom_max_cpu_usage", "zoom_cpu_percent", 0.01, "Processor, Zoom's share, %."),
    ("system_max_cpu_usage", "system_cpu_percent", 0.01, "Processor in all, %."),
    ("avg_rssi", "signal_dbm", 1.0, "Wi-Fi signal, dBm."),
)


class _Minute(Wire):
    """One minute of one join."""

    time: Annotated[str, Made("", ("qos_minutes.minute",)), INSTANT] = Field(description="The minute's beginning.")
    user_id: Annotated[str, _ID] = Field(description="The join.")
    worst: Annotated[int, MINUTES] = Field(description="0 not judged, 1 good, 2 fair, 3 poor, 4 bad: of all media.")
    audio: Annotated[int, MINUTES] = Field(description="The same of audio.")
    video: Annotated[int, MINUTES] = Field(description="The same of video.")
    sharing: Annotated[int, MINUTES] = Field(description="The same of sharing.")
    cause: Annotated[str, _CAUSE] = Field(description="The likely cause of a bad minute; else empty.")
    evidence: Annotated[str, _CAUSE] = Field(description="The numbers that say so.")


def _numbers() -> dict[str, Any]:
    return {
        field: (Annotated[float | None, Made("", (f"qos_minutes.{column}",))], Field(description=f"{says} Null: not known."))
        for column, field, _, says in (*streamed(), *OTHERS)
    }


StreamMinute: Final = create_model("StreamMinute", __base__=_Minute, __doc__="One minute of one join, all streams.", **_numbers())


class ParticipantMinutes(Wire):
    """One person's minutes in an instance."""

    uuid: Annotated[str, _INSTANCE] = Field(description="The instance.")
    participant_user_id: Annotated[str, _ID] = Field(description="The person's user id; empty when not signed in.")
    name: Annotated[str, _PERSON] = Field(description="Name shown.")
    profile: Annotated[str, _SERVER] = Field(description="The profile that minutes were judged in.")
    minutes: list[StreamMinute] = Field(description="Minutes of all joins, oldest first; those without a sample are missing.")


# What was wrong


class PersonHit(Wire):
    """Someone who had bad minutes of one cause."""

    participant_user_id: Annotated[str, _ID] = Field(description="The person's user id; empty when not signed in.")
    user_id: Annotated[str, _ID] = Field(description="The join.")
    name: Annotated[str, _PERSON] = Field(description="Name shown.")
    site: Annotated[str, _ABOUT] = Field(description="The person's site, or the city of the join.")
    minutes: Annotated[int, MINUTES] = Field(description="Bad minutes of this cause.")


class Finding(Wire):
    """Bad minutes of one cause at one place."""

    cause: Annotated[str, _CAUSE] = Field(description="The likely cause.")
    where: Annotated[str, _CAUSE] = Field(description="Site of a site's network, data centre of the server side; else empty.")
    evidence: Annotated[str, _CAUSE] = Field(description="The numbers of the worst minute.")
    at: Annotated[str, _CAUSE, INSTANT] = Field(description="The worst minute.")
    media: Annotated[list[str], MINUTES] = Field(description="What was bad: `audio`, `video`, `sharing`.")
    start_time: Annotated[str, MINUTES, INSTANT] = Field(description="The first bad minute.")
    end_time: Annotated[str, MINUTES, INSTANT] = Field(description="The end of the last one.")
    minutes: Annotated[int, MINUTES] = Field(description="Bad minutes of all people together.")
    people_count: Annotated[int, MINUTES] = Field(description="How many people.")
    people: list[PersonHit] = Field(description="The people, those hit most first.")


class Findings(LaneFigures):
    """What was wrong in an instance."""

    uuid: Annotated[str, _INSTANCE] = Field(description="The instance.")
    profile: Annotated[str, _SERVER] = Field(description="The profile that minutes were judged in.")
    people: Annotated[int, _THERE] = Field(description="Different people.")
    people_judged: Annotated[int, MINUTES] = Field(description="Those of whom some minute could be judged.")
    people_hit: Annotated[int, MINUTES] = Field(description="Those with a bad minute.")
    sentence: Annotated[str, _CAUSE] = Field(description="All of it in a sentence; times in UTC.")
    findings: list[Finding] = Field(description="By cause and place, the most bad minutes first.")
