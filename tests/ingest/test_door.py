"""The door that Zoom's webhooks come in by: what is let in, what is refused, and what is kept of it."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx2 as httpx
import pytest
from prometheus_client import REGISTRY

from callboard.app import Parts
from tests.helpers import SECRET, Office, a_meeting, instance, participant

_numbers = itertools.count(1)
STARTED = json.dumps(instance("meeting.started")).encode()


def raw(office: Office, columns: str = "event, verdict.2, reason.2, body") -> list[list[Any]]:
    """What is kept of the bodies of an account."""
    return office.parts.store.ask(
        f"SELECT {columns} FROM raw_events FINAL WHERE account_id = {{account:String}} ORDER BY received_at",
        {"account": office.account},
    ).rows


def of(office: Office, event: dict[str, Any]) -> bytes:
    """An event of this account, as a body."""
    return json.dumps(event | {"payload": event["payload"] | {"account_id": office.account}}).encode()


def counted(verdict: str) -> float:
    return REGISTRY.get_sample_value("callboard_webhooks_total", {"verdict": verdict}) or 0


class Account(Office):
    """An account of its own behind an app that others use as well."""

    def __init__(self, hall: Office) -> None:
        vars(self).update(vars(hall))
        self.door, self.account, self._tokens = hall.account, f"guest-{next(_numbers)}", {}

    def post(self, body: bytes, *, path: str | None = None, **said: Any) -> httpx.Response:
        return super().post(body, path=path or f"/webhooks/zoom/{self.door}", **said)


@pytest.fixture(scope="module")
def hall(parts: Parts) -> Iterator[Office]:
    """An app that takes events of all accounts: to make one takes longer than most of these tests."""
    with ExitStack() as stack:
        yield Office(parts, "hall", stack)


@pytest.fixture
def account(hall: Office) -> Account:
    return Account(hall)


@pytest.fixture
def owner(office: Office) -> Office:
    """An account whose app may send that account's events only."""
    office.parts.control.put_app(office.account, SECRET, now=1, account_id=office.account)
    return office


# Signature and timestamp


def test_a_signed_event_is_taken(account: Account) -> None:
    """An event with the right signature and time is answered with 200 and kept as applied."""
    answer = account.post(of(account, instance("meeting.started")))
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert [row[:3] for row in raw(account)] == [["meeting.started", "applied", ""]]


@pytest.mark.parametrize("secret", ["another", "", SECRET + " "])
def test_a_wrong_signature_is_refused(account: Account, secret: str) -> None:
    """A body signed with another secret is answered with 401, and nothing of it is kept."""
    answer = account.post(of(account, instance("meeting.started")), secret=secret)
    assert (answer.status_code, answer.json()["code"]) == (401, 124)
    assert raw(account) == []


def test_a_changed_body_is_refused(account: Account) -> None:
    """A signature is of one body: another body with it is answered with 401."""
    stamp = str(int(time.time()))
    signature = "v0=" + hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + STARTED, hashlib.sha256).hexdigest()
    headers = {"x-zm-request-timestamp": stamp, "x-zm-signature": signature}
    path = f"/webhooks/zoom/{account.door}"
    answers = [account.http.post(path, content=body, headers=headers).status_code for body in (STARTED, STARTED + b" ")]
    assert answers == [200, 401]


@pytest.mark.parametrize("leave_out", ["x-zm-request-timestamp", "x-zm-signature", "both"])
def test_missing_headers_are_refused(account: Account, leave_out: str) -> None:
    """A body without signature or timestamp is answered with 401."""
    headers = {"x-zm-request-timestamp": str(int(time.time())), "x-zm-signature": "v0=00"}
    sent = {} if leave_out == "both" else {k: v for k, v in headers.items() if k != leave_out}
    assert account.http.post(f"/webhooks/zoom/{account.door}", content=STARTED, headers=sent).status_code == 401


@pytest.mark.parametrize("stamp", ["", "now", "-5", "1e9", "²", "9" * 30, "1772445600", "1772445600123"])
def test_a_wrong_timestamp_is_refused(account: Account, stamp: str) -> None:
    """A timestamp that is no number, or long ago, is answered with 401 though the signature is right."""
    headers = {"x-zm-request-timestamp": stamp.encode("latin-1"), "x-zm-signature": b"v0="}
    made = hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + STARTED, hashlib.sha256).hexdigest()
    headers["x-zm-signature"] += made.encode()
    assert account.http.post(f"/webhooks/zoom/{account.door}", content=STARTED, headers=headers).status_code == 401


