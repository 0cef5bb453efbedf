"""Follow the parcels of what a shop has bought: first all numbers are read, then they are entered, so that what came together is seen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from agent.config import Shop
from agent.ledger import StoredOrder, StoredPurchase, StoredShipment
from agent.words import _
from agent.work.change_number import ask_to_change, change_numbers
from agent.work.closing import parcels_went_on
from agent.work.entered import advance, take_over
from agent.work.manners import may_visit, note_visits
from agent.work.mark import mark_all
from agent.work.parcels import PICKED_UP
from agent.work.run import Run, account_failures, order_failures
from agent.work.ship import enter_all
from agent.work.ship_by import ask_in_time, said_now
from agent.work.track import ask_what_is_inside, read_tracking
from agent.work.unwanted import WHOLLY, why_unwanted

FOLLOWED_FOR = timedelta(days=7)  # so long after it was bought a parcel that nobody picked up is still looked for
# The same of one whose number is in doubt, picked up or not, and of a purchase that is not whole though its order waits for nothing.
DOUBTED_FOR = timedelta(days=30)
AWAITED_FOR = timedelta(days=90)  # the same of one that its order waits for: a presale may take weeks
OVER = ("shipped", "completed", "cancelled")  # states of an order in the shop


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
    waiting = _awaited(run, shop)
    for order in waiting:  # what was refunded since needs no number, so the rest may be whole by now
        advance(run, shop.name, order.order_number)
    mark_all(run, shop)
    if shop.account in run.closed_accounts:
        return
    asked = ask_in_time(run, shop, waiting) | ask_what_is_inside(run, followed) | ask_to_change(run, shop)
    parcels_went_on(run, set(picked_up), asked)


def _awaited(run: Run, shop: Shop) -> list[StoredOrder]:
    """The shop's orders of which something bought is not whole in the shop, whether or not its page could be read in this run."""
    made = run.ledger.purchases("placed", "shipped")
    keys = dict.fromkeys(
        (each.shop, each.order_number) for each in made if each.shop == shop.name and run.wants(each.order_number)
    )
    orders = [order for key in keys if (order := run.ledger.order(*key))]
    return [order for order in orders if order.disposition == "ours"]


def _read(run: Run, shop: Shop) -> dict[tuple[str, str], set[str]]:
    """(shop, order number) of each order whose numbers could be read → those of them that the carrier has.

    What was longest not read comes first: a site that is to be left alone before all were read keeps no purchase from being read.
    """
    made: dict[tuple[str, str], set[str]] = {}
    doubted = {(item.shop, item.order_number) for item in run.ledger.items() if item.reason == "tracking"}
    for purchase in sorted(run.ledger.purchases("placed", "shipped", "done"), key=_last_read):
        order = run.ledger.order(purchase.shop, purchase.order_number)
        if purchase.shop != shop.name or order is None or not run.wants(order.order_number):
            continue
        asked = (order.shop, order.order_number) in doubted
        if order.disposition != "ours" or not is_followed(
            run, order, purchase, asked=asked
        ):  # a person said: I enter its numbers
            continue
        if not run.visits(purchase.account) or shop.account in run.closed_accounts:
            continue
        run.progress(_("Looking for the tracking number of order {}").format(order.order_number))
        with order_failures(run, order, stays=lambda _error: False):
            may_visit(run, purchase.account)
            run.ledger.put_followed(purchase.reference, run.now())
            numbers = read_tracking(run, purchase)
            made.setdefault((order.shop, order.order_number), set()).update(numbers)
        note_visits(run)
    return made


def _last_read(purchase: StoredPurchase) -> tuple[bool, datetime | None]:
    return (purchase.followed_at is not None, purchase.followed_at)


def is_followed(run: Run, order: StoredOrder, purchase: StoredPurchase, *, asked: bool) -> bool:
    """Whether its parcels may still come, or change their number: until the carrier has them, or a week is over.

    Where a number of its order is in doubt (`asked`), until that is settled, or a month is over. One that is not whole in the shop:
    for a month where its order waits for nothing any more (a week where its site shows no parcels), else for three.
    """
    since = run.now() - (purchase.placed_at or order.ordered_at)
    if purchase.state == "done":
        return since <= (DOUBTED_FOR if asked else FOLLOWED_FOR) and (asked or purchase.supplier_state not in PICKED_UP)
    if not _is_over(order, purchase):
        return since <= AWAITED_FOR
    blind = run.visits(purchase.account) and "parcels" in run.config.site_of(purchase.account).lacks
    return since <= (FOLLOWED_FOR if blind else DOUBTED_FOR)


def _is_over(order: StoredOrder, purchase: StoredPurchase) -> bool:
    """Whether its order waits for nothing of it any more."""
    return order.state in OVER or why_unwanted(order, {line.line_number for line in purchase.lines}) in WHOLLY


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
