"""A clock that a person may put on: days are gone at once, and what is done takes the time of a machine that is not busy."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

PACE = 0.25  # seconds of the month for one of this machine, which may be busy with other things


class MonthClock:
    """Handed to the program and to the stand-ins alike, so that all of them live in the same month."""

    def __init__(self, begin: datetime) -> None:
        self._at, self._since = begin, time.monotonic()

    def now(self) -> datetime:
        return self._at + timedelta(seconds=(time.monotonic() - self._since) * PACE)

    def wait(self, seconds: float) -> None:
        """What anybody waits for is over at once."""
        self._at += timedelta(seconds=seconds)

    def put_on(self, at: datetime) -> None:
        """It is then, or later where so much has passed already: it never goes back."""
        self._at, self._since = max(at, self.now()), time.monotonic()
