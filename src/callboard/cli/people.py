"""Commands about people who sign in."""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from callboard.cli.access import control, split
from callboard.cli.common import Account, AsJson, DataDir, app, cell, fail, out, show
from callboard.control import Control, User
from callboard.control.people import random_text

users = typer.Typer(no_args_is_help=True, help="People who sign in: made, listed, disabled, deleted.")
app.add_typer(users, name="user")

Who = Annotated[str, typer.Argument(help="Mail address or id, as `user list` shows them.")]


def _row(user: User) -> dict[str, Any]:
    return {
        "user_id": user.id,
        "account_id": user.account_id,
        "name": user.name,
        "mail": user.mail,
        "role": user.role,
        "families": user.families,
        "groups": user.groups,
        "personal": not user.hide_personal,
        "signs_in_by": " ".join([*(["password"] if user.has_password else []), *(["OIDC"] if user.subject else [])]),
        "created": f"{datetime.fromtimestamp(user.created_at, UTC):%Y-%m-%d}",
        "disabled": user.disabled_at is not None,
    }


def _say(row: dict[str, Any], as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(row, indent=1) + "\n")
        return
    for label, value in row.items():
        out.print(f"{label:14} {cell(value)}", highlight=False, soft_wrap=True, markup=False)


def _find(store: Control, who: str) -> User:
    found = store.people.by_mail(who)
    user = found[0] if found else store.people.user(who)
    if user is None:
        fail(f"there is no user {who}: `callboard user list` shows them.")
    return user


def _password(given: bool, made: bool) -> str:
    """The password from standard input, or asked for on a terminal, or a random one."""
    if made:
        return random_text(20)
    if given or not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _hash(password: str) -> str:
    from callboard.people.passwords import WeakPassword, hash_password

    try:
        return hash_password(password)
    except WeakPassword as error:
        fail(str(error), 2)


PasswordStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from the first line of standard input.")]
Generate = Annotated[bool, typer.Option("--generate", help="Make a random password, and show it this once.")]


@users.command("create")
def user_create(
    account: Account,
    mail: Annotated[str, typer.Option(help="Mail address: what they sign in with.")],
    name: Annotated[str, typer.Option(help="How pages name them; their mail address, if not given.")] = "",
    role: Annotated[str, typer.Option(help="admin, viewer or room-admin.")] = "viewer",
    families: Annotated[
        list[str] | None, typer.Option(help="For a viewer: the metric families they read; all, if none are named.")
    ] = None,
    groups: Annotated[list[str] | None, typer.Option(help="Narrow them to the meetings of hosts in these groups.")] = None,
    hide_personal: Annotated[bool, typer.Option("--hide-personal", help="Names, mail addresses and the like are blank.")] = False,
    time_zone: Annotated[str, typer.Option(help="Like Europe/Berlin; the browser's, if not given.")] = "",
    password_stdin: PasswordStdin = False,
    generate: Generate = False,
    no_password: Annotated[bool, typer.Option("--no-password", help="They sign in with OpenID only.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Make a user. The password is asked for, read from standard input, or made and shown this once."""
    password = "" if no_password else _password(password_stdin, generate)
    with control(data_dir) as store:
        made = store.people.create_user(
            account,
            name,
            mail,
            now=int(time.time()),
            role=role,
            families=split(families),
            groups=split(groups),
            hide_personal=hide_personal,
            time_zone=time_zone,
            password_hash=_hash(password) if password or not no_password else "",
        )
    _say(_row(made) | ({"password": password} if generate else {}), as_json)


@users.command("list")
def user_list(
    account: Annotated[str, typer.Option(help="Only users of this account.")] = "",
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """List all users, disabled ones too."""
    with control(data_dir) as store:
        show([_row(user) for user in store.people.users(account or None)], as_json, whole=("user_id",))


@users.command("password")
def user_password(
    who: Who, password_stdin: PasswordStdin = False, generate: Generate = False, data_dir: DataDir = None, as_json: AsJson = False
) -> None:
    """Set a user's password; they are signed out everywhere."""
    password = _password(password_stdin, generate)
    with control(data_dir) as store:
        user = _find(store, who)
        store.people.change_user(user.id, password_hash=_hash(password))
    _say({"user_id": user.id, "mail": user.mail} | ({"password": password} if generate else {}), as_json)


@users.command("link")
def user_link(
    who: Who,
    minutes: Annotated[int, typer.Option(min=1, help="How long it works.")] = 60,
    base_url: Annotated[str | None, typer.Option(help="Address of the server, if it is not the one that is set.")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Make a link that signs a user in, once."""
    from callboard.app import base_url as set_url
    from callboard.cli.common import settings

    with control(data_dir) as store:
        user = _find(store, who)
        secret = store.people.make_link(user.account_id, user.id, now=int(time.time()), seconds=minutes * 60)
    url = f"{base_url or set_url(settings(data_dir=data_dir))}/sign-in/link?key={secret}"
    _say({"mail": user.mail, "url": url}, as_json)


@users.command("disable")
def user_disable(
    who: Who, undo: Annotated[bool, typer.Option("--undo", help="Let them in again.")] = False, data_dir: DataDir = None
) -> None:
    """Disable a user, who is out within a second."""
    with control(data_dir) as store:
        user = _find(store, who)
        store.people.disable_user(user.id, now=None if undo else int(time.time()))
    out.print(f"{'enabled' if undo else 'disabled'} {user.mail or user.id}", highlight=False)


@users.command("delete")
def user_delete(who: Who, data_dir: DataDir = None) -> None:
    """Delete a user, who is out within a second."""
    with control(data_dir) as store:
        user = _find(store, who)
        store.people.delete_user(user.id)
    out.print(f"deleted {user.mail or user.id}", highlight=False)
