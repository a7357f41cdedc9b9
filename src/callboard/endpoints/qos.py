"""Quality of service: each join's minutes, and Zoom's summaries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any, Final

from pydantic import Field

from callboard.contract.errors import NotFound
from callboard.contract.participants import (
    MeetingParticipantQosDetail,
    QosPage,
    WebinarParticipantQosDetail,
    WebinarQosPage,
)
from callboard.contract.qos import QosSummaryPage
from callboard.contract.wire import Columns
from callboard.endpoints.instances import Instance, find
from callboard.endpoints.pages import PAGE_COLUMNS, resume, token
from callboard.endpoints.params import ById, ByIdTyped, QosPaged, unix
from callboard.endpoints.participants import ROW, asked, join_page, joins, keys
from callboard.endpoints.registry import Answer, Context, Kind, endpoint
from callboard.endpoints.stretches import issues
from callboard.quality import ZOOM, Verdict, health, summarise, worst
from callboard.store.tables import (
    CPU,
    MEDIA,
    PARTICIPANTS,
    PRESSURE,
    QOS_MINUTES,
    QOS_SUMMARIES,
    RSSI,
    STREAMS,
    SUMMARY_METRICS,
    merge,
    stream_metrics,
)

ZOOM_LIMIT: Final = ZOOM.media["audio"].limits[0]
"""Zoom's limits of a score, the same for all media."""
SIZE: Final = ("width", "height")
PLAIN: Final = {stream: [m for m, _, _ in stream_metrics(stream) if m not in SIZE] for stream in STREAMS}


def _stream_columns(stream: str) -> list[str]:
    pictured = [f"{stream}_resolution"] if not stream.startswith("audio") else []
    return [f"{stream}_{metric}" for metric in PLAIN[stream]] + pictured


STREAM_COLUMNS: Final = tuple(column for stream in STREAMS for column in _stream_columns(stream))
CLOUD: Final[Columns] = ("minute", *STREAM_COLUMNS, *CPU, *PRESSURE, *RSSI, "rssi_unit")
GATEWAYS: Final = ("crc", "rwg")
FROM_TO: Final = {"input": "from", "output": "to"}


def _leg_columns(leg: str) -> tuple[str, ...]:
    """A leg's stream columns, under the names that the contract gives them."""
    names = []
    for stream in STREAMS:
        medium, way = stream.split("_")
        names += [c.replace(stream, f"{medium}_device_{FROM_TO[way]}_{leg}") for c in _stream_columns(stream)]
    return tuple(names)


WITH_GATEWAYS: Final[Columns] = (*CLOUD, *(c for leg in GATEWAYS for c in _leg_columns(leg)))


METRICS: Final = tuple(
    f"{stream}_{metric}" for stream in STREAMS for metric in (*PLAIN[stream], *(() if stream.startswith("audio") else SIZE))
)
SCORES: Final = tuple(f"{medium}_{kind}" for kind in ("score", "own") for medium in MEDIA)
COLUMNS: Final = ("user_id", "minute", "leg", *METRICS, *CPU, *PRESSURE, *RSSI, *SCORES)
PICTURES: Final = tuple(at for at, name in enumerate(COLUMNS) if name.endswith("_width"))
"""Where in a row a width stands, with its height behind it."""
MINUTES: Final = f"""
-- qos.minutes: every minute of some joins
SELECT {", ".join(COLUMNS)} FROM qos_minutes
WHERE account_id = {{account:String}} AND uuid = {{uuid:String}} AND user_id IN {{users:Array(String)}}
"""

TOLD: Final = f"""
-- qos.told: what sources said of the health of some joins
SELECT user_id, {PARTICIPANTS.merged("health", "issues")} FROM participants
WHERE account_id = {{account:String}} AND uuid = {{uuid:String}} AND user_id IN {{users:Array(String)}}
GROUP BY user_id HAVING max(health).2 != ''
"""


def _read(context: Context, instance: Instance, users: list[str]) -> list[list[Any]]:
    """Join, minute and leg, values in the order of `CLOUD`, and the scores of the media: rows by join, minute and leg."""
    found = context.store.ask(MINUTES, asked(context, instance) | {"users": users}).rows if users else []
    rows = merge(QOS_MINUTES, COLUMNS, found)
    rows.sort(key=itemgetter(0, 1, 2))
    for row in rows:
        row[-6:] = [said if said is not None or own is None else own * 10 for said, own in zip(row[-6:-3], row[-3:], strict=True)]
        for at in reversed(PICTURES):
            row[at : at + 2] = [row[at : at + 2]]
    return rows


