"""What became of a purchase at the supplier: its state and its money, and what is done when the supplier closes or cancels it.

A purchase that was closed before any parcel left is dead; whether its lines are bought again is the seller's rule. Money that
was paid for it is followed until the supplier's page shows it back, or a person says what became of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, cast

from agent.config import Supplier
from agent.errors import Mismatch, Where
from agent.ledger import InboxItem, StoredPurchase, pay_key
from agent.models import Fen, Reading, SupplierOrderState
from agent.sites.check_reads import shows_state
from agent.words import _
from agent.work.goods import is_whole, rows_of, shown_goods
from agent.work.limits import yuan
from agent.work.look import details_of, shows_money
from agent.work.merged import bought
from agent.work.money import paid_for
from agent.work.paid import close_asked
from agent.work.paid_elsewhere import paid_elsewhere
from agent.work.payables import follow_payable
from agent.work.payment import KIND as PAY
from agent.work.payment import NOBODY_KNOWS
from agent.work.prove import keys
from agent.work.refunds import back_of, book, book_part, cause_of_refund, money_is_settled, never_paid
from agent.work.run import Run, ask_to_buy_again, order_failures
from agent.work.unwanted import WHOLLY, why_unwanted

ROAD: tuple[SupplierOrderState, ...] = ("unpaid", "placed", "partly_shipped", "shipped", "picked_up", "completed")
REFUND_DUE = "refund_due"
TOLD: Mapping[str, Literal["refunded", "refused"]] = {"approve": "refunded", "reject": "refused"}


def watch(run: Run, purchase: StoredPurchase, readings: Sequence[Reading]) -> bool:
    """Keep what the supplier's pages show of a purchase. False: it was closed, nothing comes of it any more.

    Raises Mismatch for a cancel that a person has to look at: after a parcel left, or of a part only.
    """
    states = {cast(SupplierOrderState, reading.values["state"]) for reading in readings}
    if "cancelled" not in states:
        state = min(states, key=ROAD.index)
        paid = state != "unpaid" and _money_moves(run, purchase)
        run.ledger.watched(purchase.reference, state, run.now() if paid else None)
        if paid and run.config.site_of(purchase.account).money_moves_at == "pay":
            paid_elsewhere(run, purchase, readings)
        follow_payable(run, purchase, readings, shared=bool(_others_in(run, purchase)))
        book_part(run, purchase, readings)
        _nothing_taken_out(run, purchase, readings)
        return True
    if len(states) > 1 or has_left(run, purchase, readings):
        raise _cancelled(purchase)
    _close(run, purchase, readings)
    return False


def _money_moves(run: Run, purchase: StoredPurchase) -> bool:
    """Whether each order is paid by itself, and its page shows it; nothing was paid for one that is owed, or billed by the month."""
    if run.ledger.payable(purchase.reference) is not None:
        return False
    site = run.config.site_of(purchase.account)
    return site.money_moves_at == "submit" or (site.money_moves_at == "pay" and shows_state(site))


def has_left(run: Run, purchase: StoredPurchase, readings: Sequence[Reading]) -> bool:
    """Whether a parcel of it left the supplier, as far as its pages or the ledger know."""
    known = run.ledger.shipments(purchase.shop, purchase.order_number)
    parcels = any(reading.values.get("shipments") for reading in readings)
    return parcels or purchase.state != "placed" or any(parcel.holds(purchase) for parcel in known)


def _nothing_taken_out(run: Run, purchase: StoredPurchase, readings: Sequence[Reading]) -> None:
    rows = [row for reading in readings for row in rows_of(reading)]
    if purchase.on_my_word or not rows or not all(is_whole(row) for row in rows):
        return
    whole = [other for other in _others_in(run, purchase) if other.state != "dead" and not other.on_my_word]
    if missing := bought([purchase, *whole], rows) - shown_goods(rows):
        raise Mismatch(
            _("The supplier took {goods} out of order {number}").format(
                goods="; ".join(f"{goods} × {count}" for goods, count in missing.items()),
                number=purchase.supplier_order_number,
            ),
            where=Where(account=purchase.account, order=purchase.order_number, flow="read_order"),
            todo=_("Ask the supplier; buy by hand what is missing, then `agent reject` the item."),
            reason="cancelled_late",
        )


def _others_in(run: Run, purchase: StoredPurchase) -> list[StoredPurchase]:
    """The other purchases that stand in its supplier orders, where the site merges, and in no further one."""
    numbers = purchase.supplier_order_numbers
    there = run.ledger.purchases_in(purchase.account, *numbers)
    return [
        other for other in there if other.reference != purchase.reference and set(other.supplier_order_numbers) <= {*numbers}
    ]


def _cancelled(purchase: StoredPurchase) -> Mismatch:
    return Mismatch(
        _("The supplier cancelled order {}").format(purchase.supplier_order_number),
        where=Where(account=purchase.account, order=purchase.order_number, flow="read_order"),
        todo=_("Buy it elsewhere by hand or ask the supplier, then `agent reject` the item."),
        reason="cancelled_late",
    )


def _close(run: Run, purchase: StoredPurchase, readings: Sequence[Reading]) -> None:
    """The supplier closed it: its lines are free by the seller's rule only, and never where we asked for it."""
    _paid_by_hand(run, purchase, readings)
    supplier = run.config.suppliers.get(purchase.supplier)
    ours = any(attempt.kind == "cancel" and attempt.committed_at for attempt in run.ledger.attempts_of(purchase.reference))
    free = supplier is not None and not ours and may_buy_again(supplier, paid=_was_paid(run, purchase))
    what = _("The supplier cancelled order {}").format(purchase.supplier_order_number)
    with run.ledger.atomic():
        bury(run, purchase, what)
        if not free:
            rest(run, purchase, what)


