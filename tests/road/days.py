"""Days of one seller at stand-in sites where things go wrong: orders with their faults, and where each stood after each run.

Connections are kept alive and Chromium's own repeats count, as at a real site.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.market.core import Market
from tests.market.demo_orders import DemoOrder
from tests.road.road import Ended, Road

L = ("SNK", "米白/L")


def at_submit(kind: str, point: str = "submit", **told: Any) -> Callable[[Market, DemoOrder], None]:
    """A fault at the supplier, bound to the order's reference."""
    return lambda market, one: market.faults.add(kind, one.reference, point, **told) and None


def stands_at_the_supplier(market: Market, one: DemoOrder, **more: Any) -> None:
    """Somebody ordered one of L by hand, for the receiver of this order (who lives in 临平)."""
    told = one.receiver
    market.mall.add_order(
        [("YW2001", "米白/L", 1)],
        name=told["name"],
        phone=told["phone"],
        region=("浙江", "杭州", "临平区"),
        address=told["town"] + told["detail"],
        **more,
    )


@dataclass(frozen=True)
class Look:
    """Where one order stood after a run."""

    bought: int
    submits: int
    state: str
    kinds: list[str]
    said: str
    parcels: list[str]


@dataclass
class Seller:
    """One seller's days: after each run, where each order stood and all that the supplier has."""

    road: Road
    orders: tuple[DemoOrder, ...]
    looks: list[dict[str, Look]] = field(default_factory=list)
    books: list[str] = field(default_factory=list)
    ends: list[Ended] = field(default_factory=list)
    second: Ended | None = None

    def run(self, **more: Any) -> None:
        end = self.road.run(**more)
        assert end.code in (0, 1), end.words[-2000:]
        self.ends.append(end)
        self.looks.append({one.number: self._look(one) for one in self.orders})
        self.books.append(json.dumps(self.road.market.truth()["mall"]["orders"]))

    def look(self, one: DemoOrder, run: int) -> Look:
        """Where an order stood after the first, second … run."""
        return self.looks[run - 1][one.number]

    def _look(self, one: DemoOrder) -> Look:
        road = self.road
        parcels = [parcel.tracking_number for parcel in road.market.shop.orders[one.number].parcels]
        return Look(road.bought(one), road.submits(one), road.write_state(one), road.kinds(one), road.said(one), parcels)


def named(*orders: DemoOrder) -> Any:
    """A test for each of these orders, called after its trap."""
    return pytest.mark.parametrize("one", [pytest.param(one, id=one.trap.replace(" ", "-")) for one in orders])
