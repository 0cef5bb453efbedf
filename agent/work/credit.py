"""Credit terms of a supplier (账期): how much of the limit is used, what is overdue, and the reminders before it is.

Fails closed: over the limit, or with anything overdue, nothing is ordered there, and no yes to one order lets it pass. The
seller raises the limit, or pays and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from agent.config import Config, Supplier
from agent.errors import LimitReached
from agent.ledger import InboxItem, Ledger, StoredOrder, StoredPayable
from agent.models import Fen, Order
from agent.words import _
from agent.work.due import day_of, days_left, reminder
from agent.work.limits import yuan
from agent.work.payables import due_of, owed_on, total_of
from agent.work.review import Waiting
from agent.work.run import Run


def over_limit(ledger: Ledger, supplier: Supplier, amount: Fen) -> str:
    """How `amount` more would pass the supplier's credit limit, with the numbers; "" where it would not."""
    used = ledger.used_credit(supplier.name)
    if supplier.credit is None or used + amount <= supplier.credit.limit:
        return ""
    return _("{used} yuan are owed, {more} yuan more would make {sum}, limit {limit} yuan").format(
        used=yuan(used), more=yuan(amount), sum=yuan(used + amount), limit=yuan(supplier.credit.limit)
    )


def overdue(ledger: Ledger, supplier: str, now: datetime) -> list[StoredPayable]:
    """What should have been paid before today, oldest first."""
    return [payable for payable in ledger.payables_due_before(supplier, day_of(now)) if not payable.nothing_owed]


def wait_for_credit(run: Run, order: Order | StoredOrder, supplier: Supplier, amount: Fen) -> Waiting | None:
    """What keeps `amount` from being bought on credit now: one inbox item a supplier, however many orders wait."""
    if late := overdue(run.ledger, supplier.name, run.now()):
        what = _("{late}; {count} orders wait").format(late=_late_words(late), count="{count}")
        todo = _pay(supplier.name, late[0].due)
        run.hold_up(_cause_of_overdue(supplier.name), order, what, todo, reason="overdue", account=supplier.account)
        return Waiting(_("{} has to be paid first, it is overdue there").format(supplier.name))
    words = over_limit(run.ledger, supplier, amount)
    if not words:
        return None
    what = _("The credit limit of {supplier} is reached ({words}); {count} orders wait").format(
        supplier=supplier.name, words=words, count="{count}"
    )
    todo = _("Pay there and say so with `agent payables paid`, or raise `limit` of its `credit` in config.yaml.")
    run.hold_up(_cause_of_credit(supplier.name), order, what, todo, reason="credit_limit", account=supplier.account)
    return Waiting(_("the credit limit of {} is reached").format(supplier.name))


def refuse_without_credit(run: Run, supplier: Supplier, amount: Fen) -> None:
    """Raise LimitReached where `amount` more may not be bought on credit. Looked at right before the click."""
    if late := overdue(run.ledger, supplier.name, run.now()):
        raise LimitReached(_late_words(late), todo=_pay(supplier.name, late[0].due), reason="overdue")
    if words := over_limit(run.ledger, supplier, amount):
        what = _("The credit limit of {supplier} is reached ({words})").format(supplier=supplier.name, words=words)
        raise LimitReached(what, todo=_("Pay there, or raise the limit in config.yaml."), reason="credit_limit")


def _late_words(late: Sequence[StoredPayable]) -> str:
    return _("{supplier} should have got {amount} yuan by {day}: nothing is ordered there").format(
        supplier=late[0].supplier, amount=yuan(total_of(late)), day=late[0].due
    )


def _pay(supplier: str, day: date | None) -> str:
    return _("Pay at the supplier, then say `agent payables paid {supplier} --due {day}`.").format(
        supplier=quoted(supplier), day=day
    )


def quoted(name: str) -> str:
    """A name as it is typed on a command line."""
    return f'"{name}"' if any(letter.isspace() for letter in name) else name


# ---- reminders ----------------------------------------------------------------------------------------------------------


def remind(run: Run) -> None:
    """One inbox item a supplier and due date from 7 days before on, told anew 3 days, 1 day and 0 days before; one for what is overdue."""
    suppliers = sorted({payable.supplier for payable in run.ledger.payables("open")})
    for supplier in suppliers:
        for day, owed in owed_on(run.ledger.payables("open", supplier=supplier)).items():
            stands = reminder(days_left(day, run.now()))
            if stands is not None:
                _remind(run, day, owed, stands)
        if late := overdue(run.ledger, supplier, run.now()):
            _ask_for_overdue(run, late)


