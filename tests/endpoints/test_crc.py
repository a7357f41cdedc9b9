"""Room connector ports: the hourly figures against a plain recount, and what cases can't say."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from typing import Any

import pytest

from callboard.app import Parts
from tests.contract.helpers import account
from tests.helpers import Office
from tests.ingest.events import iso

CRC = "/v2/metrics/crc"
BEGIN, HOUR, DAY = 1_772_409_600, 3600, 86_400  # 2026-03-02
HOURS = 72
Span = tuple[int, int]


def held(chance: random.Random, n: int) -> tuple[dict[str, Any], list[dict[str, Any]], list[Span]]:
    """A meeting, its joins as rows, and when its room systems were connected."""
    start = BEGIN - 20 * HOUR + chance.randrange((HOURS + 19) * HOUR)
    end = start + chance.choice((600, 5 * HOUR, 29 * HOUR))
    meeting = {
        "kind": "meeting",
        "uuid": f"m-{n}",
        "start_time": start,
        "number": 84500000001,
        "host_id": "mara",
        "end_time": end,
    }
    rows, spans = [], []
    for user in range(chance.randrange(6)):
        came = start + chance.randrange(end - start)
        if chance.random() < 0.3:
            came = min(end, came - came % HOUR + HOUR)  # on the hour
        stays = chance.choice((None, 0, 60, HOUR, 3 * HOUR))
        leave = None if stays is None else came + stays
        row = {"uuid": f"m-{n}", "user_id": str(user), "join_time": came, "features": ["JOINED"], "participant_user_id": "room"}
        said = chance.choice(({"device": "H.323/SIP"}, {"features": ["JOINED", "SIP"]}, {"device": "Windows"}))
        rows.append(row | ({"leave_time": leave} if leave is not None else {}) | said)
        if said != {"device": "Windows"}:
            spans.append((came, max(came + 1, leave if leave is not None else end)))
    return meeting, rows, spans


@pytest.fixture(scope="module", params=range(3))
def rooms(parts: Parts, request: pytest.FixtureRequest) -> Iterator[tuple[Office, list[Span]]]:
    """Sixty random meetings: over midnight, with rejoins, with joins that nobody heard end."""
    chance = random.Random(request.param)
    made = [held(chance, n) for n in range(60)]
    with account(parts, f"crc-{request.param}") as office:
        office.load("meetings", [meeting for meeting, _, _ in made])
        office.load("participants", [row for _, rows, _ in made for row in rows])
        yield office, [span for _, _, spans in made for span in spans]


def recounted(spans: list[Span], hour: int) -> Span:
    """The figures of one hour: who was there at its first second, and at each second that someone came."""
    begin, end = BEGIN + hour * HOUR, BEGIN + (hour + 1) * HOUR
    moments = [begin, *(came for came, _ in spans if begin <= came < end)]
    most = max(sum(came <= moment < went for came, went in spans) for moment in moments)
    return most, sum(came < end and went > begin for came, went in spans)


def hours(answer: dict[str, Any]) -> list[Span]:
    return [(h["max_usage"], h["total_usage"]) for day in answer["crc_ports_usage"] for h in day["crc_ports_hour_usage"]]


def test_peaks_equal_a_recount(rooms: tuple[Office, list[Span]]) -> None:
    """Each hour of three days has the peak and the total that counting join by join gives."""
    office, spans = rooms
    answer = office.ask(CRC, from_="2026-03-02", to="2026-03-04")
    assert hours(answer) == [recounted(spans, hour) for hour in range(HOURS)]


def test_a_day_is_the_same_alone_and_in_a_range(rooms: tuple[Office, list[Span]]) -> None:
    """What was remembered for one range is right for another: joins of the day before count in both."""
    office, _ = rooms
    alone = [hour for day in ("02", "03", "04") for hour in hours(office.ask(CRC, from_=f"2026-03-{day}", to=f"2026-03-{day}"))]
    assert alone == hours(office.ask(CRC, from_="2026-03-02", to="2026-03-04"))


def test_a_join_that_comes_late_is_counted(rooms: tuple[Office, list[Span]]) -> None:
    """The figures of a day that were remembered are forgotten when someone is heard to have joined."""
    office, spans = rooms
    before = hours(office.ask(CRC, from_="2026-03-04", to="2026-03-04"))
    came = BEGIN + 2 * DAY + 5 * HOUR
    office.load("meetings", [{"kind": "meeting", "uuid": "late", "start_time": came - 10 * HOUR, "end_time": came + 60}])
    office.load("participants", [{"uuid": "late", "user_id": "1", "join_time": came, "device": "H.323/SIP"}])
    spans.append((came, came + 60))
    after = hours(office.ask(CRC, from_="2026-03-04", to="2026-03-04"))
    assert after[5][1] == before[5][1] + 1
    assert after == [recounted(spans, hour) for hour in range(48, 72)]


def test_a_join_of_a_live_meeting_is_there_now(office: Office) -> None:
    """A room system that has not left is counted up to this hour, and in none to come."""
    now = int(time.time())
    office.load("meetings", [{"kind": "meeting", "uuid": "live", "start_time": now - 60}])
    office.load("participants", [{"uuid": "live", "user_id": "1", "join_time": now - 60, "device": "H.323/SIP"}])
    used = hours(office.ask(CRC, from_=iso(now)[:10], to=iso(now)[:10]))
    assert used[now % DAY // HOUR] == (1, 1)
    assert not any(most for most, _ in used[now % DAY // HOUR + 1 :])


def test_days_to_come_have_no_entry(office: Office) -> None:
    """A range that reaches into the future ends today; one that lies there is empty."""
    assert office.ask(CRC, from_="2098-01-01", to="2098-01-31")["crc_ports_usage"] == []
    assert len(office.ask(CRC, from_="2026-03-01", to="2026-03-31")["crc_ports_usage"]) == 31


def test_a_range_is_cut_to_a_year(office: Office) -> None:
    """An answer with an entry an hour has at most 366 days: `from` is moved up and echoed so."""
    answer = office.ask(CRC, from_="2001-01-01", to="2025-12-31")
    assert (answer["from"], len(answer["crc_ports_usage"])) == ("2024-12-31", 366)


def test_hours_are_two_digits(office: Office) -> None:
    """Quirk: `date_time` is a date, and `hour` is text from `00` to `23`."""
    (day,) = office.ask(CRC, from_="2026-03-02", to="2026-03-02")["crc_ports_usage"]
    assert day["date_time"] == "2026-03-02"
    assert [h["hour"] for h in day["crc_ports_hour_usage"]] == [f"{n:02d}" for n in range(24)]


def test_groups_do_not_cover_ports(office: Office) -> None:
    """Ports are the account's: a caller of single groups is refused."""
    answer = office.get(CRC, office.token(groups=["sales"]), from_="2026-03-02", to="2026-03-02")
    assert (answer.status_code, answer.json()["code"]) == (403, 4711)
