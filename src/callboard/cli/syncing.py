"""Commands that mirror an account that speaks Zoom's API."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from callboard.cli.common import AsJson, DataDir, app, err, explained, fail, out, settings, show
from callboard.contract.access import RATE_POLICIES
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
    plan: Annotated[bool, typer.Option("--plan", help="Show what it would cost, and stop: asks a few calls a month.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Ask one page of everything about the last day, show what came, write nothing.")
    ] = False,
    policy: Annotated[str, typer.Option(help="Rate policy of the API, where its answers don't tell: zoom-pro, ...")] = "",
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
    if policy and policy not in RATE_POLICIES:
        fail(f"--policy {policy}: take one of {', '.join(RATE_POLICIES)}.", 2)
    with explained(), any_folder(found) as parts, _stoppable():
        chosen = _sources(found, parts.control, bool(account_id), into, keep=not plan and not dry_run)
        while True:
            for source in chosen:
                session = service.Session(source, clock, found.sync_daily_percent, policy)
                asked = service.options(found, clock, _day("from", from_), _day("to", to), newest_first)
                asked = replace(asked, daily=session.budget.daily)
                try:
                    if plan:
                        _show_plan(parts, session, asked, policy, found.sync_daily_percent)
                    elif dry_run:
                        _try(parts, session, asked.last)
                    else:
                        _mirror(parts, session, asked)
                finally:
                    session.close()
            if plan or dry_run:
                return
            if once or not found.sync_minutes:
                return
            clock.sleep(found.sync_minutes * 60)


def _sources(found: Settings, control: Control, named: bool, into: str, keep: bool) -> list[Source]:
    """The sources to mirror: the one that was named, which is kept if it is to be, or all."""
    from callboard.sync import service

    own = service.configured(found)
    if named and own is None:
        fail("which client? Give --client-id and --client-secret, or set CALLBOARD_SYNC_CLIENT_SECRET.", 2)
    if own is not None:
        before = {source.name: source for source in control.syncing.sources()}.get(own.name, own)
        own = replace(own, account_id=into or before.account_id, spent_day=before.spent_day, spent=before.spent)
        if keep:
            control.syncing.put_source(own, now=int(time.time()))
        if named:
            return [own]
    chosen = service.sources(found, control.syncing)
    if not chosen:
        fail("nothing to mirror: give --base-url, --account-id, --client-id and --client-secret.", 2)
    return chosen


def _mirror(parts: Any, session: Any, asked: Any) -> None:
    """Mirror one source, with a bar that shows how far it is."""
    name, budget = session.source.name, session.budget
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[more]}"))
    with Progress(*columns, TimeElapsedColumn(), console=err, transient=not err.is_terminal) as bar:
        task, began = bar.add_task(name, total=None, more=""), time.monotonic()

        def hear(said: Any) -> None:
            went = max(0.1, time.monotonic() - began)
            done = said.days_done + (said.items_done / said.items if said.items else 0)
            to_go = f", {_span(went * (said.days - done) / done)} to go" if done > 0.2 else ""
            left = ", ".join(f"{label} {count:,}" for label, count in budget.labels().items()) or "unknown"
            more = f"{said.stage} {said.items_done}/{said.items}, {60 * said.calls / went:,.0f} calls/min, left: {left}{to_go}"
            bar.update(task, total=said.days or None, completed=done, more=more)

        mirror = session.mirror(parts.store, parts.writer, parts.control.syncing, asked, hear)
        mirror.run()
    said = mirror.progress
    more = f" {budget.refused:,} were refused for the limits, {session.upstream.retried:,} failed and were made again."
    err.print(f"{name}: {said.days_done} of {said.days} days, {said.calls:,} calls.{more}", highlight=False)


def _span(seconds: float) -> str:
    """A time as people say it."""
    for unit, name in ((86_400, "days"), (3600, "h"), (60, "min")):
        if seconds >= unit:
            return f"{seconds / unit:,.1f} {name}"
    return f"{seconds:.0f} s"


def _show_plan(parts: Any, session: Any, asked: Any, policy: str, percent: int) -> None:
    """Show what a mirror would cost, under the limits that the first answers tell."""
    from callboard.sync import plan, probe

    walk = session.walk(parts.store, parts.writer, parts.control.syncing)
    counts = probe.measure(walk, asked.first, asked.last)
    planned = plan.plan(counts)
    policy = policy or plan.learnt_policy(session.budget.limits, plan.assumed_policy(session.source.base_url))
    rows = [{"listing": one.listing.name, "about": one.listing.of, "calls": one.calls, "label": one.label} for one in planned]
    show(rows, False, f"{session.source.name}, {asked.first} to {asked.last}", whole=("listing",))
    calls, daily = plan.by_rate(planned), plan.daily_calls(policy, percent)
    took = _span(plan.seconds(calls, policy, percent))
    instances = round(len(counts.instances) * counts.of)
    out.print(f"{instances:,} instances, {counts.users:,} users, {counts.rooms:,} rooms.", highlight=False)
    out.print(f"{sum(calls.values()):,} calls, {took} at least under the policy {policy}.", highlight=False)
    if daily:
        out.print(f"At most {daily:,} calls a day count against its daily limit ({percent} %).", highlight=False)
    for day, names in plan.left_out(counts, daily):
        out.print(f"{day} costs more than a day's calls: left out are {names}.", highlight=False)


def _try(parts: Any, session: Any, day: date) -> None:
    """Show what each listing answers about a day."""
    from dataclasses import asdict

    from callboard.sync import probe

    walk = session.walk(parts.store, parts.writer, parts.control.syncing)
    show([asdict(tried) for tried in probe.dry_run(walk, day)], False, f"{day}: nothing was written", whole=("listing",))


@syncs.command("status")
def sync_status(
    from_: Annotated[str, typer.Option("--from", help="First day, yyyy-mm-dd.")] = "",
    to: Annotated[str, typer.Option(help="Last day, yyyy-mm-dd.")] = "",
    whole: Annotated[bool, typer.Option("--all", help="Every listing of every day, rather than a line a day.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Show which days are mirrored, and which are not and why."""
    from dataclasses import asdict

    from callboard.app import any_folder
    from callboard.sync import coverage, service

    found = settings(data_dir=data_dir)
    first, last = str(_day("from", from_) or "1970-01-02"), str(_day("to", to) or "2105-12-31")
    with explained(), any_folder(found) as parts:
        days = {}
        for source in service.sources(found, parts.control.syncing):
            for day, listed in coverage.read(parts.store, source.account_id, first, last).items():
                days[day, source.name] = list(listed.values())
    if whole:
        show([asdict(cover) for _, covers in sorted(days.items()) for cover in covers], as_json, "Mirrored")
    else:
        show([coverage.summed(day, name, covers) for (day, name), covers in sorted(days.items())], as_json, "Mirrored")


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
