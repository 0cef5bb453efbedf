"""Buy one shop order at its supplier: route, review, reveal, look, fill, compare, re-read, submit, prove, note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

from agent.browser.watching import BackToStart, SentByHand
from agent.clock import told
from agent.config import Shop, Supplier
from agent.errors import AgentError, LimitReached, Mismatch, Where
from agent.ledger import StoredOrder
from agent.models import Fen, Order, PurchaseOrder, Reading, Receiver
from agent.terms import VALUES, plain
from agent.words import _
from agent.work import prove, watched
from agent.work.autonomy import Sends
from agent.work.closing import price_is_right
from agent.work.compare import Difference, Meant, differences
from agent.work.credit import wait_for_credit
from agent.work.drift import look_before
from agent.work.in_time import FRESH
from agent.work.leave import leave
from agent.work.look import Seen, look
from agent.work.manners import hurried, may_visit
from agent.work.note import begin, own_notes
from agent.work.products import Products
from agent.work.read_orders import order_from_detail
from agent.work.receivers import forget_asked, known_receiver, refuse_other_receiver, shows_whole, still_kept
from agent.work.remarks import without_rule
from agent.work.restored import is_restored, stands, waits_for_a_yes
from agent.work.review import Waiting, review, review_filled
from agent.work.rights import may_write_unattended
from agent.work.route import route
from agent.work.run import Run, raise_unless_passed
from agent.work.take import TakeRule, by_kind, left_out, may_ship, still_wanted
from agent.work.unmapped import no_product, unmatched
from agent.work.used import refuse_used_up, wait_for_limits
from agent.work.values import first_line, note_for, order_values, values_for
from agent.work.waiting import Hours, buy_from
from agent.work.worth import not_worth


def buy(run: Run, stored: StoredOrder, products: Products) -> Waiting | None:
    """Buy what is still open of this order, once a supplier, with proof; or say what it waits for.

    Every AgentError leaves nothing sent, or an open attempt. Before the first purchase is sent all of them were asked for,
    and all their suppliers could be reached: an order half bought is worth nothing.
    """
    shop = run.shop_of(stored)
    if lines := unmatched(run, stored, products):
        if stored.ship_by is None or (stored.shop, stored.order_number) not in run.listed:
            reread(run, shop, stored)  # its own page alone shows how much time it has, and what became of it
        return no_product(lines)
    purchases = plan(run, stored, products)
    if waits := _too_early(run, shop, stored, purchases):
        return waits
    for purchase in purchases:
        _may_go_on_here(run, run.supplier(purchase.supplier))
    if waits := wait_for_limits(run, stored, purchases):
        return waits
    order = reread(run, shop, stored)
    if is_restored(run):
        return _found_again(run, shop, replace(stored, lines=order.lines), order, products)
    ours = own_notes(run, shop, order.order_number)
    if left := _left_out(run, shop, stored, order, ours):
        return left
    remarks = _without_rule(shop, order, ours)
    stored = replace(stored, lines=order.lines)  # the list may have shown less than the order's own page
    if lines := unmatched(run, stored, products):
        return no_product(lines)
    purchases = plan(run, stored, products)
    _put_down(run, order, purchases)
    waiting = [waits for purchase in purchases if (waits := review(run, order, purchase, remarks))]
    if waiting:
        return waiting[0]
    receiver = known_receiver(run, shop, order)
    if isinstance(receiver, Waiting):
        return receiver
    for purchase in purchases:
        _delivers_to(run.supplier(purchase.supplier), receiver)
    for purchase in purchases:
        order, waits = _buy_at(run, shop, order, purchase, receiver)
        waiting += [waits] if waits else []
    return waiting[0] if waiting else None


def _found_again(run: Run, shop: Shop, stored: StoredOrder, order: Order, products: Products) -> Waiting | None:
    """Take over what stands at the suppliers, whatever the note in the shop says by now; only for that a receiver is revealed."""
    if lines := unmatched(run, stored, products):
        return no_product(lines)
    purchases = plan(run, stored, products)
    there = [purchase for purchase in purchases if stands(run, order, purchase)]
    if not there:
        return waits_for_a_yes()
    _put_down(run, order, purchases)
    receiver = known_receiver(run, shop, order)
    if isinstance(receiver, Waiting):
        return receiver
    waiting = [waits for purchase in there if (waits := _buy_at(run, shop, order, purchase, receiver)[1])]
    return waiting[0] if waiting else None if len(there) == len(purchases) else waits_for_a_yes()


def _buy_at(run: Run, shop: Shop, order: Order, purchase: PurchaseOrder, receiver: Receiver) -> tuple[Order, Waiting | None]:
    """Buy at one supplier what the order needs from there; the order as it has to read from then on, and what it waits for."""
    supplier = run.supplier(purchase.supplier)
    meant = meant_now(run, purchase, receiver)
    if waits := not_settled(run, meant):
        return order, waits
    while True:
        seen = look(run, meant, order)
        if seen.ours:
            prove.adopt(run, meant, seen)
            return order, None
        if is_restored(run):
            return order, waits_for_a_yes()
        sends = run.rung(supplier.name).sends
        if sends in ("watched", "at_once"):
            order = begin(run, shop, order)
        try:
            return order, _fill_and_send(run, shop, order, meant, seen, sends)
        except BackToStart:  # a person who looks on wants to see it again
            continue
        except SentByHand as sent:
            prove.settle_sent_by_hand(run, meant, seen, sent)
            return order, None


def meant_now(run: Run, purchase: PurchaseOrder, receiver: Receiver) -> Meant:
    """What the purchase is to be, by the seller's files as they are."""
    supplier = run.supplier(purchase.supplier)
    site = run.config.site_of(supplier.account)
    return Meant(
        purchase,
        receiver,
        supplier.most_per_order,
        note=note_for(supplier.note, purchase.reference),
        seller=supplier.seller,
        hidden=frozenset(site.lacks),
        merges=site.merges_orders,
        tolerance=supplier.price_tolerance,
    )


