"""What the program does in the shop: read its list, an order and its parcels, write the note and the tracking number."""

from __future__ import annotations

from collections.abc import Iterator

from agent.errors import Mismatch
from agent.ledger import StoredOrder
from agent.models import Fen, Order, Shipment
from agent.work.buy import reread
from agent.work.entered import shop_parcels
from agent.work.note import note_purchase
from agent.work.read_orders import read_shop
from agent.work.run import Run
from agent.work.ship import enter_all
from tests.drift.play import CARRIER, LINES, Play, Told, order_of
from tests.market.demo_orders import SHOP
from tests.road.road import order


class ShopList(Play):
    """The shop's open orders, read into the ledger."""

    def begin(self) -> None:
        self.bench.at += 3
        self.made = [
            self.stands(order(self.bench.at - 2, lines=LINES, more={"flag": "红", "remark": "不发"})),
            self.stands(order(self.bench.at - 1, lines=LINES)),
            self.stands(order(self.bench.at, more={"buyer_message": "请尽快"})),
        ]
        self.made[1].lines[0].after_sales = "退款中"

    def act(self) -> Told:
        read_shop(self.run, self.bench.shop)
        _raise_asked(self.run)
        return {one.order_number: _of_order(one) for one in self.run.ledger.orders()}

    def truth(self) -> Told:
        return {one.number: _of_order(order_of(one)) for one in self.made}


def _of_order(one: Order | StoredOrder) -> Told:
    """What the list shows of an order."""
    lines = sorted(
        (x.line_number, x.title, x.specification, x.merchant_code, x.quantity, x.after_sales, x.kind) for x in one.lines
    )
    return {"at": one.ordered_at, "state": one.state, "flag": one.flag, "remark": one.remark, "kind": one.kind, "lines": lines}


def _raise_asked(run: Run) -> None:
    if asked := run.ledger.items():
        raise Mismatch(asked[-1].what)


class ShopPage(Play):
    """One order's own page."""

    def begin(self) -> None:
        self.bench.at += 2
        self.stands(order(self.bench.at - 1))
        more = {"flag": "绿", "remark": "老客户", "buyer_message": "请尽快"}
        self.one = order(self.bench.at, lines=LINES, more=more)
        self.put_up()

    def act(self) -> Told:
        return {"order": reread(self.run, self.bench.shop, self.stored)}

    def truth(self) -> Told:
        return {"order": order_of(self.held)}


class Note(Play):
    """The note for the colleagues on the shop's order, of a purchase that is proven."""

    def begin(self) -> None:
        super().begin()
        self.stands(order(self.bench.at + 500_000))
        self.number = f"2026112{self.bench.at:06d}"
        self.run.ledger.placed(self.one.reference, (self.number,), Fen(1000), Fen(100), self.run.now())

    def act(self) -> Told:
        note_purchase(self.run, self.bench.shop, self.stored_purchase)
        return {"flag": "紫", "remark": f"已拍 {self.number}"}

    def truth(self) -> Told:
        return {"flag": self.held.flag, "remark": self.held.remark}

    def amiss(self) -> Iterator[str]:
        for one in self.bench.market.shop.notes:  # of two fields each is as meant, or as it was
            as_meant = one.flag in ("灰", "紫") and one.remark in ("", f"已拍 {self.number}")
            if one.order != self.one.number or not as_meant:
                yield f"{one.order} was noted {one.flag} {one.remark!r}"


class Ship(Play):
    """The tracking number entered in the shop and read back."""

    def begin(self) -> None:
        super().begin()
        self.stands(order(self.bench.at + 500_000))
        ledger, now = self.run.ledger, self.run.now()
        ledger.placed(self.one.reference, (f"2026112{self.bench.at:06d}",), Fen(1000), Fen(100), now)
        self.number = f"YT9693083{self.bench.at:06d}"
        shipment = Shipment(SHOP, self.one.number, 1, self.one.reference, CARRIER[1], self.number)
        ledger.save_shipment(shipment, {one.number: one.quantity for one in self.held.lines}, now)

    def act(self) -> Told:
        self.run.looked.add((self.bench.shop.account, "ship_order"))
        enter_all(self.run, self.bench.shop, self.run.ledger.shipments(SHOP, entered=False))
        entered = self.run.ledger.shipments(SHOP, entered=True)
        if not entered:
            _raise_asked(self.run)
            raise Mismatch("not entered")
        return {"parcels": [(one.carrier, one.tracking_number) for one in entered]}

    def truth(self) -> Told:
        return {"parcels": [(one.carrier, one.tracking_number) for one in self.held.parcels]}

    def amiss(self) -> Iterator[str]:
        for one in self.bench.market.shop.shipments:
            if (one.order, one.carrier, one.tracking_number) != (self.one.number, CARRIER[1], self.number):
                yield f"{one.order} was shipped with {one.carrier} {one.tracking_number}"


class ShopParcels(Play):
    """The parcels that the shop's own page of an order shows."""

    def begin(self) -> None:
        super().begin()
        market = self.bench.market
        for at, one in enumerate(self.held.lines):
            market.shop.write_parcel(self.held, CARRIER[1], f"YT9693083{self.bench.at:05d}{at}", [one.number])

    def act(self) -> Told:
        shown = shop_parcels(self.run, self.bench.shop, self.one.number)
        return {"parcels": [(one.carrier, one.tracking_number, dict(one.inside or {})) for one in shown]}

    def truth(self) -> Told:
        return {"parcels": [(one.carrier, one.tracking_number, dict(one.pieces)) for one in self.held.parcels]}
