"""A webinar as its host sees it: minute by minute, and against the host's other webinars."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from callboard.contract.engagement import WebinarHostAnalytics
from callboard.contract.wire import Columns
from callboard.endpoints.daily import of_tables
from callboard.endpoints.engagement.audience import HEADLINE, NAMED, Audience, Webinar, audiences, curve, headline, share, summed
from callboard.endpoints.engagement.webinars import named, one
from callboard.endpoints.listing import SOLO, STATES
from callboard.endpoints.params import ById, instant
from callboard.endpoints.participants import asked
from callboard.endpoints.registry import Answer, Context, endpoint
from callboard.endpoints.sharing import EDGES, spans

OTHERS: Final = f"""
-- engagement.others: the host's other past webinars, the nearest in time first
SELECT uuid, max(number) AS dialled, toUnixTimestamp(min(start_time)) AS begun, toUnixTimestamp(max(end_time)) AS ended,
       {SOLO} AS solo, '' AS title, ifNull(max(host_id), '') AS host
FROM meetings
WHERE account_id = {{account:String}} AND kind = 'webinar' AND uuid != {{uuid:String}} AND uuid IN (
  SELECT uuid FROM meetings WHERE account_id = {{account:String}} AND kind = 'webinar' AND host_id = {{host:String}})
GROUP BY uuid
HAVING {STATES["past"]}
ORDER BY abs(toInt64(begun) - {{at:Int64}}), uuid LIMIT 20
"""
COUNTED: Final = ("question", "answer", "chat", "reaction", "hand")
MINUTE: Final[Columns] = (
    *("at", "present", "joined", "left", "share_of_peak"),
    *("questions", "poll_answers", "chat_messages", "reactions", "hands", "sharing"),
)
COLUMNS: Final[Columns] = (
    *NAMED,
    *("peak", ("minutes", MINUTE), "compared_with"),
    *(f"{which}_{name}" for which in ("this", "others") for name in HEADLINE),
)
TABLES: Final = ("meetings", "participants", "registrants", "questions", "answers", "meeting_messages", "reactions", "sharing")


@endpoint(
    "/webinars/{webinarId:id}/host",
    name="get_webinar_host_analytics",
    families=("webinars",),
    granular="webinar",
    rate="simple",
    response=WebinarHostAnalytics,
    version="v1",
)
def get_webinar_host_analytics(context: Context, params: ById) -> Answer:
    """Get a webinar minute by minute, and its headline numbers against the mean of the host's other webinars."""
    instance, webinar = one(context, params.id)
    edges = context.store.beside(context.store.ask, EDGES, asked(context, instance))
    others = [other.headline for other in summed(context, _others(context, webinar)).values()]
    audience = audiences(context, [webinar])[webinar.uuid]
    this, minutes = headline(audience), _minutes(audience, _sharing(audience, edges().rows))
    about = named(webinar, audience.host_name, audience.over)
    row = [*about, this["peak"], minutes, len(others), *this.values(), *_mean(others).values()]
    depends = of_tables(context.caller.account_id, *TABLES)
    return Answer(WebinarHostAnalytics, COLUMNS, row, None if instance.live else (*instance.depends, *depends))


def _others(context: Context, webinar: Webinar) -> list[Webinar]:
    if not webinar.host_id:
        return []
    about = {"account": context.caller.account_id, "uuid": webinar.uuid, "host": webinar.host_id, "at": webinar.begun}
    rows = context.store.ask(OTHERS, about | {"live_since": context.live_since}).rows
    return [Webinar(*row[:4], *row[5:]) for row in rows]


def _mean(headlines: list[dict[str, Any]]) -> dict[str, Any]:
    """The mean of each headline number; of the attendance rate, over webinars that people registered for."""
    means = {}
    for name in HEADLINE:
        rated = [h for h in headlines if h["registered_approved"]] if name == "attendance_rate" else headlines
        mean = sum(h[name] for h in rated) / len(rated) if rated else 0.0
        means[name] = round(mean, 4) if isinstance(headlines[0][name] if headlines else 0, float) else round(mean)
    return means


def _sharing(audience: Audience, edges: list[list[Any]]) -> dict[int, list[str]]:
    """Who shared something, by minute."""
    joins = {join.user_id: join for person in audience.people.values() for join in person.joins}
    found: dict[int, set[str]] = defaultdict(set)
    for user_id, group in groupby(edges, itemgetter(0)):
        join = joins.get(user_id)
        until = join.went if join is not None and join.went is not None else audience.over
        for _, begin, end in spans([(at, edge, content) for _, at, edge, content in group], until):
            for minute in range(begin // 60, max(begin, end - 1) // 60 + 1):
                if minute in audience.minutes:
                    found[minute].add(join.name if join is not None and join.name else user_id)
    return {minute: sorted(names) for minute, names in found.items()}


def _minutes(audience: Audience, sharing: dict[int, list[str]]) -> list[list[Any]]:
    """Rows of `MINUTE`."""
    stays = [stay for person in audience.attendees.values() for stay in person.stays]
    last = audience.minutes.stop - 1
    joined = Counter(max(came // 60, audience.minutes.start) for came, _ in stays)
    left = Counter(min(went // 60, last) for _, went in stays if went < audience.over or audience.webinar.ended is not None)
    deeds = Counter((deed.deed, deed.at // 60) for deed in audience.deeds if deed.at)
    present = curve(audience)
    peak = max(present, default=0)
    return [
        [
            *(instant(minute * 60), there, joined[minute], left[minute], share(there, peak)),
            *(deeds[deed, minute] for deed in COUNTED),
            sharing.get(minute, []),
        ]
        for minute, there in zip(audience.minutes, present, strict=True)
    ]
