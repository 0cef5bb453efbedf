"""Follow the parcels of what a shop has bought: first all numbers are read, then they are entered, so that what came together is seen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from agent.config import Shop
from agent.ledger import StoredOrder, StoredPurchase, StoredShipment
from agent.words import _
from agent.work.change_number import ask_to_change, change_numbers
from agent.work.closing import parcels_went_on
from agent.work.entered import take_over
from agent.work.manners import may_visit, note_visits
from agent.work.mark import mark_all
from agent.work.parcels import PICKED_UP
from agent.work.run import Run, account_failures, order_failures
from agent.work.ship import enter_all
from agent.work.ship_by import ask_in_time, said_now
from agent.work.track import ask_what_is_inside, read_tracking

FOLLOWED_FOR = timedelta(days=7)  # so long after it was bought a parcel that nobody picked up is still looked for
DOUBTED_FOR = timedelta(days=30)  # the same of one whose number is in doubt, picked up or not


def follow(run: Run) -> None:
    """Read carrier and number of everything bought and not yet whole in its shop, enter what may be entered, ask the rest."""
    read = {shop.name: _read(run, shop) for shop in run.config.shops.values()}
    for shop in run.config.shops.values():
        with account_failures(run, shop.account):
            run.desk(shop.account)
            _enter(run, shop, read[shop.name])


def _enter(run: Run, shop: Shop, picked_up: Mapping[tuple[str, str], set[str]]) -> None:
    followed = [order for key in picked_up if (order := run.ledger.order(*key))]
    for order in followed:
        _take_over(run, shop, order)
    enter_all(run, shop, [shipment for order in followed for shipment in _ready(run, shop, order, picked_up)])
    change_numbers(run, shop)
    mark_all(run, shop)
    if shop.account in run.closed_accounts:
        return
    asked = ask_in_time(run, shop, followed) | ask_what_is_inside(run, followed) | ask_to_change(run, shop)
    parcels_went_on(run, set(picked_up), asked)


def _read(run: Run, shop: Shop) -> dict[tuple[str, str], set[str]]:
    """(shop, order number) of each order whose numbers could be read → those of them that the carrier has."""
    made: dict[tuple[str, str], set[str]] = {}
    doubted = {(item.shop, item.order_number) for item in run.ledger.items() if item.reason == "tracking"}
    for purchase in run.ledger.purchases("placed", "shipped", "done"):
        order = run.ledger.order(purchase.shop, purchase.order_number)
        if purchase.shop != shop.name or order is None or not run.wants(order.order_number):
            continue
        asked = (order.shop, order.order_number) in doubted
        if order.disposition != "ours" or not is_followed(
            run, purchase, asked=asked
        ):  # a person said: I enter its numbers myself
            continue
        if purchase.account in run.closed_accounts or shop.account in run.closed_accounts:
            continue
        run.progress(_("Looking for the tracking number of order {}").format(order.order_number))
        with order_failures(run, order, stays=lambda _error: False):
            may_visit(run, purchase.account)
            numbers = read_tracking(run, purchase)
            made.setdefault((order.shop, order.order_number), set()).update(numbers)
        note_visits(run)
    return made


def is_followed(run: Run, purchase: StoredPurchase, *, asked: bool) -> bool:
    """Whether its parcels may still come, or change their number: until the carrier has them, or a week is over.

    Where a number of its order is in doubt (`asked`), until that is settled, or a month is over.
    """
    if purchase.state != "done":
        return True
    if purchase.placed_at is None or run.now() - purchase.placed_at > (DOUBTED_FOR if asked else FOLLOWED_FOR):
        return False
    return asked or purchase.supplier_state not in PICKED_UP


def _ready(run: Run, shop: Shop, order: StoredOrder, picked_up: Mapping[tuple[str, str], set[str]]) -> list[StoredShipment]:
    there = picked_up[order.shop, order.order_number]
    return [
        shipment
        for shipment in run.ledger.shipments(shop.name, order.order_number, entered=False)
        if shipment.is_known
        and (shop.ship_when == "number_known" or shipment.tracking_number in there or said_now(run, shipment))
    ]


def _take_over(run: Run, shop: Shop, order: StoredOrder) -> None:
    """The shop order was shipped, wholly or in part, and not by us: what a person entered is taken as it stands there."""
    waiting = run.ledger.shipments(shop.name, order.order_number, entered=False)
    unknown = [shipment for shipment in waiting if shipment.contents == "unknown"]
    if unknown and order.state in ("partly_shipped", "shipped", "completed") and shop.account not in run.closed_accounts:
        with order_failures(run, order, stays=lambda _error: False):
            take_over(run, shop, order.order_number, unknown)
