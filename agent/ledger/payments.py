"""What was paid to suppliers: one row a proven payment, and what their pages last said of balance and statement. None is deleted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agent.ledger.attempts import Attempt
from agent.ledger.file import known_time_of, text_of
from agent.ledger.journal import Journal
from agent.models import Fen, PayMethod

KIND = "pay"


@dataclass(frozen=True, slots=True)
class StoredPayment:
    """Money that is proven to have gone to a supplier for one of its orders. `attempt` None: not by a click of ours.

    `proof`: order · order and statement · word.
    """

    id: int
    account: str
    supplier_order_number: str
    instalment: int
    supplier: str
    method: PayMethod
    amount: Fen
    payee: str
    paid_at: datetime
    proof: str
    attempt: int | None


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One line of an account's statement as the site shows it: money that went out is below zero. `ordinal`: of lines quite alike."""

    at: datetime
    amount: int
    balance: Fen | None = None
    supplier_order_number: str = ""
    words: str = ""
    ordinal: int = 1

    @property
    def key(self) -> str:
        return f"{self.at.isoformat()} {self.amount} {self.supplier_order_number} {self.ordinal}"


def pay_key(account: str, number: str, instalment: int = 1) -> str:
    """What a payment is, once, in the journal."""
    return f"{account} {number} {instalment}"


class Payments(Journal):
    def book_payment(
        self,
        account: str,
        number: str,
        *,
        supplier: str,
        method: PayMethod,
        amount: Fen,
        payee: str,
        paid_at: datetime,
        proof: str,
        attempt: int | None,
        instalment: int = 1,
    ) -> bool:
        """A payment is proven. False: it was booked before, and stays as it is."""
        with self.atomic():
            if self.payment_of(account, number, instalment) is not None:
                return False
            self._do(
                """
                INSERT INTO payments (account, supplier_order_number, instalment, supplier, method, amount, payee, paid_at, proof,
                    attempt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                *(account, number, instalment, supplier, method, amount, payee, text_of(paid_at), proof, attempt),
            )
            return True

    def payment_of(self, account: str, number: str, instalment: int = 1) -> StoredPayment | None:
        """The payment of one supplier order."""
        which = "account = ? AND supplier_order_number = ? AND instalment = ?"
        return next(iter(self._payments(which, account, number, instalment)), None)

    def payments(self, *, supplier: str = "", since: datetime | None = None) -> list[StoredPayment]:
        """All payments, or those to one supplier, or from a time on; oldest first."""
        return self._payments("? IN ('', supplier) AND paid_at >= ?", supplier, text_of(since) if since else "")

    def _payments(self, which: str, *values: object) -> list[StoredPayment]:
        rows = self._rows(f"SELECT * FROM payments WHERE {which} ORDER BY paid_at, id", *values)
        return [StoredPayment(**row | {"paid_at": known_time_of(row["paid_at"])}) for row in rows]

    def open_payments(self, account: str = "") -> list[Attempt]:
        """Payments sent of which nothing proves yet how they ended, codes that wait for a person among them."""
        return [attempt for attempt in self.open_attempts(account) if attempt.kind == KIND]

    def payment_attempts(self, account: str, number: str) -> list[Attempt]:
        """Every click, or its preparation, to pay one supplier order; oldest first."""
        return self._attempts(
            "a.id IN (SELECT aw.attempt FROM attempt_writes aw JOIN writes w ON w.id = aw.write WHERE w.kind = 'pay' AND w.key = ?)",
            pay_key(account, number),
        )

    def sent_since(self, at: datetime, supplier: str = "") -> Fen:
        """What went out by our clicks since then, payments whose end nobody knows counted as made; to one supplier or to all."""
        return Fen(
            self._value(
                """
                SELECT coalesce(sum(json_extract(meant, '$.total')), 0) FROM attempts
                WHERE state IN ('committing', 'unknown', 'held', 'confirmed') AND committed_at >= ?
                    AND ? IN ('', json_extract(meant, '$.supplier'))
                    AND EXISTS (SELECT 1 FROM attempt_writes aw JOIN writes w ON w.id = aw.write
                        WHERE aw.attempt = attempts.id AND w.kind = 'pay')
                """,
                *(text_of(at), supplier),
            )
        )

    # ---- balance and statement of an account

    def save_balance(self, account: str, amount: Fen, at: datetime) -> None:
        self._do(
            """
            INSERT INTO balances VALUES (?, ?, ?)
            ON CONFLICT (account) DO UPDATE SET amount = excluded.amount, read_at = excluded.read_at
            """,
            *(account, amount, text_of(at)),
        )

    def balance(self, account: str) -> tuple[Fen, datetime] | None:
        """The account's balance as it was last read, and when."""
        row = self._row("SELECT amount, read_at FROM balances WHERE account = ?", account)
        return None if row is None else (Fen(row["amount"]), known_time_of(row["read_at"]))

    def save_statement(self, account: str, lines: Iterable[StatementLine], at: datetime) -> int:
        """Keep what a statement shows; how many lines of it are new. The same line is never kept twice."""
        with self.atomic():
            before = self._count(account)
            for line in lines:
                self._do(
                    "INSERT OR IGNORE INTO statement_lines VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    *(account, text_of(line.at), line.amount, line.balance, line.supplier_order_number, line.words),
                    *(line.ordinal, text_of(at)),
                )
            return self._count(account) - before

    def _count(self, account: str) -> int:
        return int(self._value("SELECT count(*) FROM statement_lines WHERE account = ?", account))

    def statement(self, account: str, number: str = "") -> list[StatementLine]:
        """The lines kept of an account's statement, or those of one supplier order; oldest first."""
        rows = self._rows(
            """
            SELECT at, amount, balance, supplier_order_number, words, ordinal FROM statement_lines
            WHERE account = ? AND ? IN ('', supplier_order_number) ORDER BY at, ordinal
            """,
            *(account, number),
        )
        return [_line(row) for row in rows]


def _line(row: dict[str, Any]) -> StatementLine:
    return StatementLine(**row | {"at": known_time_of(row["at"])})
