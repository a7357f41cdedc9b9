"""Minutes judged in SQL: what each minute of each join was in a profile, by the same limits as `quality`."""

from __future__ import annotations

from typing import Any, Final

from callboard.contract.errors import BadRequest
from callboard.endpoints.listing import IN_DAYS, IN_GROUP, LONGEST_DAY, MARGIN
from callboard.endpoints.registry import Context
from callboard.quality import PROFILES, Profile, verdict_sql
from callboard.settings import Settings
from callboard.store.tables import MEDIA, WAYS, minutes_between

METRICS: Final = ("bitrate", "latency", "jitter", "avg_loss", "max_loss")
PICTURE: Final = ("width", "height", "frame_rate")
POOR: Final = 3
"""The least verdict that makes a bad minute."""


def profile_named(name: str, settings: Settings) -> Profile:
    """A profile that comes with Callboard, or the account's own. Raises `BadRequest`."""
    known = PROFILES | settings.own_profiles()
    try:
        return known[name or settings.quality_profile]
    except KeyError:
        raise BadRequest(
            f"Invalid field: profile. There is no {name}.", [{"field": "profile", "message": f"Take one of {', '.join(known)}."}]
        ) from None


def score(medium: str) -> str:
    """The score of a medium in a minute, 0.01 of a point: its source's, else our own."""
    return f"coalesce({medium}_score, toUInt16({medium}_own) * 10)"


def verdict_of(profile: Profile, medium: str) -> str:
    """SQL of the verdict of a medium in a row of `qos_minutes`: 0 unjudged, 1 good to 4 bad."""
    rules = profile.media.get(medium)
    if rules is None:
        return "0"
    if all(limit.metric == "score" for limit in rules.limits):  # a score speaks of both ways at once
        return verdict_sql(profile, medium, {"bitrate": "1", "score": score(medium)})
    metrics = METRICS if medium == "audio" else METRICS + PICTURE
    ways = [{m: f"{medium}_{way}_{m}" for m in metrics} | {"score": score(medium)} for way in WAYS]
    return f"greatest({', '.join(verdict_sql(profile, medium, columns) for columns in ways)})"


OF_WHICH: Final = "uuid IN (SELECT uuid FROM instances)"
OF_UUIDS: Final = "uuid IN {uuids:Array(String)}"
"""Some instances, instead of those in `instances`."""
OF_INSTANCES: Final = f"{OF_WHICH} AND {IN_DAYS}"
"""Minutes of the instances in `instances` (a subquery named so), which began in a range."""
IN_SPAN: Final = minutes_between("{begin:UInt32}", "{end:UInt32}")
"""All minutes of a range."""


def judged(profile: Profile, more: str = "", which: str = OF_INSTANCES, *, few: bool = False) -> str:
    """SQL of the minutes of some instances, or of a range, each with its verdicts.

    Columns: `uuid`, `user_id`, `minute`, `audio`, `video`, `sharing`, `worst`, and `more`. Where `which` means few of the
    minutes that lie beside each other, and speaks of the key only, `few` reads no more than the key of all others.
    """
    audio, video, sharing = (verdict_of(profile, medium) for medium in MEDIA)
    return f"""
  SELECT uuid, user_id, minute, {audio} AS audio, {video} AS video, {sharing} AS sharing,
         greatest(audio, video, sharing) AS worst{more}
  FROM qos_minutes FINAL
  {"PREWHERE" if few else "WHERE"} account_id = {{account:String}} AND leg = 'cloud' AND {which}"""


def instances(context: Context, kind: str) -> str:
    """SQL of the instances that began in a range, those of the caller's groups if it has some: the subquery `instances`.

    Columns: `uuid`, `kind`, `begun` (Unix seconds) and `host_id`.
    """
    of_kind = "AND kind = {kind:String}" if kind else ""
    groups = f" AND {IN_GROUP}" if context.caller.groups else ""
    return f"""
  SELECT uuid, any(kind) AS kind, toUnixTimestamp(min(start_time)) AS begun, max(host_id) AS host_id
  FROM meetings
  WHERE account_id = {{account:String}} {of_kind}
    AND start_time >= {{begin:UInt32}} - {MARGIN} AND start_time < {{end:UInt32}} + {MARGIN}
  GROUP BY uuid HAVING begun >= {{begin:UInt32}} AND begun < {{end:UInt32}}{groups}"""


GOING_ON: Final = f"""
  SELECT uuid, any(kind) AS kind, toUnixTimestamp(min(start_time)) AS begun, max(host_id) AS host_id
  FROM meetings
  WHERE account_id = {{account:String}} AND start_time >= {{begin:UInt32}} - {LONGEST_DAY} AND start_time < {{end:UInt32}}
    AND {OF_UUIDS}
  GROUP BY uuid"""
"""SQL of those of `uuids` that may have minutes in a range, instead of `instances`."""
IN_SPAN_OF: Final = f"""
-- minutes.in_span_of: instances that have minutes in a range
SELECT DISTINCT uuid FROM qos_minutes WHERE account_id = {{account:String}} AND {IN_SPAN}
"""


def going_on(context: Context, begin: int, end: int) -> list[str]:
    """The instances of everyone that have minutes in a range."""
    asked = {"account": context.caller.account_id, "begin": begin, "end": end}
    return [uuid for (uuid,) in context.store.ask(IN_SPAN_OF, asked).rows]


def asked(context: Context, kind: str, begin: int, end: int) -> dict[str, Any]:
    """What these questions are asked with."""
    account, groups = context.caller.account_id, sorted(context.caller.groups)
    return {"account": account, "kind": kind, "begin": max(MARGIN, begin), "end": end, "groups": groups}


LONGEST_RUN: Final = (
    "if(empty(bad_minutes), 0, arrayMax(arrayMap(run -> length(run), "
    "arraySplit((at, gap) -> gap != 60, bad_minutes, arrayDifference(bad_minutes)))))"
)
"""Most minutes in a row of the sorted array `bad_minutes` (Unix seconds)."""


MEANS: Final = f"""
-- minutes.means: the mean score of the minutes of each join
SELECT user_id, {", ".join(f"round(avg({score(m)}))" for m in MEDIA)}
FROM qos_minutes FINAL
WHERE account_id = {{account:String}} AND leg = 'cloud' AND {IN_DAYS} AND uuid = {{uuid:String}}
  AND user_id IN {{users:Array(String)}}
GROUP BY user_id
"""


def means(context: Context, uuid: str, begun: int, users: list[str]) -> dict[str, list[int | None]]:
    """By join of an instance: the mean score of audio, video and sharing, 0.01 of a point, for joins that nobody summed up."""
    asked = {"account": context.caller.account_id, "uuid": uuid, "users": users, "begin": begun, "end": begun}
    return {user: scores for user, *scores in context.store.ask(MEANS, asked).rows}
