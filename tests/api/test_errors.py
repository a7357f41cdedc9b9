"""Every error has one shape: `{code, message}`, and `errors` for parameters."""

from __future__ import annotations

from typing import Any

import pytest

from callboard.endpoints import ENDPOINTS
from tests.api.registry import NAMES, by_id, params, path
from tests.helpers import Office

TYPED = [(name, field) for name in NAMES for field in ("type", "page_size", "page_number", "query_date_type", "format")
         if field in ENDPOINTS[name].params.model_fields]  # fmt: skip
WILD = (
    "",
    " ",
    "-1",
    "0",
    "1e3",
    "99999999999999999999",
    "\x00",
    "ä€",
    "%25",
    "a" * 5000,
    "' OR 1=1 --",
    "{x:String}",
    "2026-03-02",
)


def shaped(body: Any, *more: str) -> bool:
    return set(body) == {"code", "message", *more} and isinstance(body["code"], int) and bool(body["message"])


@pytest.mark.parametrize(("name", "field"), TYPED)
def test_a_bad_parameter_is_named(small: Office, name: str, field: str) -> None:
    """400, code 300, and the field in `errors`."""
    answer = small.get(path(ENDPOINTS[name]), **params(ENDPOINTS[name]) | {field: "x"})
    assert (answer.status_code, answer.json()["code"]) == (400, 300)
    assert shaped(answer.json(), "errors")
    assert [set(e) for e in answer.json()["errors"]] == [{"field", "message"}]
    assert answer.json()["errors"][0]["field"] == field


@pytest.mark.parametrize("name", [n for n in NAMES if by_id(ENDPOINTS[n])])
def test_an_unknown_instance_is_not_found(small: Office, name: str) -> None:
    """404 and code 3001, for each endpoint that takes an id."""
    answer = small.get(path(ENDPOINTS[name], "nowhere"), **params(ENDPOINTS[name]))
    assert (answer.status_code, answer.json()["code"]) == (404, 3001)
    assert shaped(answer.json())


@pytest.mark.parametrize(
    "path_",
    ["/v2", "/v2/metrics", "/v2/metrics/meeting", "/v1/nothing", "/v2/metrics/meetings//", "/v2/metrics/meetings/", "/v3/x"],
)
def test_an_unknown_path_is_not_found(small: Office, path_: str) -> None:
    """The same shape where no endpoint is."""
    answer = small.http.get(path_, headers={"Authorization": f"Bearer {small.token()}"}, follow_redirects=False)
    assert (answer.status_code, answer.json()["code"]) == (404, 3001)
    assert shaped(answer.json())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_another_method_is_not_allowed(small: Office, name: str, method: str) -> None:
    """405: all there is to do is to read."""
    answer = small.http.request(method, path(ENDPOINTS[name]))
    assert (answer.status_code, answer.json()["code"]) == (405, 300)
    assert shaped(answer.json())


UNLIKE = sorted({ENDPOINTS[name].params: name for name in reversed(NAMES)}.values())
"""One endpoint for each set of parameters."""


@pytest.mark.parametrize("name", UNLIKE)
def test_no_wild_parameter_is_a_fault(small: Office, name: str) -> None:
    """An answer, or an error of the caller's: never a 500."""
    endpoint = ENDPOINTS[name]
    for field in endpoint.params.model_fields:
        if field in ("id", "participant_id"):
            continue
        for wild in WILD:
            asked = params(endpoint) | {field.rstrip("_"): wild}
            answer = small.get(path(endpoint), **asked)
            assert answer.status_code in (200, 400, 404), (field, wild, answer.text)


@pytest.mark.parametrize("name", [n for n in NAMES if "{participantId" in ENDPOINTS[n].path])
def test_no_wild_participant_is_a_fault(small: Office, name: str) -> None:
    """404 for whatever names no join."""
    for wild in ("%20", "%00", "999", "%C3%A4", "%2525", "%27", "-1", "a" * 3000):
        answer = small.get(path(ENDPOINTS[name]).replace("/101/", f"/{wild}/"), **params(ENDPOINTS[name]))
        assert (answer.status_code, answer.json()["code"]) == (404, 3001), wild


def test_every_answer_carries_a_tracking_id(small: Office) -> None:
    """Good or bad, for those who report a problem."""
    token = {"Authorization": f"Bearer {small.token()}"}
    asked = ["/v2/metrics/meetings", "/v2/metrics/meetings/none", "/v2/nothing", "/v2/metrics/meetings?type=x"]
    answers = [small.http.get(url, headers=token) for url in asked] + [small.http.get(asked[0])]
    assert [a.status_code for a in answers] == [200, 404, 404, 400, 401]
    assert len({a.headers["x-zm-trackingid"] for a in answers}) == 5


def test_answers_are_json(small: Office) -> None:
    """Errors too."""
    for url in ("/v2/metrics/meetings", "/v2/nothing"):
        assert small.get(url).headers["content-type"].startswith("application/json")


def test_openapi_tells_of_every_endpoint(small: Office) -> None:
    """Each by its path and operation, without a token."""
    told = small.http.get("/v1/openapi.json").json()["paths"]
    operations = {each["get"]["operationId"] for each in told.values() if "get" in each}
    assert operations >= {e.operation or e.name for e in ENDPOINTS.values()}


def test_openapi_names_the_parameters_as_they_are_asked(small: Office) -> None:
    """`from`, not `from_`: clients are generated from it."""
    told = small.http.get("/v1/openapi.json").json()["paths"]["/v2/metrics/meetings"]["get"]["parameters"]
    assert {"from", "to", "type", "page_size", "next_page_token", "group_id"} <= {p["name"] for p in told}


def test_openapi_keeps_path_parameters_plain(small: Office) -> None:
    """`{meetingId}`, without what our router writes behind it."""
    paths = small.http.get("/v1/openapi.json").json()["paths"]
    assert "/v2/metrics/meetings/{meetingId}/participants/{participantId}/qos" in paths
