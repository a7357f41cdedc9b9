"""Apply raw events again, after a mapping was improved. Facts merge, so what was right stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import orjson

from callboard.export.text import lines
from callboard.ingest import zoom_webhook
from callboard.ingest.facts import Fact
from callboard.store.store import Store
from callboard.store.writer import Writer

RAW = """
-- replay.raw: bodies as they were received
SELECT account_id, event, toUnixTimestamp64Milli(event_time) AS at, toUnixTimestamp64Milli(received_at) AS received, body
FROM raw_events FINAL
WHERE source = 'zoom' AND event_time >= {since:UInt32} AND ({event:String} = '' OR event = {event:String})
"""
COUNT = """
-- replay.count: how many there are
SELECT count() FROM raw_events FINAL
WHERE source = 'zoom' AND event_time >= {since:UInt32} AND ({event:String} = '' OR event = {event:String})
"""
BATCH = 2000


@dataclass
class Replayed:
    """What came of it."""

    events: int = 0
    applied: int = 0
    kept: int = 0
    refused: int = 0


def count(store: Store, since: int, event: str) -> int:
    """How many raw events a replay would apply."""
    return int(store.ask(COUNT, {"since": since, "event": event}, wide=True).rows[0][0])


def replay(store: Store, writer: Writer, since: int, event: str, progress: Callable[[int], None]) -> Replayed:
    """Apply the raw events since a Unix time, of one name if `event` is given; tells `progress` how many more are done."""
    done = Replayed()
    facts: list[Fact] = []
    waiting = 0
    for line in lines(store.stream(RAW, {"since": since, "event": event}, "JSONEachRow")):
        facts += _again(orjson.loads(line), done)
        waiting += 1
        if waiting == BATCH:
            writer.add(facts).wait()
            progress(waiting)
            facts, waiting = [], 0
    if facts:
        writer.add(facts).wait()
    progress(waiting)
    return done


def _again(row: dict[str, str], done: Replayed) -> list[Fact]:
    done.events += 1
    body, received = row["body"].encode(), int(row["received"]) / 1000
    try:
        event = zoom_webhook.parse(orjson.loads(body), received, row["account_id"])
    except (zoom_webhook.NotUnderstood, orjson.JSONDecodeError):
        done.refused += 1
        return []
    verdict = "applied" if event.facts else "kept"
    setattr(done, verdict, getattr(done, verdict) + 1)
    return [*event.facts, zoom_webhook.raw(body, event.account_id, event.name, event.at, received, verdict)]
