"""What was bought for an order. One order line has one live purchase at most."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from agent.errors import Mismatch, Where
from agent.ledger.file import text_of, time_of
from agent.ledger.payables import Payables
from agent.models import (
    Fen,
    PayMethod,
    PurchaseLine,
    PurchaseOrder,
    Receiver,
    RefundState,
    SupplierOrderState,
    SupplierProduct,
    WriteState,
)
from agent.terms import WRITES, plain
from agent.words import _

PurchaseState = Literal["planned", "placed", "shipped", "done", "dead"]

_NEXT: Mapping[PurchaseState, PurchaseState] = {"placed": "shipped", "shipped": "done"}


@dataclass(frozen=True, slots=True)
class StoredPurchase:
    """A purchase order and how far it came. `write_state` is that of its submit write, "" before there is one.

    `supplier_order_numbers`: several where the supplier split it; one may be that of other purchases too where it merges.
    `on_my_word`: a person named the supplier order, and the site could not show it. `supplier_state` is what its page showed
    last, `paid_at` when it first showed more than unpaid, `refund` what became of money paid for a purchase cancelled there.
    `pay_state` is that of its payment furthest from proven, "" before there is one, `pay_method` how one was tried that is open.
    `followed_at`: when its page was last opened for its parcels.
    """

    reference: str
    shop: str
    order_number: str
    counter: int
    supplier: str
    account: str
    lines: tuple[PurchaseLine, ...]
    state: PurchaseState
    supplier_order_numbers: tuple[str, ...]
    total: Fen | None
    freight: Fen | None
    placed_at: datetime | None
    noted_at: datetime | None
    on_my_word: bool
    write_state: WriteState | Literal[""]
    supplier_state: SupplierOrderState | Literal[""] = ""
    paid_at: datetime | None = None
    cancelled_at: datetime | None = None
    followed_at: datetime | None = None
    refund: RefundState = "none"
    refunded: Fen | None = None
    pay_state: WriteState | Literal[""] = ""
    pay_method: PayMethod | Literal[""] = ""

    @property
    def purchase(self) -> PurchaseOrder:
        return PurchaseOrder(
            self.reference, self.shop, self.order_number, self.counter, self.supplier, self.account, self.lines
        )

    @property
    def supplier_order_number(self) -> str:
        """All of the supplier's numbers, for people."""
        return " / ".join(self.supplier_order_numbers)


_PURCHASE = """
    SELECT p.reference, p.shop, p.order_number, p.counter, p.supplier, p.account, p.state,
        p.total, p.freight, p.placed_at, p.noted_at, p.on_my_word, coalesce(w.state, '') AS write_state,
        p.supplier_state, p.paid_at, p.cancelled_at, p.followed_at, p.refund, p.refunded,
        coalesce((SELECT pw.state FROM purchase_numbers n JOIN writes pw ON pw.kind = 'pay'
            AND pw.key = n.account || ' ' || n.number || ' 1' WHERE n.reference = p.reference
            ORDER BY instr('held unknown committing refused intended confirmed', pw.state) LIMIT 1), '') AS pay_state,
        coalesce((SELECT json_extract(pa.meant, '$.method') FROM purchase_numbers n JOIN writes pw ON pw.kind = 'pay'
            AND pw.key = n.account || ' ' || n.number || ' 1' AND pw.state IN ('committing', 'unknown', 'held')
            JOIN attempt_writes aw ON aw.write = pw.id
            JOIN attempts pa ON pa.id = aw.attempt WHERE n.reference = p.reference
            ORDER BY pa.id DESC LIMIT 1), '') AS pay_method
    FROM purchases p LEFT JOIN writes w ON w.kind = 'submit' AND w.key = p.reference
"""


