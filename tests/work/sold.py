"""A ledger of purchases and their money, made of the goods of tests/ledger: what the tests of the books are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from agent.ledger import Ledger
from agent.models import Fen, PayMethod
from agent.work.money import Entry, FeesOf, entries_of, no_fees
from tests.ledger import goods
from tests.ledger.goods import NOW, SHOP


def number(n: int) -> str:
    return f"69200000000000{n:05d}"


def reference(n: int) -> str:
    return f"REF{n:05d}"


@dataclass
class Sold:
    """Orders of two pieces at `price`, and what was bought for them; in 分."""

    ledger: Ledger

    def order(self, n: int, price: int | None = 2_990, **changed: Any) -> None:
        line = replace(goods.order_line(f"{number(n)}A", quantity=2), price=price, **changed.pop("line", {}))
        self.ledger.save_order(goods.order(number=number(n), lines=(line,), **changed), NOW, detail=True)

    def buy(
        self,
        n: int,
        total: int | None = 3_960,
        *,
        freight: int | None = 600,
        supplier: str = "yiwu",
        at: datetime = NOW,
        numbers: Sequence[str] = (),
        merges: bool = False,
        counter: int = 1,
        title: str = "保温杯",
        **order: Any,
    ) -> str:
        """Order n is there and bought: proven at `at`. `counter` 2: it is bought once more."""
        if counter == 1:
            self.order(n, **order)
        name = reference(n) if counter == 1 else f"{reference(n)}{counter}"
        product = replace(goods.product(), supplier=supplier, title=title)
        (first, *_rest) = goods.purchase(counter, reference=name).lines
        line = replace(first, line_number=f"{number(n)}A", product=product)
        bought = replace(goods.purchase(counter, reference=name), order_number=number(n), supplier=supplier, lines=(line,))
        self.ledger.plan([replace(bought, account=f"mall-{supplier}")], at)
        freight_ = None if freight is None else Fen(freight)
        fen = None if total is None else Fen(total)
        self.ledger.placed(name, tuple(numbers) or (f"9{n:05d}",), fen, freight_, at, merges=merges)
        return name

    def pay(
        self,
        theirs: str,
        amount: int,
        *,
        supplier: str = "yiwu",
        method: PayMethod = "balance",
        instalment: int = 1,
        day: int = 1,
    ) -> None:
        self.ledger._do(
            """
            INSERT INTO payments (account, supplier_order_number, instalment, supplier, method, amount, paid_at, proof)
            VALUES (?, ?, ?, ?, ?, ?, ?, 'read_order')
            """,
            *(f"mall-{supplier}", theirs, instalment, supplier, method, amount),
            f"{NOW + timedelta(days=day):%Y-%m-%dT%H:%M:%S.000000+08:00}",
        )

    def owe(self, name: str, amount: int, *, due: date | None = date(2026, 12, 25), estimated: bool = False) -> None:
        facts = {"rule": "day 25 of next month", "ordered_at": NOW, "due": due, "at": NOW, "estimated": estimated}
        self.ledger.book_payable(name, Fen(amount), **facts)  # type: ignore[arg-type]

    def entries(self, fees_of: FeesOf = no_fees) -> list[Entry]:
        return entries_of(self.ledger.money(), fees_of)

    def entry(self, name: str, fees_of: FeesOf = no_fees) -> Entry:
        return next(entry for entry in self.entries(fees_of) if entry.purchase.reference == name)

    def told(self, name: str, fees_of: FeesOf = no_fees) -> dict[str, int | None]:
        """What the books say of one purchase, the sums that are not 0."""
        sums = self.entry(name, fees_of).sums
        told = {word: getattr(sums, word).told for word in sums.__slots__}
        return {word: fen for word, fen in told.items() if fen != 0}


__all__ = ["NOW", "SHOP", "Sold", "number", "reference"]
