"""Why a minute was bad: the likely cause, by rule, with the numbers that speak for it.

Rules are asked in this order and the first that fits is the answer, because what many have in common explains more
than what one of them has besides:

1. `server side`: at this data centre at least 5 people of at least 3 sites had a bad minute, and at least half of all there.
2. `network of a site`: at this site at least 3 people had one, and at least half of all there.
3. `device CPU`: the device's processor was at 90 % or more, or reported high pressure.
4. `Wi-Fi`: on Wi-Fi, with a signal of -75 dBm or less; or of -67 dBm or less, and loss or jitter over its limit.
5. `network of one person`: loss, jitter or round trip over its limit, and fewer than half of the others at the site affected.
6. `unknown`.

Without a site (at home, say) the counts are 0, and nobody else is affected.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple


class Cause(StrEnum):
    """The likely cause of a bad minute."""

    SERVER = "server side"
    SITE = "network of a site"
    DEVICE = "device CPU"
    WIFI = "Wi-Fi"
    PERSON = "network of one person"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Around:
    """People at one place in one minute whose minute was judged, and how many of them had a bad one; oneself is among them.

    `sites` is at how many sites those with a bad one were; it is asked of a data centre only.
    """

    bad: int = 0
    everyone: int = 0
    sites: int = 0

    @property
    def half(self) -> bool:
        """Whether at least half of all were affected."""
        return 2 * self.bad >= self.everyone > 0


@dataclass(frozen=True)
class Situation:
    """A participant's bad minute, in the units of `qos_minutes`, with what happened around; None or empty is not known.

    `loss`, `jitter` and `latency` are the worst of the streams; `system_cpu` is the device's peak in 0.01 %;
    `network_type` is Zoom's word; `rssi` is the Wi-Fi signal in dBm.
    """

    loss: int | None = None
    jitter: int | None = None
    latency: int | None = None
    system_cpu: int | None = None
    cpu_pressure: str = ""
    network_type: str = ""
    rssi: int | None = None
    site: Around = Around()
    data_center: Around = Around()


class Finding(NamedTuple):
    """A likely cause, and a sentence with the numbers."""

    cause: Cause
    sentence: str


SERVER_PEOPLE: Final = 5
SERVER_SITES: Final = 3
SITE_PEOPLE: Final = 3
BUSY_CPU: Final = 9000
HIGH_PRESSURE: Final = frozenset({"high", "serious", "critical"})
"""Zoom documents no words for pressure: these are the likely one, and those of the browsers' Compute Pressure API."""
WIFI: Final = "wifi"
WEAK_RSSI: Final = -75
LOW_RSSI: Final = -67
"""Cisco plans Wi-Fi for voice with -67 dBm at a cell's edge; at -75 dBm, calls suffer whatever else is well."""
LOSS_LIMIT: Final = 200
JITTER_LIMIT: Final = 40
LATENCY_LIMIT: Final = 300
"""More is over the limit: 2 % and 40 ms by our own choice, and a round trip of twice the 150 ms one way of ITU-T G.114."""


def likely_cause(situation: Situation) -> Finding:
    """The likely cause of a bad minute."""
    cause = next((cause for cause, fits in RULES if fits(situation)), Cause.UNKNOWN)
    return Finding(cause, _sentence(cause, situation))


def _server_side(it: Situation) -> bool:
    there = it.data_center
    return there.bad >= SERVER_PEOPLE and there.sites >= SERVER_SITES and there.half


def _whole_site(it: Situation) -> bool:
    return it.site.bad >= SITE_PEOPLE and it.site.half


def _busy_device(it: Situation) -> bool:
    return (it.system_cpu or 0) >= BUSY_CPU or it.cpu_pressure.lower() in HIGH_PRESSURE


def _weak_signal(it: Situation) -> bool:
    if not _on_wifi(it) or it.rssi is None:
        return False
    return it.rssi <= WEAK_RSSI or (it.rssi <= LOW_RSSI and (_over(it.loss, LOSS_LIMIT) or _over(it.jitter, JITTER_LIMIT)))


def _one_line(it: Situation) -> bool:
    strained = _over(it.loss, LOSS_LIMIT) or _over(it.jitter, JITTER_LIMIT) or _over(it.latency, LATENCY_LIMIT)
    others, affected = max(0, it.site.everyone - 1), max(0, it.site.bad - 1)
    return strained and (others == 0 or 2 * affected < others)


RULES: Final[tuple[tuple[Cause, Callable[[Situation], bool]], ...]] = (
    (Cause.SERVER, _server_side),
    (Cause.SITE, _whole_site),
    (Cause.DEVICE, _busy_device),
    (Cause.WIFI, _weak_signal),
    (Cause.PERSON, _one_line),
)


def _on_wifi(it: Situation) -> bool:
    return it.network_type.lower() == WIFI


def _over(value: int | None, limit: int) -> bool:
    return value is not None and value > limit


def _sentence(cause: Cause, it: Situation) -> str:
    """The numbers over their limits, the network, and how many others had trouble."""
    seen = _device_facts(it) if cause is Cause.DEVICE else []
    seen += _line_facts(it)
    first = _joined(seen) or "no loss, jitter or delay to speak of"
    place = _data_center_fact(it.data_center) if cause is Cause.SERVER else _site_fact(it.site)
    return f"{first[0].upper()}{first[1:]}{_network(it)}{place}."


def _device_facts(it: Situation) -> list[str]:
    if it.system_cpu is not None and it.system_cpu >= BUSY_CPU:
        return [f"processor at {it.system_cpu / 100:g} %"]
    return [f"processor pressure {it.cpu_pressure.lower()}"]


def _line_facts(it: Situation) -> list[str]:
    facts = []
    if it.loss is not None and _over(it.loss, LOSS_LIMIT):
        facts.append(f"loss {it.loss / 100:g} %")
    if _over(it.jitter, JITTER_LIMIT):
        facts.append(f"jitter {it.jitter} ms")
    if _over(it.latency, LATENCY_LIMIT):
        facts.append(f"round trip {it.latency} ms")
    return facts


def _network(it: Situation) -> str:
    if _on_wifi(it):
        return " on Wi-Fi" + (f" at {it.rssi} dBm" if it.rssi is not None else "")
    return ""


def _site_fact(site: Around) -> str:
    return f"; {_count(site)} at this site {_were(site)} affected" if site.everyone else ""


def _data_center_fact(there: Around) -> str:
    return f"; {_count(there)} at this data centre, from {there.sites} sites, {_were(there)} affected"


def _count(there: Around) -> str:
    return f"{there.bad} of {there.everyone}"


def _were(there: Around) -> str:
    return "was" if there.bad == 1 else "were"


def _joined(facts: list[str]) -> str:
    return " and ".join([", ".join(facts[:-1]), facts[-1]] if len(facts) > 1 else facts)
