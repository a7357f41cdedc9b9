"""What the store knows already, as far as a mirror needs it to read answers: who people are, which join gave a feedback."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from callboard.ingest.facts import Fact
from callboard.ingest.zoom_sync import Joined
from callboard.ingest.zoom_sync.complaints import Given
from callboard.store.store import Store

PEOPLE: Final = """
-- known.people: users by mail address
SELECT lower(max(email).2), user_id FROM people WHERE account_id = {account:String} GROUP BY user_id
HAVING max(email).2 != '' ORDER BY max(status).2 = 'deleted' DESC, user_id
"""
JOINS: Final = """
-- known.joins: joins of an instance
SELECT ifNull(max(participant_uuid), ''), ifNull(max(participant_user_id), ''), ifNull(max(email), ''),
       toUnixTimestamp(max(leave_time))
FROM participants WHERE account_id = {account:String} AND uuid = {uuid:String} GROUP BY user_id
"""
FEEDBACK: Final = """
-- known.feedback: feedbacks of some moments
SELECT said.uuid, said.participant_uuid, said.moment, toString(known.number), joins.name, joins.email
FROM (
  SELECT uuid, participant_uuid, toUnixTimestamp(max(at)) AS moment FROM feedback
  WHERE account_id = {account:String} GROUP BY uuid, participant_uuid HAVING moment IN {moments:Array(UInt32)}) AS said
LEFT JOIN (
  SELECT id, ifNull(max(number), 0) AS number FROM meeting_ids WHERE account_id = {account:String} GROUP BY id) AS known
ON known.id = said.uuid
LEFT JOIN (
  SELECT uuid, ifNull(max(participant_uuid), '') AS join, max(name).2 AS name, ifNull(max(email), '') AS email
  FROM participants
  WHERE account_id = {account:String} AND uuid IN (SELECT uuid FROM feedback WHERE account_id = {account:String})
  GROUP BY uuid, user_id) AS joins
ON joins.uuid = said.uuid AND joins.join = said.participant_uuid
"""
UNTOLD: Final = """
-- known.untold: plans to come that were told of before, and not since
SELECT number, occurrence_id FROM plans WHERE account_id = {account:String}
GROUP BY number, occurrence_id
HAVING max(deleted).2 = 0 AND toUnixTimestamp64Milli(max(deleted).1) BETWEEN 1 AND {began:UInt64} * 1000 - 1
   AND toUnixTimestamp(max(start_time).2) >= {began:UInt64}
"""


def people(store: Store, account_id: str) -> dict[str, str]:
    """User ids by mail address."""
    return dict(store.ask(PEOPLE, {"account": account_id}).rows)


def joins(store: Store, account_id: str, uuid: str) -> list[Joined]:
    """The joins of an instance."""
    return [Joined(*row) for row in store.ask(JOINS, {"account": account_id, "uuid": uuid}).rows]


def feedback(store: Store, account_id: str, moments: Iterable[int]) -> list[Given]:
    """The feedbacks that were given at some moments (Unix seconds)."""
    asked = {"account": account_id, "moments": sorted(moments)}
    return [Given(*row) for row in store.ask(FEEDBACK, asked).rows] if asked["moments"] else []


def gone(store: Store, account_id: str, users: Iterable[str], began: int, at: float) -> Iterator[Fact]:
    """Users, and plans to come, that upstream does not tell of any more since the pass that `began`: they were deleted."""
    for user in users:
        yield "people", {"account_id": account_id, "user_id": user, "status": [round(at, 3), "deleted"]}
    for number, occurrence in store.ask(UNTOLD, {"account": account_id, "began": began}).rows:
        row = {"account_id": account_id, "number": number, "occurrence_id": occurrence}
        yield "plans", row | {"deleted": [round(at, 3), 1]}
