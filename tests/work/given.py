"""What the tests of the pure functions are about: a purchase of two lines, its receiver, the page that shows exactly it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from agent.models import (
    SHANGHAI,
    Fen,
    MaskedReceiver,
    Order,
    OrderLine,
    Phone,
    PurchaseLine,
    PurchaseOrder,
    Reading,
    Receiver,
    SupplierProduct,
)
from agent.work.compare import Difference, Meant

SHIRT = SupplierProduct("yiwu", "A-1001", "纯棉T恤", "黑色 XL", 1, Fen(1800), Fen(2000))
CUP = SupplierProduct("yiwu", "B-2002", "保温杯 500ml", "白", 2, Fen(123450), Fen(130000))
XL = "黑色 XL"
RECEIVER = Receiver("张三", Phone("18400913965", "7576"), "浙江省", "杭州市", "临平区", "乔司街道", "永西路88号 3幢2单元 601室")
PURCHASE = PurchaseOrder(
    "PPX2HTAT1YCW",
    "xiaolin",
    "6920000000000000001",
    1,
    "yiwu",
    "mall-yiwu",
    (PurchaseLine("1", SHIRT, 3), PurchaseLine("2", CUP, 2)),
)
MEANT = Meant(PURCHASE, RECEIVER, Fen(300000), note="PPX2HTAT1YCW 请勿放价格单")
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=SHANGHAI)


def row(goods: SupplierProduct = SHIRT, quantity: int = 3, price: int | None = None, /, **changed: object) -> dict[str, object]:
    """A goods row as the page shows it; `changed` words replace its cells."""
    return {
        "title": goods.title,
        "product": goods.product,
        "specification": goods.specification,
        "unit_price": goods.cost if price is None else price,
        "quantity": quantity,
        **changed,
    }


ROWS = (row(), row(CUP, 2))
GOODS_TOTAL = 3 * 1800 + 2 * 123450


def page(rows: tuple[dict[str, object], ...] = ROWS, *, chosen: dict[str, str] | None = None, **changed: object) -> Reading:
    """The confirm page of the purchase; `changed` words replace what it shows, and its sums follow the rows."""
    goods = sum(_int(r.get("unit_price")) * _int(r.get("quantity")) for r in rows)
    values = {
        "reference": PURCHASE.reference,
        "receiver_name": RECEIVER.name,
        "phone": "18400913965-7576",
        "region": "浙江 杭州 临平区",
        "address": "乔司街道永西路88号 3幢2单元 601室",
        "supplier_note": MEANT.note,
        "lines": rows,
        "goods_total": goods,
        "freight": 600,
        "discount": 0,
        "total": goods + 600,
        **changed,
    }
    kept = {word: value for word, value in values.items() if value != "gone"}
    options = {"province": "浙江", "city": "杭州", "district": "临平区"} if chosen is None else chosen
    return Reading(kept, {}, options)  # type: ignore[arg-type]


def _int(value: object) -> int:
    return value if isinstance(value, int) else 0


ORDER = Order(
    shop="xiaolin",
    order_number="6920000000000000001",
    ordered_at=NOON,
    ship_by=None,
    state="to_ship",
    kind="ordinary",
    flag="grey",
    remark="",
    buyer_message="",
    address_change="none",
    receiver=MaskedReceiver("张*", "184****3965-****", "浙江省 杭州市 临平区 乔司街道 ****"),
    lines=(
        OrderLine("1", "夏季T恤", "黑色 XL", "TX-01", 3, "none", "ordinary"),
        OrderLine("2", "保温杯", "白", "BW-02", 1, "none", "ordinary"),
    ),
)


def receiver(**changed: object) -> Receiver:
    return replace(RECEIVER, **changed)  # type: ignore[arg-type]


def words(found: tuple[Difference, ...]) -> set[str]:
    """What differs, by the words of the contract."""
    return {difference.word for difference in found}


def one_line(specification: str = XL, quantity: int = 3, title: str = SHIRT.title) -> Meant:
    """The purchase with one line only."""
    product = replace(SHIRT, specification=specification, title=title)
    return replace(MEANT, purchase=replace(PURCHASE, lines=(PurchaseLine("1", product, quantity),)))
