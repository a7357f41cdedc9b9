"""Commands about clients, Zoom apps and keys."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from callboard.cli.common import Account, AsJson, DataDir, app, cell, explained, fail, out, settings, show
from callboard.contract.access import BASIC
from callboard.contract.paging import TOKEN_SECONDS
from callboard.control import Client, Control

clients = typer.Typer(no_args_is_help=True, help="Programs that may ask: made, listed, revoked.")
webhooks = typer.Typer(no_args_is_help=True, help="Zoom apps that send webhooks.")
keys = typer.Typer(no_args_is_help=True, help="Keys that access tokens are signed with.")
app.add_typer(clients, name="client")
app.add_typer(webhooks, name="webhook")
app.add_typer(keys, name="keys")


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
        "personal": not client.hide_personal,
        "revoked": client.revoked_at is not None,
    }


def split(values: list[str] | None) -> list[str]:
    """Words that were given apart, with commas or with spaces."""
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
    hide_personal: Annotated[bool, typer.Option("--hide-personal", help="Names, mail addresses and the like are blank.")] = False,
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
            scopes=split(scopes) or [BASIC],
            families=split(families),
            groups=split(groups),
            hide_personal=hide_personal,
        )
    said = _client_row(made.client) | {"client_secret": made.secret}
    if as_json:
        sys.stdout.write(json.dumps(said, indent=1) + "\n")
    else:
        for label in ("account_id", "client_id", "client_secret", "role", "scopes"):
            out.print(f"{label:14} {cell(said[label])}", highlight=False, soft_wrap=True)


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
