"""Parcels as the pages of both sides list them: what is in which, what the shop still waits for, and what its page proves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from agent.errors import Mismatch
from agent.models import Fen, OrderLine, Phone, PurchaseLine, Reading, Row, SupplierProduct, WriteState
from agent.work.parcels import (
    Inside,
    Parcel,
    changed_state,
    form_of,
    insides,
    parcels_of,
    same_receiver,
    sent,
    shown_state,
    to_enter,
)
from tests.work.given import RECEIVER

ONE, TWO = "YT9693083639795", "YT9693083639796"
SHIRT = SupplierProduct("yiwu", "A1", "纯棉T恤", "黑色 XL", 1, Fen(1800), Fen(2000))
CUP = SupplierProduct("yiwu", "B2", "保温杯", "白", 2, Fen(900), Fen(1000))  # a pack of two is one of the shop's
LINES = (PurchaseLine("a", SHIRT, 3), PurchaseLine("b", CUP, 4))


def parcel_row(number: str, product: SupplierProduct | None = None, quantity: int = 0, carrier: str = "圆通") -> Row:
    goods = {"title": product.title, "specification": product.specification, "quantity": quantity} if product else {}
    return {"carrier": carrier, "tracking_number": number, **goods}


def goods_row(product: SupplierProduct, quantity: int) -> Row:
    return {"title": product.title, "specification": product.specification, "quantity": quantity, "unit_price": 900}


def page(*rows: Row, state: str = "shipped", lines: tuple[Row, ...] = ()) -> Reading:
    return Reading({"state": state, "shipments": rows, "lines": lines}, {}, {})


WHOLE = {"a": 3, "b": 2}


@pytest.mark.parametrize(
    ("pages", "inside"),
    [
        ((page(),), {}),
        ((page(parcel_row(ONE), state="placed"),), {}),
        ((page(parcel_row("已发货")),), {}),
        ((page(parcel_row(ONE)),), {ONE: WHOLE}),
        ((page(parcel_row(ONE), state="partly_shipped"),), {ONE: None}),
        ((page(parcel_row(ONE, SHIRT, 3), state="partly_shipped"),), {ONE: {"a": 3}}),
        ((page(parcel_row(ONE, SHIRT, 2)),), {ONE: {"a": 2}}),
        ((page(parcel_row(ONE), parcel_row(TWO)),), {ONE: None, TWO: None}),
        ((page(parcel_row(f"{ONE}、{TWO}")),), {ONE: None, TWO: None}),
        ((page(parcel_row(f"{ONE}/{ONE}")),), {ONE: WHOLE}),
        ((page(parcel_row(ONE, SHIRT, 3), parcel_row(TWO, CUP, 4)),), {ONE: {"a": 3}, TWO: {"b": 2}}),
        (
            (page(parcel_row(ONE, SHIRT, 3), parcel_row(ONE, CUP, 2), parcel_row(TWO, CUP, 2)),),
            {ONE: {"a": 3, "b": 1}, TWO: {"b": 1}},
        ),
        ((page(parcel_row(ONE, CUP, 3), parcel_row(TWO, CUP, 1)),), {ONE: None, TWO: None}),  # half a pack
        ((page(parcel_row(ONE, SHIRT, 3), parcel_row(TWO)),), {ONE: {"a": 3}, TWO: None}),
        # the supplier made two orders of it: each has its own parcel
        (
            (page(parcel_row(ONE), lines=(goods_row(SHIRT, 3),)), page(parcel_row(TWO), lines=(goods_row(CUP, 4),))),
            {ONE: {"a": 3}, TWO: {"b": 2}},
        ),
        ((page(parcel_row(ONE), lines=(goods_row(SHIRT, 3),)), page(state="placed")), {ONE: {"a": 3}}),
        # or one parcel for both
        (
            (page(parcel_row(ONE), lines=(goods_row(SHIRT, 3),)), page(parcel_row(ONE), lines=(goods_row(CUP, 4),))),
            {ONE: WHOLE},
        ),
    ],
)
def test_what_is_in_the_parcels_of_a_purchase(pages: tuple[Reading, ...], inside: Mapping[str, Inside | None]) -> None:
    parcels = sent(pages)
    told = insides(LINES, parcels, orders=len(pages))
    assert {parcel.tracking_number: one for parcel, one in zip(parcels, told, strict=True)} == inside


def test_two_lines_of_one_product_are_filled_one_after_the_other() -> None:
    lines = (PurchaseLine("a", SHIRT, 1), PurchaseLine("c", SHIRT, 2))
    parcels = sent([page(parcel_row(ONE, SHIRT, 2), parcel_row(TWO, SHIRT, 1))])
    assert insides(lines, parcels) == [{"a": 1, "c": 1}, {"c": 1}]


def test_one_number_on_two_orders_is_picked_up_when_both_are() -> None:
    pages = [page(parcel_row(ONE), state="picked_up"), page(parcel_row(ONE))]
    assert [parcel.picked_up for parcel in sent(pages)] == [False]
    assert [parcel.picked_up for parcel in sent([pages[0]])] == [True]


def test_other_words_of_the_supplier_stop_the_order() -> None:
    with pytest.raises(Mismatch, match="自提"):
        sent([page(parcel_row("自提"))])


@pytest.mark.parametrize(
    "pages",
    [
        [page(parcel_row(ONE, SHIRT, 3), parcel_row(ONE, CUP, 4, carrier="中通"))],
        [page(parcel_row(ONE)), page(parcel_row(ONE, carrier="中通"))],
    ],
)
def test_two_carriers_of_one_number_are_believed_neither(pages: list[Reading]) -> None:
    with pytest.raises(Mismatch, match=f"more than one carrier for tracking number {ONE}") as stopped:
        sent(pages)
    assert stopped.value.reason == "tracking"


def test_a_carrier_named_once_or_in_two_spellings_is_one() -> None:
    rows = (parcel_row(ONE, SHIRT, 3), parcel_row(ONE, CUP, 4, carrier=""), parcel_row(ONE, CUP, 4, carrier="YTO"))
    assert [parcel.carrier for parcel in sent([page(*rows)])] == ["圆通"]


def shop_row(number: str, line: str = "", quantity: int = 1) -> Row:
    return {"carrier": "圆通速递", "tracking_number": number, **({"line_number": line, "quantity": quantity} if line else {})}


@pytest.mark.parametrize(
    ("rows", "parcels"),
    [
        ((), []),
        ((shop_row(ONE),), [(ONE, None)]),
        ((shop_row(ONE, "1"), shop_row(ONE, "2", 3)), [(ONE, {"1": 1, "2": 3})]),
        ((shop_row(ONE, "1"), shop_row(TWO, "2")), [(ONE, {"1": 1}), (TWO, {"2": 1})]),
        ((shop_row(ONE, "1"), shop_row(ONE, "1")), [(ONE, {"1": 1}), (ONE, {"1": 1})]),
        ((shop_row(ONE), shop_row(ONE)), [(ONE, None), (ONE, None)]),
    ],
)
def test_parcels_of_the_shops_page(rows: tuple[Row, ...], parcels: list[tuple[str, Inside | None]]) -> None:
    assert [(one.tracking_number, one.inside) for one in parcels_of(page(*rows))] == parcels


def line(number: str, quantity: int, after_sales: Any = "none") -> OrderLine:
    return OrderLine(number, f"goods {number}", "", "", quantity, after_sales, "ordinary")


A, B = line("a", 3), line("b", 2)


@pytest.mark.parametrize(
    ("lines", "inside", "entered", "going"),
    [
        ((A, B), WHOLE, {}, (WHOLE, True)),
        ((A, B), {"a": 3}, {}, ({"a": 3}, False)),
        ((A, B), {"b": 2}, {"a": 3}, ({"b": 2}, False)),  # the last one: but something went before
        ((A, line("b", 2, "refunded")), WHOLE, {}, ({"a": 3}, False)),
        ((A, line("b", 2, "open")), {"a": 3}, {}, ({"a": 3}, False)),
        ((A, line("b", 2, "closed")), WHOLE, {}, (WHOLE, True)),
        ((line("a", 3, "refunded"), B), {"a": 3}, {}, ({}, False)),
    ],
)
def test_what_of_a_parcel_is_entered(
    lines: tuple[OrderLine, ...], inside: Inside, entered: Inside, going: tuple[Inside, bool]
) -> None:
    assert to_enter(lines, inside, entered) == going


@pytest.mark.parametrize(
    ("lines", "inside", "entered", "words"),
    [
        ((A, line("b", 2, "open")), WHOLE, {}, "asks for a refund of goods b"),
        ((A,), WHOLE, {}, "does not show line b"),
        ((A, B), WHOLE, {"a": 1}, "more in the parcel"),
        ((A, B), {"a": 4}, {}, "more in the parcel"),
    ],
)
def test_what_stops_a_parcel(lines: tuple[OrderLine, ...], inside: Inside, entered: Inside, words: str) -> None:
    with pytest.raises(Mismatch, match=words) as stopped:
        to_enter(lines, inside, entered)
    assert stopped.value.reason in ("changed", "tracking"), "what is in the way of a parcel"


@pytest.mark.parametrize(
    ("whole", "form"),
    [([True], "ship_order"), ([False], "ship_parcel"), ([True, True], "ship_merged"), ([False, True], "ship_merged")],
)
def test_the_form(whole: list[bool], form: str) -> None:
    assert form_of(whole) == form


MEANT = Parcel("圆通", ONE, {"a": 3})
OURS, OTHER = Parcel("圆通速递", ONE, {"a": 3}), Parcel("中通快递", TWO, {"b": 2})


@pytest.mark.parametrize(
    ("shown", "known", "state"),
    [
        ([], (), None),
        ([OTHER], (TWO,), None),
        ([OTHER], (), "held"),
        ([OURS], (), "confirmed"),
        ([OURS, OTHER], (TWO,), "confirmed"),
        ([OURS, OTHER], (), "held"),
        ([OURS, OURS], (), "held"),
        ([replace(OURS, carrier="申通快递")], (), "held"),
        ([replace(OURS, inside={"a": 2})], (), "held"),
        ([replace(OURS, inside=None)], (), "confirmed"),
    ],
)
def test_what_the_shops_page_proves_of_a_number(shown: list[Parcel], known: tuple[str, ...], state: WriteState | None) -> None:
    assert shown_state(MEANT, shown, known) == state


@pytest.mark.parametrize(
    ("shown", "state"),
    [
        ([OTHER], None),
        ([OURS], "confirmed"),
        ([OURS, OTHER], "held"),  # both: something was added, not changed
        ([], "held"),
        ([replace(OURS, carrier="申通快递")], "held"),
        ([OURS, OURS], "held"),
    ],
)
def test_what_the_shops_page_proves_of_a_change(shown: list[Parcel], state: WriteState | None) -> None:
    assert changed_state(MEANT, TWO, shown) == state


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({}, True),
        ({"phone": Phone("18400913965", "1111")}, True),  # a virtual number of its own for each order
        ({"phone": Phone("13800138000")}, True),
        ({"name": "李四"}, False),
        ({"detail": "永西路88号"}, False),
    ],
)
def test_who_may_share_a_parcel(changed: Mapping[str, Any], same: bool) -> None:
    assert same_receiver(RECEIVER, replace(RECEIVER, **changed)) is same
    assert not same_receiver(RECEIVER, None)
    plain = replace(RECEIVER, phone=Phone("13800138000"))
    assert not same_receiver(plain, replace(plain, phone=Phone("13800138001")))
