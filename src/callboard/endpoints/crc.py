"""Room connector ports, hour by hour, and recordings beside them."""

from __future__ import annotations
