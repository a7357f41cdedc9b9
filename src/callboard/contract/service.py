"""Callboard's own small answers."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from callboard.contract.paging import Page
from callboard.contract.units import INSTANT
from callboard.contract.wire import From, Made, Wire


class FamilyFreshness(Wire):
    """How fresh one family of facts is."""

    family: str = Field(description="`meetings`, `qos` or `events`.")
    newest: Annotated[str, INSTANT] = Field(description="Time of the newest fact; empty when there is none.")
    age_seconds: int = Field(description="How long ago that is; -1 when there is none.")
    promised_seconds: int = Field(description="How old a fact may be when it shows: here it shows once acknowledged.")


class FamilyKept(Wire):
    """How far back one family of facts goes."""

    family: str = Field(description="`meetings`, `qos`, `events`, `rooms`, `chat` or `activity`.")
    days: int | None = Field(description="For how many days its facts are kept, as set; null for ever.")
    oldest: Annotated[str, INSTANT] = Field(
        description="Time of the oldest fact that is here; empty where there is none, and for rooms, chat and activity."
    )


class Freshness(Wire):
    """How fresh the account's facts are, and how far back they go."""

    families: list[FamilyFreshness] = Field(description="One entry a family.")
    kept: list[FamilyKept] = Field(description="How far back they go, one entry a family.")


_TOLD = Made("Told by the mirror.")


class MirroredListing(Wire):
    """How far one listing of one day has been mirrored."""

    table: ClassVar[str] = "sync_days"

    day: Annotated[str, _TOLD] = Field(description="The UTC day asked about; of people, plans and rooms: the day of asking.")
    listing: Annotated[str, _TOLD] = Field(description="The endpoint, with `past` or `pastOne` where it is asked twice.")
    source: Annotated[str, _TOLD] = Field(description="Name of the mirrored account.")
    state: Annotated[str, _TOLD] = Field(description="`complete`, `partial`, `failed` or `skipped`.")
    reason: Annotated[str, _TOLD] = Field(description="Why it is not complete; empty when it is.")
    items: Annotated[int, _TOLD] = Field(description="Instances, users or rooms to ask about; 1 for a listing of the day itself.")
    done: Annotated[int, _TOLD] = Field(description="Those that were asked about to the end.")
    records: Annotated[int, _TOLD] = Field(description="Records that came.")
    asked_at: Annotated[str, INSTANT, _TOLD] = Field(description="When it was last asked.")


_DAYS = Made("Told by the mirror.", ("sync_days.day", "sync_days.state", "sync_days.reason"))


class MirroredHole(Wire):
    """Days of a family that are not complete, one after another and for the same reason."""

    from_: Annotated[str, From("from"), _DAYS] = Field(alias="from", description="The first of them.")
    to: Annotated[str, _DAYS] = Field(description="The last of them.")
    state: Annotated[str, _DAYS] = Field(description="`partial`, `failed` or `skipped`; `missing` where nothing was asked.")
    reason: Annotated[str, _DAYS] = Field(description="Why; empty where nothing was asked.")


class MirroredFamily(Wire):
    """From when to when one family of facts has been mirrored, and which days are not complete."""

    source: Annotated[str, _TOLD] = Field(description="Name of the mirrored account.")
    family: Annotated[str, _TOLD] = Field(description="What its listings tell of: `meetings`, `joins`, `qos`, ...")
    first: Annotated[str, _DAYS] = Field(description="The first UTC day asked about; of people, plans and rooms: of asking.")
    last: Annotated[str, _DAYS] = Field(description="The last.")
    complete: Annotated[int, _DAYS] = Field(description="Days between them of which all that was asked is here.")
    records: Annotated[int, _TOLD] = Field(description="Records that came.")
    asked_at: Annotated[str, INSTANT, _TOLD] = Field(description="When it was last asked.")
    holes: list[MirroredHole] = Field(description="Days that are not complete; of people, plans and rooms only the last asking.")


class SyncPage(Page):
    """A page of what was mirrored from the account's own API."""

    families: list[MirroredFamily] = Field(description="Each family of each mirrored account, whatever the state asked for.")
    listings: list[MirroredListing] = Field(description="Each listing of each day, the latest day first.")
