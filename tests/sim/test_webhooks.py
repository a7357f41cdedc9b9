"""Webhooks: in order, in the shapes of Zoom, and saying what history says."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from callboard.sim import Organisation, events, founding_events, people_events

from .conftest import NOON
from .shapes import SHAPES

Told = list[tuple[datetime, dict]]
Tables = dict[str, pa.Table]


def about(told: Told, name: str) -> list[dict]:
    return [body["payload"]["object"] for _, body in told if body["event"] in (f"meeting.{name}", f"webinar.{name}")]


def said_of(told: Told, tables: Tables, name: str) -> list[dict]:
    """Objects of one event, of the meetings that history has too."""
    uuids = set(tables["meetings"]["uuid"].to_pylist())
    return [said for said in about(told, name) if said["uuid"] in uuids]


def test_events_come_in_order(told: Told) -> None:
    """Events are in order of their time, which is the one they carry, within the span asked for."""
    times = [at for at, _ in told]
    assert times == sorted(times)
    assert NOON - timedelta(days=3) <= times[0]
    assert times[-1] < NOON
    assert all(int(at.timestamp() * 1000) == body["event_ts"] for at, body in told[:500])


def test_spans_add_up(org: Organisation, told: Told) -> None:
    """Asked for in two parts, the events are the same ones."""
    middle = NOON - timedelta(hours=3, minutes=17)
    parts = [*events(org, NOON - timedelta(hours=6), middle), *events(org, middle, NOON)]
    assert parts == [event for event in told if event[0] >= NOON - timedelta(hours=6)]


@pytest.fixture(scope="module")
def busy() -> Told:
    """A working day with everything in it."""
    return list(events(Organisation(people=150), datetime(2026, 11, 11, 8, tzinfo=UTC), datetime(2026, 11, 11, 18, tzinfo=UTC)))


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_shapes_are_those_of_zoom(busy: Told, name: str) -> None:
    """Each event has the keys of Zoom's sample, and no others."""
    keys, participant_keys = (set(part.split()) for part in SHAPES[name])
    bodies = [body for _, body in busy if body["event"] in (name, f"meeting.{name}", f"webinar.{name}")]
    assert bodies
    for body in bodies[:50]:
        said = body["payload"]["object"]
        assert set(said) == keys
        assert set(said.get("participant", {})) == participant_keys


def test_every_join_leaves(told: Told, tables: Tables) -> None:
    """Every join of a meeting that is over has left, once."""
    over = {said["uuid"] for said in about(told, "ended")}
    joined = {(s["uuid"], s["participant"]["user_id"]) for s in about(told, "participant_joined") if s["uuid"] in over}
    left = Counter((s["uuid"], s["participant"]["user_id"]) for s in said_of(told, tables, "participant_left"))
    uuids = set(tables["meetings"]["uuid"].to_pylist())
    # The end of a meeting may be told a second before the last one's leaving.
    unsaid = {key for key in joined if key[0] in uuids} - set(left)
    assert len(unsaid) <= 3
    assert set(left.values()) == {1}


def test_webhooks_and_history_count_alike(told: Told, tables: Tables) -> None:
    """As many meetings, joins, minutes, shares and opinions are told as history has rows."""
    main = tables["participants"].filter(pc.equal(pc.bit_wise_and(tables["participants"]["features"], 1), 1))
    assert len(said_of(told, tables, "started")) == tables["meetings"].num_rows
    assert len(said_of(told, tables, "participant_joined")) == main.num_rows
    assert len(said_of(told, tables, "participant_qos")) == tables["qos_minutes"].num_rows
    edges = [*said_of(told, tables, "sharing_started"), *said_of(told, tables, "sharing_ended")]
    assert len(edges) == tables["sharing"].num_rows
    assert len(said_of(told, tables, "participant_feedback")) == tables["feedback"].num_rows


def test_webhooks_and_history_say_the_same_of_a_minute(told: Told, tables: Tables) -> None:
    """Figures of a minute are those of its row, with units."""
    rows = {(r["uuid"], r["user_id"], r["minute"]): r for r in tables["qos_minutes"].slice(0, 300).to_pylist()}
    seen = 0
    for said in said_of(told, tables, "participant_qos"):
        qos = said["participant"]["qos"]
        row = rows.get((said["uuid"], said["participant"]["user_id"], datetime.fromisoformat(qos[0]["date_time"])))
        if row:
            seen += 1
            entries = {entry["type"]: entry["details"] for entry in qos}
            assert entries["audio_input"]["bitrate"] == f"{row['audio_input_bitrate'] // 100} kbps"
            assert entries["audio_output"]["max_loss"] == f"{row['audio_output_max_loss'] / 100:.2f}%"
            assert ("video_output" in entries) == (row["video_output_bitrate"] is not None)
            assert float(entries["audio_quality"]["quality_score"]) == row["audio_score"] / 100
    assert seen == 300


def test_webhooks_and_history_say_the_same_of_a_join(told: Told, tables: Tables) -> None:
    """Name, times and leave reason of each join agree."""
    left = {(s["uuid"], s["participant"]["user_id"]): s["participant"] for s in said_of(told, tables, "participant_left")}
    gone = [r for r in tables["participants"].to_pylist() if (r["uuid"], r["user_id"]) in left]
    assert len(gone) > 100
    for row in gone:
        said = left[row["uuid"], row["user_id"]]
        assert row["name"]["value"] == said["user_name"]
        assert row["leave_time"] == datetime.fromisoformat(said["leave_time"])
        assert said["leave_reason"].endswith(f"<br>Reason: {row['leave_reason']['value']}")


def test_rejoins_have_new_ids(told: Told) -> None:
    """Who loses the network comes back under another user id."""
    ids = defaultdict(set)
    for said in about(told, "participant_joined"):
        person = said["participant"]["participant_user_id"]
        if person:
            ids[said["uuid"], person].add(said["participant"]["user_id"])
    assert any(len(found) > 1 for found in ids.values())


def test_people_are_made_at_the_beginning(org: Organisation) -> None:
    """Each of the staff is told once, with all that history has, when the span holds the beginning."""
    span = list(events(org, org.began - timedelta(days=1), org.began + timedelta(minutes=1)))
    assert [event for event in span if event[0] == org.began] == list(founding_events(org))
    made = [event for event in span if event[1]["event"] == "user.created"]
    assert made == list(people_events(org))
    assert {body["payload"]["object"]["email"] for _, body in made} == {p.email for p in org.staff}
