"""How old the newest fact of each family is, as told in a header of every answer."""

from __future__ import annotations

import time
from typing import Any, Final

FAMILY_TIMES: Final = {"meetings": ("meetings", ("end_time", "start_time")), "qos_minutes": ("qos", ("minute",))}
"""By table: the family, and the columns that tell a fact's time, first found first taken."""


class FreshnessBoard:
    """The newest fact of each account and family, by Unix seconds; fed by the writer, begun from the store."""

    def __init__(self) -> None:
        self._newest: dict[str, dict[str, int]] = {}

    def begin(self, account_id: str, family: str, at: int) -> None:
        """What the store held when the server started."""
        newest = self._newest.setdefault(account_id, {})
        newest[family] = max(newest.get(family, 0), at)

    def hear(self, tables: dict[str, list[dict[str, Any]]]) -> None:
        """A commit's rows."""
        for table, (family, columns) in FAMILY_TIMES.items():
            for row in tables.get(table, ()):
                at = next((row[c] for c in columns if row.get(c)), 0)
                newest = self._newest.setdefault(row["account_id"], {})
                if at > newest.get(family, 0):
                    newest[family] = at

    def header(self, account_id: str) -> str:
        """Seconds since the newest fact, a family: `meetings=12, qos=40`."""
        now = int(time.time())
        newest = self._newest.get(account_id, {})
        return ", ".join(f"{family}={max(0, now - at)}" for family, at in sorted(newest.items()))
