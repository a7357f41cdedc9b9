"""Commands about the facts of a data folder."""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from callboard.cli.common import AsJson, DataDir, app, explained, fail, out, progress, settings, show
from callboard.contract.access import Caller
from callboard.contract.paging import TOKEN_SECONDS
from callboard.control import Control


@app.command()
def replay(
    data_dir: DataDir = None,
    since: Annotated[str, typer.Option(help="Only events since this day, yyyy-mm-dd.")] = "1970-01-01",
    event: Annotated[str, typer.Option(help="Only events of this name.")] = "",
    as_json: AsJson = False,
) -> None:
    """Apply raw events again, after a mapping was improved."""
    from dataclasses import asdict

    from callboard import replay as replay_
    from callboard.app import any_folder

    try:
        begin = int(datetime.fromisoformat(since).replace(tzinfo=UTC).timestamp())
    except ValueError:
        fail(f"--since {since}: say yyyy-mm-dd.", 2)
    with (
        explained(),
        any_folder(settings(data_dir=data_dir)) as parts,
        progress(replay_.count(parts.store, begin, event), "events") as move,
    ):
        done = replay_.replay(parts.store, parts.writer, begin, event, move)
    show([asdict(done)], as_json, "Replayed")


@app.command()
def query(
    name: Annotated[str, typer.Argument(help="Name of an endpoint; `list` lists them.")],
    params: Annotated[list[str] | None, typer.Argument(help="Parameters: name=value.")] = None,
    account: Annotated[str, typer.Option(help="Account to ask about; may be left out when there is one.")] = "",
    data_dir: DataDir = None,
    wire: Annotated[bool, typer.Option("--wire", help="Zoom's strings, rather than numbers.")] = False,
    as_json: AsJson = False,
) -> None:
    """Ask an endpoint, without HTTP: the same answer as the API's, as numbers."""
    from callboard.app import any_folder
    from callboard.endpoints import ENDPOINTS
    from callboard.endpoints.registry import shown_path

    if name == "list":
        show([{"name": e.name, "path": shown_path(e), "what": e.summary} for e in ENDPOINTS.values()], as_json, whole=("name",))
        return
    if name not in ENDPOINTS:
        fail(f"no endpoint {name}: `callboard query list` lists them.", 2)
    asked = dict(p.split("=", 1) if "=" in p else fail(f"{p}: say name=value.", 2) for p in params or [])
    with explained(), any_folder(settings(data_dir=data_dir)) as parts:
        _ask(parts, ENDPOINTS[name], asked, account or _only_account(parts.control), wire, as_json)


def _only_account(control: Control) -> str:
    found = control.accounts()
    if len(found) != 1:
        fail(f"which --account? There are {', '.join(found) or 'none'}.", 2)
    return found[0]


def _ask(parts: Any, endpoint: Any, asked: dict[str, str], account: str, wire: bool, as_json: bool) -> None:
    from callboard.api.memory import FactMemory
    from callboard.contract.paging import PageTokens
    from callboard.endpoints import Context, Stream

    tokens = PageTokens(parts.control.key_secrets, TOKEN_SECONDS[parts.settings.profile])
    context = Context(parts.store, Caller(account, "cli"), int(time.time()), parts.settings, tokens, FactMemory(0))
    try:
        answer = endpoint.ask(context, endpoint.params.model_validate(asked))
    except ValidationError as error:
        fail(f"{error.errors()[0]['loc'][-1]}: {error.errors()[0]['msg']}.", 2)
    if isinstance(answer, Stream):
        for piece in answer.pieces:
            sys.stdout.buffer.write(piece)
        return
    made = answer.wire() if wire else answer.numbers()
    rows = next((v for v in made.values() if isinstance(v, list) and v and isinstance(v[0], dict)), None)
    if as_json or (rows is None and [] not in made.values()):
        sys.stdout.write(json.dumps(made, indent=1, ensure_ascii=False) + "\n")
    else:
        rows = rows or []
        kept = [c for c in (rows[0] if rows else ()) if any(r[c] not in (None, "", [], 0, False) for r in rows)]
        shown = kept[: max(4, out.width // 16)]  # as many columns as can be read
        show([{c: row[c] for c in shown} for row in rows], False, f"{made.get('total_records', len(rows))} in all")


@app.command()
def doctor(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Look at a data folder and say what is wrong with it."""
    from callboard.app import any_folder
    from callboard.doctor import examine

    found = settings(data_dir=data_dir)
    if not found.data_dir.exists():
        fail(f"there is no {found.data_dir}: `callboard serve` makes one.")
    with explained(), any_folder(found) as parts:
        findings = list(examine(parts))
    show([{"": "ok" if f.well else "LOOK", "check": f.check, "found": f.found} for f in findings], as_json)
    if not all(f.well for f in findings):
        raise typer.Exit(3)
