"""Versions of the client in use."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from callboard.contract.usage import ClientVersions
from callboard.endpoints.daily import DAY, by_day
from callboard.endpoints.listing import MARGIN
from callboard.endpoints.params import Params
from callboard.endpoints.registry import Answer, Context, endpoint

DAYS: Final = 30
"""Joins of so many days are looked at; a sign-in counts whenever it was."""

JOINED: Final = f"""
-- clients.joined: the newest version that joins told of each person, by the day that their instance began
SELECT intDiv(begun, {DAY}) AS day, person, max(seen), argMax(used, seen)
FROM (
  SELECT uuid, max(participant_user_id) AS person, max(version) AS used,
         toUnixTimestamp(coalesce(min(join_time), min(first_minute), min(waiting_from))) AS seen
  FROM participants
  WHERE account_id = {{account:String}} AND uuid IN (
    SELECT uuid FROM meetings
    WHERE account_id = {{account:String}} AND start_time >= {{from:UInt32}} AND start_time < {{until:UInt32}})
  GROUP BY account_id, uuid, user_id HAVING person != '' AND used != '' AND isNotNull(seen)) AS joins
INNER JOIN (
  SELECT uuid, toUnixTimestamp(min(start_time)) AS begun FROM meetings
  WHERE account_id = {{account:String}} AND start_time >= {{from:UInt32}} AND start_time < {{until:UInt32}}
  GROUP BY uuid HAVING begun >= {{begin:UInt32}} AND begun < {{end:UInt32}}) AS instances USING uuid
GROUP BY day, person
"""
SIGNED_IN: Final = """
-- clients.signed_in: the version at each person's last sign-in, and whether the person counts
SELECT user_id, toUnixTimestamp(toDateTime(max(client_version).1, 'UTC')), max(client_version).2,
       max(status).2 != 'deleted' AND (empty({groups:Array(String)}) OR hasAny(max(group_ids).2, {groups:Array(String)}))
FROM people WHERE account_id = {account:String} GROUP BY user_id
"""


class NoParams(Params):
    """No parameters."""


def _newest(context: Context) -> dict[str, tuple[int, str]]:
    """When each person was last heard to use a client, and its version."""
    account, groups = context.caller.account_id, sorted(context.caller.groups)
    people = context.store.beside(context.store.ask, SIGNED_IN, {"account": account, "groups": groups})

    def count(begin: int, end: int) -> dict[int, Any]:
        asked = {"account": account, "begin": begin, "end": end, "from": max(0, begin - MARGIN), "until": end + MARGIN}
        found: dict[int, Any] = {}
        for day, *row in context.store.ask(JOINED, asked).rows:
            found.setdefault(day, []).append(row)
        return found

    newest: dict[str, tuple[int, str]] = {}
    for rows in by_day(context, "clients", context.now - DAYS * DAY, context.now + 1, count).values():
        for person, seen, version in rows:
            newest[person] = max(newest.get(person, (0, "")), (seen, version))
    known = people().rows
    for person, seen, version, counts in known:
        if version and counts:
            newest[person] = max(newest.get(person, (0, "")), (seen, version))
    out = {row[0] for row in known if not row[3]} | (newest.keys() - {row[0] for row in known} if groups else set())
    return {person: last for person, last in newest.items() if person not in out}


@endpoint(
    "/metrics/client_versions",
    granular="client_versions",
    families=("home",),
    rate="report",
    response=ClientVersions,
    operation="getClientVersions",
)
def list_client_versions(context: Context, params: NoParams) -> Answer:
    """List the versions of the client that people use, each person counted with the newest."""
    counted = Counter(version for _, version in _newest(context).values())
    rows = [[version, number] for version, number in sorted(counted.items(), key=lambda item: (-item[1], item[0]))]
    return Answer(ClientVersions, (("client_versions", ("client_version", "total_count")),), [rows])
