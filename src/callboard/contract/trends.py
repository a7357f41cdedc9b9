"""How much is held: by day or month, by hour of the week, by host and by department; and how good days were."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from callboard.contract.paging import Dated, DatedPage
from callboard.contract.wire import Made, Wire

_ASKED = Made("As asked.")
_HELD = Made("Counted.", ("meetings.start_time", "meetings.end_time", "meetings.first_person", "meetings.last_person"))
_JOINED = Made("Counted.", ("participants.join_time", "participants.leave_time", "participants.participant_user_id"))
MINUTES = Made(
    "Each minute of each join is judged in the profile, by its worst medium.",
    (
        *(f"qos_minutes.{medium}_score" for medium in ("audio", "video", "as")),
        *(f"qos_minutes.{medium}_{way}_avg_loss" for medium in ("audio", "video", "as") for way in ("input", "output")),
    ),
)
"""What figures of judged minutes are made of."""
_DAYS = Made("From the same weekday of the eight weeks before.", MINUTES.places)
_HOST = Made("", ("meetings.host_id", "meetings.host_name", "people.name"))
_DEPT = Made("", ("people.dept", "meetings.host_id"))


class Use(Wire):
    """What was held: past instances of two or more people."""

    meetings: Annotated[int, _HELD] = Field(description="Meetings that began in it.")
    webinars: Annotated[int, _HELD] = Field(description="Webinars that began in it.")
    hours: Annotated[float, _HELD] = Field(description="Hours that they went on, added up.")
    joins: Annotated[int, _JOINED] = Field(description="Joins; a rejoin counts again.")
    people: Annotated[int, _JOINED] = Field(description="Different people; those that nothing tells apart count by name.")
    participant_minutes: Annotated[int, _JOINED] = Field(description="Minutes that people stayed, added up.")
    peak_meetings: Annotated[int, _HELD] = Field(description="Most of them that went on at once.")
    peak_people: Annotated[int, _JOINED] = Field(description="Most joins at once.")


class PeriodOfUse(Use):
    """What was held in one day or month."""

    begin: Annotated[str, Made("By `by`.", ("meetings.start_time",))] = Field(description="First day, `yyyy-mm-dd`.")


class UsageDays(Dated):
    """What was held, by day or month."""

    timezone: Annotated[str, _ASKED] = Field(description="Whose days they are.")
    by: Annotated[str, _ASKED] = Field(description="`day` or `month`.")
    periods: list[PeriodOfUse] = Field(description="Each period in which something was held, earliest first.")
    total: Use = Field(description="The whole range.")


class HourOfWeek(Wire):
    """One hour of the week."""

    weekday: Annotated[int, _HELD] = Field(description="1 Monday to 7 Sunday.")
    hour: Annotated[int, _HELD] = Field(description="0 to 23.")
    meetings: Annotated[int, _HELD] = Field(description="Instances that began in it.")
    joins: Annotated[int, _JOINED] = Field(description="Their joins.")
    minutes: Annotated[int, _JOINED] = Field(description="Minutes that people stayed in them.")
    mean_meetings: Annotated[float, _HELD] = Field(description="Instances in one such hour of the range, on the average.")


class UsageHours(Dated):
    """What was held, by hour of the week."""

    timezone: Annotated[str, _ASKED] = Field(description="Whose hours they are.")
    weeks: Annotated[float, _ASKED] = Field(description="Weeks in the range.")
    hours: list[HourOfWeek] = Field(description="Each of the 168 hours of a week, Monday first.")


class HostUse(Wire):
    """What one person hosted."""

    host_id: Annotated[str, _HOST] = Field(description="The host's user id.")
    host_name: Annotated[str, _HOST] = Field(description="Name.")
    host_email: Annotated[str, Made("", ("meetings.host_email", "people.email"))] = Field(description="Mail address.")
    department: Annotated[str, _DEPT] = Field(description="Department.")
    meetings: Annotated[int, _HELD] = Field(description="Past instances of two or more people.")
    hours: Annotated[float, _HELD] = Field(description="Hours that they went on.")
    joins: Annotated[int, _JOINED] = Field(description="Joins of them.")
    people: Annotated[float, _JOINED] = Field(description="Joins of an instance, on the average.")
    judged_minutes: Annotated[int, MINUTES] = Field(description="Minutes that could be judged.")
    bad_minutes: Annotated[int, MINUTES] = Field(description="Poor or bad ones among them.")
    share_bad: Annotated[float | None, MINUTES] = Field(description="Bad among judged, 0 to 1; null where none was judged.")
    band: Annotated[str, MINUTES] = Field(description="`good`, `fair`, `poor`, `bad`; empty where none was judged.")


class UsageHosts(DatedPage):
    """Hosts and what they held."""

    hosts: list[HostUse] = Field(description="A row a host.")


class DepartmentHosting(Wire):
    """What the people of one department hosted."""

    department: Annotated[str, _DEPT] = Field(description="The hosts' department; empty where it is not known.")
    hosts: Annotated[int, _HOST] = Field(description="People who hosted.")
    meetings: Annotated[int, _HELD] = Field(description="Past instances of two or more people.")
    hours: Annotated[float, _HELD] = Field(description="Hours that they went on.")
    joins: Annotated[int, _JOINED] = Field(description="Joins of them.")
    participant_minutes: Annotated[int, _JOINED] = Field(description="Minutes that people stayed.")
    judged_minutes: Annotated[int, MINUTES] = Field(description="Minutes that could be judged.")
    bad_minutes: Annotated[int, MINUTES] = Field(description="Poor or bad ones among them.")
    share_bad: Annotated[float | None, MINUTES] = Field(description="Bad among judged, 0 to 1; null where none was judged.")


class UsageDepartments(Dated):
    """Departments and what they held."""

    departments: list[DepartmentHosting] = Field(description="A row a department, the most instances first.")


class Judged(Wire):
    """Minutes judged."""

    judged_minutes: Annotated[int, MINUTES] = Field(description="Minutes that could be judged.")
    bad_minutes: Annotated[int, MINUTES] = Field(description="Poor or bad ones among them.")
    share_bad: Annotated[float | None, MINUTES] = Field(description="Bad among judged, 0 to 1; null where none was judged.")


class QualityDay(Judged):
    """One day beside what is usual on its weekday."""

    day: Annotated[str, _HELD] = Field(description="UTC day, `yyyy-mm-dd`; that of the instance's start.")
    weekday: Annotated[int, _HELD] = Field(description="1 Monday to 7 Sunday.")
    usual_low: Annotated[float | None, _DAYS] = Field(description="10th percentile; null with fewer than three such days.")
    usual_middle: Annotated[float | None, _DAYS] = Field(description="The median.")
    usual_high: Annotated[float | None, _DAYS] = Field(description="90th percentile.")


class QualityDays(Dated):
    """The share of bad minutes day by day."""

    profile: Annotated[str, Made("Made by the server.")] = Field(description="The profile that minutes were judged in.")
    days: list[QualityDay] = Field(description="Each day of the range that has begun.")
    total: Judged = Field(description="The whole range.")
