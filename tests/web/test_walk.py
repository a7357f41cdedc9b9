"""Walks: what people do on the pages, and what they must see then."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from playwright.sync_api import Page, expect

from tests.helpers import instance, participant
from tests.web.conftest import Organisation, Window

ROWS = "[data-slot=table] tbody tr"


def column(page: Page, title: str) -> list[str]:
    """The cells of a column."""
    titles = [text.strip() for text in page.locator("[data-slot=table] thead th").all_inner_texts()]
    place = titles.index(title)
    return [row.locator("td").nth(place).inner_text() for row in page.locator(ROWS).all()]


def test_filters_are_in_the_address_and_can_be_shared(window: Window, windows: Any) -> None:
    """A filter narrows the table and is in the address; another person who opens the address sees the same."""
    shown = window.open("/meetings")
    shown.locator(".bands a[data-quality=good]").click()
    window.settled()
    assert "quality=good" in shown.url
    assert all(text.startswith("Good") for text in column(shown, "Quality"))
    topics = column(shown, "Topic")
    other = windows()
    again = other.open(shown.url.removeprefix(other.url))
    assert column(again, "Topic") == topics
    assert again.locator(".chip").inner_text().startswith("Good")
    again.get_by_role("button", name=re.compile("Without Good")).click()
    other.settled()
    assert "quality" not in again.url


def test_the_form_filters_by_department_and_size(window: Window) -> None:
    """The form offers the account's departments; what is chosen holds for every row."""
    shown = window.open("/meetings?columns=topic,people,department")
    shown.locator("[data-menu=filter] summary").click()
    choice = shown.get_by_label("Department of the host")
    expect(choice.locator("option").nth(1)).to_be_attached()
    department = choice.locator("option").nth(1).get_attribute("value") or ""
    choice.select_option(department)
    shown.get_by_label("People, from").fill("3")
    shown.get_by_role("button", name="Show", exact=True).last.click()
    window.settled()
    assert set(column(shown, "Department")) == {department}
    assert all(int(text) >= 3 for text in column(shown, "People"))


def test_sorting_turns_and_back_goes_back(window: Window) -> None:
    """A head sorts, sorts the other way, and Back undoes it."""
    shown = window.open("/meetings")
    before = column(shown, "Topic")
    head = shown.get_by_role("button", name="Joins", exact=True)
    head.click()
    window.settled()
    falling = [int(text) for text in column(shown, "Joins")]
    assert falling == sorted(falling, reverse=True)
    shown.get_by_role("button", name="Joins", exact=True).click()
    window.settled()
    rising = [int(text) for text in column(shown, "Joins")]
    assert rising == sorted(rising)
    shown.go_back()
    window.settled()
    shown.go_back()
    window.settled()
    assert column(shown, "Topic") == before


def test_pages_join_to_the_whole(window: Window, organisation: Organisation) -> None:
    """Next and Previous turn pages; a page's number in the address opens it; no row is on two."""
    shown = window.open("/meetings?range=90d&columns=topic,start,number")
    first = set(zip(column(shown, "Began"), column(shown, "Meeting id"), strict=True))
    shown.get_by_role("link", name="Next", exact=True).click()
    window.settled()
    second = set(zip(column(shown, "Began"), column(shown, "Meeting id"), strict=True))
    assert second
    assert not first & second
    shown.reload()
    window.settled()
    assert set(zip(column(shown, "Began"), column(shown, "Meeting id"), strict=True)) == second


def test_a_day_leads_to_its_meetings(window: Window) -> None:
    """A day of the days' chart is a door to its meetings, as many as the chart says."""
    shown = window.open("/meetings")
    shown.get_by_role("button", name="As a table").click()
    day = shown.locator(".chart-table tbody tr").nth(-3)
    bad, rest = (int(text) for text in day.locator("td.number").all_inner_texts())
    day.get_by_role("link").click()
    window.settled()
    assert re.search(r"from=(\S+)&to=\1", shown.url)
    assert shown.locator(ROWS).count() == bad + rest


def test_a_person_is_told_why(window: Window, organisation: Organisation) -> None:
    """Below the share of good minutes stands the likely cause of most bad ones, with numbers, as the API has it."""
    lanes = organisation.ask(f"/v1{organisation.example('meetings')}/lanes")["lanes"]
    worst = max((lane for lane in lanes if lane["participant_user_id"]), key=lambda lane: lane["bad_minutes"])
    shown = window.open(f"/people/{worst['participant_user_id']}")
    today = datetime.now(UTC).date()
    about = {"from": f"{today - timedelta(days=29)}", "to": f"{today}", "causes": "true"}
    said = organisation.ask(f"/v1/people/{worst['participant_user_id']}", **about)
    why = shown.locator("[data-slot=why]").inner_text()
    numbers = [int(found) for found in re.findall(r"\d+", why.replace(",", "").partition("(")[0])]
    first = said["causes"][0]
    calls = [said["caused_calls"]] if said["caused_minutes"] < said["bad_minutes"] else []
    assert numbers == [said["caused_minutes"], *calls, first["bad_minutes"], first["calls"]]
    assert first["cause"] in why
    assert first["evidence"].split("; ")[0].rstrip(".")[1:] in why


