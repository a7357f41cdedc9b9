"""The main job, end to end."""

from tests.helpers import Office, a_meeting


def test_a_meeting_told_by_webhooks_is_listed(office: Office) -> None:
    """Webhooks come in, the Dashboard API goes out."""
    office.given(a_meeting())
    page = office.ask("/v2/metrics/meetings", type="past", from_="2026-03-01", to="2026-03-03")
    assert [(m["id"], m["participants"], m["duration"]) for m in page["meetings"]] == [(84512036771, 2, "40:30")]
