"""Pay suppliers: in rounds, what is proven and unpaid, once, for exactly what was proven, to exactly the payee the seller named.

Right before the click the shop order is still wanted, the supplier's order still unpaid, and the cashier shows just this; how it
ended is found out in paid.py. What may be clicked, which way and when are pure decisions of cashier.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.browser.watching import SentByHand
from agent.config import Supplier
from agent.errors import AgentError, LimitReached, MachineFailed, Mismatch, Where
from agent.ledger import StoredOrder, StoredPurchase, pay_key
from agent.models import CommitFacts, CommitOutcome, Fen
from agent.words import _
from agent.work import paid, watched
from agent.work.account_statement import follow_statement, read_balance, read_statement
from agent.work.buy import reread
from agent.work.cashier import Bill, Wrong, wrong_with
from agent.work.codes import commit_code, show_code
from agent.work.drift import is_looked_at, look_before
from agent.work.in_time import FRESH, STALE, still_fresh
from agent.work.limits import yuan
from agent.work.look import Listed, detail
from agent.work.manners import hurried, may_visit, note_visits
from agent.work.payment import KIND, orders_of
from agent.work.prove import click, clicked_by_hand
from agent.work.run import Run, account_failures, order_failures
from agent.work.to_pay import (
    Due,
    Way,
    can_be_read,
    estimates,
    is_ours,
    is_repaid,
    may_be_paid_unattended,
    method_words,
    round_is_due,
    unpaid,
    way_of,
    within_means,
)
from agent.work.values import Values, payment_values
from agent.work.watch import watch

GATHERED = timedelta(seconds=30)  # so long orders are looked at before those that are ready are paid: half of what stays fresh
# Tried each by itself where a payment of several fails so, and nothing was clicked.
ALONE = frozenset({STALE, "pay_too_often"})


@dataclass(frozen=True, slots=True)
class Ready:
    """One that was looked at just now, in the shop and at the supplier, and what the supplier's order asks for it."""

    due: Due
    amount: Fen


def pay_all(run: Run) -> None:
    """A round of payments at each supplier for which one is due. Failures stay with their order or account."""
    for supplier in run.config.suppliers.values():
        if run.options.supplier not in ("", supplier.name) or not supplier.pay:
            continue
        if not round_is_due(run, supplier):
            continue
        with account_failures(run, supplier.account):
            if run.visits(supplier.account):
                _round(run, supplier)


def _round(run: Run, supplier: Supplier) -> None:
    began, way = run.now(), way_of(run, supplier)
    if way is None:
        return
    waiting = unpaid(run, supplier)
    if waiting and run.options.dry_run:
        words = _("To be paid at {supplier}: {count} orders, {total} yuan, {method}; nothing is paid in a trial")
        total = yuan(sum(estimates(waiting)))
        run.progress(words.format(supplier=supplier.name, count=len(waiting), total=total, method=method_words(way.method)))
        return
    if run.options.dry_run or (waiting and not may_be_paid_unattended(run, way)):
        return
    in_turn = within_means(run, way, waiting)
    late = pay_in_turn(run, way, in_turn)
    # What waits for money, or for an account, or came too late is paid by the next run that may, without another round's time.
    rest = late or len(in_turn) < len(waiting) or not all(can_be_read(run, due) for due in waiting)
    if not rest and not run.options.order:
        run.ledger.round_made(supplier.name, began)
    if way.method == "balance" and not in_turn:
        follow_statement(run, supplier.account)
    note_visits(run)


# ---- looked at just before


def pay_in_turn(run: Run, way: Way, waiting: Sequence[Due]) -> list[Due]:
    """Pay all of these, as many with one click as the cashier takes and as are ready in time; those that came too late for theirs."""
    left, late = list(waiting), list[Due]()
    while left and run.visits(way.supplier.account):
        batch, began = _gathered(run, way, left, late)
        if not run.visits(way.supplier.account):
            break
        if batch:
            with _failures(run, [one.due for one in batch], late), _about(_purchases(batch)):
                pay_now(run, way, batch, began, late)
        note_visits(run)
    return late


