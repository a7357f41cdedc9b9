"""Who may ask what: each endpoint of the registry, each scope and role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx2 as httpx
import pytest

from callboard.app import Parts
from callboard.contract.access import FAMILIES, Access
from callboard.endpoints import ENDPOINTS, Endpoint
from tests.api.conftest import FROM_TO, person
from tests.api.registry import NAMES, by_id, of_one, params, path
from tests.contract.helpers import account, held, now, told
from tests.helpers import Office

GUARDED = [name for name in NAMES if ENDPOINTS[name].access.families]
BY_ID = [name for name in NAMES if by_id(ENDPOINTS[name])]
LISTS = ["list_meetings", "list_webinars", "report_meetings", "report_webinars"]


def ask(office: Office, name: str, token: str, place: str = "north", **more: Any) -> httpx.Response:
    """Ask an endpoint for something that is there."""
    endpoint = ENDPOINTS[name]
    return office.get(path(endpoint, place), token=token, **params(endpoint) | more)


def families(endpoint: Endpoint) -> list[str]:
    return list(endpoint.access.families)


@pytest.mark.parametrize("name", NAMES)
def test_without_a_token_nothing_is_told(small: Office, name: str) -> None:
    """401 for each endpoint, whatever is asked."""
    answer = small.http.get(path(ENDPOINTS[name]), params=params(ENDPOINTS[name]))
    assert (answer.status_code, answer.json()) == (401, {"code": 124, "message": "Invalid access token."})


@pytest.mark.parametrize("name", NAMES)
def test_the_basic_scope_opens_every_endpoint(small: Office, name: str) -> None:
    """`dashboard:read`, and an admin."""
    assert ask(small, name, small.token()).status_code == 200


@pytest.mark.parametrize("name", GUARDED)
def test_a_scope_of_something_else_opens_nothing(small: Office, name: str) -> None:
    """403 and code 4711; the brackets list what would open it, as Zoom says it."""
    other = FAMILIES["chat" if "chat" not in families(ENDPOINTS[name]) else "zoomrooms"]
    answer = ask(small, name, small.token(other.scope, other.zoom_scope))
    message = f"Invalid access token, does not contain scopes:[{', '.join(ENDPOINTS[name].access.scopes)}]."
    assert (answer.status_code, answer.json()) == (403, {"code": 4711, "message": message})


@pytest.mark.parametrize("name", GUARDED)
def test_each_scope_that_opens_all_opens_it(small: Office, name: str) -> None:
    """Ours, Zoom's classic ones, its granular ones and those of master accounts: each by itself."""
    access = ENDPOINTS[name].access
    for scope in access.everything:
        assert ask(small, name, small.token(scope)).status_code == 200, scope


@pytest.mark.parametrize("name", GUARDED)
@pytest.mark.parametrize("form", ["scope", "zoom_scope"])
def test_the_scopes_of_its_families_open_it(small: Office, name: str, form: str) -> None:
    """`dashboard_meetings:read` or `dashboard_meetings:read:admin`; both families where it is about both."""
    scopes = [getattr(FAMILIES[family], form) for family in families(ENDPOINTS[name])]
    assert ask(small, name, small.token(*scopes)).status_code == 200


@pytest.mark.parametrize("name", [n for n in GUARDED if len(families(ENDPOINTS[n])) > 1])
def test_the_scope_of_one_family_does_not_open_what_is_about_two(small: Office, name: str) -> None:
    """An answer may hold meetings and webinars: both scopes are needed."""
    assert ask(small, name, small.token("dashboard_meetings:read")).status_code == 403


@pytest.mark.parametrize("name", GUARDED)
def test_granular_scopes_of_another_endpoint_do_not_open_it(small: Office, name: str) -> None:
    """A granular scope is one endpoint's."""
    own = ENDPOINTS[name].access
    others = {e.access.granular for e in ENDPOINTS.values()} - {own.granular, ""}
    scopes = [f"dashboard:read:{granular}:admin" for granular in sorted(others)]
    assert ask(small, name, small.token(*scopes)).status_code == 403


@pytest.mark.parametrize("name", [n for n in GUARDED if ENDPOINTS[n].access.area != "report"])
def test_report_scopes_do_not_open_the_dashboard(small: Office, name: str) -> None:
    """They are for reports."""
    assert ask(small, name, small.token("report:read:admin", "report:master")).status_code == 403


def test_a_scope_is_compared_to_the_letter() -> None:
    """No prefixes, no case folding."""
    access = Access(("meetings",), "list_meetings")
    for near in ("dashboard:rea", "dashboard:read:", "DASHBOARD:READ", "dashboard", "", "dashboard:read:list_meetings"):
        assert not access.opened_by(frozenset({near})), near


