"""What is asked of upstream: one row a call. Its path, model and cost are the registry's; here is what it is asked about.

Listings of one item are asked in the order of this table. Some find more items: a day's lists find its instances.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import quote

from callboard.contract.units import read_instant
from callboard.control import Item
from callboard.endpoints import ENDPOINTS
from callboard.endpoints.params import Paged
from callboard.ingest.zoom_sync import FACTS, Facts

Finds = Callable[[Item, dict[str, Any]], Iterator[Item]]
KINDS: Final = ("meeting", "webinar")
OF_ACCOUNT: Final = ("account", "user", "room")
"""Kinds of items that are of the account."""
OF_DAYS: Final = ("day", *KINDS, "reasons")
"""Kinds of items that are of a day."""
MONTH: Final = 28
"""Days that upstream tells of at once, whatever the month."""


@dataclass(frozen=True, eq=False)
class Listing:
    """One call to make about every item of a kind (`of`).

    `asks` are its parameters; `{day}` in them is the item's day, other names are what is known of the item. `needs` names
    something that the item must be known to have. `worth` says what is left out first where a day's calls don't suffice
    for all: the greatest; 0 is never left out. `finds` are the items that a page of it tells of. Upstream may refuse one
    that is `optional`.
    """

    endpoint: str
    of: str
    worth: int = 0
    asks: dict[str, str] = field(default_factory=dict)
    variant: str = ""
    needs: str = ""
    finds: Finds | None = None
    optional: bool = False

    @property
    def name(self) -> str:
        """What it is called where coverage is kept and shown."""
        return f"{self.endpoint} {self.variant}".rstrip()

    @property
    def facts(self) -> Facts:
        """What becomes of a page of it."""
        return FACTS.get(self.name) or FACTS.get(self.endpoint, lambda asked, body: iter(()))

    @property
    def rate(self) -> str:
        """What a call of it costs: a rate class."""
        return ENDPOINTS[self.endpoint].rate

    def wanted(self, item: Item) -> bool:
        """Whether it is to be asked about an item of its kind."""
        return not self.needs or bool(item.about.get(self.needs))

    def path(self, item: Item) -> str:
        """Its path, about an item."""
        url = ENDPOINTS[self.endpoint].url
        head, brace, rest = url.partition("{")
        return f"{head}{segment(item.about.get('id', item.id))}{rest.partition('}')[2]}" if brace else url

    def params(self, item: Item, token: str) -> dict[str, str]:
        """What it is asked with."""
        known = {"day": item.day, **item.about}
        asked = {name: value.format_map(known) for name, value in self.asks.items()}
        size = page_size(self.endpoint)
        return asked | ({"page_size": str(size)} if size else {}) | ({"next_page_token": token} if token else {})


def page_size(endpoint: str) -> int:
    """The most entries that a page of an endpoint has; 0 for what has no pages."""
    model = ENDPOINTS[endpoint].params
    return model.sizes[1] if issubclass(model, Paged) else 0


def segment(id_: str) -> str:
    """An id in a path: encoded, and once more where Zoom wants it, for a uuid that begins with `/` or holds `//`."""
    once = quote(id_, safe="")
    return quote(once, safe="") if id_.startswith("/") or "//" in id_ else once


# What pages tell of

FLAGS: Final = {"shared": "has_screen_share", "poll": "has_poll", "survey": "has_survey", "qa": "has_qa"}


def _instances(state: str, kind: str) -> Finds:
    """The past instances that a page of a list tells of."""

    def find(item: Item, body: dict[str, Any]) -> Iterator[Item]:
        for said in body.get(f"{kind}s") or ():
            start = read_instant(said.get("start_time"))
            if said.get("uuid") and start is not None:
                about = {"state": state, "start": start, "end": read_instant(said.get("end_time"))}
                about |= {"host": said.get("email", ""), "user_type": said.get("user_type", "")}
                about |= {
                    "in_reports": state == "past",
                    "detail": state == "pastOne" or not said.get("email"),
                    "joins": said.get("participants", 0),
                }
                about |= {name: True for name, flag in FLAGS.items() if said.get(flag)}
                about |= {"qa": True} if kind == "webinar" else {}  # lists of webinars don't tell of questions
                yield Item(item.day, kind, said["uuid"], about)

    return find


def _users(item: Item, body: dict[str, Any]) -> Iterator[Item]:
    for said in body.get("users") or ():
        if said.get("id"):
            yield Item(item.day, "user", said["id"])


def _rooms(item: Item, body: dict[str, Any]) -> Iterator[Item]:
    """Each room once a month of what is asked about, for upstream tells no more than a month at once."""
    for said in body.get("zoom_rooms") or ():
        if said.get("id"):
            about = {"id": said["id"], "open": said.get("issues") or [], "online": read_instant(said.get("last_start_time"))}
            for begin, end in months(date.fromisoformat(item.about["first"]), date.fromisoformat(item.about["last"])):
                yield Item(item.day, "room", f"{said['id']} {begin}", about | {"from": str(begin), "to": str(end)})


def months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The days from `first` to `last` in stretches of a month at the most, the latest first."""
    while last >= first:
        begin = max(first, last - timedelta(days=MONTH - 1))
        yield begin, last
        last = begin - timedelta(days=1)


