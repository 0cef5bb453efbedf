"""What was ordered, as the seller's own log tells it. Reads only."""

from __future__ import annotations

from typing import Any

from agent.ledger.file import LedgerFile


class Placed(LedgerFile):
    def placed_rows(self) -> list[dict[str, Any]]:
        """One row a purchase that was, or may have been, ordered: what `placed_orders.csv` tells. Money in 分."""
        return self._rows(
            """
            WITH parcels AS (
                    SELECT DISTINCT p.reference, s.ordinal, s.carrier, s.tracking_number
                    FROM shipments s LEFT JOIN shipment_lines l USING (shop, order_number, ordinal)
                        LEFT JOIN purchase_lines pl ON pl.live = 1 AND pl.shop = s.shop AND pl.order_number = s.order_number
                            AND pl.line_number = l.line_number
                        JOIN purchases p ON p.reference IN (s.reference, pl.reference)
                    ORDER BY s.ordinal
                ),
                numbers AS (SELECT reference, number FROM purchase_numbers ORDER BY rowid)
            SELECT coalesce(p.placed_at, max(a.committed_at)) AS time, p.shop, p.order_number, p.supplier, p.reference,
                coalesce((SELECT group_concat(number, ' / ') FROM numbers WHERE reference = p.reference), '')
                    AS supplier_order_number,
                p.total AS amount,
                coalesce((SELECT group_concat(carrier, ' / ') FROM parcels WHERE reference = p.reference), '') AS carrier,
                coalesce((SELECT group_concat(tracking_number, ' / ') FROM parcels WHERE reference = p.reference), '')
                    AS tracking_number,
                CASE WHEN w.state IN ('committing', 'unknown', 'held', 'refused') THEN w.state ELSE p.state END AS state
            FROM purchases p LEFT JOIN writes w ON w.kind = 'submit' AND w.key = p.reference
                LEFT JOIN attempt_writes aw ON aw.write = w.id LEFT JOIN attempts a ON a.id = aw.attempt
            GROUP BY p.reference
            HAVING time IS NOT NULL
            ORDER BY time, p.reference
            """
        )
