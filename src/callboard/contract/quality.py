"""Bad minutes counted: split by anything, and one instance's with their causes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from callboard.contract.paging import Dated
from callboard.contract.units import INSTANT
from callboard.contract.wire import Made, Wire

_SERVER = Made("Made by the server.")
_MINUTES = Made(
    "Each minute of each join is judged in the profile, by its worst medium; minutes that can't be judged are kept apart.",
    (
        *(f"qos_minutes.{medium}_score" for medium in ("audio", "video", "as")),
        *(f"qos_minutes.{medium}_{way}_avg_loss" for medium in ("audio", "video", "as") for way in ("input", "output")),
    ),
)
CAUSE = Made("By rule, from the minute's numbers and from who else was affected.", _MINUTES.places)


class Figures(Wire):
    """Bad minutes of some joins."""

    joins: Annotated[int, _MINUTES] = Field(description="Joins with quality data.")
    joins_hit: Annotated[int, _MINUTES] = Field(description="Joins with a bad minute.")
    judged_minutes: Annotated[int, _MINUTES] = Field(description="Minutes that could be judged.")
    bad_minutes: Annotated[int, _MINUTES] = Field(description="Poor or bad ones among them.")
    unjudged_minutes: Annotated[int, _MINUTES] = Field(description="Minutes without media, or with too little to tell.")
    share_bad: Annotated[float, _MINUTES] = Field(description="Bad among judged minutes, 0 to 1; 0 where none was judged.")
    longest_run: Annotated[int, _MINUTES] = Field(description="Most bad minutes in a row that one join had.")


class QualityGroup(Figures):
    """Bad minutes of the joins that have these values in common."""

    values: Annotated[list[str], Made("The dimensions asked for.")] = Field(
        description="The value of each dimension of `by`, in its order; empty where it is not known."
    )
    before: Figures = Field(description="The same in the period compared with; all 0 without one.")


class QualitySplit(Dated):
    """Bad minutes split by one or two dimensions, beside those of another period."""

    before_from: Annotated[str, _SERVER] = Field(description="The period compared with, as asked; empty without one.")
    before_to: Annotated[str, _SERVER] = Field(description="Its end.")
    profile: Annotated[str, _SERVER] = Field(description="The profile that minutes were judged in.")
    by: Annotated[list[str], _SERVER] = Field(description="The dimensions.")
    total_records: Annotated[int, _SERVER] = Field(description="Groups in all; those with the most bad minutes are sent.")
    total: Figures = Field(description="All of them together.")
    total_before: Figures = Field(description="All of them together in the period compared with.")
    groups: list[QualityGroup] = Field(description="The groups with the most bad minutes first.")


class BadStretch(Wire):
    """Bad minutes in a row that have one likely cause."""

    start_time: Annotated[str, _MINUTES, INSTANT] = Field(description="Its first minute.")
    minutes: Annotated[int, _MINUTES] = Field(description="How many.")
    media: Annotated[list[str], _MINUTES] = Field(description="What was bad: `audio`, `video`, `sharing`.")
    cause: Annotated[str, CAUSE] = Field(
        description="`network of one person`, `network of a site`, `device CPU`, `server side`, `Wi-Fi` or `unknown`."
    )
    sentence: Annotated[str, CAUSE] = Field(description="The numbers that say so, of its worst minute.")


class JoinQuality(Wire):
    """The quality of one join."""

    user_id: Annotated[str, Made("The join.", ("participants.user_id",))] = Field(description="This join.")
    name: Annotated[str, Made("As the join said.", ("participants.name",))] = Field(description="Name shown.")
    judged_minutes: Annotated[int, _MINUTES] = Field(description="Minutes that could be judged.")
    bad_minutes: Annotated[int, _MINUTES] = Field(description="Poor or bad ones among them.")
    unjudged_minutes: Annotated[int, _MINUTES] = Field(description="Minutes without media, or with too little to tell.")
    share_bad: Annotated[float, _MINUTES] = Field(description="Bad among judged minutes, 0 to 1.")
    longest_run: Annotated[int, _MINUTES] = Field(description="Most bad minutes in a row.")
    p95_latency_ms: Annotated[int, _MINUTES] = Field(description="Round trip that 95 % of the minutes stay within.")
    p95_jitter_ms: Annotated[int, _MINUTES] = Field(description="Jitter that 95 % of the minutes stay within.")
    p95_loss_percent: Annotated[float, _MINUTES] = Field(description="Loss that 95 % of the minutes stay within.")
    health: Annotated[str, _MINUTES] = Field(description="`Good`, `Warning`, `Critical`; empty when nothing was judged.")
    issues: Annotated[list[str], _MINUTES] = Field(description="What was wrong, in Zoom's words.")
    stretches: list[BadStretch] = Field(description="Bad minutes in a row, with their likely cause, earliest first.")


class InstanceQuality(Wire):
    """The quality of one instance: who had bad minutes, and why."""

    uuid: Annotated[str, Made("The instance.", ("meetings.uuid",))] = Field(description="The instance.")
    profile: Annotated[str, _SERVER] = Field(description="The profile that minutes were judged in.")
    total: Figures = Field(description="All joins together.")
    causes: list[CauseShare] = Field(description="Bad minutes by likely cause, the most first.")
    participants: list[JoinQuality] = Field(description="Joins with quality data, those with the most bad minutes first.")


class CauseShare(Wire):
    """Bad minutes with one likely cause."""

    cause: Annotated[str, CAUSE] = Field(description="The cause.")
    bad_minutes: Annotated[int, CAUSE] = Field(description="How many have it.")


InstanceQuality.model_rebuild()
