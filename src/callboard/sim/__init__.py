"""A seeded model of an organisation and its meetings: history in bulk, the same as webhooks, live traffic, and load."""

from callboard.sim.families import founding_events, lead_events, people_events
from callboard.sim.feeder import hand_in
from callboard.sim.history import Chunk, history, truth
from callboard.sim.loader import LoadReport, load
from callboard.sim.organisation import Organisation
from callboard.sim.traffic import sign, speak
from callboard.sim.webhooks import events

__all__ = [
    "Chunk",
    "LoadReport",
    "Organisation",
    "events",
    "founding_events",
    "hand_in",
    "history",
    "lead_events",
    "load",
    "people_events",
    "sign",
    "speak",
    "truth",
]
