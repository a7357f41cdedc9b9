"""Coverage: which days are mirrored, and which are not and why."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from callboard.sync import untold
from tests.helpers import Office, a_meeting
from tests.sync.helpers import NOW, FakeClock, Wire, beside, mirror, source_of


def test_the_docs_list_what_is_not_told() -> None:
    """The table in docs/sync.md is the one that the comparison is held to."""
    page = (Path(__file__).parents[2] / "docs" / "sync.md").read_text()
    assert f"<!-- untold -->\n{untold.table()}<!-- end untold -->" in page


def covered(office: Office, into: str, **asked: Any) -> dict[str, tuple[str, str]]:
    """State and reason by listing."""
    rows = beside(office, into).ask("/v1/sync", page_size=300, **asked)["listings"]
    return {row["listing"]: (row["state"], row["reason"]) for row in rows}


def test_a_day_is_complete_once_late_data_has_had_its_time(office: Office) -> None:
    """Of a day that is not over for long, all is partial and asked again; later it is complete."""
    office.given(a_meeting())
    source, days = source_of(office, f"{office.account}-m"), {"first": date(2026, 3, 2), "last": date(2026, 3, 2)}
    early = FakeClock(NOW - 17 * 86_400)  # 2026-03-03, noon
    mirror(source, office, clock=early, **days).run()
    asked = {"from": "2026-03-02", "to": "2026-03-02"}
    assert set(covered(office, source.name, **asked).values()) == {("partial", "late data may come until 2026-03-04T00:00:00Z")}
    late, wire = FakeClock(NOW), Wire(office)
    mirror(source, office, clock=late, http=wire.client(), **days).run()
    assert set(covered(office, source.name, **asked).values()) == {("complete", "")}
    assert not any("/participants" in path for path in wire.calls), "an instance that is over is asked about once"


def test_an_instance_is_asked_about_when_it_is_long_enough_over(office: Office) -> None:
    """What has just ended waits for upstream to know all of it."""
    office.given(a_meeting())
    source = source_of(office, f"{office.account}-m")
    wire, clock = Wire(office), FakeClock(1772448060.0)  # 30 s after its end
    mirror(source, office, clock=clock, http=wire.client(), first=date(2026, 3, 2), last=date(2026, 3, 2)).run()
    assert not any("/participants" in path for path in wire.calls)
    clock.sleep(1800)
    mirror(source, office, clock=clock, http=wire.client(), first=date(2026, 3, 2), last=date(2026, 3, 2)).run()
    assert any("/participants/qos" in path for path in wire.calls)


def test_what_a_day_cannot_afford_is_skipped(office: Office) -> None:
    """The least worth is left out first, and said to be; joins never are."""
    office.given(a_meeting())
    source = source_of(office, f"{office.account}-m")
    wire = Wire(office)
    mirror(source, office, http=wire.client(), first=date(2026, 3, 2), last=date(2026, 3, 2), daily=2).run()
    found = covered(office, source.name, state="skipped")
    left_out = {"list_meeting_participants_qos_summary", "list_meeting_participants_satisfaction", "get_past_meeting"}
    assert set(found) == left_out
    assert found["list_meeting_participants_qos_summary"] == ("skipped", "a day's calls do not suffice for it")
    assert any(path.startswith("/v2/metrics/meetings/") and "/participants?" in path for path in wire.calls)
    assert any("/participants/qos?" in path for path in wire.calls)


def test_a_deleted_user_is_deleted_in_the_mirror(office: Office) -> None:
    """Who upstream does not list any more is listed no more."""
    person = {"event": "user.created", "event_ts": 1772442000000, "payload": {"object": {"id": "u-1", "email": "u@example.com"}}}
    office.given([person])
    source, days = source_of(office, f"{office.account}-m"), {"first": date(2026, 3, 2), "last": date(2026, 3, 2)}
    clock = FakeClock()
    mirror(source, office, clock=clock, **days).run()
    assert [u["id"] for u in beside(office, source.name).ask("/v2/users")["users"]] == ["u-1"]
    office.given([person | {"event": "user.deleted", "event_ts": 1772442001000}])
    clock.sleep(86_400)
    mirror(source, office, clock=clock, **days).run()
    assert beside(office, source.name).ask("/v2/users")["users"] == []
