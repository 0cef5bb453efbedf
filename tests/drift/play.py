"""What the program does in a trial: the parts of a play, and the order that stands ready before each.

A play lets the program's own jobs work, and says what they then hold for true, and the same by the sites' own books. The
plays are in at_supplier.py and at_shop.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from agent.ledger import StoredOrder, StoredPurchase
from agent.models import (
    Fen,
    MaskedReceiver,
    Order,
    OrderLine,
    Phone,
    PurchaseLine,
    PurchaseOrder,
    Receiver,
    SupplierProduct,
)
from agent.work.compare import Meant
from agent.work.run import Run
from agent.work.values import note_for
from tests.drift.bench import MALL, Bench
from tests.market.demo_orders import SHOP, DemoOrder, line
from tests.market.demo_orders import TABLE as GOODS
from tests.market.doudian.orders import ShopOrder
from tests.market.m1688.hand import HOOK, SHIRT
from tests.market.mall.orders import MallOrder
from tests.market.seller import Standing, standing_at_mall
from tests.road.road import order

Told = Mapping[str, Any]
LINES = (line("SNK", "米白/M", 2), line("BLB", "透明 350ml", 3))
AT_1688 = {"米白/M": (SHIRT, "黑色;L", 1800), "透明 350ml": (HOOK, "单个", 320)}
CARRIER = ("圆通", "圆通速递")


@dataclass
class Play:
    """One job of the program at one order."""

    bench: Bench
    run: Run
    account: str = MALL

    def begin(self) -> None:
        self.bench.at += 1
        self.one = order(self.bench.at, lines=LINES)
        self.put_up()

    def put_up(self) -> None:
        """The order stands in the shop and in the ledger, and its purchase is planned."""
        self.held = self.stands(self.one)
        ledger, now = self.run.ledger, self.run.now()
        ledger.save_order(order_of(self.held), now, detail=True)
        ledger.dispose(SHOP, self.one.number, "ours", "")
        to = self.one.receiver
        receiver = Receiver(
            to["name"], Phone(to["phone"], ""), to["province"], to["city"], to["district"], to["town"], to["detail"]
        )
        ledger.save_receiver(SHOP, self.one.number, receiver, now)
        purchase = self.purchase()
        ledger.plan([purchase], now)
        supplier, site = self.run.supplier(purchase.supplier), self.run.config.site_of(self.account)
        self.meant = Meant(
            purchase,
            receiver,
            supplier.most_per_order,
            note=note_for(supplier.note, purchase.reference),
            seller=supplier.seller,
            hidden=frozenset(site.lacks),
            merges=site.merges_orders,
        )

    def stands(self, one: DemoOrder) -> ShopOrder:
        at = self.bench.market.clock().replace(microsecond=0) - timedelta(hours=20)
        return self.bench.market.shop.add_order(one.number, lines=one.lines, receiver=one.receiver, ordered_at=at, **one.more)

    def purchase(self) -> PurchaseOrder:
        at_mall = self.account == MALL
        bought = []
        for held in self.held.lines:
            if at_mall:
                product = next(each for each in GOODS if each[1] == held.specification)
                number, words, cost, ceiling = product[2], product[3], product[4], product[5]
                title = self.bench.market.mall.products[number].title
            else:
                number, words, cost = AT_1688[held.specification]
                ceiling, title = cost, self.bench.market.m1688.offers[number].title
            supplier = "yiwu" if at_mall else "tailor"
            bought.append(
                PurchaseLine(
                    held.number, SupplierProduct(supplier, number, title, words, 1, Fen(cost), Fen(ceiling)), held.quantity
                )
            )
        return PurchaseOrder(
            self.one.reference, SHOP, self.one.number, 1, "yiwu" if at_mall else "tailor", self.account, tuple(bought)
        )

    @property
    def stored(self) -> StoredOrder:
        known = self.run.ledger.order(SHOP, self.one.number)
        assert known is not None
        return known

    @property
    def stored_purchase(self) -> StoredPurchase:
        known = self.run.ledger.purchase(self.one.reference)
        assert known is not None
        return known

    def looked(self) -> bool | None:
        """Whether the look before a run's first write sees the change; None where it does not open that page."""
        return None

    def act(self) -> Told:
        raise NotImplementedError

    def truth(self) -> Told:
        raise NotImplementedError

    def amiss(self) -> Iterator[str]:
        """What stands at the sites and is not as meant."""
        yield from ()

    # ---- the supplier's books

    def goods(self) -> list[tuple[str, str, int]]:
        return [(one.product.product, one.product.specification, one.quantity) for one in self.meant.purchase.lines]

    def placed(self) -> list[Any]:
        site = self.bench.market.mall if self.account == MALL else self.bench.market.m1688
        return [made for made in site.orders if made.by == "page"]

    def standing(self) -> list[Standing]:
        return [standing_at_mall(made) if isinstance(made, MallOrder) else _at_1688(made) for made in self.placed()]

    def put_at_supplier(self) -> Any:
        """The purchase stands at the supplier as its page would have made it."""
        to, market = self.one.receiver, self.bench.market
        names = (to["province"].rstrip("省市"), to["city"].rstrip("市"), to["district"])
        if self.account == MALL:
            made: Any = market.mall.add_order(
                self.goods(),
                name=to["name"],
                phone=to["phone"],
                region=names,
                address=to["town"] + to["detail"],
                reference=self.one.reference,
                note=self.meant.note,
            )
        else:
            region = (to["province"], to["city"], to["district"], to["town"])
            made = market.m1688.add_order(
                self.goods(),
                name=to["name"],
                phone=to["phone"],
                region=region,
                address=to["detail"],
                message=self.meant.note,
                state="placed",
            )
        made.by = "page"
        return made


def _at_1688(made: Any) -> Standing:
    to = made.receiver
    goods = tuple((sold.offer, sold.sku, sold.quantity) for sold in made.group.lines)
    return Standing(to.name, to.phone, "".join(to.region[:3]), "".join(to.region[3:]) + to.detail, goods, made.message, 0)


def order_of(held: ShopOrder) -> Order:
    """A shop order as the program is to understand it."""
    name, phone, address = held.receiver.shown(masked=True)
    flags = {"灰": "grey", "紫": "purple", "青": "cyan", "绿": "green", "橙": "orange", "红": "red"}
    states = {"待发货": "to_ship", "已发货": "shipped", "部分发货": "partly_shipped"}
    lines = tuple(
        OrderLine(
            one.number,
            one.title,
            one.specification,
            one.merchant_code,
            one.quantity,
            {"-": "none", "退款中": "open", "售后关闭": "closed"}[one.after_sales],  # type: ignore[arg-type]
            "ordinary",
            one.product_id,
            Fen(one.price),
        )
        for one in held.lines
    )
    return Order(
        SHOP,
        held.number,
        held.ordered_at,
        held.ship_by,
        states[held.state],  # type: ignore[arg-type]
        "ordinary",
        flags[held.flag],  # type: ignore[arg-type]
        held.remark,
        held.buyer_message,
        "none",
        MaskedReceiver(name, phone, address),
        lines,
        held.source,
    )
