"""What holds whatever happens: facts in any order answer the same, and pages joined are the whole."""

from __future__ import annotations

import functools
import itertools
import operator
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from callboard.api.memory import FactMemory
from callboard.app import Parts
from callboard.contract.errors import InvalidPageToken
from callboard.contract.paging import Cursor
from callboard.endpoints.attendance import together
from callboard.endpoints.sharing import spans
from tests.ingest.events import BASE, DAY, Books, Event, iso, meetings, split

many = settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
few = settings(many, max_examples=6, phases=(Phase.explicit, Phase.generate))  # asking the store takes too long to shrink

UUIDS = ("uuid-0", "uuid-1")
two_meetings = st.tuples(*(meetings(uuid=uuid) for uuid in UUIDS)).map(lambda pair: [*pair[0], *pair[1]])


@st.composite
def retold(draw: st.DrawFn) -> tuple[list[Event], list[list[Event]]]:
    """Two meetings in order; and the same once more, split, doubled and shuffled, in a few commits."""
    events = draw(two_meetings)
    again = split(events)
    again += draw(st.lists(st.sampled_from(again), max_size=10))
    again = draw(st.permutations(again))
    cuts = sorted(draw(st.lists(st.integers(0, len(again)), max_size=3)))
    return events, [again[a:b] for a, b in zip([0, *cuts], [*cuts, len(again)], strict=True)]


@few
@given(told=retold(), now=st.sampled_from([BASE + 3600, BASE + 30 * DAY]))
def test_order_does_not_matter(parts: Parts, told: tuple[list[Event], list[list[Event]]], now: int) -> None:
    """Shuffled, doubled, split and late events give the answers that events in order give, from all endpoints."""
    events, commits = told
    plain, other = Books(parts, now), Books(parts, now)
    plain.tell(events)
    for commit in commits:
        other.tell(commit)
    assert other.everything(UUIDS) == plain.everything(UUIDS)


@settings(few, max_examples=3)
@given(events=two_meetings)
def test_merging_changes_no_answer(parts: Parts, events: list[Event]) -> None:
    """Facts in many parts, and the same facts merged into one, give the same answers."""
    books = Books(parts)
    for begin in range(0, len(events), 4):
        books.tell(events[begin : begin + 4])
    before = books.everything(UUIDS)
    for table in ("meetings", "meeting_ids", "participants", "qos_minutes", "sharing"):
        parts.engine.run(f"OPTIMIZE TABLE {table} FINAL")
    assert books.everything(UUIDS) == before


# Pages


def crowd(n: int, uuid: str = "crowd", start: int = BASE) -> list[Event]:
    """A meeting with `n` people, each of whom joined, shared and had a minute."""
    about = {"id": 99, "uuid": uuid, "start_time": iso(start), "type": 8}
    events: list[Event] = [_said("ended", start, about | {"end_time": iso(start + 3600)})]
    for i in range(n):
        who = {"user_id": str(95 + i), "user_name": f"Person {i:03d}", "email": f"p{i:03d}@x.org"}
        shared = {"content": "desktop", "date_time": iso(start + 300 + i)}
        minute = {"type": "audio_input", "date_time": iso(start + 60), "details": {"bitrate": f"{i + 1} kbps"}}
        for name, said in (
            ("participant_joined", {"join_time": iso(start + i)}),
            ("sharing_started", {"sharing_details": shared}),
            ("participant_qos", {"qos": [minute]}),
            ("participant_qos_summary", {"qos": [{"type": "audio_input", "details": {"avg_bitrate": f"{i + 1} kbps"}}]}),
        ):
            events.append(_said(name, start, about | {"participant": who | said}))
    return events


def series(n: int, first: int = 0, number: int = 99) -> list[Event]:
    """Meetings of one number, 17 minutes apart."""
    made = []
    for i in range(first, first + n):
        begin = BASE + 1020 * i
        about = {"id": number, "uuid": f"in-{i:04d}", "start_time": iso(begin), "end_time": iso(begin + 900), "type": 8}
        made.append(_said("ended", begin + 900, about))
    return made


