"""What the program does in a trial, by its own jobs; what it then says of the sites, and what the sites say themselves.

Each play has four parts: `begin` sets the sites and the ledger up, `act` lets the program work and returns what it holds
for true, `truth` is the same out of the sites' books, `amiss` is what stands there and nobody meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from agent.errors import Mismatch
from agent.ledger import StoredOrder, StoredPurchase
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
    Shipment,
    SupplierProduct,
)
from agent.work.buy import fill, reread
from agent.work.compare import Meant, judge
from agent.work.drift import drifted, opened
from agent.work.entered import shop_parcels
from agent.work.look import Listed, Seen, detail, look
from agent.work.mapping import read_offer
from agent.work.note import note_purchase
from agent.work.prove import submit
from agent.work.read_orders import read_shop
from agent.work.run import Run
from agent.work.ship import enter_all
from agent.work.track import read_tracking
from agent.work.values import first_line, note_for, values_for
from tests.drift.bench import M1688, MALL, Bench
from tests.market.demo_orders import SHOP, DemoOrder, line
from tests.market.demo_orders import TABLE as GOODS
from tests.market.doudian.orders import ShopOrder
from tests.market.m1688.hand import HOOK, SHIRT
from tests.market.mall.orders import MallOrder
from tests.market.seller import Standing, ordered_as_meant, standing_at_mall
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


class Buy(Play):
    """Fill the form, compare, click, prove."""

    def looked(self) -> bool | None:
        if self.account != MALL:
            return None
        site, values = (
            self.run.config.site_of(self.account),
            values_for(self.meant.purchase, self.meant.receiver, self.meant.note),
        )
        whole = {**values, **first_line(values)}
        pages = list(opened(site, "fill_order", whole))
        return any([drifted(self.run, self.account, site, "fill_order", page, whole) for page in pages])

    def act(self) -> Told:
        self.run.looked.add((self.account, "fill_order"))
        supplier = self.run.supplier(self.meant.purchase.supplier)
        before = frozenset(made.number for made in self.bench.market.sites["mall" if self.account == MALL else "m1688"].orders)  # type: ignore[attr-defined]
        total, _picture = fill(self.run, supplier, self.meant)
        submit(self.run, self.meant, Seen(before, ()), total, self.run.now() + timedelta(minutes=5))
        known = self.stored_purchase
        return {"numbers": known.supplier_order_numbers, "total": known.total}

    def truth(self) -> Told:
        made = self.placed()
        return {"numbers": tuple(each.number for each in made), "total": sum(each.total for each in made)}

    def amiss(self) -> Iterator[str]:
        if made := self.standing():
            yield from ordered_as_meant(made, self.one.receiver, self.goods(), self.meant.note)


class Look(Play):
    """The look before a purchase, with the very order standing there: somebody made it, and this ledger does not know it."""

    def begin(self) -> None:
        super().begin()
        self.made = self.put_at_supplier()

    def act(self) -> Told:
        seen = look(self.run, self.meant, order_of(self.held))
        ours = [str(reading.values["supplier_order_number"]) for reading in seen.ours]
        return {"ours": ours, "there": sorted(seen.baseline)}

    def truth(self) -> Told:
        site = self.bench.market.mall if self.account == MALL else self.bench.market.m1688
        return {"ours": [self.made.number], "there": sorted(each.number for each in site.orders)}


class Proof(Play):
    """The supplier's own page of an order, compared with what was meant."""

    def begin(self) -> None:
        super().begin()
        self.made = self.put_at_supplier()

    def act(self) -> Told:
        row = Listed(self.made.number, "" if self.account == M1688 else self.one.reference, None, None)
        reading = detail(self.run, self.account, row)
        verdict = judge([reading], self.meant)
        if verdict != "exact":
            raise Mismatch(f"it is {verdict}")
        return _of_reading(reading)

    def truth(self) -> Told:
        made = self.made
        told = {
            "number": made.number,
            "ordered_at": made.placed_at.replace(microsecond=0),
            "state": "placed",
            "total": made.total,
        }
        quote = made.quote if self.account == MALL else made.group
        told |= {"freight": quote.freight, "goods_total": quote.goods_total}
        if self.account == MALL:
            draft = made.draft
            return told | {"name": draft.name, "phone": draft.phone, "address": draft.address, "note": draft.note}
        to = made.receiver
        return told | {"name": to.name, "phone": to.phone, "address": "".join(to.region) + to.detail, "note": made.message}


def _of_reading(reading: Reading) -> Told:
    values, raw = reading.values, reading.raw
    at = values["ordered_at"]
    return {
        "number": values["supplier_order_number"],
        "ordered_at": at.astimezone(SHANGHAI) if isinstance(at, datetime) else at,
        "state": values["state"],
        **{word: values[word] for word in ("total", "freight", "goods_total")},
        "name": raw["receiver_name"],
        "phone": raw["phone"],
        "address": raw["address"].replace(" ", ""),
        "note": raw["supplier_note"],
    }


class Parcels(Play):
    """Two parcels of a purchase, read at the supplier into the ledger."""

    def begin(self) -> None:
        super().begin()
        self.made = self.put_at_supplier()
        now = self.run.now()
        self.run.ledger.placed(self.one.reference, (self.made.number,), self.made.total, self.made.quote.freight, now)
        for at, goods in enumerate(self.goods()):
            self.bench.market.mall.ship(self.made.number, CARRIER[0], f"YT96930836{self.bench.at:04d}{at}", [goods])

    def act(self) -> Told:
        read_tracking(self.run, self.stored_purchase)
        kept = self.run.ledger.shipments(SHOP, self.one.number)
        if any(one.contents == "unknown" for one in kept):  # then a person is asked
            raise Mismatch("nobody knows what is in which parcel")
        return {"parcels": sorted((one.carrier, one.tracking_number, sorted(one.lines.items())) for one in kept)}

    def truth(self) -> Told:
        lines = {one.product.specification: (one.line_number, one.quantity) for one in self.meant.purchase.lines}
        parcels = [
            (CARRIER[1], each.tracking_number, [lines[spec] for _t, spec, _c in each.lines]) for each in self.made.parcels
        ]
        return {"parcels": sorted(parcels)}


class Product(Play):
    """A supplier's product, as `agent map` offers it."""

    def act(self) -> Told:
        offer = read_offer(self.run, "yiwu", "YW2001")
        return {"title": offer.title, "options": [(one.specification, one.price, one.stock) for one in offer.options]}

    def truth(self) -> Told:
        product = self.bench.market.mall.products["YW2001"]
        return {"title": product.title, "options": [(words, one.price, one.stock) for words, one in product.specs.items()]}


# ---- the shop


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
    )


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


PLAYS: Mapping[str, type[Play]] = {
    "buy": Buy,
    "look": Look,
    "proof": Proof,
    "parcels": Parcels,
    "product": Product,
    "list": ShopList,
    "order": ShopPage,
    "note": Note,
    "ship": Ship,
}
AT_SHOP: Mapping[str, type[Play]] = {"parcels": ShopParcels}


def made(site: str, name: str, bench: Bench, run: Run) -> Play:
    """The play of a scene."""
    plays = {**PLAYS, **AT_SHOP} if site == "doudian" else PLAYS
    return plays[name](bench, run, M1688 if site == "1688" else MALL)
