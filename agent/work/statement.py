"""One supplier's statement (对账单) of one month, from the ledger, to lay beside the supplier's own. Pure, but for the writing.

The month is that of the purchase's proof, in Shanghai. The supplier may bill an order in the month next to it: what is known
from another month is told as that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, TypeVar

from agent.errors import ConfigError
from agent.models import Fen, PayMethod
from agent.words import _, later
from agent.work.due import day_of
from agent.work.limits import yuan
from agent.work.money import Entry, Sums, chosen, refuse_unknown, together
from agent.work.money_tables import remarks
from agent.work.texts import blank_free
from agent.work.their_statement import Remark, TheirRow, Theirs
from agent.work.workbook import Block, Kind, Value, columns, row_of, write_workbook

Row = TypeVar("Row", TheirRow, Remark)
DifferenceKind = Literal["only_theirs", "only_ours", "amount", "in_fen", "other_month", "not_known", "not_read"]
TOLD = ("cost", "paid", "refunded", "owed")  # the supplier may see it: nothing of what its goods are sold for
MOST_MONTHS_NAMED = 6

METHODS: Mapping[PayMethod, str] = {
    "balance": later("from the balance"),
    "credit": later("on credit terms"),
    "qr": later("by QR code"),
    "auto_debit": later("by auto-debit"),
    "outside": later("outside of this program"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """`theirs` and `ours` in 分, None where nothing stands there; `where` names sheet and rows of theirs."""

    kind: DifferenceKind
    number: str
    reference: str
    ours: Fen | None
    theirs: Fen | None
    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Statement:
    """`differences` None: there was nothing to compare with."""

    supplier: str
    month: str
    entries: tuple[Entry, ...]
    theirs: Theirs | None = None
    differences: tuple[Difference, ...] = ()

    @property
    def agrees(self) -> bool:
        return not self.differences and not (self.theirs and self.theirs.unread)


def statement_of(entries: Sequence[Entry], supplier: str, month: str = "", theirs: Theirs | None = None) -> Statement:
    """The newest month in which something was bought there, or that `month`. Raises ConfigError where there is none."""
    refuse_unknown(entries, supplier)
    there = chosen(entries, supplier=supplier)
    if month and not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", month):
        raise ConfigError(_("`{}` is no month").format(month), todo=_("Write it as 2026-11."))
    months = sorted({month_of(entry) for entry in there}, reverse=True)
    month = month or months[0]
    if month not in months and theirs is None:
        what = _("Nothing was bought from {supplier} in {month}").format(supplier=supplier, month=month)
        raise ConfigError(what, todo=_("Months there: {}").format(", ".join(months[:MOST_MONTHS_NAMED])))
    ours = tuple(entry for entry in there if month_of(entry) == month)
    differences = tuple(_compare(there, month, theirs)) if theirs else ()
    return Statement(supplier, month, ours, theirs, differences)


def month_of(entry: Entry) -> str:
    return f"{entry.day:%Y-%m}"


# ---- compared with the supplier's own -----------------------------------------------------------------------------------


def _compare(entries: Sequence[Entry], month: str, theirs: Theirs) -> Iterator[Difference]:
    """By supplier order; purchases that share one, and the orders that one purchase was split into, are one sum."""
    rows = _by_number(theirs.rows)
    unread = _by_number(theirs.unread)
    for numbers, ours in _orders(entries):
        names = [blank_free(number) for number in numbers]
        told = [row for name in names for row in rows.pop(name, [])]
        lost = [remark for name in names for remark in unread.get(name, [])]
        yield from _judge(numbers, ours, told, lost, month)
    for number, there in rows.items():
        fen = Fen(sum(row.fen for row in there))
        yield Difference("only_theirs", number, "", None, fen, _where(there), _("only the supplier has this order"))


def _by_number(rows: Iterable[Row]) -> dict[str, list[Row]]:
    made: dict[str, list[Row]] = {}
    for row in rows:
        made.setdefault(row.number, []).append(row)
    return made


def _orders(entries: Sequence[Entry]) -> Iterator[tuple[tuple[str, ...], list[Entry]]]:
    """Purchases by the supplier orders that they stand in, none of which is in two."""
    groups: list[tuple[set[str], list[Entry]]] = []
    for entry in entries:
        numbers, there = set(entry.purchase.numbers), [entry]
        for group in [group for group in groups if group[0] & numbers]:
            groups.remove(group)
            numbers |= group[0]
            there = group[1] + there
        groups.append((numbers, there))
    for numbers, there in groups:
        yield tuple(sorted(numbers)), there


def _judge(
    numbers: tuple[str, ...], ours: list[Entry], told: list[TheirRow], lost: list[Remark], month: str
) -> Iterator[Difference]:
    sums, here = together(ours), any(month_of(entry) == month for entry in ours)
    known = None if sums.cost.unknown else Fen(sums.cost.fen)
    fine = {sums.cost.fen, sums.cost.fen - sums.refunded.fen}
    names = (" / ".join(numbers), " / ".join(entry.purchase.reference for entry in ours))
    if lost and not told:
        yield Difference("not_read", *names, known, None, _where(lost), _("the amount there could not be read"))
        return
    if not told:
        if here and (known is None or 0 not in fine):
            yield Difference("only_ours", *names, known, None, "", _("only we have this order"))
        return
    fen, where = Fen(sum(row.fen for row in told)), _where(told)
    if known is None:
        yield Difference("not_known", *names, None, fen, where, _("no page showed us what it costs"))
    elif fen not in fine:
        kind, what = _apart(numbers, known, fen, told)
        yield Difference(kind, *names, known, fen, where, what)
    elif not here:
        words = _("we have it in {}").format(", ".join(sorted({month_of(entry) for entry in ours})))
        yield Difference("other_month", *names, known, fen, where, words)


def _apart(numbers: Iterable[str], ours: Fen, theirs: Fen, told: Sequence[TheirRow]) -> tuple[DifferenceKind, str]:
    if theirs == ours * 100:
        return "in_fen", _("a hundred times as much: theirs may be in 分")
    missing = [number for number in numbers if blank_free(number) not in {row.number for row in told}]
    words = _("theirs is {} yuan more") if theirs > ours else _("theirs is {} yuan less")
    parts = [words.format(yuan(abs(theirs - ours)))]
    parts += [_("it has {} rows there").format(len(told))] if len(told) > 1 else []
    parts += [_("without {}").format(", ".join(missing))] if missing else []
    return "amount", ", ".join(parts)


def _where(rows: Iterable[TheirRow | Remark]) -> str:
    sheets: dict[str, list[str]] = {}
    for row in rows:
        sheets.setdefault(row.sheet, []).append(str(row.row))
    return "; ".join(_("{sheet}, row {rows}").format(sheet=sheet, rows=", ".join(each)) for sheet, each in sheets.items())


# ---- written ------------------------------------------------------------------------------------------------------------

KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("day", "paid_on"), "day"),
    **dict.fromkeys(("amount", "paid", "refunded", "owed", "ours", "theirs", "apart"), "money"),
}


def file_name(statement: Statement) -> str:
    """对账单-<supplier>-<month>.xlsx, whatever signs the supplier's name has."""
    supplier = re.sub(r'[\x00-\x1f\\/:*?"<>|]', "_", statement.supplier).strip(". ") or "_"
    return f"对账单-{supplier}-{statement.month}.xlsx"


