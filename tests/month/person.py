"""The person in front of the program: scans what the inbox shows, tops up what it asks for, repays what is due and says so."""

from __future__ import annotations

from agent.ledger import InboxItem
from agent.models import Fen
from agent.work import owed
from agent.work.due import day_of
from agent.work.paid import cause_of_code
from agent.work.payment import meant_payments
from agent.work.run import Run
from tests.month.bench import Bench

TOPPED_UP = 60_000  # 分 each time
NAME = "林晓"


class Person:
    def __init__(self, bench: Bench) -> None:
        self.bench, self.market = bench, bench.market
        self.repaid: dict[str, int] = {}  # supplier order number → what its bill was when it was repaid
        self.scanned: set[str] = set()  # the codes: what is on its way is not paid again
        self.topped_up = 0

    def sees_to(self, run: Run, *, scans: bool) -> None:
        """One look at the inbox. `scans`: the telephone is at hand."""
        items = run.ledger.items()
        if any(item.reason == "balance" for item in items):
            self.market.mall.balance.top_up(TOPPED_UP)
            self.topped_up += 1
        for item in items if scans else ():
            if item.kind == "pay_by_code" and item.evidence is not None:
                self._scan(run, item)
        for item in items:
            if item.reason == "bill_differs":
                self._say_what_was_paid_in_the_app(run, item.what)
        self._repay(run)

    def closes_the_books(self, run: Run) -> None:
        """What was paid in the app is said unasked: the newest orders may not be billed yet, and are asked about when they are due."""
        self._say_what_was_paid_in_the_app(run)

    def _say_what_was_paid_in_the_app(self, run: Run, asked: str | None = None) -> None:
        """What is owed by the ledger and on no bill, because this person paid it: `agent payables paid --number`."""
        for payable in run.ledger.payables("open"):
            number = payable.supplier_order_number
            if (asked is None or number in asked) and any(
                payment.who == "app" for payment in self.market.m1688.payments.of(number)
            ):
                mine = owed.numbered(run.ledger, payable.supplier, [number])
                owed.repaid(run.ledger, mine, how="支付宝，在手机上", who=NAME, at=run.now())

    def _scan(self, run: Run, item: InboxItem) -> None:
        (attempt,) = (each for each in run.ledger.open_payments() if cause_of_code(each.id) == item.cause)
        money = self.market.m1688.payments
        code = money.newest_code(meant_payments(attempt)[0].number)
        if code is not None and money.state_of(code) == "waiting" and code.key not in self.scanned:
            money.scan(code.key)
            self.scanned.add(code.key)

    def _repay(self, run: Run) -> None:
        """What is due today, at the marketplace first, and then `agent payables paid` with just that sum."""
        credit, today = self.market.m1688.payments.credit, day_of(run.now())
        due = [payable for payable in run.ledger.payables("open") if payable.due is not None and payable.due <= today]
        billed = {bill.number: bill for bill in credit.bills if not bill.repaid}
        there = [payable for payable in due if payable.supplier_order_number in billed]
        if not there:
            return
        for payable in there:
            number = payable.supplier_order_number
            self.repaid[number] = credit.repay(number)
        paid = Fen(sum(self.repaid[payable.supplier_order_number] for payable in there))
        owed.refuse_other_sum(there, paid)
        owed.repaid(run.ledger, there, how=f"支付宝 {today:%m%d}", who=NAME, at=run.now())
