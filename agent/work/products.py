"""The products table: which supplier product stands behind a product of the shop, for at most how much.

A file the seller keeps in Excel, one row a shop product and specification: products.csv (UTF-8 or GBK) or products.xlsx. Every
mistake is told at once, by row and column. A product is found by merchant code and shop specification, exactly: "L" is not "XL".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from agent.models import Fen, OrderLine, SupplierProduct
from agent.sites.document import Problem, Problems
from agent.sites.values import NotUnderstood, parse
from agent.words import _
from agent.work.products_csv import read_csv
from agent.work.products_table import COLUMNS, Table, TableRow, as_text, problem, suggest
from agent.work.products_xlsx import OTHER_KINDS, read_workbook
from agent.work.texts import exact

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


def read_products(path: Path, suppliers: Collection[str]) -> Products:
    """Read the table. `suppliers` are the names in config.yaml. Raises Problems with all mistakes."""
    table = table_of(path, bytes_of(path))
    judge(table, suppliers)
    return Products(path, {key_of(row.cells): _product(row.cells) for row in table.rows})


def bytes_of(path: Path) -> bytes:
    """What the file holds. Raises Problems for a kind of file that is not read, and for one that cannot be opened."""
    kind = path.suffix.lower()
    if kind in OTHER_KINDS:
        what = _("Files of the kind {} are not read, only .xlsx and .csv.").format(kind)
        raise problem(path, 1, what, _("In Excel: save as “Excel Workbook (.xlsx)”, and name that file in config.yaml."))
    try:
        return path.read_bytes()
    except PermissionError as error:
        what = _("Another program keeps the products table locked, or it is not yours to read.")
        raise problem(path, 1, what, _("Close it in Excel or WPS, and try again.")) from error
    except OSError as error:
        raise problem(path, 1, _("The products table cannot be read: {}").format(error.strerror), "") from error


def table_of(path: Path, raw: bytes) -> Table:
    """The rows of a products table, by the kind of file that its name tells. Raises Problems where there are none to judge."""
    return read_workbook(path, raw) if path.suffix.lower() == ".xlsx" else read_csv(path, raw)


def judge(table: Table, suppliers: Collection[str]) -> None:
    """Raise Problems with every mistake of the table, by line."""
    problems = [
        *table.problems,
        *(Problem(table.path, row.line, what, todo) for row in table.rows for what, todo in _mistakes(table, row, suppliers)),
        *_doubled(table),
    ]
    if problems:
        raise Problems(problems)


def key_of(cells: Mapping[str, str]) -> Key:
    """By what a row is found: merchant code and shop specification."""
    return exact(cells["merchant_code"]), exact(cells["shop_specification"])


def _mistakes(table: Table, row: TableRow, suppliers: Collection[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with a row, as (what, suggestion)."""
    for column in COLUMNS:
        slip = row.unread.get(column)
        if slip:
            yield table.cell(column, slip.shown, slip.what), slip.todo
            continue
        for what, todo in _mistake(column, row.cells[column], suppliers):
            yield table.cell(column, row.cells[column], what), todo
    cost, ceiling = (row.cells[column] for column in ("cost", "ceiling"))
    if _amount(cost) > (_amount(ceiling) or _WITHOUT_END):
        what = table.cell("ceiling", ceiling, _("is less than the cost"))
        yield what, _("The ceiling is the most one piece may cost.")


def _mistake(column: str, value: str, suppliers: Collection[str]) -> Iterator[tuple[str, str]]:
    if not value:
        if column not in _MAY_BE_EMPTY:
            yield _("is empty"), _("Write it, or delete the row.")
    elif column in ("cost", "ceiling") and not _amount(value):
        yield _("is no amount"), _("Write yuan with two decimals, such as 18.00.")
    elif column == "pack" and not _pieces(value):
        yield _("is no number of pieces"), _("Write a whole number, 1 or more.")
    elif column in ("merchant_code", "product") and _SPOILT.fullmatch(value):
        yield _("is a long number that Excel has spoilt"), as_text()
    elif column == "supplier" and value not in suppliers:
        yield _("is not in config.yaml"), suggest(value, suppliers)


def _doubled(table: Table) -> Iterator[Problem]:
    first: dict[Key, int] = {}
    for row in table.rows:
        if not row.cells["merchant_code"] or row.unread.get("shop_specification"):
            continue
        before = first.setdefault(key_of(row.cells), row.line)
        if before != row.line:
            what = _("The same merchant code and shop specification stand in line {} already: {}").format(
                before, " / ".join(key_of(row.cells))
            )
            yield Problem(table.path, row.line, what, _("Keep one of the two rows."))


def _product(cells: Mapping[str, str]) -> SupplierProduct:
    return SupplierProduct(
        supplier=cells["supplier"],
        product=cells["product"],
        title=cells["title"],
        specification=cells["specification"],
        pack=_pieces(cells["pack"]),
        cost=Fen(_amount(cells["cost"])),
        ceiling=Fen(_amount(cells["ceiling"])),
    )


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