def _said(name: str, at: int, about: dict[str, Any]) -> Event:
    return {"event": f"meeting.{name}", "event_ts": at * 1000, "payload": {"object": about}}


SPAN = {"type": "past", "from_": iso(BASE - DAY), "to": iso(BASE + 20 * DAY)}
IN = {"id": "crowd", "type": "past"}
LISTS: dict[str, tuple[str, str, dict[str, str]]] = {
    "list_meetings": ("meetings", "uuid", SPAN),
    "report_meetings": ("meetings", "uuid", {k: v for k, v in SPAN.items() if k != "type"}),
    "list_instances": ("instances", "uuid", {"id": "99"}),
    "list_meeting_participants": ("participants", "user_id", IN),
    "list_meeting_participants_qos": ("participants", "user_id", IN),
    "list_meeting_participants_sharing": ("participants", "user_id", IN),
    "list_meeting_participants_qos_summary": ("participants", "participant_id", {"id": "crowd"}),
    "get_attendance": ("attendees", "email", {"id": "crowd"}),
}


@pytest.fixture(scope="module")
def full(parts: Parts) -> Books:
    """An account with a series of 23 meetings, and one with a crowd of 23."""
    books = Books(parts)
    books.tell([*series(23), *crowd(23)])
    return books


@pytest.mark.parametrize("name", LISTS)
@settings(few, max_examples=4)
@given(size=st.integers(1, 26))
def test_pages_joined_are_the_whole(full: Books, name: str, size: int) -> None:
    """Whatever the page size: nothing is left out, nothing doubled, and no page but the last is short."""
    rows, key, params = LISTS[name]
    whole = [row[key] for row in full.all(name, rows, page_size=300, **params)]
    pages = [[row[key] for row in page] for page in full.pages(name, rows, page_size=size, **params)]
    assert functools.reduce(operator.iadd, pages, []) == whole
    assert len(set(whole)) == len(whole) in (23, 24)
    assert len({len(page) for page in pages[:-1]}) <= 1


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("size", [5, 23])
def test_page_numbers_are_the_pages_of_tokens(full: Books, name: str, size: int) -> None:
    """Page n by number is the nth page by token, and there is nothing after the last."""
    rows, _, params = LISTS[name]
    pages = full.pages(name, rows, page_size=size, **params)
    wanted = [1, 2, len(pages), len(pages) + 1]
    by_number = [full.ask(name, page_size=size, page_number=n, **params)[rows] for n in wanted]
    assert by_number == [(*pages, [], [])[n - 1] for n in wanted]


@pytest.mark.parametrize("name", LISTS)
@settings(few, max_examples=3)
@given(size=st.integers(2, 6), arrivals=st.lists(st.integers(-9, 30), min_size=1, max_size=4, unique=True))
def test_pages_stay_whole_while_events_arrive(parts: Parts, name: str, size: int, arrivals: list[int]) -> None:
    """What was there when paging began is listed once each, whatever comes in between pages."""
    rows, key, params = LISTS[name]
    books = Books(parts)
    books.tell([*series(12), *crowd(12)])
    there = [row[key] for row in books.all(name, rows, page_size=300, **params)]
    page = books.ask(name, page_size=size, **params)
    listed = [row[key] for row in page[rows]]
    while page["next_page_token"]:
        if arrivals:
            books.tell(_newcomer(arrivals.pop()))
        page = books.ask(name, next_page_token=page["next_page_token"], page_size=size, **params)
        listed += [row[key] for row in page[rows]]
    assert [one for one in listed if one in there] == there
    assert len(listed) == len(set(listed))


def _newcomer(at: int) -> list[Event]:
    """A meeting and a person that come before, among or after those of a series and a crowd."""
    person = {"user_id": str(1000 + at), "user_name": f"New {at}", "email": f"new{at}@x.org", "join_time": iso(BASE + at)}
    about = {"id": 99, "uuid": "crowd", "start_time": iso(BASE), "type": 8, "participant": person}
    begin = BASE + 1020 * at + 7
    meeting = {"id": 99, "uuid": f"new-{at}", "start_time": iso(begin), "end_time": iso(begin + 60), "type": 8}
    return [_said("participant_joined", BASE + at, about), _said("ended", begin, meeting)]


