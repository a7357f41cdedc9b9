"""What the contract's tests need of this family: what happens, what is loaded, and what is asked."""

from __future__ import annotations

from typing import Any

EVENTS: list[dict[str, Any]] = []
"""Webhooks that happen in the account."""

ROWS: dict[str, list[dict[str, Any]]] = {}
"""Rows that are loaded, by table: what no webhook tells."""

REQUESTS: dict[str, list[tuple[str, dict[str, Any]]]] = {}
"""By endpoint: paths and parameters that together show all that it can say."""

ADDED: dict[str, set[str]] = {}
"""By endpoint: fields that we send and Zoom does not document."""

UNTOLD: dict[str, set[str]] = {}
"""By endpoint: fields that stay empty, for nothing tells of them."""
