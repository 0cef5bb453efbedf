"""What suppliers owe us, as a person reads it: since when, by whom, what came back; as a table for Excel; and the reminders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from agent.errors import ConfigError
from agent.ledger import InboxItem, Ledger, StoredPayable, StoredPurchase, StoredRefund, StoredShortage
from agent.models import SHANGHAI, Fen
from agent.words import _
from agent.work.closing import settle_by_itself
from agent.work.limits import yuan
from agent.work.money import paid_for
from agent.work.placed_orders import cell, write_table
from agent.work.run import Run

REMIND_AFTER = (3, 7, 14)  # days
Why = Literal["cancelled", "asked", "shortage", "part"]


@dataclass(frozen=True, slots=True)
class OwedBack:
    """What is to come back for a purchase. `amount` is what was paid for it, or what is missing is worth; None: nobody knows.

    `back` came already, `last` when. `why` asked: the supplier is asked to cancel it, and has not granted it yet; of what is still
    to be repaid on credit terms, `amount` is what is to come off the bill. part: nothing is owed, something came back for an
    order that goes on.
    """

    purchase: StoredPurchase
    why: Why
    since: datetime
    amount: Fen | None
    back: Fen
    last: datetime | None

    @property
    def owed(self) -> Fen | None:
        """What is still to come; nothing where nothing was paid, or a person or the supplier's page says how it ended."""
        if self.why == "cancelled" and self.purchase.refund != "open":
            return Fen(0)
        return None if self.amount is None else Fen(max(0, self.amount - self.back))


def owed_back(ledger: Ledger, *, settled: bool = False) -> list[OwedBack]:
    """What is owed to us, oldest first; `settled`: also what came back whole, and what came back for orders that go on."""
    known = _kept(ledger)
    rows = [row for purchase in ledger.purchases() if (row := _row(ledger, known, purchase))]
    wanted = [row for row in rows if settled or is_open(row)]
    return sorted(wanted, key=lambda row: (row.since, row.purchase.reference))


def is_open(row: OwedBack) -> bool:
    """Whether something of it is still to come."""
    return row.why != "part" and row.owed != 0


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept of the money of all purchases, by reference. `short` is what is still open, `came` in the order it was seen."""

    paid: Mapping[str, Fen | None]
    asked: Mapping[str, datetime]
    payables: Mapping[str, StoredPayable]
    came: Mapping[str, Sequence[StoredRefund]]
    short: Mapping[str, Sequence[StoredShortage]]


def _kept(ledger: Ledger) -> _Kept:
    """Read once: to ask for each purchase anew reads whole tables as often as there are purchases."""
    came: dict[str, list[StoredRefund]] = {}
    for refund in ledger.refunds():
        came.setdefault(refund.reference, []).append(refund)
    short: dict[str, list[StoredShortage]] = {}
    for shortage in ledger.shortages(open_only=True):
        short.setdefault(shortage.reference, []).append(shortage)
    payables = {payable.reference: payable for payable in ledger.payables()}
    return _Kept(paid_for(ledger.money()), ledger.cancels_asked(), payables, came, short)


def _row(ledger: Ledger, known: _Kept, purchase: StoredPurchase) -> OwedBack | None:
    reference = purchase.reference
    paid, payable, came = known.paid.get(reference), known.payables.get(reference), known.came.get(reference, ())
    back, last = Fen(sum(each.amount for each in came)), came[-1].at if came else None
    money = Fen(back - (payable.back if payable else 0))
    if purchase.cancelled_at and (purchase.refund != "none" or came):
        return OwedBack(purchase, "cancelled", purchase.cancelled_at, paid, money, last)
    if (asked := known.asked.get(reference)) is not None:
        amount = payable.amount if payable and payable.state == "open" else paid
        return OwedBack(purchase, "asked", asked, amount, money, last)
    if (short := known.short.get(reference)) and ledger.was_paid(reference):
        amount = Fen(sum(each.amount for each in short))
        since = Fen(back - min(each.came_back for each in short))  # older money was for something else
        return OwedBack(purchase, "shortage", short[0].seen_at, amount, since, last if since else None)
    return OwedBack(purchase, "part", came[0].at, money, money, last) if money else None


def days_since(row: OwedBack, now: datetime) -> int:
    """How many whole days it is owed."""
    return (now - row.since).days


def why_words(row: OwedBack) -> str:
    """Why it is owed, or what came of it."""
    if row.why == "part":
        return _("paid back in part, the order goes on")
    if row.why == "asked":
        return _("cancelling asked for, not granted yet")
    if row.why == "shortage":
        return _("sent too little")
    words = {
        "open": _("cancelled, the money is not back yet"),
        "refunded": _("cancelled, the money is back"),
        "refused": _("cancelled, the money does not come back"),
    }
    return words.get(row.purchase.refund, _("cancelled"))


def sum_of(rows: Iterable[OwedBack]) -> Fen:
    """What is owed together, as far as it is known."""
    return Fen(sum(row.owed or 0 for row in rows if is_open(row)))


# ---- reminders ----------------------------------------------------------------------------------------------------------


def remind_of_refunds(run: Run) -> None:
    """One inbox item a supplier, told anew when something is owed for 3, 7 and 14 days; gone when nothing is owed for so long."""
    by_supplier: dict[str, list[OwedBack]] = {}
    for row in owed_back(run.ledger):
        if days_since(row, run.now()) >= REMIND_AFTER[0]:
            by_supplier.setdefault(row.purchase.supplier, []).append(row)
    for supplier, rows in by_supplier.items():
        _remind(run, supplier, rows)
    causes = {_cause(supplier) for supplier in by_supplier}
    for item in run.ledger.items():
        if item.reason == "refunds_owed" and item.cause not in causes:
            settle_by_itself(run, item, _("nothing is owed there any more"))


def _remind(run: Run, supplier: str, rows: Sequence[OwedBack]) -> None:
    """What a person has seen is not asked again before the next step; what still waits gets today's words."""
    cause = _cause(supplier)
    last = run.ledger.newest_item(cause)
    is_new = steps_passed(rows, last.opened_at if last else None, run.now())
    if not is_new and not _waits(last):
        return
    with run.ledger.atomic():
        if is_new:
            run.ledger.close_item(cause, run.now())  # so that the message of this run tells it once more
        run.ledger.ask(
            "refunds_owed",
            cause,
            what=_("{supplier} owes {amount} yuan of {count} orders, the oldest for {days} days").format(
                supplier=supplier, amount=yuan(sum_of(rows)), count=len(rows), days=days_since(rows[0], run.now())
            ),
            todo=_("`agent refunds` lists them. Ask the supplier; it closes itself when the money is seen to be back."),
            reason="refunds_owed",
            account=rows[0].purchase.account,
            at=run.now(),
        )


