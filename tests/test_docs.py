"""Documentation is tested like code: made pages are fresh and complete, links lead somewhere, commands exist."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY
from typer.testing import CliRunner

from callboard import reference
from callboard.app import make_app  # noqa: F401 (registers the metrics)
from callboard.cli import app
from callboard.contract.access import FAMILIES, RATE_CLASSES, RATE_POLICIES, ROLES
from callboard.contract.features import Feature
from callboard.contract.units import UNITS
from callboard.contract.wire import Made, Wire
from callboard.endpoints import ENDPOINTS
from callboard.export import FORMATS
from callboard.ingest import zoom_webhook
from callboard.ingest.lines import LOADABLE
from callboard.ingest.zoom_csv import JOIN, MEETING
from callboard.reference.answers import NONE, SAMPLES, leaves, shown_path, source_in_words
from callboard.reference.commands import commands
from callboard.reference.examples import bodies
from callboard.reference.markdown import slug
from callboard.reference.rules import every_error
from callboard.reference.sources import ROWS, filling, models, rows_of
from callboard.settings import variables
from callboard.store.tables import TABLES

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")])
PROSE = [page for page in PAGES if page.parent != DOCS / "reference"]
PUBLIC_METRICS = sorted({m.name for m in REGISTRY.collect() if m.name.startswith("callboard_")})


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


# Made pages


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The pages as the source makes them now."""
    folder = tmp_path_factory.mktemp("reference")
    reference.write(folder)
    return {path.name: path.read_text() for path in folder.iterdir()}


@pytest.mark.parametrize("name", reference.PAGES)
def test_made_pages_are_fresh(name: str, made: dict[str, str]) -> None:
    """A page in docs/reference is what the source makes."""
    page = DOCS / "reference" / name
    assert page.exists(), f"there is no docs/reference/{name}: run `make docs`"
    assert page.read_text() == made[name], f"docs/reference/{name} is stale: run `make docs`"


def test_making_pages_again_changes_nothing(tmp_path: Path) -> None:
    """The same source makes the same bytes, and pages that did not change are not written."""
    assert len(reference.write(tmp_path)) == len(reference.PAGES)
    assert reference.write(tmp_path) == []


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("settings.md", variables()),
        ("endpoints.md", [f"`GET {shown_path(e)}`" for e in ENDPOINTS.values()]),
        ("endpoints.md", [f"`{scope}`" for e in ENDPOINTS.values() if e.access.families for scope in e.access.scopes]),
        ("endpoints.md", [e.operation for e in ENDPOINTS.values()]),
        ("scopes-and-roles.md", [f"`{scope}`" for e in ENDPOINTS.values() if e.access.families for scope in e.access.scopes]),
        ("scopes-and-roles.md", [*ROLES, *FAMILIES, *(f.scope for f in FAMILIES.values())]),
        ("limits.md", [*RATE_POLICIES, *RATE_CLASSES]),
        ("errors.md", [f"| {e.status} | {e.code} |" for e in every_error()]),
        ("errors.md", [e.__name__ for e in every_error() if e.__bases__ != (Exception,)]),
        ("tables.md", [f"| `{c.name}` |" for t in TABLES.values() for c in t.columns]),
        ("tables.md", [f"## {t}" for t in TABLES]),
        ("events.md", [f"`{name}`" for name in zoom_webhook.EVENTS]),
        ("fields.md", [f"## {model.__name__}" for model in models()]),
        ("fields.md", [f"| {unit.name} |" for unit in UNITS]),
        ("files.md", [f"`{name}`" for name in (*FORMATS, *MEETING, *JOIN)]),
        ("cli.md", [f"## {name}" for name, _ in commands()]),
        ("cli.md", [opt for _, c in commands() for p in c.params for opt in p.opts if opt.startswith("--")]),
    ],
)
def test_everything_appears(page: str, words: list[str], made: dict[str, str]) -> None:
    """Every setting, endpoint, scope, error, table, event, unit and command is on its page."""
    assert [word for word in words if word not in made[page]] == []


# Where fields come from


@pytest.mark.parametrize("name", ENDPOINTS)
def test_every_field_has_a_source_or_says_that_it_has_none(name: str) -> None:
    """No field of an answer is left unexplained."""
    endpoint = ENDPOINTS[name]
    found = list(leaves(endpoint.response)) if endpoint.response else []
    assert [path for path, item in found if not item.holds and not source_in_words(item, endpoint.kind)] == []
    assert [path for path, item in found if source_in_words(item) == NONE and item.filled()] == []


