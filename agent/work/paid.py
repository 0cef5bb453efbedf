"""How a payment ended: by the supplier's own order, opened anew, and the account's statement. Never by the cashier that took it.

confirmed: each order of it shows paid, once, with its amount · held: another amount, two lines, or cancelled after a click that
takes the money · refused: the site's words and nothing paid, twice, settle apart · intended: a code that nobody was shown, or that
its own page calls expired, and nothing paid, be its order cancelled or not · unknown: everything else, for as long as it takes:
nobody pays it again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import cast

from agent.errors import AgentError, MachineFailed, OutcomeUnknown, SiteUnavailable
from agent.ledger import Attempt, InboxItem, StatementLine, StoredPurchase
from agent.models import CommitOutcome, Fen, PayMethod, Reading, Row, SupplierOrderState, WriteState
from agent.words import _
from agent.work.account_statement import new_lines, read_statement
from agent.work.cashier import Ended, Looked, ended
from agent.work.in_time import STALE
from agent.work.limits import yuan
from agent.work.look import Listed, detail, live_in, shows_money
from agent.work.payables import book
from agent.work.payment import (
    NOBODY_KNOWS,
    Found,
    Payment,
    bought_with,
    conclude,
    meant_payments,
    method_of,
    unknown,
    unsettled,
)
from agent.work.prove import LOOK_AGAIN, counts_before, keys, settle_time
from agent.work.refunds import money_is_settled
from agent.work.run import Run, order_failures
from agent.work.values import purchase_values

# What is asked about the payment of an order, and is gone once that is proven.
OF_A_PAYMENT = frozenset({"pay_unknown", "pay_held", "pay_differs", "pay_refused", "pay_limit"})
ON_THE_WAY = frozenset({"PageChanged", "PersonNeeded", "SiteRefused"})  # was in its way, and is asked anew where it still is


def look_at(run: Run, account: str, number: str, reference: str) -> tuple[Looked, Reading]:
    """A supplier order's own page, opened now."""
    reading = detail(run, account, Listed(number, reference, None, None))
    told = reading.values
    total, paid, at = told.get("total"), told.get("paid"), told.get("paid_at")
    look = Looked(
        number,
        cast(SupplierOrderState, told["state"]),
        Fen(total) if isinstance(total, int) else None,
        Fen(paid) if isinstance(paid, int) else None,
        at if isinstance(at, datetime) else None,
        shows_money(reading),
    )
    return look, reading


def settle(run: Run, attempt: Attempt, outcome: CommitOutcome | None) -> None:
    """Settle a payment by what the supplier shows now. Raises what is not confirmed. `outcome` is None at a later look."""
    try:
        # Before the orders are looked at: what was paid until then shows there.
        over = outcome is None and _is_over(run, attempt)
        found = look(run, attempt, patient=outcome is not None and outcome.end != "refused")
        elsewhere = _paid_elsewhere(run, attempt, found)
    except MachineFailed:
        raise
    except AgentError as error:
        settled(run, attempt, "unknown", outcome)
        raise unknown(run, attempt, _("the look for it failed: {}").format(error.what)) from error
    state = state_after([one.end for one in found], attempt, outcome, counts_before(run, attempt.account), over=over)
    with run.ledger.atomic():
        for one in found:
            if one.end == "paid":
                proven(run, attempt, one, by="outside" if one.payment.number in elsewhere else method_of(attempt))
        unpaid = all(one.end == "unpaid" for one in found)
        settled(run, attempt, state, outcome, zero=unpaid, shown="code" in attempt.meant)
        if state != "unknown":
            close_code(run, attempt.id)
        if state != "unknown" or any(one.end == "paid" for one in found):
            close_asked_of(run, attempt, {"pay_unknown"})  # asked anew for those that are left
        if state in ("intended", "refused"):
            nothing_comes_back(run, attempt.account, [one.payment for one in found if one.end == "closed"])
    if state != "unknown" or any(one.end == "closed" for one in found):
        remove_code(attempt)
    conclude(run, attempt, state, found, outcome)


def state_after(
    ends: Sequence[Ended], attempt: Attempt, outcome: CommitOutcome | None, before: datetime, *, over: bool
) -> WriteState:
    """What the looks at all orders of a payment say of it. `before` as for a count of zero; `over`: nobody can pay by its code any more.

    Pure. That nothing is paid yet proves nothing: a payment may land at any time. What was cancelled since may have been paid for
    by the click, or with the rest of a code; of a code that nobody can pay with any more it was not.
    """
    by_code, never_shown = attempt.meant.get("method") == "qr", over and "code" not in attempt.meant
    partly = any(write.state == "confirmed" for write in attempt.writes)
    with_the_rest = (partly or "paid" in ends) and not never_shown
    if "twice" in ends or "differs" in ends or ("closed" in ends and (with_the_rest or not by_code)):
        return "held"
    if all(end == "paid" for end in ends):
        return "confirmed"
    if any(end not in ("unpaid", "closed") for end in ends) or (partly and not never_shown):
        return "unknown"
    if over and by_code:
        return "intended"
    refused = outcome.end == "refused" if outcome else attempt.end == "refused"
    if refused and attempt.first_zero_at is not None and attempt.first_zero_at < before:
        return "refused"
    return "unknown"


