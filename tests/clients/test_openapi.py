"""The served OpenAPI against the served answers: nothing undocumented, nothing off its schema, no fault, life in all of it."""

from __future__ import annotations

import re
from typing import Any

import httpx2 as httpx
import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from callboard.endpoints import ENDPOINTS, Endpoint
from tests.faults.servers import Demo

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 12


@pytest.fixture(scope="session")
def schema(demo: Demo, http: httpx.Client) -> Any:
    """The served OpenAPI, as schemathesis reads it."""
    loaded = schemathesis.openapi.from_url(f"{demo.url}/v1/openapi.json")
    loaded.config.update(headers={"Authorization": http.headers["authorization"]})
    return loaded


described = schemathesis.pytest.from_fixture("schema")


@described.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_whatever_is_asked_is_answered_as_described(case: Any, http: httpx.Client) -> None:
    """No fault, no undocumented status, no answer off its schema, for parameters made from the description."""
    case.call_and_validate(checks=CHECKS, headers={"Authorization": http.headers["authorization"]})


# With ids that there are


@pytest.fixture(scope="session")
def found(http: httpx.Client) -> dict[str, str]:
    """Ids of the demo, by the names that paths give them."""

    def first(path: str, key: str, **params: Any) -> dict[str, Any]:
        answer = http.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return max(answer.json()[key], key=lambda entry: entry.get("participants", 0))

    dates = {"from": "2000-01-01", "to": "2100-01-01"}
    meeting = first("/v2/metrics/meetings", "meetings", type="past", page_size=300, **dates)
    webinar = first("/v2/metrics/webinars", "webinars", type="past", page_size=300, **dates)
    feedback = first("/v2/metrics/client/feedback", "client_feedbacks", **dates)
    host = first("/v2/report/users", "users", page_size=1, **dates)
    room = first("/v2/metrics/zoomrooms", "zoom_rooms", page_size=300)
    joins = http.get(f"/v2/metrics/meetings/{meeting['id']}/participants", params={"type": "past"}).json()["participants"]
    return {
        "meetingId": str(meeting["id"]),
        "webinarId": str(webinar["id"]),
        "number": str(meeting["id"]),
        "id": str(meeting["id"]),
        "participantId": joins[0]["user_id"],
        "feedbackId": feedback["feedback_id"],
        "userId": host["id"],
        "zoomroomId": room["id"],
    }


def asked(endpoint: Endpoint, found: dict[str, str]) -> tuple[str, dict[str, Any]]:
    """A path and parameters that show the endpoint at its fullest."""
    fields = endpoint.params.model_fields
    params: dict[str, Any] = {"from": "2000-01-01", "to": "2100-01-01"} if "from_" in fields else {}
    if "type" in fields and "past" in str(fields["type"].annotation):
        params["type"] = "past"
    if "activity_type" in fields:
        params["activity_type"] = "All Activities"
    ids = found | ({"participantId": ""} if endpoint.kind == "webinar" else {})
    return re.sub(r"\{(\w+):\w+\}", lambda m: ids[m[1]], endpoint.url), params


QUIET = {"get_webinar_participant_qos", "get_webinar_participant_sharing", "get_meeting_participant_sharing"}
"""Asked about one join, of which the demo may have nothing to tell."""


def alive(answer: Any) -> bool:
    """Whether an answer tells of anything: a list with entries, or a number that is not 0, somewhere inside."""
    if isinstance(answer, dict):
        return any(alive(member) for name, member in answer.items() if name not in ("page_size", "page_count"))
    if isinstance(answer, list):
        return bool(answer)
    return isinstance(answer, int | float) and answer not in (0, -1)


@pytest.mark.parametrize("name", sorted(set(ENDPOINTS) - QUIET))
def test_the_demo_has_life_in_every_endpoint(
    name: str, http: httpx.Client, openapi: dict[str, Any], found: dict[str, str]
) -> None:
    """It answers with something, and as described."""
    endpoint = ENDPOINTS[name]
    path, params = asked(endpoint, found)
    answer = http.get(path, params=params)
    assert answer.status_code == 200, answer.text
    if endpoint.response is not None:
        jsonschema.validate(answer.json(), described_answer(openapi, endpoint))
        assert alive(answer.json())
    else:
        assert answer.content


def described_answer(openapi: dict[str, Any], endpoint: Endpoint) -> dict[str, Any]:
    """The schema of an endpoint's answer, with the models that it names."""
    path = re.sub(r":\w+\}", "}", endpoint.url)
    answer = openapi["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    return {**answer, "components": openapi["components"]}
