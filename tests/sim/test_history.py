"""History in bulk: repeatable, of the right size, and fit for the store."""

import base64
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from callboard.contract.features import Feature
from callboard.sim import Chunk, Organisation
from callboard.sim.day import day_of
from callboard.sim.organisation import PHONE
from callboard.sim.quality import minutes_of
from callboard.store.tables import TABLES, Merge

from .conftest import NOON, gathered

Tables = dict[str, pa.Table]


def test_history_is_the_same_again(org: Organisation, tables: Tables) -> None:
    """Made twice, in a fresh process or not, history is equal to the last figure."""
    day_of.cache_clear()
    again = gathered(Organisation(seed=7, people=40), NOON, days=2)
    assert again.keys() == tables.keys()
    assert all(again[name].equals(tables[name]) for name in tables)


def test_a_day_needs_no_other_day(org: Organisation) -> None:
    """A day made alone equals the same day made after others."""
    day_of.cache_clear()
    alone = day_of(org, date(2026, 11, 18))
    minutes = minutes_of(alone)
    day_of.cache_clear()
    for earlier in range(16, 18):
        minutes_of(day_of(org, date(2026, 11, earlier)))
    after = minutes_of(day_of(org, date(2026, 11, 18)))
    assert all(np.array_equal(minutes.columns[name], after.columns[name]) for name in minutes.columns)


def test_scale_of_a_month() -> None:
    """A hundred people have about 2,000 meetings, 12,000 joins and 33 minutes a join in thirty days."""
    org = Organisation(people=100)
    days = [day_of(org, date(2026, 10, 20) + timedelta(days=n)) for n in range(30)]
    joins = sum(len(day.joins) for day in days)
    minutes = sum(int(np.clip(day.joins.leave - day.joins.join, 0, None).sum()) for day in days) / 60
    assert 1_500 < sum(len(day.meetings.host) for day in days) < 2_700
    assert 9_000 < joins < 15_000
    assert 28 < minutes / joins < 38


def test_columns_fit_the_tables(chunks: list[Chunk]) -> None:
    """Every column exists in its table, keys have no nulls, and what may change carries its time."""
    for name, rows in ((chunk.table, chunk.rows) for chunk in chunks):
        for column in rows.column_names:
            merge = TABLES[name][column].merge
            assert pa.types.is_struct(rows.schema.field(column).type) == (merge is Merge.LATEST), (name, column)
            assert merge in (Merge.KNOWN, Merge.EARLIEST, Merge.GREATEST) or rows[column].null_count == 0, (name, column)


def test_keys_are_unique(chunks: list[Chunk]) -> None:
    """A chunk of history says each fact in one row."""
    for name, rows in ((chunk.table, chunk.rows) for chunk in chunks):
        key = [column for column in TABLES[name].key if column in rows.column_names]
        assert rows.group_by(key).aggregate([]).num_rows == rows.num_rows, name


def test_uuids_try_the_urls() -> None:
    """Uuids are base64 of 16 bytes; some begin with a slash, some have two in a row."""
    uuids = [u for n in range(2, 7) for u in day_of(Organisation(people=100), date(2026, 11, n)).meetings.uuid]
    assert {len(base64.b64decode(u)) for u in uuids} == {16}
    assert len(set(uuids)) == len(uuids)
    assert any(u.startswith("/") for u in uuids)
    assert any("//" in u for u in uuids)
    assert any("+" in u for u in uuids)


def test_numbers_are_long(tables: Tables) -> None:
    """Meeting numbers have ten or eleven digits."""
    assert {len(str(n)) for n in tables["meetings"]["number"].to_pylist()} <= {10, 11}


def test_the_present_is_unfinished(tables: Tables) -> None:
    """At noon on a working day some meetings have no end, and some of their joins no leave and no score."""
    live = tables["meetings"].filter(pc.is_null(tables["meetings"]["end_time"]))
    joins = tables["participants"]
    there = joins.filter(pc.and_(pc.is_in(joins["uuid"], live["uuid"].combine_chunks()), pc.is_null(joins["leave_time"])))
    assert live.num_rows > 0
    assert there.num_rows > 0
    assert there["audio_score"].null_count == there.num_rows


def test_nothing_is_of_the_future(tables: Tables) -> None:
    """No time of any fact is later than the instant asked for."""
    columns = [("meetings", "start_time"), ("meetings", "end_time"), ("participants", "leave_time"), ("qos_minutes", "minute")]
    assert all(pc.max(tables[table][column]).as_py() <= NOON for table, column in columns)


def test_telephones_have_no_quality() -> None:
    """A telephone join has a number and no minute of quality data."""
    day = day_of(Organisation(people=200), date(2026, 11, 18))
    phones = np.flatnonzero(day.joins.device == PHONE)
    assert len(phones) > 0
    assert not np.isin(minutes_of(day).join, phones).any()


@pytest.mark.parametrize("feature", [Feature.VOIP, Feature.VIDEO, Feature.WAITING_ROOM, Feature.SHARE_DESKTOP, Feature.PSTN])
def test_features_occur(tables: Tables, feature: Feature) -> None:
    """Each feature is used by someone."""
    assert any(bits & feature for bits in tables["participants"]["features"].to_pylist())


def test_times_of_a_join_are_in_order() -> None:
    """Nobody is admitted before waiting, joins before the start, leaves before joining or after the end."""
    day = day_of(Organisation(people=200), date(2026, 11, 18))
    joins, meetings = day.joins, day.meetings
    came = joins.join > 0
    assert (joins.leave[came] > joins.join[came]).all()
    assert (joins.join[came] > meetings.start[joins.meeting[came]]).all()
    assert (joins.leave < meetings.end[joins.meeting]).all()
    waited = joins.waiting_from > 0
    assert (joins.waiting_to[waited] >= joins.waiting_from[waited]).all()


def test_breakout_rooms_have_their_own_joins() -> None:
    """A breakout room's join names its parent in the same meeting, which is away meanwhile."""
    days = [day_of(Organisation(people=200), date(2026, 11, n)) for n in (16, 17, 18)]
    rooms = [(day.joins, row) for day in days for row in np.flatnonzero(day.joins.parent >= 0)]
    assert rooms
    for joins, row in rooms:
        parent = joins.parent[row]
        assert joins.meeting[parent] == joins.meeting[row]
        assert joins.person[parent] == joins.person[row]
        assert joins.away_from[parent] == joins.join[row]


def test_a_company_of_one_on_a_sunday() -> None:
    """Even with nobody to meet there is a history: the people, and the room of their site."""
    found = gathered(Organisation(people=1), datetime(2026, 11, 22, 9, tzinfo=UTC), days=1)
    assert pc.count_distinct(found["people"]["user_id"]).as_py() == 1
    assert pc.count_distinct(found["rooms"]["room_id"]).as_py() == 1
