"""What answers made of figures of days share: which days they have, and whose figures a caller may see."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from callboard.endpoints.daily import DAY
from callboard.endpoints.params import Range, Window, days, window
from callboard.endpoints.registry import Context

SLOT: Final = 900
"""Seconds of a slot: no time zone's hours begin within one."""
MOST_DAYS: Final = 366
"""An answer with an entry a day goes back so far."""


def date(day: int) -> str:
    """A day since 1970 as `yyyy-mm-dd`."""
    return f"{datetime.fromtimestamp(day * DAY, UTC):%Y-%m-%d}"


def days_window(context: Context, params: Range) -> tuple[Window, range]:
    """The range asked for, and its UTC days that have begun.

    A range of more than `MOST_DAYS` is cut to its end and echoed so, as Zoom cuts to a month.
    """
    asked = window(params, context.settings.profile)
    touched = days(asked.begin, asked.end)
    touched = range(touched.start, max(touched.start, min(touched.stop, context.now // DAY + 1)))
    if len(touched) > MOST_DAYS:
        touched = range(touched.stop - MOST_DAYS, touched.stop)
        asked = Window(touched.start * DAY, asked.end, date(touched.start), asked.to)
    return asked, touched


IN_GROUPS: Final = """
-- figures.allowed_people: people of a caller's groups
SELECT user_id FROM people WHERE account_id = {account:String}
GROUP BY user_id HAVING hasAny(max(group_ids).2, {groups:Array(String)})
"""


def allowed_people(context: Context) -> set[str] | None:
    """The people that the caller may see: those of the groups assigned to it. None stands for all."""
    if not context.caller.groups:
        return None
    asked = {"account": context.caller.account_id, "groups": sorted(context.caller.groups)}
    return {user for (user,) in context.store.ask(IN_GROUPS, asked).rows}