def _paid_by_hand(run: Run, purchase: StoredPurchase, readings: Sequence[Reading]) -> None:
    """The page of what was cancelled shows money of it: a person paid since the last look, and it is to come back."""
    singly = run.config.site_of(purchase.account).money_moves_at == "pay" and run.ledger.payable(purchase.reference) is None
    if singly and purchase.pay_state not in NOBODY_KNOWS and any(shows_money(reading) for reading in readings):
        run.ledger.purchase_paid(purchase.reference, run.now())
        paid_elsewhere(run, purchase, [reading for reading in readings if reading.values.get("paid")])


def rest(run: Run, purchase: StoredPurchase, what: str) -> None:
    """Its order rests. Whether it is bought again is asked only where somebody still wants any of it."""
    order = run.ledger.order(purchase.shop, purchase.order_number)
    if order and why_unwanted(order, {line.line_number for line in purchase.lines}) in WHOLLY:
        run.ledger.park(purchase.shop, purchase.order_number, what)
        _nothing_stopped(run, purchase)
        return
    ask_to_buy_again(run, purchase, f"cancelled:{purchase.reference}", what, reason="cancelled")


def _nothing_stopped(run: Run, purchase: StoredPurchase) -> None:
    """That the order changed kept its purchase from being paid or shipped; now there is none."""
    for item in run.ledger.items():
        if (item.shop, item.order_number, item.reason) == (purchase.shop, purchase.order_number, "changed"):
            run.ledger.close_item(item.cause, run.now())


def bury(run: Run, purchase: StoredPurchase, what: str) -> None:
    """The purchase is dead, and money that was paid for it is followed. `what` is told. Nobody has to pay it any more."""
    run.ledger.closed_by_supplier(purchase.reference, run.now(), paid=_was_paid(run, purchase))
    run.tell(what, **keys(purchase.purchase))
    close_asked(run, purchase, {"pay_differs", "pay_refused"})


def _was_paid(run: Run, purchase: StoredPurchase) -> bool:
    at_once = run.ledger.payable(purchase.reference) is None
    at_once &= run.config.site_of(purchase.account).money_moves_at == "submit"
    return at_once or purchase.pay_state in NOBODY_KNOWS or run.ledger.was_paid(purchase.reference)


def may_buy_again(supplier: Supplier, *, paid: bool) -> bool:
    """Whether what the supplier closed is bought again without asking, by the seller's `buy_again`."""
    return supplier.buy_again == "always" or (supplier.buy_again == "closed_unpaid" and not paid)


def follow_refunds(run: Run) -> None:
    """Look for the money of every cancelled purchase that was paid, until the supplier's page shows it back."""
    for purchase in run.ledger.purchases("dead"):
        order = run.ledger.order(purchase.shop, purchase.order_number)
        if purchase.refund != "open" or order is None or not _is_followed(run, purchase):
            continue
        _ask_for_money(run, purchase)
        with order_failures(run, order, stays=lambda _error: False):
            _look_for_money(run, purchase)
    _follow_shortages(run)


def _follow_shortages(run: Run) -> None:
    """Look for the money of pieces that were not sent, also where nothing else of their order is followed any more."""
    for reference in dict.fromkeys(each.reference for each in run.ledger.shortages(open_only=True)):
        purchase = run.ledger.purchase(reference)
        order = run.ledger.order(purchase.shop, purchase.order_number) if purchase else None
        if purchase is None or order is None or purchase.state == "dead" or not _is_followed(run, purchase):
            continue
        with order_failures(run, order, stays=lambda _error: False):
            book_part(run, purchase, details_of(run, purchase))


def _is_followed(run: Run, purchase: StoredPurchase) -> bool:
    return run.visits(purchase.account) and run.wants(purchase.order_number)


def _ask_for_money(run: Run, purchase: StoredPurchase) -> None:
    """Before the look: it may fail, and the money is due all the same."""
    paid = _paid(run, purchase)
    run.ledger.ask(
        "purchase",
        cause_of_refund(purchase.reference),
        what=_("The supplier cancelled order {number}, which was paid: {amount} yuan are to come back").format(
            number=purchase.supplier_order_number, amount="?" if paid is None else yuan(paid)
        ),
        todo=_("It closes itself when the supplier's page shows the refund; `agent approve ID` if the money is back."),
        reason="refund_due",
        shop=purchase.shop,
        order_number=purchase.order_number,
        reference=purchase.reference,
        account=purchase.account,
        at=run.now(),
    )


