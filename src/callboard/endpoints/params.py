"""What endpoints are asked with: parameters, ranges and page sizes, checked once, here."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from callboard.contract.errors import BadRequest
from callboard.contract.paging import PageSize

State = Literal["live", "past", "pastOne"]


class Params(BaseModel):
    """Parameters of an endpoint; those it does not know are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)

    def query(self, *without: str) -> dict[str, str]:
        """The parameters that were given and make this question, as a page token carries them."""
        given = self.model_dump(by_alias=True, exclude_unset=True, exclude={"next_page_token", "page_number", *without})
        return {name: str(value) for name, value in given.items() if value is not None}


def _empty_is_unset(value: Any) -> Any:
    return None if value == "" else value


class Paged(Params):
    """Parameters of a list."""

    sizes: ClassVar[tuple[int, int]] = PageSize.LIST

    page_size: int | None = Field(None, description="Entries a page; more than the greatest allowed is cut to it.")
    next_page_token: str = Field("", description="From the last answer; it carries its query with it.")
    page_number: Annotated[int | None, BeforeValidator(_empty_is_unset)] = Field(
        None, ge=1, le=1_000_000_000, description="Page to begin at, counted from 1, where a client has no token."
    )

    @property
    def size(self) -> int:
        """The page size as applied."""
        default, most = self.sizes
        return default if self.page_size is None else max(1, min(self.page_size, most))

    @property
    def offset(self) -> int:
        """Entries to skip for `page_number`."""
        return ((self.page_number or 1) - 1) * self.size


class QosPaged(Paged):
    """Parameters of a list of participants with their quality."""

    sizes: ClassVar[tuple[int, int]] = PageSize.QOS


class ById(Params):
    """One instance by its number (then the latest) or uuid."""

    id: str = Field(description="Number or uuid. A uuid with `/` or `+` may be sent raw, encoded once or encoded twice.")


class Typed(Params):
    """Whether a live or a past instance is meant."""

    type: State = Field("live", description="`live` (default), `past`, or `pastOne`: past, with one participant.")


class ByIdTyped(ById, Typed):
    """One live or past instance."""


class Range(Params):
    """A date range; dates are whole UTC days, both inclusive; date-times are instants."""

    from_: str = Field("", alias="from", description="`yyyy-mm-dd`, or an instant. Required, except with `type=live`.")
    to: str = Field("", description="`yyyy-mm-dd`, or an instant. Required, except with `type=live`.")


_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")


def _parse(name: str, text: str) -> tuple[datetime, bool]:
    """The instant, and whether only a day was given."""
    try:
        if _DATE.fullmatch(text):
            year, month, day = map(int, text.split("-"))
            return _stored(datetime(year, month, day, tzinfo=UTC)), True
        moment = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
    except ValueError:
        raise BadRequest(
            f"Invalid field: {name} is not a date.", [{"field": name, "message": f"'{text}' is not yyyy-mm-dd or an instant."}]
        ) from None
    return _stored(moment if moment.tzinfo else moment.replace(tzinfo=UTC)), False


FIRST, LAST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2105, 12, 31, tzinfo=UTC)
"""Facts lie between these: what is beyond them is cut to them."""


def _stored(moment: datetime) -> datetime:
    return max(FIRST, min(moment, LAST)).astimezone(UTC)


class Window:
    """The range a question is about: Unix seconds `[begin, end)`, and `from` and `to` as they are echoed."""

    def __init__(self, begin: int, end: int, from_: str, to: str) -> None:
        self.begin, self.end, self.from_, self.to = begin, end, from_, to


def window(params: Range, profile: str) -> Window:
    """The range of `from` and `to`. With the profile `zoom`, more than a month is cut to its last month, as Zoom does.

    Raises `BadRequest` when one is missing or malformed, or `to` is before `from`.
    """
    for name, text in (("from", params.from_), ("to", params.to)):
        if not text:
            raise BadRequest(f"Invalid field: {name} is missing.", [{"field": name, "message": "This field is required."}])
    (begin, _), (end, whole_day) = _parse("from", params.from_), _parse("to", params.to)
    if end < begin:
        raise BadRequest(
            "Invalid field: to is before from.", [{"field": "to", "message": f"'{params.to}' is before '{params.from_}'."}]
        )
    from_ = params.from_
    if profile == "zoom" and begin < month_before(end):
        begin = month_before(end)
        from_ = f"{begin:%Y-%m-%d}"
    after = end + (timedelta(days=1) if whole_day else timedelta(seconds=1))
    return Window(int(begin.timestamp()), int(after.timestamp()), from_, params.to)


def month_before(moment: datetime) -> datetime:
    """The same day a month earlier, or that month's last day."""
    first = moment.replace(day=1)
    last_month = first - timedelta(days=1)
    day = min(moment.day, last_month.day)
    return last_month.replace(day=day)


def days(begin: int, end: int) -> range:
    """The UTC days, as days since 1970, that `[begin, end)` touches."""
    return range(begin // 86_400, (max(end, begin + 1) - 1) // 86_400 + 1)


def instant(unix: int | None) -> str | None:
    """Unix seconds as `yyyy-mm-ddThh:mm:ssZ`."""
    return None if unix is None else datetime.fromtimestamp(unix, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def unix(text: str) -> int:
    """The reverse of `instant`."""
    return int(datetime.fromisoformat(text).timestamp())
