"""A supplier's bill in an Excel workbook: every visible sheet, its columns found by their headings.

Nothing is guessed: a cell that cannot be read whole is told with its sheet and row, and the others are read all the same.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeVar

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from agent.errors import ConfigError, Where
from agent.models import Fen
from agent.sites.values import NotUnderstood, day_of, money_of, parse, squeeze
from agent.words import _
from agent.work.billed import BillRow, Settled

Column = Literal["number", "total", "due", "state"]
# The headings that suppliers give to what we look for, the surest first; （元） behind one is left out.
HEADINGS: Mapping[Column, tuple[str, ...]] = {
    "number": ("订单号", "订单编号", "供应商订单号", "采购单号", "单号", "supplier order number", "order number"),
    "total": (
        *("应付金额", "应付款", "应付", "应还金额", "应收金额", "未付金额", "欠款", "欠款金额", "订单金额", "金额"),
        *("合计", "总金额", "总额", "amount"),
    ),
    "due": ("到期日", "到期日期", "还款日", "还款日期", "最后还款日", "应付日期", "应还日期", "付款日", "due"),
    "state": ("状态", "付款状态", "结算状态", "还款状态", "state"),
}
NEEDED: tuple[Column, ...] = ("number", "total")
SETTLED: Mapping[str, Settled] = {
    **dict.fromkeys(("已付", "已付款", "已结", "已结清", "已结算", "已还", "已还款"), "paid"),
    **dict.fromkeys(("已取消", "已关闭", "已作废", "作废"), "cancelled"),
}
SUMS = ("合计", "小计", "总计", "本页合计", "累计", "总金额")  # a row that begins so only adds up others
MOST_BEFORE = 30  # rows of titles and addresses above the headings
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"  # how an .xls begins, and a workbook with a password
_MOST_EXACT = 10**15  # Excel keeps fifteen digits of a number
_SPOILT = re.compile(r"[0-9]+(\.[0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_CURRENCY = re.compile(r'\[\$([^\]-]*)[^\]]*\]|"([^"]*)"|\\(.)|([$€£])')
_YUAN = ("", "¥", "元", "CNY", "RMB", "人民币")

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One sheet; `columns` are the numbers of ours, `head` the row of the headings."""

    name: str
    cells: Mapping[int, Mapping[int, Any]]
    head: int
    columns: Mapping[Column, int]
    within: Mapping[tuple[int, int], tuple[int, int]]  # of a merged area every other cell → its first


class _Unread(Exception):
    """Why a cell holds nothing that can be read; `shown` is what stands there."""

    def __init__(self, shown: str, why: str) -> None:
        super().__init__(why)
        self.shown, self.why = shown, why


def read_bill_file(path: Path) -> tuple[list[BillRow], list[str]]:
    """The lines of the bill, and in words with sheet and row what of it cannot be read.

    Raises ConfigError where nothing of the file can be read, or it holds no order at all.
    """
    rows: list[BillRow] = []
    told: list[str] = []
    found = 0
    for sheet in _book(path).worksheets:
        cells = _cells(sheet)
        if sheet.sheet_state != "visible" or not cells:
            continue
        columns = _columns(sheet, cells)
        if isinstance(columns, str):
            told.append(columns)
            continue
        found += 1
        for number in (line for line in sorted(cells) if line > columns.head):
            row, why = _row(columns, number)
            rows += [row] if row else []
            told += why
    if not found or not (rows or told):
        raise _refused(path, told[0] if told else _("it has no row below its headings") if found else _("it is empty"))
    return rows, told


