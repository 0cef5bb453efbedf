"""The products table in an Excel workbook: its first sheet, whose cells should be text.

Excel makes numbers and dates of what people type. A cell is read only where nothing can have been lost by that: a number of
a few digits, an amount. Everything else is told, never guessed back: 3-5 has become a day, 6920000000000000001 has become
6920000000000000000.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl.utils.escape import unescape

from agent.sites.document import Problem, Problems
from agent.sites.sheet import OLD_OR_LOCKED, filled_cells, foreign_sign, open_book
from agent.words import _
from agent.work.products_table import AMOUNTS, COLUMNS, NUMBERS, Slip, Table, TableRow, as_text, columns_of, problem, tidy

OTHER_KINDS = (".xls", ".xlsm", ".xlsb", ".et", ".ods", ".numbers")
_MOST_EXACT = 15  # digits that Excel keeps of a number
_MOST_SHOWN = 11  # digits that Excel shows of a number before it turns to 1.23E+11
_WHOLE = re.compile(r"0(_.)?(;.*)?")  # formats that show a whole number digit by digit, as 0 or `0_ `


def read_workbook(path: Path, raw: bytes) -> Table:
    """The rows of the first sheet, hidden ones too. Raises Problems where it is no workbook or its columns are wrong."""
    if raw.startswith(OLD_OR_LOCKED):
        what = _("This is an old .xls under another name, or a workbook with a password.")
        raise problem(path, 1, what, _("In Excel: take the password off, and save as “Excel Workbook (.xlsx)”."))
    formulas = _first_sheet(path, _book(path, raw, results=False))
    results = _book(path, raw, results=True).worksheets[0]
    merged = [_merged(path, area) for area in formulas.merged_cells.ranges]
    cells = filled_cells(formulas)
    heads = cells.get(1, {})
    width = max((max(row) for row in cells.values()), default=0)
    try:
        columns = columns_of(
            path, [tidy(str(heads[n].value)) if n in heads else "" for n in range(1, width + 1)], _("Add it to the first row.")
        )
    except Problems as told:
        raise Problems([*told.problems, *merged]) from None
    rows = [_row(line, columns, row, results) for line, row in sorted(cells.items()) if line > 1]
    return Table(path, columns, tuple(rows), max(cells), tuple(merged))


def _book(path: Path, raw: bytes, *, results: bool) -> Any:
    try:
        return open_book(raw, data_only=results, keep_links=False)
    except Exception as error:  # a damaged file raises whatever the part of it that is damaged makes of it
        what = _("The workbook is damaged, or no workbook at all: {}").format(error)
        raise problem(path, 1, what, _("Open it in Excel and save it as “Excel Workbook (.xlsx)”.")) from error


def _first_sheet(path: Path, book: Any) -> Any:
    if not book.worksheets:
        raise problem(path, 1, _("The workbook has no sheet with cells."), _("Put the table into its first sheet."))
    first, *others = book.worksheets
    if first.sheet_state != "visible":
        what = _("The first sheet “{}” is hidden, and the table is read from the first sheet.").format(first.title)
        raise problem(path, 1, what, _("Show that sheet, or delete it."))
    full = [other.title for other in others if filled_cells(other)]
    if full and not filled_cells(first):
        what = _("The first sheet “{first}” is empty, but “{other}” is not.").format(first=first.title, other=full[0])
        raise problem(path, 1, what, _("Move the sheet with the table to the first place."))
    return first


def _merged(path: Path, area: Any) -> Problem:
    what = _("The cells {} are merged.").format(area.coord)
    return Problem(path, area.min_row, what, _("Split them, and write the value into each row."))


def _row(line: int, columns: tuple[str, ...], row: Mapping[int, Any], results: Any) -> TableRow:
    read = {ours: _read(results._cells[line, n], ours, row[n].data_type == "f") for n, ours in _ours(columns) if n in row}
    unread = {ours: told for ours, told in read.items() if isinstance(told, Slip)}
    texts = {ours: told for ours, told in read.items() if isinstance(told, str)}
    return TableRow(line, {ours: texts.get(ours, "") for _number, ours in _ours(columns)}, unread)


def _ours(columns: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    return ((number, ours) for number, ours in enumerate(columns, 1) if ours in COLUMNS)


def _read(cell: Any, column: str, formula: bool) -> str | Slip:
    """The text of a cell, or why it has none. `formula`: the cell is what a formula made."""
    value = cell.value
    if value is None:
        nothing = not formula or cell.data_type == "str"  # a formula that made an empty text
        return (
            "" if nothing else Slip("", _("is a formula without a result"), _("Write the value itself, or save it in Excel."))
        )
    if cell.data_type == "s":
        return tidy(str(unescape(value)))
    if cell.data_type == "e":
        return Slip(str(value), _("is an error of Excel's"), as_text())
    if isinstance(value, bool):
        return Slip(str(value).upper(), _("is no text: Excel made TRUE or FALSE of it"), as_text())
    if isinstance(value, int | float):
        if column in AMOUNTS and foreign_sign(cell.number_format):
            what = _("is shown by Excel as no amount in yuan ({})").format(cell.number_format)
            return Slip(f"{value:.15g}", what, _("Write yuan with two decimals, such as 18.00."))
        return f"{value:.15g}" if column in NUMBERS else _digits(value, cell.number_format)
    return Slip(_time_shown(value), _("is a date or a time: Excel made one of what was typed, such as 3-5"), as_text())


def _digits(number: int | float, form: str) -> str | Slip:
    """The digits of a whole number that Excel shows as they are, or why they are not known."""
    whole = bool(_WHOLE.fullmatch(form))
    digits = f"{number:.0f}"
    if abs(number) < 10**_MOST_SHOWN:
        if number == int(number) >= 0 and (whole or form in ("General", "@")):
            return digits
        return Slip(f"{number:.15g}", _("is a number in Excel, perhaps not what was typed"), as_text())
    if whole and 0 < number < 10**_MOST_EXACT and number == int(number):
        return digits
    return Slip(f"{number:.2E}", _("is a long number that Excel has spoilt"), as_text())


def _time_shown(value: object) -> str:
    return str(value).removesuffix(" 00:00:00") if isinstance(value, datetime) else str(value)
