"""The supplier makes two orders of one, or one of two: bought once each, and proven for what it is. Judged on the mall's books."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from agent.home import SHIPPED_SITES
from tests.market.demo_orders import DemoOrder, line
from tests.road.conftest import MakeRoad
from tests.road.road import KILLED, Road, ended, order


@pytest.mark.long
def test_split_is_proven_with_both_numbers_and_merged_is_not_where_the_site_file_does_not_say_so(make_road: MakeRoad) -> None:
    """Merged at a site that is not known to merge stays unknown, until the seller says both: that it merges, and where it is."""
    road = make_road(81)
    split = replace(order(1), lines=(line("SNK", "米白/M", 2), line("BLB", "茶色 350ml")))
    first, second = _for_one_receiver(2)[:2]
    road.market.faults.add("order_splits", split.reference, "submit")
    road.market.faults.add("order_merges", second.reference, "submit")
    road.put_up(split, first, second)
    assert road.run().code == 1
    made = road.market.mall.orders_with(split.reference)
    assert [_goods(each) for each in made] == [{("YW2001", "米白/M"): 2}, {("YW2002", "茶色 350ml"): 1}]
    known = road.purchase(split)
    assert known is not None
    assert set(known.supplier_order_numbers) == {each.number for each in made}
    assert (known.write_state, known.total) == ("confirmed", sum(each.total for each in made))
    assert [road.write_state(each) for each in (first, second)] == ["confirmed", "unknown"], road.told()

    (both,) = road.market.mall.orders_with(first.reference)
    _merges(road)
    assert road.agent("resolve", second.reference, "--number", both.number).code == 0
    road.run()
    _stand_in_one(road, first, second)
    assert (both.quote.lines[0].quantity, both.merged) == (3, [second.reference])
    assert [road.submits(each) for each in (split, first, second)] == [1, 1, 1]


@pytest.mark.slow
def test_for_one_receiver_in_one_order_each_is_bought_once_and_goods_of_nobody_are_held(make_road: MakeRoad) -> None:
    """Put together at once · killed right after the click that did it · with goods in it that nobody asked for."""
    road = make_road(82)
    _merges(road)
    faults, mall = road.market.faults, road.market.mall
    faults.add("order_merges", point="submit", times=None)
    one, two, three, four = orders = _for_one_receiver(1)
    road.put_up(one, two, three)
    going = road.begin("run", "--once")
    faults.add("kill_after", three.reference, "submit", call=going.kill)
    assert ended(going).code == KILLED
    (both,) = mall.orders_with(one.reference)
    assert (_goods(both), both.merged) == ({("YW2001", "米白/L"): 6}, [two.reference, three.reference])
    assert [road.write_state(each) for each in (one, two, three)] == ["confirmed", "confirmed", "committing"]

    road.put_up(four)
    faults.add("kill_after", four.reference, "submit", call=lambda: mall.put_in(both.number, [("YW2002", "透明 350ml", 1)]))
    assert road.run().code == 1
    _stand_in_one(road, one, two, three)
    assert (road.write_state(four), road.kinds(four)) == ("held", ["Mismatch"]), road.told()
    assert both.number in road.said(four)

    road.run()
    assert _goods(both) == {("YW2001", "米白/L"): 10, ("YW2002", "透明 350ml"): 1}
    assert both.merged == [each.reference for each in orders[1:]] and len(mall.orders) == 2
    assert [road.submits(each) for each in orders] == [1] * 4


def _for_one_receiver(at: int) -> list[DemoOrder]:
    """Orders of one buyer for the same receiver and the same goods: one piece, two, three, four."""
    first = order(at)
    return [replace(order(at + 100 * n, goods=("SNK", "米白/L"), quantity=n), receiver=first.receiver) for n in (1, 2, 3, 4)]


def _merges(road: Road) -> None:
    """The seller's own copy of the mall's site file says that it merges."""
    own = road.home / "selectors" / "mall.yaml"
    own.parent.mkdir(exist_ok=True)
    text = (SHIPPED_SITES / "mall.yaml").read_text(encoding="utf-8")
    own.write_text(text.replace("lacks: []\n", "lacks: []\nmerges_orders: yes\n"), encoding="utf-8")


def _stand_in_one(road: Road, *orders: DemoOrder) -> None:
    """The ledger says of each that it stands in the one order at the mall, and of all what that costs without any further."""
    mall = road.market.mall
    (whole,) = mall.orders_with(orders[0].reference)
    assert [mall.orders_with(each.reference) for each in orders[1:]] == [[]] * (len(orders) - 1)
    assert (whole.draft.name, whole.draft.phone) == (orders[0].receiver["name"], orders[0].receiver["phone"])
    known = [road.purchase(each) for each in orders]
    assert [each and (each.write_state, each.supplier_order_numbers) for each in known] == [
        ("confirmed", (whole.number,)) for _each in orders
    ], road.told()
    pieces = sum(each.lines[0]["quantity"] for each in orders)
    freight = mall.freight.cost(whole.draft.province, pieces)
    assert sum(each.freight or 0 for each in known if each) == freight
    assert sum(each.total or 0 for each in known if each) == pieces * 1680 + freight
    for each in orders:
        assert any(whole.number in note.remark for note in road.market.shop.notes if note.order == each.number)
        assert road.inbox(each.number) == []


def _goods(made: Any) -> Counter[tuple[str, str]]:
    return Counter({(sold.product, sold.spec): sold.quantity for sold in made.quote.lines})
