"""The ship-by time comes nearer: a person is asked while there still is time, and the question goes when its cause does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from agent.clock import told
from agent.config import Shop
from agent.ledger import StoredOrder, StoredPurchase, StoredShipment
from agent.words import _
from agent.work.run import Run
from agent.work.unwanted import WHOLLY, why_unwanted


def said_now(run: Run, shipment: StoredShipment) -> bool:
    """Whether a person said yes to entering this very number before the carrier has the parcel."""
    return run.ledger.answered(_cause_of_now(shipment)) == "approve"


def ask_in_time(run: Run, shop: Shop, orders: Iterable[StoredOrder]) -> frozenset[str]:
    """Ask about each of these orders that was bought and has little time left; the causes that are asked about now."""
    ask = timedelta(seconds=shop.ask_before_ship_by)
    waiting = [order for order in orders if _still_waits(run, order)]
    due = [order for order in waiting if order.ship_by and run.now() >= order.ship_by - ask]
    return frozenset(cause for order in due for cause in (*_numbers(run, shop, order), *_late(run, shop, order)))


def _still_waits(run: Run, order: StoredOrder) -> bool:
    """Whether it is to be shipped, as far as is known: what left the list of its shop is looked at by itself before it is asked about."""
    gone = order.state == "to_ship" and (order.shop, order.order_number) not in run.listed
    return order.state in ("to_ship", "partly_shipped") and not (
        gone and any(shop == order.shop for shop, _number in run.listed)
    )


def _numbers(run: Run, shop: Shop, order: StoredOrder) -> Iterator[str]:
    """Numbers that are known and wait for the carrier."""
    waiting = run.ledger.shipments(shop.name, order.order_number, entered=False)
    for shipment in waiting if shop.ship_when == "picked_up" else ():
        if not shipment.is_known or said_now(run, shipment):
            continue
        what = _("Number {number} is known, the carrier does not have the parcel yet, and it must be shipped by {time}").format(
            number=f"{shipment.carrier} {shipment.tracking_number}", time=_time(order)
        )
        todo = _("`agent approve ID` enters it now; else it is entered when the carrier has the parcel.")
        yield ask(run, _cause_of_now(shipment), order, shipment.reference, what, todo, reason="ship_now")


def _late(run: Run, shop: Shop, order: StoredOrder) -> Iterator[str]:
    """Purchases without any number."""
    kept = run.ledger.shipments(shop.name, order.order_number)
    without = [purchase for purchase in _bought(run, order) if not any(shipment.holds(purchase) for shipment in kept)]
    if without:
        what = _("No tracking number is known yet for {purchases}, and it must be shipped by {time}").format(
            purchases=", ".join(f"{purchase.supplier} {purchase.supplier_order_number}" for purchase in without),
            time=_time(order),
        )
        todo = _("Ask the supplier; it closes by itself when the number is there.")
        yield ask(run, f"late:{order.shop}:{order.order_number}", order, without[0].reference, what, todo, reason="late")


def _bought(run: Run, order: StoredOrder) -> list[StoredPurchase]:
    made = run.ledger.purchase_of(order.shop, order.order_number)
    open_ones = [purchase for purchase in made if purchase.state in ("placed", "shipped")]
    return [one for one in open_ones if why_unwanted(order, {line.line_number for line in one.lines}) not in WHOLLY]


def _cause_of_now(shipment: StoredShipment) -> str:
    return f"ship_now:{shipment.key}:{shipment.tracking_number}"


def _time(order: StoredOrder) -> str:
    return told(order.ship_by) if order.ship_by else ""


def ask(run: Run, cause: str, order: StoredOrder, reference: str, what: str, todo: str, *, reason: str) -> str:
    """Ask about an order; by which cause."""
    run.ledger.ask(
        reason,
        cause,
        what=what,
        todo=todo,
        reason=reason,
        shop=order.shop,
        order_number=order.order_number,
        reference=reference,
        account=run.config.shops[order.shop].account,
        at=run.now(),
    )
    return cause
