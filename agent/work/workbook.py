"""Excel workbooks as a seller calculates with them: amounts are numbers, days are days, what names something is text.

Nothing in them runs: a text is written as text, and one that begins as a formula may stands behind a tab.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from agent.work.placed_orders import harmless, not_written

Kind = Literal["text", "money", "day", "count"]
Value = str | int | date | None  # money in 分; a text stands in any column
NARROWEST, WIDEST = 8, 44  # columns of a sheet, in letters
MOST_TITLE = 31  # letters that Excel takes for a sheet's name
_NOT_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


@dataclass(frozen=True, slots=True)
class Column:
    heading: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Block:
    """A table on a sheet under its own headings, after some lines of words; `sums` are set apart below it."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...] = ()
    sums: tuple[tuple[Value, ...], ...] = ()
    words: tuple[str, ...] = ()


def write_workbook(path: Path, sheets: Mapping[str, Sequence[Block]]) -> None:
    """Write it beside the old one first, so that nobody opens half of it. Raises ConfigError where it cannot be written."""
    book = Workbook()
    book.remove(book.active)
    for title, blocks in sheets.items():
        sheet = book.create_sheet(_clean(title).translate(_NOT_IN_TITLES)[:MOST_TITLE])
        for block in blocks:
            _add(sheet, block)
        _widen(sheet)
        if len(blocks) == 1:
            sheet.freeze_panes = sheet.cell(row=len(blocks[0].words) + 2, column=1)
    new = path.with_name(f"{path.name}.new")
    try:
        book.save(new)
        os.replace(new, path)
    except OSError as error:
        raise not_written(path, error) from error


def _add(sheet: Any, block: Block) -> None:
    """Under what stands there already, with a free row between."""
    at = sheet.max_row + 2 if sheet._cells else 1
    for words in block.words:
        _put(sheet, at, 1, "text", words)
        at += 1
    for number, column in enumerate(block.columns, 1):
        _put(sheet, at, number, "text", column.heading).font = Font(bold=True)
    for bold, rows in ((False, block.rows), (True, block.sums)):
        for row in rows:
            at += 1
            for number, (column, value) in enumerate(zip(block.columns, row, strict=True), 1):
                _put(sheet, at, number, column.kind, value).font = Font(bold=bold)


def _put(sheet: Any, row: int, number: int, kind: Kind, value: Value) -> Any:
    cell = sheet.cell(row=row, column=number)
    if value is None or value == "":
        return cell
    if isinstance(value, str):
        cell.value, cell.data_type, cell.number_format = harmless(_clean(value)), "s", "@"
        return cell
    cell.value, cell.number_format = _FORMS[kind](value)
    if kind == "money":
        cell.alignment = Alignment(horizontal="right")
    return cell


_FORMS: Mapping[Kind, Callable[[Any], tuple[Any, str]]] = {
    "money": lambda fen: (Decimal(fen).scaleb(-2), "0.00"),
    "day": lambda day: (day, "yyyy-mm-dd"),
    "count": lambda count: (count, "0"),
    "text": lambda value: (str(value), "@"),
}


def _clean(text: str) -> str:
    """Without the characters that no workbook can hold."""
    return str(ILLEGAL_CHARACTERS_RE.sub("", text))


def _widen(sheet: Any) -> None:
    """Each column as wide as what stands in it; lines of words do not count."""
    widths: dict[int, int] = {}
    alone = {row for row in range(1, sheet.max_row + 1) if sheet.cell(row=row, column=2).value is None}
    for (row, column), cell in list(sheet._cells.items()):
        if cell.value is not None and row not in alone:
            widths[column] = max(widths.get(column, NARROWEST), _width(cell.value))
    for column, width in widths.items():
        sheet.column_dimensions[get_column_letter(column)].width = min(width, WIDEST) + 2


def _width(value: object) -> int:
    """In letters; a Chinese one is as wide as two."""
    return 10 if isinstance(value, date) else sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in str(value))


def columns(headings: Mapping[str, str], kinds: Mapping[str, Kind]) -> tuple[Column, ...]:
    """Columns by their words; those without a kind are text."""
    return tuple(Column(heading, kinds.get(word, "text")) for word, heading in headings.items())


def row_of(words: Iterable[str], values: Mapping[str, Value]) -> tuple[Value, ...]:
    """The values in the order of the columns; a column without one stays empty."""
    return tuple(values.get(word) for word in words)
