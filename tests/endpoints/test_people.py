"""Users, and what they planned and hosted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.helpers import held, now
from tests.helpers import Office

USERS = "/v2/users"


def user(id_: str, event: str = "user.created", at: int = 1772445600000, **said: Any) -> dict[str, Any]:
    """An event about a user."""
    about = {"id": id_, "first_name": id_.title(), "last_name": "Lind", "email": f"{id_}@example.com", "type": 2}
    return {"event": event, "event_ts": at, "payload": {"operator": "admin@example.com", "object": about | said}}


def plan(number: int, host: str = "ann", kind: str = "meeting", **said: Any) -> dict[str, Any]:
    """A meeting or webinar is planned."""
    about = {"id": number, "host_id": host, "topic": f"Plan {number}", "type": 2, "duration": 30}
    return {"event": f"{kind}.created", "event_ts": 1772445600000, "payload": {"object": about | said}}


def ids(page: dict[str, Any], entries: str = "users") -> list[Any]:
    return [entry["id"] for entry in page[entries]]


@pytest.fixture
def staff(office: Office) -> Office:
    """Five users, of whom `ann` and `eve` are in a group."""
    office.given(
        [user(name, group_ids=["group-a"] if name in ("ann", "eve") else []) for name in ("ann", "ben", "dan", "eve", "fay")]
    )
    return office


def test_pages_by_token_are_the_whole(staff: Office) -> None:
    """Every user once, in the order of ids."""
    page = staff.ask(USERS, page_size=2)
    seen = ids(page)
    while page["next_page_token"]:
        page = staff.ask(USERS, next_page_token=page["next_page_token"])
        seen += ids(page)
    assert seen == ["ann", "ben", "dan", "eve", "fay"]
    assert (page["total_records"], page["page_count"]) == (5, 3)


def test_pages_by_number_are_the_whole(staff: Office) -> None:
    """Older clients count pages, and go on until the last."""
    pages = [staff.ask(USERS, page_size=2, page_number=number) for number in (1, 2, 3, 4)]
    assert [ids(page) for page in pages] == [["ann", "ben"], ["dan", "eve"], ["fay"], []]
    assert [page["page_number"] for page in pages] == [1, 2, 3, 4]
    assert {page["page_count"] for page in pages} == {3}


def test_a_status_that_does_not_exist_is_refused(staff: Office) -> None:
    """400 with the field's name."""
    answer = staff.get(USERS, status="deleted")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "status")


def test_a_caller_with_groups_sees_their_people(staff: Office) -> None:
    """And may narrow that to one group, never widen it."""
    token = staff.token(role="viewer", families=["people"], groups=["group-a"])
    assert ids(staff.get(USERS, token).json()) == ["ann", "eve"]
    assert ids(staff.get(USERS, token, group_id="group-b").json()) == []
    assert staff.get(f"{USERS}/ann", token).status_code == 200
    assert staff.get(f"{USERS}/ben", token).status_code == 403


def test_a_role_without_people_is_refused(staff: Office) -> None:
    """Reading meetings is not reading users."""
    assert staff.get(USERS, staff.token(role="viewer", families=["meetings"])).status_code == 403


@pytest.mark.parametrize("scope", ["user:read:admin", "user:read:list_users:admin", "user:read"])
def test_scopes_of_users_open_the_list(staff: Office, scope: str) -> None:
    """Zoom's classic and granular scopes, and ours."""
    assert staff.get(USERS, staff.token(scope)).status_code == 200


def test_meetings_need_a_scope_of_meetings(staff: Office) -> None:
    """A user's scope does not open what the user planned."""
    assert staff.get(f"{USERS}/ann/meetings", staff.token("user:read:admin")).status_code == 403
    assert staff.get(f"{USERS}/ann/meetings", staff.token("meeting:read:list_meetings:admin")).status_code == 200