def _fill_and_send(run: Run, shop: Shop, order: Order, meant: Meant, seen: Seen, sends: Sends) -> Waiting | None:
    """Fill the supplier's form, and send it as far as the seller lets us."""
    supplier = run.supplier(meant.purchase.supplier)
    filled = fill(run, supplier, meant)
    if waits := wait_for_credit(run, order, supplier, filled.total):
        return waits
    if sends == "never":
        run.tell(_("Filled and compared, not submitted"), **prove.keys(meant.purchase))
        return Waiting(_("filled, not submitted"))
    agreed: list[watched.Pair] = []
    while (
        sends == "watched" and (shown := watched.of_purchase(meant, filled.shown)) != agreed
    ):  # a yes holds for what was shown
        if not run.confirm(_("Place this order?"), shown):
            return Waiting(_("a person said no"))
        agreed = shown
        seen = look(run, meant, order)
        if seen.ours:
            prove.adopt(run, meant, seen)
            return None
        filled = fill(run, supplier, meant)
    if sends == "after_a_yes" and (waits := review_filled(run, order, meant.purchase, filled.total, filled.picture)):
        return waits
    read_at = unchanged(run, shop, order)
    prove.submit(run, replace(meant, total=filled.total, freight=filled.freight), seen, read_at + FRESH)
    return None


def not_settled(run: Run, meant: Meant) -> Waiting | None:
    """Where the site merges, one purchase for a receiver at a time: two of unknown end in one order could not be told apart."""
    sent = run.ledger.purchases("planned", account=meant.purchase.account) if meant.merges else []
    for other in sent:
        same = run.ledger.receiver(other.shop, other.order_number) == meant.receiver
        if same and other.reference != meant.purchase.reference and other.write_state in ("committing", "unknown", "held"):
            return Waiting(_("waits until purchase {} for the same receiver is settled").format(other.reference))
    return None


def _left_out(run: Run, shop: Shop, stored: StoredOrder, order: Order, ours: tuple[str, ...]) -> Waiting | None:
    """Leave an order that its own page shows to be none of those we take, unless a person handed it over."""
    if run.ledger.handed_over(order.shop, order.order_number):
        return None
    flags = tuple(flag for flag in shop.take.except_flags if not ours or flag != shop.note.flag)
    no = left_out(order, TakeRule(order.ordered_at, flags, shop.take.except_remarks), ours) or by_kind(order)
    if no is None:
        return None
    if any(purchase.state not in ("planned", "dead") for purchase in run.ledger.purchase_of(order.shop, order.order_number)):
        raise Mismatch(_("Stopped with a part of it bought: {}").format(no.reason), reason="changed")
    leave(run, stored, no.reason)
    run.tell(no.reason, shop=order.shop, order_number=order.order_number)
    return Waiting(no.reason)