def _gathered(run: Run, way: Way, left: list[Due], late: list[Due]) -> tuple[list[Ready], datetime]:
    """The next of these that are ready, taken out of them, and when the look at the first began."""
    batch: list[Ready] = []
    began, longest = run.now(), timedelta(0)
    while left and run.visits(way.supplier.account) and (not batch or (way.together and has_time(run.now() - began, longest))):
        due = left.pop(0)
        if not can_be_read(run, due):
            continue
        run.progress(_("Looking at supplier order {} before it is paid").format(due.number))
        with _failures(run, [due], late):
            may_visit(run, way.supplier.account)
            if is_looked_at(run, way.supplier.account, way.flow):
                if ready(run, due) is None:  # its cashier may be gone with it, and nothing is amiss
                    continue
                with _about(due.purchases):
                    look_before(run, way.supplier.account, way.flow, payment_values(due.first.reference, [due.number]))
            looked = run.now()
            if one := ready(run, due):
                began = began if batch else looked
                batch.append(one)
                longest = max(longest, run.now() - looked)
    return batch, began


def has_time(spent: timedelta, longest: timedelta) -> bool:
    """Whether one more may be looked at before those that are ready are paid: there is time for it, and as much again to pay. Pure."""
    return spent < GATHERED and spent + 2 * longest <= FRESH


@contextmanager
def _failures(run: Run, dues: Sequence[Due], late: list[Due]) -> Iterator[None]:
    """What keeps these from being paid stays with them; the account and the others go on.

    What came too late, or only met a page that did not answer, is put into `late`: the next run tries it.
    """
    with order_failures(run, _order_of(run, dues[0].first), stays=lambda _error: False):
        try:
            yield
        except MachineFailed:
            raise
        except AgentError as error:
            late += dues if error.reason == STALE or error.may_retry else ()
            raise


def _order_of(run: Run, purchase: StoredPurchase) -> StoredOrder:
    order = run.ledger.order(purchase.shop, purchase.order_number)
    if order is None:
        raise RuntimeError(f"purchase {purchase.reference} is for an order that the ledger does not know")
    return order


@hurried
def ready(run: Run, due: Due) -> Ready | None:
    """Look at the shop orders and at the supplier's order. None: it is not waiting to be paid. Raises what keeps it from being paid."""
    for purchase in due.purchases:
        if is_repaid(run, purchase):  # a person says so, meanwhile
            return None
        if not is_ours(run, purchase):
            raise _differs(due, _("order {} in it is not ours any more").format(purchase.order_number))
        order = _order_of(run, purchase)
        shop = run.shop_of(order)
        if purchase.state != "placed" or purchase.write_state != "confirmed":
            raise _differs(due, _("purchase {} in it is not proven").format(purchase.reference))
        may_visit(run, shop.account)
        reread(run, shop, order)
    numbers = dict.fromkeys(number for purchase in due.purchases for number in purchase.supplier_order_numbers)
    with _about(due.purchases):
        readings = {
            number: detail(run, due.first.account, Listed(number, due.first.reference, None, None)) for number in numbers
        }
    for purchase in due.purchases:
        if not watch(run, purchase, [readings[number] for number in purchase.supplier_order_numbers]):
            return None
    shown = readings[due.number].values
    if shown["state"] != "unpaid":
        return None
    if shown.get("paid") not in (None, 0):
        raise _differs(due, _("a part of it is paid already: {} yuan").format(yuan(int(str(shown["paid"])))))
    return Ready(due, _asked_for(due, {number: reading.values.get("total") for number, reading in readings.items()}))


