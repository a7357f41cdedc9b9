"""A day as Zoom would tell it: webhook bodies in the order in which they are sent.

Everything here is said of the same day that `facts` makes rows of, at the same instants.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

import numpy as np

from callboard.sim.agenda import iso
from callboard.sim.attendance import BREAKOUT, LOBBY, MAIN, ROLES
from callboard.sim.day import CONTENTS, Day, day_of
from callboard.sim.details import details_of
from callboard.sim.facts import KINDS, leave_reasons
from callboard.sim.families import dates, founding_events, milliseconds, said
from callboard.sim.opinion import COMMENTS, COMPLAINTS, alerts_of, opinions_of
from callboard.sim.organisation import Ints, Organisation
from callboard.sim.places import SITES
from callboard.sim.qos_webhooks import minute_teller, summary_teller
from callboard.sim.quality import minutes_of
from callboard.sim.telling import Body, envelope

Tell = Callable[[int], tuple[str, Body]]
"""Makes the kind of meeting (`meeting` or `webinar`) and the `object` of the nth event of one sort."""

EQUIPMENT: Final = (
    *("device", "location", "network_type", "microphone", "speaker", "camera", "data_center", "connection_type"),
    *("pc_name", "domain", "mac_addr", "version"),
)

SLICE: Final = timedelta(hours=6)
"""How much is put in order at once: a slice needs the two or three days around it, and no more."""


@dataclass(frozen=True)
class Sayings:
    """All events of one name on a day: `ms` is when each is said, ascending."""

    name: str
    ms: Ints
    tell: Tell


def events(org: Organisation, since: datetime, until: datetime) -> Iterator[tuple[datetime, Body]]:
    """Webhook bodies with their event time (aware UTC) for all that is said in [since, until), in order of time.

    The people and rooms are made at the organisation's beginning, before which nothing happens.
    """
    if since <= org.began < until:
        yield from founding_events(org)
    for begin, end in _slices(max(since, org.began), until):
        beside = ((saying.ms, saying.make()) for saying in said(org, begin, end))
        for ms, body in heapq.merge(*_of_all_meetings(org, begin, end), beside, key=lambda event: event[0]):
            yield datetime.fromtimestamp(ms / 1000, UTC), body


def meeting_events(org: Organisation, since: datetime, until: datetime) -> Iterator[tuple[datetime, Body]]:
    """Of `events`, those of meetings and webinars while they go on: each has a uuid."""
    for begin, end in _slices(max(since, org.began), until):
        for ms, body in heapq.merge(*_of_all_meetings(org, begin, end), key=lambda event: event[0]):
            yield datetime.fromtimestamp(ms / 1000, UTC), body


def _slices(begin: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    while begin < until:
        yield begin, min(begin + SLICE, until)
        begin += SLICE


def _of_all_meetings(org: Organisation, begin: datetime, end: datetime) -> list[Iterator[tuple[int, Body]]]:
    return [_told(day_of(org, day), milliseconds(begin), milliseconds(end)) for day in dates(begin, end)]


def _told(day: Day, since_ms: int, until_ms: int) -> Iterator[tuple[int, Body]]:
    """What is said of one day's meetings in [since, until), in order of time."""
    sayings = list(_all(day, since_ms, until_ms))
    ms = np.concatenate([s.ms for s in sayings])
    which = np.repeat(np.arange(len(sayings)), [len(s.ms) for s in sayings])
    nth = np.concatenate([np.arange(len(s.ms)) for s in sayings])
    order = np.lexsort((which, ms))
    for at, w, n in zip(ms[order].tolist(), which[order].tolist(), nth[order].tolist(), strict=True):
        kind, about = sayings[w].tell(n)
        name = sayings[w].name
        yield at, envelope(day.org, name if "." in name else f"{kind}.{name}", at, about)