def _is_over(run: Run, attempt: Attempt) -> bool:
    """Whether nobody can pay by this payment's code: nobody was ever shown it, or the cashier itself calls it expired.

    Where a part of it is paid, that nobody was shown it is not enough: whoever paid may have seen it all the same.
    """
    left = unsettled(attempt)
    if method_of(attempt) != "qr":
        return False
    if "code" not in attempt.meant and attempt.meant.get("attended"):
        return False  # somebody who looked on may have seen it in the window
    if "code" not in attempt.meant and len(left) == len(attempt.writes):
        return True
    if "read_payment" not in run.config.site_of(attempt.account).flows:
        return False
    desk = run.desk(attempt.account)
    told = [desk.play("read_payment", purchase_values(one.reference, one.number)).values["payment_state"] for one in left]
    return all(state == "expired" for state in told)


def _paid_elsewhere(run: Run, attempt: Attempt, found: Sequence[Found]) -> set[str]:
    """The paid orders that nothing is owed for: the cashier refused us, and the bill does not have them, so a person paid."""
    refused = method_of(attempt) == "credit" and attempt.end == "refused"
    paid = {one.payment.number for one in found if one.end == "paid"}
    if not refused or not paid or "read_bill" not in run.config.site_of(attempt.account).flows:
        return set()
    rows = cast(Iterable[Row], run.desk(attempt.account).play("read_bill", {}).values["bill"])
    return paid - {str(row.get("supplier_order_number")) for row in rows}


def look(run: Run, attempt: Attempt, *, patient: bool) -> list[Found]:
    """Each order of the payment that is not proven yet, as its own page shows it; again for a while where that may lag."""
    until = run.now() + settle_time(run, attempt.account)
    while True:
        looks = [(one, *look_at(run, attempt.account, one.number, one.reference)) for one in unsettled(attempt)]
        lines = read_statement(run, attempt.account) if method_of(attempt) == "balance" else None
        total = Fen(cast(int, attempt.meant["total"]))
        found = [
            Found(one, ended(one.amount, look, _lines_for(attempt, lines, one, total)), look, reading)
            for one, look, reading in looks
        ]
        if not patient or run.now() >= until or not any(one.end in ("unpaid", "waits") for one in found):
            return found
        run.clock.wait(LOOK_AGAIN)


def _lines_for(
    attempt: Attempt, lines: Sequence[StatementLine] | None, one: Payment, total: Fen
) -> Sequence[StatementLine] | None:
    return None if lines is None else new_lines(lines, attempt.baseline, one.number, one.amount, total)


def settled(
    run: Run, attempt: Attempt, state: WriteState, outcome: CommitOutcome | None, *, zero: bool = False, shown: bool = True
) -> None:
    run.ledger.settle(
        attempt.id,
        state,
        words=outcome.words if outcome else attempt.words,
        requests=outcome.requests if outcome else attempt.told_requests,
        pictures=outcome.pictures if outcome else attempt.pictures,
        at=run.now(),
        because="expired" if shown else "not_shown",
        zero=zero,
    )


# ---- what a proven payment changes


def proven(run: Run, attempt: Attempt, one: Found, *, by: PayMethod) -> None:
    """One order is paid: its write is proven, its payment booked, its purchases go on. Belongs into a transaction."""
    if one.payment.write.state != "confirmed":
        run.ledger.write_proven(attempt.id, one.payment.write.id)
    proof = "order and statement" if by == "balance" and _has_statement(run, attempt.account) else "order"
    booked = run.ledger.book_payment(
        attempt.account,
        one.payment.number,
        supplier=str(attempt.meant["supplier"]),
        method=by,
        amount=one.payment.amount,
        payee=str(attempt.meant["payee"]),
        paid_at=one.look.paid_at or run.now(),
        proof=proof,
        attempt=attempt.id,
    )
    _went_on(run, attempt.account, one.payment.number, by, one.reading, tells=booked)


def _has_statement(run: Run, account: str) -> bool:
    return "read_statement" in run.config.site_of(account).flows


def _went_on(run: Run, account: str, number: str, by: PayMethod, reading: Reading, *, tells: bool) -> None:
    """What stands in a paid order has its money, as far as all of its orders are paid."""
    run.proven.pop((account, number), None)  # what was read before it was paid
    paid = run.ledger.payment_of(account, number)
    for purchase in live_in(run, account, number):
        payments = [run.ledger.payment_of(account, each) for each in purchase.supplier_order_numbers]
        if tells and paid is not None:
            words = _("Paid {amount} yuan for supplier order {number}, proven at the supplier")
            run.tell(words.format(amount=yuan(paid.amount), number=number), **keys(purchase.purchase))
        if all(payments):
            _correct(run, purchase, Fen(sum(one.amount for one in payments if one)))
            _owed_or_paid(run, purchase, by, reading)
            run.ledger.watched(purchase.reference, cast(SupplierOrderState, reading.values["state"]), None)
        close_asked(run, purchase)