def _without_rule(shop: Shop, order: Order, ours: tuple[str, ...]) -> tuple[str, ...]:
    """The remark and the message that a person has to look at before this is bought."""
    ignore = shop.take.ignore_remarks
    return (*without_rule([order.remark], ignore, ours), *without_rule([order.buyer_message], ignore))


def plan(run: Run, stored: StoredOrder, products: Products) -> list[PurchaseOrder]:
    """One purchase a supplier for all that is still to be bought; every line of it must have a supplier product."""
    made = run.ledger.purchases_of_order(stored.shop, stored.order_number)
    accounts = {name: supplier.account for name, supplier in run.config.suppliers.items()}
    return route(stored, made, products, accounts)


def _put_down(run: Run, order: Order, purchases: Sequence[PurchaseOrder]) -> None:
    """Put the plans into the ledger; a plan for a supplier that gets nothing any more is given up."""
    kept = {purchase.reference for purchase in purchases}
    with run.ledger.atomic():
        for old in run.ledger.purchase_of(order.shop, order.order_number):
            if old.state == "planned" and old.reference not in kept:
                run.ledger.bury(old.reference, run.now())
        run.ledger.plan(purchases, run.now())


def _too_early(run: Run, shop: Shop, stored: StoredOrder, purchases: Sequence[PurchaseOrder]) -> Waiting | None:
    """The soonest of its suppliers says when the order is bought: it is bought whole."""
    wait = timedelta(seconds=shop.wait_before_buying)
    hours = [hours_of(run.supplier(purchase.supplier)) for purchase in purchases]
    if stored.ship_by is None and run.now() < stored.ordered_at + wait and any(each.sends_at_times for each in hours):
        stored = replace(stored, ship_by=reread(run, shop, stored).ship_by)  # only its own page says how long it may wait
    start = min((buy_from(stored.ordered_at, stored.ship_by, wait, each) for each in hours), default=run.now())
    return Waiting(_("bought from {} on, in case the buyer cancels").format(told(start))) if run.now() < start else None


def hours_of(supplier: Supplier) -> Hours:
    """When this supplier sends."""
    weekdays = [day for day in supplier.closed_days if isinstance(day, int)]
    return Hours(supplier.cut_off, weekdays, [day for day in supplier.closed_days if not isinstance(day, int)])


def _may_go_on_here(run: Run, supplier: Supplier) -> None:
    """Raise what keeps this account from buying at all in this run, before a reveal is spent on it."""
    run.desk(supplier.account)
    run.ledger.refuse_paused(supplier.account)
    may_visit(run, supplier.account)
    if not run.options.attended:
        may_write_unattended(run.config, run.ledger, supplier.account, "fill_order")
        may_write_unattended(run.config, run.ledger, supplier.account, "submit_order")


def reread(run: Run, shop: Shop, stored: StoredOrder, *, ships: bool = False) -> Order:
    """The order as its own page shows it now. Raises Mismatch if it may not be bought, or (`ships`) shipped, any more."""
    desk = run.desk(shop.account)
    reading = desk.play("read_order", order_values(stored.order_number))
    order = order_from_detail(shop.name, reading)
    if order.order_number != stored.order_number:
        raise Mismatch(
            _("The shop opened order {shown} instead of {meant}").format(shown=order.order_number, meant=stored.order_number)
        )
    forget_asked(run, shop, order)
    run.ledger.save_order(order, run.now(), detail=True)
    refuse_other_receiver(run, shop, order)
    refuse_unwanted(order, begun=bool(run.ledger.shipments(shop.name, order.order_number, entered=True)), ships=ships)
    return order


def refuse_unwanted(order: Order, *, begun: bool, ships: bool) -> None:
    """Raise Mismatch when the order was cancelled, is being refunded, is under review, or changes its address (N6)."""
    no = may_ship(order, begun=begun) if ships else still_wanted(order, begun=begun)
    if no is not None:
        raise Mismatch(
            (_("Not shipped: {}") if ships else _("Stopped: {}")).format(no.reason),
            where=Where(order=order.order_number),
            todo=_("Settle it in the shop, then `agent approve` the item."),
            reason="changed",
        )


