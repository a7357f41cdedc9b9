"""What Callboard says of itself to those who run it: who asks, what is set, clients, users and roles."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

RoleName = Literal["admin", "viewer", "room-admin"]


class Said(BaseModel):
    """An answer, or a part of one."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Told(BaseModel):
    """A body that is sent; what it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Me(Said):
    """Who asks."""

    account_id: str = Field(description="The account whose facts are read.")
    kind: Literal["person", "client"] = Field(description="A signed-in person, or a program with a token.")
    id: str = Field(description="The user's or the client's id.")
    name: str = Field(description="A person's name; empty for a client.")
    mail: str = Field(description="A person's mail address; empty for a client.")
    role: RoleName = Field(description="`admin`, `viewer` or `room-admin`.")
    families: list[str] = Field(description="The metric families that the role reads.")
    groups: list[str] = Field(description="The groups it is narrowed to; empty when it is not.")
    scopes: list[str] = Field(description="What may be asked for.")
    may_see_personal: bool = Field(description="Whether names, mail addresses and the like are shown.")
    time_zone: str = Field(description="The person's time zone; empty for the browser's.")
    csrf_token: str = Field(description="What a person's requests that change something carry as `X-CSRF-Token`.")


class SettingShown(Said):
    """One setting as it is in force."""

    name: str = Field(description="Its name.")
    variable: str = Field(description="The variable that sets it.")
    value: str | int | bool | None = Field(description="What is in force; null for a secret.")
    default: str | int | bool | None = Field(description="What it is if not set; null for a secret.")
    is_set: bool = Field(description="Whether it differs from its default.")
    secret: bool = Field(description="Whether its value is kept from view.")
    sentence: str = Field(description="What it is for.")


class RetentionShown(Said):
    """How long facts of a kind are kept."""

    facts: str = Field(description="`meetings`, `qos`, `rooms`, `chat`, `activity` or `events`.")
    days: int | None = Field(description="Days; null for ever.")
    variable: str = Field(description="The variable that sets it.")
    sentence: str = Field(description="What is kept so long.")


class SettingsShown(Said):
    """What is set, and for how long facts are kept."""

    version: str = Field(description="The version of Callboard.")
    settings: list[SettingShown] = Field(description="One entry a setting.")
    retention: list[RetentionShown] = Field(description="One entry a kind of facts.")


class FamilyShown(Said):
    """A metric family."""

    name: str = Field(description="Its name.")
    sentence: str = Field(description="What it covers.")


class RoleShown(Said):
    """A role."""

    name: RoleName = Field(description="Its name.")
    families: list[str] | None = Field(description="The families it reads; null for those that are assigned.")
    sentence: str = Field(description="What it may do.")


class RolesShown(Said):
    """The roles, and the metric families that they are made of."""

    roles: list[RoleShown] = Field(description="One entry a role.")
    families: list[FamilyShown] = Field(description="One entry a family.")


class ClientShown(Said):
    """A program that may ask."""

    client_id: str = Field(description="Its id.")
    name: str = Field(description="What it is for.")
    role: RoleName = Field(description="Its role.")
    scopes: list[str] = Field(description="Scopes of its tokens.")
    families: list[str] = Field(description="The families assigned to a viewer.")
    groups: list[str] = Field(description="The groups it is narrowed to.")
    hide_personal: bool = Field(description="Whether personal data is blank for it.")
    created_at: str = Field(description="When it was made.")
    revoked_at: str | None = Field(description="When it was revoked.")


class ClientsShown(Said):
    """The account's clients."""

    clients: list[ClientShown] = Field(description="Oldest first, revoked ones too.")


class ClientMade(ClientShown):
    """A client just made."""

    client_secret: str = Field(description="Its secret, shown this once.")


class NewClientTold(Told):
    """A client to make."""

    name: str = Field(min_length=1, max_length=200, description="What it is for.")
    role: RoleName = Field("viewer", description="Its role.")
    scopes: list[str] = Field(default=["dashboard:read"], max_length=100, description="Scopes of its tokens.")
    families: list[str] = Field(default=[], max_length=100, description="For a viewer: what it reads; all, if none are named.")
    groups: list[str] = Field(default=[], max_length=100, description="Narrow it to the meetings of hosts in these groups.")
    hide_personal: bool = Field(False, description="Personal data is blank for it.")


class UserShown(Said):
    """A person who may sign in."""

    user_id: str = Field(description="Their id.")
    name: str = Field(description="Their name.")
    mail: str = Field(description="What they sign in with.")
    role: RoleName = Field(description="Their role.")
    families: list[str] = Field(description="The families assigned to a viewer.")
    groups: list[str] = Field(description="The groups they are narrowed to.")
    hide_personal: bool = Field(description="Whether personal data is blank for them.")
    time_zone: str = Field(description="Their time zone; empty for the browser's.")
    has_password: bool = Field(description="Whether they can sign in with a password.")
    by_oidc: bool = Field(description="Whether an OpenID provider knows them.")
    created_at: str = Field(description="When they were made.")
    disabled_at: str | None = Field(description="When they were disabled.")


class UsersShown(Said):
    """The account's users."""

    users: list[UserShown] = Field(description="Oldest first, disabled ones too.")


class UserMade(UserShown):
    """A user just made."""

    link: str = Field(description="A link that signs them in once, within a week, to set a password.")


class LinkMade(Said):
    """A link that signs a user in."""

    link: str = Field(description="It works once, within a week.")


class NewUserTold(Told):
    """A user to make."""

    name: str = Field("", max_length=200, description="Their name; their mail address, if not given.")
    mail: str = Field(min_length=3, max_length=254, description="What they sign in with.")
    role: RoleName = Field("viewer", description="Their role.")
    families: list[str] = Field(default=[], max_length=100, description="For a viewer: what they read; all, if none are named.")
    groups: list[str] = Field(default=[], max_length=100, description="Narrow them to the meetings of hosts in these groups.")
    hide_personal: bool = Field(False, description="Personal data is blank for them.")
    time_zone: str = Field("", max_length=64, description="Like Europe/Berlin; the browser's, if not given.")


class UserTold(Told):
    """What of a user to change; what is left out stays."""

    name: str | None = Field(None, min_length=1, max_length=200, description="Their name.")
    mail: str | None = Field(None, min_length=3, max_length=254, description="What they sign in with.")
    role: RoleName | None = Field(None, description="Their role.")
    families: list[str] | None = Field(None, max_length=100, description="What a viewer reads.")
    groups: list[str] | None = Field(None, max_length=100, description="The groups they are narrowed to.")
    hide_personal: bool | None = Field(None, description="Whether personal data is blank for them.")
    time_zone: str | None = Field(None, max_length=64, description="Their time zone.")
    disabled: bool | None = Field(None, description="Disabled people are out at once.")


class Done(Said):
    """It is done."""

    id: str = Field(description="What it was done to.")
