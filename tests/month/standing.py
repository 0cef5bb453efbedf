"""An order as a run leaves it that has just bought it: in the shop, at its supplier, and in the ledger with its proof."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, cast

from agent.models import (
    CommitFacts,
    Fen,
    Phone,
    PurchaseLine,
    PurchaseOrder,
    Reading,
    Receiver,
    SupplierProduct,
)
from agent.work.payables import book
from agent.work.run import Run
from agent.work.values import note_for
from tests.drift.bench import M1688, MALL
from tests.drift.play import order_of
from tests.market.demo_orders import SHOP
from tests.market.doudian.orders import ShopOrder
from tests.market.m1688.orders import Order as Order1688
from tests.market.mall.orders import MallOrder
from tests.month.bench import Bench
from tests.month.plan import Planned


@dataclass
class Standing:
    """A planned order with what stands for it; `made` is the supplier's own."""

    planned: Planned
    held: ShopOrder
    made: MallOrder | Order1688
    sent: bool = False  # the supplier sent it, and that is known in the shop and the ledger

    @property
    def number(self) -> str:
        return self.made.number

    @property
    def reference(self) -> str:
        return self.planned.order.reference

    @property
    def at_mall(self) -> bool:
        return isinstance(self.made, MallOrder)

    @property
    def is_gone(self) -> bool:
        """Cancelled or closed at its supplier."""
        return self.made.state in ("cancelled", "closed")


def stand(bench: Bench, run: Run, planned: Planned) -> Standing:
    """The buyer ordered it, it was bought, and its purchase is proven and not paid."""
    one, now = planned.order, bench.clock.now()
    lines = [
        {"title": f"货 {line.product}", "specification": line.specification, "merchant_code": line.product}
        | {"quantity": line.quantity, "price": line.price}
        for line in planned.lines
    ]
    at = now.replace(microsecond=0) - timedelta(hours=1)
    held = bench.market.shop.add_order(one.number, lines=lines, receiver=one.receiver, ordered_at=at)
    made = _at_mall(bench, planned) if planned.supplier == "yiwu" else _at_1688(bench, planned)
    made.by = "page"
    _record(run, planned, held, made)
    return Standing(planned, held, made)


def _goods(planned: Planned) -> list[tuple[str, str, int]]:
    return [(line.product, line.specification, line.quantity) for line in planned.lines]


def _at_mall(bench: Bench, planned: Planned) -> MallOrder:
    to, mall = planned.order.receiver, bench.market.mall
    made = mall.add_order(
        _goods(planned),
        name=to["name"],
        phone=to["phone"],
        region=(to["province"].rstrip("省市"), to["city"].rstrip("市"), to["district"]),
        address=to["town"] + to["detail"],
        reference=planned.order.reference,
        note=_note(bench, planned),
        state="unpaid",
    )
    made.quote = replace(made.quote, discount=planned.discount)
    return made


def _at_1688(bench: Bench, planned: Planned) -> Order1688:
    to, site = planned.order.receiver, bench.market.m1688
    made = site.add_order(
        _goods(planned),
        name=to["name"],
        phone=to["phone"],
        region=(to["province"], to["city"], to["district"], to["town"]),
        address=to["detail"],
        message=_note(bench, planned),
    )
    made.group = replace(made.group, adjustment=-planned.discount)
    return made


def _note(bench: Bench, planned: Planned) -> str:
    return note_for(bench.config.suppliers[planned.supplier].note, planned.order.reference)


def _record(run: Run, planned: Planned, held: ShopOrder, made: MallOrder | Order1688) -> None:
    """The ledger after the purchase was proven."""
    one, ledger, now = planned.order, run.ledger, run.now()
    account = MALL if isinstance(made, MallOrder) else M1688
    freight = made.quote.freight if isinstance(made, MallOrder) else made.group.freight
    about = {"shop": SHOP, "order_number": one.number, "reference": one.reference, "account": account}
    ledger.save_order(order_of(held), now, detail=True)
    ledger.dispose(SHOP, one.number, "ours", "")
    to = one.receiver
    parts = (to[word] for word in ("province", "city", "district", "town", "detail"))
    ledger.save_receiver(SHOP, one.number, Receiver(to["name"], Phone(to["phone"], ""), *parts), now)
    ledger.plan([_purchase(planned, held, made, account)], now)
    write = ledger.intend("submit", one.reference, at=now, **about)
    meant = {"total": made.total}
    attempt = ledger.begin_attempt([write], account=account, flow="submit_order", baseline=[], meant=meant, at=now)
    ledger.committing(attempt, CommitFacts("", "", {}), now)
    with ledger.atomic():
        ledger.settle(attempt, "confirmed", words="", requests=[], pictures=[], at=now)
        ledger.placed(one.reference, (made.number,), Fen(made.total), Fen(freight), now)
        book(run, one.reference, [Reading(cast(Any, {"ordered_at": made.placed_at}), {}, {})])
    ledger.noted(one.reference, now)


def _purchase(planned: Planned, held: ShopOrder, made: MallOrder | Order1688, account: str) -> PurchaseOrder:
    titles = (
        {line.product: line.title for line in made.quote.lines}
        if isinstance(made, MallOrder)
        else {line.offer: line.title for line in made.group.lines}
    )
    lines = tuple(
        PurchaseLine(
            sold.number,
            SupplierProduct(
                planned.supplier, line.product, titles[line.product], line.specification, 1, Fen(line.cost), Fen(line.cost)
            ),
            line.quantity,
        )
        for sold, line in zip(held.lines, planned.lines, strict=True)
    )
    one = planned.order
    return PurchaseOrder(one.reference, SHOP, one.number, 1, planned.supplier, account, lines)