def _asked_for(due: Due, totals: dict[str, object]) -> Fen:
    """What the supplier's order asks now: what was proven, or less. Raises Mismatch for more, or where nothing proves it."""
    proven = [purchase.total for purchase in due.purchases]
    split = len(totals) > 1
    asked, amount = list(totals.values()), totals[due.number]
    if any(total is None for total in proven) or (split and len(due.purchases) > 1):
        raise _differs(due, _("nothing proves what it costs"))
    if not isinstance(amount, int) or amount <= 0 or not all(isinstance(each, int) for each in asked):
        raise _differs(due, _("the supplier's order shows no amount"))
    together = sum(int(str(each)) for each in asked)
    if together > due.proven:
        words = _("{meant} yuan were proven, the supplier asks {shown} yuan now")
        raise _differs(due, words.format(meant=yuan(due.proven), shown=yuan(together)))
    return Fen(amount)


def _differs(due: Due, why: str) -> Mismatch:
    purchase = due.first
    return Mismatch(
        _("Supplier order {number} is not paid: {why}").format(number=due.number, why=why),
        where=Where(account=purchase.account, order=purchase.order_number, reference=purchase.reference),
        todo=_("Ask the supplier, or pay it there by hand; it is looked at anew in each run and closes by itself."),
        reason="pay_differs",
        orders=orders_of(due.purchases),
    )


# ---- the click


def pay_now(run: Run, way: Way, batch: Sequence[Ready], began: datetime, late: list[Due], *, again: bool = False) -> None:
    """Pay these orders with one click, once, and prove each. Raises unless all are proven, or wait for a person with a code.

    Where the cashier asks for less than the orders did, they are looked at once more and then paid at what both show. One of
    several that is not as meant, or was clicked too often before, does not keep the others from being paid; nor does it that
    all of them together took too long.
    """
    wrong: list[Wrong] = []
    try:
        _pay(run, way, batch, began, wrong)
    except (Mismatch, LimitReached) as error:
        if not wrong and error.reason not in ALONE:
            raise
        anew = run.now()
        if wrong and wrong[-1].cheaper and not again:
            looked = [one for each in batch if (one := ready(run, each.due))]
            if len(looked) == len(batch) and sum(one.amount for one in looked) < sum(one.amount for one in batch):
                pay_now(run, way, looked, anew, late, again=True)
                return
        if len(batch) == 1:
            raise
        _one_by_one(run, way, [one.due for one in batch], late)


@contextmanager
def _about(purchases: Iterable[StoredPurchase]) -> Iterator[None]:
    """What keeps these from being paid together is asked about all of their orders: nothing else tells of the others."""
    try:
        yield
    except MachineFailed:
        raise
    except AgentError as error:
        error.orders = error.orders or orders_of(purchases)
        raise


def _purchases(batch: Sequence[Ready]) -> list[StoredPurchase]:
    return [purchase for one in batch for purchase in one.due.purchases]


def _one_by_one(run: Run, way: Way, waiting: Sequence[Due], late: list[Due]) -> None:
    """Nothing was clicked for all of these together: each by itself, looked at anew."""
    for due in waiting:
        with _failures(run, [due], late):
            began = run.now()
            if one := ready(run, due):
                with _about(due.purchases):
                    pay_now(run, way, [one], began, late)


def _pay(run: Run, way: Way, batch: Sequence[Ready], began: datetime, wrong: list[Wrong]) -> None:
    supplier = way.supplier
    bill = bill_of(supplier, batch)
    values = values_of(batch)
    if run.options.attended:
        try:
            batch, began = _agreed(run, way, batch, values)
        except SentByHand as sent:
            attempt = _begin(run, way, batch, bill, (), by_hand=True)
            paid.settle(run, run.ledger.attempt(attempt), clicked_by_hand(run, attempt, sent))
            return
        bill, values = bill_of(supplier, batch), values_of(batch)
    baseline = _baseline(run, way, batch, wrong)
    attempt = _begin(run, way, batch, bill, baseline)

    def check(facts: CommitFacts) -> None:
        if found := wrong_with(bill, facts.values):
            wrong.append(found)
            raise _differs(batch[0].due, found.words)
        still_fresh(run, began + FRESH)

    commit = commit_code if way.method == "qr" else _commit
    outcome = click(run, attempt, lambda record: commit(run, supplier.account, way.flow, values, bill, record), check)
    if way.method == "qr":
        show_code(run, run.ledger.attempt(attempt), bill, outcome)
        return
    paid.settle(run, run.ledger.attempt(attempt), outcome)
    if way.method == "balance":
        read_balance(run, supplier.account)


