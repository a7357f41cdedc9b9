"""What the contract's tests need of this family: what happens, what is loaded, and what is asked."""

from __future__ import annotations

from typing import Any

EVENTS: list[dict[str, Any]] = [
    {
        "event": "recording.cloud_storage_usage_updated",
        "event_ts": 1772445600000,
        "payload": {"object": {"free_storage": "1 GB", "plan_storage": "Unlimited", "storage_used": "38.2 GB"}},
    }
]
"""Webhooks that happen in the account."""

CALL = {
    "start_time": "2026-03-02T10:02:00Z",
    "end_time": "2026-03-02T10:12:30Z",
    "uuid": "past/meeting==",
    "phone_number": "15550100",
    "type": "toll-free",
    "call_in_number": "+1 555 0199",
    "signaled_number": "+1 555 0198",
    "country_name": "United States",
    "rate": 0.05,
    "total": 0.55,
}

ROWS: dict[str, list[dict[str, Any]]] = {"calls": [CALL]}
"""Rows that are loaded, by table: what no webhook tells."""

MARCH = {"from": "2026-03-01", "to": "2026-03-31"}

REQUESTS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "get_crc": [("/v2/metrics/crc", MARCH)],
    "report_cloud_recording": [("/v2/report/cloud_recording", MARCH)],
    "report_telephone": [("/v2/report/telephone", MARCH), ("/v2/report/telephone", MARCH | {"page_size": 1})],
    "list_client_versions": [("/v2/metrics/client_versions", {})],
}
"""By endpoint: paths and parameters that together show all that it can say."""

ADDED: dict[str, set[str]] = {
    "get_crc": {
        "recording_usage",
        *(f"recording_usage[].{name}" for name in ("date_time", "recordings", "files", "total_size", "storage_used")),
    }
}
"""By endpoint: fields that we send and Zoom does not document."""

UNTOLD: dict[str, set[str]] = {}
"""By endpoint: fields that stay empty, for nothing tells of them."""
