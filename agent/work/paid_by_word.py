"""A person's word about a payment whose end nobody knows, or that is held. What the supplier's own page contradicts is refused."""

from __future__ import annotations

from collections.abc import Sequence

from agent.errors import Mismatch, SiteRefused, Where
from agent.ledger import Attempt, StoredPurchase
from agent.words import _
from agent.work.paid import close_asked_of, close_code, look, look_at, nothing_comes_back, proven, remove_code, settled
from agent.work.payment import (
    NOBODY_KNOWS,
    Found,
    Payment,
    bought_with,
    method_of,
    orders_of,
    tell,
    told_of,
    unsettled,
    where_of,
)
from agent.work.run import Run


def resolve(run: Run, purchase: StoredPurchase, told: str, *, on_my_word: bool) -> None:
    """What a person says of a payment whose end nobody knows: `paid` or `not-paid`. What the site contradicts is refused."""
    attempts = {
        attempt.id: attempt
        for number in purchase.supplier_order_numbers
        for attempt in run.ledger.payment_attempts(purchase.account, number)
        if attempt.state in NOBODY_KNOWS
    }
    if not attempts:
        raise _contradicted(purchase, _("no payment of it is open"))
    left: list[Payment] = []
    for attempt in attempts.values():
        if told == "paid":
            _resolve_paid(run, purchase, attempt, on_my_word=on_my_word)
        else:
            left += _resolve_not_paid(run, purchase, attempt, on_my_word=on_my_word)
    if left:
        raise _still_to_pay(run, attempts[max(attempts)], left)


def _resolve_paid(run: Run, purchase: StoredPurchase, attempt: Attempt, *, on_my_word: bool) -> None:
    """A payment is one: all orders of it are paid, or the word is not taken."""
    found = []
    for one in unsettled(attempt):
        look, reading = look_at(run, attempt.account, one.number, one.reference)
        if look.state in ("unpaid", "cancelled"):
            other = _("If no money is out for it: `agent resolve {} --not-paid --on-my-word`.").format(purchase.reference)
            raise _contradicted(
                purchase,
                _("the supplier shows order {} unpaid or cancelled").format(one.number),
                todo=other if look.state == "cancelled" else "",
            )
        wrong = look.paid is not None and look.paid != one.amount
        if wrong and not on_my_word:
            raise _contradicted(purchase, told_of([Found(one, "differs", look, reading)]))
        found.append(Found(one, "paid", look, reading))
    with run.ledger.atomic():
        for each in found:
            proven(run, attempt, each, by=method_of(attempt))
        settled(run, attempt, "confirmed", None)
        close_code(run, attempt.id)
    remove_code(attempt)
    tell(run, attempt, _("A person says that it is paid; the supplier's order agrees"))


def _resolve_not_paid(run: Run, purchase: StoredPurchase, attempt: Attempt, *, on_my_word: bool) -> list[Payment]:
    """What of a held payment lives on and is still unpaid: nobody pays it by itself any more."""
    held = attempt.state == "held"
    if not held and len(unsettled(attempt)) < len(attempt.writes):
        raise _contradicted(
            purchase,
            _("a part of this payment is proven, so it was made"),
            todo=_("Pay the rest at the supplier by hand; the next run sees it."),
        )
    shown = look(run, attempt, patient=False)
    cancelled = [found.payment for found in shown if found.look.state == "cancelled"]
    for found in shown:
        gone = held and found.look.state == "cancelled"  # nothing was paid for it, or it is back
        proof = held and bool(cancelled) and found.end == "paid"  # the others' word is not about it
        if found.end not in ("unpaid", "closed") and not gone and not proof:
            raise _contradicted(purchase, told_of([found]))
    if not on_my_word:
        raise _contradicted(
            purchase,
            _("the supplier shows it unpaid now, which does not prove that nothing will come"),
            todo=_("`agent resolve {} --not-paid --on-my-word` takes it on your word.").format(purchase.reference),
        )
    with run.ledger.atomic():
        for found in shown:
            if found.end == "paid":
                proven(run, attempt, found, by=method_of(attempt))
        run.ledger.settle(
            attempt.id,
            "refused" if held else "intended",
            words=attempt.words,
            requests=attempt.requests,
            pictures=attempt.pictures,
            at=run.now(),
            because="word",
        )
        close_code(run, attempt.id)
        close_asked_of(run, attempt)
        nothing_comes_back(run, attempt.account, cancelled)
    remove_code(attempt)
    again, over = _("A person says that it was not paid; it may be paid again"), _("A person says that no money is out for it")
    tell(run, attempt, over if held or len(cancelled) == len(shown) else again)
    return [found.payment for found in shown if held and found.end == "unpaid"]


def _still_to_pay(run: Run, attempt: Attempt, left: Sequence[Payment]) -> SiteRefused:
    about = bought_with(run, attempt, left)
    return SiteRefused(
        _(
            "Supplier order {numbers} was in a payment that came to nothing: it is unpaid, and not paid by itself any more"
        ).format(numbers=", ".join(one.number for one in left)),
        where=where_of(attempt, about),
        todo=_("Pay it there by hand; the next run sees it."),
        reason="pay_refused",
        orders=orders_of(about),
    )


def _contradicted(purchase: StoredPurchase, why: str, todo: str = "") -> Mismatch:
    return Mismatch(
        _("Your answer about the payment was not taken: {}").format(why),
        where=Where(account=purchase.account, order=purchase.order_number, reference=purchase.reference),
        todo=todo,
        reason="answer_differs",
    )
