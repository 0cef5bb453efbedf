"""A supplier's own workbook (.xlsx), made for people: every visible sheet, its columns found by their headings.

Nothing is guessed: what cannot be read whole says why, with its sheet and row, and the rest is read all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter

from agent.errors import ConfigError, Where
from agent.models import Fen
from agent.sites.sheet import MOST_EXACT, OLD_OR_LOCKED, FilledCells, filled_cells, foreign_sign, open_book
from agent.sites.values import NotUnderstood, money_of, parse, squeeze
from agent.words import _

Ranks = Sequence[Sequence[str]]  # headings: those of one rank mean the same, the surest rank is first


def spellings(word: str) -> tuple[str, ...]:
    """How suppliers call a column of amounts: 应付 is 应付金额, 总应付 … too."""
    return (word, *(form.format(word) for form in ("{}金额", "{}款", "{}总额", "总{}", "订单{}")))


NUMBERS: Ranks = (
    ("供应商订单号", "supplier order number"),
    ("订单号", "order number"),
    ("订单编号",),
    ("采购单号",),
    ("单号",),
)
ASKED = spellings("应付")
TOTALS: Ranks = ((*spellings("合计"), "总额"), (*spellings("金额"), "amount"))

_NEEDED = ("number", "amount")
_SUM = re.compile(r"(?:本页|本月|本期)?(?:合计|小计|总计|累计|总金额|总额)(?:金额|人民币|大写)*(?:[:(0-9¥].*)?")
_HEADING = re.compile(r"\**(.+?)[:*]*(?:[(\[【](.*)|/([万千百]?元|分))?[:*]*")
_APART = re.compile(r"[()\[\]【】,:;、/*]|单位")
_MANY_YUAN = re.compile("万|[千百]元|角$")
_SPOILT = re.compile(r"[0-9]+(\.[0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_MOST_BEFORE = 30  # rows of titles and addresses above the headings


@dataclass(frozen=True, slots=True)
class Slip:
    """Why a sheet cannot be read; `row` is where its headings would be."""

    sheet: str
    row: int
    why: str

    def __str__(self) -> str:
        return _("Sheet “{sheet}”, row {row}: {why}").format(sheet=self.sheet, row=self.row, why=self.why)


@dataclass(frozen=True, slots=True)
class TheirSheet:
    """One sheet; `head` is the row of the headings, `columns` the numbers of ours. What cannot be read raises NotUnderstood."""

    name: str
    cells: FilledCells
    head: int
    columns: Mapping[str, int]
    merged: Mapping[tuple[int, int], tuple[int, int]]  # of a merged area every other cell → its first
    in_fen: bool

    @property
    def lines(self) -> list[int]:
        """The rows that should hold an order."""
        below = [line for line in sorted(self.cells) if line > self.head]
        return [line for line in below if not (self._adds_up(line) or self._is_a_note(line) or self._is_a_heading(line))]

    def heading(self, column: str) -> str:
        return str(self.cells[self.head][self.columns[column]].value).strip()

    def cell(self, line: int, column: str) -> Any:
        """None where nothing stands. Every row of a merged area has what stands there, but only the first has the amount."""
        at = self.columns.get(column)
        if at is None:
            return None
        if column != "amount":
            line, at = self.merged.get((line, at), (line, at))
        return self.cells.get(line, {}).get(at)

    def number(self, line: int) -> str:
        """The order number, never with a digit that Excel has made up."""
        cell = self.cell(line, "number")
        if cell is None:
            raise NotUnderstood(_("no order number stands there"))
        value = cell.value
        if _is_number(value):
            if abs(value) >= MOST_EXACT or "E" in str(cell.number_format).upper().replace("GENERAL", ""):
                raise NotUnderstood(_("Excel has spoilt the long number {}").format(f"{value:.0f}"))
            if value >= 0 and value == int(value):
                return str(int(value))
        elif isinstance(value, str) and cell.data_type != "e":
            text = value.strip().removeprefix("'").strip()
            if _SPOILT.fullmatch(text):
                raise NotUnderstood(_("Excel has spoilt the long number {}").format(text))
            return str(parse("number_text", text))
        raise NotUnderstood(_("`{}` is no order number").format(str(value).strip()))

    def amount(self, line: int) -> Fen:
        cell = self.cell(line, "amount")
        if cell is None:
            raise NotUnderstood(_("no amount stands there"))
        shown = str(cell.value).strip()
        if _is_number(cell.value):
            shown = f"{cell.value:.15g}"
            if sign := _foreign(str(cell.number_format)):
                raise NotUnderstood(_("`{}` is not in yuan").format(f"{sign} {shown}"))
        fen = money_of(shown)
        if not self.in_fen:
            return fen
        if fen % 100 or not re.fullmatch("[0-9,.]+", squeeze(shown)):
            raise NotUnderstood(_("`{}` is not in whole 分").format(shown))
        return Fen(fen // 100)

    def _adds_up(self, line: int) -> bool:
        """A row of sums has no order number of its own."""
        number = self.cell(line, "number")
        if number is not None:
            return _SUM.match(squeeze(str(number.value))) is not None
        return any(_SUM.fullmatch(squeeze(str(cell.value))) for cell in self.cells[line].values())

    def _is_a_note(self, line: int) -> bool:
        """Without an amount: what stands below the orders, or a further product of one whose amount stands over all its rows."""
        if self.cell(line, "amount") is not None:
            return False
        number = self.cell(line, "number")
        if number is None or not squeeze(str(number.value)).isascii():
            return True
        first, _column = self.merged.get((line, self.columns["amount"]), (line, 0))
        above = self.cell(first, "number")
        return first < line and above is not None and above.value == number.value

    def _is_a_heading(self, line: int) -> bool:
        number = self.cell(line, "number")
        return number is not None and _heading(number.value)[0] == _heading(self.heading("number"))[0]


@dataclass(frozen=True, slots=True)
class TheirBook:
    """`hidden` names the sheets that were left out because nobody sees them in Excel."""

    sheets: tuple[TheirSheet, ...]
    slips: tuple[Slip, ...]
    hidden: tuple[str, ...]


def read_their_book(path: Path, amounts: Ranks, **others: Ranks) -> TheirBook:
    """Every visible sheet that has a column `number` and one `amount`; `others` may be missing.

    Raises ConfigError where it is no workbook, or holds no such sheet or no order at all.
    """
    filled = [(sheet, cells) for sheet in _opened(path).worksheets if (cells := filled_cells(sheet))]
    hidden = tuple(sheet.title for sheet, _cells in filled if sheet.sheet_state != "visible")
    headings = {"number": NUMBERS, "amount": amounts, **others}
    read = [_sheet(sheet, cells, headings) for sheet, cells in filled if sheet.title not in hidden]
    sheets = tuple(each for each in read if isinstance(each, TheirSheet))
    slips = tuple(each for each in read if isinstance(each, Slip))
    if not sheets:
        raise _refused(path, "; ".join(map(str, slips)) or (_("all that it holds is hidden") if hidden else _("it is empty")))
    if not slips and not any(sheet.lines for sheet in sheets):
        raise _refused(path, _("it has no row below its headings"))
    return TheirBook(sheets, slips, hidden)


def _opened(path: Path) -> Any:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise _refused(path, str(error.strerror), _("Name the supplier's own workbook (.xlsx).")) from error
    if not raw:
        raise _refused(path, _("it is empty"))
    if raw.startswith(OLD_OR_LOCKED):
        raise _refused(path, _("it is an old .xls, or has a password"))
    try:
        return open_book(raw, data_only=True, keep_links=False)
    except Exception as error:  # a damaged file raises whatever the part of it that is damaged makes of it
        raise _refused(path, _("it is no Excel workbook (.xlsx), or damaged")) from error


def _refused(path: Path, why: str, todo: str = "") -> ConfigError:
    what = _("{name} cannot be read: {why}").format(name=path.name, why=why)
    words = _("In Excel: take a password off, save it as “Excel Workbook (.xlsx)”, with the columns 订单号 and 金额.")
    return ConfigError(what, where=Where(file=path), todo=todo or words)


# ---- the columns --------------------------------------------------------------------------------------------------------


def _sheet(sheet: Any, cells: FilledCells, headings: Mapping[str, Ranks]) -> TheirSheet | Slip:
    """The sheet with its columns, or why they are not known."""
    lines = sorted(cells)[:_MOST_BEFORE]
    head = max(lines, key=lambda line: sum(bool(_named(cells[line], headings[column])) for column in _NEEDED))
    found = {column: _named(cells[head], ranks) for column, ranks in headings.items()}
    if missing := [column for column in _NEEDED if not found[column]]:
        names = " / ".join(rank[0] for rank in headings[missing[0]])
        there = ", ".join(str(cell.value).strip() for cell in cells[head].values())
        return Slip(sheet.title, head, _("no column {missing}; there are: {there}").format(missing=names, there=there))
    if doubled := next((at for at in found.values() if len(at) > 1), None):
        words = _("the columns {letters} mean the same by their headings: rename all but one")
        return Slip(sheet.title, head, words.format(letters=", ".join(map(get_column_letter, doubled))))
    columns = {column: at[0] for column, at in found.items() if at}
    units = _APART.split(_heading(cells[head][columns["amount"]].value)[1])
    if other := next((unit for unit in units if _MANY_YUAN.search(unit) or foreign_sign(unit) not in ("", "%")), ""):
        return Slip(sheet.title, head, _("the amounts are in {}, not in yuan").format(other.upper()))
    return TheirSheet(sheet.title, cells, head, columns, dict(_merged(sheet)), "分" in units)


def _named(row: Mapping[int, Any], ranks: Ranks) -> list[int]:
    """The columns under the surest heading that stands in this row."""
    heads = {at: _heading(cell.value)[0] for at, cell in row.items()}
    for rank in ranks:
        if there := [at for at, words in heads.items() if words in map(squeeze, rank)]:
            return there
    return []


def _heading(shown: object) -> tuple[str, str]:
    """Its words, and what stands in brackets behind them: `应付金额（元）` is 应付金额 and 元."""
    match = _HEADING.fullmatch(squeeze(str(shown)))
    return (match[1], match[2] or match[3] or "") if match else ("", "")


def _merged(sheet: Any) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    for area in sheet.merged_cells.ranges:
        first, *others = area.cells
        yield from ((other, first) for other in others)


# ---- a cell -------------------------------------------------------------------------------------------------------------


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _foreign(form: str) -> str:
    """The sign of another currency in a number format, or any letters that may be one: `"AED" 0.00`."""
    letters = [words for words in re.findall('"([^"]*)"', form) if re.search("[a-z]{2}", squeeze(words))]
    return foreign_sign(form) or next((words.strip() for words in letters if squeeze(words) not in ("cny", "rmb")), "")
