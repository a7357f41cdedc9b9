"""The command line: one function a subcommand. Settings are read here, once, and passed down.

Exit codes: 0 done, 1 something was wrong (said on standard error), 2 the command's words were, 3 a check failed.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, NoReturn

import orjson
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from callboard import logs
from callboard.contract.access import BASIC, Caller
from callboard.contract.errors import CallboardError
from callboard.contract.paging import TOKEN_SECONDS
from callboard.control import Client, Control
from callboard.control.control import random_text
from callboard.settings import BadSetting, Settings, read_settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Meeting analytics that speak Zoom's Dashboard API.",
)
clients = typer.Typer(no_args_is_help=True, help="Programs that may ask: made, listed, revoked.")
webhooks = typer.Typer(no_args_is_help=True, help="Zoom apps that send webhooks.")
keys = typer.Typer(no_args_is_help=True, help="Keys that access tokens are signed with.")
app.add_typer(clients, name="client")
app.add_typer(webhooks, name="webhook")
app.add_typer(keys, name="keys")

out = Console()
err = Console(stderr=True)

DataDir = Annotated[Path | None, typer.Option("--data-dir", help="Folder that holds the facts and the control store.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
RatePolicy = Annotated[str | None, typer.Option(help="documented, zoom-pro, zoom-business or unlimited.")]
Profile = Annotated[str | None, typer.Option(help="open, or zoom: as strict as Zoom.")]
Host = Annotated[str | None, typer.Option(help="Address to listen on.")]
Port = Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")]
Account = Annotated[str, typer.Option(help="Account id, as Zoom's events carry it.")]


def fail(sentence: str, code: int = 1) -> NoReturn:
    """Say what is wrong and stop."""
    err.print(f"[red]callboard:[/red] {sentence}", highlight=False)
    raise typer.Exit(code)


def settings(**given: Any) -> Settings:
    """The settings, with the options that were given on top."""
    try:
        found = read_settings(os.environ, **given)
    except BadSetting as error:
        fail(str(error), 2)
    logs.set_up(found)
    return found


@contextmanager
def explained() -> Iterator[None]:
    """Turn what can go wrong with a folder or a question into a sentence."""
    from callboard.app import CannotListen
    from callboard.control.control import ControlError
    from callboard.store.embedded import FolderInUse
    from callboard.store.engine import EngineError

    try:
        yield
    except (FolderInUse, EngineError, ControlError, CannotListen) as error:
        fail(str(error))
    except CallboardError as error:
        fail(error.message)


@contextmanager
def progress(total: int | None, unit: str) -> Iterator[Any]:
    """A bar with a rate, on standard error; yields a function that moves it."""
    rate = TextColumn("{task.fields[rate]}")
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), rate, TimeElapsedColumn())
    with Progress(*columns, console=err, transient=not err.is_terminal) as bar:
        began, task = time.monotonic(), bar.add_task("", total=total, rate="")

        def move(by: int, label: str | None = None) -> None:
            bar.advance(task, by)
            done = bar.tasks[0].completed / max(0.001, time.monotonic() - began)
            bar.update(task, rate=f"{done:,.0f} {unit}/s", description=label or "")

        yield move


def show(rows: list[dict[str, Any]], as_json: bool, title: str = "", whole: tuple[str, ...] = ()) -> None:
    """Rows as a table, or as JSON. The columns named `whole` are never cut."""
    if as_json:
        sys.stdout.write(orjson.dumps(rows, default=str, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS).decode() + "\n")
        return
    table = Table(title=title or None, title_justify="left")
    for name in rows[0] if rows else ["nothing"]:
        table.add_column(name, no_wrap=name in whole)
    for row in rows:
        table.add_row(*(_cell(value) for value in row.values()))
    out.print(table)


def _cell(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return " ".join(map(str, value)) if value and isinstance(value[0], str) else f"{len(value)} rows" if value else ""
    return "" if value is None else str(value)


# Serving


@app.command()
def serve(
    host: Host = None,
    port: Port = None,
    data_dir: DataDir = None,
    rate_policy: RatePolicy = None,
    profile: Profile = None,
    base_url: Annotated[str | None, typer.Option(help="Address that callers use, behind a proxy.")] = None,
    account_id: Annotated[str | None, typer.Option(help="Your Zoom account id, for the first client.")] = None,
    webhook_secret: Annotated[
        str | None,
        typer.Option(help="Secret token of the Zoom app behind /webhooks/zoom; better set as CALLBOARD_WEBHOOK_SECRET."),
    ] = None,
) -> None:
    """Serve the API and take webhooks. An empty data folder is made, and its first client is shown once."""
    from callboard.app import own_folder
    from callboard.app import serve as run

    found = settings(
        host=host,
        port=port,
        data_dir=data_dir,
        rate_policy=rate_policy,
        profile=profile,
        base_url=base_url,
        account_id=account_id,
        webhook_secret=webhook_secret,
    )
    with explained(), own_folder(found) as parts:
        if not parts.control.clients():
            _first_client(parts.control, found)
        run(parts, lambda at: err.print(_listening(found, at), highlight=False))


def _listening(found: Settings, port: int) -> str:
    return f"Callboard listens on http://{found.host}:{port} (data in {found.data_dir}). Ctrl-C stops it."


def _first_client(control: Control, found: Settings) -> None:
    account = found.account_id or random_text(22)
    made = control.create_client(account, "first", now=int(time.time()), scopes=[BASIC, "report:read:admin"])
    err.print(
        f"New data folder {found.data_dir}. Its first client, an admin; the secret is shown this once:\n"
        f"  account_id     {account}\n  client_id      {made.client.id}\n  client_secret  {made.secret}",
        highlight=False,
    )
    if not found.account_id:
        err.print("Events of your Zoom account are read by a client of that account: `callboard client create --account ID`.")


@app.command()
def demo(
    data_dir: DataDir = None,
    port: Port = None,
    host: Host = None,
    people: Annotated[int, typer.Option(min=5, help="People in the simulated organisation.")] = 500,
    days: Annotated[int, typer.Option(min=1, help="Days of history.")] = 30,
    seed: Annotated[int, typer.Option(help="Another seed is another organisation.")] = 1,
    live: Annotated[bool, typer.Option(help="Go on simulating: live meetings change while you look.")] = True,
    rate_policy: RatePolicy = None,
    profile: Profile = None,
) -> None:
    """Fill a data folder with a simulated organisation and serve it."""
    from callboard import demo as demo_
    from callboard.app import own_folder
    from callboard.app import serve as run

    folder = data_dir or Path(os.environ.get("CALLBOARD_DATA_DIR", "demo-data"))
    found = settings(host=host, port=port, data_dir=folder, rate_policy=rate_policy, profile=profile)
    with explained(), own_folder(found) as parts:
        with progress(None, "rows") as move:
            organisation, said = demo_.begin(parts, people, days, seed, lambda label, rows: move(rows, label))

        def ready(at: int) -> None:
            said["base_url"] = found.base_url or f"http://{found.host}:{at}"
            demo_.write(folder, said)
            now = datetime.now(UTC)
            command = demo_.curl(said, f"{now - timedelta(days=min(said['days'], 7)):%Y-%m-%d}", f"{now:%Y-%m-%d}")
            err.print(f"\n{_listening(found, at)}\n")
            out.print(f"# Call it:\n{command}", highlight=False, soft_wrap=True, markup=False)
            err.print(
                f"\nCredentials are in {folder / demo_.NAME}; what was simulated to go wrong is in {folder / 'truth.json'}."
            )

        said.pop("base_url", None)
        run(parts, ready, (lambda: demo_.live(organisation, said)) if live else None)


@app.command()
def simulate(
    to: Annotated[str, typer.Option(help="Address of the webhook door.")],
    secret: Annotated[str, typer.Option(help="Secret token to sign with.")],
    events_per_second: Annotated[int, typer.Option(min=1, help="A steady rate.")] = 100,
    for_: Annotated[str, typer.Option("--for", help="How long: 60s, 5m.")] = "60s",
    account: Account = "simulated",
    seed: Annotated[int, typer.Option(help="Another seed is another organisation.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Send signed webhooks at a steady rate and report what became of them."""
    from dataclasses import asdict

    from callboard import sim

    seconds = _seconds(for_)
    sent = 0

    with progress(events_per_second * seconds, "events") as move:

        def heard(report: sim.LoadReport) -> None:
            nonlocal sent
            move(report.sent - sent)
            sent = report.sent

        try:
            report = asyncio.run(sim.load(to, secret, account, events_per_second, seconds, seed, heard))
        except OSError as error:
            fail(f"nothing answers at {to}: {error}")
    said = {name: round(value, 1) if isinstance(value, float) else value for name, value in asdict(report).items()}
    show([said], as_json, "What became of the events")
    if report.refused:
        raise typer.Exit(3)


