"""A supplier's bill (`read_bill`, or its Excel) compared with what the ledger has as owed: once a day in a run, and by command.

It only reads, and a bill changes nothing of what is owed; what an order's own page shows as paid back does. What differs is one
inbox item a supplier, which closes by itself when the next comparison agrees.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from loguru import logger

from agent.config import Config, Supplier
from agent.errors import MachineFailed
from agent.ledger import Ledger, StoredPurchase
from agent.models import Cell, Fen, Row, Unreadable
from agent.sites.values import same_words
from agent.terms import VALUES, plain
from agent.words import _
from agent.work.billed import BILL, BillRow, Compared, Settled, compare
from agent.work.closing import of_a_day_before
from agent.work.credit import quoted
from agent.work.due import day_of
from agent.work.look import details_of
from agent.work.manners import may_visit, note_visits
from agent.work.refunds import book_part
from agent.work.run import Run, account_failures, order_failures

FLOW = "read_bill"


@dataclass(frozen=True, slots=True)
class Bill:
    """What a supplier says is owed; `unread` says in words what of it cannot be read."""

    rows: tuple[BillRow, ...]
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Billed:
    """A bill and what came of it; `item` is the inbox item, None where nothing is asked."""

    supplier: str
    bill: Bill
    compared: Compared
    item: int | None

    @property
    def agrees(self) -> bool:
        return not self.compared.differences and not self.bill.unread


def bills_daily(run: Run) -> None:
    """Once a Shanghai day, at the end of a whole run; never a reason for the run to end badly."""
    last = run.ledger.time_mark("billed_at")
    if not run.options.is_whole or (last is not None and not of_a_day_before(last, run.now())):
        return
    try:
        read = [_compare_daily(run, supplier) for supplier in run.config.suppliers.values() if _has_bill(run, supplier)]
        if all(read):
            run.ledger.put_mark("billed_at", run.now())
    except MachineFailed:
        raise
    except Exception as error:
        logger.exception("a programming error ended the comparison of the bills")
        run.tell(_("A fault of this program stopped the comparison with the bills: {}").format(type(error).__name__))


def _has_bill(run: Run, supplier: Supplier) -> bool:
    owed = supplier.credit is not None or bool(run.ledger.payables("open", supplier=supplier.name))
    return owed and shows_bill(run.config, supplier)


def shows_bill(config: Config, supplier: Supplier) -> bool:
    return FLOW in config.site_of(supplier.account).flows


def _compare_daily(run: Run, supplier: Supplier) -> bool:
    """Whether the bill could be read."""
    with account_failures(run, supplier.account):
        run.progress(_("Comparing the bill of {}").format(supplier.name))
        compare_now(run, supplier)
        return True
    return False


def compare_now(run: Run, supplier: Supplier) -> Billed:
    """Read the bill page and compare it. Of what it asks less for than the ledger, the order's own page says first what came back."""
    bill = read_bill(run, supplier)
    less = [
        difference
        for difference in _compared(run.ledger, supplier, bill, run.now()).differences
        if difference.kind in ("amount", "missing") and (difference.theirs or 0) < (difference.ours or 0)
    ]
    for reference in dict.fromkeys(reference for difference in less for reference in difference.references):
        _book_what_came_back(run, reference)
    return compare_bill(run.ledger, supplier, bill, run.now())


def _book_what_came_back(run: Run, reference: str) -> None:
    """Also where nothing else of its order is followed any more."""
    purchase = run.ledger.purchase(reference)
    order = run.ledger.order(purchase.shop, purchase.order_number) if purchase else None
    if purchase is None or order is None or purchase.state == "dead" or not run.visits(purchase.account):
        return
    with order_failures(run, order, stays=lambda _error: False):
        may_visit(run, purchase.account)
        book_part(run, purchase, details_of(run, purchase))
    note_visits(run)


def read_bill(run: Run, supplier: Supplier) -> Bill:
    """What the supplier's own bill page says of it. Raises as the flow does."""
    may_visit(run, supplier.account)
    try:
        shown = run.desk(supplier.account).play(FLOW, {})
    finally:
        note_visits(run)
    rows = cast(Sequence[Row], shown.values["bill"])
    return bill_of([row for row in rows if _whose(run.config, run.ledger, supplier.account, row) == supplier.name])


def _whose(config: Config, ledger: Ledger, account: str, row: Row) -> str:
    """Which supplier of an account a line is about: whose purchase it is, whose goods; else the first that gives credit."""
    there = [supplier for supplier in config.suppliers.values() if supplier.account == account]
    if known := ledger.purchases_in(account, str(row["supplier_order_number"])):
        return known[0].supplier
    named = [each for each in there if each.seller and same_words(each.seller, str(row.get("seller") or ""))]
    return next(iter([*named, *(each for each in there if each.credit), *there])).name


