"""The local log of placed orders: `placed_orders.csv`, rewritten from the ledger after every run, for a seller who opens it in Excel."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from agent.errors import ConfigError
from agent.words import _
from agent.work.limits import yuan
from agent.work.states import purchase_words

NUMBERS = ("order_number", "supplier_order_number", "tracking_number")


def headings() -> dict[str, str]:
    return {
        "time": _("time"),
        "shop": _("shop"),
        "order_number": _("shop order number"),
        "supplier": _("supplier"),
        "supplier_order_number": _("supplier order number"),
        "amount": _("amount (yuan)"),
        "carrier": _("carrier"),
        "tracking_number": _("tracking number"),
        "state": _("state"),
    }


def write_placed_orders(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    """Write the whole file anew, beside the old one first, so that a reader never sees half of it."""
    columns = headings()
    write_table(path, columns.values(), ([cell(column, row[column]) for column in columns] for row in rows))


def write_table(path: Path, first: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """A CSV that Excel opens with its Chinese; the cells are ready made. Raises OSError where it cannot be written."""
    new = path.with_name(f"{path.name}.new")
    with new.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(first)
        writer.writerows(rows)
    os.replace(new, path)


def cell(column: str, value: object) -> str:
    """A cell that Excel shows as written: long numbers stay text behind a tab, nothing is run as a formula."""
    if value is None or value == "":
        return ""
    if column == "state":
        return purchase_words(str(value))
    if column == "amount":
        return yuan(int(str(value)))
    text = str(value)
    return f"\t{text}" if column in NUMBERS else harmless(text)


def harmless(text: str) -> str:
    """A text that no spreadsheet runs: one that begins as a formula may stands behind a tab."""
    return f"\t{text}" if text[:1] in tuple("=+-@\t\r") else text


def not_written(path: Path, error: OSError) -> ConfigError:
    """A table that a person asked for has no place."""
    what = _("{name} could not be written: {why}").format(name=path, why=error.strerror)
    return ConfigError(what, todo=_("Close it where it is open (Excel keeps it), or name another file."))
