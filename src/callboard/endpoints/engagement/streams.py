"""How well a webinar was sent by its host and panelists, and what went wrong technically."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from callboard.contract.engagement import WebinarStreamQuality
from callboard.contract.wire import Columns
from callboard.endpoints.engagement.audience import Audience, Person, crowds
from callboard.endpoints.engagement.webinars import one
from callboard.endpoints.params import ById, instant
from callboard.endpoints.participants import asked
from callboard.endpoints.registry import Answer, Context, endpoint
from callboard.quality import (
    ZOOM,
    StreamMinute,
    Summary,
    Verdict,
    judge,
    own_score,
    percentile,
    summarise,
    together,
    worst_by_minute,
)
from callboard.store.tables import MEDIA, stream_metrics

METRICS: Final = {medium: [name for name, *_ in stream_metrics(f"{medium}_output")] for medium in MEDIA}
SENT: Final = f"""
-- engagement.sent: what some joins sent, minute by minute
SELECT user_id, toUnixTimestamp(minute) AS moment,
       {", ".join(f"max({medium}_output_{name})" for medium in MEDIA for name in METRICS[medium])}
FROM qos_minutes
WHERE account_id = {{account:String}} AND uuid = {{uuid:String}} AND user_id IN {{users:Array(String)}} AND leg = 'cloud'
GROUP BY account_id, uuid, user_id, minute
ORDER BY moment
"""
ALERTED: Final = """
-- engagement.alerted: the issues that Zoom saw in an instance
SELECT toUnixTimestamp(at) AS moment, issue FROM alerts
WHERE account_id = {account:String} AND uuid = {uuid:String} GROUP BY moment, issue ORDER BY moment, issue
"""
WORDS: Final = {"audio": "audio", "video": "video", "as": "sharing"}
DROPPED: Final = ("network", "got disconnected")
"""Words in Zoom's reasons of leaving that mean the network."""

WORST: Final = ("at", "score", "kbps", "loss_percent", "latency_ms", "jitter_ms", "frames_per_second")
STREAM: Final[Columns] = (
    *("medium", "judged_minutes", "bad_minutes", "unjudged_minutes", "share_bad", "longest_bad_run_minutes", "average_score"),
    *("average_kbps", "p95_loss_percent", "p95_latency_ms", "p95_jitter_ms", "average_frames_per_second"),
    *(f"worst_{name}" for name in WORST),
)
SENDER: Final[Columns] = (
    *("participant_user_id", "name", "role", "share_bad", "judged_minutes", "drops", "rejoins", ("streams", STREAM)),
)
COLUMNS: Final[Columns] = (
    *("uuid", "number", "judged_minutes", "share_bad"),
    ("senders", SENDER),
    ("issues", ("at", "type", "name", "text")),
)
Minutes = dict[str, dict[int, StreamMinute]]
"""By medium, what was sent in each minute, which is Unix time divided by 60."""


@endpoint(
    "/webinars/{webinarId:id}/stream_quality",
    name="get_webinar_stream_quality",
    families=("webinars",),
    granular="webinar",
    rate="simple",
    response=WebinarStreamQuality,
    version="v1",
)
def get_webinar_stream_quality(context: Context, params: ById) -> Answer:
    """Get how well the host and panelists of a webinar were heard and seen, and the technical issues during it."""
    instance, webinar = one(context, params.id)
    audience = crowds(context, [webinar])[webinar.uuid]
    senders = [person for person in audience.people.values() if person.role != "attendee"]
    about = asked(context, instance) | {"users": [join.user_id for person in senders for join in person.joins]}
    alerts = context.store.beside(context.store.ask, ALERTED, about)
    sent = _sent(context, about)
    found = [_sender(person, sent) for person in senders]
    whole = together(summary for summary, _ in found)
    rows = sorted((row for _, row in found), key=lambda row: (-row[3], -row[4], row[1]))
    issues = [[at, "alert", "", issue] for at, issue in alerts().rows] + _issues(audience, senders)
    told = [[instant(at), *said] for at, *said in sorted(issues)]
    row = [instance.uuid, instance.number, whole.judged, round(whole.share or 0.0, 4), rows, told]
    return Answer(WebinarStreamQuality, COLUMNS, row, None if instance.live else instance.depends)


