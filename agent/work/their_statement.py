"""A supplier's own statement (对账单) as an Excel workbook: its order numbers and amounts.

What cannot be read for certain is told with its sheet and row and not compared; the rest is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from agent.models import Fen
from agent.sites.values import NotUnderstood
from agent.words import _
from agent.work.limits import yuan
from agent.work.their_workbook import ASKED, TOTALS, Ranks, TheirSheet, read_their_book, spellings

AMOUNTS: Ranks = (spellings("实付"), ASKED, *TOTALS)  # what was really paid is meant before what was asked for


@dataclass(frozen=True, slots=True)
class TheirRow:
    sheet: str
    row: int
    number: str
    fen: Fen


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about one row of theirs, or about a whole sheet (`row` 0). `number`: the order that it is about, where that is known.

    `compared`: nothing is left out by it that should count; a hidden sheet should not.
    """

    sheet: str
    row: int
    what: str
    compared: bool = False
    number: str = ""


@dataclass(frozen=True, slots=True)
class Theirs:
    path: Path
    rows: tuple[TheirRow, ...]
    remarks: tuple[Remark, ...]

    @property
    def unread(self) -> tuple[Remark, ...]:
        """What was left out of the comparison."""
        return tuple(remark for remark in self.remarks if not remark.compared)


def read_theirs(path: Path) -> Theirs:
    """Every visible sheet that has both columns. Raises ConfigError where it is no such workbook."""
    book = read_their_book(path, AMOUNTS)
    told = [each for sheet in book.sheets for each in _rows(sheet)]
    remarks = [each for each in told if isinstance(each, Remark)]
    remarks += [Remark(slip.sheet, 0, slip.why) for slip in book.slips]
    remarks += [Remark(name, 0, _("hidden in Excel, and left out"), compared=True) for name in book.hidden]
    return Theirs(path, tuple(each for each in told if isinstance(each, TheirRow)), tuple(remarks))


def _rows(sheet: TheirSheet) -> Iterator[TheirRow | Remark]:
    yield Remark(sheet.name, sheet.head, _("compared with the column “{}”").format(sheet.heading("amount")), compared=True)
    for line in sheet.lines:
        number = ""
        try:
            number = sheet.number(line)
            fen = sheet.amount(line)
        except NotUnderstood as error:
            yield Remark(sheet.name, line, _("not compared: {}").format(error), number=number)
            continue
        yield TheirRow(sheet.name, line, number, fen)
        shown = sheet.cell(line, "amount").value
        if isinstance(shown, str) and not re.fullmatch(r"[0-9]+(\.[0-9]+)?", shown):
            words = _("“{shown}” was read as {amount} yuan").format(shown=shown.strip(), amount=yuan(fen))
            yield Remark(sheet.name, line, words, compared=True)
