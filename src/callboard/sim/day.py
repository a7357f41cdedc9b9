"""One day of the organisation: who met, who joined when and how, and what they shared. No quality figures yet.

A day is a pure function of the organisation and the date. Times are epoch seconds, with 0 for "did not happen";
`*_ms` are the epoch milliseconds at which Zoom says so, which is what a webhook carries as `event_ts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Final

import numpy as np

from callboard.sim.attendance import MAIN, attend
from callboard.sim.clients import Installed, installed
from callboard.sim.organisation import PHONE, Flags, Ints, Organisation, Texts
from callboard.sim.presence import Guests, guests
from callboard.sim.registrations import enrolled

CONTENTS: Final = ("desktop", "application", "whiteboard", "other")
FIRST_USER_ID: Final = 16_778_240
USER_ID_STEP: Final = 1024


@dataclass(frozen=True)
class Meetings:
    """The day's instances, a row each; `host` indexes the staff, `site` whose clock it was planned by.

    `planned` is when it was to begin, `start` when it did.
    """

    kind: Ints
    number: Ints
    topic: Texts
    type: Ints
    uuid: Texts
    host: Ints
    site: Ints
    data_center: Ints
    minutes: Ints
    planned: Ints
    start: Ints
    end: Ints
    recorded_from: Ints
    lag: Ints

    @property
    def started_ms(self) -> Ints:
        """When Zoom says that it began."""
        return self.start * 1000 + self.lag

    @property
    def ended_ms(self) -> Ints:
        """When Zoom says that it ended."""
        return self.end * 1000 + self.lag

    @property
    def recording_ms(self) -> Ints:
        """When Zoom says that the recording began, 0 if there is none."""
        return np.where(self.recorded_from > 0, self.recorded_from * 1000 + self.lag, 0)


@dataclass(frozen=True)
class Joins:
    """Every join of the day, by meeting and then by when it was first seen.

    `person` indexes the staff and then the rooms (-1 for a guest) and `guest` the day's guests; `parent` is the row of the
    join that a breakout room's join belongs to (-1 elsewhere); `away_from` to `away_to` is spent in that room.
    """

    meeting: Ints
    person: Ints
    guest: Ints
    stage: Ints
    rank: Ints
    parent: Ints
    room: Texts
    participant_uuid: Texts
    join: Ints
    leave: Ints
    waiting_from: Ints
    waiting_to: Ints
    away_from: Ints
    away_to: Ints
    reason: Ints
    role: Ints
    role_at: Ints
    place: Ints
    device: Ints
    video: Flags
    lag: Ints

    def __len__(self) -> int:
        return len(self.meeting)

    @cached_property
    def user_id(self) -> Texts:
        """The number that Zoom gives each join of a meeting, as text."""
        return (FIRST_USER_ID + USER_ID_STEP * self.rank).astype(str).astype(object)

    @property
    def joined_ms(self) -> Ints:
        """When Zoom says that it joined, 0 if it never came in."""
        return self._said(self.join)

    @property
    def left_ms(self) -> Ints:
        """When Zoom says that it left."""
        return self._said(self.leave)

    @property
    def data_ms(self) -> Ints:
        """When Zoom tells its device and network."""
        return self._said(self.join, 800)

    @property
    def summary_ms(self) -> Ints:
        """When Zoom sums its quality up."""
        return self._said(self.leave, 600)

    @property
    def data_summary_ms(self) -> Ints:
        """When Zoom tells its device and network once more."""
        return self._said(self.leave, 900)

    @property
    def waiting_ms(self) -> Ints:
        """When Zoom says that it came to the waiting room, 0 if it did not."""
        return self._said(self.waiting_from)

    @property
    def waited_ms(self) -> Ints:
        """When Zoom says that it left the waiting room."""
        return self._said(self.waiting_to)

    @property
    def role_ms(self) -> Ints:
        """When Zoom says that its role changed, 0 if it did not."""
        return self._said(self.role_at)

    def _said(self, at: Ints, delay: int = 0) -> Ints:
        return np.where(at > 0, at * 1000 + self.lag + delay, 0)


@dataclass(frozen=True)
class Shares:
    """Screen shares: `join` is the sharer's row, `begin` and `end` epoch seconds, `content` indexes `CONTENTS`."""

    join: Ints
    meeting: Ints
    begin: Ints
    end: Ints
    content: Ints
    lag: Ints

    @property
    def began_ms(self) -> Ints:
        """When Zoom says that it began."""
        return self.begin * 1000 + self.lag

    @property
    def ended_ms(self) -> Ints:
        """When Zoom says that it ended."""
        return self.end * 1000 + self.lag


@dataclass(frozen=True, eq=False)
class Day:
    """A day of an organisation."""

    org: Organisation
    date: date
    meetings: Meetings
    joins: Joins
    shares: Shares
    guests: Guests
    clients: Installed


@lru_cache(maxsize=4)
def day_of(org: Organisation, date: date) -> Day:
    """What happened on the day that this date was by the clocks of the sites."""
    rng = org.dice("attendance", date)
    meeting_columns, join_columns = attend(org, date, rng)
    meetings, joins = Meetings(**meeting_columns), Joins(**join_columns)
    outsiders = _registered(org, date, meetings, joins, guests(rng, int(joins.guest.max(initial=-1)) + 1))
    return Day(org, date, meetings, joins, _shares(meetings, joins, rng), outsiders, installed(org, date))


def _registered(org: Organisation, date: date, meetings: Meetings, joins: Joins, outsiders: Guests) -> Guests:
    """The guests, those of webinars being people who registered for them."""
    numbers = enrolled(org, date)
    for m in np.flatnonzero(np.isin(meetings.number, list(numbers))).tolist():
        coming = np.unique(joins.guest[(joins.meeting == m) & (joins.guest >= 0)]).tolist()
        for guest, registrant in zip(coming, numbers[int(meetings.number[m])].outside, strict=False):
            outsiders.name[guest], outsiders.email[guest] = registrant.name, registrant.email
            outsiders.registrant[guest] = registrant.id
    return outsiders


def _shares(meetings: Meetings, joins: Joins, rng: np.random.Generator) -> Shares:
    """Up to two shares a meeting, one after the other, each by someone who stays in the main room."""
    count = len(meetings.host)
    first = np.searchsorted(joins.meeting, np.arange(count))
    size = np.searchsorted(joins.meeting, np.arange(count), side="right") - first
    free_from = np.zeros(count, np.int64)
    rounds = []
    for likely in (0.6, 0.35):
        row = first + (rng.random(count) * size).astype(np.int64)
        span = joins.leave[row] - joins.join[row]
        begin = np.maximum(joins.join[row] + 20 + (span * rng.uniform(0.02, 0.3, count)).astype(np.int64), free_from)
        end = begin + ((joins.leave[row] - begin) * rng.uniform(0.3, 0.95, count)).astype(np.int64)
        able = (joins.stage[row] == MAIN) & (joins.away_from[row] == 0) & (joins.device[row] < PHONE) & (size > 1)
        done = able & (end > begin + 60) & (rng.random(count) < likely)
        free_from = np.where(done, end + 5, free_from)
        rounds.append((row[done], begin[done], end[done]))
    row, begin, end = (np.concatenate(part) for part in zip(*rounds, strict=True))
    content = rng.choice(len(CONTENTS), len(row), p=(0.58, 0.3, 0.09, 0.03))
    return Shares(row, joins.meeting[row], begin, end, content, joins.lag[row])
