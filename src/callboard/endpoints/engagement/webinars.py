"""How webinars were attended, and what people did in them."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from pydantic import Field

from callboard.contract.engagement import WebinarEngagement, WebinarEngagementPage
from callboard.contract.paging import page_count
from callboard.contract.wire import Columns
from callboard.endpoints.daily import of_tables
from callboard.endpoints.engagement.audience import HEADLINE, NAMED, Audience, Webinar, audiences, curve, headline, share, summed
from callboard.endpoints.held import settled
from callboard.endpoints.instances import Instance, find
from callboard.endpoints.listing import SAID, Wanted, rows_of_page
from callboard.endpoints.pages import PAGE_COLUMNS, resume, token
from callboard.endpoints.params import ById, Paged, Range, instant, window
from callboard.endpoints.participants import asked
from callboard.endpoints.people import groups_of
from callboard.endpoints.registry import Answer, Context, endpoint

ABOUT: Final = """
-- engagement.about: what was said of one webinar
SELECT max(topic).2, ifNull(max(host_id), ''), max(host_name).2 FROM meetings
WHERE account_id = {account:String} AND kind = {kind:String} AND start_time IN {starts:Array(UInt32)} AND uuid = {uuid:String}
"""


def one(context: Context, id_: str) -> tuple[Instance, Webinar]:
    """The webinar that an id means, live or past."""
    instance = find(context, "webinar", id_, None)
    said = context.store.ask(ABOUT, asked(context, instance)).rows[0]
    return instance, Webinar(instance.uuid, instance.number, instance.begun, instance.ended, *said)


def named(it: Webinar, host_name: str, over: int) -> list[Any]:
    """The values of `NAMED`, of a webinar that lasted until `over`."""
    return [it.uuid, it.number, it.topic, host_name, instant(it.begun), max(0, over - it.begun)]


COLUMNS: Final[Columns] = (
    *NAMED,
    *HEADLINE,
    ("curve", ("at", "attendees")),
    (
        "polls",
        ("polling_id", "question", "responses", "respondents", "share_responded", ("answers", ("answer", "count", "share"))),
    ),
)


@endpoint(
    "/webinars/{webinarId:id}/engagement",
    name="get_webinar_engagement",
    families=("webinars",),
    granular="webinar",
    rate="simple",
    response=WebinarEngagement,
    version="v1",
)
def get_webinar_engagement(context: Context, params: ById) -> Answer:
    """Get how a webinar was attended: registered against attended, who stayed, Q&A, polls, chat and reactions."""
    instance, webinar = one(context, params.id)
    audience = audiences(context, [webinar], texts=True)[webinar.uuid]
    points = [[instant(minute * 60), number] for minute, number in zip(audience.minutes, curve(audience), strict=True)]
    row = [*named(webinar, audience.host_name, audience.over), *headline(audience).values(), points, _polls(audience)]
    depends = (*instance.depends, *of_tables(context.caller.account_id, "registrants"))
    return Answer(WebinarEngagement, COLUMNS, row, None if instance.live else depends)


def _polls(audience: Audience) -> list[list[Any]]:
    """Each question of the polls, in the order of first answers."""
    questions: dict[tuple[str, str], list[list[str]]] = {}
    for deed in audience.deeds:
        if deed.deed == "answer":
            choices = [choice for choice in map(str.strip, deed.said.split(";")) if choice]
            questions.setdefault((deed.form, deed.text), []).append(choices)
    made = []
    for (form, text), given in questions.items():
        counts = Counter(choice for choices in given for choice in choices)
        answers = [[choice, n, share(n, len(given))] for choice, n in sorted(counts.items(), key=lambda c: (-c[1], c[0]))]
        part = min(1.0, share(len(given), len(audience.attendees)))
        made.append([form, text, counts.total(), len(given), part, answers])
    return made


class EngagementParams(Paged, Range):
    """Parameters of the list of webinars with their engagement."""

    group_id: str = Field("", description="Only webinars whose host is in this group.")


@endpoint(
    "/webinars/engagement",
    name="list_webinar_engagement",
    families=("webinars",),
    granular="list_webinars",
    rate="complex",
    response=WebinarEngagementPage,
    version="v1",
)
def list_webinar_engagement(context: Context, params: EngagementParams) -> Answer:
    """List past webinars of two or more people with the headline numbers of their engagement."""
    name = "list_webinar_engagement"
    params, cursor = resume(context, name, params)
    asked_for = window(params, context.settings.profile)
    wanted = Wanted("webinar", "past", asked_for.begin, asked_for.end, False, groups_of(context, params.group_id))
    rows, total, _ = rows_of_page(context, wanted, cursor, params.size, params.offset)
    more, rows = len(rows) > params.size, rows[: params.size]
    next_token = token(context, name, params, [rows[-1][1], rows[-1][0]], total) if more else ""
    webinars = [_webinar(row) for row in rows]
    found = summed(context, webinars)
    made = [[*named(it, *found[it.uuid][:2]), *found[it.uuid].headline.values()] for it in webinars]
    columns: Columns = ("from", "to", *PAGE_COLUMNS, ("webinars", (*NAMED, *HEADLINE)))
    envelope = [asked_for.from_, asked_for.to, next_token, page_count(total, params.size), params.size, total]
    also = of_tables(context.caller.account_id, "registrants")
    return Answer(WebinarEngagementPage, columns, [*envelope, made], settled(context, wanted.begin, wanted.end, *also))


def _webinar(row: list[Any]) -> Webinar:
    """A webinar from a row of `rows_of_page`."""
    said = dict(zip(SAID, row[4:], strict=True))
    return Webinar(row[0], said["number"], row[1], row[2], said["topic"], said["host_id"] or "", said["host_name"])
