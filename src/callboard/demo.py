"""The demo: a data folder filled with a simulated organisation, and what a caller needs to know of it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from callboard import sim
from callboard.app import Parts
from callboard.contract.access import BASIC
from callboard.control import Control

ACCOUNT = "Jt8sFqW3S2mYbXe0LzUv5g"
NAME = "demo.json"
MAIL = "demo@callboard.example"


def arrow_bytes(rows: pa.Table) -> bytes:
    """An Arrow table as an IPC stream."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as writer:
        writer.write_table(rows)
    return bytes(sink.getvalue())


def fill(parts: Parts, organisation: Any, now: datetime, days: int) -> Iterator[tuple[str, int]]:
    """Load the history up to `now`; yields what was loaded and how many rows."""
    for chunk in sim.history(organisation, until=now, days=days):
        parts.writer.load(chunk.table, arrow_bytes(chunk.rows), "ArrowStream")
        yield chunk.label, chunk.rows.num_rows


def read(folder: Path) -> dict[str, Any]:
    """What `demo.json` says; empty when the folder was not filled."""
    path = folder / NAME
    found: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    return found


def write(folder: Path, said: dict[str, Any]) -> None:
    """Write `demo.json`: it holds secrets, so only its owner may read it."""
    path = folder / NAME
    path.touch(mode=0o600, exist_ok=True)
    path.write_text(json.dumps(said, indent=1) + "\n")


def begin(parts: Parts, people: int, days: int, seed: int, on_loaded: Callable[[str, int], None]) -> tuple[Any, dict[str, Any]]:
    """Fill the folder, or the gap since it was filled last; returns the organisation and what `demo.json` says."""
    now = datetime.now(UTC)
    said = read(parts.settings.data_dir)
    if said:
        people, seed = said["people"], said["seed"]
        gap = now - datetime.fromisoformat(said["filled_until"])
        days = min(said["days"], gap.days + 2)
    else:
        made = parts.control.create_client(ACCOUNT, "demo", now=int(time.time()), scopes=[BASIC, "report:read:admin"])
        secret = f"demo-secret-{made.secret[:16]}"
        parts.control.put_app("", secret, now=int(time.time()), account_id=ACCOUNT)
        said = {
            "account_id": ACCOUNT,
            "client_id": made.client.id,
            "client_secret": made.secret,
            "webhook_secret": secret,
            "people": people,
            "days": days,
            "seed": seed,
        }
    if "feeder_id" not in said:
        feeder = parts.control.create_client(ACCOUNT, "demo feeder", now=int(time.time()), scopes=["facts:write"])
        said |= {"feeder_id": feeder.client.id, "feeder_secret": feeder.secret}
    organisation = sim.Organisation(seed=seed, people=people, account_id=ACCOUNT)
    for label, rows in fill(parts, organisation, now, days):
        on_loaded(label, rows)
    truth = sim.truth(organisation, until=now, days=said["days"])
    (parts.settings.data_dir / "truth.json").write_text(json.dumps(truth, indent=1, default=str) + "\n")
    said["filled_until"] = now.isoformat()
    return organisation, said


def sign_in_link(control: Control, said: dict[str, Any]) -> str:
    """An address that signs in to the demo's dashboard, as often as it is opened, for a month."""
    found = control.people.by_mail(MAIL)
    now = int(time.time())
    user = found[0] if found else control.people.create_user(ACCOUNT, "Demo", MAIL, now=now, role="admin")
    secret = control.people.make_link(ACCOUNT, user.id, now=now, seconds=30 * 86_400, once=False)
    return f"{said['base_url']}/sign-in/link?key={secret}"


async def live(organisation: Any, said: dict[str, Any]) -> None:
    """Let the day go on, once the server listens: webhooks to its door, and rows that no webhook tells."""
    while "base_url" not in said:
        await asyncio.sleep(0.05)
    began = datetime.fromisoformat(said["filled_until"])
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(sim.speak(organisation, f"{said['base_url']}/webhooks/zoom", said["webhook_secret"], since=began))
        tasks.create_task(sim.hand_in(organisation, said["base_url"], said["feeder_id"], said["feeder_secret"], since=began))


def curl(said: dict[str, Any], since: str, until: str) -> str:
    """A command that works as pasted: a token, then the newest past meetings."""
    base, key = said["base_url"], f"{said['client_id']}:{said['client_secret']}"
    return (
        f"TOKEN=$(curl -s -u '{key}' -d grant_type=account_credentials -d account_id={said['account_id']} \\\n"
        f'  {base}/oauth/token | grep -o \'"access_token":"[^"]*\' | cut -d\'"\' -f4)\n'
        f'curl -s -H "Authorization: Bearer $TOKEN" \\\n'
        f"  '{base}/v2/metrics/meetings?type=past&from={since}&to={until}&page_size=3'"
    )
