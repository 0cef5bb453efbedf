"""The program on a later day: `python -m tests.road.later --days 2 -- ARGS`. Patched in this very process only."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

from agent.cli import main as agent_main
from agent.clock import SystemClock
from agent.models import SHANGHAI


def main() -> None:
    flag, days, dashes, *words = sys.argv[1:]
    if (flag, dashes) != ("--days", "--"):
        raise SystemExit("python -m tests.road.later --days N -- ARGS")
    ahead = timedelta(days=int(days))
    SystemClock.now = lambda _clock: datetime.now(SHANGHAI) + ahead  # type: ignore[method-assign]
    sys.argv = ["agent", *words]
    agent_main()


if __name__ == "__main__":
    main()
