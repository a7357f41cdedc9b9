"""Our answers against Zoom's fields: every one that Zoom sends is there, of its type, and few besides."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any
from urllib.parse import quote

import jsonschema
import pytest

from callboard.endpoints import ENDPOINTS
from tests.contract.facts import ENDPOINT_FACTS, emitted, json_schema, paths
from tests.contract.families import FAMILIES
from tests.helpers import Office

LISTS = ("meetings[].", "webinars[].", "participants[].")
SAMPLE = "b1xQ7mZ2TfiW8kR4sVn0cA=="
DAYS = {"from": "2024-11-01", "to": "2026-12-31"}

NOT_TOLD = {
    "custom_keys[].key",
    "custom_keys[].value",
    "tracking_fields[].field",
    "tracking_fields[].value",
}
"""Members of lists that no webhook carries: the list is there, and empty."""

QUALITY = {"audio_quality", "video_quality", "screen_share_quality"}
ADDED = {
    "get_meeting": {*QUALITY, "session_key", *("tracking_fields" + member for member in ("", "[].field", "[].value"))},
    "list_webinar_participants": {"participants[].groupId"},
    **{name: added for family in FAMILIES for name, added in family.ADDED.items()},
}
"""Fields that we send and Zoom does not document."""

UNTOLD = {
    *NOT_TOLD,
    *("custom_keys", "tracking_fields", "session_key", "avg_jointime_cost", "total_jointime_cost", "in_room_participants"),
    *("has_3rd_party_audio", "has_archiving", "has_automated_captions", "has_manual_captions", "has_meeting_summary"),
    *("has_poll", "has_qa", "has_survey", "as_connection_type", "video_connection_type", "zoom_thin_client_plugin_version"),
    *("audio_call[].zoom_number", "sip_uri", "from_sip_uri", "groupId", "recording"),
}
"""Fields that stay empty: no webhook tells of them. Whoever finds a source for one takes it off this list."""


ASKED = {name: asked for family in FAMILIES for name, asked in family.REQUESTS.items()}
EMPTY = {name: empty for family in FAMILIES for name, empty in family.UNTOLD.items()}


def requests(name: str) -> list[tuple[str, dict[str, Any]]]:
    """Paths and parameters that together show all that an endpoint can say."""
    if name in ASKED:
        return ASKED[name]
    kind = ENDPOINTS[name].kind
    path, listed = ENDPOINTS[name].url, name == f"list_{kind}s"
    if listed:
        return [(path, {"type": type_, "include_fields": "tracking_fields", **DAYS}) for type_ in ("past", "pastOne", "live")]
    past = {} if name.endswith("qos_summary") else {"type": "past"}
    more = {"page_size": "10", "include_fields": "registrant_id"}
    uuids = [(SAMPLE, past), (f"past/{kind}==", past)]
    if not name.endswith("qos_summary"):
        uuids.append((f"live/{kind}==", {"type": "live"}))
    join = {"get_meeting_participant_qos": "1002", "get_webinar_participant_qos": "1002"}.get(name, "1001")
    return [
        (
            path.replace(f"{{{kind}Id:id}}", quote(uuid, safe="")).replace(
                "{participantId:participant_id}", "16778240" if uuid == SAMPLE else join
            ),
            params | more,
        )
        for uuid, params in uuids
    ]


@pytest.fixture(params=sorted(set(ENDPOINT_FACTS) & set(ENDPOINTS)))
def name(request: pytest.FixtureRequest) -> str:
    """An endpoint that Zoom has too."""
    return str(request.param)


@pytest.fixture
def answers(name: str, filled: Office) -> list[Any]:
    """All that the endpoint says of the account."""
    return _answers(name, filled)


@cache
def _answers(name: str, filled: Office) -> list[Any]:
    return [filled.ask(path, **params) for path, params in requests(name)]


def test_an_answer_has_zooms_fields_and_types(name: str, answers: list[Any]) -> None:
    """Each answer validates: every field is there in every entry, of its type, or a string that is empty."""
    for answer in answers:
        jsonschema.validate(answer, json_schema(ENDPOINT_FACTS[name]["answer"]))


def test_every_field_is_emitted(name: str, answers: list[Any]) -> None:
    """Nothing that Zoom can send is missing from all that we send."""
    missing = paths(ENDPOINT_FACTS[name]["answer"]) - {p for answer in answers for p in emitted(answer)}
    missing -= EMPTY.get(name, set())
    assert {path.removeprefix("meetings[].").removeprefix("webinars[].") for path in missing} <= NOT_TOLD


def test_every_field_that_webhooks_tell_of_is_filled(name: str, answers: list[Any]) -> None:
    """What goes in comes out: each field holds something somewhere, but for those that no webhook tells of."""
    some = paths(ENDPOINT_FACTS[name]["answer"]) - {p for answer in answers for p in emitted(answer, filled=True)}
    some -= EMPTY.get(name, set())
    empty = {path.split("[].", 1)[-1] if path.startswith(LISTS) else path for path in some}
    assert empty <= UNTOLD | {"next_page_token"}


def test_nothing_is_null(answers: list[Any]) -> None:
    """No data is an empty string, list or object, false or 0: never null."""
    for answer in answers:
        assert "null" not in json.dumps(answer).replace('"null"', "")


def test_few_fields_are_added(name: str, answers: list[Any]) -> None:
    """What we send beyond Zoom's fields is written down here."""
    extra = {p for answer in answers for p in emitted(answer)} - paths(ENDPOINT_FACTS[name]["answer"])
    assert extra == ADDED.get(name, set())


def test_the_response_model_declares_every_field(name: str) -> None:
    """OpenAPI tells of every field, those of lists included that no webhook fills."""
    model = ENDPOINTS[name].response
    assert model is not None
    schema = model.model_json_schema(mode="serialization")

    def declared(part: dict[str, Any], at: str = "") -> set[str]:
        if "$ref" in part:
            part = schema["$defs"][part["$ref"].rsplit("/", 1)[1]]
        if part.get("type") == "array":
            return declared(part["items"], at.removesuffix(".") + "[].")
        members = part.get("properties", {})
        return {p for field, member in members.items() for p in ({f"{at}{field}"} | declared(member, f"{at}{field}."))}

    assert paths(ENDPOINT_FACTS[name]["answer"]) <= declared(schema)


def test_the_operation_is_named_as_zoom_names_it(name: str) -> None:
    """Clients generated from OpenAPI keep their method names."""
    assert ENDPOINTS[name].operation == (ENDPOINT_FACTS[name]["operation"] or "")


def test_the_path_is_zooms(name: str) -> None:
    """The path is Zoom's, under `/v2`."""
    ours = re.sub(r":\w+}", "}", ENDPOINTS[name].url)
    assert ours == f"/v2{ENDPOINT_FACTS[name]['path']}"


def test_every_scope_that_opens_it_at_zoom_opens_it_here(name: str) -> None:
    """A token made for Zoom's scopes needs no change."""
    for scope in ENDPOINT_FACTS[name]["scopes"]:
        assert ENDPOINTS[name].access.opened_by(frozenset({scope})), scope
