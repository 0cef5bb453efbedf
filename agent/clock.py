"""The clock as an argument: jobs ask it for the time and for a wait, tests bring their own."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from agent.models import SHANGHAI


class Clock(Protocol):
    def now(self) -> datetime:
        """The time, aware, in Asia/Shanghai."""

    def wait(self, seconds: float) -> None:
        """Let `seconds` pass: a site's stated pace, never a guess at how long something takes."""


@dataclass(frozen=True)
class SystemClock:
    _never: threading.Event = field(default_factory=threading.Event)

    def now(self) -> datetime:
        return datetime.now(SHANGHAI)

    def wait(self, seconds: float) -> None:
        self._never.wait(seconds)


def told(at: datetime) -> str:
    """A time as a person reads it: day and minute in Shanghai."""
    return at.astimezone(SHANGHAI).strftime("%m-%d %H:%M")
