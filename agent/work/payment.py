"""A payment as its attempt meant it, what was found of it, and what is told of one that is not proven."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from agent.errors import Mismatch, OutcomeUnknown, SiteRefused, Where
from agent.ledger import Attempt, StoredPurchase, StoredWrite, pay_key
from agent.models import CommitOutcome, Fen, PayMethod, Reading, WriteState
from agent.words import _
from agent.work.cashier import Ended, Looked
from agent.work.limits import yuan
from agent.work.run import Run

KIND = "pay"
# Whether the money of such a payment went out: it is followed, and never paid again.
NOBODY_KNOWS = ("committing", "unknown", "held")


@dataclass(frozen=True, slots=True)
class Payment:
    """One order of a payment, as its attempt meant it."""

    number: str
    reference: str
    amount: Fen
    write: StoredWrite


@dataclass(frozen=True, slots=True)
class Found:
    """What proves one payment, or does not."""

    payment: Payment
    end: Ended
    look: Looked
    reading: Reading


def meant_payments(attempt: Attempt) -> list[Payment]:
    """The orders an attempt was to pay, out of the ledger alone."""
    by_key = {write.key: write for write in attempt.writes}
    told = cast(list[dict[str, Any]], attempt.meant["payments"])
    return [
        Payment(one["number"], one["reference"], Fen(one["amount"]), by_key[pay_key(attempt.account, one["number"])])
        for one in told
    ]


def unsettled(attempt: Attempt) -> list[Payment]:
    """Those of its orders that nothing has proven yet."""
    return [one for one in meant_payments(attempt) if one.write.state != "confirmed"]


def method_of(attempt: Attempt) -> PayMethod:
    return cast(PayMethod, attempt.meant["method"])


def keys_of_write(write: StoredWrite) -> dict[str, str]:
    names = ("shop", "order_number", "reference", "account")
    return {name: getattr(write, name) for name in names}


def conclude(run: Run, attempt: Attempt, state: WriteState, found: Sequence[Found], outcome: CommitOutcome | None) -> None:
    """Raise what has become of a payment that is not proven: one item for all of its orders that are not."""
    words = (outcome.words if outcome else attempt.words) or ""
    about = bought_with(run, attempt, [one.payment for one in found if one.end != "paid"])
    where, orders = where_of(attempt, about), orders_of(about)
    if state == "held":
        raise Mismatch(
            _("Something else than meant was paid: {}; it is held, and nothing of it is paid again").format(told_of(found)),
            where=where,
            todo=_todo_of_held(found).format(where.reference),
            reason="pay_held",
            orders=orders,
        )
    if state == "refused":
        raise SiteRefused(
            _("The supplier's cashier refused to be paid for {numbers}, in its words: “{words}”").format(
                numbers=", ".join(one.payment.number for one in found), words=words
            ),
            where=where,
            todo=_("Pay it there by hand; the next run sees it."),
            reason="pay_refused",
            orders=orders,
        )
    if state == "unknown":
        if closed := [one for one in found if one.end == "closed"]:
            why = told_of(closed)
            raise unknown(run, attempt, why) from Mismatch(why)
        raise unknown(run, attempt, words)
    if state == "intended":
        gone = _("It is cancelled at the supplier, its code can be paid with no more, and nothing was paid")
        again = _("Nobody was shown the code, or it has expired, and nothing was paid: a new one may be made")
        tell(run, attempt, gone if all(one.end == "closed" for one in found) else again)


def _todo_of_held(found: Iterable[Found]) -> str:
    if any(one.look.state == "cancelled" for one in found):
        return _(
            "It is cancelled there, so it cannot be settled as paid. Look at the supplier what went out, and get it back; "
            "once no money is out for it, `agent resolve {} --not-paid --on-my-word` settles it."
        )
    return _("Look at the supplier what went out, and get back what is too much; `agent resolve {} --paid` settles it.")


def told_of(found: Iterable[Found]) -> str:
    """Every order of the payment with both amounts."""
    parts = []
    for one in found:
        shown = one.look.paid if one.look.paid is not None else one.look.total
        parts.append(
            _("order {number}, meant {meant} yuan, shown {shown} yuan ({end})").format(
                number=one.payment.number,
                meant=yuan(one.payment.amount),
                shown="?" if shown is None else yuan(shown),
                end=_("cancelled at the supplier") if one.look.state == "cancelled" else _end_words(one.end),
            )
        )
    return "; ".join(parts)


def _end_words(end: Ended) -> str:
    words = {
        "paid": _("paid"),
        "unpaid": _("not paid"),
        "closed": _("cancelled at the supplier"),
        "waits": _("order and statement do not agree yet"),
        "differs": _("not what was meant"),
        "twice": _("paid twice"),
    }
    return words[end]


def unknown(run: Run, attempt: Attempt, words: str) -> OutcomeUnknown:
    """Of all of its orders that nothing has proven yet."""
    left = unsettled(run.ledger.attempt(attempt.id))
    about = bought_with(run, attempt, left)
    where, numbers = where_of(attempt, about), ", ".join(one.number for one in left)
    what = _("Nobody knows yet whether {total} yuan were paid for supplier order {numbers}").format(
        total=yuan(Fen(sum(one.amount for one in left))), numbers=numbers
    )
    return OutcomeUnknown(
        f"{what}: {words}" if words else what,
        where=where,
        todo=_(
            "Do not pay it again. It is looked at in every run; if you know: `agent resolve {reference} --paid`, or --not-paid."
        ).format(reference=where.reference),
        reason="pay_unknown",
        orders=orders_of(about),
    )


def bought_with(run: Run, attempt: Attempt, payments: Iterable[Payment]) -> list[StoredPurchase]:
    """What stands in the orders of these payments: what is dead only where nothing else stands there."""
    made: list[StoredPurchase] = []
    for one in payments:
        there = run.ledger.purchases_in(attempt.account, one.number)
        made += [purchase for purchase in there if purchase.state != "dead"] or there
    return made


def orders_of(purchases: Iterable[StoredPurchase]) -> tuple[tuple[str, str], ...]:
    """(shop, order number) of each shop order once."""
    return tuple(dict.fromkeys((purchase.shop, purchase.order_number) for purchase in purchases))


def where_of(attempt: Attempt, about: Sequence[StoredPurchase]) -> Where:
    """Where a payment stands, as the first of the purchases that it is about is known."""
    return Where(
        account=attempt.account,
        order=about[0].order_number if about else attempt.order_number,
        flow=attempt.flow,
        reference=about[0].reference if about else attempt.reference,
        evidence=attempt.pictures[-1] if attempt.pictures else None,
    )


def tell(run: Run, attempt: Attempt, words: str) -> None:
    for write in attempt.writes:
        run.tell(words, **keys_of_write(write))
