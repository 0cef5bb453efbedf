"""诚e赊: buying at the marketplace on credit, and the bills of it. Money is 分; nothing here knows a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from .goods import Refusal

BILL_WORDS: Mapping[bool, str] = {False: "待还款", True: "已还款"}
HEADS = ("订单编号", "账单金额(元)", "出账日期", "到期还款日", "状态")


@dataclass
class Bill:
    """What is owed for one order until `due_on`."""

    number: str
    amount: int
    made_on: date
    due_on: date
    repaid: bool = False

    @property
    def state(self) -> str:
        return BILL_WORDS[self.repaid]


class Credit:
    """The account's credit: closed until a person opens it at the site. An overdue bill blocks it, and so does the platform."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.opened = False
        self.limit = 0
        self.days = 30
        self.blocked = ""  # the words of the platform's block
        self.bills: list[Bill] = []

    @property
    def deeds(self) -> Mapping[str, Callable[..., Any]]:
        names = "open_credit set_due repay block_credit change_bill"
        return {name: getattr(self, name) for name in names.split()}

    def open_credit(self, limit: int, *, days: int = 30) -> None:
        """A person opens it, or the platform changes its limit: each order is due so many days after it was paid with it."""
        self.opened, self.limit, self.days = True, limit, days

    def set_due(self, number: str, due_on: str) -> None:
        """Moves the day on which an order's bill is due, "2026-11-05": in the past, it blocks."""
        self.bill(number).due_on = date.fromisoformat(due_on)

    def repay(self, number: str = "") -> int:
        """A person pays an order's bill back, or all of them; how much that was."""
        due = [bill for bill in self.bills if number in ("", bill.number) and not bill.repaid]
        for bill in due:
            bill.repaid = True
        return sum(bill.amount for bill in due)

    def change_bill(self, number: str, amount: int) -> None:
        """The supplier's bill says another amount than was paid with it."""
        self.bill(number).amount = amount

    def block_credit(self, words: str = "诚e赊账户已被冻结，请联系客服") -> None:
        """The platform blocks the account in these words; "" lets it go."""
        self.blocked = words

    @property
    def used(self) -> int:
        return sum(bill.amount for bill in self.bills if not bill.repaid)

    @property
    def left(self) -> int:
        return self.limit - self.used

    @property
    def overdue(self) -> list[Bill]:
        today = self.clock().date()
        return [bill for bill in self.bills if not bill.repaid and bill.due_on < today]

    @property
    def words(self) -> str:
        """Why nothing can be bought with it now; "" when it can."""
        if self.blocked:
            return self.blocked
        return "诚e赊账单已逾期，请先还款后再使用" if self.overdue else ""

    def check(self, amount: int) -> None:
        if not self.opened:
            raise Refusal("未开通诚e赊")
        if self.words:
            raise Refusal(self.words)
        if amount > self.left:
            raise Refusal("诚e赊可用额度不足")

    def book(self, amounts: Mapping[str, int]) -> None:
        today = self.clock().date()
        self.bills += [Bill(number, amount, today, today + timedelta(days=self.days)) for number, amount in amounts.items()]

    def take_back(self, number: str, amount: int) -> None:
        """A refund lowers what is owed for the order."""
        for bill in self.bills:
            if bill.number == number and not bill.repaid:
                bill.amount -= amount
        self.bills = [bill for bill in self.bills if bill.amount > 0]

    def bill(self, number: str) -> Bill:
        found = next((bill for bill in self.bills if bill.number == number), None)
        if found is None:
            raise ValueError(f"no bill for order {number}")
        return found

    def newest_first(self) -> list[Bill]:
        return self.bills[::-1]

    def truth(self) -> dict[str, Any]:
        bills = [asdict(bill) | {"made_on": str(bill.made_on), "due_on": str(bill.due_on)} for bill in self.bills]
        return {"opened": self.opened, "limit": self.limit, "used": self.used, "blocked": self.words, "bills": bills}


def sheet(credit: Credit) -> bytes:
    """The bills as the Excel the site hands out: amounts as numbers, order numbers as text."""
    book = Workbook()
    page = book.active
    page.title = "诚e赊账单"
    page.append(HEADS)
    for bill in credit.newest_first():
        page.append((bill.number, bill.amount / 100, str(bill.made_on), str(bill.due_on), bill.state))
    out = BytesIO()
    book.save(out)
    return out.getvalue()
