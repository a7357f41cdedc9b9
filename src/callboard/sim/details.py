"""What Zoom tells of each join besides its times: the person, the device, the network. Empty text where it says nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from callboard.sim import names
from callboard.sim.agenda import WEBINAR
from callboard.sim.clients import block_of, version_of
from callboard.sim.day import Day
from callboard.sim.organisation import ANDROID, DEVICES, IOS, MAC, PHONE, ROOM, WINDOWS, Flags, Ints, Organisation, Texts
from callboard.sim.places import DATA_CENTERS, GUEST_IPS, GUEST_TOWNS, SITES
from callboard.sim.presence import CELLULAR, DIAL_IN, HOME_WIFI, NETWORKS, OFFICE_WIFI, texts
from callboard.sim.registrations import enrolled

CLIENT: Final = "Zoom Workplace"
DOMAIN: Final = "corp.example.com"
CONNECTIONS: Final = ("UDP", "TCP", "SSL", "SSL+Proxy")
CONNECTION_SHARES: Final = (0.94, 0.03, 0.02, 0.01)
CLIENTS: Final = dict.fromkeys(("Windows", "Mac", "iOS", "Android"), CLIENT) | {"H.323/SIP": "SIP", "Zoom Rooms": "Zoom Rooms"}
COMPUTERS: Final = (WINDOWS, MAC)


@dataclass(frozen=True, eq=False)
class Details:
    """Texts of a day's joins, an element a join; `is_host` where the host's own account joined."""

    name: Texts
    email: Texts
    participant_user_id: Texts
    registrant_id: Texts
    phone_number: Texts
    device: Texts
    location: Texts
    network_type: Texts
    microphone: Texts
    speaker: Texts
    camera: Texts
    data_center: Texts
    connection_type: Texts
    pc_name: Texts
    domain: Texts
    mac_addr: Texts
    version: Texts
    ip_address: Texts
    internal_ip_address: Texts
    device_name: Texts
    client: Texts
    is_host: Flags


@lru_cache(maxsize=4)
def details_of(day: Day) -> Details:
    """The texts of all joins of a day."""
    rng = day.org.dice("details", day.date)
    columns = {**_person(day, rng), **_hardware(day), **_network(day, rng)}
    host = day.org.roster.user_id[day.meetings.host[day.joins.meeting]]
    return Details(**columns, is_host=columns["participant_user_id"] == host)


def _pick(where: Flags, yes: NDArray[Any], no: NDArray[Any] | str = "") -> Texts:
    return np.where(where, yes, no).astype(object)


def _words(table: Sequence[str], index: Ints) -> Texts:
    return texts(list(table))[index]


def _person(day: Day, rng: np.random.Generator) -> Mapping[str, Texts]:
    joins, roster, guests = day.joins, day.org.cast, day.guests
    staff, phone = joins.person >= 0, joins.device == PHONE
    number = _phone_numbers(day, rng)
    masked = texts([f"{n[:-7]}***{n[-4:]}" if n else "" for n in number])
    guest = guests.name[joins.guest] if len(guests.name) else np.full(len(joins), "", object)
    mail = guests.email[joins.guest] if len(guests.email) else np.full(len(joins), "", object)
    return {
        "name": _pick(phone, masked, _pick(staff, roster.name[joins.person], guest)),
        "email": _pick(phone, texts([""] * len(joins)), _pick(staff, roster.email[joins.person], mail)),
        "participant_user_id": _pick(staff & ~phone, roster.user_id[joins.person]),
        "registrant_id": _pick(~phone, _registrations(day)),
        "phone_number": number,
    }


def _registrations(day: Day) -> Texts:
    """The registration that each join was made with: of guests their own, of staff the one for this webinar."""
    joins, found = day.joins, texts([""] * len(day.joins))
    if len(day.guests.registrant):
        found = _pick(joins.guest >= 0, day.guests.registrant[joins.guest])
    of_number = {number: enrolment.staff for number, enrolment in enrolled(day.org, day.date).items()}
    for row in np.flatnonzero((day.meetings.kind[joins.meeting] == WEBINAR) & (joins.person >= 0)).tolist():
        of_staff = of_number.get(int(day.meetings.number[joins.meeting[row]]), {})
        found[row] = of_staff.get(int(joins.person[row]), "")
    return found


def _phone_numbers(day: Day, rng: np.random.Generator) -> Texts:
    site = np.where(day.joins.person >= 0, day.org.cast.site[day.joins.person], 0)
    digits = rng.integers(1_000_000, 9_999_999, len(site))
    return _pick(day.joins.device == PHONE, texts([f"{SITES[s].dial_code}{d}" for s, d in zip(site, digits, strict=True)]))


def _hardware(day: Day) -> Mapping[str, Texts]:
    joins, roster = day.joins, day.org.cast
    staff, room = joins.person >= 0, joins.device == ROOM
    own = (joins.device < PHONE) | room
    computer = staff & np.isin(joins.device, COMPUTERS)
    mobile = staff & np.isin(joins.device, (IOS, ANDROID))
    kit = np.where(staff, roster.kit[joins.person], joins.guest % 4)
    current = version_of(block_of(day.org, day.date))
    return {
        "device": _words(DEVICES, joins.device),
        "microphone": _kit(names.MICROPHONES, joins.device, kit),
        "speaker": _kit(names.SPEAKERS, joins.device, kit),
        "camera": _kit(names.CAMERAS, joins.device, kit),
        "device_name": _kit(names.MODELS, joins.device, kit),
        "pc_name": _pick(computer | room, roster.pc_name[joins.person]),
        "domain": _pick(computer | room, np.full(len(joins), DOMAIN, object)),
        "mac_addr": _pick(computer | room, roster.mac_addr[joins.person], _pick(mobile, roster.mobile_mac[joins.person])),
        "version": _pick(own, _pick(computer, day.clients.version[joins.person], np.full(len(joins), current, object))),
        "client": _words([CLIENTS.get(name, "") for name in DEVICES], joins.device),
    }


def _kit(models: Mapping[str, Sequence[str]], device: Ints, kit: Ints) -> Texts:
    """The hardware of one sort that goes with each device; telephones and room systems tell nothing."""
    table = [models.get(name, ("",)) for name in DEVICES]
    return texts([table[d][k % len(table[d])] for d, k in zip(device.tolist(), kit.tolist(), strict=True)])


def _network(day: Day, rng: np.random.Generator) -> Mapping[str, Texts]:
    joins = day.joins
    heard = joins.device != PHONE
    return {
        "location": _locations(day),
        "network_type": _pick(heard, _words(NETWORKS, joins.place)),
        "data_center": _words([c.name for c in DATA_CENTERS], day.meetings.data_center[joins.meeting]),
        "connection_type": _pick(heard, _words(CONNECTIONS, rng.choice(4, len(joins), p=CONNECTION_SHARES))),
        "ip_address": _pick(heard, _public_addresses(day)),
        "internal_ip_address": _pick(heard, _inner_addresses(day)),
    }


def _locations(day: Day) -> Texts:
    joins, roster = day.joins, day.org.cast
    site = roster.site[joins.person]
    # A third of the people live out of town.
    suburban = (joins.place >= HOME_WIFI) & (joins.place <= CELLULAR) & (joins.person % 3 == 0)
    home = _pick(suburban, _words([s.suburb for s in SITES], site), _words([s.place.name for s in SITES], site))
    town = day.guests.town[joins.guest] if len(day.guests.town) else np.zeros(len(joins), np.int64)
    return _pick(joins.person >= 0, home, _words([t.name for t in GUEST_TOWNS], town))


def _public_addresses(day: Day) -> Texts:
    """Offices have one address each, homes one of their provider's, mobile networks IPv6."""
    joins, roster = day.joins, day.org.cast
    offices, homes, mobiles = _addresses(day.org)
    staff = joins.person >= 0
    guest = texts([f"203.0.113.{GUEST_IPS[g % len(GUEST_IPS)]}" for g in joins.guest.tolist()])
    home = _pick(joins.place == CELLULAR, mobiles[joins.person], homes[joins.person])
    return _pick(staff, _pick(joins.place <= OFFICE_WIFI, offices[roster.site[joins.person]], home), guest)


