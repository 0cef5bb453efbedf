"""What is not worth buying, through the whole program: nothing stands at the mall before a person's yes, exactly one order after it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.market.demo_orders import DemoOrder
from tests.road.conftest import MakeRoad
from tests.road.road import Road, order

FEES = "    fees: {service: 0.6%, commission: {达人: 50%, 商品卡: 5%}, insurance: 0.30, fixed: 0.50}\n    least_margin: 20%\n"
FREIGHT = "    most_freight: 8.00\n    freight_by_region: {新疆: 15.00}\n    price_tolerance: 5%\n"
XINJIANG = {"province": "新疆维吾尔自治区", "city": "乌鲁木齐市", "district": "天山区"}
L = ("SNK", "米白/L")  # 16.80, and sold for 29.90

# 29.90 − 16.80 − 5.00 − (0.18 + 1.50 + 0.30 + 0.50) = 5.62, and 20% are 5.98; the freight to 四川 is set to 5.00 below
THIN = order(10, goods=L, trap="leaves too little")
# the mall asks 18.00 for the first piece to 新疆; the margin would be below the floor, too: sold for much, so it is not
FAR = order(11, goods=L, trap="its freight is dear")
FAR = replace(FAR, receiver={**FAR.receiver, **XINJIANG}, lines=({**FAR.lines[0], "price": 9_990},))
# the piece costs 8.90 in the table, 9.40 there: more than 5% away, and below its ceiling of 10.00
CHANGED = order(12, goods=("BLB", "茶色 350ml"), trap="another price")
CHANGED = replace(CHANGED, lines=({**CHANGED.lines[0], "price": 9_990},))
# 45.90 there, its ceiling is 39.00
DEAR = order(14, goods=("BWB", "奶白"), trap="above its ceiling")
DEAR = replace(DEAR, lines=({**DEAR.lines[0], "price": 9_990},))
STOPPED = (THIN, FAR, CHANGED, DEAR)
# 29.90 − 16.80 − 5.00 − (0.18 + 14.95 + 0.30 + 0.50) = −7.83
GIVEN_AWAY = replace(order(15, goods=L, trap="its source takes half"), more={"source": "达人"})
# config.yaml names no commission for these
NOT_NAMED = replace(order(16, goods=L, trap="a source without a rate"), more={"source": "短视频"})
NOT_SHOWN = replace(order(17, goods=L, trap="no source"), more={"source": ""})
BY_SOURCE = (GIVEN_AWAY, NOT_NAMED, NOT_SHOWN)
FINE = order(13, goods=L, trap="nothing in its way")
FINE = replace(FINE, lines=({**FINE.lines[0], "price": 9_990},))


def guarded(make_road: MakeRoad, seed: int) -> Road:
    road = make_road(seed, autonomy="place_and_pay")
    road.config("    products: products.csv\n", "    products: products.csv\n" + FEES)
    road.config("    regions_refused: []\n", "    regions_refused: []\n" + FREIGHT)
    road.market.mall.set_freight("四川", 500, 0)
    road.market.mall.change_price("YW2002", 940, "茶色 350ml")
    assert THIN.receiver["province"] == "四川省"
    return road


def reasons(road: Road, one: DemoOrder) -> list[str]:
    return [item.reason for item in road.inbox(one.number)]


def booked(road: Road) -> list[dict[str, Any]]:
    """The purchases as the books show them."""
    told: list[dict[str, Any]] = json.loads(road.agent("report", "--money", "--json").out)["money"]["purchases"]
    return told


@pytest.mark.slow
def test_what_leaves_too_little_is_bought_once_after_a_yes_and_never_before(make_road: MakeRoad) -> None:
    road = guarded(make_road, 95)
    road.put_up(*STOPPED, FINE)
    ran = road.run()
    assert ran.code == 1, ran.words[-2000:]
    assert [reasons(road, one) for one in STOPPED] == [["margin"], ["freight"], ["price"], ["ceiling"]], road.told()
    assert [(road.bought(one), road.submits(one)) for one in (*STOPPED, FINE)] == [(0, 0)] * 4 + [(1, 1)], road.told()
    for number in ("29.90", "16.80", "5.00", "2.48", "0.18", "1.50", "5.62", "5.98"):
        assert number in road.said(THIN), (number, road.said(THIN))
    assert all(number in road.said(FAR) for number in ("18.00", "15.00", "新疆")), road.said(FAR)
    assert all(number in road.said(CHANGED) for number in ("8.90", "9.40", "5%")), road.said(CHANGED)
    assert "预计毛利" in road.agent("show", FINE.number).words

    ids = [str(item.id) for one in STOPPED for item in road.inbox(one.number)]
    assert road.agent("approve", *ids).code == 0
    ran = road.run()
    assert [(road.bought(one), road.submits(one)) for one in STOPPED] == [(1, 1)] * 4, road.told() + ran.words[-2000:]
    assert [road.write_state(one) for one in STOPPED] == ["confirmed"] * 4, road.told()
    assert [reasons(road, one) for one in STOPPED] == [[]] * 4
    (far,) = road.market.mall.orders_with(FAR.reference)
    assert (far.draft.province, far.draft.city, far.quote.freight) == ("新疆", "乌鲁木齐", 1_800)
    assert road.lies([THIN, CHANGED, DEAR, FINE], beside=[FAR.reference]) == []


@pytest.mark.slow
def test_the_commission_of_an_orders_own_source_is_read_at_the_shop_and_one_that_is_not_known_stops_it(
    make_road: MakeRoad,
) -> None:
    road = guarded(make_road, 97)
    road.put_up(*BY_SOURCE, FINE)
    ran = road.run()
    assert ran.code == 1, ran.words[-2000:]
    assert [(road.bought(one), road.submits(one)) for one in (*BY_SOURCE, FINE)] == [(0, 0)] * 3 + [(1, 1)], road.told()
    assert [reasons(road, one) for one in BY_SOURCE] == [["margin"]] * 3, road.told()
    assert "14.95" in road.said(GIVEN_AWAY), road.said(GIVEN_AWAY)
    assert "短视频" in road.said(NOT_NAMED) and "未知" in road.said(NOT_NAMED), road.said(NOT_NAMED)
    assert "没有显示订单来源" in road.said(NOT_SHOWN), road.said(NOT_SHOWN)
    with road.ledger() as ledger:
        assert [ledger.find_order(one.number)[0].source for one in (*BY_SOURCE, FINE)] == ["达人", "短视频", "", "商品卡"]
    books = booked(road)
    # of 99.90: 0.60 + 5.00 + 0.30 + 0.50
    assert [(row["order_number"], row["source"], row["fees"]) for row in books] == [(FINE.number, "商品卡", 640)]

    assert road.agent("approve", *(str(item.id) for one in (NOT_NAMED, NOT_SHOWN) for item in road.inbox(one.number))).code == 0
    ran = road.run()
    assert [(road.bought(one), road.submits(one)) for one in BY_SOURCE] == [(0, 0), (1, 1), (1, 1)], ran.words[-2000:]
    books = booked(road)
    assert sorted(row["fees"] is None for row in books) == [False, True, True], books


@pytest.mark.long
def test_without_the_look_at_what_it_leaves_it_is_ordered_all_the_same(make_road: MakeRoad) -> None:
    road = guarded(make_road, 96)
    road.put_up(THIN, FAR)
    ran = road.run(through=("tests.road.unguarded", "--without", "worth", "--"))
    assert [road.bought(one) for one in (THIN, FAR)] == [1, 1], ran.words[-2000:]
