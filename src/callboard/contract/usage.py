"""What the account uses beside meetings themselves: connector ports, recordings, telephone; and clients in use."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from callboard.contract.paging import Dated, DatedPage
from callboard.contract.units import INSTANT, SIZE
from callboard.contract.wire import From, Made, Wire

PORTS = ("participants.device", "participants.SIP", "participants.join_time", "participants.leave_time", "meetings.end_time")
"""What the use of ports is counted from."""
FILES = ("recordings.recording_end", "recordings.recording_start", "recordings.file_size", "recordings.status")
DAY = Made("Each UTC day of the range that has begun.")
STORED = Made(
    "As last said on that day or before; where nothing was ever said, the recording files known and not deleted by then.",
    ("storage_days.used", *FILES),
)


class PortHour(Wire):
    """Room connector ports in one hour."""

    hour: Annotated[str, Made("The 24 hours of the day.")] = Field(description="`00` to `23`, UTC.")
    max_usage: Annotated[
        int, Made("Counted from joins; where a source told the hour, that.", (*PORTS, "crc_hours.max_usage"))
    ] = Field(description="Most H.323 and SIP devices connected at the same time.")
    total_usage: Annotated[
        int, Made("Counted from joins; where a source told the hour, that.", (*PORTS, "crc_hours.total_usage"))
    ] = Field(description="H.323 and SIP connections that were there at some time of the hour.")


class PortDay(Wire):
    """Room connector ports on one day."""

    date_time: Annotated[str, DAY] = Field(description="The UTC day, `yyyy-mm-dd`.")
    crc_ports_hour_usage: list[PortHour] = Field(description="The day's 24 hours.")


class RecordingDay(Wire):
    """Cloud recordings of one day."""

    date_time: Annotated[str, DAY] = Field(description="The UTC day, `yyyy-mm-dd`.")
    recordings: Annotated[int, Made("Instances with a file that begins that day.", ("recordings.recording_start",))] = Field(
        description="Meetings and webinars with a recording."
    )
    files: Annotated[int, Made("Files that begin that day, deleted since or not.", ("recordings.recording_start",))] = Field(
        description="Recording files."
    )
    total_size: Annotated[int, Made("The sizes of these files together.", ("recordings.file_size",))] = Field(
        description="Bytes of these files."
    )
    storage_used: Annotated[str, SIZE, STORED] = Field(description="Storage used at the end of the day.")


class CrcUsage(Dated):
    """Room connector ports hour by hour, and cloud recordings beside them."""

    crc_ports_usage: list[PortDay] = Field(description="One entry a day.")
    recording_usage: list[RecordingDay] = Field(description="One entry a day: cloud recordings, which Zoom does not tell here.")


class StorageDay(Wire):
    """Cloud recording storage on one day."""

    date: Annotated[str, DAY] = Field(description="The UTC day, `yyyy-mm-dd`.")
    free_usage: Annotated[str, From("free"), SIZE, Made("As last said on that day or before.", ("storage_days.free",))] = Field(
        description="Storage free of charge, `1 GB` or `Unlimited`; empty when nobody said."
    )
    plan_usage: Annotated[str, From("plan"), SIZE, Made("As last said on that day or before.", ("storage_days.plan",))] = Field(
        description="Storage in the plan; empty when nobody said."
    )
    usage: Annotated[str, From("used"), SIZE, STORED] = Field(description="Storage used.")


class CloudRecordingReport(Dated):
    """Cloud recording storage, day by day."""

    cloud_recording_storage: list[StorageDay] = Field(description="One entry a day.")


CALL = "From a call that was loaded; else from the phone join."
COST = "From calls that were loaded: no webhook tells of costs."


class Call(Wire):
    """A telephone call of a meeting or webinar."""

    uuid: Annotated[str, Made(CALL, ("calls.uuid", "participants.uuid"))] = Field(description="The instance.")
    meeting_id: Annotated[int, From("number"), Made("Looked up by `uuid`.", ("meetings.number",))] = Field(
        description="The number that people dial."
    )
    meeting_type: Annotated[str, Made("Looked up by `uuid`.", ("meetings.kind",))] = Field(description="`Meeting` or `Webinar`.")
    host_id: Annotated[str, Made("Looked up by `uuid`.", ("meetings.host_id",))] = Field(description="The host's user id.")
    host_name: Annotated[str, Made("As the host's join said; else as known.", ("meetings.host_name", "people.name"))] = Field(
        description="The host's name."
    )
    host_email: Annotated[str, Made("As the host's join said; else as known.", ("meetings.host_email", "people.email"))] = Field(
        description="The host's mail address."
    )
    dept: Annotated[str, Made("Looked up by `host_id`.", ("people.dept",))] = Field(description="The host's department.")
    start_time: Annotated[str, INSTANT, Made(CALL, ("calls.start_time", "participants.join_time"))] = Field(
        description="When it began."
    )
    end_time: Annotated[str, INSTANT, Made(CALL, ("calls.end_time", "participants.leave_time", "meetings.end_time"))] = Field(
        description="When it ended; empty while it lasts."
    )
    duration: Annotated[
        int, Made("From its start to its end, begun minutes counted whole.", ("calls.end_time", "participants.leave_time"))
    ] = Field(description="Minutes.")
    type: Annotated[str, Made("As loaded; a phone join is a `call-in`.", ("calls.type",))] = Field(
        description="`toll-free`, `call-out`, `call-in`, `US toll-number`, `global toll-number`, `premium` or `premium call-in`."
    )
    phone_number: Annotated[str, Made(CALL, ("calls.phone_number", "participants.phone_number"))] = Field(
        description="The person's number."
    )
    call_in_number: Annotated[str, Made(COST, ("calls.call_in_number",))] = Field(description="The number called.")
    signaled_number: Annotated[str, Made(COST, ("calls.signaled_number",))] = Field(description="The number that was signalled.")
    country_name: Annotated[str, Made(COST, ("calls.country_name",))] = Field(description="Country of the call.")
    rate: Annotated[float, Made(COST, ("calls.rate",))] = Field(description="Price a minute.")
    total: Annotated[float, Made(COST, ("calls.total",))] = Field(description="Price of the call.")


class TelephonePage(DatedPage):
    """A page of telephone calls."""

    telephony_usage: list[Call] = Field(description="The calls, earliest first.")


class ClientVersion(Wire):
    """How many people use one version of the client."""

    client_version: Annotated[
        str, Made("The newest that a sign-in or a join told of each person.", ("people.client_version", "participants.version"))
    ] = Field(description="The version, as the client tells it.")
    total_count: Annotated[int, Made("People counted.", ("people.user_id", "participants.participant_user_id"))] = Field(
        description="People who use it."
    )


class ClientVersions(Wire):
    """Versions of the client in use."""

    client_versions: list[ClientVersion] = Field(description="The versions, most used first.")
