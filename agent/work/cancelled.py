"""The proof that an order was cancelled at its supplier: its own page, opened anew, and never the word of the page that did it.

cancelled: confirmed, the purchase is dead · sent meanwhile: held, the parcel is to be stopped · as before: refused by the site's
words seen twice, `settle` apart, or intended where nothing left, else unknown: looked at in each run, never clicked again.
Where the page shows a refund open that was none before the click, the supplier is asked (仅退款, which the seller has to grant):
unknown in the journal, but nobody is asked what became of it; its money is waited for as what is owed to us.
"""

from __future__ import annotations

from agent.errors import AgentError, MachineFailed, Mismatch, OutcomeUnknown, SiteUnavailable, Where
from agent.ledger import Attempt, StoredPurchase
from agent.models import CommitOutcome, Reading, WriteState
from agent.words import _
from agent.work.limits import yuan
from agent.work.look import Listed, detail
from agent.work.prove import LOOK_AGAIN, counts_before, keys, settle_time, state_of_zero
from agent.work.run import Run
from agent.work.watch import bury, has_left, rest

KIND = "cancel"
FLOW = "cancel_order"
SAID = "cancel"  # what a person answers
NOT_SENT = ("unpaid", "placed")
ASKS = ("unwanted", "unwanted_by_hand")
NOT_DONE = ("not_cancelled", "cancel_refused")  # why a person is asked after it was tried


def key(account: str, number: str) -> str:
    """By which the journal knows the cancelling of this supplier order."""
    return f"{account} {number}"


def key_of(purchase: StoredPurchase) -> str:
    """The same of a purchase."""
    return key(purchase.account, purchase.supplier_order_number)


def amount_of(purchase: StoredPurchase) -> str:
    return "?" if purchase.total is None else yuan(purchase.total)


def page_of(run: Run, purchase: StoredPurchase) -> Reading:
    """The supplier's own page of the order, opened anew."""
    return detail(run, purchase.account, Listed(purchase.supplier_order_number, purchase.reference, None, None))


def sent_before(purchase: StoredPurchase) -> Mismatch:
    return Mismatch(
        _("Supplier order {number} was sent before it could be cancelled: {amount} yuan").format(
            number=purchase.supplier_order_number, amount=amount_of(purchase)
        ),
        where=Where(account=purchase.account, order=purchase.order_number, reference=purchase.reference, flow=FLOW),
        todo=_("Ask the supplier or the carrier to stop the parcel; the buyer must not get it for nothing."),
        reason="intercept",
    )


def settle_cancel(run: Run, attempt: Attempt, outcome: CommitOutcome | None) -> None:
    """Settle an attempt by what the supplier's page of the order shows, opened anew. Raises unless it is confirmed or asked for."""
    purchase = run.ledger.purchase(attempt.reference)
    if purchase is None:
        raise RuntimeError(f"attempt {attempt.id} cancels {attempt.reference}, which is no purchase")
    try:
        page = _after(run, purchase, attempt, patient=outcome is not None and outcome.end != "refused")
        proven = _proven(run, purchase, page)
    except MachineFailed:
        raise
    except AgentError as error:
        _settle(run, attempt, "unknown", outcome)
        if "asked_at" in attempt.meant:  # it is known what is waited for
            raise
        raise _unknown(purchase, error.what) from error
    asked = proven is None and _is_asked(attempt, page)
    state = "unknown" if asked else proven or state_of_zero(attempt, outcome, counts_before(run, attempt.account))
    with run.ledger.atomic():
        _settle(run, attempt, state, outcome, zero=proven is None and not asked)
        _asked(run, attempt, purchase, now=asked)
        if state != "unknown" or asked:
            run.ledger.close_item(f"order:{attempt.shop}:{attempt.order_number}:unknown:{FLOW}", run.now())
        if state == "confirmed" and purchase.state != "dead":
            _cancelled(run, purchase)
    if state != "confirmed" and not asked:
        raise _ended(purchase, state, _words(page, outcome.words if outcome else attempt.words))