@dataclass(frozen=True)
class Minutes:
    """The minutes of some joins, oldest first, their columns, and what was wrong in them."""

    columns: Columns
    of: dict[str, list[list[Any]]]
    health: dict[str, list[Any]]

    def row(self, user_id: str) -> list[Any]:
        """What a join's row says beside who it is: `health`, `issue_list` and `user_qos`."""
        return [*self.health.get(user_id, ("", [])), self.of.get(user_id, [])]


def minutes(context: Context, instance: Instance, users: list[str]) -> Minutes:
    """The minutes of each of these joins."""
    about = asked(context, instance) | {"users": users}
    told = context.store.beside(context.store.ask, TOLD, about)
    rows = _read(context, instance, users)
    gateways = any(row[1] != "cloud" for row in rows)
    by_user: dict[str, list[list[Any]]] = defaultdict(list)
    streams, last = len(STREAM_COLUMNS), CLOUD.index("max_rssi")
    scores: dict[str, list[list[Any]]] = defaultdict(list)
    for row in rows:
        user, minute, leg, *values = row
        if leg == "cloud":
            scores[user].append([minute, values[BUSIEST], *values[-len(MEDIA) :]])
        values = values[: -len(MEDIA)]
        made = by_user[user]
        if not made or made[-1][0] != minute:
            made.append([minute] + [None] * (len(WITH_GATEWAYS if gateways else CLOUD) - 1))
        if leg == "cloud":
            made[-1][1 : 1 + len(values)] = values
            made[-1][last + 1] = None if values[-1] is None else "dBm"
        else:
            begin = len(CLOUD) + GATEWAYS.index(leg) * streams
            made[-1][begin : begin + streams] = values[:streams]
    of_minutes = {user: _health(said) for user, said in scores.items()}
    return Minutes(WITH_GATEWAYS if gateways else CLOUD, by_user, of_minutes | {user: said for user, *said in told().rows})


BUSIEST: Final = len(STREAM_COLUMNS) + CPU.index("system_max_cpu_usage")


@cache
def _verdict(score: int | None) -> Verdict:
    return Verdict.UNJUDGED if score is None else ZOOM_LIMIT.verdict(score)


