"""Cancel an order at its supplier that nobody wants any more: once, never what was sent, and proven by the supplier's own page.

A person says it (`agent cancel REFERENCE`), or the seller's `cancel: refunded` does, where the buyer has all the money back.
Before the click the supplier's order is read (it must not be sent, and hold nothing but this purchase), then the shop's
(still unwanted, no older than 60 s). What is bought again is a person's decision.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from agent.config import Shop
from agent.errors import Mismatch, SiteUnavailable, StaysAway, Where
from agent.ledger import InboxItem, StoredOrder, StoredPurchase
from agent.models import CommitFacts, Order, Reading, WriteState
from agent.sites.check_reads import does_read
from agent.sites.values import NotUnderstood, parse
from agent.terms import SUPPLIER_STATES, plain
from agent.words import _
from agent.work import note, watched
from agent.work.cancelled import (
    ASKS,
    FLOW,
    KIND,
    NOT_DONE,
    NOT_SENT,
    SAID,
    amount_of,
    key_of,
    page_of,
    sent_before,
    settle_cancel,
)
from agent.work.closing import settle_by_itself
from agent.work.drift import look_before
from agent.work.in_time import FRESH
from agent.work.look import live_in
from agent.work.manners import may_visit, note_visits
from agent.work.merged import nothing_came_in
from agent.work.parcels import SHIPPED
from agent.work.prove import click, keys
from agent.work.read_orders import order_from_detail
from agent.work.receivers import receiver_in, shows_whole
from agent.work.rights import may_write_unattended
from agent.work.run import Run, carried_out, order_failures
from agent.work.unwanted import WHOLLY, Why, why_unwanted, words_of
from agent.work.values import order_values, purchase_values
from agent.work.watch import has_left, watch

TO_STOP = "intercept:"  # how the causes begin by which a parcel is to be stopped
# So old may be what only the shop's page of an order tells, while its purchase waits to be sent.
PAGE_AGAIN = timedelta(hours=4)


# ---- whose order it is to be ----------------------------------------------------------------------------------------------


def carry_out_said(run: Run) -> None:
    """Do what people said with `agent cancel`. One word is for one try, unless the site or the account kept from it."""
    for item in run.ledger.unapplied_answers():
        purchase, order = run.ledger.purchase(item.reference), run.ledger.order(item.shop, item.order_number)
        if item.answer != SAID or not run.wants(item.order_number):
            continue
        if purchase is None or order is None or order.shop not in run.config.shops or _state(run, purchase) != "intended":
            run.ledger.applied(item.id, run.now())
        elif not _closed(run, purchase, run.shop_of(order)):
            with order_failures(run, order, stays=lambda _error: False), carried_out(run, item.id):
                cancel(run, order, purchase)


def _closed(run: Run, purchase: StoredPurchase, shop: Shop) -> bool:
    """Whether one of the two accounts is not visited in this run."""
    return not (run.visits(purchase.account) and run.visits(shop.account))


def follow_unwanted(run: Run) -> None:
    """Ask about, or by the seller's rule cancel, each purchase that is unwanted in the shop; what was sent already is to be stopped."""
    asked: set[str] = set()
    for purchase in run.ledger.purchases("placed", "shipped"):
        order = run.ledger.order(purchase.shop, purchase.order_number)
        shop = run.config.shops.get(purchase.shop)
        if order is None or shop is None or order.disposition != "ours" or not run.wants(order.order_number):
            continue
        if _is_sent(run, purchase):
            asked |= _ask_to_stop(run, order, purchase)
        elif not _closed(run, purchase, shop):
            with order_failures(run, order, stays=lambda _error: False):
                asked |= _follow(run, shop, order, purchase)
    for item in run.ledger.items():
        ours = item.reason in (*ASKS, *NOT_DONE) or item.cause.startswith(TO_STOP)
        if ours and item.cause not in asked and _was_followed(run, item):
            settle_by_itself(run, item, _("its cause is gone"))


