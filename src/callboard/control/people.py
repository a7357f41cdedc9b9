"""People who sign in, as the control store keeps them: users, their sessions, links that sign in, and tries that failed."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from string import ascii_letters, digits
from typing import Any, Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Transaction

from callboard.contract.access import FAMILIES, ROLES
from callboard.control.models import AccountRow, LinkRow, SessionRow, TryRow, UserRow

CHANGEABLE: Final = ("name", "mail", "role", "families", "groups", "hide_personal", "time_zone", "password_hash", "subject")
"""What of a user may be changed."""
_MAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")


class ControlError(Exception):
    """What was told makes no sense; the text says why."""


def random_text(length: int) -> str:
    """Random letters and digits, six bits each: safe in addresses, forms and on a command line."""
    return "".join(secrets.choice(ascii_letters + digits) for _ in range(length))


def hash_secret(secret: str) -> str:
    """The hash of a random secret. They have 190 bits, so a plain hash is as hard to reverse as they are to guess."""
    return hashlib.sha256(secret.encode()).hexdigest()


def checked(role: str, families: Sequence[str]) -> list[str]:
    """The families of a role: a viewer's are all, where none is named. Raises `ControlError` for what is unknown."""
    if role not in ROLES:
        raise ControlError(f"no role {role!r}: take one of {', '.join(ROLES)}.")
    unknown = [f for f in families if f not in FAMILIES]
    if unknown:
        raise ControlError(f"no metric family {unknown[0]!r}: take some of {', '.join(FAMILIES)}.")
    return list(families) or (list(FAMILIES) if role == "viewer" else [])


@dataclass(frozen=True)
class User:
    """A person who may sign in."""

    id: str
    account_id: str
    name: str
    mail: str
    role: str
    families: tuple[str, ...]
    groups: tuple[str, ...]
    hide_personal: bool
    time_zone: str
    subject: str
    created_at: int
    disabled_at: int | None
    has_password: bool


@dataclass(frozen=True)
class SignedIn:
    """A session that goes on, and whose it is."""

    user: User
    created_at: int
    seen_at: int
    expires_at: int
    by_link: bool


@dataclass(frozen=True)
class Link:
    """What a link stands for: whom it signs in, or the account whose first user may be made."""

    account_id: str
    user_id: str
    once: bool


