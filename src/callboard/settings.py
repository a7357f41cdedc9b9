"""The one table of settings: each field is a variable `CALLBOARD_<FIELD>`; those that one changes often are options too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from callboard.contract.access import ROLES
from callboard.quality import PROFILES, Profile, own_profile

PREFIX = "CALLBOARD_"

RatePolicyName = Literal["documented", "zoom-pro", "zoom-business", "unlimited"]
ProfileName = Literal["open", "zoom"]
Keep = Annotated[int, Field(ge=1)] | Literal["forever"]


class Settings(BaseModel):
    """Everything that can be set. Read once, in `cli`, and passed down."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data_dir: Path = Field(Path("callboard-data"), description="Folder that holds the facts, the control store and the keys.")
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8080, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    base_url: str = Field("", description="Address that callers use, when it is not http://host:port (behind a proxy).")
    account_id: str = Field("", description="Your Zoom account id: the account of the first client of an empty folder.")
    rate_policy: RatePolicyName = Field("documented", description="Which table of rate limits applies.")
    profile: ProfileName = Field("open", description="`open`, or `zoom`: as strict as Zoom, to test against.")
    retention_meetings_days: Keep = Field(183, description="How long meetings and webinars are kept, in days, or `forever`.")
    retention_qos_days: Keep = Field(92, description="How long quality minutes and summaries are kept, in days, or `forever`.")
    retention_rooms_days: Keep = Field(183, description="How long issues, sensors and bookings of rooms are kept, in days.")
    retention_chat_days: Keep = Field(183, description="How long chat messages and their sums are kept, in days, or `forever`.")
    retention_activity_days: Keep = Field(183, description="How long sign-ins and operations are kept, in days, or `forever`.")
    retention_events_days: Keep = Field(183, description="How long raw events are kept, in days, or `forever`.")
    live_max_hours: int = Field(30, ge=1, description="A meeting whose end nobody reported counts as over after this many hours.")
    webhook_window_seconds: int = Field(300, ge=1, description="How far a webhook's timestamp may be from the clock.")
    webhook_max_bytes: int = Field(1_048_576, ge=1024, description="Largest webhook body that is taken.")
    webhook_secret: str = Field("", description="Secret token of the Zoom app behind /webhooks/zoom; `webhook create` adds more.")
    token_seconds: int = Field(3600, ge=60, description="How long an access token lives.")
    commit_ms: int = Field(10, ge=0, le=1000, description="How long a commit waits for company, in ms.")
    commit_rows: int = Field(20_000, ge=1, description="Rows that one commit takes at the most.")
    commit_timeout_ms: int = Field(1000, ge=1, description="After this long a commit is spooled to disk instead, in ms.")
    store_ms: int = Field(1000, ge=1, description="How long facts that nobody asks for stay in the journal, in ms.")
    query_seconds: int = Field(20, ge=1, description="A query that takes longer is ended with 503.")
    query_memory_mb: int = Field(2000, ge=50, description="Memory that one query may take.")
    query_threads: int = Field(2, ge=1, description="Threads that one wide query may use.")
    workers: int = Field(6, ge=1, description="Queries that run at the same time.")
    cache_mb: int = Field(256, ge=0, description="Memory for what is remembered between questions; 0: nothing is.")
    quality_profile: str = Field("zoom", description="How minutes are judged: `zoom`, `teams-cqd`, or one of `quality_own`.")
    quality_own: str = Field(
        "", description="Profiles of your own, JSON: `{name: {medium: {metric: {fair, poor, bad}, packets}}}` in base units."
    )
    session_idle_minutes: int = Field(480, ge=1, description="A session that nobody used for so long ends.")
    session_hours: int = Field(168, ge=1, description="A session ends after so long, used or not.")
    sign_in_tries: int = Field(
        10, ge=1, description="Wrong sign-ins with one name in 15 minutes before it waits; five times as many from one address."
    )
    person_requests: int = Field(600, ge=10, description="Requests a minute of a signed-in person, apart from the account's.")
    trusted_proxies: int = Field(0, ge=0, description="Proxies in front that add to X-Forwarded-For; 0 believes none of it.")
    oidc_url: str = Field("", description="Discovery URL of an OpenID provider; with it people may sign in there.")
    oidc_client_id: str = Field("", description="Callboard's client id at the provider.")
    oidc_client_secret: str = Field("", description="Callboard's client secret at the provider.")
    oidc_name: str = Field("your organisation", description="What the sign-in page calls the provider.")
    oidc_scopes: str = Field("openid profile email", description="Scopes to ask the provider for.")
    oidc_account_id: str = Field("", description="Account of those who come from there; needed where a folder has several.")
    oidc_create: bool = Field(False, description="Make a user for those who sign in there first; else known users only.")
    oidc_role_claim: str = Field("", description="Claim that gives the role, a text or a list; empty: roles are given here.")
    oidc_roles: str = Field("", description="What the claim's values mean, JSON: `{value: role}`; a role's own name means it.")
    oidc_default_role: Literal["", "admin", "viewer", "room-admin"] = Field(
        "viewer", description="Role of those to whom the claim gives none; empty refuses them."
    )
    oidc_groups_claim: str = Field("", description="Claim that lists the groups to which they are narrowed; empty: given here.")
    oidc_trust_mail: bool = Field(False, description="Believe mail addresses that the provider does not call verified.")
    oidc_hide_personal: bool = Field(False, description="People made at their first sign-in see no personal data.")
    sync_base_url: str = Field("https://api.zoom.us", description="Address of the API that `sync_account_id` is mirrored from.")
    sync_account_id: str = Field("", description="Account to mirror, with the id and secret of a server-to-server client of it.")
    sync_client_id: str = Field("", description="Client that the account is mirrored with.")
    sync_client_secret: str = Field("", description="That client's secret.")
    sync_minutes: int = Field(15, ge=0, description="How often `serve` mirrors all accounts that are mirrored; 0 is never.")
    sync_days: int = Field(183, ge=1, description="How many days back accounts are mirrored.")
    sync_overlap_hours: int = Field(24, ge=0, description="A day is asked about again until so long after its end.")
    sync_lag_minutes: int = Field(30, ge=0, description="An instance is asked about when it has been over for so long.")
    sync_workers: int = Field(4, ge=1, le=32, description="Calls to one account at the same time.")
    sync_daily_percent: int = Field(80, ge=1, le=100, description="Per cent of the account's daily calls that a mirror may use.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least severe event to log.")
    log_format: Literal["auto", "json", "text"] = Field("auto", description="`auto` is text on a terminal, else JSON.")


    @field_validator("oidc_roles")
    @classmethod
    def _roles(cls, text: str) -> str:
        said = json.loads(text) if text else {}
        if not isinstance(said, dict) or not set(said.values()) <= set(ROLES):
            raise ValueError(f"an object of claim values and roles ({', '.join(ROLES)})")
        return text

    @field_validator("quality_own")
    @classmethod
    def _readable(cls, text: str) -> str:
        _profiles(text)
        return text

    @model_validator(mode="after")
    def _profile_is_known(self) -> Settings:
        known = PROFILES | self.own_profiles()
        if self.quality_profile not in known:
            raise ValueError(f"quality_profile {self.quality_profile!r} is none of {', '.join(known)}")
        return self

    def own_profiles(self) -> dict[str, Profile]:
        """The profiles of `quality_own`, by name."""
        return _profiles(self.quality_own)


