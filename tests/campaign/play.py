"""Play one list of orders: the program as processes against a market with faults, until one more run changes nothing.

Between two runs the world goes on: late writes land, lists come up to date, and sliders stand there no more; then a person answers.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from tests.campaign.ends import IN_THE_NEXT_RUN, Value, Write
from tests.campaign.suppliers import Mall, Supplier
from tests.campaign.trials import KILLS, TWIN, Pick, Planned
from tests.market.core import Market
from tests.market.seller import whole_state
from tests.road.days import stands_at_the_supplier
from tests.road.road import KILLED, MALL, SHOP, Road, ended

LONGEST_RUN = 2400.0  # seconds for forty orders, three lists on two cores; what takes longer hangs
MOST_RUNS = 20  # a kill or a slider ends a run for the whole list; a list without rest by then is a finding of its own
LATENCY = (0.0, 0.05)
TWO_AT_ONCE = 2  # how a run ends that finds another at work
AT_ONCE = "a second run went on beside the first"


@dataclass
class Played:
    """A list after it came to rest, and what was asked about each order when all was bought, when all was shipped, in the end.

    `sends`: whether the supplier sends anything at all. `renamed`: the orders whose tracking number it changed afterwards.
    """

    road: Road
    supplier: Supplier
    asked_bought: dict[str, list[str]] = field(default_factory=dict)
    asked_shipped: dict[str, list[str]] = field(default_factory=dict)
    asked: dict[str, list[str]] = field(default_factory=dict)
    sends: bool = True
    renamed: set[str] = field(default_factory=set)
    runs: int = 0
    rested: bool = True
    broke: str = ""  # why it could not be played to its end: what hung, or ended as no run may


class Player:
    supplier: Callable[[Road], Supplier] = Mall  # where it is bought

    def __init__(self, market: Market, home: Path, browser: str | None) -> None:
        road = Road(market, home)
        self.played = Played(road, self.supplier(road))
        self.played.road.set_up(browser=browser, autonomy="place_and_pay", wait="6 s")
        self.going: subprocess.Popen[bytes] | None = None
        self.beside: list[subprocess.Popen[bytes]] = []  # runs begun while another was going
        self.in_the_next: set[str] = set()  # references of purchases that land there

    @property
    def market(self) -> Market:
        return self.played.road.market

    def play(self, orders: Sequence[Planned]) -> Played:
        """Play the list; what breaks it off is a finding of its own, and the other lists go on."""
        try:
            self._play(orders)
        except AssertionError as broken:
            self.played.broke = str(broken)
            self.played.rested = False
            self.played.asked = self._asked(orders)
        return self.played

    def _play(self, orders: Sequence[Planned]) -> None:
        road = self.played.road
        road.put_up(*(one.order for one in orders))
        for one in orders:
            self._set(one, "submit", "note", "ship")
        self.played.sends = any(one.at("ship") or one.at("change") for one in orders)
        if self.played.sends:
            self._until_done()
            self.played.asked_bought = self._asked(orders)
            road.ship()
            self._until_done()
            self.played.asked_shipped = self._asked(orders)
            for one in orders:
                self._rename(one)
        self.played.rested = self._until_rest()
        self.played.asked = self._asked(orders)

    def _set(self, one: Planned, *writes: Write) -> None:
        for pick in (pick for write in writes for pick in one.at(write)):
            cell = pick.cell
            about, point = one.bound(pick)
            call = partial(self._happens, cell.fault, one.order.number)
            self.market.faults.add(cell.fault, about, point, value=self._value(one, pick), times=cell.times, call=call)
            if cell.fault == "day_full":  # from the first run on
                self.played.road.config("most_money_per_day: 90000.00", "most_money_per_day: 10.00")
                self.market.faults.fires(cell.fault, cell.step, about)
            if pick.value == IN_THE_NEXT_RUN:
                self.in_the_next.add(one.order.reference)
        if one.shape == TWIN and "submit" in writes:
            stands_at_the_supplier(self.market, one.order, at=self.market.clock() - timedelta(days=3, hours=1))

    def _value(self, one: Planned, pick: Pick) -> Value:
        return pick.value

    def _happens(self, fault: str, number: str) -> None:
        if fault in KILLS and self.going is not None:
            self.going.kill()
        if fault == "buyer_cancels":
            self.market.shop.cancel(number)
        if fault == "paused":
            assert self.played.road.agent("pause", MALL).code == 0
        if fault == "second_run":
            self.beside.append(self.played.road.begin("run", "--once"))

    def _rename(self, one: Planned) -> None:
        """The supplier changes the number of a parcel that stands in the shop and in the ledger."""
        sent = [made for made in self.market.mall.orders_with(one.order.reference) if made.parcels]
        shown = [parcel.tracking_number for parcel in self.market.shop.orders[one.order.number].parcels]
        with self.played.road.ledger() as ledger:
            known = [each.tracking_number for each in ledger.shipments(SHOP, one.order.number, entered=True)]
        if (
            one.at("change")
            and sent
            and sorted(shown) == sorted(known) == sorted(made.parcels[0].tracking_number for made in sent)
        ):
            self._set(one, "change")
            first = sent[0]
            first.parcels[:] = [replace(first.parcels[0], tracking_number=f"YT9693087{first.key:06d}")]
            self.played.renamed.add(one.order.number)

    def _until_done(self) -> None:
        """Runs until one was not cut short, and the world did nothing after it."""
        for _ in range(MOST_RUNS):
            ended_itself = self._run() != KILLED
            if not self._world_goes_on() and ended_itself:
                return

    def _until_rest(self) -> bool:
        """The supplier sends what stands there; runs until one changes nothing, neither at the sites nor in the ledger."""
        for _ in range(MOST_RUNS):
            if self.played.sends:
                self.played.road.ship()
            before = self._state()
            self._run()
            changed = self._state() != before
            answered = self._says_yes()
            if not self._world_goes_on() and not answered and not changed:
                return True
        return False

    def _run(self) -> int:
        for held in self.market.faults.held:
            if not held.landed and held.order in self.in_the_next:
                self.market.faults.add("lands_now", point="list", call=held.land)
        self.going = self.played.road.begin("run", "--once")
        end = ended(self.going, LONGEST_RUN)
        self.played.runs += 1
        assert end.code in (0, 1, KILLED), end.words[-3000:]
        while self.beside:
            assert ended(self.beside.pop()).code == TWO_AT_ONCE, AT_ONCE
        return end.code

    def _says_yes(self) -> bool:
        """A person approves every changed number; whether there was any."""
        asked = [str(item.id) for item in self.played.road.inbox() if item.reason == "number_changed" and not item.answer]
        if asked:
            assert self.played.road.agent("approve", *asked).code == 0
        return bool(asked)

    def _state(self) -> tuple[str, str]:
        with self.played.road.ledger() as ledger:
            told = [
                (one.reference, one.write_state, one.state, one.supplier_order_numbers, ledger.clicks(one.reference))
                for one in ledger.purchases()
            ]
            asked = sorted((item.order_number, item.reason) for item in ledger.items())
        to_come = sum(fault.times or 0 for fault in self.market.faults.standing)
        return whole_state(self.market), repr((told, asked, to_come))

    def _world_goes_on(self) -> bool:
        """What a person and the sites do meanwhile; whether there was anything."""
        faults = self.market.faults
        lagging = [fault for fault in faults.standing if fault.kind in ("list_lags", "list_empty") and fault.times != 0]
        for fault in lagging:
            fault.value = float(fault.value or 1) - 1  # runs left
            fault.times = fault.times if fault.value > 0 else 0
        held = [each for each in faults.held if not each.landed]
        for each in held:
            if each.order not in self.in_the_next:
                each.land()
        return bool(held or lagging)

    def _asked(self, orders: Sequence[Planned]) -> dict[str, list[str]]:
        with suppress(FileNotFoundError):
            return {one.order.number: [item.reason for item in self.played.road.inbox(one.order.number)] for one in orders}
        return {}
