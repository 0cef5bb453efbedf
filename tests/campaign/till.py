"""A seller's till: two suppliers' sites with cashiers, and orders that stand there, bought and proven, put into the ledger by script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from agent.clock import SystemClock
from agent.ledger import StoredPurchase
from agent.models import CommitFacts, Fen, MaskedReceiver, Order, OrderLine, PurchaseLine, PurchaseOrder, SupplierProduct
from tests.campaign.money_trials import PAID, UNPAID, Charge
from tests.market.demo_orders import SHOP, DemoOrder
from tests.market.money import Payment
from tests.market.seller import ROOT
from tests.road.road import MALL, Road

MARKETPLACE = "all-1688"
OFFER, SKU, TITLE = "612345678901", "黑色;L", "纯棉圆领短袖T恤男女同款宽松打底衫"
PRODUCT, SPEC = "YW2001", "米白/M"
RICH = 10_000_000  # 分: nothing lacks money unless it is meant to
STRANGER = "刘洋"  # who ordered there by hand, not paid yet: never ours to pay

ACCOUNT = """\
  all-1688:
    site: "1688"
    shows: {shows}
    hosts: {{main: "{air}", login: "{login}", detail: "{detail}", cart: "{cart}", order: "{order}"}}
    manners: {{pause: 0-0 s}}
    limits: {{wait_for_page: 6 s, settle: 2 s}}
    known_order: "{known}"
shops:
"""
SUPPLIER = """\
  {name}:
    account: {account}
    seller: {payee}
    autonomy: place_and_pay
    pay: [{method}]
    cancel: {cancel}
    note: 单号 <reference> 请勿放价格单
    most_per_order: 300.00
    most_per_day: 90000.00
    most_per_product_per_hour: 9999
"""
TERMS = "    credit: {limit: 90000.00, due: 30 days after order}\n"


@dataclass
class Till:
    """The orders of a list at the stand-ins, by the number of the order in the shop."""

    road: Road
    numbers: dict[str, str]  # the supplier's number
    meant: dict[str, int]  # what it cost when it was ordered, in 分

    @property
    def market(self) -> Any:
        return self.road.market

    def site(self, method: str) -> Any:
        """The books of the site where this way of paying is."""
        return self.market.mall if method == "balance" else self.market.m1688

    def money(self, method: str) -> Any:
        return self.market.mall.balance if method == "balance" else self.market.m1688.payments

    def payments(self, one: Charge, order: DemoOrder) -> list[Payment]:
        """What really moved for this order, each with its own part of the money."""
        number = self.numbers[order.number]
        made = [each for each in self.money(one.method).payments if number in each.amounts]
        return [replace(each, amounts={number: each.amounts[number]}) for each in made]

    def standing(self, one: Charge, order: DemoOrder) -> Any:
        """The order as it stands at the supplier."""
        return self.site(one.method).order(self.numbers[order.number])

    def purchase(self, order: DemoOrder) -> StoredPurchase:
        known = self.road.purchase(order)
        assert known is not None
        return known


def set_up(road: Road, charges: Sequence[Charge]) -> Till:
    """The sites, the seller's files, and each order as a run leaves it that has bought and proven it."""
    till = Till(road, {}, {})
    market = road.market
    low = next((one.method for one in charges if one.has("too_little")), "")
    market.mall.balance.settle_prepaid(100 if low == "balance" else RICH)
    market.m1688.add_offer(OFFER, TITLE, "衣尚服饰", ["颜色", "尺码"], {SKU: (1800, 5_000)})
    market.m1688.payments.credit.open_credit(100 if low == "credit" else RICH)
    market.m1688.payments.enable_auto_debit(100 if low == "auto_debit" else RICH, RICH)
    _write_files(road, charges)
    for at, one in enumerate(charges):
        for each in one.orders:
            road.put_up(each)
            put_order(till, one, each)
            record(till, one, each, f"supplier{at}")
        if one.write == "cancel":
            if one.shape == PAID:
                till.money(one.method).pay(till.numbers[one.order.number])
            market.shop.close_refund(one.order.number, words="退款成功")
    return till


