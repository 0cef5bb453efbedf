"""The books as files for Excel: numbers are numbers, names are text, days are days, and nothing is run."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from agent.errors import ConfigError
from agent.ledger import Ledger
from agent.work.limits import yuan
from agent.work.money import WORDS, together
from agent.work.money_tables import amounts, write_books, write_csv
from agent.work.workbook import Block, Column, write_workbook
from tests.work.sold import Sold, number
from tests.work.test_money import platform

HOSTILE = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "\r=1"]


@pytest.fixture
def sold(tmp_path: Path) -> Iterator[Sold]:
    """A purchase of which all is known, one without a price, one without a total, at two suppliers."""
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        made = Sold(ledger)
        made.buy(1, 123_456, source="达人")
        made.buy(2, price=None, supplier="mall")
        made.buy(3, None, freight=None, supplier="mall", numbers=("69200000000000000007", "8"))
        yield made


def rows_of(path: Path, sheet: str) -> list[dict[str, Any]]:
    heads, *rows = load_workbook(path)[sheet].iter_rows()
    return [dict(zip([head.value for head in heads], row, strict=True)) for row in rows]


def test_numbers_are_numbers_names_are_text_and_days_are_days(sold: Sold, tmp_path: Path) -> None:
    path = tmp_path / "books.xlsx"
    write_books(path, sold.entries(platform))
    first, second, third, whole = rows_of(path, "Purchases")
    cost = first["cost (yuan)"]
    assert (cost.value, cost.data_type, cost.number_format) == (1234.56, "n", "0.00")
    order = first["shop order number"]
    assert (order.value, order.data_type, order.number_format) == (number(1), "s", "@")
    assert [row["source of the order"].value for row in (first, second)] == ["达人", None]
    assert third["supplier order number"].value == "69200000000000000007 / 8"
    day = first["day of the purchase's proof"]
    assert (day.value, day.is_date) == (datetime(2026, 11, 22), True)
    assert (second["income (yuan)"].value, second["income (yuan)"].data_type) == ("not known", "s")
    assert third["cost (yuan)"].value == "not known" and first["refunded (yuan)"].value == 0
    assert whole["cost (yuan)"].value == 1274.16
    assert whole["remark"].value.startswith("estimated: fees, margin · not known, and not in the sum: income × 1, ")


@pytest.mark.parametrize("sheet", ["Purchases", "Shop orders", "Suppliers", "Days"])
def test_each_sheet_adds_up_to_the_fen(sold: Sold, tmp_path: Path, sheet: str) -> None:
    path = tmp_path / "books.xlsx"
    entries = sold.entries(platform)
    write_books(path, entries)
    *rows, whole = rows_of(path, sheet)
    for word in WORDS:
        name = f"{amounts()[word]} (yuan)"
        fens = [round(row[name].value * 100) for row in rows if row[name].data_type == "n"]
        assert sum(fens) == round(whole[name].value * 100) == getattr(together(entries), word).fen


def test_a_csv_opens_with_its_chinese_and_adds_up(sold: Sold, tmp_path: Path) -> None:
    path = tmp_path / "账.csv"
    entries = sold.entries(platform)
    write_csv(path, entries)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    heads, *rows = csv.reader(path.read_bytes().decode("utf-8-sig").splitlines())
    costs = [row[heads.index("cost (yuan)")] for row in rows]
    assert costs == ["1234.56", "39.60", "not known"]
    assert rows[0][heads.index("shop order number")] == f"\t{number(1)}"
    assert [row[heads.index("source of the order")] for row in rows] == ["达人", "", ""]
    assert rows[0][heads.index("margin (yuan)")] == yuan(entries[0].sums.margin.fen) == "-1175.91"


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_is_run(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.xlsx"
    write_workbook(path, {"one": [Block((Column("a"), Column("b", "money")), ((text, text),), words=(text,))]})
    for row in load_workbook(path)["one"].iter_rows():
        for cell in row:
            assert cell.data_type in ("s", "n")
            assert (str(cell.value or " "))[0] not in "=+-@\r"
            assert cell.value is None or cell.value in ("a", "b") or cell.value.strip() == text.strip()


def test_a_hostile_suppliers_name_is_text_in_both_files(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        made = Sold(ledger)
        made.buy(1, supplier=HOSTILE[0])
        write_books(tmp_path / "x.xlsx", made.entries())
        write_csv(tmp_path / "x.csv", made.entries())
    (row, _whole) = rows_of(tmp_path / "x.xlsx", "Suppliers")
    assert (row["supplier"].value, row["supplier"].data_type) == (f"\t{HOSTILE[0]}", "s")
    assert f"\t{HOSTILE[0]}" in (tmp_path / "x.csv").read_text(encoding="utf-8-sig")


def test_what_no_workbook_can_hold_is_left_out_and_a_sheet_is_named_as_excel_allows(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    write_workbook(path, {"a/b:c[1]" + "x" * 40: [Block((Column("a"),), (("cup\x00\x1f",),))]})
    (sheet,) = load_workbook(path).worksheets
    assert len(sheet.title) == 31 and not set(sheet.title) & set("/:[]")
    assert sheet["A2"].value == "cup"


def test_a_file_that_cannot_be_written_is_told_and_the_old_one_stays(sold: Sold, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="could not be written"):
        write_books(tmp_path / "nowhere" / "x.xlsx", sold.entries())
    with pytest.raises(ConfigError, match="could not be written"):
        write_csv(tmp_path / "nowhere" / "x.csv", sold.entries())


def test_empty_books_are_a_file_too(tmp_path: Path) -> None:
    write_books(tmp_path / "x.xlsx", [])
    (whole,) = rows_of(tmp_path / "x.xlsx", "Purchases")
    assert whole["cost (yuan)"].value == 0