def test_what_is_compared_with_is_chosen_and_kept(window: Window, organisation: Organisation) -> None:
    """The period before, the same weekdays, the same days a year before, or nothing: in the address, kept with another range."""
    today = datetime.now(UTC).date()
    shown = window.open("/meetings?range=7d")

    def poor_or_bad() -> str:
        window.settled()
        return shown.locator(".tile .change").nth(2).inner_text()

    def bad_calls(first: date, last: date) -> int:
        about = {"before_from": f"{first}", "before_to": f"{last}", "timezone": "Europe/Berlin"}
        found = organisation.ask("/v1/meetings/summary", from_=f"{today - timedelta(days=6)}", to=f"{today}", **about)
        return int(found["before"]["bad_calls"])

    assert poor_or_bad() == f"{bad_calls(today - timedelta(days=13), today - timedelta(days=7))} in the 7 days before"
    for choice, value, back, said in (
        ("The same weekdays", "weeks", 28, "the same weekdays 4 weeks before"),
        ("The same days", "year", None, "the same days a year before"),
    ):
        first = today - timedelta(days=6 + (back or 0))
        first, last = (first, today - timedelta(days=back)) if back else (a_year_before(first), a_year_before(today))
        shown.locator("#versus summary").click()
        with shown.expect_request(lambda request: "/v1/meetings/summary" in request.url) as asked:
            shown.locator("#versus").get_by_role("button", name=choice).click()
        assert f"before_from={first}&before_to={last}" in asked.value.url
        assert poor_or_bad() == f"{bad_calls(first, last)} in {said}"
        assert f"vs={value}" in shown.url
    shown.locator("#range summary").click()
    shown.get_by_role("button", name="Yesterday").click()
    assert poor_or_bad() == "0 in the same days a year before"
    assert shown.url.endswith("range=yesterday&vs=year") or shown.url.endswith("vs=year&range=yesterday")
    shown.locator("#versus summary").click()
    shown.get_by_role("button", name="Nothing").click()
    assert poor_or_bad() == ""
    assert "before" not in shown.locator("[data-slot=answer]").inner_text()


def test_a_range_that_begins_before_what_is_there_says_so(window: Window, organisation: Organisation) -> None:
    """Before the first fact, and before what is kept, the page says from when on or for how long; else nothing."""
    kept = {one["family"]: one for one in organisation.ask("/v1/freshness")["kept"]}
    first = datetime.fromisoformat(kept["qos"]["oldest"])
    note = window.open("/quality?range=90d").locator("[data-slot=kept]")
    expect(note).to_have_text(
        re.compile(f"^Quality minutes are known from {first:%a},? {first.day} {first:%b} on; this range begins earlier.$")
    )
    window.page.locator("#range summary").click()
    window.page.get_by_role("button", name="Yesterday").click()
    expect(note).to_be_hidden()
    answer = {"families": [], "kept": [kept["meetings"] | {"days": 183}, kept["qos"] | {"days": 60}]}
    window.page.route("**/v1/freshness", lambda route: route.fulfill(json=answer))
    window.open("/meetings?range=90d")
    expect(note).to_contain_text("quality minutes are kept for 60 days", ignore_case=True)
    expect(note).to_contain_text("meetings and webinars are known from", ignore_case=True)


def a_year_before(day: date) -> date:
    """The same date; of 29 February the day before."""
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


def a_bad_call(organisation: Organisation, began: datetime) -> str:
    """Three people in Berlin lose a tenth of their packets for twenty minutes; its topic."""
    uuid, end = f"bad-{began:%Y%m%d}==", began + timedelta(minutes=20)
    host = organisation.ask("/v1/meetings", from_="2000-01-01", to="2100-01-01", page_size=1)["meetings"][0]["host_id"]
    about = {"kind": "meeting", "uuid": uuid, "number": 84577777777, "topic": "Quarter in review", "host_id": host}
    organisation.load("meetings", [about | {"start_time": f"{began.isoformat()}", "end_time": f"{end.isoformat()}"}])
    joins = [{"uuid": uuid, "user_id": str(30_000_000 + n)} for n in range(3)]
    place = {"location": "Berlin", "network_type": "Wifi", "ip_address": "198.51.100.7", "device": "Mac"}
    there = {"join_time": began.isoformat(), "leave_time": end.isoformat()}
    organisation.load("participants", [join | place | there | {"name": f"Jun {n}"} for n, join in enumerate(joins)])
    stream = {"bitrate": 60, "latency": 40, "jitter": 4, "avg_loss": 1000, "max_loss": 1500}
    streams = {f"audio_{way}_{name}": value for way in ("input", "output") for name, value in stream.items()}
    minutes = [{"minute": (began + timedelta(minutes=n)).isoformat(), "leg": "cloud", "audio_score": 150} for n in range(20)]
    organisation.load("qos_minutes", [join | streams | minute for join in joins for minute in minutes])
    return str(about["topic"])


