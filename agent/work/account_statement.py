"""What a supplier's account says of its own money: the balance, and the statement line by line. Each reading is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import cast

from agent.ledger import StatementLine
from agent.models import Fen, ReadValue, Row
from agent.words import _
from agent.work.limits import yuan
from agent.work.run import Run

KIND = "payment"  # of the item that more went out for an order than its payment
LOOKED_BACK = timedelta(days=30)
FOLLOWED = timedelta(days=1)  # so long after a payment the statement is read in each round, whether something waits or not


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
    ask_for_doubles(run, account)
    return lines


def follow_statement(run: Run, account: str) -> None:
    """Read the statement where money went out of the account lately: what a page shows late is seen, too."""
    if any(payment.account == account for payment in run.ledger.payments(since=run.now() - FOLLOWED)):
        read_statement(run, account)


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


def ask_for_doubles(run: Run, account: str) -> None:
    """More went out of the account for an order than its payment: one item an order, which closes itself when the rest is back.

    The second line may come long after the first had proven the payment.
    """
    for payment in run.ledger.payments(since=run.now() - LOOKED_BACK):
        if payment.account != account:
            continue
        out = -sum(line.amount for line in run.ledger.statement(account, payment.supplier_order_number))
        cause = f"paid_double:{account}:{payment.supplier_order_number}"
        bought = run.ledger.purchases_in(account, payment.supplier_order_number)
        if out <= payment.amount or not bought:
            run.ledger.close_item(cause, run.now())
        elif run.ledger.answered(cause) != "approve":
            run.ledger.ask(
                KIND,
                cause,
                what=_("{out} yuan went out for supplier order {number}, which was paid with {amount} yuan").format(
                    out=yuan(out), number=payment.supplier_order_number, amount=yuan(payment.amount)
                ),
                todo=_("Get back at the supplier what is too much; it closes by itself when the statement shows it back."),
                reason="paid_differs",
                shop=bought[0].shop,
                order_number=bought[0].order_number,
                reference=bought[0].reference,
                account=account,
                at=run.now(),
            )
