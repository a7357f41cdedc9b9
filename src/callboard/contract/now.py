"""What goes on at this moment, and what is wrong with it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from callboard.contract.service import FamilyFreshness
from callboard.contract.trends import Judged
from callboard.contract.units import INSTANT
from callboard.contract.wire import Made, Wire

_CLOCK = Made("The server's clock.")
_LIVE = Made("Counted.", ("meetings.start_time", "meetings.end_time", "participants.join_time", "participants.leave_time"))
_ROOM = Made("", ("rooms.room_name", "room_issues.issue", "room_issues.at"))
_MINUTES = Made("Each minute of each join is judged in the profile, by its worst medium.", ("qos_minutes.audio_score",))
_CAUSE = Made("By rule, from the minutes' numbers and from who else was affected.", ("qos_minutes.audio_output_avg_loss",))
_HELD = Made("", ("meetings.topic", "meetings.start_time", "meetings.host_id", "meetings.number"))


class Hour(Judged):
    """One hour, or what has passed of it."""

    hour_start: Annotated[str, _CLOCK, INSTANT] = Field(description="When it began.")


class HourOfCalls(Hour):
    """One hour and what went on in it."""

    meetings: Annotated[int, _MINUTES] = Field(description="Instances with quality data.")


class Hit(Wire):
    """Someone with bad minutes."""

    name: Annotated[str, Made("", ("participants.name",))] = Field(description="Name shown.")
    user_id: Annotated[str, Made("", ("participants.user_id",))] = Field(description="The join.")
    site: Annotated[str, Made("", ("people.location", "participants.location"))] = Field(description="Where.")
    minutes: Annotated[int, _MINUTES] = Field(description="Bad minutes.")


class Trouble(Judged):
    """A live instance with bad minutes in the last ten."""

    uuid: Annotated[str, _HELD] = Field(description="The instance.")
    kind: Annotated[str, _HELD] = Field(description="`meeting` or `webinar`.")
    number: Annotated[int, _HELD] = Field(description="Its number.")
    topic: Annotated[str, _HELD] = Field(description="Its topic.")
    host_id: Annotated[str, _HELD] = Field(description="The host's user id.")
    host_name: Annotated[str, Made("", ("people.name", "meetings.host_name"))] = Field(description="The host's name.")
    start_time: Annotated[str, _HELD, INSTANT] = Field(description="When it began.")
    participants: Annotated[int, _LIVE] = Field(description="Joins that have not left.")
    people_hit: Annotated[int, _MINUTES] = Field(description="Joins with a bad minute.")
    people_judged: Annotated[int, _MINUTES] = Field(description="Joins with minutes that could be judged.")
    worst_cause: Annotated[str, _CAUSE] = Field(description="The likely cause of most of them.")
    worst_site: Annotated[str, _CAUSE] = Field(description="The site of most of them.")
    people: list[Hit] = Field(description="Who, the hardest hit first.")


class LiveAlert(Wire):
    """An issue that Zoom saw."""

    uuid: Annotated[str, Made("", ("alerts.uuid",))] = Field(description="The instance.")
    kind: Annotated[str, Made("", ("alerts.kind",))] = Field(description="`meeting` or `webinar`.")
    topic: Annotated[str, _HELD] = Field(description="Its topic.")
    issue: Annotated[str, Made("", ("alerts.issue",))] = Field(description="The issue, in Zoom's words.")
    at: Annotated[str, Made("", ("alerts.at",)), INSTANT] = Field(description="When.")


class OpenIssue(Wire):
    """An issue of a room that is not cleared."""

    room_id: Annotated[str, _ROOM] = Field(description="The room.")
    room_name: Annotated[str, _ROOM] = Field(description="Its name.")
    issue: Annotated[str, _ROOM] = Field(description="The issue, in Zoom's words.")
    since: Annotated[str, _ROOM, INSTANT] = Field(description="When it was raised.")
    health: Annotated[str, _ROOM] = Field(description="The room's: `warning` or `critical`.")


class Now(Wire):
    """What goes on at this moment."""

    at: Annotated[str, _CLOCK, INSTANT] = Field(description="The moment.")
    timezone: Annotated[str, Made("As asked.")] = Field(description="Whose weekday is meant.")
    weekday: Annotated[int, _CLOCK] = Field(description="1 Monday to 7 Sunday.")
    hour_start: Annotated[str, _CLOCK, INSTANT] = Field(description="When the running hour began.")
    live_meetings: Annotated[int, _LIVE] = Field(description="Meetings that go on.")
    live_webinars: Annotated[int, _LIVE] = Field(description="Webinars that go on.")
    participants: Annotated[int, _LIVE] = Field(description="Joins of them that have not left.")
    rooms_shown: Annotated[bool, Made("By the caller's role.")] = Field(description="Whether the caller may see rooms.")
    rooms_known: Annotated[int, _ROOM] = Field(description="Rooms.")
    rooms_in_use: Annotated[int, _ROOM] = Field(description="Rooms in a live meeting.")
    rooms_with_issues: Annotated[int, _ROOM] = Field(description="Rooms with an open issue.")
    quality: Judged = Field(description="This hour so far.")
    usual: list[Hour] = Field(description="The same part of the same hour of this weekday, four weeks back, newest first.")
    usual_share_bad: Annotated[float | None, _MINUTES] = Field(description="All of `usual` together.")
    hours: list[HourOfCalls] = Field(description="The last 24 hours, oldest first.")
    meetings: list[Trouble] = Field(description="Live instances with bad minutes in the last ten; twenty at the most.")
    alerts: list[LiveAlert] = Field(description="Zoom's alerts of the last hour, newest first; fifty at the most.")
    rooms: list[OpenIssue] = Field(description="Open issues of rooms, newest first; fifty at the most.")
    stale: list[FamilyFreshness] = Field(description="Families of facts whose newest is older than promised.")
