"""Where an order stands, in the words of the person who reads it. The states of an order's road are drawn in agent/ledger/schema.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agent.ledger import InboxItem, Ledger, StoredOrder, StoredPurchase
from agent.models import Fen, Shipment
from agent.words import _


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One line of the closing table, of `agent orders` and of its JSON."""

    shop: str
    order_number: str
    supplier: str
    supplier_order_number: str
    total: Fen | None
    carrier: str
    tracking_number: str
    state: str
    needs: str

    @property
    def waits_for_person(self) -> bool:
        return bool(self.needs)


def row_of(
    order: StoredOrder,
    purchases: Sequence[StoredPurchase],
    shipments: Sequence[Shipment],
    entered: bool,
    items: Sequence[InboxItem],
) -> OrderRow:
    """The row of one order: its newest purchase, its parcel, its state in words, and what waits for a person."""
    purchase = purchases[-1] if purchases else None
    shipment = shipments[-1] if shipments else None
    return OrderRow(
        shop=order.shop,
        order_number=order.order_number,
        supplier=purchase.supplier if purchase else "",
        supplier_order_number=purchase.supplier_order_number if purchase else "",
        total=purchase.total if purchase else None,
        carrier=shipment.carrier if shipment else "",
        tracking_number=shipment.tracking_number if shipment else "",
        state=state_words(order, purchase, shipment, entered),
        needs="; ".join(item.what for item in items),
    )


def state_words(order: StoredOrder, purchase: StoredPurchase | None, shipment: Shipment | None, entered: bool) -> str:
    """One state, the furthest the order has come; an unknown outcome is never called a failure."""
    if entered:
        return _("tracking number entered in the shop")
    if shipment:
        return _("supplier shipped, number known")
    if purchase and purchase.supplier_order_number:
        return _("bought, waiting for the supplier to ship")
    if purchase and purchase.write_state in ("committing", "unknown"):
        return _("outcome not known yet, do not buy again")
    if purchase and purchase.write_state == "held":
        return _("held: something else than meant stands at the supplier")
    if order.disposition == "new":
        return _("waits: {}").format(order.reason)
    if order.disposition == "not_ours":
        return _("not ours: {}").format(order.reason)
    if order.parked:
        return _("parked")
    return _("to be bought")


def purchase_words(state: str) -> str:
    """A purchase's state, or its write's where that is not settled, in words for the local log."""
    words = {
        "planned": _("to be bought"),
        "committing": _("outcome not known yet, do not buy again"),
        "unknown": _("outcome not known yet, do not buy again"),
        "held": _("held: something else than meant stands at the supplier"),
        "refused": _("the supplier refused it"),
        "placed": _("bought, waiting for the supplier to ship"),
        "shipped": _("supplier shipped, number known"),
        "done": _("tracking number entered in the shop"),
        "dead": _("given up"),
    }
    return words[state]


def rows_of(ledger: Ledger) -> list[OrderRow]:
    """The row of every order ever read, and of those that could not be."""
    items = ledger.items(open_only=True)
    read = {(order.shop, order.order_number) for order in ledger.orders()}
    return [
        row_of(
            order,
            ledger.purchases_of_order(order.shop, order.order_number),
            ledger.shipments(order.shop, order.order_number),
            bool(ledger.shipments(order.shop, order.order_number, entered=True)),
            [item for item in items if (item.shop, item.order_number) == (order.shop, order.order_number)],
        )
        for order in ledger.orders()
    ] + [_unreadable(item) for item in items if item.order_number and (item.shop, item.order_number) not in read]


def _unreadable(item: InboxItem) -> OrderRow:
    return OrderRow(item.shop, item.order_number, "", "", None, "", "", _("the shop's page shows something unknown"), item.what)
