"""What a supplier's account says of its own money: the balance, and the statement line by line. Each reading is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import cast

from agent.ledger import StatementLine
from agent.models import Fen, ReadValue, Row
from agent.work.run import Run


def read_balance(run: Run, account: str) -> Fen | None:
    """What is left in the account now; None where the site has no such flow."""
    if "read_balance" not in run.config.site_of(account).flows:
        return None
    amount = Fen(cast(int, run.desk(account).play("read_balance", {}).values["balance"]))
    run.ledger.save_balance(account, amount, run.now())
    return amount


def read_statement(run: Run, account: str) -> list[StatementLine] | None:
    """The lines that the account's statement shows now; None where the site has no such flow."""
    if "read_statement" not in run.config.site_of(account).flows:
        return None
    lines = lines_of(run.desk(account).play("read_statement", {}).values["statement"])
    run.ledger.save_statement(account, lines, run.now())
    return lines


def lines_of(rows: ReadValue) -> list[StatementLine]:
    """The rows of a statement. Lines quite alike are counted, so that each is one. A row that cannot be read is an error of its flow."""
    seen: Counter[tuple[datetime, int, str]] = Counter()
    made = []
    for row in cast(Iterable[Row], rows):
        at, amount = cast(datetime, row["at"]), cast(int, row["amount"])
        number, balance = str(row.get("supplier_order_number") or ""), row.get("balance")
        seen[at, amount, number] += 1
        left = Fen(balance) if isinstance(balance, int) else None
        made.append(StatementLine(at, amount, left, number, str(row.get("statement_words") or ""), seen[at, amount, number]))
    return made


def new_lines(
    lines: Sequence[StatementLine], before: Collection[str], number: str, amount: Fen, total: Fen
) -> list[StatementLine]:
    """The lines for one order of a payment of `total` that were not there `before`.

    Where the statement names no order, each line of just that total counts for every order of it.
    """
    new = [line for line in lines if line.key not in before]
    named = [line for line in new if line.supplier_order_number == number]
    if named or any(line.supplier_order_number for line in lines):
        return named
    return [StatementLine(line.at, -amount) for line in new if line.amount == -total]
