"""Looks at a data folder and says what is wrong with it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import NamedTuple

from callboard.app import Parts
from callboard.store.remote import RemoteEngine


class Finding(NamedTuple):
    """One check: what was looked at, whether it is well, and what was found."""

    check: str
    well: bool
    found: str


def examine(parts: Parts) -> Iterator[Finding]:
    """Every check in turn."""
    for check, look in CHECKS.items():
        try:
            well, found = look(parts)
        except Exception as error:
            well, found = False, f"{type(error).__name__}: {error}"
        yield Finding(check, well, found)


def _server(parts: Parts) -> tuple[bool, str]:
    return True, "running; asked through its socket" if isinstance(parts.engine, RemoteEngine) else "not running"


def _engine(parts: Parts) -> tuple[bool, str]:
    return True, f"ClickHouse {parts.store.ask('SELECT version()').rows[0][0]}"


def _facts(parts: Parts) -> tuple[bool, str]:
    rows = parts.store.ask(
        "SELECT table, sum(rows) AS n, sum(bytes_on_disk) FROM system.parts "
        "WHERE active AND database = currentDatabase() GROUP BY table ORDER BY n DESC"
    ).rows
    return True, "; ".join(f"{t} {int(n):,} rows, {int(b) / 1e6:.1f} MB" for t, n, b in rows) or "none yet"


def _refused(parts: Parts) -> tuple[bool, str]:
    rows = parts.store.ask(
        "SELECT event, max(reason).2 AS why, count() AS n FROM raw_events WHERE verdict.2 = 'refused' "
        "AND received_at > now() - INTERVAL 1 DAY GROUP BY event ORDER BY n DESC LIMIT 3"
    ).rows
    return not rows, "; ".join(f"{n} x {event or 'no event name'}: {why}" for event, why, n in rows) or "none"


def _spool(parts: Parts) -> tuple[bool, str]:
    return parts.spool.files == 0, f"{parts.spool.files} files, {parts.spool.bytes:,} bytes wait for the store"


def _disk(parts: Parts) -> tuple[bool, str]:
    free = shutil.disk_usage(parts.settings.data_dir).free
    return free > 1_000_000_000, f"{free / 1e9:.1f} GB free"


def _clients(parts: Parts) -> tuple[bool, str]:
    active = [c for c in parts.control.clients() if c.revoked_at is None]
    return bool(active), f"{len(active)} active, in {len({c.account_id for c in active})} accounts"


def _strangers(parts: Parts) -> tuple[bool, str]:
    known = set(parts.control.accounts())
    found = {row[0] for row in parts.store.ask("SELECT DISTINCT account_id FROM meetings LIMIT 1000").rows}
    missing = sorted(found - known)
    return (
        not missing,
        f"no client can read {', '.join(missing[:3])}: `callboard client create --account ...`" if missing else "none",
    )


def _mode(parts: Parts) -> tuple[bool, str]:
    mode = parts.settings.data_dir.stat().st_mode & 0o777
    return mode & 0o077 == 0, f"mode {mode:o}" + ("" if mode & 0o077 == 0 else ": others can read it; `chmod 700` it")


CHECKS: dict[str, Callable[[Parts], tuple[bool, str]]] = {
    "server": _server,
    "engine": _engine,
    "facts": _facts,
    "refused events today": _refused,
    "accounts without a client": _strangers,
    "spool": _spool,
    "disk": _disk,
    "clients": _clients,
    "folder": _mode,
}