def test_the_bad_call_of_last_tuesday(window: Window, organisation: Organisation) -> None:
    """From the chart by day to that day's meetings, its poor and bad ones, the worst, why, and someone's streams."""
    now = datetime.now(UTC)
    tuesday = now - timedelta(days=(now.isoweekday() - 2) % 7 or 7)
    # At 23:00 UTC the reader's day is the next one already: days are UTC days all the same.
    topic = a_bad_call(organisation, tuesday.replace(hour=23, minute=0, second=0, microsecond=0))
    shown = window.open("/meetings")
    day = rf"{tuesday:%a},? {tuesday.day} {tuesday:%b}: \d+\Wmeetings?, [1-9]\d* poor or bad"
    bars = shown.locator(".chart .mark-rect path[aria-label*='part: bad_calls']")
    bar = next(one for one in bars.all() if re.search(day, one.get_attribute("aria-label") or ""))
    bar.hover()
    said = shown.locator(".chart-tip").inner_text()
    bar.click()
    shown.wait_for_url(f"**/meetings?from={tuesday:%Y-%m-%d}&to={tuesday:%Y-%m-%d}")
    window.settled()
    assert shown.locator("h1 + .counts").inner_text().split(",")[0] in said
    shown.locator(".tile").filter(has_text="Poor or bad meetings").get_by_role("link").click()
    window.settled()
    assert {text.split()[0] for text in column(shown, "Quality")} <= {"Poor", "Bad"}
    shown.get_by_role("button", name="Quality", exact=True).click()
    window.settled()
    assert column(shown, "Topic")[0] == topic
    shown.locator(f"{ROWS} a.row-link").first.click()
    shown.wait_for_url("**/meetings/bad-*")
    window.settled()
    answer = shown.locator("[data-slot=answer]").inner_text()
    assert re.match(
        r"Bad for 3 of 3\Wpeople: 60\Wbad minutes by .+ at Berlin from 00:00 to 00:20 \(.*10(\.0)?\W?%.*\)", answer
    ), answer
    shown.locator(".lanes-list .who").first.click()
    window.settled()
    assert shown.locator(".strip").count() >= 4
    assert shown.locator(".strip path, .strip polyline, .strip line").count() > 4


def test_columns_are_chosen(window: Window) -> None:
    """A column that is not shown at first can be, and is then in the address."""
    shown = window.open("/meetings")
    shown.locator("[data-menu=columns] summary").click()
    shown.get_by_label("Meeting id").check()
    window.settled()
    assert all(text.isdigit() for text in column(shown, "Meeting id"))
    assert "columns=" in shown.url


def test_search_is_a_key_away(window: Window, organisation: Organisation) -> None:
    """`/` goes to the search, arrows choose, Enter opens."""
    topic = organisation.ask("/v1/meetings", from_="2000-01-01", to="2100-01-01", page_size=1)["meetings"][0]["topic"]
    shown = window.open("/")
    shown.locator("main").press("/")
    shown.keyboard.type(topic[:12])
    expect(shown.locator("#found [role=option]").first).to_be_visible()
    shown.keyboard.press("ArrowDown")
    assert shown.locator("#found [aria-selected=true]").count() == 1
    shown.keyboard.press("Enter")
    shown.wait_for_url(re.compile(r"/(meetings|webinars|people)/."))
    window.settled()


def test_rows_are_walked_by_keys(window: Window) -> None:
    """Down goes to the next row, Enter opens it."""
    shown = window.open("/meetings")
    links = shown.locator(f"{ROWS} a.row-link")
    links.first.focus()
    shown.keyboard.press("ArrowDown")
    assert links.nth(1).evaluate("link => link === document.activeElement")
    target = links.nth(1).get_attribute("href")
    shown.keyboard.press("Enter")
    shown.wait_for_url(f"**{target}")
    window.settled()