def _correct(run: Run, purchase: StoredPurchase, paid: Fen) -> None:
    """The supplier asked for less than was proven (改价), by its order and by its cashier: that is what it costs."""
    alone = all(len(live_in(run, purchase.account, number)) == 1 for number in purchase.supplier_order_numbers)
    if alone and purchase.total is not None and paid < purchase.total:
        run.ledger.purchase_costs(purchase.reference, paid)
        words = _("The supplier asked for {now} yuan instead of {before}: less was paid, and the purchase costs that")
        run.tell(words.format(now=yuan(paid), before=yuan(purchase.total)), **keys(purchase.purchase))


def _owed_or_paid(run: Run, purchase: StoredPurchase, by: PayMethod, reading: Reading) -> None:
    if by == "credit":
        book(run, purchase.reference, [reading])  # it stays as it is where it was booked before
        return
    run.ledger.purchase_paid(purchase.reference, run.now())
    owed = run.ledger.payable(purchase.reference)
    if owed is not None and owed.state == "open":
        run.ledger.payables_paid([purchase.reference], how=by, who="agent", at=run.now())


def close_asked(run: Run, purchase: StoredPurchase, reasons: Collection[str] = OF_A_PAYMENT | ON_THE_WAY) -> None:
    """Nobody has to see to the payment of this purchase any more; an item about others, too, is theirs from now on."""
    key = (purchase.shop, purchase.order_number)
    for item in run.ledger.items():
        there = item.reason in (*reasons, STALE, "pay_too_often") and item.account in ("", purchase.account)
        there &= not _keeps_from_buying(run, item)
        about = run.ledger.orders_of(item) if there else []
        if key not in about:
            continue
        if others := [each for each in about if each != key]:
            run.ledger.is_about(item.id, others, _reference_of(run, others[0], item.account))
        elif item.reference in ("", purchase.reference):
            run.ledger.close_item(item.cause, run.now())


def _keeps_from_buying(run: Run, item: InboxItem) -> bool:
    """Whether it was asked as something was to be bought, and the order rests for it: what is in the way of a payment parks nothing."""
    order = run.ledger.order(item.shop, item.order_number)
    return item.reason in ON_THE_WAY and not item.reference and order is not None and bool(order.parked)


def _reference_of(run: Run, order: tuple[str, str], account: str) -> str:
    there = [purchase for purchase in run.ledger.purchases_of_order(*order) if purchase.account == account]
    return there[-1].reference if there else ""


def close_asked_of(run: Run, attempt: Attempt, reasons: Collection[str] = OF_A_PAYMENT) -> None:
    """Nobody has to say any more how this payment ended; another payment for the same shop order is asked about all the same."""
    orders = {(write.shop, write.order_number) for write in attempt.writes}
    references = {each.reference for each in bought_with(run, attempt, meant_payments(attempt))}
    for item in run.ledger.items():
        ours = item.account in ("", attempt.account) and item.reference in ("", *references)
        if ours and item.reason in reasons and orders & {*run.ledger.orders_of(item)}:
            run.ledger.close_item(item.cause, run.now())


def nothing_comes_back(run: Run, account: str, payments: Iterable[Payment]) -> None:
    """No money is out for these, which are cancelled at the supplier: nobody waits for it. What another payment of them did stays open."""
    for purchase in (each for one in payments for each in run.ledger.purchases_in(account, one.number)):
        if purchase.refund == "open" and purchase.pay_state not in NOBODY_KNOWS and not run.ledger.was_paid(purchase.reference):
            run.ledger.refund_not_due(purchase.reference)
            money_is_settled(run, purchase.reference)


# ---- looked at again


def cause_of_code(attempt: int) -> str:
    return f"pay_by_code:{attempt}"


def cause_off(attempt: int) -> str:
    """Of the question not to pay with a code any more."""
    return f"pay_by_code:{attempt}:off"


def close_code(run: Run, attempt: int) -> None:
    """Nobody is to scan the code of this payment any more."""
    for cause in (cause_of_code(attempt), cause_off(attempt)):
        run.ledger.close_item(cause, run.now())


def remove_code(attempt: Attempt) -> None:
    """The picture of a code that is over: nobody is to come upon it."""
    if code := attempt.meant.get("code"):
        with suppress(OSError):
            Path(str(code)).unlink(missing_ok=True)


def look_again(run: Run, attempt: Attempt) -> None:
    """A payment of an earlier run, or a code that waits for a person: settled if it can be. Its failure stays with its order."""
    order = run.ledger.order(attempt.shop, attempt.order_number)
    if order is None or not run.visits(attempt.account):
        return
    with order_failures(run, order, stays=lambda _error: False):
        try:
            settle(run, attempt, None)
        except OutcomeUnknown as error:
            # Its code waits to be scanned, which is asked already; unless the look failed, or shows an order of it cancelled.
            if "code" not in attempt.meant or not isinstance(error.__cause__, SiteUnavailable | None):
                raise
            run.progress(_("Waiting for somebody to pay by code: {} yuan").format(yuan(cast(int, attempt.meant["total"]))))
