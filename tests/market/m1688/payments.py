"""What was paid at the marketplace and how: codes that wait for a telephone, payments, refunds, cancellations. Knows no page.

Nothing guards an order against a second code, as the real one does not: whoever scans both has paid twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.market.money import Cancellation, Payment, Refund, bound, paid_for, refunded_for

from . import ordering
from .credit import Credit
from .goods import Refusal
from .orders import Order

if TYPE_CHECKING:
    from .state import M1688State

# By our name of a method: what the cashier calls it.
METHODS: Mapping[str, str] = {
    "alipay": "支付宝扫码",
    "wechat": "微信扫码",
    "credit": "诚e赊",
    "auto_debit": "免密支付",
    "balance": "余额",
}
SCANNED = ("alipay", "wechat")
CODE_WORDS: Mapping[str, str] = {"waiting": "等待付款", "paid": "已支付", "expired": "二维码已过期", "none": "暂无付款码"}


@dataclass
class Code:
    """A picture that waits for a telephone. What it asks for is what it takes, whatever its orders cost by then."""

    key: str
    amounts: dict[str, int]
    method: str
    payee: str
    opened_at: datetime
    expires_at: datetime
    paid: bool = False

    @property
    def amount(self) -> int:
        return sum(self.amounts.values())


@dataclass
class AutoDebit:
    """免密支付 as a person enabled it: the most one payment, and all of a day, may take."""

    per_payment: int
    per_day: int


class Payments:
    """The money of one account at the marketplace."""

    def __init__(self, site: M1688State) -> None:
        self.site = site
        self.clock = site.clock
        self.credit = Credit(site.clock)
        self.codes: dict[str, Code] = {}
        self.payments: list[Payment] = []
        self.refunds: list[Refund] = []
        self.cancellations: list[Cancellation] = []
        self.code_lasts = timedelta(minutes=15)
        self.most_at_once = 30
        self.balance: int | None = None  # None: the account has none
        self.auto_debit: AutoDebit | None = None

    @property
    def deeds(self) -> Mapping[str, Callable[..., Any]]:
        names = "scan pay expire_code top_up enable_auto_debit disable_auto_debit reprice refund shortage cancel"
        return {name: getattr(self, name) for name in names.split()} | dict(self.credit.deeds)

    # what the cashier knows

    def offered(self) -> list[str]:
        """The methods this account may choose from."""
        open_to = {"credit": self.credit.opened, "auto_debit": self.auto_debit is not None, "balance": self.balance is not None}
        return [method for method in METHODS if open_to.get(method, True)]

    def owed(self, numbers: Iterable[str]) -> dict[str, int]:
        """What each order costs now; Refusal where one cannot be paid."""
        orders = [self.site.find(number) for number in numbers]
        if len(orders) > self.most_at_once:
            raise Refusal(f"一次最多合并付款{self.most_at_once}笔订单")
        for order in orders:
            if order is None:
                raise Refusal("订单不存在或无权查看")
            if order.state != "unpaid":
                raise Refusal("订单已关闭，无法付款" if order.state == "closed" else "订单已支付，请勿重复付款")
        return {order.number: order.total for order in orders if order}

    def payee(self, numbers: Iterable[str]) -> str:
        orders = [self.site.find(number) for number in numbers]
        return "、".join(dict.fromkeys(order.group.seller for order in orders if order))

    def next_key(self) -> str:
        """A payment's number: the day and twenty digits."""
        return f"{self.clock():%Y%m%d}2200{self.site.rng.randrange(10**16):016}"

    # a code and the telephone in front of it

    def open_code(self, key: str, amounts: Mapping[str, int], method: str, payee: str) -> Code:
        at = self.clock()
        code = Code(key, dict(amounts), method, payee, at, at + self.code_lasts)
        self.codes[key] = code
        return code

    def state_of(self, code: Code | None) -> str:
        if code is None:
            return "none"
        if code.paid:
            return "paid"
        return "expired" if self.clock() >= code.expires_at else "waiting"

    def newest_code(self, number: str) -> Code | None:
        return next((code for code in reversed(self.codes.values()) if number in code.amounts), None)

    def scan(self, named: str) -> Code:
        """Somebody scans a code (by its payment number, or the newest of an order) and pays what it asks for.

        Point "scan", for faults: `lands_later`, `success_shown_write_rejected`, `write_done_error_shown`, `twice`.
        """
        code = self._code(named)
        if self.state_of(code) != "waiting":
            raise ValueError(f"the code {code.key} is {self.state_of(code)}")
        faults, name = self.site.market.faults, self._bound(code, "scan")

        def write() -> None:
            if not faults.fires("success_shown_write_rejected", "scan", name):
                self._book(code, code.key)
            if faults.fires("twice", "scan", name):
                self._book(code, self.next_key())
            code.paid = not faults.fires("write_done_error_shown", "scan", name)

        later = faults.fires("lands_later", "scan", name)
        if later:
            faults.hold(name, write, later.value, deed=True)
        else:
            write()
        return code

    def _bound(self, code: Code, point: str) -> str:
        messages = [order.message for order in map(self.site.find, code.amounts) if order]
        names = [name for message in messages for name in ordering.references(message)]
        return bound(self.site.market.faults, [*code.amounts, *names, code.key], point)

    def _book(self, code: Code, key: str) -> Payment:
        return self.take(key, code.amounts, code.method, code.payee, "scan")

    def _code(self, named: str) -> Code:
        found = self.codes.get(named) or self.newest_code(named)
        if found is None:
            raise ValueError(f"no code: {named}")
        return found

    def expire_code(self, named: str) -> Code:
        """The code's time is over before its time."""
        code = self._code(named)
        code.expires_at = self.clock()
        return code

    # money that moves

    def charge(self, key: str, amounts: Mapping[str, int], method: str, payee: str) -> Payment:
        """Pays at once with a method that needs nobody; Refusal in the site's words."""
        self.check(sum(amounts.values()), method)
        payment = self.take(key, amounts, method, payee, "page")
        if method == "credit":
            self.credit.book(amounts)
        if method == "balance":
            self.balance = (self.balance or 0) - payment.amount
        return payment

    def check(self, amount: int, method: str) -> None:
        """What the site looks at before it takes money."""
        if method not in self.offered():
            raise Refusal("请选择付款方式")
        if method == "credit":
            self.credit.check(amount)
        if method == "balance" and amount > (self.balance or 0):
            raise Refusal("账户余额不足，请充值后再支付")
        if method == "auto_debit" and self.auto_debit:
            if amount > self.auto_debit.per_payment:
                raise Refusal("超出免密支付单笔限额")
            if amount + self._debited_today() > self.auto_debit.per_day:
                raise Refusal("超出免密支付单日限额")

    def _debited_today(self) -> int:
        today = self.clock().date()
        return sum(one.amount for one in self.payments if one.method == "auto_debit" and one.at.date() == today)

    def take(self, key: str, amounts: Mapping[str, int], method: str, payee: str, who: str) -> Payment:
        """Books a payment, whatever was paid before it: what is checked was checked by who asks."""
        with self.site.lock:
            payment = Payment(key, dict(amounts), method, payee, self.clock(), who)
            self.payments.append(payment)
            for number in amounts:
                order = self.site.order(number)
                if order.state == "unpaid":
                    order.state, order.paid_at = "placed", payment.at
            self.site.lock.notify_all()
            return payment

    def pay(self, order_number: str) -> Order:
        """A person pays an order elsewhere, in the app."""
        order = self.site.order(order_number)
        if order.state != "unpaid":
            raise ValueError(f"order {order_number} is not unpaid but {order.state}")
        self.take(self.next_key(), {order.number: order.total}, "alipay", order.group.seller, "app")
        return order

    def top_up(self, amount: int) -> int:
        """A person puts money into the account's balance, which it has from then on."""
        self.balance = (self.balance or 0) + amount
        return self.balance

    def enable_auto_debit(self, per_payment: int = 20_000, per_day: int = 100_000) -> None:
        """A person allows 免密支付 up to these amounts."""
        self.auto_debit = AutoDebit(per_payment, per_day)

    def disable_auto_debit(self) -> None:
        self.auto_debit = None

    # what sellers do about the money, and what a buyer takes back

    def reprice(self, order_number: str, adjustment: int) -> Order:
        """A seller changes the price of an unpaid order (涨价或折扣), by this much."""
        order = self.site.order(order_number)
        order.group = replace(order.group, adjustment=order.group.adjustment + adjustment)
        return order

    def cancel(self, order_number: str, who: str = "supplier") -> Order:
        """Cancels an order nothing was sent of: unpaid it closes, of a paid one a refund opens. Refusal once it was shipped."""
        order = self.site.order(order_number)
        if order.state == "closed":
            raise Refusal("订单已关闭")
        if order.state not in ("unpaid", "placed") or order.parcels:
            raise Refusal("卖家已发货，无法取消订单")
        if order.refund == "open":
            raise Refusal("退款申请处理中，请勿重复提交")
        self.cancellations.append(Cancellation(order.number, self.clock(), who))
        return self.site.close(order.number) if order.state == "unpaid" else self._open_refund(order, "cancel", None)

    def refund(self, order_number: str, *, done: bool = False, amount: int | None = None, how: str = "after_sales") -> Order:
        """A refund is asked for, or done with the money back; done before shipping closes the order.

        Without an amount it is all that was paid and has not come back yet.
        """
        order = self.site.order(order_number)
        if order.refund != "open":
            self._open_refund(order, how, amount)
        if not done:
            return order
        for one in self.refunds:
            if one.number == order.number and one.done_at is None:
                one.done_at = self.clock()
                self._pay_back(one)
        whole = self.refunded(order.number) >= self.paid(order.number)
        order.refund = "done" if whole else ""
        if whole and not order.parcels:
            order.state = "closed"
        return order

    def shortage(self, order_number: str, amount: int | None = None) -> Order:
        """The supplier cannot send: closes a paid order with its money back, or pays a part of it back."""
        return self.refund(order_number, done=True, amount=amount, how="shortage")

    def _open_refund(self, order: Order, how: str, amount: int | None) -> Order:
        left = self.paid(order.number) - self.refunded(order.number)
        self.refunds.append(Refund(order.number, left if amount is None else amount, how, self.clock()))
        order.refund = "open"
        return order

    def _pay_back(self, refund: Refund) -> None:
        """The money goes back the way it came."""
        methods = [payment.method for payment in self.payments if refund.number in payment.amounts]
        if "credit" in methods:
            self.credit.take_back(refund.number, refund.amount)
        if "balance" in methods:
            self.balance = (self.balance or 0) + refund.amount

    def paid(self, number: str) -> int:
        """What was paid for an order. One that was there before, paid by a person, was paid in full."""
        booked = paid_for(number, self.payments)
        order = self.site.order(number)
        return booked or (order.total if order.paid_at else 0)

    def refunded(self, number: str) -> int:
        return refunded_for(number, self.refunds)

    def of(self, number: str) -> list[Payment]:
        return [payment for payment in self.payments if number in payment.amounts]

    def truth(self) -> dict[str, Any]:
        codes = [
            {"id": code.key, "orders": list(code.amounts), "amount": code.amount, "state": self.state_of(code)}
            | {"method": code.method, "payee": code.payee, "expires_at": code.expires_at.isoformat()}
            for code in self.codes.values()
        ]
        return {
            "payments": [payment.truth() for payment in self.payments],
            "codes": codes,
            "refunds": [refund.truth() for refund in self.refunds],
            "cancellations": [one.truth() for one in self.cancellations],
            "balance": self.balance,
            "credit": self.credit.truth(),
        }
