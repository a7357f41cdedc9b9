"""Telephone calls of meetings and webinars: those that were loaded with what they cost, and phone joins."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field

from callboard.contract.features import Feature
from callboard.contract.usage import TelephonePage
from callboard.contract.wire import Columns
from callboard.endpoints.daily import DAY, by_day, of_days, of_tables
from callboard.endpoints.figures import allowed_people
from callboard.endpoints.listing import PEOPLE, UNKNOWN, near
from callboard.endpoints.pages import PAGE_COLUMNS, cut, resume
from callboard.endpoints.params import Paged, Range, Window, instant, window
from callboard.endpoints.registry import Answer, Context, endpoint
from callboard.store.tables import CALLS

ROW: Final[Columns] = (
    *("uuid", "number", "meeting_type", "host_id", "host_name", "host_email", "dept", "start_time", "end_time", "duration"),
    *("type", "phone_number", "call_in_number", "signaled_number", "country_name", "rate", "total"),
)
INSTANCES: Final = """
-- telephone.instances: instances that calls were of
SELECT uuid, toString(any(kind)), toUnixTimestamp(min(start_time)), toUnixTimestamp(max(end_time)), max(number),
       ifNull(max(host_id), ''), max(host_name).2, max(host_email).2
FROM meetings
WHERE account_id = {account:String} AND start_time >= {from:UInt32} AND start_time < {until:UInt32}
  AND uuid IN {uuids:Array(String)}
GROUP BY uuid
"""
NO_INSTANCE: Final = ["", None, None, None, "", "", ""]
JOINED: Final = f"""
-- telephone.joined: phone joins to instances that began in a range
SELECT uuid, ifNull(max(phone_number), '') AS phone,
       toUnixTimestamp(coalesce(min(join_time), min(first_minute))) AS came, toUnixTimestamp(max(leave_time)),
       isNotNull(max(sip_uri)) OR isNotNull(max(from_sip_uri)), user_id
FROM participants
WHERE account_id = {{account:String}} AND uuid IN (
  SELECT uuid FROM meetings
  WHERE account_id = {{account:String}} AND start_time >= {{from:UInt32}} AND start_time < {{until:UInt32}})
GROUP BY uuid, user_id
HAVING isNotNull(came) AND bitAnd(groupBitOr(features), {int(Feature.BREAKOUT)}) = 0
  AND (phone != '' OR bitAnd(groupBitOr(features), {int(Feature.PSTN)}) != 0)
"""
DETAILS: Final = ("type", "call_in_number", "signaled_number", "country_name", "rate", "total")
LOADED: Final = f"""
-- telephone.loaded: calls that were loaded
SELECT uuid, phone_number, toUnixTimestamp(start_time), toUnixTimestamp(max(end_time)), {CALLS.merged(*DETAILS)}
FROM calls
WHERE account_id = {{account:String}} AND start_time >= {{from:UInt32}} AND start_time < {{until:UInt32}}
GROUP BY start_time, uuid, phone_number
"""
HELD: Final = {"meeting": "Meeting", "webinar": "Webinar"}


@dataclass
class Call:
    """One call: Unix seconds, what is known of it, and the instance that it was of."""

    uuid: str
    phone: str
    came: int
    gone: int | None
    details: list[Any]
    sip: bool
    join: str
    held: str
    begun: int | None
    ended: int | None
    number: int | None
    host_id: str
    host_name: str
    host_email: str

    @property
    def key(self) -> list[Any]:
        """Where it stands in the list."""
        return [self.came, f"{self.uuid} {self.phone} {self.join}"]

    def row(self, people: dict[str, list[Any]]) -> list[Any]:
        """A row of `ROW`."""
        who = people.get(self.host_id, UNKNOWN)
        host = [self.host_id, self.host_name or who[0], self.host_email or who[1], who[2]]
        minutes = -(-max(0, self.gone - self.came) // 60) if self.gone is not None else 0
        type_, *rest = self.details
        span = [instant(self.came), instant(self.gone), minutes]
        return [self.uuid, self.number, HELD.get(self.held, ""), *host, *span, type_, self.phone, *rest]


_NO_DIGIT: Final = re.compile(r"\D")


@lru_cache(10_000)
def _pattern(phone: str) -> re.Pattern[str] | None:
    """What the digits of a number look like of which some are hidden; None where none is shown."""
    shown = re.sub(r"[^\d*]", "", phone)
    return re.compile(r"\d*".join(re.split(r"\*+", shown))) if shown else None


def covers(call: Call, join: Call) -> bool:
    """Whether a call that was loaded is this phone join of the same instance.

    Their times overlap, and their numbers are the same as far as the join's is shown (`+4930***0001`); where the join
    tells no number, they begin within a minute of each other.
    """
    pattern = _pattern(join.phone)
    if pattern is None:
        return abs(call.came - join.came) <= 60
    if call.came > (join.gone or call.came) or join.came > (call.gone or join.came):
        return False
    return pattern.fullmatch(_NO_DIGIT.sub("", call.phone)) is not None


def _instances(context: Context, asked: dict[str, Any], uuids: set[str]) -> dict[str, list[Any]]:
    """What is known of those instances that began in a range: what `Call` has of them."""

    def read(uuids: list[str]) -> dict[str, list[Any]]:
        return {uuid: said for uuid, *said in context.store.ask(INSTANCES, asked | {"uuids": uuids}).rows}

    found = context.of_each("telephone", sorted(uuids), read)
    return {uuid: said for uuid, said in found.items() if asked["from"] <= said[1] < asked["until"]}


def calls(context: Context, low: int, high: int) -> list[Call]:
    """Calls of instances that began in `[low, high)`: those that were loaded, and phone joins that none of them is."""
    account = context.caller.account_id
    about = {"account": account, **near(low, high)}

    def count(begin: int, end: int) -> dict[int, Any]:
        asked = {"account": account, **near(begin, end)}
        rows, found = context.store.ask(JOINED, asked).rows, dict[int, Any]()
        instances = _instances(context, asked, {row[0] for row in rows})
        for uuid, phone, came, gone, sip, user in rows:
            if said := instances.get(uuid):
                found.setdefault(said[1] // DAY, []).append([uuid, phone, came, gone or said[2], sip, user, *said])
        return found

    rows = context.known(LOADED, about, of_tables(account, "calls"))
    told = _instances(context, about, {row[0] for row in rows})
    made = [
        Call(uuid, phone, came, gone, more, False, "", *told.get(uuid, NO_INSTANCE)) for uuid, phone, came, gone, *more in rows
    ]
    by_instance: dict[str, list[Call]] = {}
    for call in made:
        by_instance.setdefault(call.uuid, []).append(call)
    for rows in by_day(context, "telephone", low, high, count).values():
        for uuid, phone, came, gone, sip, *rest in rows:
            join = Call(uuid, phone, came, gone, CALL_IN, bool(sip), *rest)
            covering = [call for call in by_instance.get(join.uuid, ()) if covers(call, join)]
            if not covering:
                made.append(join)
            for call in covering:
                call.sip |= join.sip
    return made


CALL_IN: Final = ["call-in", "", "", "", 0.0, 0.0]
"""What is known of a phone join."""

TYPES: Final[dict[str, Callable[[Call], bool]]] = {
    "": lambda call: True,
    "1": lambda call: call.details[0] in ("toll-free", "call-out"),
    "3": lambda call: call.sip,
}
"""What Zoom's `type` asks for: 1 toll-free and call-out, 3 audio that came by SIP."""

