"""Pages about the whole account: where it is bad, rooms, usage, recordings, chat, and what came in."""

from __future__ import annotations

import re
from calendar import day_name
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.web.conftest import Organisation, Window
from tests.web.test_pages import serious

ROWS = "[data-slot=table] tbody tr"


def month() -> dict[str, str]:
    """The range that pages show unasked: thirty UTC days."""
    today = datetime.now(UTC).date()
    return {"from": f"{today - timedelta(days=29)}", "to": f"{today}"}


def numbers(text: str) -> list[int]:
    """The whole numbers in a text, as Britons write them."""
    return [int(found.replace(",", "")) for found in re.findall(r"\d[\d,]*", text)]


def test_quality_names_the_worst_first(window: Window, organisation: Organisation) -> None:
    """The table has the API's groups, the most bad minutes on top, and the sentence names the first."""
    found = organisation.ask("/v1/quality", by="site", **month())
    shown = window.open("/quality")
    first = shown.locator(ROWS).first
    assert first.locator("td").first.inner_text() == (found["groups"][0]["values"][0] or "Unknown")
    assert shown.locator("[data-slot=answer] a").inner_text() == first.locator("td").first.inner_text()
    assert shown.locator(ROWS).count() == found["total_records"]


def test_quality_is_split_by_two_and_the_address_says_so(window: Window) -> None:
    """A second dimension draws both at once; a cell is a door; Back takes it away."""
    shown = window.open("/quality")
    shown.get_by_label("and by").select_option("network")
    window.settled()
    assert "by=site,network" in shown.url
    assert shown.locator(".matrix tbody td a").first.get_attribute("href") is not None
    shown.go_back()
    window.settled()
    assert shown.locator(".matrix").count() == 0


def test_a_group_is_split_once_more(window: Window) -> None:
    """A row of one dimension leads to that value alone, split by another."""
    shown = window.open("/quality?by=network")
    value = shown.locator(ROWS).first.locator("td").first.inner_text()
    shown.locator(f"{ROWS} a.row-link").first.click()
    window.settled()
    assert set(shown.locator(f"{ROWS} td:first-child").all_inner_texts()) == {value}


def test_days_of_ones_choice_are_compared(window: Window) -> None:
    """The period compared with may be chosen; it is in the address, and the page says it."""
    shown = window.open("/quality?range=7d")
    days = [f"{datetime.now(UTC).date() - timedelta(days=back)}" for back in (8, 4)]
    shown.locator("#versus summary").click()
    for label, day in zip(("With", "to"), days, strict=True):
        shown.locator("#versus").get_by_label(label, exact=True).fill(day)
    with shown.expect_request(lambda request: "/v1/quality?" in request.url) as asked:
        shown.get_by_role("button", name="Compare").click()
    window.settled()
    assert f"before_from={days[0]}&before_to={days[1]}" in asked.value.url
    assert f"vs=own&vs_from={days[0]}&vs_to={days[1]}" in shown.url
    assert shown.locator("#versus summary").inner_text() == "vs other days"


def test_every_room_is_on_the_grid_and_opens(window: Window, organisation: Organisation) -> None:
    """Each room has a card with its health in a word; a click opens the room."""
    rooms = organisation.ask("/v2/metrics/zoomrooms", page_size=300)["zoom_rooms"]
    shown = window.open("/rooms")
    cards = shown.locator(".room")
    assert sorted(cards.locator(".name").all_inner_texts()) == sorted(room["room_name"] for room in rooms)
    name = cards.locator(".name").first.inner_text()
    cards.locator("a").first.click()
    shown.wait_for_url("**/rooms/*")
    window.settled()
    assert shown.locator("h1").inner_text() == name


def test_an_hour_of_use_is_no_door_to_other_meetings(window: Window, organisation: Organisation) -> None:
    """No list knows which meetings Zoom Rooms were in at an hour: a cell says its numbers, and leads to nothing else."""
    hours = organisation.ask("/v1/rooms/utilisation", timezone="Europe/Berlin", **month())["hours"]
    most = max(hours, key=lambda row: row["mean_rooms"])
    box = window.open("/rooms").locator("[data-slot=week]")
    hour = f"{day_name[most['weekday'] - 1]} {most['hour']:02d}–{(most['hour'] + 1) % 24:02d}: "
    said = box.locator(f"td[title^='{hour}']").get_attribute("title") or ""
    assert numbers(said)[-1] == most["meetings"]
    assert box.locator("td a").count() == 0


