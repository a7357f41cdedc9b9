"""Answers that can't change by themselves are remembered: until a fact changes them, and never past it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from callboard.app import Parts
from callboard.endpoints import ENDPOINTS
from callboard.settings import Settings
from tests.api.conftest import FROM_TO, person
from tests.api.registry import NAMES, by_id, kind, params, path
from tests.contract.helpers import account, held, now, told
from tests.endpoints.conftest import minute
from tests.helpers import Office, instance, participant

MEETINGS = "/v2/metrics/meetings"
PAST = {"type": "past", **FROM_TO}
ABOUT = {"start": "2026-03-02T10:00:00Z", "id": "84512036771", "type": 8}


@pytest.fixture(scope="module")
def telling(parts: Parts) -> Iterator[Office]:
    """An account whose facts change from test to test."""
    with account(parts, "telling") as office:
        yield office


@pytest.fixture
def uuid(telling: Office, request: pytest.FixtureRequest) -> str:
    """A past meeting of its own for each test."""
    name = f"{request.node.name}=="
    told(telling, held(name, "2026-03-02T10:00:00Z", "2026-03-02T10:30:00Z"))
    return name


def etag(office: Office, url: str, **params: str) -> str:
    answer = office.get(url, **params)
    assert answer.status_code == 200, answer.text
    return str(answer.headers["etag"])


def revalidated(office: Office, url: str, tag: str, **params: str) -> int:
    return int(office.get(url, headers={"If-None-Match": tag}, **params).status_code)


@pytest.mark.parametrize("name", [n for n in NAMES if n not in ("bulk_qos", "get_freshness", "get_now")])  # these tell the time
def test_an_unchanged_past_answer_is_304(small: Office, name: str) -> None:
    """With its ETag, and without a body."""
    asked = path(ENDPOINTS[name]), params(ENDPOINTS[name])
    tag = etag(small, asked[0], **asked[1])
    answer = small.get(asked[0], headers={"If-None-Match": tag}, **asked[1])
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)


def test_a_304_carries_the_limits_headers(small: Office) -> None:
    """It is counted like any answer."""
    office = small.reopened(rate_policy="documented")
    tag = etag(office, MEETINGS, **PAST)
    answer = office.get(MEETINGS, headers={"If-None-Match": tag}, **PAST)
    assert (answer.status_code, answer.headers["x-ratelimit-remaining"]) == (304, "28")


@pytest.mark.parametrize("form", ['{tag}, "other"', '"other", {tag}', "W/{tag}", "*"])
def test_if_none_match_is_a_list(small: Office, form: str) -> None:
    """Of several tags, weak ones too, as HTTP has it."""
    assert revalidated(small, MEETINGS, form.replace("{tag}", etag(small, MEETINGS, **PAST)), **PAST) == 304


@pytest.mark.parametrize("other", ['"x"', "", "x"])
def test_another_tag_gets_the_answer(small: Office, other: str) -> None:
    """200 and the whole of it."""
    assert revalidated(small, MEETINGS, other, **PAST) == 200


def test_a_tag_is_of_its_question(small: Office) -> None:
    """Another page size is another answer."""
    assert etag(small, MEETINGS, **PAST) != etag(small, MEETINGS, **PAST, page_size="1")


def test_the_second_page_is_304_too(small: Office) -> None:
    """Whoever polls a month of pages reads each once."""
    token = small.ask(MEETINGS, **PAST, page_size=1)["next_page_token"]
    tag = etag(small, MEETINGS, next_page_token=token)
    assert revalidated(small, MEETINGS, tag, next_page_token=token) == 304


JOIN = participant("meeting.participant_joined", "900", "{uuid}", user_name="Zoe", join_time="2026-03-02T10:01:00Z")
MINUTE = minute("{uuid}", "101", "2026-03-02T10:05:00Z", audio_input={"latency": "9 ms"})
LATE = {
    "a new topic": (MEETINGS, [instance("meeting.started", "{uuid}", topic="Renamed", **ABOUT)]),
    "another meeting of that day": (MEETINGS, held("{uuid}-more", "2026-03-02T12:00:00Z", "2026-03-02T12:30:00Z")),
    "a later end": ("{one}", [instance("meeting.ended", "{uuid}", end_time="2026-03-02T10:45:00Z", **ABOUT)]),
    "another join, in the list": (MEETINGS, [JOIN]),
    "another join": ("{one}/participants", [JOIN]),
    "another attendee": ("/v1/attendance/{uuid}", [JOIN]),
    "a recording": ("{one}", [{**instance("", "{uuid}", **ABOUT), "event": "recording.started"}]),
    "a minute of quality": ("{one}/participants/qos", [MINUTE]),
    "one more instance": (
        "/v1/meetings/84512036771/instances",
        held("{uuid}-next", "2026-03-12T12:00:00Z", "2026-03-12T12:30:00Z"),
    ),
}


@pytest.mark.parametrize("late", LATE)
def test_a_late_event_changes_a_remembered_answer_at_once(telling: Office, uuid: str, late: str) -> None:
    """The first question after Zoom's event was acknowledged tells it."""
    url, events = LATE[late]
    url = url.replace("{one}", f"{MEETINGS}/{uuid}").replace("{uuid}", uuid).replace("[", "%5B").replace(" ", "%20")
    asked = {} if url.startswith("/v1") else PAST | {"page_size": "10"}
    tag = etag(telling, url, **asked)
    assert revalidated(telling, url, tag, **asked) == 304
    told(telling, [_about(event, uuid) for event in events])
    assert revalidated(telling, url, tag, **asked) == 200