@pytest.mark.parametrize(("ago", "status"), [(0, 200), (290, 200), (-290, 200), (310, 401), (-310, 401)])
@pytest.mark.parametrize("scale", [1, 1000], ids=["seconds", "milliseconds"])
def test_a_timestamp_holds_for_five_minutes(account: Account, scale: int, ago: int, status: int) -> None:
    """A timestamp in seconds or milliseconds is taken up to 300 s before and after now."""
    stamp = str(int((time.time() - ago) * scale))
    assert account.post(of(account, instance("meeting.started")), timestamp=stamp).status_code == status


def test_an_unknown_path_is_404(account: Account) -> None:
    """A path that no app is registered at is answered with 404."""
    assert account.post(STARTED, path="/webhooks/zoom/nobody-here").status_code == 404


# Bodies


@pytest.mark.parametrize("body", [b"", b"{", b"nonsense", b"\xff\xfe", b'{"event": NaN}', b'{"event": "\\ud800"}'])
def test_a_body_that_is_no_json_is_kept_as_refused(owner: Office, body: bytes) -> None:
    """A signed body that is no JSON is answered with 400, and kept with the reason."""
    answer = owner.post(body)
    assert (answer.status_code, answer.json()["code"]) == (400, 300)
    ((event, verdict, reason, kept),) = raw(owner)
    assert (event, verdict, kept) == ("", "refused", body.decode("utf-8", "replace"))
    assert reason.startswith("not JSON")


@pytest.mark.parametrize("body", [b"[]", b"1", b"null", b'"x"', b"{}", b'{"event": 5}', b'{"event": null, "payload": {}}'])
def test_json_that_is_no_event_is_kept_as_refused(owner: Office, body: bytes) -> None:
    """Signed JSON without an event's name is answered with 400, and kept with the reason."""
    assert owner.post(body).status_code == 400
    assert raw(owner) == [["", "refused", "no event name", body.decode()]]


def test_a_body_too_large_is_413(office: Office) -> None:
    """A body over the limit is answered with 413; one of just the limit is read."""
    small = office.reopened(webhook_max_bytes=2000)
    body = of(office, instance("meeting.started"))
    answers = [small.post(body.ljust(size)).status_code for size in (2000, 2001, 200_000)]
    assert answers == [200, 413, 413]


def test_the_url_is_validated(account: Account) -> None:
    """Zoom's challenge is answered with the token and its HMAC: the values of Zoom's documentation."""
    said = {"event": "endpoint.url_validation", "event_ts": 1, "payload": {"plainToken": "s7Gq2VnXw9LbR4kTzY1mPc"}}
    answer = account.post(json.dumps(said).encode())
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "plainToken": "s7Gq2VnXw9LbR4kTzY1mPc",
            "encryptedToken": "3c5fb68f81513fb4157f117178ebdf4c0e65d6dbbee4477bb7bc76f2375ff912",
        },
    )


@pytest.mark.parametrize("payload", [None, [], "x", {}, {"plainToken": None}, {"plainToken": {"a": 1}}])
def test_an_odd_challenge_is_no_fault(account: Account, payload: Any) -> None:
    """A challenge without a token is answered, not with a fault."""
    answer = account.post(json.dumps({"event": "endpoint.url_validation", "payload": payload}).encode())
    assert answer.status_code in (200, 400)


def test_an_unknown_event_is_kept_and_counted(account: Account) -> None:
    """An event that carries no fact we know is answered with 200, kept raw and counted."""
    before = counted("kept")
    assert account.post(of(account, {"event": "phone.callee_ringing", "payload": {"object": {}}})).status_code == 200
    assert [row[:2] for row in raw(account)] == [["phone.callee_ringing", "kept"]]
    assert counted("kept") == before + 1


def test_an_event_without_an_instance_is_kept_as_refused(owner: Office) -> None:
    """A known event that names no instance is answered with 200, and kept with the reason."""
    assert owner.post(of(owner, {"event": "meeting.started", "payload": {"object": {"id": 5}}})).status_code == 200
    assert [row[:3] for row in raw(owner)] == [["meeting.started", "refused", "no uuid, start_time or participant to hold on to"]]


