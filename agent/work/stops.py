"""What stands between a filled form and its click: a stop, a limit that is used up, too much that went wrong."""

from __future__ import annotations

from typing import cast

from agent.errors import LimitReached
from agent.ledger import Attempt, StoredPayable, Who, paused
from agent.models import CommitFacts, Fen
from agent.words import _
from agent.work.credit import refuse_without_credit
from agent.work.limits import yuan
from agent.work.run import Run, ask_to_resume, close_account, mind, raise_unless_passed
from agent.work.used import refuse_used_up, room_to_pay
from agent.work.worth import not_worth


def leave_paused(run: Run, who: Who) -> None:
    """Visit no account in this run, from here on, that this one paused."""
    for stop in run.ledger.stops():
        if stop.account in run.desks and stop.who == who:
            close_account(run, stop.account, paused(stop, stop.account))
            if stop.who == "program":
                ask_to_resume(run, stop.account, stop.why)


def committing(run: Run, attempt: int, facts: CommitFacts) -> None:
    """The only way to a click. Refused while paused, or a limit is used up; on disk as committing when it returns."""
    known = run.ledger.attempt(attempt)
    for account in dict.fromkeys((known.account, run.config.shops[known.shop].account)):
        mind(run, account)
        run.ledger.refuse_paused(account)
    if known.kind == "submit":
        _refuse_used_up(run, known)
    if known.kind == "pay":
        _refuse_to_pay(run, known)
    run.ledger.committing(attempt, facts, run.now())


def sent_by_hand(run: Run, attempt: int) -> None:
    """Somebody's hand made the page of a write send something: it counts as committed, whatever would have kept us from it."""
    run.ledger.committing(attempt, CommitFacts("", "", {}), run.now(), by_hand=True)


def _refuse_used_up(run: Run, known: Attempt) -> None:
    """A person who let this very order pass this very limit is asked once."""
    purchase = run.ledger.purchase(known.reference)
    if purchase is None:
        raise RuntimeError(f"attempt {known.id} orders {known.reference}, which is no purchase")
    products = sorted({line.product.product for line in purchase.lines})
    supplier, total = run.supplier(purchase.supplier), cast(Fen, known.meant["total"])
    refuse_without_credit(run, supplier, total)  # no yes to one order lets this pass
    try:
        refuse_used_up(run, supplier, total, products)
    except LimitReached as error:
        raise_unless_passed(run, known.shop, known.order_number, error)
    for limit in not_worth(run, purchase.purchase, total, cast(Fen | None, known.meant.get("freight"))):
        raise_unless_passed(run, known.shop, known.order_number, limit.at(account=known.account))


def _refuse_to_pay(run: Run, known: Attempt) -> None:
    """Raise LimitReached where this payment would pass what may be paid today, or is made on credit that is used up."""
    supplier, total = run.supplier(str(known.meant["supplier"])), Fen(cast(int, known.meant["total"]))
    room = room_to_pay(run.config, run.ledger, supplier, run.now())
    if total > room:
        raise LimitReached(
            _("{total} yuan are not paid: the day's limit leaves {room} yuan").format(
                total=yuan(total), room=yuan(max(room, 0))
            ),
            todo=_("Raise the limit in config.yaml; else it goes on by itself after midnight."),
            reason="pay_limit",
        )
    if known.meant["method"] == "credit":
        owed = [payable.amount for payable in run.ledger.payables("open", supplier=supplier.name) if _pays(run, known, payable)]
        refuse_without_credit(run, supplier, Fen(max(total - sum(owed), 0)))  # what is booked already is counted there


def _pays(run: Run, known: Attempt, payable: StoredPayable) -> bool:
    numbers = {one["number"] for one in cast(list[dict[str, str]], known.meant["payments"])}
    return payable.account == known.account and bool(numbers & set(payable.supplier_order_numbers))