def _was_followed(run: Run, item: InboxItem) -> bool:
    """Whether this run could see whether it is still so."""
    shop, purchase = run.config.shops.get(item.shop), run.ledger.purchase(item.reference)
    seen = run.wants(item.order_number) and (item.shop, item.order_number) not in run.stopped
    return seen and shop is not None and purchase is not None and not _closed(run, purchase, shop)


def _is_sent(run: Run, purchase: StoredPurchase) -> bool:
    kept = run.ledger.shipments(purchase.shop, purchase.order_number)
    return purchase.supplier_state in SHIPPED or any(shipment.holds(purchase) for shipment in kept)


def _ask_to_stop(run: Run, order: StoredOrder, purchase: StoredPurchase) -> set[str]:
    """The cause that is asked about: sent before anybody could cancel it. Nothing where its order rests with a person already."""
    cause = f"{TO_STOP}{purchase.reference}"
    parcels = [shipment for shipment in run.ledger.shipments(order.shop, order.order_number) if shipment.holds(purchase)]
    unwanted = why_unwanted(order, {line.line_number for line in purchase.lines}) in WHOLLY
    if not unwanted or order.parked or any(parcel.entered_at for parcel in parcels) or _let_be(run, purchase, cause):
        return set()
    told = sent_before(purchase)
    about: dict[str, Any] = keys(purchase.purchase)
    run.ledger.ask("purchase", cause, what=told.what, todo=told.todo, reason=told.reason, at=run.now(), **about)
    return {cause}


def _follow(run: Run, shop: Shop, stored: StoredOrder, purchase: StoredPurchase) -> set[str]:
    """The cause that is asked about now, if any."""
    order = _as_shown_now(run, shop, stored)
    why = why_unwanted(order, {line.line_number for line in purchase.lines})
    cause = f"unwanted:{purchase.reference}:{why}"
    state = _state(run, purchase)
    if why is None or state in ("committing", "unknown") or _let_be(run, purchase, cause):
        return set()
    if why in WHOLLY and state == "intended" and _rule(run, purchase) == "refunded":
        cancel(run, order, purchase, by_itself=True)
        return set()
    tried = {item.cause for item in run.ledger.items() if item.reference == purchase.reference and item.reason in NOT_DONE}
    if not tried:
        _ask(run, purchase, why, cause, by_hand=state != "intended" or not _may_ever(run, purchase))
    return tried or {cause}


def _let_be(run: Run, purchase: StoredPurchase, cause: str) -> bool:
    """Whether a person said that the supplier's order may stand."""
    tried = [
        item for item in run.ledger.items(open_only=False) if item.reference == purchase.reference and item.reason in NOT_DONE
    ]
    return run.ledger.answered(cause) == "approve" or any(item.answer == "approve" for item in tried)


def _as_shown_now(run: Run, shop: Shop, order: StoredOrder) -> StoredOrder:
    """An order that the shop's list does not show any more, or not whole: its own page says what became of it."""
    read = any(name == shop.name for name, _number in run.listed)
    listed = (order.shop, order.order_number) in run.listed
    if not read or order.state != "to_ship" or (listed and not _may_have_moved(run, shop, order)):
        return order
    run.ledger.save_order(note.read(run, shop, order.order_number), run.now(), detail=True)
    note_visits(run)
    return run.ledger.order(order.shop, order.order_number) or order


def _may_have_moved(run: Run, shop: Shop, order: StoredOrder) -> bool:
    """Whether another address may be asked for that the list does not tell of: its page was not read for long."""
    site = run.config.site_of(shop.account)
    on_page_alone = does_read(site, "address_change", "read_order") and not does_read(site, "address_change", "list_orders")
    if not on_page_alone or (order.page_read_at and run.now() - order.page_read_at < PAGE_AGAIN):
        return False
    try:
        may_visit(run, shop.account)
    except StaysAway:
        return False
    return True


def _state(run: Run, purchase: StoredPurchase) -> WriteState:
    write = run.ledger.write(KIND, key_of(purchase))
    return write.state if write else "intended"


def _rule(run: Run, purchase: StoredPurchase) -> str:
    supplier = run.config.suppliers.get(purchase.supplier)
    return supplier.cancel if supplier else "never"


