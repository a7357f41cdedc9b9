"""Which events fill a column, and which columns an answer's field comes from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final, get_args, get_origin

from pydantic.fields import FieldInfo

from callboard.contract import meetings as m
from callboard.contract import participants as p
from callboard.contract import qos as q
from callboard.contract.features import Feature
from callboard.contract.paging import Dated, Page, Tokened
from callboard.contract.service import FamilyFreshness
from callboard.contract.units import Unit
from callboard.contract.wire import Bit, Columns, From, Made, Prefix, Wire
from callboard.endpoints import ENDPOINTS, attendance, listing, participants, qos, service
from callboard.endpoints.pages import PAGE_COLUMNS
from callboard.ingest import zoom_webhook
from callboard.reference.examples import bodies
from callboard.store.tables import STREAMS, TABLES

# Events -> columns


@dataclass(frozen=True)
class Filled:
    """Events that fill something: by what Zoom documents, and by what it does not document but is read all the same."""

    documented: frozenset[str] = frozenset()
    undocumented: frozenset[str] = frozenset()

    def __or__(self, other: Filled) -> Filled:
        documented = self.documented | other.documented
        return Filled(documented, (self.undocumented | other.undocumented) - documented)

    def __bool__(self) -> bool:
        return bool(self.documented or self.undocumented)

    def of_kind(self, kind: str | None) -> Filled:
        """Without the events of the other kind."""
        if kind is None:
            return self
        other = "webinar." if kind == "meeting" else "meeting."
        return Filled(*(frozenset(e for e in es if not e.startswith(other)) for es in (self.documented, self.undocumented)))


Place = tuple[str, str]
"""A table and a column, or a table and a feature's name."""