@pytest.mark.parametrize("model", ROWS, ids=lambda model: model.__name__)
def test_what_is_made_is_answered_and_made_of_columns_that_exist(model: type[Wire]) -> None:
    """A sentence about a column that no endpoint answers with, or that follows from nothing, would be a lie."""
    rows = rows_of(model)
    assert [column for column in rows.made if column not in rows.names] == []
    places = [place.split(".") for how in rows.made.values() for place in how.places]
    assert [p for p in places if p[1] not in TABLES[p[0]] and not filling(p[0], p[1])] == []


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__name__)
def test_what_a_field_is_made_of_exists(model: type[Wire]) -> None:
    """A mark that names a column which is not there, or a feature that is none, would be a lie."""
    marks = [mark for info in model.model_fields.values() for mark in info.metadata if isinstance(mark, Made)]
    places = [place.split(".") for mark in marks for place in mark.places]
    assert [p for p in places if p[1] not in TABLES[p[0]] and p[1] not in Feature.__members__] == []


@pytest.mark.parametrize("name", zoom_webhook.EVENTS)
def test_every_mapped_event_has_an_example(name: str) -> None:
    """An example that makes no facts would hide what the event fills: give it one in reference/examples.py."""
    for body in bodies(name):
        assert zoom_webhook.parse(body, 0.0).facts


def members(value: Any, path: str = "") -> Iterator[str]:
    """The paths of an object's members; what is in `details` depends on the type beside it and is left out."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield f"{path}.{name}"
            yield from members(inner, f"{path}.{name}") if name != "details" else ()
    elif isinstance(value, list):
        for inner in value:
            yield from members(inner, f"{path}[]")


SAMPLED = sorted(p.stem for p in (ROOT / "tests/contract/webhooks").glob("*.json") if p.stem in zoom_webhook.EVENTS)


@pytest.mark.parametrize("name", SAMPLED)
def test_examples_claim_nothing_that_zoom_does_not_send(name: str) -> None:
    """What an example says is in Zoom's own sample of the event; the rest is marked as undocumented."""
    sample = json.loads((ROOT / f"tests/contract/webhooks/{name}.json").read_text())
    known = set(members(sample["payload"]["object"]))
    assert {m for body in bodies(name) for m in members(body["payload"]["object"])} - known == set()


def test_examples_fill_known_fields() -> None:
    """What is found by parsing is what Zoom's documentation leads one to expect."""
    assert filling("participants", "leave_reason").documented == {
        f"{kind}.participant_left{where}" for kind in ("meeting", "webinar") for where in ("", "_breakout_room")
    }
    assert filling("meetings", "RECORDING").documented == {
        f"recording.{what}" for what in ("started", "paused", "resumed", "stopped", "completed")
    }
    assert not filling("people", "dept").documented
    assert "user.created" in filling("people", "dept").undocumented
    assert not filling("meetings", "custom_keys")


def test_every_unit_has_a_sample() -> None:
    """Each unit's text on the wire is shown."""
    assert {unit.name for unit in UNITS} == SAMPLES.keys()


# Links

LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings."""
    plain = FENCE.sub("", page.read_text())
    return {slug(heading.replace("`", "")) for heading in re.findall(r"^#+ (.+)$", plain, re.MULTILINE)}


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link is to a file that exists, and to a heading in it."""
    broken = []
    for target in sorted(set(LINK.findall(FENCE.sub("", page.read_text())))):
        if target.startswith(("http://", "https://")):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(target)
    assert broken == []


def test_every_page_is_linked_from_the_readme() -> None:
    """No page is out of reach of who reads the README."""
    linked = set(LINK.findall((ROOT / "README.md").read_text()))
    pages = [page for page in names(PAGES) if page != "README.md" and not page.startswith("docs/decisions/")]
    assert [page for page in pages if not any(link.partition("#")[0] == page for link in linked)] == []


# Commands


