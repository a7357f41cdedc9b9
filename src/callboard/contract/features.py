"""What was used in a meeting, as bits: set once, never cleared, so that they merge in any order."""

from __future__ import annotations

from enum import IntFlag
from typing import Final


class Feature(IntFlag):
    """What was used in a meeting, or by one join of it: bits of the `features` columns."""

    JOINED = 1 << 0
    """The main meeting was joined, rather than only its waiting room or a breakout room."""
    VOIP = 1 << 1
    """Computer audio."""
    PSTN = 1 << 2
    """Telephone audio."""
    SIP = 1 << 3
    """An H.323 or SIP device."""
    THIRD_PARTY_AUDIO = 1 << 4
    VIDEO = 1 << 5
    """A camera was on."""
    SHARE_DESKTOP = 1 << 6
    SHARE_APPLICATION = 1 << 7
    SHARE_WHITEBOARD = 1 << 8
    SHARE_OTHER = 1 << 9
    RECORDING = 1 << 10
    BREAKOUT = 1 << 11
    WAITING_ROOM = 1 << 12
    ARCHIVING = 1 << 13
    POLL = 1 << 14
    QA = 1 << 15
    SURVEY = 1 << 16
    MANUAL_CAPTIONS = 1 << 17
    AUTOMATED_CAPTIONS = 1 << 18
    SUMMARY = 1 << 19
    LIVE_STREAM = 1 << 20
    GATEWAY = 1 << 21
    """Has minutes of a leg behind a gateway (`qos_minutes.leg`)."""

    EXTRAS = 1 << 22
    """Has a session key, custom keys, tracking fields or scores of its own: whoever writes them sets this bit."""

    CHAT = 1 << 23
    """A chat message was sent in it."""
    REACTION = 1 << 24
    RAISE_HAND = 1 << 25
    REGISTRATION = 1 << 26
    """People registered for it."""
    ROOM = 1 << 27
    """Joined from a Zoom Room."""
    REMOTE_CONTROL = 1 << 28


SHARE: Final = Feature.SHARE_DESKTOP | Feature.SHARE_APPLICATION | Feature.SHARE_WHITEBOARD | Feature.SHARE_OTHER