def _look_for_money(run: Run, purchase: StoredPurchase) -> None:
    readings = _of_paid_orders(run, purchase, details_of(run, purchase))
    states = {reading.values.get("refund") for reading in readings}
    back, others = back_of(readings), _others_in(run, purchase)
    if states == {"refunded"}:
        amount = Fen(sum(back.values())) if len(back) == len(readings) else None
        due = _whole(run, purchase, *others)
        if amount is not None and due is not None and amount < due:
            if not others:
                book(run, purchase, back, "part")
            raise Mismatch(
                _("The supplier paid back {shown} yuan of {meant} for order {number}").format(
                    shown=yuan(amount), meant=yuan(due), number=purchase.supplier_order_number
                ),
                where=_where(purchase),
                reason="refund_due",
            )
        shared = _whole(run, purchase) if others and amount is not None else amount
        _booked(run, purchase, shared, back if amount is not None and not others else {})
        return
    if not others and (new := book(run, purchase, back, "part")):
        words = _("The supplier paid back {amount} yuan of order {number}; the rest is to come")
        run.tell(words.format(amount=yuan(new), number=purchase.supplier_order_number), **keys(purchase.purchase))
    if "refused" in states:
        raise Mismatch(
            _("The supplier refuses to pay back order {}").format(purchase.supplier_order_number),
            where=_where(purchase),
            reason="refund_due",
        )


def _where(purchase: StoredPurchase) -> Where:
    return Where(account=purchase.account, order=purchase.order_number, flow="read_order", reference=purchase.reference)


def _of_paid_orders(run: Run, purchase: StoredPurchase, readings: Sequence[Reading]) -> list[Reading]:
    """Without those of its orders that are known to have got no money, where others are known to have got some."""
    by_number = {str(reading.values["supplier_order_number"]): reading for reading in readings}
    paid = {number for number in by_number if run.ledger.payment_of(purchase.account, number)}
    writes = {number: run.ledger.write(PAY, pay_key(purchase.account, number)) for number in by_number}
    open_ = {number for number, write in writes.items() if write and write.state in NOBODY_KNOWS}
    return [reading for number, reading in by_number.items() if not paid or number in paid | open_]


def _paid(run: Run, *purchases: StoredPurchase) -> Fen | None:
    """What was paid for these together, as the books have it; None where nobody knows it of one."""
    known = paid_for(run.ledger.money())
    each = [known.get(purchase.reference) for purchase in purchases]
    return None if None in each else Fen(sum(fen or 0 for fen in each))


def _whole(run: Run, *purchases: StoredPurchase) -> Fen | None:
    """What a page shows as paid back of these once all is back: what its bill was less by counts there, too."""
    paid = _paid(run, *purchases)
    return None if paid is None else Fen(paid + sum(never_paid(run.ledger, each.reference) for each in purchases))


def _booked(run: Run, purchase: StoredPurchase, amount: Fen | None, back: Mapping[str, Fen]) -> None:
    """`back`: number → amount, where its pages show it of this purchase alone; else all that was paid is back."""
    whole = _whole(run, purchase) if amount is None else amount
    with run.ledger.atomic():
        run.ledger.refund_settled(purchase.reference, "refunded", amount)
        book(run, purchase, back or _all_of(run, purchase, whole), "unshown" if amount is None else "whole")
        money_is_settled(run, purchase.reference)
        told = _("amount not shown") if amount is None else _("{} yuan").format(yuan(amount))
        run.tell(
            _("The supplier paid back order {number}: {amount}").format(number=purchase.supplier_order_number, amount=told),
            **keys(purchase.purchase),
        )


def _all_of(run: Run, purchase: StoredPurchase, amount: Fen | None) -> dict[str, Fen]:
    """What is not booked yet of it comes under its first number, if it is known how much that is."""
    if amount is None:
        return {}
    number = purchase.supplier_order_numbers[0]
    rest = amount - run.ledger.came_back(purchase.reference)
    return {number: Fen(run.ledger.came_back(purchase.reference, number) + rest)}


def money_told(run: Run, item: InboxItem) -> None:
    """What a person says of money that was to come back: yes, it is here; no, it will not come."""
    settled = TOLD.get(item.answer)
    purchase = run.ledger.purchase(item.reference)
    if settled and purchase is not None and purchase.refund == "open":
        run.ledger.refund_settled(item.reference, settled, None)
        money_is_settled(run, item.reference)
        if settled == "refunded":
            book(run, purchase, _all_of(run, purchase, _whole(run, purchase)), "person")
        run.tell(
            _("A person says what became of the money for order {}").format(purchase.supplier_order_number),
            **keys(purchase.purchase),
        )
