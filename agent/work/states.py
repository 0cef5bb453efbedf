"""Where an order stands, in the words of the person who reads it. The states of an order's road are drawn in agent/ledger/schema.py."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from agent.ledger import InboxItem, Ledger, StoredOrder, StoredPayable, StoredPurchase, StoredShipment
from agent.models import Fen
from agent.words import _
from agent.work.waiting import soonest


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One line of `agent orders` and of its JSON; a run shows those that moved in it, and those that need a person."""

    shop: str
    order_number: str
    supplier: str
    supplier_order_number: str
    total: Fen | None
    carrier: str
    tracking_number: str
    state: str
    needs: str


def row_of(
    order: StoredOrder,
    purchases: Sequence[StoredPurchase],
    shipments: Sequence[StoredShipment],
    items: Sequence[InboxItem],
    owed: Mapping[str, StoredPayable],
    asked: Collection[str] = (),
) -> OrderRow:
    """The row of one order: its purchases that are not dead, its parcels, its state in words, and what waits for a person.

    `owed`: what is open on credit terms, by reference. `asked`: the references that their suppliers are asked to cancel.
    """
    live = [purchase for purchase in purchases if purchase.state != "dead"] or purchases[-1:]
    totals = [purchase.total for purchase in live if purchase.total is not None]
    return OrderRow(
        shop=order.shop,
        order_number=order.order_number,
        supplier=_each(purchase.supplier for purchase in live),
        supplier_order_number=_each(purchase.supplier_order_number for purchase in live),
        total=Fen(sum(totals)) if totals else None,
        carrier=_each(shipment.carrier for shipment in shipments),
        tracking_number=_each(shipment.tracking_number for shipment in shipments),
        state=state_words(order, live, shipments, owed, asked),
        needs="; ".join(item.what for item in items),
    )


def _each(words: Iterable[str]) -> str:
    return " / ".join(dict.fromkeys(word for word in words if word))


def state_words(
    order: StoredOrder,
    purchases: Sequence[StoredPurchase],
    shipments: Sequence[StoredShipment],
    owed: Mapping[str, StoredPayable],
    asked: Collection[str] = (),
) -> str:
    """One state: of several purchases that of the one furthest behind. An unknown outcome is never called a failure."""
    if not purchases:
        return _before_purchase(order)
    _stage, words = min(
        (3, _("cancelling asked for at the supplier, the money is not back yet"))
        if purchase.reference in asked
        else _stage_of(order, purchase, shipments, owed.get(purchase.reference))
        for purchase in purchases
    )
    return words


def _stage_of(
    order: StoredOrder, purchase: StoredPurchase, shipments: Sequence[StoredShipment], owed: StoredPayable | None
) -> tuple[int, str]:
    parcels = [shipment for shipment in shipments if shipment.holds(purchase) and shipment.contents != "nothing"]
    entered = sum(parcel.entered_at is not None for parcel in parcels)
    if purchase.state == "done" or (parcels and entered == len(parcels) and purchase.state != "shipped"):
        return 5, _("tracking number entered in the shop")
    if entered:
        return 4, _("{count} of {all} tracking numbers entered in the shop").format(count=entered, all=len(parcels))
    if parcels:
        return 4, _("supplier shipped, number known")
    if purchase.cancelled_at:
        return 0, _closed_words(purchase)
    if purchase.supplier_order_number:
        return 3, _bought_words(purchase, owed)
    if purchase.write_state in ("committing", "unknown"):
        return 0, _("outcome not known yet, do not buy again")
    if purchase.write_state == "held":
        return 0, _("held: something else than meant stands at the supplier")
    return 1, _before_purchase(order)


def _bought_words(purchase: StoredPurchase, owed: StoredPayable | None) -> str:
    if purchase.pay_state in ("committing", "unknown") and purchase.pay_method == "qr":
        return _("ordered, waits for somebody to pay by code")
    if purchase.pay_state in ("committing", "unknown"):
        return _("ordered; nobody knows yet whether it is paid, do not pay it again")
    if purchase.pay_state == "held":
        return _("ordered; something else than meant was paid")
    if owed is not None and owed.due is not None:
        words = _("bought on credit terms, to be paid by {month}-{day}")
        return words.format(month=owed.due.month, day=owed.due.day)
    if owed is not None:
        return _("bought on credit terms, to be paid after receipt")
    if purchase.supplier_state == "unpaid":
        return _("ordered, waiting for payment")
    return _("paid, waiting for the supplier to ship") if purchase.paid_at else _("bought, waiting for the supplier to ship")


def _closed_words(purchase: StoredPurchase) -> str:
    words = {
        "none": _("cancelled at the supplier, nothing was paid"),
        "open": _("cancelled at the supplier, the money is not back yet"),
        "refunded": _("cancelled at the supplier, the money is back"),
        "refused": _("cancelled at the supplier, the money does not come back"),
    }
    return words[purchase.refund]


def _before_purchase(order: StoredOrder) -> str:
    if order.disposition == "new":
        return _("waits: {}").format(order.reason)
    if order.disposition == "not_ours":
        return _("not ours: {}").format(order.reason)
    if order.parked:
        return _("parked")
    if order.state in ("shipped", "completed", "cancelled"):
        return _("the shop order is not waiting for shipment any more")
    return order.waits or _("to be bought")


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
    about = {item.id: ledger.orders_of(item) for item in items}
    read = {(order.shop, order.order_number) for order in ledger.orders()}
    owed = {payable.reference: payable for payable in ledger.payables("open")}
    asked = ledger.cancels_asked()
    return [
        row_of(
            order,
            ledger.purchases_of_order(order.shop, order.order_number),
            ledger.shipments(order.shop, order.order_number),
            [item for item in items if (order.shop, order.order_number) in about[item.id]],
            owed,
            asked,
        )
        for order in soonest(ledger.orders())
    ] + [_unreadable(item) for item in items if item.order_number and (item.shop, item.order_number) not in read]


def _unreadable(item: InboxItem) -> OrderRow:
    return OrderRow(item.shop, item.order_number, "", "", None, "", "", _("the shop's page shows something unknown"), item.what)
