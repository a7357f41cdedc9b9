"""Commands that mirror an account that speaks Zoom's API."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from callboard.cli.common import AsJson, DataDir, app, err, explained, fail, out, settings, show
from callboard.control import Control, Source
from callboard.settings import Settings
from callboard.sync.client import SyncError
from callboard.sync.clock import Stopped, WallClock

syncs = typer.Typer(help="Mirror an account that speaks Zoom's API.")
app.add_typer(syncs, name="sync")


def _day(name: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        fail(f"--{name} {text}: say yyyy-mm-dd.", 2)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Say in a sentence why a mirror stopped."""
    try:
        yield
    except SyncError as error:
        fail(str(error))
    except (KeyboardInterrupt, Stopped):
        err.print("stopped; it goes on where it was.")
        raise typer.Exit(1) from None


@syncs.callback(invoke_without_command=True)
def sync(
    context: typer.Context,
    base_url: Annotated[
        str | None, typer.Option(help="Address of the API: https://api.zoom.us, or a server like this one.")
    ] = None,
    account_id: Annotated[str | None, typer.Option(help="The account, as its Server-to-Server OAuth app names it.")] = None,
    client_id: Annotated[str | None, typer.Option(help="The app's client id.")] = None,
    client_secret: Annotated[
        str | None, typer.Option(help="The app's client secret; better set as CALLBOARD_SYNC_CLIENT_SECRET.")
    ] = None,
    into: Annotated[str, typer.Option(help="Account to keep the facts under; by default of the same id.")] = "",
    from_: Annotated[str, typer.Option("--from", help="First day, yyyy-mm-dd; by default as far back as `sync_days` says.")] = "",
    to: Annotated[str, typer.Option(help="Last day, yyyy-mm-dd; by default today.")] = "",
    newest_first: Annotated[bool, typer.Option("--newest-first/--oldest-first", help="Which days to begin with.")] = True,
    once: Annotated[
        bool, typer.Option("--once", help="Stop when all is mirrored, rather than go on every `sync_minutes`.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Mirror an account into the data folder: all that it still keeps, then what is new. Without options: all known ones."""
    if context.invoked_subcommand:
        return
    from callboard.app import any_folder
    from callboard.sync import service

    given = {
        "sync_base_url": base_url,
        "sync_account_id": account_id,
        "sync_client_id": client_id,
        "sync_client_secret": client_secret,
    }
    found = settings(data_dir=data_dir, **given)
    clock = WallClock()
    with explained(), any_folder(found) as parts, _stoppable():
        chosen = _sources(found, parts.control, bool(account_id), into)
        while True:
            for source in chosen:
                asked = service.options(found, clock, _day("from", from_), _day("to", to), newest_first)
                _mirror(parts, source, clock, asked)
            if once or not found.sync_minutes:
                return
            clock.sleep(found.sync_minutes * 60)


def _sources(found: Settings, control: Control, named: bool, into: str) -> list[Source]:
    """The sources to mirror: the one that was named, which is kept, or all."""
    from dataclasses import replace

    from callboard.sync import service

    own = service.configured(found)
    if named and own is None:
        fail("which client? Give --client-id and --client-secret, or set CALLBOARD_SYNC_CLIENT_SECRET.", 2)
    if own is not None:
        known = {source.name: source for source in control.syncing.sources()}
        before = known.get(own.name, own)
        own = replace(own, account_id=into or before.account_id, spent_day=before.spent_day, spent=before.spent)
        control.syncing.put_source(own, now=int(time.time()))
        if named:
            return [own]
    chosen = service.sources(found, control.syncing)
    if not chosen:
        fail("nothing to mirror: give --base-url, --account-id, --client-id and --client-secret.", 2)
    return chosen


def _mirror(parts: Any, source: Source, clock: WallClock, asked: Any) -> None:
    """Mirror one source, with a bar that shows how far it is."""
    from callboard.sync.service import Session

    session = Session(source, clock)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[more]}"),
    )
    with Progress(*columns, TimeElapsedColumn(), console=err, transient=not err.is_terminal) as bar:
        task, began = bar.add_task(source.name, total=None, more=""), time.monotonic()

        def hear(said: Any) -> None:
            left = ", ".join(f"{label} {count}" for label, count in session.budget.labels().items())
            rate = 60 * said.calls / max(1.0, time.monotonic() - began)
            more = f"days, {said.items_done}/{said.items} in {said.stage}, {rate:,.0f} calls/min, left: {left or 'unknown'}"
            bar.update(task, total=said.days, completed=said.days_done, more=more)

        mirror = session.mirror(parts.store, parts.writer, parts.control.syncing, asked, hear)
        try:
            mirror.run()
        finally:
            session.close()
    said = mirror.progress
    err.print(f"{source.name}: {said.days_done} of {said.days} days, {said.calls:,} calls.", highlight=False)


@syncs.command("status")
def sync_status(
    from_: Annotated[str, typer.Option("--from", help="First day, yyyy-mm-dd.")] = "1970-01-01",
    to: Annotated[str, typer.Option(help="Last day, yyyy-mm-dd.")] = "2100-01-01",
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Show which days are mirrored, and which are not and why."""
    from dataclasses import asdict

    from callboard.app import any_folder
    from callboard.sync import coverage, service

    found = settings(data_dir=data_dir)
    with explained(), any_folder(found) as parts:
        rows = []
        for source in service.sources(found, parts.control.syncing):
            for listed in coverage.read(parts.store, source.account_id, from_, to).values():
                rows += [asdict(cover) for cover in listed.values()]
    show(rows, as_json, "Mirrored")


@syncs.command("forget")
def sync_forget(name: Annotated[str, typer.Argument(help="As `sync status` shows it.")], data_dir: DataDir = None) -> None:
    """Mirror an account no more. What was mirrored stays."""
    with explained():
        control = Control.in_folder(settings(data_dir=data_dir).data_dir)
        try:
            if not control.syncing.delete_source(name):
                fail(f"{name} is not mirrored.")
        finally:
            control.close()
    out.print(f"forgot {name}", highlight=False)
