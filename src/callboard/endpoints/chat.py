"""Team chat: what each person sent and received, counted day by day."""

from __future__ import annotations

from operator import add
from typing import Any, Final

from callboard.contract.chat import ChatPage, ImPage
from callboard.contract.wire import Columns
from callboard.endpoints.daily import by_day, of_table_parts, of_tables
from callboard.endpoints.figures import allowed_people
from callboard.endpoints.listing import PEOPLE, UNKNOWN
from callboard.endpoints.pages import PAGE_COLUMNS, Cut, cut, resume
from callboard.endpoints.params import Paged, Range, Window, window
from callboard.endpoints.registry import Answer, Context, endpoint

TABLES: Final = ("chat_messages", "chat_days", "people")
CONTENTS: Final = {
    "text": "text",
    "files": "files",
    "images": "images",
    "videos": "videos",
    "voice": "audio",
    "giphys": "giphys",
    "code_snippets": "code_snippets",
    "emoji": "emojis",
}
"""Counters of what messages hold, and the columns of messages that they add up."""

SENT: Final = tuple(f"{n}_sent" for n in ("total", "p2p", "group", "text", "files", "images", "videos", "voice"))
CHAT: Final = (*SENT, "giphys_sent", "code_snippets_sent")
RECEIVED: Final = tuple(f"{n}_received" for n in ("total", "group", "files", "images", "videos", "voice", "emoji", "calls"))
IM: Final = (*(c for c in SENT if c not in ("p2p_sent", "text_sent")), "emoji_sent", "calls_sent", *RECEIVED)

BY_MAIL: Final = """
    LEFT JOIN (
      SELECT lower(max(email).2) AS address, min(user_id) AS known FROM people WHERE account_id = {account:String}
      GROUP BY user_id HAVING address != '') AS addresses ON address = lower(ifNull(receiver_mail, ''))"""
"""Some events name who got a message by mail only."""

SENDERS: Final = "SELECT *, ifNull(sender, '') AS person, 0 AS got FROM messages"
BOTH: Final = f"""SELECT *, side.1 AS person, side.2 AS got FROM messages{BY_MAIL}
    ARRAY JOIN [(ifNull(sender, ''), 0), (coalesce(receiver, known, ''), 1)] AS side"""


def _counted(counter: str) -> str:
    """The SQL that counts the messages of one person and day; what no message tells is 0."""
    kind, _, way = counter.rpartition("_")
    side = "got" if way == "received" else "NOT got"
    if kind in CONTENTS:
        return f"sumIf({CONTENTS[kind]}, {side})"
    tests = {"total": side, "p2p": f"{side} AND NOT grouped", "group": f"{side} AND grouped"}
    return f"countIf({tests[kind]})" if kind in tests and counter != "group_received" else "0"


def _sums(counters: tuple[str, ...], name: str) -> str:
    contents = ", ".join(f"ifNull(max({column}), 0) AS {column}" for column in CONTENTS.values())
    counted = ", ".join(f"toNullable(toUInt64({_counted(c)})) AS counted_{c}, toUInt64OrNull('') AS told_{c}" for c in counters)
    told = ", ".join(f"toNullable(toUInt64(0)), toUInt64(max({c}))" for c in counters)
    merged = ", ".join(f"coalesce(max(told_{c}), sum(counted_{c}))" for c in counters)
    both = any(c.endswith("_received") for c in counters)
    return f"""
-- chat.{name}: what each person sent{" and received" if both else ""} on each day
WITH messages AS (
  SELECT toDate(at) AS day, max(sender_id) AS sender, max(sender_email) AS sender_mail, max(contact_id) AS receiver,
         max(contact_email) AS receiver_mail, isNotNull(max(channel_id)) AS grouped, {contents}
  FROM chat_messages WHERE account_id = {{account:String}} AND at >= {{begin:UInt32}} AND at < {{end:UInt32}}
  GROUP BY account_id, at, message_id)
SELECT toUInt32(day), person, max(name), max(mail), {merged}
FROM (
  SELECT day, person, '' AS name, ifNull(maxIf(sender_mail, NOT got), '') AS mail, {counted}
  FROM ({BOTH if both else SENDERS}) WHERE person != '' GROUP BY day, person
  UNION ALL
  SELECT day, user_id, max(name).2, max(email).2, {told}
  FROM chat_days
  WHERE account_id = {{account:String}} AND day >= toDate({{begin:UInt32}}) AND day < toDate({{end:UInt32}})
  GROUP BY day, user_id)
GROUP BY day, person
"""


