"""All that is told beside meetings: plausible, in Zoom's shapes, and the same in history and in webhooks."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from callboard.ingest import zoom_webhook
from callboard.ingest.lines import read_row
from callboard.sim import Organisation, events, lead_events
from callboard.sim.agenda import WEBINAR, agenda
from callboard.sim.chat import posted, remarks
from callboard.sim.day import day_of
from callboard.sim.details import details_of
from callboard.sim.families import FAMILIES, rows_between, said
from callboard.sim.forms import answered
from callboard.sim.loaded import called, furnished
from callboard.sim.organisation import PHONE, SIP
from callboard.sim.planned import planned
from callboard.sim.recordings import recordings
from callboard.sim.registrations import enrolled
from callboard.sim.staffing import changed, signed
from callboard.store.tables import TABLES

ORG = Organisation(people=200)
DAY = date(2026, 11, 18)
DAYS = [date(2026, 11, n) for n in range(9, 21)]
MORNING = datetime(2026, 11, 18, 9, tzinfo=UTC)
SAMPLES = Path(__file__).parent.parent / "contract" / "webhooks"


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.of.__name__)
def test_a_family_is_the_same_again(family: Any) -> None:
    """Each family of events follows from the seed and the day, whatever was made before."""
    first = [saying.make() for saying in family.of(ORG, DAY)]
    family.of.cache_clear()
    day_of.cache_clear()
    agenda.cache_clear()
    assert [saying.make() for saying in family.of(Organisation(people=200), DAY)] == first


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.of.__name__)
def test_a_family_keeps_to_its_time(family: Any) -> None:
    """Nothing is said earlier than its family promises, or more than fourteen hours after the day."""
    for day in DAYS:
        begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
        first = begin - timedelta(days=family.before, hours=14)
        last = begin + timedelta(days=1, hours=14)
        assert all(first.timestamp() <= saying.ms / 1000 < last.timestamp() for saying in family.of(ORG, day))


def members(value: Any, at: str = "") -> Iterator[str]:
    """The path of every member of a JSON value."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield f"{at}.{name}"
            yield from members(inner, f"{at}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from members(inner, f"{at}[]")


MORE = {".payload.object.start_time", ".payload.old_object.start_time", ".payload.object.dept", ".payload.object.timezone"}
"""What a change may tell, of which Zoom's sample shows another."""


def test_events_have_members_of_zooms_samples() -> None:
    """What is told beside meetings has no member that Zoom's sample of the event lacks, where there is a sample."""
    for saying in said(ORG, MORNING, MORNING + timedelta(hours=8)):
        body = saying.make()
        sample = SAMPLES / f"{body['event']}.json"
        if sample.exists() and body["event"] != "user.created":
            assert set(members(body)) - set(members(json.loads(sample.read_text()))) <= MORE, body["event"]


def test_everything_said_is_understood() -> None:
    """Each event becomes facts: none is kept without knowing what it says."""
    for saying in said(ORG, MORNING, MORNING + timedelta(hours=8)):
        body = saying.make()
        assert zoom_webhook.parse(body, 0.0).facts, body["event"]


def test_live_traffic_has_every_family() -> None:
    """A working day of live events, in order, has something of each family."""
    told = Counter(body["event"] for _, body in events(ORG, MORNING, MORNING + timedelta(hours=9)))
    for name in (
        *("team_chat.channel_message_posted", "team_chat.dm_message_posted", "meeting.chat_message_sent"),
        *("workspace.reservation_created", "zoomroom.checked_in", "zoomroom.sensor_data"),
        *("recording.completed", "webinar.registration_created", "meeting.created", "user.signed_in"),
    ):
        assert told[name] > 0, name


# Planning and registrations


def test_who_registered_came_later() -> None:
    """Whoever attended with a registration had registered for that webinar before, and was approved."""
    seen = 0
    for day in (day_of(ORG, d) for d in DAYS):
        details, joins = details_of(day), day.joins
        for row in np.flatnonzero((details.registrant_id != "") & (joins.join > 0)).tolist():
            enrolment = enrolled(ORG, day.date)[int(day.meetings.number[joins.meeting[row]])]
            registrant = next(r for r in enrolment.registrants if r.id == details.registrant_id[row])
            assert registrant.at < joins.join[row]
            assert registrant.status == "approved"
            assert registrant.email == details.email[row]
            seen += 1
    assert seen > 100


def test_some_never_come() -> None:
    """Of those who registered some never come, and some cancelled before."""
    registered = [r for d in DAYS for e in enrolled(ORG, d).values() for r in e.registrants]
    came = {i for d in DAYS for i in details_of(day_of(ORG, d)).registrant_id.tolist()}
    assert 0.3 < sum(r.id in came for r in registered) / len(registered) < 0.95
    assert {"approved", "cancelled"} <= {r.status for r in registered}


def test_webinars_are_planned_before_anyone_registers() -> None:
    """A webinar is told of days before it begins; registrations come after that and before the start."""
    for day in DAYS:
        for enrolment in enrolled(ORG, day).values():
            assert enrolment.plan.start - enrolment.created > 2 * 86_400
            assert all(enrolment.created < r.at < enrolment.plan.start for r in enrolment.registrants)
            assert all(r.at < r.decided < enrolment.plan.start for r in enrolment.registrants if r.decided)


def test_what_is_called_off_does_not_take_place() -> None:
    """A planned meeting that is deleted is never on the agenda, and was created before."""
    for day in DAYS:
        numbers = {plan.number for plan in agenda(ORG, day)}
        told = defaultdict(list)
        for saying in sorted(planned(ORG, day), key=lambda s: s.ms):
            body = saying.make()
            told[body["payload"]["object"]["id"]].append(body["event"].rpartition(".")[2])
        for number, names in told.items():
            assert names[0] == "created"
            assert ("deleted" in names) != (number in numbers)


def test_there_is_a_future() -> None:
    """At any moment meetings of the next two weeks have been told of, series with their occurrences too."""
    ahead = [b["payload"]["object"] for _, b in lead_events(ORG, MORNING) if b["event"].endswith(".created")]
    singles = [o["start_time"] for o in ahead if "start_time" in o and "occurrences" not in o]
    listed = [each["start_time"] for o in ahead for each in o.get("occurrences", ())]
    week = f"{MORNING + timedelta(days=7):%Y-%m-%dT%H:%M:%SZ}"
    assert any(start > week for start in singles)
    assert any(start > week for start in listed)


# Chat


def test_people_write_by_their_own_hours() -> None:
    """Team chat is written on working days, some four messages a person, to others than oneself."""
    told = [saying.make() for saying in posted(ORG, DAY)]
    assert 2.5 < len(told) / ORG.people < 6
    assert all(b["payload"]["operator_id"] != b["payload"]["object"].get("contact_id") for b in told)
    assert {b["event"] for b in told} == {"team_chat.channel_message_posted", "team_chat.dm_message_posted"}
    assert len(posted(ORG, date(2026, 11, 22))) < len(told) / 10


def test_chat_in_meetings_is_of_those_who_are_there() -> None:
    """Whoever writes in a meeting has joined and not yet left, and is not on the telephone."""
    day = day_of(ORG, DAY)
    found = remarks(day)
    at = found.ms // 1000
    assert len(at) > 20
    assert (at >= day.joins.join[found.join]).all()
    assert (at <= day.joins.leave[found.join]).all()
    assert (day.joins.device[found.join] < PHONE).all()


# Recordings


def test_recordings_end_before_they_are_ready() -> None:
    """Files are of the recorded part of a meeting, are ready after its end, and some are thrown away later."""
    found = [recording for d in DAYS for recording in recordings(ORG, d)]
    assert found
    for recording in found:
        for file in recording.about["recording_files"]:
            begin, end = (datetime.fromisoformat(file[f"recording_{edge}"]).timestamp() for edge in ("start", "end"))
            assert recording.start < begin < end < recording.ready
            assert file["file_size"] > 0
    trashed = [r for r in found if r.trashed]
    assert 0 < len(trashed) < len(found) / 4
    assert all(r.trashed > r.ready for r in trashed)


# People


def test_who_signs_out_had_signed_in() -> None:
    """A sign-out follows a sign-in of the same person with the same client."""
    since: dict[str, tuple[str, str]] = {}
    for saying in sorted(signed(ORG, DAY), key=lambda s: s.ms):
        body = saying.make()
        who = body["payload"]["object"]
        if body["event"] == "user.signed_in":
            since[who["id"]] = (who["version"], who["client_type"])
        else:
            assert since.pop(who["id"]) == (who["version"], who["client_type"])


def test_contractors_come_and_go() -> None:
    """Whoever is deactivated was created four weeks before, and is none of the staff."""
    staff = {p.user_id for p in ORG.staff}
    made, gone = set(), set()
    for n in range(60):
        for saying in changed(ORG, date(2026, 9, 1) + timedelta(days=n)):
            body = saying.make()
            {"user.created": made, "user.deactivated": gone}.get(body["event"], set()).add(body["payload"]["object"]["id"])
    assert made & gone
    assert staff.isdisjoint(made | gone)


# What is loaded


def test_loaded_rows_are_taken() -> None:
    """Every row that no webhook tells is one that the door for rows takes, once for each key."""
    keys = Counter()
    for row in (*furnished(ORG), *answered(ORG, DAY), *called(ORG, DAY)):
        table = TABLES[row.table]
        taken = read_row(table, row.row, ORG.account_id, 0.0)
        keys[row.table, *(taken[name] for name in table.key)] += 1
    assert {name for name, *_ in keys} == {"rooms", "room_devices", "answers", "questions", "reactions", "calls"}
    assert set(keys.values()) == {1}


def test_forms_are_of_meetings_that_are_over() -> None:
    """Answers, questions and reactions lie within their instance, or shortly after, and are loaded after its end."""
    day = day_of(ORG, DAY)
    spans = dict(zip(day.meetings.uuid, zip(day.meetings.start, day.meetings.end, strict=True), strict=True))
    webinars = set(day.meetings.uuid[day.meetings.kind == WEBINAR])
    for row in answered(ORG, DAY):
        begin, end = spans[row.row["uuid"]]
        at = datetime.fromisoformat(row.row["at"]).timestamp()
        assert begin < at <= end + 300
        assert row.ms >= end * 1000
        assert row.table != "questions" or row.row["uuid"] in webinars


def test_rows_come_in_spans_that_add_up() -> None:
    """Asked for in two parts, the rows to load are the same ones, in order of time."""
    middle, end = MORNING + timedelta(hours=3), MORNING + timedelta(hours=6)
    whole = rows_between(ORG, MORNING, end)
    assert whole
    assert rows_between(ORG, MORNING, middle) + rows_between(ORG, middle, end) == whole


def test_calls_cost_what_their_minutes_do() -> None:
    """A call is a telephone join with a price for each minute begun."""
    phones = {n for d in DAYS for n in details_of(day_of(ORG, d)).phone_number.tolist() if n}
    found = [row.row for d in DAYS for row in called(ORG, d)]
    assert found
    for call in found:
        assert call["phone_number"] in phones
        span = datetime.fromisoformat(call["end_time"]) - datetime.fromisoformat(call["start_time"])
        minutes = -(-int(span.total_seconds()) // 60)
        assert call["total"] == pytest.approx(call["rate"] * minutes, abs=1e-4)


def test_room_systems_of_others_join() -> None:
    """There are joins of H.323 and SIP devices on every working day."""
    assert all((day_of(ORG, d).joins.device == SIP).any() for d in DAYS if d.weekday() < 5)
