"""A run that may be stopped: one shop, one supplier, limits of a day, and orders that are bought one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.config import Fees
from agent.errors import AgentError, OutcomeUnknown, Where
from agent.ledger import Ledger, StoredOrder
from agent.models import SHANGHAI, Fen, PurchaseOrder
from agent.work.run import Options, Run, always, order_failures
from agent.work.stops import committing
from agent.work.used import wait_for_limits
from tests.work.runs import BEGAN, FACTS, SHOP, Day

MALL = "mall-yiwu"
SHOP_ACCOUNT = "shop-main"
NIGHT = datetime(2026, 11, 22, 23, 59, 59, 999_999, tzinfo=SHANGHAI)


@dataclass
class Clock:
    at: datetime = BEGAN

    def now(self) -> datetime:
        return self.at

    def wait(self, seconds: float) -> None: ...


@dataclass
class Desk:
    changed: dict[str, int] = field(default_factory=dict)
    lost_in_a_row: int = 0


@dataclass
class Given:
    """A run over a ledger; orders are numbered, each with one purchase of the same product at one supplier."""

    day: Day
    clock: Clock = field(default_factory=Clock)
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.limits = SimpleNamespace(
            most_orders_per_day=100, most_money_per_day=Fen(900_000), stop_after_unknown=2, stop_after_page_changed=3
        )
        self.supplier = SimpleNamespace(
            name="yiwu",
            account=MALL,
            most_per_order=Fen(9_000),
            most_per_day=Fen(900_000),
            most_orders_per_day=None,
            most_per_product_per_hour=100,
            credit=None,
            most_freight=None,
            freight_by_region={},
            pay=(),
        )
        self.shop = SimpleNamespace(name=SHOP, account=SHOP_ACCOUNT, fees=Fees(), least_margin=None)
        self.desks = {MALL: Desk(), SHOP_ACCOUNT: Desk()}
        self.run = self.begin()

    @property
    def ledger(self) -> Ledger:
        return self.day.ledger

    def begin(self) -> Run:
        config = SimpleNamespace(
            shops={SHOP: self.shop},
            suppliers={"yiwu": self.supplier},
            limits=self.limits,
            accounts=dict.fromkeys(self.desks),
        )
        number = self.day.begin()
        desks, clock = cast(Any, self.desks), cast(Any, self.clock)
        return Run(number, cast(Any, config), self.ledger, desks, clock, Options(), self.told.append, always)

    def meant(self, n: int) -> tuple[StoredOrder, list[PurchaseOrder]]:
        """The n-th order, its purchase planned."""
        self.day.now = self.clock.at
        number, reference = self.names(n)
        self.day.order(number)
        self.ledger.dispose(SHOP, number, "ours", "")
        self.day.plan(number, reference)
        order, purchase = self.ledger.order(SHOP, number), self.ledger.purchase(reference)
        assert order and purchase
        return order, [purchase.purchase]

    def names(self, n: int) -> tuple[str, str]:
        return f"69200000000000{n:05d}", f"REF{n:05d}"

    def attempt(self, n: int, total: int = 3_960) -> int:
        """The n-th order's form is filled and compared, its click comes next."""
        number, reference = self.names(n)
        facts = {"shop": SHOP, "order_number": number, "reference": reference, "account": MALL}
        write = self.ledger.intend("submit", reference, **facts, at=self.clock.at)
        return self.ledger.begin_attempt(
            [write], account=MALL, flow="submit_order", baseline=[], meant={"total": total}, at=self.clock.at
        )

    def click(self, n: int, total: int = 3_960) -> int:
        """Order n goes all the way to its click."""
        self.meant(n)
        attempt = self.attempt(n, total)
        committing(self.run, attempt, FACTS)
        return attempt

    def buy(self, n: int, total: int = 3_960) -> None:
        self.day.settle(self.click(n, total), "confirmed")
        self.ledger.placed(self.names(n)[1], (f"9{n:05d}",), Fen(total), Fen(0), self.clock.at)

    def unknown(self, n: int) -> None:
        """Order n is clicked, and nobody knows how it ended."""
        self.day.settle(self.click(n), "unknown")
        self.fails(
            n, OutcomeUnknown("nobody knows", where=Where(account=MALL, flow="submit_order", reference=self.names(n)[1]))
        )

    def fails(self, n: int, error: AgentError) -> None:
        order = self.ledger.order(SHOP, self.names(n)[0])
        assert order
        with order_failures(self.run, order):
            raise error

    def waits(self, n: int) -> str:
        """What order n waits for before it is begun; "" where it may be."""
        found = wait_for_limits(self.run, *self.meant(n))
        return found.why if found else ""

    def state(self, n: int) -> str:
        known = self.ledger.purchase(self.names(n)[1])
        return known.write_state if known else ""

    def begin_anew(self) -> Run:
        """The next run."""
        self.run = self.begin()
        return self.run

    def parked(self) -> list[str]:
        return [order.order_number for order in self.ledger.orders() if order.parked]

    def asked(self) -> list[tuple[str, str]]:
        return [(item.reason, item.account) for item in self.ledger.items()]


@pytest.fixture
def given(tmp_path: Path) -> Iterator[Given]:
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        yield Given(Day(ledger))
