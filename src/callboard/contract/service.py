"""Callboard's own small answers."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from callboard.contract.units import INSTANT
from callboard.contract.wire import Wire


class FamilyFreshness(Wire):
    """How fresh one family of facts is."""

    family: str = Field(description="`meetings`, `qos` or `events`.")
    newest: Annotated[str, INSTANT] = Field(description="Time of the newest fact; empty when there is none.")
    age_seconds: int = Field(description="How long ago that is; -1 when there is none.")
    promised_seconds: int = Field(description="How old a fact may be when it shows: here it shows once acknowledged.")


class Freshness(Wire):
    """How fresh the account's facts are."""

    families: list[FamilyFreshness] = Field(description="One entry a family.")