def _all(day: Day, since_ms: int, until_ms: int) -> Iterator[Sayings]:
    """Every sort of event, in the order in which events of the same instant are sent."""
    book = _book(day)

    def tells(name: str, ms: Ints, tell: Callable[[Ints], Tell], rows: Ints | None = None) -> Sayings:
        here = np.flatnonzero((ms >= since_ms) & (ms < until_ms) & (ms > 0))
        here = here[np.argsort(ms[here], kind="stable")]
        return Sayings(name, ms[here], tell(here if rows is None else rows[here]))

    yield from _of_meetings(book, tells)
    yield from _of_joins(book, tells)
    yield from _of_quality(book, tells)


Say = Callable[..., Sayings]


def _of_meetings(book: Book, said: Say) -> Iterator[Sayings]:
    m = book.day.meetings
    stopped = np.where(m.recorded_from > 0, m.ended_ms, 0)
    yield said("started", m.started_ms, book.meeting)
    yield said("recording.started", m.recording_ms, book.recording)
    yield said("recording.stopped", stopped, book.recording_over)
    yield said("ended", m.ended_ms, book.meeting_over)
    for alerts in alerts_of(book.day):
        yield said("alert", alerts.said_ms, book.alert(alerts.issue), alerts.meeting)


def _of_joins(book: Book, said: Say) -> Iterator[Sayings]:
    joins, shares = book.day.joins, book.day.shares
    main, room = np.flatnonzero(joins.stage == MAIN), np.flatnonzero(joins.stage == BREAKOUT)
    admitted = np.flatnonzero(joins.stage != LOBBY)
    yield said("participant_joined_waiting_room", joins.waiting_ms, book.waiting)
    yield said("participant_admitted", joins.waited_ms[admitted], book.waited, admitted)
    yield said("participant_left_waiting_room", joins.waited_ms, book.waited)
    yield said("participant_joined", joins.joined_ms[main], book.joined, main)
    yield said("participant_joined_breakout_room", joins.joined_ms[room], book.joined, room)
    yield said("participant_role_changed", joins.role_ms, book.role_changed)
    yield said("participant_data", joins.data_ms, book.data)
    yield said("sharing_started", shares.began_ms, book.share)
    yield said("sharing_ended", shares.ended_ms, book.share_over)
    yield said("participant_left_breakout_room", joins.left_ms[room], book.left, room)
    yield said("participant_left", joins.left_ms[main], book.left, main)
    yield said("participant_data_summary", joins.data_summary_ms, book.data_summary)


def _of_quality(book: Book, said: Say) -> Iterator[Sayings]:
    day, minutes = book.day, minutes_of(book.day)
    measured = np.flatnonzero(np.bincount(minutes.join, minlength=len(day.joins)))
    yield said("participant_qos", minutes.said_ms, book.minute)
    yield said("participant_qos_summary", day.joins.summary_ms[measured], book.summary, measured)
    yield said("participant_feedback", opinions_of(day).said_ms, book.feedback)


@lru_cache(maxsize=4)
def _book(day: Day) -> Book:
    return Book(day)


