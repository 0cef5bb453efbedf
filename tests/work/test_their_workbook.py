"""What the reader of suppliers' workbooks does for every command that takes one; each line comes as it would be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from agent.errors import ConfigError
from agent.sites.values import NotUnderstood
from agent.work.their_workbook import ASKED, TOTALS, TheirSheet, read_their_book

HEADS = ("订单号", "金额")
Read = Callable[..., list[tuple[int, str | int, str | int]]]


def nothing(_sheet: Any) -> None:
    pass


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Row, number and amount of each line of the first sheet, or why not."""

    def lines(*rows: Sequence[Any], change: Callable[[Any], None] = nothing) -> list[tuple[int, str | int, str | int]]:
        book = Workbook()
        assert book.active is not None
        for row in rows:
            book.active.append(row)
        change(book.active)
        book.save(tmp_path / "x.xlsx")
        (sheet,) = read_their_book(tmp_path / "x.xlsx", (ASKED, *TOTALS)).sheets
        return [(line, tried(sheet.number, line), tried(sheet.amount, line)) for line in sheet.lines]

    return lines


def tried(how: Callable[[int], str | int], line: int) -> str | int:
    try:
        return how(line)
    except NotUnderstood as why:
        return str(why)


@pytest.mark.parametrize(
    ("heading", "fen"),
    [
        *[
            (heading, 3_900)
            for heading in ("金额（元）", "金额/元", "*应付款：", "金额(含13%税)", "合计（单位：元）", "总金额*")
        ],
        *[(heading, 39) for heading in ("金额（分）", "金额/分", "金额(含税)(分)", "应付【单位：分】")],
    ],
)
def test_the_unit_stands_in_the_heading(read: Read, heading: str, fen: int) -> None:
    assert read(("订单号", heading), ("7", 39)) == [(2, "7", fen)]


@pytest.mark.parametrize("shown", [39.5, "39元", "¥39", "3 9"])
def test_in_fen_is_only_a_whole_number(read: Read, shown: Any) -> None:
    ((_line, _number, amount),) = read(("订单号", "金额（分）"), ("7", shown))
    assert isinstance(amount, str)


@pytest.mark.parametrize("unit", ["万元", "千元", "单位：万元", "USD", "美元", "含税,港币", "$"])
def test_another_unit_is_refused(read: Read, unit: str) -> None:
    with pytest.raises(ConfigError, match="not in yuan"):
        read(("订单号", f"金额（{unit}）"), ("7", 39))


@pytest.mark.parametrize(
    "form", ["[$$-409]0.00", '"US$"0.00', '"AED" 0.00', '0.00"美元"', "[$¥-411]0", "_($* #,##0.00_)", "0%"]
)
def test_another_currency_in_the_format_is_told(read: Read, form: str) -> None:
    ((_line, number, amount),) = read(HEADS, ("7", 5), change=lambda sheet: setattr(sheet["B2"], "number_format", form))
    assert number == "7" and "not in yuan" in str(amount)


@pytest.mark.parametrize("form", ['"¥"#,##0.00', '_ "￥"* #,##0.00_ ', "[$¥-804]0.00", '0.00"元"', '"RMB" 0.00', "[$CNY] 0.00"])
def test_yuan_in_the_format_is_yuan(read: Read, form: str) -> None:
    assert read(HEADS, ("7", 5), change=lambda sheet: setattr(sheet["B2"], "number_format", form)) == [(2, "7", 500)]


def test_one_amount_over_two_orders_is_told_of_the_second(read: Read) -> None:
    """It is not known what part of it is whose."""
    merged = read(HEADS, ("7", 30), ("8", None), change=lambda sheet: sheet.merge_cells("B2:B3"))
    assert merged == [(2, "7", 3_000), (3, "8", "no amount stands there")]


def test_one_amount_over_the_rows_of_one_order_counts_once(read: Read) -> None:
    merged = read(HEADS, ("7", 30), ("7", None), ("8", 1), change=lambda sheet: sheet.merge_cells("B2:B3"))
    assert merged == [(2, "7", 3_000), (4, "8", 100)]


def test_an_amount_over_rows_of_which_the_first_has_no_number(read: Read) -> None:
    merged = read(HEADS, (None, 30), ("8", None), change=lambda sheet: sheet.merge_cells("B2:B3"))
    assert merged == [(2, "no order number stands there", 3_000), (3, "8", "no amount stands there")]


@pytest.mark.parametrize(
    "sums",
    [
        *[("合计", 5, None), (None, 5, "本页小计："), (None, "合计：5.00", None), ("合计共 2 单", 5, None)],
        *[("订单号", "金额", "备注"), ("制表人：王", None, None), (None, None, "款到发货")],
    ],
)
def test_sums_notes_and_headings_again_are_no_orders(read: Read, sums: Sequence[Any]) -> None:
    assert read((*HEADS, "备注"), ("7", 5, None), sums, ("8", 1, None)) == [(2, "7", 500), (4, "8", 100)]


def test_a_row_with_an_order_number_is_an_order_whatever_stands_beside_it(read: Read) -> None:
    assert read(("备注", *HEADS), ("合计", "7", 5)) == [(2, "7", 500)]
    assert read((*HEADS, "商品"), (None, 5, "合计算器")) == [(2, "no order number stands there", 500)]


def test_the_whole_of_an_order_is_meant_before_the_price_of_its_goods(read: Read) -> None:
    assert read(("订单号", "金额", "运费", "合计"), ("7", 30, 6, 36)) == [(2, "7", 3_600)]


def test_a_supplier_who_sends_our_own_statement_back_is_read_by_its_own_number(read: Read) -> None:
    assert read(("采购单号", "供应商订单号", "金额"), ("REF1", "7", 1)) == [(2, "7", 100)]


@pytest.mark.parametrize("number", ["订单7", "9000 01", "7/8"])
def test_a_number_of_other_signs_is_told(read: Read, number: str) -> None:
    ((_line, why, amount),) = read(HEADS, (number, 1))
    assert "is no number of letters" in str(why) and amount == 100


def test_what_is_only_in_hidden_sheets_is_not_read(tmp_path: Path) -> None:
    book = Workbook()
    hidden = book.create_sheet("旧")
    hidden.append(HEADS)
    hidden.append(("7", 1))
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(ConfigError, match="all that it holds is hidden"):
        read_their_book(tmp_path / "x.xlsx", TOTALS)


def test_a_column_that_may_be_missing_has_no_cell(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    for row in (HEADS, ("7", 1)):
        book.active.append(row)
    book.save(tmp_path / "x.xlsx")
    (sheet,) = read_their_book(tmp_path / "x.xlsx", TOTALS, due=[("到期日",)]).sheets
    assert isinstance(sheet, TheirSheet) and sheet.cell(2, "due") is None
