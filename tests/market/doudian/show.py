"""What of an order the shop's pages get to see: never the true receiver."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.market.doudian.orders import TO_SHIP, Parcel, ShopLine, ShopOrder
from tests.market.doudian.state import ShopState


def list_entry(order: ShopOrder) -> dict[str, Any]:
    """An order as the list shows it."""
    return {
        "number": order.number,
        "kind": order.kind,
        "source": order.source,
        "ordered_at": words(order.ordered_at),
        "flag": order.flag,
        "remark": order.remark,
        "buyer_message": order.buyer_message,
        "state": order.state,
        "ships": order.state in TO_SHIP,
        "receiver": order.receiver.shown(masked=True),
        "lines": [_line(order, line) for line in order.lines],
    }


def whole_order(order: ShopOrder) -> dict[str, Any]:
    """An order as its own page shows it."""
    return {
        **list_entry(order),
        "ship_by": words(order.ship_by),
        "address_change": order.address_change,
        "parcels": [
            {"carrier": one.carrier, "tracking_number": one.tracking_number, "at": words(one.at), "lines": _inside(order, one)}
            for one in order.parcels
        ],
    }


def _inside(order: ShopOrder, parcel: Parcel) -> list[dict[str, Any]]:
    """The goods of a parcel, as the order's page lists them under its number."""
    titles = {line.number: line.title for line in order.lines}
    return [{"number": number, "title": titles[number], "pieces": pieces} for number, pieces in parcel.pieces]


def counts(shop: ShopState, name: str) -> dict[str, int]:
    """How many orders stand under each tab."""
    tabs = [order.tab() for order in shop.orders.values() if order.shop == name]
    return {"": len(tabs), **{tab: tabs.count(tab) for tab in ("待支付", "备货中", "已发货", "已完成", "已关闭")}}


def words(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S") if at else "-"


def _line(order: ShopOrder, line: ShopLine) -> dict[str, Any]:
    return {
        "number": line.number,
        "kind": line.kind,
        "title": line.title,
        "specification": line.specification,
        "product_id": line.product_id,
        "merchant_code": line.merchant_code,
        "quantity": line.quantity,
        "price": f"¥{line.price / 100:.2f}",
        "paid": f"¥{line.price * line.quantity / 100:.2f}",
        "after_sales": line.after_sales,
        "state": "已发货" if line.parcel and order.state == "部分发货" else order.state,
        "ships": line.ships(),
        "rest": line.rest,
    }