def _commit(
    run: Run, account: str, flow: str, values: Values, _bill: Bill, record: Callable[[CommitFacts], None]
) -> CommitOutcome:
    return run.desk(account).commit(flow, values, record)


def bill_of(supplier: Supplier, batch: Sequence[Ready]) -> Bill:
    """What these orders are to cost together, and who is to get it."""
    return Bill(supplier.paid_to, {one.due.number: one.amount for one in batch})


def values_of(batch: Sequence[Ready]) -> Values:
    """What the cashier is opened with, and the orders that are ticked there."""
    return payment_values(batch[0].due.first.reference, [one.due.number for one in batch])


def _agreed(run: Run, way: Way, batch: Sequence[Ready], values: Values) -> tuple[Sequence[Ready], datetime]:
    """Ask a person who looks on, then look anew at all of it; asked again where it is not what they said yes to."""
    while True:
        bill = bill_of(way.supplier, batch)
        watched.ask_to_pay(run, way.supplier.account, way.flow, values, bill)
        began = run.now()
        fresh = [one for each in batch if (one := ready(run, each.due))]
        if fresh == list(batch):
            return fresh, began
        if not fresh:
            raise _differs(batch[0].due, _("it is not waiting to be paid any more"))
        batch, values = fresh, values_of(fresh)


@hurried
def _baseline(run: Run, way: Way, batch: Sequence[Ready], wrong: list[Wrong]) -> list[str]:
    """The statement's lines before the click. Raises Mismatch where one of them is a payment of these orders already."""
    lines = read_statement(run, way.supplier.account) if way.method == "balance" else None
    numbers = {one.due.number: one.due for one in batch}
    for line in lines or ():
        if line.amount < 0 and line.supplier_order_number in numbers:
            wrong.append(Wrong(_("the statement shows {} yuan paid for it already").format(yuan(-line.amount))))
            raise _differs(numbers[line.supplier_order_number], wrong[-1].words)
    return [line.key for line in lines or ()]


def _begin(run: Run, way: Way, batch: Sequence[Ready], bill: Bill, baseline: Sequence[str], *, by_hand: bool = False) -> int:
    """The attempt's row: what is meant, before anything is clicked. Raises LimitReached for one that was clicked too often."""
    account = way.supplier.account
    payments = [{"number": one.due.number, "reference": one.due.first.reference, "amount": one.amount} for one in batch]
    meant = {
        "supplier": way.supplier.name,
        "method": way.method,
        "payee": bill.payee,
        "total": bill.total,
        "payments": payments,
    }
    try:
        return run.ledger.begin_attempt(
            [_intend(run, account, one.due.number) for one in batch],
            account=account,
            flow=way.flow,
            baseline=baseline,
            meant={**meant, "attended": run.options.attended},
            at=run.now(),
            by_hand=by_hand,
        )
    except LimitReached as error:
        todo = _("Pay it there by hand; the next run sees it.")
        raise LimitReached(error.what, where=error.where, todo=todo, reason="pay_too_often") from error


def _intend(run: Run, account: str, number: str) -> int:
    """The write that pays one order, known by the first purchase ever put into it."""
    key = pay_key(account, number)
    if known := run.ledger.write(KIND, key):
        return known.id
    first = run.ledger.purchases_in(account, number)[0]
    return run.ledger.intend(
        KIND,
        key,
        shop=first.shop,
        order_number=first.order_number,
        reference=first.reference,
        account=account,
        at=run.now(),
    )