def test_a_meeting_says_who_was_there_and_how_it_was(window: Window, organisation: Organisation) -> None:
    """Each participant has a lane; one opens on its streams, which are in the address and behind a table as well."""
    path = organisation.example("meetings")
    found = organisation.ask(f"/v1{path}/lanes")
    shown = window.open(path)
    assert shown.locator("h1").inner_text() == found["topic"]
    assert shown.locator(".lanes-list > li").count() == found["people"]
    shown.get_by_role("button", name="Worst first").click()
    shown.locator(".lanes-list .who").first.click()
    window.settled()
    assert "who=" in shown.url
    assert shown.locator(".strip").count() >= 4
    shown.get_by_role("button", name="As a table").click()
    window.settled()
    assert shown.locator(".panel tbody tr").count() > 1
    shown.reload()
    window.settled()
    assert shown.locator(".panel tbody tr").count() > 1


def test_attendance_joins_rejoins(window: Window, organisation: Organisation) -> None:
    """The attendance table has one row a person, and says how often they joined."""
    path = organisation.example("meetings")
    found = organisation.ask(f"/v1{path}/lanes")
    shown = window.open(path)
    rows = shown.locator("[data-slot=attendance] tbody tr")
    assert rows.count() == found["people"]
    joins = [int(row.locator("td").nth(6).inner_text()) for row in rows.all()]
    assert sorted(joins) == sorted(len(lane["joins"]) for lane in found["lanes"])


def test_a_webinar_says_who_came(window: Window, organisation: Organisation) -> None:
    """Registered, attended, average stay and the curve are there."""
    path = organisation.example("webinars")
    found = organisation.ask(f"/v1{path}/engagement")
    shown = window.open(path)
    values = dict(
        zip(shown.locator(".tile .label").all_inner_texts(), shown.locator(".tile .value").all_inner_texts(), strict=True)
    )
    assert values["Attended"].split()[0] == str(found["attended"])
    assert shown.locator(".chart svg").count() == 1


def test_a_live_change_shows_by_itself(window: Window, organisation: Organisation) -> None:
    """A meeting that begins while one looks appears on the page Now, without a reload."""
    shown = window.open("/")
    expect(shown.locator("#stream")).to_have_text("Updates by itself")
    now = datetime.now(UTC)
    about = {"uuid": "born-now==", "start": f"{now - timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}"}
    started = instance("meeting.started", **about, topic="Born this minute", id="84599999999")
    organisation.happens(started)
    joined = participant("meeting.participant_joined", uuid=about["uuid"], join_time=f"{now:%Y-%m-%dT%H:%M:%SZ}")
    joined["payload"]["object"] |= {"start_time": about["start"], "topic": "Born this minute"}
    organisation.happens(joined)
    expect(shown.locator(ROWS).filter(has_text="Born this minute")).to_have_count(1, timeout=30_000)


def test_who_sees_no_names_downloads_none(windows: Any, organisation: Organisation) -> None:
    """The same download without hosts' names and mail addresses, for someone from whom personal data is hidden."""
    known = organisation.ask("/v1/meetings", from_="2000-01-01", to="2100-01-01", page_size=300)["meetings"]
    hosts = {row["host_name"] for row in known if row["host_name"]}
    mails = {user["email"] for user in organisation.ask("/v2/users", page_size=300)["users"] if user["email"]}
    assert hosts
    assert mails
    files = {}
    for mail, about in (("ines@example.com", {}), ("noor@example.com", {"hide_personal": True})):
        window = windows(organisation.user(mail, **about))
        shown = window.open("/meetings")
        shown.locator("[data-menu=download] summary").click()
        with shown.expect_download() as waiting:
            shown.get_by_role("link", name="CSV").click()
        files[mail] = list(csv.DictReader(io.StringIO(waiting.value.path().read_text())))
    seen, hidden = files.values()
    assert {row["host_name"] for row in seen} & hosts
    assert {row["host_email"] for row in seen} & mails
    assert [row["uuid"] for row in hidden] == [row["uuid"] for row in seen]
    said = {value for row in hidden for name, value in row.items() if name != "topic"}  # which is the meeting's, not a person's
    assert [text for text in said if any(word in text for word in hosts | mails)] == []


def test_this_view_is_downloaded(window: Window) -> None:
    """The download has the rows of the view and no others."""
    shown = window.open("/meetings?quality=good")
    total = int(re.search(r"of ([\d,]+)|^([\d,]+)", shown.locator(".table-tools .counts").inner_text())[0].split()[-1])  # type: ignore[index]
    shown.locator("[data-menu=download] summary").click()
    with shown.expect_download() as waiting:
        shown.get_by_role("link", name="CSV").click()
    lines = waiting.value.path().read_text().splitlines()
    assert len(lines) == total + 1
