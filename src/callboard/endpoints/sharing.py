"""What was shared in an instance, by whom and when."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from pydantic import Field

from callboard.contract.paging import page_count
from callboard.contract.participants import SharingPage
from callboard.contract.wire import Columns
from callboard.endpoints.instances import Instance, find
from callboard.endpoints.pages import PAGE_COLUMNS, resume, token
from callboard.endpoints.params import ByIdTyped, Paged, instant
from callboard.endpoints.participants import asked
from callboard.endpoints.qos import WHO, one_join
from callboard.endpoints.registry import Answer, Context, Kind, endpoint

EDGES: Final = """
-- sharing.edges: every share that began or ended in an instance
SELECT user_id, toUnixTimestamp(at) AS moment, edge, content FROM sharing
WHERE account_id = {account:String} AND uuid = {uuid:String}
GROUP BY account_id, uuid, user_id, at, edge, content
ORDER BY length(user_id), user_id, moment, edge, content
"""
Edge = tuple[int, str, str]
"""Unix seconds, `start` or `end`, and what was shared."""


def spans(edges: list[Edge], over: int | None) -> list[list[Any]]:
    """Spans `[content, start, end]` in Unix seconds, from edges in order of time.

    A share whose end nobody reported lasts until the next share of the same join begins, or until `over`, when the
    join or the meeting ended (None: it goes on). An end without a beginning says nothing.
    """
    made: list[list[Any]] = []

    def close(at: int) -> int:
        """End the share that goes on, if one does; how many did."""
        going_on = bool(made) and made[-1][2] is None
        if going_on:
            made[-1][2] = at
        return int(going_on)

    for at, together in groupby(edges, itemgetter(0)):
        said = list(together)
        ends = sum(1 for _, edge, _ in said if edge == "end")
        ends -= close(at) if ends else 0
        for _, _, content in (edge for edge in said if edge[1] == "start"):
            close(at)
            made.append([content, at, None])
        if ends:  # begun and ended within the same second
            close(at)
    if made and made[-1][2] is None and over is not None:
        made[-1][2] = max(over, made[-1][1])
    return made


class SharingParams(Paged, ByIdTyped):
    """Parameters of the list of shares."""


class OneSharingParams(SharingParams):
    """Parameters of one participant's shares."""

    participant_id: str = Field(description="`user_id` of the join; its `participant_uuid` or the person's `id` will do.")


COLUMNS: Final[Columns] = (
    *PAGE_COLUMNS,
    ("participants", ("user_id", "participant_user_id", "name", ("details", ("content", "start_time", "end_time")))),
)


def _shared(context: Context, instance: Instance) -> dict[str, list[Edge]]:
    rows = context.store.ask(EDGES, asked(context, instance)).rows
    return {user: [(at, edge, content) for _, at, edge, content in group] for user, group in groupby(rows, itemgetter(0))}


def _page(
    context: Context, name: str, params: SharingParams, instance: Instance, shared: dict[str, list[Edge]], cursor: Any
) -> Answer:
    users = list(shared)
    begin = users.index(cursor.last[0]) + 1 if cursor and cursor.last[0] in shared else 0 if cursor else params.offset
    page, total = users[begin : begin + params.size], cursor.total if cursor else len(users)
    more = begin + params.size < len(users)
    about = asked(context, instance) | {"users": page}
    people = context.store.ask(WHO, about).rows if page else []
    rows = [
        [user, id_, who, [[c, instant(a), instant(b)] for c, a, b in spans(shared[user], left or instance.ended)]]
        for user, id_, who, _, left in people
    ]
    next_token = token(context, name, params, [page[-1]], total) if more else ""
    envelope = [next_token, page_count(total, params.size), params.size, total]
    return Answer(SharingPage, COLUMNS, [*envelope, rows], None if instance.live else instance.depends)


@endpoint(
    "/metrics/{kind}s/{{kind}Id:id}/participants/sharing",
    name="list_{kind}_participants_sharing",
    granular="{kind}_sharing",
    rate="simple",
    response=SharingPage,
    operation="dashboard{Kind}ParticipantShare",
)
def list_sharing(context: Context, kind: Kind, params: SharingParams) -> Answer:
    """List what was shared in a {kind}, by participant."""
    name = f"list_{kind}_participants_sharing"
    params, cursor = resume(context, name, params)
    instance = find(context, kind, params.id, params.type)
    return _page(context, name, params, instance, _shared(context, instance), cursor)


@endpoint(
    "/metrics/{kind}s/{{kind}Id:id}/participants/{participantId:participant_id}/sharing",
    name="get_{kind}_participant_sharing",
    granular="{kind}_sharing",
    rate="simple",
    response=SharingPage,
)
def get_participant_sharing(context: Context, kind: Kind, params: OneSharingParams) -> Answer:
    """Get what one participant shared in a {kind}."""
    name = f"get_{kind}_participant_sharing"
    params, cursor = resume(context, name, params)
    instance = find(context, kind, params.id, params.type)
    user = one_join(context, instance, params.participant_id)
    edges = _shared(context, instance).get(user)
    return _page(context, name, params, instance, {user: edges} if edges else {}, cursor)
