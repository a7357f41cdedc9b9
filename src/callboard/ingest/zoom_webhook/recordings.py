"""Cloud recordings and their storage."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from callboard.contract.features import Feature
from callboard.contract.units import read_number, read_size
from callboard.ingest.facts import known, latest, seconds
from callboard.ingest.zoom_webhook.event import MOST, Event, Handler, as_dicts, text


def recording(event: Event) -> None:
    """The meeting is or was recorded."""
    row = event.meeting()
    if row is not None:
        row["features"] = int(Feature.RECORDING)


def completed(event: Event) -> None:
    """A recording is ready: its files."""
    recording(event)
    files(event)


STATUSES: Final = {
    "recording.trashed": "trashed",
    "recording.deleted": "deleted",
    "recording.recovered": "recovered",
}


def files(event: Event) -> None:
    """Files of a recording are ready, in the trash, gone, or taken out of the trash."""
    for part in ("recording_files", "participant_audio_files"):
        for said in as_dicts(event.object.get(part)):
            _file(event, said)


def _file(event: Event, said: dict[str, Any]) -> None:
    start, type_ = seconds(said.get("recording_start")), text(said.get("file_type"))
    # A timeline has no id: it is told from other files by what it is.
    file_id = text(said.get("id")) or (f"{type_}-{start}" if type_ and start is not None else "")
    if not event.uuid or not file_id:
        return
    row = event.add("recordings", uuid=event.uuid, file_id=file_id)
    known(
        row,
        number=read_number(text(event.object.get("id")).replace(" ", ""), most=MOST),
        host_id=text(event.object.get("host_id")),
        recording_start=start,
        recording_end=seconds(said.get("recording_end")),
        file_type=type_,
        recording_type=text(said.get("recording_type")),
        file_size=read_number(said.get("file_size"), most=MOST),
    )
    latest(row, event.at, status=STATUSES.get(event.name, "completed"))


def storage(event: Event) -> None:
    """How much recordings may take, and take."""
    said = event.object
    row = event.add("storage_days", day=datetime.fromtimestamp(event.at, UTC).date().isoformat())
    latest(
        row,
        event.at,
        free=read_size(said.get("free_storage")),
        plan=read_size(said.get("plan_storage")),
        used=read_size(said.get("storage_used")),
    )


EVENTS: Final[dict[str, Handler]] = {
    **dict.fromkeys((f"recording.{name}" for name in ("started", "paused", "resumed", "stopped")), recording),
    "recording.completed": completed,
    **dict.fromkeys((*STATUSES, "recording.transcript_completed"), files),
    "recording.cloud_storage_usage_updated": storage,
}
