"""What was asked of an account's API: an answer alone does not say whose it is, of which instance, or of when."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from callboard.ingest.facts import Fact, Row
from callboard.ingest.zoom_sync.unwire import fact

DAY: Final = 86_400


class Joined(NamedTuple):
    """A join of an instance, as it is known already: what a feedback can be recognised by."""

    participant_uuid: str
    person: str
    email: str
    left: int | None


@dataclass(frozen=True)
class Asked:
    """A question and its circumstances.

    `account_id` is the account that the facts are kept under, `at` when it was answered (Unix seconds). Of one instance:
    its `kind`, `uuid`, `start` and `end`. `id` is the user, room or reason, `day` the UTC day asked about. `people` are
    user ids by mail address, `joins` those of the instance.
    """

    account_id: str
    at: float
    kind: str = "meeting"
    uuid: str = ""
    start: int = 0
    end: int | None = None
    id: str = ""
    day: str = ""
    about: Mapping[str, Any] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    joins: Sequence[Joined] = ()

    def fact(self, table: str, found: Row, **key: Any) -> Fact:
        """A row of a table from columns."""
        return fact(table, self.account_id, self.at, found, **key)

    def instance(self, found: Row) -> Fact:
        """More of the instance that was asked about."""
        return self.fact("meetings", found, kind=self.kind, start_time=self.start, uuid=self.uuid)

    def person(self, mail: Any) -> str:
        """The user with this mail address; empty for someone else."""
        return self.people.get(mail.lower(), "") if isinstance(mail, str) else ""


Facts = Callable[[Asked, dict[str, Any]], Iterator[Fact]]
"""What becomes of one page of an answer."""
