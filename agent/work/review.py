"""By the supplier's autonomy: a purchase is laid before a person, whole, before anything is revealed or sent.

A yes holds for exactly what was shown. When the products table, a price or a quantity changes, the question is new.
"""

from __future__ import annotations

import hashlib
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta

from agent.clock import told
from agent.ledger import InboxItem, Ledger, StoredOrder, StoredPurchase
from agent.models import Fen, Order, OrderLine, PurchaseLine, PurchaseOrder
from agent.words import _
from agent.work.run import Run
from agent.work.texts import exact

HURRY = timedelta(hours=6)  # so near its ship-by time an order is pointed out
HOLD = "hold "  # the answer that puts off the question: this word, and until when


@dataclass(frozen=True, slots=True)
class Waiting:
    """Why an order was not bought now though nothing went wrong."""

    why: str


def cause_of_review(purchase: PurchaseOrder, remarks: tuple[str, ...] = ()) -> str:
    """What makes two questions the same: the purchase, all that would be bought, at which price, and the remarks without a rule."""
    shown = repr((purchase.supplier, purchase.account, [astuple(line) for line in purchase.lines], *remarks))
    return f"review:{purchase.reference}:{hashlib.sha256(shown.encode()).hexdigest()[:8]}"


def review(run: Run, order: Order, purchase: PurchaseOrder, remarks: tuple[str, ...] = ()) -> Waiting | None:
    """Ask a person where the supplier's autonomy says so or a remark is without a rule, or go on."""
    cause = cause_of_review(purchase, remarks)
    _forget_older(run, purchase, cause)
    if run.supplier(purchase.supplier).autonomy != "show" and not remarks:
        run.ledger.close_item(cause, run.now())
        return None
    answer = run.ledger.answered(cause)
    if answer == "approve":
        return None
    if answer.startswith(HOLD) and run.now() < (until := datetime.fromisoformat(answer.removeprefix(HOLD))):
        return Waiting(_("held until {} by a person").format(told(until)))
    goods = "; ".join(f"{line.product.title} / {line.product.specification} × {line.quantity}" for line in purchase.lines)
    what = _("Waits for your yes: {goods} at {supplier}").format(goods=goods, supplier=purchase.supplier)
    if remarks:
        said = _("There is a remark, please look at it before this is bought: {}").format(" / ".join(remarks))
        what = f"{said} · {what}"
    run.ledger.ask(
        "review",
        cause,
        what=what,
        reason="remark" if remarks else "review",
        todo=_("`agent approve ID` buys it, `agent reject ID` leaves it, `agent hold ID --until 18:00` asks again later."),
        shop=order.shop,
        order_number=order.order_number,
        reference=purchase.reference,
        at=run.now(),
    )
    return Waiting(_("waits for your yes"))


def _forget_older(run: Run, purchase: PurchaseOrder, cause: str) -> None:
    """A question about what would be bought no more is closed: its answer would be about something else."""
    for item in run.ledger.items():
        if item.kind == "review" and item.reference == purchase.reference and item.cause != cause:
            run.ledger.close_item(item.cause, run.now())


@dataclass(frozen=True, slots=True)
class Asked:
    """One line that waits for a yes: ours beside the supplier's. `cost` is what it last cost, in 分, without freight."""

    item: int
    order_number: str
    ours: str
    theirs: str
    supplier: str
    product: str
    quantity: int
    cost: Fen
    ship_by: datetime | None
    warnings: tuple[str, ...]


def asked(ledger: Ledger, now: datetime) -> list[Asked]:
    """Every line that waits for a yes, soonest ship-by first."""
    bought = {
        (line.product.supplier, line.product.product, line.product.specification)
        for p in ledger.purchases("placed", "shipped", "done")
        for line in p.lines
    }
    rows = [
        row
        for item in ledger.items()
        if item.kind == "review"
        and (order := ledger.order(item.shop, item.order_number))
        and (purchase := ledger.purchase(item.reference))
        for row in _rows(item, order, purchase, bought, now)
    ]
    return sorted(rows, key=lambda row: (row.ship_by is None, row.ship_by, row.item))


def _rows(
    item: InboxItem, order: StoredOrder, purchase: StoredPurchase, bought: set[tuple[str, str, str]], now: datetime
) -> list[Asked]:
    lines = {line.line_number: line for line in order.lines}
    return [
        Asked(
            item=item.id,
            order_number=order.order_number,
            ours=f"{ours.title} / {ours.specification} × {ours.quantity}",
            theirs=f"{line.product.title} / {line.product.specification}",
            supplier=purchase.supplier,
            product=line.product.product,
            quantity=line.quantity,
            cost=Fen(line.product.cost * line.quantity),
            ship_by=order.ship_by,
            warnings=tuple(_warnings(order, ours, line, bought, now)),
        )
        for line in purchase.lines
        if (ours := lines.get(line.line_number))
    ]


def _warnings(
    order: StoredOrder, ours: OrderLine, line: PurchaseLine, bought: set[tuple[str, str, str]], now: datetime
) -> list[str]:
    """What a person should look at before the yes."""
    product = line.product
    told_of = {
        _("the specifications read differently"): exact(ours.specification) != exact(product.specification),
        _("never bought before"): (product.supplier, product.product, product.specification) not in bought,
        _("{} pieces for one of yours").format(product.pack): product.pack > 1,
        _("the buyer writes: {}").format(order.buyer_message): bool(order.buyer_message),
        _("your remark: {}").format(order.remark): bool(order.remark),
        _("must be shipped by {}").format(told(order.ship_by or now)): bool(order.ship_by and order.ship_by - now < HURRY),
    }
    return [words for words, holds in told_of.items() if holds]
