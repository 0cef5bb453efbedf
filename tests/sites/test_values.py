"""What a page shows, turned into values by type, and refused where it is not plainly one."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.models import SHANGHAI, Percent, Unreadable
from agent.sites.contract import WordType
from agent.sites.values import NotUnderstood, cell, how_to_mend, parse, percent_of, same_words, squeeze

STATES = {"placed": ("待发货", "配货中"), "shipped": ("已发货",), "cancelled": ()}


@pytest.mark.parametrize(
    ("kind", "shown", "value"),
    [
        ("money", "¥1,234.50", 123450),
        ("money", "￥ 12.3 元", 1230),
        ("money", "１２元", 1200),
        ("money", "￥１，２３４．５０", 123450),
        ("money", "1 234.50", 123450),
        ("money", "12.3", 1230),
        ("money", "RMB 0.01", 1),
        ("money", "1234567.89", 123456789),
        ("money", "¥18.00 ¥18.00", 1800),
        ("money", "1,234.50元1,234.50元", 123450),
        ("change", "-12.30", -1230),
        ("change", "¥-1,000.00", -100000),
        ("change", "−5元", -500),
        ("change", "+12.30", 1230),
        ("change", "１２元", 1200),
        ("day", "2026-11-22", date(2026, 11, 22)),
        ("day", "2028年2月29日 18:00", date(2028, 2, 29)),
        ("time", "2026-11-22 18:00", datetime(2026, 11, 22, 18, 0, tzinfo=SHANGHAI)),
        ("time", "2026/11/22 18:00:05", datetime(2026, 11, 22, 18, 0, 5, tzinfo=SHANGHAI)),
        ("time", "2026年1月2日 8:05", datetime(2026, 1, 2, 8, 5, tzinfo=SHANGHAI)),
        ("time", "2026-11-22T10:00:00Z", datetime(2026, 11, 22, 10, 0, tzinfo=UTC)),
        ("quantity", " 2 ", 2),
        ("quantity", "１２", 12),
        ("count", "0", 0),
        ("stock", "库存50件", 50),
        ("stock", "1,204", 1204),
        ("stock", "缺货", 0),
        ("count", "1,204", 1204),
        ("number_text", " 6917-AB_1 ", "6917-AB_1"),
        ("text", "  黑色 / XL  ", "黑色 / XL"),
        ("text", "", ""),
        ("name", " 张三 ", "张三"),
        ("state", "配 货 中", "placed"),
        ("state", "已发货", "shipped"),
        ("kind", "配 货 中", "placed"),
        ("kind", " 拼团 ", "拼团"),
        ("kind", "", ""),
    ],
)
def test_read(kind: WordType, shown: str, value: object) -> None:
    assert parse(kind, shown, table=STATES) == value


@pytest.mark.parametrize(
    ("kind", "shown", "why"),
    [
        ("money", "12.345", "more than two decimals"),
        ("money", "12.300", "more than two decimals"),
        ("money", "-12.00", "below zero"),
        ("money", "¥-12.00", "below zero"),
        ("money", "$12.00", "not in yuan"),
        ("money", "US$ 12", "not in yuan"),
        ("money", "12 EUR", "not in yuan"),
        ("money", "1.234,50", "no amount"),
        ("money", "12,34", "no amount"),
        ("money", "1,2345.00", "no amount"),
        ("money", "¥12 ¥13", "no amount"),
        ("money", "¥12 ¥12 ¥12", "no amount"),
        ("money", "12.00 12.00", "no amount"),
        ("money", "1.2万", "no amount"),
        ("money", "1280分", "no amount"),
        ("money", "12元80分", "no amount"),
        ("money", "12 34", "no amount"),
        ("money", "¥12 80", "no amount"),
        ("money", "－12.00", "below zero"),
        ("money", "１２．３４５", "more than two decimals"),
        ("money", "HK$12.00", "not in yuan"),
        ("money", "1,200円", "not in yuan"),
        ("money", "USD12", "not in yuan"),
        ("money", "5%", "no amount"),
        ("money", "包邮", "no amount"),
        ("money", "", "no amount"),
        ("change", "--12.00", "below zero"),
        ("change", "-12.345", "more than two decimals"),
        ("change", "-$5", "not in yuan"),
        ("day", "2027-02-29", "no date"),
        ("day", "月底", "no date"),
        ("time", "2026-11-22", "no date with a time"),
        ("time", "11-22 18:00", "no date with a time"),
        ("time", "2026-02-30 18:00", "does not exist"),
        ("time", "2026-02-03 24:00", "does not exist"),
        ("quantity", "0", "less than 1"),
        ("quantity", "1.0", "no whole number"),
        ("quantity", "-1", "no whole number"),
        ("quantity", "2件", "no whole number"),
        ("quantity", "٣", "no whole number"),
        ("money", "٣", "no amount"),
        ("number_text", "", "no number"),
        ("number_text", "12 34", "no number"),
        ("phone", "  ", "nothing stands there"),
        ("state", "审核中", "待发货, 配货中, 已发货"),
    ],
)
def test_refused(kind: WordType, shown: str, why: str) -> None:
    with pytest.raises(NotUnderstood, match=why):
        parse(kind, shown, table=STATES)


@pytest.mark.parametrize(
    ("shown", "millionths"),
    [("0.6%", 6_000), ("5%", 50_000), ("５％", 50_000), ("0.6 %", 6_000), ("0%", 0), ("100%", 1_000_000), ("0.0001%", 1)],
)
def test_a_percentage(shown: str, millionths: int) -> None:
    assert percent_of(shown) == Percent(millionths)
    assert percent_of(str(Percent(millionths))) == Percent(millionths)


@pytest.mark.parametrize(
    ("shown", "why"),
    [
        ("5", "write 5% if that is meant"),
        ("0.05", "write 0.05% if that is meant"),
        ("100.01%", "more than 100%"),
        ("500%", "more than 100%"),
        ("-5%", "below zero"),
        ("－5%", "below zero"),
        ("0.00001%", "more than four decimals"),
        ("5%5%", "no percentage"),
        ("5,5%", "no percentage"),
        ("%", "no percentage"),
        ("五%", "no percentage"),
        ("", "no percentage"),
    ],
)
def test_a_percentage_that_is_none(shown: str, why: str) -> None:
    with pytest.raises(NotUnderstood, match=why):
        percent_of(shown)


@given(st.integers(min_value=0, max_value=10**11 - 1))
def test_money_comes_back_from_how_it_is_shown(fen: int) -> None:
    assert parse("money", f"¥{fen // 100}.{fen % 100:02}") == fen
    assert parse("money", f"{fen // 100:,}.{fen % 100:02}元") == fen


@given(st.text(max_size=20))
def test_what_is_no_value_is_refused_and_nothing_else(shown: str) -> None:
    kinds: tuple[WordType, ...] = ("money", "time", "quantity", "count", "number_text", "state", "name")
    for kind in kinds:
        try:
            parse(kind, shown, table=STATES)
        except NotUnderstood as why:
            assert str(why)


def test_cell() -> None:
    assert cell("total", "¥1.00") == 100
    assert cell("total", None) is None
    assert cell("total", "¥1.005") == Unreadable("¥1.005", "`¥1.005` has more than two decimals")


@pytest.mark.parametrize("shown", ["包邮", " 包 邮 ", "免运费", "免邮", "免费", "卖家包邮"])
def test_freight_that_costs_nothing_is_said_in_words(shown: str) -> None:
    assert cell("freight", shown) == 0
    for word in ("unit_price", "goods_total", "total", "discount", "price"):
        assert isinstance(cell(word, shown), Unreadable)


@pytest.mark.parametrize("shown", ["满99包邮", "包邮区", "不包邮", "包邮 ¥6.00", "运费到付", "免", "-", ""])
def test_other_words_are_no_freight(shown: str) -> None:
    assert isinstance(cell("freight", shown), Unreadable)


def test_only_a_state_is_mended_by_a_table_of_words() -> None:
    assert "Add the site's word" in how_to_mend("state") and "Add the site's word" in how_to_mend("order_kind")
    for word in ("freight", "quantity", "ordered_at"):
        assert "Add" not in how_to_mend(word) and "Mend that place" in how_to_mend(word)


def test_words_as_a_person_reads_them() -> None:
    assert same_words("确 定", "确定")
    assert same_words("ＯＫ", "ok")
    assert same_words("已\u200b发货 ", "已发货")
    assert not same_words("L", "XL")
    assert squeeze("①\u3000Ａ b") == "1ab"
