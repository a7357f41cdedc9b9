"""What one looks for: meetings, people and rooms by a few letters, and the values that filters may take."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from callboard.contract.units import INSTANT
from callboard.contract.wire import From, Made, Personal, Wire

_ASKED = Made("As asked.")
_FOUND = Made(
    "Of what was found.",
    ("meetings.topic", "meetings.number", "people.name", "people.email", "rooms.room_name"),
)
_VALUE = Made("A value that facts have.", ("people.dept", "people.location", "participants.version", "meetings.platform"))


class Found(Wire):
    """One thing that was found."""

    type: Annotated[str, Made("What it is.")] = Field(description="`meeting`, `webinar`, `person` or `room`.")
    id: Annotated[str, _FOUND] = Field(description="Instance's uuid, user id or room id.")
    title: Annotated[str, _FOUND] = Field(description="Topic or name.")
    detail: Annotated[str, _FOUND] = Field(description="Number and host, mail address or location.")
    time: Annotated[str, Made("", ("meetings.start_time",)), INSTANT] = Field(
        description="When an instance began; empty for others."
    )


class FoundPage(Wire):
    """What was found."""

    q: Annotated[str, _ASKED] = Field(description="What was looked for.")
    found: list[Found] = Field(description="People, rooms, then instances, the newest first.")


class DimensionValue(Wire):
    """A value of a dimension."""

    value: Annotated[str, _VALUE] = Field(description="The value, as filters take it.")
    title: Annotated[str, _VALUE, Personal()] = Field(description="The value, as people read it.")
    count: Annotated[int, _VALUE] = Field(description="How often it was met.")


class DimensionValues(Wire):
    """The values of a dimension."""

    name: Annotated[str, _ASKED] = Field(description="The dimension.")
    values_: Annotated[list[DimensionValue], From("values")] = Field(
        alias="values", description="Its values in the last 90 days, the most frequent first."
    )
