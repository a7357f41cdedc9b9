"""Bad minutes: how many, of what, and why."""

from __future__ import annotations
