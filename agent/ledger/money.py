"""What is known of the money of every purchase that was proven: what its lines sold for, what it cost, what was paid. Reads only."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from agent.ledger.file import known_time_of, time_of
from agent.ledger.payables import Payables, StoredPayable
from agent.ledger.purchases import PurchaseState
from agent.models import AfterSalesState, Fen, PayMethod, RefundState, ShopOrderState, SupplierOrderState

T = TypeVar("T")
_NOTHING = Fen(0)


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line of a shop order that was bought: `quantity` and `price` are the shop's, None where the shop shows none (any more).

    `goods` names it in the supplier's words, `pieces` counts the supplier's.
    """

    line_number: str
    goods: str
    pieces: int
    quantity: int | None
    price: Fen | None
    after_sales: AfterSalesState | None


@dataclass(frozen=True, slots=True)
class ProvenPayment:
    """One payment of one supplier order, read back by another path than the page that made it."""

    account: str
    supplier_order_number: str
    instalment: int
    method: PayMethod
    amount: Fen
    paid_at: datetime


@dataclass(frozen=True, slots=True)
class PurchaseMoney:
    """One purchase that was proven to stand at its supplier, dead ones too. `proven_at` is when.

    `payments` are those of all its numbers, whole; a merged number's stand at each of its purchases. `back` is all that its
    supplier paid back by now and its pages showed, of one that goes on too.
    """

    reference: str
    shop: str
    order_number: str
    order_state: ShopOrderState
    supplier: str
    account: str
    numbers: tuple[str, ...]
    state: PurchaseState
    supplier_state: SupplierOrderState | str
    proven_at: datetime
    total: Fen | None
    freight: Fen | None
    paid_at: datetime | None
    cancelled_at: datetime | None
    refund: RefundState
    refunded: Fen | None
    lines: tuple[SoldLine, ...]
    payable: StoredPayable | None
    payments: tuple[ProvenPayment, ...]
    back: Fen = _NOTHING

    @property
    def dead(self) -> bool:
        return self.state == "dead"

    @property
    def number(self) -> str:
        """All of the supplier's numbers, for people."""
        return " / ".join(self.numbers)


class Money(Payables):
    def money(self) -> list[PurchaseMoney]:
        """Every purchase that was ever proven, oldest first; of one only planned or clicked nothing is known for certain."""
        lines = self._by_reference(_SOLD, _line)
        payments = self._by_reference(_PAID, _payment)
        payables = {payable.reference: payable for payable in self.payables()}
        return [
            _purchase(row, lines.get(ref, ()), payables.get(ref), payments.get(ref, ()))
            for row in self._rows(_PROVEN)
            for ref in (row["reference"],)
        ]

    def _by_reference(self, sql: str, make: Callable[[dict[str, Any]], T]) -> dict[str, tuple[T, ...]]:
        made: dict[str, list[T]] = {}
        for row in self._rows(sql):
            made.setdefault(row.pop("reference"), []).append(make(row))
        return {reference: tuple(found) for reference, found in made.items()}


_PROVEN = """
    WITH all_numbers AS (SELECT reference, number FROM purchase_numbers ORDER BY rowid)
    SELECT p.reference, p.shop, p.order_number, o.state AS order_state, p.supplier, p.account, p.state, p.supplier_state,
        p.placed_at AS proven_at, p.total, p.freight, p.paid_at, p.cancelled_at, p.refund, p.refunded,
        coalesce((SELECT sum(amount) FROM refunds WHERE reference = p.reference), 0) AS back,
        coalesce((SELECT json_group_array(number) FROM all_numbers WHERE reference = p.reference), '[]') AS numbers
    FROM purchases p JOIN orders o ON o.shop = p.shop AND o.order_number = p.order_number
    WHERE p.placed_at IS NOT NULL ORDER BY p.placed_at, p.rowid
"""

_SOLD = """
    SELECT b.reference, b.line_number, b.title || ' / ' || b.specification AS goods, b.quantity AS pieces,
        s.quantity, s.price, s.after_sales
    FROM purchase_lines b LEFT JOIN order_lines s USING (shop, order_number, line_number) ORDER BY b.rowid
"""

_PAID = """
    SELECT n.reference, y.account, y.supplier_order_number, y.instalment, y.method, y.amount, y.paid_at
    FROM payments y JOIN purchase_numbers n ON n.account = y.account AND n.number = y.supplier_order_number
    ORDER BY y.paid_at, y.id
"""


def _line(row: dict[str, Any]) -> SoldLine:
    return SoldLine(**row)


def _payment(row: dict[str, Any]) -> ProvenPayment:
    return ProvenPayment(**row | {"paid_at": known_time_of(row["paid_at"])})


def _purchase(
    row: dict[str, Any],
    lines: tuple[SoldLine, ...],
    payable: StoredPayable | None,
    payments: tuple[ProvenPayment, ...],
) -> PurchaseMoney:
    known = {"proven_at": known_time_of(row["proven_at"]), "numbers": tuple(json.loads(row["numbers"]))}
    times = {name: time_of(row[name]) for name in ("paid_at", "cancelled_at")}
    return PurchaseMoney(**row | known | times, lines=lines, payable=payable, payments=payments)
