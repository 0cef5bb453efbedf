"""Play one list of orders: the program as processes against a market with faults, until one more run changes nothing.

Between two runs the world goes on: late writes land, lists come up to date, and sliders stand there no more.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

from tests.campaign.trials import KILLS, TWIN, Planned
from tests.market.core import Market
from tests.market.seller import whole_state
from tests.road.days import stands_at_the_supplier
from tests.road.road import KILLED, Road, ended

MOST_RUNS = 10  # a list that does not come to rest by then is a finding of its own
LATENCY = (0.0, 0.05)


@dataclass
class Played:
    """A list after it came to rest: the road, and what was asked about each order before anything was shipped."""

    road: Road
    asked_before: dict[str, list[str]] = field(default_factory=dict)
    asked: dict[str, list[str]] = field(default_factory=dict)
    runs: int = 0
    rested: bool = True


class Player:
    def __init__(self, market: Market, home: Path, browser: str | None) -> None:
        self.played = Played(Road(market, home))
        self.played.road.set_up(browser=browser, autonomy="place_and_pay", wait="6 s")
        self.going: subprocess.Popen[bytes] | None = None

    @property
    def market(self) -> Market:
        return self.played.road.market

    def play(self, orders: Sequence[Planned]) -> Played:
        road = self.played.road
        road.put_up(*(one.order for one in orders))
        for one in orders:
            self._set(one)
        self._until_bought()
        self.played.asked_before = self._asked(orders)
        self.played.rested = self._until_rest()
        self.played.asked = self._asked(orders)
        return self.played

    def _set(self, one: Planned) -> None:
        for pick in one.picks:
            cell = pick.cell
            about = one.order.reference if cell.where == "supplier" else one.order.number
            call = partial(self._happens, cell.fault, one.order.number)
            self.market.faults.add(cell.fault, about, cell.step, value=pick.value, times=cell.times, call=call)
        if one.shape == TWIN:
            stands_at_the_supplier(self.market, one.order, at=self.market.clock() - timedelta(days=3, hours=1))

    def _happens(self, fault: str, number: str) -> None:
        if fault in KILLS and self.going is not None:
            self.going.kill()
        if fault == "buyer_cancels":
            self.market.shop.cancel(number)

    def _until_bought(self) -> None:
        """Runs until one was not cut short, and the world did nothing after it."""
        for _ in range(MOST_RUNS):
            ended_itself = self._run() != KILLED
            if not self._world_goes_on() and ended_itself:
                return

    def _until_rest(self) -> bool:
        """The supplier sends what stands there; runs until one changes nothing, neither at the sites nor in the ledger."""
        for _ in range(MOST_RUNS):
            self.played.road.ship()
            before = self._state()
            self._run()
            changed = self._state() != before
            if not self._world_goes_on() and not changed:
                return True
        return False

    def _run(self) -> int:
        self.going = self.played.road.begin("run", "--once")
        end = ended(self.going)
        self.played.runs += 1
        assert end.code in (0, 1, KILLED), end.words[-3000:]
        return end.code

    def _state(self) -> tuple[str, str]:
        with self.played.road.ledger() as ledger:
            told = [
                (one.reference, one.write_state, one.state, one.supplier_order_numbers, ledger.clicks(one.reference))
                for one in ledger.purchases()
            ]
            asked = sorted((item.order_number, item.reason) for item in ledger.items())
        return whole_state(self.market), repr((told, asked))

    def _world_goes_on(self) -> bool:
        """What a person and the sites do meanwhile; whether there was anything."""
        faults = self.market.faults
        lagging = [fault for fault in faults.standing if fault.kind == "list_lags" and fault.times != 0]
        faults.release("list_lags")
        return bool(faults.land() or lagging)

    def _asked(self, orders: Sequence[Planned]) -> dict[str, list[str]]:
        with suppress(FileNotFoundError):
            return {one.order.number: [item.reason for item in self.played.road.inbox(one.order.number)] for one in orders}
        return {}
