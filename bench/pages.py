"""Pages in headless Chromium: when something is seen, when the data is there, how long a click takes, how much is loaded."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any, Final

import httpx2 as httpx
from playwright.sync_api import Page

from bench.chromium import SETTLED, Site, demo_site, until
from bench.figures import Table, at_most, ms
from bench.run import Run
from callboard import demo

PEOPLE, DAYS, TIMES = 500, 30, 3
FCP_MS, CLICK_MS, DRAW_MS, JS_KB = 1000, 200, 2000, 100
LARGE: Final = "large-meeting=="
CHARTS: Final = "vega"
"""What the name of the chart bundle has, which is not counted."""

FIRST_PAINT: Final = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1"
LOADED: Final = f"""performance.getEntriesByType('resource').filter(e => e.name.split('?')[0].endsWith('.js'))
  .filter(e => !e.name.includes('{CHARTS}'))
  .reduce((sum, e) => [sum[0] + e.decodedBodySize, sum[1] + e.encodedBodySize], [0, 0])"""
SINCE: Final = f"""addEventListener('DOMContentLoaded', () => {{
  const poll = () => {SETTLED} ? (window.there = performance.now()) : requestAnimationFrame(poll)
  poll()
}})"""
WATCH: Final = f"""() => {{
  window.painted = null
  const settled = () => {SETTLED}
  addEventListener('click', begin, {{ capture: true, once: true }})
  addEventListener('input', begin, {{ capture: true, once: true }})
  function begin(event) {{
    if (window.began) return
    window.began = performance.now()
    requestAnimationFrame(() => setTimeout(() => {{ window.painted = performance.now() - window.began; poll() }}))
  }}
  function poll() {{
    if (settled() && (!window.until || window.until())) window.there = performance.now() - window.began
    else requestAnimationFrame(poll)
  }}
}}"""


def pages(run: Run) -> None:
    """Every page of the demo, its clicks, and a large meeting."""
    people, days = (40, 10) if run.quick else (PEOPLE, DAYS)
    run.say(f"pages of {people} people and {days} days")
    with demo_site(run.folder / f"pages-{people}", people, days, run.log) as site:
        _load_large(site, run.quick)
        _first_looks(run, site)
        _clicks(run, site)
        _large(run, site)


def _first_looks(run: Run, site: Site) -> None:
    title = "Pages, seen for the first time"
    note = "Cache empty, Chromium on the same cores; the middle of three. JavaScript is ours, without the chart bundle."
    columns = ("page", "first contentful paint ms", "target", "data there ms", "JavaScript kB", "sent kB", "target ")
    table = run.add(Table(title, columns, note))
    for name, path in site.addresses().items():
        found = [_look(site, path) for _ in range(TIMES)]
        paint, there = median(one[0] for one in found), median(one[1] for one in found)
        plain, sent = found[0][2][0] / 1000, found[0][2][1] / 1000
        table.add(name, ms(paint), at_most(paint, FCP_MS), ms(there), f"{plain:.0f}", f"{sent:.0f}", at_most(plain, JS_KB))


def _look(site: Site, path: str) -> tuple[float, float, list[float]]:
    context = site.context()
    try:
        page = context.new_page()
        page.add_init_script(SINCE)
        page.goto(site.url + path, wait_until="commit")
        until(page, f"window.there !== undefined && ({FIRST_PAINT}) >= 0")
        return page.evaluate(FIRST_PAINT), page.evaluate("window.there"), page.evaluate(LOADED)
    finally:
        context.close()


Act = tuple[str, str, Callable[[Page], Any], str]
"""What is done: on which page, its name, how, and what must then be seen (JavaScript), besides settled data."""


def _acts(site: Site) -> Iterator[Act]:
    at, large = site.addresses(), f"/meetings/{LARGE}"
    yield "/meetings", "sort by quality", lambda p: p.get_by_role("button", name="Quality", exact=True).click(), ""
    yield "/meetings", "only poor ones", lambda p: p.locator(".bands a[data-quality=poor]").click(), ""
    yield "/meetings", "next page", lambda p: p.get_by_role("link", name="Next", exact=True).click(), ""
    yield "/meetings", "open the columns", lambda p: p.locator("[data-menu=columns] summary").click(), ""
    yield "/meetings", "live ones", lambda p: p.get_by_role("button", name="Live", exact=True).click(), ""
    found = "!document.getElementById('found').hidden"
    yield "/", "type in the search", lambda p: p.locator("#search").fill("review"), found
    yield at["meetings-one"], "open a lane", lambda p: p.locator(".lanes-list .who").first.click(), ""
    yield at["meetings-one"], "lanes of audio", lambda p: p.get_by_role("button", name="Audio", exact=True).first.click(), ""
    yield at["meetings-one"], "worst first", lambda p: p.get_by_role("button", name="Worst first").click(), ""
    yield large, "open a lane of 500", lambda p: p.locator(".lanes-list .who").first.click(), ""
    yield large, "audio of 500 lanes", lambda p: p.get_by_role("button", name="Audio", exact=True).first.click(), ""


def _clicks(run: Run, site: Site) -> None:
    note = "From the click to the next picture, and to the new data in it; the middle of three, each on a freshly opened page."
    table = run.add(Table("Clicks", ("page", "what", "seen ms", "target", "data there ms", "target "), note))
    for path, name, act, then in _acts(site):
        found = [_click(site, path, act, then) for _ in range(TIMES)]
        seen, there = median(one[0] for one in found), median(one[1] for one in found)
        page = path if len(path) < 24 else f"{path[:20]}…"
        table.add(page, name, ms(seen), at_most(seen, CLICK_MS), ms(there), at_most(there, CLICK_MS))


def _click(site: Site, path: str, act: Callable[[Page], Any], then: str) -> tuple[float, float]:
    context = site.context()
    try:
        page = context.new_page()
        page.goto(site.url + path)
        until(page, SETTLED)
        page.evaluate(WATCH)
        if then:
            page.evaluate(f"() => {{ window.until = () => {then} }}")
        act(page)
        until(page, "window.there !== undefined")
        seen, there = page.evaluate("[window.painted, window.there]")
        return seen, there
    finally:
        context.close()


def _large(run: Run, site: Site) -> None:
    table = run.add(Table("A meeting of 500 people and 60 minutes", ("what", "ms", "target")))
    answer = [_timed(lambda: site.ask(f"/v1/meetings/{LARGE}/lanes")) for _ in range(TIMES)]
    table.add("the API's answer", ms(median(answer)), "–")
    there = median(_look(site, f"/meetings/{LARGE}")[1] for _ in range(TIMES))
    table.add("drawn, from the first request on", ms(there), at_most(there, DRAW_MS))


def _timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


# The large meeting, loaded as facts


def _load_large(site: Site, small: bool) -> None:
    about = demo.read(site.folder)
    with httpx.Client(base_url=site.url, timeout=60) as http:
        grant = {"grant_type": "account_credentials", "account_id": about["account_id"]}
        token = http.post("/oauth/token", data=grant, auth=(about["feeder_id"], about["feeder_secret"])).json()["access_token"]
        for table, rows in _facts(60 if small else 500, 60).items():
            body = "\n".join(map(json.dumps, rows))
            answer = http.post(f"/v1/facts/{table}", content=body, headers={"Authorization": f"Bearer {token}"})
            assert answer.json()["accepted"] == len(rows), answer.text


def _facts(people: int, minutes: int) -> dict[str, list[dict[str, Any]]]:
    chance, began = random.Random(1), (datetime.now(UTC) - timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
    end = began + timedelta(minutes=minutes)
    meeting = {"kind": "meeting", "uuid": LARGE, "number": 84999999999, "topic": "All hands", "host_id": "large-host"}
    joins, samples = [], []
    for n in range(people):
        who = {"uuid": LARGE, "user_id": str(20_000_000 + n)}
        place = {"location": chance.choice(("Berlin", "Toronto", "Lisbon")), "network_type": chance.choice(("Wifi", "Wired"))}
        about = {"name": f"Person {n}", "participant_user_id": f"large-{n}", "device": "Mac", "version": "6.1.2"}
        joins.append(who | about | place | {"join_time": began.isoformat(), "leave_time": end.isoformat()})
        samples += [who | _sample(chance) | {"minute": (began + timedelta(minutes=m)).isoformat()} for m in range(minutes)]
    return {
        "meetings": [meeting | {"start_time": began.isoformat(), "end_time": end.isoformat()}],
        "participants": joins,
        "qos_minutes": samples,
    }


def _sample(chance: random.Random) -> dict[str, Any]:
    score = 450 if chance.random() < 0.9 else chance.choice((150, 250, 350))
    loss = 20 if score > 400 else 900
    stream = {"bitrate": 60, "latency": 40, "jitter": 4, "avg_loss": loss, "max_loss": loss * 2}
    audio = {f"audio_{way}_{name}": value for way in ("input", "output") for name, value in stream.items()}
    return audio | {"audio_score": score, "leg": "cloud"}
