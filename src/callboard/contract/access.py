"""Who may read what: scopes, roles and rate classes, each a table that routes, docs and tests are made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple


class Area(NamedTuple):
    """A part of Zoom's API: the scopes that open all of it. Its granular scopes are `<name>:read:<operation>:admin`."""

    name: str
    scopes: tuple[str, ...]
    sentence: str


BASIC: Final = "dashboard:read"
AREAS: Final[dict[str, Area]] = {
    a.name: a
    for a in (
        Area("dashboard", ("dashboard:read:admin", "dashboard:master"), "Metrics."),
        Area("report", ("report:read:admin", "report:master"), "Reports."),
        Area("user", ("user:read:admin", "user:master"), "Users."),
        Area("meeting", ("meeting:read:admin", "meeting:master"), "Meetings and their instances by number."),
        Area("webinar", ("webinar:read:admin", "webinar:master"), "Webinars and their instances by number."),
        Area("facts", ("facts:write",), "Loading facts."),
        Area("settings", ("settings:read", "settings:write"), "Clients, users and what is set; for admins."),
    )
}


class Family(NamedTuple):
    """A metric family: what a scope opens and what a Dashboard Viewer is assigned."""

    name: str
    scope: str
    zoom_scope: str
    sentence: str


FAMILIES: Final[dict[str, Family]] = {
    f.name: f
    for f in (
        Family(
            "meetings", "dashboard_meetings:read", "dashboard_meetings:read:admin", "Meetings, their participants and quality."
        ),
        Family(
            "webinars", "dashboard_webinars:read", "dashboard_webinars:read:admin", "Webinars, their participants and quality."
        ),
        Family("zoomrooms", "dashboard_zoomrooms:read", "dashboard_zr:read:admin", "Zoom Rooms."),
        Family("chat", "dashboard_im:read", "dashboard_im:read:admin", "Team chat."),
        Family("crc", "dashboard_crc:read", "dashboard_crc:read:admin", "Room connector ports and recordings."),
        Family("home", "dashboard_home:read", "dashboard_home:read:admin", "The whole account: quality, feedback, clients."),
        Family("reports", "report:read", "report:read:admin", "Reports of the account and its people."),
        Family("people", "user:read", "user:read:admin", "The account's users."),
    )
}


@dataclass(frozen=True)
class Access:
    """What opens an endpoint: a scope of each of its families, or one that opens everything.

    `granular` is Zoom's name of the operation (`list_meetings`), `area` the part of Zoom's API that it is of. What
    `dashboard` scopes open of meetings, webinars and rooms they open in reports too, for those are the same facts.
    `also` are Zoom's scopes of another family that open it there.
    """

    families: tuple[str, ...]
    granular: str = ""
    area: str = "dashboard"
    also: tuple[str, ...] = ()

    @property
    def everything(self) -> tuple[str, ...]:
        """Scopes that open the endpoint by themselves, whatever its families."""
        own = AREAS[self.area].scopes
        same = AREAS["dashboard"].scopes if self._dashboard else ()
        granular = tuple(f"{self.area}:read:{self.granular}:{level}" for level in ("admin", "master")) if self.granular else ()
        return tuple(dict.fromkeys((BASIC, *own, *same, *self.also, *granular)))

    @property
    def _dashboard(self) -> bool:
        return self.area == "report" and set(self.families) <= {"meetings", "webinars", "zoomrooms"}

    @property
    def scopes(self) -> tuple[str, ...]:
        """Every scope that helps to open the endpoint, our own first."""
        own = [FAMILIES[name] for name in self.families]
        return tuple(dict.fromkeys((*(f.scope for f in own), *(f.zoom_scope for f in own), *self.everything)))

    def opened_by(self, scopes: frozenset[str]) -> bool:
        """Whether a token with these scopes may ask."""
        if not scopes.isdisjoint(self.everything):
            return True
        return bool(self.families) and all(
            not scopes.isdisjoint((FAMILIES[name].scope, FAMILIES[name].zoom_scope)) for name in self.families
        )


