"""The mall's money of one customer: monthly terms, or a prepaid balance with its statement; payments, refunds, cancellations. Knows no page.

Monthly is the default and moves no money here. Prepaid, an order is placed unpaid and paid from the balance afterwards;
nothing guards it from being paid by the same page twice, as small malls are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.market.money import Cancellation, Payment, Refund, paid_for, refunded_for

from .orders import MallOrder, Refusal

if TYPE_CHECKING:
    from .state import MallState

MONTHLY, PREPAID = "month_end", "prepaid"


@dataclass(frozen=True)
class StatementLine:
    """One line of the statement: what came (or, negative, went), why, and what was left."""

    at: datetime
    words: str
    number: str
    amount: int
    balance: int


class Balance:
    """What the customer has at the mall. Every public method may be called while the site is being served."""

    def __init__(self, mall: MallState) -> None:
        self.mall = mall
        self.clock = mall.clock
        self.settles = MONTHLY
        self.payee = f"{mall.name}电子商务有限公司"
        self.lines: list[StatementLine] = []
        self.payments: list[Payment] = []
        self.refunds: list[Refund] = []
        self.cancellations: list[Cancellation] = []

    @property
    def deeds(self) -> Mapping[str, Callable[..., Any]]:
        names = "settle_prepaid top_up adjust pay reprice refund shortage cancel"
        return {name: getattr(self, name) for name in names.split()}

    @property
    def prepaid(self) -> bool:
        return self.settles == PREPAID

    @property
    def left(self) -> int:
        return self.lines[-1].balance if self.lines else 0

    # what a person does

    def settle_prepaid(self, balance: int = 0) -> None:
        """The customer is one with a prepaid balance from now on; what was there before is a line of yesterday."""
        self.settles = PREPAID
        if balance:
            self._move(balance, "预存款充值", "", self.clock() - timedelta(days=1))

    def top_up(self, amount: int) -> int:
        """A person puts money in; what is there then."""
        self._move(amount, "预存款充值", "")
        return self.left

    def adjust(self, amount: int, words: str = "系统调账") -> int:
        """The supplier books something of its own into the statement."""
        self._move(amount, words, "")
        return self.left

    def pay(self, order_number: str) -> Payment:
        """A person pays an order elsewhere, in the app."""
        order = self.mall.order(order_number)
        if order.state != "unpaid":
            raise ValueError(f"order {order_number} is not unpaid but {order.state}")
        return self.take({order.number: order.total}, "app")

    # paying

    def owed(self, numbers: list[str]) -> dict[str, int]:
        """What each order costs now; Refusal where one cannot be paid."""
        known = {order.number: order for order in self.mall.orders}
        if not numbers or any(number not in known for number in numbers):
            raise Refusal("没有找到这个订单")
        if any(known[number].state != "unpaid" for number in numbers):
            raise Refusal("订单已付款或已取消，无需付款")
        return {number: known[number].total for number in numbers}

    def take(self, amounts: Mapping[str, int], who: str, key: str = "", payee: str = "") -> Payment:
        """Pays from the balance, a statement line an order; Refusal when it is too low."""
        with self.mall.lock:
            if sum(amounts.values()) > self.left:
                raise Refusal("预存款余额不足，请充值后再付款")
            payment = Payment(key or self.next_key(), dict(amounts), "balance", payee or self.payee, self.clock(), who)
            self.payments.append(payment)
            for number, amount in amounts.items():
                order = self.mall.order(number)
                order.state = "placed" if order.state == "unpaid" else order.state
                self._move(-amount, "支付订单", number)
            self.mall.lock.notify_all()
            return payment

    def next_key(self) -> str:
        return f"P{self.clock():%Y%m%d%H%M%S}{self.mall.rng.randrange(10**6):06}"

    # what the supplier does about money, and what a buyer takes back

    def reprice(self, order_number: str, change: int) -> MallOrder:
        """The supplier changes what an unpaid order costs, by this much: more as freight, less as discount (改价)."""
        order = self.mall.order(order_number)
        quote = order.quote
        up, down = max(change, 0), max(-change, 0)
        order.quote = replace(quote, freight=quote.freight + up, discount=quote.discount + down)
        return order

    def cancel(self, order_number: str, who: str = "supplier") -> MallOrder:
        """Cancels an order: stock and credit come back; of one that was paid a refund opens, which arrives later.

        A buyer is refused in the mall's words once it was shipped.
        """
        order = self.mall.order(order_number)
        if who == "page" and (order.state not in ("unpaid", "placed", "packing") or order.parcels):
            raise Refusal("订单已取消" if order.state == "cancelled" else "订单已发货，无法取消")
        self.cancellations.append(Cancellation(order.number, self.clock(), who))
        self.mall.put_back(order)
        if self._left_of(order.number):
            self._open_refund(order.number, "cancel", None)
        return self.mall.set_state(order.number, "cancelled")

    def refund(self, order_number: str, amount: int | None = None, *, how: str = "after_sales") -> MallOrder:
        """The money comes: of the refund that is open, else of one opened now (of all that was paid, where no amount is said)."""
        order = self.mall.order(order_number)
        if not any(one.number == order.number and one.done_at is None for one in self.refunds):
            self._open_refund(order.number, how, amount)
        for one in self.refunds:
            if one.number == order.number and one.done_at is None:
                one.done_at = self.clock()
                self._move(one.amount, "订单退款", order.number)
        return order

    def shortage(self, order_number: str, amount: int | None = None) -> MallOrder:
        """The supplier cannot send: cancels a paid order with its money back, or pays a part of it back."""
        order = self.refund(order_number, amount, how="shortage")
        if amount is None:
            self.mall.put_back(order)
            order.state = "cancelled"
        return order

    def _open_refund(self, number: str, how: str, amount: int | None) -> None:
        due = self._left_of(number) if amount is None else amount
        self.refunds.append(Refund(number, due, how, self.clock()))

    def _left_of(self, number: str) -> int:
        return self.paid(number) - sum(one.amount for one in self.refunds if one.number == number)

    def _move(self, amount: int, words: str, number: str, at: datetime | None = None) -> None:
        self.lines.append(StatementLine(at or self.clock(), words, number, amount, self.left + amount))

    def paid(self, number: str) -> int:
        return paid_for(number, self.payments)

    def refunded(self, number: str) -> int:
        return refunded_for(number, self.refunds)

    def refund_words(self, number: str) -> str:
        if any(one.number == number and one.done_at is None for one in self.refunds):
            return "退款中"
        return "已退款" if self.refunded(number) else "无退款"

    def truth(self) -> dict[str, Any]:
        return {
            "settles": self.settles,
            "payee": self.payee,
            "balance": self.left,
            "statement": [asdict(line) | {"at": line.at.isoformat()} for line in self.lines],
            "payments": [payment.truth() for payment in self.payments],
            "refunds": [refund.truth() for refund in self.refunds],
            "cancellations": [one.truth() for one in self.cancellations],
        }
