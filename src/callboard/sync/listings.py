"""What is asked of upstream: one row a call. Its path, model and cost are the registry's; here is what it is asked about.

Listings of one item are asked in the order of this table. Some find more items: a day's lists find its instances.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from callboard.contract.units import read_instant
from callboard.control import Item
from callboard.endpoints import ENDPOINTS
from callboard.endpoints.params import Paged

Finds = Callable[[Item, dict[str, Any]], Iterator[Item]]


@dataclass(frozen=True)
class Listing:
    """One call to make about every item of a kind (`of`).

    `asks` are its parameters; `{day}` in them is the item's day, other names are what is known of the item. `needs` names
    something that the item must be known to have. `worth` says what is left out first where a day's calls don't suffice
    for all: the greatest; 0 is never left out. `finds` are the items that a page of it tells of.
    """

    endpoint: str
    of: str
    worth: int = 0
    asks: dict[str, str] = field(default_factory=dict)
    variant: str = ""
    needs: str = ""
    finds: Finds | None = None

    @property
    def name(self) -> str:
        """What it is called where coverage is kept and shown."""
        return f"{self.endpoint} {self.variant}".rstrip()

    def wanted(self, item: Item) -> bool:
        """Whether it is to be asked about an item of its kind."""
        return not self.needs or bool(item.about.get(self.needs))

    def path(self, item: Item) -> str:
        """Its path, about an item."""
        url = ENDPOINTS[self.endpoint].url
        head, brace, rest = url.partition("{")
        return f"{head}{segment(item.id)}{rest.partition('}')[2]}" if brace else url

    def params(self, item: Item, token: str) -> dict[str, str]:
        """What it is asked with."""
        known = {"day": item.day, **item.about}
        asked = {name: value.format_map(known) for name, value in self.asks.items()}
        model = ENDPOINTS[self.endpoint].params
        if issubclass(model, Paged):
            asked["page_size"] = str(model.sizes[1])
        return asked | ({"next_page_token": token} if token else {})


def segment(id_: str) -> str:
    """An id in a path: encoded, and once more where Zoom wants it, for a uuid that begins with `/` or holds `//`."""
    once = quote(id_, safe="")
    return quote(once, safe="") if id_.startswith("/") or "//" in id_ else once


def _instances(state: str, kind: str) -> Finds:
    """The past instances that a page of a list tells of."""

    def find(item: Item, body: dict[str, Any]) -> Iterator[Item]:
        for said in body.get(f"{kind}s") or ():
            start = read_instant(said.get("start_time"))
            if said.get("uuid") and start is not None:
                yield Item(item.day, kind, said["uuid"], _about(said, kind, state, start))

    return find


FLAGS: Final = {"shared": "has_screen_share", "poll": "has_poll", "survey": "has_survey", "qa": "has_qa"}


def _about(said: dict[str, Any], kind: str, state: str, start: int) -> dict[str, Any]:
    about = {"state": state, "start": start, "end": read_instant(said.get("end_time"))}
    about["in_reports"] = state == "past"
    about |= {name: True for name, flag in FLAGS.items() if said.get(flag)}
    if kind == "webinar":  # lists of webinars don't tell of questions
        about["qa"] = True
    return about


DAY: Final = {"from": "{day}", "to": "{day}"}
TYPED: Final = {"type": "{state}"}


def _of_kind(kind: str) -> Iterator[Listing]:
    """What is asked about a day, and about each instance, of meetings or webinars."""
    fields = {"include_fields": "tracking_fields"}
    for state in ("past", "pastOne"):
        yield Listing(f"list_{kind}s", "day", asks=DAY | fields | {"type": state}, variant=state, finds=_instances(state, kind))
    yield Listing(f"report_{kind}s", "day", asks=DAY)
    if kind == "webinar":
        yield Listing("report_webinar_participants", kind, asks={"include_fields": "registrant_id"}, needs="in_reports")
    yield Listing(f"list_{kind}_participants", kind, asks=TYPED | {"include_fields": "registrant_id"})
    yield Listing(f"list_{kind}_participants_qos", kind, 1, TYPED)
    yield Listing(f"list_{kind}_participants_qos_summary", kind, 4, TYPED)
    yield Listing(f"list_{kind}_participants_sharing", kind, 2, TYPED, needs="shared")
    yield Listing(f"list_{kind}_participants_satisfaction", kind, 3, TYPED)


LISTINGS: Final[tuple[Listing, ...]] = (
    *_of_kind("meeting"),
    *_of_kind("webinar"),
    Listing("report_history_meetings", "day", asks=DAY),
)


def of(what: str) -> tuple[Listing, ...]:
    """The listings about one kind of item, in the order that they are asked in."""
    return _OF.get(what, ())


_OF: Final = {what: tuple(row for row in LISTINGS if row.of == what) for what in {row.of for row in LISTINGS}}
