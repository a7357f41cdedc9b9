"""Who was in an instance: one entry a join, in the order of joining."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from pydantic import Field

from callboard.contract.features import Feature
from callboard.contract.paging import Cursor, page_count
from callboard.contract.participants import ParticipantsPage, WebinarParticipantsPage
from callboard.contract.wire import Columns
from callboard.endpoints.instances import Instance, find
from callboard.endpoints.minutes import means
from callboard.endpoints.pages import PAGE_COLUMNS, resume, token
from callboard.endpoints.params import ByIdTyped, Paged, instant
from callboard.endpoints.registry import Answer, Context, Kind, endpoint
from callboard.store.tables import PARTICIPANTS, Merge, merge

TIMES: Final = ("join_time", "leave_time", "waiting_from", "waiting_to", "first_minute")
SAID: Final = tuple(
    c.name
    for c in PARTICIPANTS.columns
    if c.merge is not Merge.KEY and c.name not in (*TIMES, "last_minute", "phone_number", "health", "issues")
)
KEYS: Final = """
-- participants.keys: a page of the names of an instance's joins
SELECT user_id, count() OVER () FROM participants
WHERE account_id = {account:String} AND uuid = {uuid:String}
GROUP BY user_id
HAVING (length(user_id), user_id) > (length({after:String}), {after:String}) {named}
ORDER BY length(user_id), user_id LIMIT {size:UInt32} OFFSET {skip:UInt64}
"""
COLUMNS: Final = ("user_id", *TIMES, "phone_number", *SAID)
JOINS: Final = f"""
-- participants.joins: what was said of some joins
SELECT {", ".join(COLUMNS)} FROM participants
WHERE account_id = {{account:String}} AND uuid = {{uuid:String}} AND user_id IN {{users:Array(String)}}
"""
NAMED: Final = "AND {one:String} IN (user_id, max(participant_uuid), max(participant_user_id))"
ROW: Final[Columns] = (
    "user_id",
    "join_time",
    "leave_time",
    "status",
    "audio_call",
    *SAID,
    "optional_archiving",
    "aic_disclaimer",
)


class ParticipantsParams(Paged, ByIdTyped):
    """Parameters of the list of participants."""

    include_fields: str = Field("", description="`registrant_id` adds it, for past instances.")


def asked(context: Context, instance: Instance) -> dict[str, Any]:
    """What questions about an instance are asked with."""
    return {
        "account": context.caller.account_id,
        "uuid": instance.uuid,
        "kind": instance.kind,
        "starts": instance.starts,
    }


@dataclass(frozen=True)
class Keys:
    """The names of some joins of an instance, in their order, and how many there are from the first of them on."""

    users: list[str]
    total: int


def keys(context: Context, instance: Instance, *, after: str = "", size: int, skip: int = 0, one: str = "") -> Keys:
    """Up to `size` joins after the join `after`; with `one`, those that it names.

    `one` is a join, its uuid, or a person's user id.
    """
    sql = KEYS.replace("{named}", NAMED if one else "")
    about = asked(context, instance) | {"after": after, "size": size, "skip": skip, "one": one}
    rows = context.store.ask(sql, about).rows
    if not rows and skip:  # a page beyond the last still tells the total
        return Keys([], keys(context, instance, size=1).total)
    return Keys([user for user, _ in rows], rows[0][1] if rows else 0)


def joins(context: Context, instance: Instance, users: list[str]) -> list[list[Any]]:
    """Rows of `ROW` of these joins, in their order."""
    if not users:
        return []
    found = context.store.ask(JOINS, asked(context, instance) | {"users": users}).rows
    rows = {row[0]: row for row in merge(PARTICIPANTS, COLUMNS, found)}
    return _with_scores(context, instance, [_row(instance, rows[user]) for user in users if user in rows])


SCORES: Final = slice(ROW.index("audio_score"), ROW.index("as_score") + 1)
FEATURES: Final = ROW.index("features")


def _with_scores(context: Context, instance: Instance, rows: list[list[Any]]) -> list[list[Any]]:
    """Rows whose joins had media but were not summed up by their source get the means of their minutes."""
    unscored = [row for row in rows if row[SCORES] == [None] * 3 and row[FEATURES] & (Feature.VOIP | Feature.VIDEO)]
    found = means(context, instance.uuid, instance.begun, [row[0] for row in unscored]) if unscored else {}
    for row in unscored:
        row[SCORES] = found.get(row[0], row[SCORES])
    return rows


def _row(instance: Instance, row: list[Any]) -> list[Any]:
    user_id, join, leave, waiting_from, waiting_to, first, phone, *said = row
    gone = leave or (waiting_to if join is None else None)
    waits = join is None and first is None
    left = gone or (None if instance.live else instant(instance.ended))
    call = [[phone, "call-in", ""]] if phone else []
    role = SAID.index("role")
    said[role] = said[role] or "attendee"
    status = "in_waiting_room" if waits else "in_meeting"
    return [user_id, join or waiting_from or first, left, status, call, *said, "no optional archiving", "no disclaimer"]


PAGES: Final[dict[Kind, Any]] = {"meeting": ParticipantsPage, "webinar": WebinarParticipantsPage}


@dataclass(frozen=True)
class Page:
    """One page of joins: their names, and the envelope's values."""

    users: list[str]
    envelope: list[Any]


def join_page(context: Context, name: str, params: Paged, instance: Instance, cursor: Cursor | None) -> Page:
    """The joins of one page."""
    after, skip = (str(cursor.last[0]), 0) if cursor else ("", params.offset)
    found = keys(context, instance, after=after, size=params.size + 1, skip=skip)
    more, users = len(found.users) > params.size, found.users[: params.size]
    total = cursor.total if cursor else found.total
    next_token = token(context, name, params, [users[-1]], total) if more else ""
    return Page(users, [next_token, page_count(total, params.size), params.size, total])


@endpoint(
    "/metrics/{kind}s/{{kind}Id:id}/participants",
    name="list_{kind}_participants",
    granular="list_{kind}_participants",
    rate="simple",
    response=PAGES,
    operation="dashboard{Kind}Participants",
)
def list_participants(context: Context, kind: Kind, params: ParticipantsParams) -> Answer:
    """List who joined a {kind}; a rejoin is another entry."""
    params, cursor = resume(context, f"list_{kind}_participants", params)
    instance = find(context, kind, params.id, params.type)
    page = join_page(context, f"list_{kind}_participants", params, instance, cursor)
    rows = joins(context, instance, page.users)
    if params.include_fields != "registrant_id" or instance.live:
        hidden = ROW.index("registrant_id")
        for row in rows:
            row[hidden] = None
    columns: Columns = (*PAGE_COLUMNS, ("participants", ROW), f"{kind}_number")
    return Answer(PAGES[kind], columns, [*page.envelope, rows, instance.number], None if instance.live else instance.depends)
