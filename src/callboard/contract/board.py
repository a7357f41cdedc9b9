"""What came in, what was recorded, and one person's meetings: answers that pages are made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from callboard.contract.paging import Dated, DatedPage
from callboard.contract.quality import CAUSE, CauseShare
from callboard.contract.service import FamilyFreshness
from callboard.contract.trends import Judged
from callboard.contract.units import INSTANT
from callboard.contract.wire import Made, Wire

_RAW = Made("Of what was received.", ("raw_events.event", "raw_events.source", "raw_events.verdict", "raw_events.received_at"))
_FILE = Made("Of its files.", ("recordings.file_id", "recordings.file_size", "recordings.recording_type", "recordings.status"))
_HELD = Made("", ("meetings.topic", "meetings.start_time", "meetings.end_time", "meetings.number", "meetings.host_id"))
_PERSON = Made("", ("people.name", "people.email", "people.dept", "people.location", "participants.name"))
_JOINED = Made("Counted.", ("participants.join_time", "participants.leave_time", "participants.participant_user_id"))
_DEVICE = Made("", ("participants.device", "participants.version", "participants.network_type", "participants.location"))
_MINUTES = Made("Bad minutes among those that could be judged.", ("qos_minutes.audio_score", "qos_minutes.video_score"))


class EventCount(Wire):
    """One kind of body that was received."""

    source: Annotated[str, _RAW] = Field(description="The door it came through.")
    event: Annotated[str, _RAW] = Field(description="The event's name.")
    verdict: Annotated[str, _RAW] = Field(description="`applied`, `kept` or `refused`.")
    count: Annotated[int, _RAW] = Field(description="How many.")
    first: Annotated[str, _RAW, INSTANT] = Field(description="When the first of them was received.")
    last: Annotated[str, _RAW, INSTANT] = Field(description="When the last of them was.")


class DayCount(Wire):
    """What was received on one day."""

    day: Annotated[str, _RAW] = Field(description="UTC day, `yyyy-mm-dd`.")
    source: Annotated[str, _RAW] = Field(description="The door.")
    verdict: Annotated[str, _RAW] = Field(description="`applied`, `kept` or `refused`.")
    count: Annotated[int, _RAW] = Field(description="How many.")


class Refusal(Wire):
    """Why bodies were refused."""

    source: Annotated[str, _RAW] = Field(description="The door.")
    event: Annotated[str, _RAW] = Field(description="The event's name; empty where it could not be read.")
    reason: Annotated[str, Made("", ("raw_events.reason",))] = Field(description="Why.")
    count: Annotated[int, _RAW] = Field(description="How many.")
    last: Annotated[str, _RAW, INSTANT] = Field(description="When the last of them was received.")


class Sources(Dated):
    """What came in, and what became of it."""

    families: list[FamilyFreshness] = Field(description="How fresh each family of facts is.")
    events: list[EventCount] = Field(description="Bodies by event and verdict, the most first.")
    days: list[DayCount] = Field(description="Bodies by day and verdict, earliest first.")
    refused: list[Refusal] = Field(description="Why bodies were refused, the most first; fifty at the most.")


class RecordedInstance(Wire):
    """The recording of one instance."""

    uuid: Annotated[str, Made("", ("recordings.uuid",))] = Field(description="The instance.")
    kind: Annotated[str, _HELD] = Field(description="`meeting` or `webinar`.")
    number: Annotated[int, _HELD] = Field(description="Its number.")
    topic: Annotated[str, _HELD] = Field(description="Its topic.")
    host_id: Annotated[str, _HELD] = Field(description="The host's user id.")
    host_name: Annotated[str, Made("", ("people.name", "meetings.host_name"))] = Field(description="The host's name.")
    start_time: Annotated[str, _FILE, INSTANT] = Field(description="When the first file begins.")
    end_time: Annotated[str, _FILE, INSTANT] = Field(description="When the last one ends.")
    seconds: Annotated[int, _FILE] = Field(description="Between them.")
    files: Annotated[int, _FILE] = Field(description="Files.")
    size_bytes: Annotated[int, _FILE] = Field(description="Bytes of all files.")
    types: Annotated[list[str], _FILE] = Field(description="Kinds of files.")
    status: Annotated[str, _FILE] = Field(description="`completed`, `trashed` or `deleted`.")


class RecordedPage(DatedPage):
    """Recordings, an entry an instance."""

    total_bytes: Annotated[int, _FILE] = Field(description="Bytes of all of them.")
    recordings: list[RecordedInstance] = Field(description="The newest first.")


class UsedDevice(Wire):
    """A device that a person joined with."""

    device: Annotated[str, _DEVICE] = Field(description="Kind of device.")
    os: Annotated[str, Made("", ("participants.os",))] = Field(description="Operating system.")
    version: Annotated[str, _DEVICE] = Field(description="The client's version.")
    network: Annotated[str, _DEVICE] = Field(description="Kind of network.")
    location: Annotated[str, _DEVICE] = Field(description="City.")
    joins: Annotated[int, _JOINED] = Field(description="Joins with it.")
    share_bad: Annotated[float | None, _MINUTES] = Field(description="Bad among judged minutes; null where none was judged.")


class CauseOfPerson(CauseShare):
    """A likely cause of one person's bad minutes."""

    calls: Annotated[int, CAUSE] = Field(description="In how many calls.")
    evidence: Annotated[str, CAUSE] = Field(description="Of the worst of them, with its numbers.")


