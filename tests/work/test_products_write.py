"""A row added to the products table: nothing else in the file changes, and a file that is open is left alone."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agent.errors import ConfigError
from agent.models import Fen, SupplierProduct
from agent.work.products import read_products
from agent.work.products_table import tidy
from agent.work.products_write import NewProduct, add_product
from tests.work.tables import HEAD, LINE, ROW, XL, cells, workbook

NEW = NewProduct("TX-02", "3-5", SupplierProduct("yiwu", "007123", "=短袖, T恤", "黑 / L", 2, Fen(1250), Fen(1300)))
ADDED = "TX-02,'3-5,yiwu,'007123,\"'=短袖, T恤\",黑 / L,2,12.50,13.00"

Make = Callable[[Path], None]


def a_csv(path: Path) -> None:
    path.write_bytes(f"{HEAD}\r\n{ROW}\r\n".encode("utf-8-sig"))


def a_workbook(path: Path) -> None:
    workbook(cells()).save(path)


@pytest.fixture(params=[a_csv, a_workbook])
def table(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    make: Make = request.param
    path = tmp_path / ("products.csv" if make is a_csv else "products.xlsx")
    make(path)
    return path


def found(path: Path, row: NewProduct) -> SupplierProduct | None:
    line = replace(LINE, merchant_code=row.merchant_code, specification=row.shop_specification)
    return read_products(path, [row.product.supplier, "yiwu"]).find(line)


def refused(path: Path, row: NewProduct = NEW) -> ConfigError:
    """Why the row is not added; the file and the folder stay as they were."""
    before = path.read_bytes()
    with pytest.raises(ConfigError) as told:
        add_product(path, row)
    assert path.read_bytes() == before
    assert not path.with_name(f"{path.name}.new").exists()
    assert told.value.where.file == path and all(told.value.lines())
    return told.value


def test_a_row_is_added_and_the_old_table_kept_beside(table: Path) -> None:
    before = table.read_bytes()
    table.chmod(0o640)
    add_product(table, NEW)
    assert found(table, NEW) == NEW.product and read_products(table, ["yiwu"]).find(LINE) == XL
    assert table.with_name(f"{table.name}.bak").read_bytes() == before
    assert os.name != "posix" or table.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in table.parent.iterdir()) == [table.name, f"{table.name}.bak"]


def test_one_row_after_the_other(table: Path) -> None:
    for number in range(3):
        add_product(table, replace(NEW, merchant_code=f"N-{number}"))
    assert len(read_products(table, ["yiwu"]).by_key) == 4


def test_a_copied_listing_gets_a_row_of_its_own_beside_the_one_with_its_code(tmp_path: Path) -> None:
    table, ours = tmp_path / "products.csv", "3551234567890123456"
    table.write_text(f"商品ID,{HEAD}\n{ours},{ROW}\n", encoding="utf-8")
    copied = replace(LINE, product_id="3559999999999999999")
    assert read_products(table, ["yiwu"]).find(copied) is None
    add_product(table, NewProduct(copied.merchant_code, copied.specification, NEW.product, copied.product_id))
    products = read_products(table, ["yiwu"])
    assert (products.find(copied), products.find(replace(LINE, product_id=ours))) == (NEW.product, XL)


def test_a_table_that_is_a_link_stays_one(table: Path) -> None:
    link = table.parent / "elsewhere" / table.name
    link.parent.mkdir()
    try:
        link.symlink_to(table)
    except OSError:
        pytest.skip("links are not allowed here")
    add_product(link, NEW)
    assert link.is_symlink() and found(table, NEW) == NEW.product


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gbk"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("last", [True, False])
def test_every_byte_of_a_csv_stays(tmp_path: Path, encoding: str, end: str, last: bool) -> None:
    table = tmp_path / "products.csv"
    before = (f'{HEAD},备注{end}{ROW},"冬天{end}卖"{end}{end},,,,,,,,,' + end * last).encode(encoding)
    table.write_bytes(before)
    add_product(table, NEW)
    added = ("" if last else end) + f"{ADDED},{end}"
    assert table.read_bytes() == before + added.encode(encoding.removesuffix("-sig"))


def test_columns_in_the_seller_s_own_order(tmp_path: Path) -> None:
    table = tmp_path / "products.csv"
    table.write_text("限价,备注,进价,每份件数,规格,商品标题,货号,供应商,店铺规格,商家编码", encoding="utf-8")
    add_product(table, replace(NEW, product=replace(NEW.product, title="短袖")))
    assert table.read_text(encoding="utf-8").splitlines()[1] == "13.00,,12.50,2,黑 / L,短袖,'007123,yiwu,'3-5,TX-02"


@pytest.mark.parametrize("lock", ["~${}", ".~{}", ".~lock.{}#"])
def test_a_table_that_is_open(table: Path, lock: str) -> None:
    beside = table.with_name(lock.format(table.name))
    beside.touch()
    told = refused(table)
    assert "open in Excel" in told.what and beside.name in told.lines()[2]
    beside.unlink()
    add_product(table, NEW)


@pytest.mark.parametrize(
    "error, word", [(PermissionError(13, "denied"), "open in Excel"), (OSError(28, "No space left"), "No space left")]
)
@pytest.mark.parametrize("fails", ["replace", "fsync"])
def test_a_table_that_cannot_be_written(
    table: Path, monkeypatch: pytest.MonkeyPatch, fails: str, error: OSError, word: str
) -> None:
    def failing(*_arguments: object) -> None:
        raise error

    monkeypatch.setattr(os, fails, failing)
    assert word in refused(table).what


def test_a_table_that_is_changed_meanwhile(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fsync = os.fsync
    saved = table.read_bytes() + b" "

    def saves_it_again(number: int) -> None:
        fsync(number)
        table.write_bytes(saved)

    monkeypatch.setattr(os, "fsync", saves_it_again)
    with pytest.raises(ConfigError, match="was changed"):
        add_product(table, NEW)
    assert table.read_bytes() == saved


def test_a_key_that_is_there_already(table: Path) -> None:
    told = refused(table, replace(NEW, merchant_code="ＴX-01", shop_specification="黑色  XL"))
    assert told.where.line == 2 and "line 2 already" in told.what


@pytest.mark.parametrize(
    "row",
    [
        replace(NEW, merchant_code=" "),
        replace(NEW, merchant_code="1.23E+18"),
        replace(NEW, merchant_code=" TX-02"),
        replace(NEW, product=replace(NEW.product, title="短袖 ")),
        replace(NEW, product=replace(NEW.product, title="")),
        replace(NEW, product=replace(NEW.product, supplier="")),
        replace(NEW, product=replace(NEW.product, product="6.92E+18")),
        replace(NEW, product=replace(NEW.product, pack=0)),
        replace(NEW, product=replace(NEW.product, cost=Fen(0))),
        replace(NEW, product=replace(NEW.product, cost=Fen(1301))),
        replace(NEW, product=replace(NEW.product, ceiling=Fen(-1))),
    ],
)
def test_a_row_that_would_not_read_back(table: Path, row: NewProduct) -> None:
    assert "would not read back" in refused(table, row).what


def test_a_letter_that_is_none(table: Path) -> None:
    assert "\\ud800" in refused(table, replace(NEW, product=replace(NEW.product, title="短\ud800袖"))).what


def test_a_letter_that_gbk_does_not_have(tmp_path: Path) -> None:
    table = tmp_path / "products.csv"
    table.write_bytes(f"{HEAD}\r\n".encode("gbk"))
    told = refused(table, replace(NEW, product=replace(NEW.product, title="短袖👕")))
    assert "“👕”" in told.what and "GBK" in told.what and "UTF-8" in told.lines()[2]


def test_a_table_with_a_mistake_is_not_added_to(tmp_path: Path) -> None:
    table = tmp_path / "products.csv"
    table.write_text(f"{HEAD}\n{ROW}\n{ROW}\n", encoding="utf-8")
    assert refused(table).where.line == 3


@pytest.mark.parametrize("name", ["products.csv", "products.xlsx", "products.xls"])
def test_no_table(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError):
        add_product(tmp_path / name, NEW)
    assert not list(tmp_path.iterdir())


LETTERS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=12)
TRAPS = st.sampled_from(
    ["=1+1", "+86", "-5", "@a", "'a", "''", "007", "1E5", "3-5", "_x0041_", "a,b", '"', "a\nb", "<&>", "]]>"]
)
TEXTS = (LETTERS | TRAPS).filter(lambda text: text == tidy(f"'{text}"))
FILLED = TEXTS.filter(bool)
FENS = st.integers(1, 99_999_999).map(Fen)
ROWS = st.builds(
    NewProduct,
    FILLED.filter(lambda code: bool(code.split()) and "E+" not in code.upper()),
    TEXTS,
    st.builds(SupplierProduct, FILLED, FILLED, FILLED, TEXTS, st.integers(1, 1000), FENS, st.just(Fen(99_999_999))),
)


@settings(max_examples=50)
@given(ROWS)
@example(replace(NEW, merchant_code="_x005F_x0041_", shop_specification="\x07 a"))
@pytest.mark.parametrize("make, name", [(a_csv, "products.csv"), (a_workbook, "products.xlsx")])
def test_whatever_is_added_reads_back(make: Make, name: str, row: NewProduct) -> None:
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / name
        make(table)
        add_product(table, row)
        assert found(table, row) == row.product


@pytest.mark.parametrize("name", ["products.csv", "products.xlsx"])
def test_a_product_id_is_added_where_the_table_has_a_column_for_it(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with_ids = f"商品ID,{HEAD}"
    if name.endswith("csv"):
        path.write_bytes(f"{with_ids}\r\n,{ROW}\r\n".encode("utf-8-sig"))
    else:
        workbook(["", *cells()], head=with_ids).save(path)
    row = replace(NEW, merchant_code="", product_id="3551234567890123456")
    add_product(path, row)
    line = replace(LINE, merchant_code="", specification=NEW.shop_specification, product_id=row.product_id)
    assert read_products(path, ["yiwu"]).find(line) == NEW.product
    assert "column A “商品ID”" in refused(path, row).what
    assert "would not read back" in refused(path, replace(row, product_id="3551234567890120000")).what


def test_without_that_column_the_merchant_code_has_to_do(table: Path) -> None:
    assert "no column “商品ID”" in refused(table, replace(NEW, merchant_code="", product_id="3551234567890123456")).what
    add_product(table, replace(NEW, product_id="3551234567890123456"))
    assert found(table, NEW) == NEW.product
