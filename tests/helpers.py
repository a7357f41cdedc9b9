"""The one test helper: an account with its app, whose facts go in and answers come out as in life."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import replace
from typing import Any, NamedTuple

import httpx2 as httpx
from starlette.testclient import TestClient

from callboard.api.ingest_routes import sign
from callboard.app import Parts, make_app, make_desk
from callboard.contract.access import BASIC
from callboard.control import User

SECRET = "example-secret-token"


_people = itertools.count(1)


class Person(NamedTuple):
    """A user, and the browser in which they are signed in."""

    user: User
    http: TestClient


class Office:
    """An account of the shared data folder with an app of its own (so its own limits, cache and settings)."""

    def __init__(self, parts: Parts, account: str, stack: ExitStack, **settings: Any) -> None:
        self.parts = replace(parts, settings=parts.settings.model_copy(update=settings))
        self.account = account
        self.stack = stack
        parts.control.put_app(account, SECRET, now=1)
        self.desk = make_desk(self.parts)
        self.http = TestClient(make_app(self.parts, self.desk), raise_server_exceptions=False)
        self._tokens: dict[Any, str] = {}

    def reopened(self, **settings: Any) -> Office:
        """The same account behind an app with other settings."""
        return Office(self.parts, self.account, self.stack, **settings)

    # In

    def post(self, body: bytes, *, secret: str = SECRET, timestamp: str | None = None, path: str | None = None) -> httpx.Response:
        """Post a body to the webhook door, signed."""
        stamp = timestamp if timestamp is not None else str(int(time.time()))
        headers = {"x-zm-request-timestamp": stamp, "x-zm-signature": sign(secret, stamp, body)}
        return self.http.post(path or f"/webhooks/zoom/{self.account}", content=body, headers=headers)

    def given(self, events: Iterable[dict[str, Any]]) -> None:
        """Events happen: each is posted as a signed webhook of this account, and acknowledged."""
        for event in events:
            event = json.loads(json.dumps(event))
            event.setdefault("payload", {})["account_id"] = self.account
            answer = self.post(json.dumps(event).encode())
            assert answer.status_code == 200, answer.text

    def load(self, table: str, rows: Iterable[dict[str, Any]]) -> Any:
        """Rows of a fact table are sent, and all are taken."""
        lines = "\n".join(json.dumps(row) for row in rows)
        token = self.token("facts:write")
        answer = self.http.post(f"/v1/facts/{table}", content=lines, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200, answer.text
        assert not answer.json()["refused"], answer.text
        return answer.json()

    # Out

    def token(self, *scopes: str, role: str = "admin", families: Iterable[str] = (), groups: Iterable[str] = ()) -> str:
        """An access token of a client with these scopes (default: the basic one) and role."""
        key = (scopes, role, tuple(families), tuple(groups))
        if key not in self._tokens:
            made = self.parts.control.create_client(
                self.account, "test", now=1, role=role, scopes=scopes or (BASIC,), families=list(families), groups=list(groups)
            )
            self._tokens[key] = self.desk.tokens.issue(made.client, list(made.client.scopes))
        return self._tokens[key]

    def person(self, mail: str = "", **about: Any) -> Person:
        """A browser in which a user of this account, made with what is said of them, is signed in."""
        people = self.parts.control.people
        about = {"role": "admin"} | about
        user = people.create_user(self.account, "Ida Marsh", mail or f"{next(_people)}@{self.account}.example", now=1, **about)
        http = TestClient(self.http.app, raise_server_exceptions=False)
        http.cookies.set("callboard", people.begin_session(user.id, now=int(time.time()), seconds=3600))
        return Person(user, http)

    def get(self, path: str, token: str | None = None, headers: dict[str, str] | None = None, **params: Any) -> httpx.Response:
        """GET a path with a token; `from_` stands for `from`."""
        asked = {name.rstrip("_"): value for name, value in params.items()}
        given = {"Authorization": f"Bearer {token or self.token()}"} | (headers or {})
        return self.http.get(path, params=asked or None, headers=given)

    def ask(self, path: str, **params: Any) -> Any:
        """The JSON of a GET that must succeed."""
        answer = self.get(path, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()


def instance(
    event: str, uuid: str = "AAAAAAAAAAAAAAAAAAAAAA==", start: str = "2026-03-02T10:00:00Z", **object_: Any
) -> dict[str, Any]:
    """An event about an instance, with what Zoom always says of one."""
    said = {
        "id": "84512036771",
        "uuid": uuid,
        "host_id": "host-1",
        "topic": "Weekly",
        "type": 8,
        "start_time": start,
        "duration": 60,
    }
    return {"event": event, "event_ts": 1772445600000, "payload": {"object": said | object_}}


def participant(event: str, user_id: str = "16778240", uuid: str = "AAAAAAAAAAAAAAAAAAAAAA==", **said: Any) -> dict[str, Any]:
    """An event about one join of an instance."""
    who = {"user_id": user_id, "user_name": "Mara Okafor", "participant_user_id": "", "email": ""}
    return instance(event, uuid, participant=who | said)


def a_meeting(uuid: str = "AAAAAAAAAAAAAAAAAAAAAA==", kind: str = "meeting", people: int = 2) -> list[dict[str, Any]]:
    """A whole past instance: 2026-03-02 10:00:00 to 10:40:30 UTC, `people` joined a minute apart and left at the end."""
    events = [instance(f"{kind}.started", uuid, type=5 if kind == "webinar" else 8)]
    for n in range(people):
        user, name = str(16778240 + 1024 * n), f"Person {n}"
        who = {"user_name": name, "participant_user_id": f"person-{n}", "email": f"p{n}@example.com"}
        events.append(participant(f"{kind}.participant_joined", user, uuid, join_time=f"2026-03-02T10:{n:02d}:10Z", **who))
        events.append(participant(f"{kind}.participant_left", user, uuid, leave_time="2026-03-02T10:40:00Z", **who))
    events.append(instance(f"{kind}.ended", uuid, end_time="2026-03-02T10:40:30Z", type=5 if kind == "webinar" else 8))
    for event in events:
        if kind == "webinar":
            event["payload"]["object"]["type"] = 5
    return events