@pytest.mark.parametrize("path", ["nobody", "nobody@example.com", "me", "nobody/meetings", "nobody/webinars"])
def test_an_unknown_user_is_zooms_1001(staff: Office, path: str) -> None:
    """With Zoom's words. A token here is no person's, so `me` is nobody."""
    answer, id_ = staff.get(f"{USERS}/{path}"), path.partition("/")[0]
    assert answer.status_code == 404
    assert answer.json() == {"code": 1001, "message": f"User {id_} not exist or not belong to this account."}


def test_a_deleted_user_is_unknown(staff: Office) -> None:
    """By id and by mail address."""
    staff.given([user("ann", "user.deleted", 1772445700000)])
    assert {staff.get(f"{USERS}/{id_}").status_code for id_ in ("ann", "ann@example.com")} == {404}
    assert "ann" not in [id_ for status in ("active", "inactive", "pending") for id_ in ids(staff.ask(USERS, status=status))]


def test_a_mail_address_means_who_has_it_now(staff: Office) -> None:
    """However it is written; not who had it once."""
    staff.given([user("ann", "user.updated", 1772445700000, email="new@example.com")])
    assert staff.ask(f"{USERS}/New@Example.com")["id"] == "ann"
    assert staff.get(f"{USERS}/ann@example.com").status_code == 404


def test_an_answer_follows_what_is_told(staff: Office) -> None:
    """A user who is deactivated is at once in the other list."""
    assert "ann" in ids(staff.ask(USERS))
    staff.given([user("ann", "user.deactivated", 1772445700000)])
    assert "ann" not in ids(staff.ask(USERS))
    assert ids(staff.ask(USERS, status="inactive")) == ["ann"]


@pytest.mark.parametrize("type_", ["scheduled", "upcoming"])
def test_pages_of_plans_are_the_whole(staff: Office, type_: str) -> None:
    """By token, and by number."""
    staff.given([plan(84500000000 + n, start_time=f"2098-03-01T1{n}:00:00Z") for n in range(5)])
    whole = [84500000000 + n for n in range(5)]
    page = staff.ask(f"{USERS}/ann/meetings", type=type_, page_size=2)
    seen = ids(page, "meetings")
    while page["next_page_token"]:
        page = staff.ask(f"{USERS}/ann/meetings", next_page_token=page["next_page_token"])
        seen += ids(page, "meetings")
    assert seen == whole
    third = staff.ask(f"{USERS}/ann/meetings", type=type_, page_size=2, page_number=3)
    assert (ids(third, "meetings"), third["total_records"], third["page_number"]) == (whole[4:], 5, 3)


def test_plans_may_be_narrowed_to_a_range(staff: Office) -> None:
    """`from` and `to` are about when they begin."""
    staff.given([plan(84500000000 + n, start_time=f"2098-03-0{n}T10:00:00Z") for n in (1, 2, 3)])
    page = staff.ask(f"{USERS}/ann/meetings", type="upcoming", from_="2098-03-02", to="2098-03-02")
    assert ids(page, "meetings") == [84500000002]


def test_a_plan_of_now_is_upcoming_until_it_is_over(staff: Office) -> None:
    """`upcoming` holds live ones too."""
    staff.given([plan(84500000001, duration=60, start_time=now(600)), plan(84500000002, duration=5, start_time=now(600))])
    assert ids(staff.ask(f"{USERS}/ann/meetings", type="upcoming"), "meetings") == [84500000001]


def test_previous_meetings_are_those_of_the_user(staff: Office) -> None:
    """Not those that others hosted; one-person meetings too."""
    staff.given(held("a==", "2026-03-02T10:00:00Z", "2026-03-02T10:30:00Z", host_id="ann", people=["ann"]))
    staff.given(held("b==", "2026-03-02T11:00:00Z", "2026-03-02T11:30:00Z", host_id="ben"))
    page = staff.ask(f"{USERS}/ann/meetings", type="previous_meetings")
    assert [meeting["uuid"] for meeting in page["meetings"]] == ["a=="]
