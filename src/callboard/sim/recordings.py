"""Cloud recordings: their files some minutes after a meeting, what hosts throw away, and the storage of each day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Final

import numpy as np

from callboard.sim.agenda import iso, midnight
from callboard.sim.day import Day, day_of
from callboard.sim.organisation import Organisation
from callboard.sim.places import SITES
from callboard.sim.telling import Body, Saying, envelope, operator

FILES: Final = (
    # type, extension, what it shows, bytes a second, share of recordings that have it
    ("MP4", "MP4", "shared_screen_with_speaker_view", 46_000, 1.0),
    ("M4A", "M4A", "audio_only", 16_000, 1.0),
    ("MP4", "MP4", "gallery_view", 52_000, 0.2),
    ("TRANSCRIPT", "VTT", "audio_transcript", 22, 0.7),
    ("CHAT", "TXT", "chat_file", 1, 0.4),
)
THROWN_AWAY: Final = 0.07
GIGABYTE: Final = 1024**3
PLAN_GIGABYTES: Final = 10
"""Storage in the plan, a person."""
USED_SHARE, GROWTH = 0.42, 0.0025
"""Of the storage in the plan: how much is used at the beginning of each four weeks, and what is added a day."""
CLEARED_EVERY: Final = 28
DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Recording:
    """A meeting's recording: `about` is the object of its events; when the meeting began, when the files were ready, and
    when they were thrown away (0: never), epoch seconds.
    """

    about: Body
    host: int
    start: int
    ready: int
    trashed: int


@lru_cache(maxsize=4)
def recordings(org: Organisation, date: date) -> tuple[Recording, ...]:
    """The recordings of a day's meetings."""
    day, rng = day_of(org, date), org.dice("recordings", date)
    return tuple(_recording(day, m, rng) for m in np.flatnonzero(day.meetings.recorded_from > 0).tolist())


def _recording(day: Day, m: int, rng: np.random.Generator) -> Recording:
    meetings, org = day.meetings, day.org
    begin, end = int(meetings.recorded_from[m]), int(meetings.end[m])
    host = int(meetings.host[m])
    files = list(_files(begin, end, int(meetings.number[m]), rng))
    about: Body = {
        "id": int(meetings.number[m]),
        "uuid": meetings.uuid[m],
        "host_id": org.staff[host].user_id,
        "account_id": org.account_id,
        "topic": meetings.topic[m],
        "type": int(meetings.type[m]),
        "start_time": iso(int(meetings.start[m])),
        "timezone": SITES[meetings.site[m]].timezone,
        "host_email": org.staff[host].email,
        "duration": int(meetings.minutes[m]),
        "password": "",
        "share_url": f"https://example.com/rec/share/{files[0]['id']}",
        "total_size": sum(file["file_size"] for file in files),
        "recording_count": len(files),
        "recording_files": files,
    }
    ready = end + 120 + int((end - begin) * rng.uniform(0.2, 0.7))
    trashed = ready + int(rng.integers(300, 4 * 3600)) if rng.random() < THROWN_AWAY else 0
    return Recording(about, host, int(meetings.start[m]), ready, trashed)


def _files(begin: int, end: int, number: int, rng: np.random.Generator) -> Iterator[Body]:
    for type_, extension, shows, rate, share in FILES:
        if rng.random() < share:
            file = rng.bytes(16).hex()
            yield {
                "id": file,
                "meeting_id": str(number),
                "recording_start": iso(begin),
                "recording_end": iso(end),
                "file_type": type_,
                "file_size": int(rate * (end - begin) * rng.uniform(0.6, 1.5)) + 200,
                "file_extension": extension,
                "play_url": f"https://example.com/rec/play/{file}",
                "download_url": f"https://example.com/rec/download/{file}",
                "status": "completed",
                "recording_type": shows,
            }


@lru_cache(maxsize=4)
def recorded(org: Organisation, date: date) -> tuple[Saying, ...]:
    """What is said of a day's recordings, and of the storage that all of them take: it holds for the whole day."""
    found = [saying for recording in recordings(org, date) for saying in _of_recording(org, recording)]
    ms = (midnight(date) + int(org.dice("storage", date).integers(3 * 3600, 4 * 3600))) * 1000
    return (*found, Saying(ms, partial(_storage, org, date, ms), midnight(date) + DAY - 1))


def _of_recording(org: Organisation, r: Recording) -> Iterator[Saying]:
    for event, at in (("recording.completed", r.ready), ("recording.trashed", r.trashed)):
        if at:
            ms = at * 1000 + 250
            yield Saying(ms, partial(_recorded, org, event, ms, r), r.start)


def _recorded(org: Organisation, event: str, ms: int, r: Recording) -> Body:
    if event == "recording.trashed":
        return envelope(org, event, ms, r.about, **operator(org, r.host))
    body = envelope(org, event, ms, r.about | {"on_prem": False, "auto_delete": False, "participant_audio_files": []})
    return body | {"download_token": f"token-{r.about['recording_files'][0]['id']}"}


def _storage(org: Organisation, day: date, ms: int) -> Body:
    """Storage grows from day to day, and every four weeks old recordings are cleared."""
    plan = org.people * PLAN_GIGABYTES
    age = (day - org.began.date()).days % CLEARED_EVERY
    share = USED_SHARE + GROWTH * age + float(org.dice("storage", day).uniform(0, 0.001))
    used = plan * share
    about = {
        "free_storage": f"{org.people} GB",
        "plan_storage": f"{plan} GB",
        "plan_type": "Monthly",
        "storage_used": f"{used:.2f} GB",
        "storage_used_percentage": round(100 * share),
        "storage_exceed": "0",
    }
    return envelope(org, "recording.cloud_storage_usage_updated", ms, about)