def _live(kind: str) -> Finds:
    def find(item: Item, body: dict[str, Any]) -> Iterator[Item]:
        for said in body.get(f"{kind}s") or ():
            start = read_instant(said.get("start_time"))
            if said.get("uuid") and start is not None:
                yield Item(item.day, f"live {kind}", said["uuid"], {"start": start, "state": "live"})

    return find


# The table

DAY: Final = {"from": "{day}", "to": "{day}"}
TYPED: Final = {"type": "{state}"}
REGISTRANTS: Final = {"include_fields": "registrant_id"}


def _of_days(kind: str) -> Iterator[Listing]:
    for state in ("past", "pastOne"):
        asks = DAY | {"type": state, "include_fields": "tracking_fields"}
        yield Listing(f"list_{kind}s", "day", asks=asks, variant=state, finds=_instances(state, kind))
    yield Listing(f"report_{kind}s", "day", 1, DAY)


def _of_instances(kind: str) -> Iterator[Listing]:
    if kind == "webinar":
        yield Listing("report_webinar_participants", kind, 1, REGISTRANTS, needs="in_reports")
    yield Listing(f"list_{kind}_participants", kind, asks=TYPED | REGISTRANTS)
    yield Listing(f"list_{kind}_participants_qos", kind, 2, TYPED)
    yield Listing(f"list_{kind}_participants_sharing", kind, 3, TYPED, needs="shared")
    yield Listing(f"list_{kind}_participants_satisfaction", kind, 5, TYPED)
    yield Listing(f"report_{kind}_polls", kind, 4, needs="poll")
    yield Listing(f"report_{kind}_qa", kind, 4, needs="qa")
    yield Listing(f"report_{kind}_survey", kind, 4, needs="survey")
    yield Listing(f"list_{kind}_participants_qos_summary", kind, 7, TYPED)


def _of_users(kind: str) -> Iterator[Listing]:
    for variant, type_ in (("scheduled",) * 2, ("upcoming",) * 2, ("previous", "previous_meetings")):
        yield Listing(f"list_user_{kind}s", "user", 6, {"type": type_}, variant, "due", optional=True)


def _of_live(kind: str) -> Iterator[Listing]:
    typed = {"type": "live"}
    yield Listing(f"list_{kind}s", "live", 0, typed | {"include_fields": "tracking_fields"}, "live", finds=_live(kind))
    yield Listing(f"list_{kind}_participants", f"live {kind}", 0, typed, "live")
    yield Listing(f"list_{kind}_participants_qos", f"live {kind}", 2, typed, "live")


LISTINGS: Final[tuple[Listing, ...]] = (
    *(Listing("list_users", "account", 0, {"status": s}, s, finds=_users) for s in ("active", "inactive", "pending")),
    Listing("list_zoomrooms", "account", 1, finds=_rooms),
    Listing("get_user", "user", 6, needs="due"),
    *(row for kind in KINDS for row in _of_users(kind)),
    Listing("list_issues_of_zoomroom", "room", 2, {"from": "{from}", "to": "{to}"}),
    *(row for kind in KINDS for row in _of_days(kind)),
    Listing("report_history_meetings", "day", 3, DAY),
    Listing("list_chat", "day", 3, DAY),
    Listing("list_im", "day", 6, DAY, optional=True),
    Listing("get_crc", "day", 3, DAY),
    Listing("report_cloud_recording", "day", 3, DAY),
    Listing("report_telephone", "day", 3, DAY),
    Listing("report_activities", "day", 3, DAY),
    Listing("report_operationlogs", "day", 3, DAY),
    Listing("get_past_meeting", "meeting", 4, needs="detail"),
    *(row for kind in KINDS for row in _of_instances(kind)),
    Listing("list_client_feedback", "reasons", 3, DAY, optional=True),
    *(row for kind in KINDS for row in _of_live(kind)),
)
"""All that is asked. Reasons for thumbs down (`reasons`) are asked last, when the feedback that they belong to is there."""

REASONS: Final = "list_client_feedback"
COMPLAINTS: Final = Listing("get_client_feedback", "reason", 3, DAY)
"""Who chose a reason: asked of each that the list of reasons names."""


def of(what: str) -> tuple[Listing, ...]:
    """The listings about one kind of item, in the order that they are asked in."""
    return _OF.get(what, ())


_OF: Final = {what: tuple(row for row in LISTINGS if row.of == what) for what in {row.of for row in LISTINGS}}
