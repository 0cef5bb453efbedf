"""Values to try a new site's forms with: a receiver, a purchase, a note and a parcel that are none. Nothing of it is ever committed."""

from __future__ import annotations

from typing import cast

from agent.models import Fen, Phone, PurchaseLine, PurchaseOrder, Receiver, Shipment, SupplierProduct
from agent.work.carriers import Carrier, carrier_of
from agent.work.values import Values, note_values, order_values, purchase_values, shipment_values, values_for

RECEIVER = Receiver("测试", Phone("13800000000"), "浙江省", "杭州市", "余杭区", "", "文一西路1号测试勿发")
REFERENCE = "TEST0001"
PARCEL = Shipment("", "", 1, REFERENCE, "圆通", "YT0000000000000")
REMARK = "测试勿存"


def purchase_of(product: str, specification: str, *, title: str = "", cost: int = 0) -> PurchaseOrder:
    """One piece of this product; `title` and `cost` as the site shows them, where that is known."""
    line = PurchaseLine("1", SupplierProduct("", product, title, specification, 1, Fen(cost), Fen(0)), 1)
    return PurchaseOrder(REFERENCE, "", "", 1, "", "", (line,))


def to_fill(product: str, specification: str) -> Values:
    """What an order form is filled with."""
    return values_for(purchase_of(product, specification), RECEIVER, "")


def at_supplier(supplier_order_number: str) -> Values:
    """What is asked for where an order of the supplier's list is opened."""
    return {**purchase_values(REFERENCE), "purchase_order.supplier_order_number": supplier_order_number}


def in_shop(order_number: str) -> Values:
    """What is written into the forms of this shop order: a flag and a remark, a carrier and a number."""
    carrier = cast(Carrier, carrier_of(PARCEL.carrier))
    return {
        **note_values(order_number, "grey", REMARK),
        **shipment_values(PARCEL, carrier),
        **order_values(order_number),
    }
