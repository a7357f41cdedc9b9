"""`/v1/me`, and what admins ask for and change: settings, roles, clients and users. One row a route, with the scope it needs."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from starlette import routing
from starlette.requests import Request
from starlette.responses import Response

import callboard
from callboard.api.answers import json_response
from callboard.api.errors import bad_parameters
from callboard.api.routes import Desk, counted
from callboard.contract import admin as said
from callboard.contract.access import FAMILIES, ROLES, Caller
from callboard.contract.errors import BadRequest, MissingScope, NotFound, RoleForbids
from callboard.control import Client, Control, ControlError, User
from callboard.people.sessions import csrf_token
from callboard.settings import PREFIX, Settings

READ, WRITE = "settings:read", "settings:write"
LINK_SECONDS: Final = 7 * 86_400


@dataclass(frozen=True)
class Ask:
    """One request, and all that answering it needs."""

    caller: Caller
    desk: Desk
    control: Control
    base_url: str
    session: str
    path: dict[str, str]
    body: Any
    now: int

    @property
    def account(self) -> str:
        """The account that is asked about."""
        return self.caller.account_id

    def user(self) -> User:
        """The user that the path names. Raises `NotFound`."""
        user = self.control.people.user(self.path["user_id"])
        if user is None or user.account_id != self.account:
            raise NotFound(f"There is no user {self.path['user_id']}.")
        return user

    def another(self) -> User:
        """The user that the path names, if it is not the caller. Raises `NotFound` and `BadRequest`."""
        user = self.user()
        if user.id == self.caller.user_id:
            raise BadRequest("This is you: another admin may do it, so that nobody locks themselves out.")
        return user

    def link(self, user: User) -> str:
        """A new link that signs a user in once."""
        secret = self.control.people.make_link(user.account_id, user.id, now=self.now, seconds=LINK_SECONDS)
        return f"{self.base_url}/sign-in/link?key={secret}"


@dataclass(frozen=True)
class Route:
    """A route: the scope it needs (empty: any caller may), what it takes and what it answers."""

    method: str
    path: str
    scope: str
    run: Callable[[Ask], BaseModel]
    answer: type[BaseModel]
    body: type[BaseModel] | None = None

    @property
    def name(self) -> str:
        """Its name in OpenAPI and metrics."""
        return self.run.__name__

    @property
    def status(self) -> int:
        """The status of its answer."""
        return 201 if self.method == "POST" else 200


# What they do


def get_me(ask: Ask) -> said.Me:
    """Get who asks, and what they may see."""
    caller = ask.caller
    user = ask.control.people.user(caller.user_id) if caller.user_id else None
    return said.Me(
        account_id=caller.account_id,
        kind="person" if user else "client",
        id=user.id if user else caller.client_id,
        name=user.name if user else "",
        mail=user.mail if user else "",
        role=caller.role,
        families=[name for name in FAMILIES if caller.may_read(name)],
        groups=sorted(caller.groups),
        scopes=sorted(caller.scopes),
        may_see_personal=not caller.hide_personal,
        time_zone=user.time_zone if user else "",
        csrf_token=csrf_token(ask.session) if user else "",
    )


def get_settings(ask: Ask) -> said.SettingsShown:
    """Get what is set, with defaults, and how long facts are kept."""
    settings = ask.desk.settings
    kept = [name for name in Settings.model_fields if name.startswith("retention_")]
    return said.SettingsShown(
        version=callboard.__version__,
        settings=[_setting(settings, name) for name in Settings.model_fields],
        retention=[_retention(settings, name) for name in kept],
    )


def _setting(settings: Settings, name: str) -> said.SettingShown:
    info, secret = Settings.model_fields[name], name.endswith("_secret")
    value = getattr(settings, name)
    return said.SettingShown(
        name=name,
        variable=PREFIX + name.upper(),
        value=None if secret else _plain(value),
        default=None if secret else _plain(info.default),
        is_set=value != info.default,
        secret=secret,
        sentence=info.description or "",
    )


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Path) else value


def _retention(settings: Settings, name: str) -> said.RetentionShown:
    value = getattr(settings, name)
    return said.RetentionShown(
        facts=name.removeprefix("retention_").removesuffix("_days"),
        days=None if value == "forever" else value,
        variable=PREFIX + name.upper(),
        sentence=Settings.model_fields[name].description or "",
    )


def get_roles(_: Ask) -> said.RolesShown:
    """Get the roles, and the metric families that they are made of."""
    order = list(FAMILIES)
    return said.RolesShown(
        roles=[
            said.RoleShown(
                name=role.name,
                families=None if role.families is None else sorted(role.families, key=order.index),
                sentence=role.sentence,
            )
            for role in ROLES.values()
        ],
        families=[said.FamilyShown(name=f.name, sentence=f.sentence) for f in FAMILIES.values()],
    )


def list_clients(ask: Ask) -> said.ClientsShown:
    """List the account's clients."""
    return said.ClientsShown(clients=[said.ClientShown(**_client(client)) for client in ask.control.clients(ask.account)])


def create_client(ask: Ask) -> said.ClientMade:
    """Make a client; its secret is answered this once."""
    made = ask.control.create_client(ask.account, now=ask.now, **ask.body.model_dump())
    return said.ClientMade(**_client(made.client), client_secret=made.secret)


def revoke_client(ask: Ask) -> said.Done:
    """Revoke a client; its tokens stop working within a second."""
    id_ = ask.path["client_id"]
    client = ask.control.client(id_)
    if client is None or client.account_id != ask.account or not ask.control.revoke_client(id_, now=ask.now):
        raise NotFound(f"There is no client {id_} to revoke.")
    return said.Done(id=id_)


