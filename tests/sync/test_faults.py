"""Whatever goes wrong on the way, the mirror is the same: and what was done is not asked again."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import httpx2 as httpx
import pytest

from callboard.app import Parts
from callboard.sync.client import SyncError
from tests.contract.helpers import account, told
from tests.contract.rich import PERSON, rich
from tests.helpers import Office, a_meeting
from tests.sync.helpers import FakeClock, Wire, beside, differences, source_of
from tests.sync.helpers import mirror as mirror_of

PAST = {"type": "past"}


@pytest.fixture(scope="module")
def office(parts: Parts) -> Iterator[Office]:
    """An account with a meeting of several pages, and one in which everything happens."""
    with account(parts, "sync-faults") as office:
        told(office, [PERSON, *a_meeting("large==", people=24), *rich("meeting", "rich==", "2026-03-02T10")])
        yield office


def mirror(*given: Any, **options: Any) -> Any:
    """A mirror of the one day on which it all happens."""
    return mirror_of(*given, **{"first": date(2026, 3, 2), "last": date(2026, 3, 2)} | options)


def same(office: Office, into: str) -> bool:
    """Whether a mirror answers as its upstream."""
    pairs = zip(answers(beside(office, into)), answers(office), strict=True)
    found = [one for pair in pairs for one in differences(*pair)]
    assert not found, found[:5]
    return True


def answers(office: Office) -> list[Any]:
    """What is compared."""
    days = {"from": "2026-03-01", "to": "2026-03-05", "page_size": 300}
    asks: list[tuple[str, dict[str, Any]]] = [("/v2/metrics/meetings", days | PAST), ("/v2/report/users", days)]
    for uuid in ("large%3D%3D", "rich%3D%3D"):
        one = f"/v2/metrics/meetings/{uuid}/participants"
        asks += [(one, PAST | {"page_size": 300}), (f"{one}/sharing", PAST), (f"{one}/satisfaction", PAST)]
        asks += [(f"{one}/qos", PAST | {"page_size": 10}), (f"{one}/qos_summary", PAST | {"page_size": 10})]
    return [office.ask(path, **params) for path, params in asks]


def refusal(status: int, code: int, message: str, **headers: str) -> httpx.Response:
    """An error as Zoom sends it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, json={"code": code, "message": message}, headers=named)


def cut(answer: httpx.Response) -> httpx.Response:
    """An answer that ends too early."""
    return httpx.Response(200, content=answer.read()[:-7])


STORMS = {
    "429 in seconds": lambda clock: refusal(429, 429, "Try again later.", Retry_After="7", X_RateLimit_Type="QPS"),
    "429 until an instant": lambda clock: refusal(
        429,
        429,
        "You have reached the maximum daily rate limit for this API.",
        Retry_After=f"{datetime.fromtimestamp(clock.at + 3600, UTC):%Y-%m-%dT%H:%M:%SZ}",
        X_RateLimit_Type="Daily-limit",
    ),
    "429 without a word": lambda clock: refusal(429, 429, "Try again later."),
    "500": lambda clock: refusal(500, 500, "An internal error occurred."),
    "503": lambda clock: refusal(503, 503, "Try again.", Retry_After="3"),
    "an expired access token": lambda clock: refusal(401, 124, "Access token is expired."),
    "a cut body": lambda clock: cut,
    "a broken connection": lambda clock: httpx.RemoteProtocolError("Server disconnected"),
}


@pytest.mark.parametrize("what", [*STORMS, "all of them"])
def test_storms_change_nothing(office: Office, what: str) -> None:
    """Every third call goes wrong: the mirror is the same."""
    clock, dice = FakeClock(), random.Random(what)

    def fault(request: httpx.Request, n: int) -> Any:
        if request.url.path.startswith("/oauth") or dice.random() > 1 / 3:
            return None
        found = STORMS[what if what in STORMS else dice.choice(list(STORMS))](clock)
        if isinstance(found, Exception):
            raise found
        return found

    wire, into = Wire(office, fault), f"sync-faults-{what.replace(' ', '-')}"
    mirror(source_of(office, into), office, clock=clock, http=wire.client()).run()
    assert same(office, into)
    if what == "429 until an instant":
        assert clock.slept >= 3600


def test_a_listing_begins_again_when_its_page_token_has_expired(office: Office) -> None:
    """The first token of each listing is refused: it is asked from the beginning, and doubles nothing."""
    refused: set[str] = set()

    def fault(request: httpx.Request, n: int) -> Any:
        if "next_page_token" not in request.url.params or request.url.path in refused:
            return None
        refused.add(request.url.path)
        return refusal(400, 300, "The next page token is invalid or expired.")

    mirror(source_of(office, "sync-expired"), office, http=Wire(office, fault).client()).run()
    assert len(refused) >= 1
    assert [differences(*pair) for pair in zip(answers(beside(office, "sync-expired")), answers(office), strict=True)] == [
        []
    ] * 12


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("seed", range(3))
def test_a_killed_mirror_goes_on_where_it_was(office: Office, seed: int) -> None:
    """Killed at some call, again and again: the result is the same, and no call that was done is made again."""
    whole = Wire(office)
    mirror(source_of(office, f"sync-whole-{seed}"), office, http=whole.client(), workers=1).run()
    source, dice, made = source_of(office, f"sync-killed-{seed}"), random.Random(seed), []
    for _ in range(30):
        last = dice.randrange(1, 25)

        def fault(request: httpx.Request, n: int, last: int = last) -> None:
            if n == last:
                raise Killed

        wire = Wire(office, fault)
        try:
            mirror(source, office, http=wire.client(), workers=1).run()
        except Killed:
            del wire.asked[last]
            made += wire.calls
            continue
        made += wire.calls
        break
    assert sorted(path.partition("next_page_token")[0] for path in made) == sorted(
        path.partition("next_page_token")[0] for path in whole.calls
    )
    assert same(office, source.name)


def test_a_mirrored_day_is_not_asked_again(office: Office) -> None:
    """A second run, and a thousand reads of the mirror, cost upstream nothing."""
    source = source_of(office, "sync-once")
    mirror(source, office).run()
    wire = Wire(office)
    mirror(source, office, http=wire.client()).run()
    mirrored = beside(office, "sync-once")
    assert {mirrored.get("/v2/metrics/meetings/large%3D%3D/participants", **PAST).status_code for _ in range(1000)} == {200}
    assert wire.calls == []


def test_what_upstream_forbids_is_told_and_the_rest_is_mirrored(office: Office) -> None:
    """A scope that is missing fails its listings, which say why; it is asked once, and again on the next run."""

    def fault(request: httpx.Request, n: int) -> Any:
        if request.url.path.endswith("/qos"):
            return refusal(400, 4711, "Invalid access token, does not contain scopes:[dashboard:read].")
        return None

    source, wire = source_of(office, "sync-forbidden"), Wire(office, fault)
    mirror(source, office, http=wire.client(), workers=1).run()
    assert sum(path.partition("?")[0].endswith("/qos") for path in wire.calls) == 1
    one = beside(office, "sync-forbidden").ask("/v2/metrics/meetings/large%3D%3D/participants", **PAST)
    assert one["total_records"] == 24
    mirror(source, office).run()
    assert same(office, source.name)


def test_wrong_credentials_are_explained(office: Office) -> None:
    """A client that upstream does not know stops the mirror with a sentence."""
    from dataclasses import replace

    source = replace(source_of(office, "sync-wrong"), secret="no")
    with pytest.raises(SyncError, match=r"gives no token for client .*: Invalid client_id or client_secret"):
        mirror(source, office).run()
