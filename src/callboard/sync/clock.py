"""The time as a mirror sees it: passed in, so that waiting can be stopped, and costs a test nothing."""

from __future__ import annotations

import threading
import time
from typing import Protocol


class Stopped(Exception):
    """The mirror was told to stop."""


class Clock(Protocol):
    """Tells the time, and waits."""

    def now(self) -> float:
        """Unix seconds."""

    def sleep(self, seconds: float) -> None:
        """Wait. Raises `Stopped`."""

    @property
    def stopped(self) -> bool:
        """Whether it was told to stop."""


class WallClock:
    """The time of this machine."""

    def __init__(self) -> None:
        self._stop = threading.Event()

    def now(self) -> float:
        """Unix seconds."""
        return time.time()

    @property
    def stopped(self) -> bool:
        """Whether it was told to stop."""
        return self._stop.is_set()

    def sleep(self, seconds: float) -> None:
        """Wait. Raises `Stopped`."""
        if self._stop.wait(max(0.0, seconds)):
            raise Stopped

    def stop(self) -> None:
        """End all waiting, now and from now on."""
        self._stop.set()