def test_bookings_take_the_place_of_use(window: Window) -> None:
    """The hours of the week count rooms in use, or bookings."""
    shown = window.open("/rooms")
    shown.get_by_role("button", name="Bookings that begin").click()
    window.settled()
    assert "hours=booked" in shown.url
    assert "Bookings that begin in the hour" in shown.locator("[data-slot=week]").inner_text()


def test_usage_adds_up_as_the_api_says(window: Window, organisation: Organisation) -> None:
    """The tile has the API's count; an hour of the week leads to the calls that began in it."""
    found = organisation.ask("/v1/usage/days", **month())
    total = found["total"]
    shown = window.open("/usage")
    assert numbers(shown.locator(".tile .value").first.inner_text()) == [total["meetings"]]
    door = shown.locator(".week td a").first.get_attribute("href") or ""
    assert re.match(r"/meetings\?weekday=\d&hour=\d+", door)
    shown.get_by_role("button", name="As a table").click()
    each = [numbers(text)[0] for text in shown.locator(".chart-table td.number").all_inner_texts()]
    assert each == [period["meetings"] + period["webinars"] for period in found["periods"]]  # UTC days, as the links have them


def test_hosts_are_sorted_by_their_head(window: Window) -> None:
    """Hosts come by calls, the most first; another head sorts by another figure."""
    shown = window.open("/usage")
    calls = [numbers(text)[0] for text in shown.locator(f"{ROWS} td:nth-child(3)").all_inner_texts()]
    assert calls == sorted(calls, reverse=True)
    shown.locator("[data-slot=table] thead").get_by_role("button", name="Hours").click()
    window.settled()
    assert "sort=hours" in shown.url


def test_recordings_are_all_there(window: Window, organisation: Organisation) -> None:
    """As many as the API lists, and each opens its meeting."""
    total = organisation.ask("/v1/recordings", page_size=1, **month())["total_records"]
    shown = window.open("/recordings")
    assert numbers(shown.locator("[data-slot=table] .counts").inner_text())[-1] == total
    if total:
        assert re.match(r"/(meetings|webinars)/", shown.locator(f"{ROWS} a.row-link").first.get_attribute("href") or "")


def test_chat_begins_with_who_wrote_most(window: Window) -> None:
    """People by messages, the most first."""
    shown = window.open("/chat")
    sent = [numbers(text)[0] for text in shown.locator(f"{ROWS} td:nth-child(2)").all_inner_texts()]
    assert sent
    assert sent == sorted(sent, reverse=True)


def test_a_refused_event_is_shown_with_its_reason(window: Window, organisation: Organisation) -> None:
    """What could not be understood is told with its name and why."""
    organisation.happens({"event": "meeting.started", "event_ts": 1772445600000, "payload": {"object": {"topic": "No uuid"}}})
    organisation.happens({"event": "meeting.started", "payload": {"object": {"uuid": 7, "start_time": "never"}}})
    body: Any = organisation.ask("/v1/sources", **{"from": "2026-01-01", "to": month()["to"]})
    assert body["refused"]
    shown = window.open(f"/data?from=2026-01-01&to={month()['to']}")
    assert body["refused"][0]["reason"] in shown.locator("[data-slot=refused]").inner_text()


def test_what_is_mirrored_is_told_by_family(window: Window, organisation: Organisation) -> None:
    """Without a mirror the page says how to make one; with one, each family's days, state and what is not complete."""
    shown = window.open("/data")
    box = shown.locator("#mirror")
    if not organisation.ask("/v1/sync")["families"]:
        assert "This account is not mirrored" in box.inner_text()
        assert box.locator("code").inner_text() == "callboard sync"
    done = {"listing": "list_meetings past", "source": "acme", "state": "complete", "items": 1, "done": 1, "records": 7}
    failed = done | {"listing": "list_meeting_participants_qos", "state": "failed", "reason": "403: no scope"}
    days = [{"day": day, "asked_at": f"{day}T23:00:00Z"} for day in ("2026-03-02", "2026-03-03")]
    organisation.load("sync_days", [row | day for row in (done, failed) for day in days])
    shown.reload()
    window.settled()
    assert "acme: asked about Mon 2 Mar – Tue 3 Mar" in box.locator("p").first.inner_text()
    assert "1 of 2" in box.locator("p").first.inner_text()
    rows = [" ".join(row.locator("td").all_inner_texts()) for row in box.locator("tbody tr").all()]
    assert re.match(r"Meetings and webinars Complete Mon,? 2 Mar – Tue,? 3 Mar 2 14 ", rows[0])
    assert re.match(r"Quality minutes Failed .* Mon,? 2 Mar – Tue,? 3 Mar: failed, 403: no scope", rows[1])
    assert serious(window) == []