@cache
def _profiles(text: str) -> dict[str, Profile]:
    said = json.loads(text) if text else {}
    if not isinstance(said, dict):
        raise ValueError("profiles are an object: a name, and limits by medium")
    return {name: own_profile(name, media) for name, media in said.items()}


class BadSetting(Exception):
    """A setting is unknown or malformed; the text names it."""


def read_settings(environ: Mapping[str, str], **given: Any) -> Settings:
    """Settings from the environment, with `given` options (None: not given) on top.

    Raises `BadSetting` for an unknown or malformed `CALLBOARD_` variable or option.
    """
    values: dict[str, Any] = {}
    for variable, text in environ.items():
        if variable.startswith(PREFIX):
            name = variable[len(PREFIX) :].lower()
            if name not in Settings.model_fields:
                raise BadSetting(f"{variable} is not a setting. Known: {', '.join(sorted(variables()))}.")
            values[name] = text
    values |= {name: value for name, value in given.items() if value is not None}
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else str(first["msg"]).removeprefix("Value error, ").partition(" ")[0]
        raise BadSetting(f"{PREFIX}{name.upper()} (or --{name.replace('_', '-')}): {first['msg']}.") from None


def variables() -> list[str]:
    """The names of all variables."""
    return [PREFIX + name.upper() for name in Settings.model_fields]
