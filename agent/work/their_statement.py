"""A supplier's own statement (对账单) as an Excel workbook: its order numbers and amounts, found by the words over their columns.

What cannot be read for certain is told with its sheet and row and not compared; the rest is.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from agent.errors import ConfigError
from agent.models import Fen
from agent.sites.values import NotUnderstood, change_of
from agent.words import _
from agent.work.limits import yuan

# The first that stands there is meant: what was really paid before what was asked for.
AMOUNTS = ("实付", "应付", "合计", "金额")
NUMBERS = ("采购单号", "供应商订单号", "订单号", "订单编号", "单号")
_AROUND = ("{}", "{}金额", "{}款", "{}总额", "总{}", "订单{}")
_SUMS = ("合计", "总计", "小计", "总额")
_OTHER_UNIT = re.compile("万元|千元|美元|美金|港币|港元|欧元|日元|USD|HKD|EUR|JPY|[$€£]")
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"  # how an .xls begins, and a workbook with a password
_MOST_EXACT = 10**15  # Excel keeps fifteen digits of a number
_ROWS_BEFORE = 30  # how far down the headings may stand
_MOST_NAMED = 8

Cells = dict[int, dict[int, Any]]  # values by row and column, those that hold something


@dataclass(frozen=True, slots=True)
class TheirRow:
    sheet: str
    row: int
    number: str
    fen: Fen


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about one row of theirs, or about a whole sheet (`row` 0). `compared`: the row counts all the same.

    `number` is the order that it is about, where that could be read.
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


@dataclass(frozen=True, slots=True)
class _Columns:
    row: int
    number: int
    amount: int
    heading: str  # that of the amounts, as it stands there


def read_theirs(path: Path) -> Theirs:
    """Every sheet that has both columns. Raises ConfigError where it is no such workbook."""
    rows: list[TheirRow] = []
    remarks: list[Remark] = []
    sheets = {sheet.title: _cells(sheet) for sheet in _book(path).worksheets}
    columns = {title: found for title, cells in sheets.items() if isinstance(found := _columns(cells), _Columns)}
    if not columns:
        raise _no_columns(path, sheets)
    for title, cells in sheets.items():
        if title not in columns:
            remarks += [Remark(title, 0, str(_columns(cells)))] if cells else []
            continue
        told = list(_rows(title, cells, columns[title]))
        rows += [each for each in told if isinstance(each, TheirRow)]
        remarks += [each for each in told if isinstance(each, Remark)]
    return Theirs(path, tuple(rows), tuple(remarks))


def _book(path: Path) -> Any:
    try:
        raw = path.read_bytes()
    except OSError as error:
        what = _("{name} could not be read: {why}").format(name=path, why=error.strerror)
        raise ConfigError(what, todo=_("Name the supplier's own workbook behind --against.")) from error
    todo = _("Open it in Excel and save it as “Excel Workbook (.xlsx)”.")
    if raw.startswith(_OLD_OR_LOCKED):
        raise ConfigError(_("{} is an old .xls, or has a password").format(path), todo=todo)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl would lose if it wrote: it only reads here
            return load_workbook(path, data_only=True, keep_links=False)
    except Exception as error:  # a damaged file raises whatever the part of it that is damaged makes of it
        raise ConfigError(_("{} is no Excel workbook, or a damaged one").format(path), todo=todo) from error


def _cells(sheet: Any) -> Cells:
    # Not iter_rows(): that makes a million empty cells where the last row of the sheet has a colour.
    found: Cells = {}
    for (row, column), cell in sorted(getattr(sheet, "_cells", {}).items()):
        if cell.value is not None and str(cell.value).strip():
            found.setdefault(row, {})[column] = cell.value
    return found


# ---- the columns --------------------------------------------------------------------------------------------------------


def _columns(cells: Cells) -> _Columns | str:
    """Where the order numbers and the amounts stand, or why that is not known."""
    for row in list(cells)[:_ROWS_BEFORE]:
        heads = {column: _bare(value) for column, value in cells[row].items() if isinstance(value, str)}
        number = _first_of(heads, {word: (word,) for word in NUMBERS})
        amount = _first_of(heads, {word: tuple(around.format(word) for around in _AROUND) for word in AMOUNTS})
        if not number or not amount:
            continue
        if more := [heads[found[0]] for found in (number, amount) if len(found) > 1]:
            return _("two columns are called {}").format(more[0])
        heading = str(cells[row][amount[0]]).strip()
        if other := _OTHER_UNIT.search(_unit(heading)):
            return _("the amounts are in {}, not in yuan").format(other[0])
        return _Columns(row, number[0], amount[0], heading)
    return _("no column of order numbers ({numbers}) and of amounts ({amounts})").format(
        numbers="/".join(NUMBERS), amounts="/".join(AMOUNTS)
    )


def _first_of(heads: Mapping[int, str], words: Mapping[str, tuple[str, ...]]) -> list[int]:
    """The columns called by the first of the words that stands there at all."""
    for spellings in words.values():
        if found := [column for column, head in heads.items() if head in spellings]:
            return found
    return []


def _plain(value: object) -> str:
    return "".join(unicodedata.normalize("NFKC", str(value)).split())


def _bare(heading: str) -> str:
    """A heading without its unit: `应付金额（元）` is 应付金额."""
    return re.sub(r"[(\[【].*", "", _plain(heading)).rstrip(":")


def _unit(heading: str) -> str:
    found = re.search(r"[(\[【]([^)\]】]*)", _plain(heading))
    return found[1].removeprefix("单位").lstrip(":").upper() if found else ""


def _no_columns(path: Path, sheets: Mapping[str, Cells]) -> ConfigError:
    """With what stands there instead: the words of the fullest of the first rows."""
    rows = [row.values() for cells in sheets.values() for row in list(cells.values())[:_ROWS_BEFORE]]
    texts = [[value.strip() for value in row if isinstance(value, str)] for row in rows]
    there = max(texts, key=len, default=[])
    told = {str(_columns(cells)) for cells in sheets.values() if cells} or {str(_columns({}))}
    return ConfigError(
        _("{name} cannot be compared: {why}").format(name=path, why="; ".join(sorted(told))),
        todo=_("Call them so in the workbook. What stands there: {}").format(", ".join(there[:_MOST_NAMED]) or _("nothing")),
    )


# ---- the rows -----------------------------------------------------------------------------------------------------------


def _rows(sheet: str, cells: Cells, columns: _Columns) -> Iterator[TheirRow | Remark]:
    yield Remark(sheet, columns.row, _("compared with the column “{}”").format(columns.heading), compared=True)
    for row, values in cells.items():
        number, shown = values.get(columns.number), values.get(columns.amount)
        if row <= columns.row or (number is None and shown is None) or _is_sum(number, values) or _bare(str(number)) in NUMBERS:
            continue
        told = ""
        try:
            told = _number(number)
            fen = _amount(shown, columns)
        except NotUnderstood as error:
            yield Remark(sheet, row, _("not compared: {}").format(error), number=told)
            continue
        yield TheirRow(sheet, row, told, fen)
        if isinstance(shown, str) and not re.fullmatch(r"[0-9]+(\.[0-9]+)?", shown):
            words = _("“{shown}” was read as {amount} yuan").format(shown=shown.strip(), amount=yuan(fen))
            yield Remark(sheet, row, words, compared=True)


def _is_sum(number: object, values: Mapping[int, object]) -> bool:
    """A row of sums has no order number of its own."""
    if number is not None:
        return _plain(number).startswith(_SUMS)
    return any(isinstance(value, str) and _plain(value).startswith(_SUMS) for value in values.values())


def _number(value: object) -> str:
    if value is None:
        raise NotUnderstood(_("no order number stands there"))
    if isinstance(value, int | float) and not isinstance(value, bool):
        if abs(value) >= _MOST_EXACT:
            raise NotUnderstood(_("Excel has spoilt the long number {}").format(f"{value:.0f}"))
        if value != int(value):
            raise NotUnderstood(_("`{}` is no order number").format(value))
        value = int(value)
    told = _plain(value).lstrip("'")
    if re.fullmatch(r"[0-9.]+E\+?[0-9]+", told, re.IGNORECASE):
        raise NotUnderstood(_("Excel has spoilt the long number {}").format(told))
    if isinstance(value, date | bool) or not told:
        raise NotUnderstood(_("`{}` is no order number").format(str(value).strip()))
    return told


def _amount(value: object, columns: _Columns) -> Fen:
    if value is None:
        raise NotUnderstood(_("no amount stands there"))
    if isinstance(value, date | bool):
        raise NotUnderstood(_("`{}` is no amount of money").format(value))
    shown = f"{value:.15g}" if isinstance(value, int | float) else str(value)
    fen = change_of(shown)
    if fen < 0:
        raise NotUnderstood(_("`{}` is below zero: money that comes back, perhaps").format(shown.strip()))
    if _unit(columns.heading) == "分":
        if fen % 100:
            raise NotUnderstood(_("`{}` is not in whole 分").format(shown.strip()))
        return Fen(fen // 100)
    return Fen(fen)
