"""What people look at first is worked out before they ask: the last weeks of each account, kept in memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from threading import Event
from typing import Final

from callboard.api.routes import Desk
from callboard.contract.access import Caller
from callboard.endpoints import Context
from callboard.endpoints.browsing import calls
from callboard.endpoints.minutes import profile_named

DAYS: Final = 31
PIECE_DAYS: Final = 4
"""Days of one question: short, so that a server that stops does not wait for it."""
MOST_ACCOUNTS: Final = 20
DAY: Final = 86_400


def keep_at_hand(desk: Desk, accounts: Callable[[], Iterable[str]], stopped: Event) -> None:
    """Work out what the last month's instances came to, the newest days first, where it is not remembered yet."""
    profile = profile_named("", desk.settings)
    for account in list(accounts())[:MOST_ACCOUNTS]:
        now = int(time.time())
        context = Context(desk.store, Caller(account, "at hand"), now, desk.settings, desk.page_tokens, desk.memory)
        for back in range(0, DAYS, PIECE_DAYS):
            if stopped.is_set():
                return
            end = (now // DAY + 1 - back) * DAY
            calls(context, None, profile, end - PIECE_DAYS * DAY, end)