def _may_ever(run: Run, purchase: StoredPurchase) -> bool:
    return FLOW in run.config.site_of(purchase.account).flows and _rule(run, purchase) != "never"


def _ask(run: Run, purchase: StoredPurchase, why: Why, cause: str, *, by_hand: bool) -> None:
    what = _("{why}, and supplier order {number} over {amount} yuan was not sent yet").format(
        why=words_of(why), number=purchase.supplier_order_number, amount=amount_of(purchase)
    )
    todo = _("`agent cancel {}` has the next run cancel it, if the supplier has not sent it by then.").format(
        purchase.reference
    )
    about: dict[str, Any] = {"what": what, "at": run.now(), **keys(purchase.purchase)}
    if by_hand:
        todo = _("Cancel it at the supplier by hand; this closes itself when its page shows it.")
        run.ledger.ask("purchase", cause, todo=todo, reason="unwanted_by_hand", **about)
        return
    run.ledger.ask("purchase", cause, todo=todo, reason="unwanted", **about)


# ---- the click -------------------------------------------------------------------------------------------------------------


def cancel(run: Run, order: StoredOrder, purchase: StoredPurchase, *, by_itself: bool = False, agreed: bool = False) -> None:
    """Cancel it once. Raises unless it is proven cancelled, or asked for. `by_itself`: by the seller's rule; `agreed`: who looks on said yes."""
    shop = run.shop_of(order)
    _may_click(run, purchase)
    values = purchase_values(purchase.reference, purchase.supplier_order_number)
    look_before(run, purchase.account, FLOW, values)
    page = page_of(run, purchase)
    if not watch(run, purchase, [page]):
        run.ledger.found_done(KIND, key_of(purchase), at=run.now(), **keys(purchase.purchase))
        return
    state = str(page.values["state"])
    _refuse_page(run, purchase, page)
    read_at = run.now()
    _refuse_wanted(run, shop, order, purchase, by_itself=by_itself)
    if run.options.attended and not agreed:
        meant = {**values, "purchase_order.state": page.raw.get("state", state)}
        watched.ask(run, purchase.account, FLOW, meant, _("Cancel this order at the supplier?"))
        cancel(run, order, purchase, by_itself=by_itself, agreed=True)
        return
    write = run.ledger.intend(KIND, key_of(purchase), at=run.now(), **keys(purchase.purchase))
    attempt = run.ledger.begin_attempt(
        [write],
        account=purchase.account,
        flow=FLOW,
        baseline=[purchase.supplier_order_number],
        meant={
            "supplier_order_number": purchase.supplier_order_number,
            "state": state,
            "total": purchase.total,
            "refund": page.values.get("refund"),
        },
        at=run.now(),
    )
    outcome = click(
        run,
        attempt,
        lambda record: run.desk(purchase.account).commit(FLOW, values, record),
        lambda facts: _as_meant(run, purchase, state, facts, read_at + FRESH),
    )
    settle_cancel(run, run.ledger.attempt(attempt), outcome)


def _may_click(run: Run, purchase: StoredPurchase) -> None:
    """Raise what the ledger and the seller's files have against it, before any page is opened."""
    run.desk(purchase.account)
    run.ledger.refuse_paused(purchase.account)
    if purchase.state != "placed" or _is_sent(run, purchase):
        raise _no(purchase, _("Purchase {} is not one that waits for its supplier").format(purchase.reference))
    if not _may_ever(run, purchase):
        raise _no(purchase, _("Nothing may be cancelled there: no flow `cancel_order`, or `cancel: never` in config.yaml"))
    if "parcels" in run.config.site_of(purchase.account).lacks:
        raise _no(purchase, _("The supplier's pages do not show whether an order was sent"))
    if len(purchase.supplier_order_numbers) != 1 or purchase.on_my_word:
        raise _no(purchase, _("It stands in several supplier orders, or in one that only a person's word names"))
    others = [
        each for each in live_in(run, purchase.account, purchase.supplier_order_number) if each.reference != purchase.reference
    ]
    if others:
        raise _no(
            purchase,
            _("Supplier order {number} holds purchase {others}, too").format(
                number=purchase.supplier_order_number, others=", ".join(each.reference for each in others)
            ),
        )
    if _is_being_paid(run, purchase):
        raise SiteUnavailable(
            _("A payment of supplier order {} is not settled yet; it is cancelled after that").format(
                purchase.supplier_order_number
            ),
            where=Where(order=purchase.order_number),
        )
    if not run.options.attended:
        may_write_unattended(run.config, run.ledger, purchase.account, FLOW)


