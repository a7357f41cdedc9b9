"""What a mirror costs under each rate policy, against reading the same through the API each time.

`python -m bench.sync --write docs/sync.md`: counts come from a simulated organisation; the planner that makes calls of them is
checked against mirrors of a smaller one, made for real against the server itself, in a time that passes by waiting only.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

from starlette.testclient import TestClient

from callboard import sim
from callboard.app import Parts, make_app, make_desk, own_folder
from callboard.contract.access import BASIC
from callboard.contract.features import SHARE, Feature
from callboard.control import Item, Source
from callboard.demo import fill
from callboard.settings import read_settings
from callboard.sync import plan
from callboard.sync.budget import Budget
from callboard.sync.client import Upstream
from callboard.sync.listings import KINDS
from callboard.sync.run import Mirror, Options

UNTIL = datetime(2026, 11, 20, tzinfo=UTC)
POLICIES = ("documented", "zoom-pro", "zoom-business")
READ = ("list_meetings", "list_webinars", "_participants", "_participants_qos")
"""What a dashboard of quality reads."""
BEGIN, END = "<!-- made by bench.sync -->", "<!-- end -->"
INSTANCES = """
SELECT uuid, kind, toDate(min(start_time)) AS day, ifNull(min(first_person) = max(last_person), 0) AS solo,
       groupBitOr(features) AS said, any(joined.joins) AS joins, any(joined.used) AS used, max(host_id) AS host
FROM meetings LEFT JOIN (
  SELECT uuid, uniqExact(user_id) AS joins, groupBitOr(features) AS used FROM participants
  WHERE account_id = {account:String} GROUP BY uuid) AS joined USING (uuid)
WHERE account_id = {account:String} GROUP BY uuid, kind
"""


def counts(parts: Parts, account: str, first: date, last: date, users: int, rooms: int) -> plan.Counts:
    """How much there is of an account: counted, not estimated."""
    items = []
    for uuid, kind, day, solo, said, joins, used, host in parts.store.ask(INSTANCES, {"account": account}, wide=True).rows:
        state, features = ("pastOne" if solo else "past"), said | used
        about = {"state": state, "joins": joins, "in_reports": not solo, "detail": bool(solo) or not host}
        about |= {"shared": bool(features & SHARE), "poll": bool(said & Feature.POLL), "survey": bool(said & Feature.SURVEY)}
        items.append(Item(day, kind, uuid, about | {"qa": kind == "webinar" or bool(said & Feature.QA)}))
    return plan.Counts(first, last, items, 1.0, users, rooms)


class Time:
    """A time that passes by waiting only."""

    stopped = False

    def __init__(self, at: float) -> None:
        self.at = at

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at = max(self.at, self.at + seconds)

    @contextmanager
    def everywhere(self) -> Iterator[None]:
        """The server's limits go by it too."""
        said = SimpleNamespace(time=self.now)
        with patch("limits.storage.memory.time", said), patch("callboard.api.limits.time", said):
            yield


def mirror(parts: Parts, account: str, policy: str, first: date, last: date) -> tuple[int, int, float]:
    """Mirror an account for real: calls, calls refused, and seconds that had to be waited."""
    clock = Time((datetime.combine(last, datetime.min.time(), UTC) + timedelta(days=4)).timestamp())
    limited = parts.settings.model_copy(update={"rate_policy": policy})
    here = replace(parts, settings=limited)
    client = parts.control.create_client(account, "mirror", now=1, scopes=[BASIC, "report:read:admin", "user:read:admin"])
    into = f"{account}-{policy}"
    source = Source(into, into, "http://testserver", "", account, client.client.id, client.secret)
    with TestClient(make_app(here, make_desk(here))) as http, clock.everywhere():
        budget = Budget(clock)
        options = Options(first, last, workers=1, live=False)
        made = Mirror(
            source,
            Upstream(source, http, clock, budget),
            store=parts.store,
            writer=parts.writer,
            book=parts.control.syncing,
            clock=clock,
            options=options,
        )
        began = clock.at
        made.run()
    return made.progress.calls, budget.refused, clock.at - began


def loaded(parts: Parts, people: int, days: int, account: str) -> tuple[plan.Counts, date, date]:
    """A simulated organisation in the folder, and how much there is of it."""
    org = sim.Organisation(seed=1, people=people, account_id=account)
    for _ in fill(parts, org, UNTIL, days):
        pass
    first, last = (UNTIL - timedelta(days=days)).date(), (UNTIL - timedelta(days=1)).date()
    return counts(parts, account, first, last, people, len(org.rooms)), first, last


def told(found: plan.Counts) -> Iterator[str]:
    """What there is, and what it costs under each policy."""
    planned = plan.plan(found)
    calls, joins = plan.by_rate(planned), sum(item.about["joins"] for item in found.instances)
    instances = len(found.instances)
    yield f"{instances:,} meetings and webinars with {joins:,} joins in {found.days} days, {found.users:,} users."
    yield ""
    yield "| Calls of a whole mirror | |\n| --- | ---: |"
    for one in sorted(planned, key=lambda one: -one.calls)[:8]:
        yield f"| `{one.listing.name}` | {one.calls:,} |"
    yield f"| all {len(planned)} listings | {sum(calls.values()):,} |"
    yield ""
    again = [one for one in planned if one.listing.of in (*KINDS, "day") and one.listing.endpoint.endswith(READ)]
    read = plan.by_rate(again)
    yield "| Policy | A whole mirror, once | Lists, joins and quality read through the API, each time | Read from the mirror |"
    yield "| --- | --- | --- | --- |"
    for policy in POLICIES:
        whole, part = plan.seconds(calls, policy), plan.seconds(read, policy)
        once, each = (f"{sum(of.values()):,} calls, {span(took)}" for of, took in ((calls, whole), (read, part)))
        yield f"| `{policy}` | {once} | {each} | 0 calls |"


def span(seconds: float) -> str:
    """A time as people say it."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{seconds / 3600:.1f} h" if seconds >= 5400 else f"{seconds / 60:.0f} min"


def checked(parts: Parts, people: int, days: int) -> Iterator[str]:
    """The planner against a real mirror of a smaller organisation."""
    found, first, last = loaded(parts, people, days, "small")
    calls = plan.by_rate(plan.plan(found))
    yield f"{len(found.instances):,} meetings and webinars of {people} people in {days} days, mirrored for real:"
    yield ""
    yield "| Policy | Planned | Made | Waited |\n| --- | --- | --- | --- |"
    for policy in POLICIES:
        made, refused, waited = mirror(parts, "small", policy, first, last)
        planned = f"{sum(calls.values()):,} calls, {span(plan.seconds(calls, policy))}"
        yield f"| `{policy}` | {planned} | {made:,} calls, {refused} of them refused first | {span(waited)} |"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, default=500)
    asked.add_argument("--days", type=int, default=30)
    asked.add_argument("--check-people", type=int, default=40)
    asked.add_argument("--check-days", type=int, default=2)
    asked.add_argument("--write", type=Path, help="a page with the two marks between which it is written")
    given = asked.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        own_folder(read_settings({}, data_dir=Path(folder), commit_timeout_ms=60_000)) as parts,
    ):
        lines = [
            *told(loaded(parts, given.people, given.days, "large")[0]),
            "",
            *checked(parts, given.check_people, given.check_days),
        ]
    page = "\n".join(lines)
    print(page)
    if given.write:
        text = given.write.read_text()
        head, _, rest = text.partition(BEGIN)
        given.write.write_text(f"{head}{BEGIN}\n\n{page}\n\n{END}{rest.partition(END)[2]}")


if __name__ == "__main__":
    main()
