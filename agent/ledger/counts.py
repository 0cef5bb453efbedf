"""What counts against the seller's limits: counted anew from the journal each time, never kept as a number of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from agent.ledger.file import known_time_of, text_of
from agent.ledger.payables import Payables
from agent.ledger.stops import Stops
from agent.models import Fen


@dataclass(frozen=True, slots=True)
class Counted:
    """A purchase that may cost money: from its click on, or from when it was first seen to stand at its supplier."""

    reference: str
    supplier: str
    amount: Fen
    at: datetime


# Clicks that were not proven to have come to nothing.
_CLICKS = """
    attempts a JOIN attempt_writes aw ON aw.attempt = a.id JOIN writes w ON w.id = aw.write
        AND w.kind = 'submit' AND a.state IN ('committing', 'unknown', 'held', 'confirmed')
"""


class Counts(Payables, Stops):
    def counted_since(self, at: datetime) -> list[Counted]:
        """Purchases since then, in that order: those of unknown outcome and those held count like the proven ones.

        One that is dead does not count, unless money paid for it is still to come back.
        """
        rows = self._rows(
            f"""
            WITH found AS (
                SELECT w.reference, a.committed_at AS at, json_extract(a.meant, '$.total') AS meant
                FROM {_CLICKS} WHERE a.committed_at >= ?1
                UNION ALL
                SELECT reference, placed_at, NULL FROM purchases found WHERE placed_at >= ?1
                    AND NOT EXISTS (SELECT 1 FROM {_CLICKS} WHERE w.key = found.reference)
            )
            SELECT p.reference, p.supplier, coalesce(p.total, f.meant, 0) AS amount, max(f.at) AS at
            FROM found f JOIN purchases p ON p.reference = f.reference
            WHERE p.state <> 'dead' OR p.refund = 'open' GROUP BY p.reference ORDER BY max(f.at), p.rowid
            """,
            text_of(at),
        )
        return [Counted(row["reference"], row["supplier"], Fen(row["amount"]), known_time_of(row["at"])) for row in rows]

    def used_credit(self, supplier: str) -> Fen:
        """What is owed to a supplier on credit terms, what was sent there and is not proven yet counted as bought."""
        sent = self._value(
            f"""
            SELECT coalesce(sum(meant), 0) FROM (
                SELECT max(coalesce(json_extract(a.meant, '$.total'), json_extract(a.meant, '$.most_per_order'), 0)) AS meant
                FROM {_CLICKS} JOIN purchases p ON p.reference = w.reference
                WHERE p.supplier = ? AND p.state = 'planned' GROUP BY p.reference
            )
            """,
            supplier,
        )
        return Fen(sum(payable.amount for payable in self.payables("open", supplier=supplier)) + int(sent))

    def products_of(self, reference: str) -> frozenset[str]:
        """The supplier's products that a purchase holds."""
        rows = self._rows("SELECT DISTINCT product FROM purchase_lines WHERE reference = ?", reference)
        return frozenset(row["product"] for row in rows)

    def unknown_writes(self, account: str, *kinds: str) -> int:
        """How many writes sent there, of these kinds or of any, nobody knows the outcome of.

        One click for several orders is one, and so is a purchase clicked twice. Those from before a person let it go on do not
        count, nor does a code that waits for a person, nor a cancelling that the supplier is still to decide.
        """
        resumed = self.resumed_at(account)
        return int(
            self._value(
                f"""
                SELECT count(DISTINCT iif(w.kind = 'submit', w.reference, 'click ' || a.id))
                FROM attempts a JOIN attempt_writes aw ON aw.attempt = a.id JOIN writes w ON w.id = aw.write
                WHERE a.account = ? AND a.state IN ('committing', 'unknown') AND a.committed_at > ?
                    AND NOT (w.kind = 'pay' AND json_extract(a.meant, '$.method') IS 'qr')
                    AND json_extract(a.meant, '$.asked_at') IS NULL
                    {f"AND w.kind IN ({', '.join('?' * len(kinds))})" if kinds else ""}
                """,
                *(account, text_of(resumed) or "", *kinds),
            )
        )
