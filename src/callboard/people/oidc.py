"""Sign-in at an OpenID provider: authlib asks and checks, the settings say whom the answer is."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx2 as httpx
from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import StarletteOAuth2App
from itsdangerous import BadData, URLSafeTimedSerializer
from joserfc.errors import JoseError

from callboard.contract.access import ROLES
from callboard.control import Control, ControlError, People, User
from callboard.people.local import WrongSignIn
from callboard.settings import Settings

STATE_SECONDS: Final = 600
"""Who takes longer at the provider begins again."""
AWAY: Final = (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, RuntimeError)
"""What goes wrong where a provider does not answer, or answers something else."""
BACK: Final = "/sign-in/oidc/back"


class ProviderAway(WrongSignIn):
    """The provider does not answer as it should."""

    status = 502

    def __init__(self) -> None:
        super().__init__("The sign-in provider does not answer as it should. Try again, or sign in with a password.")


@dataclass(frozen=True)
class Begun:
    """A sign-in that goes on at the provider: where to, and what the browser keeps until it is back."""

    url: str
    kept: str


class Provider:
    """The OpenID provider that the settings name. Authorization code with PKCE; state and nonce are kept by the browser."""

    def __init__(self, settings: Settings, base_url: str, secrets: Callable[[], list[str]]) -> None:
        self._settings, self._back, self._secrets = settings, base_url + BACK, secrets
        self._app = StarletteOAuth2App(
            None,
            "oidc",
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret,
            server_metadata_url=settings.oidc_url,
            client_kwargs={"scope": settings.oidc_scopes, "code_challenge_method": "S256", "timeout": 10},
        )

    async def begin(self, to: str) -> Begun:
        """Where to send a browser that will come back to `to`. Raises `ProviderAway`."""
        try:
            made = await self._app.create_authorization_url(self._back)
        except AWAY:
            raise ProviderAway from None
        kept = {name: made[name] for name in ("state", "nonce", "code_verifier")} | {"to": to}
        return Begun(made["url"], self._signer().dumps(kept))

    async def finish(self, asked: Mapping[str, str], kept: str) -> tuple[dict[str, Any], str]:
        """What the provider says of who came back, and where they wanted to go. Raises `WrongSignIn`."""
        try:
            begun = self._signer().loads(kept, max_age=STATE_SECONDS)
        except BadData:
            raise WrongSignIn("This sign-in took too long, or began in another browser. Begin again.") from None
        if not asked.get("state") or asked["state"] != begun["state"]:
            raise WrongSignIn("This sign-in began elsewhere. Begin again.")
        if "code" not in asked:
            raise WrongSignIn(f"The provider let nobody in ({asked.get('error', 'no code')[:100]}).")
        try:
            return await self._claims(asked["code"], begun), begun["to"]
        except OAuthError as error:
            raise WrongSignIn(f"The provider refused this sign-in ({error.error}).") from None
        except JoseError:
            raise WrongSignIn("What the provider says can't be trusted: its signature, time or audience is wrong.") from None
        except AWAY:
            raise ProviderAway from None

    async def _claims(self, code: str, begun: dict[str, str]) -> dict[str, Any]:
        token = await self._app.fetch_access_token(self._back, code=code, code_verifier=begun["code_verifier"])
        claims = await self._app.parse_id_token(token, begun["nonce"])
        if claims is None:
            raise ProviderAway
        if "userinfo_endpoint" in await self._app.load_server_metadata():
            more = await self._app.userinfo(token=token)
            if more.get("sub") == claims["sub"]:
                claims = {**more, **claims}
        return dict(claims)

    def _signer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self._secrets(), salt="oidc")


def subject(claims: Mapping[str, Any]) -> str:
    """Who it is at the provider, for good."""
    return f"{claims['iss']} {claims['sub']}"


def role_of(settings: Settings, claims: Mapping[str, Any]) -> str:
    """The role that the claim gives, the highest of several. Raises `WrongSignIn` where there is none."""
    said = claims.get(settings.oidc_role_claim, [])
    meant = json.loads(settings.oidc_roles or "{}")
    given = {meant.get(str(value), str(value)) for value in (said if isinstance(said, list) else [said])}
    role = next((name for name in ROLES if name in given), settings.oidc_default_role)
    if not role:
        raise WrongSignIn("Your organisation gives you no role here. Ask whoever runs Callboard.")
    return role


def find(control: Control, settings: Settings, claims: Mapping[str, Any], now: int) -> User:
    """The user whom the claims mean: known by subject, or by a mail address that the provider verified, or made now.

    Raises `WrongSignIn`.
    """
    people = control.people
    user = people.by_subject(subject(claims)) or _by_mail(people, settings, claims)
    try:
        user = _kept(people, settings, user, claims) if user else _made(control, settings, claims, now)
    except ControlError as error:
        raise WrongSignIn(f"You can't be signed in: {error}") from None
    if user.disabled_at is not None:
        raise WrongSignIn("Your account here is disabled.")
    return user


def _mail(settings: Settings, claims: Mapping[str, Any]) -> str:
    """The mail address that is surely theirs; empty where the provider does not vouch for it."""
    return str(claims.get("email") or "") if claims.get("email_verified") is True or settings.oidc_trust_mail else ""


def _by_mail(people: People, settings: Settings, claims: Mapping[str, Any]) -> User | None:
    mail = _mail(settings, claims)
    found = people.by_mail(mail) if mail else None
    return found[0] if found and not found[0].subject else None


def _kept(people: People, settings: Settings, user: User, claims: Mapping[str, Any]) -> User:
    changed = people.change_user(user.id, subject=subject(claims), **_given(settings, claims))
    if changed is None:
        raise ControlError("the user has just been deleted.")
    return changed


def _given(settings: Settings, claims: Mapping[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if settings.oidc_role_claim:
        given["role"] = role_of(settings, claims)
    if settings.oidc_groups_claim:
        said = claims.get(settings.oidc_groups_claim) or []
        given["groups"] = [str(group) for group in (said if isinstance(said, list) else [said])]
    return given


def _made(control: Control, settings: Settings, claims: Mapping[str, Any], now: int) -> User:
    if not settings.oidc_create:
        raise WrongSignIn("You are not known here. Ask whoever runs Callboard to let you in.")
    account = settings.oidc_account_id or settings.account_id
    accounts = [account] if account else control.accounts()
    if len(accounts) != 1:
        raise ControlError("the setting oidc_account_id has to say to which account.")
    mail = _mail(settings, claims)
    given = {"role": settings.oidc_default_role} | _given(settings, claims)
    if not given["role"]:
        raise WrongSignIn("Your organisation gives you no role here. Ask whoever runs Callboard.")
    name = str(claims.get("name") or claims.get("preferred_username") or claims.get("email") or claims["sub"])
    return control.people.create_user(
        accounts[0], name[:200], mail, now=now, subject=subject(claims), hide_personal=settings.oidc_hide_personal, **given
    )
