"""Adds one row to the products table, and changes nothing else in it.

The table is the seller's own, kept in Excel: it is never written while it is open there, the new file is read back before it
takes the old one's place, and the old one stays beside it as `.bak`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from agent.errors import ConfigError, Where
from agent.models import SupplierProduct
from agent.sites.document import Problems
from agent.words import _
from agent.work.limits import yuan
from agent.work.products import bytes_of, doubled, judge, table_of
from agent.work.products_csv import with_line
from agent.work.products_splice import with_row
from agent.work.products_table import Table, TableRow

_LOCKS = ("~${}", ".~{}", ".~lock.{}#")  # the file that Excel, WPS and LibreOffice put beside a workbook that is open


@dataclass(frozen=True, slots=True)
class NewProduct:
    """A row to be added: what the shop calls the product, and what to buy for it. One of code and id may be ""."""

    merchant_code: str
    shop_specification: str
    product: SupplierProduct
    product_id: str = ""


def add_product(path: Path, row: NewProduct) -> None:
    """Add the row at the end of the table; the version before stays as `<name>.bak`.

    Raises ConfigError, with the file as it was, when the table is open in Excel or has mistakes, when the row's key is there
    already, and when the new file would not read back as the old rows and exactly this one. Does not know config.yaml: that
    the supplier stands there is the caller's to see to.
    """
    path = path.resolve()  # a link stays a link
    _refuse_while_open(path)
    old = bytes_of(path)
    table = table_of(path, old)
    judge(table, _suppliers(table))
    cells = _cells(table, row)
    _refuse_known_key(table, cells)
    _replace(path, old, _made(table, old, cells), table, cells)


def _refuse_while_open(path: Path) -> None:
    for lock in (path.with_name(form.format(path.name)) for form in _LOCKS):
        if lock.exists():
            what = _("The products table is open in Excel or WPS, so nothing can be added to it.")
            raise _refusal(path, what, _("Close it there; if it is not open anywhere, delete {}.").format(lock))


def _suppliers(table: Table) -> set[str]:
    return {row.cells["supplier"] for row in table.rows}


def _cells(table: Table, row: NewProduct) -> Mapping[str, str]:
    """The row's cells, the product id among them where the table has a column for it. Raises ConfigError without any key."""
    product = row.product
    cells = {
        "product_id": row.product_id,
        "merchant_code": row.merchant_code,
        "shop_specification": row.shop_specification,
        "supplier": product.supplier,
        "product": product.product,
        "title": product.title,
        "specification": product.specification,
        "pack": str(product.pack),
        "cost": yuan(product.cost),
        "ceiling": yuan(product.ceiling),
    }
    if not row.merchant_code and "product_id" not in table.columns:
        what = _("This product has no merchant code in the shop, and the products table has no column “商品ID”.")
        raise _refusal(table.path, what, _("Add that column in Excel, its cells as text, and try again."))
    return {column: text for column, text in cells.items() if column in table.columns}


def _refuse_known_key(table: Table, cells: Mapping[str, str]) -> None:
    new = TableRow(table.last + 1, cells)
    for _line, before, what in doubled(table, (*table.rows, new)):
        raise _refusal(table.path, what, _("Change that row."), before)


def _made(table: Table, old: bytes, cells: Mapping[str, str]) -> bytes:
    if table.path.suffix.lower() != ".xlsx":
        return with_line(table, old, cells)
    marked = {column: f"'{text}" if text.startswith("'") else text for column, text in cells.items()}
    try:
        return with_row(old, table.last + 1, {n: marked[ours] for n, ours in enumerate(table.columns, 1) if ours in marked})
    except ValueError as error:
        what = _("The row cannot be put into this workbook: {}").format(error)
        raise _refusal(table.path, what, _("Open it in Excel, save it, and try again; or add the row by hand.")) from error


def _replace(path: Path, old: bytes, made: bytes, table: Table, cells: Mapping[str, str]) -> None:
    new = path.with_name(f"{path.name}.new")
    try:
        _write(new, made)
        _prove(table, new.read_bytes(), cells)
        shutil.copymode(path, new)
        shutil.copy2(path, path.with_name(f"{path.name}.bak"))
        _refuse_while_open(path)
        _refuse_changed(path, old)
        os.replace(new, path)
    except PermissionError as error:
        what = _("The products table cannot be written: it is open in Excel or WPS, or its folder is read-only.")
        raise _refusal(path, what, _("Close it in Excel or WPS, and try again.")) from error
    except OSError as error:
        raise _refusal(path, _("The products table cannot be written: {}").format(error.strerror), "") from error
    finally:
        new.unlink(missing_ok=True)


def _refuse_changed(path: Path, old: bytes) -> None:
    if path.read_bytes() != old:
        what = _("The products table was changed while a row was being added; nothing was added.")
        raise _refusal(path, what, _("Close it in Excel or WPS, and try again."))


def _write(new: Path, made: bytes) -> None:
    with new.open("wb") as file:
        file.write(made)
        file.flush()
        os.fsync(file.fileno())


def _prove(table: Table, made: bytes, cells: Mapping[str, str]) -> None:
    """Raise ConfigError unless the new file holds the old rows and one that is exactly `cells`."""
    told = _("The row was not added: it would not read back as it was meant ({}).")
    todo = _("Add it by hand in Excel, as text, without blanks at the ends of a cell.")
    try:
        again = table_of(table.path, made)
        judge(again, _suppliers(again))
    except Problems as wrong:
        raise _refusal(table.path, told.format(wrong.what), todo) from wrong
    added = again.rows[-1] if again.rows else None
    if added is None or again.rows != (*table.rows, TableRow(added.line, cells)) or again.columns != table.columns:
        differing = [value for column, value in cells.items() if added is None or added.cells[column] != value]
        raise _refusal(table.path, told.format(" / ".join(differing)), todo)


def _refusal(path: Path, what: str, todo: str, line: int = 0) -> ConfigError:
    return ConfigError(what, where=Where(file=path, line=line), todo=todo)