MOMENTS: Final[dict[str, Callable[[Call], int | None]]] = {
    "start_time": lambda call: call.came,
    "end_time": lambda call: call.gone,
    "meeting_start_time": lambda call: call.begun,
    "meeting_end_time": lambda call: call.ended,
}
"""Which time each `query_date_type` is about."""


def _default(value: Any) -> Any:
    return value or "start_time"


class TelephoneParams(Paged, Range):
    """Parameters of the report of telephone calls."""

    type: Literal["", "1", "3"] = Field("", description="`1` toll-free and call-out, `3` audio by SIP; empty: all calls.")
    query_date_type: Annotated[
        Literal["start_time", "end_time", "meeting_start_time", "meeting_end_time"], BeforeValidator(_default)
    ] = Field("start_time", description="Which time `from` and `to` are about: the call's, or its meeting's.")


def _wanted(context: Context, params: TelephoneParams, asked: Window, low: int, high: int) -> list[Call]:
    of_type, moment = TYPES[params.type], MOMENTS[params.query_date_type]
    hosts = allowed_people(context)
    return [
        call
        for call in calls(context, low, high)
        if asked.begin <= (moment(call) or 0) < asked.end and of_type(call) and (hosts is None or call.host_id in hosts)
    ]


def _rows(context: Context, page: list[list[Any]]) -> list[list[Any]]:
    """Calls as rows of `ROW`, their hosts looked up."""
    hosts = sorted({call.host_id for *_, call in page if call.host_id})
    account = context.caller.account_id
    rows = context.known(PEOPLE, {"account": account, "users": hosts}, of_tables(account, "people")) if hosts else []
    people = {user: values for user, *values in rows}
    return [call.row(people) for *_, call in page]


def _reach(context: Context, params: TelephoneParams, asked: Window) -> tuple[int, int]:
    """The starts of instances and calls to read: calls begin after their meetings, and end after they begin."""
    longest = context.settings.live_max_hours * 3600
    by_start = params.query_date_type in ("start_time", "meeting_start_time")
    low = asked.begin - (longest if by_start else 2 * longest)
    high = asked.end + (longest if params.query_date_type.startswith("meeting") else 0)
    return max(0, low), high


@endpoint(
    "/report/telephone",
    granular="telephone",
    name="report_telephone",
    families=("reports",),
    area="report",
    rate="report",
    response=TelephonePage,
    operation="reportTelephone",
)
def report_telephone(context: Context, params: TelephoneParams) -> Answer:
    """Report the telephone calls of meetings and webinars over a date range."""
    params, cursor = resume(context, "report_telephone", params)
    asked = window(params, context.settings.profile)
    low, high = _reach(context, params, asked)
    found = sorted([*call.key, call] for call in _wanted(context, params, asked, low, high))
    page = cut(context, "report_telephone", params, cursor, found, key=lambda row: row[:2])
    columns: Columns = ("from", "to", *PAGE_COLUMNS, ("telephony_usage", ROW))
    row = [asked.from_, asked.to, *page.envelope, _rows(context, page.rows)]
    return Answer(TelephonePage, columns, row, _depends(context, low, high))


def _depends(context: Context, low: int, high: int) -> tuple[Hashable, ...] | None:
    if high + DAY >= context.live_since:
        return None
    account = context.caller.account_id
    return (*of_days(account, low, high), *of_tables(account, "calls", "people"))