def test_an_event_of_a_foreign_account_is_kept_as_refused(owner: Office) -> None:
    """An app may send its own account's events only: another's is kept as refused, and becomes no fact."""
    foreign = instance("meeting.started")
    foreign["payload"]["account_id"] = f"not-{owner.account}"
    assert owner.post(json.dumps(foreign).encode()).status_code == 200
    assert [row[:3] for row in raw(owner)] == [["meeting.started", "refused", f"account not-{owner.account} is not this app's"]]
    facts = owner.parts.store.ask("SELECT count() FROM meetings WHERE account_id = {a:String}", {"a": f"not-{owner.account}"})
    assert facts.rows == [[0]]


def test_an_event_without_an_account_is_its_apps(owner: Office) -> None:
    """An event that does not say whose it is belongs to the account that its app is registered with."""
    event = instance("meeting.ended", end_time="2026-03-02T10:40:30Z")
    assert owner.post(json.dumps(event).encode()).status_code == 200
    assert owner.ask("/v2/metrics/meetings/84512036771", type="past")["topic"] == "Weekly"


@pytest.mark.parametrize("member", [{"start_time": [1]}, {"type": [5]}, {"duration": "9" * 5000}])
def test_a_body_that_is_not_understood_is_not_lost(account: Account, member: dict[str, Any]) -> None:
    """Whatever a signed event holds, it is answered with 200 and kept raw."""
    assert account.post(of(account, instance("meeting.started", **member))).status_code == 200
    assert len(raw(account)) == 1


# What becomes of them


@pytest.mark.parametrize("id_", [84512036771, "84512036771", "845 1203 6771"])
@pytest.mark.parametrize("user_id", [16778240, "16778240"])
def test_ids_are_strings_or_integers(account: Account, id_: Any, user_id: Any) -> None:
    """A meeting's number and a join's id mean the same as text and as numbers."""
    account.given([participant("meeting.participant_joined", user_id, id=id_, join_time="2026-03-02T10:01:00Z")])
    page = account.ask("/v2/metrics/meetings/84512036771/participants", type="past")
    assert [p["user_id"] for p in page["participants"]] == ["16778240"]


@pytest.mark.parametrize("stamp", [1772445600123, "1772445600123", 1772445600.123, "1772445600"])
def test_event_time_may_be_quoted_or_in_seconds(account: Account, stamp: Any) -> None:
    """`event_ts` is taken as text and as a number, in milliseconds and in seconds."""
    account.post(of(account, instance("meeting.started") | {"event_ts": stamp}))
    ((at,),) = raw(account, "toUnixTimestamp(toDateTime(event_time))")
    assert at == 1772445600


@pytest.mark.parametrize("stamp", [None, "", "soon", 0, -5, [], {}])
def test_without_an_event_time_the_time_of_receipt_stands_in(account: Account, stamp: Any) -> None:
    """An event that does not say when it happened happened when it came."""
    event = instance("meeting.started")
    del event["event_ts"]
    account.post(of(account, event if stamp is None else event | {"event_ts": stamp}))
    ((at,),) = raw(account, "toUnixTimestamp(toDateTime(event_time))")
    assert abs(at - time.time()) < 30


def test_participant_id_stands_for_user_id(account: Account) -> None:
    """Quality events name the join `participant_id`: it is the `user_id` of the others."""
    account.given(a_meeting(people=1))
    sample = {"type": "audio_input", "details": {"avg_bitrate": "27 kbps"}}
    said = participant("meeting.participant_qos_summary", qos=[sample])
    said["payload"]["object"]["participant"]["participant_id"] = said["payload"]["object"]["participant"].pop("user_id")
    account.given([said])
    page = account.ask("/v2/metrics/meetings/84512036771/participants/qos_summary")
    assert [(p["participant_id"], p["qos"][0]["details"]) for p in page["participants"]] == [
        ("16778240", {"avg_bitrate": "27 kbps"})
    ]


