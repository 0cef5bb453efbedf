"""A code that a person scans to pay: shown to somebody only where it names the payee and the amount that are meant.

From the moment it is shown somebody may pay with it, so it is on disk before, and its orders are in no other code until the site
says paid, or its own page expired.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from agent.clock import told
from agent.errors import Mismatch, OutcomeUnknown
from agent.ledger import Attempt, StoredPurchase
from agent.models import CommitFacts, CommitOutcome
from agent.terms import ENDS, plain
from agent.words import _
from agent.work.cashier import Bill, wrong_with_code
from agent.work.limits import yuan
from agent.work.look import live_in
from agent.work.paid import cause_of_code, cause_off, remove_code
from agent.work.payment import bought_with, meant_payments, orders_of, unsettled, where_of
from agent.work.run import Run
from agent.work.take import still_wanted
from agent.work.values import Values


def commit_code(
    run: Run, account: str, flow: str, values: Values, bill: Bill, record: Callable[[CommitFacts], None]
) -> CommitOutcome:
    """Bring the code up. One that must not be shown leaves no picture behind: nobody may come upon it."""
    outcome = run.desk(account).commit(flow, values, record)
    if outcome.end == "stopped" or not why_not_shown(run, bill, outcome):
        return outcome
    code = outcome.reading.values.get("code") if outcome.reading else None
    before = tuple(picture for picture in outcome.pictures if picture.stem.endswith("-before"))  # of the click: no code on it
    for picture in {*outcome.pictures, *([Path(str(code))] if code else [])} - {*before}:
        with suppress(OSError):
            picture.unlink(missing_ok=True)
    reading = outcome.reading and replace(
        outcome.reading, values={word: value for word, value in outcome.reading.values.items() if word != "code"}
    )
    words = outcome.words or why_not_shown(run, bill, outcome)
    return replace(outcome, words=words, pictures=before, reading=reading)


def why_not_shown(run: Run, bill: Bill, outcome: CommitOutcome) -> str:
    """Why this code may be shown to nobody, or ""."""
    if outcome.end != "expected" or outcome.reading is None:
        return outcome.words or plain(ENDS, outcome.end)
    return wrong_with_code(bill, outcome.reading.values, run.now())


def show_code(run: Run, attempt: Attempt, bill: Bill, outcome: CommitOutcome) -> None:
    """Lay the code before a person, or say why not. From here on its payment is open until it is proven or the code has expired."""
    why = why_not_shown(run, bill, outcome)
    if why or outcome.reading is None:
        _not_shown(run, attempt, outcome, outcome.words or why)  # its picture is gone by now; the words say why
        return
    code = Path(str(outcome.reading.values["code"]))
    ends = outcome.reading.values.get("expires_at")
    until = ends if isinstance(ends, datetime) else None
    with run.ledger.atomic():
        run.ledger.code_shown(attempt.id, code, {"expires_at": until.isoformat()} if until else {})
        _settle(run, attempt, outcome)
        ask_to_scan(run, run.ledger.attempt(attempt.id))
    for one in meant_payments(attempt):
        for purchase in live_in(run, attempt.account, one.number):
            run.tell(
                _("A code to pay it is in the inbox: {} yuan").format(yuan(bill.total)),
                shop=purchase.shop,
                order_number=purchase.order_number,
                reference=purchase.reference,
                account=attempt.account,
            )


def _not_shown(run: Run, attempt: Attempt, outcome: CommitOutcome, why: str) -> None:
    """Nobody can have paid with a code that nobody saw; somebody who looks on may have seen it in the window."""
    about = bought_with(run, attempt, meant_payments(attempt))
    where, orders = replace(where_of(attempt, about), evidence=None), orders_of(about)
    if run.options.attended:
        _settle(run, attempt, outcome)
        raise OutcomeUnknown(
            _("The code is not as meant ({}); whether somebody paid with it is looked at in every run").format(why),
            where=where,
            reason="pay_unknown",
            orders=orders,
        )
    run.ledger.settle(
        attempt.id,
        "intended",
        words=outcome.words,
        requests=outcome.requests,
        pictures=outcome.pictures,
        at=run.now(),
        because="not_shown",
    )
    raise Mismatch(
        _("The code for supplier order {numbers} was shown to nobody, so nobody can have paid with it: {why}").format(
            numbers=", ".join(one.number for one in meant_payments(attempt)), why=why
        ),
        where=where,
        todo=_("Mend the site file or pay there by hand; the next run brings up a new code."),
        reason="pay_differs",
        orders=orders,
    )


def _settle(run: Run, attempt: Attempt, outcome: CommitOutcome) -> None:
    run.ledger.settle(
        attempt.id, "unknown", words=outcome.words, requests=outcome.requests, pictures=outcome.pictures, at=run.now()
    )


def ask_to_scan(run: Run, attempt: Attempt) -> None:
    """Lay the code of an open payment before a person; or ask not to pay with it.

    That is where the shop does not want an order of it any more, where it is cancelled at the supplier, or where one of several
    is paid: it would be paid twice.
    """
    if attempt.state != "unknown" or "code" not in attempt.meant:
        return
    bill = Bill(str(attempt.meant["payee"]), {one.number: one.amount for one in meant_payments(attempt)})
    bought = [purchase for one in unsettled(attempt) for purchase in live_in(run, attempt.account, one.number)]
    paid = [one.number for one in meant_payments(attempt) if one.write.state == "confirmed"]
    in_part = [_("supplier order {} is paid already").format(number) for number in paid]
    unwanted = [why for purchase in bought if (why := _not_wanted(run, purchase))]
    dead = [one.number for one in unsettled(attempt) if not live_in(run, attempt.account, one.number)]
    unwanted += [_("supplier order {} is cancelled there").format(number) for number in dead]
    if not (in_part or unwanted or Path(str(attempt.meant["code"])).exists()):
        unwanted = [_("its picture is gone")]  # its order was seen cancelled at the supplier just now
    off = bool(in_part or unwanted)
    gone, cause = (
        (cause_of_code(attempt.id), cause_off(attempt.id)) if off else (cause_off(attempt.id), cause_of_code(attempt.id))
    )
    run.ledger.close_item(gone, run.now())
    what, todo = _off_words(bill, in_part, unwanted) if off else _words(attempt, bill)
    item = run.ledger.ask(
        "pay_by_code",
        cause,
        what=what,
        todo=todo,
        account=attempt.account,
        evidence=None if off else Path(str(attempt.meant["code"])),
        at=run.now(),
    )
    run.ledger.let_wait(item, orders_of(bought))
    if paid or dead:
        remove_code(attempt)


def _words(attempt: Attempt, bill: Bill) -> tuple[str, str]:
    numbers = ", ".join(bill.amounts)
    what = _("Scan this code to pay {total} yuan to {payee}, for {count} orders: {numbers}").format(
        total=yuan(bill.total), payee=bill.payee, count=len(bill.amounts), numbers=numbers
    )
    if ends := attempt.meant.get("expires_at"):
        what = _("{what}; it holds until {time}").format(what=what, time=told(datetime.fromisoformat(str(ends))))
    return what, _(
        "Open its picture ({file}), scan it, see that your app names just this payee and amount, then pay. "
        "Pay these orders in no other way meanwhile; it closes by itself once the supplier shows them paid."
    ).format(file=attempt.meant["code"])


def _off_words(bill: Bill, in_part: list[str], unwanted: list[str]) -> tuple[str, str]:
    what = _("Do not pay with the code over {total} yuan any more, for {numbers}: {why}").format(
        total=yuan(bill.total), numbers=", ".join(bill.amounts), why="; ".join([*in_part, *unwanted])
    )
    if in_part and unwanted:
        return what, _("Cancel at the supplier what is not wanted, and pay the rest there yourself.")
    if in_part:
        return what, _("Pay the rest at the supplier yourself; it closes by itself once the supplier shows all of it paid.")
    return what, _("Cancel at the supplier what is not wanted. The code runs out by itself; the others get a new one then.")


def _not_wanted(run: Run, purchase: StoredPurchase) -> str:
    """Why the order of a purchase is not to be paid for now, as the shop was read last; or ""."""
    order = run.ledger.order(purchase.shop, purchase.order_number)
    begun = bool(run.ledger.shipments(purchase.shop, purchase.order_number, entered=True))
    no = still_wanted(order, begun=begun) if order else None
    return _("order {number}: {why}").format(number=purchase.order_number, why=no.reason) if no else ""
