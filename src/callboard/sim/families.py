"""All that is told beside meetings themselves: each sort of it, when it may be told, and how it is gathered in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple

from callboard.sim import chat, forms, loaded, planned, recordings, room_webhooks, staffing
from callboard.sim.forms import LoadedRow
from callboard.sim.organisation import Organisation
from callboard.sim.places import SITES
from callboard.sim.telling import Body, Saying, envelope

EAST = timedelta(hours=14)
"""How far ahead of UTC a site's clock may be."""
WEST = timedelta(hours=14)
"""How long after the UTC date is over something of a site's day may still happen."""


class Family(NamedTuple):
    """A sort of events: `of` makes a day's, which are said up to `before` days earlier, of what begins up to `reach` later."""

    of: Callable[[Organisation, date], tuple[Saying, ...]]
    before: int = 0
    reach: int = 0

    def dates(self, since: datetime, until: datetime) -> list[date]:
        """The days of which something is said in [since, until), or was said before of what begins since."""
        return dates(since - timedelta(days=self.reach), until + timedelta(days=self.before))


FAMILIES: Final = (
    Family(planned.series_planned, planned.PLANNED_BEFORE, planned.SERIES_REACH),
    Family(planned.planned, planned.PLANNED_BEFORE),
    Family(planned.registered, planned.PLANNED_BEFORE),
    Family(room_webhooks.booked, room_webhooks.BOOKED_BEFORE),
    Family(room_webhooks.sensed),
    Family(room_webhooks.alerted),
    Family(staffing.signed),
    Family(staffing.changed),
    Family(chat.posted),
    Family(chat.remarked),
    Family(recordings.recorded, before=1),
)
LOADED: Final = (forms.answered, loaded.called)


def dates(since: datetime, until: datetime) -> list[date]:
    """The dates, by the sites' clocks, on which anything in [since, until) may have happened or begun."""
    first, last = (since.astimezone(UTC) - WEST).date(), (until.astimezone(UTC) + EAST).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def founding_events(org: Organisation) -> Iterator[tuple[datetime, Body]]:
    """What is said at the organisation's beginning: a `user.created` for each of the staff, the places and the rooms."""
    yield from people_events(org)
    for body in room_webhooks.founding(org):
        yield org.began, body


def people_events(org: Organisation) -> Iterator[tuple[datetime, Body]]:
    """A `user.created` for each of the staff."""
    for person in org.staff:
        made = {
            "id": person.user_id,
            "first_name": person.first,
            "last_name": person.last,
            "display_name": person.name,
            "email": person.email,
            "type": person.user_type,
            "dept": person.dept,
            "group_ids": [org.group_ids[person.department]],
            "location": SITES[person.site].name,
            "timezone": SITES[person.site].timezone,
        }
        yield org.began, envelope(org, "user.created", milliseconds(org.began), made)


def milliseconds(instant: datetime) -> int:
    """An instant as epoch milliseconds."""
    return round(instant.timestamp() * 1000)


def said(org: Organisation, since: datetime, until: datetime) -> Iterator[Saying]:
    """What is said in [since, until) beside meetings, in order of time."""
    first, last = milliseconds(since), milliseconds(until)
    found = [
        saying
        for family in FAMILIES
        for day in dates(since, until + timedelta(days=family.before))
        for saying in family.of(org, day)
        if first <= saying.ms < last
    ]
    yield from sorted(found, key=lambda saying: saying.ms)


def lead_events(org: Organisation, since: datetime) -> Iterator[tuple[datetime, Body]]:
    """What was said before `since` of what begins later: plans, registrations and bookings, in order of time."""
    found = [saying for family in FAMILIES if family.before for saying in _leading(org, family, since)]
    for saying in sorted(found, key=lambda saying: saying.ms):
        yield datetime.fromtimestamp(saying.ms / 1000, UTC), saying.make()


def _leading(org: Organisation, family: Family, since: datetime) -> Iterator[Saying]:
    for day in family.dates(since, since):
        yield from (s for s in family.of(org, day) if s.ms < milliseconds(since) and s.about >= since.timestamp())


def of_day(org: Organisation, day: date, since: datetime, until: datetime) -> Iterator[Saying]:
    """What of a day is in the history from `since` to `until`: of what began since, or else what was said since."""
    first, last = milliseconds(since), milliseconds(until)
    for family in FAMILIES:
        if day in family.dates(since, until):
            for saying in family.of(org, day):
                if saying.ms < last and (saying.about * 1000 or saying.ms) >= first:
                    yield saying


def history_dates(since: datetime, until: datetime) -> list[date]:
    """The days of which something is in the history from `since` to `until`: plans reach far."""
    return sorted({day for family in FAMILIES for day in family.dates(since, until)})


def rows_between(org: Organisation, since: datetime, until: datetime) -> list[LoadedRow]:
    """The rows that are loaded in [since, until), in order of time."""
    first, last = milliseconds(since), milliseconds(until)
    found = [row for make in LOADED for day in dates(since, until) for row in make(org, day) if first <= row.ms < last]
    return sorted(found, key=lambda row: row.ms)


def rows_of_day(org: Organisation, day: date, since: datetime, until: datetime) -> Iterator[LoadedRow]:
    """The rows of a day's meetings that began at `since` or later, as far as loaded before `until`."""
    for make in LOADED:
        yield from (row for row in make(org, day) if row.ms < milliseconds(until) and row.about >= since.timestamp())
