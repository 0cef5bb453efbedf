"""The supplier makes two orders of one, or one of two: bought once each, and proven for what it is. Judged on the mall's books."""

from __future__ import annotations

from dataclasses import replace

from tests.market.demo_orders import line
from tests.road.conftest import MakeRoad
from tests.road.road import order


def test_a_split_order_is_proven_with_both_numbers(make_road: MakeRoad) -> None:
    road = make_road(81)
    one = replace(order(1), lines=(line("SNK", "米白/M", 2), line("BLB", "茶色 350ml")))
    road.market.faults.add("order_splits", one.reference, "submit")
    road.put_up(one)
    assert road.run().code == 0, road.told()
    made = road.market.mall.orders_with(one.reference)
    assert [[(sold.product, sold.quantity) for sold in each.quote.lines] for each in made] == [[("YW2001", 2)], [("YW2002", 1)]]
    known = road.purchase(one)
    assert known is not None
    assert set(known.supplier_order_numbers) == {each.number for each in made}
    assert (known.write_state, known.total) == ("confirmed", sum(each.total for each in made))
    road.run()
    assert (road.submits(one), len(road.market.mall.orders_with(one.reference))) == (1, 2)
    assert [note.remark for note in road.market.shop.notes if note.order == one.number][-1].count(" / ") == 1
