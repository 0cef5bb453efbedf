"""A row put into a workbook: every part of it that is not the new row stays as it was, byte for byte."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Border, Font, Side
from openpyxl.worksheet.datavalidation import DataValidation

from agent.errors import ConfigError
from agent.work.products import read_products
from agent.work.products_write import add_product
from tests.work.tables import HEAD, LINE, XL, cells, pack, parts, with_result, workbook
from tests.work.test_products_write import NEW, found, refused

SHEET = "xl/worksheets/sheet1.xml"
STYLES = "xl/styles.xml"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "products.xlsx"


def sheet_of(path: Path) -> Any:
    return load_workbook(path).worksheets[0]


def changed(path: Path, part: str, *changes: tuple[str, str]) -> None:
    """Build the workbook's XML in another way, as other programs do."""
    inside = parts(path)
    xml = inside[part].decode()
    for old, new in changes:
        xml, count = re.subn(old, new, xml)
        assert count, f"{old} is not in {xml}"
    pack(path, inside | {part: xml.encode()})


def test_all_else_stays(table: Path) -> None:
    book = workbook([*cells(H="=9*2"), "冬天卖"], head=HEAD + ",备注")
    book.active.column_dimensions["E"].width = 33
    book.active.row_dimensions[2].height = 40
    book.active["A2"].comment = Comment("问过老板", "我")
    book.active["A2"].font = Font(bold=True)
    book.active.auto_filter.ref = "A1:I2"
    choice = DataValidation("list", formula1='"yiwu,mall"')
    choice.add("C2:C99")
    book.active.add_data_validation(choice)
    book.create_sheet("笔记")["B2"] = "x"
    book.save(table)
    with_result(table, "18")
    pack(table, parts(table) | {"xl/media/picture.png": b"\x89PNG"})
    before = parts(table)

    add_product(table, NEW)

    after = parts(table)
    assert list(after) == list(before)
    assert {name for name in after if after[name] != before[name]} == {SHEET, STYLES}
    old, new = before[SHEET].decode(), after[SHEET].decode()
    head, tail = old.split("</sheetData>")
    assert new.startswith(head) and new.endswith(f"</sheetData>{tail}")
    assert read_products(table, ["yiwu"]).find(LINE) == XL, "the formula keeps its result"


def test_the_new_cells_are_text(table: Path) -> None:
    workbook(cells()).save(table)
    add_product(table, NEW)
    row = sheet_of(table)[3]
    assert [cell.value for cell in row] == ["TX-02", "3-5", "yiwu", "007123", "=短袖, T恤", "黑 / L", "2", "12.50", "13.00"]
    assert {(cell.data_type, cell.number_format) for cell in row} == {("s", "@")}
    assert sheet_of(table)["A2"].number_format == "General"


def test_one_style_serves_all_rows(table: Path) -> None:
    workbook(cells()).save(table)
    add_product(table, NEW)
    styles = parts(table)[STYLES]
    add_product(table, replace(NEW, merchant_code="TX-03"))
    assert parts(table)[STYLES] == styles
    group = styles.partition(b"<cellXfs")[2].partition(b"</cellXfs>")[0]
    assert group.startswith(b' count="%d">' % group.count(b"<xf "))


def test_the_row_stands_right_under_the_others(table: Path) -> None:
    """The rows below have borders already, as in a table drawn beforehand."""
    book = workbook(cells())
    for line in range(3, 9):
        for column in range(1, 13):
            book.active.cell(line, column).border = Border(bottom=Side("thin"))
        book.active.row_dimensions[line].height = 25
    book.save(table)
    add_product(table, NEW)
    sheet = sheet_of(table)
    assert sheet["A3"].value == "TX-02" and sheet["A4"].value is None
    assert sheet.row_dimensions[3].height == 25 and sheet["L3"].border.bottom.style == "thin"
    assert found(table, NEW) == NEW.product


