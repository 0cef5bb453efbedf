"""The products table: found exactly or not at all, and every mistake told by row and column at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from agent.models import Fen, SupplierProduct
from agent.sites.document import Problems
from agent.work.products import Products, read_products
from tests.work.tables import HEAD, LINE, ROW, XL

ENGLISH = "merchant_code,shop_specification,supplier,product,title,specification,pack,cost,ceiling"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "products.csv"


def read(
    table: Path, *rows: str, head: str = HEAD, encoding: str = "utf-8-sig", suppliers: tuple[str, ...] = ("yiwu",)
) -> Products:
    table.write_bytes("\r\n".join([head, *rows, ""]).encode(encoding))
    return read_products(table, suppliers)


def mistakes(table: Path, *rows: str, head: str = HEAD) -> list[tuple[int, str]]:
    with pytest.raises(Problems) as told:
        read(table, *rows, head=head)
    assert all(problem.file == table for problem in told.value.problems)
    return [(problem.line, f"{problem.what} {problem.suggestion}") for problem in told.value.problems]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gbk", "gb18030"])
@pytest.mark.parametrize("head", [HEAD, ENGLISH, ENGLISH.upper(), HEAD + ",备注"])
def test_the_table_is_read(table: Path, encoding: str, head: str) -> None:
    products = read(table, ROW, head=head, encoding=encoding)
    assert products.find(LINE) == XL and products.path == table


def test_columns_in_any_order_and_amounts_as_people_write_them(table: Path) -> None:
    head = "限价,进价,每份件数,规格,商品标题,货号,供应商,店铺规格,商家编码,备注"
    products = read(table, '"¥1,300.00","1,234.50",2,白,保温杯,\'007123,yiwu,白,BW-02,冬天卖', "", ",,,", head=head)
    found = products.find(replace(LINE, merchant_code="BW-02", specification="白"))
    assert found == SupplierProduct("yiwu", "007123", "保温杯", "白", 2, Fen(123450), Fen(130000))


@pytest.mark.parametrize("specification", ["黑色 XL", " 黑色  XL ", "黑色\u00a0XL", "黑色 ＸＬ"])
def test_the_same_specification(table: Path, specification: str) -> None:
    assert read(table, ROW).find(replace(LINE, specification=specification)) == XL


@pytest.mark.parametrize("specification", ["黑色 L", "黑色 XXL", "黑色XL", "黑色 xl", "黑色", "", "白色 XL", "黑色\u200b XL"])
def test_another_specification(table: Path, specification: str) -> None:
    assert read(table, ROW).find(replace(LINE, specification=specification)) is None


@pytest.mark.parametrize("code", ["", "TX-0", "TX-011", "tx-01", "TX01"])
def test_another_merchant_code(table: Path, code: str) -> None:
    assert read(table, ROW).find(replace(LINE, merchant_code=code)) is None


def test_l_is_not_xl(table: Path) -> None:
    products = read(table, ROW, ROW.replace("XL", "L").replace("A-1001", "A-1002"))
    small = products.find(replace(LINE, specification="黑色 L"))
    assert small is not None and small.product == "A-1002" and products.find(LINE) == XL


def test_a_product_sold_in_one_form_only(table: Path) -> None:
    products = read(table, "HX-1,,yiwu,C-1,盒,,1,1,2")
    found = products.find(replace(LINE, merchant_code="HX-1", specification=""))
    assert found is not None and (found.specification, found.cost) == ("", 100)
    assert products.find(replace(LINE, merchant_code="HX-1", specification="大")) is None


def test_a_formula_is_a_text(table: Path) -> None:
    products = read(table, ROW.replace("纯棉T恤", '"=HYPERLINK(""http://x"")"'))
    found = products.find(LINE)
    assert found is not None and found.title == '=HYPERLINK("http://x")'


def test_every_mistake_is_told_at_once(table: Path) -> None:
    told = mistakes(
        table,
        ROW,
        ROW,  # 3: the same again
        "TX-02,白,yiw,A-1,名,白,0,18.005,20",  # 4: supplier, pack, cost
        "TX-03,白,yiwu,6.92E+18,名,白,1,20.00,19.99",  # 5: spoilt by Excel, ceiling below cost
        ",白,yiwu,A-1,,白,一,十八,",  # 6: empty, pack, cost, ceiling
        "TX-04,白,yiwu,A-1,名,白,1,-18,$20",  # 7: below zero, not in yuan
    )
    assert [line for line, _text in told] == [3, 4, 4, 4, 5, 5, 6, 6, 6, 6, 6, 7, 7]
    text = "\n".join(text for _line, text in told)
    for word in ("yiw", "“yiwu”?", "每份件数", "进价", "限价", "商家编码", "商品标题", "6.92E+18", "line 2"):
        assert word in text


@pytest.mark.parametrize(
    "amount",
    ["-18.00", "－18", "$18", "18 USD", "HK$18", "1800分", "18.005", "1.8万", "十八", "1.234,50", "18 00", "0", "0.00", "18%"],
)
@pytest.mark.parametrize("column", ["进价", "限价"])
def test_an_amount_that_is_none_is_told_with_its_row_and_column(table: Path, column: str, amount: str) -> None:
    cells = {"进价": "18.00", "限价": "20.00", column: f'"{amount}"'}
    told = mistakes(table, f"TX-01,黑色 XL,yiwu,A-1,名,黑,1,{cells['进价']},{cells['限价']}")
    assert {line for line, _text in told} == {2}
    assert any(column in text and amount in text for _line, text in told), told


@pytest.mark.parametrize("amount", ["¥1,234.50", "￥１，２３４．５０", "1234.5", "1 234.50元", "RMB 1,234.50"])
def test_an_amount_as_people_write_it(table: Path, amount: str) -> None:
    found = read(table, f'TX-01,黑色 XL,yiwu,A-1,名,黑,1,"{amount}",1300').find(LINE)
    assert found is not None and found.cost == 123450


def test_cells_with_line_breaks_do_not_shift_the_lines_told(table: Path) -> None:
    two_lines = ROW.replace("纯棉T恤", '"纯棉\r\nT恤"')
    assert mistakes(table, two_lines, "TX-02,白,nobody,A-1,名,白,1,18,20")[0][0] == 4


@pytest.mark.parametrize(
    "head, words",
    [
        (HEAD.replace("限价", "限介"), ["限介", "“限价”?"]),
        (HEAD.replace(",限价", ""), ["限价"]),
        (HEAD + ",限价", ["限价", "twice"]),
        (HEAD.replace(",", ";"), ["商家编码"]),
        ("", ["商家编码", "限价"]),
    ],
)
def test_the_first_row(table: Path, head: str, words: list[str]) -> None:
    told = mistakes(table, head=head)
    assert {line for line, _text in told} == {1}
    assert all(any(word in text for _line, text in told) for word in words)


def test_too_many_cells(table: Path) -> None:
    told = mistakes(table, ROW.replace("黑色 XL", "黑色, XL"), "TX-02,白,nobody,A-1,名,白,1,18,20")
    assert [line for line, _text in told] == [2, 3], "told beside the others"


def test_a_mistake_names_row_and_column_as_excel_does(table: Path) -> None:
    told = mistakes(table, ROW, "TX-02,白,yiwu,6.92E+18,名,白,1,18,20", head=HEAD)
    assert told[0][0] == 3 and told[0][1].startswith("column D “货号”: “6.92E+18” is a long number that Excel has spoilt")
    assert "Format Cells, Text" in told[0][1]


def test_a_doubled_key_names_both_rows(table: Path) -> None:
    (line, text), *others = mistakes(table, ROW, "", ROW)
    assert line == 4 and "line 2" in text and "column A “商家编码”: “TX-01”" in text and "黑色 XL" in text and not others


def test_an_open_quote(table: Path) -> None:
    assert "quote" in mistakes(table, ROW, 'TX-02,"白,yiwu')[0][1]


@pytest.mark.parametrize("raw", [b"\xff\xfe\x00\xd8", "限价".encode("utf-16"), b"\x81"])
def test_other_encodings(table: Path, raw: bytes) -> None:
    table.write_bytes(raw)
    with pytest.raises(Problems):
        read_products(table, ["yiwu"])


@pytest.mark.parametrize("name", ["products.csv", "products.xlsx"])
def test_no_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(Problems) as told:
        read_products(tmp_path / name, ["yiwu"])
    assert "cannot be read" in told.value.what


def test_an_empty_table_is_a_table(table: Path) -> None:
    assert read(table).by_key == {}


# ---- by the shop's product id

ID = "3551234567890123456"
IDS = "商品ID," + HEAD
BY_ID = replace(LINE, product_id=ID)


def test_the_product_id_says_more_than_the_merchant_code(table: Path) -> None:
    products = read(table, f"{ID},,黑色 XL,yiwu,A-9,另一件,黑,1,18,20", f",{ROW}", head=IDS)
    by_id = products.find(BY_ID)
    assert by_id is not None and by_id.product == "A-9"
    assert products.find(LINE) == products.find(replace(LINE, product_id="3559999999999999999")) == XL
    assert products.find(replace(BY_ID, specification="黑色 L")) is None
    assert products.find(replace(BY_ID, merchant_code="")) == by_id, "a line without a code has its id"


OTHER_ID = "3559999999999999999"
A_COPY = replace(LINE, product_id=OTHER_ID)


def test_a_row_with_an_id_is_for_that_product_alone_though_a_copied_listing_keeps_its_code(table: Path) -> None:
    products = read(table, f"{ID},{ROW}", head=IDS)
    assert (products.find(BY_ID), products.find(A_COPY)) == (XL, None)
    assert products.find(LINE) == XL, "a line that shows no id has only its code"


def test_two_listings_with_one_code_may_be_two_products(table: Path) -> None:
    products = read(table, f"{ID},{ROW}", f"{OTHER_ID},{ROW}", head=IDS)
    assert products.find(BY_ID) == products.find(A_COPY) == products.find(LINE) == XL
    products = read(table, f"{ID},{ROW}", f"{OTHER_ID},{ROW.replace('A-1001', 'A-1002')}", head=IDS)
    copied = products.find(A_COPY)
    assert products.find(BY_ID) == XL and copied is not None and copied.product == "A-1002"
    assert products.find(LINE) is None, "nobody knows which of the two it is"


def test_a_row_without_an_id_is_for_all_others_with_its_code(table: Path) -> None:
    products = read(table, f"{ID},{ROW.replace('A-1001', 'A-1002')}", f",{ROW}", head=IDS)
    named = products.find(BY_ID)
    assert named is not None and named.product == "A-1002"
    assert products.find(A_COPY) == XL
    assert products.find(LINE) is None, "nobody knows which of the two it is"
    assert read(table, f"{ID},{ROW}", f",{ROW}", head=IDS).find(LINE) == XL


@pytest.mark.parametrize(
    "rows, told",
    [
        ((f"{ID},{ROW}", f"{ID},TX-02{ROW[5:]}"), [(3, "column A “商品ID”: “3551234567890123456”")]),
        ((f",{ROW}", f",{ROW}"), [(3, "column B “商家编码”: “TX-01”")]),
        ((f"{ID},{ROW}", f"{ID},{ROW}"), [(3, "column A")]),
        ((f"3.55E+18,{ROW}",), [(2, "has spoilt")]),
        ((f"3551234567890120000,{ROW}",), [(2, "last digits Excel has made 0")]),
        ((f"35A,{ROW}",), [(2, "is no product id")]),
        ((f",,{ROW[6:]}",), [(2, "column B “商家编码”: “” is empty")]),
    ],
)
def test_mistakes_of_the_ids(table: Path, rows: tuple[str, ...], told: list[tuple[int, str]]) -> None:
    found = mistakes(table, *rows, head=IDS)
    assert len(found) == len(told)
    for (line, text), (meant, words) in zip(found, told, strict=True):
        assert line == meant and words in text


def test_an_id_that_really_ends_with_a_zero_or_two_is_taken(table: Path) -> None:
    assert read(table, f"3551234567890123400,{ROW}", head=IDS).by_id
