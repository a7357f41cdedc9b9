"""Meetings as Zoom would tell them, made by hypothesis; and an account that hears events and is asked, without HTTP."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from callboard.api.memory import FactMemory
from callboard.app import Parts
from callboard.contract.access import Caller
from callboard.contract.errors import NotFound
from callboard.contract.paging import PageTokens
from callboard.endpoints import ENDPOINTS, Context
from callboard.ingest import zoom_webhook
from callboard.store.store import Store

Event = dict[str, Any]
BASE = 1_772_445_600  # 2026-03-02T10:00:00Z
DAY = 86_400
_accounts = itertools.count(1)


def iso(unix: int) -> str:
    return datetime.fromtimestamp(unix, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def facts_of(events: Iterable[Event], account: str, received_at: float = BASE + 40 * DAY) -> list[Any]:
    """The facts of events of one account."""
    return [fact for event in events for fact in zoom_webhook.parse(event, received_at, account).facts]


class Books:
    """An account of its own: told events through the parser and the writer, asked through the endpoints."""

    def __init__(self, parts: Parts, now: int = BASE + 30 * DAY, store: Store | None = None, account: str = "") -> None:
        self.parts, self.now, self.store = parts, now, store or parts.store
        self.account = account or f"books-{next(_accounts)}"
        self.tokens = PageTokens(lambda: ["key"], 900)

    def tell(self, events: Iterable[Event]) -> None:
        """Events come in, as one commit."""
        facts = facts_of(events, self.account)
        if facts:
            assert self.parts.writer.add(facts).wait() == "stored"

    def answer(self, name: str, **params: Any) -> Any:
        """An endpoint's answer; `from_` stands for `from`."""
        endpoint = ENDPOINTS[name]
        asked = endpoint.params.model_validate({k.rstrip("_"): v for k, v in params.items()})
        context = Context(self.store, Caller(self.account, "test"), self.now, self.parts.settings, self.tokens, FactMemory(0))
        return endpoint.ask(context, asked)

    def ask(self, name: str, **params: Any) -> dict[str, Any]:
        """An endpoint's answer in Zoom's form."""
        return self.answer(name, **params).wire()

    def pages(self, name: str, rows: str, **params: Any) -> list[list[Any]]:
        """The rows of all pages, page by page, by token."""
        page = self.ask(name, **params)
        made = [page[rows]]
        while page["next_page_token"]:
            page = self.ask(name, next_page_token=page["next_page_token"], **params)
            made.append(page[rows])
        return made

    def all(self, name: str, rows: str, **params: Any) -> list[Any]:
        """The rows of all pages, joined."""
        return list(itertools.chain(*self.pages(name, rows, **params)))

    def everything(self, uuids: Iterable[str]) -> dict[str, Any]:
        """Whatever can be asked about some instances."""
        said: dict[str, Any] = {}
        span = {"from_": iso(BASE - 30 * DAY), "to": iso(BASE + 60 * DAY)}
        for kind, state in itertools.product(("meeting", "webinar"), ("past", "pastOne", "live")):
            said[kind, state] = self.all(f"list_{kind}s", f"{kind}s", type=state, **span)
            for uuid in {row["uuid"] for row in said[kind, state]} & set(uuids):
                said[uuid] = self._of_instance(uuid, kind, "live" if state == "live" else "past")
        for uuid in uuids:
            said[uuid, "attendance"] = self._try("get_attendance", "attendees", id=uuid)
        said["instances"] = [self._try("list_instances", "instances", id=number) for number in ("77", "88")]
        return said

    def _of_instance(self, uuid: str, kind: str, state: str) -> Any:
        about = {"id": uuid, "type": state}
        lists = [f"list_{kind}_participants", f"list_{kind}_participants_sharing", f"list_{kind}_participants_qos"]
        rows = [self.all(name, "participants", page_size=10, **about) for name in lists]
        return [self.ask(f"get_{kind}", **about), *rows]

    def _try(self, name: str, rows: str, **params: Any) -> Any:
        try:
            return self.all(name, rows, page_size=300, **params)
        except NotFound:
            return None


# Meetings made by hypothesis

