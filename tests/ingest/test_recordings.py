"""Recording events become files and storage."""

from __future__ import annotations

from typing import Any

import pytest

from callboard.contract.units import UNLIMITED
from callboard.ingest.zoom_webhook import NotUnderstood, parse

FILE = {"id": "f-1", "recording_start": "2026-03-02T10:00:00Z", "file_type": "MP4", "file_size": 5}
ABOUT = {"uuid": "a==", "id": 84512036771, "host_id": "mara", "start_time": "2026-03-02T10:00:00Z", "type": 8}


def facts(name: str, said: dict[str, Any]) -> list[Any]:
    body = {"event": f"recording.{name}", "event_ts": 1772449200000, "payload": {"account_id": "a", "object": said}}
    return parse(body, 0.0).facts


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("completed", "completed"),
        ("transcript_completed", "completed"),
        ("trashed", "trashed"),
        ("deleted", "deleted"),
        ("recovered", "recovered"),
    ],
)
def test_each_file_has_its_status(name: str, status: str) -> None:
    """Recording files and single people's audio files alike."""
    said = ABOUT | {"recording_files": [FILE], "participant_audio_files": [FILE | {"id": "f-2"}]}
    rows = [row for table, row in facts(name, said) if table == "recordings"]
    assert [(row["file_id"], row["file_size"], row["status"][1]) for row in rows] == [("f-1", 5, status), ("f-2", 5, status)]


def test_a_file_without_an_id_is_told_by_what_it_is() -> None:
    """Timelines have none: the type and the start name them; a file without those is left out."""
    said = ABOUT | {"recording_files": [FILE | {"id": "", "file_type": "TIMELINE"}, {"file_size": 5}, 7]}
    rows = [row for table, row in facts("completed", said) if table == "recordings"]
    assert [row["file_id"] for row in rows] == ["TIMELINE-1772445600"]


def test_a_deletion_without_files_is_refused() -> None:
    """There is nothing to hold on to."""
    with pytest.raises(NotUnderstood):
        facts("deleted", ABOUT)


@pytest.mark.parametrize(
    ("said", "column", "size"),
    [
        ({"free_storage": "1 GB"}, "free", 2**30),
        ({"plan_storage": "Unlimited"}, "plan", UNLIMITED),
        ({"storage_used": "38.5 MB"}, "used", 40_370_176),
    ],
)
def test_storage_is_kept_in_bytes(said: dict[str, Any], column: str, size: int) -> None:
    """By the day that it was said on."""
    ((table, row),) = facts("cloud_storage_usage_updated", said)
    assert (table, row["day"], row[column][1]) == ("storage_days", "2026-03-02", size)


def test_a_size_that_is_none_says_nothing() -> None:
    """The day is kept, without a size."""
    ((_, row),) = facts("cloud_storage_usage_updated", {"free_storage": "much", "storage_used": None})
    assert set(row) == {"account_id", "day"}
