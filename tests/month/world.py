"""What buyers and suppliers do with the month's orders, each at its time of the day. The books are the sites' own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from agent.work.run import Run
from tests.drift.play import order_of
from tests.market.demo_orders import SHOP
from tests.market.m1688.orders import Order as Order1688
from tests.market.mall.orders import MallOrder
from tests.month.bench import Bench
from tests.month.standing import Standing

GIVEN_BACK = "退款成功"  # the shop's word for a buyer who has the money


class World:
    """Everything outside of the program but the person who sees to it."""

    def __init__(self, bench: Bench) -> None:
        self.bench, self.market = bench, bench.market
        self.standing: list[Standing] = []
        self.comes_at: dict[str, datetime] = {}  # supplier order number → when its refund comes
        self.met: set[str] = set()  # supplier order numbers whose fate came about

    # ---- before anything is paid

    def meets_unpaid(self, one: Standing) -> None:
        """What happens to an order of this morning before anybody paid it."""
        deeds = {
            "cheaper": self._cheaper,
            "closed": self._supplier_cancels,
            "unwanted early": self._buyer_has_money_back,
            "app": self._paid_in_the_app,
            "late": self._will_land_late,
        }
        deed = deeds.get(one.planned.fate)
        if deed is not None and one.made.state == "unpaid" and deed(one) is not False:
            self.met.add(one.number)

    def _cheaper(self, one: Standing) -> None:
        self._money(one).reprice(one.number, one.planned.change)

    def _supplier_cancels(self, one: Standing) -> None:
        self._money(one).cancel(one.number)

    def _buyer_has_money_back(self, one: Standing) -> None:
        self.market.shop.open_refund(one.held.number, words=GIVEN_BACK)

    def _paid_in_the_app(self, one: Standing) -> bool:
        """From the balance only where there is enough."""
        if one.at_mall and self.market.mall.balance.left < one.made.total:
            return False
        self._money(one).pay(one.number)
        return True

    def _will_land_late(self, one: Standing) -> None:
        point = {"yiwu": "pay_done", "tailor": "scan", "potter": "pay_done"}[one.planned.supplier]
        self.market.faults.add("lands_later", one.number if not one.at_mall else one.reference, point)

    def lands(self) -> bool:
        """What was on its way is there; whether there was anything."""
        return bool(self.market.faults.land())

    # ---- in the evening

    def evening(self) -> None:
        """Suppliers send, cancel and pay back; buyers change their minds."""
        for one in self.standing:
            if one.made.state == "placed" and not self._refund_is_open(one):
                self._with_a_paid_one(one)
            self._ask_when_money_comes(one)
            if (at := self.comes_at.get(one.number)) is not None and at <= self.bench.clock.now():
                self._money_comes(one)

    def _with_a_paid_one(self, one: Standing) -> None:
        first = one.number not in self.met
        if one.planned.fate == "cancelled":
            self._supplier_cancels(one)
        elif one.planned.fate == "unwanted":
            if first:
                self._buyer_has_money_back(one)
        elif one.planned.fate == "short" and first and not one.at_mall:
            self.market.m1688.payments.shortage(one.number, self._short_of(one))
        elif one.planned.fate != "unwanted early":
            self._send(one)
        self.met.add(one.number)

    def _short_of(self, one: Standing) -> int:
        return max(1, one.made.total * one.planned.share // 100)

    def _send(self, one: Standing) -> None:
        number = f"YT{96_930_836_00000 + one.planned.at:013d}"
        if isinstance(one.made, MallOrder):
            self.market.mall.ship(one.number, "圆通", number, self._inside(one))
            self.market.mall.pick_up(one.number)
        else:
            self.market.m1688.ship(one.number, "圆通速递", number)
            self.market.m1688.pick_up(one.number)

    def _inside(self, one: Standing) -> list[tuple[str, str, int]]:
        """One piece of the first line is missing where it is to be short; its money comes days later."""
        goods = [(line.product, line.specification, line.quantity) for line in one.planned.lines]
        if one.planned.fate == "short":
            product, words, quantity = goods[0]
            goods[0] = (product, words, quantity - 1)
            self.comes_at[one.number] = self.bench.clock.now() + timedelta(days=one.planned.after)
        return goods

    def _refund_is_open(self, one: Standing) -> bool:
        return any(refund.number == one.number and refund.done_at is None for refund in self._money(one).refunds)

    def _ask_when_money_comes(self, one: Standing) -> None:
        if self._refund_is_open(one) and one.number not in self.comes_at:
            self.comes_at[one.number] = self.bench.clock.now() + timedelta(days=one.planned.after)

    def _money_comes(self, one: Standing) -> None:
        del self.comes_at[one.number]
        if not isinstance(one.made, MallOrder):
            self.market.m1688.payments.refund(one.number, done=True)
        elif self._refund_is_open(one):
            self.market.mall.balance.refund(one.number)
        else:
            self.market.mall.balance.refund(one.number, one.planned.lines[0].cost, how="shortage")

    def _money(self, one: Standing) -> Any:
        return self.market.mall.balance if one.at_mall else self.market.m1688.payments

    # ---- what is no money: a number is entered in the shop

    def numbers_are_entered(self, run: Run) -> None:
        """What was sent, and is known by the ledger to be, is shipped in the shop, as the program would have done by itself."""
        for one in self._sent_and_known(run):
            one.sent, one.held.state = True, "已发货"
            run.ledger.save_order(order_of(one.held), run.now(), detail=True)
            for state in ("shipped", "done"):
                run.ledger.advance(one.reference, state)

    def _sent_and_known(self, run: Run) -> Iterable[Standing]:
        for one in self.standing:
            made: MallOrder | Order1688 = one.made
            if made.parcels and not one.sent and run.ledger.shipments(SHOP, one.held.number):
                yield one
