"""Cloud recording storage: ranges, groups and recordings that change."""

from __future__ import annotations

from typing import Any

from tests.helpers import Office

STORAGE = "/v2/report/cloud_recording"
MB = 1_048_576


def usage(office: Office, from_: str, to: str, **asked: Any) -> list[str]:
    days = office.ask(STORAGE, from_=from_, to=to, **asked)["cloud_recording_storage"]
    return [day["usage"] for day in days]


def file(host: str = "mara", **said: Any) -> dict[str, Any]:
    """A file of 3 MB, recorded on 2026-03-02."""
    about = {"uuid": "a==", "file_id": f"of-{host}", "host_id": host, "recording_start": "2026-03-02T10:00:00Z"}
    return about | {"file_size": 3 * MB, "status": "completed", "event_time": "2026-03-02T11:00:00Z"} | said


def test_unknown_plans_are_empty(office: Office) -> None:
    """Where nobody told a plan there is no size, and nothing is used."""
    (day,) = office.ask(STORAGE, from_="2026-03-02", to="2026-03-02")["cloud_recording_storage"]
    assert day == {"date": "2026-03-02", "free_usage": "", "plan_usage": "", "usage": "0 MB"}


def test_a_recovered_file_is_used_again(office: Office) -> None:
    """A file that was in the trash and taken out of it never left."""
    office.load("recordings", [file(), file(status="trashed", event_time="2026-03-03T10:00:00Z")])
    office.load("recordings", [file(status="recovered", event_time="2026-03-04T10:00:00Z")])
    assert usage(office, "2026-03-01", "2026-03-04") == ["0 MB", "3 MB", "3 MB", "3 MB"]


def test_a_deleted_file_is_not_used_from_that_day_on(office: Office) -> None:
    """Remembered or not: the days after change when a deletion is told."""
    office.load("recordings", [file()])
    assert usage(office, "2026-03-02", "2026-03-04") == ["3 MB", "3 MB", "3 MB"]
    office.load("recordings", [file(status="deleted", event_time="2026-03-04T10:00:00Z")])
    assert usage(office, "2026-03-02", "2026-03-04") == ["3 MB", "3 MB", "0 MB"]


def test_groups_are_told_by_files(office: Office) -> None:
    """`group_id`, and the groups of a caller, narrow the usage to recordings of their hosts."""
    for host, group in (("mara", "sales"), ("devin", "legal")):
        office.load("people", [{"user_id": host, "group_ids": [group]}])
        office.load("recordings", [file(host)])
    office.load("storage_days", [{"day": "2026-03-01", "used": 500 * MB}])
    day = ("2026-03-02", "2026-03-02")
    assert [usage(office, *day), usage(office, *day, group_id="sales")] == [["500 MB"], ["3 MB"]]
    token = office.token(groups=["legal"])
    narrowed = [office.get(STORAGE, token, from_=day[0], to=day[1], group_id=g).json() for g in ("", "legal", "sales")]
    assert [n["cloud_recording_storage"][0]["usage"] for n in narrowed] == ["3 MB", "3 MB", "0 MB"]


def test_a_range_is_cut_to_a_year(office: Office) -> None:
    """An answer with an entry a day has at most 366 of them: `from` is moved up and echoed so."""
    answer = office.ask(STORAGE, from_="0001-01-01", to="2025-12-31")
    assert (answer["from"], len(answer["cloud_recording_storage"])) == ("2024-12-31", 366)