def list_people(ask: Ask) -> said.UsersShown:
    """List the people of the account who may sign in."""
    return said.UsersShown(users=[said.UserShown(**_user(user)) for user in ask.control.people.users(ask.account)])


def create_person(ask: Ask) -> said.UserMade:
    """Make a user, and a link that signs them in once."""
    body: said.NewUserTold = ask.body
    user = ask.control.people.create_user(ask.account, now=ask.now, **body.model_dump())
    return said.UserMade(**_user(user), link=ask.link(user))


def change_person(ask: Ask) -> said.UserShown:
    """Change a user's name, mail, role, families, groups or what they see; disable them, or let them in again."""
    told = {name: value for name, value in ask.body.model_dump().items() if value is not None}
    if not told:
        raise BadRequest("Nothing to change was sent.")
    user = ask.another() if told.keys() & {"role", "disabled"} else ask.user()
    disabled = told.pop("disabled", None)
    changed = ask.control.people.change_user(user.id, **told)
    if disabled is not None and disabled != (user.disabled_at is not None):
        changed = ask.control.people.disable_user(user.id, now=ask.now if disabled else None)
    ask.desk.sessions.forget()
    if changed is None:
        raise NotFound(f"There is no user {user.id}.")
    return said.UserShown(**_user(changed))


def delete_person(ask: Ask) -> said.Done:
    """Delete a user, who is out at once."""
    user = ask.another()
    ask.control.people.delete_user(user.id)
    ask.desk.sessions.forget()
    return said.Done(id=user.id)


def create_sign_in_link(ask: Ask) -> said.LinkMade:
    """Make a link that signs a user in once, within a week, to set a password."""
    return said.LinkMade(link=ask.link(ask.user()))


def _client(client: Client) -> dict[str, Any]:
    shown = {name: value for name, value in asdict(client).items() if name not in ("id", "account_id")}
    return shown | {"client_id": client.id} | _times(client.created_at, "revoked_at", client.revoked_at)


def _user(user: User) -> dict[str, Any]:
    shown = {name: value for name, value in asdict(user).items() if name not in ("id", "account_id", "subject")}
    about = {"user_id": user.id, "by_oidc": bool(user.subject)}
    return shown | about | _times(user.created_at, "disabled_at", user.disabled_at)


def _times(created: int, name: str, ended: int | None) -> dict[str, str | None]:
    return {"created_at": _time(created), name: None if ended is None else _time(ended)}


def _time(unix: int) -> str:
    return f"{datetime.fromtimestamp(unix, UTC):%Y-%m-%dT%H:%M:%SZ}"


ROUTES: Final = (
    Route("GET", "/v1/me", "", get_me, said.Me),
    Route("GET", "/v1/settings", READ, get_settings, said.SettingsShown),
    Route("GET", "/v1/roles", READ, get_roles, said.RolesShown),
    Route("GET", "/v1/clients", READ, list_clients, said.ClientsShown),
    Route("POST", "/v1/clients", WRITE, create_client, said.ClientMade, said.NewClientTold),
    Route("DELETE", "/v1/clients/{client_id}", WRITE, revoke_client, said.Done),
    Route("GET", "/v1/users", READ, list_people, said.UsersShown),
    Route("POST", "/v1/users", WRITE, create_person, said.UserMade, said.NewUserTold),
    Route("PATCH", "/v1/users/{user_id}", WRITE, change_person, said.UserShown, said.UserTold),
    Route("DELETE", "/v1/users/{user_id}", WRITE, delete_person, said.Done),
    Route("POST", "/v1/users/{user_id}/link", WRITE, create_sign_in_link, said.LinkMade),
)
"""All of them. Whose account it is about, the caller says."""


# How they are asked


def check(route: Route, caller: Caller) -> None:
    """Raises `MissingScope` or `RoleForbids`."""
    if route.scope and route.scope not in caller.scopes:
        raise MissingScope([route.scope])
    if route.scope and caller.role != "admin":
        raise RoleForbids(f"Your role ({caller.role}) does not cover settings: they are for admins.")


def handler(route: Route, desk: Desk, control: Control, base_url: str) -> Callable[[Request], Awaitable[Response]]:
    """The function that answers a route's requests."""

    async def answer(request: Request, headers: dict[str, str]) -> Response:
        caller = desk.caller(request)
        check(route, caller)
        headers |= desk.limiter.count(caller, "own") | {"Cache-Control": "no-store"}
        body = _read(route.body, await request.body()) if route.body else None
        session = desk.sessions.secret(request) if caller.user_id else ""
        ask = Ask(caller, desk, control, base_url, session, dict(request.path_params), body, int(time.time()))
        made = await desk.work(lambda: _run(route, ask))
        return json_response(made.model_dump(mode="json"), route.status, headers)

    return counted(route.name, answer)


def _read(model: type[BaseModel], body: bytes) -> BaseModel:
    try:
        return model.model_validate_json(body or b"{}")
    except ValidationError as error:
        raise bad_parameters(error.errors()) from None


def _run(route: Route, ask: Ask) -> BaseModel:
    try:
        return route.run(ask)
    except ControlError as error:
        raise BadRequest(str(error)[:1].upper() + str(error)[1:]) from None


def admin_routes(desk: Desk, control: Control, base_url: str) -> list[routing.Route]:
    """A route for each row of the table."""
    return [routing.Route(r.path, handler(r, desk, control, base_url), methods=[r.method]) for r in ROUTES]
