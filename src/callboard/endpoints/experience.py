"""How meetings were felt: satisfaction, feedback, quality, and the clients they were had with."""

from __future__ import annotations