def _is_asked(attempt: Attempt, page: Reading) -> bool:
    """Whether the page proves that this click asked for the money: it shows a refund open, and showed none right before it."""
    return attempt.meant.get("refund") == "none" and page.values.get("refund") == "open"


def _asked(run: Run, attempt: Attempt, purchase: StoredPurchase, *, now: bool) -> None:
    if run.ledger.cancel_asked(attempt.id, run.now() if now else None) and now:
        words = _("The supplier is asked to cancel order {number} and to pay it back; its page shows the refund as asked for")
        run.tell(words.format(number=purchase.supplier_order_number), **keys(purchase.purchase))


def _words(page: Reading, words: str) -> str:
    return _("its page shows that the refund is refused") if page.values.get("refund") == "refused" else words


def _after(run: Run, purchase: StoredPurchase, attempt: Attempt, *, patient: bool) -> Reading:
    """The order's page; right after the click one that still shows it as before may lag."""
    until = run.now() + settle_time(run, purchase.account)
    while True:
        page = page_of(run, purchase)
        if page.values["state"] not in NOT_SENT or _is_asked(attempt, page) or not patient or run.now() >= until:
            return page
        run.clock.wait(LOOK_AGAIN)


def _proven(run: Run, purchase: StoredPurchase, page: Reading) -> WriteState | None:
    """What the page proves; None where the order stands there as before."""
    sent = purchase.state != "dead" and has_left(run, purchase, [page])
    if page.values["state"] == "cancelled":
        return "held" if sent else "confirmed"
    return "held" if sent or page.values["state"] not in NOT_SENT else None


def _settle(run: Run, attempt: Attempt, state: WriteState, outcome: CommitOutcome | None, *, zero: bool = False) -> None:
    run.ledger.settle(
        attempt.id,
        state,
        words=outcome.words if outcome else attempt.words,
        requests=outcome.requests if outcome else attempt.told_requests,
        pictures=outcome.pictures if outcome else attempt.pictures,
        at=run.now(),
        zero=zero,
    )


def _cancelled(run: Run, purchase: StoredPurchase) -> None:
    """The purchase is dead. What of its order is still wanted waits for a person's word; nothing is bought again by itself."""
    what = _("Cancelled at the supplier and read back: order {}").format(purchase.supplier_order_number)
    bury(run, purchase, what)
    for item in run.ledger.items():
        if item.reference == purchase.reference and item.reason in (*ASKS, *NOT_DONE):
            run.ledger.close_item(item.cause, run.now())
    rest(run, purchase, what)


def _unknown(purchase: StoredPurchase, words: str) -> OutcomeUnknown:
    return OutcomeUnknown(
        _("Nobody knows yet whether the supplier cancelled order {number} ({amount} yuan): {words}").format(
            number=purchase.supplier_order_number, amount=amount_of(purchase), words=words
        ),
        where=Where(account=purchase.account, order=purchase.order_number, reference=purchase.reference, flow=FLOW),
        todo=_("It is looked at in every run and never cancelled a second time by itself; ask the supplier."),
        reason="cancel_unknown",
    )


def _ended(purchase: StoredPurchase, state: WriteState, words: str) -> AgentError:
    """What became of an attempt that is not confirmed."""
    where = Where(account=purchase.account, order=purchase.order_number, reference=purchase.reference, flow=FLOW)
    if state == "intended":
        return SiteUnavailable(
            _("The click sent nothing; the order was not cancelled at the supplier"), where=Where(order=purchase.order_number)
        )
    if state == "held":
        return sent_before(purchase)
    if state == "refused":
        return Mismatch(
            _("The supplier does not cancel order {number}, its words: “{words}”").format(
                number=purchase.supplier_order_number, words=words
            ),
            where=where,
            todo=_("Ask the supplier; the order stands there."),
            reason="cancel_refused",
        )
    return _unknown(purchase, words or _("its page shows the order as before"))