def _about(event: dict[str, object], uuid: str) -> dict[str, object]:
    object_ = dict(event["payload"]["object"])  # type: ignore[index]
    object_["uuid"] = str(object_["uuid"]).replace("{uuid}", uuid)
    return event | {"event_ts": 1772999999000, "payload": {"object": object_}}


def test_a_late_summary_changes_the_summaries(telling: Office, uuid: str) -> None:
    """They come minutes after the end."""
    url = f"{MEETINGS}/{uuid.replace('[', '%5B')}/participants/qos_summary"
    assert telling.ask(url)["participants"] == []
    qos = [{"type": "audio_input", "details": {"avg_latency": "9 ms"}}]
    object_ = {"uuid": uuid, "participant": {"participant_id": "101", "qos": qos}}
    told(telling, [{"event": "meeting.participant_qos_summary", "event_ts": 1772445600000, "payload": {"object": object_}}])
    assert [p["participant_id"] for p in telling.ask(url)["participants"]] == ["101"]


def test_a_person_renamed_is_renamed_in_the_list(telling: Office, uuid: str) -> None:
    """The host's department is looked up, and may change."""
    assert telling.ask(f"{MEETINGS}/{uuid}", type="past")["dept"] == ""
    said = {"id": "host-1", "display_name": "Mara", "dept": "Research"}
    told(telling, [{"event": "user.updated", "event_ts": 1772445600000, "payload": {"object": said}}])
    assert telling.ask(f"{MEETINGS}/{uuid}", type="past")["dept"] == "Research"
    assert {m["dept"] for m in telling.ask(MEETINGS, **PAST)["meetings"]} == {"Research"}


BY_ID = [name for name in NAMES if by_id(ENDPOINTS[name]) and kind(ENDPOINTS[name]) != "webinar"]


@pytest.mark.parametrize("name", [n for n in BY_ID if n != "list_instances"])
def test_the_latest_instance_of_a_number_is_the_latest(series: Office, name: str) -> None:
    """Asked by number, remembered, and then the series meets again: the answer is about that meeting."""
    url = path(ENDPOINTS[name]).replace("north%2Fmeeting%3D%3D", str(NUMBERS[name]))
    asked = params(ENDPOINTS[name])
    first = series.ask(url, **asked)
    about = {"id": str(NUMBERS[name]), "people": ["zoe", "yan"]}
    told(series, held(f"{name}-2==", "2026-03-09T10:00:00Z", "2026-03-09T10:20:00Z", **about))
    told(series, [_summed(f"{name}-2==", "zoe"), _shared(f"{name}-2==", str(NUMBERS[name])), _praised(f"{name}-2==")])
    assert series.ask(url, **asked) != first


NUMBERS = {name: 84700000000 + n for n, name in enumerate(BY_ID)}


@pytest.fixture(scope="module")
def series(parts: Parts) -> Iterator[Office]:
    """A series for each endpoint, of one instance."""
    with account(parts, "series") as office:
        for name, number in NUMBERS.items():
            told(office, held(f"{name}==", "2026-03-02T10:00:00Z", "2026-03-02T10:30:00Z", id=str(number)))
        told(office, [_summed(f"{name}==", "ann") for name in NUMBERS])
        yield office


def _summed(uuid: str, name: str) -> dict[str, object]:
    qos = [{"type": "audio_input", "details": {"avg_latency": "9 ms"}}]
    object_ = {"uuid": uuid, "participant": {"participant_id": "101", "user_name": name, "qos": qos}}
    return {"event": "meeting.participant_qos_summary", "event_ts": 1772445600000, "payload": {"object": object_}}


def _praised(uuid: str) -> dict[str, object]:
    who = {"participant_uuid": "join-of-zoe", "participant_user_id": "zoe", "feedback": {"satisfied": True}}
    return {
        "event": "meeting.participant_feedback",
        "event_ts": 1772445600000,
        "payload": {"object": {"uuid": uuid, "participant": who}},
    }


