"""The seller edits the products table while a run is at work: that run goes by what it read, the next one by what stands there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.market.core import Market
from tests.market.demo_orders import DemoOrder
from tests.road.conftest import MakeRoad
from tests.road.road import Road, order

TEA = ("XZP", "茉莉")  # in no row of the table at first
ROW = "XZP,茉莉,yiwu,YW3001,茉莉香薰片,茉莉,2,4.20,5.00\n"
BROKEN = "XZP,薰衣草,yiwu,YW3001,茉莉香薰片,薰衣草,1,four,5.00\n"


def while_filling(edit: Callable[[], object]) -> Callable[[Market, DemoOrder], None]:
    """It happens when the form of this order is filled and the confirm page is asked for."""
    return lambda market, one: market.faults.add("kill_before", one.reference, "confirm", call=edit)


def rewrite(table: Path, old: str, new: str, *, row: str = "") -> None:
    """Saved anew, as Excel does it: a changed cell and a new row."""
    text = table.read_text(encoding="utf-8-sig")
    assert old in text
    table.write_text(text.replace(old, new) + row, encoding="utf-8-sig")


@pytest.mark.slow
def test_a_table_edited_during_a_run_counts_from_the_next_run_on(make_road: MakeRoad) -> None:
    road = make_road(72)
    table = road.home / "products.csv"
    road.config("language: zh", "language: en")
    road.market.mall.add_product("YW3001", "茉莉香薰片", {"茉莉": (420, 50)})
    lower = while_filling(lambda: rewrite(table, "藏青/L,1,16.90,19.00", "藏青/L,3,5.00,6.00", row=ROW))
    first, second = order(60, goods=("SNK", "米白/L"), happens=lower), order(61, goods=("SNK", "藏青/L"))
    spoil = while_filling(lambda: rewrite(table, "茉莉,2,4.20,5.00\n", f"茉莉,2,4.20,5.00\n{BROKEN}"))
    tea = order(62, goods=TEA, happens=spoil)
    road.put_up(first, second, tea)

    ran = road.run()
    assert pieces(road, first, second) == [("YW2001", "米白/L", 1), ("YW2001", "藏青/L", 1)], "all by the table it began with"
    assert [item.reason for item in road.inbox()] == ["unmapped"]
    assert "products.csv was changed during this run. What is new in it counts from the next run on." in ran.words

    ran = road.run()
    assert (ran.code, road.inbox()) == (0, [])
    assert pieces(road, tea) == [("YW3001", "茉莉", 2)], "the row that was added, with its pack"
    line = len(table.read_text(encoding="utf-8-sig").splitlines())
    assert "has a mistake now: the next run does not start" in ran.words and f"products.csv, line {line}" in ran.words

    before = len(road.market.requests)
    refused = road.run()
    assert (refused.code, len(road.market.requests)) == (2, before)
    assert f"products.csv:{line}" in refused.words and "four" in refused.words
    assert [road.submits(one) for one in (first, second, tea)] == [1, 1, 1]


def pieces(road: Road, *orders: DemoOrder) -> list[tuple[str, str, int]]:
    """What stands at the supplier for these orders."""
    made = [each for one in orders for each in road.market.mall.orders_with(one.reference)]
    return [(goods.product, goods.spec, goods.quantity) for each in made for goods in each.quote.lines]