def _waits(item: InboxItem | None) -> bool:
    return item is not None and item.closed_at is None


def steps_passed(rows: Iterable[OwedBack], told_at: datetime | None, now: datetime) -> bool:
    """Whether one of them has been owed for 3, 7 or 14 days since a person was last told."""
    due = [row.since + timedelta(days=days) for row in rows for days in REMIND_AFTER]
    return any(at <= now and (told_at is None or at > told_at) for at in due)


def _cause(supplier: str) -> str:
    return f"refunds:{supplier}:"


# ---- as a table ---------------------------------------------------------------------------------------------------------


def headings() -> dict[str, str]:
    return {
        "since": _("since"),
        "days": _("days"),
        "supplier": _("supplier"),
        "supplier_order_number": _("supplier order number"),
        "reference": _("purchase order number"),
        "shop": _("shop"),
        "order_number": _("shop order number"),
        "why": _("why"),
        "amount": _("amount (yuan)"),
        "back": _("came back (yuan)"),
        "owed": _("still to come (yuan)"),
        "last": _("last came back at"),
    }


def write_owed_back(path: Path, rows: Iterable[OwedBack], now: datetime) -> None:
    """One row a purchase. Raises ConfigError where the file cannot be written."""
    try:
        write_table(path, headings().values(), (list(_cells(row, now)) for row in rows))
    except OSError as error:
        what = _("{name} could not be written: {why}").format(name=path, why=error.strerror)
        raise ConfigError(what, todo=_("Close it where it is open (Excel keeps it), or name another file.")) from error


def _cells(row: OwedBack, now: datetime) -> Iterator[str]:
    """Numbers stay numbers, what names something stays text, and nothing is run as a formula."""
    known = row.purchase
    yield _time(row.since)
    yield str(days_since(row, now))
    for column in ("supplier", "supplier_order_number", "reference", "shop", "order_number"):
        yield cell(column, getattr(known, column))
    yield why_words(row)
    for amount in (row.amount, row.back, row.owed):
        yield "" if amount is None else yuan(amount)
    yield _time(row.last)


def _time(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def refunds_of(ledger: Ledger, row: OwedBack) -> list[StoredRefund]:
    """Each amount that came back for it."""
    return ledger.refunds(row.purchase.reference)
