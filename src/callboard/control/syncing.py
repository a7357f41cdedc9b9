"""Which accounts are mirrored, and how far each has come: kept so that a mirror goes on at the page it was on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from callboard.control.models import SourceRow, SyncItemRow


@dataclass(frozen=True)
class Source:
    """An account whose API is mirrored.

    `account_id` is the account that its facts are kept under here, `upstream_id` what it is called there. `spent` are the
    calls made on `spent_day` that count against a day's limit.
    """

    name: str
    account_id: str
    base_url: str
    token_url: str
    upstream_id: str
    client_id: str
    secret: str = field(repr=False)
    spent_day: str = ""
    spent: int = 0


@dataclass
class Item:
    """Something that upstream is asked about: a day (`what` is `day`), an instance, a user, a room.

    `about` is what is known of it, `done` the records that each endpoint told, for those that are done; `endpoint` and
    `token` where it goes on.
    """

    day: str
    what: str
    id: str
    about: dict[str, Any] = field(default_factory=dict)
    done: dict[str, Any] = field(default_factory=dict)
    endpoint: str = ""
    token: str = ""


class SyncBook:
    """The part of the control store that mirrors are kept in."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def _session(self) -> Session:
        return Session(self._engine, expire_on_commit=False)

    # Sources

    def put_source(self, source: Source, *, now: int) -> None:
        """Add an account to mirror, or change the one of this name."""
        with self._session() as session, session.begin():
            row = session.get(SourceRow, source.name) or SourceRow(name=source.name, created_at=now, spent_day="", spent=0)
            for name in ("account_id", "base_url", "token_url", "upstream_id", "client_id", "secret"):
                setattr(row, name, getattr(source, name))
            session.add(row)

    def sources(self) -> list[Source]:
        """All accounts that are mirrored, by name."""
        with self._session() as session:
            return [_source(row) for row in session.scalars(select(SourceRow).order_by(SourceRow.name))]

    def delete_source(self, name: str) -> bool:
        """Mirror an account no more; whether it was. Its facts stay."""
        with self._session() as session, session.begin():
            session.execute(delete(SyncItemRow).where(SyncItemRow.source == name))
            return bool(session.execute(delete(SourceRow).where(SourceRow.name == name)).rowcount)  # type: ignore[attr-defined]

    def spend(self, name: str, day: str, calls: int) -> None:
        """Note the calls that were made on a day so far."""
        with self._session() as session, session.begin():
            row = session.get(SourceRow, name)
            if row is not None:
                row.spent_day, row.spent = day, calls

    # Items

    def items(self, source: str, day: str) -> list[Item]:
        """What is to be asked about of a day, and how far each has come."""
        query = select(SyncItemRow).where(SyncItemRow.source == source, SyncItemRow.day == day).order_by(SyncItemRow.id)
        with self._session() as session:
            return [_item(row) for row in session.scalars(query)]

    def save(self, source: str, items: Iterable[Item]) -> None:
        """Keep how far these have come."""
        with self._session() as session, session.begin():
            for item in items:
                session.merge(_row(source, item))

    def days(self, source: str, what: str) -> list[str]:
        """The days of which there are items of a kind, the earliest first."""
        query = select(SyncItemRow.day).where(SyncItemRow.source == source, SyncItemRow.what == what).distinct()
        with self._session() as session:
            return sorted(session.scalars(query))

    def drop(self, source: str, day: str, whats: Sequence[str] = ()) -> None:
        """A day is over and done: nothing of it, or of these kinds of items, is to be asked any more."""
        dropped = delete(SyncItemRow).where(SyncItemRow.source == source, SyncItemRow.day == day)
        with self._session() as session, session.begin():
            session.execute(dropped.where(SyncItemRow.what.in_(whats)) if whats else dropped)


def _source(row: SourceRow) -> Source:
    return Source(
        row.name,
        row.account_id,
        row.base_url,
        row.token_url,
        row.upstream_id,
        row.client_id,
        row.secret,
        row.spent_day,
        row.spent,
    )


def _row(source: str, item: Item) -> SyncItemRow:
    return SyncItemRow(source=source, **vars(item))


def _item(row: SyncItemRow) -> Item:
    return Item(row.day, row.what, row.id, dict(row.about), dict(row.done), row.endpoint, row.token)
