"""zoomus from PyPI, unmodified but for its base URL, as a client of the demo."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from zoomus import ZoomClient

from tests.clients.conftest import PEOPLE
from tests.faults.servers import Demo


@pytest.fixture(scope="module")
def zoom(demo: Demo) -> Iterator[ZoomClient]:
    """The client, as its own documentation makes one."""
    about = demo.about
    account = (about["client_id"], about["client_secret"], about["account_id"])
    with ZoomClient(*account, base_uri=f"{demo.url}/v2", oauth_uri=f"{demo.url}/oauth/token") as client:
        yield client


UNTIL = datetime.now(UTC)
RANGE = {"start_time": UNTIL - timedelta(days=5), "end_time": UNTIL}
DATES = {"from": f"{UNTIL - timedelta(days=5):%Y-%m-%d}", "to": f"{UNTIL:%Y-%m-%d}"}


def said(answer: Any) -> Any:
    """The JSON of an answer that must be a success."""
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def meeting(zoom: ZoomClient) -> dict[str, Any]:
    """A past meeting of more than two, as the client lists them."""
    meetings = said(zoom.metric.list_meetings(type="past", page_size=300, **DATES))["meetings"]
    return max(meetings, key=lambda m: m["participants"])


@pytest.fixture(scope="module")
def webinar(zoom: ZoomClient, demo: Demo) -> dict[str, Any]:
    """A past webinar: the client has no call that lists them, but gets any path."""
    return said(zoom.get_request("/metrics/webinars", params={"type": "past", **DATES}, headers=zoom_headers(zoom)))["webinars"][
        0
    ]


def zoom_headers(zoom: ZoomClient) -> dict[str, str]:
    return {"Authorization": f"Bearer {zoom.config['token']}"}


def test_it_gets_a_token_and_another(zoom: ZoomClient) -> None:
    """Basic credentials and a form body."""
    assert zoom.config["token"]
    zoom.refresh_token()
    assert zoom.config["token"]


def test_it_walks_the_dashboard(zoom: ZoomClient, meeting: dict[str, Any]) -> None:
    """Every call that it has of metrics, by uuid as it encodes one."""
    about = {"meeting_id": meeting["uuid"], "type": "past"}
    assert said(zoom.metric.get_meeting(**about))["uuid"] == meeting["uuid"]
    people = said(zoom.metric.list_participants(**about, page_size=300))["participants"]
    assert len(people) == meeting["participants"]
    qos = said(zoom.metric.list_participants_qos(**about, page_size=10))["participants"]
    assert [p["user_id"] for p in qos] == [p["user_id"] for p in people][:10]
    one = said(zoom.metric.get_participant_qos(**about, participant_id=people[0]["user_id"]))
    assert one["user_id"] == people[0]["user_id"]
    assert said(zoom.meeting.list_meeting_participants(id=meeting["id"], type="past"))["participants"]


def test_it_walks_the_dashboard_of_webinars(zoom: ZoomClient, webinar: dict[str, Any]) -> None:
    """Its one call of webinars."""
    people = said(zoom.metric.list_webinar_participants(webinar_id=webinar["uuid"], type="past", page_size=300))
    assert len(people["participants"]) == webinar["participants"]


def test_it_walks_the_reports(zoom: ZoomClient, meeting: dict[str, Any], webinar: dict[str, Any]) -> None:
    """Every call that it has of reports; its ranges are date-times."""
    daily = said(zoom.report.get_daily_report(month=UNTIL.month, year=UNTIL.year))["dates"]
    assert sum(day["meetings"] for day in daily) > 0
    hosts = said(zoom.report.get_account_report(**RANGE))["users"]
    assert hosts
    own = said(zoom.report.get_user_report(user_id=hosts[0]["id"], **RANGE))["meetings"]
    assert {m["user_email"] for m in own} == {hosts[0]["email"]}
    joins = said(zoom.report.get_meeting_participants_report(id=meeting["id"], page_size=300))["participants"]
    assert len(joins) == meeting["participants"]
    assert said(zoom.report.get_webinar_participants_report(id=webinar["id"]))["participants"]


def test_it_finds_people_and_their_meetings(zoom: ZoomClient) -> None:
    """The lists through which report clients find ids."""
    users = said(zoom.user.list(page_size=300))["users"]
    assert len(users) >= PEOPLE
    assert said(zoom.user.get(id=users[0]["id"]))["email"] == users[0]["email"]
    assert any(said(zoom.meeting.list(user_id=user["id"]))["meetings"] for user in users[:20])
    assert "webinars" in said(zoom.webinar.list(user_id=users[0]["id"]))


def test_it_finds_past_meetings(zoom: ZoomClient, meeting: dict[str, Any]) -> None:
    """By number, which this client takes as a text only."""
    assert said(zoom.past_meeting.get(meeting_id=str(meeting["id"])))["id"] == meeting["id"]
    instances = said(zoom.past_meeting.list(meeting_id=str(meeting["id"])))["meetings"]
    assert meeting["uuid"] in [instance["uuid"] for instance in instances]
    people = said(zoom.past_meeting.get_participants(meeting_id=str(meeting["id"]), page_size=300))["participants"]
    assert len(people) == meeting["participants"]