def _is_being_paid(run: Run, purchase: StoredPurchase) -> bool:
    writes = [write for attempt in run.ledger.open_attempts(purchase.account) for write in attempt.writes]
    return any(write.kind == "pay" and write.key.startswith(f"{key_of(purchase)} ") for write in writes)


def _no(purchase: StoredPurchase, what: str) -> Mismatch:
    return Mismatch(
        _("Not cancelled at the supplier: {}").format(what),
        where=Where(account=purchase.account, order=purchase.order_number, reference=purchase.reference, flow=FLOW),
        todo=_("Look at both orders; cancel it at the supplier by hand if that is right."),
        reason="not_cancelled",
    )


def _refuse_page(run: Run, purchase: StoredPurchase, page: Reading) -> None:
    if page.values["state"] not in NOT_SENT or has_left(run, purchase, [page]):
        raise sent_before(purchase)
    if not nothing_came_in(page, [purchase]):
        raise _no(purchase, _("Supplier order {} holds more than this purchase").format(purchase.supplier_order_number))


def _refuse_wanted(run: Run, shop: Shop, stored: StoredOrder, purchase: StoredPurchase, *, by_itself: bool) -> None:
    """The shop's own page, opened now. Raises Mismatch where it says that the purchase is wanted (after all)."""
    order = order_from_detail(shop.name, run.desk(shop.account).play("read_order", order_values(stored.order_number)))
    if order.order_number != stored.order_number:
        raise Mismatch(
            _("The shop opened order {shown} instead of {meant}").format(shown=order.order_number, meant=stored.order_number)
        )
    run.ledger.save_order(order, run.now(), detail=True)
    why = why_unwanted(order, {line.line_number for line in purchase.lines})
    if why is None and _goes_elsewhere(run, shop, order):
        why = "address"
    if why is None or (by_itself and why not in WHOLLY):
        raise _no(purchase, _("in the shop the order is wanted, or not refunded whole"))


def _goes_elsewhere(run: Run, shop: Shop, order: Order) -> bool:
    kept = run.ledger.receiver(order.shop, order.order_number)
    return shows_whole(run, shop) and kept is not None and receiver_in(order) != kept


def _as_meant(run: Run, purchase: StoredPurchase, state: str, facts: CommitFacts, until: datetime) -> None:
    """Raise Mismatch unless the page holds exactly this order, still as it was read, and nothing read is too old."""
    number, shown = facts.shown.get("supplier_order_number", ""), facts.shown.get("state", "")
    if number.strip() != purchase.supplier_order_number or _state_of(run, purchase.account, shown) != state:
        raise Mismatch(
            _("The page shows order {number} as “{shown}”, meant was {meant} as “{state}”; nothing was sent").format(
                number=number,
                shown=shown,
                meant=purchase.supplier_order_number,
                state=plain(SUPPLIER_STATES, state),
            ),
            where=Where(account=purchase.account, order=purchase.order_number, reference=purchase.reference, flow=FLOW),
            reason="not_cancelled",
        )
    if run.now() > until:
        raise Mismatch(
            _("More than 60 seconds passed since the order was read in the shop; nothing was sent"),
            where=Where(account=purchase.account, order=purchase.order_number, reference=purchase.reference),
            reason="not_cancelled",
        )


def _state_of(run: Run, account: str, shown: str) -> str:
    try:
        return str(parse("state", shown, table=run.config.site_of(account).words.get("order_states", {})))
    except NotUnderstood:
        return ""