def shell_lines(page: Path) -> list[str]:
    """Lines of a page's shell blocks, those that a backslash continues joined."""
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```", page.read_text(), re.MULTILINE | re.DOTALL)
    return [line.strip() for block in blocks for line in block.replace("\\\n", " ").splitlines()]


def callboard_calls(page: Path) -> list[list[str]]:
    """The arguments of each `callboard` command of a page, in blocks and in the text."""
    found = []
    inline = [" ".join(code.split()) for code in re.findall(r"`(callboard [^`]+)`", FENCE.sub("", page.read_text()))]
    for line in shell_lines(page) + inline:
        if match := re.search(r"(?:^|/bin/)callboard (.*)$", line):
            found.append(shlex.split(match[1].split(" && ")[0].split(" > ")[0]))
    return found


def mistakes(arguments: list[str]) -> list[str]:
    """Words of a call that are no command or option."""
    known = dict(commands())
    name, rest = "callboard", arguments
    while rest and f"{name} {rest[0]}" in known:
        name, rest = f"{name} {rest[0]}", rest[1:]
    if name == "callboard":
        return arguments[:1]
    options = {opt for p in known[name].params for opt in (*p.opts, *p.secondary_opts)} | {"--help"}
    return [word for word in rest if word.startswith("--") and word not in options]


@pytest.mark.parametrize("page", PROSE, ids=names(PROSE))
def test_commands_exist(page: Path) -> None:
    """Every `callboard` command with its options, and every `make` target, is one that exists."""
    assert [call for call in callboard_calls(page) if mistakes(call)] == []
    makefile = (ROOT / "Makefile").read_text()
    targets = re.findall(r"(?:`|&& |^|sudo )make ([a-z]+)", "\n".join([page.read_text(), *shell_lines(page)]), re.MULTILINE)
    assert [t for t in targets if not re.search(rf"^{t}:", makefile, re.MULTILINE)] == []


def test_the_readme_has_commands() -> None:
    """The test above has something to look at."""
    assert len(callboard_calls(ROOT / "README.md")) >= 4


@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_every_command_explains_itself(name: str) -> None:
    """`--help` works, and every option and argument has a sentence."""
    command: Any = dict(commands())[name]
    assert CliRunner().invoke(app, [*name.split()[1:], "--help"]).exit_code == 0
    assert command.help
    assert [p.name for p in command.params if not p.help] == []


def test_requests_in_prose_are_to_paths_that_exist() -> None:
    """Every `/v2/…` and `/v1/…` of a curl is an endpoint's."""
    own = {"/v1/health", "/v1/live", "/v1/openapi.json", *(f"/v1/facts/{table}" for table in LOADABLE)}
    own |= {f"/v1/export/{name}" for name in ENDPOINTS}
    patterns = [re.compile(re.sub(r"\{\w+\}", "[^/]+", shown_path(e)) + "$") for e in ENDPOINTS.values()]
    asked = {path for page in PROSE for line in shell_lines(page) for path in re.findall(r"(/v[12]/[\w/.=+-]+)", line)}
    assert len(asked) >= 6
    assert [path for path in asked - own if not any(pattern.match(path) for pattern in patterns)] == []


# Prose


@pytest.mark.parametrize("page", PROSE, ids=names(PROSE))
def test_variables_in_prose_exist(page: Path) -> None:
    """No page names a setting that is gone."""
    named = set(re.findall(r"CALLBOARD_[A-Z_]*[A-Z]\b(?!…)", page.read_text()))
    assert {v for v in named if v not in variables() and not any(k.startswith(f"{v}_") for k in variables())} == set()


@pytest.mark.parametrize("name", PUBLIC_METRICS)
def test_every_metric_is_explained(name: str) -> None:
    """Every metric of ours is on the page about operations."""
    assert name in (DOCS / "operations.md").read_text()


def test_every_log_event_is_explained() -> None:
    """Every event that the server logs is on the page about operations."""
    source = "".join(path.read_text() for path in (ROOT / "src/callboard").rglob("*.py"))
    logged = set(re.findall(r'\blog\.(?:debug|info|warning|error)\(\s*"([^"]+)"', source))
    text = (DOCS / "operations.md").read_text()
    assert len(logged) > 5
    assert [event for event in sorted(logged) if f"`{event}`" not in text] == []


def test_every_dependency_has_its_reason() -> None:
    """The changelog says why each library is there."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    found = re.findall(r"^- `([\w.-]+)`: ", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert {re.split(r"[<>=\[ ]", dependency)[0] for dependency in wanted} == set(found)


def test_every_verdict_of_the_webhook_door_is_explained() -> None:
    """Operators can look up each label that `callboard_webhooks_total` counts by."""
    text = (DOCS / "operations.md").read_text()
    samples = next(m for m in REGISTRY.collect() if m.name == "callboard_webhooks").samples
    assert [s.labels["verdict"] for s in samples if f"`{s.labels['verdict']}`" not in text] == []


def test_the_frame_for_figures_is_there() -> None:
    """`make bench` finds its place."""
    text = (DOCS / "benchmarks.md").read_text()
    assert text.index("<!-- figures -->") < text.index("<!-- /figures -->")
