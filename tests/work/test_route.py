"""Which supplier gets which lines, under which reference."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from agent.errors import Mismatch
from agent.ledger import StoredOrder, StoredPurchase
from agent.models import OrderLine, PurchaseOrder, SupplierProduct
from agent.work.products import Products
from agent.work.reference import reference
from agent.work.route import open_lines, route
from tests.work.given import CUP, NOON, SHIRT

NUMBER = "6920000000000000001"
ACCOUNTS = {"yiwu": "mall-yiwu", "hangzhou": "mall-hz"}
KETTLE = SupplierProduct("hangzhou", "K-1", "烧水壶", "1.7L", 1, SHIRT.cost, SHIRT.ceiling)
TABLE = Products(Path("products.csv"), {("T", "黑色 XL"): SHIRT, ("B", "白"): CUP, ("K", ""): KETTLE})


def line(number: str, code: str, specification: str, quantity: int = 1) -> OrderLine:
    return OrderLine(number, f"商品{code}", specification, code, quantity, "none", "ordinary")


def order(*lines: OrderLine) -> StoredOrder:
    return StoredOrder("xiaolin", NUMBER, NOON, None, "to_ship", "ordinary", "grey", "", "", "none", "ours", "", "", "", lines)


THREE = order(line("3", "B", "白", 2), line("1", "T", "黑色 XL"), line("2", "K", ""))


def made(purchase: PurchaseOrder, state: str = "planned") -> StoredPurchase:
    told = {name: getattr(purchase, name) for name in purchase.__slots__}
    return StoredPurchase(
        **told,
        state=state,  # type: ignore[arg-type]
        supplier_order_numbers=(),
        total=None,
        freight=None,
        placed_at=None,
        noted_at=None,
        on_my_word=False,
        write_state="",
    )


def test_one_purchase_a_supplier_counted_by_its_first_line() -> None:
    first, second = route(THREE, [], TABLE, ACCOUNTS)
    assert (first.supplier, first.account, first.counter) == ("yiwu", "mall-yiwu", 1)
    assert [(bought.line_number, bought.quantity) for bought in first.lines] == [("1", 1), ("3", 4)]  # packs of two
    assert (second.supplier, second.account, second.counter) == ("hangzhou", "mall-hz", 2)
    assert [p.reference for p in (first, second)] == [reference("xiaolin", NUMBER, n) for n in (1, 2)]


def test_the_lines_in_another_order_make_the_same_purchases() -> None:
    assert route(replace(THREE, lines=THREE.lines[::-1]), [], TABLE, ACCOUNTS) == route(THREE, [], TABLE, ACCOUNTS)


def test_what_is_planned_keeps_its_reference_and_what_is_bought_is_left_out() -> None:
    first, second = route(THREE, [], TABLE, ACCOUNTS)
    assert route(THREE, [made(first), made(second)], TABLE, ACCOUNTS) == [first, second]
    assert route(THREE, [made(first, "placed"), made(second)], TABLE, ACCOUNTS) == [second]
    assert route(THREE, [made(first, "placed"), made(second, "shipped")], TABLE, ACCOUNTS) == []


def test_what_was_refused_is_bought_under_a_new_reference() -> None:
    first, second = route(THREE, [], TABLE, ACCOUNTS)
    (again,) = route(THREE, [made(first, "placed"), made(second, "dead")], TABLE, ACCOUNTS)
    assert (again.counter, again.lines) == (3, second.lines)


def test_a_mended_table_moves_a_line_to_the_other_purchase() -> None:
    first, second = route(THREE, [], TABLE, ACCOUNTS)
    elsewhere = Products(TABLE.path, {**TABLE.by_key, ("B", "白"): replace(CUP, supplier="hangzhou")})
    moved = route(THREE, [made(first), made(second)], elsewhere, ACCOUNTS)
    assert [(p.reference, [bought.line_number for bought in p.lines]) for p in moved] == [
        (first.reference, ["1"]),
        (second.reference, ["2", "3"]),
    ]


def test_a_line_nobody_knew_when_the_rest_was_bought_is_for_a_person() -> None:
    (first,) = route(order(line("1", "T", "黑色 XL")), [], TABLE, ACCOUNTS)
    with pytest.raises(Mismatch, match="商品B"):
        route(order(line("1", "T", "黑色 XL"), line("9", "B", "白")), [made(first, "placed")], TABLE, ACCOUNTS)
    assert [each.line_number for each in open_lines(order(line("9", "B", "白")), [made(first)])] == ["9"]
