"""The products table as rows of text, whatever file it stands in: its columns, and the words in which a cell is named.

Knows no file format: products_csv.py and products_xlsx.py make a Table, products.py judges it, products_write.py adds to it.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl.utils import get_column_letter

from agent.sites.document import Problem, Problems
from agent.words import _

# Our word for a column → the words it may carry in the first row, the Chinese first.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "product_id": ("商品ID", "product_id"),
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
OPTIONAL = frozenset({"product_id"})  # a table may do without
NUMBERS = frozenset({"pack", "cost", "ceiling"})  # the columns that Excel may hold as numbers; in the others they are text
AMOUNTS = frozenset({"cost", "ceiling"})
NOTES = ("备注", "note")  # a column of the seller's own, not read


@dataclass(frozen=True, slots=True)
class Slip:
    """A cell that holds no text to be read: what it shows, what is wrong with it, what to do."""

    shown: str
    what: str
    todo: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row, tidied. `line` is its line in the file; a column in `unread` is "" in `cells`."""

    line: int
    cells: Mapping[str, str]
    unread: Mapping[str, Slip] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """A file's rows; `columns` are our words in the file's order, "" for notes. `problems` are those of no single cell.

    `last` is the last line that holds anything at all.
    """

    path: Path
    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    last: int
    problems: tuple[Problem, ...] = ()

    def cell(self, column: str, value: str, what: str) -> str:
        """What is wrong with a cell, and which one it is: `column C “货号”: “1.23E+18” was spoilt by Excel`."""
        return _("column {letter} “{column}”: “{value}” {what}").format(
            letter=get_column_letter(self.columns.index(column) + 1), column=COLUMNS[column][0], value=value, what=what
        )


def columns_of(path: Path, heads: Sequence[str], where_to_add: str) -> tuple[str, ...]:
    """Our word for each column, "" for notes. Raises Problems for columns that are missing, unknown or doubled."""
    known = {words.casefold(): ours for ours, names in COLUMNS.items() for words in names} | dict.fromkeys((*NOTES, ""), "")
    found = tuple(known.get(head.casefold(), head) for head in heads)
    problems = [
        Problem(
            path,
            1,
            _("Unknown column {letter} “{head}”.").format(letter=get_column_letter(number), head=head),
            suggest(head, [name for names in COLUMNS.values() for name in names]),
        )
        for number, head in enumerate(heads, 1)
        if head.casefold() not in known
    ]
    problems += [
        Problem(path, 1, _("There is no column “{}”.").format(names[0]), where_to_add)
        for ours, names in COLUMNS.items()
        if ours not in found and ours not in OPTIONAL
    ]
    problems += _doubled(path, found)
    if problems:
        raise Problems(problems)
    return found


def _doubled(path: Path, found: Sequence[str]) -> list[Problem]:
    at = {ours: [get_column_letter(n) for n, other in enumerate(found, 1) if other == ours] for ours in COLUMNS}
    what = _("Column “{name}” stands twice: {letters}.")
    return [
        Problem(path, 1, what.format(name=COLUMNS[ours][0], letters=", ".join(letters)), _("Take one away."))
        for ours, letters in at.items()
        if len(letters) > 1
    ]


def tidy(cell: str) -> str:
    """Without outer blanks and without the ' that keeps Excel from changing a number."""
    return cell.strip().removeprefix("'").strip()


def suggest(word: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(word, [name for name in known if name], n=1, cutoff=0.5)
    return (
        _("Did you mean “{}”?").format(near[0])
        if near
        else _("Known are: {}").format(", ".join(name for name in known if name))
    )


def as_text() -> str:
    """What to do with a cell of which Excel has made something else."""
    return _("In Excel: select the column, Format Cells, Text; then type it again. What Excel has changed does not come back.")


def problem(path: Path, line: int, what: str, suggestion: str) -> Problems:
    return Problems([Problem(path, line, what, suggestion)])
