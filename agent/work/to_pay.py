"""What waits to be paid at a supplier, which way it is paid now, and how much of it there is money for. Clicks nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from agent.clock import told
from agent.config import Config, Supplier
from agent.errors import PersonNeeded
from agent.ledger import InboxItem, Ledger, StoredPurchase, pay_key
from agent.models import Fen, PayMethod
from agent.sites.contract import PAY_FLOWS
from agent.sites.definition import ForEachLine
from agent.words import _
from agent.work.account_statement import read_balance
from agent.work.away import ask_each
from agent.work.cancelled import KIND as CANCEL
from agent.work.cancelled import SAID
from agent.work.cancelled import key as cancel_key
from agent.work.cashier import method_of, round_due, that_fit
from agent.work.limits import yuan
from agent.work.look import live_in
from agent.work.payment import KIND
from agent.work.rights import may_write_unattended
from agent.work.run import Run
from agent.work.used import room_to_pay


@dataclass(frozen=True, slots=True)
class Due:
    """One supplier order that may have to be paid, and the purchases that stand in it."""

    number: str
    purchases: tuple[StoredPurchase, ...]

    @property
    def first(self) -> StoredPurchase:
        """The one that it is named by; all of them stand in the same supplier order, at the same account."""
        return self.purchases[0]

    @property
    def proven(self) -> Fen:
        return Fen(sum(purchase.total or 0 for purchase in self.purchases))


@dataclass(frozen=True, slots=True)
class Way:
    """How a supplier is paid now."""

    supplier: Supplier
    method: PayMethod
    flow: str
    together: bool  # its cashier lets several orders be ticked and paid as one


def way_of(run: Run, supplier: Supplier) -> Way | None:
    """How this supplier is paid now, by the seller's wish and what may be done here by itself. None: a person sees to it."""
    flows = run.config.site_of(supplier.account).flows
    method = method_of(supplier.pay, flows, run.rung(supplier.name).may)
    if method is None or method == "outside":
        return None
    flow = PAY_FLOWS[method]
    return Way(supplier, method, flow, any(isinstance(step, ForEachLine) for step in flows[flow].steps))


def method_words(method: PayMethod) -> str:
    words = {
        "balance": _("from the balance"),
        "credit": _("on the site's credit"),
        "qr": _("by a code that a person scans"),
        "auto_debit": _("by the site's own debit"),
        "outside": _("by a person, elsewhere"),
    }
    return words[method]


def round_is_due(run: Run, supplier: Supplier) -> bool:
    """Whether a round of payments is due at this supplier. The first one counts from when the oldest that waits was proven."""
    waits = [purchase.placed_at for due in unpaid(run, supplier) for purchase in due.purchases if purchase.placed_at]
    since = run.ledger.last_round(supplier.name) or min(waits, default=None)
    return round_due(supplier.pay_at, since, run.now())


def unpaid(run: Run, supplier: Supplier) -> list[Due]:
    """The supplier's orders that are proven and, as far as the ledger knows, not paid: the soonest ship-by time first."""
    made: dict[str, Due] = {}
    for purchase in run.ledger.purchases("placed", account=supplier.account):
        if purchase.supplier != supplier.name or not _may_be_due(run, supplier, purchase):
            continue
        for number in purchase.supplier_order_numbers:
            due = Due(number, tuple(live_in(run, supplier.account, number)))
            if (
                number not in made
                and is_free(run, supplier.account, number)
                and any(_wanted(run, each) for each in due.purchases)
                and not any(is_repaid(run, each) for each in due.purchases)
            ):
                made[number] = due
    return sorted(made.values(), key=lambda due: _urgency(run, due.first))


def _may_be_due(run: Run, supplier: Supplier, purchase: StoredPurchase) -> bool:
    """Proven, and not known to be paid. What is owed on credit terms waits for its day, unless such orders are paid on credit."""
    if purchase.write_state != "confirmed" or purchase.paid_at or purchase.supplier_state not in ("", "unpaid"):
        return False
    owed = run.ledger.payable(purchase.reference)
    return owed is None or (owed.state == "open" and "credit" in supplier.pay)


def is_repaid(run: Run, purchase: StoredPurchase) -> bool:
    """Whether it was owed and is not any more: repaid by a person's word, whatever the supplier's page says, or cancelled."""
    owed = run.ledger.payable(purchase.reference)
    return owed is not None and owed.state != "open"


