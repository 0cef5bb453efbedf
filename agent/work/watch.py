"""What became of a purchase at the supplier: its state and its money, and what is done when the supplier closes or cancels it.

A purchase that was closed before any parcel left is dead; whether its lines are bought again is the seller's rule. Money that
was paid for it is followed until the supplier's page shows it back, or a person says what became of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, cast

from agent.config import Supplier
from agent.errors import Mismatch, Where
from agent.ledger import InboxItem, StoredPurchase
from agent.models import Fen, Reading, SupplierOrderState
from agent.words import _
from agent.work.goods import is_whole, rows_of, shown_goods
from agent.work.limits import yuan
from agent.work.look import details_of
from agent.work.merged import bought
from agent.work.paid_elsewhere import paid_elsewhere
from agent.work.payables import follow_payable
from agent.work.prove import keys
from agent.work.run import Run, ask_to_buy_again, order_failures

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
        _nothing_taken_out(run, purchase, readings)
        return True
    if len(states) > 1 or _left(run, purchase, readings):
        raise _cancelled(purchase)
    _close(run, purchase)
    return False


def _money_moves(run: Run, purchase: StoredPurchase) -> bool:
    """Whether each order is paid by itself; nothing was paid for one that is owed, or billed by the month."""
    owed = run.ledger.payable(purchase.reference)
    return owed is None and run.config.site_of(purchase.account).money_moves_at in ("pay", "submit")


def _left(run: Run, purchase: StoredPurchase, readings: Sequence[Reading]) -> bool:
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


def _close(run: Run, purchase: StoredPurchase) -> None:
    """The purchase is dead; its money is followed, and its lines are free by the seller's rule only."""
    owed = run.ledger.payable(purchase.reference)
    at_once = owed is None and run.config.site_of(purchase.account).money_moves_at == "submit"
    paid = purchase.paid_at is not None or at_once or (owed is not None and owed.state == "paid")
    paid |= purchase.pay_state in ("committing", "unknown", "held")  # nobody knows: its money is followed
    supplier = run.config.suppliers.get(purchase.supplier)
    free = supplier is not None and may_buy_again(supplier, paid=paid)
    what = _("The supplier cancelled order {}").format(purchase.supplier_order_number)
    with run.ledger.atomic():
        run.ledger.closed_by_supplier(purchase.reference, run.now(), paid=paid)
        run.tell(what, **keys(purchase.purchase))
        if not free:
            ask_to_buy_again(run, purchase, f"cancelled:{purchase.reference}", what, reason="cancelled")


def may_buy_again(supplier: Supplier, *, paid: bool) -> bool:
    """Whether what the supplier closed is bought again without asking, by the seller's `buy_again`."""
    return supplier.buy_again == "always" or (supplier.buy_again == "closed_unpaid" and not paid)


def follow_refunds(run: Run) -> None:
    """Look for the money of every cancelled purchase that was paid, until the supplier's page shows it back."""
    for purchase in run.ledger.purchases("dead"):
        order = run.ledger.order(purchase.shop, purchase.order_number)
        if purchase.refund != "open" or order is None or purchase.account in run.closed_accounts:
            continue
        _ask_for_money(run, purchase)
        with order_failures(run, order, stays=lambda _error: False):
            _look_for_money(run, purchase)


def _ask_for_money(run: Run, purchase: StoredPurchase) -> None:
    """Before the look: it may fail, and the money is due all the same."""
    run.ledger.ask(
        "purchase",
        f"refund:{purchase.reference}",
        what=_("The supplier cancelled order {number}, which was paid: {amount} yuan are to come back").format(
            number=purchase.supplier_order_number, amount="?" if purchase.total is None else yuan(purchase.total)
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
    readings = details_of(run, purchase)
    states = {reading.values.get("refund") for reading in readings}
    if states == {"refunded"}:
        told = [reading.values.get("refunded") for reading in readings]
        amount = Fen(sum(cast(int, each) for each in told)) if all(isinstance(each, int) for each in told) else None
        others = _others_in(run, purchase)
        due = None if purchase.total is None else purchase.total + sum(other.total or 0 for other in others)
        if amount is not None and due is not None and amount < due:
            raise Mismatch(
                _("The supplier paid back {shown} yuan of {meant} for order {number}").format(
                    shown=yuan(amount), meant=yuan(Fen(due)), number=purchase.supplier_order_number
                ),
                where=Where(account=purchase.account, order=purchase.order_number, flow="read_order"),
                reason="refund_due",
            )
        _booked(run, purchase, purchase.total if others and amount is not None else amount)
    elif "refused" in states:
        raise Mismatch(
            _("The supplier refuses to pay back order {}").format(purchase.supplier_order_number),
            where=Where(account=purchase.account, order=purchase.order_number, flow="read_order"),
            reason="refund_due",
        )


def _booked(run: Run, purchase: StoredPurchase, amount: Fen | None) -> None:
    with run.ledger.atomic():
        run.ledger.refund_settled(purchase.reference, "refunded", amount)
        run.ledger.close_item(f"refund:{purchase.reference}", run.now())
        told = _("amount not shown") if amount is None else _("{} yuan").format(yuan(amount))
        run.tell(
            _("The supplier paid back order {number}: {amount}").format(number=purchase.supplier_order_number, amount=told),
            **keys(purchase.purchase),
        )


def money_told(run: Run, item: InboxItem) -> None:
    """What a person says of money that was to come back: yes, it is here; no, it will not come."""
    settled = TOLD.get(item.answer)
    purchase = run.ledger.purchase(item.reference)
    if settled and purchase is not None and purchase.refund == "open":
        run.ledger.refund_settled(item.reference, settled, None)
        run.tell(
            _("A person says what became of the money for order {}").format(purchase.supplier_order_number),
            **keys(purchase.purchase),
        )
