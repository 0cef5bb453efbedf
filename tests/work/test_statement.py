"""A supplier's statement: its lines and sums, and what differs from the supplier's own workbook, whatever stands in that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from agent.errors import ConfigError
from agent.ledger import Ledger
from agent.models import Fen
from agent.work.statement import Statement, file_name, statement_of, write_statement
from agent.work.their_statement import Theirs, read_theirs
from tests.work.sold import NOW, Sold, reference

LONG = "69200000000000000007"


@pytest.fixture
def sold(tmp_path: Path) -> Iterator[Sold]:
    """Order 1 costs 39.60, order 2 12.00; one of December, and one at another supplier."""
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        made = Sold(ledger)
        made.buy(1, 3_960)
        made.buy(2, 1_200, numbers=(LONG,))
        made.buy(3, 500, at=NOW + timedelta(days=20))
        made.buy(4, 800, supplier="mall")
        yield made


def workbook(path: Path, *rows: Sequence[object], sheet: str = "11月") -> Path:
    book = Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


def theirs(tmp_path: Path, *rows: Sequence[object], heads: Sequence[str] = ("订单号", "金额")) -> Theirs:
    return read_theirs(workbook(tmp_path / "theirs.xlsx", heads, *rows))


def compared(sold: Sold, told: Theirs, month: str = "2026-11") -> Statement:
    return statement_of(sold.entries(), "yiwu", month, told)


def kinds(made: Statement) -> list[tuple[str, str, int | None, int | None]]:
    return [(each.kind, each.number, each.ours, each.theirs) for each in made.differences]


class TestLines:
    def lines(self, made: Statement, path: Path) -> list[dict[str, Any]]:
        write_statement(path, made)
        (sheet,) = load_workbook(path).worksheets
        rows = list(sheet.iter_rows())
        at = next(n for n, row in enumerate(rows) if row[0].value == "day of the purchase's proof")
        return [dict(zip([head.value for head in rows[at]], row, strict=True)) for row in rows[at + 1 :]]

    def test_each_purchase_is_a_line_and_the_sums_stand_below(self, sold: Sold, tmp_path: Path) -> None:
        sold.pay("900001", 3_960, day=2)
        first, second, whole = self.lines(statement_of(sold.entries(), "yiwu", "2026-11"), tmp_path / "x.xlsx")
        assert first["day of the purchase's proof"].value == datetime(2026, 11, 22)
        assert first["what was bought"].value == "保温杯 / 白色/500毫升 × 2"
        assert (first["amount (yuan)"].value, first["paid (yuan)"].value, first["owed (yuan)"].value) == (39.6, 39.6, 0)
        assert (first["paid on"].value, first["how paid"].value) == (datetime(2026, 11, 24), "from the balance")
        number = second["supplier order number"]
        assert (number.value, number.data_type) == (LONG, "s")
        assert second["purchase order number"].value == reference(2)
        amounts = [whole[f"{word} (yuan)"] for word in ("amount", "paid", "refunded", "owed")]
        assert [(cell.value, cell.number_format) for cell in amounts] == [(n, "0.00") for n in (51.6, 39.6, 0, 12)]

    def test_a_supplier_who_reads_it_learns_nothing_of_the_shops_prices(self, sold: Sold, tmp_path: Path) -> None:
        sold.buy(5, None, price=None)
        *_rows, whole = self.lines(statement_of(sold.entries(), "yiwu", "2026-11"), tmp_path / "x.xlsx")
        assert whole["remark"].value == "not known, and not in the sum: cost × 1, owed × 1"

    def test_how_it_was_paid_on_credit_or_as_only_the_page_says(self, sold: Sold, tmp_path: Path) -> None:
        sold.owe(reference(1), 3_960)
        sold.ledger.payables_paid([reference(1)], how="bank", who="lin", at=NOW + timedelta(days=3))
        sold.ledger.watched(reference(2), "placed", NOW)
        first, second, _whole = self.lines(statement_of(sold.entries(), "yiwu", "2026-11"), tmp_path / "x.xlsx")
        assert (first["paid on"].value, first["how paid"].value) == (datetime(2026, 11, 25), "bank (lin)")
        assert second["how paid"].value == "the supplier's page shows it paid"


def test_the_newest_month_is_the_default_and_others_are_told(sold: Sold) -> None:
    assert statement_of(sold.entries(), "yiwu").month == "2026-12"
    with pytest.raises(ConfigError, match="Nothing was bought from yiwu in 2026-10") as told:
        statement_of(sold.entries(), "yiwu", "2026-10")
    assert "2026-12, 2026-11" in told.value.todo
    with pytest.raises(ConfigError, match="is no month"):
        statement_of(sold.entries(), "yiwu", "2026-13")
    with pytest.raises(ConfigError, match="Nothing was ever bought") as told:
        statement_of(sold.entries(), "yiw")
    assert "mall, yiwu" in told.value.todo


@pytest.mark.parametrize(("name", "file"), [("义乌", "对账单-义乌-2026-11.xlsx"), ("../a:b", "对账单-_a_b-2026-11.xlsx")])
def test_a_suppliers_name_is_no_path(name: str, file: str) -> None:
    assert file_name(Statement(name, "2026-11", ())) == file


class TestCompared:
    def test_the_same_is_no_difference(self, sold: Sold, tmp_path: Path) -> None:
        made = compared(sold, theirs(tmp_path, ("900001", 39.6), (LONG, "12.00"), ("合计", 51.6)))
        assert made.agrees and made.theirs and len(made.theirs.rows) == 2

    def test_what_is_only_theirs_only_ours_or_of_another_amount(self, sold: Sold, tmp_path: Path) -> None:
        made = compared(sold, theirs(tmp_path, ("900001", 40), ("555", 7)))
        assert kinds(made) == [
            ("amount", "900001", 3_960, 4_000),
            ("only_ours", LONG, 1_200, None),
            ("only_theirs", "555", None, 700),
        ]
        assert made.differences[0].what == "theirs is 0.40 yuan more"
        assert made.differences[2].where == "11月, row 3"

    def test_one_fen_is_a_difference(self, sold: Sold, tmp_path: Path) -> None:
        made = compared(sold, theirs(tmp_path, ("900001", 39.61), (LONG, 12)))
        assert kinds(made) == [("amount", "900001", 3_960, 3_961)]

    def test_a_hundred_times_as_much_looks_like_fen(self, sold: Sold, tmp_path: Path) -> None:
        made = compared(sold, theirs(tmp_path, ("900001", 3960), (LONG, 12)))
        assert kinds(made) == [("in_fen", "900001", 3_960, 396_000)]

    def test_a_column_that_says_it_is_in_fen_is_read_so(self, sold: Sold, tmp_path: Path) -> None:
        assert compared(sold, theirs(tmp_path, ("900001", 3960), (LONG, 1200), heads=("单号", "应付（分）"))).agrees

    def test_an_order_of_the_month_beside_is_told_as_that(self, sold: Sold, tmp_path: Path) -> None:
        made = compared(sold, theirs(tmp_path, ("900001", 39.6), (LONG, 12), ("900003", 5)))
        assert kinds(made) == [("other_month", "900003", 500, 500)] and "2026-12" in made.differences[0].what

    def test_an_order_twice_in_theirs_is_a_difference_with_both_rows(self, sold: Sold, tmp_path: Path) -> None:
        made = compared(sold, theirs(tmp_path, ("900001", 39.6), (LONG, 12), ("900001", 39.6)))
        assert kinds(made) == [("amount", "900001", 3_960, 7_920)]
        assert made.differences[0].where == "11月, row 2, 4" and "2 rows" in made.differences[0].what

    def test_an_order_whose_amount_cannot_be_read_is_not_called_missing(self, sold: Sold, tmp_path: Path) -> None:
        made = compared(sold, theirs(tmp_path, ("900001", "-39.60"), (LONG, 12)))
        assert kinds(made) == [("not_read", "900001", 3_960, None)] and made.differences[0].where == "11月, row 2"

    def test_rows_of_one_order_are_one_sum(self, sold: Sold, tmp_path: Path) -> None:
        assert compared(sold, theirs(tmp_path, ("900001", 20), (LONG, 12), ("900001", 19.6))).agrees

    def test_two_of_ours_in_one_order_of_theirs_are_one_sum(self, sold: Sold, tmp_path: Path) -> None:
        sold.buy(5, 100, numbers=("900001",), merges=True)
        assert compared(sold, theirs(tmp_path, ("900001", 40.6), (LONG, 12))).agrees

    def test_one_of_ours_in_two_orders_of_theirs(self, sold: Sold, tmp_path: Path) -> None:
        sold.buy(5, 700, numbers=("A1", "A2"))
        same = [("900001", 39.6), (LONG, 12)]
        assert compared(sold, theirs(tmp_path, *same, ("A1", 3), ("A2", 4))).agrees
        made = compared(sold, theirs(tmp_path, *same, ("A1", 3)))
        assert kinds(made) == [("amount", "A1 / A2", 700, 300)] and "without A2" in made.differences[0].what

    def test_orders_that_share_a_purchase_are_one_sum_with_all_who_stand_in_them(self, sold: Sold, tmp_path: Path) -> None:
        sold.buy(5, 700, numbers=("A1", "A2"))
        sold.buy(6, 100, numbers=("A2",), merges=True)
        same = [("900001", 39.6), (LONG, 12)]
        assert compared(sold, theirs(tmp_path, *same, ("A1", 3), ("A2", 5))).agrees
        made = compared(sold, theirs(tmp_path, *same, ("A1", 3), ("A2", 6)))
        assert kinds(made) == [("amount", "A1 / A2", 800, 900)]

    def test_what_was_cancelled_may_stand_there_or_not(self, sold: Sold, tmp_path: Path) -> None:
        sold.ledger.closed_by_supplier(reference(1), NOW, paid=True)
        sold.ledger.refund_settled(reference(1), "refunded", Fen(3_960))
        assert compared(sold, theirs(tmp_path, (LONG, 12))).agrees
        assert compared(sold, theirs(tmp_path, ("900001", 39.6), (LONG, 12))).agrees
        assert compared(sold, theirs(tmp_path, ("900001", 0), (LONG, 12))).agrees

    def test_differences_stand_on_top_with_what_could_not_be_read(self, sold: Sold, tmp_path: Path) -> None:
        made = compared(sold, theirs(tmp_path, ("900001", 40), (LONG, "?")))
        write_statement(tmp_path / "x.xlsx", made)
        (sheet,) = load_workbook(tmp_path / "x.xlsx").worksheets
        first = [[cell.value for cell in row] for row in sheet.iter_rows(max_row=12)]
        assert first[0][0] == "Differences from the supplier's own statement: 2"
        assert first[2][:6] == ["theirs is 0.40 yuan more", "900001", reference(1), 39.6, 40, 0.4]
        assert any(row[0] == "11月, row 3" and "no amount of money" in str(row[1]) for row in first)
        assert sheet["D3"].number_format == "0.00"


class TestTheirWorkbook:
    @pytest.mark.parametrize(
        ("shown", "fen"),
        [
            (1234.5, 123_450),
            (12, 1_200),
            (12.340000000000002, 1_234),
            ("1,234.50", 123_450),
            ("¥1,234.50", 123_450),
            ("￥１２３４．５０", 123_450),
            ("１２元", 1_200),
            (0, 0),
        ],
    )
    def test_amounts_as_people_write_them(self, tmp_path: Path, shown: object, fen: int) -> None:
        read = theirs(tmp_path, ("7", shown))
        assert [row.fen for row in read.rows] == [fen] and not read.unread
        said = [remark.what for remark in read.remarks if remark.row == 2]
        assert bool(said) == isinstance(shown, str), "how a text was read is told"

    @pytest.mark.parametrize(
        ("number", "shown", "says"),
        [
            ("7", -5, "below zero"),
            ("7", "-5.00", "below zero"),
            ("7", "（5.00）", "below zero"),
            ("7", None, "no amount stands there"),
            ("7", "12.345", "two decimals"),
            ("7", 12.345, "two decimals"),
            ("7", "1,23", "no amount"),
            ("7", "$12", "not in yuan"),
            ("7", True, "no amount"),
            ("7", datetime(2026, 11, 3), "no amount"),
            ("7", "见备注", "no amount"),
            (None, 12, "no order number stands there"),
            (6920000000000000001, 12, "spoilt"),
            ("6.92E+18", 12, "spoilt"),
            (datetime(2026, 11, 3), 12, "no order number"),
            (1.5, 12, "no order number"),
        ],
    )
    def test_what_cannot_be_read_is_told_with_its_row_and_the_rest_counts(
        self, tmp_path: Path, number: object, shown: object, says: str
    ) -> None:
        read = theirs(tmp_path, (number, shown), ("8", 1))
        assert read.rows[-1].number == "8"
        (slip,) = read.unread
        assert (slip.sheet, slip.row, len(read.rows)) == ("11月", 2, 1) and says in slip.what

    @pytest.mark.parametrize(
        "heads",
        [
            ("订单号", "金额"),
            ("采购单号", "应付金额（元）"),
            (" 单 号 ", "合计："),
            ("订单编号", "实付款"),
            ("快递单号", "订单号", "单价", "金额(含运费)"),
        ],
    )
    def test_columns_are_found_by_their_words(self, tmp_path: Path, heads: tuple[str, ...]) -> None:
        row = dict.fromkeys(heads, "x")
        row |= {heads[1] if "快递" in heads[0] else heads[0]: "7", heads[-1]: 12}  # type: ignore[dict-item]
        read = theirs(tmp_path, tuple(row.values()), heads=heads)
        assert [(each.number, each.fen) for each in read.rows] == [("7", 1_200)]

    def test_what_was_paid_is_meant_before_what_was_asked_for(self, tmp_path: Path) -> None:
        read = theirs(tmp_path, ("7", 13, 12), heads=("订单号", "应付", "实付"))
        assert read.rows[0].fen == 1_200 and "实付" in read.remarks[0].what

    def test_headings_may_stand_below_a_title_and_again(self, tmp_path: Path) -> None:
        heads = ("日期", "订单号", "金额")
        path = workbook(
            tmp_path / "x.xlsx", ("十一月对账单",), (), heads, ("1", "7", 1), heads, ("2", "8", 2), ("合计", None, 3)
        )
        assert [(row.number, row.row) for row in read_theirs(path).rows] == [("7", 4), ("8", 6)]

    def test_every_sheet_counts_and_one_without_the_columns_is_told(self, tmp_path: Path) -> None:
        path = workbook(tmp_path / "x.xlsx", ("订单号", "金额"), ("7", 1))
        book = load_workbook(path)
        for title, rows in {"二": [("单号", "合计"), ("8", 2)], "说明": [("请核对",)], "空": []}.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        book.save(path)
        read = read_theirs(path)
        assert [(row.sheet, row.number) for row in read.rows] == [("11月", "7"), ("二", "8")]
        assert [(slip.sheet, slip.row) for slip in read.unread] == [("说明", 0)]

    @pytest.mark.parametrize(
        ("heads", "says"),
        [
            (("订单", "钱"), "no column 供应商订单号 / 订单号 / 订单编号 / 采购单号 / 单号; there are: 订单, 钱"),
            (("订单号", "价格"), "no column 实付 / 应付 / 合计 / 金额; there are: 订单号, 价格"),
            (("订单号", "金额", "金额"), "the columns B, C mean the same"),
            (("订单号", "应付", "应付金额"), "the columns B, C mean the same"),
            (("订单号", "订单号", "金额"), "the columns A, B mean the same"),
            (("订单号", "金额（万元）"), "in 万元"),
            (("订单号", "金额(USD)"), "in USD"),
        ],
    )
    def test_without_the_columns_it_says_what_stands_there(self, tmp_path: Path, heads: tuple[str, ...], says: str) -> None:
        with pytest.raises(ConfigError, match=r"theirs\.xlsx cannot be read") as told:
            theirs(tmp_path, ("7", 1, 2), heads=heads)
        assert says in told.value.what and "订单号" in told.value.todo

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"a,b\n1,2\n", "no Excel workbook"),
            (b"PK\x03\x04 damaged", "no Excel workbook"),
            (b"", "it is empty"),
            (b"\xd0\xcf\x11\xe0 old", "old .xls"),
        ],
    )
    def test_a_file_that_is_no_workbook(self, tmp_path: Path, content: bytes, says: str) -> None:
        path = tmp_path / "theirs.xlsx"
        path.write_bytes(content)
        with pytest.raises(ConfigError, match=says):
            read_theirs(path)

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match=r"nowhere\.xlsx cannot be read"):
            read_theirs(tmp_path / "nowhere.xlsx")

    def test_an_empty_workbook(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match="it is empty"):
            read_theirs(workbook(tmp_path / "x.xlsx"))

    def test_a_hidden_sheet_is_left_out_and_told(self, sold: Sold, tmp_path: Path) -> None:
        path = workbook(tmp_path / "x.xlsx", ("订单号", "金额"), ("900001", 39.6), (LONG, 12))
        book = load_workbook(path)
        old = book.create_sheet("10月")
        for row in (("订单号", "金额"), ("900001", 39.6)):
            old.append(row)
        old.sheet_state = "hidden"
        book.save(path)
        made = compared(sold, read_theirs(path))
        assert made.agrees and made.theirs
        assert [(each.sheet, each.what) for each in made.theirs.remarks[1:]] == [("10月", "hidden in Excel, and left out")]

    def test_an_order_over_several_rows_is_one_sum(self, sold: Sold, tmp_path: Path) -> None:
        path = workbook(tmp_path / "x.xlsx", ("订单号", "金额"), ("900001", 30), (None, 9.6), (LONG, 12))
        book = load_workbook(path)
        book.active.merge_cells("A2:A3")
        book.save(path)
        assert compared(sold, read_theirs(path)).agrees