class Book:
    """A day's facts as plain Python values, and how each sort of event tells them."""

    def __init__(self, day: Day) -> None:
        self.day = day
        self.user_id = day.joins.user_id.tolist()
        self.meeting_of = day.joins.meeting.tolist()
        self.kinds = [KINDS[k] for k in day.meetings.kind.tolist()]
        self.objects = [self._object(m) for m in range(len(self.kinds))]
        self.details = {name: getattr(details_of(day), name).tolist() for name in details_of(day).__dataclass_fields__}
        self.reasons = leave_reasons(day).tolist()

    def _object(self, m: int) -> Body:
        meetings = self.day.meetings
        return {
            "id": str(meetings.number[m]),
            "uuid": meetings.uuid[m],
            "host_id": self.day.org.roster.user_id[meetings.host[m]],
            "topic": meetings.topic[m],
            "type": int(meetings.type[m]),
            "start_time": iso(int(meetings.start[m])),
            "timezone": SITES[meetings.site[m]].timezone,
            "duration": int(meetings.minutes[m]),
        }

    # Of the meeting

    def meeting(self, rows: Ints) -> Tell:
        """`*.started`."""
        return lambda n: (self.kinds[rows[n]], dict(self.objects[rows[n]]))

    def meeting_over(self, rows: Ints) -> Tell:
        """`*.ended`."""
        return lambda n: (self.kinds[rows[n]], self.objects[rows[n]] | {"end_time": iso(int(self.day.meetings.end[rows[n]]))})

    def alert(self, issue: str) -> Callable[[Ints], Tell]:
        """`*.alert` of one issue."""
        return lambda rows: lambda n: (self.kinds[rows[n]], self.objects[rows[n]] | {"issues": [issue]})

    def recording(self, rows: Ints) -> Tell:
        """`recording.started`."""
        return lambda n: self._recorded(int(rows[n]), over=False)

    def recording_over(self, rows: Ints) -> Tell:
        """`recording.stopped`, when the meeting ends."""
        return lambda n: self._recorded(int(rows[n]), over=True)

    def _recorded(self, m: int, over: bool) -> tuple[str, Body]:
        meetings = self.day.meetings
        end = iso(int(meetings.end[m])) if over else ""
        file = {"recording_start": iso(int(meetings.recorded_from[m])), "recording_end": end}
        return self.kinds[m], self.objects[m] | {"id": int(meetings.number[m]), "recording_file": file}

    # Of one join

    def _who(self, j: int) -> Body:
        user = self.details["participant_user_id"][j]
        return {
            "user_id": self.user_id[j],
            "user_name": self.details["name"][j],
            "id": user,
            "participant_uuid": self.day.joins.participant_uuid[j],
            "email": self.details["email"][j],
            "registrant_id": self.details["registrant_id"][j],
            "participant_user_id": user,
            "customer_key": "",
            "phone_number": self.details["phone_number"][j],
        }

    def _join(self, j: int, **said: Any) -> tuple[str, Body]:
        """A join within its meeting, and within its breakout room if it is in one."""
        m = self.meeting_of[j]
        about, participant = dict(self.objects[m]), self._who(j) | said
        parent = int(self.day.joins.parent[j])
        if parent >= 0:
            about["breakout_room_uuid"] = self.day.joins.room[j]
            participant["parent_user_id"] = self.user_id[parent]
        return self.kinds[m], about | {"participant": participant}

    def joined(self, rows: Ints) -> Tell:
        """`*.participant_joined` and `*.participant_joined_breakout_room`."""
        return lambda n: self._join(rows[n], join_time=iso(int(self.day.joins.join[rows[n]])))

    def left(self, rows: Ints) -> Tell:
        """`*.participant_left` and `*.participant_left_breakout_room`."""

        def tell(n: int) -> tuple[str, Body]:
            j = rows[n]
            kind, why = self.kinds[self.meeting_of[j]], self.reasons[j]
            reason = f"{self.details['name'][j]} left the {kind}.<br>Reason: {why}" if why else ""
            return self._join(j, leave_time=iso(int(self.day.joins.leave[j])), leave_reason=reason)

        return tell

    def waiting(self, rows: Ints) -> Tell:
        """`*.participant_joined_waiting_room`."""
        return lambda n: self._join(rows[n], date_time=iso(int(self.day.joins.waiting_from[rows[n]])))

    def waited(self, rows: Ints) -> Tell:
        """`*.participant_admitted` and `*.participant_left_waiting_room`."""
        return lambda n: self._join(rows[n], date_time=iso(int(self.day.joins.waiting_to[rows[n]])))

    def role_changed(self, rows: Ints) -> Tell:
        """`*.participant_role_changed`."""
        return lambda n: self._role(int(rows[n]))

    def _role(self, j: int) -> tuple[str, Body]:
        joins = self.day.joins
        kind, about = self._join(j, date_time=iso(int(joins.role_at[j])), old_role="attendee", new_role=ROLES[joins.role[j]])
        del about["participant"]["customer_key"], about["participant"]["phone_number"]
        return kind, about

    def share(self, rows: Ints) -> Tell:
        """`*.sharing_started`."""
        return lambda n: self._shared(int(rows[n]), int(self.day.shares.begin[rows[n]]))

    def share_over(self, rows: Ints) -> Tell:
        """`*.sharing_ended`."""
        return lambda n: self._shared(int(rows[n]), int(self.day.shares.end[rows[n]]))

    def _shared(self, s: int, at: int) -> tuple[str, Body]:
        j, m = int(self.day.shares.join[s]), int(self.day.shares.meeting[s])
        content = CONTENTS[self.day.shares.content[s]]
        shared = {"content": content, "link_source": "", "file_link": "", "date_time": iso(at), "source": ""}
        who = {"user_id": self.user_id[j], "user_name": self.details["name"][j], "id": self.details["participant_user_id"][j]}
        return self.kinds[m], self.objects[m] | {"participant": who | {"sharing_details": shared}}

    def feedback(self, rows: Ints) -> Tell:
        """`*.participant_feedback`."""
        return lambda n: self._opinion(int(rows[n]))

    def _opinion(self, f: int) -> tuple[str, Body]:
        said = opinions_of(self.day)
        j = int(said.join[f])
        m, complaint, comment = self.meeting_of[j], int(said.complaint[f]), int(said.comment[f])
        reasons = [{"id": COMPLAINTS[complaint][0], "name": COMPLAINTS[complaint][1]}] if complaint >= 0 else []
        who = {
            "participant_uuid": self.day.joins.participant_uuid[j],
            "participant_user_id": self.details["participant_user_id"][j],
            "user_name": self.details["name"][j],
            "feedback": {
                "satisfied": bool(said.satisfied[f]),
                "feedback_details": reasons,
                "comments": COMMENTS[comment] if comment >= 0 else "",
            },
        }
        return self.kinds[m], {"id": self.objects[m]["id"], "uuid": self.objects[m]["uuid"], "participant": who}

    # Quality of service: these know the instance by its uuid alone

    def data(self, rows: Ints) -> Tell:
        """`*.participant_data`."""
        return lambda n: self._equipment(int(rows[n]), {})

    def data_summary(self, rows: Ints) -> Tell:
        """`*.participant_data_summary`."""
        names = {"device_detail": self.details["device_name"], "client": self.details["client"]}
        return lambda n: self._equipment(int(rows[n]), {name: values[rows[n]] for name, values in names.items()})

    def _equipment(self, j: int, more: Body) -> tuple[str, Body]:
        address = self.details["internal_ip_address"][j]
        parts = ("signaling", "audio", "video", "as")
        data = {name: self.details[name][j] for name in EQUIPMENT}
        data |= {"harddisk_id": "", "signaling_ip_address": self.details["ip_address"][j]}
        data |= {f"{part}_internal_ip_{of}": v for part in parts for of, v in (("address", address), ("port", "8801"))}
        data |= {"destination_ip_domain": "", "destination_ip_port": "8801", **more}
        m = self.meeting_of[j]
        participant = {
            "participant_id": self.user_id[j],
            "participant_user_id": self.details["participant_user_id"][j],
            "email": self.details["email"][j],
            "data": [data],
        }
        named = {"id": self.objects[m]["id"]} if more else {}
        return self.kinds[m], {"uuid": self.objects[m]["uuid"], **named, "participant": participant}

    def minute(self, rows: Ints) -> Tell:
        """`*.participant_qos`."""
        qos, joins = minute_teller(minutes_of(self.day), rows), minutes_of(self.day).join

        def tell(n: int) -> tuple[str, Body]:
            j = joins[rows[n]]
            who = {
                "user_id": self.user_id[j],
                "participant_user_id": self.details["participant_user_id"][j],
                "email": self.details["email"][j],
                "qos": qos(n),
            }
            m = self.meeting_of[j]
            return self.kinds[m], {"uuid": self.objects[m]["uuid"], "participant": who}

        return tell

    def summary(self, rows: Ints) -> Tell:
        """`*.participant_qos_summary`."""
        qos = summary_teller(self.day)

        def tell(n: int) -> tuple[str, Body]:
            j = int(rows[n])
            who = {
                "participant_id": self.user_id[j],
                "user_name": self.details["name"][j],
                "id": self.details["participant_user_id"][j],
                "email": self.details["email"][j],
                "qos": qos(j),
            }
            m = self.meeting_of[j]
            return self.kinds[m], {"uuid": self.objects[m]["uuid"], "participant": who}

        return tell
