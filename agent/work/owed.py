"""What is owed on credit terms, as a person reads it: by supplier and day, as a table for Excel; and their word that it was repaid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from agent.clock import told
from agent.config import Config
from agent.errors import ConfigError
from agent.ledger import Ledger, StoredPayable
from agent.models import SHANGHAI, Fen
from agent.words import _
from agent.work.credit import is_gone
from agent.work.due import days_left
from agent.work.limits import yuan
from agent.work.payables import due_of, total_of
from agent.work.placed_orders import cell, not_written, write_table

MOST_DAYS_NAMED = 6


@dataclass(frozen=True, slots=True)
class Owed:
    """What is to be paid to a supplier on one day; `expected`: after receipt, that day at the earliest. `days` are left."""

    supplier: str
    account: str
    due: date
    expected: bool
    days: int
    payables: tuple[StoredPayable, ...]

    @property
    def amount(self) -> Fen:
        return total_of(self.payables)


def owed(ledger: Ledger, now: datetime, *, supplier: str = "", within: int | None = None) -> list[Owed]:
    """What is owed, soonest first; with `within` only what is due in so many days, and all that is overdue."""
    groups: dict[tuple[str, date, bool], list[StoredPayable]] = {}
    for payable in ledger.payables("open", supplier=supplier):
        if payable.nothing_owed:
            continue
        due = due_of(payable)
        groups.setdefault((payable.supplier, due.on, due.expected), []).append(payable)
    rows = [
        Owed(name, payables[0].account, on, expected, days_left(on, now), tuple(payables))
        for (name, on, expected), payables in groups.items()
    ]
    wanted = [row for row in rows if within is None or row.days <= within]
    return sorted(wanted, key=lambda row: (row.due, row.expected, row.supplier))


def refuse_unknown(config: Config | None, ledger: Ledger, supplier: str) -> None:
    """Raise ConfigError for a supplier that nobody knows: a slip of the pen must not read as “nothing is owed”."""
    if supplier and not (config and supplier in config.suppliers):
        _of(ledger, supplier)


def headings() -> dict[str, str]:
    return {
        "due": _("due"),
        "days": _("days left"),
        "supplier": _("supplier"),
        "supplier_order_number": _("supplier order number"),
        "reference": _("purchase order number"),
        "shop": _("shop"),
        "order_number": _("shop order number"),
        "amount": _("amount (yuan)"),
        "ordered_at": _("time of the order"),
        "received_at": _("received at"),
        "remark": _("remark"),
    }


def write_owed(path: Path, rows: Iterable[Owed]) -> None:
    """One row an order. Raises ConfigError where the file cannot be written."""
    try:
        write_table(path, headings().values(), (_cells(row, payable) for row in rows for payable in row.payables))
    except OSError as error:
        raise not_written(path, error) from error


def _cells(row: Owed, payable: StoredPayable) -> list[str]:
    """Numbers stay numbers, what names something stays text, and nothing is run as a formula."""
    texts = {
        "due": row.due.isoformat(),
        "supplier": payable.supplier,
        "supplier_order_number": payable.supplier_order_number,
        "reference": payable.reference,
        "shop": payable.shop,
        "order_number": payable.order_number,
        "amount": payable.amount,
        "ordered_at": _time(payable.ordered_at),
        "received_at": _time(payable.received_at),
        "remark": " · ".join(remarks(row, payable)),
    }
    return [str(row.days) if column == "days" else cell(column, texts[column]) for column in headings()]


def remarks(row: Owed, payable: StoredPayable) -> Iterator[str]:
    """What is not quite certain about it."""
    if row.expected:
        yield _("not received yet: not due before that day")
    if payable.estimated:
        yield _("amount estimated, no page showed it")
    elif payable.amount != payable.proven:
        yield _("was {} yuan when it was bought").format(yuan(payable.proven))
    if payable.back:
        yield _("{} yuan of it came back").format(yuan(payable.back))


def _time(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


# ---- repaid by a person -------------------------------------------------------------------------------------------------


def due_on(ledger: Ledger, supplier: str, day: date) -> list[StoredPayable]:
    """What is open at a supplier and due on that day. Raises ConfigError where nothing is, with why."""
    there = [payable for payable in _of(ledger, supplier) if payable.due == day]
    if not there:
        days = dict.fromkeys(str(each.due) for each in _of(ledger, supplier) if each.state == "open" and each.due)
        known = ", ".join(list(days)[:MOST_DAYS_NAMED]) or _("nothing")
        what = _("Nothing is due to {supplier} on {day}").format(supplier=supplier, day=day)
        raise ConfigError(what, todo=_("Open there: {}. `agent payables` lists it all.").format(known))
    return _open_ones(there)


def numbered(ledger: Ledger, supplier: str, numbers: Sequence[str]) -> list[StoredPayable]:
    """What is open for these orders of a supplier. Raises ConfigError where one is not owed, with why."""
    found: dict[str, StoredPayable] = {}
    for number in numbers:
        found |= {payable.reference: payable for payable in _open_ones(_numbered(ledger, supplier, number))}
    return list(found.values())


def _numbered(ledger: Ledger, supplier: str, number: str) -> list[StoredPayable]:
    there = [payable for payable in _of(ledger, supplier) if number in payable.supplier_order_numbers]
    if not there:
        what = _("Order {number} of {supplier} was never owed on credit terms").format(number=number, supplier=supplier)
        raise ConfigError(what, todo=_("`agent payables --orders` lists what is."))
    return there


def repaid(
    ledger: Ledger, payables: Sequence[StoredPayable], *, how: str, who: str, at: datetime, evidence: Path | None = None
) -> None:
    """A person says that these were repaid: all of them, in the story of each order, and what was asked about them is gone."""
    with ledger.atomic():
        ledger.payables_paid([payable.reference for payable in payables], how=how, who=who, at=at)
        for payable in payables:
            _tell(ledger, payable, _repaid_words(payable, payables, how, who), at, evidence)
        for item in ledger.items():
            if item.reason in ("payable_due", "overdue") and not item.order_number and is_gone(ledger, item, at):
                ledger.close_item(item.cause, at)


def _repaid_words(payable: StoredPayable, payables: Sequence[StoredPayable], how: str, who: str) -> str:
    facts = {"who": who, "amount": yuan(payable.amount), "supplier": payable.supplier, "how": how}
    if len(payables) == 1:
        return _("{who} says that {amount} yuan were repaid to {supplier} ({how})").format(**facts)
    words = _("{who} says that {amount} yuan were repaid to {supplier} ({how}), of {sum} yuan for {count} orders together")
    return words.format(**facts, sum=yuan(total_of(payables)), count=len(payables))


def refuse_other_sum(payables: Sequence[StoredPayable], amount: Fen) -> None:
    """Raise ConfigError where these are not together what a person says to have paid."""
    owed_ = total_of(payables)
    if owed_ == amount:
        return
    words = (
        _("You paid {amount} yuan, these {count} orders are {owed} yuan together: {apart} yuan too little")
        if amount < owed_
        else _("You paid {amount} yuan, these {count} orders are {owed} yuan together: {apart} yuan too much")
    )
    raise ConfigError(
        words.format(amount=yuan(amount), owed=yuan(owed_), count=len(payables), apart=yuan(abs(amount - owed_))),
        todo=_("Nothing was recorded. Choose the orders that were paid, one `--number NO` each."),
    )


def owed_again(
    ledger: Ledger, supplier: str, numbers: Sequence[str], *, why: str, who: str, at: datetime
) -> list[StoredPayable]:
    """A person takes back that these were repaid; both words stay in the story. Raises ConfigError where one was not."""
    found = {payable.reference: payable for number in numbers for payable in _repaid(ledger, supplier, number)}
    words = _("{who} says that {amount} yuan are still owed to {supplier}: {why}. Before: {before}")
    with ledger.atomic():
        for payable in found.values():
            ledger.payable_owed_again(payable.reference)
            facts = {"who": who, "amount": yuan(payable.amount), "supplier": payable.supplier, "why": why}
            _tell(ledger, payable, words.format(**facts, before=_settled_words(payable)), at)
    return list(found.values())


def _repaid(ledger: Ledger, supplier: str, number: str) -> list[StoredPayable]:
    there = _numbered(ledger, supplier, number)
    for payable in there:
        purchase = ledger.purchase(payable.reference)
        if payable.state == "cancelled" or (purchase is not None and purchase.state == "dead"):
            words = _("Order {number} of {supplier} was cancelled: nothing is owed for it")
            raise ConfigError(words.format(number=number, supplier=supplier), todo=_("`agent payables` lists what is owed."))
    found = [payable for payable in there if payable.state == "paid"]
    if not found:
        words = _("Order {number} of {supplier} is owed already, nobody said that it was repaid")
        raise ConfigError(words.format(number=number, supplier=supplier), todo=_("`agent payables` lists what is owed."))
    return found


def _tell(ledger: Ledger, payable: StoredPayable, words: str, at: datetime, picture: Path | None = None) -> None:
    names = ("shop", "order_number", "reference", "account")
    ledger.tell(at, words, picture=picture, **{name: getattr(payable, name) for name in names})


def _of(ledger: Ledger, supplier: str) -> list[StoredPayable]:
    found = ledger.payables(supplier=supplier)
    if not found:
        known = ", ".join(sorted({payable.supplier for payable in ledger.payables()})) or _("nobody")
        what = _("Nothing was ever owed to a supplier “{}”").format(supplier)
        raise ConfigError(what, todo=_("Bought from on credit terms: {}").format(known))
    return found


def _open_ones(there: Sequence[StoredPayable]) -> list[StoredPayable]:
    """Those of them that are open; what is settled already is never settled once more."""
    found = [payable for payable in there if payable.state == "open"]
    if not found:
        settled = next((payable for payable in there if payable.state == "paid"), there[0])
        raise ConfigError(_settled_words(settled), todo=_("`agent payables` lists what is still owed."))
    return found


def _settled_words(payable: StoredPayable) -> str:
    facts = {"number": payable.supplier_order_number, "supplier": payable.supplier}
    at = told(payable.settled_at) if payable.settled_at else ""
    if payable.state == "cancelled":
        words = _("Order {number} of {supplier} was cancelled on {time}: nothing is owed for it")
        return words.format(**facts, time=at)
    words = _("Order {number} of {supplier} was settled already: {who} said so on {time} ({how})")
    return words.format(**facts, who=payable.who, how=payable.how, time=at)
