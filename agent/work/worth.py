"""Whether an order may be bought at what its filled form costs: the seller's limits of freight and margin.

Looked at when the form is filled and once more right before its click. Fails closed: a freight, an income or a
commission that is not known stops the order. A person's yes lets that one order pass that very limit, with those very numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from agent.config import Config, Shop, Supplier
from agent.errors import LimitReached, Where
from agent.ledger import InboxItem, Ledger, StoredOrder, StoredPurchase
from agent.models import Fen, PurchaseOrder
from agent.words import _
from agent.work.limits import yuan
from agent.work.margin import (
    Cost,
    Margin,
    fees_in_words,
    floor_in_words,
    income_of_lines,
    income_unknown,
    least_words,
    margin_of,
    thin,
    why_unknown,
)
from agent.work.run import Run


def not_worth(run: Run, purchase: PurchaseOrder, total: Fen, freight: Fen | None) -> Iterator[LimitReached]:
    """What keeps a purchase from being sent for this total, its freight in it."""
    where = Where(order=purchase.order_number, reference=purchase.reference)
    if error := _dear_freight(run, purchase, freight, where):
        yield error
    order, shop = run.ledger.order(purchase.shop, purchase.order_number), run.config.shops[purchase.shop]
    if order is None:
        raise RuntimeError(f"purchase {purchase.reference} is for an order that is not in the ledger")
    if error := thin(_with_this(run, shop, order, purchase, Cost(total, freight, known=True)), shop.least_margin, where):
        yield error


# ---- freight ------------------------------------------------------------------------------------------------------------


def most_freight(supplier: Supplier, province: str) -> Fen | None:
    """The most that an order's freight to this province may be; None: there is no limit of its own."""
    here = [most for region, most in supplier.freight_by_region.items() if province.startswith(region)]
    return here[0] if here else supplier.most_freight


def _dear_freight(run: Run, purchase: PurchaseOrder, freight: Fen | None, where: Where) -> LimitReached | None:
    supplier, province = run.supplier(purchase.supplier), _province(run.ledger, purchase)
    most = most_freight(supplier, province)
    if most is None or (freight is not None and freight <= most):
        return None
    asked = _("not known") if freight is None else yuan(freight)
    what = _("{supplier} asks {freight} yuan freight to {province}, {most}").format(
        supplier=supplier.name, freight=asked, province=province or _("an unknown region"), most=_most_in_words(most)
    )
    todo = _("`agent approve ID` buys this one all the same; `most_freight` and `freight_by_region` stand in config.yaml.")
    return LimitReached(what, where=where, todo=todo, reason="freight")


def _most_in_words(most: Fen) -> str:
    return _("at most {} yuan are allowed").format(yuan(most))


def _province(ledger: Ledger, purchase: PurchaseOrder | StoredPurchase) -> str:
    receiver = ledger.receiver(purchase.shop, purchase.order_number)
    return receiver.province if receiver else ""


# ---- margin -------------------------------------------------------------------------------------------------------------


def expected_margin(
    ledger: Ledger, shop: Shop, order: StoredOrder, filled: Fen | None = None, reference: str = ""
) -> Margin | None:
    """What an order leaves as far as is known; None where nothing of it was ever to be bought.

    `filled`: what the filled form of the purchase of this reference shows, its freight in it.
    """
    purchases = ledger.purchase_of(order.shop, order.order_number)
    if not purchases:
        return None
    costs = [
        Cost(filled, None, known=True) if filled is not None and purchase.reference == reference else cost_of(ledger, purchase)
        for purchase in purchases
    ]
    return margin_of(income_of_lines(order.lines, _lines_of(purchases)), costs, shop.fees, order.source)


def _with_this(run: Run, shop: Shop, order: StoredOrder, purchase: PurchaseOrder, cost: Cost) -> Margin:
    """Of the whole order: what it costs here, and at the other suppliers."""
    others = [each for each in run.ledger.purchase_of(order.shop, order.order_number) if each.reference != purchase.reference]
    costs = [cost, *(cost_of(run.ledger, each) for each in others)]
    return margin_of(income_of_lines(order.lines, _lines_of([purchase, *others])), costs, shop.fees, order.source)


def cost_of(ledger: Ledger, purchase: StoredPurchase) -> Cost:
    """What a purchase cost by its proof, was sent for, or is going to cost by the products table, without freight."""
    if purchase.total is not None:
        return Cost(purchase.total, purchase.freight, known=True)
    sent = [each.meant for each in ledger.attempts_of(purchase.reference) if each.kind == "submit" and each.committed_at]
    if sent and sent[-1].get("total") is not None:
        return Cost(cast(Fen, sent[-1]["total"]), cast(Fen | None, sent[-1].get("freight")), known=True)
    return Cost(Fen(sum(line.product.cost * line.quantity for line in purchase.lines)), None, known=False)


def _lines_of(purchases: Sequence[PurchaseOrder | StoredPurchase]) -> set[str]:
    return {line.line_number for purchase in purchases for line in purchase.lines}


# ---- what a person is asked for ------------------------------------------------------------------------------------------


def is_another_limit(config: Config, ledger: Ledger, item: InboxItem) -> bool:
    """Whether the seller's limit is not the one any more that an order's question of freight or margin tells of."""
    order, shop = ledger.order(item.shop, item.order_number), config.shops.get(item.shop)
    if order is None or shop is None:
        return False
    if item.reason == "freight":
        purchase = ledger.purchase(item.reference)
        supplier = config.suppliers.get(purchase.supplier) if purchase else None
        most = most_freight(supplier, _province(ledger, purchase)) if supplier and purchase else None
        return most is None or _most_in_words(most) not in item.what
    return item.reason == "margin" and not _is_told(expected_margin(ledger, shop, order), shop, item.what)


def _is_told(margin: Margin | None, shop: Shop, what: str) -> bool:
    """Whether the words tell of the floor and the fees as they are now."""
    if shop.least_margin is None or margin is None:
        return False
    unknown = margin.income is None or margin.margin is None
    floor = least_words(shop.least_margin) if unknown else floor_in_words(shop.least_margin, cast(Fen, margin.income))
    same = (income_unknown() in what) == (margin.income is None) and why_unknown(margin) in what
    return floor in what and fees_in_words(margin) in what and same
