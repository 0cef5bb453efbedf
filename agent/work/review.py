"""By the supplier's autonomy: a purchase is laid before a person, whole, before anything is revealed or sent.

A yes holds for exactly what was shown. When the products table, a price or a quantity changes, the question is new.
"""

from __future__ import annotations

import hashlib
from dataclasses import astuple, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from agent.clock import told
from agent.config import Config
from agent.ledger import InboxItem, Ledger, StoredOrder, StoredPurchase
from agent.models import Fen, Order, OrderLine, PurchaseLine, PurchaseOrder
from agent.words import _
from agent.work.groups import total_of_form, when
from agent.work.limits import yuan
from agent.work.margin import Margin
from agent.work.reasons import reason_of
from agent.work.run import Run
from agent.work.texts import exact
from agent.work.worth import expected_margin

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
    _forget_others(run, purchase, cause, _filled(purchase))
    rung = run.rung(purchase.supplier)
    if rung.asks_first or remarks:
        if waits := _yes_or_ask(run, order, purchase, cause, _what(purchase, remarks, rung.why), bool(remarks)):
            return waits
    else:
        run.ledger.close_item(cause, run.now())
    return _filled_before(run, purchase) if rung.sends == "after_a_yes" else None


def _what(purchase: PurchaseOrder, remarks: tuple[str, ...], why: str) -> str:
    said = _("There is a remark, please look at it before this is bought: {}").format(" / ".join(remarks)) if remarks else ""
    asked = _("Waits for your yes: {goods} at {supplier}").format(goods=_goods(purchase), supplier=purchase.supplier)
    return " · ".join(words for words in (said, f"{asked} ({why})" if why else asked) if words)


def review_filled(run: Run, order: Order, purchase: PurchaseOrder, total: Fen, picture: Path | None) -> Waiting | None:
    """Ask a person whether the form that was filled just now, for this total, is to be sent; None: it is."""
    cause = f"{_filled(purchase)}{total}"
    _forget_others(run, purchase, cause)
    what = _("Filled, waits for your yes: {goods} at {supplier}, {total} yuan together").format(
        goods=_goods(purchase), supplier=purchase.supplier, total=yuan(total)
    )
    why = run.rung(purchase.supplier).why
    return _yes_or_ask(run, order, purchase, cause, f"{what} ({why})" if why else what, picture=picture)


def _filled(purchase: PurchaseOrder) -> str:
    """How the causes of all questions about this purchase's filled form begin; the total follows."""
    return f"filled:{cause_of_review(purchase)}:"


def _filled_before(run: Run, purchase: PurchaseOrder) -> Waiting | None:
    """A form that was filled and waits for its yes is not filled again meanwhile."""
    newest = run.ledger.newest_item(_filled(purchase))
    if newest is None:
        return None
    return Waiting(_("filled, waits for your yes")) if newest.closed_at is None else _held(run, newest.answer)


def _held(run: Run, answer: str) -> Waiting | None:
    if answer.startswith(HOLD) and run.now() < (until := datetime.fromisoformat(answer.removeprefix(HOLD))):
        return Waiting(_("held until {} by a person").format(told(until)))
    return None


def _goods(purchase: PurchaseOrder) -> str:
    return "; ".join(f"{line.product.title} / {line.product.specification} × {line.quantity}" for line in purchase.lines)


def _yes_or_ask(
    run: Run, order: Order, purchase: PurchaseOrder, cause: str, what: str, remarked: bool = False, picture: Path | None = None
) -> Waiting | None:
    """None where a person said yes to this very thing; else they are asked, unless they put it off."""
    answer = run.ledger.answered(cause)
    if answer == "approve":
        return None
    if held := _held(run, answer):
        return held
    run.ledger.ask(
        "review",
        cause,
        what=what,
        reason="remark" if remarked else "review",
        todo=_("`agent approve ID` buys it, `agent reject ID` leaves it, `agent hold ID --until 18:00` asks again later."),
        evidence=picture,
        shop=order.shop,
        order_number=order.order_number,
        reference=purchase.reference,
        at=run.now(),
    )
    return Waiting(_("waits for your yes"))


