"""Money that came back from suppliers: one row for each amount that is proven to have come, once. And what they sent too little of.

`together` is all that has come back for that order with this row, as its page shows it: the same sum is never booked twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from agent.ledger.file import LedgerFile, known_time_of, text_of, time_of
from agent.models import Fen

# The whole of a cancelled order · a part, of one that goes on or of a cancelled one · its page says that it is back and not
# how much, so all that was paid · a person says so.
Back = Literal["whole", "part", "unshown", "person"]


@dataclass(frozen=True, slots=True)
class StoredRefund:
    """One amount that came back for a supplier's order."""

    id: int
    account: str
    supplier_order_number: str
    reference: str
    amount: Fen
    together: Fen
    at: datetime
    how: Back


@dataclass(frozen=True, slots=True)
class StoredShortage:
    """Pieces (the shop's) of one line that the supplier did not send though it sent all it will, and what of them is to come back.

    `how` it was settled: sent, paid back, a person, given up; "" while open. `came_back` is all that had come back for the purchase
    when it was first seen: older money was for something else.
    """

    reference: str
    line_number: str
    pieces: int
    amount: Fen
    seen_at: datetime
    settled_at: datetime | None
    how: str
    came_back: Fen


class Refunds(LedgerFile):
    def book_refund(self, account: str, number: str, reference: str, together: Fen, how: Back, at: datetime) -> Fen:
        """So much in all has come back for this order by now; what of it is new and booked with this, 0 if none."""
        with self.atomic():
            new = Fen(together - self.came_back(reference, number))
            if new <= 0:
                return Fen(0)
            self._do(
                """
                INSERT INTO refunds (account, supplier_order_number, reference, amount, together, at, how)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                *(account, number, reference, new, together, text_of(at), how),
            )
            return new

    def came_back(self, reference: str, number: str = "") -> Fen:
        """All that has come back for a purchase, or for one of its supplier orders."""
        which = "reference = ? AND ? IN ('', supplier_order_number)"
        return Fen(self._value(f"SELECT coalesce(sum(amount), 0) FROM refunds WHERE {which}", reference, number))

    def refunds(self, reference: str = "") -> list[StoredRefund]:
        """What came back, at all or for a purchase; in the order in which it was seen."""
        return [_refund(row) for row in self._rows("SELECT * FROM refunds WHERE ? IN ('', reference) ORDER BY id", reference)]

    def was_paid(self, reference: str) -> bool:
        """Whether money went out for a purchase: seen so by its supplier, proven by us, or repaid by a person's word."""
        row = self._row(
            """
            SELECT 1 FROM purchases p WHERE p.reference = ? AND (
                p.paid_at IS NOT NULL
                OR EXISTS (SELECT 1 FROM payables WHERE reference = p.reference AND state = 'paid')
                OR EXISTS (SELECT 1 FROM payments m JOIN purchase_numbers n ON n.account = m.account
                    AND n.number = m.supplier_order_number WHERE n.reference = p.reference AND m.method <> 'credit'))
            """,
            reference,
        )
        return row is not None

    def cancel_asked(self, attempt: int, at: datetime | None) -> bool:
        """The order's own page shows that this click asked its supplier to cancel it and pay it back; None: no more. Whether that is new."""
        known = self._value("SELECT json_extract(meant, '$.asked_at') FROM attempts WHERE id = ?", attempt)
        if (known is None) == (at is None):
            return False
        value, which = (
            ("json_remove(meant, '$.asked_at')", ()) if at is None else ("json_set(meant, '$.asked_at', ?)", (text_of(at),))
        )
        self._do(f"UPDATE attempts SET meant = {value} WHERE id = ?", *which, attempt)
        return True

    def cancels_asked(self) -> dict[str, datetime]:
        """The purchases that their suppliers are asked to cancel and to pay back, and have not answered yet, each since when."""
        rows = self._rows(
            """
            SELECT w.reference, json_extract(a.meant, '$.asked_at') AS at
            FROM attempts a JOIN attempt_writes aw ON aw.attempt = a.id JOIN writes w ON w.id = aw.write
            WHERE w.kind = 'cancel' AND json_extract(a.meant, '$.asked_at') IS NOT NULL ORDER BY a.id
            """
        )
        return {row["reference"]: known_time_of(row["at"]) for row in rows}

    def short(self, reference: str, missing: Mapping[str, tuple[int, Fen]], at: datetime) -> bool:
        """So many pieces of these lines, worth so much, are missing by now, and no others. Whether any of that is new.

        What is open follows it, and a line that lacks nothing any more was sent after all. What was settled is no news; of a line
        that lacks more by now only the rest is open.
        """
        with self.atomic():
            known = {each.line_number: each for each in self.shortages(reference)}
            for line in known.keys() - missing.keys():
                self._do(
                    """
                    UPDATE shortages SET settled_at = ?, how = 'sent'
                    WHERE reference = ? AND line_number = ? AND settled_at IS NULL
                    """,
                    *(text_of(at), reference, line),
                )
            told = [self._is_short(reference, line, *missing[line], known.get(line), at) for line in missing]
        return any(told)

    def _is_short(
        self, reference: str, line: str, pieces: int, amount: Fen, known: StoredShortage | None, at: datetime
    ) -> bool:
        """So many pieces of one line are missing by now; whether it lacks more than was known."""
        if known is None or known.how == "sent":
            self._open_short(reference, line, pieces, amount, at)
            return True
        more = pieces - known.pieces
        if known.how and more > 0:
            self._open_short(reference, line, pieces, _part(amount, more, pieces), at)
        elif not known.how and more:
            owed = known.amount + _part(amount, more, pieces) if more > 0 else min(known.amount, amount)
            self._do(
                "UPDATE shortages SET pieces = ?, amount = ? WHERE reference = ? AND line_number = ?",
                *(pieces, owed, reference, line),
            )
        return more > 0

    def _open_short(self, reference: str, line: str, pieces: int, amount: Fen, at: datetime) -> None:
        self._do(
            """
            INSERT OR REPLACE INTO shortages (reference, line_number, pieces, amount, seen_at, came_back)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            *(reference, line, pieces, amount, text_of(at), self.came_back(reference)),
        )

    def back_for_short(self, reference: str) -> Fen:
        """What has come back for a purchase since the first of what is missing of it now was seen; 0 where nothing is."""
        open_ = self.shortages(reference, open_only=True)
        return Fen(self.came_back(reference) - min(each.came_back for each in open_)) if open_ else Fen(0)

    def shortages(self, reference: str = "", *, open_only: bool = False) -> list[StoredShortage]:
        """What suppliers sent too little of; oldest first."""
        rows = self._rows(
            "SELECT * FROM shortages WHERE ? IN ('', reference) AND (? = 0 OR settled_at IS NULL) ORDER BY seen_at, rowid",
            *(reference, int(open_only)),
        )
        return [_shortage(row) for row in rows]

    def shortage_settled(self, reference: str, how: str, at: datetime) -> None:
        """What was missing of a purchase came after all, or its money, or a person says that neither will."""
        self._do(
            "UPDATE shortages SET settled_at = ?, how = ? WHERE reference = ? AND settled_at IS NULL",
            *(text_of(at), how, reference),
        )


def _refund(row: dict[str, Any]) -> StoredRefund:
    return StoredRefund(**row | {"at": known_time_of(row["at"])})


def _part(amount: Fen, some: int, pieces: int) -> Fen:
    """What some of these pieces are worth, which are worth so much together."""
    return Fen(amount * some // pieces)


def _shortage(row: dict[str, Any]) -> StoredShortage:
    return StoredShortage(**row | {"seen_at": known_time_of(row["seen_at"]), "settled_at": time_of(row["settled_at"])})
