"""What a supplier says is owed on credit terms, laid beside what the ledger has as owed there. Pure: knows no page and no file.

A bill tells everything that is open by the supplier's books. What was ordered after the newest purchase on it, and is not due
yet, may just not be billed yet: that is no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from agent.clock import told
from agent.ledger import StoredPayable, StoredPurchase
from agent.models import Fen
from agent.words import _
from agent.work.limits import yuan
from agent.work.payables import total_of

# unknown: no purchase of ours · not_owed: ours, but never owed · settled: ours, owed no more · missing: not on the bill
# paid_there, cancelled_there: open by our books only · amount, due: both have it, and say something else
Kind = Literal["unknown", "not_owed", "settled", "missing", "paid_there", "cancelled_there", "amount", "due"]
Settled = Literal["", "paid", "cancelled"]
BILL = "bill"  # the kind of the inbox items made of differences
FEN_OF_A_YUAN = 100


@dataclass(frozen=True, slots=True)
class BillRow:
    """One line of a supplier's bill. `total` None: it cannot be read. `settled`: by the bill itself nothing is owed for it any more."""

    number: str
    total: Fen | None
    due_on: date | None = None
    settled: Settled = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which bill and ledger differ; amounts None where that side has none. `words` tell it whole."""

    kind: Kind
    numbers: tuple[str, ...]
    theirs: Fen | None
    ours: Fen | None
    words: str
    references: tuple[str, ...] = ()
    due_theirs: date | None = None
    due_ours: date | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """`theirs` and `ours`: what is owed by each side's books, without `waiting`, what may not be billed yet. `agreed`: how many agree."""

    differences: tuple[Difference, ...]
    agreed: int
    waiting: tuple[StoredPayable, ...]
    theirs: Fen
    ours: Fen


@dataclass
class _Group:
    """Payables that stand under the same orders of the supplier, and the lines of the bill about them."""

    payables: list[StoredPayable]
    numbers: dict[str, None]
    rows: list[BillRow] = field(default_factory=list)

    @property
    def number(self) -> str:
        return " / ".join(self.numbers) or ", ".join(self.references)

    @property
    def references(self) -> tuple[str, ...]:
        return tuple(payable.reference for payable in self.payables)

    @property
    def open(self) -> list[StoredPayable]:
        return [payable for payable in self.payables if payable.state == "open"]

    @property
    def billed(self) -> list[BillRow]:
        return [row for row in self.rows if not row.settled]

    @property
    def ours(self) -> Fen:
        return total_of(self.open)

    @property
    def theirs(self) -> Fen | None:
        return _sum(self.billed)


def compare(
    bill: Sequence[BillRow], payables: Iterable[StoredPayable], purchases: Mapping[str, StoredPurchase], today: date
) -> Compared:
    """Both ways. `payables`: all of this supplier, settled ones too; `purchases`: those that stand under a number of the bill."""
    groups, strange = _grouped(bill, payables)
    newest = max((payable.ordered_at for group in groups if group.rows for payable in group.payables), default=None)
    waiting: list[StoredPayable] = []
    found = list(_strange(strange, purchases))
    agreed = 0
    for group in groups:
        if not group.rows and group.open:
            if all(one.nothing_owed for one in group.open):
                continue
            late = [one for one in group.open if one.due is not None and one.due <= today]
            if not late and (newest is None or all(one.ordered_at > newest for one in group.open)):
                waiting += group.open
                continue
        differences = list(_of_group(group))
        agreed += bool(group.open and not differences and group.theirs is not None)
        found += differences
    ours = Fen(sum(group.ours for group in groups) - total_of(waiting))
    theirs = Fen(sum(row.total or 0 for row in bill if not row.settled))
    return Compared(tuple(found), agreed, tuple(waiting), theirs, ours)


def _grouped(bill: Iterable[BillRow], payables: Iterable[StoredPayable]) -> tuple[list[_Group], dict[str, list[BillRow]]]:
    """The payables with their lines, and the lines of no payable by their number."""
    of: dict[str, _Group] = {}
    alone: list[_Group] = []
    for payable in payables:
        group = _Group([payable], dict.fromkeys(payable.supplier_order_numbers))
        for other in {id(of[number]): of[number] for number in group.numbers if number in of}.values():
            group.payables, group.numbers = [*other.payables, *group.payables], other.numbers | group.numbers
        of |= dict.fromkeys(group.numbers, group)
        alone += [] if group.numbers else [group]
    strange: dict[str, list[BillRow]] = {}
    for row in bill:
        if row.number in of:
            of[row.number].rows.append(row)
        elif not row.settled:
            strange.setdefault(row.number, []).append(row)
    return [*{id(group): group for group in of.values()}.values(), *alone], strange


# ---- theirs only --------------------------------------------------------------------------------------------------------


