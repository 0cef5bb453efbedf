"""The products table in a workbook: what Excel has changed is told, never guessed back."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart
from openpyxl.styles import PatternFill

from agent import words
from agent.models import Fen
from agent.sites.document import Problems
from agent.work.products import Products, read_products
from tests.work.tables import HEAD, LINE, ROW, XL, cells, pack, parts, with_result, workbook


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "products.xlsx"


@pytest.fixture
def chinese() -> Iterator[None]:
    words.use("zh")
    yield
    words.use("en")


def read(table: Path, book: Workbook) -> Products:
    book.save(table)
    return read_products(table, ["yiwu"])


def refused(table: Path) -> Problems:
    with pytest.raises(Problems) as told:
        read_products(table, ["yiwu"])
    assert all(problem.file == table for problem in told.value.problems)
    return told.value


def mistakes(table: Path, book: Workbook) -> list[tuple[int, str]]:
    book.save(table)
    return [(problem.line, f"{problem.what} {problem.suggestion}") for problem in refused(table).problems]


def test_it_is_read_like_a_csv(table: Path) -> None:
    products = read(table, workbook(cells(), [*cells(A="TX-02"), "冬天卖"], head=HEAD + ",备注"))
    assert products.find(LINE) == XL == products.find(replace(LINE, merchant_code="TX-02"))


def test_amounts_and_pieces_may_be_numbers(table: Path) -> None:
    found = read(table, workbook(cells(G=2, H=12.5, I=0.1 + 0.2 + 12.3))).find(LINE)
    assert found == replace(XL, pack=2, cost=Fen(1250), ceiling=Fen(1260))


@pytest.mark.parametrize(
    ("form", "yuan"),
    [
        ("General", True),
        ("0.00", True),
        ('"¥"#,##0.00', True),
        ("[$¥-804]#,##0.00", True),
        ('_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ', True),
        ("[$-804]0.00", True),
        ("[$$-409]#,##0.00", False),
        ('"$"#,##0.00', False),
        ("[$€-2] #,##0.00", False),
        ("[$¥-411]#,##0.00", False),
        ("[$HKD] 0.00", False),
        ("0.00%", False),
    ],
)
def test_an_amount_that_excel_shows_in_another_currency_is_none(table: Path, form: str, yuan: bool) -> None:
    book = workbook(cells(H=12.5, I=12.6))
    book.active["H2"].number_format = form
    if yuan:
        found = read(table, book).find(LINE)
        assert found is not None and found.cost == 1250
        return
    ((line, text),) = mistakes(table, book)
    assert line == 2 and "进价" in text and form in text


@pytest.mark.parametrize("number", [-12.5, 12.345, 0])
def test_a_number_that_is_no_amount_is_told(table: Path, number: float) -> None:
    ((line, text),) = mistakes(table, workbook(cells(H=number)))
    assert line == 2 and "进价" in text and str(number) in text


@pytest.mark.parametrize("number, form", [(1001, "General"), (12345678901, "General"), (0, "@"), (10**14, "0"), (7, "0_ ")])
def test_a_number_of_a_few_digits_is_its_digits(table: Path, number: int, form: str) -> None:
    book = workbook(cells(D=number))
    book.active["D2"].number_format = form
    found = read(table, book).find(LINE)
    assert found == replace(XL, product=str(number))


@pytest.mark.parametrize(
    "number, form, shown",
    [
        (6920000000000000001, "0", "6.92E+18"),
        (6.92e18, "General", "6.92E+18"),
        (123456789012, "General", "1.23E+11"),
        (123456789012, "0.00E+00", "1.23E+11"),
        (10**15, "0", "1.00E+15"),
        (7123, "000000", "7123"),
        (1001, "#,##0", "1001"),
        (12.5, "0", "12.5"),
        (-5, "General", "-5"),
    ],
)
@pytest.mark.parametrize("letter", ["A", "D"])
def test_a_number_that_excel_has_spoilt(table: Path, letter: str, number: float, form: str, shown: str) -> None:
    book = workbook(cells(), [], [], cells("TX-02" + ROW[5:], **{letter: number}))
    book.active[f"{letter}5"].number_format = form
    (line, text), *others = mistakes(table, book)
    assert line == 5 and not others
    assert f"column {letter} “" in text and f"“{shown}”" in text and "Format Cells, Text" in text


def test_a_spoilt_number_as_text(table: Path) -> None:
    told = mistakes(table, workbook(cells(A="1.23E+18", D="1.23457E+11")))
    assert [line for line, _text in told] == [2, 2]
    assert "column A “商家编码”: “1.23E+18” is a long number that Excel has spoilt" in told[0][1] and "D" in told[1][1]


@pytest.mark.parametrize(
    "letter, value, shown",
    [
        ("B", datetime(2026, 3, 5), "2026-03-05"),
        ("F", datetime(2026, 3, 5), "2026-03-05"),
        ("F", time(1, 30), "01:30:00"),
        ("H", datetime(2026, 3, 5, 12, 30), "2026-03-05 12:30:00"),
    ],
)
def test_a_specification_that_became_a_date(table: Path, letter: str, value: Any, shown: str) -> None:
    told = mistakes(table, workbook(cells(**{letter: value})))
    assert len(told) == 1 and f"column {letter} “" in told[0][1] and f"“{shown}” is a date" in told[0][1]


@pytest.mark.parametrize("value, words_", [(True, "“TRUE” is no text"), ("#N/A", "“#N/A” is an error of Excel's")])
def test_other_cells_that_are_no_text(table: Path, value: Any, words_: str) -> None:
    told = mistakes(table, workbook(cells(F=value)))
    assert len(told) == 1 and words_ in told[0][1]


def test_a_day_beyond_all_days(table: Path) -> None:
    book = workbook(cells(D=6912345678901))
    book.active["D2"].number_format = "yyyy-mm-dd"
    assert "“#VALUE!”" in mistakes(table, book)[0][1]


def test_a_formula(table: Path) -> None:
    told = mistakes(table, workbook(cells(H="=9*2")))
    assert len(told) == 1 and "column H “进价”" in told[0][1] and "formula without a result" in told[0][1]
    with_result(table, "18")
    assert read_products(table, ["yiwu"]).find(LINE) == XL


def test_a_formula_that_made_an_empty_text(table: Path) -> None:
    workbook(cells(F='=""')).save(table)
    with_result(table, "", kind="str")
    assert read_products(table, ["yiwu"]).find(LINE) == replace(XL, specification="")


def test_letters_as_excel_shows_them(table: Path) -> None:
    found = read(table, workbook(cells(E="纯棉_x000D_T恤", F="'007"))).find(LINE)
    assert found == replace(XL, title="纯棉\rT恤", specification="007")


def test_hidden_rows_are_read_and_empty_rows_are_not(table: Path) -> None:
    book = workbook(cells(), [], ["", " "], cells(A="TX-02"))
    book.active.row_dimensions[5].hidden = True
    book.active["C1048576"].fill = PatternFill("solid", "FFFF00")
    assert len(read(table, book).by_key) == 2


def test_merged_cells(table: Path) -> None:
    book = workbook(cells(), cells(B="黑色 L"))
    book.active.merge_cells("A2:A3")
    told = mistakes(table, book)
    assert "A2:A3" in told[0][1] and told[0][0] == 2
    book = workbook(cells(), head=HEAD.replace("限价", "限介"))
    book.active.merge_cells("A1:B1")
    assert "A1:B1" in "".join(text for _line, text in mistakes(table, book)), "told beside the columns that are wrong"


def test_only_the_first_sheet_counts(table: Path) -> None:
    book = workbook(cells())
    book.create_sheet("旧").append(["x"])
    assert read(table, book).find(LINE) == XL
    book.move_sheet("旧", -1)
    book["旧"].delete_rows(1, 9)
    assert "“旧” is empty, but “Sheet” is not" in mistakes(table, book)[0][1]


def test_a_hidden_first_sheet(table: Path) -> None:
    book = workbook(cells())
    book.create_sheet("新").append(HEAD.split(","))
    book.active.sheet_state = "hidden"
    assert "hidden" in mistakes(table, book)[0][1]


def test_no_sheet_with_cells(table: Path) -> None:
    book = Workbook()
    book.remove(book.active)
    book.create_chartsheet().add_chart(BarChart())
    assert "no sheet with cells" in mistakes(table, book)[0][1]


@pytest.mark.parametrize("book", [Workbook(), workbook(head=HEAD.replace("限价", "限介")), workbook(head=HEAD + ",限价")])
def test_the_first_row(table: Path, book: Workbook) -> None:
    told = mistakes(table, book)
    assert {line for line, _text in told} == {1}
    assert "限价" in "".join(text for _line, text in told) and "commas" not in told[0][1]


def test_every_mistake_is_told_at_once_by_row_and_column(table: Path) -> None:
    book = workbook(
        cells(),
        cells(),  # 3: the same again
        cells(A="TX-02", C="yiw", D=6.92e18, H=18.005),
        cells(A="TX-03", B=datetime(2026, 3, 5), G=1.5, I=None),
        cells(A="TX-03", B=datetime(2026, 3, 6)),  # no key is known, so it is no doubled one
    )
    told = mistakes(table, book)
    assert [line for line, _text in told] == [3, 4, 4, 4, 5, 5, 5, 6]
    assert "line 2" in told[0][1]
    assert [text.split(" “")[0] for _line, text in told[1:]] == [f"column {letter}" for letter in "CDHBGIB"]


@pytest.mark.usefixtures("chinese")
def test_a_seller_reads_row_and_column_in_chinese(table: Path) -> None:
    workbook(cells(), [], [], cells(A="TX-02", B=datetime(2026, 3, 5))).save(table)
    assert str(refused(table).problems[0]).startswith(f"{table} 第 5 行：B 列「店铺规格」：「2026-03-05」")
    what, place, todo = refused(table).lines()
    assert what.startswith("B 列「店铺规格」") and place.endswith("第 5 行") and "文本" in todo


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04junk", b"<html><table></table></html>", f"{HEAD}\r\n{ROW}".encode()])
def test_what_is_no_workbook(table: Path, raw: bytes) -> None:
    table.write_bytes(raw)
    assert "damaged, or no workbook" in refused(table).what


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.98])
def test_half_a_workbook(table: Path, keep: float) -> None:
    workbook(cells()).save(table)
    raw = table.read_bytes()
    table.write_bytes(raw[: int(len(raw) * keep)])
    assert "damaged" in refused(table).what


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"])
def test_a_damaged_part(table: Path, part: str) -> None:
    workbook(cells()).save(table)
    pack(table, parts(table) | {part: b"<worksheet"})
    assert "damaged" in refused(table).what


def test_a_zip_that_is_no_workbook(table: Path) -> None:
    with zipfile.ZipFile(table, "w") as package:
        package.writestr("a.txt", "a")
    assert "damaged" in refused(table).what


def test_an_old_workbook_under_a_new_name_or_a_password(table: Path) -> None:
    table.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    assert "password" in refused(table).what


@pytest.mark.parametrize("kind", [".xls", ".XLS", ".et", ".xlsm"])
def test_other_kinds_of_file(tmp_path: Path, kind: str) -> None:
    told = refused(tmp_path / f"products{kind}")
    assert kind.lower() in told.what and ".xlsx" in told.lines()[2]


def test_a_workbook_that_excel_has_open_is_read(table: Path) -> None:
    table.with_name("~$products.xlsx").write_bytes(b"\x05boss")
    assert read(table, workbook(cells())).find(LINE) == XL


@pytest.mark.parametrize(
    "error, word", [(PermissionError(13, "denied"), "locked"), (FileNotFoundError(2, "No such file"), "No such")]
)
def test_a_file_that_cannot_be_opened(table: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, word: str) -> None:
    def fails(_path: Path) -> bytes:
        raise error

    monkeypatch.setattr(Path, "read_bytes", fails)
    told = refused(table)
    assert word in told.what and told.exit_code == 2