def _health(said: list[list[Any]]) -> list[Any]:
    """Zoom's word for the health of a join, and what was wrong, from `[minute, load, score of each medium]` of its minutes."""
    verdicts = [[_verdict(score) for score in scores] for _, _, *scores in said]
    summary = summarise({unix(row[0]) // 60: worst(v) for row, v in zip(said, verdicts, strict=True)})
    return [health(summary), issues(verdicts, [load for _, load, *_ in said])]


def with_minutes(context: Context, instance: Instance, users: list[str]) -> tuple[Columns, list[list[Any]]]:
    """Rows of joins, each with its minutes, and their columns."""
    found = context.store.beside(minutes, context, instance, users)
    rows = joins(context, instance, users)
    said = found()
    return (*ROW, "health", "issue_list", ("user_qos", said.columns)), [[*row, *said.row(row[0])] for row in rows]


class QosParams(QosPaged, ByIdTyped):
    """Parameters of the list of participants with their quality."""


PAGES: Final[dict[Kind, Any]] = {"meeting": QosPage, "webinar": WebinarQosPage}
DETAILS: Final[dict[Kind, Any]] = {"meeting": MeetingParticipantQosDetail, "webinar": WebinarParticipantQosDetail}


@endpoint(
    "/metrics/{kind}s/{{kind}Id:id}/participants/qos",
    name="list_{kind}_participants_qos",
    granular="list_{kind}_participants_qos",
    rate="qos",
    response=PAGES,
    operation="dashboard{Kind}ParticipantsQOS",
)
def list_participants_qos(context: Context, kind: Kind, params: QosParams) -> Answer:
    """List a {kind}'s participants with their quality, minute by minute."""
    params, cursor = resume(context, f"list_{kind}_participants_qos", params)
    instance = find(context, kind, params.id, params.type)
    listed = join_page(context, f"list_{kind}_participants_qos", params, instance, cursor)
    columns, rows = with_minutes(context, instance, listed.users)
    page: Columns = (*PAGE_COLUMNS, ("participants", columns), f"{kind}_number")
    return Answer(PAGES[kind], page, [*listed.envelope, rows, instance.number], None if instance.live else instance.depends)


class OneQosParams(ByIdTyped):
    """Parameters of one participant's quality."""

    participant_id: str = Field(description="`user_id` of the join; its `participant_uuid` or the person's `id` will do.")


def one_join(context: Context, instance: Instance, participant_id: str) -> str:
    """The name of one join. Raises `NotFound`."""
    found = keys(context, instance, size=1, one=participant_id)
    if not found.users:
        raise NotFound(f"Participant ID {participant_id} is not valid in this {instance.kind}.")
    return found.users[0]


@endpoint(
    "/metrics/{kind}s/{{kind}Id:id}/participants/{participantId:participant_id}/qos",
    name="get_{kind}_participant_qos",
    granular="{kind}_participant_qos",
    rate="qos",
    response=DETAILS,
    operation="dashboard{Kind}ParticipantQOS",
)
def get_participant_qos(context: Context, kind: Kind, params: OneQosParams) -> Answer:
    """Get one participant's quality in a {kind}, minute by minute."""
    instance = find(context, kind, params.id, params.type)
    columns, rows = with_minutes(context, instance, [one_join(context, instance, params.participant_id)])
    depends = None if instance.live else instance.depends
    return Answer(DETAILS[kind], (*columns, f"{kind}_number"), [*rows[0], instance.number], depends)


class SummaryParams(QosPaged, ById):
    """Parameters of the list of summaries."""


SUMMARISED: Final = """
-- qos.summarised: a page of the joins that have a summary
SELECT DISTINCT user_id FROM qos_summaries
WHERE account_id = {account:String} AND uuid = {uuid:String}
  AND (length(user_id), user_id) > (length({after:String}), {after:String})
ORDER BY length(user_id), user_id LIMIT {size:UInt32} OFFSET {skip:UInt64}
"""
SUMMARY_COLUMNS: Final[Columns] = ("type", *SUMMARY_METRICS, "resolution", *CPU, *PRESSURE)
SUMMARIES: Final = f"""
-- qos.summaries: every summary of some joins
SELECT user_id, type, {", ".join(f"max({name})" for name in SUMMARY_METRICS)}, [max(width), max(height)],
       {", ".join(QOS_SUMMARIES[name].merged for name in (*CPU, *PRESSURE))}
FROM qos_summaries
WHERE account_id = {{account:String}} AND uuid = {{uuid:String}} AND user_id IN {{users:Array(String)}}
GROUP BY account_id, uuid, user_id, type
ORDER BY user_id, indexOf({{order:Array(String)}}, type), type
"""
WHO: Final = """
-- qos.who: the people of some joins, and when they left
SELECT user_id, max(participant_user_id), max(name).2, max(email), toUnixTimestamp(max(leave_time)) FROM participants
WHERE account_id = {account:String} AND uuid = {uuid:String} AND user_id IN {users:Array(String)}
GROUP BY user_id ORDER BY length(user_id), user_id
"""


@endpoint(
    "/metrics/{kind}s/{{kind}Id:id}/participants/qos_summary",
    name="list_{kind}_participants_qos_summary",
    granular="list_{kind}_participants_qos",
    rate="qos",
    response=QosSummaryPage,
    operation="dashboard{Kind}ParticipantsQOSSummary",
)
def list_qos_summaries(context: Context, kind: Kind, params: SummaryParams) -> Answer:
    """List a past {kind}'s participants with their quality summed up."""
    name = f"list_{kind}_participants_qos_summary"
    params, cursor = resume(context, name, params)
    instance = find(context, kind, params.id, "past")
    about = asked(context, instance)
    after, skip = (str(cursor.last[0]), 0) if cursor else ("", params.offset)
    found = context.store.ask(SUMMARISED, about | {"after": after, "size": params.size + 1, "skip": skip}).rows
    users = [row[0] for row in found[: params.size]]
    next_token = token(context, name, params, [users[-1]], 0) if len(found) > params.size else ""
    columns: Columns = (
        "next_page_token",
        "page_size",
        ("participants", ("user_id", "participant_user_id", "name", "email", ("qos", SUMMARY_COLUMNS))),
    )
    rows = _summaries(context, about | {"users": users}) if users else []
    return Answer(QosSummaryPage, columns, [next_token, params.size, rows], instance.depends)


def _summaries(context: Context, about: dict[str, Any]) -> list[list[Any]]:
    people = context.store.beside(context.store.ask, WHO, about)
    by_user: dict[str, list[list[Any]]] = defaultdict(list)
    for user, *row in context.store.ask(SUMMARIES, about | {"order": [*STREAMS, "cpu_usage"]}).rows:
        by_user[user].append(row)
    return [[*who, by_user[who[0]]] for *who, _ in people().rows]
