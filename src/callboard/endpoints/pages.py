"""Keyset paging: what a page token stands for, and what a list answers with."""

from __future__ import annotations

from typing import Any, TypeVar

from callboard.contract.errors import InvalidPageToken
from callboard.contract.paging import Cursor
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
