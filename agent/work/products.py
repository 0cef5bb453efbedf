"""The products table: which supplier product stands behind a product of the shop, for at most how much.

A CSV the seller keeps in Excel (UTF-8 or GBK), one row a shop product and specification. Every mistake is told at once, by row
and column. A product is found by merchant code and shop specification, exactly: "L" is not "XL".
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from agent.models import Fen, OrderLine, SupplierProduct
from agent.sites.document import Problem, Problems
from agent.sites.values import NotUnderstood, parse
from agent.words import _
from agent.work.texts import exact

# Our word for a column → the words it may carry in the first row, the Chinese first.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "merchant_code": ("商家编码", "merchant_code"),
    "shop_specification": ("店铺规格", "shop_specification"),
    "supplier": ("供应商", "supplier"),
    "product": ("货号", "product"),
    "title": ("商品标题", "title"),
    "specification": ("规格", "specification"),
    "pack": ("每份件数", "pack"),
    "cost": ("进价", "cost"),
    "ceiling": ("限价", "ceiling"),
}
NOTES = ("备注", "note")  # a column of the seller's own, not read
_MAY_BE_EMPTY = frozenset({"shop_specification", "specification"})  # a product sold in one form only
_SPOILT = re.compile(r"[0-9](\.[0-9]+)?E\+[0-9]+", re.IGNORECASE)  # what Excel makes of a long number
_MOST_PIECES = 1000
_WITHOUT_END = 10**12

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Products:
    """The table, by merchant code and shop specification."""

    path: Path
    by_key: Mapping[Key, SupplierProduct]

    def find(self, line: OrderLine) -> SupplierProduct | None:
        """The supplier product for a line of a shop order, or None."""
        return self.by_key.get((exact(line.merchant_code), exact(line.specification))) if line.merchant_code else None


@dataclass(frozen=True, slots=True)
class _TableRow:
    """One row of the table, tidied, with what is wrong with it. `line` is its line in the file."""

    line: int
    cells: Mapping[str, str]


def read_products(path: Path, suppliers: Collection[str]) -> Products:
    """Read the table. `suppliers` are the names in config.yaml. Raises Problems with all mistakes."""
    rows = list(_rows(path, _text_of(path)))
    problems = [
        Problem(path, row.line, what, suggestion) for row in rows for what, suggestion in _mistakes(row.cells, suppliers)
    ]
    problems += _doubled(path, rows)
    if problems:
        raise Problems(problems)
    return Products(path, {_key(row): _product(row.cells) for row in rows})


def _text_of(path: Path) -> str:
    if path.suffix.lower() in (".xlsx", ".xls", ".et"):
        raise _problem(
            path, 1, _("The products table must be a CSV file."), _("In Excel: save as “CSV UTF-8”, and name that file.")
        )
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise _problem(path, 1, _("The products table cannot be read: {}").format(error.strerror), "") from error
    for encoding in ("utf-8-sig", "gb18030"):  # Excel's "CSV UTF-8", and its plain "CSV" on a Chinese Windows
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _problem(path, 1, _("The file is neither UTF-8 nor GBK."), _("In Excel: save as “CSV UTF-8”."))


def _rows(path: Path, text: str) -> Iterator[_TableRow]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = _columns(path, [_tidy(cell) for cell in next(reader, [])])
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _row(path, line, columns, cells)
            line = reader.line_num + 1  # a cell may hold line breaks
    except csv.Error as error:
        raise _problem(
            path, reader.line_num, _("This line is no CSV: {}").format(error), _("Look for a quote that is not closed.")
        ) from error


def _columns(path: Path, heads: list[str]) -> list[str]:
    """Our word for each column, "" for notes. Raises Problems for columns that are missing, unknown or doubled."""
    known = {words: ours for ours, names in COLUMNS.items() for words in names} | dict.fromkeys((*NOTES, ""), "")
    found = [known.get(head.casefold(), head) for head in heads]
    problems = [
        Problem(path, 1, _("Unknown column “{}”.").format(head), _suggest(head, known))
        for head in heads
        if head.casefold() not in known
    ]
    problems += [
        Problem(
            path, 1, _("There is no column “{}”.").format(names[0]), _("Add it; the file must have commas between its cells.")
        )
        for ours, names in COLUMNS.items()
        if ours not in found
    ]
    problems += [
        Problem(path, 1, _("Column “{}” stands twice.").format(COLUMNS[ours][0]), _("Take one away."))
        for ours in COLUMNS
        if found.count(ours) > 1
    ]
    if problems:
        raise Problems(problems)
    return found


def _row(path: Path, line: int, columns: list[str], cells: list[str]) -> _TableRow:
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        raise _problem(
            path, line, _("This row has more cells than there are columns."), _("Put a cell with a comma in it in quotes.")
        )
    return _TableRow(line, {column: _tidy(cell) for column, cell in zip(columns, cells, strict=False) if column})


def _mistakes(cells: Mapping[str, str], suppliers: Collection[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with a row, as (what, suggestion)."""
    for column in COLUMNS:
        value = cells.get(column, "")
        if not value and column not in _MAY_BE_EMPTY:
            yield _cell(column, value, _("is empty")), _("Write it, or delete the row.")
        elif column in ("cost", "ceiling") and value and not _amount(value):
            yield _cell(column, value, _("is no amount")), _("Write yuan with two decimals, such as 18.00.")
        elif column == "pack" and value and not _pieces(value):
            yield _cell(column, value, _("is no number of pieces")), _("Write a whole number, 1 or more.")
        elif column in ("merchant_code", "product") and _SPOILT.fullmatch(value):
            yield _cell(column, value, _("was spoilt by Excel")), _("Make the column text in Excel and type the number again.")
    supplier = cells.get("supplier", "")
    if supplier and supplier not in suppliers:
        yield _cell("supplier", supplier, _("is not in config.yaml")), _suggest(supplier, suppliers)
    if (_amount(cells.get("cost", "")) or 0) > (_amount(cells.get("ceiling", "")) or _WITHOUT_END):
        yield _cell("ceiling", cells["ceiling"], _("is less than the cost")), _("The ceiling is the most one piece may cost.")