def _book(path: Path) -> Any:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise _refused(path, str(error.strerror)) from error
    if not raw:
        raise _refused(path, _("it is empty"))
    if raw.startswith(_OLD_OR_LOCKED):
        raise _refused(path, _("it is an old .xls, or has a password"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what would be lost if it were written: it is only read here
            return load_workbook(io.BytesIO(raw), data_only=True, keep_links=False)
    except Exception as error:  # a damaged file raises whatever the part of it that is damaged makes of it
        raise _refused(path, _("it is no Excel workbook (.xlsx), or damaged")) from error


def _refused(path: Path, why: str) -> ConfigError:
    return ConfigError(
        _("The bill {name} cannot be read: {why}").format(name=path.name, why=why),
        where=Where(file=path),
        todo=_("In Excel: take a password off, save it as “Excel Workbook (.xlsx)”, with the columns 订单号 and 金额."),
    )


def _cells(sheet: Any) -> dict[int, dict[int, Any]]:
    """By row and column what holds something; not iter_rows(), which makes a million empty cells of one coloured row."""
    found: dict[int, dict[int, Any]] = {}
    for (line, column), cell in sheet._cells.items():
        if cell.value is not None and str(cell.value).strip():
            found.setdefault(line, {})[column] = cell
    return found


# ---- the columns --------------------------------------------------------------------------------------------------------


def _columns(sheet: Any, cells: Mapping[int, Mapping[int, Any]]) -> _Sheet | str:
    """The sheet with its columns, or in words why they are not known."""
    lines = sorted(cells)[:MOST_BEFORE]
    best = max(lines, key=lambda line: sum(_named(cells[line], column) != [] for column in NEEDED))
    found = {column: _named(cells[best], column) for column in HEADINGS}
    where = _("Sheet “{sheet}”, row {row}").format(sheet=sheet.title, row=best)
    if missing := [column for column in NEEDED if not found[column]]:
        there = ", ".join(str(cell.value).strip() for cell in cells[best].values())
        words = _("{where}: no column {missing}; there are: {there}")
        return words.format(where=where, missing=" / ".join(HEADINGS[missing[0]][:3]), there=there)
    if doubled := [column for column in HEADINGS if len(found[column]) > 1]:
        letters = ", ".join(map(get_column_letter, found[doubled[0]]))
        return _("{where}: the columns {letters} have the same heading: rename one").format(where=where, letters=letters)
    merged = {cell: (area.min_row, area.min_col) for area in sheet.merged_cells.ranges for cell in _rest(area)}
    return _Sheet(sheet.title, cells, best, {column: at[0] for column, at in found.items() if at}, merged)


def _named(row: Mapping[int, Any], column: Column) -> list[int]:
    """The columns under the surest heading that stands in this row."""
    heads = {at: re.sub(r"[(/]元\)?$", "", squeeze(str(cell.value))).strip(":*") for at, cell in row.items()}
    for heading in HEADINGS[column]:
        if there := [at for at, words in heads.items() if words == squeeze(heading)]:
            return there
    return []


def _rest(area: Any) -> Iterator[tuple[int, int]]:
    cells = (
        (line, column) for line in range(area.min_row, area.max_row + 1) for column in range(area.min_col, area.max_col + 1)
    )
    return (cell for cell in cells if cell != (area.min_row, area.min_col))


# ---- a row --------------------------------------------------------------------------------------------------------------


def _row(sheet: _Sheet, line: int) -> tuple[BillRow | None, list[str]]:
    """A line of the bill, and what of it cannot be read."""
    if _adds_up(sheet.cells[line]) or _is_a_note(sheet, line):
        return None, []
    told: list[str] = []

    def read(column: Column, how: Callable[[Any], Read]) -> Read | None:
        cell = _cell(sheet, line, column)
        try:
            return None if cell is None else how(cell)
        except _Unread as unread:
            told.append(_unread(sheet, line, column, unread))
            return None

    number, total, due, settled = read("number", _number), read("total", _money), read("due", _day), read("state", _state)
    for column in NEEDED:
        if _cell(sheet, line, column) is None:
            told.append(_unread(sheet, line, column, _Unread("", _("nothing stands there"))))
    return None if number is None else BillRow(number, total, due, settled or ""), told


def _is_a_note(sheet: _Sheet, line: int) -> bool:
    """A row without an amount: what stands below a bill, or a further product of an order whose amount stands over all its rows."""
    if _cell(sheet, line, "total") is not None:
        return False
    number = _cell(sheet, line, "number")
    return number is None or (line, sheet.columns["total"]) in sheet.within or not squeeze(str(number.value)).isascii()


def _adds_up(row: Mapping[int, Any]) -> bool:
    first = squeeze(str(row[min(row)].value))
    return any(first == word or first.startswith((f"{word}:", f"{word}(")) for word in SUMS)


def _cell(sheet: _Sheet, line: int, column: Column) -> Any:
    """The cell; of a merged area every row has the number, the day and the state, but only the first the amount."""
    at = sheet.columns.get(column)
    if at is None:
        return None
    if column != "total" and (line, at) in sheet.within:
        line, at = sheet.within[line, at]
    return sheet.cells.get(line, {}).get(at)


def _unread(sheet: _Sheet, line: int, column: Column, unread: _Unread) -> str:
    at = sheet.columns[column]
    head = str(sheet.cells[sheet.head][at].value).strip()
    words = _("Sheet “{sheet}”, row {row}, column {letter} “{heading}”: {why}")
    told = words.format(sheet=sheet.name, row=line, letter=get_column_letter(at), heading=head, why=unread.why)
    shown = unread.shown if unread.shown not in told else ""
    return _("{what} ({remark})").format(what=told, remark=shown) if shown else told


def _number(cell: Any) -> str:
    value = _plain(cell)
    if isinstance(value, str):
        text = value.removeprefix("'").strip()
        if _SPOILT.fullmatch(text):
            raise _Unread(text, _("a long number that Excel has spoilt: its digits are lost"))
        return str(_as(partial(parse, "number_text"), text))
    if abs(value) >= _MOST_EXACT or "E" in str(cell.number_format).upper().replace("GENERAL", ""):
        raise _Unread(f"{value:.2E}", _("a long number that Excel has spoilt: its digits are lost"))
    if value < 0 or value != int(value):
        raise _Unread(f"{value:.15g}", _("no order number"))
    return str(int(value))


def _money(cell: Any) -> Fen:
    value = _plain(cell)
    if isinstance(value, str):
        return _as(money_of, value)
    for found in _CURRENCY.findall(str(cell.number_format)):
        symbol = squeeze("".join(found)).upper()
        if symbol not in _YUAN and re.search(r"[$€£]|[A-Z]{2}", symbol):
            raise _Unread(f"{symbol} {value:.15g}", _("not in yuan"))
    return _as(money_of, f"{value:.15g}")


def _day(cell: Any) -> date:
    value = cell.value
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return _as(day_of, str(value))


def _state(cell: Any) -> Settled:
    words = {squeeze(theirs): ours for theirs, ours in SETTLED.items()}
    return words.get(squeeze(str(cell.value)), "")


def _plain(cell: Any) -> str | int | float:
    """The text or number of a cell. Raises _Unread for what Excel has made of it."""
    value = cell.value
    if cell.data_type == "e":
        raise _Unread(str(value), _("an error of Excel's"))
    if isinstance(value, bool):
        raise _Unread(str(value).upper(), _("TRUE or FALSE"))
    if isinstance(value, str | int | float):
        return value
    raise _Unread(str(value), _("a date or a time"))


def _as(how: Callable[[str], Read], text: str) -> Read:
    try:
        return how(text)
    except NotUnderstood as why:
        raise _Unread(text.strip(), str(why)) from why
