"""What is owed for purchases on credit terms (账期): one payable a proven purchase, and how it ended. None is ever deleted.

How it was repaid, and by whose word, stands in the payable itself; each word, the evidence of it, and that it was taken back,
in the story of the order.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from agent.errors import ConfigError
from agent.ledger.file import LedgerFile, known_time_of, text_of, time_of
from agent.models import Fen
from agent.words import _

PayableState = Literal["open", "paid", "cancelled"]


@dataclass(frozen=True, slots=True)
class StoredPayable:
    """What is owed for one purchase: `amount`. `proven` is its total as it was proven, `shown` what the supplier shows now,
    `back` what it paid back of it before we repaid anything, which is that much less owed.

    `estimated`: no page showed the amount. `due` None: what it counts from has not happened yet. `how` and `who` say how it
    was settled and by whose word; `reminded` how many days before it was due a person was last reminded.
    """

    reference: str
    supplier: str
    account: str
    shop: str
    order_number: str
    supplier_order_numbers: tuple[str, ...]
    amount: Fen
    proven: Fen
    shown: Fen
    back: Fen
    estimated: bool
    rule: str
    ordered_at: datetime
    received_at: datetime | None
    due: date | None
    booked_at: datetime
    state: PayableState
    settled_at: datetime | None
    how: str
    who: str
    reminded: int | None

    @property
    def supplier_order_number(self) -> str:
        """All of the supplier's numbers, for people."""
        return " / ".join(self.supplier_order_numbers)

    @property
    def nothing_owed(self) -> bool:
        """Nothing is owed for it, though nobody cancelled it: all of it came back, or the supplier asks for nothing now."""
        return self.amount == 0 and not self.estimated


