"""The served OpenAPI against the served answers: nothing undocumented, nothing off its schema, no fault, life in all of it."""

from __future__ import annotations

import re
from typing import Any

import httpx2 as httpx
import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from bench import walk
from callboard.endpoints import ENDPOINTS, Endpoint
from callboard.endpoints.registry import shown_path
from tests.faults.servers import Demo

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 20


@schemathesis.serializer("application/x-ndjson")
def lines(_: Any, value: Any) -> bytes:
    """A body of lines, as it is."""
    return str(value).encode("utf-8", "replace")


@pytest.fixture(scope="session")
def schema(demo: Demo, http: httpx.Client) -> Any:
    """The served OpenAPI, as schemathesis reads it."""
    loaded = schemathesis.openapi.from_url(f"{demo.url}/v1/openapi.json")
    loaded.config.update(headers={"Authorization": http.headers["authorization"]})
    return loaded


OPERATIONS = [("get", shown_path(endpoint)) for endpoint in ENDPOINTS.values()] + [
    ("post", "/v1/facts/{table}"),
    ("get", "/v1/export/{endpoint}"),
]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_whatever_is_asked_is_answered_as_described(method: str, path: str, schema: Any, http: httpx.Client) -> None:
    """No fault, no undocumented status, no answer off its schema, for parameters made from the description."""
    headers = {"Authorization": http.headers["authorization"]}

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=schema[path][method].as_strategy())
    def ask(case: Any) -> None:
        case.call_and_validate(checks=CHECKS, headers=headers)

    ask()


# With ids that there are


@pytest.fixture(scope="session")
def found(http: httpx.Client) -> dict[str, str]:
    """Ids of the demo, by the names that paths give them."""

    def get(path: str, params: dict[str, Any]) -> Any:
        answer = http.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    ids = walk.ids(get)
    return ids | {"webinarJoin": walk.webinar_join(get, ids)}


QUIET = {"get_webinar_participant_sharing", "get_meeting_participant_sharing", "get_sync"}
"""Asked about one join, of which the demo may have nothing to tell; or about mirrored accounts, of which it has none."""


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
    path, params = walk.request(endpoint, found)
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
