"""What the shop does with tracking numbers: its checks, its three forms, and the change of a number, as the pages ask for them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.market.doudian.carriers import CARRIERS
from tests.market.doudian.orders import MOST_CHANGES, TO_SHIP, Parcel, Refused, ShopOrder

if TYPE_CHECKING:
    from tests.market.core import Market


class Shipping:
    """Of the shop's state, what concerns parcels."""

    market: Market
    orders: dict[str, ShopOrder]
    shipments: list[Parcel]

    def mergeable(self, order: ShopOrder) -> list[ShopOrder]:
        """The orders of the same receiver that may go into one parcel with this one; it comes first."""
        others = [
            one
            for one in self.orders.values()
            if one is not order and one.shop == order.shop and one.receiver == order.receiver and one.state in TO_SHIP
        ]
        return [order, *others]

    def check_pack(self, pack: Mapping[str, Mapping[str, int]], carrier: str, tracking_number: str) -> None:
        """What the real shop checks of a parcel: order → line → pieces."""
        orders = [self.orders[number] for number in pack]
        if len({order.receiver for order in orders}) > 1:
            raise Refused("收货人信息不一致，无法合并发货")
        for order in orders:
            self.check_ship(order, carrier, tracking_number, list(pack[order.number]), together=set(pack))
            rest = {line.number: line.rest for line in order.lines}
            if any(not 0 < pieces <= rest[line] for line, pieces in pack[order.number].items()):
                raise Refused("发货数量超过可发数量")

    def write_pack(self, pack: Mapping[str, Mapping[str, int]], carrier: str, tracking_number: str) -> list[Parcel]:
        return [self.write_parcel(self.orders[number], carrier, tracking_number, lines) for number, lines in pack.items()]

    def check_change(self, order: ShopOrder, ordinal: int, carrier: str, tracking_number: str) -> None:
        parcel = order.parcels[ordinal - 1]
        if parcel.changed >= MOST_CHANGES:
            raise Refused("运单号修改次数已达上限")
        if carrier not in CARRIERS or not re.fullmatch(r"[A-Za-z0-9-]{8,30}", tracking_number):
            raise Refused("运单号格式错误，请检查后重新输入")
        if any(one.tracking_number == tracking_number and one.order != order.number for one in self.shipments):
            raise Refused("该运单号已被其他订单使用")

    def write_change(self, order: ShopOrder, ordinal: int, carrier: str, tracking_number: str) -> None:
        old = order.parcels[ordinal - 1]
        new = replace(old, carrier=carrier, tracking_number=tracking_number, changed=old.changed + 1)
        order.parcels[ordinal - 1] = new
        self.shipments[self.shipments.index(old)] = new

    def check_ship(
        self, order: ShopOrder, carrier: str, tracking_number: str, lines: Sequence[str], *, together: Collection[str] = ()
    ) -> None:
        """What the real shop checks before it takes a tracking number. `together`: the orders that share the parcel."""
        if order.state not in TO_SHIP:
            raise Refused("订单已关闭，无法发货" if order.tab() == "已关闭" else "订单状态已变更，请刷新后重试")
        if carrier not in CARRIERS:
            raise Refused("请选择快递公司")
        if not re.fullmatch(r"[A-Za-z0-9-]{8,30}", tracking_number):
            raise Refused("运单号格式错误，请检查后重新输入")
        if any(one.tracking_number == tracking_number and one.order not in {order.number, *together} for one in self.shipments):
            raise Refused("该运单号已被其他订单使用")
        if not lines or not {line.number for line in order.lines if line.ships()}.issuperset(lines):
            raise Refused("所选商品存在进行中的售后，无法发货")

    def write_parcel(
        self, order: ShopOrder, carrier: str, tracking_number: str, lines: Sequence[str] | Mapping[str, int]
    ) -> Parcel:
        """A parcel with so many pieces of these lines; without a number all that is left of each."""
        held = {line.number: line for line in order.lines}
        told = lines if isinstance(lines, Mapping) else {number: held[number].rest or held[number].quantity for number in lines}
        facts = (order.number, len(order.parcels) + 1, carrier, tracking_number, tuple(told), self.market.clock())
        parcel = Parcel(*facts, pieces=tuple(told.items()))
        order.parcels.append(parcel)
        self.shipments.append(parcel)
        for number, pieces in told.items():
            held[number].sent += pieces
            held[number].parcel = held[number].parcel if held[number].rest else parcel.ordinal
        order.state = "部分发货" if any(line.is_due() for line in order.lines) else "已发货"
        return parcel
