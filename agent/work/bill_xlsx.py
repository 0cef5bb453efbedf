"""A supplier's bill in an Excel workbook: what cannot be read is told with sheet, row and column, the rest is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from openpyxl.utils import get_column_letter

from agent.sites.values import NotUnderstood, day_of, squeeze
from agent.words import _
from agent.work.billed import BillRow, Settled
from agent.work.their_workbook import ASKED, TOTALS, Ranks, TheirSheet, read_their_book

AMOUNTS: Ranks = (ASKED, ("应还金额",), ("应收金额",), ("未付金额",), ("欠款", "欠款金额"), *TOTALS)
DUE = ("到期日", "到期日期", "还款日", "还款日期", "最后还款日", "应付日期", "应还日期", "付款日", "due")
STATE = ("状态", "付款状态", "结算状态", "还款状态", "state")
SETTLED: Mapping[str, Settled] = {
    **dict.fromkeys(("已付", "已付款", "已结", "已结清", "已结算", "已还", "已还款"), "paid"),
    **dict.fromkeys(("已取消", "已关闭", "已作废", "作废"), "cancelled"),
}

Read = TypeVar("Read")


def read_bill_file(path: Path) -> tuple[list[BillRow], list[str]]:
    """The lines of the bill, and in words what of it cannot be read.

    Raises ConfigError where nothing of the file can be read, or it holds no order at all.
    """
    book = read_their_book(path, AMOUNTS, due=[(word,) for word in DUE], state=[(word,) for word in STATE])
    rows: list[BillRow] = []
    told = [str(slip) for slip in book.slips]
    for sheet in book.sheets:
        for line in sheet.lines:
            row, why = _row(sheet, line)
            rows += [row] if row else []
            told += why
    return rows, told


def _row(sheet: TheirSheet, line: int) -> tuple[BillRow | None, list[str]]:
    told: list[str] = []

    def read(column: str, how: Callable[[int], Read]) -> Read | None:
        try:
            return how(line)
        except NotUnderstood as why:
            told.append(_unread(sheet, line, column, str(why)))
            return None

    number, amount = read("number", sheet.number), read("amount", sheet.amount)
    due = read("due", lambda line: _due(sheet, line))
    return None if number is None else BillRow(number, amount, due, _settled(sheet, line)), told


def _unread(sheet: TheirSheet, line: int, column: str, why: str) -> str:
    words = _("Sheet “{sheet}”, row {row}, column {letter} “{heading}”: {why}")
    letter = get_column_letter(sheet.columns[column])
    return words.format(sheet=sheet.name, row=line, letter=letter, heading=sheet.heading(column), why=why)


def _due(sheet: TheirSheet, line: int) -> date | None:
    cell = sheet.cell(line, "due")
    if cell is None:
        return None
    if isinstance(cell.value, date):
        return cell.value.date() if isinstance(cell.value, datetime) else cell.value
    return day_of(str(cell.value))


def _settled(sheet: TheirSheet, line: int) -> Settled:
    cell = sheet.cell(line, "state")
    return "" if cell is None else SETTLED.get(squeeze(str(cell.value)), "")
