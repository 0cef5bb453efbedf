"""`agent report --money` and `agent report --statement`, typed in a terminal; the pictures of money on the page of a run."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from rich.cells import cell_len

from agent import words
from agent.cli import report as command
from agent.cli import tell
from agent.cli.report_bars import FLOOR, TOP, bars_of
from agent.home import Home
from agent.ledger import Ledger
from agent.work.report import gather
from tests.ledger.goods import SHOP
from tests.meta.test_cli import Terminal, agent_, three_lines
from tests.meta.test_report import Seen
from tests.work.sold import NOW, Sold, number, reference

__all__ = ["agent_"]

JSON_SUMS = {"income", "goods", "freight", "cost", "fees", "margin", "paid", "owed", "refunded", "not_known", "estimated"}


@pytest.fixture
def sold(agent_: Terminal) -> Iterator[Terminal]:
    """Two orders of yiwu, one of them without a price and a day later, one of mall."""
    agent_.home.mkdir()
    with agent_.ledger() as ledger:
        made = Sold(ledger)
        made.buy(1, 3_960)
        made.buy(2, 1_200, price=None, at=NOW + timedelta(days=1))
        made.buy(3, 800, supplier="mall", line={"after_sales": "open"})
        made.pay("900001", 3_960)
    yield agent_


def cells(out: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in out.splitlines() if line.count("│") > 2]


def test_the_books_by_day_and_by_supplier(sold: Terminal) -> None:
    ended = sold("report", "--money")
    assert ended.code == 0
    days, settled, suppliers, paid = (cells(part) for part in ended.out.split("┡")[1:])
    assert days == [
        ["2026-11-22", "~119.60", "47.60", "0.00", "~72.00"],
        ["2026-11-23", "?", "12.00", "?", "?"],
        ["together", "~119.60+?", "59.60", "0.00+?", "~72.00+?"],
    ]
    assert settled[-1] == ["together", "3", "18.00", "39.60", "20.00", "0.00"]
    assert [row[0] for row in suppliers] == ["mall", "yiwu", "together"]
    assert paid[1] == ["yiwu", "2", "12.00", "39.60", "12.00", "0.00"]
    assert "not known, and not in the sum: income × 1" in ended.out.lower() and "never counted as 0" in ended.out


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("orders", [[], ["--orders"]])
def test_the_tables_fit_80_columns_and_cut_no_number(
    sold: Terminal, monkeypatch: pytest.MonkeyPatch, language: str, orders: list[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(tell, "WIDTH_OF_A_FILE", 0)
    out = sold("report", "--money", *orders, language=language).out
    assert max(cell_len(line) for line in out.splitlines() if "│" in line) <= 80
    assert out.count("┡") == (2 if orders else 4), "a table, not a list"
    if orders:
        assert all(number(n) in out for n in (1, 2, 3))
    if language == "zh":
        assert not re.search("[A-Za-z]{2,}", out.replace("yiwu", "").replace("mall", ""))


def test_days_and_supplier_are_chosen(sold: Terminal) -> None:
    def suppliers(*typed: str) -> list[str]:
        return [row["supplier"] for row in sold("report", "--money", "--json", *typed).data("money")["suppliers"]]

    assert suppliers("--from", "2026-11-23") == ["yiwu"]
    assert suppliers("--to", "2026-11-22") == ["mall", "yiwu"]
    assert suppliers("--supplier", "mall") == ["mall"]
    assert suppliers("--from", "2027-01-01") == []
    assert sold("report", "--money", "--from", "2027-01-01").out == "Nothing was bought in these days.\n"


def test_json_is_in_fen_and_null_where_nothing_is_known(sold: Terminal) -> None:
    told = sold("report", "--money", "--json").data("money")
    assert set(told) == {"from", "to", "supplier", "purchases", "orders", "suppliers", "days", "together"}
    first, second, third = (next(row for row in told["purchases"] if row["reference"] == reference(n)) for n in (1, 2, 3))
    assert set(first) == JSON_SUMS | {
        *("reference", "shop", "order_number", "source", "supplier", "supplier_order_numbers", "day", "proven_at", "dead"),
    }
    assert (first["income"], first["cost"], first["paid"], first["day"]) == (5_980, 3_960, 3_960, "2026-11-22")
    assert (second["income"], second["margin"], second["not_known"]) == (None, None, {"income": 1, "fees": 1, "margin": 1})
    assert third["estimated"] == ["income", "margin"]
    whole = told["together"]
    assert (whole["count"], whole["income"], whole["cost"], whole["not_known"]["income"]) == (3, 11_960, 5_960, 1)
    for rows in (told["days"], told["suppliers"], told["orders"]):
        assert sum(row["cost"] for row in rows) == whole["cost"]


def test_both_files_are_written(sold: Terminal, tmp_path: Path) -> None:
    table, book = tmp_path / "账.csv", tmp_path / "账.xlsx"
    ended = sold("report", "--money", "--csv", str(table), "--xlsx", str(book), language="zh")
    assert ended.code == 0 and str(table) in ended.out and str(book) in ended.out
    heads, *rows = csv.reader(table.read_bytes().decode("utf-8-sig").splitlines())
    assert [row[heads.index("成本（元）")] for row in rows] == ["39.60", "8.00", "12.00"]
    assert load_workbook(book).sheetnames == ["采购单", "抖店订单", "供应商", "日期"]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (["--money", "--from", "1.11."], "2026-12-25"),
        (["--money", "--from", "2026-11-02", "--to", "2026-11-01"], "2026-11-02 is after 2026-11-01"),
        (["--from", "2026-11-02"], "--from does not go with this"),
        (["--money", "--month", "2026-11"], "--month does not go with this"),
        (["--statement", "yiwu", "--csv", "x.csv"], "--csv does not go with this"),
        (["--money", "--statement", "yiwu"], "three things"),
        (["1", "--money"], "three things"),
        (["--money", "--no-pictures"], "three things"),
        (["--money", "--xlsx", "/nowhere/at/all.xlsx"], "could not be written"),
        (["--money", "--supplier", "yiw"], "mall, yiwu"),
        (["--statement", "yiw"], "mall, yiwu"),
        (["--statement", "yiwu", "--month", "November"], "2026-11"),
        (["--statement", "yiwu", "--against", "nowhere.xlsx"], "cannot be read"),
    ],
)
def test_what_cannot_be_meant_is_told(sold: Terminal, typed: list[str], says: str) -> None:
    ended = sold("report", *typed)
    assert ended.code == 2 and says in " ".join(three_lines(ended))


class TestStatement:
    def theirs(self, tmp_path: Path, *rows: tuple[object, ...]) -> str:
        book = Workbook()
        for row in (("订单号", "应付金额"), *rows):
            book.active.append(list(row))
        book.save(tmp_path / "theirs.xlsx")
        return str(tmp_path / "theirs.xlsx")

    def test_it_is_written_into_the_folder_of_reports(self, sold: Terminal) -> None:
        ended = sold("report", "--statement", "yiwu", language="zh")
        path = sold.home / "reports" / "对账单-yiwu-2026-11.xlsx"
        assert ended.code == 0 and str(path) in ended.out
        (sheet,) = load_workbook(path).worksheets
        assert sheet["A1"].value == "yiwu 对账单，2026-11"

    def test_what_differs_is_told_and_is_exit_1(self, sold: Terminal, tmp_path: Path) -> None:
        against = self.theirs(tmp_path, ("900001", 39.6), ("900002", 13), ("5", -1))
        ended = sold("report", "--statement", "yiwu", "--against", against)
        assert ended.code == 1
        assert "900002  theirs is 1.00 yuan more" in ended.out and "Sheet, row 4: not compared: `-1` is below zero" in ended.out
        told = sold("report", "--statement", "yiwu", "--against", against, "--json").data("statement")
        assert [(each["kind"], each["ours"], each["theirs"]) for each in told["differences"]] == [("amount", 1_200, 1_300)]
        assert [each["row"] for each in told["remarks"] if not each["compared"]] == [4]

    def test_what_agrees_is_exit_0(self, sold: Terminal, tmp_path: Path) -> None:
        against = self.theirs(tmp_path, ("900001", 39.6), ("900002", "12.00"))
        ended = sold("report", "--statement", "yiwu", "--against", against)
        assert (ended.code, "Everything agrees." in ended.out) == (0, True)


class TestPictures:
    @pytest.fixture
    def run(self, tmp_path: Path) -> Iterator[tuple[Home, Ledger]]:
        home = Home(tmp_path / "home").make()
        with Ledger.open(home.ledger) as ledger:
            made = Sold(ledger)
            ledger.activate(SHOP, NOW)
            made.buy(1, 3_960)
            made.buy(2, 9_000, at=NOW - timedelta(days=3))
            made.buy(3, None, at=NOW - timedelta(days=5))
            made.buy(4, 100, at=NOW - timedelta(days=40))
            made.buy(5, 100, at=NOW + timedelta(days=1))
            for n, days in ((1, 10), (2, 29), (4, -2)):
                made.owe(reference(n), 1_000 * n, due=(NOW + timedelta(days=days)).date(), estimated=n == 1)
            number_ = ledger.begin_run(NOW, "run --once")
            ledger.end_run(number_, NOW + timedelta(minutes=5))
            yield home, ledger

    def told(self, ledger: Ledger) -> Any:
        run = ledger.run()
        assert run
        return gather(ledger, run, NOW)

    def test_margin_of_thirty_days_and_what_falls_due_in_thirty(self, run: tuple[Home, Ledger]) -> None:
        money = self.told(run[1]).money
        assert [(day.day.day, day.money, day.not_known) for day in money.margin] == [(17, 0, 1), (19, 3_980, 0), (22, 4_980, 0)]
        assert [(day.day.isoformat(), day.money, day.estimated) for day in money.due] == [
            ("2026-12-02", 1_000, True),
            ("2026-12-21", 2_000, False),
        ]
        assert (money.falls_due, money.overdue, money.later) == (3_000, 4_000, 0)

    def test_bars_stand_in_proportion_and_inside(self, run: tuple[Home, Ledger]) -> None:
        margin, due = bars_of(self.told(run[1]).money)
        unknown, lower, higher = margin.bars
        assert not unknown.known and lower.known
        assert higher.height == FLOOR - TOP and lower.height == (FLOOR - TOP) * 3_980 // 4_980
        assert all(bar.y >= TOP and bar.y + bar.height <= FLOOR + 1 for each in (margin, due) for bar in each.bars)
        assert [bar.kind for bar in due.bars] == ["due guessed", "due"]
        assert "40.00 yuan are overdue" in due.careful and "Of 1 purchases the margin is not known" in margin.careful

    def test_losses_hang_below_the_line(self, run: tuple[Home, Ledger]) -> None:
        Sold(run[1]).buy(6, 30_000, at=NOW - timedelta(days=8))
        margin, _due = bars_of(self.told(run[1]).money)
        loss = margin.bars[0]
        assert (loss.kind, loss.y) == ("below", margin.zero) and loss.y + loss.height == FLOOR

    @pytest.mark.parametrize("language", ["en", "zh"])
    def test_the_page_shows_both_without_style_or_script(self, run: tuple[Home, Ledger], language: str) -> None:
        words.use(language)
        try:
            text = command.write_page(run[0], self.told(run[1]), pictures=True).read_text(encoding="utf-8")
        finally:
            words.use("en")
        seen = Seen(text)
        assert len(seen.all("svg")) == 2 and len(seen.all("rect")) == 4
        assert "://" not in text and not [
            name for _tag, has in seen.tags for name in has if name == "style" or name.startswith("on")
        ]
        assert ("每日毛利" in text, "Margin by day" in text) == (language == "zh", language == "en")

    def test_a_ledger_without_money_has_none(self, tmp_path: Path) -> None:
        with Ledger.open(tmp_path / "ledger.db") as ledger:
            ledger.end_run(ledger.begin_run(NOW, "run --once"), NOW)
            assert bars_of(self.told(ledger).money) == []
