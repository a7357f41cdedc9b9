"""Where people are: sites, data centres, the towns of guests, and how far one is from another."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Place:
    """A town on the globe, in degrees, named as Zoom names it: `Berlin (DE)`."""

    name: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Site:
    """An office: its share of the people, clock, internet line, and days off as (month, day).

    `public_ip` is the address that all of `public_net` is seen under; the homes around have the last bytes `home_ips`
    of 203.0.113.0/24 (RFC 5737 keeps these networks for examples).
    """

    name: str
    place: Place
    suburb: str
    timezone: str
    share: float
    isp: str
    public_net: str
    public_ip: str
    home_ips: range
    dial_code: str
    data_center: int
    holidays: tuple[tuple[int, int], ...]

    @property
    def country(self) -> str:
        """Two letters, as in `Berlin (DE)`."""
        return self.place.name[-3:-1]


DATA_CENTERS: Final = (
    Place("Germany (FR Top)", 50.11, 8.68),
    Place("United States (NY Top)", 40.71, -74.01),
    Place("United States (SC Top)", 37.35, -121.95),
    Place("Singapore (SG Top)", 1.35, 103.82),
)

SITES: Final = (
    Site(
        name="Berlin",
        place=Place("Berlin (DE)", 52.52, 13.41),
        suburb="Potsdam (DE)",
        timezone="Europe/Berlin",
        share=0.34,
        isp="Spreenetz",
        public_net="192.0.2.0/25",
        public_ip="192.0.2.10",
        home_ips=range(64, 112),
        dial_code="4930",
        data_center=0,
        holidays=((1, 1), (5, 1), (10, 3), (12, 25), (12, 26)),
    ),
    Site(
        name="Lisbon",
        place=Place("Lisbon (PT)", 38.72, -9.14),
        suburb="Sintra (PT)",
        timezone="Europe/Lisbon",
        share=0.16,
        isp="Tejo Fibra",
        public_net="192.0.2.128/25",
        public_ip="192.0.2.140",
        home_ips=range(112, 144),
        dial_code="35121",
        data_center=0,
        holidays=((1, 1), (4, 25), (5, 1), (6, 10), (12, 8), (12, 25)),
    ),
    Site(
        name="New York",
        place=Place("New York (US)", 40.75, -73.99),
        suburb="Jersey City (US)",
        timezone="America/New_York",
        share=0.26,
        isp="Hudson Fiber",
        public_net="198.51.100.0/25",
        public_ip="198.51.100.10",
        home_ips=range(144, 192),
        dial_code="1212",
        data_center=1,
        holidays=((1, 1), (6, 19), (7, 4), (11, 11), (12, 25)),
    ),
    Site(
        name="San Francisco",
        place=Place("San Francisco (US)", 37.77, -122.42),
        suburb="Oakland (US)",
        timezone="America/Los_Angeles",
        share=0.14,
        isp="Golden Gate Broadband",
        public_net="198.51.100.128/25",
        public_ip="198.51.100.140",
        home_ips=range(192, 224),
        dial_code="1415",
        data_center=2,
        holidays=((1, 1), (6, 19), (7, 4), (11, 11), (12, 25)),
    ),
    Site(
        name="Singapore",
        place=Place("Singapore (SG)", 1.29, 103.85),
        suburb="Johor Bahru (MY)",
        timezone="Asia/Singapore",
        share=0.10,
        isp="Lion City Telecom",
        public_net="203.0.113.0/26",
        public_ip="203.0.113.10",
        home_ips=range(224, 240),
        dial_code="6567",
        data_center=3,
        holidays=((1, 1), (5, 1), (8, 9), (12, 25)),
    ),
)

GUEST_IPS: Final = range(240, 255)
"""Last bytes of the guests' addresses in 203.0.113.0/24."""

GUEST_TOWNS: Final = (
    Place("Hamburg (DE)", 53.55, 9.99),
    Place("Paris (FR)", 48.86, 2.35),
    Place("London (GB)", 51.51, -0.13),
    Place("Toronto (CA)", 43.65, -79.38),
    Place("Chicago (US)", 41.88, -87.63),
    Place("Austin (US)", 30.27, -97.74),
    Place("Sydney (AU)", -33.87, 151.21),
    Place("Bengaluru (IN)", 12.97, 77.59),
    Place("Warsaw (PL)", 52.23, 21.01),
    Place("Zurich (CH)", 47.38, 8.54),
)


def kilometres(a: Place, b: Place) -> float:
    """Great-circle distance."""
    lat_a, lat_b = math.radians(a.latitude), math.radians(b.latitude)
    half_lat = (lat_b - lat_a) / 2
    half_lon = math.radians(b.longitude - a.longitude) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * 6371 * math.asin(math.sqrt(chord))


def round_trip_ms(a: Place, b: Place) -> float:
    """Latency of a good line between two places: light in glass takes 0.01 ms a kilometre both ways, routes wind by 1.6."""
    return 5 + 0.016 * kilometres(a, b)
