"""The account's users, and what they host and planned."""

from __future__ import annotations