def test_between_the_others_and_an_empty_row_far_below(table: Path) -> None:
    book = workbook(cells())
    book.active["A50"].font = Font(bold=True)
    book.save(table)
    add_product(table, NEW)
    assert found(table, NEW) == NEW.product
    assert re.findall(rb'<row r="(\d+)"', parts(table)[SHEET]) == [b"1", b"2", b"3", b"50"]


def test_a_row_of_remarks_alone(table: Path) -> None:
    book = workbook(cells())
    book.active["L7"] = "合计"
    book.save(table)
    assert "column A “商家编码”" in refused(table).what


def test_a_row_of_its_own_height_and_nothing_else(table: Path) -> None:
    book = workbook(cells())
    book.active.row_dimensions[3].height = 25
    book.active.row_dimensions[3].hidden = True
    book.save(table)
    assert re.search(rb'<row r="3"[^>]*/>', parts(table)[SHEET].replace(b"></row>", b"/>"))
    add_product(table, NEW)
    row = sheet_of(table).row_dimensions[3]
    assert (row.height, row.hidden) == (25, False) and found(table, NEW) == NEW.product


def test_only_the_first_row(table: Path) -> None:
    workbook().save(table)
    add_product(table, NEW)
    assert found(table, NEW) == NEW.product


def test_a_workbook_with_prefixes(table: Path) -> None:
    workbook(cells()).save(table)
    for part, root in ((SHEET, "worksheet"), (STYLES, "styleSheet")):
        changed(table, part, (r"<(/?)(\w)", r"<\1x:\2"), (rf"<x:{root} xmlns=", f"<x:{root} xmlns:x="))
    add_product(table, NEW)
    assert found(table, NEW) == NEW.product
    assert b'<x:c r="A3"' in parts(table)[SHEET] and b'<x:xf numFmtId="49"' in parts(table)[STYLES]


def test_a_button_on_the_sheet(table: Path) -> None:
    workbook(cells()).save(table)
    anchor = '<anchor xmlns:xdr="urn:x"><from><xdr:row>5</xdr:row></from></anchor>'
    changed(table, SHEET, ("</worksheet>", f"<extLst><ext uri='x'>{anchor}</ext></extLst></worksheet>"))
    add_product(table, NEW)
    assert found(table, NEW) == NEW.product and anchor.encode() in parts(table)[SHEET]


def test_the_first_sheet_by_the_workbook_s_own_order(table: Path) -> None:
    book = workbook(cells())
    book.create_sheet("旧").append(["x"])
    book.save(table)
    first, second = r'<sheet [^>]*name="Sheet"[^>]*>', r'<sheet [^>]*name="旧"[^>]*>'
    changed(table, "xl/workbook.xml", (f"({first})({second})", r"\2\1"))
    changed(table, "xl/_rels/workbook.xml.rels", ("/xl/worksheets/", "worksheets/"))
    with pytest.raises(ConfigError):
        read_products(table, ["yiwu"])
    changed(table, "xl/workbook.xml", (f"({second})({first})", r"\2\1"))
    before = parts(table)["xl/worksheets/sheet2.xml"]
    add_product(table, NEW)
    assert found(table, NEW) == NEW.product and parts(table)["xl/worksheets/sheet2.xml"] == before


@pytest.mark.parametrize(
    "part, old, new",
    [
        (SHEET, r' r="\d+"', ""),  # rows without their numbers
        (SHEET, r"^", "<?xml version='1.0' encoding='us-ascii'?>"),
        (STYLES, r"(?s)<cellXfs.*</cellXfs>", ""),
        ("xl/_rels/workbook.xml.rels", r"/relationships/styles", "/relationships/other"),
    ],
)
def test_a_workbook_built_in_another_way_is_left_alone(table: Path, part: str, old: str, new: str) -> None:
    workbook(cells()).save(table)
    changed(table, part, (old, new))
    refused(table)
