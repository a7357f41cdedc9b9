"""The control store's tables. A change here needs a migration in `migrations/versions`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Boolean, Integer, String, Text, false
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """All tables of the control store."""


class AccountRow(Base):
    """An account: the organisation whose facts are kept."""

    __tablename__ = "accounts"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    created_at: Mapped[int] = mapped_column(Integer)


class ClientRow(Base):
    """A program that may ask for access tokens."""

    __tablename__ = "clients"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(200))
    secret_hash: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(20))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    families: Mapped[list[str]] = mapped_column(JSON)
    groups: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[int] = mapped_column(Integer)
    revoked_at: Mapped[int | None] = mapped_column(Integer, nullable=True)
    hide_personal: Mapped[bool] = mapped_column(Boolean, server_default=false())


class AppRow(Base):
    """A Zoom app that sends webhooks: the path it posts to and the secret token it signs with."""

    __tablename__ = "apps"
    path: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(String(64))
    secret: Mapped[str] = mapped_column(Text)
    created_at: Mapped[int] = mapped_column(Integer)


class KeyRow(Base):
    """A key that tokens are signed with. The newest signs; older ones verify until their tokens have expired."""

    __tablename__ = "keys"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    secret: Mapped[str] = mapped_column(Text)
    created_at: Mapped[int] = mapped_column(Integer)


class UserRow(Base):
    """A person who may sign in. `mail` is what they sign in with, `subject` who an OIDC provider says they are."""

    __tablename__ = "users"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(200))
    mail: Mapped[str | None] = mapped_column(String(254), nullable=True, unique=True)
    role: Mapped[str] = mapped_column(String(20))
    families: Mapped[list[str]] = mapped_column(JSON)
    groups: Mapped[list[str]] = mapped_column(JSON)
    hide_personal: Mapped[bool] = mapped_column(Boolean)
    time_zone: Mapped[str] = mapped_column(String(64))
    password_hash: Mapped[str] = mapped_column(Text)
    subject: Mapped[str | None] = mapped_column(String(500), nullable=True, unique=True)
    created_at: Mapped[int] = mapped_column(Integer)
    disabled_at: Mapped[int | None] = mapped_column(Integer, nullable=True)


class SessionRow(Base):
    """A signed-in browser, by the hash of what its cookie holds."""

    __tablename__ = "sessions"
    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(64), index=True)
    created_at: Mapped[int] = mapped_column(Integer)
    seen_at: Mapped[int] = mapped_column(Integer)
    expires_at: Mapped[int] = mapped_column(Integer)
    by_link: Mapped[bool] = mapped_column(Boolean)


class LinkRow(Base):
    """A link that signs in (`user_id`), or that lets the first user of an account be made (no `user_id`)."""

    __tablename__ = "links"
    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[str | None] = mapped_column(String(64), nullable=True, index=True)
    once: Mapped[bool] = mapped_column(Boolean)
    expires_at: Mapped[int] = mapped_column(Integer)


class TryRow(Base):
    """A sign-in that was tried and has not succeeded: of whom (a name or an address, hashed) and when."""

    __tablename__ = "tries"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    of: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[int] = mapped_column(Integer)


class SourceRow(Base):
    """An account whose API is mirrored: where it is, and the credentials to ask it with."""

    __tablename__ = "sync_sources"
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(String(64))
    base_url: Mapped[str] = mapped_column(Text)
    token_url: Mapped[str] = mapped_column(Text)
    upstream_id: Mapped[str] = mapped_column(String(64))
    client_id: Mapped[str] = mapped_column(String(64))
    secret: Mapped[str] = mapped_column(Text)
    created_at: Mapped[int] = mapped_column(Integer)
    spent_day: Mapped[str] = mapped_column(String(10), default="")
    spent: Mapped[int] = mapped_column(Integer, default=0)


class SyncItemRow(Base):
    """Something that an account's API is asked about, what has been asked of it, and the page that comes next."""

    __tablename__ = "sync_items"
    source: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    what: Mapped[str] = mapped_column(String(20), primary_key=True)
    id: Mapped[str] = mapped_column(String(128), primary_key=True)
    about: Mapped[dict[str, Any]] = mapped_column(JSON)
    done: Mapped[dict[str, Any]] = mapped_column(JSON)
    endpoint: Mapped[str] = mapped_column(String(64), default="")
    token: Mapped[str] = mapped_column(Text, default="")
