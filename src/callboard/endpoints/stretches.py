"""One instance's joins with their bad minutes put together to stretches."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from callboard.endpoints import minutes
from callboard.endpoints.causes import DEVICE, LINE, BadMinute, caused
from callboard.endpoints.instances import Instance
from callboard.endpoints.params import instant
from callboard.endpoints.registry import Context
from callboard.quality import Profile, Summary, Verdict, health, percentile, summarise

BUSY: Final = 9000
ISSUES: Final = ("Unstable audio quality", "Unstable video quality", "Poor screen share quality")
"""Zoom's words, by medium."""
BUSY_ISSUE: Final = "High CPU usage"
MEDIA: Final = ("audio", "video", "sharing")

OWN: Final = """
-- stretches.own: every minute of one instance, judged
WITH instances AS (SELECT {uuid:String} AS uuid),
judged AS ({judged})
SELECT user_id, name, toUnixTimestamp(minute), audio, video, sharing, loss, jitter, latency, cpu FROM judged
LEFT JOIN (SELECT user_id, max(name).2 AS name FROM participants
  WHERE account_id = {account:String} AND uuid = {uuid:String} GROUP BY user_id) AS who USING user_id
ORDER BY length(user_id), user_id, minute
"""


@dataclass(frozen=True)
class Made:
    """Joins as rows, the hardest hit first, and the figures of all: joins, hit, judged, bad, unjudged, longest run."""

    joins: list[list[Any]]
    total: tuple[int, ...]


def joins_with_stretches(context: Context, profile: Profile, instance: Instance) -> Made:
    """The joins of an instance with their figures, and why they had bad minutes."""
    end = instance.ended if instance.ended is not None else context.now
    asked = minutes.asked(context, "", instance.begun, end) | {"uuid": instance.uuid}
    rows = context.store.ask(OWN.replace("{judged}", minutes.judged(profile, LINE + DEVICE)), asked).rows
    bad: dict[str, list[BadMinute]] = defaultdict(list)
    if any(max(row[3:6]) >= minutes.POOR for row in rows):
        for minute in caused(context, profile, asked, only=instance.uuid):
            bad[minute.user_id].append(minute)
    made = [_join(list(own), bad[user]) for user, own in groupby(rows, lambda row: row[0])]
    summaries = [summary for summary, _ in made]
    total = (
        len(made),
        sum(1 for s in summaries if s.bad),
        sum(s.judged for s in summaries),
        sum(s.bad for s in summaries),
        sum(s.unjudged for s in summaries),
        max((s.longest_run for s in summaries), default=0),
    )
    made.sort(key=lambda join: (-join[0].bad, len(join[1][0]), join[1][0]))
    return Made([row for _, row in made], total)


def _join(own: list[list[Any]], bad: list[BadMinute]) -> tuple[Summary, list[Any]]:
    user, name = own[0][:2]
    summary = summarise({row[2] // 60: Verdict(max(row[3:6])) for row in own})
    loss, jitter, latency = (percentile([None if row[n] < 0 else row[n] for row in own]) for n in (6, 7, 8))
    row = [user, name, summary.judged, summary.bad, summary.unjudged, round(summary.share or 0.0, 4), summary.longest_run]
    row += [latency or 0, jitter or 0, (loss or 0) / 100, health(summary), issues([r[3:6] for r in own], [r[9] for r in own])]
    return summary, [*row, stretches(bad)]


def issues(verdicts: list[Any], loads: list[int | None]) -> list[str]:
    """What was wrong in Zoom's words, from the verdicts of each minute by medium, and the processor's load in 0.01 %."""
    found = [word for n, word in enumerate(ISSUES) if any(v[n] >= minutes.POOR for v in verdicts)]
    return found + ([BUSY_ISSUE] if any((load or 0) >= BUSY for load in loads) else [])


def stretches(bad: list[BadMinute]) -> list[list[Any]]:
    """Bad minutes in a row with one cause: start, minutes, media, cause, and the sentence of the worst of them."""
    made: list[list[BadMinute]] = []
    for minute in bad:
        last = made[-1][-1] if made else None
        if last and last.minute + 60 == minute.minute and last.finding.cause == minute.finding.cause:
            made[-1].append(minute)
        else:
            made.append([minute])
    return [_stretch(run) for run in made]


def _stretch(run: list[BadMinute]) -> list[Any]:
    media = [word for n, word in enumerate(MEDIA) if any(minute.verdicts[n] >= minutes.POOR for minute in run)]
    worst = max(run, key=lambda minute: (max(minute.verdicts), sum(minute.verdicts), -minute.minute))
    return [instant(run[0].minute), len(run), media, str(worst.finding.cause), worst.finding.sentence]
