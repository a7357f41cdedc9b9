"""Commands that serve, and that send what a server takes."""

from __future__ import annotations

import asyncio
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from callboard.cli.common import (
    Account,
    AsJson,
    DataDir,
    Host,
    Port,
    Profile,
    RatePolicy,
    app,
    err,
    explained,
    fail,
    out,
    progress,
    settings,
    show,
)
from callboard.contract.access import BASIC
from callboard.control import Control
from callboard.control.people import random_text
from callboard.settings import Settings

FIRST_USER_SECONDS = 86_400
"""How long the link for the first user works; the next start prints another."""


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

        def ready(at: int) -> None:
            _first_user(parts.control, found.base_url.rstrip("/") or f"http://{found.host}:{at}")
            err.print(_listening(found, at), highlight=False)

        run(parts, ready)


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


def _first_user(control: Control, base_url: str) -> None:
    """Say how the first user comes in, where there is none yet."""
    if control.people.users():
        return
    accounts = control.accounts()
    if len(accounts) != 1:
        err.print("Nobody can sign in yet: `callboard user create --account ID --role admin --mail MAIL` makes the first user.")
        return
    secret = control.people.make_link(accounts[0], now=int(time.time()), seconds=FIRST_USER_SECONDS)
    err.print(
        f"Nobody can sign in yet. Make the first user, an admin, within a day, once, at\n  {base_url}/sign-in/link?key={secret}",
        highlight=False,
        soft_wrap=True,
    )


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
            said["dashboard_url"] = demo_.sign_in_link(parts.control, said)
            demo_.write(folder, said)
            now = datetime.now(UTC)
            command = demo_.curl(said, f"{now - timedelta(days=min(said['days'], 7)):%Y-%m-%d}", f"{now:%Y-%m-%d}")
            err.print(f"\n{_listening(found, at)}\n")
            err.print(f"Look at it, signed in:\n  {said['dashboard_url']}\n", highlight=False, soft_wrap=True)
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
