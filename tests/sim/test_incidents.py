"""What goes wrong shows in the numbers, and the truth says so."""

import json
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from callboard.sim import Organisation, truth
from callboard.sim.day import day_of
from callboard.sim.incidents import Incident, incidents
from callboard.sim.organisation import PHONE
from callboard.sim.quality import exposed, minutes_of, score

UNTIL = datetime(2026, 11, 20, 10, tzinfo=UTC)
ORG = Organisation(people=120)


def of_kind(kind: str) -> Incident:
    return [i for i in incidents(ORG, UNTIL - timedelta(days=20), UNTIL) if i.kind == kind][-1]


def mean_of(column: str, incident: Incident, day: date, during: bool) -> float:
    """Mean of a column over the minutes of those that the incident touches, inside or outside its time."""
    made = day_of(ORG, day)
    minutes = minutes_of(made)
    inside = (minutes.minute >= incident.since.timestamp()) & (minutes.minute < incident.until.timestamp())
    group = "_".join(column.split("_")[:2])
    chosen = exposed(made, incident)[minutes.join] & (inside == during) & minutes.present.get(group, True)
    return float(minutes.columns[column][chosen].mean())


@pytest.mark.parametrize("until", [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=17 * n) for n in range(12)])
def test_any_thirty_days_show_every_kind(until: datetime) -> None:
    """Whenever it is tried out, something of each kind went wrong in the last thirty days."""
    found = incidents(ORG, until - timedelta(days=30), until)
    assert {i.kind for i in found} == {"wifi", "data_center", "client"}


def test_bad_wifi_loses_packets() -> None:
    """Loss on the site's Wi-Fi is many times what it is a week before."""
    bad = of_kind("wifi")
    day = bad.until.date()
    before = mean_of("audio_input_avg_loss", bad, day - timedelta(days=7), during=False)
    assert mean_of("audio_input_avg_loss", bad, day, during=True) > 8 * before


def test_an_overloaded_data_center_is_slow() -> None:
    """Latency through the data centre is higher by about 140 ms while it is overloaded."""
    slow = of_kind("data_center")
    inside = mean_of("audio_input_latency", slow, slow.since.date(), during=True)
    before = mean_of("audio_input_latency", slow, slow.since.date() - timedelta(days=7), during=False)
    assert 100 < inside - before < 220


def test_a_bad_client_burns_the_processor() -> None:
    """Those on the bad version have a busy processor and few frames; others on the same day don't."""
    bad = of_kind("client")
    days = (bad.since.date() + timedelta(days=n) for n in range(5, 8))
    made = day_of(ORG, next(day for day in days if day.weekday() < 5))
    minutes, touched = minutes_of(made), exposed(made, bad)[minutes_of(made).join]
    cpu, frames = minutes.columns["zoom_avg_cpu_usage"], minutes.columns["video_output_frame_rate"]
    filmed = minutes.present["video_output"]
    assert cpu[touched].mean() > 3 * cpu[~touched].mean()
    assert frames[touched & filmed].mean() < frames[~touched & filmed].mean() / 2


def test_truth_is_told_in_json() -> None:
    """The truth is JSON, and says of each incident what, where, when and how much."""
    told = truth(Organisation(people=30), UNTIL, days=30)
    assert json.loads(json.dumps(told)) == told
    assert {entry["kind"] for entry in told} == {"wifi", "data_center", "client"}
    assert all(set(entry) == {"kind", "where", "from", "to", "effect", "joins"} for entry in told)


def test_truth_counts_the_joins() -> None:
    """The joins that the truth counts are those that the incident touched."""
    slow = of_kind("data_center")
    made = day_of(ORG, slow.since.date())
    joins = made.joins
    during = (joins.join > 0) & (joins.join < slow.until.timestamp()) & (joins.leave > slow.since.timestamp())
    counted = [e for e in truth(ORG, UNTIL, days=3) if e["kind"] == "data_center"][-1]["joins"]
    there = (made.meetings.data_center[joins.meeting] == slow.index) & (joins.device != PHONE)
    assert counted == np.count_nonzero(during & there)


@pytest.mark.parametrize("medium", ["audio", "video", "as"])
def test_scores_never_rise_with_trouble(medium: str) -> None:
    """A score is between 1 and 5 and falls, or stays, as latency, jitter or loss grow."""
    steps = np.linspace(0, 60, 200, dtype=np.float32)
    none = np.zeros_like(steps)
    for latency, jitter, loss in ((steps * 50, none, none), (none, steps * 5, none), (none, none, steps)):
        scores = score(medium, latency, jitter, loss)
        assert scores[0] == 500
        assert scores.min() >= 100
        assert (np.diff(scores) <= 0).all()
