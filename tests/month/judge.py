"""The books of the program against the sites' own truth: order by order, in sum, and account by account, to the 分."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from openpyxl import load_workbook

from agent.config import Config
from agent.home import Home
from agent.ledger import Ledger
from agent.models import PayMethod
from agent.words import _
from agent.work.money import Entry, Sums, entries_of
from agent.work.owed_back import owed_back, sum_of
from agent.work.statement import file_name, month_of, statement_of, write_statement
from tests.drift.bench import M1688, MALL
from tests.market.money import Payment
from tests.month.play import Month
from tests.month.standing import Standing

WORDS = ("cost", "paid", "owed", "refunded")
METHODS: Mapping[str, PayMethod] = {"alipay": "qr", "credit": "credit", "auto_debit": "auto_debit", "balance": "balance"}
STATED = {"amount": "cost", "paid": "paid", "owed": "owed", "refunded": "refunded"}  # what a 对账单 calls them


@dataclass(frozen=True)
class Money:
    """What one order, or all of a supplier, comes to; in 分."""

    cost: int = 0
    paid: int = 0
    owed: int = 0
    refunded: int = 0

    def __add__(self, other: Money) -> Money:
        return Money(*(getattr(self, word) + getattr(other, word) for word in WORDS))


@dataclass
class Judged:
    """`books` and `truth` by supplier; `wrong` says in words whatever differs."""

    orders: Mapping[str, int] = field(default_factory=dict)
    books: dict[str, Money] = field(default_factory=dict)
    truth: dict[str, Money] = field(default_factory=dict)
    accounts: list[tuple[str, int, int]] = field(default_factory=list)  # what, by the ledger, by the site
    wrong: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)  # supplier order numbers whose payment a person is asked about


def judged(month: Month) -> Judged:
    """Compare everything. Nothing is mended and nothing is read from a page: it is what the month left behind."""
    return Judge(month).judged()


class Judge:
    def __init__(self, month: Month) -> None:
        self.month, self.bench = month, month.bench
        self.ledger: Ledger = month.bench.ledger
        self.config: Config = month.bench.config
        self.home: Home = month.bench.home
        market = month.bench.market
        self.mall, self.marketplace = market.mall.balance, market.m1688.payments
        self.result = Judged(Counter(one.planned.supplier for one in month.world.standing))

    def judged(self) -> Judged:
        entries = {entry.purchase.reference: entry for entry in entries_of(self.ledger.money())}
        self._orders(entries)
        self.result.wrong += [*self._payments(), *self._cancelled_first(), *self._statement_lines()]
        self._accounts()
        self._statements(list(entries.values()))
        return self.result

    # ---- order by order

    def _orders(self, entries: Mapping[str, Entry]) -> None:
        result = self.result
        for one in self.month.world.standing:
            supplier, truth = one.planned.supplier, self._truth(one)
            books = _of(entries[one.reference].sums) if one.reference in entries else Money()
            result.books[supplier] = result.books.get(supplier, Money()) + books
            result.truth[supplier] = result.truth.get(supplier, Money()) + truth
            for word in WORDS:
                ours, theirs = getattr(books, word), getattr(truth, word)
                if ours != theirs:
                    result.wrong.append(
                        f"{supplier} {one.number} ({one.planned.fate}): {word} is {ours} in the books, {theirs} in truth"
                    )

    def _truth(self, one: Standing) -> Money:
        made, number = one.made, one.number
        money = self._money(one)
        back = [refund for refund in money.refunds if refund.number == number and refund.done_at]
        taken = [payment for payment in money.payments if number in payment.amounts]
        if any(payment.method == "credit" for payment in taken):
            return self._on_credit(number)
        paid = sum(payment.amounts[number] for payment in taken)
        waits = 0 if paid or one.is_gone else made.total
        return Money(paid + waits, paid, waits, sum(refund.amount for refund in back))

    def _on_credit(self, number: str) -> Money:
        """What was given back before the bill was repaid was never paid: it is off the bill."""
        bills = [bill for bill in self.marketplace.credit.bills if bill.number == number]
        repaid = sum(self.month.person.repaid.get(bill.number, bill.amount) for bill in bills if bill.repaid)
        owed = sum(bill.amount for bill in bills if not bill.repaid)
        back = sum(refund.amount for refund in self.marketplace.refunds if refund.number == number and refund.done_at)
        first = sum(payment.amounts.get(number, 0) for payment in self.marketplace.payments)
        off = first - repaid - owed  # of the refunds, what lowered the bill
        return Money(repaid + owed, repaid, owed, back - off)

    def _money(self, one: Standing) -> Any:
        return self.mall if one.at_mall else self.marketplace

    # ---- payments

    def _payments(self) -> Iterator[str]:
        """Every payment in the books once, and none of them anywhere else; no order paid twice.

        What a person repaid in the app stands with what was owed, and what is held is a person's to settle.
        """
        ours: Counter[tuple[str, str, str, int]] = Counter(
            (payment.account, payment.supplier_order_number, payment.method, payment.amount)
            for payment in self.ledger.payments()
        )
        settled = {number for payable in self.ledger.payables("paid") for number in payable.supplier_order_numbers}
        held = {each.supplier_order_number: each for each in self.ledger.purchases() if each.pay_state == "held"}
        items = [item for item in self.ledger.items() if item.reason == "pay_held"]
        asked = {number for item in items for _shop, number in self.ledger.orders_of(item)}
        yield from (f"{number} is held, and nobody is told" for number, each in held.items() if each.order_number not in asked)
        theirs: Counter[tuple[str, str, str, int]] = Counter(
            (account, number, "outside" if payment.who == "app" else METHODS[payment.method], amount)
            for account, payment in self._taken()
            for number, amount in payment.amounts.items()
            if number not in held and not (payment.who == "app" and number in settled)
        )
        for about, count in (ours - theirs).items():
            yield f"a payment in the books that was not made ({count} of it): {' '.join(map(str, about))}"
        for about, count in (theirs - ours).items():
            yield f"a payment that is not in the books ({count} of it): {' '.join(map(str, about))}"
        times = Counter(number for _account, payment in self._taken() for number in payment.amounts)
        yield from (f"{number} was paid {count} times" for number, count in times.items() if count > 1)
        self._account("payments", _sum(ours), _sum(theirs))
        self.result.held = sorted(held)

    def _taken(self) -> Iterator[tuple[str, Payment]]:
        yield from ((MALL, payment) for payment in self.mall.payments)
        yield from ((M1688, payment) for payment in self.marketplace.payments)

    def _cancelled_first(self) -> Iterator[str]:
        """Nothing was paid that had been cancelled, or that its buyer had the money back for, before."""
        cancelled = {one.number: one.at for one in (*self.mall.cancellations, *self.marketplace.cancellations)}
        for _account, payment in self._taken():
            for number in payment.amounts:
                if number in cancelled and cancelled[number] <= payment.at:
                    yield f"{number} was paid at {payment.at}, and cancelled at {cancelled[number]}"
        unwanted = {one.number for one in self.month.world.standing if one.planned.fate == "unwanted early"}
        paid = {number for _account, payment in self._taken() for number in payment.amounts}
        yield from (f"{number} was paid, and nobody wanted it any more" for number in sorted(unwanted & paid))

    # ---- account by account

    def _account(self, what: str, ours: int, theirs: int) -> None:
        self.result.accounts.append((what, ours, theirs))
        if ours != theirs:
            self.result.wrong.append(f"{what}: {ours} by the ledger, {theirs} in truth")

    def _accounts(self) -> None:
        known = self.ledger.balance(MALL)
        amount, at = known if known else (0, self.bench.clock.now())
        then = [line.balance for line in self.mall.lines if line.at <= at]
        self._account(f"balance at the mall, as last read ({at:%m-%d %H:%M})", amount, then[-1] if then else 0)
        open_ones = self.ledger.payables("open")
        unpaid = sum(one.made.total for one in self._standing_of("potter") if one.made.state == "unpaid")
        owed = sum(payable.amount for payable in open_ones)
        self._account("owed on credit", owed, self.marketplace.credit.used + unpaid)
        self._account("used of the credit limit", self.ledger.used_credit("potter"), self.marketplace.credit.used + unpaid)
        gone = {one.number for one in self.month.world.standing if one.is_gone}
        waits = sum(
            refund.amount
            for refund in (*self.mall.refunds, *self.marketplace.refunds)
            if refund.number in gone and refund.done_at is None
        )
        rows = [row for row in owed_back(self.ledger) if row.why == "cancelled"]
        self._account("to come back for what was cancelled", sum_of(rows), waits)

    def _standing_of(self, supplier: str) -> Iterable[Standing]:
        return (one for one in self.month.world.standing if one.planned.supplier == supplier)

    def _statement_lines(self) -> Iterator[str]:
        """Each line that the ledger keeps of the mall's statement is one of the mall's, and each payment's is among them."""
        ours = Counter((line.supplier_order_number.strip("-"), line.amount) for line in self.ledger.statement(MALL))
        theirs = Counter((line.number, line.amount) for line in self.mall.lines)
        yield from (f"a line of the statement that the mall does not have: {line}" for line in (ours - theirs))
        missing = theirs - ours
        yield from (f"a payment's line of the statement is not kept: {line}" for line in missing if line[1] < 0)

    # ---- 对账单

    def _statements(self, entries: list[Entry]) -> None:
        """The month's statement of each supplier as it is written, and its sums against the truth of that month."""
        for supplier in self.result.orders:
            month = max(month_of(entry) for entry in entries if entry.purchase.supplier == supplier)
            statement = statement_of(entries, supplier, month)
            path = self.home.folder / file_name(statement)
            write_statement(path, statement)
            listed = {entry.purchase.reference for entry in statement.entries}
            truth = sum((self._truth(one) for one in self._standing_of(supplier) if one.reference in listed), Money())
            written = _sums_in(load_workbook(path))
            for cell, word in STATED.items():
                self._account(f"statement of {supplier}, {month}: {cell}", written[cell], getattr(truth, word))


def _sum(payments: Counter[Any]) -> int:
    return sum(amount * count for (*_about, amount), count in payments.items())


def _of(sums: Sums) -> Money:
    return Money(*(getattr(sums, word).fen for word in WORDS))


def _sums_in(book: Any) -> dict[str, int]:
    """What stands in the last line of a 对账单, in 分."""
    names = {
        "amount": _("amount (yuan)"),
        "paid": _("paid (yuan)"),
        "refunded": _("refunded (yuan)"),
        "owed": _("owed (yuan)"),
    }
    rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    head = next(row for row in rows if names["amount"] in row)
    last = next(row for row in reversed(rows) if row[0] == _("together"))
    return {word: round(float(last[head.index(name)]) * 100) for word, name in names.items()}