def _forget_others(run: Run, purchase: PurchaseOrder, cause: str, beginning: str = "") -> None:
    """A question about what would be bought no more is closed: its answer would be about something else.

    Kept are those of `cause`, and those whose cause has this `beginning`.
    """
    for item in run.ledger.items():
        kept = item.cause == cause or (beginning and item.cause.startswith(beginning))
        if item.kind == "review" and item.reference == purchase.reference and not kept:
            run.ledger.close_item(item.cause, run.now())


@dataclass(frozen=True, slots=True)
class Asked:
    """One line that waits for a yes: ours beside the supplier's.

    `cost` is what it last cost, in 分, without freight; `total` what the filled form shows for the whole purchase, where it
    was filled already; `income` what the buyer paid for it, and `margin` what is left of that
    by these two: an estimate. Both are None where the shop does not show the price. `order_margin` is what the whole order
    leaves, fees and freight counted, where the config is known. `remarked`: answered only by its number.
    """

    item: int
    order_number: str
    title: str
    specification: str
    quantity: int
    supplier: str
    product: str
    their_title: str
    their_specification: str
    pieces: int
    cost: Fen
    total: Fen | None
    income: Fen | None
    margin: int | None
    ship_by: datetime | None
    warnings: tuple[str, ...]
    remarked: bool
    order_margin: Margin | None = None


def asked(ledger: Ledger, now: datetime, config: Config | None = None) -> list[Asked]:
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
        for row in _with_margin(_rows(item, order, purchase, bought, now), ledger, config, order, item)
    ]
    return sorted(
        rows, key=lambda row: (row.ship_by is None, row.ship_by, row.item)
    )  # a question comes after the order's own page


def _rows(
    item: InboxItem, order: StoredOrder, purchase: StoredPurchase, bought: set[tuple[str, str, str]], now: datetime
) -> list[Asked]:
    lines = {line.line_number: line for line in order.lines}
    return [
        Asked(
            item=item.id,
            order_number=order.order_number,
            title=ours.title,
            specification=ours.specification,
            quantity=ours.quantity,
            supplier=purchase.supplier,
            product=line.product.product,
            their_title=line.product.title,
            their_specification=line.product.specification,
            pieces=line.quantity,
            cost=cost_of(line),
            total=total_of_form(item),
            income=income_of(ours),
            margin=margin_of(ours, line),
            ship_by=order.ship_by,
            warnings=tuple(_warnings(order, ours, line, bought, now)),
            remarked=reason_of(item.reason).apart,
        )
        for line in purchase.lines
        if (ours := lines.get(line.line_number))
    ]


def _with_margin(rows: list[Asked], ledger: Ledger, config: Config | None, order: StoredOrder, item: InboxItem) -> list[Asked]:
    shop = config.shops.get(order.shop) if config else None
    if shop is None:
        return rows
    margin = expected_margin(ledger, shop, order, total_of_form(item), item.reference)
    return [replace(row, order_margin=margin) for row in rows]


def cost_of(line: PurchaseLine) -> Fen:
    """What the line last cost, without freight."""
    return Fen(line.product.cost * line.quantity)


def income_of(ours: OrderLine) -> Fen | None:
    """What the buyer paid for the line."""
    return None if ours.price is None else Fen(ours.price * ours.quantity)


def margin_of(ours: OrderLine, line: PurchaseLine) -> int | None:
    """What is left of the income when the line costs what it last cost; below zero where it costs more than the buyer paid."""
    income = income_of(ours)
    return None if income is None else income - cost_of(line)


def _warnings(
    order: StoredOrder, ours: OrderLine, line: PurchaseLine, bought: set[tuple[str, str, str]], now: datetime
) -> list[str]:
    """What a person should look at before the yes."""
    product = line.product
    told_of = {
        _("costs more than the buyer paid"): (margin_of(ours, line) or 0) < 0,
        _("the specifications read differently"): exact(ours.specification) != exact(product.specification),
        _("never bought before"): (product.supplier, product.product, product.specification) not in bought,
        _("{} pieces for one of yours").format(product.pack): product.pack > 1,
        _("the buyer writes: {}").format(order.buyer_message): bool(order.buyer_message),
        _("your remark: {}").format(order.remark): bool(order.remark),
        _("must be shipped by {}").format(when(order.ship_by or now, now)): bool(order.ship_by and order.ship_by - now < HURRY),
    }
    return [words for words, holds in told_of.items() if holds]
