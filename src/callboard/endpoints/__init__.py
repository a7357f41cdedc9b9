"""All endpoints: importing this package declares them."""

from callboard.endpoints import attendance, meetings, participants, qos, service, sharing
from callboard.endpoints.registry import ENDPOINTS, Answer, Context, Endpoint, Stream

__all__ = [
    "ENDPOINTS",
    "Answer",
    "Context",
    "Endpoint",
    "Stream",
    "attendance",
    "meetings",
    "participants",
    "qos",
    "service",
    "sharing",
]