def _facts(name: str, documented: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    for body in bodies(name, documented):
        yield from zoom_webhook.parse(body, 0.0).facts


def _places(name: str, documented: bool) -> Iterator[Place]:
    for table, row in _facts(name, documented):
        for column, value in row.items():
            yield table, column
            if column == "features":
                yield from ((table, bit.name or "") for bit in Feature if bit & value)


@cache
def filled() -> dict[Place, Filled]:
    """The events that fill each column and set each feature, found by parsing an example of every event."""
    plain: dict[Place, set[str]] = defaultdict(set)
    more: dict[Place, set[str]] = defaultdict(set)
    for name in zoom_webhook.EVENTS:
        for place in _places(name, True):
            plain[place].add(name)
        for place in _places(name, False):
            more[place].add(name)
    return {place: Filled(frozenset(plain[place]), frozenset(more[place] - plain[place])) for place in more.keys() | plain.keys()}


def filling(table: str, column: str) -> Filled:
    """The events that fill a column."""
    return filled().get((table, column), Filled())


# Columns -> fields


@dataclass(frozen=True)
class Rows:
    """What the rows of a model are made of: the columns that the endpoint answers with, their table, what is made."""

    columns: Columns
    table: str = ""
    made: dict[str, Made] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(c if isinstance(c, str) else c[0] for c in self.columns)


SERVER: Final = Made("Made by the server.")
ENVELOPE: Final = (*PAGE_COLUMNS, "from", "to")
COUNT: Final = Made("Joins of the main meeting, counted.", (f"participants.{Feature.JOINED.name}",))
HOST: Final = "Looked up by `meetings.host_id`."
SPAN: Final = ("meetings.start_time", "meetings.end_time")
MEAN: Final = "The mean over all joins; where none was summed up, over their minutes."

LISTED: Final = Rows(
    listing.ROW,
    "meetings",
    {
        "start_time": Made("The earliest that a source gave.", ("meetings.start_time",)),
        "duration": Made("From start to end; so far, while it is live.", SPAN),
        "duration_seconds": Made("From start to end; so far, while it is live.", SPAN),
        "duration_minutes": Made("From start to end, begun minutes counted whole.", SPAN),
        "total_minutes": Made("The lengths of all joins that have ended.", ("participants.join_time", "participants.leave_time")),
        "host_name": Made("As the host's join said; else as the user is known.", ("meetings.host_name", "people.name")),
        "host_email": Made("As the host's join said; else as the user is known.", ("meetings.host_email", "people.email")),
        "dept": Made(HOST, ("people.dept",)),
        "user_type": Made(HOST, ("people.user_type",)),
        "participants": COUNT,
        "features": Made("Said of the instance, or of any of its joins.", ("meetings.features", "participants.features")),
        **{c: Made(MEAN, (f"participants.{c}", f"qos_minutes.{c}")) for c in ("audio_score", "video_score", "as_score")},
    },
)
GONE: Final = Made(
    "When it left; failing that, when it left the waiting room, or when the meeting ended.",
    ("participants.leave_time", "participants.waiting_to", "meetings.end_time"),
)
JOINED: Final = Rows(
    (*participants.ROW, "meeting_number", "webinar_number"),
    "participants",
    {
        "join_time": Made(
            "When it joined; failing that, when it came to the waiting room, or its first minute of quality data.",
            ("participants.join_time", "participants.waiting_from", "participants.first_minute"),
        ),
        "leave_time": GONE,
        **{
            c: Made(
                "As summed up when it left; failing that, the mean of its minutes.", (f"participants.{c}", f"qos_minutes.{c}")
            )
            for c in ("audio_score", "video_score", "as_score")
        },
        "role": Made("`attendee` until an event says otherwise.", ("participants.role",)),
        "status": Made(
            "`in_waiting_room` for those who never joined.",
            ("participants.join_time", "participants.first_minute", "participants.waiting_from"),
        ),
        "audio_call": Made("One entry for a join with a telephone number.", ("participants.phone_number",)),
        "optional_archiving": Made("Always `no optional archiving`."),
        "aic_disclaimer": Made("Always `no disclaimer`."),
        "meeting_number": Made("The instance's number.", ("meetings.number",)),
        "webinar_number": Made("The instance's number.", ("meetings.number",)),
    },
)
SIZE: Final = "Width and height."
MINUTES: Final = Rows(
    qos.WITH_GATEWAYS,
    "qos_minutes",
    {
        **{
            f"{s}_resolution": Made(SIZE, (f"qos_minutes.{s}_width", f"qos_minutes.{s}_height"))
            for s in STREAMS
            if not s.startswith("audio")
        },
        "rssi_unit": Made("`dBm` where the minute has a signal strength.", ("qos_minutes.max_rssi",)),
    },
)
SUMMARIES: Final = Rows(
    qos.SUMMARY_COLUMNS,
    "qos_summaries",
    {"resolution": Made(SIZE, ("qos_summaries.width", "qos_summaries.height"))},
)
SHARED: Final = Made("The edges of each join are paired when they are read.", ("sharing.at", "sharing.edge"))
STAY: Final = ("participants.join_time", "participants.leave_time")

ROWS: Final[dict[type[Wire], Rows]] = {
    **dict.fromkeys((Page, Dated, Tokened), Rows(ENVELOPE, made=dict.fromkeys(ENVELOPE, SERVER))),
    q.QosSummaryPage: Rows(ENVELOPE, made=dict.fromkeys(ENVELOPE, SERVER)),
    p.ParticipantsPage: JOINED,
    p.WebinarParticipantsPage: JOINED,
    p.QosPage: JOINED,
    p.WebinarQosPage: JOINED,
    p.AttendancePage: Rows(("uuid",), "meetings"),
    m.Webinar: LISTED,
    m.ReportedMeeting: LISTED,
    m.Instance: LISTED,
    p.Join: JOINED,
    p.AudioCall: Rows(
        ("call_number", "call_type"),
        made={
            "call_number": Made("The number, as far as Zoom shows it.", ("participants.phone_number",)),
            "call_type": Made("Always `call-in`."),
        },
    ),
    q.UserQosSample: MINUTES,
    q.QosSummary: SUMMARIES,
    q.SummaryParticipant: JOINED,
    p.SharingParticipant: JOINED,
    p.Share: Rows(
        ("content", "start_time", "end_time"),
        "sharing",
        {
            "start_time": SHARED,
            "end_time": Made(
                f"{SHARED.sentence} An end that nobody reported: the next share of the join, its leaving, or the meeting's end.",
                (*SHARED.places, "participants.leave_time", "meetings.end_time"),
            ),
        },
    ),
    p.Attendee: Rows(
        attendance.ROW,
        "participants",
        {
            "joins": COUNT,
            "first_seen": Made("The first join.", ("participants.join_time", "participants.first_minute")),
            "last_seen": Made("The last leave; failing that, the meeting's end, or now.", (STAY[1], SPAN[1])),
            "total_seconds": Made("The stays, where they overlap once.", STAY),
            "share_attended": Made("The stays over the meeting's length.", (*STAY, *SPAN)),
        },
    ),
    FamilyFreshness: Rows(
        service.FRESHNESS,
        made=dict.fromkeys(("family", "newest", "age_seconds"), Made("From the newest row of the family."))
        | {"promised_seconds": Made("Always the same.")},
    ),
}
"""What the rows of models are made of that share a query's columns; others say it themselves (`Wire.table`, `Made`).

A model that is not here is made like its parent, a page like a `Page`.
"""


def rows_of(model: type[Wire]) -> Rows:
    """What a model's rows are made of."""
    own = [ROWS[base] for base in model.__mro__ if base in ROWS]
    if model.table:
        own.insert(0, Rows(tuple(c.name for c in TABLES[model.table].columns), model.table))
    if not own:
        return Rows(())
    made = {name: how for rows in reversed(own) for name, how in rows.made.items()}
    return Rows(tuple(c for rows in own for c in rows.columns), own[0].table, made)


@dataclass(frozen=True)
class Field:
    """One field of an answer: what it is, and where its value comes from.

    `model` is what its entries or members are, if they are of a model; `leg` the gateway leg that a block is of.
    """

    name: str
    annotation: Any
    sentence: str
    unit: Unit | None
    bits: tuple[str, ...]
    model: type[Wire] | None
    prefix: str | None
    made: Made
    leg: str = ""

    @property
    def is_list(self) -> bool:
        """Whether it holds a list."""
        return get_origin(self.annotation) is list

    @property
    def holds(self) -> bool:
        """Whether it only holds entries or members, which have sources of their own."""
        return self.model is not None and not self.made.places

    def filled(self, kind: str | None = None) -> Filled:
        """The events that fill it."""
        found = Filled()
        for place in self.made.places:
            table, column = place.split(".")
            for part in self.bits if column == "features" and self.bits else (column,):
                found |= filling(table, part)
        return found.of_kind(kind)

    @property
    def has_source(self) -> bool:
        """Whether anything fills it."""
        return self.holds or bool(self.filled()) or bool(self.made.sentence and not self.made.places)


def _resolve(rows: Rows, column: str) -> tuple[Made, str]:
    """What an answer's column is made of, and the leg it is of."""
    if column in rows.made and column in rows.names:
        return rows.made[column], ""
    for type_, (stream, leg) in zoom_webhook.LEGS.items():
        if column.startswith(type_ + "_"):
            return _resolve(rows, column.replace(type_, stream))[0], leg
    if column in rows.names and rows.table and column in TABLES[rows.table]:
        return Made("", (f"{rows.table}.{column}",)), ""
    return Made(""), ""


def _field(rows: Rows, name: str, info: FieldInfo, prefix: str) -> Field:
    marks = info.metadata
    bit = next((x for x in marks if isinstance(x, Bit)), None)
    column = bit.column if bit else next((x.column for x in marks if isinstance(x, From)), name)
    inner = get_args(info.annotation)[0] if get_origin(info.annotation) is list else info.annotation
    model = inner if isinstance(inner, type) and issubclass(inner, Wire) else None
    block = model is not None and model is info.annotation
    said = next((x for x in marks if isinstance(x, Made)), None)
    made, leg = (said, "") if said else _resolve(rows, prefix + column)
    found = Field(
        name=info.alias or name,
        annotation=info.annotation,
        sentence=info.description or "",
        unit=next((x for x in marks if isinstance(x, Unit)), None),
        bits=tuple(f.name or "" for f in Feature if bit and f & bit.mask),
        model=model,
        prefix=next((x.prefix for x in marks if isinstance(x, Prefix)), f"{name}_") if block else None,
        made=made,
        leg=leg,
    )
    if not block or model is None:
        return found
    inside = [f for f in fields(model, rows, found.prefix or "") if f.made.places]
    places = tuple(dict.fromkeys(place for f in inside for place in f.made.places))
    return replace(found, made=Made("", places), leg=inside[0].leg if inside else "")


def fields(model: type[Wire], rows: Rows | None = None, prefix: str = "") -> list[Field]:
    """The fields of a model; a block's belong to the rows of the model that it is in."""
    here = rows if rows is not None else rows_of(model)
    return [_field(here, name, info, prefix) for name, info in model.model_fields.items()]


def models() -> dict[type[Wire], tuple[type[Wire], str] | None]:
    """Every model of an answer, parents before their children; a block with the model and prefix it is first met in."""
    found: dict[type[Wire], tuple[type[Wire], str] | None] = {}

    def meet(model: type[Wire], within: tuple[type[Wire], str] | None) -> None:
        for base in reversed(model.__mro__):
            if base not in found and base is not Wire and issubclass(base, Wire):
                found[base] = within
        for item in fields(model):
            if item.model is not None and item.model not in found:
                meet(item.model, (model, item.prefix) if item.prefix is not None else None)

    for endpoint in ENDPOINTS.values():
        if endpoint.response is not None:
            meet(endpoint.response, None)
    return found
