"""What was ordered, as the seller's own log tells it. Reads only."""

from __future__ import annotations

from typing import Any

from agent.ledger.file import LedgerFile

# The parcels of the purchase `p`: first read from it, or with something of it inside. Looked up by the key of its order.
_PARCELS = """
    FROM shipments s WHERE s.shop = p.shop AND s.order_number = p.order_number AND (s.reference = p.reference OR EXISTS (
        SELECT 1 FROM shipment_lines l JOIN purchase_lines pl ON pl.reference = p.reference AND pl.line_number = l.line_number
        WHERE l.shop = s.shop AND l.order_number = s.order_number AND l.ordinal = s.ordinal AND pl.live = 1))
    ORDER BY s.ordinal
"""


class Placed(LedgerFile):
    def placed_rows(self) -> list[dict[str, Any]]:
        """One row a purchase that was, or may have been, ordered: what `placed_orders.csv` tells. Money in 分."""
        return self._rows(
            f"""
            SELECT coalesce(p.placed_at, max(a.committed_at)) AS time, p.shop, p.order_number, p.supplier, p.reference,
                coalesce((SELECT group_concat(number, ' / ') FROM (
                    SELECT number FROM purchase_numbers WHERE reference = p.reference ORDER BY rowid)), '')
                    AS supplier_order_number,
                p.total AS amount,
                coalesce((SELECT group_concat(carrier, ' / ') FROM (SELECT s.carrier {_PARCELS})), '') AS carrier,
                coalesce((SELECT group_concat(tracking_number, ' / ') FROM (SELECT s.tracking_number {_PARCELS})), '')
                    AS tracking_number,
                CASE WHEN w.state IN ('committing', 'unknown', 'held', 'refused') THEN w.state ELSE p.state END AS state
            FROM purchases p LEFT JOIN writes w ON w.kind = 'submit' AND w.key = p.reference
                LEFT JOIN attempt_writes aw ON aw.write = w.id LEFT JOIN attempts a ON a.id = aw.attempt
            GROUP BY p.reference
            HAVING time IS NOT NULL
            ORDER BY time, p.reference
            """
        )