def write_statement(path: Path, statement: Statement) -> None:
    """What differs on top, then line by line, sums below. Raises ConfigError where it cannot be written."""
    blocks = [*(_differing(statement) if statement.theirs else ()), _lines(statement)]
    write_workbook(path, {_("Statement"): blocks})


def _differing(statement: Statement) -> Iterator[Block]:
    names = {
        "what": _("difference"),
        "number": _("supplier order number"),
        "reference": _("purchase order number"),
        "ours": _("ours (yuan)"),
        "theirs": _("theirs (yuan)"),
        "apart": _("theirs less ours (yuan)"),
        "where": _("where in theirs"),
    }
    rows = tuple(row_of(names, _differs(each)) for each in statement.differences)
    head = _("Differences from the supplier's own statement: {}").format(len(rows)) if rows else _("No differences")
    yield Block(columns(names, KINDS), rows, words=(head,)) if rows else Block((), words=(head,))
    if statement.theirs and statement.theirs.remarks:
        names = {"where": _("where in theirs"), "what": _("remark")}
        told = tuple((_place(each.sheet, each.row), each.what) for each in statement.theirs.remarks)
        yield Block(columns(names, KINDS), told, words=(_("Read in the supplier's own statement"),))


def _place(sheet: str, row: int) -> str:
    return _("{sheet}, row {rows}").format(sheet=sheet, rows=row) if row else sheet


def _differs(each: Difference) -> dict[str, Value]:
    both = each.ours is not None and each.theirs is not None
    apart = (each.theirs or 0) - (each.ours or 0) if both else None
    facts = ("what", "number", "reference", "ours", "theirs", "where")
    return {word: getattr(each, word) for word in facts} | {"apart": apart}


def _lines(statement: Statement) -> Block:
    names = {
        "day": _("day of the purchase's proof"),
        "number": _("supplier order number"),
        "reference": _("purchase order number"),
        "goods": _("what was bought"),
        "amount": _("amount (yuan)"),
        "paid": _("paid (yuan)"),
        "paid_on": _("paid on"),
        "how": _("how paid"),
        "refunded": _("refunded (yuan)"),
        "owed": _("owed (yuan)"),
        "remark": _("remark"),
    }
    sums = together(statement.entries)
    whole = {"day": _("together"), **_sums(sums), "remark": " · ".join(remarks(sums, TOLD))}
    title = _("Statement of {supplier}, {month}").format(supplier=statement.supplier, month=statement.month)
    rows = tuple(row_of(names, _line(entry)) for entry in statement.entries)
    return Block(columns(names, KINDS), rows, (row_of(names, whole),), (title,))


def _line(entry: Entry) -> dict[str, Value]:
    purchase = entry.purchase
    on, how = paid_how(entry)
    return {
        "day": entry.day,
        "number": purchase.number,
        "reference": purchase.reference,
        "goods": "; ".join(f"{line.goods} × {line.pieces}" for line in purchase.lines),
        "paid_on": on,
        "how": how,
        "remark": _("came to nothing") if purchase.dead else "",
        **_sums(entry.sums),
    }


def _sums(sums: Sums) -> dict[str, Value]:
    each = {"amount": sums.cost, "paid": sums.paid, "refunded": sums.refunded, "owed": sums.owed}
    return {word: _("not known") if one.told is None else one.told for word, one in each.items()}


def paid_how(entry: Entry) -> tuple[date | None, str]:
    """The day of the last payment and how each was made; where only the supplier's page says so, when it first did."""
    payable, purchase = entry.purchase.payable, entry.purchase
    if payable is not None and payable.state == "paid" and payable.settled_at:
        return day_of(payable.settled_at), f"{payable.how} ({payable.who})"
    if payable is None and entry.parts:
        ways = dict.fromkeys(_(METHODS[part.payment.method]) for part in entry.parts)
        return day_of(entry.parts[-1].payment.paid_at), ", ".join(ways)
    if purchase.paid_at is not None:
        return day_of(purchase.paid_at), _("the supplier's page shows it paid")
    return None, ""
