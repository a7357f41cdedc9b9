"""Webinars: registered against attended, who stayed, and what the host did for it."""

from __future__ import annotations
