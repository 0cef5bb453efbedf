"""Route an order: which supplier gets which of its lines, as one purchase order a supplier. Pure.

Purchases are counted by the order's first line of each supplier, so that an empty ledger counts them in the same way again
and makes the same references (reference.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agent.errors import Mismatch, Where
from agent.ledger import StoredOrder, StoredPurchase
from agent.models import OrderLine, PurchaseLine, PurchaseOrder
from agent.words import _
from agent.work.products import Products
from agent.work.reference import reference


def open_lines(order: StoredOrder, purchases: Sequence[StoredPurchase]) -> list[OrderLine]:
    """The lines that no live purchase has bought yet; `purchases` are all that were ever made for the order.

    Raises Mismatch for a line that nobody knew when the others were bought: it may be one of those under another number.
    """
    bought = {line.line_number for p in purchases if p.state not in ("planned", "dead") for line in p.lines}
    known = {line.line_number for p in purchases for line in p.lines}
    still = [line for line in order.lines if line.line_number not in bought]
    strange = [line for line in still if bought and line.line_number not in known]
    if strange:
        raise Mismatch(
            _("The order shows a line that was not there when it was bought: “{}”").format(strange[0].title),
            where=Where(order=order.order_number),
            todo=_("Look at the order in the shop; buy that line by hand, then `agent reject` the item."),
            reason="new_line",
        )
    return still


def route(
    order: StoredOrder, purchases: Sequence[StoredPurchase], products: Products, accounts: Mapping[str, str]
) -> list[PurchaseOrder]:
    """The purchases that are still to be made, in the order of their first lines. `accounts` is each supplier's account.

    A purchase that was planned for the same supplier keeps its reference. Every open line must have a supplier product.
    """
    groups = _by_supplier(order, open_lines(order, purchases), products)
    planned = {p.supplier: p.counter for p in purchases if p.state == "planned"}
    following = max((p.counter for p in purchases), default=0) + 1
    made = []
    for supplier, lines in groups.items():
        counter = planned.get(supplier, following)
        following += counter == following
        made.append(
            PurchaseOrder(
                reference=reference(order.shop, order.order_number, counter),
                shop=order.shop,
                order_number=order.order_number,
                counter=counter,
                supplier=supplier,
                account=accounts[supplier],
                lines=tuple(lines),
            )
        )
    return made


def _by_supplier(order: StoredOrder, lines: Sequence[OrderLine], products: Products) -> dict[str, list[PurchaseLine]]:
    groups: dict[str, list[PurchaseLine]] = {}
    for line in sorted(lines, key=lambda line: line.line_number):
        product = products.find(line)
        if product is None:
            raise LookupError(f"line {line.line_number} of order {order.order_number} has no supplier product")
        groups.setdefault(product.supplier, []).append(PurchaseLine(line.line_number, product, line.quantity * product.pack))
    return groups
