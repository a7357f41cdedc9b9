"""The pages about rules: scopes and roles, limits, errors, settings."""

from __future__ import annotations

from typing import Any, Final

from callboard.contract.access import AREAS, BASIC, FAMILIES, RATE_CLASSES, RATE_POLICIES, ROLES, Limit
from callboard.contract.errors import CallboardError
from callboard.endpoints import ENDPOINTS
from callboard.reference.commands import options_of
from callboard.reference.markdown import choices, code, codes, link, sentence, table, with_choices, words
from callboard.settings import PREFIX, Settings


def scopes_page() -> str:
    """Scopes, roles, and which opens what."""
    families = table(
        ("Family", "Scope", "Zoom's name", "Opens"),
        [(code(f.name), code(f.scope), code(f.zoom_scope), sentence(f.sentence)) for f in FAMILIES.values()],
    )
    roles = table(
        ("Role", "What it reads", "Families"),
        [
            (code(r.name), sentence(r.sentence), codes(sorted(r.families)) if r.families is not None else "those assigned")
            for r in ROLES.values()
        ],
    )
    opened = table(
        ("Endpoint", "Scopes, any one of them"),
        [
            (
                link(e.name, "endpoints.md", e.name),
                _any_of(e.access.families, e.access.scopes, e.access.everything) if e.access.families else "any token",
            )
            for e in ENDPOINTS.values()
        ],
    )
    areas = table(
        ("Area", "Scopes that open it", "What it is"),
        [(code(a.name), codes(a.scopes), sentence(a.sentence)) for a in AREAS.values()],
    )
    return (
        "# Scopes and roles\n\nA token opens an endpoint when it holds one of the endpoint's scopes and the client's role covers "
        f"the endpoint's families. A client that is made without scopes gets {code(BASIC)}.\n\n"
        f"## Scopes\n\n{code(BASIC)} opens every endpoint that reads. Zoom's wide scopes open an area of its API:\n\n{areas}\n"
        f"A family's scope opens the endpoints of that family:\n\n{families}\n## Roles\n\n{roles}\n"
        f"A client of any role that is assigned groups sees the meetings of hosts in those groups only.\n\n"
        f"## Endpoints\n\n{opened}"
    )


def _any_of(families: tuple[str, ...], scopes: tuple[str, ...], everything: tuple[str, ...]) -> str:
    if len(families) < 2:
        return codes(scopes)
    together = " and ".join(f"({code(FAMILIES[f].scope)} or {code(FAMILIES[f].zoom_scope)})" for f in families)
    return f"{codes(everything)}; or {together}"


PERIODS: Final = {1: "a second", 60: "a minute", 86_400: "a day"}


def _limits(limits: tuple[Limit, ...]) -> str:
    return "; ".join(f"{x.amount:,} {PERIODS.get(x.seconds, f'in {x.seconds} s')} ({code(x.bucket)})" for x in limits) or "none"


def limits_page() -> str:
    """Rate classes, and the limits of every policy."""
    classes = table(
        ("Class", "Zoom's label", "What it is", "Endpoints"),
        [
            (
                code(c.name),
                c.label,
                sentence(c.sentence),
                ", ".join(link(e.name, "endpoints.md", e.name) for e in ENDPOINTS.values() if e.rate == c.name),
            )
            for c in RATE_CLASSES.values()
        ],
    )
    policies = table(
        ("Class", *map(code, RATE_POLICIES)),
        [(code(name), *(_limits(policy[name]) for policy in RATE_POLICIES.values())) for name in RATE_CLASSES],
    )
    return (
        f"# Limits\n\nLimits count per account. {link('CALLBOARD_RATE_POLICY', 'settings.md')} chooses the policy, "
        f"{code(Settings.model_fields['rate_policy'].default)} by default. A refused request is not counted. A window "
        "begins with its first request.\n\n"
        f"## Classes\n\n{classes}\n## Policies\n\nThe word in brackets is the bucket: classes that name one share it.\n\n"
        f"{policies}\nHow a limit shows in an answer's headers: [the API](../api.md#limits).\n"
    )


def _subclasses(error: type[CallboardError]) -> list[type[CallboardError]]:
    found = [c for c in error.__subclasses__() if c.__module__.startswith("callboard.")]
    return [error, *(inner for c in found for inner in _subclasses(c))]


def every_error() -> list[type[CallboardError]]:
    """Every error that a caller can get, by status."""
    return sorted(_subclasses(CallboardError), key=lambda e: (e.status, e.code))


def _when(error: type[CallboardError]) -> str:
    own = error.sentence if "sentence" in vars(error) else (error.__doc__ or "").splitlines()[0]
    return sentence(own)


def errors_page() -> str:
    """Every error: status, code, and when it is sent."""
    rows = [(str(e.status), str(e.code), code(e.__name__), _when(e)) for e in every_error() if e is not CallboardError]
    fault = f"{CallboardError.sentence} The message has a number that the log has, too."
    rows.append((str(CallboardError.status), str(CallboardError.code), "", fault))
    return (
        '# Errors\n\nEvery error is JSON: `{"code": 300, "message": "..."}`. For bad parameters there is also '
        '`"errors": [{"field": "from", "message": "..."}]`. Codes are Zoom\'s. The name is the class in '
        "`callboard.contract.errors`.\n\n"
        + table(("Status", "Code", "Name", "When"), rows)
        + "\n`POST /oauth/token` answers errors in another shape, as Zoom's does: [the API](../api.md#tokens).\n"
    )


def _bounds(metadata: list[Any]) -> str:
    least = next((m.ge for m in metadata if hasattr(m, "ge")), None)
    most = next((m.le for m in metadata if hasattr(m, "le")), None)
    if least is not None and most is not None:
        return f", {least} to {most}"
    return f", {least} or more" if least is not None else ""


def _default(value: Any) -> str:
    return "empty" if value == "" else code(value)


def settings_page() -> str:
    """Every setting: variable, option, type, default."""
    options = options_of("serve")
    rows = [
        (
            code(PREFIX + name.upper()),
            code(options[name]) if name in options else "",
            "text" if choices(info.annotation) else words(info.annotation) + _bounds(info.metadata),
            _default(info.default),
            with_choices(info),
        )
        for name, info in Settings.model_fields.items()
    ]
    return (
        "# Settings\n\nEvery setting is an environment variable; some are options of `callboard serve` as well, which win. They "
        "are read once, at start. An unknown or malformed variable that begins with `CALLBOARD_` stops the command "
        "and is named.\n\n" + table(("Variable", "Option", "Type", "Default", "Meaning"), rows)
    )