AUDIO = {"bitrate": "63.05 kbps", "latency": "56 ms", "jitter": "0 ms", "avg_loss": "0.03%", "max_loss": "1.2%"}
VIDEO = AUDIO | {"frame_rate": "25 fps", "resolution": "1280*720"}
SAMPLES = (
    {"type": "audio_input", "details": AUDIO},
    {"type": "video_output", "details": VIDEO},
    {"type": "as_device_to_crc", "details": VIDEO},
    {"type": "cpu_usage", "details": {"zoom_min_cpu_usage": "5%", "system_max_cpu_usage": "38.5%"}},
    {"type": "audio_quality", "details": {"quality_score": "4.41", "quality": "good"}},
    {"type": "wifi_rssi", "details": {"min_rssi": -70, "avg_rssi": -60, "max_rssi": -55, "rssi_unit": "dBm"}},
)


class Script:
    """Writes one meeting's events, each at a time of its own."""

    def __init__(self, uuid: str, kind: str, starts: list[int], number: int) -> None:
        self.kind, self.starts = kind, starts
        type_ = 5 if kind == "webinar" else 8
        self.object = {"id": number, "uuid": uuid, "host_id": "person-0", "type": type_, "duration": 60}
        self.events: list[Event] = []

    def say(self, name: str, at: int, participant: Any = None, /, **said: Any) -> None:
        n = len(self.events)
        about = self.object | {"start_time": iso(self.starts[n % len(self.starts)]), "topic": f"Weekly {n}"} | said
        if participant is not None:
            about["participant"] = participant
        name = name if name.startswith("recording.") else f"{self.kind}.{name}"
        self.events.append({"event": name, "event_ts": at * 1000 + n, "payload": {"object": about}})


_offsets = st.integers(0, 3000)


@st.composite
def meetings(draw: st.DrawFn, uuid: str = "uuid-0") -> list[Event]:
    """The events of one small meeting, in order of being said."""
    start = BASE + draw(st.integers(0, 3 * DAY))
    starts = [start, *draw(st.lists(st.integers(-5, 5).map(lambda d: start + d), max_size=2))]
    script = Script(uuid, draw(st.sampled_from(["meeting", "meeting", "webinar"])), starts, draw(st.sampled_from([77, 88])))
    script.say("started", start)
    for n in range(draw(st.integers(0, 3))):
        for again in range(draw(st.integers(1, 2))):
            _join(draw, script, start, n, again)
    if draw(st.booleans()):
        script.say("recording.started", start + 60)
    if draw(st.integers(0, 3)):
        script.say("ended", start + 3600, end_time=iso(start + 3600))
    return script.events


def _join(draw: st.DrawFn, script: Script, start: int, n: int, again: int) -> None:
    came = start + draw(_offsets)
    user = str(16_778_240 + 1024 * n + again)
    who = {"user_id": user, "user_name": f"Person {n}", "participant_user_id": f"person-{n}" if n else "", "email": f"p{n}@x.org"}
    if draw(st.booleans()):
        script.say("participant_joined_waiting_room", came - 20, who | {"date_time": iso(came - 20)})
        script.say("participant_admitted", came - 1, who | {"date_time": iso(came - 1)})
    if draw(st.integers(0, 5)):
        script.say("participant_joined", came, who | {"join_time": iso(came)})
    for role in draw(st.lists(st.sampled_from(["host", "attendee"]), max_size=2)):
        script.say("participant_role_changed", came + 5, who | {"new_role": role, "date_time": iso(came + 5)})
    for begin in draw(st.lists(_offsets, max_size=2)):
        for edge, at in (("started", came + begin), ("ended", came + begin + 30)):
            details = {"content": "desktop", "date_time": iso(at)}
            script.say(f"sharing_{edge}", at, who | {"sharing_details": details})
    for minute in range(draw(st.integers(0, 2))):
        at = came // 60 * 60 + 60 * minute
        samples = draw(st.lists(st.sampled_from(SAMPLES), min_size=1, max_size=3, unique_by=lambda s: s["type"]))
        script.say("participant_qos", at + 61, who | {"qos": [s | {"date_time": iso(at)} for s in samples]})
    if draw(st.booleans()):
        script.say("participant_data", came + 9, who | {"data": [{"device": "WIN", "location": "Oslo (NO)", "camera": "Cam"}]})
    if draw(st.integers(0, 3)):
        script.say("participant_left", came + 600, who | {"leave_time": iso(came + 600), "leave_reason": "left the meeting"})


def split(events: Iterable[Event]) -> list[Event]:
    """The same events, where each sample of a minute is an event of its own."""
    made = []
    for event in events:
        about = event["payload"]["object"]
        samples = about.get("participant", {}).get("qos", [None])
        for sample in samples:
            one = {} if sample is None else {"participant": about["participant"] | {"qos": [sample]}}
            made.append(event | {"payload": {"object": about | one}})
    return made