@hurried
def unchanged(run: Run, shop: Shop, before: Order) -> datetime:
    """Read the order once more; raise Mismatch on any change. Returns when the reading began."""
    read_at = run.now()
    stored = run.ledger.order(before.shop, before.order_number)
    if stored is None:
        raise Mismatch(_("The order is not in the ledger any more"))
    after = reread(run, shop, stored)
    receiver = after.receiver if shows_whole(run, shop) else before.receiver  # a mask may hide another part each time
    same = replace(after, receiver=receiver, flag=before.flag) == before
    if not same:
        raise _changed_meanwhile(before)
    if not shows_whole(run, shop) and still_kept(run, after) is None:
        raise _changed_meanwhile(before)
    return read_at


def _changed_meanwhile(order: Order) -> Mismatch:
    return Mismatch(
        _("The order changed in the shop while its purchase was being filled in"),
        where=Where(order=order.order_number),
        todo=_("Look at the order in the shop, then `agent approve` the item."),
        reason="changed",
    )


def _delivers_to(supplier: Supplier, receiver: Receiver) -> None:
    for region in supplier.regions_refused:
        if receiver.province.startswith(region):
            raise LimitReached(
                _("{supplier} does not deliver to {region}").format(supplier=supplier.name, region=receiver.province),
                todo=_("Buy this one elsewhere by hand, then `agent reject` the item."),
                reason="region",
            )


@dataclass(frozen=True, slots=True)
class Filled:
    """A supplier's form as it stands filled: what it shows, the total it will cost and the freight in it, its picture."""

    shown: Reading
    total: Fen
    freight: Fen
    picture: Path | None


def fill(run: Run, supplier: Supplier, meant: Meant) -> Filled:
    """Fill the supplier's form and compare what it shows with what was meant."""
    left = run.ledger.left_behind(supplier.account)
    values = values_for(meant.purchase, meant.receiver, meant.note, meant.seller, left)
    look_before(run, supplier.account, "fill_order", {**values, **first_line(values)})
    run.ledger.fill_begun(meant.purchase, run.now())
    reading = run.desk(supplier.account).play("fill_order", values)
    if run.config.site_of(supplier.account).clears:
        run.ledger.cleared(meant.purchase)
    picture = _picture(run, meant)
    run.tell(_("Form filled"), picture=picture, **prove.keys(meant.purchase))
    found = differences(meant, reading)
    if found:
        _stop_or_pass(run, meant, refusal(meant, found).at(account=supplier.account, flow="fill_order", evidence=picture))
    total, freight = (cast(Fen, reading.values[word]) for word in ("total", "freight"))
    try:
        refuse_used_up(run, supplier, total, sorted({line.product.product for line in meant.purchase.lines}))
    except LimitReached as error:
        _stop_or_pass(run, meant, error.at(account=supplier.account, evidence=picture))
    for limit in not_worth(run, meant.purchase, total, freight):
        _stop_or_pass(run, meant, limit.at(account=supplier.account, evidence=picture))
    price_is_right(run, meant.purchase)
    return Filled(reading, total, freight, picture)


def _picture(run: Run, meant: Meant) -> Path | None:
    """The filled form as it is kept; that it cannot be kept is told and stops nothing: what counts is in the ledger."""
    try:
        return run.desk(meant.purchase.account).picture(f"{meant.purchase.reference}-filled")
    except OSError as error:
        words = _("The picture of the filled form could not be kept: {}").format(error.strerror)
        run.tell(words, detail=str(error.filename or run.config.path.parent), **prove.keys(meant.purchase))
        return None


def _stop_or_pass(run: Run, meant: Meant, error: AgentError) -> None:
    """Only a limit can be let pass by a person; a mismatch never."""
    if not isinstance(error, LimitReached):
        raise error
    raise_unless_passed(run, meant.purchase.shop, meant.purchase.order_number, error)


def refusal(meant: Meant, found: tuple[Difference, ...]) -> AgentError:
    """The differences as one error: a limit's when it is only dearer than allowed, else a mismatch. A buyer's data is not quoted."""
    what = "; ".join(_in_words(d) for d in found)
    where = Where(order=meant.purchase.order_number, reference=meant.purchase.reference)
    if all(d.over_limit for d in found):
        return LimitReached(what, where=where, reason="price" if all(d.changed for d in found) else "ceiling")
    return Mismatch(what, where=where)


def _in_words(difference: Difference) -> str:
    """One difference in words, both values shown unless they are a buyer's."""
    if difference.private:
        return _("{} is not what was meant (see the picture)").format(plain(VALUES, difference.word))
    return _("{word}: meant “{meant}”, shown “{shown}”").format(
        word=plain(VALUES, difference.word), meant=difference.meant, shown=difference.shown
    )