def test_quality_may_come_before_the_meeting(account: Account) -> None:
    """A minute of quality that comes before anyone said that the meeting began is shown once it is known."""
    sample = {"type": "audio_input", "date_time": "2026-03-02T10:03:00Z", "details": {"bitrate": "63 kbps"}}
    who = {"user_id": "16778240", "qos": [sample]}
    minute = {"event": "meeting.participant_qos", "event_ts": 1772445600000}
    minute["payload"] = {"object": {"uuid": "AAAAAAAAAAAAAAAAAAAAAA==", "participant": who}}  # type: ignore[assignment]
    account.given([minute])
    assert account.get("/v2/metrics/meetings/84512036771/participants/qos", type="past").status_code == 404
    account.given(a_meeting(people=1))
    (one,) = account.ask("/v2/metrics/meetings/84512036771/participants/qos", type="past")["participants"]
    assert [(m["date_time"], m["audio_input"]["bitrate"]) for m in one["user_qos"]] == [("2026-03-02T10:03:00Z", "63 kbps")]


def test_an_answer_shows_a_fact_as_soon_as_it_is_acknowledged(account: Account) -> None:
    """Each acknowledged event is in the next answer, though the answer before it was remembered."""
    account.given(a_meeting(people=0))
    path = "/v2/metrics/meetings/84512036771/participants"
    for n in range(8):
        who = {"user_id": str(100 + n), "join_time": "2026-03-02T10:01:00Z"}
        account.given([participant("meeting.participant_joined", **who)])
        assert account.ask(path, type="past")["total_records"] == n + 1


def test_the_same_body_twice_is_one_raw_row(account: Account) -> None:
    """Zoom may deliver a body twice: one raw row, one fact."""
    body = of(account, instance("meeting.ended", end_time="2026-03-02T10:40:30Z"))
    assert [account.post(body).status_code for _ in range(3)] == [200, 200, 200]
    assert len(raw(account)) == 1
    assert account.ask("/v2/metrics/meetings", type="past", from_="2026-03-02", to="2026-03-02")["total_records"] == 1


# What is remembered is forgotten in time

PAST = {"type": "past"}


def test_a_number_means_its_latest_instance_once_there_is_one(account: Account) -> None:
    """An answer by number is the newest instance's, though that of an older one was remembered."""
    account.given(a_meeting("old"))
    assert account.ask("/v2/metrics/meetings/84512036771", **PAST)["uuid"] == "old"
    times = {"start": "2026-03-09T10:00:00Z", "end_time": "2026-03-09T10:30:00Z"}
    account.given([instance("meeting.ended", "new", **times)])
    assert account.ask("/v2/metrics/meetings/84512036771", **PAST)["uuid"] == "new"


def _days(account: Account, *days: int) -> None:
    """A meeting on each of these days of March."""
    for day in days:
        at = {"start": f"2026-03-{day:02d}T10:00:00Z", "end_time": f"2026-03-{day:02d}T11:00:00Z"}
        account.given([instance("meeting.ended", f"day-{day:02d}", **at)])


@pytest.mark.parametrize(("late", "page"), [(6, ["day-06", "day-09"]), (15, ["day-09", "day-15"])])
def test_a_remembered_page_shows_meetings_that_come_late(account: Account, late: int, page: list[str]) -> None:
    """A late meeting that belongs on a page by token is on it, though the page was remembered without it."""
    _days(account, 2, 3, 9)
    asked = {"type": "past", "from_": "2026-03-01", "to": "2026-03-20", "page_size": 2}
    token = account.ask("/v2/metrics/meetings", **asked)["next_page_token"]
    assert [m["uuid"] for m in account.ask("/v2/metrics/meetings", next_page_token=token, **asked)["meetings"]] == ["day-09"]
    _days(account, late)
    assert [m["uuid"] for m in account.ask("/v2/metrics/meetings", next_page_token=token, **asked)["meetings"]] == page


def test_an_instance_is_closed_to_a_group_that_its_host_left(account: Account) -> None:
    """Who may see a host's meetings by group may no longer when the host has changed groups, remembered or not."""
    token = account.token(groups=["sales"])
    account.given([_user("sales", 1), *a_meeting(), _host()])
    path = "/v2/metrics/meetings/84512036771/participants"
    assert account.get(path, token, type="past").status_code == 200
    account.given([_user("legal", 2)])
    assert account.get(path, token, type="past").status_code == 403


def _user(group: str, n: int) -> dict[str, Any]:
    about = {"id": "host-1", "group_ids": [group]}
    return {"event": "user.updated", "event_ts": 1772445600000 + n, "payload": {"object": about}}


def _host() -> dict[str, Any]:
    return instance("meeting.ended", end_time="2026-03-02T10:40:30Z")