def is_free(run: Run, account: str, number: str) -> bool:
    """Whether no payment of this order was made or is open, in no code that somebody may scan, and nobody cancels it."""
    if any(item.answer == SAID and number in _numbers(run, item.reference) for item in run.ledger.unapplied_answers()):
        return False
    cancel = run.ledger.write(CANCEL, cancel_key(account, number))
    if cancel is not None and cancel.state in ("committing", "unknown", "held"):
        return False
    write = run.ledger.write(KIND, pay_key(account, number))
    return run.ledger.payment_of(account, number) is None and (write is None or write.state == "intended")


def _numbers(run: Run, reference: str) -> tuple[str, ...]:
    purchase = run.ledger.purchase(reference)
    return purchase.supplier_order_numbers if purchase else ()


def _wanted(run: Run, purchase: StoredPurchase) -> bool:
    return run.wants(purchase.order_number) and is_ours(run, purchase)


def is_ours(run: Run, purchase: StoredPurchase) -> bool:
    """Whether its order is still ours to see to: a person may have taken it over, or its shop out of config.yaml."""
    order = run.ledger.order(purchase.shop, purchase.order_number)
    return order is not None and order.disposition == "ours" and purchase.shop in run.config.shops


def can_be_read(run: Run, due: Due) -> bool:
    """Whether this run still works at every shop and account that has to be looked at before it is paid."""
    shops = {run.config.shops[purchase.shop].account for purchase in due.purchases if purchase.shop in run.config.shops}
    return all(run.visits(account) for account in (due.first.account, *shops))


def _urgency(run: Run, purchase: StoredPurchase) -> tuple[datetime, str]:
    order = run.ledger.order(purchase.shop, purchase.order_number)
    if order is None:
        return run.now(), purchase.order_number
    return order.ship_by or order.ordered_at, order.order_number


def may_be_paid_unattended(run: Run, way: Way) -> bool:
    """Whether the cashier may be gone through with nobody looking on; one inbox item a supplier where not, and the account goes on."""
    cause = f"pay_unwatched:{way.supplier.name}"
    try:
        if not run.options.attended:
            may_write_unattended(run.config, run.ledger, way.supplier.account, way.flow)
    except PersonNeeded as error:
        what, _where, todo = error.lines()
        run.ledger.ask("account", cause, what=what, todo=todo, reason="unwatched", account=way.supplier.account, at=run.now())
        return False
    run.ledger.close_item(cause, run.now())
    return True


# ---- what nobody pays any more

OF_NOBODY = "pay_nobody:"


def ask_for_strays(run: Run) -> None:
    """What was bought at a supplier that config.yaml does not have there any more is in no round: one item a supplier until it is paid."""
    strays: dict[str, list[StoredPurchase]] = {}
    for purchase in run.ledger.purchases("placed"):
        if _is_stray(run, purchase):
            strays.setdefault(purchase.supplier, []).append(purchase)
    todo = _("Pay them at the supplier by hand, or write the supplier back into config.yaml; it closes by itself.")
    ask_each(run, OF_NOBODY, strays, _stray_words, todo)


def _stray_words(supplier: str, there: Sequence[StoredPurchase]) -> str:
    return _("{count} unpaid orders were bought at {supplier}, which config.yaml does not have at {account} any more").format(
        count=len(there), supplier=supplier, account=there[0].account
    )


def _is_stray(run: Run, purchase: StoredPurchase) -> bool:
    supplier = run.config.suppliers.get(purchase.supplier)
    if (supplier and supplier.account == purchase.account) or purchase.account not in run.config.accounts:
        return False
    singly = run.config.site_of(purchase.account).money_moves_at == "pay" and run.ledger.payable(purchase.reference) is None
    unpaid_yet = not purchase.paid_at and purchase.supplier_state in ("", "unpaid") and purchase.write_state == "confirmed"
    free = all(
        is_free(run, purchase.account, number) for number in purchase.supplier_order_numbers
    )  # else somebody may pay it twice
    return singly and unpaid_yet and free and is_ours(run, purchase)


# ---- what there is money for


def within_means(run: Run, way: Way, waiting: Sequence[Due]) -> list[Due]:
    """Those that the day's limits and the balance have room for, the most urgent first; for the others one item each is asked."""
    amounts = estimates(waiting)
    room = room_to_pay(run.config, run.ledger, way.supplier, run.now())
    fit = that_fit(amounts, room)
    _hold_up(run, way, waiting[fit:], f"pay_limit:{way.supplier.name}", _over_limit_words(way, room), "pay_limit")
    if way.method != "balance" or not waiting:
        _held_up_no_more(run, cause_of_balance(way.supplier.name))
        return list(waiting[:fit])
    balance = read_balance(run, way.supplier.account)
    if balance is None:
        return list(waiting[:fit])
    enough = that_fit(amounts[:fit], balance)
    short = sum(amounts[:fit]) - balance
    _hold_up(run, way, waiting[enough:fit], cause_of_balance(way.supplier.name), _too_low_words(way, balance, short), "balance")
    return list(waiting[:enough])


