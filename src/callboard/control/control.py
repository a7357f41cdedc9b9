"""What the control store can be asked and told. Safe from any thread, and from several processes at once."""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import create_engine, delete, event, inspect, select, text, update
from sqlalchemy.orm import Session

from callboard.contract.access import BASIC
from callboard.control.models import AccountRow, AppRow, ClientRow, KeyRow
from callboard.control.people import ControlError, People, checked, hash_secret, random_text
from callboard.control.syncing import SyncBook

HEAD: Final = "0003"
"""The newest migration."""


@dataclass(frozen=True)
class Client:
    """A program that may ask for access tokens."""

    id: str
    account_id: str
    name: str
    role: str
    scopes: tuple[str, ...]
    families: tuple[str, ...]
    groups: tuple[str, ...]
    created_at: int
    revoked_at: int | None
    hide_personal: bool = False


@dataclass(frozen=True)
class NewClient:
    """A client just made, with the secret that is shown this once."""

    client: Client
    secret: str


@dataclass(frozen=True)
class App:
    """A Zoom app: it posts to /webhooks/zoom/`path` (empty: /webhooks/zoom) and signs with `secret`.

    `account_id` is the account whose events it may send; empty: whichever the events name.
    """

    path: str
    account_id: str
    secret: str


@dataclass(frozen=True)
class Key:
    """A signing key; `secret` is 64 hex digits."""

    id: str
    secret: str


class Control:
    """The control store at a SQLAlchemy `url`, brought to the newest migration."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url)
        if url.startswith("sqlite"):
            event.listen(self._engine, "connect", _set_up_sqlite)
        self._migrate()
        self.people = People(self._session)
        self.syncing = SyncBook(self._engine)

    @classmethod
    def in_folder(cls, folder: Path) -> Control:
        """The SQLite control store of a data folder."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / "control.db"
        path.touch(mode=0o600, exist_ok=True)
        return cls(f"sqlite:///{path}")

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _migrate(self) -> None:
        with self._engine.begin() as connection:
            if inspect(connection).has_table("alembic_version"):
                found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
                if found == HEAD:
                    return  # Alembic takes longer to import than the rest of a command takes
            from alembic import command
            from alembic.config import Config

            config = Config()
            config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def _session(self) -> Session:
        return Session(self._engine, expire_on_commit=False)

    # Clients

    def create_client(
        self,
        account_id: str,
        name: str,
        *,
        now: int,
        role: str = "admin",
        scopes: Sequence[str] = (BASIC,),
        families: Sequence[str] = (),
        groups: Sequence[str] = (),
        hide_personal: bool = False,
    ) -> NewClient:
        """Make a client. Raises `ControlError` for an unknown role or family."""
        families = checked(role, families)  # all, where none is named: then its scopes alone narrow it
        if not account_id:
            raise ControlError("a client needs an account.")
        secret = random_text(32)
        row = ClientRow(
            id=random_text(22),
            account_id=account_id,
            name=name,
            secret_hash=hash_secret(secret),
            role=role,
            scopes=list(scopes),
            families=families,
            groups=list(groups),
            created_at=now,
            revoked_at=None,
            hide_personal=hide_personal,
        )
        with self._session() as session, session.begin():
            if session.get(AccountRow, account_id) is None:
                session.add(AccountRow(id=account_id, created_at=now))
            session.add(row)
        return NewClient(_client(row), secret)

    def client(self, client_id: str) -> Client | None:
        """A client that was not revoked."""
        with self._session() as session:
            row = session.get(ClientRow, client_id)
            return _client(row) if row is not None and row.revoked_at is None else None

    def client_by_secret(self, client_id: str, secret: str) -> Client | None:
        """The client, if the secret is its own and it was not revoked."""
        with self._session() as session:
            row = session.get(ClientRow, client_id)
            stored = row.secret_hash if row is not None else hash_secret("")
            right = hmac.compare_digest(stored, hash_secret(secret))
            return _client(row) if row is not None and right and row.revoked_at is None else None

    def clients(self, account_id: str | None = None) -> list[Client]:
        """All clients, revoked ones too, oldest first."""
        query = select(ClientRow).order_by(ClientRow.created_at, ClientRow.id)
        if account_id:
            query = query.where(ClientRow.account_id == account_id)
        with self._session() as session:
            return [_client(row) for row in session.scalars(query)]

    def revoke_client(self, client_id: str, *, now: int) -> bool:
        """Revoke a client and all its tokens; whether there was one to revoke."""
        with self._session() as session, session.begin():
            done = session.execute(
                update(ClientRow).where(ClientRow.id == client_id, ClientRow.revoked_at.is_(None)).values(revoked_at=now)
            )
            return bool(done.rowcount)  # type: ignore[attr-defined]

    # Zoom apps

    def put_app(self, path: str, secret: str, *, now: int, account_id: str = "") -> App:
        """Make a Zoom app, or change the one with this path."""
        with self._session() as session, session.begin():
            session.merge(AppRow(path=path, account_id=account_id, secret=secret, created_at=now))
        return App(path, account_id, secret)

    def apps(self) -> dict[str, App]:
        """All Zoom apps by path."""
        with self._session() as session:
            return {row.path: App(row.path, row.account_id, row.secret) for row in session.scalars(select(AppRow))}

    def delete_app(self, path: str) -> bool:
        """Delete a Zoom app; whether there was one."""
        with self._session() as session, session.begin():
            return bool(session.execute(delete(AppRow).where(AppRow.path == path)).rowcount)  # type: ignore[attr-defined]

    # Keys

    def keys(self, *, now: int) -> list[Key]:
        """All signing keys, the one that signs last; the first is made when there is none."""
        with self._session() as session:
            rows = session.scalars(select(KeyRow).order_by(KeyRow.created_at, KeyRow.id)).all()
        return [Key(row.id, row.secret) for row in rows] or [self.rotate_keys(now=now, lifetime=0)]

    def key_secrets(self) -> list[str]:
        """The secrets of all signing keys, the one that signs last."""
        return [key.secret for key in self.keys(now=int(time.time()))]

    def rotate_keys(self, *, now: int, lifetime: int) -> Key:
        """Make a new signing key. Older ones go on verifying until what they signed, `lifetime` seconds at most, is over."""
        row = KeyRow(id=secrets.token_hex(4), secret=secrets.token_hex(32), created_at=now)
        with self._session() as session, session.begin():
            newest = session.scalars(select(KeyRow).order_by(KeyRow.created_at.desc(), KeyRow.id.desc()).limit(1)).first()
            if newest is not None:
                row.created_at = max(now, newest.created_at + 1)
                keep = session.scalars(select(KeyRow.id).where(KeyRow.created_at >= now - 2 * lifetime)).all()
                session.execute(delete(KeyRow).where(KeyRow.id.not_in([*keep, newest.id])))
            session.add(row)
        return Key(row.id, row.secret)

    def accounts(self) -> list[str]:
        """All accounts."""
        with self._session() as session:
            return list(session.scalars(select(AccountRow.id).order_by(AccountRow.id)))


def _client(row: ClientRow) -> Client:
    return Client(
        row.id,
        row.account_id,
        row.name,
        row.role,
        tuple(row.scopes),
        tuple(row.families),
        tuple(row.groups),
        row.created_at,
        row.revoked_at,
        row.hide_personal,
    )


def _set_up_sqlite(connection: Any, _: Any) -> None:
    connection.executescript("PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 10000; PRAGMA synchronous = FULL;")