class Purchases(Payables):
    def plan(self, purchases: Sequence[PurchaseOrder], at: datetime) -> None:
        """Put purchases down before anything is done for them; the same ones again change nothing.

        Their lines may be changed until the first click (the seller mended the products table), and go from one to another
        of them. Raises Mismatch for a line that has another live purchase, and for changes after a click.
        """
        with self.atomic():
            new = [purchase for purchase in purchases if self._make_room(purchase, at)]
            for purchase in new:
                for line in purchase.lines:
                    self._insert_line(purchase, line)

    def _make_room(self, purchase: PurchaseOrder, at: datetime) -> bool:
        """The purchase stands there without lines; False if it stands there just so."""
        if not purchase.lines:
            raise RuntimeError(f"purchase {purchase.reference} has no lines")
        known = self.purchase(purchase.reference)
        if known and known.purchase == purchase and known.state != "dead":
            return False
        if known:
            self._refuse_change(known)
            self._drop_plan(purchase)
        else:
            self._insert_purchase(purchase, at)
        return True

    def _refuse_change(self, known: StoredPurchase) -> None:
        if known.state != "planned" or self.clicks(known.reference):
            raise Mismatch(
                _("Purchase {} was already sent once and cannot be changed").format(known.reference),
                where=Where(account=known.account, order=known.order_number),
            )

    def _drop_plan(self, purchase: PurchaseOrder) -> None:
        self._do("DELETE FROM purchase_lines WHERE reference = ?", purchase.reference)
        self._do(
            "UPDATE purchases SET supplier = ?, account = ? WHERE reference = ?",
            *(purchase.supplier, purchase.account, purchase.reference),
        )
        self._do("UPDATE writes SET account = ? WHERE kind = 'submit' AND key = ?", purchase.account, purchase.reference)

    def _insert_purchase(self, purchase: PurchaseOrder, at: datetime) -> None:
        self._do(
            """
            INSERT INTO purchases (reference, shop, order_number, counter, supplier, account, state, planned_at)
            VALUES (?, ?, ?, ?, ?, ?, 'planned', ?)
            """,
            *(purchase.reference, purchase.shop, purchase.order_number, purchase.counter),
            *(purchase.supplier, purchase.account, text_of(at)),
        )

    def _insert_line(self, purchase: PurchaseOrder, line: PurchaseLine) -> None:
        key = (purchase.shop, purchase.order_number, line.line_number)
        other = self._row(
            "SELECT reference FROM purchase_lines WHERE shop = ? AND order_number = ? AND line_number = ? AND live = 1", *key
        )
        if other:
            raise Mismatch(
                _("Line {line} of the order was already bought with purchase {reference}").format(
                    line=line.line_number, reference=other["reference"]
                ),
                where=Where(account=purchase.account, order=purchase.order_number),
            )
        product = line.product
        self._do(
            """
            INSERT INTO purchase_lines (reference, shop, order_number, line_number, product, title, specification, pack, cost,
                ceiling, quantity, live) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
            """,
            *(purchase.reference, *key, product.product, product.title, product.specification, product.pack),
            *(product.cost, product.ceiling, line.quantity),
        )

    def purchase(self, reference: str) -> StoredPurchase | None:
        row = self._row(f"{_PURCHASE} WHERE p.reference = ?", reference)
        return None if row is None else self._purchase(row)

    def purchases(self, *states: PurchaseState, account: str = "") -> list[StoredPurchase]:
        """All purchases, or those in these states, or at this account; in the order they were planned."""
        rows = self._rows(f"{_PURCHASE} ORDER BY p.rowid")
        return [
            self._purchase(row)
            for row in rows
            if (not states or row["state"] in states) and (not account or row["account"] == account)
        ]

    def purchase_of(self, shop: str, order_number: str) -> list[StoredPurchase]:
        """The purchases of an order that are not dead."""
        rows = self._rows(
            f"{_PURCHASE} WHERE p.shop = ? AND p.order_number = ? AND p.state <> 'dead' ORDER BY p.counter", shop, order_number
        )
        return [self._purchase(row) for row in rows]

    def purchases_of_order(self, shop: str, order_number: str) -> list[StoredPurchase]:
        """Every purchase ever made for an order, dead ones too; oldest first."""
        rows = self._rows(f"{_PURCHASE} WHERE p.shop = ? AND p.order_number = ? ORDER BY p.counter", shop, order_number)
        return [self._purchase(row) for row in rows]

    def _purchase(self, row: dict[str, Any]) -> StoredPurchase:
        lines = self._rows("SELECT * FROM purchase_lines WHERE reference = ? ORDER BY rowid", row["reference"])
        numbers = self._rows("SELECT number FROM purchase_numbers WHERE reference = ? ORDER BY rowid", row["reference"])
        return StoredPurchase(
            **row
            | {k: time_of(row[k]) for k in ("placed_at", "noted_at", "paid_at", "cancelled_at", "followed_at")}
            | {"on_my_word": bool(row["on_my_word"])},
            lines=tuple(_line(row["supplier"], line) for line in lines),
            supplier_order_numbers=tuple(number["number"] for number in numbers),
        )

    def next_counter(self, shop: str, order_number: str) -> int:
        """The counter a new purchase of this order gets: 1 for the first, dead ones counted."""
        highest = self._value("SELECT max(counter) FROM purchases WHERE shop = ? AND order_number = ?", shop, order_number)
        return (highest or 0) + 1

    def placed(
        self,
        reference: str,
        numbers: tuple[str, ...],
        total: Fen | None,
        freight: Fen | None,
        at: datetime,
        *,
        merges: bool = False,
    ) -> None:
        """The purchase stands at the supplier under these numbers. `merges`: one of them may be another purchase's too.

        Raises Mismatch if it is dead, or a number another's.
        """
        with self.atomic():
            known = self._known(reference)
            if known.supplier_order_numbers == numbers and known.state not in ("planned", "dead"):
                return
            if known.state != "planned" or not numbers or not all(numbers):
                raise Mismatch(
                    _("Purchase {reference} is “{state}” with number “{known}”, it cannot be placed as “{shown}”").format(
                        reference=reference,
                        state=plain(WRITES, known.state),
                        known=known.supplier_order_number,
                        shown=" / ".join(numbers),
                    ),
                    where=Where(account=known.account, order=known.order_number),
                )
            for number in numbers:
                self._claim(known, number, merges=merges)
            self._do(
                "UPDATE purchases SET state = 'placed', total = ?, freight = ?, placed_at = ? WHERE reference = ?",
                *(total, freight, text_of(at), reference),
            )

    def _claim(self, known: StoredPurchase, number: str, *, merges: bool) -> None:
        merged = merges and number in self.numbers_claimed(known.account)
        try:
            self._do(
                "INSERT INTO purchase_numbers (reference, account, number, merged) VALUES (?, ?, ?, ?)",
                *(known.reference, known.account, number, int(merged)),
            )
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorname not in ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"):
                raise
            raise Mismatch(
                _("Supplier order {number} already belongs to another purchase than {reference}").format(
                    number=number, reference=known.reference
                ),
                where=Where(account=known.account, order=known.order_number),
            ) from error

    def watched(self, reference: str, state: SupplierOrderState, paid_at: datetime | None) -> None:
        """What the supplier's page shows of it now. The first time it was seen paid counts."""
        self._do(
            "UPDATE purchases SET supplier_state = ?, paid_at = coalesce(paid_at, ?) WHERE reference = ?",
            *(state, text_of(paid_at), reference),
        )

    def purchase_paid(self, reference: str, at: datetime) -> None:
        """Its supplier got the money: the first time counts."""
        self._do("UPDATE purchases SET paid_at = coalesce(paid_at, ?) WHERE reference = ?", text_of(at), reference)

    def purchase_costs(self, reference: str, total: Fen) -> None:
        """The supplier asks this for it now, by its order and by its cashier."""
        self._do("UPDATE purchases SET total = ? WHERE reference = ?", total, reference)

    def closed_by_supplier(self, reference: str, at: datetime, *, paid: bool) -> None:
        """The supplier closed it before anything left: it is dead, owed no more, and what was paid is to come back."""
        with self.atomic():
            self._bury(reference)
            self._do(
                "UPDATE purchases SET supplier_state = 'cancelled', cancelled_at = ?, refund = ? WHERE reference = ?",
                *(text_of(at), "open" if paid else "none", reference),
            )
            self.payable_cancelled(reference, at)

    def refund_settled(self, reference: str, state: Literal["refunded", "refused"], amount: Fen | None) -> None:
        """What became of the money that was to come back. `amount` None: no page showed it."""
        self._do(
            "UPDATE purchases SET refund = ?, refunded = ? WHERE reference = ? AND refund = 'open'",
            *(state, amount, reference),
        )

    def refund_not_due(self, reference: str) -> None:
        """Nothing is to come back after all: no money is out for it."""
        self._do("UPDATE purchases SET refund = 'none' WHERE reference = ? AND refund = 'open'", reference)

    def noted(self, reference: str, at: datetime) -> None:
        """The shop shows our note about this purchase."""
        self._do("UPDATE purchases SET noted_at = ? WHERE reference = ?", text_of(at), reference)

    def advance(self, reference: str, state: Literal["shipped", "done"]) -> None:
        """placed → shipped → done, one step at a time; where it already is changes nothing."""
        with self.atomic():
            known = self._known(reference)
            if known.state == state:
                return
            if _NEXT.get(known.state) != state:
                raise RuntimeError(f"purchase {reference} cannot go from {known.state} to {state}")
            self._do("UPDATE purchases SET state = ? WHERE reference = ?", state, reference)

    def put_followed(self, reference: str, at: datetime) -> None:
        """Its page is opened for its parcels at this time."""
        self._do("UPDATE purchases SET followed_at = ? WHERE reference = ?", text_of(at), reference)

    def _bury(self, reference: str) -> None:
        """Make a purchase dead, so that its lines may be bought anew."""
        known = self._known(reference)
        if known.state not in ("planned", "placed"):
            raise RuntimeError(f"purchase {reference} is {known.state} and cannot be dead")
        self._do("UPDATE purchases SET state = 'dead' WHERE reference = ?", reference)
        self._do("UPDATE purchase_lines SET live = 0 WHERE reference = ?", reference)

    def _known(self, reference: str) -> StoredPurchase:
        known = self.purchase(reference)
        if known is None:
            raise RuntimeError(f"no purchase {reference} in the ledger")
        return known

    def numbers_claimed(self, account: str) -> frozenset[str]:
        """The supplier order numbers at this account that belong to a purchase of ours."""
        rows = self._rows("SELECT number FROM purchase_numbers WHERE account = ?", account)
        return frozenset(row["number"] for row in rows)

    def numbers_for(self, account: str, receiver: Receiver) -> frozenset[str]:
        """The supplier order numbers at this account that live purchases for just this receiver stand under."""
        rows = self._rows(
            """
            SELECT n.number FROM purchase_numbers n JOIN purchases p ON p.reference = n.reference
                JOIN receivers r ON r.shop = p.shop AND r.order_number = p.order_number
            WHERE n.account = ? AND p.state <> 'dead' AND r.name = ? AND r.main = ? AND r.extension = ? AND r.province = ?
                AND r.city = ? AND r.district = ? AND r.town = ? AND r.detail = ?
            """,
            *(account, receiver.name, receiver.phone.main, receiver.phone.extension, receiver.province, receiver.city),
            *(receiver.district, receiver.town, receiver.detail),
        )
        return frozenset(row["number"] for row in rows)

    def purchases_in(self, account: str, *numbers: str) -> list[StoredPurchase]:
        """The purchases that stand under any of these supplier order numbers, dead ones too; several where the site merges."""
        marks = ", ".join("?" * len(numbers))
        rows = self._rows(
            f"""
            {_PURCHASE} WHERE p.reference IN
                (SELECT reference FROM purchase_numbers WHERE account = ? AND number IN ({marks}))
            ORDER BY p.rowid
            """,
            *(account, *numbers),
        )
        return [self._purchase(row) for row in rows]

    def known_order(self, account: str) -> tuple[str, str] | None:
        """(supplier order number, reference) of the newest order proven to exist at this account.

        The reference is "" where only orders of several purchases are known: they need not show each one's.
        """
        row = self._row(
            """
            SELECT n.number, iif(n.number IN (SELECT number FROM purchase_numbers WHERE account = n.account AND merged = 1),
                '', p.reference) AS known
            FROM purchase_numbers n JOIN purchases p ON p.reference = n.reference
                LEFT JOIN writes w ON w.kind = 'submit' AND w.key = p.reference
            WHERE n.account = ? AND p.state <> 'dead' AND p.on_my_word = 0
                AND coalesce(w.state, 'confirmed') = 'confirmed'
            ORDER BY known = '', p.placed_at DESC, p.rowid DESC, n.rowid LIMIT 1
            """,
            account,
        )
        return None if row is None else (row["number"], row["known"])

    def clicks(self, reference: str) -> int:
        """How often the button that orders was, or may have been, clicked for this purchase."""
        return int(
            self._value(
                """
                SELECT count(*) FROM attempts a JOIN attempt_writes aw ON aw.attempt = a.id JOIN writes w ON w.id = aw.write
                WHERE w.kind = 'submit' AND w.key = ? AND a.committed_at IS NOT NULL
                """,
                reference,
            )
        )


def _line(supplier: str, row: dict[str, Any]) -> PurchaseLine:
    product = SupplierProduct(
        supplier, row["product"], row["title"], row["specification"], row["pack"], Fen(row["cost"]), Fen(row["ceiling"])
    )
    return PurchaseLine(row["line_number"], product, row["quantity"])
