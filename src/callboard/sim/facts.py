"""A day's meetings as rows of the fact tables: Arrow tables that the store inserts as they are.

Rows say what was known at an instant: what `webhooks` says later is left out, so that a meeting in progress looks as it
would if the events so far had come in one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from callboard.contract.features import Feature
from callboard.ingest.facts import person_hash
from callboard.ingest.zoom_webhook import DEVICE_FEATURES
from callboard.sim.attendance import BREAKOUT, MAIN, REASONS, ROLES
from callboard.sim.chat import remarks
from callboard.sim.day import CONTENTS, Day
from callboard.sim.details import details_of
from callboard.sim.opinion import COMMENTS, COMPLAINTS, alerts_of, opinions_of
from callboard.sim.organisation import DEVICES, PHONE, Flags, Ints, Texts
from callboard.sim.places import SITES
from callboard.sim.quality import group_of, minutes_of, score_means
from callboard.sim.summary import summaries_of

KINDS: Final = ("meeting", "webinar")
PLATFORM: Final = "zoom"
SHARE_FEATURES: Final = (Feature.SHARE_DESKTOP, Feature.SHARE_APPLICATION, Feature.SHARE_WHITEBOARD, Feature.SHARE_OTHER)

Arrays = dict[str, pa.Array]


@dataclass(frozen=True)
class Seen:
    """What of a day is told: meetings that began at `since` or later, and what was said of them before `until_ms`.

    `meetings` and `joins` hold for each row of the day whether it is told at all.
    """

    day: Day
    since: int
    until_ms: int

    @property
    def meetings(self) -> Flags:
        """Those that Zoom had said the start of."""
        meetings = self.day.meetings
        return (meetings.start >= self.since) & (meetings.started_ms < self.until_ms)

    @property
    def joins(self) -> Flags:
        """Those that Zoom had said anything of."""
        joins = self.day.joins
        return self.meetings[joins.meeting] & (self.said(joins.joined_ms) | self.said(joins.waiting_ms))

    def said(self, ms: Ints) -> Flags:
        """Whether each was said: it happened, and Zoom told so in time."""
        return (ms > 0) & (ms < self.until_ms)


def tables(day: Day, since: int, until_ms: int) -> Iterator[tuple[str, pa.Table]]:
    """The rows of every table for a day, as far as known at `until_ms`, of meetings from `since` (epoch seconds) on."""
    seen = Seen(day, since, until_ms)
    for name, make in MAKERS.items():
        arrays = make(seen)
        rows = len(next(iter(arrays.values())))
        if rows:
            account = pa.array([day.org.account_id]).take(pa.array(np.zeros(rows, np.int32)))
            yield name, pa.table({"account_id": account, **arrays})


# Values of one merge as Arrow


def _text(values: Sequence[str] | Texts) -> pa.Array:
    return pa.array(values, pa.string())


def _known(values: Texts, where: Flags | None = None) -> pa.Array:
    """Texts, null where empty (or not in `where`)."""
    unsaid = values == "" if where is None else (values == "") | ~where
    return pa.array(values, pa.string(), mask=unsaid.astype(bool))


def _number(values: NDArray[Any], type_: pa.DataType, where: Flags | None = None) -> pa.Array:
    """Numbers, null where not in `where`."""
    cast = values.astype(type_.to_pandas_dtype())
    return pa.array(cast, type_, mask=None if where is None else ~where)


def _time(values: Ints, where: Flags | None = None) -> pa.Array:
    """Epoch seconds as times, null where not in `where`."""
    return pa.array(values, pa.timestamp("s", "UTC"), mask=None if where is None else ~where)


def _latest(at_ms: Ints, values: pa.Array) -> pa.Array:
    """Values with the time when they were said."""
    return pa.StructArray.from_arrays([pa.array(at_ms, pa.timestamp("ms", "UTC")), values], ["ts", "value"])


def _latest_text(at_ms: Ints, values: Texts, where: Flags | None = None) -> pa.Array:
    """Texts with the time when they were said; where empty (or not in `where`) as if never said."""
    told = values != "" if where is None else (values != "") & where
    return _latest(np.where(told, at_ms, 0), _text(np.where(told, values, "").astype(object)))


def _word(table: Sequence[str], index: Ints) -> Texts:
    words = np.empty(len(table), object)
    words[:] = table
    return words[index]


# One maker for each table


def _meetings(seen: Seen) -> Arrays:
    rows, m = np.flatnonzero(seen.meetings), seen.day.meetings
    ended = seen.said(m.ended_ms)[rows]
    at = np.where(ended, m.ended_ms[rows], m.started_ms[rows])
    recorded = seen.said(m.recording_ms)[rows]
    return {
        "kind": _text(_word(KINDS, m.kind[rows])),
        "start_time": _time(m.start[rows]),
        "uuid": _text(m.uuid[rows]),
        "platform": _text([PLATFORM] * len(rows)),
        "number": _number(m.number[rows], pa.uint64()),
        "topic": _latest(at, _text(m.topic[rows])),
        "type": _number(m.type[rows], pa.uint8()),
        "host_id": _text(seen.day.org.roster.user_id[m.host[rows]]),
        "timezone": _text(_word([s.timezone for s in SITES], m.site[rows])),
        "scheduled_minutes": _number(m.minutes[rows], pa.uint32()),
        "end_time": _time(m.end[rows], ended),
        "features": _number(np.where(recorded, int(Feature.RECORDING), 0), pa.uint32()),
        **_host(seen, rows),
        **_persons(seen, rows),
    }


def _host(seen: Seen, rows: Ints) -> Arrays:
    """The host's name and mail, said when the host's own account last joined."""
    joins, details = seen.day.joins, details_of(seen.day)
    came = seen.said(joins.joined_ms) & (joins.stage == MAIN) & details.is_host
    at = np.zeros(len(seen.day.meetings.host), np.int64)
    np.maximum.at(at, joins.meeting[came], joins.joined_ms[came])
    roster, host = seen.day.org.roster, seen.day.meetings.host[rows]
    there = at[rows] > 0
    return {
        "host_name": _latest_text(at[rows], roster.name[host], there),
        "host_email": _latest_text(at[rows], roster.email[host], there),
    }


def _persons(seen: Seen, rows: Ints) -> Arrays:
    """Smallest and largest hash of the people who joined."""
    joins, details = seen.day.joins, details_of(seen.day)
    came = np.flatnonzero(seen.said(joins.joined_ms) & (joins.stage == MAIN))
    who = zip(details.participant_user_id[came], details.email[came], details.name[came], strict=True)
    hashes = np.array([person_hash(user or mail or name) for user, mail, name in who], np.uint64)
    most = np.iinfo(np.uint64).max
    first = np.full(len(seen.day.meetings.host), most)
    last = np.zeros(len(first), np.uint64)
    np.minimum.at(first, joins.meeting[came], hashes)
    np.maximum.at(last, joins.meeting[came], hashes)
    known = np.bincount(joins.meeting[came], minlength=len(first))[rows] > 0
    return {name: _number(v[rows], pa.uint64(), known) for name, v in (("first_person", first), ("last_person", last))}


def _participants(seen: Seen) -> Arrays:
    rows, joins, details = np.flatnonzero(seen.joins), seen.day.joins, details_of(seen.day)
    joined = seen.said(joins.joined_ms)[rows]
    waited, waits = seen.said(joins.waited_ms)[rows], seen.said(joins.waiting_ms)[rows]
    left = seen.said(joins.left_ms)[rows]
    named_ms = np.where(left, joins.left_ms[rows], np.where(joins.join > 0, joins.joined_ms, joins.waiting_ms)[rows])
    in_room = joins.stage[rows] == BREAKOUT
    return {
        "uuid": _text(seen.day.meetings.uuid[joins.meeting[rows]]),
        "user_id": _text(joins.user_id[rows]),
        "features": _number(_features(seen)[rows], pa.uint32()),
        "participant_uuid": _text(joins.participant_uuid[rows]),
        "participant_user_id": _known(details.participant_user_id[rows]),
        "name": _latest_text(named_ms, details.name[rows]),
        "email": _known(details.email[rows]),
        "registrant_id": _known(details.registrant_id[rows]),
        "phone_number": _known(details.phone_number[rows]),
        "role": _role(seen).take(pa.array(rows)),
        "join_time": _time(joins.join[rows], joined),
        "leave_time": _time(joins.leave[rows], left),
        "leave_reason": _latest_text(joins.left_ms[rows], leave_reasons(seen.day)[rows], left),
        "waiting_from": _time(joins.waiting_from[rows], waits),
        "waiting_to": _time(joins.waiting_to[rows], waited),
        "parent_user_id": _known(joins.user_id[joins.parent][rows], in_room),
        "bo_mtg_id": _known(joins.room[rows]),
        **_device(seen, rows),
        **_quality(seen, rows),
    }


def leave_reasons(day: Day) -> Texts:
    """Why each join left, a sentence."""
    table = [[reason.format(name="{name}", kind=kind) for kind in KINDS] for reason in REASONS]
    kinds = day.meetings.kind[day.joins.meeting]
    told = zip(day.joins.reason.tolist(), kinds.tolist(), details_of(day).name, strict=True)
    return np.array([table[reason][kind].format(name=name) for reason, kind, name in told], object)


def _role(seen: Seen) -> pa.Array:
    joins, details = seen.day.joins, details_of(seen.day)
    hosts = seen.said(joins.joined_ms) & (joins.stage == MAIN) & details.is_host
    changed = seen.said(joins.role_ms)
    role = np.where(changed, _word(ROLES, joins.role), np.where(hosts, "host", "")).astype(object)
    return _latest_text(np.where(changed, joins.role_ms, joins.joined_ms), role)


def _device(seen: Seen, rows: Ints) -> Arrays:
    """Device and network, which Zoom tells when someone joined and once more when they left."""
    joins, details = seen.day.joins, details_of(seen.day)
    told, again = seen.said(joins.data_ms)[rows], seen.said(joins.data_summary_ms)[rows]
    at = np.where(again, joins.data_summary_ms[rows], joins.data_ms[rows])
    known = ("device", "version", "domain", "pc_name", "mac_addr")
    latest = ("microphone", "speaker", "camera", "network_type", "connection_type", "data_center", "location", "ip_address")
    center = (details.data_center + ";")[rows]
    inner = [[a] if a and t else [] for a, t in zip(details.internal_ip_address[rows], told, strict=True)]
    inner_at = np.where((details.internal_ip_address[rows] != "") & told, at, 0)
    return {
        **{name: _known(getattr(details, name)[rows], told) for name in known},
        **{name: _known(getattr(details, name)[rows], again) for name in ("device_name", "client")},
        **{name: _latest_text(at, getattr(details, name)[rows], told) for name in latest},
        "full_data_center": _latest_text(at, center, told),
        "internal_ip_addresses": _latest(inner_at, pa.array(inner, pa.list_(pa.string()))),
    }


def _quality(seen: Seen, rows: Ints) -> Arrays:
    """First and last minute said so far, and the scores said when the join had left."""
    minutes, count = minutes_of(seen.day), len(seen.day.joins)
    told = seen.said(minutes.said_ms)
    join, minute = minutes.join[told], minutes.minute[told]
    first, last = np.full(count, 2**40), np.zeros(count, np.int64)
    np.minimum.at(first, join, minute)
    np.maximum.at(last, join, minute)
    any_ = last[rows] > 0
    summed = seen.said(seen.day.joins.summary_ms)
    means = score_means(seen.day, minutes)
    return {
        "first_minute": _time(np.where(any_, first[rows], 0), any_),
        "last_minute": _time(last[rows], any_),
        **{f"{m}_score": _number(v[rows], pa.uint16(), ((v > 0) & summed)[rows]) for m, v in means.items()},
    }


def _features(seen: Seen) -> Ints:
    """Bits of `Feature` for each join, as far as said."""
    joins, minutes = seen.day.joins, minutes_of(seen.day)
    joined, told = seen.said(joins.joined_ms), seen.said(minutes.said_ms)
    heard = np.bincount(minutes.join[told], minlength=len(joins)) > 0
    filmed = np.bincount(minutes.join[told & minutes.present["video_output"]], minlength=len(joins)) > 0
    bits = (
        (joined & (joins.stage == MAIN)) * int(Feature.JOINED)
        | (joined & (joins.stage == BREAKOUT)) * int(Feature.BREAKOUT)
        | seen.said(joins.waiting_ms) * int(Feature.WAITING_ROOM)
        | (joined & (joins.device == PHONE)) * int(Feature.PSTN)
        | seen.said(joins.data_ms) * np.array([int(DEVICE_FEATURES.get(name, 0)) for name in DEVICES])[joins.device]
        | heard * int(Feature.VOIP)
        | filmed * int(Feature.VIDEO)
    )
    wrote = remarks(seen.day)
    bits[wrote.join[seen.said(wrote.ms)]] |= int(Feature.CHAT)
    shares = seen.day.shares
    begun = seen.said(shares.began_ms)
    np.bitwise_or.at(bits, shares.join[begun], np.array(SHARE_FEATURES, np.int64)[shares.content[begun]])
    return np.asarray(bits)


def _minutes(seen: Seen) -> Arrays:
    minutes, joins = minutes_of(seen.day), seen.day.joins
    rows = np.flatnonzero(seen.said(minutes.said_ms) & seen.meetings[joins.meeting[minutes.join]])
    join = pa.array(minutes.join[rows])
    figures = {
        name: _number(values[rows], pa.int16() if name.endswith("rssi") else pa.uint32(), minutes.present[group_of(name)][rows])
        for name, values in minutes.columns.items()
    }
    return {
        "uuid": _text(seen.day.meetings.uuid[joins.meeting]).take(join),
        "user_id": _text(joins.user_id).take(join),
        "minute": _time(minutes.minute[rows]),
        **figures,
    }


def _summaries(seen: Seen) -> Arrays:
    joins = seen.day.joins
    told = seen.said(joins.summary_ms) & seen.meetings[joins.meeting]
    parts = []
    for summary in summaries_of(minutes_of(seen.day)):
        keep = told[summary.join]
        join = summary.join[keep]
        part = {
            "uuid": _text(seen.day.meetings.uuid[joins.meeting[join]]),
            "user_id": _text(joins.user_id[join]),
            "type": _text([summary.type] * len(join)),
            "ended_at": _time(joins.summary_ms[join] // 1000),
            **{name: _number(values[keep], pa.uint32()) for name, values in summary.columns.items()},
        }
        parts.append(pa.table(part))
    whole = pa.concat_tables(parts, promote_options="default").combine_chunks()
    return {name: whole[name].combine_chunks() for name in whole.column_names}


def _sharing(seen: Seen) -> Arrays:
    shares, joins = seen.day.shares, seen.day.joins
    here = seen.meetings[shares.meeting]
    begun, over = np.flatnonzero(here & seen.said(shares.began_ms)), np.flatnonzero(here & seen.said(shares.ended_ms))
    row = np.concatenate((begun, over))
    join = shares.join[row]
    return {
        "uuid": _text(seen.day.meetings.uuid[joins.meeting[join]]),
        "user_id": _text(joins.user_id[join]),
        "at": _time(np.concatenate((shares.begin[begun], shares.end[over]))),
        "edge": _text(["start"] * len(begun) + ["end"] * len(over)),
        "content": _text(_word(CONTENTS, shares.content[row])),
    }


def _feedback(seen: Seen) -> Arrays:
    joins, details, said = seen.day.joins, details_of(seen.day), opinions_of(seen.day)
    rows = np.flatnonzero(seen.said(said.said_ms) & seen.meetings[joins.meeting[said.join]])
    join, at = said.join[rows], said.said_ms[rows]
    complaints = [[COMPLAINTS[c]] if c >= 0 else [] for c in said.complaint[rows].tolist()]
    pairs = [[{"id": i, "name": n} for i, n in chosen] for chosen in complaints]
    pair = pa.struct([("id", pa.string()), ("name", pa.string())])
    comments = np.array([COMMENTS[c] if c >= 0 else "" for c in said.comment[rows].tolist()], object)
    return {
        "uuid": _text(seen.day.meetings.uuid[joins.meeting[join]]),
        "participant_uuid": _text(joins.participant_uuid[join]),
        "at": _time(said.at[rows]),
        "participant_user_id": _known(details.participant_user_id[join]),
        "name": _latest_text(at, details.name[join]),
        "satisfied": _latest(at, _number(said.satisfied[rows], pa.uint8())),
        "details": _latest(np.where(said.complaint[rows] >= 0, at, 0), pa.array(pairs, pa.list_(pair))),
        "comments": _latest_text(at, comments),
    }


def _alerts(seen: Seen) -> Arrays:
    meetings = seen.day.meetings
    found = [(a, np.flatnonzero(seen.said(a.said_ms) & seen.meetings[a.meeting])) for a in alerts_of(seen.day)]
    row = np.concatenate([a.meeting[rows] for a, rows in found])
    return {
        "uuid": _text(meetings.uuid[row]),
        "at": _time(np.concatenate([a.said_ms[rows] // 1000 for a, rows in found])),
        "issue": _text([a.issue for a, rows in found for _ in rows]),
        "kind": _text(_word(KINDS, meetings.kind[row])),
    }


MAKERS: Final = {
    "meetings": _meetings,
    "participants": _participants,
    "qos_minutes": _minutes,
    "qos_summaries": _summaries,
    "sharing": _sharing,
    "feedback": _feedback,
    "alerts": _alerts,
}
