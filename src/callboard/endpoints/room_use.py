"""How rooms are used: utilisation, peaks, health, bookings, and people against seats."""

from __future__ import annotations
