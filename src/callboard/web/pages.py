"""The table of pages: routes and the rail are made from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Page:
    """One page: its path, its title, the template of its frame, the module that fills it, and the families that open it.

    Any one family of `families` opens it; without families it is open to everyone who signed in. With an `icon` it is in
    the rail; one without is lit there as the page `under` which it is. `ranged` pages have the range picker, `compared` ones
    also that of the period compared with; where a range begins before facts of the families in `kept`, they say so. With a
    `role` it is for that role only.
    """

    path: str
    title: str
    template: str
    module: str = ""
    families: tuple[str, ...] = ()
    icon: str = ""
    under: str = ""
    ranged: bool = False
    compared: bool = False
    kept: tuple[str, ...] = ()
    role: str = ""

    @property
    def lit(self) -> str:
        """The path that is lit in the rail."""
        return self.under or self.path


CALLS: Final = ("meetings", "qos")

PAGES: Final[tuple[Page, ...]] = (
    Page("/", "Now", "now.html", "now.js", ("meetings", "webinars"), "now"),
    Page("/meetings", "Meetings", "list.html", "list.js", ("meetings",), "meetings", ranged=True, compared=True, kept=CALLS),
    Page("/meetings/{id:path}", "Meeting", "meeting.html", "meeting.js", ("meetings",), under="/meetings"),
    Page("/webinars", "Webinars", "list.html", "list.js", ("webinars",), "webinars", ranged=True, compared=True, kept=CALLS),
    Page("/webinars/{id:path}", "Webinar", "meeting.html", "meeting.js", ("webinars",), under="/webinars"),
    Page("/rooms", "Rooms", "rooms.html", "rooms.js", ("zoomrooms",), "rooms", ranged=True, kept=("rooms",)),
    Page("/rooms/{id:path}", "Room", "room.html", "room.js", ("zoomrooms",), under="/rooms", ranged=True, kept=("rooms",)),
    Page("/quality", "Quality", "quality.html", "quality.js", ("home",), "quality", ranged=True, compared=True, kept=("qos",)),
    Page("/usage", "Usage", "usage.html", "usage.js", ("meetings", "webinars"), "usage", ranged=True, kept=("meetings",)),
    Page("/chat", "Chat", "chat.html", "chat.js", ("chat",), "chat", ranged=True, kept=("chat",)),
    Page(
        "/recordings", "Recordings", "recordings.html", "recordings.js", ("crc",), "recordings", ranged=True, kept=("meetings",)
    ),
    Page("/data", "Data", "data.html", "data.js", ("home",), "data", ranged=True, kept=("events",)),
    Page("/people/{id:path}", "Person", "person.html", "person.js", ("meetings",), under="/meetings", ranged=True, kept=CALLS),
    Page("/search", "Search", "search.html", "results.js"),
    Page("/settings", "Settings", "settings.html", "settings.js", icon="settings", role="admin"),
)
