"""Examples of events: cloud recordings and their storage."""

from __future__ import annotations

from typing import Any, Final

TIME: Final = "2026-03-02T10:00:00Z"
INSTANCE: Final = {
    "id": 84512036771,
    "uuid": "AAAAAAAAAAAAAAAAAAAAAA==",
    "host_id": "host-1",
    "topic": "Weekly",
    "type": 8,
    "start_time": TIME,
    "timezone": "Europe/Berlin",
    "duration": 60,
}
SPAN: Final = {"recording_start": TIME, "recording_end": "2026-03-02T10:40:00Z"}
FILE: Final = SPAN | {
    "id": "file-1",
    "file_type": "MP4",
    "file_size": 246560,
    "recording_type": "shared_screen_with_speaker_view",
}
AUDIO: Final = SPAN | {"id": "file-2", "file_type": "M4A", "file_size": 24656}
FILES: Final = INSTANCE | {"recording_files": [FILE]}

LIVE: Final = INSTANCE | {"recording_file": SPAN}
READY: Final = FILES | {"participant_audio_files": [AUDIO]}
STORAGE: Final = {"free_storage": "1 GB", "plan_storage": "1 TB", "plan_type": "Monthly", "storage_used": "38.2 GB"}

EXAMPLES: Final[dict[str, list[dict[str, Any]]]] = {
    **{f"recording.{name}": [LIVE] for name in ("started", "paused", "resumed", "stopped")},
    **{f"recording.{name}": [READY] for name in ("completed", "trashed", "deleted", "recovered")},
    "recording.transcript_completed": [FILES],
    "recording.cloud_storage_usage_updated": [STORAGE],
}