def test_without_a_token_a_path_that_is_none_is_not_found(small: Office) -> None:
    """404 in the API's shape."""
    answer = small.http.get("/v2/metrics/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, 3001)


# Roles


@pytest.mark.parametrize("name", GUARDED)
def test_a_viewer_with_the_families_may_ask(small: Office, name: str) -> None:
    """Dashboard Viewer: the families assigned to it."""
    assert ask(small, name, small.token(role="viewer", families=families(ENDPOINTS[name]))).status_code == 200


@pytest.mark.parametrize("name", GUARDED)
def test_a_viewer_without_one_of_the_families_may_not(small: Office, name: str) -> None:
    """403 and code 4711, whatever its scopes."""
    for lacking in families(ENDPOINTS[name]):
        answer = ask(small, name, small.token(role="viewer", families=sorted(set(FAMILIES) - {lacking})))
        assert (answer.status_code, answer.json()["code"]) == (403, 4711)
        assert lacking in answer.json()["message"]


ROOMS = [name for name in GUARDED if families(ENDPOINTS[name]) == ["zoomrooms"]]


@pytest.mark.parametrize("name", ROOMS)
def test_a_room_admin_reads_rooms(small: Office, name: str) -> None:
    """Room Admin: all of Zoom Rooms."""
    assert ask(small, name, small.token(role="room-admin")).status_code == 200


@pytest.mark.parametrize("name", [name for name in GUARDED if name not in ROOMS])
def test_a_room_admin_may_not(small: Office, name: str) -> None:
    """Room Admin reads Zoom Rooms only."""
    answer = ask(small, name, small.token(role="room-admin"))
    assert (answer.status_code, set(answer.json())) == (403, {"code", "message"})


def northerner(office: Office) -> str:
    """The token of a viewer narrowed to the group `north`."""
    return office.token(role="viewer", families=["meetings", "webinars"], groups=["north"])


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_narrowed_to_the_viewers_groups(small: Office, name: str) -> None:
    """Only meetings whose host is in one of them, and they are counted so."""
    page = ask(small, name, northerner(small)).json()
    listed = page["meetings"] if "meetings" in page else page["webinars"]
    assert [m["uuid"].partition("/")[0] for m in listed] == ["north"]
    assert page["total_records"] == 1


@pytest.mark.parametrize("name", LISTS)
def test_asking_for_another_group_lists_nothing(small: Office, name: str) -> None:
    """`group_id` narrows further, never widens."""
    page = ask(small, name, northerner(small), group_id="south").json()
    assert page["total_records"] == 0


@pytest.mark.parametrize("name", BY_ID)
def test_by_id_a_viewer_sees_its_groups_only(small: Office, name: str) -> None:
    """What is listed can be opened, and nothing else."""
    token = northerner(small)
    assert ask(small, name, token, "north").status_code == 200
    answer = ask(small, name, token, "south")
    assert (answer.status_code, answer.json()["code"]) == (403, 4711)


def test_what_a_viewer_may_not_see_is_not_remembered_for_it(small: Office) -> None:
    """An admin's answer, asked for just before, is no viewer's answer."""
    assert ask(small, "get_meeting", small.token(), "south").status_code == 200
    assert ask(small, "get_meeting", northerner(small), "south").status_code == 403
    assert ask(small, "list_meetings", small.token()).json()["total_records"] == 2
    assert ask(small, "list_meetings", northerner(small)).json()["total_records"] == 1


def test_the_bulk_stream_is_for_those_who_see_all(small: Office) -> None:
    """It is not narrowed, so a narrowed viewer may not have it."""
    answer = ask(small, "bulk_qos", northerner(small))
    assert (answer.status_code, answer.json()["code"]) == (403, 4711)


def test_group_id_lists_the_meetings_of_its_hosts(small: Office) -> None:
    """For an admin it is a filter."""
    page = small.ask("/v2/metrics/meetings", type="past", group_id="south", **FROM_TO)
    assert [m["uuid"] for m in page["meetings"]] == ["south/meeting=="]


@pytest.fixture(scope="module")
def choir(parts: Parts) -> Iterator[Office]:
    """A past and a live meeting whose host is in no group, and ann, who is in the group `choir`."""
    with account(parts, "choir") as office:
        told(office, held("past==", "2026-03-02T10:00:00Z", "2026-03-02T10:30:00Z", host_id="conductor"))
        told(office, held("live==", now(300), host_id="conductor"))
        told(office, [person("ann", "choir"), person("conductor")])
        yield office


@pytest.mark.parametrize("type_", ["past", "live"])
def test_group_include_participant_lists_what_the_group_joined(choir: Office, type_: str) -> None:
    """With it a group's meetings are also those that someone of it joined, past or live."""
    asked = {"type": type_, "group_id": "choir", **FROM_TO}
    assert choir.ask("/v2/metrics/meetings", **asked)["total_records"] == 0
    page = choir.ask("/v2/metrics/meetings", **asked, group_include_participant="true")
    assert [m["uuid"] for m in page["meetings"]] == [f"{type_}=="]


@pytest.mark.parametrize("more", [{}, {"group_id": "choir"}])
def test_a_viewer_can_not_widen_its_groups(choir: Office, more: dict[str, str]) -> None:
    """A viewer sees meetings whose host is in its groups, also with `group_include_participant`."""
    token = choir.token(role="viewer", families=["meetings"], groups=["choir"])
    page = choir.ask("/v2/metrics/meetings", token=token, type="past", **FROM_TO, group_include_participant="true", **more)
    assert page["total_records"] == 0
    assert choir.get("/v2/metrics/meetings/past==", token=token, type="past").status_code == 403


def test_accounts_see_nothing_of_each_other(small: Office, office: Office) -> None:
    """The same ids, another account: not found."""
    for name in NAMES:
        answer = ask(office, name, office.token())
        assert answer.status_code == (404 if of_one(ENDPOINTS[name]) else 200), name
        if not of_one(ENDPOINTS[name]) and "total_records" in answer.text:
            assert answer.json()["total_records"] == 0, name


def test_a_viewer_without_assigned_families_is_narrowed_by_its_scopes(small: Office) -> None:
    """Nothing was assigned, so its scopes alone say what it reads."""
    token = small.token("dashboard_webinars:read", role="viewer")
    assert ask(small, "list_webinars", token).status_code == 200
    assert ask(small, "list_meetings", token).status_code == 403


def test_a_new_role_counts_for_tokens_of_before(small: Office) -> None:
    """The client's present role and groups count, not those when the token was made."""
    made = small.parts.control.create_client("small", "moved", now=1, role="room-admin")
    token = small.desk.tokens.issue(replace(made.client, role="admin"), list(made.client.scopes))
    assert ask(small, "list_meetings", token).status_code == 403
