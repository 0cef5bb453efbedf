"""What the program does at a supplier: buy, look for what stands there already, prove, read parcels and products."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from agent.errors import Mismatch
from agent.models import SHANGHAI, Reading
from agent.work.buy import fill
from agent.work.compare import judge
from agent.work.drift import drifted, opened
from agent.work.look import Listed, Seen, detail, look
from agent.work.mapping import read_offer
from agent.work.prove import submit
from agent.work.track import read_tracking
from agent.work.values import first_line, values_for
from tests.drift.bench import M1688, MALL
from tests.drift.play import CARRIER, Play, Told, order_of
from tests.market.demo_orders import SHOP
from tests.market.seller import ordered_as_meant


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
        filled = fill(self.run, supplier, self.meant)
        meant = replace(self.meant, total=filled.total, freight=filled.freight)
        submit(self.run, meant, Seen(before, ()), self.run.now() + timedelta(minutes=5))
        known = self.stored_purchase
        return {"numbers": known.supplier_order_numbers, "total": known.total}

    def truth(self) -> Told:
        made = self.placed()
        return {"numbers": tuple(each.number for each in made), "total": sum(each.total for each in made)}

    def amiss(self) -> Iterator[str]:
        if made := self.standing():
            yield from ordered_as_meant(made, self.one.receiver, self.goods(), self.meant.note)
        if self.account == MALL:
            yield from (f"the reference is {made.reference}" for made in self.placed() if made.reference != self.one.reference)


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
