"""Products of the shop that no row of the products table knows: one inbox item each, whose orders wait and are not parked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from agent.config import Shop
from agent.errors import Mismatch
from agent.ledger import InboxItem, Ledger, StoredOrder, StoredPurchase
from agent.models import OrderLine
from agent.words import _
from agent.work.products import Products
from agent.work.review import Waiting
from agent.work.route import open_lines
from agent.work.run import Run
from agent.work.texts import exact

Ours = Sequence[tuple[StoredOrder, Sequence[StoredPurchase]]]  # orders to be bought, with all that was ever bought for them
Lines = tuple[OrderLine, ...]


def unmatched(run: Run, order: StoredOrder, products: Products) -> Lines:
    """The lines still to be bought for which the table has no row."""
    return without_product(order, run.ledger.purchases_of_order(order.shop, order.order_number), products)


def without_product(order: StoredOrder, purchases: Sequence[StoredPurchase], products: Products) -> Lines:
    return tuple(line for line in open_lines(order, purchases) if products.find(line) is None)


def no_product(lines: Lines) -> Waiting:
    """Why the order waits, as `agent orders` says it."""
    return Waiting(_("no supplier product yet: {}").format("; ".join(said(line) for line in lines)))


def said(line: OrderLine) -> str:
    """A product of the shop, as a person knows it."""
    return " / ".join(word for word in (line.title, line.specification) if word)


def cause_of(shop: str, line: OrderLine) -> str:
    """What makes two lines the same product: the shop's id of it, else the merchant code, and the specification."""
    return f"unmapped:{shop}:{exact(line.product_id or line.merchant_code or line.title)}:{exact(line.specification)}"


def unmapped(shop: str, ours: Ours, products: Products) -> Mapping[str, list[tuple[StoredOrder, OrderLine]]]:
    """The orders and lines that wait for each product that has no row, by its cause. Pure."""
    waiting: dict[str, list[tuple[StoredOrder, OrderLine]]] = {}
    for order, purchases in ours:
        try:
            lines = without_product(order, purchases, products)
        except Mismatch:  # a line nobody knew: that order is asked about for another reason
            continue
        for line in lines:
            waiting.setdefault(cause_of(shop, line), []).append((order, line))
    return waiting


def ask_for_products(run: Run, shop: Shop, orders: Iterable[StoredOrder], products: Products) -> None:
    """One item for each product without a row; the item of one that has a row by now, or that nobody waits for, closes."""
    ours = [(order, run.ledger.purchases_of_order(order.shop, order.order_number)) for order in orders]
    waiting = unmapped(shop.name, ours, products)
    for cause, found in waiting.items():
        _ask(run, shop, cause, found)
    for item in run.ledger.items():
        if item.reason == "unmapped" and item.shop == shop.name and item.cause not in waiting:
            _settled(run, item)


def _settled(run: Run, item: InboxItem) -> None:
    run.ledger.close_item(item.cause, run.now())
    for shop, order_number in run.ledger.waiting_orders(item.id):
        run.tell(_("Needs no supplier product any more: {}").format(item.what), shop=shop, order_number=order_number)


def _ask(run: Run, shop: Shop, cause: str, found: Sequence[tuple[StoredOrder, OrderLine]]) -> None:
    line = found[0][1]
    code = line.merchant_code or line.product_id or _("none")
    item = run.ledger.ask(
        "unmapped",
        cause,
        what=_("{product} (merchant code {code}): pieces to buy {pieces}").format(
            product=said(line), code=code, pieces=sum(each.quantity for _order, each in found)
        ),
        todo=_("`agent map ID` finds its supplier product and lets its orders go on; `agent reject ID` leaves them to you."),
        reason="unmapped",
        shop=shop.name,
        at=run.now(),
    )
    run.ledger.let_wait(item, dict.fromkeys((order.shop, order.order_number) for order, _line in found))


def line_of(ledger: Ledger, item: int, cause: str) -> OrderLine | None:
    """The newest line that waits for this product; None where nobody does any more."""
    for shop, order_number in reversed(ledger.waiting_orders(item)):
        order = ledger.order(shop, order_number)
        for line in order.lines if order else ():
            if cause_of(shop, line) == cause:
                return line
    return None
