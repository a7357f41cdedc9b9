"""Examples of events: sign-ins, and what administrators do."""

from __future__ import annotations

from typing import Any, Final

_USER: Final = {"id": "host-1", "first_name": "Mara", "last_name": "Okafor", "email": "mara@example.com", "type": 2}
_BESIDE: Final = {"operator": "admin@example.com", "operator_id": "admin-1"}
_SIGNED: Final = {
    "id": "host-1",
    "client_type": "win",
    "date_time": "2026-03-02T08:00:00Z",
    "email": "mara@example.com",
    "version": "6.2.5",
    "login_type": "100",
}

EXAMPLES: Final[dict[str, list[dict[str, Any]]]] = {
    "user.deactivated": [_USER | {"_payload": _BESIDE}],
    "user.deleted": [_USER | {"_payload": _BESIDE}],
    "user.signed_in": [_SIGNED],
    "user.signed_out": [_SIGNED],
}
"""Those of users who are made and changed are in `meetings`, with what Zoom sends of them without saying so."""