class Person(Judged, Dated):
    """One person's calls in a range."""

    user_id: Annotated[str, _PERSON] = Field(description="User id.")
    name: Annotated[str, _PERSON] = Field(description="Name.")
    email: Annotated[str, _PERSON] = Field(description="Mail address.")
    department: Annotated[str, _PERSON] = Field(description="Department.")
    site: Annotated[str, _PERSON] = Field(description="Site.")
    timezone: Annotated[str, Made("", ("people.timezone",))] = Field(description="Time zone.")
    status: Annotated[str, Made("", ("people.status",))] = Field(description="`active`, `inactive`, ...")
    last_login: Annotated[str, Made("", ("people.last_login",)), INSTANT] = Field(description="Last sign-in.")
    version: Annotated[str, Made("", ("people.client_version",))] = Field(description="Client at the last sign-in.")
    meetings: Annotated[int, _JOINED] = Field(description="Instances that the person was in.")
    minutes: Annotated[int, _JOINED] = Field(description="Minutes in them.")
    devices: list[UsedDevice] = Field(description="Devices and networks that were used, the most first.")
    caused_calls: Annotated[int, _MINUTES] = Field(description="Calls whose bad minutes `causes` are about: the worst ones.")
    caused_minutes: Annotated[int, _MINUTES] = Field(description="Their bad minutes.")
    causes: list[CauseOfPerson] = Field(description="With `causes`: their likely causes, the most first.")


class MeetingOfPerson(Judged):
    """One instance that a person was in."""

    uuid: Annotated[str, _HELD] = Field(description="The instance.")
    kind: Annotated[str, _HELD] = Field(description="`meeting` or `webinar`.")
    topic: Annotated[str, _HELD] = Field(description="Its topic.")
    start_time: Annotated[str, _HELD, INSTANT] = Field(description="When it began.")
    end_time: Annotated[str, _HELD, INSTANT] = Field(description="When it ended; empty while it is live.")
    seconds: Annotated[int, _HELD] = Field(description="How long it went on so far.")
    host_id: Annotated[str, _HELD] = Field(description="The host's user id.")
    host_name: Annotated[str, Made("", ("people.name", "meetings.host_name"))] = Field(description="The host's name.")
    hosted: Annotated[bool, _HELD] = Field(description="Whether this person hosted it.")
    person_seconds: Annotated[int, _JOINED] = Field(description="How long the person was there, joins added up.")
    band: Annotated[str, _MINUTES] = Field(description="`good`, `fair`, `poor`, `bad`; empty where none was judged.")
    device: Annotated[str, _DEVICE] = Field(description="Kind of device, of the first join.")
    network: Annotated[str, _DEVICE] = Field(description="Kind of network.")
    location: Annotated[str, _DEVICE] = Field(description="City.")


class MeetingsOfPerson(DatedPage):
    """What a person was in."""

    meetings: list[MeetingOfPerson] = Field(description="The newest first.")
