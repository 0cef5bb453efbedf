"""Comparing: the place where a wrong parcel is prevented. Each kind is told right from wrong, both ways."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.models import Fen, Percent, PurchaseLine, Reading, Unreadable
from agent.work.compare import differences
from tests.work.given import CUP, MEANT, PURCHASE, ROWS, SHIRT, XL, one_line, page, row, words

L = "黑色 L"


def test_the_page_that_was_meant_passes() -> None:
    assert differences(MEANT, page()) == ()


# --- reference, note --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shown", ["PPX2HTAT1YC", "PPX2HTAT1YCV", "ppx2htat1ycw", "PPX2HTAT1YCWX", "", None, "gone"])
def test_another_reference(shown: object) -> None:
    assert words(differences(MEANT, page(reference=shown))) == {"reference"}


def test_a_site_without_any_reference_is_compared_in_all_else() -> None:
    meant = replace(MEANT, hidden=frozenset({"reference"}))
    assert differences(meant, page(reference="gone")) == ()
    assert words(differences(meant, page(reference="PPX2HTAT1YCV"))) == {"reference"}, "what it does show must be right"
    assert words(differences(meant, page(reference="gone", freight=None))) == {"freight"}


def test_the_note() -> None:
    assert differences(MEANT, page(supplier_note="gone")) == ()  # the flow does not read it
    assert differences(replace(MEANT, note=""), page(supplier_note=None)) == ()
    assert words(differences(MEANT, page(supplier_note=""))) == {"supplier_note"}
    assert words(differences(MEANT, page(supplier_note=MEANT.note + " 加急"))) == {"supplier_note"}
    assert words(differences(replace(MEANT, note=""), page(supplier_note="昨天的留言"))) == {"supplier_note"}


# --- lines ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "meant, shown", [(XL, "黑色 XL"), (XL, " 黑色\u00a0XL "), (XL, "黑色  ＸＬ"), ("①号", "1号"), ("", ""), ("", None)]
)
def test_the_same_specification(meant: str, shown: object) -> None:
    assert differences(one_line(meant), page((row(specification=shown),))) == ()


@pytest.mark.parametrize(
    "meant, shown",
    [
        ("L", "XL"),
        ("XL", "L"),
        ("XL", "XXL"),
        (XL, L),
        (XL, "黑色 xl"),
        (XL, "黑色XL"),
        ("黑色XL", XL),
        (XL, "黑色/XL"),
        (XL, "黑色 X L"),
        (XL, "黑色 XL 加绒"),
        (XL, "黑色"),
        (XL, "黑色\u200b XL"),
        (XL, "*色 XL"),
        (XL, ""),
        (XL, None),
        (XL, Unreadable("?", "cannot be read")),
        ("", XL),
    ],
)
def test_another_specification(meant: str, shown: object) -> None:
    assert words(differences(one_line(meant), page((row(specification=shown),)))) == {"lines"}


@given(st.text("LXSM0 ", min_size=1, max_size=5), st.text("LXSM0 ", min_size=1, max_size=5))
def test_no_size_passes_for_another(meant: str, shown: str) -> None:
    same = " ".join(meant.split()) == " ".join(shown.split())
    assert (differences(one_line(meant), page((row(specification=shown),))) == ()) is same


def test_both_specifications_are_told_together() -> None:
    (difference,) = differences(one_line(XL), page((row(specification=L),)))
    assert (difference.meant, difference.shown) == ("A-1001 / 纯棉T恤 / 黑色 XL × 3", "A-1001 / 纯棉T恤 / 黑色 L × 3")
    assert not difference.private and not difference.over_limit


@pytest.mark.parametrize("shown", [30, 2, 4, 1, 33, "3", None, Unreadable("三", "no number"), 0, -3])
def test_another_quantity(shown: object) -> None:
    assert "lines" in words(differences(one_line(), page((row(quantity=shown),))))


@pytest.mark.parametrize(
    "changed",
    [
        {"product": "A-1002"},
        {"product": "a-1001"},
        {"product": None},
        {"title": "纯棉T恤 儿童"},
        {"title": None},
        {"title": ""},
    ],
)
def test_another_product(changed: dict[str, object]) -> None:
    assert words(differences(one_line(), page((row(**changed),)))) == {"lines"}


def test_a_page_without_product_numbers_is_compared_by_title() -> None:
    rows = tuple({word: cell for word, cell in r.items() if word != "product"} for r in ROWS)
    assert differences(MEANT, page(rows)) == ()
    assert words(differences(MEANT, page((rows[0], {**rows[1], "title": "保温杯 350ml"})))) == {"lines"}


@pytest.mark.parametrize(
    "rows",
    [
        (*ROWS, row(SHIRT, 1, specification=L)),  # foreign goods in the basket
        (*ROWS, {"title": "运费险", "product": "", "specification": "", "unit_price": 50, "quantity": 1}),
        (*ROWS, ROWS[0]),  # doubled
        (ROWS[0],),  # missing
        (ROWS[0], row(CUP, 1)),
        (),
        None,
        "gone",
        (row(SHIRT, 2), row(CUP, 3)),  # quantities swapped
        (row(SHIRT, 3, specification="白"), row(CUP, 2, specification=XL)),  # specifications swapped
        (row(SHIRT, 1), row(SHIRT, 2), ROWS[1]),  # one row split in two: we put one in
    ],
)
def test_other_lines(rows: object) -> None:
    found = differences(MEANT, page(rows)) if isinstance(rows, tuple) else differences(MEANT, page(lines=rows))
    assert "lines" in words(found)


def test_the_order_of_rows_does_not_count() -> None:
    assert differences(MEANT, page((ROWS[1], ROWS[0]))) == ()


def test_two_lines_of_one_product_may_be_shown_as_one_row() -> None:
    twice = replace(PURCHASE, lines=(PurchaseLine("1", SHIRT, 1), PurchaseLine("2", SHIRT, 2)))
    meant = replace(MEANT, purchase=twice)
    assert differences(meant, page((row(SHIRT, 3),))) == ()
    assert differences(meant, page((row(SHIRT, 1), row(SHIRT, 2)))) == ()
    assert words(differences(meant, page((row(SHIRT, 1),)))) == {"lines"}
    assert words(differences(meant, page((row(SHIRT, 1), row(SHIRT, 1), row(SHIRT, 1))))) == {"lines"}


# --- money ------------------------------------------------------------------------------------------------------------


def test_thousands_freight_and_discount_add_up() -> None:
    assert page().values["goods_total"] == 252300  # ¥2,523.00 = 3 × ¥18.00 + 2 × ¥1,234.50
    assert differences(MEANT, page(discount=1000, total=252300 + 600 - 1000)) == ()
    assert differences(MEANT, page(freight=0, total=252300)) == ()
    assert differences(MEANT, page(discount="gone", goods_total="gone")) == ()


@pytest.mark.parametrize(
    "changed, wrong",
    [
        ({"total": 252901}, {"total"}),
        ({"total": 252899}, {"total"}),
        ({"total": 252300}, {"total"}),
        ({"freight": 601}, {"total"}),
        ({"discount": 1}, {"total"}),
        ({"goods_total": 252301}, {"goods_total"}),
        ({"goods_total": 2523}, {"goods_total"}),
        ({"total": None}, {"total"}),
        ({"total": "gone"}, {"total"}),
        ({"freight": "gone"}, {"freight"}),
        ({"freight": Unreadable("到付", "no amount")}, {"freight"}),
        ({"discount": 252900, "total": 0}, {"discount"}),  # under each other's words: the sum is right
        ({"discount": 252400, "total": 500}, {"discount"}),
        ({"discount": None}, {"discount"}),
        ({"discount": Unreadable("满减", "no amount")}, {"discount"}),
        ({"freight": -600, "total": 251700}, {"freight"}),
        ({"freight": "6.00"}, {"freight"}),
    ],
)
def test_money_that_does_not_add_up(changed: dict[str, object], wrong: set[str]) -> None:
    assert words(differences(MEANT, page(**changed))) == wrong


@pytest.mark.parametrize("price", [None, 0, -1800, "18.00", Unreadable("议价", "no amount")])
def test_a_unit_price_that_is_none(price: object) -> None:
    assert "lines" in words(differences(MEANT, page(({**ROWS[0], "unit_price": price}, ROWS[1]))))


def test_ceilings_are_allowed_to_the_fen() -> None:
    assert differences(MEANT, page((row(SHIRT, 3, 2000), ROWS[1]))) == ()
    (dear,) = differences(MEANT, page((row(SHIRT, 3, 2001), ROWS[1])))
    assert (dear.word, dear.over_limit) == ("unit_price", True) and "20.00" in dear.meant and "20.01" in dear.shown
    exactly = replace(MEANT, most_per_order=Fen(252900))
    assert differences(exactly, page()) == ()
    (over,) = differences(replace(MEANT, most_per_order=Fen(252899)), page())
    assert (over.word, over.over_limit) == ("total", True)


@pytest.mark.parametrize("tolerance", [Fen(90), Percent(50_000)])
@pytest.mark.parametrize(("price", "told"), [(1800, 0), (1890, 0), (1710, 0), (1891, 1), (1709, 1), (2001, 2)])
def test_a_price_that_changed_more_than_is_tolerated_is_told_with_both(tolerance: Fen | Percent, price: int, told: int) -> None:
    meant = replace(MEANT, tolerance=tolerance)
    found = differences(meant, page((row(SHIRT, 3, price), ROWS[1])))
    assert [(d.word, d.over_limit) for d in found] == [("unit_price", True)] * told
    if told:
        assert "18.00" in found[-1].meant and f"{price / 100:.2f}" in found[-1].shown
    assert differences(replace(meant, tolerance=None), page((row(SHIRT, 3, min(price, 2000)), ROWS[1]))) == ()


def test_a_price_that_changed_is_told_beside_what_is_wrong() -> None:
    found = differences(replace(MEANT, tolerance=Fen(0)), page((row(SHIRT, 4, 1801), ROWS[1])))
    assert {d.word for d in found if not d.over_limit} == {"lines"} and {d.word for d in found if d.over_limit} == {
        "unit_price"
    }


def test_a_sum_that_is_wrong_is_not_only_dear() -> None:
    found = differences(replace(MEANT, most_per_order=Fen(100)), page(total=252901))
    assert {d.over_limit for d in found} == {True, False}


@given(st.integers(1, 5000), st.integers(1, 60), st.integers(0, 3000), st.integers(-3, 3))
def test_only_the_exact_total_passes(price: int, quantity: int, freight: int, off: int) -> None:
    meant = replace(one_line(quantity=quantity), most_per_order=Fen(10**9))
    product = replace(SHIRT, ceiling=Fen(5000))
    meant = replace(meant, purchase=replace(PURCHASE, lines=(PurchaseLine("1", product, quantity),)))
    total = price * quantity + freight + off
    found = differences(meant, page((row(SHIRT, quantity, price),), freight=freight, total=total))
    assert (found == ()) == (off == 0)


def test_every_difference_is_told_at_once_and_a_buyers_are_marked() -> None:
    found = differences(
        MEANT, page((row(quantity=30), ROWS[1]), receiver_name="张*", phone="184****3965", reference="X", total=1)
    )
    assert words(found) == {"receiver_name", "phone", "reference", "lines", "total"}
    assert {d.word for d in found if d.private} == {"receiver_name", "phone"}


def test_an_empty_page_differs_in_every_word() -> None:
    found = differences(MEANT, Reading({}, {}, {}))
    assert words(found) == {"reference", "receiver_name", "phone", "region", "address", "lines", "freight", "total"}


def test_what_cannot_be_read_is_told_as_it_stood_there() -> None:
    (difference,) = differences(MEANT, page(freight=Unreadable("到付", "no amount of money")))
    assert difference.shown == "到付 (no amount of money)"