@pytest.mark.parametrize("by", ["start_time", "end_time"])
def test_pages_of_a_long_list_are_the_whole(parts: Parts, by: str) -> None:
    """A list that is read slice by slice lists each meeting once, whichever time its range is about."""
    day, books = BASE // DAY * DAY, Books(parts)
    long = [(day - 2 * DAY + 900 * i, day + 3600) for i in range(160)]
    short = [(day + 40 * i, day + 40 * i + 30) for i in range(1840)]
    events = [
        _said("ended", end, {"id": 99, "uuid": f"{n:04d}", "start_time": iso(begin), "end_time": iso(end), "type": 8})
        for n, (begin, end) in enumerate([*long, *short])
    ]
    books.tell(events)
    asked = {
        "type": "past",
        "from_": iso(day if by == "end_time" else day - 2 * DAY),
        "to": iso(day + DAY),
        "query_date_type": by,
    }
    listed = [m["uuid"] for m in books.all("list_meetings", "meetings", page_size=300, **asked)]
    assert listed == [f"{n:04d}" for n in range(2000)]


def test_a_meeting_is_listed_once_where_its_sources_straddle_a_boundary(parts: Parts) -> None:
    """A start that two sources tell on two sides of a range's beginning counts on the earlier side only."""
    books, midnight = Books(parts), BASE // DAY * DAY + DAY
    for at in (midnight - 3, midnight + 2):
        about = {"id": 1, "uuid": "edge", "start_time": iso(at), "end_time": iso(midnight + 60), "type": 8}
        books.tell([_said("ended", midnight + 60, about)])
    days = [iso(midnight - DAY)[:10], iso(midnight)[:10]]
    found = [books.ask("list_meetings", type="past", from_=day, to=day) for day in days]
    assert [(page["total_records"], len(page["meetings"])) for page in found] == [(1, 1), (0, 0)]


# Page tokens


@pytest.mark.parametrize(
    "other",
    [
        {"type": "pastOne"},
        {"from_": iso(BASE - 2 * DAY)},
        {"to": iso(BASE + 21 * DAY)},
        {"query_date_type": "end_time"},
        {"group_id": "g"},
    ],
)
def test_a_token_serves_no_other_query(full: Books, other: dict[str, str]) -> None:
    """A page token beside other parameters than it was made with is refused."""
    token = full.ask("list_meetings", page_size=5, **SPAN)["next_page_token"]
    with pytest.raises(InvalidPageToken):
        full.ask("list_meetings", next_page_token=token, **SPAN | other)


def test_a_token_serves_no_other_account(parts: Parts, full: Books) -> None:
    """A page token of one account is refused for another, whose rows it must not tell of."""
    token = full.ask("list_meetings", page_size=5, **SPAN)["next_page_token"]
    with pytest.raises(InvalidPageToken):
        Books(parts).ask("list_meetings", next_page_token=token, **SPAN)


@pytest.mark.parametrize("name", [n for n in LISTS if n != "list_meetings"])
def test_a_token_serves_no_other_endpoint(full: Books, name: str) -> None:
    """A page token of one list is refused by all others."""
    token = full.ask("list_meetings", page_size=5, **SPAN)["next_page_token"]
    with pytest.raises(InvalidPageToken):
        full.ask(name, next_page_token=token, **LISTS[name][2])


def test_a_token_serves_no_other_instance(full: Books) -> None:
    """A page token of one meeting's participants is refused for another meeting."""
    token = full.ask("list_meeting_participants", page_size=5, **IN)["next_page_token"]
    with pytest.raises(InvalidPageToken):
        full.ask("list_meeting_participants", next_page_token=token, id="in-0001", type="past")


@many
@given(at=st.integers(0, 200), by=st.sampled_from("aB0-_.\x00é"))
def test_a_changed_token_is_refused(full: Books, at: int, by: str) -> None:
    """A page token with one character changed is refused."""
    token = full.tokens.write(Cursor("list_meetings", full.account, dict(SPAN), [BASE, "in-0004"], 23))
    at %= len(token) - 1  # the last character of base64 carries bits that say nothing
    changed = token[:at] + by + token[at + 1 :]
    if changed != token:
        with pytest.raises(InvalidPageToken):
            full.tokens.read(changed, "list_meetings", full.account)