def _remind(run: Run, day: date, owed: Sequence[StoredPayable], stands: int) -> None:
    """Asked at each step once: what a person has seen is not asked again before the next, what still waits gets today's words."""
    cause = _cause_of_due(owed[0].supplier, day)
    reminded = [payable.reminded for payable in owed if payable.reminded is not None]
    is_new = not reminded or stands < min(reminded)
    if not is_new and all(item.cause != cause for item in run.ledger.items()):
        return
    what = _("{supplier}: {amount} yuan of {count} orders are due on {day}, {left}").format(
        supplier=owed[0].supplier,
        amount=yuan(total_of(owed)),
        count=len(owed),
        day=day,
        left=in_days(days_left(day, run.now())),
    )
    todo = _pay(owed[0].supplier, day)
    with run.ledger.atomic():
        item = run.ledger.ask(
            "payable_due", cause, what=what, todo=todo, reason="payable_due", account=owed[0].account, at=run.now()
        )
        if is_new:
            run.ledger.told(item, "")  # so that the message of this run tells it once more
            run.ledger.reminded([payable.reference for payable in owed], stands)


def in_days(days: int) -> str:
    """How long until then, as a person says it."""
    if days < 0:
        return _("{} days overdue").format(-days)
    return {0: _("today"), 1: _("tomorrow")}.get(days, _("in {} days").format(days))


def _ask_for_overdue(run: Run, late: Sequence[StoredPayable]) -> None:
    """Whether an order waits for it or not; the orders that do are put to it as they come (wait_for_credit)."""
    supplier, what = late[0].supplier, _late_words(late)
    todo = _pay(supplier, late[0].due)
    cause = _cause_of_overdue(supplier)
    item = run.ledger.ask("overdue", cause, what=what, todo=todo, reason="overdue", account=late[0].account, at=run.now())
    run.ledger.let_wait(item, ())


def is_gone(ledger: Ledger, item: InboxItem, now: datetime) -> bool:
    """Whether a reminder, or the question about what is overdue, has nothing to ask any more."""
    for payable in ledger.payables("open"):
        left = None if payable.due is None or payable.nothing_owed else days_left(payable.due, now)
        if left is not None and left < 0 and item.cause == _cause_of_overdue(payable.supplier):
            return False
        if payable.due and left is not None and left >= 0 and item.cause == _cause_of_due(payable.supplier, payable.due):
            return False
    return True


def has_room(config: Config, ledger: Ledger, item: InboxItem) -> bool:
    """Whether the supplier whose limit an item tells of may be owed more by now."""
    named = [each for each in config.suppliers.values() if item.cause == _cause_of_credit(each.name)]
    return not any(over_limit(ledger, supplier, Fen(1)) for supplier in named)


# ---- what `agent doctor` shows ------------------------------------------------------------------------------------------


def credit_uses(config: Config, ledger: Ledger, now: datetime) -> Iterator[tuple[str, bool, str]]:
    """Of every supplier on credit terms: what it is about, whether it may be bought from, and the numbers."""
    for supplier in config.suppliers.values():
        if supplier.credit is None:
            continue
        owed, late = ledger.payables("open", supplier=supplier.name), overdue(ledger, supplier.name, now)
        facts = [
            _used_words(ledger, supplier),
            *([_late_words(late)] if late else []),
            *([_next_words(owed, now)] if owed and not late else []),
        ]
        full = over_limit(ledger, supplier, Fen(1)) != ""
        yield _("credit of {}").format(supplier.name), not late and not full, " · ".join(facts)


def limits_used(config: Config, ledger: Ledger, name: str = "") -> Iterator[str]:
    """How much of each supplier's limit is used, or of this one's."""
    for supplier in config.suppliers.values():
        if supplier.credit is not None and name in ("", supplier.name):
            yield _("Credit of {supplier}: {words}").format(supplier=supplier.name, words=_used_words(ledger, supplier))


def _used_words(ledger: Ledger, supplier: Supplier) -> str:
    """What was sent and is not proven yet counts as owed."""
    limit = supplier.credit.limit if supplier.credit else Fen(0)
    return _("{used} yuan owed of {limit}").format(used=yuan(ledger.used_credit(supplier.name)), limit=yuan(limit))


def _next_words(owed: Sequence[StoredPayable], now: datetime) -> str:
    days = owed_on(owed)
    if not days:
        return _("due after receipt, not before {}").format(min(due_of(payable).on for payable in owed))
    day, first = next(iter(days.items()))
    return _("{amount} yuan due on {day}, {left}").format(
        amount=yuan(total_of(first)), day=day, left=in_days(days_left(day, now))
    )


def _cause_of_credit(supplier: str) -> str:
    return f"credit:{supplier}"


def _cause_of_overdue(supplier: str) -> str:
    return f"overdue:{supplier}"


def _cause_of_due(supplier: str, day: date) -> str:
    return f"due:{supplier}:{day}"
