"""Past meetings and webinars by their number."""

from __future__ import annotations