def _doubled(path: Path, rows: list[_TableRow]) -> list[Problem]:
    first: dict[Key, int] = {}
    found = []
    for row in rows:
        before = first.setdefault(_key(row), row.line)
        if before != row.line and row.cells.get("merchant_code"):
            what = _("The same merchant code and shop specification stand in line {} already: {}").format(
                before, " / ".join(_key(row))
            )
            found.append(Problem(path, row.line, what, _("Keep one of the two rows.")))
    return found


def _product(cells: Mapping[str, str]) -> SupplierProduct:
    return SupplierProduct(
        supplier=cells["supplier"],
        product=cells["product"],
        title=cells["title"],
        specification=cells.get("specification", ""),
        pack=_pieces(cells["pack"]),
        cost=Fen(_amount(cells["cost"])),
        ceiling=Fen(_amount(cells["ceiling"])),
    )


def _key(row: _TableRow) -> Key:
    return exact(row.cells.get("merchant_code", "")), exact(row.cells.get("shop_specification", ""))


def _amount(text: str) -> int:
    """分, or 0 for what is no amount above zero."""
    return _number("money", text)


def _pieces(text: str) -> int:
    """The number of pieces, or 0 for what is none."""
    pieces = _number("quantity", text)
    return pieces if pieces <= _MOST_PIECES else 0


def _number(kind: Literal["money", "quantity"], text: str) -> int:
    try:
        return int(cast(int, parse(kind, text)))
    except NotUnderstood:
        return 0


def _tidy(cell: str) -> str:
    """Without outer blanks and without the ' that keeps Excel from changing a number."""
    return cell.strip().removeprefix("'").strip()


def _cell(column: str, value: str, what: str) -> str:
    return _("column “{column}”: “{value}” {what}").format(column=COLUMNS[column][0], value=value, what=what)


def _suggest(word: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(word, [name for name in known if name], n=1, cutoff=0.5)
    return (
        _("Did you mean “{}”?").format(near[0])
        if near
        else _("Known are: {}").format(", ".join(name for name in known if name))
    )


def _problem(path: Path, line: int, what: str, suggestion: str) -> Problems:
    return Problems([Problem(path, line, what, suggestion)])
