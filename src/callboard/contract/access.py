"""Who may read what: scopes, roles and rate classes, each a table that routes, docs and tests are made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple


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
    )
}

BASIC: Final = "dashboard:read"
EVERYTHING: Final = (BASIC, "dashboard:read:admin", "dashboard:master")
REPORTS: Final = ("report:read:admin", "report:master")


@dataclass(frozen=True)
class Access:
    """What opens an endpoint: a scope of each of its families, or one that opens everything.

    `granular` is Zoom's name of the operation (`list_meetings`); `report` adds Zoom's report scopes.
    """

    families: tuple[str, ...]
    granular: str = ""
    report: bool = False

    @property
    def everything(self) -> tuple[str, ...]:
        """Scopes that open the endpoint by themselves, whatever its families."""
        prefix = "report:read" if self.report else "dashboard:read"
        granular = tuple(f"{prefix}:{self.granular}:{level}" for level in ("admin", "master")) if self.granular else ()
        return (*EVERYTHING, *(REPORTS if self.report else ()), *granular)

    @property
    def scopes(self) -> tuple[str, ...]:
        """Every scope that helps to open the endpoint, our own first."""
        own = [FAMILIES[name] for name in self.families]
        return (*(f.scope for f in own), *(f.zoom_scope for f in own), *self.everything)

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


@dataclass(frozen=True)
class Caller:
    """Who asks: what a verified access token says, with the client's present role."""

    account_id: str
    client_id: str
    role: str = "admin"
    scopes: frozenset[str] = frozenset({BASIC})
    families: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()

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
    return {"simple": (gets,), "own": (gets,), "complex": (complex_, gets), "report": (complex_, gets), "qos": (qos, gets)}


def _zoom(light: int, heavy: int, intensive: int, daily: int) -> dict[str, tuple[Limit, ...]]:
    day = Limit("heavy-day", daily, 86_400, "Daily-limit")
    heavy_limits = (Limit("heavy", heavy, 1), day)
    return {
        "own": (Limit("light", light, 1),),
        "simple": heavy_limits,
        "qos": heavy_limits,
        "report": heavy_limits,
        "complex": (Limit("intensive", intensive, 60), day),
    }


RATE_POLICIES: Final[dict[str, dict[str, tuple[Limit, ...]]]] = {
    "documented": _documented(),
    "zoom-pro": _zoom(30, 10, 10, 30_000),
    "zoom-business": _zoom(80, 40, 20, 60_000),
    "unlimited": dict.fromkeys(RATE_CLASSES, ()),
}
"""Limits per account, by policy and rate class. The first limit of a class is the one its headers tell of."""
