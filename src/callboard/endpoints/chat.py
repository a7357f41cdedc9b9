"""Team chat: what each person sent and received."""

from __future__ import annotations
