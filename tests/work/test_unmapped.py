"""Products without a row in the table: one item each, whose orders wait for it; it closes when the row is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.ledger import Ledger, StoredOrder
from agent.models import Order, OrderLine
from agent.work.buy import buy
from agent.work.closing import close_gone
from agent.work.day import to_be_bought
from agent.work.groups import grouped
from agent.work.products import Products
from agent.work.run import Run, order_failures
from agent.work.states import rows_of
from agent.work.unmapped import ask_for_products, cause_of, line_of, no_product, unmapped, without_product
from tests.ledger.goods import NUMBER
from tests.work.given import CUP, NOON, ORDER, SHIRT
from tests.work.reading import Given, given

__all__ = ["given"]

SHOP = "xiaolin"
TABLE = Products(Path("products.csv"), {("T", "黑色 XL"): SHIRT})
CUP_LINE = OrderLine("2", "保温杯", "白", "B", 1, "none", "ordinary")


def order(number: str, *lines: OrderLine) -> Order:
    return replace(ORDER, order_number=number, ship_by=NOON, lines=lines)


SHIRT_LINE = OrderLine("1", "夏季T恤", "黑色 XL", "T", 1, "none", "ordinary")
SMALL = OrderLine("1", "夏季T恤", "黑色 L", "T", 2, "none", "ordinary")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.db") as opened:
        for number, lines in {"1": (SMALL, CUP_LINE), "2": (SMALL,), "3": (SHIRT_LINE,)}.items():
            opened.save_order(order(number, *lines), NOON, detail=True)
            opened.dispose(SHOP, number, "ours", "")
        yield opened


def asked(ledger: Ledger, table: Products = TABLE) -> list[tuple[str, list[str]]]:
    """(what, the orders that wait for it) of every open item, after a run asked."""
    run = cast(
        Run,
        SimpleNamespace(ledger=ledger, now=lambda: NOON, tell=lambda what, **facts: ledger.tell(NOON, what, **facts)),
    )
    ask_for_products(run, cast(Any, SimpleNamespace(name=SHOP)), ledger.orders("ours"), table)
    return [(item.what, [number for _shop, number in ledger.waiting_orders(item.id)]) for item in ledger.items()]


def stored(ledger: Ledger, number: str) -> StoredOrder:
    found = ledger.order(SHOP, number)
    assert found
    return found


def test_each_product_is_asked_once_whoever_waits(ledger: Ledger) -> None:
    found = asked(ledger)
    assert [orders for _what, orders in found] == [["1", "2"], ["1"]]
    assert "夏季T恤 / 黑色 L" in found[0][0] and "pieces to buy 4" in found[0][0]
    assert asked(ledger) == found, "the same again is the same"
    (group,) = grouped(ledger)
    assert (len(group.items), len(group.whole.orders), group.whole.ship_by) == (2, 2, NOON)
    assert all(not row.needs for row in rows_of(ledger)), "no order is parked for it"


def test_a_row_closes_the_item_and_tells_each_order(ledger: Ledger) -> None:
    asked(ledger)
    mended = Products(TABLE.path, {**TABLE.by_key, ("T", "黑色 L"): SHIRT})
    assert [orders for _what, orders in asked(ledger, mended)] == [["1"]]
    assert "Needs no supplier product any more" in ledger.story(SHOP, "2")[-1].what
    both = Products(TABLE.path, {**mended.by_key, ("B", "白"): CUP})
    assert asked(ledger, both) == []


def test_an_order_left_to_a_person_needs_none(ledger: Ledger) -> None:
    asked(ledger)
    for number in ("1", "2"):
        ledger.dispose(SHOP, number, "not_ours", "rejected")
    assert asked(ledger) == []


def test_what_is_bought_already_is_not_asked_for() -> None:
    given = StoredOrder(
        **{name: getattr(order("1", SMALL), name) for name in Order.__slots__ if name != "receiver"},
        disposition="ours",
        reason="",
        parked="",
        waits="",
    )
    assert without_product(given, [], TABLE) == (SMALL,)
    assert list(unmapped(SHOP, [(given, [])], TABLE)) == [cause_of(SHOP, SMALL)]
    assert no_product((SMALL,)).why.endswith("夏季T恤 / 黑色 L")


def test_an_order_that_left_the_shops_list_is_opened_and_one_that_was_cancelled_waits_for_no_product(given: Given) -> None:
    given.put_up(NUMBER)
    given.read()
    assert waits(given) == [("unmapped", "")]
    given.desk.listed.clear()
    given.read()
    assert waits(given) == [("unmapped", "")] and given.desk.opened == [NUMBER]
    given.change(state="cancelled")
    given.read()
    assert waits(given) == []


def waits(given: Given) -> list[tuple[str, str]]:
    """What is asked once the order was to be bought with an empty products table."""
    empty = Products(TABLE.path, {})
    for stored in [one for one in given.ledger.orders("ours") if to_be_bought(given.run, one)]:
        with order_failures(given.run, stored):
            buy(given.run, stored, empty)
    left = [one for one in given.ledger.orders("ours") if to_be_bought(given.run, one)]
    ask_for_products(given.run, given.shop, left, empty)
    close_gone(given.run)
    return given.asked()


def test_the_line_behind_an_item_is_found_again(ledger: Ledger) -> None:
    asked(ledger)
    first, second = ledger.items()
    assert line_of(ledger, first.id, first.cause) == SMALL
    assert line_of(ledger, second.id, second.cause) == CUP_LINE
    assert line_of(ledger, second.id, "unmapped:another") is None


def test_the_shops_own_id_comes_before_the_merchant_code() -> None:
    with_id = OrderLine("1", "夏季T恤", "黑色 L", "T", 2, "none", "ordinary", product_id="3600000001")
    assert cause_of(SHOP, with_id) == f"unmapped:{SHOP}:3600000001:黑色 L"
    assert cause_of(SHOP, SMALL) == f"unmapped:{SHOP}:T:黑色 L"
