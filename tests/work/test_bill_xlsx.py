"""A supplier's Excel as a bill: columns by their headings, and what cannot be read is told with sheet and row, the rest is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from agent.errors import ConfigError
from agent.models import Fen
from agent.work.bill_xlsx import read_bill_file
from agent.work.billed import BillRow

HEADS = ("订单号", "金额", "到期日")
GOOD = ("900001", 39.6, "2026-12-25")
READ = BillRow("900001", Fen(3_960), date(2026, 12, 25))

Rows = Iterable[Sequence[Any]]
Made = Callable[..., tuple[list[BillRow], list[str]]]


def book(path: Path, *rows: Sequence[Any], change: Callable[[Any], None] = lambda _sheet: None, **sheets: Rows) -> Path:
    made = Workbook()
    first = made.active
    assert first is not None
    first.title = "对账单"
    for row in rows:
        first.append(row)
    for name, others in sheets.items():
        sheet = made.create_sheet(name)
        for row in others:
            sheet.append(row)
    change(first)
    made.save(path)
    return path


@pytest.fixture
def read(tmp_path: Path) -> Made:
    def made(*rows: Sequence[Any], **more: Any) -> tuple[list[BillRow], list[str]]:
        return read_bill_file(book(tmp_path / "账单.xlsx", *rows, **more))

    return made


@pytest.mark.parametrize(
    "heads",
    [
        HEADS,
        ("单号", "应付金额", "还款日"),
        ("订单编号", "合计", "到期日期"),
        (" 订 单 号 ", "应付金额（元）", "到期日："),
        ("供应商订单号", "金额(元)", "最后还款日"),
        ("Order Number", "Amount", "Due"),
    ],
)
def test_columns_are_found_by_their_headings(read: Made, heads: Sequence[str]) -> None:
    assert read(heads, GOOD) == ([READ], [])


def test_the_surer_heading_is_taken_where_several_may_be_it(read: Made) -> None:
    heads = ("单号", "订单号", "金额", "应付金额", "合计")
    assert read(heads, ("SF1234", "900001", 50, 39.6, 50)) == ([BillRow("900001", Fen(3_960))], [])


def test_headings_may_stand_below_a_title_and_sums_and_notes_below_the_lines(read: Made) -> None:
    rows = [
        ("某某商贸 2026年11月 对账单",),
        (),
        HEADS,
        GOOD,
        ("合计", 39.6),
        (None, "小计：", 39.6),
        ("制表人：王",),
        ("备注:月底付",),
    ]
    assert read(*rows) == ([READ], [])


@pytest.mark.parametrize(
    ("amount", "fen"),
    [
        ("1,234.50", 123_450),
        ("¥1,234.50", 123_450),
        ("￥１，２３４．５０", 123_450),
        ("1234.5元", 123_450),
        (1234.5, 123_450),
        (1234, 123_400),
        (0.1 + 0.2, 30),
        (39.599999999999994, 3_960),
        ("0", 0),
        ("  39.60 ", 3_960),
    ],
)
def test_amounts_as_people_write_them(read: Made, amount: Any, fen: int) -> None:
    assert read(HEADS, ("900001", amount)) == ([BillRow("900001", Fen(fen))], [])


@pytest.mark.parametrize(
    ("amount", "why"),
    [
        (-5, "below zero"),
        ("-5.00", "below zero"),
        ("(5.00)", "below zero"),
        ("$5.00", "not in yuan"),
        ("USD 5", "not in yuan"),
        ("一百元", "no amount of money"),
        ("12.345", "more than two decimals"),
        (12.345, "more than two decimals"),
        (True, "`True` is no amount of money"),
        (datetime(2026, 3, 5), "`2026-03-05 00:00:00` is no amount of money"),
        ("#REF!", "`#REF!` is no amount of money"),
        (None, "no amount stands there"),
        ("   ", "no amount stands there"),
    ],
)
def test_an_amount_that_cannot_be_read_is_told_with_its_cell_and_its_order_is_known(read: Made, amount: Any, why: str) -> None:
    rows, (told,) = read(HEADS, ("900001", amount, "2026-12-25"), ("900002", 1))
    assert rows == [BillRow("900001", None, date(2026, 12, 25)), BillRow("900002", Fen(100))]
    if amount is None or not str(amount).strip():
        assert told == f"Sheet “对账单”, row 2, column B “金额”: {why}"
    else:
        assert told.startswith("Sheet “对账单”, row 2, column B “金额”: ") and why in told


def test_a_currency_that_only_the_format_names_is_told(read: Made) -> None:
    def formats(sheet: Any) -> None:
        for row, form in enumerate(
            ("[$$-409]#,##0.00", '"US$"0.00', "[$€-2]0.00", "[$¥-804]#,##0.00", '0.00"元"', "#,##0.00"), 2
        ):
            sheet.cell(row, 2).number_format = form

    rows, told = read(HEADS, *((f"90000{n}", 5) for n in range(1, 7)), change=formats)
    assert [row.total for row in rows] == [None, None, None, 500, 500, 500]
    assert [("not in yuan" in words, f"row {at}" in words) for at, words in enumerate(told, 2)] == [(True, True)] * 3


@pytest.mark.parametrize(
    ("number", "read_as"),
    [
        ("900001", "900001"),
        (900001, "900001"),
        (900001.0, "900001"),
        ("'900001", "900001"),
        ("９００００１", "900001"),
        ("YW-8_1", "YW-8_1"),
        (123456789012345, "123456789012345"),
    ],
)
def test_order_numbers_as_text_or_number(read: Made, number: Any, read_as: str) -> None:
    assert read(HEADS, (number, 1)) == ([BillRow(read_as, Fen(100))], [])


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (1234567890123456000, "Excel has spoilt the long number 1234567890123456000"),
        (1230000000000000.0, "Excel has spoilt the long number 1230000000000000"),
        ("1.23E+15", "Excel has spoilt the long number 1.23E+15"),
        ("1.23e15", "Excel has spoilt the long number 1.23e15"),
        (9000.5, "`9000.5` is no order number"),
        (datetime(2026, 3, 5), "`2026-03-05 00:00:00` is no order number"),
        (False, "`False` is no order number"),
        (None, "no order number stands there"),
    ],
)
def test_an_order_number_that_is_not_whole_is_told_and_never_guessed(read: Made, number: Any, why: str) -> None:
    rows, told = read(HEADS, (number, 1), GOOD)
    assert (rows, told) == ([READ], [f"Sheet “对账单”, row 2, column A “订单号”: {why}"])


def test_a_number_that_excel_shows_in_powers_of_ten_is_told(read: Made) -> None:
    """1.23E+14 was read from a CSV: the number behind it is what was shown, not what was meant."""
    rows, (told,) = read(
        HEADS, (123000000000000, 1), GOOD, change=lambda sheet: setattr(sheet.cell(2, 1), "number_format", "0.00E+00")
    )
    assert rows == [READ] and "spoilt" in told


@pytest.mark.parametrize(
    "day", ["2026-12-25", "2026/12/25", "2026年12月25日", date(2026, 12, 25), datetime(2026, 12, 25, 8, 0)]
)
def test_due_dates(read: Made, day: Any) -> None:
    assert read(HEADS, ("900001", 39.6, day)) == ([READ], [])


@pytest.mark.parametrize("day", ["月底", 46016, "2026-02-30"])
def test_a_due_date_that_is_none_is_told_and_its_order_is_compared_without(read: Made, day: Any) -> None:
    rows, (told,) = read(HEADS, ("900001", 39.6, day))
    assert rows == [BillRow("900001", Fen(3_960))]
    assert told.startswith("Sheet “对账单”, row 2, column C “到期日”: ") and "is no date" in told


def test_what_is_settled_by_the_bill_itself(read: Made) -> None:
    rows, told = read(("订单号", "金额", "状态"), ("1", 1, "已结清"), ("2", 1, "未付"), ("3", 1, "已取消"), ("4", 1, None))
    assert ([row.settled for row in rows], told) == (["paid", "", "cancelled", ""], [])


def test_an_order_over_several_rows_is_counted_once(read: Made) -> None:
    def merge(sheet: Any) -> None:
        for column in "ABC":
            sheet.merge_cells(f"{column}2:{column}4")

    assert read((*HEADS, "商品"), (*GOOD, "筐"), (None, None, None, "杯"), (None, None, None, "盒"), change=merge) == (
        [READ],
        [],
    )


def test_one_number_over_several_amounts_is_several_lines_of_it(read: Made) -> None:
    rows, told = read(HEADS, ("900001", 30), (None, 9.6), change=lambda sheet: sheet.merge_cells("A2:A3"))
    assert (rows, told) == ([BillRow("900001", Fen(3_000)), BillRow("900001", Fen(960))], [])


def test_every_visible_sheet_is_read_and_one_without_the_columns_is_told(read: Made) -> None:
    rows, told = read(HEADS, GOOD, 十二月=[HEADS, ("900002", 1)], 说明=[("开户行", "账号"), ("工行", "6222")], 空=[])
    assert rows == [READ, BillRow("900002", Fen(100))]
    assert told == [
        "Sheet “说明”, row 1: no column 供应商订单号 / 订单号 / 订单编号 / 采购单号 / 单号; there are: 开户行, 账号"
    ]


def test_a_hidden_sheet_is_left_alone(read: Made) -> None:
    def hide(sheet: Any) -> None:
        sheet.parent["旧"].sheet_state = "hidden"

    assert read(HEADS, GOOD, 旧=[HEADS, ("1", 1)], change=hide) == ([READ], [])


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (
            [("订单", "金额"), GOOD],
            "Sheet “对账单”, row 1: no column 供应商订单号 / 订单号 / 订单编号 / 采购单号 / 单号; there are: 订单, 金额",
        ),
        (
            [("订单号", "数量"), GOOD],
            "Sheet “对账单”, row 1: no column 应付 / 应还金额 / 应收金额 / 未付金额 / 欠款 / 合计 / 金额; there are: 订单号, 数量",
        ),
        ([("订单号", "金额", "金额"), GOOD], "the columns B, C mean the same by their headings"),
        ([HEADS], "it has no row below its headings"),
        ([], "it is empty"),
    ],
)
def test_a_workbook_of_which_nothing_can_be_read_is_refused(read: Made, rows: Rows, why: str) -> None:
    with pytest.raises(ConfigError) as told:
        read(*rows)
    assert why in told.value.lines()[0] and "订单号" in told.value.lines()[2]


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "it is empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "has a password"),
        (b"<html><table>", "no Excel workbook"),
        ("订单号,金额\n900001,39.60\n".encode(), "no Excel workbook"),
        (b"PK\x03\x04 damaged", "no Excel workbook"),
    ],
)
def test_another_file_is_refused_with_what_it_is(tmp_path: Path, raw: bytes, why: str) -> None:
    path = tmp_path / "账单.xlsx"
    path.write_bytes(raw)
    with pytest.raises(ConfigError, match=why):
        read_bill_file(path)


def test_a_file_that_is_not_there_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "没有.xlsx", tmp_path):
        with pytest.raises(ConfigError, match="cannot be read"):
            read_bill_file(path)
