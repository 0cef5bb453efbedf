"""A code that a person scans to pay: shown to somebody only where it names the payee and the amount that are meant.

From the moment it is shown somebody may pay with it, so it is on disk before, and its orders are in no other code until the site
says paid, or its own page expired.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from agent.clock import told
from agent.errors import Mismatch, OutcomeUnknown, Where
from agent.ledger import Attempt
from agent.models import CommitFacts, CommitOutcome
from agent.terms import ENDS, plain
from agent.words import _
from agent.work.cashier import Bill, wrong_with_code
from agent.work.limits import yuan
from agent.work.look import live_in
from agent.work.paid import cause_of_code, meant_payments
from agent.work.run import Run
from agent.work.values import Values


def commit_code(
    run: Run, account: str, flow: str, values: Values, bill: Bill, record: Callable[[CommitFacts], None]
) -> CommitOutcome:
    """Bring the code up. One that must not be shown leaves no picture behind: nobody may come upon it."""
    outcome = run.desk(account).commit(flow, values, record)
    if outcome.end == "stopped" or not why_not_shown(run, bill, outcome):
        return outcome
    code = outcome.reading.values.get("code") if outcome.reading else None
    for picture in (*outcome.pictures[1:], *([Path(str(code))] if code else [])):  # the first was taken before the click
        picture.unlink(missing_ok=True)
    reading = outcome.reading and replace(
        outcome.reading, values={word: value for word, value in outcome.reading.values.items() if word != "code"}
    )
    words = outcome.words or why_not_shown(run, bill, outcome)
    return replace(outcome, words=words, pictures=outcome.pictures[:1], reading=reading)


def why_not_shown(run: Run, bill: Bill, outcome: CommitOutcome) -> str:
    """Why this code may be shown to nobody, or ""."""
    if outcome.end != "expected" or outcome.reading is None:
        return outcome.words or plain(ENDS, outcome.end)
    return wrong_with_code(bill, outcome.reading.values, run.now())


def show_code(run: Run, attempt: Attempt, bill: Bill, outcome: CommitOutcome) -> None:
    """Lay the code before a person, or say why not. From here on its payment is open until it is proven or the code has expired."""
    why = why_not_shown(run, bill, outcome)
    if why or outcome.reading is None:
        _not_shown(run, attempt, outcome, why)
        return
    code = Path(str(outcome.reading.values["code"]))
    ends = outcome.reading.values.get("expires_at")
    until = ends if isinstance(ends, datetime) else None
    with run.ledger.atomic():
        run.ledger.code_shown(attempt.id, code, {"expires_at": until.isoformat()} if until else {})
        _settle(run, attempt, outcome)
        _ask(run, attempt, bill, code, until)
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
    where = Where(account=attempt.account, order=attempt.order_number, flow=attempt.flow, reference=attempt.reference)
    if run.options.attended:
        _settle(run, attempt, outcome)
        raise OutcomeUnknown(
            _("The code is not as meant ({}); whether somebody paid with it is looked at in every run").format(why),
            where=where,
            reason="pay_unknown",
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
    )


def _settle(run: Run, attempt: Attempt, outcome: CommitOutcome) -> None:
    run.ledger.settle(
        attempt.id, "unknown", words=outcome.words, requests=outcome.requests, pictures=outcome.pictures, at=run.now()
    )


def _ask(run: Run, attempt: Attempt, bill: Bill, code: Path, until: datetime | None) -> None:
    numbers = ", ".join(bill.amounts)
    what = _("Scan this code to pay {total} yuan to {payee}, for {count} orders: {numbers}").format(
        total=yuan(bill.total), payee=bill.payee, count=len(bill.amounts), numbers=numbers
    )
    if until:
        what = _("{what}; it holds until {time}").format(what=what, time=told(until))
    item = run.ledger.ask(
        "pay_by_code",
        cause_of_code(attempt.id),
        what=what,
        todo=_(
            "Open its picture ({file}), scan it, see that your app names just this payee and amount, then pay. "
            "Pay these orders in no other way meanwhile; it closes by itself once the supplier shows them paid."
        ).format(file=code),
        account=attempt.account,
        evidence=code,
        at=run.now(),
    )
    orders = [
        (purchase.shop, purchase.order_number) for number in bill.amounts for purchase in live_in(run, attempt.account, number)
    ]
    run.ledger.let_wait(item, dict.fromkeys(orders))