def _shared(uuid: str, number: str) -> dict[str, object]:
    who = {"user_id": "101", "user_name": "zoe", "participant_user_id": "zoe"}
    what = {"sharing_details": {"content": "desktop", "date_time": "2026-03-09T10:05:00Z"}}
    return instance("meeting.sharing_started", uuid, "2026-03-09T10:00:00Z", id=number, participant=who | what)


@pytest.mark.parametrize("name", BY_ID)
def test_who_loses_a_group_loses_its_meetings_at_once(moving: Office, name: str) -> None:
    """An answer that a viewer was given is not given again when the host has left the viewer's group."""
    told(moving, [_moved("north", 2 * BY_ID.index(name))])
    token = moving.token(role="viewer", families=["meetings", "webinars"], groups=["north"])
    url = path(ENDPOINTS[name]).replace("north%2Fmeeting%3D%3D", "moving==").replace("84400000002", "84512036771")
    assert moving.get(url, token=token, **params(ENDPOINTS[name])).status_code == 200
    told(moving, [_moved("south", 2 * BY_ID.index(name) + 1)])
    assert moving.get(url, token=token, **params(ENDPOINTS[name])).status_code == 403


def _moved(group: str, n: int) -> dict[str, object]:
    return person("host-1", group) | {"event_ts": 1772445600000 + n}


@pytest.fixture(scope="module")
def moving(parts: Parts) -> Iterator[Office]:
    """A past meeting whose host moves from group to group."""
    with account(parts, "moving") as office:
        told(office, held("moving==", "2026-03-02T10:00:00Z", "2026-03-02T10:30:00Z"))
        yield office


def test_a_live_answer_is_never_old(parts: Parts) -> None:
    """Each join shows in the next answer, in list, detail and participants."""
    with account(parts, "live-answers") as office:
        told(office, held("live==", now(300), people=[]))
        for n in range(1, 4):
            join = {"user_id": str(n), "user_name": f"P{n}", "join_time": now(60)}
            told(office, [instance("meeting.participant_joined", "live==", now(300), participant=join)])
            listed = office.ask(MEETINGS)["meetings"][0]["participants"]
            detail = office.ask(f"{MEETINGS}/live==")["participants"]
            joins = office.ask(f"{MEETINGS}/live==/participants")["total_records"]
            assert (listed, detail, joins) == (n, n, n)


def test_an_answer_of_one_account_is_none_of_another(telling: Office, uuid: str, parts: Parts) -> None:
    """The same question, the same uuid, another account."""
    one = f"{MEETINGS}/{uuid}"
    telling.ask(one, type="past")
    with account(parts, "someone-else") as other:
        assert other.get(one, type="past").status_code == 404


def test_without_a_cache_answers_are_the_same(telling: Office, uuid: str) -> None:
    """`cache_mb=0` turns it off: the tag is of the body, not of the memory."""
    plain = telling.reopened(cache_mb=0)
    one = f"{MEETINGS}/{uuid}"
    assert plain.ask(one, type="past") == telling.ask(one, type="past")
    assert revalidated(plain, one, etag(telling, one, type="past"), type="past") == 304


def test_freshness_is_told_with_each_answer(telling: Office, uuid: str) -> None:
    """How old the newest fact of each family is, in seconds."""
    told(telling, held(f"{uuid}-now", now(120), now(60)))
    headers = telling.get(MEETINGS, **PAST).headers
    families = dict(part.split("=") for part in headers["x-data-freshness"].split(", "))
    assert 55 <= int(families["meetings"]) <= 90


def test_freshness_has_an_answer_of_its_own(telling: Office, uuid: str) -> None:
    """Three families; -1 for one without facts."""
    told(telling, [minute(uuid, "101", "2026-03-02T10:05:00Z", audio_input={"latency": "9 ms"})])
    families = {f["family"]: f for f in telling.ask("/v1/freshness")["families"]}
    assert set(families) == {"meetings", "qos", "events"}
    assert families["qos"]["newest"] == "2026-03-02T10:05:00Z"
    assert {f["promised_seconds"] for f in families.values()} == {900}


def test_how_far_back_facts_go(telling: Office, uuid: str) -> None:
    """The oldest fact of a family, and for how long its facts are kept; each family that is kept by a setting is told of."""
    settings = {"retention_qos_days": 92, "retention_meetings_days": "forever"}
    narrow = telling.reopened(**settings)
    told(telling, [minute(uuid, "101", f"2026-01-0{day}T10:05:00Z", audio_input={"latency": "9 ms"}) for day in (3, 2)])
    kept = {k["family"]: k for k in narrow.ask("/v1/freshness")["kept"]}
    assert kept["qos"] == {"family": "qos", "days": 92, "oldest": "2026-01-02T10:05:00Z"}
    assert kept["meetings"]["days"] is None
    assert kept["rooms"]["oldest"] == ""
    assert {f"retention_{family}_days" for family in kept} == {n for n in Settings.model_fields if n.startswith("retention_")}