def _sent(context: Context, about: dict[str, Any]) -> dict[str, Minutes]:
    """What each of the joins sent."""
    found: dict[str, Minutes] = defaultdict(lambda: {medium: {} for medium in MEDIA})
    for user_id, at, *values in context.store.ask(SENT, about).rows if about["users"] else ():
        rest = iter(values)
        for medium in MEDIA:
            said = {name: next(rest) for name in METRICS[medium]}
            found[user_id][medium][at // 60] = StreamMinute(medium, "output", **said)
    return found


def _sender(person: Person, sent: dict[str, Minutes]) -> tuple[Summary, list[Any]]:
    """A person's minutes summed up, and a row of `SENDER`."""
    minutes: Minutes = {medium: {} for medium in MEDIA}
    for join in person.joins:
        for medium, streams in sent.get(join.user_id, {}).items():
            minutes[medium] |= streams
    verdicts = {medium: {at: judge(ZOOM, stream) for at, stream in minutes[medium].items()} for medium in MEDIA}
    whole = summarise(worst_by_minute(verdicts.values()))
    summed = [_stream(medium, minutes[medium], verdicts[medium]) for medium in MEDIA]
    first, last = person.joins[0], person.joins[-1]
    drops = sum(1 for join in person.joins if _dropped(join.reason))
    said = [first.user, last.name, person.role, round(whole.share or 0.0, 4), whole.judged, drops, len(person.stays) - 1]
    return whole, [*said, [stream for stream in summed if stream]]


def _stream(medium: str, minutes: dict[int, StreamMinute], verdicts: dict[int, Verdict]) -> list[Any]:
    """A row of `STREAM`; empty where the medium was never sent."""
    flowing = {at: stream for at, stream in minutes.items() if stream.bitrate}
    if not flowing:
        return []
    found = summarise(verdicts)
    scores = {at: score for at, stream in flowing.items() if (score := own_score(stream)) is not None}
    said = [WORDS[medium], found.judged, found.bad, found.unjudged, round(found.share or 0.0, 4), found.longest_run]
    said += [_mean(list(scores.values())) / 100, _mean([stream.bitrate for stream in flowing.values()]) / 100]
    said += [(percentile(stream.avg_loss for stream in flowing.values()) or 0) / 100]
    said += [percentile(getattr(stream, name) for stream in flowing.values()) or 0 for name in ("latency", "jitter")]
    frames = [stream.frame_rate for stream in flowing.values() if stream.frame_rate is not None]
    return [*said, _mean(frames), *_worst(flowing, scores)]


def _mean(values: list[Any]) -> float:
    return round(sum(values) / len(values), 2) if values else 0.0


def _worst(flowing: dict[int, StreamMinute], scores: dict[int, int]) -> list[Any]:
    """The values of `WORST`."""
    if not scores:
        return [None] * len(WORST)
    at = min(scores, key=lambda minute: (scores[minute], minute))
    it = flowing[at]
    line = [(it.bitrate or 0) / 100, (it.avg_loss or 0) / 100, it.latency or 0, it.jitter or 0, it.frame_rate or 0]
    return [instant(at * 60), scores[at] / 100, *line]


def _dropped(reason: str) -> bool:
    return any(word in reason.lower() for word in DROPPED)


def _issues(audience: Audience, senders: list[Person]) -> list[list[Any]]:
    """Rows `[Unix time, type, name, text]` of drops and rejoins."""
    made: list[list[Any]] = []
    for person in senders:
        name = person.joins[-1].name
        made += [[join.went or audience.over, "drop", name, join.reason] for join in person.joins if _dropped(join.reason)]
        made += [[came, "rejoin", name, ""] for came, _ in person.stays[1:]]
    return made
