"""Zoom Rooms: what they are, what is wrong with them, and which meetings they were in."""

from __future__ import annotations
