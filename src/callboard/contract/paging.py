"""Pages: sizes, the signed page token, and the envelope that lists are sent in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from pydantic import Field

from callboard.contract.errors import InvalidPageToken
from callboard.contract.wire import From, Wire

TOKEN_SECONDS: Final = {"open": 86_400, "zoom": 900}
"""How long a page token lives, by profile."""


class PageSize:
    """Default and greatest page size of a kind of list."""

    LIST: Final = (30, 300)
    QOS: Final = (1, 10)


class Page(Wire):
    """The envelope of a list."""

    next_page_token: str = Field(description="Ask with it for the next page; empty on the last.")
    page_count: int = Field(description="Pages in all, 0 when there is nothing.")
    page_size: int = Field(description="Entries a page, as applied: a larger wish is cut to the greatest allowed.")
    total_records: int = Field(description="Entries in all.")


class Dated(Wire):
    """The envelope of an answer over a date range."""

    from_: Annotated[str, From("from")] = Field(
        alias="from", description="Beginning of the range, as asked (or as cut, with the profile `zoom`)."
    )
    to: str = Field(description="End of the range, as asked.")


class Tokened(Wire):
    """The envelope of a list that does not say how many there are."""

    next_page_token: str = Field(description="Ask with it for the next page; empty on the last.")
    page_size: int = Field(description="Entries a page, as applied: a larger wish is cut to the greatest allowed.")


class DatedPage(Page, Dated):
    """The envelope of a list over a date range."""


@dataclass(frozen=True)
class Cursor:
    """What a page token carries: the query it belongs to, the last key sent, and the total when it began."""

    endpoint: str
    account_id: str
    query: dict[str, str]
    last: list[Any]
    total: int


class PageTokens:
    """Writes and reads page tokens: opaque, signed, expiring. `keys` looks up the keys, the newest last."""

    def __init__(self, keys: Callable[[], list[str]], max_age_seconds: int) -> None:
        self._keys = keys
        self._max_age = max_age_seconds
        self._load()

    def _load(self) -> None:
        self._serializer = URLSafeTimedSerializer(self._keys(), salt="page")

    def write(self, cursor: Cursor) -> str:
        """A token for the page after `cursor.last`."""
        return self._serializer.dumps(
            [cursor.endpoint, cursor.account_id, cursor.query, cursor.last, cursor.total]
        )  # a list is shorter than a dict

    def read(self, token: str, endpoint: str, account_id: str) -> Cursor:
        """What the token carries. Raises `InvalidPageToken` when forged, expired or another endpoint's or account's."""
        try:
            cursor = Cursor(*self._read(token))
        except (BadSignature, TypeError, ValueError):
            raise InvalidPageToken from None
        if (cursor.endpoint, cursor.account_id) != (endpoint, account_id):
            raise InvalidPageToken
        return cursor

    def _read(self, token: str) -> list[Any]:
        try:
            said: list[Any] = self._serializer.loads(token, max_age=self._max_age)
        except SignatureExpired:
            raise
        except BadSignature:
            self._load()  # signed, perhaps, with a key that another process has just made
            said = self._serializer.loads(token, max_age=self._max_age)
        return said


def page_count(total: int, page_size: int) -> int:
    """Pages that `total` entries fill."""
    return -(-total // page_size)
