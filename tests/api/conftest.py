"""What the tests of the HTTP side share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from callboard.app import Parts
from tests.contract.helpers import account, held, told
from tests.helpers import Office

FROM_TO = {"from": "2026-03-01", "to": "2026-03-31"}


def person(user_id: str, *groups: str) -> dict[str, object]:
    """A user of the account, and the groups it is in."""
    said = {"id": user_id, "display_name": user_id, "email": f"{user_id}@example.com", "group_ids": list(groups)}
    return {"event": "user.updated", "event_ts": 1772445600000, "payload": {"object": said}}


@pytest.fixture(scope="package")
def small(parts: Parts) -> Iterator[Office]:
    """An account with a past meeting and webinar of a host in group `north` and another pair of one in `south`."""
    with account(parts, "small") as office:
        for place, day in (("north", "02"), ("south", "03")):
            for kind, number in (("meeting", f"844000000{day}"), ("webinar", f"955000000{day}")):
                about = {"kind": kind, "host_id": f"host-{place}", "id": number}
                told(office, held(f"{place}/{kind}==", f"2026-03-{day}T10:00:00Z", f"2026-03-{day}T10:30:00Z", **about))
            told(office, [person(f"host-{place}", place)])
            office.load("rooms", [{"room_id": f"room-{place}", "room_name": f"Room {place}"}])
        yield office