def _seconds(text: str) -> int:
    unit = {"s": 1, "m": 60, "h": 3600}.get(text[-1:], 0)
    if not unit or not text[:-1].isdigit():
        fail(f"--for {text}: say 60s, 5m or 1h.", 2)
    return int(text[:-1]) * unit


# Facts


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


# Clients, apps and keys


@contextmanager
def control(data_dir: Path | None) -> Iterator[Control]:
    """The control store of a folder, whether a server runs on it or not."""
    with explained():
        store = Control.in_folder(settings(data_dir=data_dir).data_dir)
        try:
            yield store
        finally:
            store.close()


def _client_row(client: Client) -> dict[str, Any]:
    return {
        "client_id": client.id,
        "account_id": client.account_id,
        "name": client.name,
        "role": client.role,
        "scopes": client.scopes,
        "families": client.families,
        "groups": client.groups,
        "created": f"{datetime.fromtimestamp(client.created_at, UTC):%Y-%m-%d}",
        "revoked": client.revoked_at is not None,
    }


def _split(values: list[str] | None) -> list[str]:
    return [part for value in values or [] for part in value.replace(",", " ").split()]


@clients.command("create")
def client_create(
    account: Account,
    name: Annotated[str, typer.Option(help="What it is for.")],
    role: Annotated[str, typer.Option(help="admin, viewer or room-admin.")] = "admin",
    scopes: Annotated[list[str] | None, typer.Option(help="Scopes of its tokens; may be repeated.")] = None,
    families: Annotated[
        list[str] | None, typer.Option(help="For a viewer: the metric families it reads; all, if none are named.")
    ] = None,
    groups: Annotated[list[str] | None, typer.Option(help="Narrow it to the meetings of hosts in these groups.")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Make a client. Its secret is shown this once."""
    with control(data_dir) as store:
        made = store.create_client(
            account,
            name,
            now=int(time.time()),
            role=role,
            scopes=_split(scopes) or [BASIC],
            families=_split(families),
            groups=_split(groups),
        )
    said = _client_row(made.client) | {"client_secret": made.secret}
    if as_json:
        sys.stdout.write(json.dumps(said, indent=1) + "\n")
    else:
        for label in ("account_id", "client_id", "client_secret", "role", "scopes"):
            out.print(f"{label:14} {_cell(said[label])}", highlight=False, soft_wrap=True)


@clients.command("list")
def client_list(
    account: Annotated[str, typer.Option(help="Only clients of this account.")] = "",
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """List all clients, revoked ones too."""
    with control(data_dir) as store:
        show([_client_row(c) for c in store.clients(account or None)], as_json, whole=("client_id",))


@clients.command("revoke")
def client_revoke(client_id: Annotated[str, typer.Argument(help="As `client list` shows it.")], data_dir: DataDir = None) -> None:
    """Revoke a client; its tokens stop working within a second."""
    with control(data_dir) as store:
        if not store.revoke_client(client_id, now=int(time.time())):
            fail(f"there is no client {client_id} to revoke.")
    out.print(f"revoked {client_id}", highlight=False)


@webhooks.command("create")
def webhook_create(
    secret: Annotated[str, typer.Option(help="The app's secret token, from its page at Zoom.")],
    path: Annotated[str, typer.Option(help="Its path under /webhooks/zoom; empty for /webhooks/zoom itself.")] = "",
    account: Annotated[str, typer.Option(help="Take events of this account only.")] = "",
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Register a Zoom app, or change the one at this path."""
    with control(data_dir) as store:
        made = store.put_app(path.strip("/"), secret, now=int(time.time()), account_id=account)
    url = "/webhooks/zoom" + (f"/{made.path}" if made.path else "")
    show([{"path": url, "account_id": made.account_id or "any"}], as_json)


@webhooks.command("list")
def webhook_list(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List the registered Zoom apps, without their secrets."""
    with control(data_dir) as store:
        rows = [
            {"path": f"/webhooks/zoom/{a.path}".rstrip("/"), "account_id": a.account_id or "any"} for a in store.apps().values()
        ]
    show(rows, as_json)


@webhooks.command("delete")
def webhook_delete(
    path: Annotated[str, typer.Argument(help="As `webhook list` shows it: /webhooks/zoom/NAME.")], data_dir: DataDir = None
) -> None:
    """Take no more events from a Zoom app."""
    with control(data_dir) as store:
        if not store.delete_app(path.removeprefix("/webhooks/zoom").strip("/")):
            fail(f"there is no app at {path}: `callboard webhook list` shows them.")
    out.print(f"deleted {path}", highlight=False)


@keys.command("rotate")
def keys_rotate(data_dir: DataDir = None) -> None:
    """Sign with a new key from now on. Tokens signed with older keys stay valid until they expire."""
    found = settings(data_dir=data_dir)
    with control(data_dir) as store:
        made = store.rotate_keys(now=int(time.time()), lifetime=max(found.token_seconds, *TOKEN_SECONDS.values()))
    out.print(f"signing with key {made.id}", highlight=False)


def main() -> None:
    """Run the command line."""
    app()
