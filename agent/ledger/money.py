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

    `payments` are those of all its numbers, whole; a merged number's stand at each of its purchases. `refunded` is all that
    came back for it, None where it is back and nobody knows how much; `refund_shown`: its page showed how much. `pay_open`: a
    payment of it by our own money was sent, and nobody knows how it ended, or it is held. `source` is that of its shop order.
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
    refund_shown: bool
    pay_open: bool
    lines: tuple[SoldLine, ...]
    payable: StoredPayable | None
    payments: tuple[ProvenPayment, ...]
    source: str = ""

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
    SELECT p.reference, p.shop, p.order_number, o.state AS order_state, o.source, p.supplier, p.account, p.state, p.supplier_state,
        p.placed_at AS proven_at, p.total, p.freight, p.paid_at, p.cancelled_at, p.refund,
        coalesce((SELECT sum(amount) FROM refunds r WHERE r.reference = p.reference),
            CASE p.refund WHEN 'refunded' THEN p.refunded ELSE 0 END) AS refunded,
        NOT EXISTS (SELECT 1 FROM refunds r WHERE r.reference = p.reference AND r.how IN ('unshown', 'person')) AS refund_shown,
        EXISTS (SELECT 1 FROM purchase_numbers n
            JOIN writes w ON w.kind = 'pay' AND w.key = n.account || ' ' || n.number || ' 1'
                AND w.state IN ('committing', 'unknown', 'held')
            JOIN attempt_writes aw ON aw.write = w.id JOIN attempts a ON a.id = aw.attempt AND a.state = w.state
            WHERE n.reference = p.reference AND json_extract(a.meant, '$.method') <> 'credit') AS pay_open,
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
    known |= {name: bool(row[name]) for name in ("refund_shown", "pay_open")}
    times = {name: time_of(row[name]) for name in ("paid_at", "cancelled_at")}
    return PurchaseMoney(**row | known | times, lines=lines, payable=payable, payments=payments)