QUESTIONS: Final = {"list_chat": (CHAT, _sums(CHAT, "sent")), "list_im": (IM, _sums(IM, "sent_and_received"))}
ROW: Final = ("user_id", "name", "email")


class ChatParams(Paged, Range):
    """Parameters of the lists of people in team chat; an instant stands for its whole UTC day."""


def _days(context: Context, name: str, asked: Window) -> list[list[list[Any]]]:
    """For each day `[person, name, mail, counters...]` of everyone who did something."""
    account, sql = context.caller.account_id, QUESTIONS[name][1]

    def count(begin: int, end: int) -> dict[int, Any]:
        found: dict[int, Any] = {}
        for day, *row in context.store.ask(sql, {"account": account, "begin": begin, "end": end}).rows:
            found.setdefault(day, []).append(row)
        return found

    depends = of_table_parts(account, "chat_messages", "chat_days")
    days = by_day(context, name, asked.begin, asked.end, count, depends=depends)
    return [days[day] for day in sorted(days)]


def _people(context: Context, name: str, asked: Window) -> list[list[Any]]:
    """One row a person: user id, name, mail, and the counters of all days added up."""
    found: dict[str, list[Any]] = {}
    for day in _days(context, name, asked):
        for person, shown, mail, *counters in day:
            before = found.get(person)
            if before is None:
                found[person] = [person, shown, mail, counters]
            else:
                before[1], before[2] = shown or before[1], mail or before[2]
                before[3] = list(map(add, before[3], counters))
    allowed = allowed_people(context)
    return [[*row[:3], *row[3]] for _, row in sorted(found.items()) if allowed is None or row[0] in allowed]


def _named(context: Context, rows: list[list[Any]]) -> None:
    """Fill in names and mails that nobody told, as the users are known."""
    unknown = [row[0] for row in rows if not row[1] or not row[2]]
    if not unknown:
        return
    asked = {"account": context.caller.account_id, "users": unknown}
    known = {user: values for user, *values in context.store.ask(PEOPLE, asked).rows}
    for row in rows:
        who = known.get(row[0], UNKNOWN)
        row[1], row[2] = row[1] or who[0], row[2] or who[1]


def _answer(context: Context, name: str, model: Any, params: ChatParams) -> Answer:
    params, cursor = resume(context, name, params)
    asked = window(params, context.settings.profile)
    page: Cut = cut(context, name, params, cursor, _people(context, name, asked), key=lambda row: [row[0]])
    _named(context, page.rows)
    columns: Columns = ("from", "to", *PAGE_COLUMNS, ("users", (*ROW, *QUESTIONS[name][0])))
    row = [asked.from_, asked.to, *page.envelope, page.rows]
    return Answer(model, columns, row, of_tables(context.caller.account_id, *TABLES))


@endpoint("/metrics/chat", granular="chat", families=("chat",), rate="complex", response=ChatPage, operation="dashboardChat")
def list_chat(context: Context, params: ChatParams) -> Answer:
    """List what each person sent in team chat."""
    return _answer(context, "list_chat", ChatPage, params)


@endpoint("/metrics/im", families=("chat",), rate="complex", response=ImPage, operation="dashboardIM")
def list_im(context: Context, params: ChatParams) -> Answer:
    """List what each person sent and received in team chat; Zoom has given it up for `/metrics/chat`."""
    return _answer(context, "list_im", ImPage, params)
