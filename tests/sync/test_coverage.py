"""Coverage: which days are mirrored, and which are not and why."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from callboard.endpoints import mirrored
from callboard.endpoints.mirrored import family_of
from callboard.sync import untold
from callboard.sync.listings import LISTINGS, OF_ACCOUNT
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


def test_coverage_is_told_by_family(office: Office) -> None:
    """A family has its first and last day, those that are complete, and the others as stretches with their reason."""
    days = {"list_meetings past": ("complete", ""), "report_meetings": ("complete", "")}
    rows = [
        {
            "day": day,
            "listing": listing,
            "source": "acme",
            "state": state,
            "reason": reason,
            "records": 2,
            "asked_at": f"{day}T23:00:00Z",
        }
        for day in ("2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04", "2026-03-07")
        for listing, (state, reason) in (
            days | {"report_meetings": ("failed", "it is away")} if day in ("2026-03-02", "2026-03-03") else days
        ).items()
    ]
    office.load("sync_days", [*rows, rows[0] | {"listing": "list_users active", "state": "skipped", "reason": "no scope"}])
    meetings, people = office.ask("/v1/sync", state="failed")["families"]
    about = {"source": "acme", "family": "meetings", "first": "2026-03-01", "last": "2026-03-07", "complete": 3, "records": 20}
    assert {name: meetings[name] for name in about} == about
    assert meetings["asked_at"] == "2026-03-07T23:00:00Z"
    assert meetings["holes"] == [
        {"from": "2026-03-02", "to": "2026-03-03", "state": "failed", "reason": "it is away"},
        {"from": "2026-03-05", "to": "2026-03-06", "state": "missing", "reason": ""},
    ]
    assert people["holes"] == [{"from": "2026-03-01", "to": "2026-03-01", "state": "skipped", "reason": "no scope"}]


def test_every_listing_has_its_family() -> None:
    """Listings of the account itself, and no others, are in families that are told without days."""
    of_account = {row.name for row in LISTINGS if row.of in OF_ACCOUNT}
    assert {row.name for row in LISTINGS if family_of(row.name) in mirrored.OF_ACCOUNT} == of_account
    assert {family_of(row.name) for row in LISTINGS} == set(mirrored.FAMILIES)
    by_name = {row.name: family_of(row.name) for row in LISTINGS}
    assert {name for name, family in by_name.items() if family == "meetings"} == {
        *(f"list_{kind}s {state}" for kind in ("meeting", "webinar") for state in ("past", "pastOne", "live")),
        *("report_meetings", "report_webinars", "report_history_meetings", "get_past_meeting"),
    }


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