def _strange(lines: Mapping[str, list[BillRow]], purchases: Mapping[str, StoredPurchase]) -> Iterator[Difference]:
    for number, rows in lines.items():
        billed, purchase = _sum(rows), purchases.get(number)
        facts = {"number": number, "theirs": _yuan(billed)}
        if purchase is None:
            words = _("{number}: billed {theirs} yuan, no purchase of ours: bought by hand, or bought twice?")
            yield Difference("unknown", (number,), billed, None, words.format(**facts))
            continue
        names = {"reference": purchase.reference, "supplier": purchase.supplier}
        words = (
            _("{number}: billed {theirs} yuan, but purchase {reference} ({supplier}) is given up in the ledger")
            if purchase.state == "dead"
            else _("{number}: billed {theirs} yuan, but purchase {reference} ({supplier}) was never booked as owed here")
        )
        yield Difference("not_owed", (number,), billed, None, words.format(**facts, **names), (purchase.reference,))


# ---- what both have, and ours only --------------------------------------------------------------------------------------


def _of_group(group: _Group) -> Iterator[Difference]:
    if not group.open:
        yield from _settled(group)
    elif not group.rows:
        words = _("{number}: {ours} yuan owed by the ledger, not on the bill: not billed, or paid by their books?")
        yield _difference(group, "missing", words)
    elif not group.billed:
        yield _settled_there(group)
    else:
        yield from _amount(group)
        yield from _due(group)


def _settled(group: _Group) -> Iterator[Difference]:
    if not group.billed:
        return
    last = group.payables[-1]
    words = (
        _("{number}: still billed {theirs} yuan, the ledger has it as repaid ({who} said so on {time}: {how})")
        if last.state == "paid"
        else _("{number}: still billed {theirs} yuan, the ledger has it as cancelled since {time}")
    )
    at = told(last.settled_at) if last.settled_at else ""
    yield _difference(group, "settled", words, who=last.who, how=last.how, time=at)


def _settled_there(group: _Group) -> Difference:
    if any(row.settled == "cancelled" for row in group.rows):
        words = _("{number}: {ours} yuan owed by the ledger, cancelled by their books")
        return _difference(group, "cancelled_there", words)
    return _difference(group, "paid_there", _("{number}: {ours} yuan owed by the ledger, paid by their books"))


def _amount(group: _Group) -> Iterator[Difference]:
    theirs, ours = group.theirs, group.ours
    if theirs is None or theirs == ours:
        return
    words = (
        _("{number}: billed {theirs} yuan, {ours} yuan by the ledger: {apart} yuan too much")
        if theirs > ours
        else _("{number}: billed {theirs} yuan, {ours} yuan by the ledger: {apart} yuan too little")
    )
    found = _difference(group, "amount", words, apart=yuan(abs(theirs - ours)))
    for remark in _remarks(group, theirs, ours):
        found = replace(found, words=_("{what} ({remark})").format(what=found.words, remark=remark))
    yield found


def _remarks(group: _Group, theirs: Fen, ours: Fen) -> Iterator[str]:
    """What may explain that the amounts differ."""
    if ours and theirs == ours * FEN_OF_A_YUAN:
        yield _("exactly 100 times: in 分 instead of yuan?")
    if theirs and ours == theirs * FEN_OF_A_YUAN:
        yield _("exactly a hundredth")
    if len(group.billed) > len({row.number for row in group.billed}):
        yield _("on {} lines of the bill").format(len(group.billed))
    if lacking := [number for number in group.numbers if number not in {row.number for row in group.rows}]:
        yield _("not on the bill: {}").format(", ".join(lacking))
    if any(payable.estimated for payable in group.open):
        yield _("the ledger's amount is estimated, no page showed it")


def _due(group: _Group) -> Iterator[Difference]:
    days = {payable.due for payable in group.open}
    other = sorted({row.due_on for row in group.billed if row.due_on is not None} - days)
    if not other or None in days:  # what counts from a receipt is not known yet
        return
    ours = min(day for day in days if day is not None)
    words = _("{number}: due on {day_theirs} by the bill, on {day_ours} by the ledger ({ours} yuan)")
    found = _difference(group, "due", words, day_theirs=other[0], day_ours=ours)
    yield replace(found, due_theirs=other[0], due_ours=ours)


def _difference(group: _Group, kind: Kind, words: str, **facts: object) -> Difference:
    theirs = group.theirs if group.billed else None
    ours = group.ours if group.open else None
    whole = words.format(number=group.number, theirs=_yuan(theirs), ours=_yuan(ours), **facts)
    return Difference(kind, tuple(group.numbers), theirs, ours, whole, group.references)


def _sum(rows: Iterable[BillRow]) -> Fen | None:
    """None where an amount cannot be read."""
    totals = [row.total for row in rows]
    known = [total for total in totals if total is not None]
    return Fen(sum(known)) if len(known) == len(totals) else None


def _yuan(amount: Fen | None) -> str:
    return "?" if amount is None else yuan(amount)
