"""How a supplier's statement (对账单) is told once it is written: where it lies, and what differs from the supplier's own."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from agent.cli.money import sums_json, told
from agent.cli.tell import as_json, paragraphs, say
from agent.home import Home
from agent.ledger import Ledger
from agent.words import _
from agent.work.limits import yuan
from agent.work.money import entries_of, together
from agent.work.statement import Difference, Statement, file_name, statement_of, write_statement
from agent.work.their_statement import Remark, read_theirs


def tell_statement(
    home: Home,
    ledger: Ledger,
    supplier: str,
    *,
    month: str = "",
    against: Path | None = None,
    json_: bool = False,
) -> int:
    """Write the statement into the folder of reports; 1 where it differs from the supplier's, or part of that was not read."""
    theirs = read_theirs(against) if against else None
    made = statement_of(entries_of(ledger.money()), supplier, month, theirs)
    home.reports.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = home.reports / file_name(made)
    write_statement(path, made)
    if json_:
        as_json("statement", _json(made, path))
    else:
        _print(made, path)
    return 0 if made.agrees else 1


_TOLD = ("goods", "freight", "cost", "paid", "owed", "refunded")


def _print(made: Statement, path: Path) -> None:
    sums = together(made.entries)
    words = _("{supplier}, {month}: {count} purchases, {cost} yuan, paid {paid}, refunded {refunded}, owed {owed}")
    amounts = {word: told(getattr(sums, word)) for word in ("cost", "paid", "refunded", "owed")}
    paragraphs([(0, "bold", words.format(supplier=made.supplier, month=made.month, count=len(made.entries), **amounts))])
    for difference in made.differences:
        paragraphs([(0, "", f"· {difference.number}  {difference.what}"), (2, "", _sides(difference))])
    if made.theirs:
        for remark in made.theirs.remarks:
            paragraphs([(0, "", f"· {_place(remark)}: {remark.what}")])
        if made.agrees:
            say(_("Everything agrees."))
    say(_("Written: {}").format(path))


def _sides(difference: Difference) -> str:
    ours, theirs = ("-" if each is None else yuan(each) for each in (difference.ours, difference.theirs))
    words = _("ours {ours}, theirs {theirs}").format(ours=ours, theirs=theirs)
    return f"{words} · {difference.where}" if difference.where else words


def _place(remark: Remark) -> str:
    return _("{sheet}, row {rows}").format(sheet=remark.sheet, rows=remark.row) if remark.row else remark.sheet


def _json(made: Statement, path: Path) -> dict[str, Any]:
    return {
        "supplier": made.supplier,
        "month": made.month,
        "file": str(path),
        "purchases": len(made.entries),
        **{word: fen for word, fen in sums_json(together(made.entries)).items() if word in _TOLD},
        "compared": made.theirs is not None,
        "differences": [asdict(difference) for difference in made.differences],
        "remarks": [asdict(remark) for remark in (made.theirs.remarks if made.theirs else ())],
    }
