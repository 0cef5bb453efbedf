"""The products table in a CSV file, as Excel saves it: UTF-8 or GBK, commas, cells with line breaks in quotes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from itertools import zip_longest
from pathlib import Path

from agent.errors import ConfigError, Where
from agent.sites import sheet
from agent.sites.document import Problem
from agent.words import _
from agent.work.products_table import NUMBERS, Table, TableRow, columns_of, problem, tidy

# What Excel reads as a number, a date or a time when it opens a CSV, and saves as something else.
_CHANGED_BY_EXCEL = re.compile(r"[0-9][0-9 .,:/%eE+年月日-]*")
_KEPT_BY_EXCEL = re.compile(r"0|[1-9][0-9]{0,10}")

Lines = list[tuple[int, list[str]]]


def read_csv(path: Path, raw: bytes) -> Table:
    """The rows of the file. Raises Problems where it is no CSV or its columns are wrong."""
    lines = _lines(path, decoded(path, raw)[0])
    heads = [tidy(cell) for cell in lines[0][1]] if lines else []
    columns = columns_of(path, heads, _("Add it; the file must have commas between its cells."))
    rows, problems = [], []
    for line, cells in lines[1:]:
        if any(cell.strip() for cell in cells[len(columns) :]):
            what = _("This row has more cells than there are columns.")
            problems.append(Problem(path, line, what, _("Put a cell with a comma in it in quotes.")))
        elif any(cell.strip() for cell in cells):
            texts = zip_longest(columns, cells[: len(columns)], fillvalue="")
            rows.append(TableRow(line, {ours: tidy(cell) for ours, cell in texts if ours}))
    return Table(path, columns, tuple(rows), lines[-1][0], tuple(problems))


def decoded(path: Path, raw: bytes) -> tuple[str, str]:
    """The file's text, and the encoding in which something may be added to it. Raises Problems for any other encoding."""
    try:
        return sheet.decoded(raw)
    except UnicodeDecodeError as error:
        raise problem(path, 1, _("The file is neither UTF-8 nor GBK."), _("In Excel: save as “CSV UTF-8”.")) from error


def _lines(path: Path, text: str) -> Lines:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines: Lines = []
    try:
        line = 1
        for cells in reader:
            lines.append((line, cells))
            line = reader.line_num + 1  # a cell may hold line breaks
    except csv.Error as error:
        raise problem(
            path, reader.line_num, _("This line is no CSV: {}").format(error), _("Look for a quote that is not closed.")
        ) from error
    return lines


def with_line(table: Table, raw: bytes, cells: Mapping[str, str]) -> bytes:
    """The file with one row more, every byte that it holds kept. Raises ConfigError for a letter that its encoding lacks."""
    text, encoding = decoded(table.path, raw)
    end = "\r\n" if "\r\n" in text or "\n" not in text else "\n"
    made = io.StringIO()
    csv.writer(made, lineterminator=end).writerow([_kept(ours, cells.get(ours, "")) for ours in table.columns])
    begin = "" if text.endswith(("\n", "\r")) else end
    try:
        return raw + (begin + made.getvalue()).encode(encoding)
    except UnicodeEncodeError as error:
        letter = ascii(error.object[error.start]) if encoding == "utf-8" else error.object[error.start]
        what = _("The file cannot hold the letter “{letter}”; it is saved as {encoding}.")
        raise ConfigError(
            what.format(letter=letter, encoding=encoding.upper()),
            where=Where(file=table.path),
            todo=_("In Excel: save as “CSV UTF-8”."),
        ) from error


def _kept(column: str, cell: str) -> str:
    """The cell, with a ' before it where Excel would run it as a formula or make another number of it."""
    changed = column not in NUMBERS and _CHANGED_BY_EXCEL.fullmatch(cell) and not _KEPT_BY_EXCEL.fullmatch(cell)
    return f"'{cell}" if changed or cell.startswith(("=", "+", "-", "@", "'")) else cell
