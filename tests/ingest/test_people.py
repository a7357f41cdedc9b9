"""What events about users become."""

from __future__ import annotations

from typing import Any

import pytest

from callboard.ingest import zoom_webhook

AT = 1772445600123


def facts(event: str, object_: dict[str, Any], at: int = AT, **beside: Any) -> list[tuple[str, dict[str, Any]]]:
    """The facts of an event about a user."""
    body = {"event": event, "event_ts": at, "payload": {"account_id": "a", **beside, "object": object_}}
    return zoom_webhook.parse(body, 0.0).facts


def of(table: str, found: list[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    return [row for name, row in found if name == table]


@pytest.mark.parametrize(
    ("event", "creation", "status"),
    [
        ("user.created", "autoCreate", "active"),
        ("user.created", "create", "pending"),
        ("user.invitation_accepted", "", "active"),
        ("user.activated", "", "active"),
        ("user.deactivated", "", "inactive"),
        ("user.deleted", "", "deleted"),
    ],
)
def test_an_event_says_what_a_user_is(event: str, creation: str, status: str) -> None:
    """Who has to accept an invitation is pending; what an event does decides else."""
    (row,) = of("people", facts(event, {"id": "u"}, creation_type=creation))
    assert row["status"] == [AT / 1000, status]


def test_an_update_says_nothing_of_the_status() -> None:
    """A name that changes makes nobody active again."""
    (row,) = of("people", facts("user.updated", {"id": "u", "first_name": "Ada"}))
    assert "status" not in row
    assert row["first_name"] == [AT / 1000, "Ada"]


def test_a_repeated_delivery_is_one_operation() -> None:
    """The same event has the same key, and another of the same second has another."""
    once, twice = (of("operations", facts("user.updated", {"id": "u"}, operator="admin")) for _ in range(2))
    later = of("operations", facts("user.updated", {"id": "u"}, AT + 1, operator="admin"))
    assert once == twice
    assert (once[0]["at"], once[0]["operation_id"]) != (later[0]["at"], later[0]["operation_id"])
    assert once[0]["at"] == later[0]["at"]


def test_without_an_operator_there_is_no_operation() -> None:
    """Accepting an invitation is no administrator's work."""
    assert of("operations", facts("user.invitation_accepted", {"id": "u"}, operator="u")) == []
    assert of("operations", facts("user.updated", {"id": "u"})) == []


def test_signing_in_is_the_last_login() -> None:
    """With the client's version; signing out is not."""
    said = {"id": "u", "date_time": "2026-03-02T08:00:00Z", "version": "6.2.5", "email": "u@example.com"}
    (came,), (went,) = (of("people", facts(f"user.signed_{way}", said)) for way in ("in", "out"))
    assert (came["last_login"], came["client_version"]) == (1772438400, [1772438400, "6.2.5"])
    assert "last_login" not in went


def test_a_sign_in_without_a_time_counts_from_the_event() -> None:
    """A time that can't be read is no reason to forget that someone signed in."""
    (row,) = of("sign_ins", facts("user.signed_in", {"id": "u", "date_time": "soon"}))
    assert row == {"account_id": "a", "at": AT // 1000, "user_id": "u", "type": "Sign in"}


def test_presence_is_kept_raw_only() -> None:
    """Whether someone is at the desk is nothing that an endpoint tells."""
    assert facts("user.presence_status_updated", {"id": "u", "presence_status": "Away"}) == []


@pytest.mark.parametrize("event", ["user.created", "user.signed_in", "user.deleted"])
def test_an_event_about_nobody_is_refused(event: str) -> None:
    """There is nothing to hold on to."""
    with pytest.raises(zoom_webhook.NotUnderstood):
        facts(event, {"email": "u@example.com"}, operator="admin")
