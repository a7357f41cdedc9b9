"""Bad minutes with their likely causes: each is seen beside all others of its moment, at its site and its data centre."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from callboard.endpoints import minutes
from callboard.endpoints.registry import Context
from callboard.quality import Around, Finding, Profile, Situation, likely_cause
from callboard.store.tables import MEDIA, PARTICIPANTS, PEOPLE, WAYS

LATE_SECONDS: Final = 3600
"""How long after an instance's end minutes of it are looked for."""
_STREAMS: Final = tuple(f"{medium}_{way}" for medium in MEDIA for way in WAYS)


def worst_of(metric: str) -> str:
    """SQL of the greatest value that any stream of a minute has of a metric; NULL where none has one."""
    return f"arrayMax([{', '.join(f'ifNull({stream}_{metric}, -1)' for stream in _STREAMS)}])"


LINE: Final = "".join(
    f", {worst_of(metric)} AS {name}" for metric, name in (("avg_loss", "loss"), ("jitter", "jitter"), ("latency", "latency"))
)
DEVICE: Final = ", system_max_cpu_usage AS cpu, system_max_cpu_pressure_level AS pressure, avg_rssi AS rssi"

OF_SPAN: Final = f"{minutes.IN_SPAN} AND {minutes.OF_UUIDS}"
_PLACES: Final = f"""
  SELECT uuid, user_id, ifNull(max(participant_user_id), '') AS person, ifNull(max(name).2, '') AS shown,
         {
    ", ".join(
        f"ifNull({PARTICIPANTS[name].merged}, '') AS {name}"
        for name in ("network_type", "location", "ip_address", "device", "os", "version", "data_center", "connection_type")
    )
}
  FROM participants WHERE account_id = {{account:String}} AND {minutes.OF_WHICH}
  GROUP BY uuid, user_id"""

BAD: Final = f"""
-- causes.bad: bad minutes, each with its numbers and with how many others were affected
WITH instances AS ({{instances}}),
judged AS ({{judged}}),
together AS (
  SELECT j.*, p.*, i.kind AS kind, i.begun AS begun, i.host_id AS host_id,
         countIf({{medium}} >= {minutes.POOR}) OVER site AS site_bad, count() OVER site AS site_all,
         countIf({{medium}} >= {minutes.POOR}) OVER center AS center_bad, count() OVER center AS center_all,
         uniqExactIf(p.ip_address, {{medium}} >= {minutes.POOR}) OVER center AS center_sites
  FROM judged AS j
  INNER JOIN instances AS i ON i.uuid = j.uuid
  LEFT JOIN ({_PLACES}) AS p ON p.uuid = j.uuid AND p.user_id = j.user_id
  WHERE {{medium}} > 0
  WINDOW site AS (PARTITION BY minute, p.ip_address), center AS (PARTITION BY minute, p.data_center))
SELECT p.uuid, p.user_id, toUnixTimestamp(minute), audio, video, sharing, loss, jitter, latency, cpu, pressure, rssi,
       network_type, p.ip_address, site_bad, site_all, data_center, center_bad, center_all, center_sites, {{values}}
FROM together AS p
{{people}}
WHERE {{medium}} >= {minutes.POOR} {{only}}
ORDER BY p.uuid, p.user_id, minute
"""
PERSON: Final = f"""LEFT JOIN (SELECT user_id, {PEOPLE.merged("location", "dept")}
  FROM people WHERE account_id = {{account:String}} GROUP BY user_id) AS w ON w.user_id = p.person"""
HOST: Final = f"""LEFT JOIN (SELECT user_id, {PEOPLE.merged("name")}
  FROM people WHERE account_id = {{account:String}} GROUP BY user_id) AS h ON h.user_id = p.host_id"""


@dataclass(frozen=True)
class BadMinute:
    """A bad minute of one join: when (Unix seconds), verdicts by medium, its cause, and the values asked for."""

    uuid: str
    user_id: str
    minute: int
    verdicts: tuple[int, int, int]
    finding: Finding
    values: list[str]


def caused(
    context: Context,
    profile: Profile,
    asked: dict[str, Any],
    *,
    medium: str = "worst",
    values: Mapping[str, str] | None = None,
    kind: str = "",
    only: str = "",
    overlapping: bool = False,
) -> Iterator[BadMinute]:
    """The bad minutes of the instances that began in a range, each with its cause.

    With `only`, those of the instance with this uuid, which went on in that range; with `overlapping`, of all that went
    on in it. `values` are SQL expressions to be told with each.
    """
    told = ", ".join(f"toString({sql.replace('i.', 'p.')})" for sql in (values or {}).values())
    people = "\n".join(join for join, alias in ((PERSON, "w."), (HOST, "h.")) if alias in told)
    asked = asked | {"uuid": only}
    span = bool(only) or overlapping
    if span:
        asked["end"] += LATE_SECONDS
        asked["uuids"] = minutes.going_on(context, asked["begin"], asked["end"])
    sql = (
        BAD.replace("{values}", f"[{told}]" if told else "emptyArrayString()")
        .replace("{people}", people)
        .replace("{only}", "AND p.uuid = {uuid:String}" if only else "")
        .replace("{medium}", medium)
        .replace("{judged}", minutes.judged(profile, LINE + DEVICE, OF_SPAN if span else minutes.OF_INSTANCES))
        .replace(minutes.OF_WHICH, minutes.OF_UUIDS if span else minutes.OF_WHICH)
        .replace("{instances}", minutes.GOING_ON if span else minutes.instances(context, kind))
    )
    for row in context.store.ask(sql, asked, wide=True).rows:
        yield _bad_minute(row)


def _bad_minute(row: list[Any]) -> BadMinute:
    uuid, user_id, minute, audio, video, sharing, loss, jitter, latency, cpu, pressure, rssi, network, *rest = row
    address, site_bad, site_all, center, center_bad, center_all, center_sites, values = rest
    situation = Situation(
        loss=_known(loss),
        jitter=_known(jitter),
        latency=_known(latency),
        system_cpu=cpu,
        cpu_pressure=pressure or "",
        network_type=network,
        rssi=rssi,
        site=Around(site_bad, site_all) if address else Around(),
        data_center=Around(center_bad, center_all, center_sites) if center else Around(),
    )
    return BadMinute(uuid, user_id, minute, (audio, video, sharing), likely_cause(situation), values)


def _known(value: int) -> int | None:
    return None if value < 0 else value