class People:
    """Users, sessions, links and tries. `begin` opens a transaction on the control store."""

    def __init__(self, begin: Callable[[], Transaction]) -> None:
        self._begin = begin

    # Users

    def create_user(
        self,
        account_id: str,
        name: str,
        mail: str,
        *,
        now: int,
        role: str = "viewer",
        families: Sequence[str] = (),
        groups: Sequence[str] = (),
        hide_personal: bool = False,
        time_zone: str = "",
        password_hash: str = "",
        subject: str = "",
    ) -> User:
        """Make a user. Raises `ControlError` for an unknown role or family, and where the mail address is taken."""
        if not account_id:
            raise ControlError("a user needs an account.")
        row = UserRow(
            id=random_text(22),
            account_id=account_id,
            name=name.strip() or mail,
            mail=_mail(mail),
            role=role,
            families=checked(role, families),
            groups=list(groups),
            hide_personal=hide_personal,
            time_zone=time_zone,
            password_hash=password_hash,
            subject=subject or None,
            created_at=now,
            disabled_at=None,
        )
        try:
            with self._begin() as session, session.begin():
                if session.get(AccountRow, account_id) is None:
                    session.add(AccountRow(id=account_id, created_at=now))
                session.add(row)
        except IntegrityError:
            raise ControlError(f"there is a user {row.mail or subject} already.") from None
        return _user(row)

    def users(self, account_id: str | None = None) -> list[User]:
        """All users, disabled ones too, oldest first."""
        query = select(UserRow).order_by(UserRow.created_at, UserRow.id)
        if account_id:
            query = query.where(UserRow.account_id == account_id)
        with self._begin() as session:
            return [_user(row) for row in session.scalars(query)]

    def user(self, user_id: str) -> User | None:
        """A user, disabled or not."""
        with self._begin() as session:
            row = session.get(UserRow, user_id)
            return _user(row) if row is not None else None

    def by_mail(self, mail: str) -> tuple[User, str] | None:
        """The user with a mail address, and the hash of their password."""
        with self._begin() as session:
            row = session.scalars(select(UserRow).where(UserRow.mail == mail.strip().lower())).first()
            return (_user(row), row.password_hash) if row is not None else None

    def by_subject(self, subject: str) -> User | None:
        """The user whom a provider calls so."""
        with self._begin() as session:
            row = session.scalars(select(UserRow).where(UserRow.subject == subject)).first()
            return _user(row) if row is not None else None

    def change_user(self, user_id: str, **values: Any) -> User | None:
        """Change some of `CHANGEABLE`; the user, or None where there is none. A new password ends all sessions.

        Raises `ControlError` for what makes no sense.
        """
        assert set(values) <= set(CHANGEABLE), values
        try:
            with self._begin() as session, session.begin():
                row = session.get(UserRow, user_id)
                if row is None:
                    return None
                for name, value in values.items():
                    setattr(row, name, _stored(name, value))
                row.families = checked(row.role, row.families)
                if "password_hash" in values:
                    _end_all(session, user_id)
        except IntegrityError:
            raise ControlError("another user has this mail address or subject.") from None
        return _user(row)

    def rehash(self, user_id: str, password_hash: str) -> None:
        """Keep the same password in another way: sessions go on."""
        with self._begin() as session, session.begin():
            session.execute(update(UserRow).where(UserRow.id == user_id).values(password_hash=password_hash))

    def disable_user(self, user_id: str, *, now: int | None) -> User | None:
        """Disable a user, who is out at once, or with `now` None let them in again; None where there is none."""
        with self._begin() as session, session.begin():
            row = session.get(UserRow, user_id)
            if row is None:
                return None
            row.disabled_at = now
            if now is not None:
                _end_all(session, user_id)
        return _user(row)

    def delete_user(self, user_id: str) -> bool:
        """Delete a user, who is out at once; whether there was one."""
        with self._begin() as session, session.begin():
            _end_all(session, user_id)
            return bool(session.execute(delete(UserRow).where(UserRow.id == user_id)).rowcount)  # type: ignore[attr-defined]

    # Sessions

    def begin_session(self, user_id: str, *, now: int, seconds: int, by_link: bool = False) -> str:
        """Begin a session; returns the secret that its cookie holds. Sessions that are over are cleared away."""
        secret = random_text(43)
        row = SessionRow(
            id_hash=hash_secret(secret), user_id=user_id, created_at=now, seen_at=now, expires_at=now + seconds, by_link=by_link
        )
        with self._begin() as session, session.begin():
            session.execute(delete(SessionRow).where(SessionRow.expires_at < now))
            session.add(row)
        return secret

    def signed_in(self, secret: str, *, now: int, idle_seconds: int) -> SignedIn | None:
        """The session of a cookie's secret, if it goes on and its user is not disabled."""
        with self._begin() as session:
            row = session.get(SessionRow, hash_secret(secret))
            if row is None or row.expires_at <= now or row.seen_at + idle_seconds <= now:
                return None
            user = session.get(UserRow, row.user_id)
            if user is None or user.disabled_at is not None:
                return None
            return SignedIn(_user(user), row.created_at, row.seen_at, row.expires_at, row.by_link)

    def seen(self, secret: str, *, now: int) -> None:
        """A session was used."""
        with self._begin() as session, session.begin():
            session.execute(update(SessionRow).where(SessionRow.id_hash == hash_secret(secret)).values(seen_at=now))

    def end_session(self, secret: str) -> None:
        """End a session."""
        with self._begin() as session, session.begin():
            session.execute(delete(SessionRow).where(SessionRow.id_hash == hash_secret(secret)))

    def end_sessions(self, user_id: str) -> None:
        """End all sessions of a user, and take back links that would begin one."""
        with self._begin() as session, session.begin():
            _end_all(session, user_id)

    # Links

    def make_link(self, account_id: str, user_id: str = "", *, now: int, seconds: int, once: bool = True) -> str:
        """Make a link's secret; older links for the same are taken back."""
        secret = random_text(43)
        whose, until = user_id or None, now + seconds
        same = LinkRow.account_id == account_id, LinkRow.user_id.is_not_distinct_from(whose)
        with self._begin() as session, session.begin():
            session.execute(delete(LinkRow).where(*same))
            session.add(
                LinkRow(id_hash=hash_secret(secret), account_id=account_id, user_id=whose, once=once, expires_at=until)
            )
        return secret

    def link(self, secret: str, *, now: int, take: bool) -> Link | None:
        """What a link stands for, if it is valid; with `take` one that works once is used up."""
        with self._begin() as session, session.begin():
            row = session.get(LinkRow, hash_secret(secret))
            if row is None or row.expires_at <= now:
                return None
            if take and row.once:
                gone = session.execute(delete(LinkRow).where(LinkRow.id_hash == row.id_hash))
                if not gone.rowcount:  # type: ignore[attr-defined]  # another request was faster
                    return None
            return Link(row.account_id, row.user_id or "", row.once)

    # Tries

    def note_try(self, of: str, *, most: int, now: int, seconds: int) -> int:
        """Note that a sign-in is tried; the seconds to wait where `most` were tried in the last `seconds` (then not noted)."""
        with self._begin() as session, session.begin():
            session.execute(delete(TryRow).where(TryRow.at <= now - seconds))
            found = session.execute(select(func.count(), func.min(TryRow.at)).where(TryRow.of == hash_secret(of))).one()
            if found[0] >= most:
                return int(found[1]) + seconds - now
            session.add(TryRow(of=hash_secret(of), at=now))
            return 0

    def forget_tries(self, of: str, *, all_: bool = True) -> None:
        """Forget what was tried, or the last of it only: it succeeded."""
        these = TryRow.of == hash_secret(of)
        with self._begin() as session, session.begin():
            last = select(func.max(TryRow.id)).where(these).scalar_subquery()
            session.execute(delete(TryRow).where(these if all_ else TryRow.id == last))


def _end_all(session: Transaction, user_id: str) -> None:
    session.execute(delete(SessionRow).where(SessionRow.user_id == user_id))
    session.execute(delete(LinkRow).where(LinkRow.user_id == user_id))


def _mail(mail: str) -> str | None:
    mail = mail.strip().lower()
    if mail and not _MAIL.fullmatch(mail):
        raise ControlError(f"{mail!r} is no mail address.")
    return mail or None


def _stored(name: str, value: Any) -> Any:
    if name == "mail":
        return _mail(value)
    if name == "subject":
        return value or None
    return list(value) if name in ("families", "groups") else value


def _user(row: UserRow) -> User:
    return User(
        row.id,
        row.account_id,
        row.name,
        row.mail or "",
        row.role,
        tuple(row.families),
        tuple(row.groups),
        row.hide_personal,
        row.time_zone,
        row.subject or "",
        row.created_at,
        row.disabled_at,
        bool(row.password_hash),
    )
