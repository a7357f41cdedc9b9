"""Where an instance is: a number or uuid becomes one instance of a meeting or webinar, live or past."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from callboard.contract.errors import NotFound, RoleForbids, WrongKind
from callboard.endpoints.params import State
from callboard.endpoints.registry import Context, Kind

FIND = """
-- instances.find: all that is known under an id
SELECT uuid, kind, toUnixTimestamp(start_time), toUnixTimestamp(end_time), number FROM meeting_ids
WHERE account_id = {account:String} AND id = {id:String}
"""


@dataclass(frozen=True)
class Instance:
    """One instance: when it began and ended in Unix seconds, and every start that some source gave.

    `depends` names the facts that answers about it follow from.
    """

    uuid: str
    kind: Kind
    begun: int
    ended: int | None
    starts: list[int]
    live: bool
    number: int | None
    depends: tuple[Hashable, ...]


def find(context: Context, kind: Kind | None, id_: str, state: State | None) -> Instance:
    """The instance that is meant; None as kind or state stands for any.

    Raises `NotFound`, `WrongKind` for an id of the other kind, `RoleForbids` for a host outside the caller's groups.
    """
    instances = _latest(context, id_)
    of_kind = [i for i in instances if kind in (None, i.kind)]
    if instances and not of_kind:
        raise WrongKind(instances[0].kind, id_)
    meant = [i for i in of_kind if state is None or i.live == (state == "live")]
    if not meant:
        raise NotFound(_hint(kind or "meeting", state, bool(of_kind)))
    _check_groups(context, meant[0])
    return meant[0]


def _latest(context: Context, id_: str) -> list[Instance]:
    """The instances of an id, of either kind, live and past; the latest first."""
    rows: dict[tuple[str, Kind], list[list[Any]]] = defaultdict(list)
    for uuid, kind, *row in context.store.ask(FIND, {"account": context.caller.account_id, "id": id_}).rows:
        rows[uuid, kind].append(row)
    also = _also_depends(context, id_)
    made = []
    for (uuid, kind), said in rows.items():
        starts, ends, numbers = ([value for value in values if value is not None] for values in zip(*said, strict=True))
        begun, ended = min(starts), max(ends, default=None)
        live, number = ended is None and begun >= context.live_since, max(numbers, default=None)
        made.append(Instance(uuid, kind, begun, ended, sorted(set(starts)), live, number, (("uuid", uuid), *also)))
    return sorted(made, key=lambda instance: (-instance.begun, instance.uuid))


def _also_depends(context: Context, id_: str) -> tuple[Hashable, ...]:
    """A number means another instance once there is a later one; a group's callers lose what its people take along."""
    account = context.caller.account_id
    by_number: tuple[Hashable, ...] = (("number", account, id_),) if id_.isdigit() else ()
    return (*by_number, ("people", account)) if context.caller.groups else by_number


def _hint(kind: Kind, state: State | None, exists: bool) -> str:
    if not exists:
        return f"This {kind}'s details info is not available or ID is not valid."
    if state == "live":
        return f"This {kind}'s details info is not available or ID is not valid. It has ended: ask with type=past."
    return f"{kind.capitalize()} ID is invalid or not end. It is live: ask with type=live."


HOST_GROUPS = """
-- instances._check_groups: the groups of an instance's host
SELECT max(group_ids).2 FROM people
WHERE account_id = {account:String} AND user_id IN (
  SELECT assumeNotNull(host_id) FROM meetings
  WHERE account_id = {account:String} AND kind = {kind:String} AND start_time IN {starts:Array(UInt32)}
    AND uuid = {uuid:String} AND host_id IS NOT NULL)
GROUP BY user_id
"""


def _check_groups(context: Context, instance: Instance) -> None:
    """A caller that was assigned groups sees the meetings of hosts in those groups only."""
    if not context.caller.groups:
        return
    params = {
        "account": context.caller.account_id,
        "kind": instance.kind,
        "starts": instance.starts,
        "uuid": instance.uuid,
    }
    groups = {group for (ids,) in context.store.ask(HOST_GROUPS, params).rows for group in ids}
    if groups.isdisjoint(context.caller.groups):
        raise RoleForbids("Your role covers the meetings of the groups assigned to it only.")
