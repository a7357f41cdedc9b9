"""Which features meetings use, over time and by department."""

from __future__ import annotations
