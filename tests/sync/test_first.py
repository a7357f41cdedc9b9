"""What an upstream answers, its mirror answers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.rich import rich
from tests.helpers import Office, a_meeting
from tests.sync.helpers import differences, mirrored

PAST = {"type": "past"}


@pytest.mark.parametrize("kind", ["meeting", "webinar"])
def test_a_meeting_is_the_same_in_a_mirror(office: Office, kind: str) -> None:
    """Lists, joins, minutes, summaries and shares of an instance in which everything happens."""
    office.given(rich(kind, f"sync-{office.account}/{kind}==", "2026-03-02T10"))
    office.given(a_meeting(f"sync-{office.account}-alone/{kind}==", kind, people=1))
    other = mirrored(office, f"{office.account}-mirror")
    of_one = f"/v2/metrics/{kind}s/sync-{office.account}%2F{kind}%3D%3D"
    asks: list[tuple[str, dict[str, Any]]] = [
        (f"/v2/metrics/{kind}s", {"from": "2026-03-01", "to": "2026-03-05", "type": state}) for state in ("past", "pastOne")
    ]
    asks += [(of_one + tail, PAST) for tail in ("", "/participants", "/participants/sharing", "/participants/satisfaction")]
    asks += [(of_one + tail, PAST | {"page_size": 10}) for tail in ("/participants/qos", "/participants/qos_summary")]
    for path, params in asks:
        assert differences(other.ask(path, **params), office.ask(path, **params)) == [], path
