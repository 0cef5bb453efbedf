"""Roads: each test has a market, a data folder and a seed of its own. The program runs as a process, never in here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from agent.browser.launch import BrowserChoice
from tests.market.core import Market
from tests.road.road import Road

LATENCY = (0.0, 0.02)

MakeRoad = Callable[..., Road]


@pytest.fixture(scope="module")
def make_road(tmp_path_factory: pytest.TempPathFactory, choice: BrowserChoice, whole: BrowserChoice) -> Iterator[MakeRoad]:
    """A new road: `make_road(seed, autonomy="show", keep_alive=True)`. Kept connections need the whole browser."""
    with ExitStack() as stack:

        def make(seed: int, *, keep_alive: bool = False, **told: Any) -> Road:
            home: Path = tmp_path_factory.mktemp(f"road-{seed}") / "home"
            market = stack.enter_context(Market(seed=seed, latency=LATENCY, popups=True, keep_alive=keep_alive))
            road = Road(market, home)
            road.set_up(browser=(whole if keep_alive else choice).executable, **told)
            return road

        yield make
