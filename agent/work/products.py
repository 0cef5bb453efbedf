"""The products table: which supplier product stands behind a product of the shop, for at most how much.

A file the seller keeps in Excel, one row a shop product and specification: products.csv (UTF-8 or GBK) or products.xlsx. Every
mistake is told at once, by row and column. A product is found by the shop's product id and specification, else by merchant
code and shop specification in a row without an id, exactly: "L" is not "XL".
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from agent.models import Fen, OrderLine, SupplierProduct
from agent.sites.document import Problem, Problems
from agent.sites.values import NotUnderstood, parse
from agent.words import _
from agent.work.products_csv import read_csv
from agent.work.products_table import Table, TableRow, as_text, problem, suggest
from agent.work.products_xlsx import OTHER_KINDS, read_workbook
from agent.work.texts import exact

_MAY_BE_EMPTY = frozenset({"shop_specification", "specification"})  # a product sold in one form only
_KEYS = ("product_id", "merchant_code")  # of which a row needs one
_SPOILT = re.compile(r"[0-9](\.[0-9]+)?E\+[0-9]+", re.IGNORECASE)  # what Excel makes of a long number
_ROUNDED = re.compile(r"[0-9]{15}0{3,}")  # or with all its digits shown: Excel keeps fifteen of them
_MOST_PIECES = 1000
_WITHOUT_END = 10**12

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Products:
    """The table: rows without a product id by merchant code and shop specification, the others by product id and specification.

    `of_ids`: what stands behind each merchant code in the others, for lines that show no id: it must be one product there, too.
    """

    path: Path
    by_key: Mapping[Key, SupplierProduct]
    by_id: Mapping[Key, SupplierProduct] = field(default_factory=dict)
    of_ids: Mapping[Key, frozenset[SupplierProduct]] = field(default_factory=dict)

    def find(self, line: OrderLine) -> SupplierProduct | None:
        """The supplier product for a line of a shop order, or None.

        A row with a product id is for that product alone: a copied listing keeps its codes, and may be other goods.
        """
        specification = exact(line.specification)
        known = self.by_id.get((exact(line.product_id), specification)) if line.product_id else None
        if known or not line.merchant_code:
            return known
        key = (exact(line.merchant_code), specification)
        others = frozenset() if line.product_id else self.of_ids.get(key, frozenset())
        found = others | {self.by_key[key]} if key in self.by_key else others
        return next(iter(found)) if len(found) == 1 else None


def read_products(path: Path, suppliers: Collection[str]) -> Products:
    """Read the table. `suppliers` are the names in config.yaml. Raises Problems with all mistakes."""
    table = table_of(path, bytes_of(path))
    judge(table, suppliers)
    by_id, by_code = (_by(by, table.rows) for by in _KEYS)
    return Products(path, by_code, by_id, _of_ids(table.rows))


def _by(key: str, rows: Iterable[TableRow]) -> dict[Key, SupplierProduct]:
    return {known: _product(row.cells) for row in rows if (known := key_of(row, key))}


def _of_ids(rows: Iterable[TableRow]) -> dict[Key, frozenset[SupplierProduct]]:
    bought: dict[Key, set[SupplierProduct]] = defaultdict(set)
    for row in rows:
        if key_of(row, "product_id") and (code := _key(row, "merchant_code")):
            bought[code].add(_product(row.cells))
    return {code: frozenset(found) for code, found in bought.items()}


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
        *(Problem(table.path, line, what, _("Keep one of the two rows.")) for line, _first, what in doubled(table, table.rows)),
    ]
    if problems:
        raise Problems(problems)


def key_of(row: TableRow, by: str) -> Key | None:
    """What a row is found by: its product id, or its merchant code where it has no id, and the shop's specification."""
    if by == "merchant_code" and exact(row.cells.get("product_id", "")):
        return None
    return _key(row, by)


def _key(row: TableRow, by: str) -> Key | None:
    key = exact(row.cells.get(by, ""))
    return (key, exact(row.cells["shop_specification"])) if key and not row.unread.get("shop_specification") else None


def doubled(table: Table, rows: Sequence[TableRow]) -> Iterator[tuple[int, int, str]]:
    """(its line, the line before, what) for each row whose key stands in a row before.

    The same merchant code may stand at several product ids of the shop, and at none for all others that have it.
    """
    for by in _KEYS:
        first: dict[Key, TableRow] = {}
        for row in rows:
            key = key_of(row, by)
            before = first.setdefault(key, row) if key else row
            if before is row:
                continue
            what = _("stands with the specification “{specification}” in line {line} already")
            told = what.format(specification=row.cells["shop_specification"], line=before.line)
            yield row.line, before.line, table.cell(by, row.cells[by], told)


def _mistakes(table: Table, row: TableRow, suppliers: Collection[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with a row, as (what, suggestion)."""
    if not any(row.cells.get(key) or row.unread.get(key) for key in _KEYS):
        yield table.cell("merchant_code", "", _("is empty")), _("Write it or the product id (商品ID), or delete the row.")
    for column in filter(None, table.columns):
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
        if column not in (*_MAY_BE_EMPTY, *_KEYS):
            yield _("is empty"), _("Write it, or delete the row.")
    elif column in ("cost", "ceiling") and not _amount(value):
        yield _("is no amount"), _("Write yuan with two decimals, such as 18.00.")
    elif column == "pack" and not _pieces(value):
        yield _("is no number of pieces"), _("Write a whole number, 1 or more.")
    elif column in (*_KEYS, "product") and _SPOILT.fullmatch(value):
        yield _("is a long number that Excel has spoilt"), as_text()
    elif column == "product_id" and _ROUNDED.fullmatch(value):
        yield _("is a long number whose last digits Excel has made 0"), as_text()
    elif column == "product_id" and not value.isdecimal():
        yield _("is no product id"), _("Copy the digits that stand behind 商品ID in the shop's order list.")
    elif column == "supplier" and value not in suppliers:
        yield _("is not in config.yaml"), suggest(value, suppliers)


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