def _write_files(road: Road, charges: Sequence[Charge]) -> None:
    site = road.market.m1688
    folder = road.home / "selectors"
    folder.mkdir(exist_ok=True)
    mall = (ROOT / "selectors" / "mall.yaml").read_text(encoding="utf-8")
    prepaid = mall.replace("money_moves_at: month_end", "money_moves_at: pay")
    assert prepaid != mall
    (folder / "mall.yaml").write_text(prepaid, encoding="utf-8")
    road.config("shops:\n", ACCOUNT.format(**site.addresses, shows=site.user_name, known=site.known_order.number))
    told = []
    for at, one in enumerate(charges):
        ours = one.method == "balance"
        told.append(
            SUPPLIER.format(
                name=f"supplier{at}",
                account=MALL if ours else MARKETPLACE,
                payee=road.market.mall.balance.payee if ours else "衣尚服饰",
                method=one.method,
                cancel="refunded" if one.shape == UNPAID else "ask",
            )
            + (TERMS if one.method == "credit" else "")
        )
    road.config("limits: {most_orders", "".join(told) + "limits: {most_orders")
    with (road.home / "secrets.yaml").open("a", encoding="utf-8") as file:
        file.write(f'{MARKETPLACE}: {{user_name: "{site.user_name}", password: "{site.password}"}}\n')


def put_order(till: Till, one: Charge, order: DemoOrder) -> None:
    """It stands at the supplier, unpaid."""
    told = order.receiver
    about = {"name": told["name"], "phone": told["phone"], "address": told["detail"], "state": "unpaid"}
    if one.method == "balance":
        region = ("浙江", "杭州", "临平区")
        made: Any = till.market.mall.add_order([(PRODUCT, SPEC, 1)], region=region, reference=order.reference, **about)
    else:
        region = ("浙江省", "杭州市", "临平区")
        words = f"单号 {order.reference} 请勿放价格单"
        made = till.market.m1688.add_order([(OFFER, SKU, 1)], region=region, message=words, **about)
    made.by = "page"
    till.numbers[order.number] = made.number
    till.meant[order.number] = made.total


def stranger(till: Till, method: str) -> str:
    """An order of somebody else that waits to be paid there; its number."""
    about = {"name": STRANGER, "phone": "13912345678", "address": "和平路7号", "state": "unpaid"}
    if method == "balance":
        made: Any = till.market.mall.add_order([(PRODUCT, SPEC, 1)], region=("浙江", "杭州", "临平区"), **about)
    else:
        made = till.market.m1688.add_order([(OFFER, SKU, 1)], region=("浙江省", "杭州市", "临平区"), **about)
    return str(made.number)


def record(till: Till, one: Charge, order: DemoOrder, supplier: str) -> None:
    """Into the ledger, as a run leaves an order that it bought and proved, noted, and did not pay."""
    now = SystemClock().now()
    account = MALL if one.method == "balance" else MARKETPLACE
    shown = till.market.shop.orders[order.number]
    lines = tuple(
        OrderLine(each.number, each.title, each.specification, each.merchant_code, each.quantity, "none", "ordinary")
        for each in shown.lines
    )
    masked = MaskedReceiver("周*", "139****0000", "浙江省 杭州市 ****")
    seen = Order(SHOP, order.number, shown.ordered_at, None, "to_ship", "ordinary", "grey", "", "", "none", masked, lines)
    total = Fen(till.meant[order.number])
    code, title, spec = (PRODUCT, _title(till), SPEC) if one.method == "balance" else (OFFER, TITLE, SKU)
    product = SupplierProduct(supplier, code, title, spec, 1, total, total)
    bought = PurchaseOrder(
        order.reference, SHOP, order.number, 1, supplier, account, (PurchaseLine(lines[0].line_number, product, 1),)
    )
    about = {"shop": SHOP, "order_number": order.number, "reference": order.reference, "account": account}
    with till.road.ledger() as ledger:
        ledger.save_order(seen, now, detail=True)
        ledger.dispose(SHOP, order.number, "ours", "")
        ledger.plan([bought], now)
        write = ledger.intend("submit", order.reference, at=now, **about)
        attempt = ledger.begin_attempt(
            [write], account=account, flow="submit_order", baseline=[], meant={"total": total}, at=now
        )
        ledger.committing(attempt, CommitFacts("", "", {}), now)
        ledger.settle(attempt, "confirmed", words="", requests=[], pictures=[], at=now)
        ledger.placed(order.reference, (till.numbers[order.number],), total, Fen(0), now)
        ledger.noted(order.reference, now)


def _title(till: Till) -> str:
    return str(till.market.mall.products[PRODUCT].title)