# Functions


@many
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30)).map(lambda s: (s[0], s[0] + s[1])), max_size=8))
def test_time_together_is_the_union_of_stays(stays: list[tuple[int, int]]) -> None:
    """Seconds of overlapping stays are counted once: as many as a set of seconds holds."""
    assert together(sorted(stays)) == len({second for came, went in stays for second in range(came, went)})


edges = st.lists(st.tuples(st.integers(0, 50), st.sampled_from(["start", "end"]), st.sampled_from(["desktop", "whiteboard"])))


@many
@given(edges.map(lambda e: sorted(set(e))), st.none() | st.integers(50, 60))
def test_spans_follow_each_other(edges: list[tuple[int, str, str]], over: int | None) -> None:
    """Each start is a span; spans of one join do not overlap, and all but one still going on have an end."""
    made = spans(edges, over)
    assert [(c, a) for c, a, _ in made] == [(c, a) for a, e, c in edges if e == "start"]
    assert all(b is not None and b <= after for (_, _, b), (_, after, _) in itertools.pairwise(made))
    assert all(b is None or a <= b for _, a, b in made)
    assert over is None or all(b is not None for _, _, b in made)


# What is remembered

KEYS, FACTS = ("k1", "k2", "k3"), ("a", "b", "c", "d")
one_key, some_facts = st.sampled_from(KEYS), st.lists(st.sampled_from(FACTS), max_size=3, unique=True).map(tuple)
operations = st.lists(
    st.one_of(
        st.tuples(st.just("touch"), some_facts),
        st.tuples(st.just("put"), one_key, some_facts, st.integers(0, 300)),
        st.tuples(st.just("put late"), one_key, some_facts, some_facts),
        st.tuples(st.just("get"), one_key),
        st.tuples(st.just("forget")),
    ),
    max_size=40,
)


@many
@given(operations)
def test_memory_never_serves_what_has_changed(script: list[tuple[Any, ...]]) -> None:
    """A value is served only if no fact that it depends on was touched since before it was read."""
    memory, model = FactMemory(1000), {}
    for n, (name, *args) in enumerate(script):
        if name == "touch":
            memory.touch(args[0])
            model = {k: (v, d) for k, (v, d) in model.items() if not set(d) & set(args[0])}
        elif name == "put":
            memory.put(args[0], args[1], n, args[2], memory.now)
            if args[2] <= 250:
                model[args[0]] = (n, args[1])
        elif name == "put late":  # facts change between the reading and the remembering
            seen = memory.now
            memory.touch(args[2])
            memory.put(args[0], args[1], n, 10, seen)
            model[args[0]] = (n, args[1])
            model = {k: (v, d) for k, (v, d) in model.items() if not set(d) & set(args[2])}
        elif name == "forget":
            memory.forget()
            model = {}
        else:
            served = memory.get(args[0])
            assert served is None or served == model.get(args[0], (None,))[0]


def test_a_question_during_a_touch_serves_nothing_old_after_it() -> None:
    """A value that is asked for in the middle of a touch, by another thread, is not served when the touch is done."""
    memory = FactMemory(1000)
    memory.put("key", ("fact",), "old", 10, memory.now)

    def facts() -> Iterator[str]:
        asking = threading.Thread(target=memory.get, args=("key",), daemon=True)
        asking.start()
        asking.join(0.2)
        yield "fact"

    memory.touch(facts())
    assert memory.get("key") is None


@many
@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(1, 250)), max_size=40))
def test_memory_holds_no_more_than_it_may(puts: list[tuple[str, int]]) -> None:
    """The bytes of what is served never add up to more than was allowed."""
    memory, sizes = FactMemory(1000), {}
    for key, size in puts:
        memory.put(key, (), key, size, memory.now)
        sizes[key] = size
    assert sum(size for key, size in sizes.items() if memory.get(key) is not None) <= 1000