class Role(NamedTuple):
    """A role: the families it may read (None: those assigned to the client)."""

    name: str
    families: frozenset[str] | None
    sentence: str


ROLES: Final[dict[str, Role]] = {
    r.name: r
    for r in (
        Role("admin", frozenset(FAMILIES), "Account Admin: reads all."),
        Role("viewer", None, "Dashboard Viewer: reads the metric families and groups assigned to it."),
        Role("room-admin", frozenset({"zoomrooms"}), "Room Admin: reads Zoom Rooms only."),
    )
}


def person_scopes(role: str) -> frozenset[str]:
    """The scopes of a signed-in person: the role narrows them; what is set is for admins."""
    return frozenset({BASIC, *(AREAS["settings"].scopes if role == "admin" else ())})


@dataclass(frozen=True)
class Caller:
    """Who asks: what a verified access token or a session says, with the present role.

    `user_id` is a signed-in person's, and empty for a client. Personal data is blank for those with `hide_personal`.
    """

    account_id: str
    client_id: str
    role: str = "admin"
    scopes: frozenset[str] = frozenset({BASIC})
    families: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    user_id: str = ""
    hide_personal: bool = False

    def may_read(self, family: str) -> bool:
        """Whether the role covers a metric family."""
        allowed = ROLES[self.role].families
        return family in (self.families if allowed is None else allowed)


class RateClass(NamedTuple):
    """What an endpoint costs: its documented class, and Zoom's label."""

    name: str
    label: str
    sentence: str


RATE_CLASSES: Final[dict[str, RateClass]] = {
    r.name: r
    for r in (
        RateClass("simple", "Heavy", "One thing by its id."),
        RateClass("medium", "Medium", "A list through which ids are found."),
        RateClass("complex", "Resource-intensive", "A list or report over a date range."),
        RateClass("report", "Heavy", "A report over a date range."),
        RateClass("qos", "Heavy", "Quality of service."),
        RateClass("own", "Light", "Callboard's own small endpoints."),
    )
}


class Limit(NamedTuple):
    """`amount` requests in `seconds`; endpoints that name the same `bucket` share it. `type` is Zoom's header."""

    bucket: str
    amount: int
    seconds: int
    type: str = "QPS"


def _documented() -> dict[str, tuple[Limit, ...]]:
    gets, complex_, qos = Limit("gets", 60, 60), Limit("complex", 30, 60), Limit("qos", 20, 60)
    return {
        "simple": (gets,),
        "medium": (gets,),
        "own": (gets,),
        "complex": (complex_, gets),
        "report": (complex_, gets),
        "qos": (qos, gets),
    }


def _zoom(light: int, medium: int, heavy: int, intensive: int, daily: int) -> dict[str, tuple[Limit, ...]]:
    day = Limit("heavy-day", daily, 86_400, "Daily-limit")
    heavy_limits = (Limit("heavy", heavy, 1), day)
    return {
        "own": (Limit("light", light, 1),),
        "medium": (Limit("medium", medium, 1),),
        "simple": heavy_limits,
        "qos": heavy_limits,
        "report": heavy_limits,
        "complex": (Limit("intensive", intensive, 60), day),
    }


RATE_POLICIES: Final[dict[str, dict[str, tuple[Limit, ...]]]] = {
    "documented": _documented(),
    "zoom-pro": _zoom(30, 20, 10, 10, 30_000),
    "zoom-business": _zoom(80, 60, 40, 20, 60_000),
    "unlimited": dict.fromkeys(RATE_CLASSES, ()),
}
"""Limits per account, by policy and rate class. The first limit of a class is the one its headers tell of."""


def person_policy(amount: int) -> dict[str, tuple[Limit, ...]]:
    """The limits of one signed-in person: `amount` requests a minute, whatever they ask for."""
    return dict.fromkeys(RATE_CLASSES, (Limit("person", amount, 60),))
