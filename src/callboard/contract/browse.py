"""Meetings and webinars as one looks through them: with who, where, how long and how good; and all of them summed up."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from callboard.contract.feature_usage import USED
from callboard.contract.paging import Dated, DatedPage
from callboard.contract.trends import MINUTES
from callboard.contract.units import INSTANT
from callboard.contract.wire import Made, Wire

_HELD = Made(
    "As said of the instance.",
    ("meetings.topic", "meetings.start_time", "meetings.end_time", "meetings.number", "meetings.host_id", "meetings.platform"),
)
_HOST = Made("", ("people.name", "people.email", "meetings.host_name", "meetings.host_email"))
_JOINED = Made("Counted.", ("participants.join_time", "participants.leave_time", "participants.participant_user_id"))
_SITE = Made("The people's sites; failing that, the city of the join.", ("people.location", "participants.location"))
_ASKED = Made("As asked.")


class Browsed(Wire):
    """One instance."""

    uuid: Annotated[str, Made("The instance.", ("meetings.uuid",))] = Field(description="The instance.")
    kind: Annotated[str, _HELD] = Field(description="`meeting` or `webinar`.")
    number: Annotated[int, _HELD] = Field(description="Its number.")
    topic: Annotated[str, _HELD] = Field(description="Its topic.")
    host_id: Annotated[str, _HELD] = Field(description="The host's user id.")
    host_name: Annotated[str, _HOST] = Field(description="The host's name.")
    host_email: Annotated[str, _HOST] = Field(description="The host's mail address.")
    department: Annotated[str, Made("", ("people.dept",))] = Field(description="The host's department.")
    platform: Annotated[str, _HELD] = Field(description="Where it was held.")
    sites: Annotated[list[str], _SITE] = Field(description="Where its people were.")
    start_time: Annotated[str, _HELD, INSTANT] = Field(description="When it began.")
    end_time: Annotated[str, _HELD, INSTANT] = Field(description="When it ended; empty while it is live.")
    seconds: Annotated[int, _HELD] = Field(description="How long it went on, so far if it is live.")
    live: Annotated[bool, _HELD] = Field(description="Whether it goes on.")
    participants: Annotated[int, _JOINED] = Field(description="Joins.")
    people: Annotated[int, _JOINED] = Field(description="Different people.")
    person_seconds: Annotated[int, _JOINED] = Field(description="Time of all joins together.")
    features: Annotated[list[str], USED] = Field(description="Features used, by the names of `/v1/usage/features`.")
    judged_minutes: Annotated[int, MINUTES] = Field(description="Minutes that could be judged.")
    bad_minutes: Annotated[int, MINUTES] = Field(description="Poor or bad ones among them.")
    people_hit: Annotated[int, MINUTES] = Field(description="Joins that had one.")
    share_bad: Annotated[float | None, MINUTES] = Field(description="Bad among judged, 0 to 1; null where none was judged.")
    band: Annotated[str, MINUTES] = Field(
        description="By the share: `good` below 0.01, `fair` below 0.05, `poor` below 0.25, `bad`; empty where none was judged."
    )


class BrowsedMeetings(DatedPage):
    """Meetings."""

    meetings: list[Browsed] = Field(description="In the order asked for.")


class BrowsedWebinars(DatedPage):
    """Webinars."""

    webinars: list[Browsed] = Field(description="In the order asked for.")


class Summed(Wire):
    """Some instances summed up."""

    count: Annotated[int, _HELD] = Field(description="Instances.")
    seconds: Annotated[int, _HELD] = Field(description="How long they went on, together.")
    person_seconds: Annotated[int, _JOINED] = Field(description="Time of all their joins together.")
    participants: Annotated[int, _JOINED] = Field(description="Joins.")
    people_average: Annotated[float | None, _JOINED] = Field(description="Different people in one; null without any.")
    judged_minutes: Annotated[int, MINUTES] = Field(description="Minutes that could be judged.")
    bad_minutes: Annotated[int, MINUTES] = Field(description="Poor or bad ones among them.")
    share_bad: Annotated[float | None, MINUTES] = Field(description="Bad among judged, 0 to 1; null where none was judged.")
    bad_calls: Annotated[int, MINUTES] = Field(description="Instances whose band is `poor` or `bad`.")


class SummedDay(Summed):
    """One day's instances summed up."""

    day: Annotated[str, _HELD] = Field(description="`yyyy-mm-dd`.")


class BandCount(Wire):
    """How many instances have a band."""

    band: Annotated[str, MINUTES] = Field(description="The band; empty for those of which none was judged.")
    count: Annotated[int, MINUTES] = Field(description="Instances.")


class FeatureCount(Wire):
    """How many instances used a feature."""

    feature: Annotated[str, Made("One of a fixed list.")] = Field(description="The feature.")
    count: Annotated[int, USED] = Field(description="Instances.")


class Summary(Dated):
    """What a list holds, summed up, beside the period before."""

    before_from: Annotated[str, _ASKED] = Field(description="Beginning of the period compared with; empty without one.")
    before_to: Annotated[str, _ASKED] = Field(description="Its end.")
    timezone: Annotated[str, _ASKED] = Field(description="Whose days they are.")
    total: Summed = Field(description="All of them.")
    before: Summed = Field(description="All of the period compared with.")
    days: list[SummedDay] = Field(description="Each day of the range that has begun.")
    bands: list[BandCount] = Field(description="By band: good, fair, poor, bad, not judged.")
    features: list[FeatureCount] = Field(description="By feature.")