@lru_cache(maxsize=8)
def _addresses(org: Organisation) -> tuple[Texts, Texts, Texts]:
    homes = [f"203.0.113.{SITES[p.site].home_ips[i % len(SITES[p.site].home_ips)]}" for i, p in enumerate(org.everyone)]
    mobiles = [f"2001:db8:{p.site + 1:x}:{i:x}::1" for i, p in enumerate(org.everyone)]
    return texts([s.public_ip for s in SITES]), texts(homes), texts(mobiles)


@lru_cache(maxsize=8)
def _wireless(org: Organisation) -> Texts:
    parts = [p.address.split(".") for p in org.everyone]
    return texts([f"{a}.{b}.{100 + int(c)}.{d}" for a, b, c, d in parts])


def _inner_addresses(day: Day) -> Texts:
    """The device's own address: the office's Wi-Fi is another network than its wire."""
    joins, roster = day.joins, day.org.cast
    wired = roster.address[joins.person]
    wifi = _wireless(day.org)[joins.person]
    at = [joins.place == OFFICE_WIFI, joins.place < OFFICE_WIFI, (joins.place < CELLULAR), joins.place == DIAL_IN]
    inside = np.select(at, [wifi, wired, roster.home_address[joins.person], texts([""] * len(joins))], "100.64.0.7")
    return _pick(joins.person >= 0, inside)
