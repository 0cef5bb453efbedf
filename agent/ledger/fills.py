"""What a fill may have left at an account (a cart that is kept): the lines of a fill that was begun and never ended in an order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from agent.ledger.file import LedgerFile, text_of
from agent.models import PurchaseOrder


class Fills(LedgerFile):
    def fill_begun(self, purchase: PurchaseOrder, at: datetime) -> None:
        """From here on its lines may lie there. Those of an earlier fill of it stay known, though its plan was changed since."""
        with self.atomic():
            for line in purchase.lines:
                product = line.product
                self._do(
                    """
                    INSERT INTO fills (account, reference, product, title, specification, quantity, begun_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET quantity = excluded.quantity, begun_at = excluded.begun_at
                    """,
                    *(purchase.account, purchase.reference, product.product, product.title, product.specification),
                    *(line.quantity, text_of(at)),
                )

    def left_behind(self, account: str) -> tuple[Mapping[str, str | int], ...]:
        """What may lie there of fills that were begun, in the words of the supplier; oldest first."""
        rows = self._rows(
            "SELECT DISTINCT product, title, specification, quantity FROM fills WHERE account = ? ORDER BY begun_at, rowid",
            account,
        )
        return tuple(rows)

    def fill_ended(self, reference: str) -> None:
        """Its fill became an order: nothing of it lies there any more."""
        self._do("DELETE FROM fills WHERE reference = ?", reference)

    def cleared(self, purchase: PurchaseOrder) -> None:
        """Its account was cleared before it was filled in: what others left is gone, and what an older plan of its own left."""
        with self.atomic():
            self._do("DELETE FROM fills WHERE account = ? AND reference <> ?", purchase.account, purchase.reference)
            ours = {(line.product.product, line.product.title, line.product.specification) for line in purchase.lines}
            kept = self._rows("SELECT rowid, product, title, specification FROM fills WHERE account = ?", purchase.account)
            for row in kept:
                if (row["product"], row["title"], row["specification"]) not in ours:
                    self._do("DELETE FROM fills WHERE rowid = ?", row["rowid"])
