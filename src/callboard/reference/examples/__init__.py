"""An example of every event that becomes facts, built from a few blocks, shaped as Zoom documents it.

The reference parses them to see which columns each event fills. What the parser reads although Zoom's documentation
does not show it is apart, in `UNDOCUMENTED`.
"""

from __future__ import annotations

from typing import Any, Final

from callboard.reference.examples import chat, meetings, people, plans, recordings, rooms
from callboard.reference.examples.meetings import Body

OWN: Final[dict[str, list[Body]]] = {
    name: objects for family in (people, plans, recordings, chat, rooms) for name, objects in family.EXAMPLES.items()
}
"""Objects of events whose examples are simply listed, by event name."""


def bodies(name: str, documented: bool = True) -> list[dict[str, Any]]:
    """Example bodies of an event."""
    return [
        {"event": name, "event_ts": 1772445600000, "payload": _payload(object_)}
        for object_ in (OWN[name] if name in OWN else meetings.objects(name, documented))
    ]


def _payload(said: Body) -> Body:
    """The payload: what an example says under `_payload` stands beside the object, as Zoom sends operators."""
    beside = said.get("_payload", {})
    return {"account_id": "account-1", **beside, "object": {k: v for k, v in said.items() if k != "_payload"}}
