"""A ledger that a run has written, made by the same calls that the jobs make: what the tests of the report tell of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

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

BEGAN = datetime(2026, 11, 22, 18, 0, tzinfo=SHANGHAI)
RECEIVER = Receiver("张三丰", Phone("18400913965", "7576"), "浙江省", "杭州市", "临平区", "南苑街道", "秀水路8号 2幢601室")
SHOP = "xiaolin"
POST = RequestNote("POST", "mall.example", "/order/confirm")
FACTS = CommitFacts("https://mall.example/order/confirm", "f" * 64, {})


@dataclass
class Day:
    """Writes runs into a ledger, a minute a fact."""

    ledger: Ledger
    now: datetime = BEGAN
    run: int = 0

    def begin(self, words: str = "run --once") -> int:
        self.ledger.activate(SHOP, self.now)
        self.run = self.ledger.begin_run(self.now, words)
        return self.run

    def end(self) -> None:
        self.ledger.end_run(self.run, self.tick())

    def tick(self, minutes: int = 1) -> datetime:
        self.now += timedelta(minutes=minutes)
        return self.now

    def order(
        self,
        number: str,
        title: str = "日式收纳筐",
        *,
        ship_by: timedelta | None = timedelta(hours=30),
        price: int | None = None,
        source: str = "",
    ) -> None:
        """An order of ours, its receiver revealed; `price` is what the buyer paid for one of two pieces."""
        end = self.now + ship_by if ship_by is not None else None
        line = OrderLine(
            f"{number}A", title, "米白/L", "SNK", 2, "none", "ordinary", price=None if price is None else Fen(price)
        )
        masked = MaskedReceiver("张**", "184****3965", "浙江省 杭州市 临平区 南苑街道 ****")
        hour_ago = self.now - timedelta(hours=1)
        seen = Order(SHOP, number, hour_ago, end, "to_ship", "ordinary", "grey", "", "", "none", masked, (line,), source)
        self.ledger.save_order(seen, self.now, detail=True)
        self.ledger.save_receiver(SHOP, number, RECEIVER, self.now)

    def plan(self, number: str, reference: str, *, supplier: str = "yiwu", title: str = "日式棉麻收纳筐") -> None:
        product = SupplierProduct(supplier, "YW2001", title, "米白/L", 1, Fen(1680), Fen(1900))
        lines = (PurchaseLine(f"{number}A", product, 2),)
        self.ledger.plan([PurchaseOrder(reference, SHOP, number, 1, supplier, f"mall-{supplier}", lines)], self.now)

    def click(self, kind: str, key: str, number: str, reference: str, total: int | None = None) -> int:
        account = "mall-yiwu" if kind == "submit" else "shop-main"
        write = self.ledger.intend(kind, key, shop=SHOP, order_number=number, reference=reference, account=account, at=self.now)
        meant = {"total": total} if kind == "submit" else {}
        attempt = self.ledger.begin_attempt([write], account=account, flow=kind, baseline=[], meant=meant, at=self.now)
        self.ledger.committing(attempt, FACTS, self.tick())
        return attempt

    def settle(self, attempt: int, state: WriteState) -> None:
        self.ledger.settle(attempt, state, words="", requests=[POST], pictures=[], at=self.tick())

    def bought(
        self, number: str, reference: str, supplier_number: str, total: int | None = 3960, *, supplier: str = "yiwu"
    ) -> None:
        """A purchase that was clicked once and proven."""
        self.plan(number, reference, supplier=supplier)
        self.settle(self.click("submit", reference, number, reference, total), "confirmed")
        self.ledger.placed(reference, (supplier_number,), None if total is None else Fen(total), Fen(600), self.now)

    def unknown(self, number: str, reference: str, total: int) -> None:
        self.plan(number, reference)
        self.settle(self.click("submit", reference, number, reference, total), "unknown")

    def found(self, number: str, reference: str, supplier_number: str, total: int) -> None:
        """A purchase that stood at the supplier though nothing was ever clicked."""
        self.plan(number, reference)
        facts = {"shop": SHOP, "order_number": number, "reference": reference, "account": "mall-yiwu"}
        self.ledger.found_done("submit", reference, **facts, at=self.tick())
        self.ledger.placed(reference, (supplier_number,), Fen(total), Fen(0), self.now)

    def parcel(self, number: str, reference: str, tracking_number: str, carrier: str = "圆通速递") -> None:
        shipment = Shipment(SHOP, number, 1, reference, carrier, tracking_number)
        self.ledger.save_shipment(shipment, {f"{number}A": 2}, self.tick())

    def entered(self, number: str, reference: str) -> None:
        """Its tracking number was entered in the shop with one click and read back."""
        self.settle(self.click("ship", f"{SHOP}:{number}:1", number, reference), "confirmed")
        self.ledger.entered(SHOP, number, 1, self.now)

    def asked(self, number: str, what: str, todo: str = "`agent approve ID` buys it.", picture: Path | None = None) -> int:
        cause = f"order:{SHOP}:{number}:{what}"
        facts = {"what": what, "todo": todo, "shop": SHOP, "order_number": number}
        return self.ledger.ask("Mismatch", cause, **facts, evidence=picture, at=self.tick())

    def told(self, number: str, what: str = "Form filled", *, picture: Path | None = None, **facts: str) -> None:
        self.ledger.tell(self.tick(), what, run=self.run, shop=SHOP, order_number=number, picture=picture, **facts)
