"""Keyset paging: what a page token stands for, and what a list answers with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import gt, lt
from typing import Any, Final, TypeVar

from callboard.contract.errors import InvalidPageToken
from callboard.contract.paging import Cursor, page_count
from callboard.endpoints.params import Paged
from callboard.endpoints.registry import Context

P = TypeVar("P", bound=Paged)

PAGE_COLUMNS = ("next_page_token", "page_count", "page_size", "total_records")


def resume(context: Context, endpoint: str, params: P) -> tuple[P, Cursor | None]:
    """The query that is meant, and where it goes on.

    A token carries its query: what is sent beside it may be left out, may differ in page size, and must else be equal.
    Raises `InvalidPageToken`.
    """
    if not params.next_page_token:
        return params, None
    cursor = context.tokens.read(params.next_page_token, endpoint, context.caller.account_id)
    began = type(params).model_validate(cursor.query)
    given = params.query()
    for name in params.model_fields_set - {"next_page_token", "page_number", "page_size"}:
        if getattr(params, name) != getattr(began, name):
            raise InvalidPageToken
    size = {"page_size": given["page_size"]} if "page_size" in given else {}
    return type(params).model_validate(cursor.query | size), cursor


def token(context: Context, endpoint: str, params: Paged, last: list[Any], total: int) -> str:
    """A token for the page after the entry with the key `last`."""
    return context.tokens.write(Cursor(endpoint, context.caller.account_id, params.query(), last, total))


@dataclass(frozen=True)
class Cut:
    """One page of a list: its rows, the token of the next page, and how many there are in all."""

    rows: list[list[Any]]
    next_page_token: str
    size: int
    total: int

    @property
    def envelope(self) -> list[Any]:
        """The values of `PAGE_COLUMNS`."""
        return [self.next_page_token, page_count(self.total, self.size), self.size, self.total]


def cut(
    context: Context,
    endpoint: str,
    params: Paged,
    cursor: Cursor | None,
    rows: list[list[Any]],
    key: Callable[[list[Any]], list[Any]],
    *,
    newest_first: bool = False,
) -> Cut:
    """The page of a list that is at hand whole, in the order of its keys: for lists of a few thousand at the most.

    With `newest_first` the greatest key comes first.
    """
    total = cursor.total if cursor else len(rows)
    beyond = lt if newest_first else gt
    rest = [row for row in rows if beyond(key(row), cursor.last)] if cursor else rows[params.offset :]
    page = rest[: params.size]
    more = len(rest) > params.size
    return Cut(page, token(context, endpoint, params, key(page[-1]), total) if more else "", params.size, total)


KEYED: Final = """
SELECT *, count() OVER () AS of_all FROM ({rows})
WHERE (key_at, key_id) {beyond} ({after_at:UInt64}, {after_id:String})
ORDER BY key_at {way}, key_id {way} LIMIT {size:UInt32} OFFSET {skip:UInt64}
"""


def keyed(
    context: Context,
    endpoint: str,
    params: Paged,
    cursor: Cursor | None,
    sql: str,
    asked: dict[str, Any],
    *,
    newest_first: bool = False,
) -> Cut:
    """The page of a list that is read page by page, in the order of its keys.

    `sql` selects all rows, whose first two columns are the key: `key_at`, a number such as Unix seconds, and `key_id`, a
    text that tells apart rows of the same `key_at`. It begins with its comment, and ends without an order. The rows
    that are returned are without their keys.
    """
    name, _, rows = sql.strip().partition("\n")
    beyond = "<" if newest_first else ">" if cursor else ">="
    after = cursor.last if cursor else [2**63 if newest_first else 0, ""]
    question = KEYED.replace("{rows}", rows).replace("{way}", "DESC" if newest_first else "ASC").replace("{beyond}", beyond)
    about = {"after_at": after[0], "after_id": after[1], "size": params.size + 1, "skip": 0 if cursor else params.offset}
    found = context.store.ask(f"{name}{question}", asked | about).rows
    if not found and params.offset and not cursor:  # a page beyond the last still tells the total
        first = type(params).model_validate(params.query() | {"page_size": 1})
        return Cut([], "", params.size, keyed(context, endpoint, first, None, sql, asked, newest_first=newest_first).total)
    total = cursor.total if cursor else found[0][-1] if found else 0
    page = found[: params.size]
    next_token = token(context, endpoint, params, page[-1][:2], total) if len(found) > params.size else ""
    return Cut([row[2:-1] for row in page], next_token, params.size, total)