def bill_of(rows: Iterable[Row]) -> Bill:
    """The lines of a bill page; one whose number cannot be read is only told."""
    made: list[BillRow] = []
    unread: list[str] = []
    for at, row in enumerate(rows, 1):
        cells = {word: _readable(row.get(word), at, word, unread) for word in ("supplier_order_number", "total", "due_on")}
        if number := cells["supplier_order_number"]:
            total, due = cast(Fen | None, cells["total"]), cast(date | None, cells["due_on"])
            made.append(BillRow(str(number), total, due, _settled(row)))
        elif not isinstance(row.get("supplier_order_number"), Unreadable):
            unread.append(_("Line {line} of the bill has no order number").format(line=at))
    return Bill(tuple(made), tuple(unread))


def _readable(cell: Cell, line: int, word: str, unread: list[str]) -> Cell:
    if isinstance(cell, Unreadable):
        words = _("Line {line} of the bill, {word}: {why}")
        unread.append(words.format(line=line, word=plain(VALUES, word), why=cell.why))
        return None
    return cell


def _settled(row: Row) -> Settled:
    """Whether by the bill itself nothing is owed for it any more."""
    if row.get("payment_state") == "paid":
        return "paid"
    return "cancelled" if row.get("state") == "cancelled" else ""


# ---- compared and asked about -------------------------------------------------------------------------------------------


def compare_bill(ledger: Ledger, supplier: Supplier, bill: Bill, now: datetime) -> Billed:
    """Compare, and ask a person about what differs or could not be read; what was asked before and agrees now is closed."""
    compared = _compared(ledger, supplier, bill, now)
    with ledger.atomic():
        return Billed(supplier.name, bill, compared, _ask(ledger, supplier, bill, compared, now))


def _compared(ledger: Ledger, supplier: Supplier, bill: Bill, now: datetime) -> Compared:
    payables = ledger.payables(supplier=supplier.name)
    accounts = {supplier.account, *(payable.account for payable in payables)}
    return compare(bill.rows, payables, _purchases(ledger, accounts, bill.rows), day_of(now))


def _purchases(ledger: Ledger, accounts: Iterable[str], rows: Iterable[BillRow]) -> dict[str, StoredPurchase]:
    """By number on the bill, a live one before one that was given up."""
    numbers = tuple({row.number for row in rows})
    found = [purchase for account in accounts for purchase in ledger.purchases_in(account, *numbers)]
    found.sort(key=lambda purchase: purchase.state != "dead")
    return {number: purchase for purchase in found for number in purchase.supplier_order_numbers}


def _ask(ledger: Ledger, supplier: Supplier, bill: Bill, compared: Compared, now: datetime) -> int | None:
    cause = f"{BILL}:{supplier.name}"
    differing = [difference.words for difference in compared.differences]
    if not differing and not bill.unread:
        if ledger.close_item(cause, now):
            ledger.tell(now, _("The bill of {} and the ledger agree now").format(supplier.name), account=supplier.account)
        return None
    before = [item for item in ledger.items(open_only=False) if item.cause == cause]
    what = _what(supplier.name, differing, bill.unread)
    if before and before[-1].answer == "approve" and before[-1].what == what:
        return None
    todo = _todo(ledger, supplier, compared)
    item = ledger.ask(BILL, cause, what=what, todo=todo, reason="bill_differs", account=supplier.account, at=now)
    if before and before[-1].what != what:
        ledger.told(item, "")  # other differences are news
    return item


def _todo(ledger: Ledger, supplier: Supplier, compared: Compared) -> str:
    words = _("Look at each at the supplier; nothing was changed. Compare again: `agent payables compare {}`")
    todo = words.format(quoted(supplier.name))
    unknown = ledger.unknown_writes(supplier.account, "submit", "pay")
    if not unknown or all(difference.kind != "unknown" for difference in compared.differences):
        return todo
    more = _("Nobody knows yet how {count} purchases there ended: what is billed may be one of them. Do not buy them by hand.")
    return f"{todo} · {more.format(count=unknown)}"


def _what(supplier: str, differing: Sequence[str], unread: Sequence[str]) -> str:
    if not differing:
        head = _("The bill of {supplier} could not be read whole").format(supplier=supplier)
    else:
        head = _("The bill of {supplier} and the ledger differ in {count} things").format(
            supplier=supplier, count=len(differing)
        )
    return " · ".join([head, *differing, *unread])
