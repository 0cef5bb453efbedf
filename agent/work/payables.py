"""What is owed on credit terms (账期), as it comes about: booked where a purchase is proven, due by its rule, followed until settled.

The amount is the supplier's own: a total that it changes later (改价) is owed as changed, and the story tells both. When a
parcel was received is known from the first look at which the supplier's page says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from agent.ledger import Ledger, StoredPayable, StoredPurchase
from agent.models import DueRule, Fen, Reading
from agent.words import _
from agent.work.due import Due, due
from agent.work.limits import yuan
from agent.work.run import Run
from agent.work.world import Shown


def book(run: Run, reference: str, readings: Iterable[Reading]) -> None:
    """A purchase was just proven: it is owed, if its supplier gives credit. Belongs into the transaction of its proof."""
    purchase = run.ledger.purchase(reference)
    supplier = run.config.suppliers.get(purchase.supplier) if purchase else None
    if purchase is None or supplier is None or supplier.credit is None:
        return
    rule, ordered_at = supplier.credit.due, _ordered_at(run, reference, readings)
    owed, amount = due(rule, ordered_at, None), purchase.total
    run.ledger.book_payable(
        reference,
        _meant_total(run.ledger, purchase) if amount is None else amount,
        estimated=amount is None,
        rule=str(rule),
        ordered_at=ordered_at,
        due=None if owed.expected else owed.on,
        at=run.now(),
    )
    run.tell(_booked_words(run.ledger, reference, owed), **_keys(purchase))


def _ordered_at(run: Run, reference: str, readings: Iterable[Reading]) -> datetime:
    """By the supplier's page, which the bill is made from; else its click, which may lie on the day before its proof."""
    shown = [at for reading in readings if isinstance(at := reading.values.get("ordered_at"), datetime)]
    clicks = [at for attempt in run.ledger.attempts_of(reference) if attempt.kind == "submit" and (at := attempt.committed_at)]
    return min(shown, default=clicks[-1] if clicks else run.now())


def _meant_total(ledger: Ledger, purchase: StoredPurchase) -> Fen:
    """What its form showed before the click; never clicked by us, what its products cost last."""
    for attempt in reversed(ledger.attempts_of(purchase.reference)):
        if attempt.kind == "submit" and isinstance(total := attempt.meant.get("total"), int):
            return Fen(total)
    return Fen(sum(line.product.cost * line.quantity for line in purchase.lines))


def _booked_words(ledger: Ledger, reference: str, owed: Due) -> str:
    known = ledger.payable(reference)
    amount = yuan(known.amount if known else 0)
    if owed.expected:
        return _("Owed on credit terms: {amount} yuan, due after receipt, not before {day}").format(amount=amount, day=owed.on)
    return _("Owed on credit terms: {amount} yuan, due on {day}").format(amount=amount, day=owed.on)


def follow_payable(run: Run, purchase: StoredPurchase, readings: Collection[Reading], *, shared: bool) -> None:
    """What the supplier's pages show now of a purchase that is owed. `shared`: other purchases stand in the same orders."""
    states = {str(reading.values.get("state")) for reading in readings}
    totals = [total for reading in readings if isinstance(total := reading.values.get("total"), int)]
    whole = not shared and len(totals) == len(purchase.supplier_order_numbers)
    _seen(run, run.ledger.payable(purchase.reference), states, Fen(sum(totals)) if whole else None)


def follow_listed(run: Run, shown: Mapping[str, Mapping[str, Shown]]) -> None:
    """The same from the suppliers' lists, and what was opened of them: they go on showing what no run follows any more."""
    for payable in run.ledger.payables("open"):
        here, numbers = shown.get(payable.account, {}), payable.supplier_order_numbers
        there = [here[number] for number in numbers if number in here]
        if not there or len(there) < len(numbers):
            continue
        totals = [each.total for each in there if each.total is not None]
        whole = len(totals) == len(there) and len(run.ledger.purchases_in(payable.account, *numbers)) == 1
        _seen(run, payable, {str(each.state) for each in there}, Fen(sum(totals)) if whole else None)


def _seen(run: Run, payable: StoredPayable | None, states: Collection[str], amount: Fen | None) -> None:
    if payable is None or payable.state != "open":
        return
    if payable.received_at is None and set(states) == {"completed"}:
        _received(run, payable)
    if amount is not None and (amount != payable.shown or payable.estimated):
        run.ledger.payable_costs(payable.reference, amount)
        words = _("The supplier shows {now} yuan for order {number} now, {before} yuan were owed")
        told = words.format(now=yuan(amount), number=payable.supplier_order_number, before=yuan(payable.shown))
        run.tell(told, **_keys(payable))


def _received(run: Run, payable: StoredPayable) -> None:
    rule = rule_of(payable)
    on = due(rule, payable.ordered_at, run.now()).on
    run.ledger.payable_received(payable.reference, run.now(), on)
    if rule.begins == "receipt":
        words = _("Received by the supplier's page: {amount} yuan are due on {day}")
        run.tell(words.format(amount=yuan(payable.amount), day=on), **_keys(payable))


def rule_of(payable: StoredPayable) -> DueRule:
    """The rule it was booked with, whatever config.yaml says by now."""
    rule = DueRule.of(payable.rule)
    if rule is None:
        raise RuntimeError(f"payable {payable.reference} has the rule {payable.rule!r}, which is none")
    return rule


def due_of(payable: StoredPayable) -> Due:
    """Its due date, or the earliest that it can be."""
    return Due(payable.due) if payable.due else due(rule_of(payable), payable.ordered_at, payable.received_at)


def owed_on(payables: Iterable[StoredPayable]) -> dict[date, list[StoredPayable]]:
    """Open payables by the day on which they are due; those that wait for their receipt are in none."""
    made: dict[date, list[StoredPayable]] = {}
    for payable in payables:
        if payable.due is not None and payable.state == "open" and not payable.nothing_owed:
            made.setdefault(payable.due, []).append(payable)
    return dict(sorted(made.items()))


def total_of(payables: Iterable[StoredPayable]) -> Fen:
    return Fen(sum(payable.amount for payable in payables))


def _keys(about: StoredPurchase | StoredPayable) -> dict[str, str]:
    """What names it in the story."""
    names = ("shop", "order_number", "reference", "account")
    return {name: getattr(about, name) for name in names}
