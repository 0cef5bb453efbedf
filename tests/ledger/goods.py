"""The goods the ledger's tests are made of: one order, its purchase, a click."""

from __future__ import annotations

from datetime import datetime, timedelta

from agent.ledger import Ledger
from agent.models import (
    SHANGHAI,
    CommitFacts,
    Fen,
    MaskedReceiver,
    Order,
    OrderLine,
    Phone,
    PurchaseLine,
    PurchaseOrder,
    Receiver,
    RequestNote,
    Shipment,
    SupplierProduct,
    WriteState,
)

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=SHANGHAI)
LATER = NOW + timedelta(minutes=5)

SHOP = "xiaolin"
NUMBER = "6920000000000000001"
REFERENCE = "0A1B2C3D4E5F"
ACCOUNT = "mall-yiwu"
LINES = ("6920000000000000001A", "6920000000000000001B")
POST = RequestNote("POST", "mall.example", "/order/confirm")
FACTS = CommitFacts("https://mall.example/order/confirm?name=张三#x", "f" * 64, {"receiver_name": "张三", "total": "¥24.00"})
RECEIVER = Receiver("张三丰", Phone("18400913965", "7576"), "浙江省", "杭州市", "临平区", "南苑街道", "秀水路8号2幢")


def order_line(line_number: str = LINES[0], *, quantity: int = 1) -> OrderLine:
    return OrderLine(
        line_number, "不锈钢保温杯", "白色 500ml", "BWB-01", quantity, "none", "ordinary", "3551234567890123456", Fen(2990)
    )


def order(shop: str = SHOP, number: str = NUMBER, **changed: object) -> Order:
    known: dict[str, object] = {
        "ordered_at": NOW - timedelta(hours=1),
        "ship_by": NOW + timedelta(hours=47),
        "state": "to_ship",
        "kind": "ordinary",
        "flag": "grey",
        "remark": "",
        "buyer_message": "请尽快",
        "address_change": "none",
        "receiver": MaskedReceiver("张*", "184****3965-****", "浙江省 杭州市 临平区 南苑街道 ****"),
        "lines": tuple(order_line(line) for line in LINES),
    }
    return Order(shop, number, **(known | changed))  # type: ignore[arg-type]


def product(*, ceiling: int = 1500) -> SupplierProduct:
    return SupplierProduct("yiwu", "H-778", "保温杯", "白色/500毫升", 2, Fen(1200), Fen(ceiling))


def purchase(
    counter: int = 1, *, reference: str = REFERENCE, lines: tuple[str, ...] = LINES, ceiling: int = 1500
) -> PurchaseOrder:
    bought = tuple(PurchaseLine(line, product(ceiling=ceiling), 2) for line in lines)
    return PurchaseOrder(reference, SHOP, NUMBER, counter, "yiwu", ACCOUNT, bought)


def parcel(ordinal: int = 1, number: str = "YT8800000000001", carrier: str = "圆通速递") -> Shipment:
    return Shipment(SHOP, NUMBER, ordinal, REFERENCE, carrier, number)


def intend(ledger: Ledger, kind: str = "submit", key: str = REFERENCE, reference: str = REFERENCE) -> int:
    return ledger.intend(kind, key, shop=SHOP, order_number=NUMBER, reference=reference, account=ACCOUNT, at=NOW)


def begin(ledger: Ledger, *writes: int) -> int:
    return ledger.begin_attempt(
        writes, account=ACCOUNT, flow="submit_order", baseline=["900001"], meant={"total": 2400, "hidden": ["手机"]}, at=NOW
    )


def clicked(ledger: Ledger, kind: str = "submit", key: str = REFERENCE) -> int:
    """An attempt that has just been clicked; a submit is planned first."""
    if kind == "submit":
        ledger.plan([purchase()], NOW)
        attempt = begin(ledger, intend(ledger, kind, key))
    else:
        attempt = begin(ledger, intend(ledger, kind, key, reference=""))
    ledger.committing(attempt, FACTS, NOW)
    return attempt


def settle(
    ledger: Ledger, attempt: int, state: WriteState, requests: tuple[RequestNote, ...] | None = (), **more: object
) -> None:
    ledger.settle(attempt, state, words="库存不足", requests=requests, pictures=(), at=LATER, **more)  # type: ignore[arg-type]


def write_state(ledger: Ledger, kind: str = "submit", key: str = REFERENCE) -> str:
    known = ledger.write(kind, key)
    return known.state if known else ""
