"""A table that a site offers as a file, as rows of texts: an Excel workbook (.xlsx) or CSV in UTF-8 or GBK.

It is known by its content: sites name their files as they like.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook

from agent.sites.values import NotUnderstood
from agent.words import _

_ZIP = b"PK\x03\x04"
OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"  # how an .xls begins, and a workbook with a password
MOST_EXACT = 10**15  # Excel keeps fifteen digits of a number
_SIGN = re.compile(r"\[\$([^\]-]*)(?:-([0-9A-Fa-f]*))?\]")  # of a format: [$€-2], [$¥-804]; 411 is Japan
_YUAN = frozenset({"", "¥", "￥", "CNY", "RMB", "元"})
_NO_YUAN = re.compile("[$€£₩฿₽%]|USD|HKD|EUR|GBP|JPY|[美欧日港韩]元|[港日台]币|美金|英镑|泰铢|卢布", re.IGNORECASE)

Cells = list[list[str]]
FilledCells = Mapping[int, Mapping[int, Any]]  # openpyxl's cells by row and column, those that hold something


def cells_of(raw: bytes) -> Cells:
    """The rows that hold something, each as its texts. Raises NotUnderstood where it is no such table."""
    if raw.startswith(OLD_OR_LOCKED):
        raise NotUnderstood(_("it is an old .xls, or has a password"))
    rows = _workbook(raw) if raw.startswith(_ZIP) else _separated(raw)
    return [row for row in rows if any(cell.strip() for cell in row)]


def decoded(raw: bytes) -> tuple[str, str]:
    """The text of a CSV, and the encoding in which more may be added. Raises UnicodeDecodeError for any other.

    Excel saves "CSV UTF-8", and on a Chinese Windows plain "CSV" in GBK. The letters of GB18030 alone are
    read, but never added: Excel shows them as question marks.
    """
    try:
        return raw.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return raw.decode("gb18030"), "gbk"


def _separated(raw: bytes) -> Cells:
    try:
        text = decoded(raw)[0]
    except UnicodeDecodeError as error:
        raise NotUnderstood(_("it is neither a workbook nor text in UTF-8 or GBK")) from error
    if text.lstrip()[:1] == "<":
        raise NotUnderstood(_("it is a web page"))
    first = text.partition("\n")[0]
    apart = max((",", "\t", ";"), key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=apart, strict=True))
    except csv.Error as error:
        raise NotUnderstood(_("it is no CSV: {}").format(error)) from error


def _workbook(raw: bytes) -> Cells:
    try:
        book = open_book(raw, read_only=True, data_only=True)
        return [[_text(cell.value, cell.number_format or "") for cell in row] for row in book.worksheets[0].iter_rows()]
    except NotUnderstood:
        raise
    except Exception as error:  # a damaged file raises whatever the part of it that is damaged makes of it
        raise NotUnderstood(_("it is a damaged workbook, or none at all: {}").format(error)) from error


def open_book(raw: bytes, **how: bool) -> Any:
    """openpyxl's workbook. A damaged one raises whatever the part of it that is damaged makes of it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what would be lost if it were written: it is only read here
        return load_workbook(io.BytesIO(raw), **how)


def filled_cells(sheet: Any) -> FilledCells:
    """Not iter_rows(): that makes a million empty cells where the last row of the sheet has a colour."""
    found: dict[int, dict[int, Any]] = {}
    for (line, column), cell in sheet._cells.items():
        if cell.value is not None and str(cell.value).strip():
            found.setdefault(line, {})[column] = cell
    return found


def foreign_sign(form: str) -> str:
    """The sign that a number format shows beside a number and that makes it no amount in yuan, "$" or "%"; else ""."""
    for sign, place in _SIGN.findall(form):
        if place.endswith("411"):
            return "JPY"
        if sign.strip() not in _YUAN:
            return str(sign.strip())
    found = _NO_YUAN.search(_SIGN.sub("", form))
    return found[0] if found else ""


def _text(value: object, form: str) -> str:
    """A cell as it reads, with the sign of another currency. Raises NotUnderstood for a number of which Excel has lost digits."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        if abs(value) >= MOST_EXACT:
            raise NotUnderstood(_("Excel has spoilt the long number {}").format(f"{value:.0f}"))
        sign = foreign_sign(form)
        return f"{value * 100:.15g}%" if sign == "%" else f"{sign}{value:.15g}"
    return str(value)
