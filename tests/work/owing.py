"""A run over a ledger whose supplier gives credit: what the tests of payables and of their guards are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, cast

from agent.config import Credit
from agent.ledger import StoredPayable, StoredPurchase
from agent.models import SHANGHAI, DueRule, Fen, Reading
from agent.work.owed import repaid
from agent.work.payables import book
from agent.work.watch import watch
from tests.work.runs import SHOP
from tests.work.stopping import Given

DUE = date(2026, 12, 25)


@dataclass
class OnCredit(Given):
    """The supplier gives credit: 100 yuan, due on day 25 of the next month."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.supplier.buy_again = "never"
        self.terms("day 25 of next month", 10_000)

    def terms(self, due: str, limit: int) -> None:
        rule = DueRule.of(due)
        assert rule
        self.supplier.credit = Credit(limit=Fen(limit), due=rule)

    def begin(self) -> Any:
        run = super().begin()
        cast(Any, run.config).site_of = lambda _account: SimpleNamespace(money_moves_at="month_end")
        return run

    def owe(self, n: int, total: int = 3_960, **page: Any) -> StoredPayable:
        """Order n is bought and proven by a page that shows this."""
        self.buy(n, total)
        book(self.run, self.names(n)[1], [reading(n, total, **page)])
        return self.payable(n)

    def payable(self, n: int) -> StoredPayable:
        known = self.ledger.payable(self.names(n)[1])
        assert known
        return known

    def purchase(self, n: int) -> StoredPurchase:
        known = self.ledger.purchase(self.names(n)[1])
        assert known
        return known

    def looks(self, n: int, state: str, total: int = 3_960, **page: Any) -> None:
        """The supplier's page of order n is read."""
        watch(self.run, self.purchase(n), [reading(n, total, state=state, **page)])

    def repaid(self, *ns: int) -> None:
        repaid(self.ledger, [self.payable(n) for n in ns], how="bank", who="lin", at=self.clock.at)

    def story(self, n: int) -> str:
        return " / ".join(event.what for event in self.ledger.story(SHOP, self.names(n)[0]))

    def at(self, day: int, month: int = 12, hour: int = 9) -> None:
        self.clock.at = datetime(2026, month, day, hour, tzinfo=SHANGHAI)

    def open_sum(self) -> int:
        return sum(payable.amount for payable in self.ledger.payables("open"))


def reading(n: int, total: int = 3_960, **page: Any) -> Reading:
    values = {"supplier_order_number": f"9{n:05d}", "state": "placed", "total": total, "freight": 0, "lines": (), **page}
    return Reading(values, {}, {})