def estimates(waiting: Sequence[Due]) -> list[Fen]:
    """What each of these is going to cost as far as the ledger knows; a purchase that stands in several is counted with its first."""
    seen: set[str] = set()
    made = []
    for due in waiting:
        new = [purchase for purchase in due.purchases if purchase.reference not in seen]
        seen |= {purchase.reference for purchase in new}
        made.append(Fen(sum(purchase.total or 0 for purchase in new)))
    return made


def cause_of_balance(supplier: str) -> str:
    return f"balance:{supplier}"


def asked_no_more(config: Config, ledger: Ledger, item: InboxItem) -> str:
    """Why nothing asks any more what kept orders from being paid: by config.yaml the supplier is not paid so any more. Or ""."""
    beginning, _sep, name = item.cause.partition(":")
    if item.reason == "pay_limit" and item.order_number:
        purchase = ledger.purchase(item.reference)
        name = purchase.supplier if purchase else ""
    elif beginning not in ("balance", "pay_limit", "pay_unwatched"):
        return ""
    supplier = config.suppliers.get(name)
    method = method_of(supplier.pay, config.site_of(supplier.account).flows, supplier.autonomy) if supplier else None
    asks = method == "balance" if item.reason == "balance" else method not in (None, "outside")
    return "" if asks else _("not asked any more: it is not paid that way now")


def _hold_up(run: Run, way: Way, waiting: Sequence[Due], cause: str, words: tuple[str, str], reason: str) -> None:
    if not waiting:
        _held_up_no_more(run, cause)
        return
    what, todo = words
    orders = [purchase for due in waiting for purchase in due.purchases]
    item = run.ledger.ask(
        reason,
        cause,
        what=what.replace("{count}", str(len(waiting))),
        todo=todo,
        reason="balance" if reason == "balance" else "pay_limit",
        account=way.supplier.account,
        at=run.now(),
    )
    run.ledger.let_wait(item, dict.fromkeys((each.shop, each.order_number) for each in orders))


def _held_up_no_more(run: Run, cause: str) -> None:
    if not run.options.order:  # else others may wait all the same
        run.ledger.close_item(cause, run.now())


def _too_low_words(way: Way, balance: Fen, short: int) -> tuple[str, str]:
    what = _("The balance at {supplier} is {balance} yuan, {short} yuan too little; {count} orders wait to be paid").format(
        supplier=way.supplier.name, balance=yuan(balance), short=yuan(max(short, 0)), count="{count}"
    )
    return what, _("Top up there at least {} yuan; it goes on and closes by itself.").format(yuan(max(short, 0)))


def _over_limit_words(way: Way, room: Fen) -> tuple[str, str]:
    what = _("The day's limit leaves {room} yuan to be paid at {supplier}; {count} orders wait to be paid").format(
        room=yuan(max(room, 0)), supplier=way.supplier.name, count="{count}"
    )
    return what, _("Raise the limit in config.yaml; else it goes on by itself after midnight.")


# ---- told by doctor


def pay_uses(config: Config, ledger: Ledger) -> Iterator[tuple[str, str]]:
    """Of every supplier that is paid: what it is about, and how, when, from which balance, and what is open."""
    for supplier in config.suppliers.values():
        if supplier.pay:
            yield _("paying {}").format(supplier.name), " · ".join(_facts(ledger, supplier))


def _facts(ledger: Ledger, supplier: Supplier) -> Iterator[str]:
    yield ", ".join(method_words(method) for method in supplier.pay)
    times = ", ".join(f"{at:%H:%M}" for at in supplier.pay_at)
    yield _("rounds at {}").format(times) if times else _("in every run")
    if last := ledger.last_round(supplier.name):
        yield _("last round {}").format(told(last))
    if known := ledger.balance(supplier.account):
        yield _("balance {amount} yuan, read {time}").format(amount=yuan(known[0]), time=told(known[1]))
    sent = [attempt for attempt in ledger.open_payments(supplier.account) if attempt.meant.get("supplier") == supplier.name]
    if sent:
        total = yuan(sum(int(attempt.meant["total"]) for attempt in sent))
        yield _("{count} payments over {total} yuan are open").format(count=len(sent), total=total)