class Payables(LedgerFile):
    def book_payable(
        self,
        reference: str,
        amount: Fen,
        *,
        rule: str,
        ordered_at: datetime,
        due: date | None,
        at: datetime,
        estimated: bool = False,
    ) -> bool:
        """A proven purchase is owed from now on. False: it was booked before, and stays as it is."""
        with self.atomic():
            if self.payable(reference) is not None:
                return False
            self._do(
                """
                INSERT INTO payables (reference, supplier, account, amount, proven, estimated, rule, ordered_at, due, booked_at)
                SELECT reference, supplier, account, ?, ?, ?, ?, ?, ?, ? FROM purchases WHERE reference = ?
                """,
                *(amount, amount, int(estimated), rule, text_of(ordered_at), _text_of_day(due), text_of(at), reference),
            )
            if self.payable(reference) is None:
                raise RuntimeError(f"no purchase {reference} in the ledger")
            return True

    def payable(self, reference: str) -> StoredPayable | None:
        return next(iter(self._payables("p.reference = ?", reference)), None)

    def payables(self, *states: PayableState, supplier: str = "") -> list[StoredPayable]:
        """All payables, or those in these states, or of this supplier; soonest due first, those that wait for it last."""
        # Only what is given is asked for: one WHERE for all cases would keep the key from being used.
        given = [f"p.state IN ({', '.join('?' * len(states))})"] if states else []
        if supplier:
            given.append("p.supplier = ?")
        return self._payables(" AND ".join(given) or "1", *states, *([supplier] if supplier else []))

    def payables_due_before(self, supplier: str, day: date) -> list[StoredPayable]:
        """What is open at a supplier and was due before that day; soonest due first."""
        return self._payables("p.supplier = ? AND p.state = 'open' AND p.due < ?", supplier, day.isoformat())

    def _payables(self, which: str, *values: object) -> list[StoredPayable]:
        rows = self._rows(
            f"""
            SELECT p.*, coalesce(({_BACK}), 0) AS back, purchases.shop, purchases.order_number,
                (SELECT json_group_array(number) FROM (
                    SELECT number FROM purchase_numbers WHERE reference = p.reference ORDER BY number)) AS numbers
            FROM payables p JOIN purchases USING (reference)
            WHERE {which} ORDER BY p.due IS NULL, p.due, p.supplier, p.ordered_at, p.reference
            """,
            *values,
        )
        return [_payable(row) for row in rows]

    def payable_received(self, reference: str, received_at: datetime, due: date) -> None:
        """Its parcels were received. The first time counts, and only while it is open."""
        self._do(
            "UPDATE payables SET received_at = ?, due = ? WHERE reference = ? AND received_at IS NULL AND state = 'open'",
            *(text_of(received_at), _text_of_day(due), reference),
        )

    def payable_costs(self, reference: str, amount: Fen) -> None:
        """The supplier shows this amount for it now; what was settled stays as it was settled."""
        self._do("UPDATE payables SET amount = ?, estimated = 0 WHERE reference = ? AND state = 'open'", *(amount, reference))

    def payable_cancelled(self, reference: str, at: datetime) -> None:
        """Its purchase is proven cancelled: an open payable is owed no more, one that was paid stays paid."""
        self._do(
            """
            UPDATE payables SET state = 'cancelled', settled_at = ?, how = 'cancelled', who = 'supplier'
            WHERE reference = ? AND state = 'open'
            """,
            *(text_of(at), reference),
        )

    def payables_paid(self, references: Iterable[str], *, how: str, who: str, at: datetime) -> None:
        """All of these were repaid, on this person's word, or none is. Raises ConfigError where one is not open (any more)."""
        with self.atomic():
            for reference in references:
                known = self.payable(reference)
                if known is None or known.state != "open":
                    raise ConfigError(
                        _("The payable of purchase {} is not open any more").format(reference),
                        todo=_("`agent payables` lists what is owed."),
                    )
                self._do(
                    "UPDATE payables SET state = 'paid', settled_at = ?, how = ?, who = ? WHERE reference = ?",
                    *(text_of(at), how, who, reference),
                )

    def payable_owed_again(self, reference: str) -> None:
        """It was not repaid after all: open as before, and reminded of anew. Raises ConfigError where it was not repaid."""
        with self.atomic():
            known = self.payable(reference)
            if known is None or known.state != "paid":
                raise ConfigError(
                    _("The payable of purchase {} was not repaid by anybody's word").format(reference),
                    todo=_("`agent payables` lists what is owed."),
                )
            self._do(
                """
                UPDATE payables SET state = 'open', settled_at = NULL, how = '', who = '', reminded = NULL WHERE reference = ?
                """,
                reference,
            )

    def reminded(self, references: Iterable[str], days: int) -> None:
        """A person was reminded of these so many days before they are due."""
        with self.atomic():
            for reference in references:
                self._do("UPDATE payables SET reminded = ? WHERE reference = ?", days, reference)


# What came back before the payable was settled, by the supplier's own page, for an order that no money of ours had gone to.
_BACK = """
    SELECT sum(r.amount) FROM refunds r
    WHERE r.reference = p.reference AND r.how IN ('part', 'whole') AND (p.settled_at IS NULL OR r.at <= p.settled_at)
        AND NOT EXISTS (SELECT 1 FROM payments y WHERE y.account = r.account AND y.method <> 'credit'
            AND y.supplier_order_number = r.supplier_order_number AND y.paid_at <= r.at)
"""


def _owed(shown: Fen, proven: Fen, back: Fen) -> Fen:
    """Some sites take a refund off the total, others only tell it: what the total is less by is not counted a second time.

    Of a total that was raised after the proof nobody knows what it would be without the refund: it is owed as shown.
    """
    return shown if shown > proven else Fen(max(0, min(shown, proven - back)))


def _payable(row: dict[str, Any]) -> StoredPayable:
    row["shown"] = row["amount"]
    row["amount"] = _owed(row["shown"], row["proven"], row["back"])
    known = {
        "supplier_order_numbers": tuple(json.loads(row.pop("numbers"))),
        "estimated": bool(row["estimated"]),
        "due": None if row["due"] is None else date.fromisoformat(row["due"]),
    }
    times = {name: known_time_of(row[name]) for name in ("ordered_at", "booked_at")}
    return StoredPayable(**row | known | times | {name: time_of(row[name]) for name in ("received_at", "settled_at")})


def _text_of_day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
