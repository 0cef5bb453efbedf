"""Each guard is taken away once, and what it keeps off happens at the sites: so the tests of the guards can fail.

The same scenarios with the guards in place are in test_unknown_ends.py and test_known_ends.py (and end well there).
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.market.core import Market
from tests.market.demo_orders import DemoOrder
from tests.road.conftest import MakeRoad
from tests.road.days import L, at_submit, stands_at_the_supplier
from tests.road.road import Road, order

pytestmark = pytest.mark.long


def _cancelled_while_filling(market: Market, one: DemoOrder) -> None:
    market.faults.add("kill_before", one.reference, "confirm", call=lambda: market.shop.cancel(one.number))


def _bought_by_somebody_long_ago(market: Market, one: DemoOrder) -> None:
    stands_at_the_supplier(market, one, at=market.clock() - timedelta(days=3, hours=1))
    market.faults.add("success_shown_write_rejected", one.reference, "submit")


def _bought_with_a_lost_ledger(market: Market, one: DemoOrder) -> None:
    stands_at_the_supplier(market, one, reference=one.reference, at=market.clock() - timedelta(hours=1))


SWAPPED = order(7, trap="another total under the click", happens=at_submit("rerender_total", "confirm", value=9900))
CANCELLED = order(8, trap="cancelled while it is filled", happens=_cancelled_while_filling)
REPEATED = order(9, trap="the answer is lost on a kept connection", happens=at_submit("drop_after"))
LATE = order(10, trap="lands after the proof", happens=at_submit("lands_later"))
OLD = order(12, goods=L, trap="an old order that looks the same", happens=_bought_by_somebody_long_ago)
THERE = order(18, goods=L, trap="stands there already, behind a filter", happens=_bought_with_a_lost_ledger)


@pytest.fixture(scope="module")
def road(make_road: MakeRoad) -> Road:
    """Two runs without guards: one order for each guard."""
    road = make_road(41, autonomy="place_and_pay")
    road.put_up(SWAPPED, CANCELLED, LATE, OLD)
    _unguarded(road, "click,reread,baseline")
    road.put_up(THERE)
    for one in (OLD, LATE, THERE):  # what the session was about last: all of its lists
        road.market.faults.add("stray_filter", one.reference, "list", times=None)
    _unguarded(road, "control,unknown")
    road.market.faults.land(LATE.reference)
    return road


def _unguarded(road: Road, without: str) -> None:
    end = road.run(through=("tests.road.unguarded", "--without", without, "--"))
    assert end.code in (0, 1), end.words[-2000:]


def test_without_the_compare_in_the_click_another_total_is_ordered(road: Road) -> None:
    (only,) = road.market.mall.orders_with(SWAPPED.reference)
    assert (only.total, only.quote.insurance > 0) == (9900, True)


def test_without_the_reread_a_cancelled_order_is_bought(road: Road) -> None:
    assert (road.bought(CANCELLED), road.market.shop.orders[CANCELLED.number].state) == (1, "已关闭")


def test_without_closing_idle_connections_one_click_is_two_orders(make_road: MakeRoad) -> None:
    road = make_road(42, keep_alive=True, autonomy="place_and_pay")
    road.market.mall.takes_repeats = True
    road.put_up(REPEATED)
    _unguarded(road, "idle")
    assert road.bought(REPEATED) == 2


def test_without_the_baseline_somebody_elses_order_is_held_as_ours(road: Road) -> None:
    theirs = next(each.number for each in road.market.mall.orders if each.draft.phone == OLD.receiver["phone"])
    assert road.bought(OLD) == 0
    assert (road.write_state(OLD), theirs in road.said(OLD)) == ("held", True)


def test_without_the_control_what_is_there_already_is_bought_again(road: Road) -> None:
    assert road.bought(THERE) == 2


def test_without_unknown_what_lands_late_is_bought_twice(road: Road) -> None:
    assert road.bought(LATE) == 2
