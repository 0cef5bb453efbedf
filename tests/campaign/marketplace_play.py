"""Play a list that is bought at the marketplace: its sellers and their offers, the seller's files, and the books it is judged on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, cast

from agent.ledger import StoredPurchase
from tests.campaign.ends import Value
from tests.campaign.marketplace_ends import STRANGERS, THE_SAME
from tests.campaign.marketplace_trials import Goods, Ordered
from tests.campaign.play import Player
from tests.campaign.suppliers import Bought
from tests.campaign.till import ACCOUNT
from tests.campaign.till import MARKETPLACE as NAME
from tests.campaign.trials import Pick, Planned
from tests.market.day_sites import standing
from tests.market.faults import Fired
from tests.market.seller import Standing, write_products
from tests.road.road import Road

SKU, ONE_KIND = "黑色;L", "单个"
COST, CEILING = 1_800, 2_000
IN_THE_CART = "612500000001"  # what somebody else left there, ticked
SUPPLIER = """\
  {name}:
    account: {account}
    seller: {seller}
    autonomy: place
    note: 单号 <reference> 请勿放价格单
    most_per_order: 300.00
    most_per_day: 3000.00
"""


def sku(goods: Goods) -> str:
    """An offer of two axes for the first line of an order, of one for the other."""
    return SKU if goods.offer.endswith("1") else ONE_KIND


def title(goods: Goods) -> str:
    return f"纯棉圆领短袖T恤宽松打底衫 {goods.code}"


class Marketplace:
    """The marketplace's own books: an order is ours by the reference in its message, or by its receiver where that was lost."""

    def __init__(self, road: Road) -> None:
        self.road = road

    @property
    def site(self) -> Any:
        return self.road.market.m1688

    def live(self, one: Planned) -> list[Any]:
        phone, reference = one.order.receiver["phone"], one.order.reference
        placed = [made for made in self.site.orders if made.by == "page" and made.state != "closed"]
        return [made for made in placed if reference in made.message or made.receiver.phone == phone]

    def ordered(self, one: Planned) -> list[Bought]:
        return [(goods.offer, sku(goods), goods.quantity) for goods in cast(Ordered, one).goods]

    def standing(self, made: Any) -> Standing:
        return replace(standing(made), insurance=made.group.adjustment)

    def submits(self, one: Planned) -> int:
        return sum(record.order == one.order.reference for record in self.site.submits)

    def harm(self, one: Planned) -> str:
        strangers = cast(Ordered, one).strangers_offer
        struck = Fired("foreign_goods", "cart", cast(Ordered, one).goods[0].offer) in self.road.market.faults.fired
        put = {IN_THE_CART, *([strangers] if struck and self._is_strangers(one) else [])}
        lies = {item.offer for item in self.site.cart if item.by == "person" and item.quantity == 1}
        return f"not in the cart any more, though somebody else put it there: {put - lies}" if put - lies else ""

    def _is_strangers(self, one: Planned) -> bool:
        return any(pick.cell.fault == "foreign_goods" and pick.value == STRANGERS for pick in one.picks)

    def denied(self) -> Iterator[str]:
        with self.road.ledger() as ledger:
            for purchase in ledger.purchases():
                yield from self._denied(purchase)

    def _denied(self, purchase: StoredPurchase) -> Iterator[str]:
        said = purchase.supplier_order_numbers
        there = [made for made in self.site.orders if made.number in said]
        if said:
            ours = all(purchase.reference in made.message or made.by == "person" for made in there)
            if len(there) != len(said) or not ours or sum(made.total for made in there) != purchase.total:
                yield f"{purchase.reference}: the ledger says {said} for {purchase.total}, the marketplace has {there}"
        elif purchase.write_state in ("", "intended", "refused") and self.site.orders_with(purchase.reference):
            yield f"{purchase.reference} stands at the marketplace, the ledger says {purchase.write_state or 'nothing sent'}"


class MarketplacePlayer(Player):
    """Plays what is bought there; the program, its processes and their ends are as of any list."""

    supplier = Marketplace

    def _play(self, orders: Sequence[Planned]) -> None:
        open_marketplace(self.played.road, [one for one in orders if isinstance(one, Ordered)])
        super()._play(orders)

    def _value(self, one: Planned, pick: Pick) -> Value:
        """What the table says in words is an offer of this very order."""
        offers = {STRANGERS: cast(Ordered, one).strangers_offer, THE_SAME: cast(Ordered, one).goods[0].offer}
        return offers.get(pick.value, pick.value) if isinstance(pick.value, str) else pick.value


def open_marketplace(road: Road, orders: Sequence[Ordered]) -> None:
    """What its sellers offer, what lies in the cart before, and the seller's files for it."""
    site = road.market.m1688
    site.add_offer(IN_THE_CART, "陶瓷马克杯", "瓷韵陶瓷厂", [], {ONE_KIND: (900, 40)})
    site.put_into_cart(IN_THE_CART, ONE_KIND, 1)
    for one in orders:
        site.add_offer(one.strangers_offer, f"不锈钢挂钩 {one.place}", f"挂钩{one.place}号店", [], {ONE_KIND: (320, 500)})
        for goods in one.goods:
            axes = ["颜色", "尺码"] if sku(goods) == SKU else []
            more = {"白色;M": (COST, 5_000)} if axes else {}
            site.add_offer(goods.offer, title(goods), one.seller, axes, {sku(goods): (COST, 5_000), **more})
    _write_files(road, orders)


def _write_files(road: Road, orders: Sequence[Ordered]) -> None:
    site = road.market.m1688
    road.config("shops:\n", ACCOUNT.format(**site.addresses, shows=site.user_name, known=site.known_order.number))
    told = [SUPPLIER.format(name=f"seller{one.place}", account=NAME, seller=one.seller) for one in orders]
    road.config("limits: {most_orders", "".join(told) + "limits: {most_orders")
    rows = [
        (goods.code, line["specification"], f"seller{one.place}", goods.offer, title(goods), sku(goods), 1, COST, CEILING)
        for one in orders
        for goods, line in zip(one.goods, one.order.lines, strict=True)
    ]
    write_products(road.home / "products.csv", rows)
    with (road.home / "secrets.yaml").open("a", encoding="utf-8") as file:
        file.write(f'{NAME}: {{user_name: "{site.user_name}", password: "{site.password}"}}\n')
